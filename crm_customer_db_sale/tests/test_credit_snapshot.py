# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders keep how their customer stood when they were confirmed."""

from odoo import Command

from .common import SaleFeedCommon


class TestCreditSnapshot(SaleFeedCommon):
    def _kept(self, *orders):
        return self.env["crm.customer.credit.snapshot"].search(
            [("document_model", "=", "sale.order"), ("document_id", "in", [order.id for order in orders])], order="id"
        )

    def _bought(self, order):
        return self.env["crm.customer.purchase"].search(
            [("source_model", "=", "sale.order"), ("source_id", "=", order.id)]
        )

    def test_confirmed(self):
        """What was ordered before counts, the order itself does not; its purchases say the same."""
        one, two = self._order(), self._order()
        self.assertEqual((self._kept(one).credit_exposure, self._kept(one).amount), (0, 100))
        self.assertEqual((self._kept(two).credit_exposure, self._kept(two).user_id), (100, two.user_id))
        self.assertEqual(self._bought(two).mapped("credit_status"), [self._kept(two).credit_status])
        self.assertFalse(self._kept(self._order(confirm=False)))

    def test_confirmed_once_more(self):
        """Cancelled and confirmed again, it is sold again: the last line counts, the first stays."""
        order = self._order()
        order._action_cancel()
        order.action_draft()
        self.customer.trust = "bad"
        order.action_confirm()
        self.assertEqual(self._kept(order).mapped("credit_status"), ["none", "red"])
        self.assertEqual(self._bought(order).mapped("credit_status"), ["red"])

    def test_invoice_of_an_order(self):
        """It was sold by the order; a line of its own is a sale."""
        order = self._order()
        invoice = self._bill(order, post=False)
        invoice.action_post()
        own = self._bill(self._order(), post=False)
        own.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        {"product_id": self.part.id, "quantity": 1, "price_unit": 3, "tax_ids": [Command.clear()]}
                    )
                ]
            }
        )
        own.action_post()
        kept = self.env["crm.customer.credit.snapshot"].search([("document_model", "=", "account.move")])
        self.assertFalse(kept.filtered(lambda line: line.document_id == invoice.id))
        self.assertTrue(kept.filtered(lambda line: line.document_id == own.id))
        row = self.env["crm.customer.credit.report"].search(
            [("document_model", "=", "account.move"), ("document_id", "=", own.id)]
        )
        self.assertEqual((row.amount, row.amount_open), (3, 3))

    def test_unpaid(self):
        """What is open of an invoice of two orders is theirs in parts, and adds up."""
        one, two = self._order(), self._order(self._line(quantity=3))
        invoice = self._bill(one + two)
        self.assertEqual(len(invoice), 1)
        rows = self.env["crm.customer.credit.report"].search([("document_id", "in", (one + two).ids)])
        self.assertEqual(sorted(rows.mapped("amount_open")), sorted([one.amount_total, two.amount_total]))
        self.assertAlmostEqual(sum(rows.mapped("amount_open")), invoice.amount_residual, 2)
        gone = self._order()
        gone._action_cancel()
        self.assertFalse(self.env["crm.customer.credit.report"].search([("document_id", "=", gone.id)]))

    def test_many_at_once(self):
        """Orders that are confirmed together ask as much as one."""
        counts = []
        for number in (1, 8):
            orders = self.env["sale.order"].union(*(self._order(confirm=False) for _number in range(number)))
            snapshot = self.env["crm.customer.credit.snapshot"]
            self.env.flush_all()
            orders.mapped("partner_invoice_id.commercial_partner_id.name")
            orders.mapped("amount_total")
            before = self.env.cr.sql_log_count
            snapshot._keep(orders, snapshot._situations(orders))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
