# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .mail_common import MailCommon

FEED = "crm.customer.feed.mail"
NOW = datetime(2026, 5, 4, 9, 12)


@freeze_time(NOW)
class TestMakeRequest(MailCommon):
    """A mail that somebody has to do something about becomes a request."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.customer_request_days = 3
        cls.mail = cls.firm.message_post(
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            body="Hola",
            subject="Cubiertas",
            author_id=cls.pilar.id,
            date=datetime(2026, 4, 1, 8),
        )
        cls.row = cls.Interaction.search([("source_ref", "=", f"mail.message,{cls.mail.id}")])

    def _make(self, user=None, row=None):
        row = self._as(user or self.user_sales_all, row or self.row)
        row.action_make_request()
        return row

    def _activity(self):
        return self.env["mail.activity"].search([("res_model", "=", self.row._name), ("res_id", "=", self.row.id)])

    def test_becomes_a_request(self):
        """It waits from today, for whoever made it one, with an activity; the mail is its document."""
        row = self._make()
        self.assertRecordValues(
            row,
            [
                {
                    "kind": "request",
                    "state": "open",
                    "direction": "in",
                    "subject": "Cubiertas",
                    "partner_id": self.pilar.id,
                    "date": datetime(2026, 4, 1, 8),
                    "deadline": date(2026, 5, 7),
                    "user_id": self.user_sales_all.id,
                }
            ],
        )
        self.assertRecordValues(
            self._activity(), [{"user_id": self.user_sales_all.id, "date_deadline": date(2026, 5, 7)}]
        )
        action = row.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.firm.id))

    def test_responsible(self):
        """The customer's salesperson is responsible."""
        self.firm.user_id = self.user_sales_own
        self.assertEqual(self._make().user_id, self.user_sales_own)

    def test_stays_one(self):
        """Whatever happens to the mail, the request stays, and stays one row."""
        row = self._make()
        self.mail.subject = "Otra cosa"
        self.env[FEED]._sync(self.mail.ids)
        self._assert_no_drift(FEED)
        self.assertEqual(self._rows(self.mail), self.row)
        self.assertEqual((row.kind, row.state, row.subject), ("request", "open", "Cubiertas"))
        self.mail.unlink()
        self.env[FEED]._sync(self.mail.ids)
        self.assertTrue(row.exists())

    def test_is_worked_off(self):
        """Who is responsible answers and corrects it like any other request."""
        row = self._make(self.user_customer)
        row.write({"subject": "Cubiertas de invierno", "deadline": "2026-05-05"})
        row._answer(note="Enviado")
        self.assertEqual((row.state, row.answered_on), ("answered", NOW))
        self.assertEqual(row.answer_ids.kind, "answer")
        self.assertFalse(self._activity())

    def test_only_mails_that_came_in(self):
        """Nothing else is made a request, a second time neither."""
        sent = self._rows(self._sent())
        letter = self.Interaction.create({"partner_id": self.firm.id, "kind": "letter"})
        imported = self.Interaction.create({"partner_id": self.firm.id, "kind": "email", "feed": "import"})
        for row in (sent, letter, imported, self._make()):
            with self.subTest(row=row.display_name), self.assertRaisesRegex(UserError, "Only e-mails from a customer"):
                self._make(row=row)

    def test_who_may(self):
        """Who may enter requests and see the mail; data entry does not see mails."""
        for user in (self.user_employee, self.user_data_entry):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._make(user)
        self.firm.user_id = self.user_sales_all
        with self.assertRaises(AccessError):
            self._make(self.user_sales_own)
        self.assertEqual(self.row.kind, "email")

    def test_two_companies(self):
        """Not from a company in which one is not working."""
        with self.assertRaises(AccessError):
            self._as(self.user_sales_all, self.row, self.company_b).action_make_request()

    def test_contact_is_kept(self):
        """A contact with a request that somebody works on is not deleted with its mails."""
        gone = self._person(name="Eva", email="eva@example.com")
        self._make(row=self._rows(self._received(gone, author=gone)))
        with self.assertRaisesRegex(UserError, "1 request"):
            gone.unlink()
