"""Keeping a segment current: for everybody, and for the few who changed."""

from harness import Measure

from odoo.tools import SQL

# Customers whose members are looked at after a change.
CHANGED = 100


def run(bench):
    """Look for the members of a segment over purchases among everybody, against the same question by hand;
    then among the few who changed.

    Nobody comes or goes in either, so that both sides only read.
    """
    bench.loaded()
    env = bench.env
    as_of = env["crm.customer.metrics"]._as_of()
    segment = env["crm.customer.segment"].create(
        {
            "name": "Bench",
            "rule_domain": "[('customer_purchase_ids', 'any', [('day', '>=', 'today -90d'), ('amount', '>', 50)])]",
        }
    )
    by_hand = SQL(
        "SELECT COUNT(*) FROM res_partner partner WHERE partner.active AND EXISTS ("
        " SELECT FROM crm_customer_purchase bought JOIN res_partner buyer ON buyer.id = bought.partner_id"
        " WHERE buyer.commercial_partner_id = partner.id AND bought.company_id = %s"
        " AND bought.day >= %s::date - 90 AND bought.amount > 50)",
        env.company.id,
        as_of,
    )

    def refresh():
        segment._refresh(as_of)
        env.cr.commit()

    def hand():
        env.cr.execute(by_hand)
        return env.cr.fetchone()

    refresh()
    env.cr.execute("ANALYZE crm_customer_segment_member")
    if not segment.member_count:
        raise ValueError("nobody is in the segment")
    everybody, reference = bench.alternate(refresh, hand)
    yield Measure("A segment looked at for everybody against the question by hand", everybody, reference, 5.0)

    few = segment.member_ids.commercial_partner_id[:CHANGED].ids

    def some():
        segment._refresh(as_of, few)
        env.cr.commit()

    [incremental] = bench.alternate(some)
    yield Measure(f"A segment looked at for {CHANGED} customers against everybody", incremental, everybody, 0.5)
