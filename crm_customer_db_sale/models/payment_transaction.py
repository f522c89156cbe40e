from odoo import models


class PaymentTransaction(models.Model):
    _name = "payment.transaction"
    _inherit = ["payment.transaction", "crm.customer.feed.source"]

    def _check_amount_and_confirm_order(self):
        """Extended: what was paid in part and needs an approval for the rest waits for the accountant."""
        quotations = self.sale_order_ids.filtered(
            lambda order: order.state in ("draft", "sent") and order._is_confirmation_amount_reached()
        )
        held = quotations._customer_credit_hold()
        go_on = self.filtered(lambda transaction: not transaction.sale_order_ids & held)
        return super(PaymentTransaction, go_on)._check_amount_and_confirm_order()
