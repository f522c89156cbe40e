from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    customer_show_all_fields = fields.Boolean(string="Show all fields of the customer file")
