"""Which of the loaded purchases begins its order, and what the order amounts to.

New rows are inserted with that, worked out for the whole load at once: writing it into
them afterwards would write most of them twice. Only orders that have lines from before
are looked at again.
"""

from odoo.tools import SQL

from .load_tracked import TrackedLoad
from .load_write import CompanyLoad

_NOTHING = SQL("NULL")
# Moment and row in one number that orders by both: rows are fewer than 2^31, and the
# seconds of all dates a fact may have leave room for them in 64 bits.
_ROWS = 2**31


class OrderLoad(TrackedLoad):
    """The rows of one company that are lines of orders."""

    def upsert(self):
        self._prepare_heads()
        return super().upsert()

    # --------------------------------------------------------------------- heads

    def _prepare_heads(self):
        """Say of new rows what they are within this load."""
        document = self._given("source_model", "source_id")
        if document is None and "order_ref" not in self.values:
            self.insert_values = {"is_head": SQL("TRUE"), "order_amount": self.values["amount"]}
            return
        table = self.loader.temporary_name("heads")
        moment = SQL("date_part('epoch', %s)::int8 * %s", self.values["date"], _ROWS)
        self.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(table)s ON COMMIT DROP AS
                SELECT min(%(moment)s + s.row_no) AS first, sum(%(amount)s) AS amount
                  FROM %(source)s WHERE %(scope)s AND %(good)s
                 GROUP BY %(order)s
                """,
                table=table,
                moment=moment,
                amount=self.values["amount"],
                source=self._source(),
                scope=self._scope(),
                good=self._good(),
                order=SQL(", ").join(self._order_key(document)),
            )
        )
        self.cr.execute(SQL("CREATE UNIQUE INDEX ON %s (first)", table))
        self.cr.execute(SQL("ANALYZE %s", table))
        self.joins.append(SQL("LEFT JOIN %s heads ON heads.first = %s + s.row_no", table, moment))
        self.insert_values = {"is_head": SQL("heads.first IS NOT NULL"), "order_amount": SQL("heads.amount")}

    def _given(self, *names):
        """Values of columns, or None where the rows do not have all of them."""
        if not set(names) <= self.values.keys():
            return None
        return [self.values[name] for name in names]

    def _order_key(self, document):
        """What is the same in all rows of an order, within one source and company."""
        order_ref = self.values.get("order_ref", _NOTHING)
        yield self.values["commercial_partner_id"]
        if document is None:
            yield order_ref
            yield SQL("CASE WHEN %s IS NULL THEN s.row_no END", order_ref)
            return
        has_document = SQL("%s IS NOT NULL AND %s IS NOT NULL", *document)
        for part in document:
            yield SQL("CASE WHEN %s THEN %s END", has_document, part)
        yield SQL("CASE WHEN NOT (%s) THEN %s END", has_document, order_ref)
        yield SQL("CASE WHEN NOT (%s) AND %s IS NULL THEN s.row_no END", has_document, order_ref)

    # -------------------------------------------------------------------- upsert

    def _run_insert(self, statement):
        """New rows have been told apart already, unless there were lines before."""
        if self.any_before:
            return super()._run_insert(statement)
        return CompanyLoad._run_insert(self, statement)

    def _run_update(self, statement):
        """Remember changed rows, and those of the orders they were in until now.

        The main query of a statement sees the table as it was before the statement.
        """
        before = SQL(
            "SELECT line.* FROM %s line WHERE id IN (SELECT id FROM written)",
            self._table(),
        )
        lines = self.model._order_lines_sql(before)
        return self._run_counted(
            SQL("%s RETURNING f.id", statement),
            SQL("SELECT id FROM written UNION SELECT id FROM (%s) line", lines),
        )
