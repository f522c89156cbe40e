from odoo import fields, models

from ..models.crm_customer_metrics import FIGURES, STATUSES


class CrmCustomerPast(models.TransientModel):
    """The credit situation of that day: in colours for everybody, in figures for Accounting."""

    _inherit = "crm.customer.past"

    credit_status = fields.Selection(STATUSES, string="Credit situation", compute="_compute_past")
    credit_words = fields.Char(string="Credit situation in words", compute="_compute_past")

    def _past_values(self, rows):
        """Extended: limits and thresholds are those of today, orders and drafts of that day are not known."""
        values = super()._past_values(rows)
        root = self.company_id.root_id.sudo()
        row = rows.get(root.id)
        if not row or row["credit_status"] == "none":
            return {**values, "credit_status": "none"}
        figures = self.env.user.has_group(FIGURES)
        customer = self.partner_id.commercial_partner_id._origin
        if not figures and not customer.is_company and not root.customer_credit_consumers:
            # a private person's credit is between him and the accountants
            return {**values, "credit_status": "none"}
        line = self.env["res.partner"]
        tell = line._customer_credit_words if figures else line._customer_credit_watch
        return {**values, "credit_status": row["credit_status"], "credit_words": tell(row, root)}
