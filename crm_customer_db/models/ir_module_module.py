from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.private
    def module_uninstall(self):
        """Extended: what an addon has copied stays, under a name of the past."""
        names = set(self.mapped("name"))
        if "crm_customer_db" not in names:
            self.env["crm.customer.feed.state"].sudo()._retire(names)
        return super().module_uninstall()
