from odoo import models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

# The last ones come from apps that may be absent.
_WATCH = {
    "stock.picking": Watch(
        (
            "name",
            "state",
            "origin",
            "partner_id",
            "company_id",
            "user_id",
            "scheduled_date",
            "date_deadline",
            "date_done",
            "location_id",
            "location_dest_id",
            "picking_type_id",
            "return_id",
            "customer_return_reason",
            "sale_id",
            "purchase_id",
            "carrier_tracking_ref",
            "pos_session_id",
            "pos_order_id",
        )
    ),
    "stock.move": Watch(
        (
            "picking_id",
            "state",
            "date",
            "date_deadline",
            "location_dest_id",
            "partner_id",
            "product_id",
            "product_uom",
            "product_uom_qty",
            "quantity",
            "customer_return_id",
            "sale_line_id",
        ),
        path="picking_id",
    ),
}
# What is read of orders, where there are some.
_ORDERS = {
    "pos.order": ("name", "date_order", "shipping_date"),
    "sale.order": ("name", "date_order", "currency_id", "currency_rate", "partner_shipping_id"),
    "sale.order.line": ("price_reduce_taxexcl", "product_id", "product_uom_id", "order_id"),
}


class CustomerFeedStockPicking(models.AbstractModel):
    """Every transfer to a customer is a delivery, every one from him a return.

    ``source_ref`` is ``stock.picking,ID``.

    Only the last step to the customer counts: its destination is the customer's
    location. Drafts promise nothing yet and cancelled transfers nothing more, so they
    have no row. What leaves the shop with its buyer was not delivered. A return for
    which the customer gets goods again is an exchange: goods that the return wizard has
    procured (``stock.move.customer_return_id``) or the same ones, by a return of the
    return. It is solved when all of them have arrived.
    """

    _name = "crm.customer.feed.stock.picking"
    _inherit = "crm.customer.feed"
    _description = "Deliveries and returns"
    _feed = "stock"
    _fact = "crm.customer.fulfilment"
    _document = "stock.picking"
    _fact_columns = (
        "partner_id",
        "company_id",
        "date",
        "source_ref",
        "source_id",
        "kind",
        "subject",
        "order_ref",
        "user_id",
        "amount",
        "amount_currency",
        "currency_id",
        "reason_text",
        "state",
        "ordered_on",
        "promised_on",
        "solved_on",
    )
    _depends = {
        "stock.location": ["usage"],
        "stock.picking.type": ["code"],
        "uom.uom": ["factor"],
        **{model: list(names) for model, names in _ORDERS.items()},
    }

    @property
    def _watch(self):
        """Orders count at once where they are connected as well."""
        source = self.pool["crm.customer.feed.source"]
        connected = {model: Watch(names) for model, names in _ORDERS.items() if self._knows(model)}
        return {
            **_WATCH,
            **{model: watch for model, watch in connected.items() if issubclass(self.pool[model], source)},
        }

    def _knows(self, model):
        """Whether transfers know the orders of an app."""
        field = {"pos.order": ("stock.picking", "pos_order_id")}.get(model, ("stock.move", "sale_line_id"))
        return self._has(*field)

    def _relevant(self, records):
        """Own stock moves about far more than goods leave it."""
        if records._name in _ORDERS:
            return records.browse()  # a new order has no transfers yet
        types = records.sudo().picking_type_id.filtered(lambda kind: kind.code != "internal")
        if records._name == "stock.picking":
            return records.filtered(lambda picking: picking.picking_type_id in types)
        if records._name == "stock.move":
            return records.filtered(lambda move: move.picking_id and move.picking_type_id in types)
        return records

    def _documents_known(self, model, ids):
        """A move leads to its transfer, and to the return for which goods are sent again."""
        if model != "stock.move":
            return super()._documents_known(model, ids)
        transfers, replaced = (
            self.env["stock.move"]._fields[name]._get_cache(self.env) for name in ("picking_id", "customer_return_id")
        )
        returned = self.env["stock.picking"]._fields["return_id"]._get_cache(self.env)
        known = {move for move in ids if transfers.get(move) in returned and move in replaced}
        documents = {transfers[move] for move in known} | {replaced[move] for move in known}
        documents |= {returned[transfers[move]] for move in known}
        return documents - {None, False}, set(ids) - known

    def _documents_sql(self, model, ids):
        """Goods sent again change the return as well as their own delivery."""
        if model in ("sale.order", "pos.order"):
            column = "sale_id" if model == "sale.order" else "pos_order_id"
            return SQL("SELECT id FROM stock_picking WHERE %s", self._only(column, ids))
        column = "sale_line_id" if model == "sale.order.line" else "id"
        return SQL(
            """
            SELECT DISTINCT document.id
              FROM stock_move m
              LEFT JOIN stock_picking p ON p.id = m.picking_id
             CROSS JOIN LATERAL (VALUES (m.picking_id), (m.customer_return_id), (p.return_id)) document (id)
             WHERE %s AND document.id IS NOT NULL
            """,
            self._only(f"m.{column}", ids),
        )

    # --------------------------------------------------------------------- query

    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT %(partner)s AS partner_id, p.company_id, p.user_id,
                   'stock.picking,' || p.id AS source_ref, p.id AS source_id,
                   CASE WHEN way.goes_out THEN 'shipment' WHEN again.moves > 0 THEN 'exchange' ELSE 'return' END AS kind,
                   concat_ws(' · ', p.name, NULLIF(%(tracking)s, '')) AS subject,
                   COALESCE(%(order_name)s, p.origin, p.name) AS order_ref,
                   CASE WHEN way.goes_out THEN NULL ELSE p.customer_return_reason END AS reason_text,
                   COALESCE(CASE WHEN p.state = 'done' THEN p.date_done END, promised.at, p.create_date) AS date,
                   CASE WHEN ended.at IS NULL THEN 'open' ELSE 'solved' END AS state,
                   CASE WHEN way.goes_out THEN %(ordered)s ELSE %(asked)s END AS ordered_on,
                   CASE WHEN way.goes_out THEN %(promised)s ELSE %(promised_again)s END AS promised_on,
                   %(ended)s AS solved_on,
                   goods.amount, goods.amount_currency, goods.currency_id
              FROM stock_picking p
              JOIN stock_picking_type kind ON kind.id = p.picking_type_id
              JOIN stock_location source ON source.id = p.location_id
              JOIN stock_location target ON target.id = p.location_dest_id
              JOIN res_company company ON company.id = p.company_id
             CROSS JOIN LATERAL (SELECT target.usage = 'customer') way (goes_out)
              LEFT JOIN LATERAL (%(again)s) again ON NOT way.goes_out
             CROSS JOIN LATERAL (SELECT COALESCE(p.date_deadline, p.scheduled_date)) promised (at)
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN again.moves > 0 THEN CASE WHEN again.complete THEN again.arrived_at END
                               WHEN p.state = 'done' THEN COALESCE(p.date_done, promised.at) END
                   ) ended (at)
              LEFT JOIN LATERAL (%(goods)s) goods ON TRUE
              %(joins)s
             WHERE p.state IN ('waiting', 'confirmed', 'assigned', 'done')
               AND kind.code <> 'internal'
               AND (source.usage = 'customer') <> way.goes_out
               AND %(partner)s IS NOT NULL
               AND %(excluded)s
               AND %(only)s
            """,
            partner=self._partner_sql(),
            tracking=self._optional("stock.picking", "carrier_tracking_ref", "p"),
            order_name=self._order_name_sql(),
            ordered=self._local_day(self._ordered_sql()),
            asked=self._local_day(SQL("p.create_date")),
            promised=self._local_day(SQL("promised.at")),
            promised_again=self._local_day(SQL("again.promised_at")),
            ended=self._local_day(SQL("ended.at")),
            again=self._again_sql(),
            goods=self._goods_sql(),
            joins=self._joins_sql(),
            excluded=self._not_excluded(),
            only=self._only("p.id", ids),
        )

    def _exclude(self):
        """What a customer takes along from the till is a purchase, not a delivery."""
        excluded = super()._exclude()
        if self._knows("pos.order"):
            excluded.append(SQL("way.goes_out AND p.pos_session_id IS NOT NULL AND till.shipping_date IS NULL"))
        return excluded

    def _joins_sql(self):
        joins = []
        if self._knows("sale.order"):
            joins.append(SQL("LEFT JOIN sale_order o ON o.id = p.sale_id"))
        if self._knows("pos.order"):
            joins.append(SQL("LEFT JOIN pos_order till ON till.id = p.pos_order_id"))
        return SQL(" ").join(joins)

    def _local_day(self, moment):
        """The date of a moment where the company is."""
        return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE COALESCE(company.customer_tz, 'UTC'))::date", moment)

    def _order_name_sql(self):
        names = []
        if self._knows("sale.order"):
            names.append(SQL("o.name"))
        if self._knows("pos.order"):
            names.append(SQL("NULLIF(till.name, '/')"))
        return SQL("COALESCE(%s)", SQL(", ").join([*names, SQL("NULL::varchar")]))

    def _ordered_sql(self):
        moments = []
        if self._knows("sale.order"):
            moments.append(SQL("o.date_order"))
        if self._knows("pos.order"):
            moments.append(SQL("till.date_order"))
        return SQL("COALESCE(%s)", SQL(", ").join([*moments, SQL("NULL::timestamp")]))

    def _partner_sql(self):
        """Who gets the goods.

        What the vendor sends straight to the customer has the vendor as its contact; the
        customer stands on the order, or on the goods.
        """
        shipping = SQL("o.partner_shipping_id") if self._knows("sale.order") else SQL("NULL")
        bought = self._optional("stock.picking", "purchase_id", "p")
        return SQL(
            """
            CASE WHEN 'supplier' IN (source.usage, target.usage)
                 THEN COALESCE(%(shipping)s,
                               (SELECT MIN(m.partner_id) FROM stock_move m
                                 WHERE m.picking_id = p.id AND m.partner_id <> p.partner_id),
                               CASE WHEN %(bought)s IS NULL THEN p.partner_id END)
                 ELSE p.partner_id END
            """,
            shipping=shipping,
            bought=bought,
        )

    def _again_sql(self):
        """What the customer gets for a return: how many moves, whether all have arrived, when."""
        return SQL(
            """
            SELECT count(*) FILTER (WHERE m.state <> 'done' OR leg.arrives) AS moves,
                   bool_and(m.state = 'done') AS complete,
                   MAX(d.date_done) FILTER (WHERE m.state = 'done' AND leg.arrives) AS arrived_at,
                   COALESCE(MIN(due.promise) FILTER (WHERE leg.arrives), MIN(due.promise)) AS promised_at
              FROM (SELECT linked.id FROM stock_move linked WHERE linked.customer_return_id = p.id
                    UNION
                    SELECT back.id
                      FROM stock_picking r
                      JOIN stock_move back ON back.picking_id = r.id
                     WHERE r.return_id = p.id) sent
              JOIN stock_move m ON m.id = sent.id
              JOIN stock_location place ON place.id = m.location_dest_id
              LEFT JOIN stock_picking d ON d.id = m.picking_id
             CROSS JOIN LATERAL (SELECT place.usage = 'customer') leg (arrives)
             CROSS JOIN LATERAL (SELECT COALESCE(m.date_deadline, d.scheduled_date, m.date)) due (promise)
             WHERE m.state NOT IN ('draft', 'cancel')
            """
        )

    def _goods_sql(self):
        """What the goods were sold for, in the company's currency and in the order's.

        Nothing where a line was sold as a set and leaves in parts, or without an order.
        """
        if not self._knows("sale.order"):
            return SQL("SELECT NULL::numeric AS amount, NULL::numeric AS amount_currency, NULL::int4 AS currency_id")
        return SQL(
            """
            SELECT CASE WHEN sold.same THEN sold.amount END AS amount,
                   CASE WHEN NOT sold.same THEN NULL WHEN sold.one THEN sold.amount_currency ELSE sold.amount END
                        AS amount_currency,
                   CASE WHEN sold.one THEN sold.currency_id ELSE company.currency_id END AS currency_id
              FROM (SELECT SUM(line.worth / COALESCE(NULLIF(l_o.currency_rate, 0), 1)) AS amount,
                           SUM(line.worth) AS amount_currency,
                           MIN(l_o.currency_id) AS currency_id,
                           MIN(l_o.currency_id) = MAX(l_o.currency_id) AS one,
                           bool_and(m.product_id = l.product_id) AS same
                      FROM stock_move m
                      JOIN sale_order_line l ON l.id = m.sale_line_id
                      JOIN sale_order l_o ON l_o.id = l.order_id
                      JOIN uom_uom moved ON moved.id = m.product_uom
                      JOIN uom_uom ordered ON ordered.id = l.product_uom_id
                     CROSS JOIN LATERAL (
                           SELECT CASE WHEN m.state = 'done' THEN m.quantity ELSE m.product_uom_qty END
                                  * moved.factor / NULLIF(ordered.factor, 0) * l.price_reduce_taxexcl
                           ) line (worth)
                     WHERE m.picking_id = p.id AND m.state <> 'cancel') sold
            """
        )
