from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_tz = fields.Selection(related="company_id.customer_tz", readonly=False)
    customer_call_hour_from = fields.Float(related="company_id.customer_call_hour_from", readonly=False)
    customer_call_hour_to = fields.Float(related="company_id.customer_call_hour_to", readonly=False)
    customer_request_days = fields.Integer(related="company_id.customer_request_days", readonly=False)
    customer_complaint_days = fields.Integer(related="company_id.customer_complaint_days", readonly=False)
    customer_income_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the income")
    customer_income_lower_middle = fields.Monetary(
        related="company_id.customer_income_lower_middle",
        currency_field="customer_income_currency_id",
        readonly=False,
    )
    customer_income_middle = fields.Monetary(
        related="company_id.customer_income_middle",
        currency_field="customer_income_currency_id",
        readonly=False,
    )
    customer_income_upper_middle = fields.Monetary(
        related="company_id.customer_income_upper_middle",
        currency_field="customer_income_currency_id",
        readonly=False,
    )
    customer_income_high = fields.Monetary(
        related="company_id.customer_income_high",
        currency_field="customer_income_currency_id",
        readonly=False,
    )
    customer_score_months = fields.Integer(related="company_id.customer_score_months", readonly=False)
    customer_score_method = fields.Selection(related="company_id.customer_score_method", readonly=False)
    customer_score_recency = fields.Char(related="company_id.customer_score_recency", readonly=False)
    customer_score_frequency = fields.Char(related="company_id.customer_score_frequency", readonly=False)
    customer_score_amount = fields.Char(related="company_id.customer_score_amount", readonly=False)
    customer_score_weight_recency = fields.Float(related="company_id.customer_score_weight_recency", readonly=False)
    customer_score_weight_frequency = fields.Float(related="company_id.customer_score_weight_frequency", readonly=False)
    customer_score_weight_amount = fields.Float(related="company_id.customer_score_weight_amount", readonly=False)
    customer_usual_gap = fields.Integer(related="company_id.customer_usual_gap", readonly=False)
    customer_new_days = fields.Integer(related="company_id.customer_new_days", readonly=False)
    customer_quality_months = fields.Integer(related="company_id.customer_quality_months", readonly=False)
    customer_usual_margin = fields.Float(related="company_id.customer_usual_margin", readonly=False)
    customer_late_activity = fields.Boolean(related="company_id.customer_late_activity", readonly=False)
    customer_late_amount = fields.Monetary(
        related="company_id.customer_late_amount", currency_field="customer_income_currency_id", readonly=False
    )
    customer_cost_visit = fields.Monetary(
        related="company_id.customer_cost_visit", currency_field="customer_income_currency_id", readonly=False
    )
    customer_cost_call = fields.Monetary(
        related="company_id.customer_cost_call", currency_field="customer_income_currency_id", readonly=False
    )
    customer_cost_mail = fields.Monetary(
        related="company_id.customer_cost_mail", currency_field="customer_income_currency_id", readonly=False
    )
    customer_cost_delivery = fields.Monetary(
        related="company_id.customer_cost_delivery", currency_field="customer_income_currency_id", readonly=False
    )
    customer_cost_return = fields.Monetary(
        related="company_id.customer_cost_return", currency_field="customer_income_currency_id", readonly=False
    )
    customer_cost_complaint = fields.Monetary(
        related="company_id.customer_cost_complaint", currency_field="customer_income_currency_id", readonly=False
    )
