# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .common import AccountFeedCommon


class TestInvoices(AccountFeedCommon):
    """Lines of customer invoices, receipts and credit notes become purchases."""

    def test_line(self):
        """Everything that a line and its invoice say."""
        invoice = self._invoice({"quantity": 3, "price_unit": 100, "discount": 10}, partner_id=self.buyer.id)
        row = self._rows(invoice)
        self.assertEqual((row.amount, row.amount_invoiced, row.amount_currency), (270, 270, 270))
        self.assertEqual((row.quantity, row.product_id, row.categ_id), (3, self.product, self.category))
        self.assertEqual((row.partner_id, row.commercial_partner_id), (self.buyer, self.customer))
        self.assertEqual(
            (row.company_id, row.company_currency_id, row.currency_id), (self.company_a, self.euro, self.euro)
        )
        self.assertEqual(str(row.day), "2026-03-01")
        self.assertEqual(str(row.date), "2026-03-01 11:00:00", "noon in Madrid")
        self.assertEqual((row.order_ref, row.user_id), (invoice.name, self.user_accountant))
        self.assertEqual(row.source_ref, f"account.move.line,{invoice.invoice_line_ids.id}")
        self.assertEqual((row.is_head, row.order_amount), (True, 270))
        self.assert_in_step()

    def test_only_product_lines(self):
        """Taxes, sections, notes and the receivable are no purchases; discounts and gifts are."""
        tax = self._mine(self.env["account.tax"]).search(
            [("type_tax_use", "=", "sale"), ("company_id", "=", self.company_a.id)], limit=1
        )
        invoice = self._invoice(
            {"display_type": "line_section", "name": "Bearings", "product_id": False},
            {"price_unit": 100, "tax_ids": [Command.set(tax.ids)]},
            {"display_type": "line_note", "name": "Thank you", "product_id": False},
            {"price_unit": -20, "name": "Discount", "product_id": False},
            {"price_unit": 0, "name": "Gift"},
        )
        self.assertEqual(self._amounts(invoice), [-20, 0, 100])
        self.assertGreater(invoice.amount_total, 80, "there is a tax")

    def test_receipt(self):
        """A sales receipt counts; without a customer it is nobody's purchase."""
        receipt = self._invoice(55, move_type="out_receipt")
        self.assertEqual(self._amounts(receipt), [55])
        anonymous = self._invoice(55, move_type="out_receipt", partner_id=False)
        self.assertEqual(anonymous.state, "posted")
        self.assertFalse(self._rows(anonymous))
        self.assert_in_step()

    def test_credit_note(self):
        """A credit note is negative in both amounts, as are its quantities."""
        invoice = self._invoice(100, 40)
        credit = self._reverse(invoice, "2026-03-10")
        self.assertFalse(self._rows(credit), "a draft is nothing")
        credit.action_post()
        self.assertEqual(self._amounts(credit), [-100, -40])
        self.assertEqual(set(self._rows(credit).mapped("quantity")), {-1})
        self.assertEqual(sum(self._rows(invoice, credit).mapped("amount_invoiced")), 0)
        self.assertEqual(len(self._rows(invoice, credit).filtered("is_head")), 2)

    def test_reverse_and_invoice_again(self):
        """What was invoiced wrongly and anew counts once."""
        invoice = self._invoice(100)
        again = self._reverse(invoice, "2026-03-10", modify=True)
        again.invoice_line_ids.price_unit = 70
        again.action_post()
        credit = invoice.reversal_move_ids
        self.assertEqual(sum(self._rows(invoice, credit, again).mapped("amount")), 70)
        self.assert_in_step()

    def test_foreign_currency(self):
        """Amounts are the document's: nothing is converted anew when rates change."""
        invoice = self._invoice(100, 33.33, currency_id=self.dollar.id)
        row = self._rows(invoice)[0]
        self.assertEqual((row.amount_currency, row.currency_id, row.amount), (100, self.dollar, 80))
        self.dollar.rate_ids.rate = 2
        self.assert_in_step()
        self.assertEqual(sum(self._rows(invoice).mapped("amount")), -sum(invoice.invoice_line_ids.mapped("balance")))

    def test_draft_cancelled_deleted(self):
        """Only what is posted counts, and only as long as it is."""
        invoice = self._invoice(100, post=False)
        self.assertFalse(self._rows(invoice))
        invoice.action_post()
        self.assertEqual(self._amounts(invoice), [100])
        rows = self._rows(invoice)
        invoice.button_draft()
        self.assertFalse(self._rows(invoice))
        invoice.invoice_line_ids.write({"price_unit": 120})
        invoice.action_post()
        self.assertEqual(self._amounts(invoice), [120])
        self.assertFalse(rows.exists())
        invoice.button_cancel()
        self.assertFalse(self._rows(invoice))
        invoice.button_draft()
        gone = self._invoice(5)
        gone.button_draft()
        gone.with_context(force_delete=True).unlink()
        self.assertFalse(self._rows(invoice))
        self.assert_in_step()

    def test_reset_and_posted_in_one_go(self):
        """A script that corrects a posted invoice in one transaction: rows stay, values follow."""
        invoice = self._invoice(100)
        rows = self._rows(invoice)
        other_type = self.env["product.category"].create({"name": "Belts"})
        other = self._product(categ_id=other_type.id)
        invoice.button_draft()
        invoice.invoice_line_ids.write({"product_id": other.id, "price_unit": 90})
        invoice.action_post()
        self.env.flush_all()
        self.env["crm.customer.feed"]._sync_pending()
        self.assertEqual(self._rows(invoice), rows)
        self.assertEqual((rows.amount, rows.product_id, rows.categ_id), (90, other, other_type))

    def test_product_type_stays(self):
        """A product that is given another type changes nothing that was bought before."""
        invoice = self._invoice(100)
        self._rows(invoice)
        self.product.categ_id = self.env["product.category"].create({"name": "Belts"})
        invoice.button_draft()
        invoice.ref = "x"
        invoice.action_post()
        self.env.flush_all()
        self.env["crm.customer.feed"]._sync_pending()
        self.assertEqual(self._rows(invoice).categ_id, self.category)
        self.assert_in_step()

    def test_moved_to_another_customer(self):
        """The document decides whose purchase it is."""
        invoice = self._invoice(100)
        self.assertEqual(self._rows(invoice).commercial_partner_id, self.customer)
        other = self._partner(name="Otra")
        invoice.button_draft()
        invoice.partner_id = other
        invoice.action_post()
        self.assertEqual(self._rows(invoice).commercial_partner_id, other)
        self.assertEqual(self._rows(invoice).order_amount, 100)
        self.assert_in_step()

    def test_contact_archived_moved_and_merged(self):
        """Purchases stay with the contact, and follow it to another company."""
        invoice = self._invoice(100, partner_id=self.buyer.id)
        self.buyer.action_archive()
        self.assertEqual(self._rows(invoice).partner_id, self.buyer)
        other = self._partner(name="Otra")
        self.buyer.parent_id = other
        self.assertEqual(self._rows(invoice).commercial_partner_id, other)
        double = self._person(name="Pilar", email=self.buyer.email)
        self.env["base.partner.merge.automatic.wizard"]._merge([self.buyer.id, double.id], double)
        self.env.invalidate_all()
        self.assertEqual(self._rows(invoice).partner_id, double)
        self.assertEqual(self._rows(invoice).commercial_partner_id, double.commercial_partner_id)
        self.assertEqual(self._rows(invoice).order_amount, 100)
        self.assert_in_step()

    def test_companies_and_branch(self):
        """Each row belongs to the company of its invoice, a branch being one of its own."""
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company_a.id})
        self.env.cr.precommit.run()  # its accounts
        self.user_accountant.company_ids += branch
        mine = self._invoice(100)
        theirs = self._invoice(200, company=self.company_b)
        branches = self._invoice(300, company=branch + self.company_a)
        self.assertEqual(self._rows(mine).company_id, self.company_a)
        self.assertEqual(self._rows(theirs).company_id, self.company_b)
        self.assertEqual(branches.company_id, branch)
        self.assertEqual(self._rows(branches).company_id, branch)
        self.assertEqual(self._rows(branches).company_currency_id, self.euro)
        self.assert_in_step()

    def test_unit_of_the_product(self):
        """A dozen is twelve, as in Odoo's own analysis."""
        invoice = self._invoice(
            {"quantity": 2, "price_unit": 50, "product_uom_id": self.env.ref("uom.product_uom_dozen").id}
        )
        self.assertEqual((self._rows(invoice).quantity, self._rows(invoice).amount), (24, 100))

    def test_other_entries_are_nothing(self):
        """Bills and journal entries with a customer are no purchases."""
        bill = self._mine(self.env["account.move"]).create(
            {
                "move_type": "in_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [Command.create({"product_id": self.product.id, "price_unit": 9})],
            }
        )
        bill.action_post()
        self.assertFalse(self._rows(bill))

    def test_line_changed_while_posted(self):
        """What may still be changed on a posted invoice is followed."""
        invoice = self._invoice(100)
        self._rows(invoice)
        other = self.env["res.users"].browse(self.user_manager.id)
        invoice.invoice_user_id = other
        self.assertEqual(self._rows(invoice).user_id, other)
        invoice.invoice_line_ids.product_id = other = self._product()
        self.assertEqual(self._rows(invoice).product_id, other)
        self.assert_in_step()

    def test_payment_form(self):
        """How it is paid: what the accountant has said, else what the method's code means."""
        cash = self.env["account.journal"].create({"name": "Cash", "type": "cash", "code": "CSHX"})
        by_bank, by_cash = (journal.inbound_payment_method_line_ids[:1] for journal in (self._journal("bank"), cash))
        invoices = [self._invoice(100, preferred_payment_method_line_id=line.id) for line in (by_bank, by_cash)]
        self.assertEqual(self._rows(*invoices).mapped("payment_form"), ["transfer", "cash"])
        by_bank.customer_payment_form = "direct_debit"
        later = self._invoice(100, preferred_payment_method_line_id=by_bank.id)
        self.assertEqual(self._rows(later).payment_form, "direct_debit")
        self._state()._backfill()
        self._state().action_mend()
        self.assertEqual(self._rows(invoices[0]).payment_form, "direct_debit", "in the night")
        self.assertFalse(self._rows(self._invoice(1)).payment_form)

    def test_backfill(self):
        """Invoices from before the installation come in, and a second time changes nothing."""
        invoices = [self._invoice(100 + number, 50) for number in range(3)] + [self._invoice(9, post=False)]
        amounts = self._amounts(*invoices)
        self.env.cr.execute("DELETE FROM crm_customer_purchase WHERE feed = 'account'")
        self.env.invalidate_all()
        state = self._state()
        state.action_backfill()
        self.assertTrue(state._backfill())
        self.assertEqual(self._amounts(*invoices), amounts)
        ids = self._rows(*invoices).ids
        state.action_backfill()
        state._backfill()
        self.assertEqual(self._rows(*invoices).ids, ids)

    def test_audit(self):
        """What was changed behind its back is found by document, and mended."""
        invoice, other = self._invoice(100), self._invoice(200)
        state = self._state()
        state._backfill()
        rows = self._rows(invoice, other)
        rows.flush_recordset()
        self.env.cr.execute("UPDATE crm_customer_purchase SET amount = 1 WHERE id = %s", [rows[0].id])
        self.env.cr.execute("DELETE FROM crm_customer_purchase WHERE id = %s", [rows[1].id])
        self.env.invalidate_all()
        self.assertEqual(state._audit(), {state.name: [invoice.id, other.id]})
        state.action_mend()
        self.assertEqual(self._amounts(invoice, other), [100, 200])

    def test_document(self):
        """The accountant opens the invoice; a salesperson sees that it was, and a sentence."""
        invoice = self._invoice(100)
        row = self._rows(invoice)
        action = self._as(self.user_accountant, row).action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", invoice.id))
        seen = self._as(self.user_sales_own, row)
        self.assertEqual(seen.amount, 100)
        with self.assertRaisesRegex(Exception, "not the document itself"):
            seen.action_open_document()
