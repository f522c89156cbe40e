from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# A class is written 25.11 by Eurostat and 2511 by the Spanish INE.
_DOTLESS_FROM = 3


class CrmCustomerNace(models.Model):
    """Economic activities, as a tree: section, division, group, class.

    Shipped are the European NACE with the classes of the Spanish CNAE; see
    ``docs/catalogues.md`` for sources and for importing the tree of another country.
    """

    _name = "crm.customer.nace"
    _inherit = "crm.customer.catalogue"
    _description = "Economic Activity (NACE)"
    _order = "version desc, sequence, code, id"
    _parent_store = True

    name = fields.Char(string="Activity")
    code = fields.Char(required=True)
    version = fields.Char(
        required=True,
        index=True,
        default="NACE Rev. 2.1",
        help="The classification and its edition: codes are unique within it.",
    )
    parent_id = fields.Many2one("crm.customer.nace", string="Part of", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("crm.customer.nace", "parent_id", string="Parts")
    successor_ids = fields.Many2many(
        "crm.customer.nace",
        "crm_customer_nace_successor_rel",
        "predecessor_id",
        "successor_id",
        string="In the newer edition",
    )
    predecessor_ids = fields.Many2many(
        "crm.customer.nace",
        "crm_customer_nace_successor_rel",
        "successor_id",
        "predecessor_id",
        string="In the older edition",
    )

    _code_version_uniq = models.UniqueIndex("(version, code)", "An activity code can stand only once in an edition.")

    def _display_name_of(self, code, name):
        return f"{code} {name}" if code else name or ""

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        if operator in ("=", "ilike", "=ilike", "in"):
            for text in [value] if isinstance(value, str) else value:
                digits = (text or "").strip().replace(".", "")
                if digits.isdigit() and len(digits) >= _DOTLESS_FROM:
                    comparison = "=" if operator == "in" else operator
                    domain |= Domain("code", comparison, f"{digits[:2]}.{digits[2:]}")
        return domain

    @api.constrains("parent_id", "version")
    def _check_parent(self):
        for activity in self:
            if activity.parent_id and activity.parent_id.version != activity.version:
                raise ValidationError(
                    self.env._(
                        "%(activity)s is of %(version)s and can't be a part of "
                        "%(parent)s, which is of %(parent_version)s.",
                        activity=activity.display_name,
                        version=activity.version,
                        parent=activity.parent_id.display_name,
                        parent_version=activity.parent_id.version,
                    )
                )
