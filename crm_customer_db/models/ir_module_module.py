from odoo import api, models

from .crm_customer_feed import PENDING


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.private
    def module_uninstall(self):
        """Extended: what an addon has copied stays, under a name of the past."""
        names = set(self.mapped("name"))
        self.env["crm.customer.feed"]._sync_pending()
        if "crm_customer_db" not in names:
            self.env["crm.customer.feed.state"].sudo()._retire(names)
        result = super().module_uninstall()
        # What uninstalling itself has changed has no table any more to be copied to.
        self.env.cr.precommit.data.pop(PENDING, None)
        return result
