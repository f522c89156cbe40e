# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .common import SaleFeedCommon


class TestInvoices(SaleFeedCommon):
    """An invoice line belongs to its order or stands for itself, never both."""

    def _own(self, invoice):
        """Purchases that an invoice stands for itself."""
        return self.Purchase.search([("feed", "=", "account"), ("source_id", "in", invoice.ids)])

    def test_invoice_of_an_order(self):
        order = self._order()
        invoice = self._bill(order)
        self.assertFalse(self._own(invoice))
        self.assertEqual(self._amounts(order), (100, 100))
        credit = self._credit(invoice, quantity=1)
        self.assertFalse(self._own(credit))

    def test_line_added_to_the_invoice(self):
        """What is written onto the invoice of an order is a purchase of the invoice."""
        order = self._order()
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids = [
            Command.create(
                {"product_id": self.service.id, "quantity": 1, "price_unit": 40, "tax_ids": [Command.clear()]}
            )
        ]
        invoice.action_post()
        self.assertEqual(self._own(invoice).mapped("amount"), [40])
        self.assertEqual(self._amounts(order), (100, 100))

    def test_order_deleted(self):
        """The invoice of an order that is deleted is a purchase of its own from then on."""
        order = self._order()
        invoice = self._bill(order)
        order._action_cancel()
        self.assertEqual(self._amounts(order), (0, 100))
        gone = order.id
        order.with_user(self.user_manager).sudo().unlink()
        self.assertFalse(self.Purchase.search([("feed", "=", "sale"), ("source_id", "=", gone)]))
        self.assertEqual(self._own(invoice).mapped("amount"), [100])
        self.assert_no_drift()

    def test_linked_and_unlinked(self):
        """A posted line that is linked to an order later moves to it. Taken from the order
        again, which no button of Odoo's does, it is found by the nightly comparison."""
        order = self._order()
        invoice = self._invoice(100)
        self.assertEqual(self._own(invoice).mapped("amount"), [100])
        invoice.sudo().invoice_line_ids.sale_line_ids = order.order_line.sudo()
        self.assertFalse(self._own(invoice))
        self.assertEqual(self._amounts(order), (100, 100))
        order.sudo().order_line.invoice_lines = [Command.clear()]
        self.assertEqual(self._amounts(order), (100, 0))
        self._state()._audit(mend=True)
        self.assertEqual(self._own(invoice).mapped("amount"), [100])

    def test_other_entries_are_not_asked_about(self):
        """What invoices nobody does not make this feed look for orders."""
        feed = self.env["crm.customer.feed.sale.purchase"]
        bill = self.env["account.move"].new({"move_type": "in_invoice"})
        entry = self._invoice(10)
        self.assertTrue(feed._relevant_changes(entry, {"state"}))
        bill = self._mine(self.env["account.move"]).create({"move_type": "entry", "date": "2026-03-01"})
        self.assertFalse(feed._relevant_changes(bill, {"state"}))
        self.assertFalse(feed._relevant(entry.invoice_line_ids))

    def test_down_payment(self):
        """Down payments are no purchase; the invoice that deducts them counts in full."""
        order = self._order(self._line(quantity=10), self._line(self.other_part, quantity=2))
        wizard = (
            self._sales(self.env["sale.advance.payment.inv"])
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 20})
        )
        wizard.create_invoices()
        down = self._mine(order.invoice_ids)
        down.invoice_date = "2026-03-01"
        down.action_post()
        self.assertEqual(sum(down.invoice_line_ids.mapped("price_subtotal")), 30)
        self.assertFalse(self._own(down))
        self.assertEqual(len(self._rows(order)), 2)
        self.assertEqual(self._amounts(order), (150, 0))
        row = self.Bridge.search([("order_id", "=", order.id)])
        self.assertEqual((row.down_payment, row.to_invoice), (30, 150))
        final = self._bill(order, final=True)
        self.assertEqual(final.amount_untaxed, 120)
        self.assertFalse(self._own(final))
        self.assertEqual(self._amounts(order), (150, 150))
        self.Bridge.invalidate_model()
        self.assertEqual((row.down_payment, row.to_invoice), (0, 0))
        self.assert_no_drift()
