from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_attribution = fields.Selection(related="company_id.customer_attribution", readonly=False)
    customer_attribution_days = fields.Integer(related="company_id.customer_attribution_days", readonly=False)
