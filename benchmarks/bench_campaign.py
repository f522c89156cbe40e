"""Crediting a month of purchases to campaigns, and the pivot of campaigns against the same SQL by hand."""

import time
from datetime import date

from harness import Measure

from odoo.tools import SQL

# Twice the purchases, or twice what was sent, may take this many times the time.
GROWTH = 2.3
# Things sent and responses, for each purchase of the month.
ACTIONS, RESPONSES = 10, 2
CAMPAIGNS = 40
# The month of the purchases; what was sent lies in the year before its end.
FIRST, END = date(2026, 3, 1), date(2026, 4, 1)
# As the report opens.
MEASURES = [
    *("sent:sum", "response_rate:avg", "buyer_id:count_distinct", "invoiced:sum", "margin:sum", "cost:sum"),
    *("margin_after_cost:sum", "roi:avg", "company_currency_id:array_agg_distinct"),
    *("invoiced:sum_currency", "margin:sum_currency", "cost:sum_currency", "margin_after_cost:sum_currency"),
]


def run(bench):
    """As many purchases as half the lines of the bench, ten times as many things sent and twice as many responses."""
    env = bench.env
    if "crm.customer.attribution" not in env:
        raise ValueError("the addon of campaigns is not installed")
    purchases = bench.lines // 2
    _empty(env)
    campaigns = env["utm.campaign"].create([{"title": f"Bench {i}", "code": f"B{i}"} for i in range(CAMPAIGNS)])
    _purchases(bench, purchases)
    _touches(bench, campaigns, purchases * ACTIONS // 2, purchases * RESPONSES // 2)
    half_sent = {model: _time(env, model) for model in ("last", "linear")}
    _touches(bench, campaigns, purchases * ACTIONS // 2, purchases * RESPONSES // 2)
    whole = {model: _time(env, model) for model in ("last", "first", "linear")}
    for model, (taken, rows) in whole.items():
        print(f"attribution, {model}: {purchases} purchases, {rows} rows in {taken:.1f} s")
    for model, (taken, _rows) in half_sent.items():
        yield Measure(f"Attribution ({model}) with twice what was sent", whole[model][0], taken, GROWTH)
    yield from _pivot(bench)
    env.cr.execute("DELETE FROM crm_customer_attribution")
    env.cr.execute("DELETE FROM crm_customer_purchase WHERE id / 8 % 2 = 0")
    env.cr.execute("ANALYZE crm_customer_purchase")
    env.cr.commit()
    for model in ("last", "linear"):
        taken, _rows = _time(env, model)
        yield Measure(f"Attribution ({model}) with twice the purchases", whole[model][0], taken, GROWTH)


def _empty(env):
    for table in ("attribution", "purchase", "marketing_reaction", "marketing_action"):
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(f"crm_customer_{table}")))
    env.cr.commit()


def _time(env, model):
    """Seconds of crediting the month from nothing, and the rows of it. Nothing of it stays."""
    env.company.write({"customer_attribution": model, "customer_attribution_days": 90})
    env.cr.commit()
    times = []
    for _turn in range(3):
        start = time.perf_counter()
        rows = env["crm.customer.attribution"]._attribute_period(env.company, FIRST, END)
        times.append(time.perf_counter() - start)
        env.cr.rollback()
    return min(times), rows


def _common(bench, count):
    return {
        "count": count,
        "customer": SQL("%s + floor(random() * %s)::int", bench.partners[0], bench.customers),
        "company": bench.env.company.id,
        "currency": bench.env.company.currency_id.id,
    }


def _purchases(bench, count):
    cr = bench.env.cr
    cr.execute("SELECT setseed(0.7)")
    cr.execute(
        SQL(
            """
            INSERT INTO crm_customer_purchase (partner_id, commercial_partner_id, company_id, company_currency_id,
                   currency_id, feed, order_ref, date, day, amount, amount_currency, amount_invoiced, margin)
            SELECT customer, customer, %(company)s, %(currency)s, %(currency)s, 'bench', 'S' || i, moment, moment::date,
                   amount, amount, amount, amount / 4
              FROM (SELECT i, %(customer)s AS customer, round((random() * 500)::numeric, 2) AS amount,
                           date_trunc('second', %(first)s::timestamp + random() * (%(end)s::date - %(first)s::date)
                                                * INTERVAL '1 day') AS moment
                      FROM generate_series(1, %(count)s) i OFFSET 0) drawn
            """,
            first=FIRST,
            end=END,
            **_common(bench, count),
        )
    )
    cr.execute("ANALYZE crm_customer_purchase")
    cr.commit()


