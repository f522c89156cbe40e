"""Writing tables that are empty as a whole."""

from contextlib import contextmanager

from odoo.tools import SQL


@contextmanager
def without_indexes(cr, *tables):
    """Take indexes and foreign keys off tables, and make them again of all rows at once.

    A row that is added on its own is put into each index and looked up behind each foreign
    key; for a million rows that takes many times what sorting and comparing them once does.
    Primary keys stay, and so do names and definitions of everything. Until the
    transaction ends, nobody else reads the tables or those their foreign keys point to.

    :param cr: cursor
    :param tables: names of tables
    """
    cr.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f' ORDER BY conrelid, conname",
        [list(tables)],
    )
    keys = cr.fetchall()
    cr.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), obj_description(indexrelid, 'pg_class')"
        " FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT EXISTS ("
        "SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x')) ORDER BY indexrelid",
        [list(tables)],
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
    for table, name, definition in keys:
        cr.execute(SQL("ALTER TABLE %s ADD CONSTRAINT %s %s", SQL(table), SQL.identifier(name), SQL(definition)))
