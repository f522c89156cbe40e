import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger

from ..tools.row_changes import STAMPS, columns_of

_logger = logging.getLogger(__name__)

# What is worked out anew by itself: a change of it since is no reason to keep a merge.
COMPUTED = (
    "crm.customer.attribution",
    "crm.customer.duplicate",
    "crm.customer.metrics",
    "crm.customer.metrics.history",
    "crm.customer.segment.member",
)
# What comes and goes by itself.
PASSING = ("mail.followers", "mail.notification")


class CrmCustomerMergeChange(models.Model):
    """What a merge has changed, in the tables of Odoo and of every addon.

    *changed*: rows that now have the values ``new`` and had ``old``; ``row_ids`` are all that
    changed in the same way, so entries that merely moved take an id each. *deleted*: whole
    rows, in ``old``. *inserted*: their ids, or the rows themselves where they have none.

    No user has a right on it: there are values that not everybody may read.
    """

    _name = "crm.customer.merge.change"
    _description = "Change Made by a Merge"
    _log_access = False
    _order = "id"

    log_id = fields.Many2one("crm.customer.merge.log", required=True, index=True, ondelete="cascade")
    table_name = fields.Char(required=True)
    action = fields.Selection([("changed", "Changed"), ("deleted", "Deleted"), ("inserted", "Inserted")], required=True)
    old = fields.Json()
    new = fields.Json()
    row_ids = fields.Json()

    # ---------------------------------------------------------------- what is known

    @api.model
    def _computed_tables(self):
        return {self.env[name]._table for name in COMPUTED if name in self.env}

    @api.model
    def _passing_tables(self):
        return {self.env[name]._table for name in PASSING if name in self.env}

    @api.model
    def _by_table(self, log, action):
        """Names of the columns in what a merge has done to each table.

        :param log: ``crm.customer.merge.log``
        :param action: value of ``action``
        :return: dict of name of a table that is still there → set of its columns
        """
        kind = {"changed": SQL("old"), "deleted": SQL("old -> 0"), "inserted": SQL("'{}'::jsonb")}[action]
        rows = self.env.execute_query(
            SQL(
                "SELECT table_name, array_agg(DISTINCT part.name) FROM crm_customer_merge_change change"
                " LEFT JOIN LATERAL jsonb_object_keys(%s) AS part (name) ON TRUE"
                " WHERE log_id = %s AND action = %s GROUP BY table_name ORDER BY MIN(change.id)",
                kind,
                log.id,
                action,
            )
        )
        known = columns_of(self.env, [table for table, _names in rows])
        return {
            table: [name for name in known[table] if name in names and name != "id"]
            if action == "changed"
            else known[table]
            for table, names in rows
            if table in known
        }

    def _rows_sql(self, log, table, action):
        """``FROM`` clause of the changes of one table."""
        return SQL(
            "(SELECT old, new, row_ids FROM crm_customer_merge_change"
            " WHERE log_id = %s AND table_name = %s AND action = %s) change",
            log.id,
            table,
            action,
        )

    # ------------------------------------------------------------- what was built on it

    @api.model
    def _count_touched(self, log):
        """Rows of a merge that are not as it has left them.

        :return: dict of name of a table → (number, set of names of columns)
        """
        touched = {}
        loose = self._computed_tables() | self._passing_tables()
        for table, columns in self._by_table(log, "changed").items():
            columns = [name for name in columns if name not in STAMPS]
            if table in loose or not columns:
                continue
            tests = [
                SQL(
                    "change.new ? %s AND now.%s IS DISTINCT FROM left_as.%s",
                    name,
                    SQL.identifier(name),
                    SQL.identifier(name),
                )
                for name in columns
            ]
            [(count, *flags)] = self.env.execute_query(
                SQL(
                    "SELECT COUNT(*) FILTER (WHERE now.id IS NULL OR %s), %s FROM %s"
                    " CROSS JOIN LATERAL jsonb_array_elements_text(change.row_ids) AS part (id)"
                    " CROSS JOIN LATERAL jsonb_populate_record(NULL::%s, change.new) AS left_as"
                    " LEFT JOIN %s now ON now.id = part.id::int",
                    SQL(" OR ").join(tests),
                    SQL(", ").join(SQL("COALESCE(bool_or(%s), FALSE)", test) for test in tests),
                    self._rows_sql(log, table, "changed"),
                    SQL.identifier(table),
                    SQL.identifier(table),
                )
            )
            if count:
                touched[table] = count, {name for name, flag in zip(columns, flags, strict=True) if flag}
        return touched

    # ------------------------------------------------------------------- putting back

    @api.model
    def _put_back(self, log):
        """Undo a merge: the contacts are there again, and every row is what and whose it was.

        :param log: ``crm.customer.merge.log``
        :raise UserError: when what has happened since stands in the way
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                self._put_back_rows(log)
        except psycopg2.IntegrityError as error:
            _logger.info("merge %s can't be undone: %s", log.id, error)
            raise UserError(
                self.env._(
                    "This merge can't be undone any more: what belonged to a contact refers to something that is "
                    "gone, or something else has taken its place (%s).",
                    error.diag.table_name or "",
                )
            ) from error

    @api.model
    def _put_back_rows(self, log):
        deleted = self._by_table(log, "deleted")
        order = self._order_of(deleted)
        contacts = self.env["res.partner"]._table
        loose = self._computed_tables()
        if contacts in deleted:
            self._insert_again(log, contacts, deleted[contacts])
        for table in self._by_table(log, "inserted"):
            self._delete_again(log, table)
        for table in order:
            if table != contacts:
                with self._perhaps(table in loose):
                    self._insert_again(log, table, deleted[table])
        for table, columns in self._by_table(log, "changed").items():
            with self._perhaps(table in loose):
                self._change_back(log, table, columns)

    @contextmanager
    def _perhaps(self, is_loose):
        """Pass over that figures don't fit any more: they are worked out anew.

        :param is_loose: whether it is figures
        """
        if not is_loose:
            yield
            return
        try:
            with self.env.cr.savepoint(flush=False):
                yield
        except psycopg2.IntegrityError as error:
            _logger.info("figures that a merge had changed are worked out anew: %s", error)

    @api.model
    def _order_of(self, tables):
        """Tables in an order in which what a row refers to is there before it."""
        rows = self.env.execute_query(
            SQL(
                "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
                " WHERE contype = 'f' AND conrelid <> confrelid"
                " AND conrelid = ANY(%(tables)s::regclass[]) AND confrelid = ANY(%(tables)s::regclass[])",
                tables=list(tables),
            )
        )
        needs = {table: {other for own, other in rows if own == table} for table in tables}
        order = []
        while needs:
            # where tables refer to each other in a circle, the one met first goes first
            ready = [table for table, others in needs.items() if not others & needs.keys()] or [next(iter(needs))]
            order += ready
            for table in ready:
                del needs[table]
        return order

    def _insert_again(self, log, table, columns):
        names = SQL(", ").join(map(SQL.identifier, columns))
        conflict = SQL("ON CONFLICT DO NOTHING") if table in self._computed_tables() else SQL()
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(names)s) SELECT %(values)s FROM %(changes)s"
                " CROSS JOIN LATERAL jsonb_populate_recordset(NULL::%(table)s, change.old) AS was %(conflict)s",
                table=SQL.identifier(table),
                names=names,
                values=SQL(", ").join(SQL("was.%s", SQL.identifier(name)) for name in columns),
                changes=self._rows_sql(log, table, "deleted"),
                conflict=conflict,
            )
        )

    def _delete_again(self, log, table):
        columns = columns_of(self.env, [table])[table]
        changes = self._rows_sql(log, table, "inserted")
        if "id" in columns:
            come = SQL("id IN (SELECT jsonb_array_elements_text(row_ids)::int FROM %s)", changes)
        else:
            come = SQL(
                "(%s) IN (SELECT %s FROM %s CROSS JOIN LATERAL jsonb_populate_recordset(NULL::%s, change.new) AS was)",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(SQL("was.%s", SQL.identifier(name)) for name in columns),
                changes,
                SQL.identifier(table),
            )
        self.env.cr.execute(SQL("DELETE FROM %s WHERE %s", SQL.identifier(table), come))

    def _change_back(self, log, table, columns):
        values = [
            SQL(
                "%(name)s = CASE WHEN change.old ? %(key)s %(untouched)s THEN was.%(name)s ELSE now.%(name)s END",
                name=SQL.identifier(name),
                key=name,
                # who has written on the row since stays the last who did
                untouched=SQL("AND now.%(name)s IS NOT DISTINCT FROM left_as.%(name)s", name=SQL.identifier(name))
                if name in STAMPS
                else SQL(),
            )
            for name in columns
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s now SET %(values)s FROM %(changes)s"
                " CROSS JOIN LATERAL jsonb_populate_record(NULL::%(table)s, change.old) AS was"
                " CROSS JOIN LATERAL jsonb_populate_record(NULL::%(table)s, change.new) AS left_as"
                " CROSS JOIN LATERAL jsonb_array_elements_text(change.row_ids) AS part (id)"
                " WHERE now.id = part.id::int",
                table=SQL.identifier(table),
                values=SQL(", ").join(values),
                changes=self._rows_sql(log, table, "changed"),
            )
        )
