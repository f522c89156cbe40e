from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.load_stage import FactLoader
from ..tools.load_write import CompanyLoad
from .crm_customer_fact import MAX_CHAR


class LoadError(NamedTuple):
    """What is wrong with one cell.

    :param row: number of the row, the first being 1
    :param column: the column as the caller named it, "" for the whole row
    :param message: a sentence in the user's language
    """

    row: int
    column: str
    message: str


class LoadResult(NamedTuple):
    """What became of the rows of a load; the four numbers add up to all rows.

    :param inserted: new facts
    :param updated: facts that existed and differed
    :param unchanged: facts that existed and said the same
    :param rejected: rows that were not loaded
    :param errors: list of ``LoadError``, ordered by row
    """

    inserted: int
    updated: int
    unchanged: int
    rejected: int
    errors: list


class CrmCustomerFact(models.AbstractModel):
    """The way into the fact tables for everything that is not typed in."""

    _inherit = "crm.customer.fact"

    @api.model
    def _load_facts(self, rows, feed, company, *, columns=None, frozen=(), strict=False, max_errors=1000):
        """Load rows set by set: insert what is new, update what differs.

        A row is known again by ``feed``, ``source_ref`` and company, so loading the same
        rows twice changes nothing. Good rows are loaded although others are refused. The
        columns of the system (customer, day, currency of the company) are worked out
        here; so is the amount in the company's currency where only the document's is
        given, and a row without a rate for its day is refused. An amount that is given
        in both currencies is taken as it is. What the caller may do is for the caller to
        check: this runs as superuser and can't be called by RPC.

        Memory stays flat whatever the number of rows. Everything happens in the
        caller's transaction.

        :param rows: iterable of sequences, or of dicts, possibly a generator. Cells are
            Python values or texts: numbers with a decimal point and nothing else, dates
            as ``YYYY-MM-DD`` (noon of that day where the company is) or
            ``YYYY-MM-DD HH:MM:SS`` in UTC, or with a zone. ``None``, ``False`` and
            ``""`` are empty.
        :param feed: str, the name the facts go by; never ``manual``
        :param company: ``res.company``: the one all rows belong to or, with a column
            ``company_id``, all that the rows may name
        :param columns: names of the columns. A record is given by its id
            (``product_id``) or by a stored text of it (``product_id/default_code``). By
            default the keys of the first row, which then is a dict.
        :param frozen: columns that are set on insert and never again
        :param strict: load nothing if any row is refused
        :param max_errors: how many errors are described; all are counted
        :return: ``LoadResult``
        :raise ValueError: when the call itself is wrong: an unknown column, a required
            one that is missing
        """
        if not feed or feed == "manual":
            raise ValueError("a load needs the name of its feed")
        rows = iter(rows)
        if columns is None:
            first = next(rows, None)
            if first is None:
                return LoadResult(0, 0, 0, 0, [])
            columns, rows = list(first), _chain(first, rows)
        self.env.flush_all()
        loader = FactLoader(self, feed, company, columns, frozen)
        loader.create_stage()
        loader.stage_rows(rows)
        parts = loader.check()
        rejected = loader.count_rejected()
        errors = self._load_errors(loader, max_errors) if rejected else []
        counts = [0, 0, 0]
        if not (strict and rejected):
            for part in parts:
                counts = [a + b for a, b in zip(counts, part.upsert(), strict=True)]
        loader.drop()
        self._load_done(loader)
        return LoadResult(*counts, rejected, errors)

    @api.model
    def _try_facts(self, rows, feed, company, *, columns):
        """What ``_load_facts`` would make of each row. Nothing is loaded.

        :param rows: iterable of sequences, as for ``_load_facts``
        :param feed: str, the name the facts would go by
        :param company: ``res.company``, as for ``_load_facts``
        :param columns: names of the columns
        :return: (dict number of a good row → ``new``, ``updated`` or ``unchanged``, list of ``LoadError``)
        """
        self.env.flush_all()
        loader = FactLoader(self, feed, company, columns)
        loader.create_stage()
        loader.stage_rows(rows)
        parts = loader.check()
        errors = self._load_errors(loader, None) if loader.count_rejected() else []
        found = {row: outcome for part in parts for row, outcome in self.env.execute_query(part.outcomes())}
        loader.drop()
        return found, errors

    @api.model
    def _load_done(self, loader):
        """Forget what the ORM remembers of rows that SQL has changed."""
        self.env.invalidate_all(flush=False)

    @api.model
    def _load_part(self, loader, company):
        """What brings the rows of one company into this table.

        :return: ``CompanyLoad``
        """
        return CompanyLoad(loader, company)

    @api.model
    def _load_fallbacks(self, value):
        """Columns that follow from others where the rows do not say them.

        :param value: function from the name of a column to its SQL
        :return: dict of field name and SQL
        """
        return {}

    @api.model
    def _load_rules(self, value):
        """Conditions beyond those on single cells under which a row is refused.

        :param value: function from the name of a column to its SQL
        :return: list of (column at fault, code of the sentence in ``_load_templates``,
            SQL of the text it quotes, SQL condition)
        """
        return []

    @api.model
    def _load_last_date(self, value, tomorrow):
        """SQL twin of ``_fact_last_date``.

        :param value: function from the name of a column to its SQL
        :param tomorrow: datetime
        """
        return SQL("%s", tomorrow)

    @api.model
    def _load_max_length(self, field):
        """Longest text a column takes, None for no limit of its own."""
        return MAX_CHAR if field.type == "char" else None

    @api.model
    def _load_errors(self, loader, limit):
        """The faults of a load as sentences.

        :return: list of ``LoadError``
        """
        companies = loader.companies
        return [
            LoadError(row, spec or "", self._load_message(spec or "", code, value or "", companies))
            for row, spec, code, value in loader.read_errors(limit)
        ]

    @api.model
    def _load_message(self, spec, code, value, companies):
        """The sentence for one fault.

        :param spec: column of the rows
        :param code: str, of ``load_rows.BadCell`` or ``load_plan.Check``
        :param value: str to quote
        :param companies: ``res.company`` the rows may belong to
        """
        field = self._fields.get(spec.partition("/")[0])
        words = {
            "field": field._description_string(self.env) if field else spec,
            "value": value,
            "companies": ", ".join(companies.mapped("name")),
            "limit": value,
        }
        template = self._load_templates().get(code)
        if template is None:
            raise ValidationError(self.env._("“%(field)s” can't be loaded: %(value)s", **words))
        return template % words

    @api.model
    def _load_templates(self):
        """Code of a fault and its sentence, in the user's language."""
        return {
            "missing": self.env._("“%(field)s” is missing."),
            "unknown": self.env._("“%(field)s”: there is no “%(value)s” that %(companies)s may use."),
            "ambiguous": self.env._("“%(field)s”: “%(value)s” is the name of several records."),
            "company": self.env._("Company %(value)s is none of those of this load: %(companies)s."),
            "number": self.env._(
                "“%(field)s”: “%(value)s” is not a number. Write it with a decimal point "
                "and without thousands separators."
            ),
            "integer": self.env._("“%(field)s”: “%(value)s” is not a whole number."),
            "range": self.env._("“%(field)s”: %(value)s is out of range."),
            "date": self.env._("“%(field)s”: “%(value)s” is not a date and time (2026-05-31 17:30:00)."),
            "day": self.env._("“%(field)s”: “%(value)s” is not a date (2026-05-31)."),
            "date_range": self.env._("“%(field)s”: %(value)s does not lie between 1900 and today."),
            "selection": self.env._("“%(field)s”: “%(value)s” is not one of the possible values."),
            "length": self.env._("“%(field)s” is longer than %(value)s characters."),
            "text": self.env._("“%(field)s” has characters that can't be stored: “%(value)s”."),
            "value": self.env._("“%(field)s”: “%(value)s” is not a text."),
            "bool": self.env._("“%(field)s”: “%(value)s” is neither yes nor no."),
            "width": self.env._("The row does not have as many values as there are columns."),
            "twice": self.env._("The reference was in row %(value)s already."),
            "rate": self.env._(
                "There is no rate for %(value)s or earlier. Add it under Currencies, then load the row again."
            ),
            "currency_amount": self.env._(
                "The amount in the currency of the document is missing: the amount in the "
                "company's currency alone does not tell it."
            ),
        }


def _chain(first, rows):
    yield first
    yield from rows
