"""Importing a file of purchases, from the upload to the last commit, against Odoo's own ``load()``."""

import base64
import csv
import io
import resource
import time

from harness import Measure

MOST = 100_000


def run(bench):
    """Try and import a file in which customers are named by their reference.

    Odoo gets the same rows with the ids of customers and products looked up for it, which
    is the quickest way it has.
    """
    env = bench.env
    if "crm.customer.import" not in env:
        raise ValueError("the addon of imports is not installed")
    bench.empty()
    env.cr.execute("TRUNCATE crm_customer_metrics_queue")
    count = min(MOST, bench.lines)
    rows = list(_rows(bench, count))
    before = _peak()
    ours = _import(env, rows)
    memory = _peak() - before
    env.cr.execute("SELECT COUNT(*), SUM(amount) FROM crm_customer_purchase")
    [(found, total)] = env.cr.fetchall()
    if found != count or round(total, 2) != round(sum(float(row[3]) for row in rows), 2):
        raise ValueError(f"{found} of {count} rows were imported")
    bare = _write(bench)
    bench.empty()
    reference = _load(env, rows)
    bench.empty()
    yield Measure("Importing purchases from a file against Odoo's load()", ours, reference, 1 / 20)
    yield Measure("Importing purchases from a file against writing the rows alone", ours, bare, 3)
    yield Measure("Memory that importing takes", memory, 0, 500, "MB", absolute=True)


def _rows(bench, count):
    """Lines of orders: customer id, reference of the customer, day, amount, order, product id."""
    for number, row in enumerate(bench.rows()):
        if number == count:
            return
        partner_id = int(row[0])
        yield partner_id, f"B{partner_id - bench.partners[0] + 1}", row[1], row[8], row[2], int(row[6])


def _import(env, rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow(["customer_ref", "date", "amount", "order_ref", "reference"])
    for number, (_id, ref, moment, amount, order, _product) in enumerate(rows):
        writer.writerow([ref, moment, amount, order, number])
    data = base64.b64encode(buffer.getvalue().encode())
    start = time.perf_counter()
    batch = env["crm.customer.import"].create({"file": data, "file_name": "bench.csv", "source": "Bench"})
    batch.action_try()
    env.cr.commit()
    # what the background does with so many rows
    while batch._next_slice():
        env.cr.commit()
    batch._enter("running")
    while batch._next_slice():
        env.cr.commit()
    env.cr.commit()
    return time.perf_counter() - start


def _write(bench):
    """Write the same rows into the same table, with its indexes and keys, and do nothing else."""
    cr = bench.env.cr
    cr.execute("CREATE TEMPORARY TABLE bench_written AS SELECT * FROM crm_customer_purchase")
    bench.empty()
    start = time.perf_counter()
    cr.execute("INSERT INTO crm_customer_purchase SELECT * FROM bench_written")
    cr.commit()
    taken = time.perf_counter() - start
    cr.execute("DROP TABLE bench_written")
    return taken


def _load(env, rows):
    names = ["partner_id/.id", "date", "amount_currency", "order_ref"]
    data = [[str(id_), moment[:19], amount, order] for id_, _ref, moment, amount, order, _product in rows]
    start = time.perf_counter()
    result = env["crm.customer.purchase"].load(names, data)
    env.cr.commit()
    if not result["ids"]:
        raise ValueError(result["messages"][:1])
    return time.perf_counter() - start


def _peak():
    """Most memory that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
