from odoo import models

# Odoo's form of a campaign asks every user for them, and they read mailings.
COUNTS = ("ab_testing_mailings_count", "ab_testing_mailings_sms_count")


class UtmCampaign(models.Model):
    """A campaign can be opened by whoever uses the customer file, not only by who sends mailings."""

    _inherit = "utm.campaign"

    def _compute_field_value(self, field):
        """Extended: the numbers of A/B tests are counted for users without Email Marketing, too."""
        return super(UtmCampaign, self.sudo() if field.name in COUNTS else self)._compute_field_value(field)
