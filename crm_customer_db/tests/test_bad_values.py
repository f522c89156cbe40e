# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A value that can't be meant is refused with a sentence, and nothing is half done."""

from odoo.exceptions import ValidationError
from odoo.tests import Form

from .common import CustomerDbCommon

NAN, INF = float("nan"), float("inf")
# Field → values that are refused. What comes with it makes the value the only fault.
BAD = {
    "birthdate_date": ("2999-01-01", "0001-01-01", "1899-12-31", "9999-12-31"),
    "customer_residence_since": ("2999-01-01", "0001-01-01", "1500-01-01"),
    "customer_children": (-1, 51, 2**31, 10**12, NAN, INF),
    "customer_household_income": (-1, -0.5, NAN, INF, -INF, 1e16, 1e300),
    "customer_turnover": (-1, NAN, INF, 1e16, 1e300),
    "customer_headcount": (-1, 10**8, 2**31, 10**12, NAN, INF),
    "customer_headcount_year": (20026, 1, -5, 1899, 2**31),
    "customer_turnover_year": (20026, 1, -5, 1899, 2**31),
    "customer_tz": ("Mars/Base",),
}
GOOD = {"customer_income_currency_id", "customer_turnover_currency_id"}
BAD_COMPANY = {
    "customer_income_lower_middle": (0, -1, NAN, INF, 20000, 1e300),
    "customer_income_middle": (5, NAN, 35000),
    "customer_income_high": (0, 35000, NAN, INF, 1e300),
    "customer_call_hour_from": (-1, 20, 24, NAN, INF),
    "customer_call_hour_to": (0, 9, 24.5, 25, NAN),
    "customer_tz": ("Mars/Base",),
}


class TestBadValues(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currencies = dict.fromkeys(GOOD, cls.euro.id)
        cls.person = cls._person(customer_mark="customer", **cls.currencies)
        cls.system = cls.user_manager
        cls.system.group_ids += cls.env.ref("base.group_system")

    def _sentence(self, call, savepoint=True):
        """``call`` raises a ValidationError whose words are a sentence for people."""
        with self.assertRaises(ValidationError) as caught:
            call()
            self.env.flush_all()
        words = str(caught.exception)
        self.assertRegex(words, r"\.$")
        for jargon in ("Traceback", "psycopg2", "_check", "res.partner", "None", "float"):
            self.assertNotIn(jargon, words)
        self.env.invalidate_all()

    def test_write_and_create(self):
        """By RPC, on an existing contact and on a new one, by the users who have the
        field."""
        partners = self._as(self.user_manager, self.env["res.partner"])
        person = self._as(self.user_manager, self.person)
        count = partners.search_count([])
        for name, values in BAD.items():
            before = self.person[name]
            for value in values:
                with self.subTest(field=name, value=value, by="write"):
                    self._sentence(lambda n=name, v=value: person.write({"city": "X", n: v}))
                    self.assertEqual(self.person[name], before)
                    self.assertFalse(self.person.city, "nothing else was written either")
                with self.subTest(field=name, value=value, by="create"):
                    self._sentence(lambda n=name, v=value: partners.create({"name": "New", **self.currencies, n: v}))
        self.assertEqual(partners.search_count([]), count)

    def test_import(self):
        """By load(): the row is named, in words, and no row of the file is kept."""
        partners = self._as(self.user_manager, self.env["res.partner"])
        count = partners.search_count([])
        for name, values in BAD.items():
            for value in values:
                if value == "0001-01-01":
                    continue  # Odoo's own import stumbles over that year before us
                with self.subTest(field=name, value=value):
                    result = partners.load(
                        [
                            "name",
                            name,
                            "customer_income_currency_id",
                            "customer_turnover_currency_id",
                        ],
                        [["Good", "", "EUR", "EUR"], ["Bad", str(value), "EUR", "EUR"]],
                    )
                    self.assertFalse(result["ids"])
                    self.assertIn(1, [message["record"] for message in result["messages"]])
                    for message in result["messages"]:
                        self.assertNotIn("Unknown error", message["message"])
        self.assertEqual(partners.search_count([]), count)

    def test_currency_is_asked_for(self):
        """An amount without a currency says nothing; the form proposes the company's."""
        person = self._person(name="No currency")
        for name, currency in (
            ("customer_household_income", "customer_income_currency_id"),
            ("customer_turnover", "customer_turnover_currency_id"),
        ):
            mine = self._as(self.user_manager, person)
            with self.subTest(field=name):
                self._sentence(lambda n=name, r=mine: r.write({n: 100}))
                mine.write({name: 100, currency: self.euro.id})
                self._sentence(lambda c=currency, r=mine: r.write({c: False}))
        firm = self._as(self.user_manager, self._partner(name="Firm"))
        with Form(firm, "crm_customer_db.res_partner_view_form_customer") as form:
            form.customer_turnover = 5000
        self.assertEqual(firm.customer_turnover_currency_id, self.euro)

    def test_form(self):
        """In the form the same sentence comes on saving, and the record stays."""
        firm = self._as(self.user_manager, self._partner(name="Firm", customer_headcount=5))
        for name, value in (
            ("customer_headcount", -1),
            ("customer_headcount_year", 20026),
            ("customer_turnover", -1),
        ):
            form = Form(firm, "crm_customer_db.res_partner_view_form_customer")
            form.city = "Zaragoza"
            setattr(form, name, value)
            with self.subTest(field=name):
                self._sentence(form.save)
                self.assertFalse(firm.city)
                self.assertEqual(firm.customer_headcount, 5)

    def test_company_and_settings(self):
        """Thresholds that don't ascend, hours of no day, a zone there is not: refused on
        the company and in the settings."""
        company = self._as(self.system, self.company_a)
        Settings = self._as(self.system, self.env["res.config.settings"])
        for name, values in BAD_COMPANY.items():
            before = self.company_a[name]
            for value in values:
                with self.subTest(field=name, value=value, by="write"):
                    self._sentence(lambda n=name, v=value: company.write({n: v}))
                if value in (INF, -INF) or str(value) == "nan":
                    continue  # a form can't send it
                with self.subTest(field=name, value=value, by="settings"):
                    self._sentence(lambda n=name, v=value: Settings.create({n: v}).execute())
            self.assertEqual(self.company_a[name], before)

    def test_thresholds_together(self):
        """Levels that ascend are taken at once, however they compare with the old ones."""
        names = ("lower_middle", "middle", "upper_middle", "high")
        for amounts in ((100000, 200000, 300000, 400000), (1, 2, 3, 4)):
            values = {f"customer_income_{name}": x for name, x in zip(names, amounts, strict=True)}
            self._as(self.system, self.company_a).write(values)
            self.assertEqual(self.company_a._customer_income_thresholds(), list(amounts))

    def test_edge_values_are_fine(self):
        """What is just still possible is accepted."""
        self._as(self.user_manager, self.person).write(
            {
                "birthdate_date": "1900-01-01",
                "customer_residence_since": "1900-01-01",
                "customer_children": 0,
                "customer_household_income": 0.01,
                "customer_turnover": 1e12,
                "customer_headcount": 2_300_000,
                "customer_headcount_year": 1900,
            }
        )
        self.env.flush_all()
