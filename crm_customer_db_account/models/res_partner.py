from odoo import api, models

# What of the contact itself decides its credit situation.
CREDIT_FIELDS = {
    "credit_limit",
    "trust",
    "use_partner_credit_limit",
    "customer_credit_level",
    "customer_credit_level_expiry",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

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
