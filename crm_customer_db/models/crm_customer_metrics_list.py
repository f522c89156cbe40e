from odoo import api, fields, models


class CrmCustomerMetrics(models.Model):
    """The list *My Customers*: what a salesperson wants to see of each before choosing whom to call."""

    _inherit = "crm.customer.metrics"

    next_activity_date = fields.Date(string="Next activity", compute="_compute_next_activity")
    next_activity = fields.Char(string="What is planned", compute="_compute_next_activity")

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "lang")
    def _compute_next_activity(self):
        first = {}
        if self.env["mail.activity"].has_access("read"):
            activities = self.env["mail.activity"].search_fetch(
                [("res_model", "=", "res.partner"), ("res_id", "in", self.commercial_partner_id.ids)],
                ["res_id", "date_deadline", "summary", "activity_type_id"],
                order="date_deadline, id",
            )
            for activity in activities:
                first.setdefault(activity.res_id, activity)
        for row in self:
            activity = first.get(row.commercial_partner_id.id)
            row.next_activity_date = activity and activity.date_deadline
            row.next_activity = activity and (activity.summary or activity.activity_type_id.name)
