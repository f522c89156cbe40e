# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time

from .common import AccountFeedCommon


@freeze_time("2026-06-01 10:00:00")
class TestArrears(AccountFeedCommon):
    """What was not paid when the days of grace were over, and when it was.

    Invoices are due on 2026-03-31, so they are overdue from 2026-04-16 on.
    """

    def _summary(self, *invoices):
        return [(row.amount, str(row.day), row.state, str(row.solved_on or "")) for row in self._overdue(*invoices)]

    def test_unpaid(self):
        """A row with what is owed, on the first day after the grace."""
        invoice = self._invoice(100, partner_id=self.buyer.id)
        row = self._overdue(invoice)
        self.assertEqual((row.kind, row.reason, row.state, row.amount), ("unpaid", "overdue", "open", 100))
        self.assertEqual(
            (str(row.day), str(row.promised_on), str(row.ordered_on)), ("2026-04-16", "2026-03-31", "2026-03-01")
        )
        self.assertEqual((row.partner_id, row.commercial_partner_id), (self.buyer, self.customer))
        self.assertEqual((row.order_ref, row.user_id), (invoice.name, self.user_accountant))
        self.assertFalse(row.solved_on)
        self.assert_in_step()

    def test_not_yet(self):
        """Within the grace nothing is overdue; the night in which it ends finds it."""
        invoice = self._invoice(100, invoice_date_due="2026-05-17")
        self.assertFalse(self._overdue(invoice))
        with freeze_time("2026-06-02 10:00:00"):
            self.assertFalse(self._overdue(invoice))
            feed = self.env["crm.customer.feed.account.arrears"]
            for days in range(2):
                due = [move for (move,) in self.env.execute_query(feed._due(date(2026, 6, 2)))]
                self.assertEqual(invoice.id in due, not days, "only once")
                feed._sync(due, date(2026, 6, 2))
            self.assertEqual(self._summary(invoice), [(100, "2026-06-02", "open", "")])
            self.assert_in_step()

    def test_paid_in_time(self):
        """What was paid within the grace was never overdue."""
        invoice = self._invoice(100)
        self._pay(invoice, "2026-04-15")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self._overdue(invoice))
        self.assert_in_step()

    def test_paid_late(self):
        """Paid 40 days late: the row stays, with its end, also when it comes from history."""
        invoice = self._invoice(100)
        self.assertEqual(self._summary(invoice), [(100, "2026-04-16", "open", "")])
        self._pay(invoice, "2026-05-10")
        paid = [(100, "2026-04-16", "solved", "2026-05-10")]
        self.assertEqual(self._summary(invoice), paid)
        self.env.cr.execute("DELETE FROM crm_customer_fulfilment WHERE feed = 'account'")
        self.env.invalidate_all()
        state = self._state("arrears")
        state.action_backfill()
        state._backfill()
        self.assertEqual(self._summary(invoice), paid)
        self.assert_in_step()

    def test_paid_in_parts(self):
        """What was paid in time lowers the amount; the last part ends it."""
        invoice = self._invoice(100)
        self._pay(invoice, "2026-04-01", 30)
        self.assertEqual(self._summary(invoice), [(70, "2026-04-16", "open", "")])
        self._pay(invoice, "2026-05-02", 50)
        self.assertEqual(self._summary(invoice), [(70, "2026-04-16", "open", "")])
        self._pay(invoice, "2026-05-20")
        self.assertEqual(self._summary(invoice), [(70, "2026-04-16", "solved", "2026-05-20")])
        self.assert_in_step()

    def test_payment_taken_off(self):
        """When a payment is taken off the invoice, it is owed as if it had not come."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-05-10")
        self.assertEqual(self._overdue(invoice).state, "solved")
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self._summary(invoice), [(100, "2026-04-16", "open", "")])
        self._pay(invoice, "2026-05-11")
        self.assertEqual(self._summary(invoice), [(100, "2026-04-16", "solved", "2026-05-11")])
        self.assert_in_step()

    def test_payment_date_corrected(self):
        """The day of the payment counts, also when it is corrected later."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-05-10")
        payment.action_draft()
        payment.date = "2026-04-02"
        payment.action_post()
        invoice.js_assign_outstanding_line(payment.move_id.line_ids.filtered("credit").id) if (
            invoice.payment_state != "paid"
        ) else None
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self._overdue(invoice))
        self.assert_in_step()

    def test_instalments(self):
        """Each instalment has its own due date, and its own row."""
        term = self.env["account.payment.term"].create(
            {
                "name": "half now, half later",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 10}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 60}),
                ],
            }
        )
        invoice = self._invoice(100, invoice_payment_term_id=term.id)
        self.assertEqual(self._summary(invoice), [(50, "2026-03-27", "open", ""), (50, "2026-05-16", "open", "")])
        self._pay(invoice, "2026-04-30", 50)
        self.assertEqual(
            self._summary(invoice), [(50, "2026-03-27", "solved", "2026-04-30"), (50, "2026-05-16", "open", "")]
        )
        self.assert_in_step()

    def test_credited(self):
        """A credit note within the grace: never overdue. A later one ends it, and is named."""
        invoice = self._invoice(100)
        self._reverse(invoice, "2026-04-10").action_post()
        self._reconcile(invoice, invoice.reversal_move_ids)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertFalse(self._overdue(invoice))
        late = self._invoice(100)
        self._reverse(late, "2026-05-10").action_post()
        self._reconcile(late, late.reversal_move_ids)
        self.assertEqual(self._summary(late), [(100, "2026-04-16", "solved", "2026-05-10")])
        self.assertEqual(self._overdue(late).reason_text, late.reversal_move_ids.name)
        self.assertFalse(self._overdue(invoice.reversal_move_ids), "a credit note is owed by us")
        self.assert_in_step()

    def _reconcile(self, *moves):
        lines = self.env["account.move.line"]
        for move in moves:
            lines += move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        open_lines = lines.filtered(lambda line: not line.reconciled)
        if open_lines:
            open_lines.reconcile()

    def test_partly_credited(self):
        """A credit note for a part of it, in time, leaves the rest."""
        invoice = self._invoice(100)
        credit = self._invoice(40, move_type="out_refund", invoice_date="2026-04-01")
        self._reconcile(invoice, credit)
        self.assertEqual(self._summary(invoice), [(60, "2026-04-16", "open", "")])
        self.assertFalse(self._overdue(invoice).reason_text)

    def test_reset_to_draft(self):
        """A draft is owed by nobody; posted again it is as overdue as before."""
        invoice = self._invoice(100)
        self.assertTrue(self._overdue(invoice))
        invoice.button_draft()
        self.assertFalse(self._overdue(invoice))
        invoice.invoice_date_due = "2026-05-31"
        invoice.action_post()
        self.assertFalse(self._overdue(invoice))
        invoice.button_draft()
        invoice.invoice_date_due = "2026-04-30"
        invoice.action_post()
        self.assertEqual(self._summary(invoice), [(100, "2026-05-16", "open", "")])
        invoice.button_cancel()
        self.assertFalse(self._overdue(invoice))
        self.assert_in_step()

    def test_due_date_put_off(self):
        """A due date that is put off on a posted invoice takes the row away."""
        invoice = self._invoice(100)
        self.assertTrue(self._overdue(invoice))
        line = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        line.date_maturity = "2026-05-31"
        self.assertFalse(self._overdue(invoice))
        self.assert_in_step()

    def test_foreign_currency(self):
        """In the invoice's currency, and in the company's at the invoice's rate."""
        invoice = self._invoice(100, currency_id=self.dollar.id)
        self.env["res.currency.rate"].create(
            {"currency_id": self.dollar.id, "company_id": self.company_a.id, "name": "2026-04-01", "rate": 2}
        )
        payment = self._pay(invoice, "2026-04-02", 25)
        self.assertEqual(payment.currency_id, self.dollar)
        row = self._overdue(invoice)
        self.assertEqual((row.amount_currency, row.currency_id, row.amount), (75, self.dollar, 60))
        self._pay(invoice, "2026-05-10")
        self.assertEqual(invoice.payment_state, "paid")
        row = self._overdue(invoice)
        self.assertEqual((row.amount_currency, row.amount, row.state), (75, 60, "solved"))
        self.assertEqual(str(row.solved_on), "2026-05-10")
        self.assert_in_step()

    def test_receipt_and_bill(self):
        """A receipt that is not paid can be overdue; what we owe can't."""
        receipt = self._invoice(55, move_type="out_receipt", invoice_date_due="2026-03-01")
        self.assertEqual(self._summary(receipt), [(55, "2026-03-17", "open", "")])
        self.assertFalse(self._overdue(self._invoice(55, move_type="in_invoice")))

    def test_grace(self):
        """Another number of days works its way through the history in the background."""
        invoice, other = self._invoice(100), self._invoice(200)
        self._pay(other, "2026-04-10")
        self.assertEqual(self._summary(invoice, other), [(100, "2026-04-16", "open", "")])
        state = self._state("arrears")
        state._backfill()
        job = [("cron_id", "=", self.env.ref("crm_customer_db.ir_cron_feed_backfill").id)]
        self.env["ir.cron.trigger"].search(job).unlink()
        self.company_a.customer_unpaid_grace_days = 5
        self.assertTrue(self.env["ir.cron.trigger"].search(job))
        self.assertEqual(state.state, "waiting")
        state._backfill()
        self.assertEqual(
            self._summary(invoice, other),
            [(100, "2026-04-06", "open", ""), (200, "2026-04-06", "solved", "2026-04-10")],
        )
        for wrong in (-1, 400):
            with self.assertRaises(ValidationError):
                self.company_a.customer_unpaid_grace_days = wrong

    def test_branch_waits_as_its_company(self):
        """The grace is that of the company of which the branch is one."""
        self.company_a.customer_unpaid_grace_days = 3
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company_a.id})
        self.assertEqual(branch.customer_unpaid_grace_days, 3)
        self.company_a.customer_unpaid_grace_days = 4
        self.assertEqual(branch.customer_unpaid_grace_days, 4)

    def test_no_query_for_what_is_not_due(self):
        """Payments of what is not yet due are none of our business, and cost nothing."""
        invoice = self._invoice(100, invoice_date="2026-05-30", invoice_date_due="2026-06-30")
        self._overdue(invoice)
        line = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertTrue(line.date_maturity)
        feed = self.env["crm.customer.feed.account.arrears"]
        self._pay(invoice, "2026-05-31")
        part = line.matched_credit_ids
        self.assertTrue(part)
        self.assertFalse(feed._relevant_changes(part, {"max_date"}))
        self.assertFalse(self._overdue(invoice))
        self.assert_in_step()
