from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.tools.metrics_sql import among
from odoo.addons.crm_customer_db_account.models.crm_customer_metrics_sql import ROOT

# Whom an order concerns: who is to be invoiced for what is confirmed, and who is made an offer.
CONCERNED = SQL(
    "CROSS JOIN LATERAL (VALUES (CASE WHEN changed.state IN ('sale', 'cancel') THEN changed.partner_invoice_id END),"
    " (changed.partner_id)) concerned (id)"
)


class CrmCustomerMetrics(models.Model):
    """What a customer has ordered and nobody has invoiced yet; who was made an offer."""

    _inherit = "crm.customer.metrics"

    @api.private
    def init(self):
        """Listen to what changes how much is ordered and not invoiced, and to quotations."""
        res = super().init()
        queue = self.env["crm.customer.metrics.queue"]
        queue._watch_table(
            "sale_order",
            SQL("concerned.id"),
            CONCERNED,
            columns=(
                *("partner_invoice_id", "state", "invoice_status", "currency_rate", "company_id"),
                *("partner_id", "date_order", "validity_date"),
            ),
        )
        queue._watch_table(
            "sale_order_line",
            SQL("o.partner_invoice_id"),
            SQL("JOIN sale_order o ON o.id = changed.order_id AND o.state = 'sale'"),
            ("order_id", "product_uom_qty", "qty_delivered", "qty_invoiced", "price_total"),
        )
        return res

    @api.model
    def _metrics_flush(self, names=None):
        res = super()._metrics_flush(names)
        for model in ("sale.order", "sale.order.line"):
            self.env[model].flush_model()
        return res

    @api.model
    def _mark_everybody(self):
        res = super()._mark_everybody()
        self._mark_ordered()
        return res

    @api.model
    def _mark_ordered(self):
        """Have the figures of all worked out whom an order or a quotation concerns."""
        self.env["crm.customer.metrics.queue"]._mark_query(
            SQL(
                "SELECT p.commercial_partner_id FROM sale_order o JOIN res_partner p ON p.id = o.partner_invoice_id"
                " WHERE o.state = 'sale' AND o.invoice_status <> 'invoiced'"
                " UNION ALL SELECT p.commercial_partner_id FROM sale_order o JOIN res_partner p ON p.id = o.partner_id"
                " WHERE o.state IN ('draft', 'sent')"
            )
        )

    @api.model
    def _metrics_known_sql(self, partners, as_of):
        """Extended: quotations that are being written; those that were sent are written down already.

        One that has expired without having been sent brings nobody into the file any more, but whoever is in
        it anyhow stays a prospect: nobody goes back a stage because a day has passed.
        """
        web = SQL("o.website_id IS NULL") if "website_id" in self.env["sale.order"]._fields else SQL("TRUE")
        offered = SQL(
            """
            SELECT quoted.commercial_partner_id, o.company_id, day.ordered, TRUE
              FROM res_partner quoted
              JOIN sale_order o ON o.partner_id = quoted.id AND o.state IN ('draft', 'sent')
              JOIN res_company company ON company.id = o.company_id
             CROSS JOIN LATERAL (SELECT (o.date_order AT TIME ZONE 'UTC'
                                         AT TIME ZONE COALESCE(company.customer_tz, 'UTC'))::date AS ordered) day
             WHERE quoted.commercial_partner_id = ANY(%(partners)s) AND day.ordered <= %(as_of)s AND %(web)s
               AND (COALESCE(o.validity_date, %(as_of)s) >= %(as_of)s
                    OR EXISTS (SELECT FROM crm_customer_interaction written
                                WHERE written.commercial_partner_id = quoted.commercial_partner_id
                                  AND written.company_id = o.company_id AND written.day <= %(as_of)s))
            """,
            partners=partners,
            as_of=SQL("%s::date", as_of),
            web=web,
        )
        return [*super()._metrics_known_sql(partners, as_of), offered]

    @api.model
    def _metrics_due(self, since, as_of):
        """Extended: whose quotations have expired, or are dated after the day figures stood for."""
        quoted = SQL(
            "SELECT p.commercial_partner_id FROM sale_order o JOIN res_partner p ON p.id = o.partner_id"
            " WHERE o.state IN ('draft', 'sent')"
            " AND (o.validity_date >= %(since)s AND o.validity_date < %(as_of)s"
            " OR o.date_order >= %(since)s::date - INTERVAL '1 day' AND o.date_order < %(as_of)s::date + INTERVAL '2 days')",
            since=since,
            as_of=as_of,
        )
        return [*super()._metrics_due(since, as_of), quoted]

    @api.model
    def _credit_ordered_sql(self, partners, as_of):
        """Extended: with tax, at the rate of the order, of whoever is to be invoiced.

        What was ordered counts in full, whether it is invoiced on order or on delivery: it
        was promised. An invoice takes it away from its first draft on, which then counts
        as a draft; a down payment takes its part away until it is deducted.
        """
        if self._credit_is_past(as_of):
            return super()._credit_ordered_sql(partners, as_of)
        return SQL(
            """
            SELECT customer.commercial_partner_id, %(root)s AS company_id,
                   SUM(ROUND(GREATEST(0, line.amount - down.amount)
                             / CASE COALESCE(o.currency_rate, 0) WHEN 0 THEN 1.0 ELSE o.currency_rate END, 2))
                       AS credit_to_invoice
              FROM res_partner customer
              JOIN sale_order o ON o.partner_invoice_id = customer.id AND o.state = 'sale'
                                   AND o.invoice_status <> 'invoiced'
              JOIN res_company company ON company.id = o.company_id
             CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(l.price_total / l.product_uom_qty
                                       * (GREATEST(l.product_uom_qty, l.qty_delivered) - l.qty_invoiced)), 0) AS amount
                     FROM sale_order_line l
                    WHERE l.order_id = o.id AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
                      AND l.product_uom_qty <> 0) line
             CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(CASE WHEN move.move_type = 'out_refund' THEN -moved.price_total
                                            ELSE moved.price_total END), 0) AS amount
                     FROM sale_order_line l
                     JOIN sale_order_line_invoice_rel link ON link.order_line_id = l.id
                     JOIN account_move_line moved ON moved.id = link.invoice_line_id
                     JOIN account_move move ON move.id = moved.move_id AND move.state <> 'cancel'
                    WHERE l.order_id = o.id AND l.display_type IS NULL AND l.is_downpayment) down
             WHERE %(among)s
             GROUP BY 1, 2
            """,
            root=ROOT,
            among=among(SQL("customer.commercial_partner_id"), partners),
        )
