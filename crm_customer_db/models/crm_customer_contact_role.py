from odoo import models


class CrmCustomerContactRole(models.Model):
    """What a person does in the purchases of the company he or she works for."""

    _name = "crm.customer.contact.role"
    _inherit = "crm.customer.catalogue"
    _description = "Role of a Contact"

    _code_uniq = models.UniqueIndex("(code) WHERE code IS NOT NULL", "Two roles can't have the same code.")
