# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools import mute_logger

from .common import CALL, VISIT, CrmCommon

MAIL, ACTIVITY = "crm.customer.feed.mail", "crm.customer.feed.mail.activity"
GATEWAY = """MIME-Version: 1.0
From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{number}@example.com>
Date: Mon, 04 May 2026 09:12:00 +0000
Content-Type: text/plain; charset="utf-8"

Buenos días, necesitamos cubiertas
"""


class TestLeadDocuments(CrmCommon):
    """Mails, calls and visits on leads are those of their customers."""

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def _gateway(self, subject, sender, number=1, **kwargs):
        text = GATEWAY.format(subject=subject, sender=sender, number=number, to="ventas@empresa.example.com")
        self.env["mail.thread"].with_context(mail_channel_nolog=True).message_process("crm.lead", text, **kwargs)
        return self.Lead.search([], order="id desc", limit=1)

    def test_calls_and_visits(self):
        """A call on a lead is one with its contact, in the company of the lead."""
        lead = self._lead(company_id=self.company_b.id)
        for kind, xmlid in (("call", CALL), ("visit", VISIT)):
            activity = self._as(self.user_sales_all, lead, self.company_b, self.company_a).activity_schedule(xmlid)
            activity.action_feedback()
            self.assertRecordValues(
                self._rows(activity),
                [
                    {
                        "kind": kind,
                        "partner_id": self.pilar.id,
                        "commercial_partner_id": self.firm.id,
                        "company_id": self.company_b.id,
                        "feed": "mail",
                    }
                ],
            )

    def test_follow_the_lead(self):
        """Calls go with the lead to another contact, and to nobody."""
        lead = self._lead()
        call = self._as(self.user_sales_all, lead).activity_schedule(CALL)
        call.action_feedback()
        row = self._rows(call)
        lead.partner_id = self.other
        self.assertEqual(self._rows(call), row)
        self.assertEqual(row.partner_id, self.other)
        lead.partner_id = False
        self.assertFalse(self._rows(call))
        lead.partner_id = self.pilar
        self.assertEqual(self._rows(call).partner_id, self.pilar)

    def test_merged_leads(self):
        """Done calls of merged leads are not lost, as Odoo would."""
        leads = self._lead() + self._lead(name="Otra vez")
        calls = self.env["mail.activity"]
        for lead in leads:
            calls += self._as(self.user_sales_all, lead).activity_schedule(CALL)
        calls.action_feedback()
        mails = self._answer(leads[0]) + self._answer(leads[1])
        self.assertEqual(len(self._rows(calls)) + len(self._rows(mails)), 4)
        head = leads.with_user(self.user_crm).merge_opportunity()
        self.assertEqual(calls.exists().mapped("res_id"), [head.id] * 2)
        self.assertEqual(len(self._rows(calls)) + len(self._rows(mails)), 4)
        self._assert_no_drift(MAIL)
        self._assert_no_drift(ACTIVITY)

    def test_deleted_lead(self):
        """With the lead go its mails and calls."""
        lead = self._lead()
        call = self._as(self.user_sales_all, lead).activity_schedule(CALL)
        call.action_feedback()
        ids = (self._rows(call) + self._rows(self._answer(lead))).ids
        self.assertEqual(len(ids), 2)
        lead.sudo().unlink()
        self.assertFalse(self.Interaction.search([("id", "in", ids)]))

    def test_subject(self):
        """A mail without a subject says on which lead it was written."""
        self.assertEqual(self._rows(self._answer(self._lead())).subject, "Cubiertas para la flota: Buenos días")

    def test_mail_that_made_the_lead(self):
        """A customer's mail that becomes a lead is one event: the request. His next mail is another."""
        lead = self._gateway("Cubiertas", self.pilar.email)
        self.assertEqual((lead.name, lead.partner_id), ("Cubiertas", self.pilar))
        rows = self.Interaction.search([("commercial_partner_id", "=", self.firm.id)])
        self.assertEqual(rows.mapped("kind"), ["request"])
        self._gateway("Re: Cubiertas", self.pilar.email, number=2, thread_id=lead.id)
        self.assertEqual(self.Lead.search([], order="id desc", limit=1), lead)
        rows = self.Interaction.search([("commercial_partner_id", "=", self.firm.id)])
        self.assertEqual(sorted(rows.mapped("kind")), ["email", "request"])
        self._assert_no_drift(MAIL)

    def test_unknown_sender(self):
        """Mails of somebody unknown are his as soon as the lead makes a contact of him."""
        lead = self._gateway("Frenos", "eva@evas.example.com")
        self._gateway("Re: Frenos", "eva@evas.example.com", number=2, thread_id=lead.id)
        self.assertFalse(lead.partner_id)
        self.assertFalse(self.Interaction.search([("subject", "ilike", "Frenos")]))
        lead._handle_partner_assignment()
        rows = self.Interaction.search([("subject", "ilike", "Frenos")])
        self.assertEqual({(row.kind, row.subject) for row in rows}, {("request", "Frenos"), ("email", "Re: Frenos")})
        self.assertEqual(rows.partner_id, lead.partner_id)
        self._assert_no_drift(MAIL)
