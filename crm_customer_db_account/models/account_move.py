from odoo import api, models
from odoo.tools import SQL


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "crm.customer.feed.source", "crm.customer.credit.approvable"]

    # Odoo has none: every merge, and every deletion of a contact, reads all entries.
    _customer_commercial_partner_idx = models.Index("(commercial_partner_id) WHERE commercial_partner_id IS NOT NULL")

    @api.depends("partner_id", "company_id")
    def _compute_customer_credit(self):
        return super()._compute_customer_credit()

    @api.depends("partner_id", "company_id", "state", "amount_total_signed")
    def _compute_customer_credit_approval(self):
        return super()._compute_customer_credit_approval()

    def _customer_credit_waits(self):
        return bool(self._origin._customer_credit_sales())

    # ------------------------------------------------------------ as it stood at the sale

    def _post(self, soft=True):
        """Extended: what is invoiced without an order is sold by being posted."""
        sales = self._customer_credit_sales()
        situations = self.env["crm.customer.credit.snapshot"]._situations(sales)
        self.env["crm.customer.credit.approval"]._check(sales, situations)
        posted = super()._post(soft)
        if situations:
            self.env["crm.customer.credit.snapshot"]._keep(sales & posted, situations)
            self.env["crm.customer.credit.approval"]._use(sales & posted)
        return posted

    def _customer_credit_sales(self):
        """Those of these drafts that are sales of their own: with a line that no order and no till has sold.

        Posted once more for the same customer and amount, an invoice is the same sale.
        """
        drafts = self.filtered(lambda move: move.state == "draft" and move.move_type in ("out_invoice", "out_receipt"))
        if not drafts:
            return drafts
        for model in ("account.move", "account.move.line"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT move.id
                  FROM account_move move
                  JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
                 WHERE move.id = ANY(%s) AND %s
                   AND NOT EXISTS (SELECT FROM crm_customer_credit_snapshot kept
                                    WHERE kept.document_model = 'account.move' AND kept.document_id = move.id
                                      AND kept.commercial_partner_id = move.commercial_partner_id
                                      AND kept.amount = move.amount_total_signed)
                """,
                drafts.ids,
                self.env["crm.customer.feed.account.invoice"]._not_excluded(),
            )
        )
        return drafts.browse(move_id for (move_id,) in rows)

    def _customer_credit_amount(self):
        """Extended: all of it, as these come from no order."""
        return self.amount_total_signed

    def _customer_credit_user(self):
        return self.invoice_user_id
