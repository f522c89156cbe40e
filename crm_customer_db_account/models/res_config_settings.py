from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_unpaid_grace_days = fields.Integer(related="company_id.customer_unpaid_grace_days", readonly=False)
