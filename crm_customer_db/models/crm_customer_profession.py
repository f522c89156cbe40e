from odoo import models


class CrmCustomerProfession(models.Model):
    """Professions: the two-digit groups of ISCO-08, and entries of one's own."""

    _name = "crm.customer.profession"
    _inherit = "crm.customer.catalogue"
    _description = "Profession"

    _code_uniq = models.UniqueIndex("(code) WHERE code IS NOT NULL", "Two professions can't have the same code.")
