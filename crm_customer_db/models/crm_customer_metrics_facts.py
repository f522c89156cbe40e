from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.bulk import shares
from ..tools.metrics_sql import EVERYBODY, MetricsSource, among

# From how many days with a purchase on a customer has a rhythm of his own.
RHYTHM_DAYS = 3
FACT_SOURCES = {"purchase", "range", "fulfilment", "marketing", "known"}
# Silence up to so many times the usual one is none.
ACTIVE = 1.5


class CrmCustomerMetrics(models.Model):
    """Figures that the facts of the core give."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _metrics_sources(self, partners, as_of):
        return [
            *super()._metrics_sources(partners, as_of),
            MetricsSource(
                "purchase",
                (
                    *("first_purchase_date", "last_purchase_date", "third_purchase_date", "resumed_date"),
                    *("purchase_count", "amount_total", "amount_12m", "invoiced_12m", "margin_12m", "average_order"),
                    "margin_unknown_12m",
                    *("median_gap_days", "purchase_count_window", "amount_window", "amount_at_risk", "scored"),
                ),
                self._metrics_purchase_sql(partners, as_of),
                is_shared=partners is EVERYBODY,
            ),
            MetricsSource("range", ("category_count_12m",), self._metrics_range_sql(partners, as_of), adds_rows=False),
            MetricsSource(
                "fulfilment",
                ("returns_12m", "complaints_open", "unpaid_open"),
                self._metrics_fulfilment_sql(partners, as_of),
            ),
            MetricsSource("marketing", ("marketing_cost_12m",), self._metrics_marketing_sql(partners, as_of)),
        ]

    @api.model
    def _metrics_layers(self, as_of):
        due = SQL(
            "CASE WHEN median_gap_days > 0 THEN last_purchase_date + round(median_gap_days)::integer END",
        )
        return [*super()._metrics_layers(as_of), {"next_purchase_due": due}]

    @api.model
    def _metrics_due(self, since, as_of):
        """Extended: what comes into the last twelve months, and what leaves them."""
        months = {values["months"] for values in self.env["res.company"]._customer_scoring().values()}
        windows = {"crm.customer.purchase": months | {12}}
        queries = [
            SQL(
                # companies are named for the sake of the index
                "SELECT commercial_partner_id FROM %s WHERE company_id = ANY(%s) AND (%s)",
                SQL.identifier(self.env[model]._table),
                list(self.env["res.company"]._customer_scoring()),
                SQL(" OR ").join(
                    SQL(
                        "(day > %(since)s::date - %(months)s AND day <= %(as_of)s::date - %(months)s)",
                        since=since,
                        as_of=as_of,
                        months=SQL("make_interval(months => %s)", months),
                    )
                    for months in sorted(windows.get(model, {12}) | {0})
                ),
            )
            for model in ("crm.customer.purchase", "crm.customer.fulfilment", "crm.customer.marketing.action")
        ]
        return [*super()._metrics_due(since, as_of), *queries]

    @api.model
    def _metrics_flush(self, names=None):
        res = super()._metrics_flush(names)
        if names is not None and FACT_SOURCES.isdisjoint(names):
            return res
        self.env["crm.customer.feed"]._sync_pending("all")
        for model in self.env["crm.customer.fact"]._fact_models():
            model.flush_model()
        return res

    @api.model
    def _metrics_purchase_sql(self, partners, as_of):
        """Amounts, dates and rhythm, over the lines.

        A rhythm is the median of the gaps between days with a purchase, from ``RHYTHM_DAYS``
        such days on. What a customer has come back after is judged by it.
        """
        customer = SQL("commercial_partner_id")
        parts = shares(self.env.cr, customer) if partners is EVERYBODY else [among(customer, partners)]
        return SQL(
            """
            WITH spaced AS (
                SELECT totals.*, cardinality(bought_on) AS number, bought_on[1] - INTERVAL '12 months' AS year_before,
                       CASE WHEN cardinality(bought_on) >= %(rhythm)s
                            THEN (SELECT ARRAY[percentile_cont(0.5) WITHIN GROUP (ORDER BY day - before)::numeric,
                                               MAX(day - before)]
                                    FROM unnest(bought_on, bought_on[2:]) bought (day, before)) END AS gaps
                  FROM (%(totals)s) totals OFFSET 0),
            rhythm AS (
                SELECT spaced.*, ROUND(gaps[1], 1) AS median_gap_days FROM spaced)
            SELECT rhythm.commercial_partner_id, rhythm.company_id,
                   bought_on[number] AS first_purchase_date, bought_on[1] AS last_purchase_date,
                   bought_on[number + 1 - %(rhythm)s] AS third_purchase_date,
                   CASE WHEN gaps[2] > %(active)s * median_gap_days
                        THEN (SELECT MAX(bought.day) FROM unnest(bought_on, bought_on[2:]) bought (day, before)
                               WHERE bought.day - bought.before > %(active)s * median_gap_days) END AS resumed_date,
                   purchase_count, amount_total, amount_12m, invoiced_12m, margin_12m, margin_unknown_12m,
                   ROUND(ordered / NULLIF(purchase_count, 0), 2) AS average_order,
                   median_gap_days, purchase_count_window, amount_window,
                   CASE WHEN bought_on IS NULL THEN NULL
                        WHEN earliest > year_before THEN amount_total
                        ELSE (SELECT SUM(entry.amount) FROM unnest(days, amounts) entry (day, amount)
                               WHERE entry.day > year_before) END AS amount_at_risk,
                   bought_on IS NOT NULL AND %(customer)s AS scored
              FROM rhythm JOIN res_partner partner ON partner.id = rhythm.commercial_partner_id
            """,
            totals=SQL(" UNION ALL ").join(self._metrics_totals_sql(part, as_of) for part in parts),
            rhythm=RHYTHM_DAYS,
            active=ACTIVE,
            customer=self._metrics_customer_sql(),
        )

    @api.model
    def _metrics_totals_sql(self, part, as_of):
        """Lines added up to days, and days to customers, with the days of each, latest first.

        Nothing in it keeps several processors from working on it, as windows and queries
        within a row would.

        :param part: ``SQL`` condition on the lines
        """
        since = self._by_company(
            {
                company_id: SQL("%s", as_of - relativedelta(months=months))
                for company_id, months in self._score_months().items()
            }
        )
        return SQL(
            """
            SELECT commercial_partner_id, company_id,
                   ARRAY_AGG(day ORDER BY day DESC) FILTER (WHERE orders > 0) AS bought_on,
                   SUM(orders) AS purchase_count,
                   SUM(ordered) AS ordered,
                   SUM(amount) AS amount_total,
                   SUM(amount) FILTER (WHERE %(recent)s) AS amount_12m,
                   SUM(invoiced) AS invoiced_12m,
                   SUM(margin) AS margin_12m,
                   SUM(margin_unknown) AS margin_unknown_12m,
                   SUM(orders) FILTER (WHERE day > %(since)s) AS purchase_count_window,
                   SUM(amount) FILTER (WHERE day > %(since)s) AS amount_window,
                   MIN(day) AS earliest, ARRAY_AGG(day) AS days, ARRAY_AGG(amount) AS amounts
              FROM (SELECT commercial_partner_id, company_id, day,
                           COUNT(*) FILTER (WHERE %(order)s) AS orders,
                           SUM(order_amount) FILTER (WHERE %(order)s) AS ordered,
                           SUM(amount) AS amount,
                           SUM(amount_invoiced) FILTER (WHERE %(recent)s) AS invoiced,
                           SUM(margin) FILTER (WHERE %(recent)s) AS margin,
                           SUM(amount) FILTER (WHERE COALESCE(margin, 0) = 0 AND %(recent)s) AS margin_unknown
                      FROM crm_customer_purchase
                     WHERE %(part)s AND day <= %(as_of)s
                     GROUP BY commercial_partner_id, company_id, day) base
             GROUP BY commercial_partner_id, company_id
            """,
            order=SQL("is_head AND order_amount > 0"),
            recent=self._metrics_window(as_of),
            since=since,
            part=part,
            as_of=as_of,
        )

    @api.model
    def _metrics_range_sql(self, partners, as_of):
        """How many product types were bought in twelve months."""
        return SQL(
            """
            SELECT commercial_partner_id, company_id, COUNT(*) AS category_count_12m
              FROM (SELECT DISTINCT commercial_partner_id, company_id, categ_id
                      FROM crm_customer_purchase
                     WHERE %s AND %s AND amount > 0 AND categ_id IS NOT NULL) bought
             GROUP BY commercial_partner_id, company_id
            """,
            among(SQL("commercial_partner_id"), partners),
            self._metrics_window(as_of),
        )

    @api.model
    def _metrics_fulfilment_sql(self, partners, as_of):
        return SQL(
            """
            SELECT commercial_partner_id, company_id,
                   COUNT(*) FILTER (WHERE kind = 'return' AND %(recent)s) AS returns_12m,
                   COUNT(*) FILTER (WHERE kind = 'complaint' AND %(open)s) AS complaints_open,
                   COUNT(*) FILTER (WHERE kind = 'unpaid' AND %(open)s) AS unpaid_open
              FROM crm_customer_fulfilment
             WHERE %(among)s AND day <= %(as_of)s
             GROUP BY commercial_partner_id, company_id
            """,
            recent=self._metrics_window(as_of),
            open=SQL("(state = 'open' OR solved_on > %s)", as_of),
            among=among(SQL("commercial_partner_id"), partners),
            as_of=as_of,
        )

    @api.model
    def _metrics_marketing_sql(self, partners, as_of):
        return SQL(
            """
            SELECT commercial_partner_id, company_id, SUM(cost) AS marketing_cost_12m
              FROM crm_customer_marketing_action
             WHERE %s AND %s AND is_control IS NOT TRUE AND state IN ('sent', 'delivered')
             GROUP BY commercial_partner_id, company_id
            """,
            among(SQL("commercial_partner_id"), partners),
            self._metrics_window(as_of),
        )
