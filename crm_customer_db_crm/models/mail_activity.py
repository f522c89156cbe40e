from odoo import models


class MailActivity(models.Model):
    """A call or visit that is done on a lead answers it."""

    _inherit = "mail.activity"

    def write(self, vals):
        if {"active", "activity_type_id", "customer_direction", "customer_done_on", "res_id"}.isdisjoint(vals):
            return super().write(vals)
        before = self._customer_leads()
        res = super().write(vals)
        (before | self._customer_leads())._customer_answered()
        return res

    def unlink(self):
        leads = self._customer_leads()
        res = super().unlink()
        leads._customer_answered()
        return res

    def _customer_leads(self):
        """The leads that these activities may answer."""
        on_leads = self.sudo().filtered(lambda activity: activity.res_model == "crm.lead")
        return self.env["crm.lead"].browse(on_leads.mapped("res_id"))
