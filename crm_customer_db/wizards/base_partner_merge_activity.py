from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_reference_fields(self, src_partners, dst_partner):
        """Extended: Odoo moves planned activities only, and deletes those that are done with the source."""
        done = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [("res_model", "=", src_partners._name), ("res_id", "in", src_partners.ids), ("active", "=", False)]
            )
        )
        done.write({"res_id": dst_partner.id})
        return super()._update_reference_fields(src_partners, dst_partner)
