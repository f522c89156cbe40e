from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Extended: the facts follow to the customer the merged contact belongs to.

        Odoo moves both foreign keys to the destination, which is wrong for the customer
        where the destination is a contact of a company, and contacts below the sources
        now stand below the destination without their customer having been worked out.
        """
        res = super()._update_values(src_partners, dst_partner)
        self.env["crm.customer.fact"]._resync_commercial_partner(dst_partner.ids)
        return res
