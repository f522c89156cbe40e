# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time

from .common import CustomerDbCommon

AMOUNT = ["amount:sum", "company_currency_id:array_agg_distinct", "amount:sum_currency"]
GROUPINGS = [[], ["categ_id"], ["day:month"], ["categ_id", "day:month"]]


@freeze_time("2026-05-20 10:00:00")
class TestPurchaseReport(CustomerDbCommon):
    """Pivot, graph and lists say the same as the rows, whoever asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Purchase = cls.env["crm.customer.purchase"]
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.company_c = cls.env["res.company"].create(
            {"name": "Supplies C", "currency_id": cls.dollar.id, "customer_tz": "UTC"}
        )
        cls.user_manager.company_ids += cls.company_c
        top = cls.env["product.category"].create({"name": "Zapatos"})
        cls.categories = cls.env["product.category"].create(
            [{"name": name, "parent_id": top.id} for name in ("b", "a", "c")]
        )
        cls.customer = cls._partner(name="Cliente")
        rows = [
            (cls.customer.id, f"2026-0{month}-10", f"r{month}{n}", category.id, month * 10 + n)
            for month in (3, 4, 5)
            for n, category in enumerate(cls.categories)
        ]
        rows.append((cls.customer.id, "2024-01-01", "old", None, 1000))
        for company in (cls.company_a, cls.company_b, cls.company_c):
            cls.Purchase._load_facts(
                rows,
                "test",
                company,
                columns=["partner_id", "date", "source_ref", "categ_id", "amount"],
            )

    def _plain(self, records):
        """The answer of the ORM itself, without what facts do to it."""
        model = self.registry["crm.customer.fact"]
        for name in ("_read_group_select", "_read_group_orderby"):
            self.patch(model, name, getattr(super(model, model), name))
        return records

    def test_pivot_adds_up(self):
        """As the web client asks: all groupings at once, with the currency's aggregates."""
        as_user = self._as(self.user_manager, self.Purchase)
        total, by_type, by_month, cells = as_user.formatted_read_grouping_sets(
            [("is_recent", "=", True)], GROUPINGS, AMOUNT
        )
        expected = sum(month * 10 + n for month in (3, 4, 5) for n in range(3))
        self.assertEqual(total[0]["amount:sum"], expected)
        for groups in (by_type, by_month, cells):
            self.assertEqual(sum(group["amount:sum"] for group in groups), expected)
            for group in groups:
                self.assertEqual(group["company_currency_id:array_agg_distinct"], self.euro.ids)
        self.assertEqual([group["categ_id"][1][-1] for group in by_type], ["a", "b", "c"])
        self.assertEqual(len(cells), 9)

    def test_drill_down_is_the_cell(self):
        """The rows behind a cell add up to it."""
        as_user = self._as(self.user_manager, self.Purchase)
        domain = [("is_recent", "=", True)]
        for group in as_user.formatted_read_grouping_sets(domain, GROUPINGS, AMOUNT)[3]:
            rows = as_user.search([*domain, *group["__extra_domain"]])
            self.assertEqual(sum(rows.mapped("amount")), group["amount:sum"])

    def test_same_as_the_orm(self):
        """One currency at hand: the short answer is the long one, descending order too."""
        as_user = self._as(self.user_manager, self.Purchase, self.company_a, self.company_b)
        self.env["res.currency.rate"].create(
            {"currency_id": self.euro.id, "company_id": self.company_a.id, "rate": 0.8}
        )
        queries = [
            lambda: as_user.formatted_read_grouping_sets([], GROUPINGS, AMOUNT),
            *(
                lambda order=order: as_user.formatted_read_group(
                    [], ["commercial_partner_id", "categ_id"], AMOUNT, order=order
                )
                for order in (
                    "categ_id DESC, commercial_partner_id",
                    "amount:sum DESC, categ_id",
                    "categ_id ASC NULLS FIRST",
                )
            ),
        ]
        short = [query() for query in queries]
        self._plain(as_user)
        self.assertEqual(short, [query() for query in queries])

    def test_several_currencies(self):
        """Companies in euros and dollars: the client is told, and mixes nothing up."""
        as_user = self._as(self.user_manager, self.Purchase, self.company_a, self.company_c)
        [total] = as_user.formatted_read_group([], [], AMOUNT)
        self.assertEqual(set(total["company_currency_id:array_agg_distinct"]), {self.euro.id, self.dollar.id})

    def test_no_query_for_currencies(self):
        """One currency: the statement does not ask each row for it."""
        as_user = self._as(self.user_manager, self.Purchase)
        query = as_user._search([])
        for spec in AMOUNT[1:]:
            code = as_user._read_group_select(spec, query).code
            self.assertNotIn("DISTINCT", code)
            self.assertNotIn("company_currency_id", code)
        self.assertNotIn("res_currency_rate", str(query.from_clause))

    def test_own_documents_in_the_pivot(self):
        """A salesperson's pivot leaves out what he may not read."""
        self.customer.user_id = self.user_sales_all
        [total] = self._as(self.user_sales_own, self.Purchase).formatted_read_group([], [], ["amount:sum", "__count"])
        self.assertEqual(total["__count"], 0)
        with self.assertRaises(AccessError):
            self._as(self.user_employee, self.Purchase).formatted_read_group([], [], ["amount:sum"])

    def test_document_amounts_have_no_total(self):
        """Never a sum of currencies: the amount in the document's has no aggregate."""
        self.assertFalse(self.Purchase._fields["amount_currency"].aggregator)

    # -- the last twelve months ----------------------------------------------------------

    def test_recent(self):
        as_user = self._as(self.user_manager, self.Purchase)
        recent = as_user.search([("is_recent", "=", True)])
        self.assertEqual(len(recent), 9)
        self.assertTrue(all(recent.mapped("is_recent")))
        others = as_user.search([("is_recent", "=", False)])
        self.assertEqual(others.source_ref, "old")
        self.assertFalse(others.is_recent)

    def test_recent_of_a_firm_that_rests(self):
        """The report does not open on an empty page because the last purchase is long ago."""
        self.Purchase.search([("source_ref", "!=", "old")]).sudo().unlink()
        as_user = self._as(self.user_manager, self.Purchase)
        self.assertEqual(as_user.search([("is_recent", "=", True)]).source_ref, "old")

    def test_recent_of_nothing(self):
        self.Purchase.search([]).sudo().with_context(active_test=False).unlink()
        self.env["crm.customer.purchase"].sudo().search([]).unlink()
        as_user = self._as(self.user_manager, self.Purchase)
        self.assertFalse(as_user.search([("is_recent", "=", True)]))

    # -- screens ---------------------------------------------------------------------------

    def _favourites(self, user):
        action = self.env.ref("crm_customer_db.crm_customer_purchase_action")
        found = self._as(user, self.env["ir.filters"]).get_filters("crm.customer.purchase", action.id)
        return {favourite["name"]: favourite for favourite in found}

    def test_favourites(self):
        """At least three for everybody, one of them how the report opens; each one answers."""
        favourites = self._favourites(self.user_customer)
        self.assertLessEqual(
            {
                "Ordered by product type and month",
                "Top customers of the last 12 months",
                "By channel and payment method",
            },
            set(favourites),
        )
        default = [name for name, favourite in favourites.items() if favourite["is_default"]]
        self.assertEqual(default, ["Ordered by product type and month"])
        as_user = self._as(self.user_customer, self.Purchase)
        for name, favourite in favourites.items():
            with self.subTest(name=name):
                context = ast.literal_eval(favourite["context"])
                domain = ast.literal_eval(favourite["domain"])
                rows = context["pivot_row_groupby"] + context["pivot_column_groupby"]
                as_user.formatted_read_grouping_sets(domain, [[], rows], AMOUNT)
                for measure in context["pivot_measures"]:
                    self.assertTrue(measure == "__count" or measure in as_user._fields)

    def test_favourites_speak_the_readers_language(self):
        """A shipped name is translated, a renamed one is left alone."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.user_customer.lang = "es_ES"
        spanish = {"crm_customer_db.crm_customer_purchase_favourite_categ_month": "Pedido por tipo y mes"}
        original = self.registry["ir.filters"]._customer_favourite_names

        def names(filters):
            found = original(filters)
            return {**found, **spanish} if filters.env.lang == "es_ES" else found

        self.patch(self.registry["ir.filters"], "_customer_favourite_names", names)
        self.env.ref("crm_customer_db.crm_customer_purchase_favourite_top_customers").name = "Mis mejores"
        as_user = self._as(self.user_customer, self.env["ir.filters"].with_context(lang="es_ES"))
        found = {
            favourite["name"]
            for favourite in as_user.get_filters(
                "crm.customer.purchase",
                self.env.ref("crm_customer_db.crm_customer_purchase_action").id,
            )
        }
        self.assertLessEqual({"Pedido por tipo y mes", "Mis mejores"}, found)

    def test_views_for_every_reader(self):
        """All views load for those who may read, and search filters are valid domains."""
        as_user = self._as(self.user_customer, self.Purchase)
        views = as_user.get_views([(False, kind) for kind in ("list", "form", "pivot", "graph", "search")])
        self.assertEqual(len(views["views"]), 5)
        for name in ("this_year", "last_12_months", "returns", "with_promotion"):
            self.assertIn(f'name="{name}"', views["views"]["search"]["arch"])
        as_user.search([("day", ">=", "today =1d -11m")])
        as_user.search([("day", ">=", "today =1d =1m")])

    def test_form_of_a_document_row_is_closed(self):
        """What a document brought can't even be typed over."""
        row = self.Purchase.search([("source_ref", "=", "old"), ("company_id", "=", self.company_a.id)])
        form = Form(self._as(self.user_manager, row))
        for name, value in (
            ("partner_id", self.customer),
            ("amount_currency", 5),
            ("promotion", "x"),
            ("categ_id", self.categories[0]),
        ):
            with self.subTest(name=name), self.assertRaises(AssertionError):
                form[name] = value

    def test_customers_own(self):
        """The list of one customer has his contacts' purchases and no others."""
        contact = self._person(name="C", parent_id=self.customer.id)
        self.Purchase.create({"partner_id": contact.id, "amount": 3})
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_purchase_action_partner")
        domain = action["domain"].replace("active_id", str(self.customer.id))
        found = self._as(self.user_customer, self.Purchase).search(ast.literal_eval(domain))
        self.assertIn(contact, found.partner_id)
        self.assertEqual(found.commercial_partner_id, self.customer)
        self.assertEqual(self._as(self.user_customer, self.customer).customer_purchase_ids, found)
