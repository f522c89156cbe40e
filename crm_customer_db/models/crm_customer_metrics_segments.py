from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerMetrics(models.Model):
    """Segments follow figures and profiles, and figures may be narrowed to a segment."""

    _inherit = "crm.customer.metrics"

    segment_ids = fields.Many2many(
        "crm.customer.segment",
        string="Segments",
        compute="_compute_segment_ids",
        search="_search_segment_ids",
        help="Segments in which the customer or one of his contacts is now.",
    )

    @api.model
    def _refreshed(self, partner_ids, as_of):
        """Extended: who entered a segment with it, and who left."""
        res = super()._refreshed(partner_ids, as_of)
        self.env["crm.customer.segment"]._refresh_customers(partner_ids, as_of)
        return res

    @api.model
    def _edges_moved(self, as_of, runs):
        """Extended: where scores begin anew, or the day has moved, anybody may enter or leave."""
        changed = super()._edges_moved(as_of, runs)
        self.env["crm.customer.segment"]._all_stale()
        return changed

    # --------------------------------------------------------------------- filter

    @api.depends("commercial_partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_segment_ids(self):
        groups = self.env["crm.customer.segment.member"]._read_group(
            Domain("left_on", "=", False)
            & Domain("commercial_partner_id", "in", self.commercial_partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids),
            ["commercial_partner_id", "company_id"],
            ["segment_id:recordset"],
        )
        found = {(partner, company): segments for partner, company, segments in groups}
        for row in self:
            row.segment_ids = found.get((row.commercial_partner_id, row.company_id), False)

    @api.model
    def _search_segment_ids(self, operator, value):
        return self.env["crm.customer.segment.member"]._by_segment(self._of_members, operator, value)

    @api.model
    def _of_members(self, members):
        """Figures of the customers behind some members, in the company of the segment.

        :param members: ``Domain`` of members
        :return: ``Domain``
        """
        found = self.env["crm.customer.segment.member"]._search(members)
        rows = SQL(
            "SELECT figures.id FROM crm_customer_metrics figures"
            " JOIN (%s) members USING (commercial_partner_id, company_id)",
            found.select(*(SQL.identifier(found.table, name) for name in ("commercial_partner_id", "company_id"))),
        )
        return Domain("id", "in", rows)
