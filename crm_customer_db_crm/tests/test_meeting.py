# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError

from .common import CrmCommon

FEED = "crm.customer.feed.crm.meeting"
NOW = datetime(2026, 5, 4, 9, 12)


@freeze_time(NOW)
class TestMeeting(CrmCommon):
    """Meetings with customers are interactions, once per customer."""

    def _meeting(self, *partners, user=None, **vals):
        user = user or self.user_sales_all
        attendees = user.partner_id.union(*(partners or (self.pilar,)))
        vals = {
            "name": "Plan de temporada",
            "start": datetime(2026, 5, 20, 10),
            "stop": datetime(2026, 5, 20, 11),
            "partner_ids": [Command.set(attendees.ids)],
            "user_id": user.id,
            **vals,
        }
        events = self.env["calendar.event"].with_user(user).with_context(no_mail_to_attendees=True)
        return events.with_context(allowed_company_ids=user.company_id.ids).create(vals)

    def test_meeting(self):
        """A meeting is there as soon as it is planned, also when that lies ahead."""
        meeting = self._meeting()
        self.assertRecordValues(
            self._rows(meeting),
            [
                {
                    "kind": "meeting",
                    "state": False,
                    "subject": "Plan de temporada",
                    "partner_id": self.pilar.id,
                    "commercial_partner_id": self.firm.id,
                    "user_id": self.user_sales_all.id,
                    "company_id": self.company_a.id,
                    "date": datetime(2026, 5, 20, 10),
                    "feed": "crm",
                }
            ],
        )

    def test_customers(self):
        """Two contacts of a firm are one customer; another firm is a second one; we are none."""
        meeting = self._meeting(self.juan + self.pilar, self.other, self.user_sales_own.partner_id)
        rows = self._rows(meeting)
        self.assertEqual(set(rows.commercial_partner_id), {self.firm, self.other})
        self.assertEqual(len(rows), 2)
        self.assertFalse(self._rows(self._meeting(self.user_sales_own.partner_id)))

    def test_attendees_change(self):
        """Who is invited later, leaves or declines."""
        meeting = self._meeting()
        row = self._rows(meeting)
        meeting.partner_ids += self.other
        self.assertEqual(set(self._rows(meeting).commercial_partner_id), {self.firm, self.other})
        meeting.partner_ids -= self.pilar
        self.assertEqual(self._rows(meeting).commercial_partner_id, self.other)
        self.assertFalse(row.exists())
        attendee = meeting.attendee_ids.filtered(lambda attendee: attendee.partner_id == self.other)
        attendee.do_decline()
        self.assertFalse(self._rows(meeting))
        attendee.do_accept()
        self.assertTrue(self._rows(meeting))

    def test_moved_archived_deleted(self):
        """A meeting that is moved, renamed, called off."""
        meeting = self._meeting()
        row = self._rows(meeting)
        meeting.write({"start": datetime(2026, 6, 1, 15), "stop": datetime(2026, 6, 1, 16), "name": "Otra cosa"})
        self.assertRecordValues(
            self._rows(meeting), [{"id": row.id, "date": datetime(2026, 6, 1, 15), "subject": "Otra cosa"}]
        )
        meeting.active = False
        self.assertFalse(self._rows(meeting))
        meeting.active = True
        self.assertTrue(self._rows(meeting))
        ids = meeting.ids
        meeting.unlink()
        self.assertFalse(self.Interaction.search([("source_model", "=", "calendar.event"), ("source_id", "in", ids)]))

    def test_all_day(self):
        """A day without a time is that day where the company is."""
        meeting = self._meeting(
            allday=True, start=datetime(2026, 5, 20), stop=datetime(2026, 5, 20), start_date=date(2026, 5, 20)
        )
        self.assertEqual(self._rows(meeting).day, date(2026, 5, 20))
        self.assertEqual(self._rows(meeting).date, datetime(2026, 5, 20, 10), "noon in Madrid")

    def test_private(self):
        """Private meetings are nobody's business, also by the organizer's own setting; internal ones are ours."""
        meeting = self._meeting(privacy="private")
        self.assertFalse(self._rows(meeting))
        meeting.privacy = "confidential"
        self.assertTrue(self._rows(meeting))
        meeting.privacy = False
        self.assertTrue(self._rows(meeting))
        self.user_sales_all.with_user(self.user_sales_all).calendar_default_privacy = "private"
        self.env[FEED]._sync(meeting.ids)
        self.assertFalse(self._rows(meeting))
        meeting.privacy = "public"
        self.assertTrue(self._rows(meeting))

    def test_series(self):
        """Of a series without an end, what lies within a month; the rest comes near day by day."""
        first = self._meeting(
            recurrency=True, rrule_type="weekly", wed=True, end_type="count", count=20, event_tz="Europe/Madrid"
        )
        series = first.recurrence_id.calendar_event_ids
        self.assertEqual(len(series), 20)
        self.assertEqual(sorted(map(str, self._rows(series).mapped("day"))), ["2026-05-20", "2026-05-27", "2026-06-03"])
        feed = self.env[FEED]
        for today, count in ((date(2026, 5, 9), 3), (date(2026, 5, 11), 4), (date(2026, 6, 10), 8)):
            due = [event for (event,) in self.env.execute_query(feed._due(today))]
            feed._sync(due, today)
            self.assertEqual(len(self._rows(series)), count, today)

    def test_series_changed(self):
        """The customer of a whole series, and a single one that is called off."""
        first = self._meeting(
            recurrency=True, rrule_type="weekly", wed=True, end_type="count", count=5, event_tz="Europe/Madrid"
        )
        series = first.recurrence_id.calendar_event_ids
        before = len(self._rows(series))
        first.write({"partner_ids": [Command.link(self.other.id)], "recurrence_update": "all_events"})
        series = first.recurrence_id.calendar_event_ids
        self.assertEqual(len(self._rows(series)), 2 * before)
        series.sorted("start")[1].unlink()
        series = series.exists()
        self.assertEqual(len(self._rows(series)), 2 * (before - 1))
        self._assert_no_drift(FEED)

    def test_company(self):
        """The organizer's company, else the contact's, else the one that is set."""
        self.user_sales_all.company_id = self.company_b
        meeting = self._meeting()
        self.assertEqual(self._rows(meeting).company_id, self.company_b)
        meeting.sudo().user_id = False
        self.assertEqual(self._rows(meeting).company_id, self.env["res.company"].search([], order="id", limit=1))
        self.pilar.company_id = self.company_a
        self.env[FEED]._sync(meeting.ids)
        self.assertEqual(self._rows(meeting).company_id, self.company_a)

    def test_contact_moved_merged_deleted(self):
        """Meetings follow their contacts, and hold none."""
        meeting = self._meeting(self.pilar + self.juan)
        self.pilar.parent_id = self.other
        self.assertEqual(set(self._rows(meeting).commercial_partner_id), {self.firm, self.other})
        self.pilar.parent_id = self.firm
        self.assertEqual(self._rows(meeting).commercial_partner_id, self.firm)
        twin = self._person(name="Pilar", parent_id=self.firm.id)
        self.env["base.partner.merge.automatic.wizard"]._merge([twin.id, self.pilar.id], twin)
        self.assertEqual(self._rows(meeting).commercial_partner_id, self.firm)
        self._assert_no_drift(FEED)
        lonely = self._person(name="Eva")
        meeting = self._meeting(lonely)
        self.assertTrue(self._rows(meeting))
        lonely.unlink()
        self.assertFalse(self._rows(meeting))
        self._assert_no_drift(FEED)

    def test_seen_without_the_document(self):
        """The meeting opens for whoever may see it in the calendar."""
        row = self._rows(self._meeting())
        self.assertEqual(self._as(self.user_customer, row).subject, "Plan de temporada")
        action = self._as(self.user_sales_own, row).action_open_document()
        self.assertEqual(action["res_model"], "calendar.event")
        seen = self._as(self.user_customer, row)
        self.env["calendar.event"].browse(row.source_id).sudo().write({"active": True})
        self.env["ir.rule"].create(
            {
                "name": "nobody",
                "model_id": self.env["ir.model"]._get_id("calendar.event"),
                "domain_force": "[(0, '=', 1)]",
            }
        )
        with self.assertRaises(UserError):
            seen.action_open_document()

    def test_backfill_and_audit(self):
        """Meetings from before the installation, and what is changed by SQL."""
        meeting = self._meeting(self.pilar, self.other)
        self._rows(meeting).flush_recordset()
        self.env.cr.execute("DELETE FROM crm_customer_interaction")
        self.env.invalidate_all()
        state = self._state(FEED)
        state.action_backfill()
        self.assertTrue(state._backfill())
        self.assertEqual(len(self._rows(meeting)), 2)
        self.assertEqual(state._audit(), {FEED: []})
        self.env.cr.execute("DELETE FROM crm_customer_interaction WHERE partner_id = %s", [self.other.id])
        self.env.invalidate_all()
        self.assertEqual(state._audit(), {FEED: meeting.ids})
        state._audit(mend=True)
        self.assertEqual(len(self._rows(meeting)), 2)
