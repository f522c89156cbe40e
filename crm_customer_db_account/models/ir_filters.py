from odoo import api, models


class IrFilters(models.Model):
    _inherit = "ir.filters"

    @api.model
    def _customer_favourite_names(self):
        report = "crm_customer_db_account.crm_customer_credit_report_favourite"
        return {
            **super()._customer_favourite_names(),
            "crm_customer_db_account.ir_filters_ageing": self.env._("Ageing by salesperson"),
            f"{report}_unpaid": self.env._("Unpaid by situation at the sale"),
            f"{report}_red": self.env._("Sold while red"),
            f"{report}_customers": self.env._("Unpaid by customer"),
        }
