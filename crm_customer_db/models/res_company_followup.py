from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A year: beyond that nobody means days.
MOST_DAYS = 365


class ResCompany(models.Model):
    """Within how many days requests and complaints are to be dealt with."""

    _inherit = "res.company"

    customer_request_days = fields.Integer(
        string="Days to answer a request",
        default=2,
        help="The deadline that a new request gets; it can be changed on the request.",
    )
    customer_complaint_days = fields.Integer(
        string="Days to solve a complaint",
        default=7,
        help="The deadline that a new complaint gets; it can be changed on the complaint.",
    )

    @api.constrains("customer_request_days", "customer_complaint_days")
    def _check_customer_days(self):
        for company in self:
            for days in (company.customer_request_days, company.customer_complaint_days):
                if not 0 <= days <= MOST_DAYS:
                    raise ValidationError(
                        self.env._(
                            "Requests and complaints of %(company)s need a deadline of 0 to %(most)s days.",
                            company=company.name,
                            most=MOST_DAYS,
                        )
                    )
