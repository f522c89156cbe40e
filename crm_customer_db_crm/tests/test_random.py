# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import CALL, VISIT, CrmCommon

FEEDS = (
    "crm.customer.feed.crm.lead",
    "crm.customer.feed.crm.meeting",
    "crm.customer.feed.mail",
    "crm.customer.feed.mail.activity",
)


@tagged("crm_customer_db_random")
class TestRandom(CrmCommon):
    """Whatever is done to leads and meetings, what was copied is what they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.pilar + cls.juan + cls.other
        for number in range(4):
            cls.people += cls._person(name=f"P{number}", email=f"p{number}@example.com")
        cls.there_before = cls.Interaction.search([]).ids
        cls.leads = cls.Lead
        cls.meetings = cls.env["calendar.event"]
        cls.companies = cls.company_a + cls.company_b

    def _alive(self, records):
        return records.exists().with_context(active_test=False)

    # -- what is done -------------------------------------------------------------------

    def _do_lead(self, rng):
        partner = rng.choice(self.people.exists() + self.user_sales_own.partner_id + self.env["res.partner"])
        vals = {"partner_id": partner.id, "name": f"L{rng.random()}", "source_id": rng.choice([self.fair.id, False])}
        vals["company_id"] = rng.choice([self.company_a.id, self.company_b.id, False])
        vals["type"] = rng.choice(["lead", "opportunity"])
        self.leads += self._lead(self.user_crm, user_id=self.user_crm.id, **vals)

    def _do_change(self, rng):
        lead = rng.choice(self._alive(self.leads))
        lead.sudo().write(
            rng.choice(
                [
                    {"partner_id": rng.choice(self.people.exists() + self.env["res.partner"]).id},
                    {"name": f"L{rng.random()}"},
                    {"source_id": rng.choice([self.fair.id, False])},
                    {"user_id": rng.choice([self.user_crm.id, self.user_sales_all.id, False])},
                ]
            )
        )

    def _do_state(self, rng):
        lead = rng.choice(self._alive(self.leads)).sudo()
        if lead.stage_id.is_won:  # Odoo can't lose what is won
            lead.stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        else:
            rng.choice([lead.action_set_won, lead.action_set_lost, lead.action_restore, lead.action_archive])()

    def _do_talk(self, rng):
        lead = rng.choice(self._alive(self.leads)).sudo()
        if rng.random() < 0.5:
            thread = self._as(self.user_crm, lead, *self.companies).sudo(False)
            thread.message_post(
                body="Hola",
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                partner_ids=rng.choice(self.people.exists()).ids,
            )
        elif rng.random() < 0.5:
            self._received(lead, author=rng.choice(self.people.exists()))
        else:
            activity = lead.activity_schedule(rng.choice([CALL, VISIT]), user_id=self.user_crm.id)
            activity.action_feedback()

    def _do_merge_leads(self, rng):
        leads = self._alive(self.leads)
        if len(leads) > 4 and rng.random() < 0.5:
            two = leads.browse(rng.sample(leads.ids, 2)).sudo()
            two.merge_opportunity()

    def _do_delete(self, rng):
        records = rng.choice([self._alive(self.leads), self._alive(self.meetings)])
        if len(records) > 3:
            rng.choice(records).sudo().unlink()

    def _do_meeting(self, rng):
        start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=rng.randint(-50, 50))
        attendees = rng.sample((self.people.exists() + self.user_sales_own.partner_id).ids, rng.randint(1, 3))
        vals = {
            "name": f"M{rng.random()}",
            "start": start,
            "stop": start + timedelta(hours=1),
            "user_id": self.user_crm.id,
        }
        if rng.random() < 0.2:
            vals.update(
                recurrency=True, rrule_type="daily", interval=7, end_type="count", count=8, event_tz="Europe/Madrid"
            )
        events = self.env["calendar.event"].with_context(no_mail_to_attendees=True)
        meeting = events.create({**vals, "partner_ids": [Command.set(attendees)]})
        self.meetings += meeting.recurrence_id.calendar_event_ids or meeting

    def _do_change_meeting(self, rng):
        meetings = self._alive(self.meetings)
        if not meetings:
            return
        meeting = rng.choice(meetings)
        action = rng.randint(0, 4)
        if action == 0:
            meeting.partner_ids = rng.choice(self.people.exists()) + self.user_crm.partner_id
        elif action == 1:
            meeting.privacy = rng.choice(["private", "public", "confidential", False])
        elif action == 2:
            meeting.active = not meeting.active
        elif action == 3 and meeting.attendee_ids:
            rng.choice(meeting.attendee_ids).state = rng.choice(["declined", "accepted"])
        else:
            meeting.name = f"M{rng.random()}"

    def _do_move(self, rng):
        person = rng.choice(self.people.exists() - self.other)
        person.parent_id = rng.choice(self.firm + self.other + self.env["res.partner"])

    # -- what must come out -------------------------------------------------------------

    def _customers(self, partners):
        return partners.filtered(lambda partner: not partner.user_ids)

    def _expected_leads(self):
        rows = set()
        for lead in self._alive(self.leads).sudo():
            partner = self._customers(lead.partner_id)
            if not partner:
                continue
            company = lead.company_id or lead.user_id.company_id
            company = company or self.env["res.company"].search([], order="id", limit=1)
            answered = lead.won_status == "won" or self._is_answered(lead)
            state = "closed" if not lead.active else "answered" if answered else "open"
            origin = self.origin if lead.source_id else self.origin.browse()
            rows.add((lead.id, partner, state, company, lead.user_id, origin, lead.name))
        return rows

    def _is_answered(self, lead):
        ours = self.env["res.users"].search([("share", "=", False)]).partner_id
        mails = lead.message_ids.filtered(lambda m: m.message_type == "comment" and m.author_id in ours)
        if self._customers(mails.notification_ids.res_partner_id):
            return True
        activities = self.env["mail.activity"].with_context(active_test=False)
        done = activities.search([("res_model", "=", "crm.lead"), ("res_id", "=", lead.id), ("active", "=", False)])
        return bool(done)

    def _expected_meetings(self):
        rows = set()
        until = fields.Date.today() + timedelta(days=31)
        for meeting in self._alive(self.meetings):
            if not meeting.active or meeting.privacy == "private":
                continue
            if meeting.recurrence_id and meeting.start >= fields.Datetime.to_datetime(until):
                continue
            customers = self.env["res.partner"]
            for attendee in meeting.attendee_ids.sorted("id"):
                customer = attendee.partner_id.commercial_partner_id
                if attendee.state != "declined" and self._customers(attendee.partner_id) and customer not in customers:
                    customers += customer
                    rows.add((meeting.id, attendee.partner_id, meeting.start, meeting.name))
        return rows

    def test_random(self):
        """A hundred and twenty things in a row, looked at after each."""
        steps = [self._do_change, self._do_change, self._do_state, self._do_talk, self._do_talk, self._do_merge_leads]
        steps += [self._do_delete, self._do_meeting, self._do_change_meeting, self._do_change_meeting, self._do_move]
        rng = random.Random(20260504)
        for _number in range(6):
            self._do_lead(rng)
            self._do_meeting(rng)
        for number in range(120):
            step = rng.choice([*steps, self._do_lead])
            step(rng)
            self._check(f"step {number}: {step.__name__}")
        self.assertGreater(len(self._expected_leads()) + len(self._expected_meetings()), 10)

    def _check(self, when):
        rows = self.Interaction.search([("feed", "=", "crm"), ("id", "not in", self.there_before)])
        got = {
            (row.source_id, row.partner_id, row.state, row.company_id, row.user_id, row.origin_id, row.subject)
            for row in rows.filtered(lambda row: row.source_model == "crm.lead")
        }
        self.assertEqual(got, self._expected_leads(), when)
        got = {
            (row.source_id, row.partner_id, row.date, row.subject)
            for row in rows.filtered(lambda row: row.source_model == "calendar.event")
        }
        self.assertEqual(got, self._expected_meetings(), when)
        for feed in FEEDS:
            self._assert_no_drift(feed)
