# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon


class StockFeedCommon(CustomerDbCommon):
    """A warehouse in each company, and somebody who works there and nowhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_stock = new_test_user(
            cls.env,
            login="cdb_stock",
            groups="base.group_user,stock.group_stock_user",
            company_id=cls.company_a.id,
            company_ids=[Command.set((cls.company_a + cls.company_b).ids)],
            tz="Europe/Madrid",
        )
        Warehouse = cls.env["stock.warehouse"].sudo()
        cls.warehouse = Warehouse.search([("company_id", "=", cls.company_a.id)], limit=1)
        cls.warehouse_b = Warehouse.search([("company_id", "=", cls.company_b.id)], limit=1)
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customer = cls._partner(name="Transportes Olid")
        cls.address = cls._partner(name="Almacén de Olid", parent_id=cls.customer.id, type="delivery", is_company=False)
        cls.product = cls.env["product.product"].create({"name": "Guantes", "type": "consu", "list_price": 10.0})
        cls.other_product = cls.env["product.product"].create({"name": "Casco", "type": "consu", "list_price": 30.0})
        cls.Fulfilment = cls.env["crm.customer.fulfilment"]
        cls.feed = cls.env["crm.customer.feed.stock.picking"].sudo()

    def _transfer(self, picking_type, source, target, lines=None, confirm=True, user=None, **vals):
        """A transfer typed in by somebody of the warehouse.

        :param lines: list of (product, quantity)
        """
        lines = lines or [(self.product, 5)]
        Picking = self._as(user or self.user_stock, self.env["stock.picking"], picking_type.company_id)
        picking = Picking.create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "partner_id": self.address.id,
                "scheduled_date": "2026-03-10 10:00:00",
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                    for product, quantity in lines
                ],
                **vals,
            }
        )
        if confirm:
            picking.action_confirm()
        return picking

    def _delivery(self, warehouse=None, **vals):
        warehouse = warehouse or self.warehouse
        return self._transfer(warehouse.out_type_id, warehouse.lot_stock_id, self.customers, **vals)

    def _validate(self, picking, quantities=None, backorder=True, on=None):
        """Move the goods.

        :param quantities: quantity by product, all of them by default
        :param backorder: whether what is missing follows later
        :param on: date and time of the transfer
        :return: the transfer with what is missing
        """
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantities is None else quantities.get(move.product_id, 0)
            move.picked = True
        context = {"skip_backorder": True, "skip_sms": True}
        if not backorder:
            context["picking_ids_not_to_backorder"] = picking.ids
        picking.with_context(**context).button_validate()
        self.assertEqual(picking.state, "done")
        if on:
            picking.date_done = on
        return picking.backorder_ids

    def _wizard(self, picking, quantity=None, reason=None):
        """The wizard that returns goods, filled in."""
        wizard = (
            picking.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model="stock.picking")
            .create({"customer_return_reason": reason})
        )
        for line in wizard.product_return_moves:
            line.quantity = line.move_id.quantity if quantity is None else quantity
        return wizard

    def _returned(self, picking, quantity=None, reason=None):
        """The transfer by which goods come back."""
        action = self._wizard(picking, quantity, reason).action_create_returns()
        return picking.browse(action["res_id"])

    def _exchanged(self, picking, quantity=None, reason=None):
        """The transfer by which goods come back, and what is sent instead of them."""
        action = self._wizard(picking, quantity, reason).action_create_exchanges()
        back = picking.browse(action["res_id"])
        sent = self.env["stock.move"].sudo().search([("customer_return_id", "=", back.id)]).picking_id
        return back, sent.with_env(picking.env)

    def _row(self, picking):
        """The row of a transfer, empty where it has none."""
        return self.Fulfilment.search([("feed", "=", "stock"), ("source_id", "=", picking.id)])

    def _state(self):
        return self.env["crm.customer.feed.state"].search([("name", "=", self.feed._name)])

    def _assert_complete(self):
        """No transfer differs from its row."""
        state = self._state()
        state.sudo().state = "done"
        self.assertEqual(state._audit(), {self.feed._name: []})

    def _date(self, value):
        return fields.Date.to_date(value)
