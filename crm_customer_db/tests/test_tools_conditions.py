# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest
from datetime import date, datetime

from freezegun import freeze_time
from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.date_utils import parse_date

from ..tools import conditions

CONDITIONS = settings(deadline=None, derandomize=True, database=None, max_examples=400)
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2026, 1, 31), date(2026, 3, 31), date(2025, 12, 31)]
)
MOVES = st.tuples(st.sampled_from("+-="), st.integers(0, 60).map(str), st.sampled_from("dwmy")).map("".join)
NAMES = st.tuples(st.sampled_from("+-="), st.sampled_from([*conditions.WEEKDAYS, "week_start"])).map("".join)
TEXTS = st.tuples(st.sampled_from(["today"]), st.lists(MOVES | NAMES, max_size=4)).map(
    lambda parts: " ".join([parts[0], *parts[1]])
)


@tagged("post_install", "-at_install", "crm_customer_db")
class TestConditionTools(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(conditions).failed, 0)

    @CONDITIONS
    @given(st.text() | TEXTS | st.text("=+-0123456789dwmyHMS today", max_size=12), DAYS)
    @example("today +99999999999999999999d", date(2026, 1, 1))
    @example("today +9999y", date(2026, 1, 1))
    @example("today +" + "9" * 5000 + "m", date(2026, 1, 1))
    @example("today =2w", date(2026, 1, 1))
    @example("today -12H", date(2026, 1, 1))
    @example("+monday", date(9999, 12, 31))
    @example("-sunday", date(1, 1, 1))
    def test_no_text_crashes(self, text, as_of):
        """Whatever is typed is a day or a ValueError, and what is no relative day always is one."""
        try:
            day = conditions.relative_day(text, as_of)
        except ValueError:
            return
        self.assertIs(type(day), date)
        self.assertTrue(conditions.is_relative(text))


@tagged("post_install", "-at_install", "crm_customer_db")
class TestConditionDays(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Odoo's weeks begin as in the user's language
        cls.env["res.lang"]._lang_get(cls.env.user.lang).week_start = "1"
        cls.env = cls.env(context=dict(cls.env.context, tz="UTC"))

    @CONDITIONS
    @given(TEXTS, DAYS)
    def test_as_odoo_reads_them(self, text, as_of):
        """The same day, or the same refusal, as Odoo's own parser that reads the clock."""
        with freeze_time(datetime.combine(as_of, datetime.min.time())):
            try:
                expected = parse_date(text, self.env)
            except (ValueError, OverflowError):
                expected = None
        try:
            found = conditions.relative_day(text, as_of)
        except ValueError:
            found = None
        self.assertEqual(found, expected, text)
