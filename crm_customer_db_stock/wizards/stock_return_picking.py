from odoo import api, fields, models

from ..models.stock_rule import EXCHANGE_WIZARD


class StockReturnPicking(models.TransientModel):
    """Ask the customer's reason, and remember which goods replace returned ones."""

    _inherit = "stock.return.picking"

    customer_return_reason = fields.Char(
        string="Reason",
        help="Why the customer sends the goods back. It stands in the customer file.",
    )
    customer_is_delivery = fields.Boolean(compute="_compute_customer_is_delivery")
    customer_return_id = fields.Many2one("stock.picking", string="Return", readonly=True)

    @api.depends("picking_id")
    def _compute_customer_is_delivery(self):
        for wizard in self:
            wizard.customer_is_delivery = wizard.picking_id.location_dest_id.usage == "customer"

    def _prepare_picking_default_values(self):
        return {
            **super()._prepare_picking_default_values(),
            "customer_return_reason": self.customer_is_delivery and self.customer_return_reason,
        }

    def _prepare_picking_default_values_based_on(self, picking):
        """Extended: goods that go out again take no reason along."""
        return {**super()._prepare_picking_default_values_based_on(picking), "customer_return_reason": False}

    def _create_return(self):
        self.customer_return_id = super()._create_return()
        return self.customer_return_id

    def action_create_exchanges(self):
        """Extended: what is sent instead is procured without a trace of the return."""
        wizard = self.with_context(**{EXCHANGE_WIZARD: self.id})
        action = super(StockReturnPicking, wizard).action_create_exchanges()
        # the context goes to the web client and into whatever is done there
        action["context"] = {
            key: value for key, value in (action.get("context") or {}).items() if key != EXCHANGE_WIZARD
        }
        return action
