# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .common import CALL, CrmCommon

FEED = "crm.customer.feed.crm.lead"


class TestLead(CrmCommon):
    """Leads and opportunities are requests."""

    def _made(self, lead, hours):
        """Let a lead have come some hours ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [self.env.cr.now() - timedelta(hours=hours), lead.id],
        )
        lead.invalidate_recordset()
        self.env[FEED]._sync(lead.ids)

    # -- what they say ------------------------------------------------------------------

    def test_request(self):
        """An opportunity is a request of its contact, with origin and campaign."""
        lead = self._lead(source_id=self.fair.id, campaign_id=self.campaign.id)
        self.assertRecordValues(
            self._rows(lead),
            [
                {
                    "kind": "request",
                    "direction": "in",
                    "state": "open",
                    "subject": "Cubiertas para la flota",
                    "partner_id": self.pilar.id,
                    "commercial_partner_id": self.firm.id,
                    "user_id": self.user_sales_all.id,
                    "company_id": self.company_a.id,
                    "origin_id": self.origin.id,
                    "campaign_id": self.campaign.id,
                    "date": lead.create_date.replace(microsecond=0),
                    "answered_on": False,
                    "feed": "crm",
                    "source_ref": f"crm.lead,{lead.id}",
                }
            ],
        )
        lead.write({"name": "Frenos", "source_id": False, "campaign_id": False, "user_id": self.user_sales_own.id})
        self.assertRecordValues(
            self._rows(lead),
            [
                {
                    "subject": "Frenos",
                    "origin_id": False,
                    "campaign_id": False,
                    "user_id": self.user_sales_own.id,
                }
            ],
        )

    def test_lead_and_opportunity(self):
        """A lead is a request already, and stays the same one when it becomes an opportunity."""
        lead = self._lead(type="lead")
        row = self._rows(lead)
        self.assertEqual(row.state, "open")
        lead.convert_opportunity(self.firm)
        self.assertEqual(self._rows(lead), row)
        self.assertEqual(row.partner_id, self.firm)

    def test_origin_that_is_mapped_later(self):
        """A source that gets its origin afterwards gives it to the leads that came by it."""
        source = self.env["utm.source"].create({"name": "Boca a boca"})
        lead = self._lead(source_id=source.id)
        self.assertFalse(self._rows(lead).origin_id)
        self.origin.source_ids += source
        self.assertEqual(self._rows(lead).origin_id, self.origin)

    # -- state --------------------------------------------------------------------------

    def test_answered_by_mail(self):
        """The first mail that we write on it answers it, and tells how long that took."""
        lead = self._lead()
        self._made(lead, 5)
        self.assertEqual(self._rows(lead).state, "open")
        self._answer(lead)
        row = self._rows(lead)
        self.assertEqual((row.state, row.response_hours), ("answered", 5))
        first = row.answered_on
        self._answer(lead, date=datetime(2099, 1, 1))
        self.assertEqual(self._rows(lead).answered_on, first)
        self.assertEqual(row.answer_ids.mapped("kind"), ["answer"])
        lead.message_ids.sudo().unlink()
        row = self._rows(lead)
        self.assertEqual((row.state, row.answered_on, row.response_hours), ("open", False, 0))
        self.assertFalse(row.answer_ids)

    def test_not_answered(self):
        """Notes, what programs write, and the customer's own mails are no answer."""
        lead = self._lead()
        thread = self._as(self.user_sales_all, lead)
        thread.message_post(body="n", message_type="comment", subtype_xmlid="mail.mt_note")
        thread.message_post(body="n", message_type="comment", subtype_xmlid="mail.mt_comment")
        thread.message_post(body="n", subtype_xmlid="mail.mt_comment", partner_ids=self.pilar.ids)
        self._received(lead)
        thread.activity_schedule("mail.mail_activity_data_todo").action_feedback()
        thread.activity_schedule(CALL, customer_direction="in").action_feedback()
        self.assertEqual(self._rows(lead).state, "open")

    def test_answered_by_call(self):
        """A call from us is an answer; a call that is taken back is none."""
        lead = self._lead()
        call = self._as(self.user_sales_all, lead).activity_schedule(CALL)
        self.assertEqual(self._rows(lead).state, "open")
        call.action_feedback()
        self.assertEqual(self._rows(lead).state, "answered")
        call.active = True
        self.assertEqual(self._rows(lead).state, "open")
        call.action_feedback()
        call.unlink()
        self.assertEqual(self._rows(lead).state, "open")

    def test_won(self):
        """Winning answers what nothing has answered before."""
        lead = self._lead()
        lead.action_set_won()
        row = self._rows(lead)
        self.assertEqual((row.state, bool(row.answered_on)), ("answered", True))
        lead.stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        row = self._rows(lead)
        self.assertEqual((row.state, row.answered_on), ("open", False))

    def test_lost_and_restored(self):
        """Lost is closed, restored is as it was before."""
        lead, answered = self._lead(), self._lead()
        self._answer(answered)
        (lead + answered).action_set_lost()
        self.assertEqual(self._rows(lead + answered).mapped("state"), ["closed", "closed"])
        self.assertFalse(self._rows(lead).answered_on)
        (lead + answered).action_restore()
        self.assertEqual(self._rows(lead).state, "open")
        self.assertEqual(self._rows(answered).state, "answered")

    def test_archived(self):
        """Archived is closed as well, though the pipeline does not call it lost."""
        lead = self._lead(probability=30)
        lead.action_archive()
        self.assertEqual((lead.won_status, self._rows(lead).state), ("pending", "closed"))
        lead.action_unarchive()
        self.assertEqual(self._rows(lead).state, "open")

    # -- whose --------------------------------------------------------------------------

    def test_without_contact(self):
        """A lead without a contact is nobody's, until it is converted."""
        lead = self._lead(
            partner_id=False, type="lead", contact_name="Eva", partner_name="Evas SL", email_from="eva@evas.example.com"
        )
        self.assertFalse(self._rows(lead))
        lead._handle_partner_assignment()
        self.assertEqual(self._rows(lead).partner_id.name, "Eva")
        self.assertEqual(self._rows(lead).commercial_partner_id.name, "Evas SL")
        lead.partner_id = False
        self.assertFalse(self._rows(lead))

    def test_conversion_gives_the_origin(self):
        """Who becomes a contact by a lead has come by its origin: company, contact of it, and private person."""
        for vals, name in (
            ({"contact_name": "Eva", "partner_name": "Evas SL"}, "Eva"),
            ({"partner_name": "Solo SL"}, "Solo SL"),
            ({"contact_name": "Luis"}, "Luis"),
        ):
            lead = self._lead(partner_id=False, type="lead", source_id=self.fair.id, **vals)
            wizard = (
                self.env["crm.lead2opportunity.partner"]
                .with_user(self.user_sales_all)
                .with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids)
                .create({"name": "convert", "action": "create", "lead_id": lead.id})
            )
            wizard.action_apply()
            self.assertEqual(lead.partner_id.name, name)
            self.assertEqual(lead.partner_id.customer_origin_id, self.origin, name)
            self.assertEqual(lead.partner_id.commercial_partner_id.customer_origin_id, self.origin, name)

    def test_conversion_keeps_the_first_origin(self):
        """A contact of a company has that of the company; who was there before keeps his."""
        first = self.env["crm.customer.origin"].create({"code": "R", "name": "Recomendación"})
        self.firm.customer_origin_id = first
        lead = self._lead(partner_id=False, contact_name="Eva", source_id=self.fair.id)
        lead._handle_partner_assignment(with_parent=self.firm)
        self.assertEqual(lead.partner_id.parent_id, self.firm)
        self.assertEqual(lead.partner_id.customer_origin_id, first)
        self._lead(source_id=self.fair.id)
        self.assertEqual(self.firm.customer_origin_id, first)
        lead = self._lead(partner_id=False, contact_name="Luis")
        lead._handle_partner_assignment()
        self.assertFalse(lead.partner_id.customer_origin_id)

    def test_another_customer(self):
        """A lead that is given to another customer takes its request along."""
        lead = self._lead()
        row = self._rows(lead)
        lead.partner_id = self.other
        self.assertEqual(self._rows(lead), row)
        self.assertEqual(row.commercial_partner_id, self.other)

    def test_nobody_of_ours(self):
        """A lead of one of our own people or companies is no request of a customer."""
        self.assertFalse(self._rows(self._lead(partner_id=self.user_sales_own.partner_id.id)))
        self.assertFalse(self._rows(self._lead(partner_id=self.company_b.partner_id.id)))

    def test_company(self):
        """The lead's company, else the responsible's, else the contact's, else the one that is set."""
        lead = self._lead(company_id=self.company_b.id)
        self.assertEqual(self._rows(lead).company_id, self.company_b)
        lead = self._lead(company_id=False)
        lead.company_id = False
        self.assertFalse(lead.company_id)
        self.assertEqual(self._rows(lead).company_id, self.user_sales_all.company_id)
        lead.user_id = False
        lead.company_id = False
        self.assertEqual(self._rows(lead).company_id, self.env["res.company"].search([], order="id", limit=1))
        self._state(FEED).company_id = self.company_b
        self.env[FEED]._sync(lead.ids)
        self.assertEqual(self._rows(lead).company_id, self.company_b)

    def test_merged(self):
        """Of merged leads one request is left, with what was answered on any of them."""
        leads = self._lead() + self._lead(name="Otra vez") + self._lead(name="Y otra")
        self._answer(leads[2])
        self.assertEqual(len(self._rows(leads)), 3)
        head = leads.with_user(self.user_crm).merge_opportunity()
        ids = leads.ids
        rows = self.Interaction.search([("source_model", "=", "crm.lead"), ("source_id", "in", ids)])
        self.assertEqual(rows.source_id, head.id)
        self.assertEqual(rows.state, "answered")
        self._assert_no_drift(FEED)

    def test_deleted(self):
        """A deleted lead was no request."""
        lead = self._lead()
        ids = self._rows(lead).ids
        self._answer(lead)
        self.assertTrue(self._rows(lead).answer_ids)
        lead.with_user(self.user_crm).sudo().unlink()
        self.assertFalse(self.Interaction.search([("id", "in", ids)]))
        self.assertFalse(self.env["crm.customer.fulfilment"].search([("request_id", "in", ids)]))

    def test_contact_moved_merged_deleted(self):
        """Requests follow their contact, and hold none."""
        lead = self._lead()
        self.pilar.parent_id = self.other
        self.assertEqual(self._rows(lead).commercial_partner_id, self.other)
        twin = self._person(name="Pilar", parent_id=self.other.id)
        self.env["base.partner.merge.automatic.wizard"]._merge([twin.id, self.pilar.id], twin)
        self.assertEqual(self._rows(lead).partner_id, twin)
        self._assert_no_drift(FEED)
        ids = self._rows(lead).ids
        twin.unlink()
        self.assertFalse(lead.partner_id)
        self.assertFalse(self.Interaction.browse(ids).exists())
        self._assert_no_drift(FEED)

    # -- rights -------------------------------------------------------------------------

    def test_seen_without_the_document(self):
        """Who has no CRM sees that there was a request, and not the lead."""
        row = self._rows(self._lead())
        seen = self._as(self.user_customer, row)
        self.assertEqual(seen.subject, "Cubiertas para la flota")
        with self.assertRaises(UserError):
            seen.action_open_document()
        action = self._as(self.user_sales_all, row).action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", row.source_id))

    def test_entered_without_our_rights(self):
        """Leads are made by people, and by web forms, that know nothing of the customer file."""
        lead = (
            self.Lead.with_user(self.env.ref("base.public_user"))
            .sudo()
            .create({"name": "Web", "partner_id": self.pilar.id})
        )
        self.assertEqual(self._rows(lead).subject, "Web")
        portal = new_test_user(self.env, "cdb_crm_portal", groups="base.group_portal")
        lead.with_user(portal).sudo().name = "Web 2"
        self.assertEqual(self._rows(lead).subject, "Web 2")

    # -- the file -----------------------------------------------------------------------

    def test_in_the_file(self):
        """Whoever has an open lead is in the customer file, in the companies of the lead."""
        file = self.env["res.partner"].with_context(allowed_company_ids=self.company_a.ids)
        self.assertFalse(file.browse(self.other.id).customer_in_file)
        lead = self._lead(partner_id=self.other.id)
        self.env.cr.execute("DELETE FROM crm_customer_interaction")
        self.env.invalidate_all()
        self.assertTrue(file.browse(self.other.id).customer_in_file)
        self.assertIn(self.other, file.search([("customer_in_file", "=", True)]))
        other_company = file.with_context(allowed_company_ids=self.company_b.ids)
        self.assertFalse(other_company.browse(self.other.id).customer_in_file)
        lead.action_set_lost()
        self.assertEqual(self._rows(lead).state, "closed")
        self.env.cr.execute("DELETE FROM crm_customer_interaction")
        self.env.invalidate_all()
        self.assertFalse(file.browse(self.other.id).customer_in_file)

    # -- history ------------------------------------------------------------------------

    def test_backfill_and_audit(self):
        """Leads from before the installation come in; what is changed by SQL is found and mended."""
        lead, lost = self._lead(source_id=self.fair.id), self._lead()
        self._answer(lead)
        lost.action_set_lost()
        self._rows(lead).flush_recordset()
        self.env.cr.execute("DELETE FROM crm_customer_interaction")
        self.env.invalidate_all()
        state = self._state(FEED)
        state.action_backfill()
        self.assertTrue(state._backfill())
        self.assertRecordValues(
            self._rows(lead + lost),
            [{"source_id": lost.id, "state": "closed"}, {"source_id": lead.id, "state": "answered"}]
            if self._rows(lost).id < self._rows(lead).id
            else [{"source_id": lead.id, "state": "answered"}, {"source_id": lost.id, "state": "closed"}],
        )
        self.assertEqual(self._rows(lead).origin_id, self.origin)
        self.assertTrue(self._rows(lead).answer_ids)
        self.assertEqual(state._audit(), {FEED: []})
        self.env.cr.execute("UPDATE crm_customer_interaction SET state = 'closed' WHERE source_id = %s", [lead.id])
        self.env.invalidate_all()
        self.assertEqual(state._audit(), {FEED: lead.ids})
        state._audit(mend=True)
        self.assertEqual(self._rows(lead).state, "answered")

    def test_loop_is_one_statement(self):
        """A hundred leads made in a loop cost as many queries before the commit as one."""

        def cost(count):
            for number in range(count):
                self._lead(name=f"L{number}")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env.cr.precommit.run()
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertEqual(cost(100), cost(1))

    def test_import_of_command(self):
        """Tags and other details of a lead are nothing to look at."""
        lead = self._lead()
        self._rows(lead)
        self.env.cr.precommit.data.clear()
        lead.tag_ids = [Command.create({"name": "T"})]
        lead.flush_recordset()
        self.assertFalse(self.env.cr.precommit.data.get("crm_customer_db.pending", {}).get(FEED))
