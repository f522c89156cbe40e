from odoo import api, models
from odoo.tools import SQL

from ..tools.metrics_sql import MetricsSource

# From how many days with a purchase on a customer has a rhythm of his own.
RHYTHM_DAYS = 3
FACT_SOURCES = {"purchase", "rhythm", "fulfilment", "marketing"}


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
                    *("first_purchase_date", "last_purchase_date", "purchase_count", "amount_total", "amount_12m"),
                    *("invoiced_12m", "margin_12m", "average_order"),
                ),
                self._metrics_purchase_sql(partners, as_of),
            ),
            MetricsSource("rhythm", ("median_gap_days",), self._metrics_rhythm_sql(partners, as_of)),
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
        queries = [
            SQL(
                "SELECT commercial_partner_id FROM %(table)s WHERE (day > %(since)s AND day <= %(as_of)s) OR"
                " (day > %(since)s::date - INTERVAL '12 months' AND day <= %(as_of)s::date - INTERVAL '12 months')",
                table=SQL.identifier(self.env[model]._table),
                since=since,
                as_of=as_of,
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
        order = SQL("is_head AND order_amount > 0")
        return SQL(
            """
            SELECT commercial_partner_id, company_id,
                   MIN(day) FILTER (WHERE %(order)s) AS first_purchase_date,
                   MAX(day) FILTER (WHERE %(order)s) AS last_purchase_date,
                   COUNT(*) FILTER (WHERE %(order)s) AS purchase_count,
                   SUM(amount) AS amount_total,
                   SUM(amount) FILTER (WHERE %(recent)s) AS amount_12m,
                   SUM(amount_invoiced) FILTER (WHERE %(recent)s) AS invoiced_12m,
                   SUM(margin) FILTER (WHERE %(recent)s) AS margin_12m,
                   ROUND(AVG(order_amount) FILTER (WHERE %(order)s), 2) AS average_order
              FROM crm_customer_purchase
             WHERE commercial_partner_id = ANY(%(partners)s) AND day <= %(as_of)s
             GROUP BY commercial_partner_id, company_id
            """,
            order=order,
            recent=self._metrics_window(as_of),
            partners=partners,
            as_of=as_of,
        )

    @api.model
    def _metrics_rhythm_sql(self, partners, as_of):
        """Median of the gaps between days with a purchase, from ``RHYTHM_DAYS`` such days on."""
        return SQL(
            """
            SELECT commercial_partner_id, company_id,
                   ROUND(percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)::numeric, 1) AS median_gap_days
              FROM (SELECT commercial_partner_id, company_id,
                           day - LAG(day) OVER (PARTITION BY commercial_partner_id, company_id ORDER BY day) AS gap
                      FROM (SELECT DISTINCT commercial_partner_id, company_id, day
                              FROM crm_customer_purchase
                             WHERE commercial_partner_id = ANY(%s) AND day <= %s AND is_head AND order_amount > 0
                           ) shopping) gaps
             GROUP BY commercial_partner_id, company_id
            HAVING COUNT(*) >= %s
            """,
            partners,
            as_of,
            RHYTHM_DAYS,
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
