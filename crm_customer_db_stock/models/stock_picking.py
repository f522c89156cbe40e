from odoo import api, fields, models


class StockPicking(models.Model):
    """Deliveries and returns tell the customer file what becomes of them."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "crm.customer.feed.source"]

    # Copied, so that the rest of a return that comes in parts keeps it.
    customer_return_reason = fields.Char(
        string="Reason for the return",
        help="Why the customer sends the goods back. It stands in the customer file.",
    )
    customer_is_return = fields.Boolean(
        string="Comes back from a customer",
        compute="_compute_customer_is_return",
    )

    @api.depends("location_id.usage", "location_dest_id.usage")
    def _compute_customer_is_return(self):
        for picking in self:
            picking.customer_is_return = (
                picking.location_id.usage == "customer" and picking.location_dest_id.usage != "customer"
            )
