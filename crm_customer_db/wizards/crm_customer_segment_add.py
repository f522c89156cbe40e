from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCustomerSegmentAdd(models.TransientModel):
    """Puts the contacts that were chosen in a list on a list kept by hand."""

    _name = "crm.customer.segment.add"
    _description = "Put on a List"

    partner_ids = fields.Many2many("res.partner", string="Contacts", default=lambda self: self._default_partner_ids())
    partner_count = fields.Integer(string="Number of contacts", compute="_compute_partner_count")
    segment_id = fields.Many2one(
        "crm.customer.segment",
        string="List",
        required=True,
        domain="[('kind', '=', 'manual')]",
        help="Only lists kept by hand: the others follow their condition.",
    )

    @api.model
    def _default_partner_ids(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env["res.partner"].browse(self.env.context.get("active_ids", []))
        return self.env["res.partner"]

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard.partner_ids)

    def action_add(self):
        """Put the contacts on the list, and show it.

        :raise UserError: when nobody was chosen
        """
        self.ensure_one()
        if not self.partner_ids:
            raise UserError(self.env._("Choose contacts in the list first."))
        self.segment_id._add_members(self.partner_ids)
        return self.segment_id.action_open_members()
