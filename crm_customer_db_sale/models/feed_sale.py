from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db_account.tools import payment_form

# What of an order is copied by more than one feed, besides what only one of them reads.
ORDER_FIELDS = (
    "campaign_id",
    "company_id",
    "currency_id",
    "currency_rate",
    "customer_sent_on",
    "medium_id",
    "name",
    "partner_id",
    "source_id",
    "state",
    "team_id",
    "user_id",
    "website_id",
)
# States of a payment that tell its form, the most certain first.
PAID = ("done", "authorized", "pending")


class CrmCustomerFeedSale(models.AbstractModel):
    """What purchases and quotations take from a sales order, the same for both."""

    _name = "crm.customer.feed.sale"
    _inherit = "crm.customer.feed"
    _description = "Sales"
    _feed = "sale"
    _document = "sale.order"
    _depends = {
        "crm.customer.origin": ["active", "sequence", "code", "source_ids", "medium_ids"],
        "crm.customer.place": ["channel_id", "company_id"],
        "crm.team": ["customer_place_id", "customer_channel_id"],
    }

    @api.model
    def _order_sql(self, condition, columns):
        """Orders with what follows from them: rate, channel, place, origin.

        :param condition: ``SQL`` on the order ``o``
        :param columns: ``SQL`` of further columns of ``o``, ``company``, ``team``…
        :return: ``SQL`` query, one row per order
        """
        return SQL(
            """
            SELECT o.id, o.name, o.state, o.partner_id, o.company_id, o.user_id, o.campaign_id, o.currency_id,
                   CASE COALESCE(o.currency_rate, 0) WHEN 0 THEN 1.0 ELSE o.currency_rate END AS rate,
                   %(origin)s AS origin_id,
                   place.id AS place_id,
                   COALESCE(team.customer_channel_id, place.channel_id, %(web_channel)s) AS channel_id,
                   %(columns)s
              FROM sale_order o
              JOIN res_company company ON company.id = o.company_id
              JOIN res_partner company_partner ON company_partner.id = company.partner_id
              LEFT JOIN crm_team team ON team.id = o.team_id
              LEFT JOIN crm_customer_place place
                ON place.id = team.customer_place_id AND COALESCE(place.company_id, o.company_id) = o.company_id
             WHERE %(condition)s
            """,
            origin=self._origin_sql(SQL("o.source_id"), SQL("o.medium_id")),
            web_channel=self._web_channel_sql(),
            columns=columns,
            condition=condition,
        )

    @api.model
    def _is_web_sql(self):
        """Whether an order ``o`` was placed on a web site."""
        return SQL("%s IS NOT NULL", self._optional("sale.order", "website_id", "o"))

    @api.model
    def _web_channel_sql(self):
        if not self._has("sale.order", "website_id"):
            return SQL("NULL::integer")
        return SQL(
            "CASE WHEN %s THEN (SELECT id FROM crm_customer_channel WHERE code = 'own_web' AND active) END",
            self._is_web_sql(),
        )

    @api.model
    def _text_sql(self, column):
        """A translated name in the language of the order's company.

        :param column: ``SQL`` of a translated column
        """
        return SQL("COALESCE(%s ->> company_partner.lang, %s ->> 'en_US')", column, column)

    @api.model
    def _origin_documents(self):
        return SQL("SELECT id, source_id, medium_id, company_id, date_order AS date FROM sale_order")

    # ---------------------------------------------------------------- promotions

    @api.model
    def _promotion_sql(self):
        """Codes of promotions and coupons, of the rows ``ord``.

        A reward's code is the one that was typed in for it; a promotion without one goes
        by its name.

        :return: (``SQL`` query of line_id, order_id, code of reward lines,
            ``SQL`` query of order_id, code of all that an order has used)
        """
        if not self._has("sale.order.line", "reward_id"):
            return (
                SQL("SELECT NULL::integer AS line_id, NULL::integer AS order_id, NULL::varchar AS code WHERE FALSE"),
                SQL("SELECT NULL::integer AS order_id, NULL::varchar AS code WHERE FALSE"),
            )
        rules = self._link_sql("code_enabled_rule_ids", "loyalty_rule")
        cards = self._link_sql("applied_coupon_ids", "loyalty_card")
        reward = SQL(
            """
            SELECT line.id AS line_id, line.order_id,
                   COALESCE(
                       (SELECT rule.code FROM %(rules)s
                         WHERE rule.order_id = ord.id AND rule.program_id = reward.program_id AND rule.code <> ''
                         ORDER BY rule.id LIMIT 1),
                       (SELECT card.code FROM %(cards)s WHERE card.order_id = ord.id AND card.id = line.coupon_id),
                       program.name ->> ord.lang,
                       program.name ->> 'en_US') AS code
              FROM ord
              JOIN sale_order_line line ON line.order_id = ord.id
              JOIN loyalty_reward reward ON reward.id = line.reward_id
              JOIN loyalty_program program ON program.id = reward.program_id
            """,
            rules=SQL("(%s) rule", rules),
            cards=SQL("(%s) card", cards),
        )
        used = SQL(
            """
            SELECT order_id, code FROM reward
             UNION SELECT order_id, code FROM (%s) rule WHERE order_id IN (SELECT id FROM ord)
             UNION SELECT order_id, code FROM (%s) card WHERE order_id IN (SELECT id FROM ord)
            """,
            rules,
            cards,
        )
        return reward, used

    @api.model
    def _link_sql(self, name, table):
        """Query of what a many2many field of orders leads to, with the order's id."""
        field = self.env["sale.order"]._fields[name]
        return SQL(
            "SELECT link.%s AS order_id, other.id, other.program_id, other.code FROM %s link"
            " JOIN %s other ON other.id = link.%s",
            SQL.identifier(field.column1),
            SQL.identifier(field.relation),
            SQL.identifier(table),
            SQL.identifier(field.column2),
        )

    # ------------------------------------------------------------------ payments

    @api.model
    def _order_payment_form_sql(self):
        """How an order ``o`` is paid: by what was paid online, else by the preferred method."""
        return SQL(
            """
            COALESCE(
                (SELECT COALESCE(%(brand)s, %(method)s, %(provider)s)
                   FROM sale_order_transaction_rel link
                   JOIN payment_transaction tx ON tx.id = link.transaction_id
                   JOIN payment_method method ON method.id = tx.payment_method_id
                   LEFT JOIN payment_method brand_of ON brand_of.id = method.primary_payment_method_id
                   LEFT JOIN payment_provider provider ON provider.id = tx.provider_id
                  WHERE link.sale_order_id = o.id AND tx.state IN %(paid)s
                  ORDER BY array_position(%(order)s, tx.state::text), tx.id DESC
                  LIMIT 1),
                %(preferred)s)
            """,
            brand=payment_form.of_code(SQL("brand_of.code")),
            method=payment_form.of_code(SQL("method.code")),
            provider=payment_form.of_code(SQL("provider.code")),
            preferred=self._payment_form_sql(SQL("o.preferred_payment_method_line_id")),
            paid=PAID,
            order=list(PAID),
        )
