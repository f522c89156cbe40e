"""The set-based loader of facts: stage, check, upsert.

Rows go by COPY into a temporary table whose columns already have their types, are
checked there by one statement per company, and from there into the fact table: rows
that differ are updated, rows that are missing inserted.
"""

import io
import itertools

import psycopg2

from odoo.tools import SQL

from . import load_rows
from .load_rows import Column
from .load_write import WRITE_ROWS

COPY_ROWS = 20_000

_LOG_COLUMNS = ("create_uid", "create_date", "write_uid", "write_date")
_load_numbers = itertools.count(1)

_TYPES = {
    "int": SQL("int4"),
    "number": SQL("numeric"),
    "text": SQL("text"),
    "moment": SQL("timestamp"),
    "day": SQL("date"),
    "bool": SQL("bool"),
}
_KINDS = {
    "integer": "int",
    "many2one": "int",
    "many2one_reference": "int",
    "float": "number",
    "monetary": "number",
    "char": "text",
    "text": "text",
    "selection": "text",
    "datetime": "moment",
    "date": "day",
    "boolean": "bool",
}


class FactLoader:
    """One load into one fact model; see ``crm.customer.fact._load_facts``."""

    def __init__(self, model, feed, companies, columns, frozen=()):
        self.model = model.sudo()
        self.env = self.model.env
        self.cr = self.env.cr
        self.feed = feed
        self.companies = companies.sudo()
        self.columns = [self._column(spec) for spec in columns]
        self.by_field = {column.field: column for column in self.columns}
        self.frozen = set(frozen)
        self._check_columns()
        self.stage = self.temporary_name("stage")
        self.errors = self.temporary_name("errors")
        self.staged = self.last = 0

    # ------------------------------------------------------------------- columns

    def _column(self, spec):
        """What a column name of the rows stands for.

        :raise ValueError: when the model has no such column, or one that only the
            system fills
        """
        name, _slash, key = spec.partition("/")
        field = self.model._fields.get(name)
        closed = self.model._fact_machine_columns() - {"source_ref", "source_model", "source_id"}
        loadable = (
            field is not None
            and field.store
            and field.type in _KINDS
            and name not in {"id", *closed, *_LOG_COLUMNS} - {"day"}
        )
        if not loadable:
            raise ValueError(f"{self.model._name}: rows can't have a column {spec!r}")
        if not key:
            return Column(spec, name, None, _KINDS[field.type])
        if field.type != "many2one":
            raise ValueError(f"{spec!r}: {name} is no record")
        key_field = self.env[field.comodel_name]._fields.get(key)
        if key_field is None or not key_field.store or key_field.type != "char" or (key_field.translate):
            raise ValueError(f"{spec!r}: {field.comodel_name} can't be found by {key!r}")
        return Column(spec, name, key, "text")

    def _check_columns(self):
        """Refuse a load that could not load a single row."""
        if len(self.by_field) != len(self.columns):
            raise ValueError("a column is given twice")
        if "company_id" not in self.by_field:
            self.companies.ensure_one()
        elif self.by_field["company_id"].key:
            raise ValueError("the company is given by its id")
        for alternatives in (
            ["partner_id"],
            ["source_ref"],
            ["date", "day"],
            *([amount, foreign] for amount, foreign in self.model._fact_money_required().items()),
        ):
            if not self.by_field.keys() & set(alternatives):
                raise ValueError(f"rows need a column {' or '.join(alternatives)}")
        self.constants = self._constants()

    def _constants(self):
        """Defaults of the required columns that the rows do not have.

        :return: dict of field name and value
        """
        derived = {"commercial_partner_id", "company_id", "company_currency_id", "feed"}
        derived |= {"date", "day", "currency_id", *self.model._fact_money}
        derived.update(self.model._fact_money.values())
        missing = [
            name
            for name, field in self.model._fields.items()
            if field.store and field.required and name not in self.by_field
            if name not in derived
        ]
        defaults = self.model.default_get(missing) if missing else {}
        for name in missing:
            if name not in defaults:
                raise ValueError(f"rows need a column {name}")
        return defaults

    # --------------------------------------------------------------------- stage

    def temporary_name(self, what):
        return SQL.identifier(f"crm_load_{next(_load_numbers)}_{what}")

    def create_stage(self):
        parts = [SQL("row_no int8")]
        for column in self.columns:
            parts += [
                SQL("%s %s", name, type_)
                for name, type_ in zip(self._stage_names(column), self._stage_types(column), strict=True)
            ]
        self.cr.execute(SQL("CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP", self.stage, SQL(", ").join(parts)))
        self.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s (row_no int8, spec text, code text, value text) ON COMMIT DROP",
                self.errors,
            )
        )

    def _stage_names(self, column):
        names = [SQL.identifier(column.field)]
        if column.kind == "moment":
            names.append(SQL.identifier(f"{column.field}__day"))
        return names

    def _stage_types(self, column):
        return [_TYPES[column.kind], _TYPES["day"]][: len(self._stage_names(column))]

    def stage_rows(self, rows):
        """Bring the rows into the staging table, a slice at a time.

        :param rows: iterable; nothing of it is kept
        """
        rows = load_rows.as_tuples(rows, [column.spec for column in self.columns])
        while batch := list(itertools.islice(rows, COPY_ROWS)):
            part = load_rows.encode_slice(self.columns, batch, self.last + 1)
            if not self._copy_slice(part):
                part = load_rows.encode_carefully(self.columns, batch, self.last + 1)
                if not self._copy_slice(part):
                    raise ValueError(f"rows {self.last + 1} to {self.last + len(batch)} can't be stored")
            self._copy(self.errors, load_rows.error_text(part.errors))
            self.last += len(batch)
            self.staged += len(part.numbers)
        self.cr.execute(SQL("ANALYZE %s", self.stage))
        if self.last > WRITE_ROWS:
            self.cr.execute(SQL("CREATE INDEX ON %s USING brin (row_no)", self.stage))

    def _copy_slice(self, part):
        """:return: bool, whether PostgreSQL took the rows"""
        data = load_rows.copy_text(part.numbers, part.values)
        if data is None:
            return False
        try:
            with self.cr.savepoint(flush=False):
                self._copy(self.stage, data)
        except psycopg2.DataError:
            return False
        return True

    def _copy(self, table, data):
        """COPY rows that are encoded already."""
        if data:
            self.cr.copy_expert(SQL("COPY %s FROM STDIN (FORMAT csv)", table).code, io.BytesIO(data))

    # --------------------------------------------------------------------- check

    def check(self):
        """Write down everything that is wrong with the rows.

        :return: list of ``load_write.CompanyLoad``, one for each company that has rows
        """
        parts = [self.model._load_part(self, company) for company in self._companies_of_rows()]
        for part in parts:
            part.prepare()
            part.check()
        return parts

    def _companies_of_rows(self):
        if "company_id" not in self.by_field:
            return self.companies
        allowed = list(self.companies.ids)
        self.cr.execute(
            SQL(
                "INSERT INTO %s SELECT row_no, 'company_id', 'company', company_id::text"
                " FROM %s WHERE company_id IS NULL OR company_id <> ALL(%s)",
                self.errors,
                self.stage,
                allowed,
            )
        )
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT company_id FROM %s WHERE company_id = ANY(%s)",
                self.stage,
                allowed,
            )
        )
        return self.companies.browse(sorted(company for (company,) in found))

    def count_rejected(self):
        [(rejected,)] = self.env.execute_query(SQL("SELECT count(DISTINCT row_no) FROM %s", self.errors))
        return rejected

    def read_errors(self, limit):
        """What was wrong, in the order of the rows.

        :param limit: int, or None for all
        :return: list of (row number, spec, code, value)
        """
        return self.env.execute_query(
            SQL(
                "SELECT DISTINCT row_no, spec, code, value FROM %s ORDER BY row_no, spec, code LIMIT %s",
                self.errors,
                limit,
            )
        )

    def drop(self):
        self.cr.execute(SQL("DROP TABLE %s, %s", self.stage, self.errors))
