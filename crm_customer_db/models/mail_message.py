from odoo import models


class MailMessage(models.Model):
    """Mails are copied into the customer file, see ``crm.customer.feed.mail``."""

    _name = "mail.message"
    _inherit = ["mail.message", "crm.customer.feed.source"]
