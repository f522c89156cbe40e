from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    pos_customer_place_id = fields.Many2one(related="pos_config_id.customer_place_id", readonly=False)
