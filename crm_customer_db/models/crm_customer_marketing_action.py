from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

MEDIA = [
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("letter", "Letter"),
    ("catalogue", "Catalogue"),
    ("call", "Call"),
    ("sample", "Sample"),
    ("visit", "Visit"),
    ("fair", "Trade fair"),
]


# Days ahead for which something may be planned.
MOST_AHEAD = 3 * 365


class CrmCustomerMarketingAction(models.Model):
    """Something we sent a customer to sell, or withheld on purpose to compare.

    *Rights.* Everybody of the customer file reads what his customers were sent;
    marketing enters and corrects it.
    """

    _name = "crm.customer.marketing.action"
    _inherit = "crm.customer.fact"
    _description = "Marketing sent"
    _rec_names_search = ["subject", "marketing_code", "partner_id"]

    _fact_kind = 3

    medium = fields.Selection(MEDIA, required=True, default="email")
    subject = fields.Char(help="What was sent, in words.")
    marketing_code = fields.Char(
        string="Marketing code",
        index="btree_not_null",
        help="Code of the drop or creative, finer than the campaign.",
    )
    cost = fields.Monetary(
        currency_field="company_currency_id",
        help="What sending it to this customer cost, in the company's currency.",
    )
    is_control = fields.Boolean(
        string="Control group",
        help="Withheld from this customer on purpose, to see what happens without it.",
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        default="sent",
        copy=False,
    )
    reaction_ids = fields.One2many("crm.customer.marketing.reaction", "action_id", string="Responses")

    _id_kind = models.Constraint("CHECK (mod(id, 8) = 3)", "The number of a marketing action must be one of its kind.")
    _finite = models.Constraint(
        "CHECK (cost > -1e15 AND cost < 1e15)",
        "Costs must be numbers below 1,000,000,000,000,000.",
    )

    @api.depends("subject", "marketing_code", "medium", "day")
    def _compute_display_name(self):
        media = dict(self._fields["medium"]._description_selection(self.env))
        for action in self:
            words = [media.get(action.medium), action.subject or action.marketing_code]
            if not words[1]:
                words[1] = fields.Date.to_string(action.day)
            action.display_name = " · ".join(word for word in words if word)

    # ----------------------------------------------------------------------- dates

    def _fact_last_date(self):
        last = super()._fact_last_date()
        return last + timedelta(days=MOST_AHEAD) if self.state == "planned" else last

    @api.constrains("date", "state")
    def _check_date(self):
        return super()._check_date()

    @api.model
    def _load_last_date(self, value, tomorrow):
        return SQL(
            "CASE WHEN %s = 'planned' THEN %s ELSE %s END",
            value("state"),
            tomorrow + timedelta(days=MOST_AHEAD),
            tomorrow,
        )

    @api.model
    def _fact_count_words(self, count, kind=None):
        return self.env._("%s things sent to sell", count) if count > 1 else self.env._("1 thing sent to sell")
