from odoo import models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Extended: who was in a segment twice is in it once, since the first time he entered."""
        res = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_customer_segment_member later
                 USING crm_customer_segment_member earlier
                 WHERE later.partner_id = %(partner)s AND later.left_on IS NULL
                   AND earlier.partner_id = %(partner)s AND earlier.left_on IS NULL
                   AND earlier.segment_id = later.segment_id
                   AND (earlier.entered_on, earlier.id) < (later.entered_on, later.id)
                """,
                partner=dst_partner.id,
            )
        )
        self.env["crm.customer.segment.member"].invalidate_model(flush=False)
        return res
