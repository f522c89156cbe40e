# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest
from datetime import datetime, timedelta
from datetime import timezone as dt_timezone

import pytz
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import timezone

PROFILE = settings(deadline=None, derandomize=True, database=None, max_examples=200)
ZONES = ["Europe/Madrid", "Atlantic/Canary", "America/Mexico_City", "Asia/Kolkata", "UTC"]
HOURS = st.integers(0, 24 * 60).map(lambda minute: minute / 60)
WINDOWS = st.lists(st.tuples(st.sampled_from("0123456"), HOURS, HOURS), max_size=4)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))


@tagged("post_install", "-at_install", "crm_customer_db")
class TestTimezoneTools(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(timezone).failed, 0)

    def test_zone_of_an_address(self):
        zone = timezone.customer_timezone
        cases = [
            ("ES", None, None, "Europe/Madrid"),
            ("es", "M", "28001", "Europe/Madrid"),
            ("ES", None, "35001", "Atlantic/Canary"),
            ("ES", None, "38670", "Atlantic/Canary"),
            ("ES", None, "E-38670", "Atlantic/Canary"),
            ("ES", "GC", None, "Atlantic/Canary"),
            ("ES", "TF", "", "Atlantic/Canary"),
            ("ES", "TF", "28001", "Europe/Madrid"),  # the zip is more exact
            ("ES", None, "3501", "Europe/Madrid"),  # 03501 Benidorm, its zero lost
            ("ES", None, "51001", "Africa/Ceuta"),
            ("ES", "ME", None, "Africa/Ceuta"),
            ("ES", None, "nonsense", "Europe/Madrid"),
            ("PT", None, "1100-148", "Europe/Lisbon"),
            ("PT", None, "9000-082", "Atlantic/Madeira"),
            ("PT", None, "9400", "Atlantic/Madeira"),
            ("PT", None, "9500-123", "Atlantic/Azores"),
            ("PT", "20", None, "Atlantic/Azores"),
            ("FR", None, "75001", "Europe/Paris"),
            ("DE", None, None, "Europe/Berlin"),
            ("AR", "B", None, "America/Argentina/Buenos_Aires"),
            ("CL", "CL-MA", None, "America/Punta_Arenas"),
            ("CL", None, None, "America/Santiago"),
            ("EC", "20", None, "Pacific/Galapagos"),
            ("US", "NY", None, "America/New_York"),
            ("US", "tx", None, "America/Chicago"),
            ("US", "HI", None, "Pacific/Honolulu"),
            ("US", None, "10001", None),
            ("US", "AE", None, None),
            ("PR", None, None, "America/Puerto_Rico"),
            ("CA", "BC", None, "America/Vancouver"),
            ("CA", None, None, None),
            ("MX", "ROO", None, "America/Cancun"),
            ("MX", "CMX", None, "America/Mexico_City"),
            ("MX", None, None, None),
            ("BR", "AC", None, "America/Rio_Branco"),
            ("BR", None, None, None),
            ("AU", "WA", None, "Australia/Perth"),
            ("RU", "MOW", None, "Europe/Moscow"),
            ("RU", "KAM", None, "Asia/Kamchatka"),
            ("RU", None, None, None),
            ("ID", None, None, None),
            ("XX", None, None, None),
            (None, "GC", "35001", None),
            (False, False, False, None),
        ]
        for country, state, zip_code, expected in cases:
            with self.subTest(country=country, state=state, zip=zip_code):
                self.assertEqual(zone(country, state, zip_code), expected)

    def test_rules(self):
        """Every zone exists, no rule is there twice, no rule has state and zip."""
        rules = timezone.zone_rules()
        self.assertLessEqual({rule[3] for rule in rules}, set(pytz.all_timezones))
        keys = [rule[:3] for rule in rules]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertFalse([rule for rule in rules if rule[1] and rule[2]])
        for country, state, prefix, tz in rules:
            self.assertEqual(timezone.customer_timezone(country, state, prefix and prefix + "001"), tz)

    def test_window_is_half_open(self):
        windows = [("0", 9.0, 14.0), ("4", 22.0, 24.0)]
        monday = datetime(2026, 11, 23)

        def callable_at(day, hour, minute, second=0):
            moment = monday + timedelta(days=day, hours=hour, minutes=minute, seconds=second)
            return timezone.in_call_window(windows, moment, "UTC")

        self.assertFalse(callable_at(0, 8, 59, 59))
        self.assertTrue(callable_at(0, 9, 0))
        self.assertTrue(callable_at(0, 13, 59, 59))
        self.assertFalse(callable_at(0, 14, 0))
        self.assertTrue(callable_at(4, 23, 59, 59))
        self.assertFalse(callable_at(5, 0, 0))
        self.assertFalse(callable_at(1, 10, 0))
        self.assertFalse(timezone.in_call_window([], monday, "UTC"))
        self.assertFalse(timezone.in_call_window([("0", 14.0, 9.0)], monday, "UTC"))
        # 9.33 typed as 9:20
        self.assertTrue(timezone.in_call_window([("0", 9.33, 10)], monday + timedelta(minutes=560), "UTC"))

    def test_weekday_is_that_of_the_customer(self):
        moment = datetime(2026, 11, 22, 23, 30)  # Sunday in UTC, Monday in Madrid
        window = [("0", 0.0, 1.0)]
        self.assertTrue(timezone.in_call_window(window, moment, "Europe/Madrid"))
        self.assertFalse(timezone.in_call_window(window, moment, "Atlantic/Canary"))
        aware = moment.replace(tzinfo=dt_timezone(timedelta(hours=-5)))  # 04:30 UTC
        self.assertFalse(timezone.in_call_window(window, aware, "Europe/Madrid"))

    def test_summer_time(self):
        """Nine o'clock in Madrid is 8 UTC in winter and 7 UTC in summer."""
        window = [(str(day), 9.0, 10.0) for day in range(7)]
        for day, first_hour in (
            (datetime(2026, 3, 28), 8),
            (datetime(2026, 3, 29), 7),  # begins in the night before
            (datetime(2026, 10, 24), 7),
            (datetime(2026, 10, 25), 8),  # ends
        ):
            hours = [
                hour
                for hour in range(24)
                if timezone.in_call_window(window, day + timedelta(hours=hour), "Europe/Madrid")
            ]
            self.assertEqual(hours, [first_hour], day)
        night = [("6", 2.0, 3.0)]  # skipped in spring, twice in autumn
        for day, count in ((datetime(2026, 3, 28, 20), 0), (datetime(2026, 10, 24, 20), 120)):
            minutes = sum(
                timezone.in_call_window(night, day + timedelta(minutes=minute), "Europe/Madrid")
                for minute in range(12 * 60)
            )
            self.assertEqual(minutes, count)

    def test_unknown_zone(self):
        with self.assertRaises(pytz.UnknownTimeZoneError):
            timezone.in_call_window([("0", 0, 24)], datetime(2026, 1, 1), "Nowhere/Nothing")
        self.assertEqual(timezone.weekly_slots_now(datetime(2026, 1, 1), ["Nowhere/Nothing"]), {})

    @PROFILE
    @given(WINDOWS, MOMENTS, st.sampled_from(ZONES))
    def test_search_equals_computed(self, windows, moment, tz):
        """The comparison that a search makes in SQL finds what the window says."""
        weekday, hour = timezone.weekly_slots_now(moment, ZONES)[tz]
        found = any(
            day == weekday and round(start * 60) <= round(hour * 60) < round(end * 60) for day, start, end in windows
        )
        self.assertEqual(found, timezone.in_call_window(windows, moment, tz))
