from odoo import fields, models
from odoo.fields import Domain


class CrmCustomerSegment(models.Model):
    """The mailing lists that follow a segment."""

    _inherit = "crm.customer.segment"

    mailing_list_ids = fields.One2many(
        "mailing.list",
        "customer_segment_id",
        string="Mailing lists",
        groups="mass_mailing.group_mass_mailing_user",
    )
    without_email_count = fields.Integer(
        string="Members without e-mail",
        compute="_compute_without_email_count",
        groups="mass_mailing.group_mass_mailing_user",
    )

    def _compute_without_email_count(self):
        groups = self.env["crm.customer.segment.member"]._read_group(
            self._present() & Domain("segment_id", "in", self.ids) & Domain("partner_id.email_normalized", "=", False),
            ["segment_id"],
            ["__count"],
        )
        counts = dict(groups)
        for segment in self:
            segment.without_email_count = counts.get(segment._origin, 0)

    def _members_changed(self, partner_ids=None):
        """Extended: who came and who went is put on the mailing lists, and taken off them."""
        res = super()._members_changed(partner_ids)
        self.sudo().mailing_list_ids._customer_sync(partner_ids)
        return res

    def _refresh_one(self, as_of, partner_ids):
        """Extended: an address that changed changes on the lists, though the member stays."""
        changed = super()._refresh_one(as_of, partner_ids)
        if not changed and self.sudo().mailing_list_ids:
            self.sudo().mailing_list_ids._customer_sync(partner_ids)
        return changed

    def action_make_mailing_list(self):
        """Make a mailing list that follows this segment, and show it."""
        self.ensure_one()
        self.check_access("read")
        mailing_list = self.env["mailing.list"].create({"name": self.name, "customer_segment_id": self.id})
        return mailing_list._get_records_action()

    def action_open_without_email(self):
        """Show the members who get no mailing because there is no address."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.res_partner_action_customers")
        return {
            **action,
            "domain": [("customer_segment_ids", "in", self.ids), ("email_normalized", "=", False)],
            "context": {},
        }
