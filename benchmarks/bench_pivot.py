"""The pivot of purchases against the same SQL by hand."""

from harness import Measure

from odoo.tools import SQL

ROW, COLUMN = "categ_id", "day:month"


def run(bench):
    """Product type by month over twelve months, as the report opens.

    What the web client asks is ``formatted_read_grouping_sets`` with all four groupings
    at once and, for an amount, its currencies and its sum in one currency
    (``pivot_model.js``, ``_getMeasureSpecs``). By hand it is one statement.
    """
    bench.loaded()
    Purchase = bench.env["crm.customer.purchase"].with_user(bench.manager)
    aggregates = ["amount:sum", "company_currency_id:array_agg_distinct", "amount:sum_currency"]
    groupings = [[], [ROW], [COLUMN], [ROW, COLUMN]]

    def pivot():
        Purchase.env.invalidate_all()
        return Purchase.formatted_read_grouping_sets([("is_recent", "=", True)], groupings, aggregates)

    first_day = Purchase._fact_recent_from()
    by_hand = SQL(
        """
        SELECT categ_id, date_trunc('month', day), sum(amount)
          FROM crm_customer_purchase
         WHERE company_id IN %s AND day >= %s
         GROUP BY GROUPING SETS ((), (1), (2), (1, 2))
         ORDER BY 1, 2
        """,
        tuple(Purchase.env.companies.ids),
        first_day,
    )

    def hand():
        return bench.env.execute_query(by_hand)

    if sum(map(len, pivot())) != len(hand()):
        raise ValueError("the pivot and the statement by hand do not answer the same")
    ours, reference = bench.alternate(pivot, hand)
    yield Measure("Pivot product type × month against SQL by hand", ours, reference, 1.3, "ms")

    def top():
        Purchase.env.invalidate_all()
        return Purchase.formatted_read_group(
            [("is_recent", "=", True)],
            ["commercial_partner_id"],
            aggregates,
            order="amount:sum DESC",
            limit=80,
        )

    top_by_hand = SQL(
        """
        SELECT commercial_partner_id, sum(amount)
          FROM crm_customer_purchase
         WHERE company_id IN %s AND day >= %s
         GROUP BY 1 ORDER BY 2 DESC LIMIT 80
        """,
        tuple(Purchase.env.companies.ids),
        first_day,
    )
    ours, reference = bench.alternate(top, lambda: bench.env.execute_query(top_by_hand))
    yield Measure("Top 80 customers against SQL by hand", ours, reference, 1.3, "ms")
