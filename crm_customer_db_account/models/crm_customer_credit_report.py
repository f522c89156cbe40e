from odoo import api, fields, models
from odoo.tools import SQL

from .crm_customer_metrics import GRADES, STATUSES


class CrmCustomerCreditReport(models.Model):
    """What was sold in which credit situation, and what of it is unpaid: one row per document.

    A document that was cancelled since is left out. An invoice of several orders counts
    for each with its share, so what is open adds up to what these invoices have open; of an
    invoice that has lines of its own as well, only these were sold by it.
    """

    _name = "crm.customer.credit.report"
    _description = "Sales by Credit Situation"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "document_name"
    _depends = {
        "account.move": ["amount_residual_signed", "amount_total", "amount_total_signed", "move_type", "state"],
        "account.move.line": ["amount_residual", "date_maturity", "display_type", "parent_state", "price_total"],
    }

    date = fields.Datetime(readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    document_model = fields.Char(string="Kind of document", readonly=True)
    document_id = fields.Many2oneReference("Record", model_field="document_model", readonly=True)
    document_name = fields.Char(string="Document", readonly=True)
    credit_status = fields.Selection(STATUSES, string="Situation at the sale", readonly=True)
    credit_grade = fields.Selection(GRADES, string="Payment record at the sale", readonly=True)
    over_limit = fields.Boolean(string="Over the limit with it", readonly=True)
    amount = fields.Monetary(string="Sold (incl. VAT)", readonly=True)
    credit_exposure = fields.Monetary(string="Exposure before", readonly=True, aggregator=None)
    credit_overdue = fields.Monetary(string="Overdue before", readonly=True, aggregator=None)
    amount_invoiced = fields.Monetary(string="Invoiced (incl. VAT)", readonly=True)
    amount_open = fields.Monetary(string="Unpaid", readonly=True, help="Of what was invoiced, due or not.")
    amount_overdue = fields.Monetary(string="Unpaid and overdue", readonly=True)

    @api.model
    def _sold_documents_sql(self):
        """Documents that are still sold. Addons append theirs.

        :return: list of ``SQL`` queries of document_model and document_id
        """
        return [
            SQL("SELECT 'account.move' AS document_model, id AS document_id FROM account_move WHERE state = 'posted'")
        ]

    @api.model
    def _invoice_shares_sql(self):
        """Which part of which posted invoice is of a document. Addons append theirs.

        :return: list of ``SQL`` queries of document_model, document_id, move_id and share (0–1)
        """
        feed = self.env["crm.customer.feed.account.invoice"]
        return [
            SQL(
                """
                SELECT 'account.move' AS document_model, move.id AS document_id, move.id AS move_id,
                       SUM(line.price_total) / NULLIF(move.amount_total, 0) AS share
                  FROM kept JOIN account_move move ON move.id = kept.document_id AND kept.document_model = 'account.move'
                  JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
                 WHERE move.state = 'posted' AND %s
                 GROUP BY move.id
                """,
                feed._not_excluded(),
            )
        ]

    @property
    def _table_query(self):
        return SQL(
            """
            WITH kept AS (
                SELECT DISTINCT ON (document_model, document_id) snapshot.*
                  FROM crm_customer_credit_snapshot snapshot JOIN (%(documents)s) sold USING (document_model, document_id)
                 ORDER BY document_model, document_id, snapshot.id DESC),
            share AS (%(shares)s),
            billed AS (
                SELECT share.document_model, share.document_id,
                       SUM(share.share * move.amount_total_signed) AS invoiced,
                       SUM(share.share * move.amount_residual_signed) AS open, SUM(share.share * late.amount) AS overdue
                  FROM share
                  JOIN account_move move ON move.id = share.move_id
                 CROSS JOIN LATERAL (
                       SELECT COALESCE(SUM(item.amount_residual), 0) AS amount FROM account_move_line item
                        WHERE item.move_id = move.id AND item.display_type = 'payment_term'
                          AND item.amount_residual > 0 AND item.date_maturity < %(today)s) late
                 GROUP BY 1, 2)
            SELECT kept.id, kept.date, kept.commercial_partner_id, kept.company_id, kept.currency_id, kept.user_id,
                   kept.document_model, kept.document_id, kept.document_name, kept.credit_status, kept.credit_grade,
                   kept.over_limit, kept.credit_exposure, kept.credit_overdue,
                   CASE WHEN kept.document_model = 'account.move' THEN ROUND(COALESCE(billed.invoiced, 0), 2)
                        ELSE kept.amount END AS amount,
                   ROUND(COALESCE(billed.invoiced, 0), 2) AS amount_invoiced,
                   ROUND(COALESCE(billed.open, 0), 2) AS amount_open,
                   ROUND(COALESCE(billed.overdue, 0), 2) AS amount_overdue
              FROM kept LEFT JOIN billed USING (document_model, document_id)
            """,
            documents=SQL(" UNION ALL ").join(self._sold_documents_sql()),
            shares=SQL(" UNION ALL ").join(self._invoice_shares_sql()),
            today=fields.Date.context_today(self),
        )

    @api.readonly
    def action_open_document(self):
        """Show what was sold."""
        self.ensure_one()
        self.check_access("read")
        return self.env[self.document_model].browse(self.document_id)._get_records_action()
