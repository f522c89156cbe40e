from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch


class CrmCustomerFeedTill(models.AbstractModel):
    """Lines of paid till orders with a customer are purchases: ``pos.order.line,ID``.

    A line that settles a sales order, or pays a part of it beforehand, is the order's
    (``sale.order.line``), and so is its refund. An order whose invoice is posted is
    invoiced with what it says; its invoice lines are left out by the feed of invoices.
    The receipts of a session are posted together, in an entry that is no invoice, so an
    order without an invoice counts as ordered only.
    """

    _name = "crm.customer.feed.till"
    _inherit = "crm.customer.feed.account"
    _description = "Till orders"

    _feed = "pos"
    _fact = "crm.customer.purchase"
    _document = "pos.order"
    _fact_columns = (
        *("partner_id", "company_id", "date", "source_ref", "source_id", "order_ref", "user_id"),
        *("product_id", "categ_id", "quantity", "currency_id", "amount_currency", "amount", "amount_invoiced"),
        *("margin", "promotion", "place_id", "channel_id", "method", "payment_form"),
    )
    # The product's type is that of the day.
    _frozen = {"categ_id": "product_id"}
    _watch = {
        "pos.order": Watch(
            (
                *("name", "pos_reference", "state", "partner_id", "company_id", "date_order", "config_id"),
                *("currency_rate", "account_move", "user_id"),
            )
        ),
        "pos.order.line": Watch(
            ("order_id", "product_id", "qty", "price_subtotal", "total_cost", "is_total_cost_computed"),
            path="order_id",
        ),
        "pos.payment": Watch(("pos_order_id", "payment_method_id", "amount", "is_change"), path="pos_order_id"),
        "account.move": Watch(("state",)),
    }
    _depends = {
        "pos.config": ["customer_place_id", "journal_id"],
        "pos.payment.method": ["customer_payment_form", "journal_id"],
        "crm.customer.place": ["channel_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
    }

    @api.model
    def _documents_sql(self, model, ids):
        if model == "account.move":
            return SQL("SELECT id FROM pos_order WHERE account_move = ANY(%s)", list(ids))
        return super()._documents_sql(model, ids)

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT o.partner_id, o.company_id, o.date_order AS date,
                   'pos.order.line,' || line.id AS source_ref, o.id AS source_id,
                   COALESCE(NULLIF(o.pos_reference, ''), o.name) AS order_ref, o.user_id,
                   line.product_id, template.categ_id, line.qty AS quantity,
                   COALESCE(till_journal.currency_id, company.currency_id) AS currency_id,
                   line.price_subtotal AS amount_currency,
                   line.price_subtotal / rate.rate AS amount,
                   CASE WHEN move.state = 'posted' THEN line.price_subtotal / rate.rate ELSE 0 END AS amount_invoiced,
                   CASE WHEN line.is_total_cost_computed
                        THEN (line.price_subtotal - line.total_cost::numeric) / rate.rate END AS margin,
                   %(promotion)s AS promotion,
                   place.id AS place_id, place.channel_id, 'in_person' AS method,
                   paid.form AS payment_form
              FROM pos_order o
              JOIN pos_order_line line ON line.order_id = o.id
              JOIN res_company company ON company.id = o.company_id
             CROSS JOIN LATERAL (
                   SELECT CASE COALESCE(o.currency_rate, 0) WHEN 0 THEN 1.0 ELSE o.currency_rate::numeric END AS rate
                 ) rate
              LEFT JOIN pos_config config ON config.id = o.config_id
              LEFT JOIN account_journal till_journal ON till_journal.id = config.journal_id
              LEFT JOIN crm_customer_place place
                ON place.id = config.customer_place_id AND COALESCE(place.company_id, o.company_id) = o.company_id
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN account_move move ON move.id = o.account_move
              LEFT JOIN LATERAL (%(payment)s) paid ON TRUE
             WHERE o.state IN ('paid', 'done') AND o.partner_id IS NOT NULL
               AND %(only)s AND %(not_excluded)s
            """,
            promotion=self._promotion_sql(),
            payment=self._payment_sql(),
            only=self._only("o.id", ids),
            not_excluded=self._not_excluded(),
        )

    @api.model
    def _exclude(self):
        """Extended: what settles a sales order is the sales order's, refunds included."""
        if not self._has("pos.order.line", "sale_order_origin_id"):
            return super()._exclude()
        return [
            *super()._exclude(),
            SQL(
                "line.sale_order_origin_id IS NOT NULL OR EXISTS (SELECT FROM pos_order_line refunded"
                " WHERE refunded.id = line.refunded_orderline_id AND refunded.sale_order_origin_id IS NOT NULL)"
            ),
        ]

    @api.model
    def _payment_sql(self):
        """How most of an order ``o`` was paid."""
        return SQL(
            """
            SELECT COALESCE(method.customer_payment_form,
                            CASE journal.type WHEN 'cash' THEN 'cash' WHEN 'bank' THEN 'card'
                                              WHEN 'credit' THEN 'card' ELSE 'other' END) AS form
              FROM pos_payment payment
              JOIN pos_payment_method method ON method.id = payment.payment_method_id
              LEFT JOIN account_journal journal ON journal.id = method.journal_id
             WHERE payment.pos_order_id = o.id AND NOT COALESCE(payment.is_change, FALSE)
             ORDER BY abs(payment.amount) DESC, payment.id
             LIMIT 1
            """
        )

    @api.model
    def _promotion_sql(self):
        """Code of the promotion of a reward line, else the promotion's name."""
        if not self._has("pos.order.line", "reward_id"):
            return SQL("NULL")
        return SQL(
            """
            (SELECT COALESCE(
                        (SELECT rule.code FROM loyalty_rule rule
                          WHERE rule.program_id = program.id AND rule.code <> '' ORDER BY rule.id LIMIT 1),
                        program.name ->> 'en_US')
               FROM loyalty_reward reward
               JOIN loyalty_program program ON program.id = reward.program_id
              WHERE reward.id = line.reward_id)
            """
        )
