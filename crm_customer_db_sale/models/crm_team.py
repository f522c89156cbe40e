from odoo import fields, models


class CrmTeam(models.Model):
    """Where, and by which route, the customers of a team buy."""

    _inherit = "crm.team"

    customer_place_id = fields.Many2one(
        "crm.customer.place",
        string="Place of purchase",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Shop, branch or web site where the team's orders are placed.",
    )
    customer_channel_id = fields.Many2one(
        "crm.customer.channel",
        string="Commercial channel",
        ondelete="restrict",
        index="btree_not_null",
        help="The route of the team's orders. Empty: that of the place.",
    )
