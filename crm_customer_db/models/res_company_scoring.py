from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools import scoring

SCORING = {
    "customer_score_months",
    "customer_score_method",
    "customer_score_recency",
    "customer_score_frequency",
    "customer_score_amount",
    "customer_score_weight_recency",
    "customer_score_weight_frequency",
    "customer_score_weight_amount",
    "customer_usual_gap",
    "customer_new_days",
}
WEIGHTS = ("customer_score_weight_recency", "customer_score_weight_frequency", "customer_score_weight_amount")
SCALES = ("customer_score_recency", "customer_score_frequency", "customer_score_amount")
MOST_MONTHS, MOST_DAYS = 120, 3650


class ResCompany(models.Model):
    """By what customers are scored, and when one without a rhythm of his own is late."""

    _inherit = "res.company"

    customer_score_months = fields.Integer(
        string="Months that count", default=12, help="Orders and amounts of this time are scored."
    )
    customer_score_method = fields.Selection(
        [("quintiles", "Fifths of the customers"), ("fixed", "Fixed thresholds")],
        string="Scores from 1 to 5",
        default="quintiles",
        required=True,
        help="Fifths follow your customers; fixed thresholds stay where you put them.",
    )
    customer_score_recency = fields.Char(
        string="Days since the last purchase",
        default="30; 90; 180; 365",
        help="Up to the first number of days the score is 5, beyond the last one 1.",
    )
    customer_score_frequency = fields.Char(
        string="Orders", default="1; 2; 5; 10", help="Above the first number the score is 2, above the last one 5."
    )
    customer_score_amount = fields.Char(
        string="Amount",
        default="100; 500; 2000; 10000",
        help="In the company's currency. Above the first amount the score is 2, above the last one 5.",
    )
    customer_score_weight_recency = fields.Float(string="Weight of recency", default=1.0)
    customer_score_weight_frequency = fields.Float(string="Weight of frequency", default=1.0)
    customer_score_weight_amount = fields.Float(string="Weight of the amount", default=1.0)
    customer_usual_gap = fields.Integer(
        string="Usual days between purchases",
        default=60,
        help="For customers with purchases on fewer than three days, who have no rhythm of their own yet.",
    )
    customer_new_days = fields.Integer(
        string="Days a customer is new",
        default=60,
        help="After the first purchase, as long as there is no rhythm of his own.",
    )

    def write(self, vals):
        res = super().write(vals)
        if not SCORING.isdisjoint(vals):
            self.env.registry.clear_cache()
            self.env["crm.customer.metrics"].sudo()._mark_scored(self.ids)
        return res

    @api.constrains(*sorted(SCORING))
    def _check_customer_scoring(self):
        for company in self:
            if not 1 <= company.customer_score_months <= MOST_MONTHS:
                raise ValidationError(self.env._("Between 1 and %s months can count for scores.", MOST_MONTHS))
            if not all(1 <= days <= MOST_DAYS for days in (company.customer_usual_gap, company.customer_new_days)):
                raise ValidationError(
                    self.env._("The days of %s must be between 1 and 3650: they decide stages.", company.name)
                )
            weights = [company[name] for name in WEIGHTS]
            if not all(0 <= weight <= 1e6 for weight in weights) or not sum(weights):
                raise ValidationError(self.env._("Weights are 0 or more, and one of them is above 0."))
            for name in SCALES:
                company._customer_scale(name)

    def _customer_scale(self, name):
        """Four cut points of a fixed scale.

        :raise ValidationError: when they are not four ascending numbers
        """
        try:
            return scoring.thresholds(self[name])
        except ValueError:
            raise ValidationError(
                self.env._(
                    "“%(text)s” for “%(field)s”: enter four rising numbers, such as 30; 90; 180; 365.",
                    text=self[name] or "",
                    field=self._fields[name]._description_string(self.env),
                )
            ) from None

    @api.model
    @ormcache()
    def _customer_scoring(self):
        """Settings that figures are worked out by: company id → dict."""
        companies = self.sudo().search([("active", "in", (True, False))])
        return {
            company.id: {
                "months": company.customer_score_months or 12,
                "gap": company.customer_usual_gap or 60,
                "new": company.customer_new_days or 60,
                "weights": tuple(company[name] for name in WEIGHTS),
            }
            for company in companies
        }
