from odoo import api, fields, models


class CrmCustomerMetrics(models.Model):
    """The credit situation beside the figures of a customer, for those who may not see amounts too."""

    _name = "crm.customer.metrics"
    _inherit = ["crm.customer.metrics", "crm.customer.credit.line"]

    # beside the field of the same name that needs the right to see figures
    customer_credit_status = fields.Selection(string="Credit")

    @api.depends("commercial_partner_id", "company_id")
    def _compute_customer_credit(self):
        return super()._compute_customer_credit()

    def _customer_credit_partner(self):
        """Extended: the customer of the figures."""
        return self.commercial_partner_id
