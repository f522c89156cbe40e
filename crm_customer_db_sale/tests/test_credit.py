# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is ordered and not invoiced counts as exposure, once."""

from odoo import Command

from .common import SaleFeedCommon


class TestCredit(SaleFeedCommon):
    def _row(self, company=None):
        Metrics = self.env["crm.customer.metrics"]
        Metrics._drain()
        Metrics.invalidate_model()
        return Metrics.search(
            [
                ("commercial_partner_id", "=", self.customer.id),
                ("company_id", "=", (company or self.company_a).id),
            ]
        )

    def _parts(self):
        row = self._row()
        total = row.credit_not_due + row.credit_overdue + row.credit_draft + row.credit_to_invoice
        total += row.credit_in_course - row.credit_on_account
        self.assertAlmostEqual(row.credit_exposure, total, 2)
        return row.credit_to_invoice, row.credit_draft, row.credit_not_due + row.credit_overdue

    def test_from_quotation_to_invoice(self):
        """Nothing, ordered, draft, open: the same hundred goes through, never counted twice."""
        order = self._order(confirm=False)
        # a quotation makes a prospect, who owes nothing
        self.assertEqual((self._row().lifecycle, self._row().credit_exposure), ("prospect", 0))
        order.action_confirm()
        self.assertEqual(self._parts(), (100, 0, 0))
        invoice = self._bill(order, post=False)
        self.assertEqual(self._parts(), (0, 100, 0))
        invoice.action_post()
        self.assertEqual(self._parts(), (0, 0, 100))
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(self._parts(), (100, 0, 0))
        order._action_cancel()
        self.assertEqual(self._row().credit_exposure, 0)

    def test_delivered_later(self):
        """What is invoiced on delivery was promised all the same; more delivered is more owed."""
        self.part.invoice_policy = "delivery"
        order = self._order()
        self.assertEqual(self._parts(), (100, 0, 0))
        order.order_line.qty_delivered = 12
        self.assertEqual(self._parts(), (120, 0, 0))

    def test_with_tax(self):
        tax = self.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("company_id", "=", self.company_a.id)], limit=1
        )
        tax.amount = 21
        self._order(self._line(quantity=10, tax_ids=[Command.set(tax.ids)]))
        self.assertEqual(self._parts(), (121, 0, 0))

    def test_dollars(self):
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": self.dollar.id})
        self._order(pricelist_id=pricelist.id)
        self.assertEqual(self._parts(), (80, 0, 0))

    def test_down_payment(self):
        """What was paid down is invoiced already."""
        order = self._order()
        wizard = (
            self._sales(self.env["sale.advance.payment.inv"])
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard.create_invoices()
        self.assertEqual(self._parts(), (70, 30, 0))
        down = self._mine(order.invoice_ids)
        down.invoice_date = "2026-03-01"
        down.action_post()
        self.assertEqual(self._parts(), (70, 0, 30))
        self._bill(order, final=True)
        self.assertEqual(self._parts(), (0, 0, 100))

    def test_invoiced_to_another(self):
        """Whoever is invoiced owes it."""
        payer = self._partner(name="Central de compras")
        order = self._order(partner_invoice_id=payer.id)
        self.assertEqual(order.partner_invoice_id, payer)
        self.assertEqual(self._row().credit_exposure, 0)
        row = self.env["crm.customer.metrics"].search([("commercial_partner_id", "=", payer.id)])
        self.assertEqual(row.credit_to_invoice, 100)

    def test_rebuild(self):
        for _number in range(3):
            self._bill(self._order())
        self._row()
        self.assertFalse(any(self.env["crm.customer.metrics"]._rebuild(edges=False)))
