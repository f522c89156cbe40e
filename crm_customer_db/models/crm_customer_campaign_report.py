from odoo import api, fields, models
from odoo.fields import Domain
from odoo.orm.models import parse_read_group_spec
from odoo.tools import SQL

# Days without anything sent, planned or answered after which a campaign is over.
QUIET_DAYS = 60
# What a customer does because he was not left cold; the rest says that he was lost.
RESPONSES = ("open", "click", "reply", "request", "visit", "coupon", "purchase")
REFUSALS = ("bounce", "unsubscribe", "complaint")


class CrmCustomerCampaignReport(models.Model):
    """What was sent for campaigns and what came back, side by side.

    A row is one thing sent to one customer, or one response of one customer; ids are
    those of the two tables, which are unique over both. What belongs to no campaign is left out.
    """

    _name = "crm.customer.campaign.report"
    _description = "Campaign: Sent or Answered"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "campaign_id"
    _depends = {
        "crm.customer.marketing.action": [
            *("campaign_id", "commercial_partner_id", "company_currency_id", "company_id", "cost", "day"),
            *("is_control", "medium", "state"),
        ],
        "crm.customer.marketing.reaction": [
            *("amount", "campaign_id", "commercial_partner_id", "company_currency_id", "company_id", "day", "kind"),
            "action_id",
        ],
    }

    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    is_under_way = fields.Boolean(
        string="Campaign is under way",
        compute="_compute_is_under_way",
        search="_search_is_under_way",
        help="Not archived, and something was sent, planned or answered in the last 60 days.",
    )
    day = fields.Date(readonly=True)
    medium = fields.Selection(
        lambda self: self._selection_medium(),
        readonly=True,
        help="By which it was sent; of a response, what it answers.",
    )
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one(related="commercial_partner_id.user_id", string="Salesperson")
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    planned = fields.Integer(readonly=True)
    sent = fields.Integer(readonly=True, help="Sent or delivered, without what was withheld on purpose.")
    failed = fields.Integer(string="Did not arrive", readonly=True)
    withheld = fields.Integer(string="Control group", readonly=True)
    responses = fields.Integer(readonly=True, help="Opened, clicked, replied, asked, visited, redeemed or bought.")
    refusals = fields.Integer(readonly=True, help="Bounced, unsubscribed or complained.")
    reached_id = fields.Many2one("res.partner", string="Customers reached", readonly=True, aggregator="count_distinct")
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
    cost = fields.Monetary(currency_field="company_currency_id", readonly=True)
    amount = fields.Monetary(string="Brought in (excl. VAT)", currency_field="company_currency_id", readonly=True)

    @api.model
    def _selection_medium(self):
        return self.env["crm.customer.marketing.action"]._fields["medium"]._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT id, campaign_id, day, medium, commercial_partner_id, company_id, company_currency_id,
                   (state = 'planned' AND %(real)s)::int AS planned,
                   (state IN ('sent', 'delivered') AND %(real)s)::int AS sent,
                   (state = 'failed' AND %(real)s)::int AS failed,
                   (is_control IS TRUE)::int AS withheld, 0 AS responses, 0 AS refusals,
                   CASE WHEN state IN ('sent', 'delivered') AND %(real)s THEN commercial_partner_id END AS reached_id,
                   NULL::int AS responded_id, NULL::float AS response_rate,
                   CASE WHEN state IN ('sent', 'delivered') AND %(real)s THEN cost ELSE 0 END AS cost, 0.0 AS amount
              FROM crm_customer_marketing_action
             WHERE campaign_id IS NOT NULL AND state <> 'cancelled'
             UNION ALL
            SELECT reaction.id, reaction.campaign_id, reaction.day, action.medium, reaction.commercial_partner_id,
                   reaction.company_id, reaction.company_currency_id, 0, 0, 0, 0,
                   (reaction.kind IN %(responses)s)::int, (reaction.kind IN %(refusals)s)::int,
                   NULL::int, CASE WHEN reaction.kind IN %(responses)s THEN reaction.commercial_partner_id END,
                   NULL::float, 0.0, COALESCE(reaction.amount, 0)
              FROM crm_customer_marketing_reaction reaction
              LEFT JOIN crm_customer_marketing_action action ON action.id = reaction.action_id
             WHERE reaction.campaign_id IS NOT NULL
            """,
            real=SQL("is_control IS NOT TRUE"),
            responses=RESPONSES,
            refusals=REFUSALS,
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Extended: what the same transaction has just done counts."""
        self.env["crm.customer.feed"]._sync_pending("all")
        return super()._search(domain, *args, **kwargs)

    def _read_group_select(self, aggregate_spec, query):
        """Extended: the rate of a group is that of its customers, not a mean of its rows."""
        if aggregate_spec != "__count" and parse_read_group_spec(aggregate_spec)[0] == "response_rate":
            reached, responded = (
                SQL("COUNT(DISTINCT %s)", self._field_to_sql(self._table, name, query))
                for name in ("reached_id", "responded_id")
            )
            return SQL("(100.0 * %s / NULLIF(%s, 0))::float", responded, reached)
        return super()._read_group_select(aggregate_spec, query)

    # ------------------------------------------------------------------------ under way

    @api.model
    def _campaigns_under_way(self):
        """Query of the ids of the campaigns that are not over."""
        for name in ("crm.customer.marketing.action", "crm.customer.marketing.reaction"):
            self.env[name].flush_model(["campaign_id", "company_id", "day"])
        self.env["utm.campaign"].flush_model(["active"])
        return SQL(
            """
            SELECT campaign.id FROM utm_campaign campaign
             WHERE campaign.active
               AND (EXISTS (SELECT FROM crm_customer_marketing_action action
                             WHERE action.campaign_id = campaign.id AND action.day > %(since)s
                               AND action.company_id = ANY(%(companies)s) AND action.state <> 'cancelled')
                    OR EXISTS (SELECT FROM crm_customer_marketing_reaction reaction
                                WHERE reaction.campaign_id = campaign.id AND reaction.day > %(since)s
                                  AND reaction.company_id = ANY(%(companies)s)))
            """,
            since=fields.Date.subtract(fields.Date.context_today(self), days=QUIET_DAYS),
            companies=self.env.companies.ids,
        )

    def _compute_is_under_way(self):
        under_way = {campaign for (campaign,) in self.env.execute_query(self._campaigns_under_way())}
        for row in self:
            row.is_under_way = row.campaign_id.id in under_way

    @api.model
    def _search_is_under_way(self, operator, value):
        if operator != "in":
            return NotImplemented
        under_way = Domain("campaign_id", "in", self._campaigns_under_way())
        return Domain.OR(under_way if wanted else ~under_way for wanted in set(map(bool, value)))

    @api.readonly
    def action_open_customer(self):
        """Show the customer."""
        self.ensure_one()
        self.check_access("read")
        return self.commercial_partner_id.action_customer_open_file()
