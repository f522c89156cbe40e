from odoo import api, models

from odoo.addons.crm_customer_db.models.feed_mail import WRITTEN

# Changes that make a mail an answer, or another lead's.
DECIDES = {"author_id", "is_internal", "message_type", "model", "res_id", "subtype_id"}


class MailMessage(models.Model):
    """A mail that is written on a lead answers it."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        leads = {
            vals["res_id"]
            for vals in vals_list
            if vals.get("model") == "crm.lead" and vals.get("res_id") and vals.get("message_type") in WRITTEN
        }
        self.env["crm.lead"].browse(leads)._customer_answered()
        return messages

    def write(self, vals):
        if DECIDES.isdisjoint(vals):
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
        """The leads that these messages may answer."""
        on_leads = self.sudo().filtered(lambda mail: mail.model == "crm.lead" and mail.message_type in WRITTEN)
        return self.env["crm.lead"].browse(filter(None, on_leads.mapped("res_id")))
