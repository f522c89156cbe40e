from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_customer_duplicate import MANAGER


class ResPartner(models.Model):
    """Where a customer is shown, that he may be there twice."""

    _inherit = "res.partner"

    customer_has_duplicate = fields.Boolean(
        string="Has a possible duplicate",
        compute="_compute_customer_has_duplicate",
        search="_search_customer_has_duplicate",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_has_duplicate(self):
        pairs = self._customer_duplicates()
        twice = pairs.partner_id | pairs.other_id
        for partner in self:
            partner.customer_has_duplicate = partner._origin in twice

    @api.model
    def _search_customer_has_duplicate(self, operator, value):
        if operator != "in":
            return NotImplemented
        Duplicate = self.env["crm.customer.duplicate"]
        if not Duplicate.has_access("read"):
            return Domain.TRUE if False in value else Domain.FALSE
        pairs = Duplicate._search([("state", "=", "open")])
        twice = SQL(
            "%s UNION %s",
            pairs.select(SQL.identifier(pairs.table, "partner_id")),
            pairs.select(SQL.identifier(pairs.table, "other_id")),
        )
        inside = Domain("id", "in", twice)
        return Domain.OR(inside if wanted else ~inside for wanted in set(map(bool, value)))

    def _customer_duplicates(self):
        """Proposed pairs of some contacts, as far as the user may see both contacts of a pair."""
        Duplicate = self.env["crm.customer.duplicate"]
        if not Duplicate.has_access("read"):
            return Duplicate
        mine = Domain("partner_id", "in", self._origin.ids) | Domain("other_id", "in", self._origin.ids)
        pairs = Duplicate.search(mine & Domain("state", "=", "open"), limit=None if len(self) > 1 else 100)
        seen = (pairs.partner_id | pairs.other_id)._filtered_access("read")
        return pairs.filtered(lambda pair: pair.partner_id in seen and pair.other_id in seen)

    def _customer_slot_alerts(self):
        lines = super()._customer_slot_alerts()
        count = len(self._customer_duplicates())
        if count:
            is_manager = self.env.user.has_group(MANAGER)
            lines.append(
                {
                    "text": self.env._("1 possible duplicate")
                    if count == 1
                    else self.env._("%s possible duplicates", count),
                    "level": "warning",
                    "icon": "fa-clone",
                    "method": "action_customer_duplicates",
                    "label": self.env._("Compare") if is_manager else self.env._("Show"),
                }
            )
        return lines

    def action_customer_duplicates(self):
        """Compare a customer with the one he may be, or list those there are."""
        self.ensure_one()
        self.check_access("read")
        pairs = self._customer_duplicates()
        if len(pairs) == 1 and self.env.user.has_group(MANAGER):
            return pairs.action_compare()
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_db_duplicate.crm_customer_duplicate_action")
        return dict(action, domain=[("id", "in", pairs.ids)], context={"search_default_open": 1})

    def action_customer_merge(self):
        """Put two or three contacts side by side, to merge them."""
        return self.env["crm.customer.merge"]._open(self)

    def unlink(self):
        """Extended: who is deleted, and not merged, is not kept in what merges have changed."""
        if not self.env.context.get("customer_merge_kept"):
            logs = self.env["crm.customer.merge.log"].sudo().search([("kept_id", "in", self.ids)])
            logs._forget()
            logs.filtered(lambda log: log.state == "merged").state = "final"
        return super().unlink()
