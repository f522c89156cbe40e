# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from freezegun import freeze_time

from ..models.crm_customer_feed import PENDING
from .mail_common import MailCommon

FEED = "crm.customer.feed.mail.activity"
CALL, VISIT = "mail.mail_activity_data_call", "crm_customer_db.mail_activity_type_visit"


class TestFeedMailActivity(MailCommon):
    """Calls and visits that are done are interactions, whichever way they were entered."""

    def _planned(self, kind=CALL, record=None, user=None, **vals):
        record = self._as(user or self.user_sales_all, record or self.pilar)
        return record.activity_schedule(kind, **{"summary": "Neumáticos de invierno", **vals})

    @freeze_time("2026-03-31 22:30:00")
    def test_done(self):
        """A planned call is nothing yet; done, it is a call at that moment."""
        call = self._planned()
        self.assertFalse(self._rows(call))
        call.action_feedback(feedback="Pide precio")
        self.assertRecordValues(
            self._rows(call),
            [
                {
                    "kind": "call",
                    "direction": "out",
                    "state": False,
                    "subject": "Neumáticos de invierno",
                    "partner_id": self.pilar.id,
                    "commercial_partner_id": self.firm.id,
                    "user_id": self.user_sales_all.id,
                    "company_id": self.company_a.id,
                    "date": datetime(2026, 3, 31, 22, 30),
                    "feed": "mail",
                    "source_ref": f"mail.activity,{call.id}",
                }
            ],
        )
        self.assertEqual(str(self._rows(call).day), "2026-04-01")
        messages = self.pilar.message_ids.filtered("mail_activity_type_id")
        self.assertEqual(len(messages), 1)
        self.assertFalse(self._rows(messages), "the note in the chatter is no second row")

    def test_kinds(self):
        """Calls and visits by the category of their type, custom ones too; everything else is work."""
        Type = self.env["mail.activity.type"]
        own = {name: Type.create({"name": name, "category": name}) for name in ("phonecall", "visit")}
        for kind, activity in (
            ("call", self._planned()),
            ("visit", self._planned(VISIT)),
            ("call", self._planned(activity_type_id=own["phonecall"].id)),
            ("visit", self._planned(activity_type_id=own["visit"].id)),
            (False, self._planned("mail.mail_activity_data_todo")),
            (False, self._planned("mail.mail_activity_data_email")),
            (False, self._planned("mail.mail_activity_data_meeting")),
        ):
            activity.action_feedback()
            self.assertEqual(self._rows(activity).kind, kind, activity.activity_type_id.name)

    def test_words(self):
        """Without a summary, the first words of the feedback."""
        call = self._planned(summary=False)
        call.action_feedback(feedback="Llamar otra vez\nen mayo")
        self.assertEqual(self._rows(call).subject, "Llamar otra vez en mayo")

    def test_undone_and_deleted(self):
        """A call that is taken back or deleted has not happened."""
        call = self._planned()
        call.action_feedback()
        self.assertTrue(self._rows(call))
        call.active = True
        self.assertFalse(self._rows(call))
        self.assertFalse(call.customer_done_on)
        call.action_archive()
        self.assertTrue(self._rows(call))
        call.unlink()
        self.assertFalse(self.Interaction.search([("source_ref", "=", f"mail.activity,{call.id}")]))

    def test_cancelled(self):
        """A planned call that is cancelled leaves nothing."""
        call = self._planned()
        call.action_cancel()
        self.assertFalse(self.Interaction.search([("source_ref", "=", f"mail.activity,{call.id}")]))

    def test_corrected(self):
        """What is corrected afterwards is corrected here."""
        call = self._planned()
        call.action_feedback()
        call.sudo().write(
            {"summary": "Frenos", "user_id": self.user_sales_own.id, "activity_type_id": self.env.ref(VISIT).id}
        )
        self.assertRecordValues(
            self._rows(call), [{"subject": "Frenos", "user_id": self.user_sales_own.id, "kind": "visit"}]
        )

    def test_moved_to_another_document(self):
        """An activity that is moved away from customers takes its row along."""
        call = self._planned()
        call.action_feedback()
        self.assertTrue(self._rows(call))
        call.sudo().write({"res_model_id": self.env["ir.model"]._get_id("utm.campaign"), "res_id": 1})
        self.assertFalse(self._rows(call))

    def test_nobody_of_ours(self):
        """A call with one of our own people is none with a customer."""
        call = self._planned(record=self.user_sales_own.partner_id)
        call.action_feedback()
        self.assertFalse(self._rows(call))

    def test_company(self):
        """The contact's company, else the one at hand when it was done."""
        call = self._as(self.user_sales_all, self.pilar, self.company_b).activity_schedule(CALL)
        call.action_feedback()
        self.assertEqual(self._rows(call).company_id, self.company_b)
        self.pilar.company_id = self.company_a
        self.env[FEED]._sync(call.ids)
        self.assertEqual(self._rows(call).company_id, self.company_a)

    def test_done_by_a_program(self):
        """Of what nobody at work has done, the company of the responsible."""
        call = self._planned()
        call.with_user(self.env.ref("base.public_user")).sudo().action_feedback()
        self.assertFalse(call.customer_company_id)
        self.assertEqual(self._rows(call).company_id, self.user_sales_all.company_id)

    def test_history(self):
        """Calls from before the installation have only a day: they stand at noon."""
        call = self._planned()
        call.action_feedback()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_activity SET customer_done_on = NULL, customer_company_id = NULL, date_done = '2025-01-15'"
            " WHERE id = %s",
            [call.id],
        )
        self.env.cr.execute("DELETE FROM crm_customer_interaction WHERE source_model = 'mail.activity'")
        self.env.invalidate_all()
        state = self._state(FEED)
        state.action_backfill()
        state._backfill()
        row = self._rows(call)
        self.assertEqual((str(row.day), str(row.date)), ("2025-01-15", "2025-01-15 11:00:00"))
        self._assert_no_drift(FEED)

    def test_audit(self):
        """What was changed by SQL is found and mended."""
        call = self._planned()
        call.action_feedback()
        self._rows(call).flush_recordset()
        self.env.cr.execute("UPDATE crm_customer_interaction SET kind = 'visit' WHERE source_id = %s", [call.id])
        self.env.invalidate_all()
        state = self._state(FEED)
        state.state = "done"
        self.assertEqual(state._audit(), {FEED: call.ids})
        state._audit(mend=True)
        self.assertEqual(self._rows(call).kind, "call")

    def test_deleted_contact(self):
        """Calls go with the contact; they don't hold him."""
        gone = self._person(name="Eva")
        call = self._planned(record=gone)
        call.action_feedback()
        ids = self._rows(call).ids
        self.assertTrue(ids)
        gone.unlink()
        self.assertFalse(self.Interaction.browse(ids).exists())
        self._assert_no_drift(FEED)

    def test_merged_contact(self):
        """Calls follow a contact that is merged into another."""
        call = self._planned()
        call.action_feedback()
        ids = self._rows(call).ids
        twin = self._person(name="Pilar", parent_id=self.firm.id)
        self.env["base.partner.merge.automatic.wizard"]._merge([twin.id, self.pilar.id], twin)
        self.assertRecordValues(self._rows(call), [{"id": ids[0], "partner_id": twin.id}])
        self._assert_no_drift(FEED)

    def test_work_of_others_costs_nothing(self):
        """Activities on anything else than customers are not even looked at."""
        product = self.env["product.template"].create({"name": "P"})
        vals = {
            "res_model_id": self.env["ir.model"]._get_id("product.template"),
            "res_id": product.id,
            "activity_type_id": self.env.ref(CALL).id,
            "user_id": self.env.uid,
        }
        call = self.env["mail.activity"].create(vals)
        self.env.flush_all()
        self.env.cr.precommit.run()
        call.write({"active": False})
        self.env.flush_all()
        self.assertNotIn(FEED, self.env.cr.precommit.data.get(PENDING, {}))
