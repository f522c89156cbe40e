from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Nobody waits longer than a year before calling an invoice overdue.
MAX_GRACE_DAYS = 365


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_unpaid_grace_days = fields.Integer(
        string="Days of grace",
        default=15,
        help="An invoice counts as overdue in the customer file when it is still unpaid this many days after its due date.",
    )

    @api.constrains("customer_unpaid_grace_days")
    def _check_customer_unpaid_grace_days(self):
        for company in self:
            if not 0 <= company.customer_unpaid_grace_days <= MAX_GRACE_DAYS:
                raise ValidationError(
                    self.env._("The days of grace must be between 0 and %(days)s.", days=MAX_GRACE_DAYS)
                )

    @api.model
    def _get_company_root_delegated_field_names(self):
        """Extended: branches wait as long as their company, as what they are owed adds up."""
        return [*super()._get_company_root_delegated_field_names(), "customer_unpaid_grace_days"]

    def write(self, vals):
        grace = vals.get("customer_unpaid_grace_days")
        changing = self.filtered(lambda company: company.customer_unpaid_grace_days != grace)
        res = super().write(vals)
        if "customer_unpaid_grace_days" in vals and changing:
            # Every invoice that was ever paid late is concerned: in the background.
            self.env["crm.customer.feed.state"].sudo().search(
                [("name", "=", "crm.customer.feed.account.arrears")]
            ).action_backfill()
        return res
