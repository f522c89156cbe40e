# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures by what the customer file says: groups, filters and rows agree, in two companies."""

import itertools

from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from .metrics_common import MetricsCommon

# Whatever rows may be grouped by, and how to read it from a contact without the database's help.
GROUPS = {
    "territory_id": lambda customer: customer.customer_territory_id,
    "division_id": lambda customer: customer.customer_division_id,
    "priority": lambda customer: customer.customer_priority,
    "origin_id": lambda customer: customer.customer_origin_id,
    "kind": lambda customer: customer.customer_kind,
    "nace_id": lambda customer: customer.customer_nace_id,
    "nace_section_id": lambda customer: customer.customer_nace_id.parent_id.parent_id.parent_id,
    "headcount_band": lambda customer: customer.customer_headcount_band,
    "city": lambda customer: customer.city,
    "state_id": lambda customer: customer.state_id,
    "country_id": lambda customer: customer.country_id,
    "user_id": lambda customer: customer.user_id,
}
AMOUNTS = ("amount_12m", "invoiced_12m")


@freeze_time("2026-05-20 10:00:00")
class TestMetricsProfile(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        territories = cls.env["crm.customer.territory"]
        divisions = cls.env["crm.customer.division"]
        cls.iberia = territories.create({"code": "IB", "name": "Iberia", "company_id": False})
        cls.north, cls.south, cls.other = (
            territories.create(
                {"code": code, "name": code, "company_id": company.id, "parent_id": parent and parent.id}
            )
            for code, company, parent in (
                ("N", cls.company_a, cls.iberia),
                ("S", cls.company_a, cls.iberia),
                ("B", cls.company_b, None),
            )
        )
        cls.export = divisions.create({"code": "X", "name": "Export", "company_id": cls.company_a.id})
        cls.retail = divisions.create({"code": "R", "name": "Retail", "company_id": cls.company_b.id})
        cls.fair = cls.env["crm.customer.origin"].create({"code": "F26", "name": "Fair"})
        cls.bolts, cls.bakery = cls.env["crm.customer.nace"].search(
            [("code", "in", ("25.94", "10.71")), ("version", "=", "NACE Rev. 2.1")], order="code desc", limit=2
        )
        cls.customers = cls.env["res.partner"].concat(
            cls._partner(
                name="Uno",
                user_id=cls.user_sales_own.id,
                customer_priority="a",
                customer_nace_id=cls.bolts.id,
                customer_headcount=20,
                city="Zaragoza",
                state_id=cls.madrid.id,
            ),
            cls._partner(
                name="Dos", user_id=cls.user_sales_all.id, customer_priority="b", customer_nace_id=cls.bakery.id
            ),
            cls._partner(name="Tres", customer_origin_id=cls.fair.id, country_id=cls.portugal.id),
            cls._person(name="Cuatro", user_id=cls.user_sales_own.id, city="Huesca"),
            cls._partner(name="Cinco", customer_nace_id=cls.bolts.id),
        )
        one, two, three, four, five = cls.customers
        for customer, company, territory, division in (
            (one, cls.company_a, cls.north, cls.export),
            (one, cls.company_b, cls.other, cls.retail),
            (two, cls.company_a, cls.south, None),
            (three, cls.company_b, cls.other, None),
            (four, cls.company_a, None, cls.export),
            (five, cls.company_a, cls.north, None),
        ):
            customer.with_company(company).write(
                {"customer_territory_id": territory and territory.id, "customer_division_id": division and division.id}
            )
        for number, (customer, company) in enumerate(itertools.product(cls.customers, (cls.company_a, cls.company_b))):
            amount = 10 ** (number % 5) + number
            sale = cls.Purchase.create(
                {
                    "partner_id": customer.id,
                    "company_id": company.id,
                    "amount": amount,
                    "date": "2026-04-10 10:00:00",
                    "order_ref": f"P{number}",
                }
            )
            sale.amount_invoiced = amount / 2
        five.active = False
        cls.Metrics._drain()
        cls.rows = cls.Metrics.search([("commercial_partner_id", "in", cls.customers.ids)])
        cls.env.flush_all()

    def _expected(self, rows, name):
        """Rows by a value, read from the contacts one by one."""
        found = {}
        for row in rows:
            value = GROUPS[name](row.commercial_partner_id.with_company(row.company_id).sudo())
            key = (value.id if hasattr(value, "id") else value) or False
            found.setdefault(key, rows.browse())
            found[key] |= row
        return found

    def _groups(self, model, name):
        mine = [("commercial_partner_id", "in", self.customers.ids)]
        specs = ["__count", *(f"{amount}:sum" for amount in AMOUNTS)]
        groups = model.formatted_read_group(mine, [name], specs)
        return {
            (group[name][0] if isinstance(group[name], tuple | list) else group[name]) or False: (
                group["__count"],
                *(group[f"{amount}:sum"] for amount in AMOUNTS),
                model.search([*mine, *group["__extra_domain"]]),
            )
            for group in groups
        }

    def test_there_are_rows(self):
        self.assertEqual(len(self.rows), 10)
        self.assertGreater(self.Metrics.browse(self.rows.ids).mapped("amount_12m"), [0] * 10)
        self.assertEqual(len(self.bolts.parent_id.parent_id.parent_id.code), 1, "the tree has sections on top")

    def test_groups_are_what_the_file_says(self):
        """Each group has the customers whose file says so in the company of the row, whoever
        asks and whichever company he works in; its count and sums are those of the rows it opens."""
        for user, companies in itertools.product(
            (self.user_manager, self.user_sales_own, self.user_customer),
            (
                (self.company_a,),
                (self.company_b,),
                (self.company_a, self.company_b),
                (self.company_b, self.company_a),
            ),
        ):
            model = self._as(user, self.Metrics, *companies)
            visible = model.search([("commercial_partner_id", "in", self.customers.ids)])
            plain = self.rows.filtered(
                lambda row, user=user, companies=companies: (
                    row.company_id in companies
                    and (user != self.user_sales_own or row.commercial_partner_id.user_id in (user, user.browse()))
                )
            )
            self.assertEqual(set(visible.ids), set(plain.ids))
            for name in GROUPS:
                with self.subTest(user=user.login, companies=[company.name for company in companies], group=name):
                    expected = self._expected(plain, name)
                    found = self._groups(model, name)
                    self.assertEqual(set(found), set(expected))
                    for key, (count, ordered, invoiced, rows) in found.items():
                        self.assertEqual(set(rows.ids), set(expected[key].ids))
                        self.assertEqual(count, len(rows))
                        self.assertAlmostEqual(ordered, sum(rows.mapped("amount_12m")), 2)
                        self.assertAlmostEqual(invoiced, sum(rows.mapped("invoiced_12m")), 2)

    def test_cells_of_two_groupings(self):
        """A matrix as the pivot asks for it: every cell opens rows that add up to it."""
        model = self._as(self.user_manager, self.Metrics, self.company_a, self.company_b)
        mine = [("commercial_partner_id", "in", self.customers.ids)]
        specs = ["__count", "amount_12m:sum", "currency_id:array_agg_distinct", "amount_12m:sum_currency"]
        for row, column in itertools.combinations(["value_class_id", "lifecycle", "main_strategy_id", *GROUPS], 2):
            sets = model.formatted_read_grouping_sets(mine, [[], [row], [column], [row, column]], specs)
            with self.subTest(row=row, column=column):
                for groups in sets:
                    self.assertEqual(sum(group["__count"] for group in groups), 10)
                for cell in sets[3]:
                    rows = model.search([*mine, *cell["__extra_domain"]])
                    self.assertEqual(len(rows), cell["__count"])
                    self.assertAlmostEqual(sum(rows.mapped("amount_12m")), cell["amount_12m:sum"], 2)

    def test_values_of_a_row(self):
        """A list shows what the groups count, each row in its own company."""
        both = self._as(self.user_manager, self.rows, self.company_b, self.company_a)
        for row, plain in zip(both, self.rows, strict=True):
            for name, read in GROUPS.items():
                value = read(plain.commercial_partner_id.with_company(plain.company_id))
                self.assertEqual(row[name], value, name)

    def test_filters(self):
        """By one, by several, by none, by name, by what is below, and by what it is not."""
        model = self._as(self.user_manager, self.Metrics, self.company_a, self.company_b)
        mine = [("commercial_partner_id", "in", self.customers.ids)]

        def names(*domain):
            found = model.search([*mine, *domain])
            return sorted((row.commercial_partner_id.name, row.company_id.name[-1]) for row in found)

        self.assertEqual(names(("territory_id", "=", self.north.id)), [("Cinco", "A"), ("Uno", "A")])
        self.assertEqual(names(("territory_id", "ilike", "n")), [("Cinco", "A"), ("Uno", "A")])
        below = names(("territory_id", "child_of", self.iberia.id))
        self.assertEqual(below, [("Cinco", "A"), ("Dos", "A"), ("Uno", "A")])
        self.assertEqual(names(("territory_id.code", "=", "B")), [("Tres", "B"), ("Uno", "B")])
        self.assertEqual(names(("division_id", "in", (self.retail + self.export).ids))[0], ("Cuatro", "A"))
        self.assertEqual(len(names(("division_id", "=", False))), 7)
        self.assertEqual(len(names(("division_id", "!=", False))), 3)
        self.assertEqual(len(names(("division_id", "!=", self.export.id))), 8)
        self.assertEqual(len(names(("division_id", "not in", [self.export.id, False]))), 1)
        self.assertEqual(len(names(("division_id", "in", [self.export.id, False]))), 9)
        self.assertEqual(len(names(("nace_section_id.code", "=", "C"))), 6)
        self.assertEqual(names(("priority", "=", "a")), [("Uno", "A"), ("Uno", "B")])
        filtered = self._as(self.user_manager, self.rows, self.company_a, self.company_b).filtered_domain(
            [("territory_id", "=", self.north.id)]
        )
        self.assertEqual(len(filtered), 2)

    def test_sorted(self):
        """Lists may be sorted by them, those without last."""
        model = self._as(self.user_manager, self.Metrics, self.company_a, self.company_b)
        mine = [("commercial_partner_id", "in", self.customers.ids)]
        for name in GROUPS:
            with self.subTest(name=name):
                description = model.fields_get([name], ["sortable", "groupable", "searchable"])[name]
                self.assertTrue(description["sortable"] and description["groupable"] and description["searchable"])
                self.assertEqual(len(model.search(mine, order=f"{name} desc, id")), 10)

    def test_default_of_a_company(self):
        """Who has no division of his own has the one that a company gives new contacts."""
        self.env["ir.default"].set("res.partner", "customer_division_id", self.retail.id, company_id=self.company_b.id)
        model = self._as(self.user_manager, self.Metrics, self.company_a, self.company_b)
        groups = self._groups(model, "division_id")
        # the field was saved empty for some, and that stands
        expected = self._expected(self.rows, "division_id")
        self.assertEqual(
            {key: set(rows.ids) for key, (*_sums, rows) in groups.items()},
            {key: set(rows.ids) for key, rows in expected.items()},
        )
        self.assertGreater(groups[self.retail.id][0], 1)

    def test_a_move_shows_at_once(self):
        """Nothing is copied: a customer who changes territory is in the other group, history too."""
        self.Metrics._keep_month(self.Metrics._as_of())
        self.customers[0].customer_territory_id = self.south
        for model in (self.Metrics, self.env["crm.customer.metrics.history"]):
            found = self._groups(self._as(self.user_manager, model), "territory_id")
            self.assertIn(self.customers[0], found[self.south.id][3].commercial_partner_id)

    def test_history_groups(self):
        """The same columns on the figures of past months."""
        self.Metrics._keep_month(self.Metrics._as_of())
        history = self.env["crm.customer.metrics.history"]
        rows = history.search([("commercial_partner_id", "in", self.customers.ids)])
        model = self._as(self.user_manager, history, self.company_b, self.company_a)
        self.assertTrue(rows)
        for name in GROUPS:
            with self.subTest(name=name):
                found = self._groups(model, name)
                expected = self._expected(rows, name)
                self.assertEqual(
                    {key: set(group[3].ids) for key, group in found.items()},
                    {key: set(group.ids) for key, group in expected.items()},
                )

    def test_nothing_for_strangers(self):
        with self.assertRaises(AccessError):
            self._as(self.user_employee, self.Metrics).formatted_read_group([], ["territory_id"], ["__count"])
