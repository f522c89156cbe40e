from odoo import api, fields, models
from odoo.fields import Domain

USERS = "crm_customer_db.group_customer_user"


class ResPartner(models.Model):
    """The segments a contact is in, for lists, filters and mailings."""

    _inherit = "res.partner"

    customer_segment_member_ids = fields.One2many(
        "crm.customer.segment.member", "partner_id", string="Segments, with their history", groups=USERS
    )
    customer_segment_ids = fields.Many2many(
        "crm.customer.segment",
        string="Segments",
        compute="_compute_customer_segment_ids",
        search="_search_customer_segment_ids",
        groups=USERS,
        help="Segments in which this contact is now.",
    )

    @api.depends("customer_segment_member_ids.left_on")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_customer_segment_ids(self):
        groups = self.env["crm.customer.segment.member"]._read_group(
            Domain("left_on", "=", False) & Domain("partner_id", "in", self._origin.ids),
            ["partner_id"],
            ["segment_id:recordset"],
        )
        found = dict(groups)
        for partner in self:
            partner.customer_segment_ids = found.get(partner._origin, False)

    @api.model
    def _search_customer_segment_ids(self, operator, value):
        return self.env["crm.customer.segment.member"]._by_segment(
            lambda members: Domain("customer_segment_member_ids", "any", members), operator, value
        )
