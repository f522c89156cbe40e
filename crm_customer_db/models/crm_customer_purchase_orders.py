from odoo import api, models
from odoo.tools import SQL

from ..tools.load_orders import OrderLoad

# What decides which order a line belongs to, where in it, and what it adds to it.
_ORDER_COLUMNS = {
    "amount",
    "amount_currency",
    "commercial_partner_id",
    "company_id",
    "currency_id",
    "date",
    "feed",
    "order_ref",
    "partner_id",
    "source_id",
    "source_model",
}
# What of a line is needed to say so.
_LINE = SQL(", ").join(
    SQL.identifier("line", name) for name in sorted({*_ORDER_COLUMNS, "id", "is_head", "order_amount"})
)


class CrmCustomerPurchase(models.Model):
    """Which line stands for its order, and what the whole order amounts to.

    An order is what one customer bought with one document or, where there is none, under
    one order number; a line with neither is an order of its own. Lines of different
    sources, or companies, are never one order. The line that came first has ``is_head``
    and the sum of all lines in ``order_amount``; the others have neither, so both may be
    counted and summed.

    Both columns are kept by one statement per change, which looks at whole documents,
    whoever their customer is: so a line that moves to another customer leaves two orders
    that are right.
    """

    _inherit = "crm.customer.purchase"

    @api.private
    def init(self):
        """Find the heads of purchases that were there before orders were told apart."""
        res = super().init()
        [(some, known)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM crm_customer_purchase),"
                " EXISTS (SELECT FROM crm_customer_purchase WHERE is_head)"
            )
        )
        if some and not known:
            self._fact_orders_changed(SQL("TRUE"))
        return res

    @api.model_create_multi
    def create(self, vals_list):
        purchases = super().create(vals_list)
        self._fact_orders_changed(SQL("id = ANY(%s)", purchases.ids))
        return purchases

    def write(self, vals):
        if _ORDER_COLUMNS.isdisjoint(vals):
            return super().write(vals)
        touched = self._order_lines()
        res = super().write(vals)
        self._fact_orders_changed(SQL("id = ANY(%s)", touched))
        return res

    def unlink(self):
        touched = self._order_lines()
        gone = set(self.ids)
        res = super().unlink()
        self._fact_orders_changed(SQL("id = ANY(%s)", [line for line in touched if line not in gone]))
        return res

    def _order_lines(self):
        """Ids of all lines of the orders that these lines belong to.

        :return: list of int
        """
        if not self.ids:
            return []
        self.flush_model(list(_ORDER_COLUMNS))
        lines = self._order_lines_sql(
            SQL("SELECT %s FROM crm_customer_purchase line WHERE id = ANY(%s)", _LINE, self.ids)
        )
        return [line for (line,) in self.env.execute_query(SQL("SELECT id FROM (%s) line", lines))]

    @api.model
    def _order_lines_sql(self, rows):
        """Lines of the same documents or order numbers as some lines.

        Three arms, because each finds its lines by another index.

        :param rows: SQL query of lines, with the columns of ``_LINE``
        :return: SQL query of lines with the same columns, each once
        """
        return SQL(
            """
            WITH touched AS MATERIALIZED (%(rows)s)
            SELECT %(line)s FROM crm_customer_purchase line
              JOIN (SELECT DISTINCT feed, company_id, source_model, source_id
                      FROM touched WHERE source_model IS NOT NULL AND source_id IS NOT NULL) doc
                ON line.feed = doc.feed AND line.source_id = doc.source_id
               AND line.source_model = doc.source_model AND line.company_id = doc.company_id
             UNION ALL
            SELECT %(line)s FROM crm_customer_purchase line
              JOIN (SELECT DISTINCT feed, company_id, order_ref
                      FROM touched WHERE (source_model IS NULL OR source_id IS NULL) AND order_ref IS NOT NULL) doc
                ON line.order_ref = doc.order_ref AND line.feed = doc.feed AND line.company_id = doc.company_id
             WHERE line.source_model IS NULL OR line.source_id IS NULL
             UNION ALL
            SELECT %(line)s FROM touched line
             WHERE (source_model IS NULL OR source_id IS NULL) AND order_ref IS NULL
            """,
            line=_LINE,
            rows=rows,
        )

    @api.model
    def _fact_orders_changed(self, condition):
        self.flush_model([*_ORDER_COLUMNS, "is_head", "order_amount"])
        rows = SQL("SELECT %s FROM crm_customer_purchase line WHERE %s", _LINE, condition)
        self.env.cr.execute(
            SQL(
                """
                WITH line AS (%(lines)s),
                said AS (
                    SELECT id, is_head, order_amount,
                           row_number() OVER (same_order ORDER BY date, id) = 1 AS head,
                           sum(amount) OVER same_order AS total
                      FROM (SELECT line.*,
                                   source_model IS NOT NULL AND source_id IS NOT NULL AS has_document
                              FROM line) line
                    WINDOW same_order AS (PARTITION BY
                           feed, company_id, commercial_partner_id,
                           CASE WHEN has_document THEN source_model END,
                           CASE WHEN has_document THEN source_id END,
                           CASE WHEN NOT has_document THEN order_ref END,
                           CASE WHEN NOT has_document AND order_ref IS NULL THEN id END)
                )
                UPDATE crm_customer_purchase purchase
                   SET is_head = said.head, order_amount = CASE WHEN said.head THEN said.total END
                  FROM said
                 WHERE purchase.id = said.id
                   AND (COALESCE(said.is_head, FALSE) <> said.head
                        OR said.order_amount IS DISTINCT FROM CASE WHEN said.head THEN said.total END)
                """,
                lines=self._order_lines_sql(rows),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["is_head", "order_amount"], flush=False)

    @api.model
    def _load_part(self, loader, company):
        return OrderLoad(loader, company)
