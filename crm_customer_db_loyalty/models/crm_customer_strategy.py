from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Programs whose cards belong to somebody, and of which one is enough.
CARDS = ("loyalty", "coupons")


class CrmCustomerStrategy(models.Model):
    """Strategies that suggest a loyalty card."""

    _inherit = "crm.customer.strategy"

    loyalty_program_id = fields.Many2one(
        "loyalty.program",
        string="Loyalty program",
        ondelete="set null",
        check_company=True,
        domain=[("program_type", "in", CARDS)],
        help="Whose card the customers get.",
    )

    @api.model
    def _selection_launch_kind(self):
        """Extended: a card."""
        return [*super()._selection_launch_kind(), ("loyalty", self.env._("A loyalty card"))]

    @api.constrains("launch_kind", "loyalty_program_id")
    def _check_loyalty_program(self):
        for strategy in self:
            if strategy.launch_kind == "loyalty" and not strategy.loyalty_program_id:
                raise ValidationError(self.env._("Choose the loyalty program whose card “%s” gives.", strategy.name))

    @api.depends("loyalty_program_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_launch_words(self):
        return super()._compute_launch_words()

    def _launch_words(self):
        """Extended: which card."""
        if self.launch_kind == "loyalty" and self.loyalty_program_id:
            return self.env._("Give them a card of %s", self.loyalty_program_id.sudo().name)
        return super()._launch_words()

    def action_launch(self):
        """Extended: the dialog knows the program."""
        action = super().action_launch()
        if self.loyalty_program_id:
            action["context"]["default_loyalty_program_id"] = self.loyalty_program_id.id
        return action
