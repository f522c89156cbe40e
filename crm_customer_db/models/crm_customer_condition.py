import logging
from ast import literal_eval
from collections.abc import Iterable

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import conditions

_logger = logging.getLogger(__name__)

# What a condition that can't be evaluated raises.
UNUSABLE = (UserError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError, NotImplementedError)
# What PostgreSQL says of a value that doesn't fit its column.
MISFIT = (psycopg2.DataError, psycopg2.ProgrammingError)
# The longest condition that is kept: a list of ten thousand customers is a segment by hand.
LONGEST = 100_000


class CrmCustomerCondition(models.AbstractModel):
    """A condition on customers that somebody has typed and that the machine evaluates later.

    It is evaluated with the rights of whoever typed it last, in one company at a time, and
    days that move ("today -60d") are counted from the day that is asked about. Concrete
    models say with ``_rule_model`` what the condition is about.
    """

    _name = "crm.customer.condition"
    _description = "Stored Condition on Customers"
    # Name of the model whose records the condition is about.
    _rule_model = "res.partner"

    rule_domain = fields.Char(string="Condition", default="[]", required=True)
    rule_user_id = fields.Many2one(
        "res.users",
        string="With the rights of",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        help="Whoever wrote the condition last. Nobody is found by it whom this user may not see.",
    )
    rule_broken = fields.Boolean(
        string="Set aside",
        copy=False,
        readonly=True,
        help="It could be evaluated when it was written, and can't any more. Writing it again tries it again.",
    )
    rule_problem = fields.Char(string="What keeps the condition from being used", compute="_compute_rule_problem")

    def _has_field_access(self, field, operation):
        """Extended: whose rights count is not for anybody to say."""
        if field.name in ("rule_user_id", "rule_broken") and operation == "write" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._rule_written()
        return entries

    def write(self, vals):
        res = super().write(vals)
        if "rule_domain" in vals:
            self._rule_written()
        return res

    def _rule_written(self):
        """Whoever writes a condition answers for it."""
        self.sudo().write({"rule_user_id": self.env.uid, "rule_broken": False})

    @api.constrains("rule_domain")
    def _check_rule_domain(self):
        # Odoo checks as superuser, who may read everything
        for entry in self.sudo(False):
            entry._rule_check()

    def _rule_check(self):
        """Refuse what can't be evaluated with the rights of whoever writes it.

        :raise ValidationError: with a sentence that says what is wrong
        """
        self.ensure_one()
        as_of = self.env["crm.customer.metrics"]._as_of()
        model = self.env[self._rule_model]
        try:
            query = model._search(self._rule_parsed(as_of))
            # a value of another type than its field is found by the database only
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(SQL("EXPLAIN %s", query.select()), log_exceptions=False)
        except MISFIT:
            raise ValidationError(
                self.env._(
                    "The condition of “%s” can't be used: a value doesn't fit its field, such as a word for a number.",
                    self.display_name,
                )
            ) from None
        except AccessError as error:
            raise ValidationError(
                self.env._(
                    "The condition of “%(name)s” asks for what you may not read: %(error)s",
                    name=self.display_name,
                    error=error.args[0],
                )
            ) from None
        except UNUSABLE as error:
            raise ValidationError(
                self.env._(
                    "The condition of “%(name)s” can't be used: %(error)s",
                    name=self.display_name,
                    error=str(error).removeprefix("Domain() "),
                )
            ) from None

    def _rule_parsed(self, as_of):
        """The condition, with days that move counted from a given one.

        :param as_of: date that stands for today
        :return: ``Domain``
        :raise ValueError: when it is no condition, or one that passes by the rights of its author
        """
        return self._rule_dated(self._rule_raw(), as_of, self.env[self._rule_model])

    def _rule_raw(self):
        """The condition as it was typed.

        :return: ``Domain``
        :raise ValueError: when it is no condition
        """
        self.ensure_one()
        text = self.rule_domain or "[]"
        if len(text) > LONGEST:
            raise ValueError(self.env._("it is too long"))
        try:
            parsed = literal_eval(text.strip())
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise ValueError(self.env._("it is not a list of conditions")) from None
        if not isinstance(parsed, list | tuple):
            raise ValueError(self.env._("it is not a list of conditions"))
        self._rule_refuse_bypass(parsed)
        return Domain(list(parsed))

    def _rule_asks_for(self, group):
        """Whether the condition looks, at any depth, at a field that needs a right.

        :param group: XML id of the group
        """
        self.ensure_one()
        try:
            return self._asks_for(self.env[self._rule_model], self._rule_raw(), group)
        except ValueError:
            return False

    def _asks_for(self, model, domain, group):
        for condition in domain.iter_conditions():
            passed, reached = self._rule_path(model, condition.field_expr)
            if any(group in (field.groups or "").split(",") for field in passed):
                return True
            value = condition.value
            if condition.operator in ("any", "not any") and isinstance(value, list | tuple | Domain):
                inner = value if isinstance(value, Domain) else Domain(list(value))
                if self._asks_for(reached, inner, group):
                    return True
        return False

    def _rule_refuse_bypass(self, parsed):
        """Say in words what Odoo refuses as an invalid item: an operator that passes by access rights."""
        if not isinstance(parsed, list | tuple):
            return
        if len(parsed) == 3 and isinstance(parsed[1], str) and parsed[1].endswith("!") and parsed[1] != "!":
            raise ValueError(self.env._("“%s” passes by access rights", parsed[1]))
        for part in parsed:
            self._rule_refuse_bypass(part)

    def _rule_dated(self, domain, as_of, model):
        """The same condition at all depths, checked and with days in place of words.

        :param model: of the records that the condition is about
        """

        def day(value):
            return conditions.relative_day(value, as_of) if conditions.is_relative(value) else value

        def dated(condition):
            operator, value = condition.operator, condition.value
            if operator.endswith("!"):
                raise ValueError(self.env._("“%s” passes by access rights", operator))
            passed, reached = self._rule_path(model, condition.field_expr)
            if operator in ("any", "not any") and isinstance(value, list | tuple | Domain):
                inner = value if isinstance(value, Domain) else Domain(list(value))
                value = self._rule_dated(inner, as_of, reached)
            elif passed and passed[-1].type in ("date", "datetime"):
                value = day(value) if isinstance(value, str) or not isinstance(value, Iterable) else [*map(day, value)]
            return Domain(condition.field_expr, operator, value)

        return domain.map_conditions(dated)

    def _rule_path(self, model, path):
        """What a condition passes by.

        :param model: where the path begins
        :param path: str, names of fields with dots between
        :return: (list of fields, as far as there are such; the model behind the last one)
        """
        passed = []
        for name in path.split("."):
            field = model._fields.get(name)
            if field is None:
                break
            passed.append(field)
            if field.relational:
                model = self.env[field.comodel_name]
        return passed, model

    def _rule_query(self, company, as_of, within=Domain.TRUE):
        """Whom the condition finds in one company, with the rights of its author.

        :param company: ``res.company`` record
        :param as_of: date that stands for today
        :param within: ``Domain`` that narrows it down, of the machine's own
        :return: ``Query`` over ``_rule_model``; None where nobody answers for the condition, or he may not
            see the company, or the condition can't be used any more (a field is gone, a right is gone)
        """
        self.ensure_one()
        author = self.sudo().rule_user_id
        if (
            self.sudo().rule_broken
            or not author
            or (not author._is_superuser() and not self._rule_answered_for(author, company))
        ):
            return None
        model = self.env[self._rule_model].with_user(author)
        model = model.with_context(allowed_company_ids=company.ids, lang=author.lang, tz=author.tz)
        try:
            return model._search(self._rule_parsed(as_of) & within)
        except UNUSABLE as error:
            _logger.info("the condition of %s can't be evaluated: %s", self, error)
            return None

    def _rule_guarded(self, work, as_of):
        """Do what rests on these conditions, without those that the database can't evaluate any more.

        A field may have become one of another type after its condition was written. Such a
        condition must not keep the others from being used.

        :param work: function without arguments, which asks the conditions and executes what they give
        :param as_of: date that stands for today
        :return: what it returns
        """
        try:
            with self.env.cr.savepoint(flush=False):
                return work()
        except MISFIT:
            broken = self.filtered(lambda entry: entry._rule_fails(as_of))
            if not broken:
                raise
            _logger.info("conditions are set aside until they are written again: %s", broken)
            broken.sudo().rule_broken = True
            self.env.flush_all()
            return work()

    def _rule_fails(self, as_of):
        """Whether the database can't evaluate the condition."""
        for company in self.env["res.company"].sudo().search([("active", "=", True)]):
            query = self._rule_query(company, as_of)
            if query is None:
                continue
            try:
                with self.env.cr.savepoint(flush=False):
                    self.env.cr.execute(SQL("SELECT COUNT(*) FROM (%s) found", query.select()), log_exceptions=False)
            except MISFIT:
                return True
        return False

    def _rule_answered_for(self, author, company):
        """Whether somebody still is one who may write such conditions in a company."""
        return author.active and company in author.company_ids and self.browse().with_user(author).has_access("write")

    @api.depends("rule_domain", "rule_user_id", "rule_broken")
    @api.depends_context("company", "lang")
    def _compute_rule_problem(self):
        as_of = self.env["crm.customer.metrics"]._as_of()
        for entry in self:
            entry.rule_problem = False
            if entry._rule_query(entry._rule_company(), as_of) is None:
                entry.rule_problem = self.env._(
                    "Nobody is found: who wrote the condition has left, may not see this company, or may not read"
                    " (any more) what it asks for. Write it again to answer for it."
                )

    def _rule_company(self):
        """The company in which a screen shows whom the condition finds."""
        return self["company_id"] if "company_id" in self._fields and self["company_id"] else self.env.company
