from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_marketing_action import MEDIA

MOST = 1e12


class CrmCustomerCampaignCost(models.Model):
    """What a campaign cost besides what stands on each thing sent.

    A cost per contact is the price of one contact reached: its total grows with what is sent.

    *Rights.* Users of the customer file read costs of their companies; marketing writes them.
    """

    _name = "crm.customer.campaign.cost"
    _description = "Campaign Cost"
    _order = "day desc, id desc"
    _check_company_auto = True

    campaign_id = fields.Many2one("utm.campaign", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency")
    kind = fields.Selection(
        [
            ("fixed", "Fixed cost"),
            ("per_contact", "Per contact reached"),
            ("media", "Media"),
            ("agency", "Agency"),
        ],
        string="Kind of cost",
        required=True,
        default="fixed",
    )
    medium = fields.Selection(MEDIA, help="Of which medium the cost is; empty when it is the whole campaign's.")
    day = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Char(string="Description")
    amount = fields.Monetary(
        currency_field="company_currency_id",
        required=True,
        help="Without taxes, in the company's currency; of a cost per contact, the price of one.",
    )
    contacts_reached = fields.Integer(compute="_compute_total", help="To whom something of the campaign was sent.")
    total = fields.Monetary(string="Total cost", compute="_compute_total", currency_field="company_currency_id")

    @api.depends("kind", "day", "note")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for cost in self:
            words = [kinds.get(cost.kind), cost.note or fields.Date.to_string(cost.day)]
            cost.display_name = " · ".join(word for word in words if word)

    @api.depends("kind", "amount", "campaign_id", "company_id", "medium")
    def _compute_total(self):
        per_contact = self.filtered(lambda cost: cost.kind == "per_contact")
        reached = per_contact._reached()
        for cost in self:
            campaign = cost.campaign_id._origin.id or cost.campaign_id.id
            cost.contacts_reached = reached.get((campaign, cost.company_id.id, cost.medium or ""), 0)
            times = cost.contacts_reached if cost.kind == "per_contact" else 1
            cost.total = cost.amount * times

    def _reached(self):
        """How many contacts were reached, for the campaigns, companies and media of some costs.

        :return: dict of (campaign id, company id, medium or '') → number of contacts
        """
        campaigns = [campaign for campaign in self.campaign_id._origin.ids if campaign]
        if not campaigns:
            return {}
        self.env["crm.customer.marketing.action"].flush_model(
            ["campaign_id", "company_id", "is_control", "medium", "partner_id", "state"]
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT campaign_id, company_id, COALESCE(medium, ''), count(DISTINCT partner_id)"
                " FROM crm_customer_marketing_action"
                " WHERE campaign_id = ANY(%s) AND company_id = ANY(%s) AND %s"
                " GROUP BY GROUPING SETS ((1, 2, 3), (1, 2))",
                campaigns,
                self.company_id.ids,
                self._reaching("crm_customer_marketing_action"),
            )
        )
        return {(campaign, company, medium or ""): count for campaign, company, medium, count in rows}

    @api.model
    def _reaching(self, alias):
        """Condition that something was really sent, over a row of what was sent.

        :param alias: name of the table
        """
        return SQL(
            "%(table)s.state IN ('sent', 'delivered') AND %(table)s.is_control IS NOT TRUE", table=SQL.identifier(alias)
        )

    @api.constrains("amount", "kind")
    def _check_amount(self):
        for cost in self:
            if not -MOST < cost.amount < MOST:
                raise ValidationError(self.env._("A cost must be a number below 1,000,000,000,000."))
            if cost.kind == "per_contact" and cost.amount < 0:
                raise ValidationError(self.env._("A cost per contact can't be negative."))

    @api.constrains("campaign_id", "company_id")
    def _check_company_of_campaign(self):
        for cost in self:
            company = cost.campaign_id.company_id
            if company and company != cost.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(campaign)s” is a campaign of %(company)s, so its costs are, too.",
                        campaign=cost.campaign_id.display_name,
                        company=company.display_name,
                    )
                )

    @api.onchange("campaign_id")
    def _onchange_campaign_id(self):
        self.company_id = self.campaign_id.company_id or self.company_id
