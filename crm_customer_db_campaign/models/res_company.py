from odoo import api, fields, models
from odoo.exceptions import ValidationError

MODELS = [("last", "Last touch"), ("first", "First touch"), ("linear", "Linear")]
MOST_DAYS = 3650
USERS = "crm_customer_db.group_customer_user"


class ResCompany(models.Model):
    """By which model purchases are credited to campaigns."""

    _inherit = "res.company"

    customer_attribution = fields.Selection(
        MODELS,
        string="Attribution model",
        required=True,
        default="last",
        groups=USERS,
        help="Which campaign is credited with a purchase: the last one that touched the customer before it, the "
        "first one, or all of them in equal shares per touch. A campaign that stands on the purchase always wins.",
    )
    customer_attribution_days = fields.Integer(
        string="Attribution window (days)",
        required=True,
        default=90,
        groups=USERS,
        help="How many days before a purchase a touch counts.",
    )

    @api.constrains("customer_attribution_days")
    def _check_customer_attribution_days(self):
        for company in self:
            if not 1 <= company.customer_attribution_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._("The window in which a touch counts is between 1 and %s days.", MOST_DAYS)
                )

    def write(self, vals):
        names = {"customer_attribution", "customer_attribution_days"}.intersection(vals)
        changed = self.filtered(lambda company: any(company.sudo()[name] != vals[name] for name in names))
        res = super().write(vals)
        if changed:
            self.env["crm.customer.attribution.state"].sudo()._begin(changed)
        return res

    def _customer_attribution_words(self, short=False):
        """The model by which the figures of these companies are attributed, as it stands beside them.

        :param short: whether the window is left out
        :return: str; where they have several, it says so
        """
        settings = {(company.customer_attribution, company.customer_attribution_days) for company in self.sudo()}
        if len(settings) != 1:
            return self.env._("each company's model")
        [(model, days)] = settings
        label = dict(self._fields["customer_attribution"]._description_selection(self.env))[model]
        return label.lower() if short else self.env._("%(model)s, %(days)s days", model=label, days=days)
