from odoo import api, fields, models

from .crm_customer_metrics import FIGURES, GRADES, STATUSES


class CrmCustomerMetricsHistory(models.Model):
    """Credit as it stood at the end of each month."""

    _inherit = "crm.customer.metrics.history"

    credit_status = fields.Selection(STATUSES, string="Credit situation", groups=FIGURES)
    credit_grade = fields.Selection(GRADES, string="Payment record", groups=FIGURES)
    credit_exposure = fields.Monetary(string="Exposure", groups=FIGURES)
    credit_overdue = fields.Monetary(string="Overdue", groups=FIGURES)

    @api.model
    def _history_columns(self):
        return [*super()._history_columns(), "credit_status", "credit_grade", "credit_exposure", "credit_overdue"]

    @api.model
    def _history_added(self):
        return [*super()._history_added(), "credit_exposure", "credit_overdue"]
