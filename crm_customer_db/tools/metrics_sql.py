"""Statements that keep a table of figures equal to what several queries say."""

import re
from contextlib import contextmanager, nullcontext
from typing import NamedTuple

from odoo.tools import SQL

from .bulk import as_a_whole, in_shares

KEY = ("commercial_partner_id", "company_id")
# Stands for the array of ids when the figures of all customers are worked out.
EVERYBODY = SQL("SELECT id FROM res_partner")

NOBODY = SQL("SELECT NULL::integer AS commercial_partner_id, NULL::integer AS company_id WHERE FALSE")


def among(column, partners):
    """Condition that a column names one of the customers whose figures are worked out.

    ``column = ANY(partners)`` says the same. For everybody this says nothing, so that a
    table is read once and compared with nothing.

    :param column: ``SQL``
    :param partners: ``SQL`` that a source was given
    """
    return SQL("TRUE") if partners is EVERYBODY else SQL("%s = ANY(%s)", column, partners)


def stacked(layers):
    """Layers put into as few as can be: each is another pass over every column of every row.

    :param layers: list of dicts of column and ``SQL``, each over columns of those before it
    :return: the same columns in layers where each looks at those before it
    """
    height, result = {}, []
    for layer in layers:
        words = {word for value in layer.values() for word in re.findall(r"\w+", value.code)}
        level = max((height[word] + 1 for word in words if word in height), default=0)
        if level == len(result):
            result.append({})
        result[level].update(layer)
        height.update(dict.fromkeys(layer, level))
    return result


class MetricsSource(NamedTuple):
    """Figures that one query gives.

    :param name: identifier, unique among the sources
    :param columns: tuple of names of fields of ``crm.customer.metrics``
    :param query: ``SQL`` of commercial_partner_id, company_id and these columns, with one
        row at most per customer and company. It may read the sources before it by their names
        (``source_purchase``)
    :param adds_rows: whether whom it names gets a row. Sources that add none come after those
        that do, and may read ``customer``, the pairs that get a row
    :param helpers: pairs of a further column of the query that layers look at and nobody
        keeps, and its type in the database
    :param is_shared: whether the query is of as many parts as processors may work on it (``bulk.shares``)
    """

    name: str
    columns: tuple
    query: SQL
    adds_rows: bool = True
    helpers: tuple = ()
    is_shared: bool = False


