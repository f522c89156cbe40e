from odoo import models


class MailMessage(models.Model):
    """Log notes on contacts are shown on the timeline of the customer."""

    _inherit = "mail.message"

    # Only what people wrote on contacts is in it: small beside the table.
    _customer_note_idx = models.Index(
        "(res_id, subtype_id, date DESC, id DESC) WHERE model = 'res.partner' AND message_type = 'comment'"
    )
