from odoo import api, fields, models
from odoo.exceptions import ValidationError

MARKETING = "crm_customer_db.group_customer_marketing"
USERS = "crm_customer_db.group_customer_user"
# What marketing says of a campaign. Odoo lets every employee write campaigns, since whoever
# enters a lead may name a new one; of these fields that would be money and plans.
LEDGER = (
    "code",
    "date_start",
    "date_end",
    "budget",
    "expected_responses",
    "expected_response_rate",
    "segment_id",
    "cost_ids",
)
MOST = 1e12


class UtmCampaign(models.Model):
    """The campaign as marketing plans and accounts for it.

    *Rights.* Odoo's list of campaigns is everybody's; what is added here is written by
    marketing, and money is read by the users of the customer file.
    """

    _inherit = "utm.campaign"
    _rec_names_search = ["title", "code"]

    code = fields.Char(
        string="Campaign code", copy=False, help="The code on orders and reply cards; unique in the company."
    )
    # As Sales defines it, but without a default: campaigns that are there when this is installed stay everybody's.
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: the campaign is one of all companies."
    )
    date_start = fields.Date(string="Starts on", copy=False)
    date_end = fields.Date(string="Ends on", copy=False)
    customer_currency_id = fields.Many2one(
        "res.currency", string="Currency of the budget", compute="_compute_customer_currency_id"
    )
    budget = fields.Monetary(currency_field="customer_currency_id", groups=USERS)
    expected_responses = fields.Integer(groups=USERS, help="How many customers are expected to respond.")
    expected_response_rate = fields.Float(
        string="Expected response rate (%)",
        digits=(16, 2),
        groups=USERS,
        help="How many of a hundred customers reached are expected to respond.",
    )
    segment_id = fields.Many2one(
        "crm.customer.segment",
        string="Audience",
        ondelete="restrict",
        index="btree_not_null",
        groups=USERS,
        domain="[('company_id', 'in', (company_id, False))] if company_id else []",
        help="The customers whom the campaign addresses.",
    )
    cost_ids = fields.One2many("crm.customer.campaign.cost", "campaign_id", string="Costs", groups=USERS)

    _code_uniq = models.UniqueIndex(
        "(lower(code), COALESCE(company_id, 0)) WHERE code IS NOT NULL AND code <> ''",
        "Another campaign of the company has this code.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_customer_currency_id(self):
        for campaign in self:
            campaign.customer_currency_id = (campaign.company_id or self.env.company).sudo().currency_id

    @api.depends("title", "code")
    def _compute_display_name(self):
        for campaign in self:
            campaign.display_name = " · ".join(word for word in (campaign.code, campaign.title) if word)

    @api.model
    def _has_field_access(self, field, operation):
        """Extended: what marketing says of a campaign is written by marketing."""
        allowed = super()._has_field_access(field, operation)
        if allowed and operation == "write" and field.name in LEDGER and not self.env.su:
            return self.env.user.has_group(MARKETING)
        return allowed

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._trim_code(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._trim_code(vals))

    @api.model
    def _trim_code(self, vals):
        code = vals.get("code")
        return {**vals, "code": code.strip() or False} if isinstance(code, str) else vals

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for campaign in self:
            if campaign.date_start and campaign.date_end and campaign.date_end < campaign.date_start:
                raise ValidationError(self.env._("“%s” can't end before it starts.", campaign.title))

    @api.constrains("budget", "expected_responses", "expected_response_rate")
    def _check_plan(self):
        for campaign in self.sudo():
            if not 0 <= campaign.budget < MOST:
                raise ValidationError(self.env._("A budget is between 0 and 1,000,000,000,000."))
            if campaign.expected_responses < 0:
                raise ValidationError(self.env._("Nobody can expect fewer than 0 responses."))
            if not 0 <= campaign.expected_response_rate <= 100:
                raise ValidationError(self.env._("The expected response rate is a percentage between 0 and 100."))

    @api.constrains("company_id", "segment_id", "cost_ids")
    def _check_one_company(self):
        for campaign in self.sudo().filtered("company_id"):
            if campaign.segment_id and campaign.segment_id.company_id != campaign.company_id:
                raise ValidationError(
                    self.env._(
                        "The audience “%(segment)s” is of another company than “%(campaign)s”.",
                        segment=campaign.segment_id.display_name,
                        campaign=campaign.title,
                    )
                )
        self.sudo().cost_ids._check_company_of_campaign()
