from odoo import fields, models


class CrmCustomerPlace(models.Model):
    """Where a purchase was made: a shop, a till, a branch, a web site.

    Never the warehouse the goods left from: the place is where the customer stood.
    """

    _name = "crm.customer.place"
    _inherit = "crm.customer.catalogue"
    _description = "Place of Purchase"
    _check_company_auto = True

    name = fields.Char(translate=False)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: a place of all companies.",
    )
    channel_id = fields.Many2one(
        "crm.customer.channel",
        index="btree_not_null",
        ondelete="restrict",
        help="The commercial route a purchase at this place took, unless it says another.",
    )
    city = fields.Char()

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Two places of a company can't have the same code.",
    )

    def _display_name_of(self, code, name):
        return f"{code} {name}" if code and code != name else name or code or ""
