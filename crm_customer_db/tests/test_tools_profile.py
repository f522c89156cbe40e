# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import calendar
import doctest
from datetime import date, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import profile

PROFILE = settings(deadline=None, derandomize=True, database=None, max_examples=400)
LEAP_DAYS = st.sampled_from(
    [date(y, m, d) for y in (1999, 2000, 2001, 2004) for m, d in ((2, 28), (3, 1), (2, 27))]
    + [date(y, 2, 29) for y in (1904, 1996, 2000, 2004, 2024)]
)
DATES = st.dates(date(1890, 1, 1), date(2060, 12, 31)) | LEAP_DAYS
AGES = st.none() | st.integers(-2, 130)


@tagged("post_install", "-at_install", "crm_customer_db")
class TestProfileTools(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(profile).failed, 0)

    def test_birthday(self):
        birth = date(1980, 11, 23)
        self.assertEqual(profile.age_on(birth, date(2026, 11, 22)), 45)
        self.assertEqual(profile.age_on(birth, date(2026, 11, 23)), 46)
        self.assertEqual(profile.age_on(birth, birth), 0)
        self.assertIsNone(profile.age_on(birth, date(1980, 11, 22)))
        self.assertIsNone(profile.age_on(None, birth))
        self.assertIsNone(profile.age_on(False, birth))

    def test_born_on_29_february(self):
        birth = date(2004, 2, 29)
        ages = [
            (date(2022, 2, 27), 17),
            (date(2022, 2, 28), 18),  # common year: the last day of the month
            (date(2022, 3, 1), 18),
            (date(2024, 2, 28), 19),  # leap year: its own day
            (date(2024, 2, 29), 20),
        ]
        for day, age in ages:
            self.assertEqual(profile.age_on(birth, day), age, day)

    def test_ranges_without_any_date(self):
        day = date(2026, 11, 23)
        for low, high in ((5000, None), (30, 20), (0, -1), (None, -1)):
            date_from, date_to = profile.birth_range_for_age(low, high, day)
            self.assertGreater(date_from, date_to)
        self.assertEqual(profile.birth_range_for_age(None, None, day), (None, day))
        self.assertEqual(profile.birth_range_for_age(0, 5000, day), (None, day))

    def test_bands(self):
        for band in profile.AGE_BANDS:
            low, high = profile.band_range(band)
            self.assertEqual(profile.age_band(low), band)
            self.assertEqual(profile.age_band(110 if high is None else high), band)
        for band in profile.HEADCOUNT_BANDS:
            low, high = profile.headcount_band_range(band)
            self.assertEqual(profile.headcount_band(low), band)
            self.assertEqual(profile.headcount_band(10**6 if high is None else high), band)
        for nothing in (None, False, -1):
            self.assertIsNone(profile.age_band(nothing))
            self.assertIsNone(profile.headcount_band(nothing))
        self.assertEqual(profile.age_band(0), "under_25")
        self.assertIsNone(profile.headcount_band(0))

    def test_income_level(self):
        thresholds = (15_000, 25_000, 40_000, 70_000)
        levels = [profile.income_level(amount, thresholds) for amount in (1, 15_000, 39_999.99, 40_000, 1e9)]
        self.assertEqual(levels, ["low", "lower_middle", "middle", "upper_middle", "high"])
        self.assertIsNone(profile.income_level(0, thresholds))
        self.assertIsNone(profile.income_level(False, thresholds))
        for bad, sentence in (
            ((1, 2, 3), "Give four income thresholds"),
            (None, "Give four income thresholds"),
            ((0, 1, 2, 3), "more than zero"),
            ((1, 2, False, 3), "more than zero"),
            ((1, 3, 2, 4), "higher than the one before"),
            ((1, 2, 2, 4), "higher than the one before"),
        ):
            with self.assertRaisesRegex(ValueError, sentence):
                profile.income_level(10, bad)
        with self.assertRaisesRegex(ValueError, "can't be negative"):
            profile.income_level(-1, thresholds)

    def test_operators(self):
        compare = {
            "=": lambda a, b: a == b,
            "<": lambda a, b: a < b,
            "<=": lambda a, b: a <= b,
            ">": lambda a, b: a > b,
            ">=": lambda a, b: a >= b,
        }
        for operator, holds in compare.items():
            for value in (-3, -0.5, 0, 17, 17.5, 18, 30.0):
                low, high = profile.years_bounds(operator, value)
                for age in range(40):
                    inside = (low is None or age >= low) and (high is None or age <= high)
                    self.assertEqual(inside, holds(age, value), (operator, value, age))
        with self.assertRaises(ValueError):
            profile.years_bounds("!=", 3)

    @PROFILE
    @given(DATES, DATES, AGES, AGES)
    @example(date(2000, 2, 29), date(2018, 2, 28), 18, 18)
    @example(date(2000, 2, 29), date(2018, 2, 28), None, 17)
    @example(date(1999, 2, 28), date(2020, 2, 29), 21, 21)
    @example(date(1999, 3, 1), date(2020, 2, 29), 21, None)
    def test_search_equals_computed_age(self, birth, day, low, high):
        age = profile.age_on(birth, day)
        date_from, date_to = profile.birth_range_for_age(low, high, day)
        found = (date_from is None or date_from <= birth) and birth <= date_to
        wanted = age is not None and (low is None or age >= low) and (high is None or age <= high)
        self.assertEqual(found, wanted)

    @PROFILE
    @given(DATES, st.integers(0, 150))
    def test_age_grows_by_one_a_year(self, birth, years):
        """On the birthday, and not on the day before, one is a year older."""
        year = birth.year + years
        leap = (birth.month, birth.day) == (2, 29) and not calendar.isleap(year)
        birthday = date(year, 2, 28) if leap else birth.replace(year=year)
        self.assertEqual(profile.age_on(birth, birthday), years)
        if years:
            self.assertEqual(profile.age_on(birth, birthday - timedelta(days=1)), years - 1)
