from odoo import models


class CrmCustomerBuyingProcedure(models.Model):
    """How a company buys: directly, by quotations, by tender, on a framework contract."""

    _name = "crm.customer.buying.procedure"
    _inherit = "crm.customer.catalogue"
    _description = "Buying Procedure"

    _code_uniq = models.UniqueIndex(
        "(code) WHERE code IS NOT NULL",
        "Two buying procedures can't have the same code.",
    )
