"""A load that remembers which rows it has written, for what follows from them."""

from odoo.tools import SQL

from .load_write import CompanyLoad


class TrackedLoad(CompanyLoad):
    """Tells the model at the end which rows are new or changed.

    The model makes right what follows from them in ``_fact_orders_changed``.
    """

    def __init__(self, loader, company):
        super().__init__(loader, company)
        # table of ids of the rows to look at afterwards
        self.changed = self.loader.temporary_name("changed")

    def upsert(self):
        self.cr.execute(SQL("CREATE TEMPORARY TABLE %s (id int4) ON COMMIT DROP", self.changed))
        counts = super().upsert()
        self.cr.execute(SQL("ANALYZE %s", self.changed))
        self._analyze_grown(counts[0])
        self.model._fact_orders_changed(SQL("id IN (SELECT id FROM %s)", self.changed))
        return counts

    def _analyze_grown(self, inserted):
        """Let PostgreSQL know of a table that is more than twice what it was: it would go through all of it for each row.

        :param inserted: number of rows that were added
        """
        [(known,)] = self.env.execute_query(
            SQL("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", self.model._table)
        )
        if inserted > max(known, 1000):
            self.cr.execute(SQL("ANALYZE %s", self._table()))

    def _run_insert(self, statement):
        return self._run_counted(SQL("%s RETURNING id", statement), SQL("SELECT id FROM written"))

    def _run_update(self, statement):
        return self._run_counted(SQL("%s RETURNING f.id", statement), SQL("SELECT id FROM written"))

    def _run_counted(self, statement, touched):
        """Write rows and note which to look at.

        :param statement: SQL that writes rows and returns their ids
        :param touched: SQL query of ids, over those returned as ``written``
        :return: number of rows written
        """
        [(count,)] = self.env.execute_query(
            SQL(
                "WITH written AS (%s), noted AS (INSERT INTO %s %s) SELECT count(*) FROM written",
                statement,
                self.changed,
                touched,
            )
        )
        return count
