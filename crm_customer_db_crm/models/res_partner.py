from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _customer_file_sources(self):
        """Extended: whoever has an open lead is in the customer file."""
        self.env["crm.lead"].flush_model(["active", "company_id", "partner_id", "won_status"])
        open_leads = SQL(
            """
            SELECT contact.commercial_partner_id
              FROM crm_lead lead JOIN res_partner contact ON contact.id = lead.partner_id
             WHERE lead.active AND lead.won_status = 'pending'
               AND (lead.company_id IS NULL OR lead.company_id = ANY(%s))
            """,
            self.env.companies.ids,
        )
        return [*super()._customer_file_sources(), open_leads]
