# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields
from odoo.tests import tagged

from odoo.addons.point_of_sale.tests.common import CommonPosTest


@tagged("post_install", "-at_install", "crm_customer_db")
class TestTillDelivery(CommonPosTest):
    """Goods that leave a shop: carried away, sent, brought back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env.company.point_of_sale_update_stock_quantities = "real"
        cls.customer = cls.env["res.partner"].create({"name": "Ana", "country_id": cls.env.ref("base.us").id})
        cls.product = cls.ten_dollars_no_tax.product_variant_id

    def _order(self, **vals):
        order, _refund = self.create_backend_pos_order(
            {
                "pos_config": self.pos_config_usd,
                "order_data": {"partner_id": self.customer.id, **vals},
                "line_data": [{"product_id": self.product.id, "qty": 2}],
                "payment_data": [{"payment_method_id": self.cash_payment_method.id}],
            }
        )
        return order

    def _rows(self):
        return self.env["crm.customer.fulfilment"].search([("commercial_partner_id", "=", self.customer.id)])

    def test_carried_away(self):
        """What its buyer takes along was not delivered."""
        order = self._order()
        self.assertEqual(order.picking_ids.mapped("state"), ["done"])
        self.assertEqual(order.picking_ids.partner_id, self.customer)
        self.assertFalse(self._rows())

    def test_sent(self):
        """What is sent later is a delivery, promised for the day that was agreed at the till."""
        order = self._order(shipping_date="2030-05-20")
        picking = order.picking_ids
        self.assertTrue(picking.pos_session_id)
        row = self._rows()
        self.assertEqual((row.source_id, row.kind, row.state), (picking.id, "shipment", "open"))
        self.assertEqual(row.promised_on, fields.Date.to_date("2030-05-20"))
        self.assertEqual(row.order_ref, order.name)
        self.assertEqual(row.ordered_on, fields.Datetime.context_timestamp(row, order.date_order).date())

    def test_brought_back(self):
        """What is brought back to the till is a return."""
        order = self._order()
        picking = order.picking_ids
        action = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({"customer_return_reason": "Roto"})
            .action_create_returns_all()
        )
        back = self.env["stock.picking"].browse(action["res_id"])
        row = self._rows()
        self.assertEqual((row.source_id, row.kind, row.reason_text), (back.id, "return", "Roto"))
