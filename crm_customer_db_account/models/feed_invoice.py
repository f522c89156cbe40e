from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

from .feed_account import SALES


class CrmCustomerFeedAccountInvoice(models.AbstractModel):
    """Lines of posted customer invoices, receipts and credit notes are purchases.

    source_ref ``account.move.line,ID``. What is sold through an order or a till is left
    to the addons that connect those: they extend ``_exclude`` with conditions on
    ``move`` (``account_move``) and ``line`` (``account_move_line``). The rest is what
    was both ordered and invoiced with the document, so both amounts are the line's; a
    credit note's are negative.

    Quantities are in the unit of the product, as in Odoo's invoice analysis. A receipt
    without a customer is nobody's purchase.
    """

    _name = "crm.customer.feed.account.invoice"
    _inherit = "crm.customer.feed.account"
    _description = "Invoices"
    _feed = "account"
    _fact = "crm.customer.purchase"
    _document = "account.move"
    _fact_columns = (
        *("partner_id", "company_id", "day", "source_ref", "source_id", "order_ref", "user_id"),
        *("origin_id", "campaign_id", "product_id", "categ_id", "quantity", "currency_id"),
        *("amount_currency", "amount", "amount_invoiced", "payment_form", "credit_status", "credit_grade"),
    )
    # The product's type is that of the day of the invoice.
    _frozen = {"categ_id": "product_id"}
    _watch = {
        "account.move": Watch(
            (
                *("name", "state", "move_type", "partner_id", "company_id", "invoice_date", "date"),
                *("invoice_user_id", "preferred_payment_method_line_id"),
                *("campaign_id", "source_id", "medium_id"),
            )
        ),
        "account.move.line": Watch(
            (
                *("move_id", "display_type", "product_id", "product_uom_id", "quantity"),
                *("currency_id", "amount_currency", "balance"),
            ),
            path="move_id",
        ),
    }
    _depends = {
        "account.payment.method.line": ["customer_payment_form", "journal_id", "payment_method_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "uom_id"],
    }

    @api.model
    def _query(self, ids=None, as_of=None):
        source, medium = self._utm()
        return SQL(
            """
            SELECT move.partner_id, move.company_id, COALESCE(move.invoice_date, move.date) AS day,
                   'account.move.line,' || line.id AS source_ref, move.id AS source_id,
                   move.name AS order_ref, move.invoice_user_id AS user_id,
                   about.origin_id, %(campaign)s AS campaign_id,
                   line.product_id, template.categ_id,
                   line.quantity * COALESCE(unit.factor, 1) / COALESCE(NULLIF(own_unit.factor, 0), 1)
                       * CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END AS quantity,
                   line.currency_id, -line.amount_currency AS amount_currency,
                   -line.balance AS amount, -line.balance AS amount_invoiced,
                   about.payment_form, sold.credit_status, sold.credit_grade
              FROM account_move move
              %(sold)s
             CROSS JOIN LATERAL (
                   SELECT %(origin)s AS origin_id, %(payment_form)s AS payment_form OFFSET 0
                 ) about
              JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
              LEFT JOIN uom_uom own_unit ON own_unit.id = template.uom_id
             WHERE move.move_type IN %(sales)s AND move.state = 'posted' AND move.partner_id IS NOT NULL
               AND %(only)s AND %(not_excluded)s
            """,
            sold=self.env["crm.customer.credit.snapshot"]._last_sql("account.move", SQL("move.id")),
            campaign=self._optional("account.move", "campaign_id", "move"),
            origin=self._origin_sql(source, medium) if source else SQL("NULL"),
            payment_form=self._payment_form_sql(SQL.identifier("move", "preferred_payment_method_line_id")),
            sales=SALES,
            only=self._only("move.id", ids),
            not_excluded=self._not_excluded(),
        )

    @api.model
    def _utm(self):
        """Columns of source and medium, or (None, None) without the app that brings them."""
        if not self._has("account.move", "source_id"):
            return None, None
        return SQL.identifier("move", "source_id"), SQL.identifier("move", "medium_id")

    @api.model
    def _origin_documents(self):
        source, medium = self._utm()
        if not source:
            return super()._origin_documents()
        return SQL(
            """
            SELECT DISTINCT move.id, %s AS source_id, %s AS medium_id, move.company_id,
                   COALESCE(move.invoice_date, move.date) AS date
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product'
             WHERE move.move_type IN %s AND move.state = 'posted' AND move.partner_id IS NOT NULL
               AND %s
            """,
            source,
            medium,
            SALES,
            self._not_excluded(),
        )
