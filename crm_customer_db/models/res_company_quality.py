from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_MONTHS = 240


class ResCompany(models.Model):
    """After how long what is known of a customer has to be asked again."""

    _inherit = "res.company"

    customer_quality_months = fields.Integer(
        string="Months until a profile is stale",
        default=24,
        help="An address that has not changed, and a profile that was not confirmed for so long, may be wrong by now.",
    )

    @api.constrains("customer_quality_months")
    def _check_customer_quality_months(self):
        for company in self:
            if not 1 <= company.customer_quality_months <= MOST_MONTHS:
                raise ValidationError(
                    self.env._("A profile can become stale after 1 to %s months.", MOST_MONTHS),
                )

    def _customer_stale_before(self):
        """The day from which on a confirmation still counts.

        :return: date
        """
        self.ensure_one()
        return fields.Date.context_today(self) - relativedelta(months=self.customer_quality_months)
