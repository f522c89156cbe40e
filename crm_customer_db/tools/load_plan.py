"""What the rows of one company mean in SQL: values of the fact and faults of a row."""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

# Texts without a limit of their own still must not fill a disk.
_MAX_TEXT = 100_000


class Check(NamedTuple):
    """A condition under which a row is refused.

    :param spec: column of the rows that is at fault
    :param code: which sentence says so
    :param value: SQL of the text quoted in it
    :param bad: SQL condition
    """

    spec: str
    code: str
    value: SQL
    bad: SQL


class CompanyPlan:
    """The rows of one company: its zone, its currency and its catalogues."""

    def __init__(self, loader, company):
        self.loader = loader
        self.model = loader.model
        self.env = loader.env
        self.cr = loader.cr
        self.company = company
        self.joins = []
        self.values = {}
        self.checks = []

    # ---------------------------------------------------- what a row stands for

    def prepare(self):
        """Work out the SQL of every column of the fact and of every check."""
        for column in self.loader.columns:
            self._prepare_column(column)
        for name, value in self.loader.constants.items():
            self.values[name] = SQL("%s", value)
        self._prepare_partner()
        self._prepare_time()
        self._prepare_money()
        self._prepare_fallbacks()
        self._prepare_required()
        for spec, code, value, bad in self.model._load_rules(self.value):
            self._add(self.loader.by_field.get(spec, spec), code, value, bad)

    def value(self, name):
        """SQL of a column of the fact: what the rows say, or an empty one of its type."""
        if name in self.values:
            return self.values[name]
        return SQL("NULL::%s", SQL(self.model._fields[name].column_type[1]))

    def _prepare_column(self, column):
        field = self.model._fields[column.field]
        cell = SQL.identifier("s", column.field)
        self.values[column.field] = cell
        if column.field in ("company_id", "date", "day"):
            return
        if field.type == "many2one":
            self._prepare_record(column, field, cell)
        elif field.type == "selection":
            keys = list(field.get_values(self.env))
            self._add(column, "selection", cell, SQL("%s <> ALL(%s)", cell, keys))
        elif column.kind == "text":
            limit = self.model._load_max_length(field) or _MAX_TEXT
            self._add(column, "length", SQL("%s::text", limit), SQL("length(%s) > %s", cell, limit))
        elif column.kind == "number":
            self._add(column, "range", cell, SQL("NOT (%s > -1e15 AND %s < 1e15)", cell, cell))
        elif column.kind == "bool":
            self.values[column.field] = SQL("COALESCE(%s, false)", cell)

    def _add(self, column, code, value, bad):
        spec = column if isinstance(column, str) else column.spec
        self.checks.append(Check(spec, code, SQL("left((%s)::text, 80)", value), bad))

    def _prepare_record(self, column, field, cell):
        """The record a cell names, by id or by key, among those the company may use."""
        target = self.env[field.comodel_name].with_context(active_test=False)
        domain = Domain.TRUE
        if field.check_company:
            domain = Domain(target._check_company_domain(self.company))
        query = target._search(domain, order="id")
        query.order = None
        alias = SQL.identifier(f"r_{column.field}")
        record_id = SQL.identifier(query.table, "id")
        if not column.key:
            self.joins.append(SQL("LEFT JOIN (%s) %s ON %s.id = %s", query.select(record_id), alias, alias, cell))
            bad = SQL("%s IS NOT NULL AND %s.id IS NULL", cell, alias)
            self._add(column, "unknown", cell, bad)
            return
        key = target._field_to_sql(query.table, column.key, query)
        self._prepare_keys(column, cell, alias, query.select(record_id, SQL("%s AS key", key)))

    def _prepare_keys(self, column, cell, alias, records):
        """Find the records of all keys of a column at once."""
        table = self.loader.temporary_name("keys")
        self.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(table)s ON COMMIT DROP AS
                SELECT k.key, min(t.id) AS id, count(t.id) AS found
                  FROM (SELECT DISTINCT %(cell)s AS key FROM %(stage)s s
                         WHERE %(cell)s IS NOT NULL AND %(scope)s) k
                  LEFT JOIN (%(records)s) t ON t.key = k.key
                 GROUP BY k.key
                """,
                table=table,
                cell=cell,
                stage=self.loader.stage,
                scope=self._scope(),
                records=records,
            )
        )
        self.cr.execute(SQL("ANALYZE %s", table))
        self.joins.append(SQL("LEFT JOIN %s %s ON %s.key = %s", table, alias, alias, cell))
        self.values[column.field] = SQL("%s.id", alias)
        self._add(column, "unknown", cell, SQL("%s.found = 0", alias))
        self._add(column, "ambiguous", cell, SQL("%s.found > 1", alias))

    def _prepare_partner(self):
        partner = self.values["partner_id"]
        self.joins.append(SQL("LEFT JOIN res_partner customer ON customer.id = %s", partner))
        self.values["commercial_partner_id"] = SQL("customer.commercial_partner_id")
        self.values["company_id"] = SQL("%s::int4", self.company.id)
        self.values["company_currency_id"] = SQL("%s::int4", self.company.currency_id.id)
        self.values["feed"] = SQL("%s::varchar", self.loader.feed)

    def _prepare_time(self):
        """Date and day, from whichever of the two a row has."""
        columns = self.loader.by_field
        days = [SQL.identifier("s", name) for name in ("day",) if name in columns]
        moment = None
        if "date" in columns:
            moment = SQL("date_trunc('second', s.date)")
            days.insert(0, SQL("s.date__day"))
        given_day = SQL("COALESCE(%s)", SQL(", ").join(days))
        noon = self.model._fact_noon_sql(given_day, self.company)
        if moment is None:
            self.values["date"], self.values["day"] = noon, given_day
        else:
            day = self.model._fact_day_sql(moment, self.company)
            self.values["date"] = SQL("COALESCE(%s, %s)", moment, noon)
            self.values["day"] = SQL("COALESCE(%s, %s)", day, given_day)
        spec = "date" if "date" in columns else "day"
        last = self.model._load_last_date(self.value, fields.Datetime.now() + timedelta(days=1))
        date = self.values["date"]
        out = SQL("NOT (%s BETWEEN '1900-01-01' AND %s)", date, last)
        self._add(spec, "date_range", self.values["day"], out)

    def _prepare_money(self):
        """Both amounts: as given where both are, else converted at the rate of the day."""
        if not self.model._fact_money:
            return
        own = SQL("%s::int4", self.company.currency_id.id)
        currency = own
        if "currency_id" in self.loader.by_field:
            currency = SQL("COALESCE(%s, %s)", self.values["currency_id"], own)
        self.values["currency_id"] = currency
        for amount, foreign in self.model._fact_money.items():
            self._prepare_amounts(amount, foreign, currency, own)

    def _prepare_amounts(self, amount, foreign, currency, own):
        given, given_foreign = (
            self.values[name] if name in self.loader.by_field else None for name in (amount, foreign)
        )
        if given_foreign is None:
            if given is None:
                return
            self.values[amount] = given
            self.values[foreign] = given
            spec = self.loader.by_field[amount].spec
            self._add(
                spec,
                "currency_amount",
                currency,
                SQL("%s IS NOT NULL AND %s <> %s", given, currency, own),
            )
            return
        spec = self.loader.by_field[foreign].spec
        is_own = SQL("%s = %s", currency, own)
        needs_rate = SQL("NOT %s AND %s IS NOT NULL", is_own, given_foreign)
        if given is not None:
            needs_rate = SQL("%s AND %s IS NULL", needs_rate, given)
            self._add(
                spec,
                "currency_amount",
                currency,
                SQL("%s IS NULL AND %s IS NOT NULL AND NOT %s", given_foreign, given, is_own),
            )
        converted = SQL("CASE WHEN %s THEN %s END", is_own, given_foreign)
        if self._join_rates(currency, needs_rate):
            factor = SQL("rates.factor")
            converted = SQL(
                "CASE WHEN %s THEN %s ELSE %s END",
                is_own,
                given_foreign,
                self.model._fact_round_sql(SQL("%s * %s", given_foreign, factor), self.company),
            )
            day = SQL("(SELECT name FROM res_currency WHERE id = %s) || ' ' || %s", currency, self.values["day"])
            self._add(spec, "rate", day, SQL("%s AND %s IS NULL", needs_rate, factor))
        if given is None:
            self.values[amount] = converted
            return
        self.values[amount] = SQL("COALESCE(%s, %s)", given, converted)
        self.values[foreign] = SQL("COALESCE(%s, CASE WHEN %s THEN %s END)", given_foreign, is_own, given)

    def _join_rates(self, currency, needs_rate):
        """Look up the rates of all currencies and days that need one.

        :return: bool, whether any does
        """
        if "currency_id" not in self.loader.by_field:
            return False
        table = self.loader.temporary_name("rates")
        self.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(table)s ON COMMIT DROP AS
                SELECT currency_id, day, %(factor)s::numeric AS factor
                  FROM (SELECT DISTINCT %(currency)s AS currency_id, %(day)s AS day
                          FROM %(source)s WHERE %(needed)s) wanted
                """,
                table=table,
                factor=self.model._fact_rate_sql(SQL("wanted.currency_id"), self.company, SQL("wanted.day")),
                currency=currency,
                day=self.values["day"],
                source=self._source(),
                needed=SQL("%s AND %s", needs_rate, self._scope()),
            )
        )
        if not self.cr.rowcount:
            return False
        self.joins.append(
            SQL(
                "LEFT JOIN %s rates ON rates.currency_id = %s AND rates.day = %s",
                table,
                currency,
                self.values["day"],
            )
        )
        return True

    def _prepare_fallbacks(self):
        """Columns that follow from others where the rows leave them empty."""
        found = self.model._load_fallbacks(self.value)
        self.fallbacks = set(found) - set(self.loader.by_field)
        for name, value in found.items():
            if name in self.loader.constants:
                value = SQL("COALESCE(%s, %s)", value, self.values[name])
            elif name in self.values:
                value = SQL("COALESCE(%s, %s)", self.values[name], value)
            self.values[name] = value

    def _prepare_required(self):
        given = self.loader.by_field
        required = [name for name in given if self.model._fields[name].required]
        for name in {*required, "source_ref"} - {"date", "day", "company_id"}:
            cell = SQL.identifier("s", name)
            if name not in self.model._fact_money and name != "currency_id":
                self._add(given[name], "missing", SQL("''"), SQL("%s IS NULL", cell))
        for amount, foreign in self.model._fact_money_required().items():
            cells = [SQL.identifier("s", name) for name in (amount, foreign) if name in given]
            spec = given.get(amount, given.get(foreign))
            none = SQL("COALESCE(%s) IS NULL", SQL(", ").join(cells))
            self._add(spec, "missing", SQL("''"), none)
        spec = "date" if "date" in given else "day"
        self._add(spec, "missing", SQL("''"), SQL("%s IS NULL", self.values["date"]))

    # ------------------------------------------------------------------- clauses

    def _scope(self):
        """Condition on rows ``s`` of this company."""
        if "company_id" not in self.loader.by_field:
            return SQL("TRUE")
        return SQL("s.company_id = %s", self.company.id)

    def _source(self):
        """FROM clause of the staged rows with all that is joined to them."""
        return SQL("%s s %s", self.loader.stage, SQL(" ").join(self.joins))
