"""Faults of the rows of one company, and the way of the others into the fact table."""

from odoo.tools import SQL

from .load_plan import CompanyPlan

# PostgreSQL keeps one event per row and foreign key in memory until a statement ends,
# so the fact table is written in slices of this many rows.
WRITE_ROWS = 100_000


class CompanyLoad(CompanyPlan):
    """Checks and writes what ``CompanyPlan`` has worked out."""

    def __init__(self, loader, company):
        super().__init__(loader, company)
        # columns that only new rows get
        self.insert_values = {}
        # whether this source has brought rows before
        self.any_before = False

    # --------------------------------------------------------------------- check

    def check(self):
        """Note what is wrong with each row.

        The rows are read once. Only those that are wrong in some way are taken apart
        into one line per fault; a cell that was unreadable counts as that, not as
        missing.
        """
        faults = SQL(", ").join(
            SQL("(%s, %s, %s, %s)", check.spec, check.code, check.value, check.bad) for check in self.checks
        )
        self.cr.execute(
            SQL(
                """
                INSERT INTO %(errors)s
                SELECT s.row_no, fault.spec, fault.code, fault.value
                  FROM %(source)s
                 CROSS JOIN LATERAL (VALUES %(faults)s) fault(spec, code, value, bad)
                 WHERE (%(any)s) AND %(scope)s AND fault.bad
                   AND NOT EXISTS (SELECT FROM %(errors)s e
                                    WHERE e.row_no = s.row_no AND e.spec = fault.spec)
                """,
                errors=self.loader.errors,
                source=self._source(),
                faults=faults,
                any=SQL(" OR ").join(check.bad for check in self.checks),
                scope=self._scope(),
            )
        )
        self._check_twice()

    def _check_twice(self):
        """Of good rows with one reference only the first is loaded."""
        self.cr.execute(
            SQL(
                """
                INSERT INTO %(errors)s
                SELECT s.row_no, 'source_ref', 'twice', twice.first::text
                  FROM %(stage)s s
                  JOIN (SELECT s.source_ref, min(s.row_no) AS first
                          FROM %(stage)s s
                         WHERE %(scope)s AND %(good)s
                         GROUP BY s.source_ref HAVING count(*) > 1) twice
                    ON twice.source_ref = s.source_ref AND s.row_no > twice.first
                 WHERE %(scope)s AND %(good)s
                """,
                errors=self.loader.errors,
                stage=self.loader.stage,
                scope=self._scope(),
                good=self._good(),
            )
        )

    def _good(self):
        """Condition on rows ``s`` that have no fault."""
        return SQL("NOT EXISTS (SELECT FROM %s e WHERE e.row_no = s.row_no)", self.loader.errors)

    # -------------------------------------------------------------------- upsert

    def upsert(self):
        """Bring the good rows into the fact table.

        :return: (number inserted, number updated, number that were so already)
        """
        matched = self._count_matched()
        inserted = updated = 0
        for first in range(1, self.loader.last + 1, WRITE_ROWS):
            if matched:
                updated += self._update(first)
            inserted += self._insert(first, bool(matched))
        return inserted, updated, matched - updated

    def _slice(self, first):
        """Condition on good rows ``s`` of this company in one slice."""
        return SQL(
            "s.row_no >= %s AND s.row_no < %s AND %s AND %s",
            first,
            first + WRITE_ROWS,
            self._scope(),
            self._good(),
        )

    def _table(self):
        return SQL.identifier(self.model._table)

    def _same(self, reference):
        """Condition on a fact ``f`` to be the one with this reference."""
        return SQL(
            "f.feed = %s AND f.company_id = %s AND f.source_ref = %s",
            self.loader.feed,
            self.company.id,
            reference,
        )

    def _count_matched(self):
        """How many good rows are facts already."""
        [(self.any_before,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM %s f WHERE f.feed = %s AND f.company_id = %s AND f.source_ref IS NOT NULL)",
                self._table(),
                self.loader.feed,
                self.company.id,
            )
        )
        if not self.any_before:
            return 0
        [(matched,)] = self.env.execute_query(
            SQL(
                "SELECT count(*) FROM %s s JOIN %s f ON %s WHERE %s AND %s",
                self.loader.stage,
                self._table(),
                self._same(SQL("s.source_ref")),
                self._scope(),
                self._good(),
            )
        )
        return matched

    def _insert(self, first, some_exist):
        """Insert the missing rows of a slice.

        The anti-join finds them; ON CONFLICT alone would burn an id for every row that
        is there already. It is the guard against another transaction.
        """
        values = {**self.values, **self.insert_values}
        absent = SQL("TRUE")
        if some_exist:
            absent = SQL(
                "NOT EXISTS (SELECT FROM %s f WHERE %s)",
                self._table(),
                self._same(SQL("s.source_ref")),
            )
        log = SQL("%s, %s, %s, %s", self.env.uid, self.cr.now(), self.env.uid, self.cr.now())
        return self._run_insert(
            SQL(
                """
                INSERT INTO %(table)s (%(columns)s, create_uid, create_date, write_uid, write_date)
                SELECT %(values)s, %(log)s
                  FROM %(source)s
                 WHERE %(slice)s AND %(absent)s
                 ORDER BY s.row_no
                ON CONFLICT (feed, source_ref, company_id) WHERE source_ref IS NOT NULL
                DO NOTHING
                """,
                table=self._table(),
                columns=SQL(", ").join(map(SQL.identifier, values)),
                values=SQL(", ").join(values.values()),
                log=log,
                source=self._source(),
                slice=self._slice(first),
                absent=absent,
            )
        )

    def _run_insert(self, statement):
        """:return: number of rows inserted"""
        self.cr.execute(statement)
        return self.cr.rowcount

    def _run_update(self, statement):
        """Write rows ``f`` of the table.

        :return: number of rows changed
        """
        self.cr.execute(statement)
        return self.cr.rowcount

    def _update_columns(self):
        """What an update writes."""
        keep = {"feed", "source_ref", "company_id", *self.loader.constants}
        keep |= self.loader.frozen | self.fallbacks
        return [name for name in self.values if name not in keep]

    def outcomes(self):
        """Query of what the upsert would make of the good rows.

        :return: ``SQL`` of the number of a row and ``new``, ``updated`` or ``unchanged``
        """
        columns = self._update_columns()
        return SQL(
            """
            SELECT s.row_no, CASE WHEN f.id IS NULL THEN 'new'
                                  WHEN (%(old)s) IS DISTINCT FROM (%(new)s) THEN 'updated'
                                  ELSE 'unchanged' END
              FROM %(source)s LEFT JOIN %(table)s f ON %(same)s
             WHERE %(scope)s AND %(good)s
            """,
            old=SQL(", ").join(SQL.identifier("f", name) for name in columns),
            new=SQL(", ").join(self.values[name] for name in columns),
            source=self._source(),
            table=self._table(),
            same=self._same(SQL("s.source_ref")),
            scope=self._scope(),
            good=self._good(),
        )

    def _update(self, first):
        """Update the rows of a slice that are facts already but differ.

        What the rows do not say stays as it is, and so does what is frozen.
        """
        columns = self._update_columns()
        new = [SQL.identifier("x", name) for name in columns]
        old = [SQL.identifier("f", name) for name in columns]
        return self._run_update(
            SQL(
                """
                UPDATE %(table)s f SET %(set)s, write_uid = %(uid)s, write_date = %(now)s
                  FROM (SELECT s.source_ref AS load_ref, %(values)s
                          FROM %(source)s WHERE %(slice)s) x
                 WHERE %(same)s AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                table=self._table(),
                set=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value) for name, value in zip(columns, new, strict=True)
                ),
                uid=self.env.uid,
                now=self.cr.now(),
                values=SQL(", ").join(SQL("%s AS %s", self.values[name], SQL.identifier(name)) for name in columns),
                source=self._source(),
                slice=self._slice(first),
                same=self._same(SQL("x.load_ref")),
                old=SQL(", ").join(old),
                new=SQL(", ").join(new),
            )
        )
