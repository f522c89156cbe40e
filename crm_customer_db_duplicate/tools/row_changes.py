"""What becomes of rows: kept before, compared afterwards, put back if need be. All of it by the database."""

from odoo.tools import SQL

BEFORE = "crm_customer_merge_before_%s"
STAMPS = ("write_date", "write_uid")


def columns_of(env, tables):
    """Columns of tables.

    :param tables: names
    :return: dict of name of a table → list of names, those that the database computes left out
    """
    rows = env.execute_query(
        SQL(
            "SELECT relation.relname, attribute.attname FROM pg_attribute attribute"
            " JOIN pg_class relation ON relation.oid = attribute.attrelid"
            " WHERE relation.relname = ANY(%s) AND relation.relnamespace = current_schema()::regnamespace"
            " AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.attgenerated = ''"
            " ORDER BY attribute.attrelid, attribute.attnum",
            list(tables),
        )
    )
    found = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


class RowChanges:
    """The difference between two moments of some rows, written into ``crm.customer.merge.change``.

    :param env: superuser's environment
    :param rows: ``PartnerRows``
    """

    def __init__(self, env, rows):
        self.env = env
        self.rows = rows
        self.kept = {}
        self.columns = columns_of(env, rows.tables)

    def keep(self):
        """Keep the rows as they are now, in temporary tables."""
        for number, table in enumerate(self.rows.filled()):
            name = BEFORE % number
            self.env.cr.execute(
                SQL(
                    "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS SELECT * FROM %s WHERE %s",
                    SQL.identifier(name),
                    SQL.identifier(table),
                    self.rows.condition(table),
                )
            )
            self.kept[table] = name

    def compare(self, log_id):
        """Write down what is different now, and drop what was kept.

        :param log_id: id of the ``crm.customer.merge.log``
        """
        for table in self.rows.tables:
            if "id" in self.columns[table]:
                if table in self.kept:
                    self._note_changed(log_id, table)
                    self._note_deleted(log_id, table)
                self._note_inserted(log_id, table)
            else:
                self._note_relation(log_id, table)
        if self.kept:
            self.env.cr.execute(SQL("DROP TABLE %s", SQL(", ").join(map(SQL.identifier, self.kept.values()))))
            self.kept = {}

    def _note(self, log_id, table, action, query):
        """Write rows of (old, new, ids) down."""
        self.env.cr.execute(
            SQL(
                'INSERT INTO crm_customer_merge_change (log_id, table_name, action, "old", "new", row_ids)'
                " SELECT %s, %s, %s, found.before, found.after, found.ids"
                " FROM (%s) AS found (before, after, ids)",
                log_id,
                table,
                action,
                query,
            )
        )

    def _note_changed(self, log_id, table):
        """Rows with other values: those that changed in the same way are one line with many ids."""
        before = SQL.identifier(self.kept[table])
        both = SQL("%s earlier JOIN %s later ON later.id = earlier.id", before, SQL.identifier(table))
        names = [name for name in self.columns[table] if name != "id"]
        if not names:
            return
        differs = [SQL("earlier.%(name)s IS DISTINCT FROM later.%(name)s", name=SQL.identifier(name)) for name in names]
        [found] = self.env.execute_query(
            SQL("SELECT %s FROM %s", SQL(", ").join(SQL("bool_or(%s)", part) for part in differs), both)
        )
        changed = [(name, part) for name, part, differ in zip(names, differs, found, strict=True) if differ]
        if not changed:
            return
        values = {
            side: SQL(" || ").join(
                SQL(
                    "CASE WHEN %s THEN jsonb_build_object(%s, %s.%s) ELSE '{}' END",
                    part,
                    name,
                    SQL(side),
                    SQL.identifier(name),
                )
                for name, part in changed
            )
            for side in ("earlier", "later")
        }
        self._note(
            log_id,
            table,
            "changed",
            SQL(
                "SELECT %s, %s, jsonb_agg(earlier.id) FROM %s WHERE %s GROUP BY 1, 2",
                values["earlier"],
                values["later"],
                both,
                SQL(" OR ").join(part for _name, part in changed),
            ),
        )

    def _note_deleted(self, log_id, table):
        self._note(
            log_id,
            table,
            "deleted",
            SQL(
                "SELECT jsonb_agg(to_jsonb(earlier) ORDER BY earlier.id), NULL::jsonb, jsonb_agg(earlier.id)"
                " FROM %s earlier WHERE NOT EXISTS (SELECT FROM %s later WHERE later.id = earlier.id)"
                " HAVING COUNT(*) > 0",
                SQL.identifier(self.kept[table]),
                SQL.identifier(table),
            ),
        )

    def _note_inserted(self, log_id, table):
        known = SQL("TRUE")
        if table in self.kept:
            known = SQL("id NOT IN (SELECT id FROM %s)", SQL.identifier(self.kept[table]))
        self._note(
            log_id,
            table,
            "inserted",
            SQL(
                "SELECT NULL::jsonb, NULL::jsonb, jsonb_agg(id) FROM %s WHERE %s AND %s HAVING COUNT(*) > 0",
                SQL.identifier(table),
                self.rows.condition(table),
                known,
            ),
        )

    def _note_relation(self, log_id, table):
        """Rows without an id are there or not."""
        now = SQL("SELECT * FROM %s WHERE %s", SQL.identifier(table), self.rows.condition(table))
        before = SQL("SELECT * FROM %s WHERE FALSE", SQL.identifier(table))
        if table in self.kept:
            before = SQL("SELECT * FROM %s", SQL.identifier(self.kept[table]))
        gone = SQL("(%s) EXCEPT (%s)", before, now)
        come = SQL("(%s) EXCEPT (%s)", now, before)
        self._note(
            log_id,
            table,
            "deleted",
            SQL("SELECT jsonb_agg(to_jsonb(r)), NULL::jsonb, NULL::jsonb FROM (%s) r HAVING COUNT(*) > 0", gone),
        )
        self._note(
            log_id,
            table,
            "inserted",
            SQL("SELECT NULL::jsonb, jsonb_agg(to_jsonb(r)), NULL::jsonb FROM (%s) r HAVING COUNT(*) > 0", come),
        )
