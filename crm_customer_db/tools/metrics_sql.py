"""Statements that keep a table of figures equal to what several queries say."""

from typing import NamedTuple

from odoo.tools import SQL

KEY = ("commercial_partner_id", "company_id")


class MetricsSource(NamedTuple):
    """Figures that one query gives.

    :param name: identifier, unique among the sources
    :param columns: tuple of names of fields of ``crm.customer.metrics``
    :param query: ``SQL`` of commercial_partner_id, company_id and these columns, with one
        row at most per customer and company
    :param adds_rows: whether who is found there has figures because of that. Otherwise the query may
        read ``customer``, the pairs of commercial_partner_id and company_id that the others gave
    """

    name: str
    columns: tuple
    query: SQL
    adds_rows: bool = True


class MetricsSQL:
    """The statements for some customers.

    :param model: empty record of ``crm.customer.metrics``
    :param partner_ids: list of ids of customers
    :param as_of: date that stands for today
    :param names: names of the sources to ask, None for all; figures of the others are nothing
    :param keys: list of (customer id, company id) that get a row whatever the sources say
    """

    def __init__(self, model, partner_ids, as_of, names=None, keys=()):
        self.model = model
        self.partner_ids = list(partner_ids)
        self.as_of = as_of
        self.keys = list(keys)
        self.sources = [
            source if names is None or source.name in names else self._silent(source)
            for source in model._metrics_sources(SQL("%s", self.partner_ids), as_of)
        ]
        self.layers = model._metrics_layers(as_of)
        self.columns = [name for source in self.sources for name in source.columns]
        self.columns += [name for layer in self.layers for name in layer]

    def _silent(self, source):
        """The source without its query: layers find its columns, and nothing in them."""
        key = SQL(", ").join(SQL("NULL::integer AS %s", SQL.identifier(name)) for name in KEY)
        columns = SQL(", ").join(
            SQL("NULL::%s AS %s", SQL(self.model._fields[name].column_type[1]), SQL.identifier(name))
            for name in source.columns
        )
        return source._replace(query=SQL("SELECT %s, %s WHERE FALSE", key, columns), adds_rows=False)

    def _typed(self, name, value):
        """A figure in the type of its column; no figure is 0 where the field is a number."""
        field = self.model._fields[name]
        if field.type in ("integer", "float", "monetary"):
            value = SQL("COALESCE(%s, 0)", value)
        return SQL("(%s)::%s", value, SQL(field.column_type[1]))

    def rows(self):
        """Query of the key, ``currency_id`` and all columns, one row per customer and company."""
        names = [SQL.identifier(f"source_{source.name}") for source in self.sources]
        parts = {True: [], False: []}
        for name, source in zip(names, self.sources, strict=True):
            parts[source.adds_rows].append(SQL("%s AS MATERIALIZED (%s)", name, source.query))
        keys = SQL(" UNION ").join(
            [
                *(
                    SQL("SELECT commercial_partner_id, company_id FROM %s", name)
                    for name, source in zip(names, self.sources, strict=True)
                    if source.adds_rows
                ),
                *(SQL("SELECT %s::integer, %s::integer", *key) for key in self.keys),
            ]
        )
        columns = [
            SQL("%s AS %s", self._typed(column, SQL("%s.%s", name, SQL.identifier(column))), SQL.identifier(column))
            for name, source in zip(names, self.sources, strict=True)
            for column in source.columns
        ]
        joins = [SQL("LEFT JOIN %s USING (commercial_partner_id, company_id)", name) for name in names]
        query = SQL(
            "SELECT commercial_partner_id, company_id, company.currency_id, %s FROM customer"
            " JOIN res_company company ON company.id = customer.company_id %s",
            SQL(", ").join(columns),
            SQL(" ").join(joins),
        )
        customer = SQL("customer AS (%s)", keys)
        return SQL("WITH %s %s", SQL(", ").join([*parts[True], customer, *parts[False]]), self._layered(query))

    def _layered(self, query):
        """A query of the figures of the sources, with what follows from them."""
        for layer in self.layers:
            derived = [SQL("%s AS %s", self._typed(name, value), SQL.identifier(name)) for name, value in layer.items()]
            query = SQL("SELECT base.*, %s FROM (%s) base", SQL(", ").join(derived), query)
        return query

    def restate(self, names):
        """Statement that works columns of layers out from the figures that are kept, for everybody.

        :param names: list of names of columns of layers
        """
        given = SQL(", ").join(
            SQL.identifier(name)
            for name in ["id", *KEY, "currency_id", *(name for source in self.sources for name in source.columns)]
        )
        fresh, old = (SQL(", ").join(SQL.identifier(alias, name) for name in names) for alias in ("fresh", "old"))
        return SQL(
            "UPDATE crm_customer_metrics old SET (%(columns)s, computed_as_of) = (SELECT %(fresh)s, %(as_of)s::date)"
            " FROM (%(query)s) fresh WHERE fresh.id = old.id AND (%(old)s) IS DISTINCT FROM (%(fresh)s)",
            columns=SQL(", ").join(map(SQL.identifier, names)),
            fresh=fresh,
            old=old,
            as_of=self.as_of,
            query=self._layered(SQL("SELECT %s FROM crm_customer_metrics", given)),
        )

    def sync(self):
        """Statement that writes what differs, and gives (inserted, updated, deleted)."""
        columns = SQL(", ").join(map(SQL.identifier, ["currency_id", *self.columns]))
        return SQL(
            """
            WITH fresh AS MATERIALIZED (%(rows)s),
            deleted AS (
                DELETE FROM crm_customer_metrics old
                 WHERE old.commercial_partner_id = ANY(%(partners)s)
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
            partners=self.partner_ids,
            columns=columns,
            fresh=self._of("fresh"),
            old=self._of("old"),
            as_of=SQL("%s::date", self.as_of),
        )

    def _of(self, alias):
        return SQL(", ").join(SQL.identifier(alias, name) for name in ["currency_id", *self.columns])
