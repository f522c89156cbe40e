from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

from .feed_sale import ORDER_FIELDS

# Moves that invoice an order line, and the one of them that takes back.
INVOICES = ("out_invoice", "out_receipt", "out_refund")
REFUND = "out_refund"


class CrmCustomerFeedSalePurchase(models.AbstractModel):
    """Every line of a confirmed order is a purchase: source_ref ``sale.order.line,ID``.

    Sections, notes and down payments are none; discounts, services, deliveries and free
    lines are. Lines of an order that is confirmed no longer stay as long as posted
    invoices mention them, with nothing ordered.

    *Credit notes* of a line take from what was ordered, but only as far as they take
    back more than was invoiced too much: an invoice that was reversed and written anew
    is no return, nor is the credit note for a quantity that the order has lost as well.
    Per line, in the currency of the order and for a line below zero (a discount) with
    all signs turned round::

        credited = max(0, refunded - max(0, invoiced - ordered))
    """

    _name = "crm.customer.feed.sale.purchase"
    _inherit = "crm.customer.feed.sale"
    _description = "Sales orders"
    _fact = "crm.customer.purchase"
    _fact_columns = (
        "partner_id",
        "company_id",
        "date",
        "source_ref",
        "source_id",
        "order_ref",
        "product_id",
        "categ_id",
        "quantity",
        "currency_id",
        "amount_currency",
        "amount",
        "amount_invoiced",
        "margin",
        "promotion",
        "offer_ref",
        "quotation_date",
        "place_id",
        "channel_id",
        "method",
        "payment_form",
        "user_id",
        "origin_id",
        "campaign_id",
        "credit_status",
        "credit_grade",
    )
    # The product type of a purchase is the one of its day.
    _frozen = {"categ_id": "product_id"}
    _watch = {
        "sale.order": Watch(
            (
                *ORDER_FIELDS,
                "applied_coupon_ids",
                "code_enabled_rule_ids",
                "date_order",
                "preferred_payment_method_line_id",
                "pricelist_id",
                "sale_order_template_id",
                "transaction_ids",
            )
        ),
        "sale.order.line": Watch(
            (
                "coupon_id",
                "display_type",
                "invoice_lines",
                "is_downpayment",
                "margin",
                "order_id",
                "price_subtotal",
                "product_id",
                "product_uom_id",
                "product_uom_qty",
                "purchase_price",
                "reward_id",
            ),
            path="order_id",
        ),
        "account.move": Watch(("state", "move_type")),
        "account.move.line": Watch(("sale_line_ids",)),
        "payment.transaction": Watch(("state", "payment_method_id", "sale_order_ids")),
    }
    _depends = {
        "account.move.line": [
            "amount_currency",
            "balance",
            "currency_id",
            "parent_state",
            "product_uom_id",
            "quantity",
        ],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "uom_id"],
        "uom.uom": ["factor"],
    }

    # ------------------------------------------------------------------- changes

    @api.model
    def _relevant(self, records):
        """Orders matter when they come into the world confirmed; invoices never do, they
        are posted afterwards."""
        if records._name in ("account.move", "account.move.line"):
            return records.browse()
        if records._name in ("sale.order", "sale.order.line"):
            return records.filtered(lambda record: record.state == "sale")
        return records

    @api.model
    def _relevant_changes(self, records, names):
        """Quotations do not matter until they are confirmed; nor do entries that invoice nobody.

        What is about to be deleted (without names) does, but for lines of entries, which
        are drafts by then.
        """
        records = super()._relevant_changes(records, names)
        if records._name == "account.move.line" and not names:
            return records.browse()
        if records._name == "account.move":
            types = records._fields["move_type"]._get_cache(self.env)
            return records.browse([move for move in records._ids if types.get(move, REFUND) in INVOICES])
        if records._name in ("sale.order", "sale.order.line") and names and "state" not in names:
            states = records._fields["state"]._get_cache(self.env)
            return records.browse([record for record in records._ids if states.get(record) not in ("draft", "sent")])
        return records

    @api.model
    def _documents_sql(self, model, ids):
        links = {
            "account.move": SQL(
                "sale_order_line_invoice_rel link JOIN account_move_line moved ON moved.id = link.invoice_line_id"
                " JOIN sale_order_line line ON line.id = link.order_line_id WHERE moved.move_id"
            ),
            "account.move.line": SQL(
                "sale_order_line_invoice_rel link"
                " JOIN sale_order_line line ON line.id = link.order_line_id WHERE link.invoice_line_id"
            ),
            "payment.transaction": SQL(
                "(SELECT sale_order_id AS order_id, transaction_id FROM sale_order_transaction_rel) line"
                " WHERE line.transaction_id"
            ),
        }
        if model in links:
            return SQL("SELECT DISTINCT line.order_id FROM %s = ANY(%s)", links[model], list(ids))
        return super()._documents_sql(model, ids)

    # --------------------------------------------------------------------- query

    @api.model
    def _query(self, ids=None, as_of=None):
        reward, used = self._promotion_sql()
        return SQL(
            """
            WITH ord AS MATERIALIZED (%(orders)s),
            line AS MATERIALIZED (%(lines)s),
            reward AS (%(reward)s),
            promo AS (
                SELECT order_id, string_agg(DISTINCT code, ', ' ORDER BY code) AS codes
                  FROM (%(used)s) used WHERE code <> '' GROUP BY order_id
            )
            SELECT ord.partner_id, ord.company_id, ord.date_order AS date,
                   'sale.order.line,' || line.id AS source_ref, ord.id AS source_id,
                   ord.name AS order_ref, line.product_id, template.categ_id,
                   line.quantity * unit.factor / COALESCE(NULLIF(product_unit.factor, 0), 1) AS quantity,
                   ord.currency_id,
                   line.ordered - line.credited AS amount_currency,
                   (line.ordered - line.credited) / ord.rate AS amount,
                   line.invoiced_net AS amount_invoiced,
                   line.margin / ord.rate AS margin,
                   COALESCE(reward.code, promo.codes) AS promotion,
                   ord.offer_ref, ord.quotation_date, ord.place_id, ord.channel_id,
                   CASE WHEN ord.is_web THEN 'web' END AS method, ord.payment_form,
                   ord.user_id, ord.origin_id, ord.campaign_id, sold.credit_status, sold.credit_grade
              FROM line
              JOIN ord ON ord.id = line.order_id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom unit ON unit.id = line.product_uom_id
              LEFT JOIN uom_uom product_unit ON product_unit.id = template.uom_id
              LEFT JOIN reward ON reward.line_id = line.id
              LEFT JOIN promo ON promo.order_id = ord.id
              %(sold)s
            """,
            orders=self._orders_sql(ids),
            sold=self.env["crm.customer.credit.snapshot"]._last_sql("sale.order", SQL("ord.id")),
            lines=self._lines_sql(),
            reward=reward,
            used=used,
        )

    @api.model
    def _orders_sql(self, ids=None):
        """Orders that are purchases: confirmed, or mentioned by a posted invoice.

        :param ids: ids of orders, None for all
        """
        before = SQL("o.customer_sent_on <= o.date_order AND NOT %s", self._is_web_sql())
        template = SQL("NULL")
        if self._has("sale.order", "sale_order_template_id"):
            template = SQL(
                "(SELECT offer.name FROM sale_order_template offer WHERE offer.id = o.sale_order_template_id)"
            )
        columns = SQL(
            """
            o.date_order, company_partner.lang, %(is_web)s AS is_web, %(payment_form)s AS payment_form,
            CASE WHEN %(before)s THEN COALESCE(
                %(template)s,
                (SELECT %(title)s FROM utm_campaign campaign WHERE campaign.id = o.campaign_id),
                (SELECT %(pricelist)s FROM product_pricelist pricelist WHERE pricelist.id = o.pricelist_id))
            END AS offer_ref,
            CASE WHEN %(before)s THEN
                ((o.customer_sent_on AT TIME ZONE 'UTC') AT TIME ZONE COALESCE(company.customer_tz, 'UTC'))::date
            END AS quotation_date
            """,
            is_web=self._is_web_sql(),
            payment_form=self._order_payment_form_sql(),
            before=before,
            template=template,
            title=self._text_sql(SQL("campaign.title")),
            pricelist=self._text_sql(SQL("pricelist.name")),
        )
        return self._order_sql(SQL("%s AND %s", self._only("o.id", ids), self._counts_sql()), columns)

    @api.model
    def _counts_sql(self):
        """Whether an order ``o`` counts: it is confirmed, or a posted invoice mentions it."""
        return SQL(
            """
            (o.state = 'sale' OR EXISTS (
                SELECT FROM sale_order_line l
                  JOIN sale_order_line_invoice_rel link ON link.order_line_id = l.id
                  JOIN account_move_line moved ON moved.id = link.invoice_line_id AND moved.parent_state = 'posted'
                 WHERE l.order_id = o.id))
            """
        )

    @api.model
    def _lines_sql(self):
        """Purchased lines of the rows ``ord`` (id, state, currency_id, rate), with what
        was ordered, credited and invoiced.

        ``ordered`` and ``credited`` are in the currency of the order, ``invoiced_net``
        (invoices less credit notes) in that of the company.

        :return: ``SQL`` query of id, order_id, product_id, product_uom_id, ordered,
            credited, invoiced_net, quantity, margin
        """
        return SQL(
            """
            -- materialized: read once even by a planner that, without statistics, takes it for one row
            WITH posted AS MATERIALIZED (%(posted)s)
            SELECT asked.id, asked.order_id, asked.product_id, asked.product_uom_id,
                   asked.ordered, taken.credited, COALESCE(posted.net, 0) AS invoiced_net,
                   asked.quantity - taken.quantity AS quantity,
                   asked.margin - taken.credited + asked.cost * taken.quantity AS margin
              FROM (%(asked)s) asked
              LEFT JOIN posted ON posted.id = asked.id
             CROSS JOIN LATERAL (
                    SELECT COALESCE(posted.invoiced, 0) AS invoiced, COALESCE(posted.refunded, 0) AS refunded,
                           COALESCE(posted.quantity, 0) AS quantity, COALESCE(posted.returned, 0) AS returned) moved
             CROSS JOIN LATERAL (
                    SELECT %(credited)s AS credited, %(returned)s AS quantity) taken
             WHERE asked.state = 'sale' OR posted.id IS NOT NULL
            """,
            asked=self._asked_sql(),
            posted=self._posted_sql(),
            credited=self._credited_sql("asked.ordered", "moved.invoiced", "moved.refunded"),
            returned=self._credited_sql("asked.quantity", "moved.quantity", "moved.returned"),
        )

    @api.model
    def _credited_sql(self, ordered, invoiced, refunded):
        """What was taken back of a line, as the formula in the docstring of the class says.

        A line is below zero when it was ordered so or, with nothing ordered, invoiced so.
        """
        names = {"ordered": ordered, "invoiced": invoiced, "refunded": refunded}
        columns = {name: SQL.identifier(*column.split(".")) for name, column in names.items()}
        return SQL(
            """
            CASE WHEN COALESCE(NULLIF(%(ordered)s, 0), NULLIF(%(invoiced)s, 0), %(refunded)s) < 0
                 THEN LEAST(0, %(refunded)s - LEAST(0, %(invoiced)s - %(ordered)s))
                 ELSE GREATEST(0, %(refunded)s - GREATEST(0, %(invoiced)s - %(ordered)s)) END
            """,
            **columns,
        )

    @api.model
    def _asked_sql(self):
        """Lines of the rows ``ord`` with what they ask for while their order is confirmed."""
        margin = cost = SQL("NULL::numeric")
        if self._has("sale.order.line", "purchase_price"):
            margin, cost = SQL("l.margin::numeric"), SQL("COALESCE(l.purchase_price::numeric, 0)")
        return SQL(
            """
            SELECT l.id, l.order_id, l.product_id, l.product_uom_id, ord.state,
                   CASE WHEN ord.state = 'sale' THEN l.price_subtotal ELSE 0 END AS ordered,
                   CASE WHEN ord.state = 'sale' THEN l.product_uom_qty ELSE 0 END AS quantity,
                   CASE WHEN ord.state = 'sale' THEN %(margin)s ELSE 0 * %(margin)s END AS margin,
                   %(cost)s AS cost
              FROM ord
              JOIN sale_order_line l ON l.order_id = ord.id
             WHERE l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
            """,
            margin=margin,
            cost=cost,
        )

    @api.model
    def _posted_sql(self):
        """What posted invoices and credit notes say of the lines of the rows ``ord``.

        An invoice line of several order lines counts for each with its share. Goods were
        taken back where a credit note has the unit price of the order; with another
        price it is an allowance, and the customer keeps them.
        """
        return SQL(
            """
            SELECT said.id, SUM(said.net) AS net,
                   SUM(said.amount) FILTER (WHERE NOT said.refund) AS invoiced,
                   -SUM(said.amount) FILTER (WHERE said.refund) AS refunded,
                   SUM(said.quantity) FILTER (WHERE NOT said.refund) AS quantity,
                   SUM(said.quantity) FILTER (
                       WHERE said.refund
                         AND abs(-said.amount * said.ordered_quantity - said.price_subtotal * said.quantity)
                             <= 0.01 * abs(said.price_subtotal * said.quantity)) AS returned
              FROM (SELECT l.id, l.price_subtotal, l.product_uom_qty AS ordered_quantity,
                           move.move_type = %(refund)s AS refund,
                           -moved.balance / shared.lines AS net,
                           -CASE WHEN moved.currency_id = ord.currency_id THEN moved.amount_currency
                                 ELSE moved.balance * ord.rate END / shared.lines AS amount,
                           moved.quantity * COALESCE(moved_unit.factor / NULLIF(unit.factor, 0), 1) / shared.lines
                               AS quantity
                      FROM ord
                      JOIN sale_order_line l ON l.order_id = ord.id
                      JOIN sale_order_line_invoice_rel link ON link.order_line_id = l.id
                      JOIN account_move_line moved ON moved.id = link.invoice_line_id
                       AND moved.parent_state = 'posted'
                      JOIN account_move move ON move.id = moved.move_id AND move.move_type IN %(invoices)s
                      LEFT JOIN uom_uom unit ON unit.id = l.product_uom_id
                      LEFT JOIN uom_uom moved_unit ON moved_unit.id = moved.product_uom_id
                     CROSS JOIN LATERAL (
                            SELECT COUNT(*) AS lines FROM sale_order_line_invoice_rel other
                             WHERE other.invoice_line_id = moved.id) shared
                   ) said
             GROUP BY said.id
            """,
            refund=REFUND,
            invoices=INVOICES,
        )
