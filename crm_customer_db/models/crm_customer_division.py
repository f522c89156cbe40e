from odoo import fields, models


class CrmCustomerDivision(models.Model):
    """The part of our own company that looks after a customer."""

    _name = "crm.customer.division"
    _inherit = "crm.customer.catalogue"
    _description = "Internal Division"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: a division of all companies.",
    )

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Two divisions of a company can't have the same code.",
    )

    def _display_name_of(self, code, name):
        return f"{code} {name}" if code else name or ""
