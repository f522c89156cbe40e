from odoo import fields, models


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "crm.customer.feed.source"]

    customer_unpaid_why = fields.Char(
        related="move_id.customer_unpaid_why",
        # as far as the user may see returns and complaints
        related_sudo=False,
        groups="crm_customer_db.group_customer_user",
    )

    # What falls due, for the night.
    _customer_unpaid_idx = models.Index(
        "(date_maturity) WHERE display_type = 'payment_term' AND reconciled IS NOT TRUE"
    )

    def action_customer_dunning(self):
        """Log a call about the invoices of these items."""
        return self.move_id.action_customer_dunning()
