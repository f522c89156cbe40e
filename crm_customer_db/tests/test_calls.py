# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta
from itertools import product

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time

from .common import CustomerDbCommon


class TestCalls(CustomerDbCommon):
    """When a customer may be called: his own hours, on his own clock, never against his will."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.monday = datetime(2026, 11, 23)

    @classmethod
    def caller(cls, *windows, **vals):
        return cls._person(
            **{
                "phone": "+34 600 100 200",
                "customer_call_window_ids": [
                    Command.create({"weekday": day, "hour_from": start, "hour_to": end}) for day, start, end in windows
                ],
                **vals,
            }
        )

    def callable_at(self, partners, moment, *companies):
        """Ids that may be called: computed and searched, which must agree."""
        partners = self._as(self.user_customer, partners, *companies)
        with freeze_time(moment):
            partners.invalidate_recordset()
            computed = set(partners.filtered("customer_callable_now").ids)
            everybody = partners.with_context(active_test=False)
            inside = [("id", "in", partners.ids)]
            found = everybody.search([*inside, ("customer_callable_now", "=", True)])
            others = everybody.search([*inside, ("customer_callable_now", "=", False)])
        self.assertEqual(computed, set(found.ids), f"search differs from compute at {moment}")
        self.assertEqual(set(partners.ids) - computed, set(others.ids), moment)
        return partners.filtered(lambda partner: partner.id in computed)

    def assert_callable(self, partner, moment, expected=True, *companies):
        found = self.callable_at(partner, moment, *companies)
        self.assertEqual(bool(found), expected, f"{partner.name} at {moment} UTC")

    def test_compute_is_search(self):
        """Computed and searched agree for every kind of contact at every kind of moment."""
        places = [
            {"country_id": False},
            {"country_id": self.spain.id},
            {"zip": "35001"},
            {"zip": "E-38 001"},
            {"zip": "8001"},
            {"zip": "28013", "state_id": self.env.ref("base.state_es_tf").id},
            {"state_id": self.env.ref("base.state_es_gc").id},
            {"country_id": self.portugal.id, "zip": "9500-123"},
            {"country_id": self.portugal.id},
            {"country_id": self.usa.id, "state_id": self.env.ref("base.state_us_5").id},
            {"country_id": self.usa.id},
            {"country_id": self.env.ref("base.mx").id},
            {"customer_tz": "Asia/Tokyo", "zip": "35001"},
        ]
        windows = [(), [("0", 9, 14)], [("0", 0, 24), ("6", 22.5, 24)], [("3", 9.25, 9.3333333)]]
        partners = self.env["res.partner"]
        for place, hours in product(places, windows):
            partners += self.caller(*hours, **place)
        partners += self.caller(phone=False) + self.caller(phone="")
        partners += self.caller(("0", 9, 14), active=False) + self.caller(active=False, zip="35001")
        refused = self.caller(("0", 0, 24), phone="+34 600 999 888")
        partners += refused
        self.env["phone.blacklist"].sudo().add("+34600999888")
        found = set()
        start = datetime(2026, 3, 27, 22, 7)
        moments = [start + timedelta(hours=n * 5, minutes=n) for n in range(24)]
        moments += [datetime(2026, 10, 25, hour, 30) for hour in (0, 1, 2, 8, 9, 22)]
        moments += [self.monday.replace(hour=hour) for hour in (0, 8, 9, 13, 14, 23)]
        moments += [datetime(2026, 11, 26, 8, minute) for minute in (14, 15, 19, 20)]
        for moment in moments:
            found |= set(self.callable_at(partners, moment).ids)
        self.assertNotIn(refused.id, found)
        self.assertGreater(len(found), len(partners) // 2, "the moments find too few to say much")

    def test_bounds(self):
        """The first minute of a window counts, the last does not; midnight ends a day."""
        partner = self.caller(("0", 9, 14), ("0", 20, 24))
        for hour, minute, expected in (
            (7, 59, False), (8, 0, True), (12, 59, True), (13, 0, False),
            (19, 0, True), (22, 59, True), (23, 0, False),
        ):  # fmt: skip
            self.assert_callable(partner, self.monday.replace(hour=hour, minute=minute), expected)

    def test_zones(self):
        """Typed, else Canary, Portugal, a state of the USA, else our company's clock."""
        texas = self.env.ref("base.state_us_44")
        self.assertEqual(texas.code, "TX")
        self.company_a.customer_tz = "Europe/Madrid"
        for vals, zone, nine in (
            ({}, "Europe/Madrid", 8),
            ({"zip": "35001"}, "Atlantic/Canary", 9),
            ({"state_id": self.env.ref("base.state_es_tf").id}, "Atlantic/Canary", 9),
            ({"country_id": self.portugal.id}, "Europe/Lisbon", 9),
            ({"country_id": self.portugal.id, "zip": "9500-123"}, "Atlantic/Azores", 10),
            ({"country_id": self.usa.id, "state_id": texas.id}, "America/Chicago", 15),
            ({"country_id": self.usa.id}, "Europe/Madrid", 8),
            ({"country_id": False}, "Europe/Madrid", 8),
            ({"customer_tz": "Asia/Tokyo", "zip": "35001"}, "Asia/Tokyo", 0),
        ):
            with self.subTest(vals=vals):
                partner = self.caller(("0", 9, 10), **vals)
                self.assertEqual(partner._customer_timezone(), zone)
                self.assert_callable(partner, self.monday.replace(hour=nine))
                self.assert_callable(partner, self.monday.replace(hour=nine, minute=59))
                self.assert_callable(partner, self.monday.replace(hour=nine + 1), False)

    def test_moving_moves_the_clock(self):
        """Whoever moves to the Canary Islands is on their clock at once."""
        partner = self.caller(("0", 9, 10), zip="28013")
        with freeze_time(self.monday.replace(hour=9, minute=30)):
            self.assertFalse(partner.customer_callable_now)
            partner.zip = "35001"
            self.assertTrue(partner.customer_callable_now)
            partner.write({"country_id": self.portugal.id, "zip": False})
            self.assertTrue(partner.customer_callable_now)
            partner.country_id = self.usa
            self.assertFalse(partner.customer_callable_now)
            partner.customer_call_window_ids.write({"hour_from": 10, "hour_to": 11})
            self.assertTrue(partner.customer_callable_now)

    def test_clock_change(self):
        """Hours stay where they are on the wall when summer time begins or ends."""
        partner = self.caller(("6", 2, 4), ("5", 9, 10), ("0", 9, 10))
        # Saturday in winter, Monday in summer time
        self.assert_callable(partner, datetime(2026, 3, 28, 8, 0))
        self.assert_callable(partner, datetime(2026, 3, 30, 7, 0))
        self.assert_callable(partner, datetime(2026, 3, 30, 8, 0), False)
        # At 2 it is 3, so one hour of the window is left
        self.assert_callable(partner, datetime(2026, 3, 29, 0, 59), False)
        self.assert_callable(partner, datetime(2026, 3, 29, 1, 59))
        self.assert_callable(partner, datetime(2026, 3, 29, 2, 0), False)
        # The hour that comes twice counts twice
        for hour, expected in ((23, False), (24, True), (25, True), (26, True), (27, False)):
            moment = datetime(2026, 10, 24) + timedelta(hours=hour)
            self.assert_callable(partner, moment, expected)

    def test_usual_hours(self):
        """Without times of his own a customer is called in our hours, on working days."""
        partner = self.caller()
        self.company_a.write({"customer_call_hour_from": 9.5, "customer_call_hour_to": 18})
        self.company_b.write({"customer_call_hour_from": 20, "customer_call_hour_to": 21})
        self.assert_callable(partner, self.monday.replace(hour=8, minute=29), False)
        self.assert_callable(partner, self.monday.replace(hour=8, minute=30))
        self.assert_callable(partner, self.monday.replace(hour=17), False)
        self.assert_callable(partner, self.monday + timedelta(days=5, hours=10), False)
        # The other company has other hours, and another clock for whoever has none
        self.assert_callable(partner, self.monday.replace(hour=10), False, self.company_b)
        self.assert_callable(partner, self.monday.replace(hour=19), True, self.company_b)
        nowhere = self.caller(("0", 9, 10), country_id=False)
        self.company_b.customer_tz = "America/Bogota"
        self.assert_callable(nowhere, self.monday.replace(hour=8), True, self.company_a)
        self.assert_callable(nowhere, self.monday.replace(hour=8), False, self.company_b)
        self.assert_callable(nowhere, self.monday.replace(hour=14), True, self.company_b)

    def test_refusal(self):
        """Who refused calls is never called, whatever the hours; taken back, he is."""
        partner = self.caller(("0", 0, 24))
        noon = self.monday.replace(hour=12)
        self.assert_callable(partner, noon)
        self.env["phone.blacklist"].sudo().add(partner.phone_sanitized)
        self.assert_callable(partner, noon, False)
        self.assertIn("refused", self._as(self.user_customer, partner).customer_call_hint)
        # Another way of writing the same number is the same refusal
        other = self.caller(("0", 0, 24), phone="0034 600-100-200")
        self.assert_callable(other, noon, False)
        self.env["phone.blacklist"].sudo().remove(partner.phone_sanitized)
        self.assert_callable(partner, noon)

    def test_words(self):
        """The line on the page says when, what hour it is there, and whose hours these are."""
        partner = self.caller(("0", 9, 14), ("2", 9, 14), ("4", 16.5, 18), zip="35001")
        with freeze_time(self.monday.replace(hour=10, minute=5)):
            hint = self._as(self.user_customer, partner).customer_call_hint
            self.assertIn("Monday, Wednesday 09:00–14:00; Friday 16:30–18:00", hint)
            self.assertIn("10:05", hint)
            usual = self._as(self.user_customer, self.caller()).customer_call_hint
            self.assertIn("ur usual hours, 09:00–19:00", usual)
            self.assertIn("11:05", usual)
            self.assertEqual(self.caller(phone=False).customer_call_hint, "No phone number.")

    def test_typed_by_users(self):
        """Hours are typed in the form by whoever may edit the contact; not by readers."""
        partner = self.caller()
        seen = self._as(self.user_sales_own, partner)
        with Form(seen, "base.view_partner_form") as form, form.customer_call_window_ids.new() as window:
            window.weekday = "1"
            window.hour_from = 10
            window.hour_to = 11.5
        self.assertEqual(partner.customer_call_window_ids.display_name, "Tuesday 10:00–11:30")
        self._as(self.user_data_entry, partner).write({"customer_call_window_ids": [Command.create({"weekday": "3"})]})
        self.assertEqual(len(partner.customer_call_window_ids), 2)
        with self.assertRaises(AccessError):
            self._as(self.user_employee, partner.customer_call_window_ids[0]).hour_from = 8

    def test_windows_of_a_contact_one_may_not_edit(self):
        """A reader of the customer file who edits no contact edits no calling times either."""
        partner = self.caller(("0", 9, 14))
        with self.assertRaises(AccessError):
            self._as(self.user_customer, partner.customer_call_window_ids).hour_from = 8

    def test_other_company(self):
        """Calling times of a contact of company B are not read in company A."""
        partner = self.caller(("0", 9, 14), company_id=self.company_b.id)
        window = self._as(self.user_customer, partner.customer_call_window_ids)
        self.assertFalse(window.search([("id", "=", window.id)]))
        in_b = self._as(self.user_customer, window, self.company_b)
        self.assertTrue(in_b.search([("id", "=", window.id)]))

    def test_impossible_hours(self):
        """Hours that end before they begin or lie outside a day are refused in words."""
        partner = self._as(self.user_sales_own, self.caller())
        for start, end in ((14, 9), (9, 9), (-1, 5), (20, 25)):
            with self.subTest(start=start, end=end):
                with self.assertRaises(ValidationError) as caught:
                    partner.write({"customer_call_window_ids": [Command.create({"hour_from": start, "hour_to": end})]})
                self.assertIn("earlier to a later", str(caught.exception))
        with self.assertRaises(ValidationError) as caught:
            self.company_a.customer_call_hour_to = 8
        self.assertIn(self.company_a.name, str(caught.exception))

    def test_merge_keeps_the_hours(self):
        """A merge brings the calling times of the merged contact along."""
        keep = self.caller(("0", 9, 14), email="x@x.es")
        gone = self.caller(("1", 9, 14), email="x@x.es")
        keep = self._as(self.user_manager, keep)
        self.env["base.partner.merge.automatic.wizard"].with_user(self.user_manager)._merge([keep.id, gone.id], keep)
        self.env.invalidate_all()
        self.assertEqual(keep.customer_call_window_ids.mapped("weekday"), ["0", "1"])
