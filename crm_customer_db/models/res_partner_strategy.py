from odoo import api, fields, models


class ResPartner(models.Model):
    """What to do next with a customer, on the contact."""

    _inherit = "res.partner"

    customer_main_strategy_id = fields.Many2one(
        "crm.customer.strategy",
        string="Main strategy",
        compute="_compute_customer_main_strategy_id",
        search="_search_customer_main_strategy_id",
        groups="crm_customer_db.group_customer_user",
        help="The first strategy that the customer stands in, in the company you work in.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_main_strategy_id(self):
        rows = self._customer_figures()
        for partner in self:
            row = rows.get(partner.commercial_partner_id.id)
            partner.customer_main_strategy_id = row.main_strategy_id if row else False

    @api.model
    def _search_customer_main_strategy_id(self, operator, value):
        if operator not in ("in", "any", "ilike", "="):
            return NotImplemented
        if operator == "in" and False in value:
            return ~self._search_customer_figures([("main_strategy_id", "!=", False)]) | (
                self._search_customer_figures([("main_strategy_id", "in", [entry for entry in value if entry])])
            )
        return self._search_customer_figures([("main_strategy_id", operator, value)])

    def _customer_slot_next_step(self):
        """Extended: what the main strategy suggests, as long as nothing is planned."""
        lines = super()._customer_slot_next_step()
        if self.activity_ids or not self._customer_may_see_figures():
            return lines
        row = self._customer_figures().get(self.commercial_partner_id.id)
        strategy = row.main_strategy_id if row else None
        if not strategy:
            return lines
        line = {
            "value": strategy.name,
            "text": strategy.activity_summary or strategy.note or "",
            "icon": "fa-bullseye",
            "level": "info",
        }
        if self.env["crm.customer.launch"]._may_launch("activity"):
            line |= {"method": "action_customer_plan_step", "label": self.env._("Plan it")}
        return [line, *lines]

    def action_customer_plan_step(self):
        """Plan the step that the main strategy suggests, for this customer alone."""
        self.ensure_one()
        self.check_access("read")
        self.env["crm.customer.metrics"].check_access("read")
        row = self._customer_figures().get(self.commercial_partner_id.id)
        strategy = row.main_strategy_id if row else self.env["crm.customer.strategy"]
        action = strategy.action_launch() if strategy else self.env["crm.customer.launch.wizard"]._open({})
        action["context"] |= {"default_partner_id": self.commercial_partner_id.id, "default_kind": "activity"}
        return action
