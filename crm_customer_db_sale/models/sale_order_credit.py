from odoo import models


class SaleOrder(models.Model):
    """An order keeps how its customer stood when it was confirmed."""

    _inherit = "sale.order"

    def write(self, vals):
        if vals.get("state") != "sale":
            return super().write(vals)
        confirmed = self.filtered(lambda order: order.state != "sale")
        snapshot = self.env["crm.customer.credit.snapshot"]
        situations = snapshot._situations(confirmed)
        res = super().write(vals)
        snapshot._keep(confirmed, situations)
        return res

    def _customer_credit_amount(self):
        """Extended: with tax, at the rate of the order."""
        return self.company_id.currency_id.round(self.amount_total / (self.currency_rate or 1.0))