def _touches(bench, campaigns, actions, responses):
    """Things sent and responses to some of them, over the year before the end of the month."""
    cr = bench.env.cr
    cr.execute("SELECT setseed(0.3)")
    cr.execute(
        SQL(
            """
            WITH sent AS (
                INSERT INTO crm_customer_marketing_action (partner_id, commercial_partner_id, company_id,
                       company_currency_id, feed, date, day, campaign_id, medium, state, cost)
                SELECT customer, customer, %(company)s, %(currency)s, 'bench', moment, moment::date,
                       (%(campaigns)s)[1 + floor(campaign * %(campaign_count)s)::int],
                       (ARRAY['email', 'letter', 'catalogue'])[1 + floor(medium * 3)::int],
                       CASE WHEN medium < 0.05 THEN 'failed' ELSE 'sent' END, 0.4
                  FROM (SELECT %(customer)s AS customer, random() AS campaign, random() AS medium,
                               date_trunc('second', %(end)s::timestamp - random() * INTERVAL '365 days') AS moment
                          FROM generate_series(1, %(count)s) i OFFSET 0) drawn
                RETURNING id, partner_id, date, campaign_id)
            INSERT INTO crm_customer_marketing_reaction (partner_id, commercial_partner_id, company_id,
                   company_currency_id, feed, date, day, campaign_id, action_id, kind)
            SELECT partner_id, partner_id, %(company)s, %(currency)s, 'bench', date, date::date, campaign_id, id,
                   (ARRAY['open', 'click', 'unsubscribe'])[1 + id %% 3]
              FROM sent LIMIT %(responses)s
            """,
            end=END,
            campaigns=campaigns.ids,
            campaign_count=len(campaigns),
            responses=responses,
            **_common(bench, actions),
        )
    )
    cr.execute("DELETE FROM crm_customer_metrics_queue")
    cr.execute("ANALYZE crm_customer_marketing_action, crm_customer_marketing_reaction")
    cr.commit()


def _pivot(bench):
    """Campaigns with the measures of the report as it opens, against one statement by hand."""
    env = bench.env
    env["crm.customer.attribution"]._attribute_period(env.company, FIRST, END)
    env.cr.commit()
    env.cr.execute("ANALYZE crm_customer_attribution")
    Result = env["crm.customer.campaign.result"].with_user(bench.manager)

    def pivot():
        Result.env.invalidate_all()
        return Result.formatted_read_grouping_sets([("campaign_id", "!=", False)], [[], ["campaign_id"]], MEASURES)

    by_hand = SQL(
        """
        WITH sent AS (
            SELECT campaign_id, count(*) AS sent, count(DISTINCT commercial_partner_id) AS reached, sum(cost) AS cost
              FROM crm_customer_marketing_action
             WHERE company_id = %(company)s AND campaign_id IS NOT NULL AND state IN ('sent', 'delivered')
               AND is_control IS NOT TRUE
             GROUP BY GROUPING SETS ((), (1))
        ), answered AS (
            SELECT campaign_id, count(DISTINCT commercial_partner_id) AS responded
              FROM crm_customer_marketing_reaction
             WHERE company_id = %(company)s AND campaign_id IS NOT NULL AND kind IN ('open', 'click')
             GROUP BY GROUPING SETS ((), (1))
        ), bought AS (
            SELECT campaign_id, count(DISTINCT commercial_partner_id) AS buyers, sum(amount_invoiced) AS invoiced,
                   sum(margin) AS margin
              FROM crm_customer_attribution WHERE company_id = %(company)s AND campaign_id IS NOT NULL
             GROUP BY GROUPING SETS ((), (1))
        )
        SELECT sent.campaign_id, sent, 100.0 * responded / reached, buyers, invoiced, margin, sent.cost, margin - sent.cost,
               100 * (margin - sent.cost) / sent.cost
          FROM sent
          JOIN answered ON answered.campaign_id IS NOT DISTINCT FROM sent.campaign_id
          JOIN bought ON bought.campaign_id IS NOT DISTINCT FROM sent.campaign_id
        """,
        company=env.company.id,
    )

    def hand():
        return env.execute_query(by_hand)

    if sum(map(len, pivot())) != len(hand()):
        raise ValueError("the pivot and the statement by hand do not answer the same")
    ours, reference = bench.alternate(pivot, hand)
    yield Measure("Pivot of campaigns against SQL by hand", ours, reference, 1.3, "ms")
