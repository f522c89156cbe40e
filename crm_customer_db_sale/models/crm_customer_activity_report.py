from odoo import api, models


class CrmCustomerActivityReport(models.Model):
    """What is to be done about quotations and orders."""

    _inherit = "crm.customer.activity.report"
    _depends = {"sale.order": ["company_id", "partner_id"]}

    @api.model
    def _activity_sources(self):
        return {**super()._activity_sources(), "sale.order": self._activity_document_sql("sale_order", "partner_id")}
