from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _customer_order_refs(self):
        """Extended: the numbers of the orders, whatever was typed as source document."""
        orders = self.invoice_line_ids.sudo().sale_line_ids.order_id
        return super()._customer_order_refs() | set(orders.mapped("name"))
