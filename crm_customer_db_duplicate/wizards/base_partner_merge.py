from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Extended: pairs of the merged contacts go, the others become pairs of the one that stays, none twice."""
        merged = (src_partners | dst_partner).ids
        self.env["crm.customer.duplicate"].flush_model()
        self.env.cr.execute(
            SQL(
                "DELETE FROM crm_customer_duplicate WHERE partner_id = ANY(%(ids)s) AND other_id = ANY(%(ids)s)",
                ids=merged,
            )
        )
        res = super()._update_foreign_keys(src_partners, dst_partner)
        self.env["crm.customer.duplicate"]._settle_pairs(dst_partner)
        return res
