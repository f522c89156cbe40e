from odoo import models


class CrmCustomerChannel(models.Model):
    """The commercial route by which a customer buys or is reached."""

    _name = "crm.customer.channel"
    _inherit = "crm.customer.catalogue"
    _description = "Commercial Channel"

    _code_uniq = models.UniqueIndex("(code) WHERE code IS NOT NULL", "Two channels can't have the same code.")
