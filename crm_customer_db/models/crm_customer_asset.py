from odoo import models


class CrmCustomerAsset(models.Model):
    """What a private person owns: second home, car, boat, land."""

    _name = "crm.customer.asset"
    _inherit = "crm.customer.catalogue"
    _description = "Kind of Asset"
