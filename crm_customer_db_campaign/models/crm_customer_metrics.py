from odoo import api, models


class CrmCustomerMetrics(models.Model):
    """Whoever's figures are worked out anew has his purchases attributed anew.

    The queue of the figures knows every customer of whom anything was written: purchases,
    what he was sent and what he did about it, by whatever way, merging contacts included.
    """

    _inherit = "crm.customer.metrics"

    @api.model
    def _refreshed(self, partner_ids, as_of):
        res = super()._refreshed(partner_ids, as_of)
        self.env["crm.customer.attribution"].sudo()._attribute_customers(partner_ids)
        return res
