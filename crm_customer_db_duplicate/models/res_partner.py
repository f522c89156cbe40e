from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def unlink(self):
        """Extended: who is deleted, and not merged, is not kept in what merges have changed."""
        if not self.env.context.get("customer_merge_kept"):
            logs = self.env["crm.customer.merge.log"].sudo().search([("kept_id", "in", self.ids)])
            logs._forget()
            logs.filtered(lambda log: log.state == "merged").state = "final"
        return super().unlink()
