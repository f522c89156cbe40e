# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .common import SaleFeedCommon


class TestCreditNotes(SaleFeedCommon):
    """What a credit note takes from an order: what was taken back, not what was corrected.

    Each order is one of ten parts for 10, and 100 in all.
    """

    def _assert_order(self, order, amount, invoiced, quantity):
        """An order's purchases, its row in the bridge, and that both agree."""
        self.assertEqual(self._amounts(order), (amount, invoiced))
        self.assertEqual(round(sum(self._rows(order).mapped("quantity")), 6), quantity)
        ordered, credited, bridged, to_invoice = self._bridge(order)
        self.assertEqual((round(ordered - credited, 6), bridged), (amount, invoiced))
        self.assertEqual(round(ordered - credited - bridged, 6), to_invoice)
        self.assert_no_drift()

    def test_ordered_then_invoiced(self):
        order = self._order()
        self._assert_order(order, 100, 0, 10)
        draft = self._bill(order, post=False)
        self._assert_order(order, 100, 0, 10)
        draft.action_post()
        self._assert_order(order, 100, 100, 10)
        draft.button_draft()
        self._assert_order(order, 100, 0, 10)
        draft.button_cancel()
        self._assert_order(order, 100, 0, 10)

    def test_reversed_and_invoiced_anew(self):
        """An invoice of 100 is reversed and written anew for 70: the customer bought for 70."""
        order = self._order()
        new = self._credit(self._bill(order), modify=True)
        self._assert_order(order, 0, 0, 0)
        new.invoice_line_ids.price_unit = 7
        new.invoice_date = "2026-03-02"
        new.action_post()
        self._assert_order(order, 70, 70, 10)

    def test_reversed_and_invoiced_again(self):
        """Reversed because of a wrong address and written anew: nothing has changed."""
        order = self._order()
        new = self._credit(self._bill(order), modify=True)
        new.action_post()
        self._assert_order(order, 100, 100, 10)

    def test_reduced_quantity(self):
        """Ten were invoiced, the order is reduced to eight and two are credited: 80, not 60."""
        order = self._order()
        self._bill(order)
        order.order_line.product_uom_qty = 8
        self._assert_order(order, 80, 100, 8)
        credit = self._bill(order, final=True)
        self.assertEqual(credit.move_type, "out_refund")
        self._assert_order(order, 80, 80, 8)

    def test_cancelled_after_refund(self):
        """Invoiced, credited in full, then cancelled: nothing, and nothing below nothing."""
        order = self._order()
        self._credit(self._bill(order))
        self._assert_order(order, 0, 0, 0)
        order._action_cancel()
        self._assert_order(order, 0, 0, 0)
        self.assertEqual(order.state, "cancel")

    def test_cancelled_and_partly_refunded(self):
        """Of a cancelled order 40 stay invoiced: nothing is ordered, 40 are invoiced too much."""
        order = self._order()
        self._credit(self._bill(order), quantity=6)
        order._action_cancel()
        self._assert_order(order, 0, 40, 0)
        self.assertEqual(self._bridge(order), (0, 0, 40, -40))

    def test_plain_return(self):
        """Two of ten come back: 80."""
        order = self._order()
        self._credit(self._bill(order), quantity=2)
        self._assert_order(order, 80, 80, 8)
        self.assertEqual(self._bridge(order), (100, 20, 80, 0))

    def test_return_in_two_credit_notes(self):
        order = self._order()
        invoice = self._bill(order)
        self._credit(invoice, quantity=2)
        second = self._credit(invoice, quantity=3)
        self._assert_order(order, 50, 50, 5)
        second.button_draft()
        self._assert_order(order, 80, 80, 8)

    def test_return_of_partly_invoiced(self):
        """Six of ten are invoiced and two of them come back: eight remain ordered."""
        order = self._order()
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids.quantity = 6
        invoice.action_post()
        self._credit(invoice, quantity=2)
        self._assert_order(order, 80, 40, 8)

    def test_allowance(self):
        """A credit note at another price gives money back and leaves the goods."""
        order = self._order()
        self._credit(self._bill(order), price=1.5)
        self._assert_order(order, 85, 85, 10)

    def test_more_invoiced_than_ordered(self):
        """What was invoiced too much and credited again was never bought."""
        order = self._order()
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids.quantity = 12
        invoice.action_post()
        self._assert_order(order, 100, 120, 10)
        self._credit(invoice, quantity=2)
        self._assert_order(order, 100, 100, 10)

    def test_line_below_zero(self):
        """A discount is given back with the goods: nothing remains of a full return."""
        order = self._order(self._line(quantity=10), self._line(self.service, price_unit=-15))
        invoice = self._bill(order)
        self._assert_order(order, 85, 85, 11)
        self._credit(invoice)
        self._assert_order(order, 0, 0, 0)

    def test_order_below_zero(self):
        """What is taken back by an order of its own is a purchase below zero."""
        order = self._order(self._line(quantity=-3))
        self._assert_order(order, -30, 0, -3)
        credit = self._bill(order, final=True)
        self.assertEqual(credit.move_type, "out_refund")
        self._assert_order(order, -30, -30, -3)

    def test_exchange_within_an_order(self):
        """One line out, a dearer one back: the invoice is a credit note for both."""
        order = self._order(self._line(quantity=1), self._line(self.other_part, quantity=-1))
        credit = self._bill(order, final=True)
        self.assertEqual(credit.move_type, "out_refund")
        self._assert_order(order, -15, -15, 0)
        self.assertEqual(self._rows(order).mapped("amount_invoiced"), [10, -25])

    def test_cancelled_before_invoice(self):
        """A cancelled order is no purchase; confirmed again it is one again."""
        order = self._order()
        order._action_cancel()
        self.assertFalse(self._rows(order))
        order.action_draft()
        self.assertFalse(self._rows(order))
        order.action_confirm()
        self._assert_order(order, 100, 0, 10)

    def test_back_to_quotation_with_an_invoice(self):
        """What stays invoiced is not lost while the order is a quotation again."""
        order = self._order()
        self._bill(order)
        order._action_cancel()
        order.action_draft()
        self._assert_order(order, 0, 100, 0)
        order.action_confirm()
        self._assert_order(order, 100, 100, 10)

    def test_other_currency(self):
        """Credit notes are counted in the currency of the order: a full return leaves
        nothing, whatever the dollar has done since."""
        self.env["res.currency.rate"].create(
            [
                {"currency_id": self.dollar.id, "company_id": self.company_a.id, "name": day, "rate": rate}
                for day, rate in (("2026-03-01", 1.6), ("2026-03-02", 2.0))
            ]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": self.dollar.id, "company_id": self.company_a.id}
        )
        order = self._order(
            self._line(quantity=10, price_unit=10),
            pricelist_id=pricelist.id,
            confirm=False,
        )
        order.action_confirm()
        order.date_order = "2026-02-01 10:00:00"
        self.assertEqual(order.currency_rate, 1.25)
        row = self._row(order)
        self.assertEqual((row.amount_currency, row.currency_id, row.amount), (100, self.dollar, 80))
        invoice = self._bill(order)
        self.assertEqual(self._amounts(order), (80, 62.5))
        half = self._credit(invoice, quantity=5)
        self.assertEqual(self._row(order).amount_currency, 50)
        self.assertEqual(self._amounts(order), (40, 37.5))
        half.button_draft()
        half.invoice_line_ids.quantity = 10
        half.action_post()
        self.assertEqual(self._amounts(order), (0, 12.5))
        self.assert_no_drift()

    def test_invoice_line_of_two_order_lines(self):
        """An invoice line that stands for two order lines is not counted twice."""
        order = self._order(self._line(quantity=4), self._line(quantity=6))
        invoice = self._bill(order, post=False)
        first, second = invoice.invoice_line_ids
        second.unlink()
        first.quantity = 10
        first.sudo().sale_line_ids = [Command.set(order.order_line.ids)]
        invoice.action_post()
        self.assertEqual(self._amounts(order), (100, 100))
        self.assert_no_drift()
