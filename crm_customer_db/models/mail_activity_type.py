from odoo import fields, models


class MailActivityType(models.Model):
    """Odoo knows calls; visits are told apart in the same way."""

    _inherit = "mail.activity.type"

    category = fields.Selection(selection_add=[("visit", "Visit")], ondelete={"visit": "set default"})
