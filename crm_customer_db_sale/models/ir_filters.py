from odoo import api, models


class IrFilters(models.Model):
    _inherit = "ir.filters"

    @api.model
    def _customer_favourite_names(self):
        bridge = "crm_customer_db_sale.crm_customer_order_bridge_favourite"
        return {
            **super()._customer_favourite_names(),
            f"{bridge}_open": self.env._("Still to invoice"),
            f"{bridge}_customers": self.env._("Still to invoice, by customer"),
            f"{bridge}_months": self.env._("Ordered, credited and invoiced by month"),
        }