class MetricsSQL:
    """The statements for some customers, or for all.

    :param model: empty record of ``crm.customer.metrics``
    :param partner_ids: list of ids of customers, None for everybody
    :param as_of: date that stands for today
    :param names: names of the sources to ask, None for all; figures of the others are nothing
    :param keys: list of (customer id, company id) that get a row whatever the sources say
    """

    def __init__(self, model, partner_ids, as_of, names=None, keys=()):
        self.model = model
        self.partners = EVERYBODY if partner_ids is None else SQL("%s", list(partner_ids))
        self.as_of = as_of
        self.keys = list(keys)
        # in this order: those that add no rows may read who has some
        self.sources = sorted(model._metrics_sources(self.partners, as_of), key=lambda source: not source.adds_rows)
        self.silent = {source.name for source in self.sources if names is not None and source.name not in names}
        self.is_staged = False
        # rows of the longest source, as soon as they are staged
        self.count = 0
        self.given = [name for source in self.sources for name in source.columns]
        self.helpers = dict(pair for source in self.sources for pair in source.helpers)
        self.relayer()

    def relayer(self):
        """Ask for the layers anew, after what they rest on was changed."""
        self.layers = stacked(self.model._metrics_layers(self.as_of))
        self.columns = [*self.given, *(name for layer in self.layers for name in layer)]

    @contextmanager
    def staged(self):
        """Ask every source once and keep what they say in tables, for as long as the context lasts.

        Queries that make a table may use several processors, those that also write may not.
        Sources that say nothing are left out of what follows. The tables have the names that
        the sources have in one statement, so that a source may read those before it.
        """
        cr = self.model.env.cr
        with as_a_whole(cr):
            keyed = self._stage()
        self.is_staged = True
        yield self
        # after a failure there is nothing to drop: the tables go with the transaction
        if keyed:
            cr.execute("DROP TABLE customer")
        cr.execute(SQL("DROP TABLE %s", SQL(", ").join(map(self._name, self.sources))))

    def _stage(self):
        """Keep what the sources say.

        :return: whether it is also kept who gets a row
        """
        cr, keyed = self.model.env.cr, False
        for source in self.sources:
            if not source.adds_rows and not keyed:
                keyed = self._stage_keys()
            with in_shares(cr) if source.is_shared else nullcontext():
                cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", self._name(source), source.query))
                count = cr.rowcount
            self.count = max(self.count, count)
            if not count:
                self.silent.add(source.name)
            else:
                cr.execute(SQL("ANALYZE %s (%s)", self._name(source), SQL(", ").join(map(SQL.identifier, KEY))))
        return keyed

    def _stage_keys(self):
        """Keep who gets a row, for the sources that ask."""
        cr = self.model.env.cr
        cr.execute(SQL("CREATE TEMPORARY TABLE customer ON COMMIT DROP AS %s", self._keys(self._keyed())))
        cr.execute("ANALYZE customer")
        return True

    def _keyed(self):
        """Sources whose customers get a row."""
        return [source for source in self.sources if source.adds_rows and source.name not in self.silent]

    def _name(self, source):
        return SQL.identifier(f"source_{source.name}")

    def _typed(self, name, value):
        """A figure in the type of its column; no figure is 0 where the field is a number."""
        if name in self.helpers:
            return SQL("(%s)::%s", value, SQL(self.helpers[name]))
        field = self.model._fields[name]
        if field.type in ("integer", "float", "monetary"):
            value = SQL("COALESCE(%s, 0)", value)
        return SQL("(%s)::%s", value, SQL(field.column_type[1]))

    def rows(self):
        """Query of the key, ``currency_id`` and all columns, one row per customer and company."""
        query = self._layered(self.given_rows([*self.given, *self.helpers]))
        if self.helpers:
            query = SQL(
                "SELECT %s, %s FROM (%s) base", SQL(", ").join(map(SQL.identifier, KEY)), self._of("base"), query
            )
        return self._with(query)

    def given_rows(self, names):
        """Query of the key, ``currency_id`` and columns of sources. To be asked of what is staged, or with ``_with``.

        :param names: names of columns of sources
        """
        columns, joined = [], []
        for source in self.sources:
            wanted = [name for name in (*source.columns, *dict(source.helpers)) if name in names]
            if wanted and source.name not in self.silent:
                joined.append(source)
            for name in wanted:
                value = (
                    SQL("NULL")
                    if source.name in self.silent
                    else SQL("%s.%s", self._name(source), SQL.identifier(name))
                )
                columns.append(SQL("%s AS %s", self._typed(name, value), SQL.identifier(name)))
        keyed = self._keyed()
        if len(keyed) == 1 and not self.keys:
            # the only ones there are: no need to look for them in the table they are from
            [base] = keyed
            joined = [source for source in joined if source is not base]
            start = self._name(base)
        else:
            start = SQL("(%s) customer", self._keys(keyed))
        return SQL(
            "SELECT commercial_partner_id, company_id, company.currency_id, %s FROM %s %s"
            " JOIN res_company company ON company.id = company_id",
            SQL(", ").join(columns),
            start,
            SQL(" ").join(
                SQL("LEFT JOIN %s USING (commercial_partner_id, company_id)", self._name(source)) for source in joined
            ),
        )

    def _keys(self, sources):
        """Query of who gets a row, each once."""
        keys = [
            *(SQL("SELECT commercial_partner_id, company_id FROM %s", self._name(source)) for source in sources),
            *(SQL("SELECT %s::integer, %s::integer", *key) for key in self.keys),
        ]
        return SQL(" UNION ").join(keys) if keys else NOBODY

    def _with(self, query):
        """A query of the sources with what they are, unless they are staged."""
        if self.is_staged or not self.sources:
            return query
        parts = {True: [], False: []}
        for source in self.sources:
            asked = self._nothing(source) if source.name in self.silent else source.query
            parts[source.adds_rows].append(SQL("%s AS MATERIALIZED (%s)", self._name(source), asked))
        customer = SQL("customer AS (%s)", self._keys(self._keyed()))
        return SQL("WITH %s %s", SQL(", ").join([*parts[True], customer, *parts[False]]), query)

    def _nothing(self, source):
        """Query without rows, for those that read the source by its name."""
        columns = [SQL("NULL::integer AS %s", SQL.identifier(name)) for name in KEY]
        columns += [
            SQL("%s AS %s", self._typed(name, SQL("NULL")), SQL.identifier(name))
            for name in (*source.columns, *dict(source.helpers))
        ]
        return SQL("SELECT %s WHERE FALSE", SQL(", ").join(columns))

    def _layered(self, query, all_wanted=True):
        """A query of the figures of the sources, with what follows from them.

        :param query: ``SQL`` of what the sources give
        :param all_wanted: whether every figure is read; else those that nobody asks for cost nothing
        """
        # worked out once, however often the layers after it use it
        once = SQL("OFFSET 0") if all_wanted else SQL("")
        for layer in self.layers:
            derived = [SQL("%s AS %s", self._typed(name, value), SQL.identifier(name)) for name, value in layer.items()]
            query = SQL("SELECT base.*, %s FROM (%s) base %s", SQL(", ").join(derived), query, once)
        return query

    def moved(self, names, within=None):
        """Query of the rows that are kept with columns of layers that differ from what follows from the others.

        :param names: list of names of columns of layers
        :param within: ``SQL`` condition on ``base``, a row that is kept; None for all
        :return: ``SQL`` query of id and these columns
        """
        given = [SQL.identifier(name) for name in ["id", *KEY, "currency_id", *self.given]]
        # what no restated column looks at
        given += [SQL("%s AS %s", self._typed(name, SQL("NULL")), SQL.identifier(name)) for name in self.helpers]
        kept = [SQL("%s AS %s", SQL.identifier(name), SQL.identifier(f"kept_{name}")) for name in names]
        fresh, old = (
            SQL(", ").join(SQL.identifier("fresh", prefix + name) for name in names) for prefix in ("", "kept_")
        )
        return SQL(
            "SELECT fresh.id, %(fresh)s FROM (%(query)s) fresh WHERE (%(old)s) IS DISTINCT FROM (%(fresh)s)",
            fresh=fresh,
            old=old,
            query=self._layered(
                SQL(
                    "SELECT %s FROM crm_customer_metrics base WHERE %s",
                    SQL(", ").join([*given, *kept]),
                    within or SQL("TRUE"),
                ),
                all_wanted=False,
            ),
        )

    def sync(self):
        """Statement that writes what differs, and gives (inserted, updated, deleted)."""
        columns = SQL(", ").join(map(SQL.identifier, ["currency_id", *self.columns]))
        return SQL(
            """
            WITH fresh AS MATERIALIZED (%(rows)s),
            deleted AS (
                DELETE FROM crm_customer_metrics old
                 WHERE %(among)s
                   AND NOT EXISTS (SELECT FROM fresh WHERE fresh.commercial_partner_id = old.commercial_partner_id
                                                       AND fresh.company_id = old.company_id)
                RETURNING 1),
            updated AS (
                UPDATE crm_customer_metrics old
                   SET (%(columns)s, computed_as_of) = (SELECT %(fresh)s, %(as_of)s)
                  FROM fresh
                 WHERE fresh.commercial_partner_id = old.commercial_partner_id AND fresh.company_id = old.company_id
                   AND (%(old)s) IS DISTINCT FROM (%(fresh)s)
                RETURNING 1),
            inserted AS (
                INSERT INTO crm_customer_metrics (commercial_partner_id, company_id, %(columns)s, computed_as_of)
                SELECT fresh.commercial_partner_id, fresh.company_id, %(fresh)s, %(as_of)s
                  FROM fresh
                 WHERE NOT EXISTS (SELECT FROM crm_customer_metrics old
                                    WHERE old.commercial_partner_id = fresh.commercial_partner_id
                                      AND old.company_id = fresh.company_id)
                RETURNING 1)
            SELECT (SELECT count(*) FROM inserted), (SELECT count(*) FROM updated), (SELECT count(*) FROM deleted)
            """,
            rows=self.rows(),
            among=among(SQL("old.commercial_partner_id"), self.partners),
            columns=columns,
            fresh=self._of("fresh"),
            old=self._of("old"),
            as_of=SQL("%s::date", self.as_of),
        )

    def fill(self):
        """Statement that writes everything into a table without a row."""
        columns = SQL(", ").join(map(SQL.identifier, [*KEY, "currency_id", *self.columns]))
        return SQL(
            "INSERT INTO crm_customer_metrics (%s, computed_as_of) SELECT %s, %s::date FROM (%s) fresh",
            columns,
            columns,
            self.as_of,
            self.rows(),
        )

    def _of(self, alias):
        return SQL(", ").join(SQL.identifier(alias, name) for name in ["currency_id", *self.columns])
