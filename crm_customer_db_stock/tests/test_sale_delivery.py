# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest import SkipTest

from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import StockFeedCommon


class TestSaleDelivery(StockFeedCommon):
    """What a delivery knows of its order, where orders bring about deliveries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "sale_line_id" not in cls.env["stock.move"]._fields:
            raise SkipTest("sale_stock is not installed")
        cls.user_sale = new_test_user(
            cls.env,
            login="cdb_stock_sale",
            groups="base.group_user,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company_a.id,
            company_ids=[Command.set(cls.company_a.ids)],
            tz="Europe/Madrid",
        )

    def _order(self, lines=None, confirm=True, **vals):
        lines = lines or [(self.product, 5, 10.0)]
        order = self._as(self.user_sale, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "partner_shipping_id": self.address.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                        }
                    )
                    for product, quantity, price in lines
                ],
                **vals,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _delivery_of(self, order):
        return self._as(self.user_stock, order.sudo().picking_ids)

    def test_order_and_promise(self):
        """The order's number and date, the date promised to the customer, the value of the goods."""
        order = self._order(
            lines=[(self.product, 5, 10.0), (self.other_product, 2, 30.0)],
            commitment_date="2026-06-01 22:30:00",
        )
        order.order_line[1].discount = 50
        order.date_order = "2026-05-20 10:00:00"
        picking = self._delivery_of(order)
        row = self._row(picking)
        self.assertEqual((row.order_ref, row.kind, row.state), (order.name, "shipment", "open"))
        self.assertEqual(row.promised_on, self._date("2026-06-02"), "the day in Madrid")
        self.assertEqual(row.partner_id, self.address)
        picking.scheduled_date = "2026-07-01 10:00:00"
        self.assertEqual(self._row(picking).promised_on, self._date("2026-06-02"), "our plan is not the promise")
        self._validate(picking, {self.product: 5, self.other_product: 1}, backorder=False)
        self.assertEqual(self._row(picking).state, "solved")
        self._mended()
        row = self._row(picking)
        self.assertEqual((row.amount, row.amount_currency, row.currency_id), (65, 65, self.euro))
        self.assertEqual(row.ordered_on, self._date("2026-05-20"))
        self._assert_complete()

    def _mended(self):
        """Without the addon of sales, prices changed later are found by the nightly comparison."""
        if "sale.order.line" not in self.feed._watch:
            state = self._state().sudo()
            state.state = "done"
            state.action_mend()

    def test_new_promise(self):
        """A new promise on the order is the delivery's."""
        order = self._order(commitment_date="2026-06-01 10:00:00")
        order.commitment_date = "2026-06-15 10:00:00"
        self.assertEqual(self._row(self._delivery_of(order)).promised_on, self._date("2026-06-15"))

    def test_changed_order(self):
        """More of the goods, another price: the delivery is worth what the order says."""
        order = self._order()
        picking = self._delivery_of(order)
        self.assertEqual(self._row(picking).amount, 50)
        order.order_line.product_uom_qty = 8
        self.assertEqual(self._row(picking).amount, 80)
        order.order_line.price_unit = 20
        self._mended()
        self.assertEqual(self._row(picking).amount, 160)
        order.order_line = [
            Command.create(
                {"product_id": self.other_product.id, "product_uom_qty": 1, "price_unit": 7, "tax_ids": False}
            )
        ]
        self.assertEqual(self._row(picking).amount, 167)
        order._action_cancel()
        self.assertFalse(self._row(picking))
        self._assert_complete()

    def test_another_unit(self):
        """Ordered by the dozen, delivered by the piece."""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(confirm=False)
        order.order_line.write({"product_uom_id": dozen.id, "product_uom_qty": 2})
        order.order_line.price_unit = 60
        order.action_confirm()
        picking = self._delivery_of(order)
        self.assertEqual(self._row(picking).amount, 120)
        picking.move_ids.write({"product_uom": self.product.uom_id.id, "product_uom_qty": 6})
        self.assertEqual(self._row(picking).amount, 30)

    def test_foreign_currency(self):
        """The value is kept in the order's currency and, at its rate, in the company's."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2026-01-01", "rate": 1.25, "company_id": self.company_a.id}
        )
        pricelist = self.env["product.pricelist"].create({"name": "USD", "currency_id": dollar.id})
        order = self._order(pricelist_id=pricelist.id)
        row = self._row(self._delivery_of(order))
        self.assertEqual((row.amount_currency, row.currency_id), (50, dollar))
        self.assertEqual(row.amount, 40)

    def test_services_and_sections(self):
        """A service delivers nothing; sections and notes are worth nothing."""
        service = self.env["product.product"].create({"name": "Montaje", "type": "service", "list_price": 99})
        order = self._order(lines=[(service, 1, 99.0)])
        self.assertFalse(order.sudo().picking_ids)
        order = self._order(lines=[(service, 1, 99.0), (self.product, 1, 10.0)], confirm=False)
        order.order_line = [Command.create({"display_type": "line_section", "name": "Sección"})]
        order.action_confirm()
        self.assertEqual(self._row(self._delivery_of(order)).amount, 10)

    def test_sold_as_a_set(self):
        """Parts of a set have no price of their own, and none is invented."""
        order = self._order()
        picking = self._delivery_of(order)
        self.env.cr.execute(
            "UPDATE stock_move SET product_id = %s WHERE picking_id = %s", [self.other_product.id, picking.id]
        )
        self.env.invalidate_all()
        picking.origin = "juego"
        row = self._row(picking)
        self.assertEqual((row.amount, row.amount_currency), (0, 0))
        known = SQL("SELECT amount IS NOT NULL FROM crm_customer_fulfilment WHERE id = %s", row.id)
        self.assertEqual(self.env.execute_query(known), [(False,)], "unknown, which is not nothing")

    def test_exchange_beside_the_rest(self):
        """Other goods that leave with the rest of the order replace the returned ones all the same."""
        order = self._order()
        picking = self._delivery_of(order)
        rest = self._validate(picking, {self.product: 3}, on="2026-03-10 10:00:00")
        back, sent = self._exchanged(picking, 2, "Roto")
        self.assertEqual(sent, rest, "Odoo sends both together")
        self.assertEqual(len(rest.move_ids), 2, "but not as one line")
        self._validate(back)
        row = self._row(back)
        self.assertEqual((row.kind, row.state, row.order_ref), ("exchange", "open", order.name))
        self.assertEqual(row.amount, 20)
        self._validate(rest, on="2026-03-20 10:00:00")
        self.assertEqual(self._row(back).solved_on, self._date("2026-03-20"))
        self.assertEqual(self._row(rest).kind, "shipment")
        self._assert_complete()

    def test_reduced_after_an_exchange(self):
        """Who wants the other goods no more has simply returned the first ones."""
        order = self._order()
        picking = self._delivery_of(order)
        self._validate(picking)
        back, sent = self._exchanged(picking, 5)
        self._validate(back)
        self.assertEqual(self._row(back).kind, "exchange")
        order.order_line.product_uom_qty = 0
        self.assertEqual(sent.state, "cancel")
        self.assertEqual((self._row(back).kind, self._row(back).state), ("return", "solved"))
        self.assertFalse(self._row(sent))
        self._assert_complete()

    def test_cost_of_an_order(self):
        """Confirming an order of a hundred lines costs at most five queries for its delivery."""

        def confirm(count):
            order = self._order(
                lines=[(self.product, 1, 1.0), (self.other_product, 1, 1.0)] * (count // 2), confirm=False
            )
            self.env.flush_all()
            self.env.cr.precommit.run()
            order.action_confirm()
            self.env.flush_all()
            pending = self.env.cr.precommit.data["crm_customer_db.pending"][self.feed._name]
            before = self.env.cr.sql_log_count
            self.feed._sync_changed(pending)
            cost = self.env.cr.sql_log_count - before
            self.env.cr.precommit.run()
            return cost

        confirm(2)
        self.assertLessEqual(confirm(100), 4)
