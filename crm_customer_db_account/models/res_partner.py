from odoo import api, models
from odoo.tools import SQL

# What of the contact itself decides its credit situation.
CREDIT_FIELDS = {
    "credit_limit",
    "trust",
    "use_partner_credit_limit",
    "customer_credit_level",
    "customer_credit_level_expiry",
}

SLOT_LEVELS = {"green": "success", "amber": "warning", "red": "danger"}


class ResPartner(models.Model):
    """The credit situation on contacts is that of their customer in the company one works in."""

    _name = "res.partner"
    _inherit = ["res.partner", "crm.customer.credit.line"]

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        rated = [
            partner.id for partner, vals in zip(partners, vals_list, strict=True) if not CREDIT_FIELDS.isdisjoint(vals)
        ]
        self.env["crm.customer.metrics.queue"].sudo()._mark(rated)
        return partners

    def write(self, vals):
        res = super().write(vals)
        if not CREDIT_FIELDS.isdisjoint(vals):
            self.env["crm.customer.metrics.queue"].sudo()._mark(self.ids)
        return res

    # ------------------------------------------------------------- credit situation

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_customer_credit(self):
        return super()._compute_customer_credit()

    def _customer_credit_partner(self):
        """Extended: a contact's customer is the company he belongs to."""
        return self.commercial_partner_id._origin

    def _customer_credit_company(self):
        """Extended: that of whoever looks at him."""
        return self.env.company.root_id

    @api.model
    def _customer_credit_key_sql(self, alias):
        return SQL.identifier(alias, "commercial_partner_id"), SQL("%s", self.env.company.root_id.id)

    def _customer_slot_credit(self):
        """Extended: how it stands at this moment, a click from what is open."""
        lines = super()._customer_slot_credit()
        if not self._customer_may_see_figures() or self.customer_credit_status in (False, "none"):
            return lines
        line = {
            "value": dict(self._fields["customer_credit_status"]._description_selection(self.env))[
                self.customer_credit_status
            ],
            "text": self.customer_credit_words,
            "level": SLOT_LEVELS[self.customer_credit_status],
        }
        if self.env.user.has_groups("account.group_account_invoice,account.group_account_readonly"):
            line.update(method="action_customer_credit_items", label=self.env._("Open items"))
        return [line, *lines]
