from odoo import models

# Key of the context that names the wizard by which goods are exchanged.
EXCHANGE_WIZARD = "customer_exchange_wizard_id"


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _get_stock_move_values(
        self, product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values
    ):
        """Extended: goods sent instead of returned ones say which return they replace.

        Values of a procurement would be the obvious way, but sale_stock replaces those
        of the wizard by the order line's. Only the procurement at the customer's is
        meant, not those of stock and components that it sets off.
        """
        move_values = super()._get_stock_move_values(
            product_id, product_qty, product_uom, location_dest_id, name, origin, company_id, values
        )
        wizard_id = self.env.context.get(EXCHANGE_WIZARD)
        if wizard_id and location_dest_id.usage == "customer":
            wizard = self.env["stock.return.picking"].sudo().browse(wizard_id)
            move_values["customer_return_id"] = wizard.customer_return_id.id
        return move_values
