from odoo import api, models

from .crm_customer_feed import RETIRED


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.private
    def module_uninstall(self):
        """Extended: what an addon has copied stays, under a name of the past."""
        names = set(self.mapped("name"))
        feed = self.env["crm.customer.feed"].sudo()
        feeds = feed._feeds_of(names)
        if feeds:
            feed._sync_pending()
        if "crm_customer_db" not in names:
            self.env["crm.customer.feed.state"].sudo()._retire(feeds)
        # What uninstalling itself changes, up to the commit, has soon no table any more.
        self.env.cr.postcommit.data[RETIRED] = {feed._name for feed in feeds}
        return super().module_uninstall()
