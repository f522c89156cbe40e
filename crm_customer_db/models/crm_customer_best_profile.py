from odoo import fields, models


class CrmCustomerBestProfile(models.Model):
    """What companies of the best value class are: activity, size and territory.

    Written by ``crm.customer.metrics._refresh_edges`` and nobody else, so that one prospect
    is compared with the best customers without reading them.
    """

    _name = "crm.customer.best.profile"
    _description = "Profile of the Best Customers"
    _log_access = False
    _order = "customer_count desc, id"
    _rec_name = "activity"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    activity = fields.Char(required=True, help="Edition and division of the economic activity (two digits).")
    headcount_band = fields.Char(required=True)
    territory_id = fields.Many2one("crm.customer.territory", required=True, index=True, ondelete="cascade")
    customer_count = fields.Integer(string="Customers of the best class")

    _profile_idx = models.Index("(company_id, activity, headcount_band, territory_id)")
