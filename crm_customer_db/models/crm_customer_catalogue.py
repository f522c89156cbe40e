from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


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
        help="Archived entries stay on the customers that have them "
        "but can no longer be chosen.",
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

    def _code_scope(self):
        """Domain of the entries among which the code of ``self`` must be alone."""
        self.ensure_one()
        domain = Domain("id", "!=", self.id)
        if "company_id" in self._fields and self.company_id:
            domain &= Domain("company_id", "in", [self.company_id.id, False])
        return domain

    @api.constrains("code")
    def _check_code_unique(self):
        coded = self.filtered("code")
        if not coded:
            return
        self.flush_model(["code"])
        same_code = self.sudo().with_context(active_test=False)
        candidates = same_code.search([("code", "in", coded.mapped("code"))])
        for entry in coded:
            twin = candidates.filtered_domain(
                Domain("code", "=", entry.code) & entry._code_scope()
            )[:1]
            if twin:
                raise ValidationError(
                    self.env._(
                        "The code %(code)s is already that of “%(name)s”. "
                        "Choose another code for “%(entry)s”.",
                        code=entry.code,
                        name=twin.name,
                        entry=entry.name,
                    )
                )

    @api.model
    def _labels_sql(self, ids):
        """Query giving what a page shows of these entries, past their access rules.

        The customer page reads the entries of all catalogues in one statement; access is
        checked on the records afterwards, from the cache.

        :param ids: iterable of database ids
        :return: SQL of columns ``model, id, code, name, company_id``
        """
        company = (
            SQL.identifier(self._table, "company_id")
            if "company_id" in self._fields
            else SQL("NULL::int")
        )
        return SQL(
            "SELECT %s::varchar, %s, %s, %s, %s FROM %s WHERE %s = ANY(%s)",
            self._name,
            SQL.identifier(self._table, "id"),
            self._field_to_sql(self._table, "code"),
            self._field_to_sql(self._table, "name"),
            company,
            SQL.identifier(self._table),
            SQL.identifier(self._table, "id"),
            list(ids),
        )
