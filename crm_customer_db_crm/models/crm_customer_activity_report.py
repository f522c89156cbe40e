from odoo import api, models


class CrmCustomerActivityReport(models.Model):
    """What is to be done about leads and opportunities."""

    _inherit = "crm.customer.activity.report"
    _depends = {"crm.lead": ["company_id", "partner_id"]}

    @api.model
    def _activity_sources(self):
        return {**super()._activity_sources(), "crm.lead": self._activity_document_sql("crm_lead", "partner_id")}
