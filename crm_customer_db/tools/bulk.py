"""Writing tables that are empty as a whole."""

from contextlib import contextmanager

from odoo.tools import SQL

# Ways of PostgreSQL to go through a table that are good for some of its rows.
PIECEMEAL = ("enable_indexscan", "enable_bitmapscan", "enable_nestloop", "enable_hashagg")


@contextmanager
def as_a_whole(cr):
    """Have tables read from end to end, and sorted, as long as the context lasts.

    PostgreSQL takes walking an index for cheap, as it is for a few rows, and groups for few.
    Where every row is wanted that takes twice as long, or more.

    :param cr: cursor
    """
    cr.execute(SQL("; ").join(SQL("SET LOCAL %s = off", SQL(name)) for name in PIECEMEAL))
    yield
    # after a failure there is nothing to take back: it goes with the transaction
    cr.execute(SQL("; ").join(SQL("SET LOCAL %s TO DEFAULT", SQL(name)) for name in PIECEMEAL))


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
    for table, name, definition in reversed(keys):
        cr.execute(SQL("ALTER TABLE %s ADD CONSTRAINT %s %s", SQL(table), SQL.identifier(name), SQL(definition)))


@contextmanager
def aside(cr, table):
    """Fill an empty table in several steps, and write each row of it once.

    As long as the context lasts, the table's name means a temporary one of the same columns:
    PostgreSQL looks there first. What is in it at the end becomes the rows of the table.

    :param cr: cursor
    :param table: name of a table
    """
    name = SQL.identifier(table)
    cr.execute("SELECT current_schema()")
    [(schema,)] = cr.fetchall()
    kept = SQL.identifier(schema, table)
    cr.execute(SQL("CREATE TEMPORARY TABLE %s (LIKE %s INCLUDING DEFAULTS) ON COMMIT DROP", name, kept))
    yield
    cr.execute(SQL("INSERT INTO %s SELECT * FROM pg_temp.%s", kept, name))
    cr.execute(SQL("DROP TABLE pg_temp.%s", name))
