from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

from .feed_sale import ORDER_FIELDS


class CrmCustomerFeedSaleQuotation(models.AbstractModel):
    """Every quotation that was sent is an interaction: source_ref ``sale.order,ID``.

    It stays one whatever becomes of it: accepted when it is confirmed, refused when it
    is cancelled, expired when its date has passed. An order that was confirmed without
    having been sent was no quotation, and what a customer orders on a web site is not
    one of ours either.
    """

    _name = "crm.customer.feed.sale.quotation"
    _inherit = "crm.customer.feed.sale"
    _description = "Quotations"
    _fact = "crm.customer.interaction"
    _sequence = 5
    _fact_columns = (
        "partner_id",
        "company_id",
        "date",
        "source_ref",
        "source_id",
        "kind",
        "direction",
        "subject",
        "state",
        "expires_on",
        "currency_id",
        "amount_currency",
        "amount",
        "channel_id",
        "user_id",
        "origin_id",
        "campaign_id",
    )
    _watch = {"sale.order": Watch((*ORDER_FIELDS, "amount_untaxed", "validity_date"))}

    @api.model
    def _relevant(self, records):
        return records.filtered("customer_sent_on")

    @api.model
    def _relevant_changes(self, records, names):
        """An order that was never sent has nothing here, and never had."""
        records = super()._relevant_changes(records, names)
        sent = records._fields["customer_sent_on"]._get_cache(self.env)
        return records.browse([order for order in records._ids if sent.get(order, True)])

    @api.model
    def _complete_history(self, ids):
        self.env["sale.order"]._customer_sent_from_history(ids)

    @api.model
    def _due(self, as_of):
        return SQL(
            "SELECT source_id FROM crm_customer_interaction"
            " WHERE state = 'open' AND kind = 'quotation' AND feed = %s AND source_model = %s AND expires_on < %s",
            self._feed,
            self._document,
            as_of,
        )

    @api.model
    def _query(self, ids=None, as_of=None):
        orders = self._order_sql(
            SQL("%s AND o.customer_sent_on IS NOT NULL AND NOT %s", self._only("o.id", ids), self._is_web_sql()),
            SQL("o.customer_sent_on, o.validity_date, o.amount_untaxed"),
        )
        return SQL(
            """
            SELECT ord.partner_id, ord.company_id, ord.customer_sent_on AS date,
                   'sale.order,' || ord.id AS source_ref, ord.id AS source_id,
                   'quotation' AS kind, 'out' AS direction, ord.name AS subject,
                   CASE WHEN ord.state = 'sale' THEN 'accepted'
                        WHEN ord.state = 'cancel' THEN 'refused'
                        WHEN ord.validity_date < %(as_of)s THEN 'expired'
                        ELSE 'open' END AS state,
                   ord.validity_date AS expires_on, ord.currency_id,
                   ord.amount_untaxed AS amount_currency, ord.amount_untaxed / ord.rate AS amount,
                   ord.channel_id, ord.user_id, ord.origin_id, ord.campaign_id
              FROM (%(orders)s) ord
            """,
            orders=orders,
            as_of=as_of,
        )
