import itertools

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_partner_numbers import MAX_AMOUNT, refuse_what_is_no_number


def _timezones(_model):
    return [(name, name) for name in pytz.common_timezones]


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_tz = fields.Selection(
        _timezones,
        string="Time zone",
        compute="_compute_customer_tz",
        store=True,
        readonly=False,
        precompute=True,
        help="In which days of this zone purchases and everything else are counted.",
    )
    customer_call_hour_from = fields.Float(string="Calls from", default=9.0, digits=(4, 2))
    customer_call_hour_to = fields.Float(string="Calls to", default=19.0, digits=(4, 2))
    customer_income_lower_middle = fields.Monetary(string="Lower middle from", default=12000)
    customer_income_middle = fields.Monetary(string="Middle from", default=20000)
    customer_income_upper_middle = fields.Monetary(string="Upper middle from", default=35000)
    customer_income_high = fields.Monetary(string="High from", default=60000)

    @api.model_create_multi
    def create(self, vals_list):
        refuse_what_is_no_number(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        refuse_what_is_no_number(self, [vals])
        if "customer_tz" in vals:
            # the day for which figures stand
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.depends("country_id")
    def _compute_customer_tz(self):
        for company in self:
            country = company.country_id.code
            zones = pytz.country_timezones.get(country, []) if country else []
            company.customer_tz = company.customer_tz or (zones[0] if zones else False) or self.env.user.tz or "UTC"

    def _customer_income_thresholds(self):
        """Where the income levels begin, but the lowest, in the company's currency.

        :return: list of four ascending floats
        """
        self.ensure_one()
        company = self.sudo()
        return [
            company.customer_income_lower_middle,
            company.customer_income_middle,
            company.customer_income_upper_middle,
            company.customer_income_high,
        ]

    @api.constrains(
        "customer_income_lower_middle",
        "customer_income_middle",
        "customer_income_upper_middle",
        "customer_income_high",
    )
    def _check_customer_income_thresholds(self):
        for company in self:
            thresholds = company._customer_income_thresholds()
            if (
                thresholds[0] <= 0
                or thresholds[-1] > MAX_AMOUNT
                or any(low >= high for low, high in itertools.pairwise(thresholds))
            ):
                raise ValidationError(
                    self.env._(
                        "The income levels of %s must each begin above the one before.",
                        company.name,
                    )
                )

    @api.constrains("customer_tz")
    def _check_customer_tz(self):
        for company in self:
            if company.customer_tz and company.customer_tz not in pytz.all_timezones_set:
                raise ValidationError(
                    self.env._(
                        "There is no time zone “%s”: choose one of the list.",
                        company.customer_tz,
                    )
                )

    @api.constrains("customer_call_hour_from", "customer_call_hour_to")
    def _check_customer_call_hours(self):
        for company in self:
            if not (0 <= company.customer_call_hour_from < company.customer_call_hour_to <= 24):
                raise ValidationError(
                    self.env._(
                        "The usual hours to call of %s must begin before they end.",
                        company.name,
                    )
                )
