from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db_account.models.crm_customer_metrics_sql import ROOT


class CrmCustomerMetrics(models.Model):
    """What a customer has ordered and nobody has invoiced yet."""

    _inherit = "crm.customer.metrics"

    @api.private
    def init(self):
        """Listen to what changes how much is ordered and not invoiced."""
        res = super().init()
        queue = self.env["crm.customer.metrics.queue"]
        queue._watch_table(
            "sale_order",
            SQL("CASE WHEN changed.state IN ('sale', 'cancel') THEN changed.partner_invoice_id END"),
            columns=("partner_invoice_id", "state", "invoice_status", "currency_rate", "company_id"),
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
        self.env["crm.customer.metrics.queue"]._mark_query(
            SQL(
                "SELECT p.commercial_partner_id FROM sale_order o JOIN res_partner p ON p.id = o.partner_invoice_id"
                " WHERE o.state = 'sale' AND o.invoice_status <> 'invoiced'"
            )
        )
        return res

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
             WHERE customer.commercial_partner_id = ANY(%(partners)s)
             GROUP BY 1, 2
            """,
            root=ROOT,
            partners=partners,
        )
