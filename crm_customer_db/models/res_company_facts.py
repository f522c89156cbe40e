from odoo import models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """What facts rely on in their company."""

    _inherit = "res.company"

    def write(self, vals):
        currency = vals.get("currency_id")
        changing = self.filtered(lambda company: company.currency_id.id != currency)
        if "currency_id" in vals:
            changing._check_no_facts()
        zone = vals.get("customer_tz")
        moving = self.filtered(lambda company: company.customer_tz != zone)
        res = super().write(vals)
        if "customer_tz" in vals and moving:
            self.env["crm.customer.fact"]._resync_day(moving)
        return res

    def _check_no_facts(self):
        """Refuse to change the currency amounts have been recorded in.

        :raise UserError: when a company has facts
        """
        for model in self.env["crm.customer.fact"]._fact_models():
            fact = model.sudo().search_fetch([("company_id", "in", self.ids)], ["company_id"], limit=1)
            if fact:
                raise UserError(
                    self.env._(
                        "%(company)s has purchases or other figures in %(currency)s: its "
                        "currency can't be changed any more.",
                        company=fact.company_id.name,
                        currency=fact.company_id.currency_id.name,
                    )
                )
