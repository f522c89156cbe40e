from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_credit_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the company")
    customer_unpaid_grace_days = fields.Integer(related="company_id.customer_unpaid_grace_days", readonly=False)
    customer_credit_red_days = fields.Integer(related="company_id.customer_credit_red_days", readonly=False)
    customer_credit_amber_days = fields.Integer(related="company_id.customer_credit_amber_days", readonly=False)
    customer_credit_amber_amount = fields.Monetary(
        related="company_id.customer_credit_amber_amount", readonly=False, currency_field="customer_credit_currency_id"
    )
    customer_credit_amber_share = fields.Float(related="company_id.customer_credit_amber_share", readonly=False)
    customer_credit_course_days = fields.Integer(related="company_id.customer_credit_course_days", readonly=False)
    customer_credit_green_months = fields.Integer(related="company_id.customer_credit_green_months", readonly=False)
    customer_credit_consumers = fields.Boolean(related="company_id.customer_credit_consumers", readonly=False)
    customer_credit_approval = fields.Boolean(related="company_id.customer_credit_approval", readonly=False)
    customer_credit_approver_id = fields.Many2one(related="company_id.customer_credit_approver_id", readonly=False)
