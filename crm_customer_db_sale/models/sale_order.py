from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrder(models.Model):
    """When a quotation went to the customer, and whether what he ordered is late."""

    _name = "sale.order"
    _inherit = ["sale.order", "crm.customer.feed.source", "crm.customer.credit.approvable"]

    customer_sent_on = fields.Datetime(
        string="First sent on",
        copy=False,
        readonly=True,
        help="When the quotation was sent to the customer for the first time.",
    )

    customer_delivery_late = fields.Boolean(
        string="Delivery late",
        compute="_compute_customer_delivery_late",
        search="_search_customer_delivery_late",
        help="A transfer of the order should have left by now.",
    )

    @api.model
    def _customer_late_sql(self):
        """Query of the ids of confirmed orders with a late transfer."""
        if "sale_id" not in self.env.get("stock.picking", self)._fields:
            return SQL("SELECT NULL::integer WHERE FALSE")
        self.env["stock.picking"].flush_model(["sale_id", "state", "date_deadline", "scheduled_date"])
        return SQL(
            "SELECT delivery.sale_id FROM stock_picking delivery"
            " JOIN sale_order late ON late.id = delivery.sale_id AND late.state = 'sale'"
            " JOIN stock_picking_type kind ON kind.id = delivery.picking_type_id AND kind.code IN ('outgoing', 'dropship')"
            " WHERE delivery.state NOT IN ('draft', 'done', 'cancel')"
            " AND COALESCE(delivery.date_deadline, delivery.scheduled_date) < %s",
            fields.Datetime.now(),
        )

    def _compute_customer_delivery_late(self):
        self.flush_model(["state"])
        late = {
            order
            for (order,) in self.env.execute_query(
                SQL("SELECT * FROM (%s) late (id) WHERE id = ANY(%s)", self._customer_late_sql(), self._origin.ids)
            )
        }
        for order in self:
            order.customer_delivery_late = order._origin.id in late

    @api.model
    def _search_customer_delivery_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["state"])
        late = Domain("id", "in", self._customer_late_sql())
        return Domain.OR(late if wanted else ~late for wanted in set(map(bool, value)))

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            if vals.get("state") == "sent":
                vals.setdefault("customer_sent_on", vals.get("date_order") or now)
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("state") != "sent" or "customer_sent_on" in vals:
            return super().write(vals)
        before = self.filtered("customer_sent_on")
        if before:
            super(SaleOrder, before).write(vals)
        first = self - before
        return super(SaleOrder, first).write({**vals, "customer_sent_on": fields.Datetime.now()}) if first else True

    @api.model
    def _customer_sent_from_history(self, ids):
        """Fill in when quotations from before the installation were sent.

        Odoo notes no such moment; its log of changes has it, in the words of the
        language of whoever sent the quotation. What is marked as sent without a log
        (imported, for example) was sent on its date.

        :param ids: ids of orders
        """
        self.flush_model(["customer_sent_on", "state", "date_order"])
        self.env["mail.message"].flush_model(["model", "res_id", "date"])
        self.env["mail.tracking.value"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH word AS (
                    SELECT DISTINCT words.value AS sent, field.id AS field_id
                      FROM ir_model_fields field
                      JOIN ir_model_fields_selection choice ON choice.field_id = field.id AND choice.value = 'sent'
                     CROSS JOIN jsonb_each_text(choice.name) words
                     WHERE field.model = 'sale.order' AND field.name = 'state'
                ),
                logged AS (
                    SELECT message.res_id AS id, MIN(message.date) AS sent_on
                      FROM mail_message message
                      JOIN mail_tracking_value change ON change.mail_message_id = message.id
                      JOIN word ON word.field_id = change.field_id AND word.sent = change.new_value_char
                     WHERE message.model = 'sale.order' AND message.res_id = ANY(%(ids)s)
                     GROUP BY message.res_id
                )
                UPDATE sale_order
                   SET customer_sent_on = date_trunc('second', found.sent_on)
                  FROM (SELECT sale_order.id,
                               COALESCE(logged.sent_on, CASE WHEN state = 'sent' THEN date_order END) AS sent_on
                          FROM sale_order
                          LEFT JOIN logged ON logged.id = sale_order.id
                         WHERE sale_order.id = ANY(%(ids)s) AND customer_sent_on IS NULL) found
                 WHERE sale_order.id = found.id AND found.sent_on IS NOT NULL
                """,
                ids=list(ids),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["customer_sent_on"], flush=False)

    @api.depends("partner_id", "partner_invoice_id", "company_id")
    def _compute_customer_credit(self):
        return super()._compute_customer_credit()

    def _customer_credit_partner(self):
        """Extended: whoever is invoiced owes it."""
        return self.partner_invoice_id.commercial_partner_id._origin or super()._customer_credit_partner()

    @api.model
    def _customer_credit_key_sql(self, alias):
        _customer, root = super()._customer_credit_key_sql(alias)
        invoiced = SQL.identifier(alias, "partner_invoice_id")
        return SQL("(SELECT payer.commercial_partner_id FROM res_partner payer WHERE payer.id = %s)", invoiced), root
