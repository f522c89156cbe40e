from odoo import api, fields, models


class StockMove(models.Model):
    """Moves change the state and the promise of their delivery, and may replace a return."""

    _name = "stock.move"
    _inherit = ["stock.move", "crm.customer.feed.source"]

    # On the move, not on the transfer: goods that replace others may leave in one
    # transfer with the rest of an order. Copied to the next step and to a backorder.
    customer_return_id = fields.Many2one(
        "stock.picking",
        string="Replaces returned goods",
        readonly=True,
        check_company=True,
        index="btree_not_null",
        help="The return for which the customer gets these goods instead.",
    )

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """Extended: what replaces returned goods must not disappear in what was ordered."""
        return [*super()._prepare_merge_moves_distinct_fields(), "customer_return_id"]

    @api.model
    def _prepare_merge_negative_moves_excluded_distinct_fields(self):
        """Extended: an order that is reduced takes goods from either."""
        return [*super()._prepare_merge_negative_moves_excluded_distinct_fields(), "customer_return_id"]
