from odoo import api, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "crm.customer.feed.source", "crm.customer.credit.line"]

    # Odoo has none: every merge, and every deletion of a contact, reads all entries.
    _customer_commercial_partner_idx = models.Index("(commercial_partner_id) WHERE commercial_partner_id IS NOT NULL")

    @api.depends("partner_id", "company_id")
    def _compute_customer_credit(self):
        return super()._compute_customer_credit()
