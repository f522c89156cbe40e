# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time

from .common import AccountFeedCommon


@freeze_time("2026-06-01 10:00:00")
class TestReturns(AccountFeedCommon):
    """Payments that the bank took back: what is booked, and what the customer file says."""

    def _receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    def _row(self, payment):
        return self._returned(payment)

    def test_cancelled(self):
        """A payment that was not in the bank yet is cancelled: the invoice is due again."""
        invoice = self._invoice(100, partner_id=self.buyer.id)
        payment = self._pay(invoice, "2026-03-31")
        back = self._bring_back(payment, "2026-04-08", reason="mandate", reason_text="MD01", charges=4.5)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 100))
        self.assertEqual((payment.state, payment.move_id.state), ("rejected", "cancel"))
        self.assertEqual((back.way, back.amount, back.amount_company, back.state), ("cancel", 100, 100, "done"))
        self.assertFalse(back.move_id or back.charges_move_id)
        row = self._row(payment)
        self.assertEqual((row.kind, row.reason, row.state, row.amount), ("unpaid", "returned", "open", 100))
        self.assertEqual((str(row.day), str(row.promised_on)), ("2026-04-08", "2026-03-31"))
        self.assertEqual((row.order_ref, row.user_id), (invoice.name, self.user_accountant))
        self.assertEqual(row.commercial_partner_id, self.customer)
        self.assertIn("MD01", row.reason_text)
        self.assertIn("4.50", row.note)
        self.assertIn("came back from the bank", invoice.message_ids[:1].body)
        self.assertIn("came back from the bank", payment.message_ids[:1].body)
        self.assert_in_step()

    def test_paid_again(self):
        """It ends on the day on which the invoice is paid again, and opens when that goes wrong."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        self._bring_back(payment, "2026-04-08")
        again = self._pay(invoice, "2026-04-20")
        row = self._row(payment)
        self.assertEqual((row.state, str(row.solved_on)), ("solved", "2026-04-20"))
        self._bring_back(again, "2026-05-04")
        self.assertEqual(self._row(payment).state, "open")
        self.assertEqual(self._row(again).state, "open")
        self.assert_in_step()

    def test_not_overdue_twice(self):
        """What had been paid in time was not overdue; from the return on the return is what is unpaid."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        self._bring_back(payment, "2026-05-08")
        self.assertFalse(self._overdue(invoice))
        self.assertEqual(self._row(payment).state, "open")
        late = self._invoice(100)
        payment = self._pay(late, "2026-05-05")
        self.assertEqual(str(self._overdue(late).solved_on), "2026-05-05")
        self._bring_back(payment, "2026-05-08")
        self.assertEqual((self._overdue(late).state, str(self._overdue(late).solved_on)), ("solved", "2026-05-05"))
        self._pay(late, "2026-05-20")
        self.assertEqual(str(self._overdue(late).solved_on), "2026-05-05")
        self.assertEqual(str(self._row(payment).solved_on), "2026-05-20")
        self.assert_in_step()

    def test_entry(self):
        """Money that was in the bank is taken back by an entry on the day of the return."""
        invoice = self._invoice(100)
        bank = self._journal("bank")
        bank.inbound_payment_method_line_ids.payment_account_id = bank.default_account_id
        payment = self._pay(invoice, "2026-03-31")
        self.assertTrue(payment.is_matched)
        back = self._bring_back(payment, "2026-04-08")
        self.assertEqual((back.way, back.move_id.state, str(back.move_id.date)), ("entry", "posted", "2026-04-08"))
        self.assertEqual(back.move_id.journal_id, bank)
        self.assertEqual(
            {line.account_id: line.balance for line in back.move_id.line_ids},
            {bank.default_account_id: -100, self._receivable(invoice).account_id: 100},
        )
        self.assertEqual((payment.move_id.state, payment.state), ("posted", "rejected"))
        self.assertTrue(self._receivable(payment.move_id).reconciled, "with the entry")
        self.assertTrue(self._receivable(back.move_id).reconciled)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 100))
        self.assertEqual(self._row(payment).state, "open")
        self._pay(invoice, "2026-04-20")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(str(self._row(payment).solved_on), "2026-04-20")
        self.assertFalse(payment.customer_can_return)
        self.assert_in_step()

    def test_bank_statement_stays_matched(self):
        """The bank transaction of the money that came in is left alone."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        outstanding = payment.move_id.line_ids - self._receivable(payment.move_id)
        transaction = self.env["account.bank.statement.line"].create(
            {"journal_id": self._journal("bank").id, "date": "2026-04-01", "payment_ref": "in", "amount": 100}
        )
        suspense = transaction._seek_for_lines()[1]
        suspense.account_id = outstanding.account_id
        (suspense + outstanding).reconcile()
        self.assertTrue(payment.is_matched)
        wizard = self._wizard(payment)
        self.assertIn("has been in the bank", wizard.why_entry)
        with self.assertRaisesRegex(ValidationError, "has been in the bank"):
            wizard.way = "cancel"
        wizard.way = "entry"
        wizard.action_confirm()
        self.assertTrue(outstanding.reconciled)
        back = payment.customer_return_ids.sudo()
        credit = back.move_id.line_ids - self._receivable(back.move_id)
        self.assertEqual((credit.account_id, credit.amount_residual), (outstanding.account_id, -100), "to be matched")
        self.assertEqual(invoice.payment_state, "not_paid")

    def _wizard(self, payment, **vals):
        return self._mine(self.env["crm.customer.payment.return.wizard"]).create(
            {"payment_id": payment.id, "date": "2026-04-08", **vals}
        )

    def test_closed_period(self):
        """In a closed period nothing is cancelled, and the entry comes after it."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        self.company_a.fiscalyear_lock_date = "2026-04-30"
        wizard = self._wizard(payment)
        self.assertEqual(wizard.way, "entry")
        self.assertIn("04/30/2026", wizard.why_entry)
        wizard.action_confirm()
        back = payment.customer_return_ids.sudo()
        self.assertGreater(str(back.move_id.date), "2026-04-30")
        self.assertEqual(str(back.date), "2026-04-08")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(payment.move_id.state, "posted")

    def test_charges_are_booked(self):
        """With an account the charges are booked, and the account is proposed the next time."""
        account = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company_a.ids)], limit=1
        )
        payment = self._pay(self._invoice(100), "2026-03-31")
        outstanding = payment.outstanding_account_id
        back = self._bring_back(payment, "2026-04-08", charges=4.5, charges_account_id=account)
        self.assertEqual(
            {line.account_id: line.balance for line in back.charges_move_id.line_ids}, {account: 4.5, outstanding: -4.5}
        )
        self.assertEqual((back.charges_move_id.state, str(back.charges_move_id.date)), ("posted", "2026-04-08"))
        self.assertEqual(self._wizard(self._pay(self._invoice(100), "2026-03-31")).charges_account_id, account)

    def test_several_invoices(self):
        """One return, one row: it ends with the last of its invoices, however that is settled."""
        invoices = self._invoice(100) + self._invoice(50)
        payment = self._pay(invoices, "2026-03-31")
        self.assertEqual(len(payment), 1)
        back = self._bring_back(payment, "2026-04-08")
        self.assertEqual(sorted(back.line_ids.mapped("amount_currency")), [50, 100])
        row = self._row(payment)
        self.assertEqual((row.amount, row.state), (150, "open"))
        self.assertEqual(row.order_ref, ", ".join(sorted(invoices.mapped("name"))))
        self._pay(invoices[0], "2026-04-20")
        self.assertEqual(self._row(payment).state, "open")
        credit = self._reverse(invoices[1], "2026-05-02")
        credit.action_post()
        (self._receivable(invoices[1]) + self._receivable(credit)).filtered(
            lambda line: not line.reconciled
        ).reconcile()
        self.assertEqual(invoices[1].payment_state, "reversed")
        row = self._row(payment)
        self.assertEqual((row.state, str(row.solved_on)), ("solved", "2026-05-02"))
        self.assert_in_step()

    def test_invoice_taken_back(self):
        """An invoice that is cancelled or reset needs no payment any more."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        self._bring_back(payment, "2026-04-08")
        invoice.button_draft()
        self.assertEqual(self._row(payment).state, "solved")
        invoice.invoice_line_ids.price_unit = 90
        invoice.action_post()
        self.assertEqual(self._row(payment).state, "open")
        self._pay(invoice, "2026-04-20")
        self.assertEqual((self._row(payment).state, str(self._row(payment).solved_on)), ("solved", "2026-04-20"))
        other = self._invoice(100)
        payment = self._pay(other, "2026-03-31")
        self._bring_back(payment, "2026-04-08")
        other.button_draft()
        other.with_context(force_delete=True).unlink()
        row = self._row(payment)
        self.assertEqual((row.state, row.amount), ("solved", 100))
        self.assert_in_step()

    def test_new_instalments(self):
        """An instalment that Odoo made anew is found by its invoice."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        back = self._bring_back(payment, "2026-04-08")
        back.sudo().line_ids.line_id = False
        self.assertEqual(self._row(payment).state, "open")
        self._pay(invoice, "2026-04-20")
        self.assertEqual((self._row(payment).state, str(self._row(payment).solved_on)), ("solved", "2026-04-20"))

    def test_payment_on_account(self):
        """A payment that had settled nothing leaves nothing open."""
        payment = self._mine(self.env["account.payment"]).create(
            {"partner_id": self.customer.id, "amount": 70, "date": "2026-03-31", "journal_id": self._journal("bank").id}
        )
        payment.action_post()
        self._bring_back(payment, "2026-04-08")
        row = self._row(payment)
        self.assertEqual((row.amount, row.state, str(row.solved_on)), (70, "solved", "2026-04-08"))
        self.assertFalse(row.order_ref)

    def test_foreign_currency(self):
        """The payment's amount in both currencies, at its own rate."""
        invoice = self._invoice(100, currency_id=self.dollar.id)
        self.env["res.currency.rate"].create(
            {"currency_id": self.dollar.id, "company_id": self.company_a.id, "name": "2026-03-15", "rate": 2}
        )
        payment = self._pay(invoice, "2026-03-31")
        self._bring_back(payment, "2026-04-08", way="entry")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertEqual(invoice.amount_residual_signed, 80, "the exchange difference is undone")
        row = self._row(payment)
        self.assertEqual((row.amount_currency, row.currency_id, row.amount), (100, self.dollar, 50))
        self.assert_in_step()

    def test_presented_again(self):
        """A cancelled payment that is confirmed once more may come back once more."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        self._bring_back(payment, "2026-04-08")
        payment.action_draft()
        payment.date = "2026-04-15"
        payment.action_post()
        (self._receivable(payment.move_id) + self._receivable(invoice)).reconcile()
        self.assertEqual(self._row(payment).state, "solved")
        self._bring_back(payment, "2026-04-22")
        rows = self._row(payment)
        self.assertEqual(rows.mapped(lambda row: str(row.day)), ["2026-04-08", "2026-04-22"])
        self.assertEqual(rows.mapped("state"), ["open", "open"])
        self.assertEqual(payment.customer_return_count, 2)

    def test_undo(self):
        """A return by mistake: everything is as it was, in both ways of booking."""
        for way in ("cancel", "entry"):
            with self.subTest(way=way):
                invoice = self._invoice(100)
                payment = self._pay(invoice, "2026-04-20")
                before = (payment.state, self._overdue(invoice).state, invoice.payment_state)
                back = self._bring_back(payment, "2026-05-08", way=way)
                self._mine(back).action_undo()
                self.assertEqual((payment.state, self._overdue(invoice).state, invoice.payment_state), before)
                self.assertFalse(self._row(payment))
                self.assertEqual(back.state, "undone")
                if way == "entry":
                    self.assertEqual(back.move_id.state, "cancel")
                with self.assertRaisesRegex(UserError, "undone already"):
                    self._mine(back).action_undo()
                self.assertTrue(payment.customer_can_return)
                self.assert_in_step()

    def test_undo_when_paid_again(self):
        """What has been paid again meanwhile stays paid; the payment is on account."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        back = self._bring_back(payment, "2026-04-08")
        self._pay(invoice, "2026-04-20")
        self._mine(back).action_undo()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self._receivable(payment.move_id).reconciled)

    def test_undo_of_a_changed_payment(self):
        """A payment that went another way is not touched."""
        payment = self._pay(self._invoice(100), "2026-03-31")
        back = self._bring_back(payment, "2026-04-08")
        payment.action_draft()
        with self.assertRaisesRegex(UserError, "has been changed"):
            self._mine(back).action_undo()

    def test_refused(self):
        """What can't have come back is refused with a sentence."""
        payment = self._pay(self._invoice(100), "2026-03-31")
        for words, vals in {
            "before it was made": {"date": "2026-03-30"},
            "lies in the future": {"date": "2026-06-02"},
            "can't be negative": {"charges": -1},
        }.items():
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self._wizard(payment, **vals)
        draft = self._mine(self.env["account.payment"]).create(
            {"partner_id": self.customer.id, "amount": 70, "journal_id": self._journal("bank").id}
        )
        outbound = self._pay(self._invoice(10, move_type="in_invoice"), "2026-03-31")
        for other in (draft, outbound):
            self.assertFalse(other.customer_can_return)
            with self.assertRaisesRegex(UserError, "Only a customer's payment"):
                other.action_customer_return()
        wizard, second = self._wizard(payment), self._wizard(payment)
        wizard.action_confirm()
        with self.assertRaisesRegex(UserError, "not returned yet"):
            second.action_confirm()

    def test_deleted_payment_is_kept(self):
        """The payment of a return can't be deleted, so the return keeps its ground."""
        payment = self._pay(self._invoice(100), "2026-03-31")
        self._bring_back(payment, "2026-04-08")
        payment.action_draft()
        with self.assertRaisesRegex(UserError, "so it is kept"):
            payment.unlink()
        self.assertTrue(self._row(payment))

    def test_other_company(self):
        """In the company of the payment, whichever the user has open."""
        invoice = self._invoice(100, company=self.company_b)
        payment = self._pay(invoice, "2026-03-31")
        back = self._bring_back(payment, "2026-04-08", way="entry")
        self.assertEqual((back.company_id, back.move_id.company_id), (self.company_b, self.company_b))
        self.assertEqual(self._row(payment).company_id, self.company_b)
        self.assertFalse(self._as(self.user_accountant, back, self.company_a).search([("id", "=", back.id)]))

    def test_moved_to_another_customer(self):
        """A merge of contacts takes the return along."""
        other = self._partner(name="Otra", email=self.customer.email)
        payment = self._pay(self._invoice(100), "2026-03-31")
        self._bring_back(payment, "2026-04-08")
        self.env["base.partner.merge.automatic.wizard"]._merge([self.customer.id, other.id], other)
        self.env.invalidate_all()
        self.assertEqual(self._row(payment).commercial_partner_id, other)
        self.assert_in_step()

    def test_rights(self):
        """Who invoices returns payments; nobody writes a return by hand, and others see only the row."""
        payment = self._pay(self._invoice(100), "2026-03-31")
        for user in (self.user_sales_all, self.user_manager):
            with self.assertRaises(AccessError):
                self._as(user, self.env["crm.customer.payment.return.wizard"]).create({"payment_id": payment.id})
        back = self._bring_back(payment, "2026-04-08")
        mine = self._mine(back)
        self.assertEqual(mine.read(["amount"])[0]["amount"], 100)
        for change in (
            lambda: mine.write({"amount": 1}),
            mine.unlink,
            mine.copy,
            lambda: mine.line_ids.write({"amount_currency": 1}),
        ):
            with self.assertRaises(AccessError):
                change()
        row = self._row(payment)
        seen = self._as(self.user_sales_own, row)
        self.assertEqual((seen.reason, seen.amount), ("returned", 100))
        with self.assertRaisesRegex(UserError, "not the document itself"):
            seen.action_open_document()
        for call in (
            lambda: self._as(self.user_sales_all, back).read(["amount"]),
            lambda: self._as(self.user_sales_all, back).action_undo(),
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(self._as(self.user_accountant, row).action_open_document()["res_id"], back.id)

    def test_screen(self):
        """The dialog says what will be due again, and keeps the way of booking where there is no choice."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        action = self._mine(payment).action_customer_return()
        form = Form(self._mine(self.env[action["res_model"]]).with_context(**action["context"]))
        self.assertEqual(form.invoice_ids.ids, invoice.ids)
        self.assertEqual((form.way, form.why_entry), ("cancel", False))

    def test_backfill(self):
        """Returns and arrears come in from history as they were."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-05-05")
        self._bring_back(payment, "2026-05-08")
        rows = self._row(payment) + self._overdue(invoice)
        names = ["day", "amount", "state", "solved_on", "order_ref", "reason", "reason_text", "promised_on"]
        before = [{name: row[name] for name in names} for row in rows]
        self.env.cr.execute("DELETE FROM crm_customer_fulfilment WHERE feed = 'account'")
        self.env.invalidate_all()
        for name in ("arrears", "return"):
            self._state(name).action_backfill()
            self._state(name)._backfill()
        rows = self._row(payment) + self._overdue(invoice)
        self.assertEqual([{name: row[name] for name in names} for row in rows], before)
