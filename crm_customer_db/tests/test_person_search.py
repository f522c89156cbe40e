# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Searching by age, band, residence and income finds those whose field says so."""

import operator as op
from datetime import date

from freezegun import freeze_time

from odoo import fields

from .common import CustomerDbCommon

# Moments in UTC: a usual day, around birthdays on 28 and 29 February and 1 March in leap
# years and others, New Year, and moments at which it is another day in other zones.
MOMENTS = (
    "2026-11-23 12:00:00",
    "2023-02-28 12:00:00",
    "2023-03-01 12:00:00",
    "2024-02-28 12:00:00",
    "2024-02-29 12:00:00",
    "2024-03-01 12:00:00",
    "2025-12-31 23:30:00",
    "2026-01-01 00:30:00",
    "2026-05-17 05:00:00",
)
ZONES = ("Europe/Madrid", "America/Los_Angeles", "Pacific/Kiritimati")
YEARS = (0, 17, 18, 25, 35, 65)
COMPARE = {"=": op.eq, "<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}
BIRTHS = [
    *(date(year, 2, 28) for year in (1959, 1960, 1988, 2000)),
    *(date(year, 2, 29) for year in (1960, 1988, 2000, 2004)),
    *(date(year, 3, 1) for year in (1959, 1960, 1999)),
    *(date(year, 5, day) for year in (1961, 1991, 2001, 2008) for day in (16, 17, 18)),
    *(date(year, 12, 31) for year in (1925, 1990, 2000, 2022)),
    *(date(year, 1, 1) for year in (1926, 1991, 2001, 2023)),
    date(2025, 12, 31),
    date(2026, 1, 1),
]


class TestPersonSearch(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        people = [
            {"name": f"Born {birth}", "birthdate_date": birth, "customer_residence_since": birth}
            for birth in BIRTHS
            if birth <= date(2023, 1, 1)
        ]
        people += [
            {"name": "Nobody"},
            {"name": "Band only", "customer_age_band": "65_over", "customer_income_level": "low"},
            {"name": "Band and birth", "customer_age_band_typed": "65_over"},
        ]
        people[-1]["birthdate_date"] = date(2000, 5, 17)
        incomes = (0, 0.01, 11999.99, 12000, 19999.99, 20000, 35000, 59999.99, 60000, 1e6)
        people += [
            {
                "name": f"Earns {income}",
                "customer_household_income": income,
                "customer_income_currency_id": currency.id,
                "customer_income_level_typed": typed,
            }
            for income in incomes
            for currency in (cls.euro, cls.env.ref("base.USD"))
            for typed in ("high", False)
        ]
        cls.people = Partner.create(people)
        # Born later than some of the moments: written as the database would hold it
        cls.future = Partner.create([{"name": f"Born {birth}"} for birth in BIRTHS if birth > date(2023, 1, 1)])
        for person, birth in zip(cls.future, [b for b in BIRTHS if b > date(2023, 1, 1)], strict=True):
            cls.env.flush_all()
            cls.env.cr.execute(
                "UPDATE res_partner SET birthdate_date = %s, customer_residence_since = %s WHERE id = %s",
                (birth, birth, person.id),
            )
        cls.env.invalidate_all()
        cls.people += cls.future
        cls.user_personal.group_ids += cls.env.ref("base.group_user")

    def _people(self, tz="Europe/Madrid", *companies):
        return self._as(self.user_personal, self.people, *companies).with_context(tz=tz)

    def _agree(self, people, condition, expected):
        found = people.browse().search([("id", "in", people.ids), condition])
        self.assertEqual(set(found.mapped("name")), set(people.filtered(expected).mapped("name")), condition)
        if condition[1] in COMPARE and condition[1] != "=":
            return  # the opposite of an inequality is for Odoo the other inequality
        rest = people.browse().search([("id", "in", people.ids), "!", condition])
        self.assertEqual(rest, (people - found).sorted(), f"not {condition}")

    def _each_moment(self, check):
        """Call ``check(people)`` at every moment, in every zone of the reader."""
        for moment in MOMENTS:
            for tz in ZONES:
                with freeze_time(moment), self.subTest(moment=moment, tz=tz):
                    self.env.invalidate_all()
                    check(self._people(tz))

    def test_age_and_residence(self):
        """= != < <= > >= in, not in, and "no date": the search gives exactly those whose
        computed years fulfil it, on every day and in every zone of the reader."""
        for name, source in (
            ("customer_age", "birthdate_date"),
            ("customer_residence_years", "customer_residence_since"),
        ):
            with self.subTest(field=name):
                self._each_moment(lambda people, n=name, s=source: self._check_years(people, n, s))

    def _check_years(self, people, name, source):
        today = fields.Date.context_today(people)
        known = people.filtered(lambda p: p[source] and p[source] <= today)
        for years in YEARS:
            for sign, compare in COMPARE.items():
                self._agree(
                    people,
                    (name, sign, years),
                    lambda p, c=compare, y=years: p in known and c(p[name], y),
                )
        self._agree(people, (name, "in", [17, 25]), lambda p: p in known and p[name] in (17, 25))
        self._agree(people, (name, "=", False), lambda p: p not in known)

    def test_without_a_date(self):
        """False finds those without a date, and "is set" the others; 0 is an age."""
        with freeze_time("2026-11-23 12:00:00"):
            people = self._people()
            self._agree(people, ("customer_age", "=", False), lambda p: not p.birthdate_date)
            self._agree(people, ("customer_age", "!=", False), lambda p: p.birthdate_date)
            babies = people.browse().search([("id", "in", people.ids), ("customer_age", "=", 0)])
            self.assertEqual(set(babies.mapped("birthdate_date")), {date(2025, 12, 31), date(2026, 1, 1)})

    def test_fractions(self):
        """Older than 30.5 is 31 and older; aged 30.5 is nobody."""
        with freeze_time("2026-11-23 12:00:00"):
            people = self._people()
            for sign, compare in COMPARE.items():
                self._agree(
                    people,
                    ("customer_age", sign, 35.5),
                    lambda p, c=compare: p.birthdate_date and c(p.customer_age, 35.5),
                )
            self.assertFalse(people.browse().search([("customer_age", "=", 35.5)]) & people)

    def test_band(self):
        """The band of the birth date, else the one that was chosen; and none."""
        bands = [
            key for key, _label in self.env["res.partner"]._fields["customer_age_band"]._description_selection(self.env)
        ]
        self._each_moment(lambda people: self._check_bands(people, bands))

    def _check_bands(self, people, bands):
        for band in (*bands, False):
            self._agree(
                people,
                ("customer_age_band", "=", band),
                lambda p, b=band: p.customer_age_band == b,
            )
        self._agree(
            people,
            ("customer_age_band", "in", ["under_25", "65_over"]),
            lambda p: p.customer_age_band in ("under_25", "65_over"),
        )
        self._agree(
            people,
            ("customer_age_band", "not in", ["25_34", False]),
            lambda p: p.customer_age_band not in ("25_34", False),
        )

    def test_income(self):
        """The level of the income by the thresholds of the company at hand, in its
        currency; else the level that was chosen."""
        self.company_b.write(
            {
                "customer_income_lower_middle": 1,
                "customer_income_middle": 2,
                "customer_income_upper_middle": 50000,
                "customer_income_high": 1e6,
            }
        )
        levels = ("low", "lower_middle", "middle", "upper_middle", "high", False)
        for company in (self.company_a, self.company_b):
            people = self._people("Europe/Madrid", company)
            for level in levels:
                with self.subTest(company=company.name, level=level):
                    self._agree(
                        people,
                        ("customer_income_level", "=", level),
                        lambda p, x=level: p.customer_income_level == x,
                    )
            self._agree(
                people,
                ("customer_income_level", "not in", ["low", False]),
                lambda p: p.customer_income_level not in ("low", False),
            )
        high = self.people.filtered(lambda p: p.name == "Earns 60000").with_company(self.company_a)
        euros = high.filtered(lambda p: p.customer_income_currency_id == self.euro)
        self.assertEqual(set(euros.mapped("customer_income_level")), {"high"})

    def test_anniversary(self):
        """Born on 29 February: of age on 28 February of a common year, not a day before;
        and by the clock of the reader, not of the server."""
        leap = self.people.filtered(lambda p: p.birthdate_date == date(2004, 2, 29))
        with freeze_time("2022-02-27 23:30:00"):
            self.env.invalidate_all()
            for tz, age in (("UTC", 17), ("Europe/Madrid", 18), ("America/Los_Angeles", 17)):
                person = self._people(tz) & leap
                self.assertEqual(person.with_context(tz=tz).customer_age, age, tz)
