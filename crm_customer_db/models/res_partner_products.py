from odoo import api, fields, models

from .res_partner_page import FILE_GROUPS


class ResPartner(models.Model):
    """What a contact owns, ours or a competitor's."""

    _inherit = "res.partner"

    customer_owned_product_ids = fields.One2many(
        "crm.customer.owned.product", "partner_id", string="Products they own", copy=False, groups=FILE_GROUPS
    )

    @api.model
    def _customer_page_links(self):
        return (*super()._customer_page_links(), "customer_owned_product_ids")
