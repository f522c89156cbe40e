from odoo import models


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "crm.customer.feed.source"]

    # What falls due, for the night.
    _customer_unpaid_idx = models.Index(
        "(date_maturity) WHERE display_type = 'payment_term' AND reconciled IS NOT TRUE"
    )
