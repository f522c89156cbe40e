"""Scoring everybody from nothing, and every night, against one plain aggregation."""

import resource
from datetime import timedelta

from harness import Measure

from odoo.tools import SQL


def run(bench):
    """Rebuild all figures into an empty table; then a night in which nothing is new.

    By hand it is what an RFM analysis reads: last day, days with a purchase and amount of
    each customer, exact, and nothing written.
    """
    bench.loaded()
    env = bench.env
    metrics = env["crm.customer.metrics"]
    as_of = metrics._today()
    by_hand = SQL(
        "SELECT commercial_partner_id, company_id, MAX(day), COUNT(DISTINCT day), SUM(amount)"
        " FROM crm_customer_purchase WHERE day <= %s GROUP BY commercial_partner_id, company_id",
        as_of,
    )

    def empty():
        env.cr.execute("TRUNCATE crm_customer_metrics CASCADE")
        env.cr.execute("TRUNCATE crm_customer_metrics_queue")
        env.cr.commit()

    def rebuild():
        metrics._rebuild(as_of)
        env.cr.commit()

    def hand():
        # every column is asked for, or PostgreSQL would leave it out
        env.cr.execute(SQL("SELECT COUNT(*), SUM(sum), SUM(count), MAX(max) FROM (%s) by_hand", by_hand))
        return env.cr.fetchall()

    memory = _peak()
    rebuild()
    [(count, total, _days, _last)] = hand()
    env.cr.execute("SELECT COUNT(*), SUM(amount_total) FROM crm_customer_metrics WHERE purchase_count > 0")
    [(rows, amount)] = env.cr.fetchall()
    if rows > count or round(amount, 2) != round(total, 2):
        raise ValueError("the figures and the statement by hand do not answer the same")
    ours, reference = bench.alternate(rebuild, hand, prepare=empty)
    yield Measure("Rebuilding all figures against one aggregation", ours, reference, 3.0)
    yield Measure("Memory that rebuilding takes", _peak(), memory, 10, "MB", absolute=True)
    rebuild()

    nights = [as_of]

    def night():
        nights.append(nights[-1] + timedelta(days=1))
        metrics._move_to(nights[-1])
        metrics._drain()
        metrics._refresh_edges()
        env.cr.commit()

    def month_over():
        # the night after a month's last day also keeps a copy of all figures
        if (nights[-1] + timedelta(days=1)).day == 1:
            night()

    [nightly] = bench.alternate(night, prepare=month_over)
    yield Measure("A night without anything new against a rebuild", nightly, ours, 0.1)


def _peak():
    """Most memory that this process has had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
