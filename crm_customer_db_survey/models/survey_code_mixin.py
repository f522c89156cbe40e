from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.codes import is_code, propose


class CrmCustomerSurveyCode(models.AbstractModel):
    """A code by which a question or an answer is known in analyses, whatever its wording.

    It is proposed from the text when the record is made, may be changed, and does not
    follow the text afterwards: what was counted under a code goes on being counted there.
    """

    _name = "crm.customer.survey.code"
    _description = "Code of a Question or an Answer"

    # The field with the text; those of which one says within what a code is unique; what
    # a code begins with if the text leaves nothing of itself.
    _code_text = None
    _code_scopes = ()
    _code_fallback = None

    code = fields.Char(
        help="Letters without accents, digits, hyphens and underscores. It is proposed from the text, and what is "
        "counted under it goes on being counted there when the text changes.",
    )

    @api.constrains("code")
    def _check_code(self):
        for record in self:
            if record.code and not is_code(record.code):
                raise ValidationError(
                    self.env._(
                        "“%s” can't be a code: up to 60 letters without accents, digits, hyphens and underscores.",
                        record.code,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._code_complete(vals_list))

    def write(self, vals):
        if vals.get("code"):
            vals = {**vals, "code": str(vals["code"]).strip()}
            scopes = [self._code_scope(record._code_values()) for record in self]
            taken = self._code_taken(set(scopes), self)
            for scope in scopes:
                self._code_refuse_taken(vals["code"], taken[scope])
                taken[scope].add(vals["code"])
        res = super().write(vals)
        if not self._code_triggers().isdisjoint(vals):
            for record in self.filtered(lambda record: record._code_wanted() and not record.code):
                record.code = self._code_complete([record._code_values()])[0]["code"]
        return res

    def copy(self, default=None):
        """Extended: a copy beside the original needs a code of its own."""
        if not set(self._code_scopes).intersection(default or {}):
            default = {**(default or {}), "code": False}
        return super().copy(default)

    def _code_triggers(self):
        """Fields after whose change a code may be missing."""
        return {"code"}

    def _code_wanted(self):
        """Whether this record is of those that have a code."""
        return True

    @api.model
    def _code_wanted_for(self, vals):
        """Twin of ``_code_wanted`` for the values of a new record."""
        return True

    def _code_values(self):
        self.ensure_one()
        names = (self._code_text, *self._code_scopes)
        return {name: self._fields[name].convert_to_write(self[name], self) for name in names}

    @api.model
    def _code_complete(self, vals_list):
        """Propose codes where none is given.

        :param vals_list: list of dicts for ``create``
        :return: list of new dicts
        """
        vals_list = [{**vals, "code": str(vals.get("code") or "").strip() or False} for vals in vals_list]
        scopes = [self._code_scope(vals) for vals in vals_list]
        taken = self._code_taken(set(scopes))
        for vals, scope in zip(vals_list, scopes, strict=True):
            if vals["code"]:
                self._code_refuse_taken(vals["code"], taken[scope])
                taken[scope].add(vals["code"])
        for vals, scope in zip(vals_list, scopes, strict=True):
            if not vals["code"] and self._code_wanted_for(vals):
                vals["code"] = self._code_proposal(vals, taken[scope])
                taken[scope].add(vals["code"])
        return vals_list

    @api.model
    def _code_scope(self, vals):
        """Within what the code of a new record is unique.

        :return: (name of the field, id), with an id that is None where nothing is said
        """
        for name in self._code_scopes:
            scope = vals.get(name) or self.env.context.get(f"default_{name}")
            if scope:
                return name, scope
        return self._code_scopes[0], None

    @api.model
    def _code_taken(self, scopes, but=()):
        """Codes that are there already.

        :param scopes: collection of what ``_code_scope`` gives
        :param but: records whose codes are about to change
        :return: dict of scope and set of codes
        """
        taken = {scope: set() for scope in scopes}
        for name in self._code_scopes:
            ids = [scope_id for field, scope_id in scopes if field == name and scope_id]
            if ids:
                for record in self.sudo().search_fetch([(name, "in", ids), ("code", "!=", False)], [name, "code"]):
                    if record in but:
                        continue
                    taken[name, record[name].id].add(record.code)
        return taken

    @api.model
    def _code_refuse_taken(self, code, taken):
        """Say in words what the index would say in SQL.

        :raise ValidationError: when the code is taken
        """
        if code in taken:
            raise ValidationError(
                self.env._("The code “%s” is taken: within a survey or a question, each can stand once only.", code)
            )

    @api.model
    def _code_proposal(self, vals, taken):
        """:return: a code that is not among those taken"""
        return propose(vals.get(self._code_text), taken, self._code_fallback)

    @api.model
    def _customer_fill_codes(self):
        """Give all records without a code theirs: one query to read, one to write."""
        self.flush_model()
        scope = SQL("COALESCE(%s)", SQL(", ").join(map(SQL.identifier, self._code_scopes)))
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %(scope)s, %(first)s IS NULL, code, %(text)s FROM %(table)s WHERE %(wanted)s"
                " ORDER BY code IS NULL, 2, sequence, id",
                scope=scope,
                first=SQL.identifier(self._code_scopes[0]),
                text=SQL.identifier(self._code_text),
                table=SQL.identifier(self._table),
                wanted=self._code_wanted_sql(),
            )
        )
        taken, codes = {}, {}
        for record_id, scope_id, other, code, text in rows:
            known = taken.setdefault((scope_id, other), set())
            if not code:
                words = text or {}
                code = propose(words.get("en_US") or next(iter(words.values()), None), known, self._code_fallback)
                codes[record_id] = code
            known.add(code)
        self.env.cr.execute(
            SQL(
                "UPDATE %s r SET code = said.code FROM unnest(%s::int4[], %s::varchar[]) said (id, code)"
                " WHERE r.id = said.id",
                SQL.identifier(self._table),
                list(codes),
                list(codes.values()),
            )
        )
        self.invalidate_model(["code"], flush=False)

    @api.model
    def _code_wanted_sql(self):
        """SQL twin of ``_code_wanted``."""
        return SQL("TRUE")
