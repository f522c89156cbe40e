from odoo import api, models
from odoo.tools import SQL


class CrmCustomerCreditReport(models.Model):
    _inherit = "crm.customer.credit.report"
    _depends = {"sale.order": ["state"], "sale.order.line": ["invoice_lines", "order_id"]}

    @api.model
    def _sold_documents_sql(self):
        return [
            *super()._sold_documents_sql(),
            SQL("SELECT 'sale.order' AS document_model, id AS document_id FROM sale_order WHERE state = 'sale'"),
        ]

    @api.model
    def _invoice_shares_sql(self):
        """Extended: a line of an invoice that is of several lines of orders counts for each alike."""
        return [
            *super()._invoice_shares_sql(),
            SQL(
                """
                SELECT 'sale.order' AS document_model, line.order_id AS document_id, move.id AS move_id,
                       SUM(moved.price_total / shared.lines) / NULLIF(move.amount_total, 0) AS share
                  FROM kept
                  JOIN sale_order_line line ON line.order_id = kept.document_id AND kept.document_model = 'sale.order'
                  JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
                  JOIN account_move_line moved ON moved.id = link.invoice_line_id AND moved.parent_state = 'posted'
                  JOIN account_move move ON move.id = moved.move_id
                 CROSS JOIN LATERAL (
                       SELECT COUNT(*) AS lines FROM sale_order_line_invoice_rel other
                        WHERE other.invoice_line_id = moved.id) shared
                 GROUP BY line.order_id, move.id
                """
            ),
        ]
