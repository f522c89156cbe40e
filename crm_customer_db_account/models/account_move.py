from odoo import models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "crm.customer.feed.source", "crm.customer.credit.line"]

    # Odoo has none: every merge, and every deletion of a contact, reads all entries.
    _customer_commercial_partner_idx = models.Index("(commercial_partner_id) WHERE commercial_partner_id IS NOT NULL")
