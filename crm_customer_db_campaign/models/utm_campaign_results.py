from odoo import api, fields, models
from odoo.fields import Domain

from .utm_campaign import USERS

# Field of the campaign → aggregate of ``crm.customer.campaign.result``.
FIGURES = {
    "result_sent": "sent:sum",
    "result_reached": "reached_id:count_distinct",
    "result_responses": "responses:sum",
    "result_responded": "responded_id:count_distinct",
    "result_response_rate": "response_rate:avg",
    "result_buyers": "buyer_id:count_distinct",
    "result_ordered": "ordered:sum",
    "result_invoiced": "invoiced:sum",
    "result_refunded": "refunded:sum",
    "result_margin": "margin:sum",
    "result_cost": "cost:sum",
    "result_margin_after_cost": "margin_after_cost:sum",
    "result_roi": "roi:avg",
    "result_cost_per_response": "cost_per_response:avg",
    "result_cost_per_buyer": "cost_per_buyer:avg",
}
MONEY = {"compute": "_compute_results", "currency_field": "result_currency_id", "groups": USERS}
NUMBER = {"compute": "_compute_results", "groups": USERS}


class UtmCampaign(models.Model):
    """The campaign's figures in the current company, each with the rows it is made of."""

    _inherit = "utm.campaign"

    result_currency_id = fields.Many2one("res.currency", string="Currency of the results", **NUMBER)
    result_model = fields.Char(string="Credited by", help="The model by which purchases are attributed.", **NUMBER)
    result_sent = fields.Integer(string="Pieces sent", **NUMBER)
    result_reached = fields.Integer(string="Customers reached", **NUMBER)
    result_responses = fields.Integer(string="Responses", **NUMBER)
    result_responded = fields.Integer(string="Customers who responded", **NUMBER)
    result_response_rate = fields.Float(string="Responded (%)", digits=(16, 1), **NUMBER)
    result_buyers = fields.Integer(string="Buyers", **NUMBER)
    result_ordered = fields.Monetary(string="Ordered (excl. VAT)", **MONEY)
    result_invoiced = fields.Monetary(string="Invoiced (excl. VAT)", **MONEY)
    result_refunded = fields.Monetary(string="Refunded (excl. VAT)", **MONEY)
    result_margin = fields.Monetary(string="Margin", **MONEY)
    result_cost = fields.Monetary(string="Cost", **MONEY)
    result_margin_after_cost = fields.Monetary(string="Margin after cost", **MONEY)
    result_roi = fields.Float(string="ROI (%)", digits=(16, 1), **NUMBER)
    result_roi_known = fields.Boolean(
        string="ROI is known", help="Not without a cost, nor without any known margin.", **NUMBER
    )
    result_cost_per_response = fields.Monetary(string="Cost per response", **MONEY)
    result_cost_per_buyer = fields.Monetary(string="Cost per buyer", **MONEY)

    @api.depends("cost_ids.amount", "cost_ids.kind", "cost_ids.medium")
    @api.depends_context("company", "lang", "uid")
    def _compute_results(self):
        company = self.env.company
        found = {
            campaign.id: values
            for campaign, *values in self.env["crm.customer.campaign.result"]._read_group(
                self._result_domain(self.ids), ["campaign_id"], list(FIGURES.values())
            )
        }
        words = company._customer_attribution_words()
        for campaign in self:
            values = dict(zip(FIGURES, found.get(campaign._origin.id, [0] * len(FIGURES)), strict=True))
            campaign.update(
                {
                    **{name: value or 0 for name, value in values.items()},
                    "result_currency_id": company.sudo().currency_id.id,
                    "result_model": words,
                    "result_roi_known": campaign._origin.id in found and values["result_roi"] not in (None, False),
                }
            )

    @api.model
    def _result_domain(self, ids):
        """The rows that the figures of campaigns are made of."""
        return Domain("campaign_id", "in", ids) & Domain("company_id", "=", self.env.company.id)

    # ------------------------------------------------------------------------ open

    def _open_results(self, name, *domain):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.customer.campaign.result",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(self._result_domain(self.ids) & Domain(domain)),
            "context": {"create": False},
        }

    @api.readonly
    def action_customer_open_sent(self):
        """What was sent for the campaign."""
        return self._open_results(self.env._("Sent"), ("kind", "=", "sent"))

    @api.readonly
    def action_customer_open_responses(self):
        """What came back."""
        return self._open_results(self.env._("Responses"), ("kind", "=", "response"))

    @api.readonly
    def action_customer_open_purchases(self):
        """The purchases that are credited to the campaign."""
        return self._open_results(self.env._("Purchases credited"), ("kind", "=", "purchase"))

    @api.readonly
    def action_customer_open_costs(self):
        """What the campaign cost: of each thing sent, and its own costs."""
        return self._open_results(self.env._("Cost"), ("cost", "!=", 0))
