# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form

from .common import StockFeedCommon


class TestReturn(StockFeedCommon):
    """Goods that come back, and what the customer gets for them."""

    def _delivered(self, lines=None, on="2026-03-09 10:00:00", **vals):
        picking = self._delivery(lines=lines, **vals)
        self._validate(picking, on=on)
        return picking

    def test_return(self):
        """A return is open until the goods are here, with the customer's reason."""
        picking = self._delivered(origin="Pedido 7")
        back = self._returned(picking, quantity=2, reason="Talla equivocada")
        row = self._row(back)
        self.assertEqual((row.kind, row.state, row.promised_on), ("return", "open", False))
        self.assertEqual(row.reason_text, "Talla equivocada")
        self.assertEqual(row.partner_id, self.address)
        self._validate(back, on="2026-03-20 10:00:00")
        self.assertEqual(self._row(back), row)
        self.assertEqual((row.state, row.solved_on), ("solved", self._date("2026-03-20")))
        self.assertEqual(str(row.date), "2026-03-20 10:00:00")
        self.assertFalse(row.is_late)
        self.assertEqual(self._row(picking).state, "solved", "the delivery stays a delivery")
        back.customer_return_reason = "Defectuoso"
        self.assertEqual(self._row(back).reason_text, "Defectuoso")
        self._assert_complete()

    def test_screens(self):
        """The wizard asks for the reason where a customer returns goods, the transfer shows it."""
        picking = self._delivered()
        form = Form(
            picking.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
        )
        form.customer_return_reason = "Roto"
        wizard = form.save()
        wizard.action_create_returns_all()
        back = picking.return_ids
        self.assertEqual((back.customer_return_reason, back.customer_is_return), ("Roto", True))
        self.assertFalse(picking.customer_is_return)
        with Form(back) as form:
            form.customer_return_reason = "Muy roto"
        self.assertEqual(self._row(back).reason_text, "Muy roto")
        receipt = self._transfer(self.warehouse.in_type_id, self.suppliers, self.warehouse.lot_stock_id)
        self._validate(receipt)
        wizard = self._wizard(receipt, reason="nada")
        self.assertFalse(wizard.customer_is_delivery)
        wizard.action_create_returns()
        self.assertFalse(receipt.return_ids.customer_return_reason)

    def test_returned_twice(self):
        """What comes back in two goes is two returns."""
        picking = self._delivered()
        first, second = self._returned(picking, 2, "Roto"), self._returned(picking, 3, "Sobra")
        self._validate(first)
        rows = self._row(first) + self._row(second)
        self.assertEqual(rows.mapped("kind"), ["return", "return"])
        self.assertEqual(rows.mapped("state"), ["solved", "open"])
        self.assertEqual(rows.mapped("reason_text"), ["Roto", "Sobra"])

    def test_return_in_parts(self):
        """The rest of a return is a return, with the same reason."""
        back = self._returned(self._delivered(), 5, "Roto")
        rest = self._validate(back, {self.product: 3})
        self.assertFalse(rest.return_id, "Odoo forgets whose return it is")
        rows = self._row(back) + self._row(rest)
        self.assertEqual(rows.mapped("kind"), ["return", "return"])
        self.assertEqual(rows.mapped("state"), ["solved", "open"])
        self.assertEqual(rows.mapped("reason_text"), ["Roto", "Roto"])
        self._assert_complete()

    def test_return_without_a_delivery(self):
        """Goods may come back that were delivered before Odoo."""
        back = self._transfer(
            self.warehouse.in_type_id,
            self.customers,
            self.warehouse.lot_stock_id,
            customer_return_reason="Garantía",
        )
        self.assertTrue(back.customer_is_return)
        self.assertEqual((self._row(back).kind, self._row(back).reason_text), ("return", "Garantía"))

    def test_cancelled_return(self):
        """A return that does not take place has not happened."""
        back = self._returned(self._delivered(), 1)
        self.assertTrue(self._row(back))
        back.action_cancel()
        self.assertFalse(self._row(back))

    def test_return_of_a_return(self):
        """Goods that go back to the customer make the return an exchange, solved when he has them."""
        back = self._returned(self._delivered(), 2, "Roto")
        self._validate(back, on="2026-03-20 10:00:00")
        again = self._returned(back, 2)
        self.assertFalse(again.customer_return_reason)
        row = self._row(back)
        self.assertEqual((row.kind, row.state, row.solved_on), ("exchange", "open", False))
        self.assertEqual(row.reason_text, "Roto")
        self.assertEqual((self._row(again).kind, self._row(again).state), ("shipment", "open"))
        self._validate(again, on="2026-03-25 10:00:00")
        self.assertEqual(self._row(back), row)
        self.assertEqual((row.state, row.solved_on), ("solved", self._date("2026-03-25")))
        self.assertEqual(str(row.date), "2026-03-20 10:00:00")
        third = self._returned(again, 2, "Otra vez")
        self.assertEqual((self._row(third).kind, self._row(back).kind), ("return", "exchange"))
        self._assert_complete()

    def test_return_of_a_return_cancelled(self):
        """Goods that don't go back after all leave a plain return."""
        back = self._returned(self._delivered(), 2)
        self._validate(back, on="2026-03-20 10:00:00")
        again = self._returned(back, 2)
        self.assertEqual(self._row(back).kind, "exchange")
        again.action_cancel()
        row = self._row(back)
        self.assertEqual((row.kind, row.state, row.solved_on), ("return", "solved", self._date("2026-03-20")))
        again.sudo().unlink()
        self.assertEqual(self._row(back).kind, "return")
        self._assert_complete()

    def test_exchange(self):
        """“Return for Exchange”: one row for the return, solved when the other goods have arrived."""
        picking = self._delivered()
        back, sent = self._exchanged(picking, 2, "Talla")
        self.assertEqual(sent.location_dest_id, self.customers)
        self.assertNotEqual(sent, picking)
        sent.scheduled_date = "2026-04-01 10:00:00"
        row = self._row(back)
        self.assertEqual((row.kind, row.state, row.reason_text), ("exchange", "open", "Talla"))
        self.assertEqual(row.promised_on, self._date("2026-04-01"))
        self._validate(back, on="2026-03-20 10:00:00")
        self.assertEqual(self._row(back).state, "open", "the customer still waits")
        self._validate(sent, on="2026-04-03 10:00:00")
        self.assertEqual(self._row(back), row)
        self.assertEqual((row.state, row.solved_on), ("solved", self._date("2026-04-03")))
        self.assertTrue(row.is_late)
        self.assertEqual(self._row(sent).kind, "shipment")
        self._assert_complete()

    def test_exchange_not_delivered(self):
        """Other goods that are not sent after all leave a plain return."""
        back, sent = self._exchanged(self._delivered(), 2)
        self._validate(back, on="2026-03-20 10:00:00")
        sent.action_cancel()
        row = self._row(back)
        self.assertEqual((row.kind, row.state, row.solved_on), ("return", "solved", self._date("2026-03-20")))
        self.assertFalse(self._row(sent))
        self._assert_complete()

    def test_exchange_in_parts(self):
        """An exchange is solved when the last of the other goods has arrived."""
        back, sent = self._exchanged(self._delivered(), 5)
        rest = self._validate(sent, {self.product: 3}, on="2026-04-02 10:00:00")
        self.assertEqual(rest.move_ids.customer_return_id, back)
        self.assertEqual(self._row(back).state, "open")
        self._validate(rest, on="2026-04-09 10:00:00")
        self.assertEqual(self._row(back).solved_on, self._date("2026-04-09"))
        self._assert_complete()

    def test_exchange_in_steps(self):
        """Picking the other goods is not yet an exchange, their way to the customer is."""
        picking = self._delivered()
        self.warehouse.delivery_steps = "pick_ship"
        back, sent = self._exchanged(picking, 2)
        self._validate(back)
        self.assertNotIn(self.customers, sent.location_dest_id)
        self.assertEqual((self._row(back).kind, self._row(back).state), ("exchange", "open"))
        self._validate(sent)
        self.assertEqual((self._row(back).kind, self._row(back).state), ("exchange", "open"))
        last = sent.move_ids.move_dest_ids.picking_id
        self.assertEqual(last.location_dest_id, self.customers)
        self._validate(last)
        self.assertEqual((self._row(back).kind, self._row(back).state), ("exchange", "solved"))
        self._assert_complete()

    def test_exchanged_goods_come_back(self):
        """What was sent instead may be returned as well, and replaces nothing then."""
        back, sent = self._exchanged(self._delivered(), 2)
        self._validate(back)
        self._validate(sent)
        third = self._returned(sent, 2, "Tampoco")
        self.assertFalse(third.move_ids.customer_return_id)
        self.assertEqual((self._row(third).kind, self._row(back).kind), ("return", "exchange"))
        self._assert_complete()

    def test_deleted_exchange(self):
        """Deleting the other goods' transfer, or the return, leaves what is left of them right."""
        back, sent = self._exchanged(self._delivered(), 2)
        sent.action_cancel()
        sent.sudo().unlink()
        self.assertEqual(self._row(back).kind, "return")
        other, sent = self._exchanged(self._delivered(), 2)
        gone = other.id
        other.action_cancel()
        other.sudo().unlink()
        self.assertFalse(self.Fulfilment.search([("feed", "=", "stock"), ("source_id", "=", gone)]))
        self.assertEqual(self._row(sent).kind, "shipment")
        self.assertFalse(sent.move_ids.customer_return_id)
        self._assert_complete()

    def test_context_does_not_leak(self):
        """What is procured after an exchange replaces nothing."""
        picking = self._delivered()
        action = self._wizard(picking, 1).action_create_exchanges()
        self.assertNotIn("customer_exchange_wizard_id", action["context"])
        self.assertEqual(action["res_id"], picking.return_ids.id)
