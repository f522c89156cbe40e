# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import freeze_time

from .common import AccountFeedCommon


class TestPast(AccountFeedCommon):
    """How a customer's credit stood on a past day, by what had been invoiced and paid until then."""

    def _past(self, user, day, customer=None):
        dialog = self._as(user, self.env["crm.customer.past"])
        return dialog.create(
            {"partner_id": (customer or self.customer).id, "company_id": self.company_a.id, "day": day}
        )

    def test_red_until_paid(self):
        """Nothing before there was anything, good before it was due, red while it was long overdue, good again: not what it is today."""
        self.company_a.write({"customer_credit_red_days": 60, "customer_credit_amber_amount": 50})
        self._invoice(100, invoice_date="2026-01-01", invoice_date_due="2026-01-31")
        paid = self._invoice(500, invoice_date="2026-01-10", invoice_date_due="2026-02-01")
        self._pay(paid, "2026-05-05")
        self._pay(self.env["account.move"].search([("amount_total", "=", 100)]), "2026-02-03")
        self.env["crm.customer.metrics"]._drain()
        with freeze_time("2026-06-15"):
            found = {
                day: self._past(self.user_accountant, day).credit_status
                for day in ("2025-12-31", "2026-01-20", "2026-02-20", "2026-04-20", "2026-05-06")
            }
        self.assertEqual(
            found,
            {
                "2025-12-31": False,
                "2026-01-20": "green",
                "2026-02-20": "amber",
                "2026-04-20": "red",
                "2026-05-06": "green",
            },
        )

    def test_words_by_right(self):
        """Accounting reads amounts, others in words; a private person's credit is for Accounting only."""
        person = self._person(name="Solo")
        for customer in (self.customer, person):
            self._invoice(500, invoice_date="2026-01-10", invoice_date_due="2026-02-01", partner_id=customer.id)
        self.env["crm.customer.metrics"]._drain()
        with freeze_time("2026-06-15"):
            accountant, reader, private = (
                self._past(user, "2026-04-20", customer)
                for user, customer in (
                    (self.user_accountant, self.customer),
                    (self.user_customer, self.customer),
                    (self.user_customer, person),
                )
            )
            self.assertEqual((accountant.credit_status, reader.credit_status), ("red", "red"))
            self.assertIn("500", accountant.credit_words)
            self.assertNotIn("500", reader.credit_words or "")
            self.assertEqual(private.credit_status, "none")
            self.assertFalse(private.credit_words)
