from odoo import api, models
from odoo.tools import SQL

from ..tools.metrics_sql import MetricsSource

# From how many days with a purchase on a customer has a rhythm of his own.
RHYTHM_DAYS = 3
FACT_SOURCES = {"purchase", "fulfilment", "marketing", "known"}
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
                    *("median_gap_days", "purchase_count_window", "amount_window", "amount_at_risk", "scored"),
                ),
                self._metrics_purchase_sql(partners, as_of),
            ),
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
                "SELECT commercial_partner_id FROM %s WHERE %s",
                SQL.identifier(self.env[model]._table),
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
        """Amounts, dates and rhythm, over the days with an entry.

        A rhythm is the median of the gaps between days with a purchase, from ``RHYTHM_DAYS``
        such days on. What a customer has come back after is judged by it.
        """
        months = self._by_company({company_id: SQL("%s", count) for company_id, count in self._score_months().items()})
        return SQL(
            """
            WITH days AS MATERIALIZED (
                SELECT commercial_partner_id, company_id, day,
                       COUNT(*) FILTER (WHERE %(order)s) AS orders,
                       SUM(order_amount) FILTER (WHERE %(order)s) AS ordered,
                       SUM(amount) AS amount, SUM(amount_invoiced) AS invoiced, SUM(margin) AS margin
                  FROM crm_customer_purchase
                 WHERE commercial_partner_id = ANY(%(partners)s) AND day <= %(as_of)s
                 GROUP BY commercial_partner_id, company_id, day),
            shopping AS MATERIALIZED (
                SELECT commercial_partner_id, company_id, day,
                       day - LAG(day) OVER past AS gap, ROW_NUMBER() OVER past AS number
                  FROM days WHERE orders > 0
                WINDOW past AS (PARTITION BY commercial_partner_id, company_id ORDER BY day)),
            rhythm AS MATERIALIZED (
                SELECT commercial_partner_id, company_id, MIN(day) AS first_day, MAX(day) AS last_day,
                       MIN(day) FILTER (WHERE number = %(rhythm)s) AS third_day,
                       CASE WHEN COUNT(*) >= %(rhythm)s
                            THEN ROUND(percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)::numeric, 1) END AS median_gap
                  FROM shopping GROUP BY commercial_partner_id, company_id),
            back AS (
                SELECT shopping.commercial_partner_id, shopping.company_id, MAX(shopping.day) AS day
                  FROM shopping JOIN rhythm USING (commercial_partner_id, company_id)
                 WHERE shopping.gap > %(active)s * rhythm.median_gap
                 GROUP BY shopping.commercial_partner_id, shopping.company_id),
            base AS (
                SELECT days.*, rhythm.first_day, rhythm.last_day, rhythm.third_day, rhythm.median_gap
                  FROM days LEFT JOIN rhythm USING (commercial_partner_id, company_id)),
            totals AS (
                SELECT commercial_partner_id, company_id,
                       MIN(first_day) AS first_purchase_date, MIN(last_day) AS last_purchase_date,
                       MIN(third_day) AS third_purchase_date, MIN(median_gap) AS median_gap_days,
                       SUM(orders) AS purchase_count, SUM(amount) AS amount_total,
                       SUM(amount) FILTER (WHERE %(recent)s) AS amount_12m,
                       SUM(invoiced) FILTER (WHERE %(recent)s) AS invoiced_12m,
                       SUM(margin) FILTER (WHERE %(recent)s) AS margin_12m,
                       ROUND(SUM(ordered) / NULLIF(SUM(orders), 0), 2) AS average_order,
                       SUM(orders) FILTER (WHERE %(window)s) AS purchase_count_window,
                       SUM(amount) FILTER (WHERE %(window)s) AS amount_window,
                       SUM(amount) FILTER (WHERE day > last_day - INTERVAL '12 months') AS amount_at_risk
                  FROM base GROUP BY commercial_partner_id, company_id)
            SELECT totals.*, back.day AS resumed_date,
                   totals.last_purchase_date IS NOT NULL AND %(customer)s AS scored
              FROM totals
              LEFT JOIN back USING (commercial_partner_id, company_id)
              JOIN res_partner partner ON partner.id = totals.commercial_partner_id
            """,
            order=SQL("is_head AND order_amount > 0"),
            recent=self._metrics_window(as_of),
            window=SQL("day > %s::date - make_interval(months => %s)", as_of, months),
            partners=partners,
            as_of=as_of,
            rhythm=RHYTHM_DAYS,
            active=ACTIVE,
            customer=self._metrics_customer_sql(),
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
             WHERE commercial_partner_id = ANY(%(partners)s) AND day <= %(as_of)s
             GROUP BY commercial_partner_id, company_id
            """,
            recent=self._metrics_window(as_of),
            open=SQL("(state = 'open' OR solved_on > %s)", as_of),
            partners=partners,
            as_of=as_of,
        )

    @api.model
    def _metrics_marketing_sql(self, partners, as_of):
        return SQL(
            """
            SELECT commercial_partner_id, company_id, SUM(cost) AS marketing_cost_12m
              FROM crm_customer_marketing_action
             WHERE commercial_partner_id = ANY(%s) AND %s AND is_control IS NOT TRUE AND state IN ('sent', 'delivered')
             GROUP BY commercial_partner_id, company_id
            """,
            partners,
            self._metrics_window(as_of),
        )
