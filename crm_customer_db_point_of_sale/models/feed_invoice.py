from odoo import api, models
from odoo.tools import SQL


class CrmCustomerFeedAccountInvoice(models.AbstractModel):
    _inherit = "crm.customer.feed.account.invoice"

    @api.model
    def _exclude(self):
        """Extended: the invoice of a till order is the till's."""
        return [*super()._exclude(), SQL("EXISTS (SELECT FROM pos_order till WHERE till.account_move = move.id)")]
