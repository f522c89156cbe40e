# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import itertools
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from .common import CustomerDbCommon

COLUMNS = ["partner_id", "date", "source_ref", "amount"]


class TestLoader(CustomerDbCommon):
    """Rows go in by sets: good ones are loaded, each bad one is reported, twice is once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Purchase = cls.env["crm.customer.purchase"]
        cls.customer = cls._partner(name="Cliente", ref="C1")
        cls.contact = cls._person(name="Contacto", ref="C2", parent_id=cls.customer.id)

    def _load(self, rows, columns=tuple(COLUMNS), feed="test", company=None, **options):
        return self.Purchase._load_facts(rows, feed, company or self.company_a, columns=columns, **options)

    def _row(self, reference="1", **vals):
        base = {"partner_id": self.customer.id, "date": "2024-05-05", "source_ref": reference}
        return {**base, "amount": 10, **vals}

    def _dicts(self, *rows, **options):
        columns = list(dict.fromkeys(itertools.chain(*rows)))
        return self._load(rows, columns, **options)

    def _fact(self, reference="1", feed="test"):
        return self.Purchase.search([("source_ref", "=", reference), ("feed", "=", feed)])

    def _message(self, result):
        """The one error of a load of one row, which must have loaded nothing."""
        self.assertEqual((result.inserted, result.rejected), (0, 1), result)
        self.assertEqual(len(result.errors), 1, result.errors)
        return result.errors[0]

    def test_try(self):
        """Trying says of each row what loading makes of it, and loads nothing."""
        rows = [
            (self.customer.id, "2024-05-05", "1", 10),
            (self.customer.id, "2024-05-06", "2", 20),
            (self.customer.id, "2024-05-07", "3", 30),
        ]
        self._load(rows)
        changed = [
            (self.customer.id, "2024-05-05", "1", 11),
            (self.customer.id, "2024-05-06", "2", 20),
            (self.contact.id, "2024-05-08", "4", 40),
            (self.customer.id, "2024-02-30", "5", 50),
            (self.customer.id, "2024-05-09", "4", 60),
        ]
        before = self.Purchase.search_count([])
        found, errors = self.Purchase._try_facts(changed, "test", self.company_a, columns=COLUMNS)
        self.assertEqual(found, {1: "updated", 2: "unchanged", 3: "new"})
        self.assertEqual([error.row for error in errors], [4, 5])
        self.assertEqual(self.Purchase.search_count([]), before)
        self.assertEqual(self._fact().amount, 10)
        result = self._load(changed)
        self.assertEqual((result.inserted, result.updated, result.unchanged, result.errors), (1, 1, 1, errors))

    # -- what gets in ------------------------------------------------------------------

    def test_all_columns(self):
        """Every column of a purchase can be loaded and says afterwards what was given."""
        user, channel = self.user_sales_own, self.env["crm.customer.channel"].search([], limit=1)
        channel = channel or channel.create({"name": "Mostrador"})
        product = self.env["product.product"].create({"name": "P", "default_code": "P-1"})
        place = self.env["crm.customer.place"].create({"name": "T", "code": "T-1"})
        origin = self.env["crm.customer.origin"].create({"name": "Feria", "code": "FER"})
        campaign = self.env["utm.campaign"].create({"title": "Otoño", "name": "otono"})
        dollar = self.env.ref("base.USD")
        vals = {
            "partner_id": self.contact.id,
            "date": "2024-05-05 10:11:12",
            "source_ref": "x,1",
            "user_id": user.id,
            "origin_id": origin.id,
            "campaign_id": campaign.id,
            "channel_id": channel.id,
            "source_model": "res.partner",
            "source_id": self.customer.id,
            "note": 'dos\nlíneas; "comillas"',
            "order_ref": "S1",
            "product_id": product.id,
            "categ_id": product.categ_id.id,
            "quantity": 2.5,
            "currency_id": dollar.id,
            "amount_currency": 110.0,
            "amount": 100.0,
            "amount_invoiced": 90.0,
            "margin": -5.0,
            "promotion": "2x1",
            "offer_ref": "O1",
            "quotation_date": date(2024, 5, 1),
            "place_id": place.id,
            "method": "phone",
            "payment_form": "bill",
            "credit_status": "amber",
            "credit_grade": "b",
        }
        stored = {
            name
            for name, field in self.Purchase._fields.items()
            if field.store
            and name not in self.Purchase._fact_machine_columns()
            and name not in ("id", "create_uid", "create_date", "write_uid", "write_date")
        }
        self.assertEqual(stored - set(vals), {"company_id"}, "a column is not tested")
        self.assertEqual(self._dicts(vals).inserted, 1)
        fact = self._fact("x,1")
        for name, value in vals.items():
            got = fact[name]
            got = got.id if self.Purchase._fields[name].type == "many2one" else got
            got = str(got) if name == "date" else got
            self.assertEqual(got, value, name)
        self.assertEqual(fact.commercial_partner_id, self.customer)
        self.assertEqual(fact.company_id, self.company_a)
        self.assertEqual(fact.company_currency_id, self.euro)
        self.assertEqual(fact.feed, "test")
        self.assertEqual(fact.create_uid, self.env.user)

    def test_same_as_typed_in(self):
        """A loaded row and a typed one agree in everything that is derived."""
        for moment in ("2024-03-30 23:30:00", "2024-10-27 22:30:00", "2024-12-31 23:00:00"):
            typed = self.Purchase.create({"partner_id": self.contact.id, "date": moment, "amount": 1})
            self._dicts(self._row(moment, partner_id=self.contact.id, date=moment, amount=1))
            loaded = self._fact(moment)
            for name in (
                "day",
                "date",
                "commercial_partner_id",
                "company_currency_id",
                "currency_id",
                "amount",
                "amount_currency",
            ):
                self.assertEqual(loaded[name], typed[name], (name, moment))

    def test_forms_of_a_date(self):
        """A date alone is that day at noon where the company is, winter and summer."""
        east = timezone(timedelta(hours=9))
        cases = {
            "2024-01-05": ("2024-01-05 11:00:00", "2024-01-05"),
            "2024-07-05": ("2024-07-05 10:00:00", "2024-07-05"),
            date(2024, 7, 6): ("2024-07-06 10:00:00", "2024-07-06"),
            datetime(2024, 7, 7, 22, 30, 5, 999): ("2024-07-07 22:30:05", "2024-07-08"),
            datetime(2024, 7, 8, 1, tzinfo=east): ("2024-07-07 16:00:00", "2024-07-07"),
            "2024-07-07T12:00:00Z": ("2024-07-07 12:00:00", "2024-07-07"),
            "2024-07-07 12:00:00.987+0200": ("2024-07-07 10:00:00", "2024-07-07"),
            "2024-07-07 12:00": ("2024-07-07 12:00:00", "2024-07-07"),
        }
        for together in (True, False):
            rows = [self._row(f"{n} {together}", date=given) for n, given in enumerate(cases)]
            if together:
                self.assertEqual(self._dicts(*rows).inserted, len(rows))
            else:
                self.assertEqual(sum(self._dicts(row).inserted for row in rows), len(rows))
            for row, (moment, day) in zip(rows, cases.values(), strict=True):
                fact = self._fact(row["source_ref"])
                self.assertEqual((str(fact.date), str(fact.day)), (moment, day), row)

    def test_day_column(self):
        row = self._row()
        row["day"] = row.pop("date")
        self.assertEqual(self._dicts(row).inserted, 1)
        self.assertEqual(str(self._fact().date), "2024-05-05 10:00:00")

    def test_records_by_key(self):
        """A record is found by its code, among those the company may use."""
        self.env["crm.customer.place"].create(
            [
                {"name": "A", "code": "T", "company_id": self.company_a.id},
                {"name": "B", "code": "T", "company_id": self.company_b.id},
            ]
        )
        columns = ["partner_id/ref", "date", "source_ref", "amount", "place_id/code"]
        row = ("C2", "2024-05-05", "1", 5, "T")
        for company, name in ((self.company_a, "A"), (self.company_b, "B")):
            self.assertEqual(self._load([row], columns, company=company).inserted, 1)
            fact = self._fact().filtered(lambda f, company=company: f.company_id == company)
            self.assertEqual(fact.place_id.name, name)
            self.assertEqual(fact.partner_id, self.contact)
            self.assertEqual(fact.commercial_partner_id, self.customer)

    def test_archived_records_count(self):
        """History may name a product or a customer that is archived by now."""
        product = self.env["product.product"].create({"name": "P", "default_code": "VIEJO"})
        product.active = self.customer.active = False
        result = self._dicts(self._row(**{"product_id/default_code": "VIEJO"}))
        self.assertEqual(result.inserted, 1)
        self.assertEqual(self._fact().product_id, product)

    def test_type_and_channel_follow(self):
        """What the rows leave empty comes from the product and the place, as when typed."""
        channel = self.env["crm.customer.channel"].create({"name": "Mostrador", "code": "most"})
        place = self.env["crm.customer.place"].create({"name": "T", "channel_id": channel.id})
        category = self.env["product.category"].create({"name": "Tornillos"})
        product = self.env["product.product"].create({"name": "P", "categ_id": category.id})
        row = self._row(product_id=product.id, place_id=place.id)
        self._dicts(row)
        self.assertEqual(self._fact().categ_id, category)
        self.assertEqual(self._fact().channel_id, channel)
        product.categ_id = self.env["product.category"].create({"name": "Otra"})
        self.env.flush_all()
        self.assertEqual(self._dicts(row).unchanged, 1)
        self.assertEqual(self._fact().categ_id, category, "the type it had when it was bought")

    # -- twice is once ------------------------------------------------------------------

    def test_twice_is_once(self):
        rows = [self._row(str(n)) for n in range(50)]
        self.assertEqual(self._dicts(*rows)[:4], (50, 0, 0, 0))
        self.env.cr.execute("SELECT max(id), max(xmin::text::bigint) FROM crm_customer_purchase")
        before = self.env.cr.fetchall()
        self.assertEqual(self._dicts(*rows)[:4], (0, 0, 50, 0))
        self.env.cr.execute("SELECT max(id), max(xmin::text::bigint) FROM crm_customer_purchase")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_no_id_is_burnt(self):
        """Loading again costs no number of the sequence."""
        rows = [self._row(str(n)) for n in range(20)]
        self._dicts(*rows)
        self._dicts(*rows)
        last = max(self.Purchase.search([("feed", "=", "test")]).ids)
        self._dicts(self._row("new"))
        self.assertEqual(self._fact("new").id, last + 8)

    def test_only_what_differs_is_written(self):
        self._dicts(*[self._row(str(n)) for n in range(5)])
        result = self._dicts(*[self._row(str(n), amount=11 if n == 3 else 10) for n in range(7)])
        self.assertEqual(result[:4], (2, 1, 4, 0))
        self.assertEqual(self._fact("3").amount, 11)

    def test_columns_not_given_stay(self):
        """A later load that knows less takes nothing away; an empty cell does."""
        self._dicts(self._row(promotion="2x1", note="n"))
        self.assertEqual(self._dicts(self._row(note=None)).updated, 1)
        self.assertEqual(self._fact().promotion, "2x1")
        self.assertFalse(self._fact().note)

    def test_frozen_columns(self):
        """What stood at the sale stays as it stood."""
        self._dicts(self._row(credit_status="green"))
        row = self._row(credit_status="red", note="x")
        self.assertEqual(self._dicts(row, frozen=["credit_status"]).updated, 1)
        self.assertEqual(self._fact().credit_status, "green")
        self.assertEqual(self._dicts(row, frozen=["credit_status"]).unchanged, 1)

    def test_feeds_and_companies_are_apart(self):
        row = self._row()
        for feed, company in itertools.product(("a", "b"), (self.company_a, self.company_b)):
            self.assertEqual(self._dicts(row, feed=feed, company=company).inserted, 1)
        self.assertEqual(self.Purchase.search_count([("source_ref", "=", "1")]), 4)

    def test_customer_of_a_fact_can_be_corrected(self):
        self._dicts(self._row(partner_id=self.contact.id))
        other = self._partner(name="Otro")
        self.assertEqual(self._dicts(self._row(partner_id=other.id)).updated, 1)
        self.assertEqual(self._fact().commercial_partner_id, other)

    # -- companies --------------------------------------------------------------------------

    def test_column_of_companies(self):
        """Several companies in one load, each with its zone and currency; others are refused."""
        self.company_b.customer_tz = "America/New_York"
        rows = [
            (self.customer.id, "2024-05-05 23:30:00", str(n), 5, company)
            for n, company in enumerate(
                [self.company_a.id, self.company_b.id, self.env.ref("base.main_company").id, None]
            )
        ]
        result = self._load(rows, [*COLUMNS, "company_id"], company=self.company_a + self.company_b)
        self.assertEqual((result.inserted, result.rejected), (2, 2))
        self.assertEqual([error.row for error in result.errors], [3, 4])
        self.assertEqual(str(self._fact("0").day), "2024-05-06")
        self.assertEqual(str(self._fact("1").day), "2024-05-05")

    def test_customer_of_another_company(self):
        foreign = self._partner(name="De B", company_id=self.company_b.id)
        error = self._message(self._dicts(self._row(partner_id=foreign.id)))
        self.assertEqual(error.column, "partner_id")
        self.assertEqual(self._dicts(self._row(partner_id=foreign.id), company=self.company_b).inserted, 1)

    def test_customer_of_the_parent_company(self):
        """A branch sells to the customers of its company."""
        branch = self.env["res.company"].create({"name": "Sucursal", "parent_id": self.company_a.id})
        customer = self._partner(name="De A", company_id=self.company_a.id)
        self.assertEqual(self._dicts(self._row(partner_id=customer.id), company=branch).inserted, 1)

    # -- money ------------------------------------------------------------------------------

    def _dollars(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollar.id,
                "company_id": self.company_a.id,
                "name": "2024-02-01",
                "rate": 1.25,
            }
        )
        return dollar

    def test_document_amount_is_converted(self):
        """As when typed: the rate of the day, rounded, or a sentence."""
        dollar = self._dollars()
        rows = [
            (self.customer.id, day, day, 100.01, currency)
            for day, currency in (
                ("2024-02-05", dollar.id),
                ("2024-02-06", None),
                ("2024-01-31", dollar.id),
            )
        ]
        columns = ["partner_id", "date", "source_ref", "amount_currency", "currency_id"]
        result = self._load(rows, columns)
        self.assertEqual((result.inserted, result.rejected), (2, 1))
        self.assertEqual(self._fact("2024-02-05").amount, 80.01)
        self.assertEqual(self._fact("2024-02-06").amount, 100.01)
        self.assertEqual(self._fact("2024-02-06").currency_id, self.euro)
        self.assertIn("USD 2024-01-31", result.errors[0].message)

    def test_currency_by_name(self):
        self._dollars()
        row = self._row(**{"currency_id/name": "USD"}, amount_currency=5)
        row.pop("amount")
        self.assertEqual(self._dicts(row).inserted, 1)
        self.assertEqual(self._fact().amount, 4)

    def test_both_amounts_are_believed(self):
        """A document's own amounts are taken as they are, unrounded, without a rate."""
        dollar = self._dollars()
        self._dicts(self._row(currency_id=dollar.id, amount_currency="99.999999", amount="12.3456789"))
        self.env.cr.execute(
            "SELECT amount::text, amount_currency::text FROM crm_customer_purchase"
            " WHERE source_ref = '1' AND feed = 'test'"
        )
        self.assertEqual(self.env.cr.fetchall(), [("12.3456789", "99.999999")])

    def test_own_amount_of_a_foreign_document(self):
        """The company's amount alone does not tell the document's."""
        error = self._message(self._dicts(self._row(currency_id=self._dollars().id)))
        self.assertIn("currency of the document", error.message)

    # -- what does not get in ---------------------------------------------------------------

    def test_bad_cells(self):
        """Each gets its own sentence, with its row and column; the others are loaded."""
        user = self.env.user
        bad = [
            ("amount", "1.234,56", "not a number"),
            ("amount", "1_000", "not a number"),
            ("amount", "١٢", "not a number"),
            ("amount", "0x10", "not a number"),
            ("amount", "nan", "not a number"),
            ("amount", float("nan"), "out of range"),
            ("amount", float("inf"), "out of range"),
            ("amount", "1e400", "out of range"),
            ("amount", 10**15, "out of range"),
            ("amount", True, "not a number"),
            ("amount", None, "is missing"),
            ("amount", "", "is missing"),
            ("quantity", Decimal("Infinity"), "out of range"),
            ("date", "0001-01-01", "between 1900 and today"),
            ("date", "9999-12-31", "between 1900 and today"),
            ("date", "2024-02-30", "not a date"),
            ("date", "2024-01-01junk", "not a date"),
            ("date", "01/02/2024", "not a date"),
            ("date", "yesterday", "not a date"),
            ("date", "infinity", "not a date"),
            ("date", False, "is missing"),
            ("partner_id", 2**31, "out of range"),
            ("partner_id", 2**31 - 1, "there is no"),
            ("partner_id", "x", "not a whole number"),
            ("partner_id", 1.0, "not a whole number"),
            ("partner_id", None, "is missing"),
            ("source_ref", None, "is missing"),
            ("source_ref", "x" * 501, "longer than 500"),
            ("order_ref", "a\0b", "can't be stored"),
            ("order_ref", "\ud800", "can't be stored"),
            ("order_ref", {"a": 1}, "not a text"),
            ("method", "telepathy", "not one of the possible values"),
            ("quotation_date", "soon", "not a date"),
            ("user_id", 2**31 - 1, "there is no"),
            ("categ_id", -1, "there is no"),
        ]
        columns = list(self._row()) + ["quantity", "order_ref", "method", "quotation_date"]
        columns += ["user_id", "categ_id"]
        rows = []
        for n, (name, value, _words) in enumerate(bad):
            rows += [self._row(f"good {n}", user_id=user.id), self._row(f"bad {n}", **{name: value})]
        result = self._load(rows, columns, max_errors=None)
        self.assertEqual((result.inserted, result.rejected), (len(bad), len(bad)))
        self.assertEqual([error.row for error in result.errors], list(range(2, len(rows) + 1, 2)))
        for error, (name, value, words) in zip(result.errors, bad, strict=True):
            with self.subTest(name=name, value=value):
                self.assertEqual(error.column, name)
                self.assertIn(words, error.message)
        self.assertFalse(self.Purchase.search([("source_ref", "like", "bad")]))

    def test_clean_slices_beside_bad_ones(self):
        """One bad row does not change how the rows around it are read."""
        rows = [(self.customer.id, "2024-05-05", str(n), n % 100) for n in range(300)]
        rows[150] = (self.customer.id, "2024-05-05", "150", "bad")
        self.patch(
            __import__("odoo.addons.crm_customer_db.tools.load_stage", fromlist=["x"]),
            "COPY_ROWS",
            100,
        )
        self.patch(
            __import__("odoo.addons.crm_customer_db.tools.load_write", fromlist=["x"]),
            "WRITE_ROWS",
            70,
        )
        result = self._load(iter(rows))
        self.assertEqual((result.inserted, result.rejected), (299, 1))
        self.assertEqual(result.errors[0].row, 151)
        rows[150] = (self.customer.id, "2024-05-05", "150", "7")
        self.assertEqual(self._load(iter(rows))[:4], (1, 0, 299, 0))

    def test_every_fault_of_a_row(self):
        result = self._dicts(self._row(partner_id=None, amount="x", method="y"))
        self.assertEqual(result.rejected, 1)
        self.assertEqual([error.column for error in result.errors], ["amount", "method", "partner_id"])

    def test_a_reference_twice_in_one_load(self):
        """The first good row counts; the others are told where it is."""
        rows = [
            self._row("a", amount="bad"),
            self._row("a", amount=1),
            self._row("a", amount=2),
            self._row("b"),
        ]
        result = self._dicts(*rows)
        self.assertEqual((result.inserted, result.rejected), (2, 2))
        self.assertEqual(self._fact("a").amount, 1)
        self.assertEqual(result.errors[1].row, 3)
        self.assertIn("row 2", result.errors[1].message)

    def test_ambiguous_key(self):
        self._partner(name="Doble", ref="C1")
        row = self._row(**{"partner_id/ref": "C1"})
        row.pop("partner_id")
        self.assertIn("several", self._message(self._dicts(row)).message)

    def test_width_of_a_row(self):
        rows = [(self.customer.id, "2024-05-05", "1"), "abc", None, (self.customer.id, "2024-05-05", "2", 1)]
        result = self._load(rows)
        self.assertEqual((result.inserted, result.rejected), (1, 3))
        self.assertEqual([error.row for error in result.errors], [1, 2, 3])

    def test_strict(self):
        result = self._dicts(self._row("1"), self._row("2", amount="x"), strict=True)
        self.assertEqual(result[:4], (0, 0, 0, 1))
        self.assertFalse(self.Purchase.search([("feed", "=", "test")]))

    def test_errors_are_counted_beyond_those_described(self):
        result = self._dicts(*[self._row(str(n), amount="x") for n in range(20)], max_errors=3)
        self.assertEqual((result.rejected, len(result.errors)), (20, 3))

    def test_messages_speak_the_users_language(self):
        """Labels in a sentence are those of the screens."""
        result = self._dicts(self._row(amount="x"))
        self.assertIn("Ordered (excl. VAT)", result.errors[0].message)

    def test_nothing(self):
        self.assertEqual(self._load([]), (0, 0, 0, 0, []))
        self.assertEqual(self._load([], columns=None), (0, 0, 0, 0, []))

    def test_calls_that_are_wrong(self):
        """The caller's mistakes are errors at once, not of each row."""
        for columns, feed in (
            ([*COLUMNS, "nonsense"], "test"),
            ([*COLUMNS, "commercial_partner_id"], "test"),
            ([*COLUMNS, "id"], "test"),
            ([*COLUMNS, "feed"], "test"),
            ([*COLUMNS, "create_uid"], "test"),
            ([*COLUMNS, "product_id/name"], "test"),
            ([*COLUMNS, "note/x"], "test"),
            ([*COLUMNS, "is_recent"], "test"),
            ([*COLUMNS, "partner_id/ref"], "test"),
            (COLUMNS[1:], "test"),
            (COLUMNS[:3], "test"),
            (["partner_id", "source_ref", "amount"], "test"),
            (COLUMNS, "manual"),
            (COLUMNS, ""),
        ):
            with self.subTest(columns=columns, feed=feed), self.assertRaises(ValueError):
                self._load([], columns, feed)
        with self.assertRaises(ValueError):
            self._load([{"partner_id": 1, "oops": 2}])

    def test_runs_with_any_users_environment(self):
        """The caller decides who may load; the rows then belong to him."""
        result = self._as(self.user_manager, self.Purchase)._load_facts([self._row()], "test", self.company_a)
        self.assertEqual(result.inserted, 1)
        self.assertEqual(self._fact().create_uid, self.user_manager)

    def test_no_table_is_left(self):
        self._dicts(self._row())
        self.env.cr.execute("SELECT relname FROM pg_class WHERE relname ~ 'crm_load_\\d+_(stage|err)'")
        self.assertEqual(self.env.cr.fetchall(), [])
