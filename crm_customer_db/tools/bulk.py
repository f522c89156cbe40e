"""Writing tables that are empty as a whole."""

from contextlib import contextmanager

from odoo.tools import SQL

# Ways of PostgreSQL to go through a table that are good for some of its rows.
PIECEMEAL = ("enable_indexscan", "enable_bitmapscan", "enable_nestloop", "enable_hashagg")


@contextmanager
def as_a_whole(cr, in_few_groups=False):
    """Have tables read from end to end, and sorted, as long as the context lasts.

    PostgreSQL takes walking an index for cheap, as it is for a few rows, and groups for few.
    Where every row is wanted that takes twice as long, or more.

    :param cr: cursor
    :param in_few_groups: whether groups are few indeed: then nothing is sorted for them
    """
    names = [name for name in PIECEMEAL if not (in_few_groups and name == "enable_hashagg")]
    cr.execute(SQL("; ").join(SQL("SET LOCAL %s = off", SQL(name)) for name in names))
    yield
    # after a failure there is nothing to take back: it goes with the transaction
    cr.execute(SQL("; ").join(SQL("SET LOCAL %s TO DEFAULT", SQL(name)) for name in names))


def shares(cr, column):
    """Conditions that part rows by a column into as many shares as processors may work on one query.

    A ``UNION ALL`` of queries, one for each share, is worked on by all of them from its
    first row to its last (``in_shares``). A query of all rows is only until they are
    sorted: then they go through one processor.

    :param cr: cursor
    :param column: ``SQL`` of an integer
    :return: list of ``SQL``
    """
    cr.execute("SHOW max_parallel_workers_per_gather")
    [(workers,)] = cr.fetchall()
    # the one that gathers works, too
    count = int(workers) + 1
    return [SQL("abs(hashint4(%s) %% %s) = %s", column, count, share) for share in range(count)]


@contextmanager
def in_shares(cr):
    """Have each part of a ``UNION ALL`` worked on by one processor, not one after the other by all of them.

    :param cr: cursor
    """
    cr.execute("SET LOCAL min_parallel_table_scan_size = '1TB'")
    yield
    cr.execute("SET LOCAL min_parallel_table_scan_size TO DEFAULT")


@contextmanager
def without_indexes(cr, *tables):
    """Take indexes and keys off tables, and make them again of all rows at once.

    A row that is added on its own is put into each index and looked up behind each foreign
    key; for a million rows that takes many times what sorting and comparing them once does.
    Primary keys that foreign keys of other tables rest on stay, and so do names and
    definitions of everything. Until the transaction ends, nobody else reads the tables or
    those their foreign keys point to.

    :param cr: cursor
    :param tables: names of tables
    """
    tables = list(tables)
    cr.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint own"
        " WHERE conrelid = ANY(%(tables)s::regclass[]) AND (contype = 'f' OR contype = 'p' AND NOT EXISTS ("
        "SELECT FROM pg_constraint other WHERE other.contype = 'f' AND other.confrelid = own.conrelid"
        " AND other.conrelid <> ALL(%(tables)s::regclass[]))) ORDER BY contype, conrelid, conname",
        {"tables": tables},
    )
    # foreign keys first: primary keys are made again before them
    keys = cr.fetchall()
    cr.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), obj_description(indexrelid, 'pg_class')"
        " FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS ("
        "SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x')) ORDER BY indexrelid",
        [tables],
    )
    indexes = cr.fetchall()
    for table, name, _definition in keys:
        cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL(table), SQL.identifier(name)))
    for name, _definition, _comment in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL(name)))
    yield
    for name, definition, comment in indexes:
        cr.execute(SQL(definition))
        if comment:
            # Odoo keeps there what an index was declared as
            cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL(name), comment))
    with as_a_whole(cr):
        for table, name, definition in reversed(keys):
            cr.execute(SQL("ALTER TABLE %s ADD CONSTRAINT %s %s", SQL(table), SQL.identifier(name), SQL(definition)))
    # of what is looked for; or the next statements would take the tables for empty
    cr.execute(
        "SELECT attrelid::regclass::text, STRING_AGG(quote_ident(attname), ', ') FROM pg_attribute"
        " WHERE attrelid = ANY(%s::regclass[]) AND EXISTS (SELECT FROM pg_index"
        " WHERE indrelid = attrelid AND attnum = ANY(indkey::int2[])) GROUP BY attrelid",
        [tables],
    )
    for table, names in cr.fetchall():
        cr.execute(SQL("ANALYZE %s (%s)", SQL(table), SQL(names)))


class Aside:
    """A temporary table that stands for an empty one while that is filled in several steps.

    :param cr: cursor
    :param table: name of the table
    """

    def __init__(self, cr, table):
        self.cr = cr
        self.name = SQL.identifier(table)
        cr.execute("SELECT current_schema()")
        [(schema,)] = cr.fetchall()
        self.kept = SQL.identifier(schema, table)
        self.last = {}
        cr.execute(SQL("CREATE TEMPORARY TABLE %s (LIKE %s INCLUDING DEFAULTS) ON COMMIT DROP", self.name, self.kept))

    def at_last(self, column, query):
        """Have a column filled when rows are copied, as it costs nothing then.

        :param column: name of a column that nothing reads before
        :param query: ``SQL`` of ids and values, each id once at most; NULL for rows without
        """
        self.last[column] = query

    def settle(self):
        """Make the rows those of the table."""
        self.cr.execute(SQL("SELECT * FROM pg_temp.%s LIMIT 0", self.name))
        columns = [column.name for column in self.cr.description]
        values = [
            SQL.identifier(f"last_{name}", "value") if name in self.last else SQL.identifier("base", name)
            for name in columns
        ]
        joins = [
            SQL("LEFT JOIN (%s) %s (id, value) USING (id)", query, SQL.identifier(f"last_{name}"))
            for name, query in self.last.items()
        ]
        self.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM pg_temp.%s base %s",
                self.kept,
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
                self.name,
                SQL(" ").join(joins),
            )
        )
        self.cr.execute(SQL("DROP TABLE pg_temp.%s", self.name))


@contextmanager
def aside(cr, table):
    """Fill an empty table in several steps, and write each row of it once.

    As long as the context lasts, the table's name means a temporary one of the same columns:
    PostgreSQL looks there first. What is in it at the end becomes the rows of the table.

    :param cr: cursor
    :param table: name of a table
    :return: ``Aside``
    """
    beside = Aside(cr, table)
    yield beside
    beside.settle()
