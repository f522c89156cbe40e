from odoo import api, models


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "crm.customer.feed.source"]

    @api.model_create_multi
    def create(self, vals_list):
        orders = self.env["sale.order"].browse({vals["order_id"] for vals in vals_list if vals.get("order_id")})
        before = orders._customer_credit_before()
        lines = super().create(vals_list)
        if before:
            orders._customer_credit_check_raised(before)
        return lines

    def write(self, vals):
        before = self.order_id._customer_credit_before()
        res = super().write(vals)
        if before:
            self.order_id._customer_credit_check_raised(before)
        return res
