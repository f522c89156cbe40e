# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .mail_common import MailCommon

NOW = datetime(2026, 5, 4, 9, 12)


@freeze_time(NOW)
class TestCustomerLog(MailCommon):
    """What has just happened is entered in one go, and is one row."""

    def _log(self, user, /, *args, partner=None, companies=(), **kwargs):
        return self._as(user, partner or self.pilar, *companies)._customer_log(*args, **kwargs)

    def test_call_is_odoos_activity(self):
        """A call is a done activity of Odoo, in the chatter, and one row of the history."""
        row = self._log(self.user_sales_all, "call", "in", "Pregunta por los plazos")
        self.assertRecordValues(
            row,
            [
                {
                    "kind": "call",
                    "direction": "in",
                    "subject": "Pregunta por los plazos",
                    "partner_id": self.pilar.id,
                    "commercial_partner_id": self.firm.id,
                    "user_id": self.user_sales_all.id,
                    "company_id": self.company_a.id,
                    "date": NOW,
                    "source_model": "mail.activity",
                }
            ],
        )
        self.assertEqual(len(self.Interaction.search([("commercial_partner_id", "=", self.firm.id)])), 1)
        activity = self.env["mail.activity"].browse(row.source_id)
        self.assertEqual((activity.state, activity.res_id), ("done", self.pilar.id))
        self.assertEqual(activity.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        self.assertIn("Pregunta por los plazos", self.pilar.message_ids[0].body)
        self.assertEqual(self.pilar.message_ids[0].author_id, self.user_sales_all.partner_id)

    def test_visit_at_another_time(self):
        """A visit of last week, by a colleague, who is not told that he has work to do."""
        when = datetime(2026, 4, 28, 16, 30)
        before = self.env["mail.message"].search_count([("message_type", "=", "user_notification")])
        row = self._log(self.user_sales_all, "visit", summary="Fábrica", date=when, user=self.user_sales_own)
        self.assertRecordValues(
            row,
            [{"kind": "visit", "direction": "out", "date": when, "user_id": self.user_sales_own.id}],
        )
        self.assertEqual(self.env["mail.message"].search_count([("message_type", "=", "user_notification")]), before)

    def test_others_are_entries(self):
        """Letters and the like are interactions, complaints incidents with a deadline."""
        letter = self._log(self.user_sales_all, "letter", "in", "Condiciones", date=datetime(2026, 5, 1, 8))
        self.assertRecordValues(
            letter,
            [
                {
                    "kind": "letter",
                    "direction": "in",
                    "subject": "Condiciones",
                    "date": datetime(2026, 5, 1, 8),
                    "feed": "manual",
                    "state": False,
                    "user_id": self.user_sales_all.id,
                }
            ],
        )
        request = self._log(self.user_sales_all, "request", "in", "Catálogo")
        self.assertEqual((request.state, bool(request.deadline)), ("open", True))
        complaint = self._log(self.user_sales_all, "complaint", "in", "Llegó roto")
        self.assertEqual(complaint._name, "crm.customer.fulfilment")
        self.assertEqual((complaint.kind, complaint.subject, complaint.state), ("complaint", "Llegó roto", "open"))

    def test_who_may(self):
        """Users of the file, without any right to edit contacts; nobody else."""
        self.assertTrue(self._log(self.user_customer, "call"))
        self.assertTrue(self._log(self.user_customer, "letter"))
        for user in (self.user_employee, self.user_data_entry):
            for kind in ("call", "visit", "letter"):
                with self.subTest(user=user.login, kind=kind), self.assertRaises(AccessError), self.env.cr.savepoint():
                    self._log(user, kind)
        self.assertFalse(self.pilar.activity_ids)

    def test_customers_of_others(self):
        """A salesperson with own documents enters nothing for a colleague's customer."""
        self.assertTrue(self._log(self.user_sales_own, "call"))
        self.firm.user_id = self.user_sales_all
        for kind in ("call", "letter", "complaint"):
            with self.subTest(kind=kind), self.assertRaises(AccessError), self.env.cr.savepoint():
                self._log(self.user_sales_own, kind)

    def test_company_at_hand(self):
        """It happened in the company in which the user works."""
        for kind in ("call", "letter", "complaint"):
            row = self._log(self.user_sales_all, kind, companies=(self.company_b, self.company_a))
            self.assertEqual(row.company_id, self.company_b, kind)

    def test_impossible_date(self):
        """Nothing has happened in the future, or before 1900."""
        for kind in ("call", "letter"):
            for date in (datetime(2026, 6, 1), datetime(1812, 3, 19)):
                with self.subTest(kind=kind, date=date), self.assert_refused("can't be the date"):
                    self._log(self.user_sales_all, kind, date=date)

    def test_types_that_were_changed(self):
        """Where somebody has archived Odoo's type, another one of calls is taken; without any, a sentence."""
        self.env.ref("mail.mail_activity_data_call").active = False
        with self.assertRaisesRegex(UserError, "no activity type for “Call”"):
            self._log(self.user_sales_all, "call")
        own = self.env["mail.activity.type"].create({"name": "Llamada", "category": "phonecall"})
        row = self._log(self.user_sales_all, "call")
        self.assertEqual(self.env["mail.activity"].browse(row.source_id).activity_type_id, own)
