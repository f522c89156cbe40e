from odoo import models


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    def _prepare_move_default_values(self, new_picking):
        """Extended: goods that come back again replace nothing, although they once did."""
        return {**super()._prepare_move_default_values(new_picking), "customer_return_id": False}
