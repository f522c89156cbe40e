"""The loader against COPY of the finished rows into the same table."""

from harness import Measure

from odoo.tools import SQL


def run(bench):
    """Load the lines from a file with every check, and copy the facts that came of it.

    COPY has them ready: customer, day and currencies looked up, nothing to check but the
    keys. Both write the same table with its keys and indexes, from empty.
    """
    cr = bench.env.cr
    bench.empty()
    result = bench.load()
    if result.inserted != bench.lines or result.rejected:
        raise ValueError(f"the lines were not loaded: {result}")
    copied = f"{bench.folder.name}/copied.csv"
    names = [
        name
        for name, field in bench.env["crm.customer.purchase"]._fields.items()
        if field.store and field.column_type and name != "id"
    ]
    columns = SQL(", ").join(map(SQL.identifier, names)).code
    with open(copied, "wb") as handle:
        cr.copy_expert(
            f"COPY (SELECT {columns} FROM crm_customer_purchase ORDER BY id) TO STDOUT (FORMAT csv)",
            handle,
        )

    def load():
        bench.load()
        cr.commit()

    def copy():
        with open(copied, "rb") as handle:
            cr.copy_expert(f"COPY crm_customer_purchase ({columns}) FROM STDIN (FORMAT csv)", handle)
        cr.commit()

    ours, reference = bench.alternate(load, copy, prepare=bench.empty)
    yield Measure("Loading purchases against COPY into the same table", ours, reference, 2.0)
    bench.loaded()

    def again():
        result = bench.load()
        if result.unchanged != bench.lines:
            raise ValueError(f"loading again changed something: {result}")
        cr.commit()

    [repeated] = bench.alternate(again)
    yield Measure("Loading the same purchases again against the first time", repeated, ours, 1.0)
