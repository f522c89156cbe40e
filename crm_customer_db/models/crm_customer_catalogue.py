from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

# A code is unique within these, for the catalogues that have them.
CODE_SCOPE = ("company_id", "version")


class CrmCustomerCatalogue(models.AbstractModel):
    """Common part of the small lists a company keeps: titles, divisions, origins…

    A code, where there is one, is unique in what one company sees: its own entries and
    the shared ones. Concrete models that belong to companies add ``company_id``.
    """

    _name = "crm.customer.catalogue"
    _description = "Catalogue of the Customer Database"
    _order = "sequence, code, name, id"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(index="btree_not_null")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        help="Archived entries stay on the customers that have them but can no longer be chosen.",
    )

    @api.depends("code", "name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for entry in self:
            entry.display_name = entry._display_name_of(entry.code, entry.name)

    @api.model
    def _display_name_of(self, code, name):
        """The words that stand for one entry in a field.

        :param code: str or False
        :param name: str, in the reader's language
        """
        return name or ""

    @api.model
    def _search_display_name(self, operator, value):
        """Extended: “CODE Name”, as a field shows an entry and an export writes it."""
        domain = super()._search_display_name(operator, value)
        texts = [value] if isinstance(value, str) else value
        if operator not in ("=", "ilike", "=ilike", "in") or self._display_name_of("code", "name") != "code name":
            return domain
        for text in texts:
            code, _space, name = (text or "").strip().partition(" ")
            if name:
                domain |= Domain("code", "=", code) & Domain(
                    "name", "=" if operator == "in" else operator, name.strip()
                )
        return domain

    # === What can't be: said in words before the database refuses it ===

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("code") for vals in vals_list):
            self._refuse_taken_codes([(self, self._add_missing_default_values(vals)) for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        if not {"code", *CODE_SCOPE}.isdisjoint(vals):
            self._refuse_taken_codes([(entry, vals) for entry in self])
        if vals.get("parent_id"):
            self._refuse_own_ancestor(vals["parent_id"])
        return super().write(vals)

    def _refuse_taken_codes(self, entries):
        """Say in words that a code is taken; indexes keep it so between two users.

        :param entries: list of (record, values it is about to get)
        :raise ValidationError: naming the code and who has it
        """
        names = [name for name in ("code", "name", *CODE_SCOPE) if name in self._fields]
        coming = [{name: vals.get(name, entry[name]) for name in names} for entry, vals in entries]
        codes = {values["code"] for values in coming if values["code"]}
        others = self.sudo().with_context(active_test=False)
        others = others.search([("code", "in", list(codes))]) - self
        taken = [{name: other[name] for name in names} for other in others]
        for values in coming:
            if not values["code"]:
                continue
            for other in taken:
                if self._codes_clash(values, other):
                    raise ValidationError(
                        self.env._(
                            "The code %(code)s is already that of “%(name)s”. Choose another code for “%(entry)s”.",
                            code=values["code"],
                            name=other["name"],
                            entry=values["name"],
                        )
                    )
            taken.append(values)

    @api.model
    def _codes_clash(self, one, other):
        """Whether two entries can't both have their code: somebody would see both."""
        if one["code"] != other["code"] or one.get("version") != other.get("version"):
            return False
        companies = [
            value.id if isinstance(value, models.BaseModel) else value
            for value in (one.get("company_id"), other.get("company_id"))
        ]
        return not all(companies) or companies[0] == companies[1]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        """Say in words what keeps an entry, before the database says it in SQL."""
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        for name, field in Partner._fields.items():
            if field.type != "many2one" or not field.store or field.comodel_name != self._name:
                continue
            for entry in self:
                if field.company_dependent:
                    self.env.flush_all()
                    used = SQL(
                        "SELECT id FROM res_partner WHERE %s @? %s",
                        SQL.identifier(name),
                        f"$.* ? (@ == {int(entry.id)})",
                    )
                    partner = Partner.search([("id", "in", used)], limit=1)
                else:
                    partner = Partner.search([(name, "=", entry.id)], limit=1)
                if partner:
                    raise UserError(
                        self.env._(
                            "“%(entry)s” stands on %(customer)s: archive it instead of deleting it.",
                            entry=entry.display_name,
                            customer=partner.display_name,
                        )
                    )

    def _refuse_own_ancestor(self, parent_id):
        """Say in words that an entry can't be a part of itself or of its own parts."""
        parent_path = self.browse(parent_id).sudo().parent_path or ""
        for entry in self:
            if f"/{entry.id}/" in f"/{parent_path}":
                raise ValidationError(
                    self.env._(
                        "“%s” can't be a part of itself. Choose another “Part of”.",
                        entry.display_name,
                    )
                )
