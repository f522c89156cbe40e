from odoo import api, fields, models
from odoo.orm.models import parse_read_group_spec
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_campaign_report import REFUSALS, RESPONSES
from odoo.addons.crm_customer_db.models.crm_customer_marketing_action import MEDIA

# What is credited to campaigns by a model, whose name stands with it.
ATTRIBUTED = (
    "buyer_id",
    "ordered",
    "invoiced",
    "refunded",
    "margin",
    "margin_after_cost",
    "roi",
    "cost_per_buyer",
)
# Rows of four tables in one; those that can be told by their ids are ``id % 8`` of what is sent and answered.
SOURCES = {
    "sent": "crm.customer.marketing.action",
    "response": "crm.customer.marketing.reaction",
    "purchase": "crm.customer.attribution",
    "cost": "crm.customer.campaign.cost",
}


class CrmCustomerCampaignResult(models.Model):
    """What was sent for campaigns, what came back, what it cost and what it brought, side by side.

    A row is one thing sent, one response, one purchase credited to a campaign (or to none)
    or one cost. Ids of the first two are those of their tables; a purchase has minus twice
    its own, and a cost one less than that.

    A rate of a group is the ratio of its sums. Without cost, or where nothing is known of
    the margin, there is no return on it to tell.
    """

    _name = "crm.customer.campaign.result"
    _description = "Campaign Result"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "campaign_id"
    _depends = {
        "crm.customer.marketing.action": [
            *("campaign_id", "commercial_partner_id", "company_currency_id", "company_id", "cost", "day"),
            *("is_control", "medium", "partner_id", "state"),
        ],
        "crm.customer.marketing.reaction": [
            *("action_id", "campaign_id", "commercial_partner_id", "company_currency_id", "company_id", "day", "kind"),
        ],
        "crm.customer.attribution": [
            *("amount", "amount_invoiced", "campaign_id", "commercial_partner_id", "company_currency_id"),
            *("company_id", "day", "margin", "medium"),
        ],
        "crm.customer.campaign.cost": ["amount", "campaign_id", "company_id", "day", "kind", "medium"],
        "res.company": ["currency_id"],
    }

    kind = fields.Selection(
        [("sent", "Sent"), ("response", "Response"), ("purchase", "Purchase"), ("cost", "Cost")],
        string="Row",
        readonly=True,
    )
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    day = fields.Date(readonly=True)
    medium = fields.Selection(MEDIA, readonly=True, help="Of a purchase, that of the touch that is credited.")
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", string="Currency", readonly=True)
    sent = fields.Integer(string="Pieces sent", readonly=True, help="Without what was withheld on purpose.")
    reached_id = fields.Many2one("res.partner", string="Customers reached", readonly=True, aggregator="count_distinct")
    responses = fields.Integer(readonly=True, help="Opened, clicked, replied, asked, visited, redeemed or bought.")
    refusals = fields.Integer(readonly=True, help="Bounced, unsubscribed or complained.")
    responded_id = fields.Many2one(
        "res.partner", string="Customers who responded", readonly=True, aggregator="count_distinct"
    )
    response_rate = fields.Float(
        string="Responded (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Customers who responded, of those reached.",
    )
    buyer_id = fields.Many2one("res.partner", string="Buyers", readonly=True, aggregator="count_distinct")
    ordered = fields.Monetary(string="Ordered (excl. VAT)", currency_field="company_currency_id", readonly=True)
    invoiced = fields.Monetary(string="Invoiced (excl. VAT)", currency_field="company_currency_id", readonly=True)
    refunded = fields.Monetary(
        string="Refunded (excl. VAT)",
        currency_field="company_currency_id",
        readonly=True,
        help="Taken back or credited; what is ordered and invoiced is without it.",
    )
    margin = fields.Monetary(currency_field="company_currency_id", readonly=True)
    cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Of what was sent, and of the campaigns' own costs.",
    )
    margin_after_cost = fields.Monetary(currency_field="company_currency_id", readonly=True)
    roi = fields.Float(
        string="ROI (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Margin after cost, of the cost. Empty when there is no cost or no margin is known.",
    )
    cost_per_response = fields.Float(digits=(16, 2), readonly=True, aggregator="avg")
    cost_per_buyer = fields.Float(digits=(16, 2), readonly=True, aggregator="avg")

    # ----------------------------------------------------------------------- rows

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            [self._query_sent(), self._query_responses(), self._query_purchases(), self._query_costs()]
        )

    @api.model
    def _query_sent(self):
        return SQL(
            """
            SELECT id::bigint AS id, 'sent' AS kind, campaign_id, day, medium, commercial_partner_id,
                   company_id, company_currency_id,
                   1 AS sent, commercial_partner_id AS reached_id, 0 AS responses, 0 AS refusals,
                   NULL::int AS responded_id, NULL::float AS response_rate, NULL::int AS buyer_id,
                   0::numeric AS ordered, 0::numeric AS invoiced, 0::numeric AS refunded, NULL::numeric AS margin,
                   COALESCE(cost, 0) AS cost, -COALESCE(cost, 0) AS margin_after_cost, NULL::float AS roi,
                   NULL::float AS cost_per_response, NULL::float AS cost_per_buyer
              FROM crm_customer_marketing_action
             WHERE campaign_id IS NOT NULL AND %s
            """,
            self.env["crm.customer.campaign.cost"]._reaching("crm_customer_marketing_action"),
        )

    @api.model
    def _query_responses(self):
        return SQL(
            """
            SELECT reaction.id::bigint, 'response', reaction.campaign_id, reaction.day, action.medium,
                   reaction.commercial_partner_id, reaction.company_id, reaction.company_currency_id,
                   0, NULL::int, (reaction.kind IN %(responses)s)::int, (reaction.kind IN %(refusals)s)::int,
                   CASE WHEN reaction.kind IN %(responses)s THEN reaction.commercial_partner_id END,
                   NULL::float, NULL::int, 0::numeric, 0::numeric, 0::numeric, NULL::numeric, 0::numeric, 0::numeric,
                   NULL::float, NULL::float, NULL::float
              FROM crm_customer_marketing_reaction reaction
              LEFT JOIN crm_customer_marketing_action action ON action.id = reaction.action_id
             WHERE reaction.campaign_id IS NOT NULL
            """,
            responses=RESPONSES,
            refusals=REFUSALS,
        )

    @api.model
    def _query_purchases(self):
        return SQL(
            """
            SELECT -2 * id::bigint, 'purchase', campaign_id, day, medium, commercial_partner_id, company_id,
                   company_currency_id, 0, NULL::int, 0, 0, NULL::int, NULL::float,
                   CASE WHEN amount > 0 OR amount_invoiced > 0 THEN commercial_partner_id END,
                   amount, COALESCE(amount_invoiced, 0), -LEAST(amount, 0), margin, 0::numeric, COALESCE(margin, 0),
                   NULL::float, NULL::float, NULL::float
              FROM crm_customer_attribution
            """
        )

    @api.model
    def _query_costs(self):
        cost = SQL(
            "cost.amount * CASE WHEN cost.kind <> 'per_contact' THEN 1 ELSE ("
            "SELECT COUNT(DISTINCT reaching.partner_id) FROM crm_customer_marketing_action reaching"
            " WHERE reaching.campaign_id = cost.campaign_id AND reaching.company_id = cost.company_id"
            " AND (cost.medium IS NULL OR reaching.medium = cost.medium) AND %s) END",
            self.env["crm.customer.campaign.cost"]._reaching("reaching"),
        )
        return SQL(
            """
            SELECT -2 * cost.id::bigint - 1, 'cost', cost.campaign_id, cost.day, cost.medium, NULL::int, cost.company_id,
                   company.currency_id, 0, NULL::int, 0, 0, NULL::int, NULL::float, NULL::int,
                   0::numeric, 0::numeric, 0::numeric, NULL::numeric, total.cost, -total.cost,
                   NULL::float, NULL::float, NULL::float
              FROM crm_customer_campaign_cost cost
              JOIN res_company company ON company.id = cost.company_id
             CROSS JOIN LATERAL (SELECT %s AS cost) total
            """,
            cost,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Extended: what the same transaction has just done counts."""
        self.env["crm.customer.feed"]._sync_pending("all")
        return super()._search(domain, *args, **kwargs)

    # --------------------------------------------------------------------- groups

    def _read_group_select(self, aggregate_spec, query):
        """Extended: a rate of a group is that of its sums, not a mean of its rows'."""
        if aggregate_spec != "__count":
            ratio = self._ratios(query).get(parse_read_group_spec(aggregate_spec)[0])
            if ratio:
                above, below = ratio
                return SQL("((%s) / NULLIF(%s, 0))::float", above, below)
            if about_currency := self._currency_select(aggregate_spec, query):
                return about_currency
        return super()._read_group_select(aggregate_spec, query)

    @api.model
    def _currency_select(self, aggregate_spec, query):
        """What a pivot asks about currencies, without reading every row for it where there is but one.

        :return: ``SQL``, or None where the rows have to be asked
        """
        name, _path, function = parse_read_group_spec(aggregate_spec)
        facts = self.env["crm.customer.fact"]
        about_sum = function == "sum_currency" and self._fields[name].type == "monetary"
        if not about_sum and (name, function) != ("company_currency_id", "array_agg_distinct"):
            return None
        currency = facts._fact_only_currency()
        if not currency:
            return None
        if not about_sum:
            return SQL("ARRAY[%s]", currency.id)
        column = self._field_to_sql(self._table, name, query)
        return SQL("SUM(%s) / %s", column, facts._fact_today_rate(currency))

    @api.model
    def _ratios(self, query):
        """What is divided by what, in a group.

        :return: dict of name of a field → (``SQL`` above, ``SQL`` below)
        """

        def total(name):
            return SQL("SUM(%s)", self._field_to_sql(self._table, name, query))

        def people(name):
            return SQL("COUNT(DISTINCT %s)", self._field_to_sql(self._table, name, query))

        cost = total("cost")
        return {
            "response_rate": (SQL("100.0 * %s", people("responded_id")), people("reached_id")),
            "roi": (SQL("100.0 * (%s - %s)", total("margin"), cost), cost),
            "cost_per_response": (SQL("NULLIF(%s, 0)", cost), total("responses")),
            "cost_per_buyer": (SQL("NULLIF(%s, 0)", cost), people("buyer_id")),
        }

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Extended: attributed figures say by which model."""
        found = super().fields_get(allfields, attributes)
        model = self.env.companies._customer_attribution_words(short=True)
        for name in ATTRIBUTED:
            if "string" in found.get(name, ()):
                found[name]["string"] = self.env._("%(figure)s, %(model)s", figure=found[name]["string"], model=model)
        return found

    # ------------------------------------------------------------------------ open

    @api.readonly
    def action_open_row(self):
        """Show what a row is made of: what was sent, the response, the purchase or the cost."""
        self.ensure_one()
        self.check_access("read")
        model, number = self._source()
        record = self.env[model].browse(number)
        if model == "crm.customer.attribution":
            record = record.purchase_id
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": record.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _source(self):
        """The record behind a row.

        :return: (name of a model, id)
        """
        return SOURCES[self.kind], self.id if self.id > 0 else -self.id // 2
