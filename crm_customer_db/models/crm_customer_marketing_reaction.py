from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class CrmCustomerMarketingReaction(models.Model):
    """What a customer did about something we sent.

    *Rights.* As with what was sent: everybody of the customer file reads, marketing
    enters and corrects.
    """

    _name = "crm.customer.marketing.reaction"
    _inherit = "crm.customer.fact.amount"
    _description = "Response"
    _rec_names_search = ["order_ref", "partner_id"]

    _fact_kind = 4

    # Not "cascade": a response stays true when the list of what was sent is corrected or
    # taken away by its own source; and not "restrict", which would keep it from that.
    action_id = fields.Many2one(
        "crm.customer.marketing.action",
        string="Response to",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    kind = fields.Selection(
        [
            ("open", "Opened"),
            ("click", "Clicked"),
            ("reply", "Replied"),
            ("request", "Asked for something"),
            ("visit", "Visited"),
            ("coupon", "Coupon redeemed"),
            ("purchase", "Bought"),
            ("bounce", "Bounced"),
            ("unsubscribe", "Unsubscribed"),
            ("complaint", "Complained"),
        ],
        required=True,
    )
    volume = fields.Float(
        default=1.0,
        digits="Product Unit",
        help="Units asked for, bought or redeemed; 1 for an open or click. Never money.",
    )
    amount = fields.Monetary(
        string="Brought in (excl. VAT)",
        help="What the response brought, without taxes, in the company's currency.",
    )
    amount_currency = fields.Monetary(string="Brought in, in the document's currency (excl. VAT)")
    order_ref = fields.Char(string="Order", index="btree_not_null", help="Number of the order or receipt it led to.")

    _id_kind = models.Constraint("CHECK (mod(id, 8) = 4)", "The number of a response must be one of its kind.")
    _finite = models.Constraint(
        "CHECK (volume > -1e15 AND volume < 1e15"
        " AND amount > -1e15 AND amount < 1e15"
        " AND amount_currency > -1e15 AND amount_currency < 1e15)",
        "Quantities and amounts must be numbers below 1,000,000,000,000,000.",
    )
    # The timeline of one customer: responses to nothing of ours are events of their own.
    _alone_idx = models.Index("(commercial_partner_id, date DESC, id DESC) WHERE action_id IS NULL")

    @api.depends("kind", "action_id", "order_ref")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for reaction in self:
            words = [kinds.get(reaction.kind), reaction.order_ref or reaction.sudo().action_id.display_name]
            reaction.display_name = " · ".join(word for word in words if word) or self.env._("New response")

    @api.constrains("action_id", "partner_id")
    def _check_action_customer(self):
        """Of what is typed in; contacts that move later take both along, or one of them."""
        for reaction in self.sudo():
            action = reaction.action_id
            if action and action.commercial_partner_id != reaction.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(action)s” was sent to %(customer)s, so nobody else can respond to it.",
                        action=action.display_name,
                        customer=action.commercial_partner_id.display_name,
                    )
                )

    @api.onchange("action_id")
    def _onchange_action_id(self):
        if self.action_id:
            self.partner_id = self.partner_id or self.action_id.partner_id
            self.campaign_id = self.campaign_id or self.action_id.campaign_id

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        customer = self.partner_id.commercial_partner_id
        if customer and self.action_id.commercial_partner_id != customer:
            self.action_id = False

    @api.model
    def _fact_complete(self, vals):
        vals = super()._fact_complete(vals)
        action = self.env["crm.customer.marketing.action"].sudo().browse(vals.get("action_id"))
        if action and not vals.get("campaign_id"):
            vals["campaign_id"] = action.campaign_id.id
        return vals

    @api.model
    def _load_fallbacks(self, value):
        return {
            **super()._load_fallbacks(value),
            "campaign_id": SQL(
                "(SELECT campaign_id FROM crm_customer_marketing_action WHERE id = %s)", value("action_id")
            ),
        }

    @api.model
    def _fact_count_words(self, count, kind=None):
        return self.env._("%s responses", count) if count > 1 else self.env._("1 response")
