# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import StockFeedCommon


class TestDelivery(StockFeedCommon):
    """Goods on their way to a customer: promised, late, in parts, cancelled."""

    def test_promised_then_delivered(self):
        """A confirmed transfer is an open delivery; it is solved when the goods have left."""
        picking = self._delivery(origin="Pedido 7", user_id=self.user_stock.id)
        row = self._row(picking)
        self.assertEqual((row.kind, row.state, row.solved_on), ("shipment", "open", False))
        self.assertEqual(row.promised_on, self._date("2026-03-10"))
        self.assertEqual(row.partner_id, self.address)
        self.assertEqual(row.commercial_partner_id, self.customer)
        self.assertEqual(row.company_id, self.company_a)
        self.assertEqual((row.subject, row.order_ref), (picking.name, "Pedido 7"))
        self.assertEqual(row.user_id, self.user_stock)
        self.assertEqual((row.source_model, row.source_id), ("stock.picking", picking.id))
        self.assertEqual(row.source_ref, f"stock.picking,{picking.id}")
        self.assertEqual(str(row.date), "2026-03-10 10:00:00", "it is to come on the day it is promised for")
        self._validate(picking, on="2026-03-12 23:30:00")
        again = self._row(picking)
        self.assertEqual(again, row)
        self.assertEqual((row.state, row.solved_on), ("solved", self._date("2026-03-13")), "the day is Madrid's")
        self.assertEqual(row.promised_on, self._date("2026-03-10"), "the promise stays what it was")
        self.assertEqual(str(row.date), "2026-03-12 23:30:00")
        self.assertTrue(row.is_late)
        self._assert_complete()

    def test_draft_promises_nothing(self):
        """A draft is not yet a delivery, and without a contact it is nobody's."""
        self.assertFalse(self._row(self._delivery(confirm=False)))
        picking = self._delivery(partner_id=False)
        self.assertFalse(self._row(picking))
        picking.partner_id = self.customer
        self.assertEqual(self._row(picking).partner_id, self.customer)

    def test_late(self):
        """Late is what was delivered after its day, and what is open although the day is over."""
        early, late, overdue, due = (self._delivery() for _number in range(4))
        (overdue + due).scheduled_date = "2026-03-10 10:00:00"
        self._validate(early, on="2026-03-10 20:00:00")
        self._validate(late, on="2026-03-11 09:00:00")
        due.scheduled_date = "2026-03-20 10:00:00"
        rows = self._row(early) + self._row(late) + self._row(overdue) + self._row(due)
        with freeze_time("2026-03-15 12:00:00"):
            rows.invalidate_recordset(["is_late"])
            self.assertEqual(rows.mapped("is_late"), [False, True, True, False])
            found = self.Fulfilment.search([("id", "in", rows.ids), ("is_late", "=", True)], order="id")
            self.assertEqual(found, self._row(late) + self._row(overdue))
            found = self.Fulfilment.search([("id", "in", rows.ids), ("is_late", "=", False)], order="id")
            self.assertEqual(found, self._row(early) + self._row(due))

    def test_rescheduled(self):
        """Without an order's promise the plan is the promise."""
        picking = self._delivery()
        picking.scheduled_date = "2026-04-01 08:00:00"
        self.assertEqual(self._row(picking).promised_on, self._date("2026-04-01"))
        picking.move_ids.date_deadline = "2026-03-30 08:00:00"
        self.assertEqual(self._row(picking).promised_on, self._date("2026-03-30"))

    def test_in_parts(self):
        """What follows later is a delivery of its own."""
        picking = self._delivery(lines=[(self.product, 5), (self.other_product, 2)])
        rest = self._validate(picking, {self.product: 3, self.other_product: 2})
        first, second = self._row(picking), self._row(rest)
        self.assertEqual((first.state, second.state), ("solved", "open"))
        self.assertEqual(second.promised_on, self._date("2026-03-10"))
        self._validate(rest)
        self.assertEqual(self._row(rest).state, "solved")
        self._assert_complete()

    def test_rest_not_delivered(self):
        """Nobody waits for what will not follow."""
        picking = self._delivery()
        rest = self._validate(picking, {self.product: 3}, backorder=False)
        self.assertFalse(rest)
        self.assertEqual(self.Fulfilment.search_count([("commercial_partner_id", "=", self.customer.id)]), 1)
        self._assert_complete()

    def test_cancelled_and_deleted(self):
        """What is cancelled was not delivered and is no longer promised."""
        picking, other = self._delivery(), self._delivery()
        self.assertEqual(len(self._row(picking) + self._row(other)), 2)
        picking.action_cancel()
        self.assertFalse(self._row(picking))
        manager = self.user_stock
        manager.group_ids += self.env.ref("stock.group_stock_manager")
        gone = other.id
        other.action_cancel()
        other.unlink()
        self.assertFalse(self.Fulfilment.search([("feed", "=", "stock"), ("source_id", "in", (picking.id, gone))]))
        self._assert_complete()

    def test_deleted_while_promised(self):
        """A transfer that is deleted takes its row along."""
        picking = self._delivery(confirm=False)
        picking.action_confirm()
        self.assertTrue(self._row(picking))
        gone = picking.id
        picking.sudo().unlink()
        self.assertFalse(self.Fulfilment.search([("source_model", "=", "stock.picking"), ("source_id", "=", gone)]))

    def test_moved_to_another_customer(self):
        """A delivery follows its contact, to another customer and with its firm."""
        picking = self._delivery()
        self._validate(picking)
        other = self._partner(name="Otra")
        picking.sudo().partner_id = other
        self.assertEqual(self._row(picking).commercial_partner_id, other)
        other.parent_id = self.customer
        other.is_company = False
        self.assertEqual(self._row(picking).commercial_partner_id, self.customer)
        self._assert_complete()

    def test_merged_customer(self):
        """Merging contacts moves their deliveries."""
        picking = self._delivery()
        target = self._partner(name="Olid Transportes")
        self._row(picking)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.address + target).ids, target)
        self.assertEqual(self._row(picking).partner_id, target)
        self.assertEqual(self._row(picking).commercial_partner_id, target)
        self._assert_complete()

    def test_only_the_last_step(self):
        """Picking and packing deliver nothing; the last step does."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        before = self.Fulfilment.search_count([])
        self.env["stock.rule"].run(
            [
                self.env["stock.rule"].Procurement(
                    self.product,
                    5,
                    self.product.uom_id,
                    self.customers,
                    "P1",
                    "P1",
                    self.company_a,
                    {
                        "warehouse_id": self.warehouse,
                        "partner_id": self.address.id,
                        "date_planned": fields.Datetime.to_datetime("2026-05-04 10:00:00"),
                        "date_deadline": fields.Datetime.to_datetime("2026-05-05 10:00:00"),
                    },
                )
            ]
        )
        moves = self.env["stock.move"].search([("product_id", "=", self.product.id)])
        steps = 0
        while moves.picking_id.filtered(lambda picking: picking.state != "done"):
            picking = moves.picking_id.filtered(lambda picking: picking.state != "done")[0]
            final = picking.location_dest_id == self.customers
            self.assertEqual(bool(self._row(picking)), final, picking.name)
            self._validate(self._as(self.user_stock, picking))
            moves = self.env["stock.move"].search([("product_id", "=", self.product.id)])
            steps += 1
        self.assertEqual(steps, 3)
        self.assertEqual(self.Fulfilment.search_count([]), before + 1)
        row = self._row(picking)
        self.assertEqual((row.state, row.promised_on), ("solved", self._date("2026-05-05")))
        self._assert_complete()

    def test_never_what_stays_or_comes(self):
        """Internal transfers and receipts, and goods sent back to a vendor, concern no customer."""
        stock = self.warehouse.lot_stock_id
        shelf = self.env["stock.location"].create({"name": "Estante", "location_id": stock.id})
        transit = self.env["stock.location"].create({"name": "Camino", "usage": "transit", "company_id": False})
        receipt = self._transfer(self.warehouse.in_type_id, self.suppliers, stock)
        self._validate(receipt)
        back = self._returned(receipt)
        self.assertEqual((back.picking_type_code, back.location_dest_id.usage), ("outgoing", "supplier"))
        others = (
            receipt,
            back,
            self._transfer(self.warehouse.int_type_id, stock, shelf),
            self._transfer(self.warehouse.int_type_id, stock, self.customers),
            self._transfer(self.warehouse.out_type_id, stock, transit),
        )
        for picking in others:
            if picking.state != "done":
                self._validate(picking)
            self.assertFalse(self._row(picking), picking.name)
        self._assert_complete()

    def test_straight_from_the_vendor(self):
        """What the vendor sends to the customer is the customer's delivery, not the vendor's."""
        vendor = self._partner(name="Proveedor")
        picking = self._transfer(self.warehouse.out_type_id, self.suppliers, self.customers, partner_id=vendor.id)
        self.assertEqual(self._row(picking).partner_id, vendor, "nobody else is named")
        picking.move_ids.partner_id = self.address
        self.assertEqual(self._row(picking).partner_id, self.address)
        self._validate(picking)
        self.assertEqual(self._row(picking).state, "solved")
        self._assert_complete()

    def test_two_companies(self):
        """A delivery belongs to the company of its warehouse, and the other one does not see it."""
        mine, theirs = self._delivery(), self._delivery(warehouse=self.warehouse_b)
        self.assertEqual(self._row(theirs).company_id, self.company_b)
        seen = self._as(self.user_sales_all, self.Fulfilment, self.company_a).search([("feed", "=", "stock")])
        self.assertIn(self._row(mine).id, seen.ids)
        self.assertNotIn(self._row(theirs).id, seen.ids)

    def test_branch(self):
        """A branch's deliveries are the branch's."""
        branch = self.env["res.company"].create({"name": "Sucursal", "parent_id": self.company_a.id})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", branch.id)], limit=1)
        warehouse = warehouse or self.env["stock.warehouse"].create(
            {"name": "Sucursal", "code": "SUC", "company_id": branch.id}
        )
        self.user_stock.company_ids += branch
        picking = self._delivery(warehouse=warehouse)
        self.assertEqual(self._row(picking).company_id, branch)

    def test_archived_customer(self):
        """Archiving the customer changes nothing."""
        picking = self._delivery()
        self._validate(picking)
        self.customer.with_context(active_test=False).child_ids.active = False
        self.customer.active = False
        self.assertEqual(self._row(picking).commercial_partner_id, self.customer)
        self._assert_complete()

    def test_rights(self):
        """The warehouse needs no right on deliveries; who reads the file sees the row and not the transfer."""
        picking = self._delivery()
        row = self._row(picking)
        with self.assertRaises(AccessError):
            self._as(self.user_stock, row).check_access("read")
        seen = self._as(self.user_customer, row)
        self.assertEqual(seen.subject, picking.name)
        with self.assertRaisesRegex(UserError, "not the document itself"):
            seen.action_open_document()
        with self.assertRaises(AccessError):
            self._as(self.user_manager, row).write({"state": "solved"})
        both = self.user_customer
        both.group_ids += self.env.ref("stock.group_stock_user")
        action = self._as(both, row).action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("stock.picking", picking.id))

    def test_backfill(self):
        """Transfers from before the installation are brought in."""
        done, open_, back = self._delivery(), self._delivery(), self._delivery()
        self._validate(done)
        self._validate(back)
        back = self._returned(back, reason="Roto")
        rows = self._row(done) + self._row(open_) + self._row(back)
        expected = [(row.kind, row.state, row.reason_text) for row in rows]
        self.env.cr.execute("DELETE FROM crm_customer_fulfilment WHERE feed = 'stock'")
        self.env.invalidate_all()
        state = self._state()
        state.action_backfill()
        self.assertTrue(state._backfill())
        rows = self._row(done) + self._row(open_) + self._row(back)
        self.assertEqual([(row.kind, row.state, row.reason_text) for row in rows], expected)
        self.assertEqual([kind for kind, *_rest in expected], ["shipment", "shipment", "return"])
        self.env.cr.execute("UPDATE crm_customer_fulfilment SET promised_on = NULL WHERE id = %s", [rows[1].id])
        self.env.invalidate_all()
        self.assertEqual(state._audit(mend=True), {self.feed._name: [open_.id]})
        self.assertEqual(rows[1].promised_on, self._date("2026-03-10"))

    def test_a_hundred_lines(self):
        """A transfer of a hundred lines costs as few queries as one of two."""

        def cost(count):
            picking = self._delivery(lines=[(self.product, 1), (self.other_product, 1)] * (count // 2), confirm=False)
            self.env.flush_all()
            self.env.cr.precommit.run()
            picking.action_confirm()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env.cr.precommit.run()
            return self.env.cr.sql_log_count - before

        cost(2)
        self.assertLessEqual(cost(2), 4)
        self.assertLessEqual(cost(100), 4)

    def test_plan_of_the_query(self):
        """What one transfer is asked for is found by indexes, not by reading all of them."""
        picking = self._delivery()
        self.env.flush_all()
        query = self.feed._query([picking.id], fields.Date.today())
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(line for (line,) in self.env.execute_query(SQL("EXPLAIN %s", query)))
        for table in ("stock_move", "stock_picking"):
            self.assertNotIn(f"Seq Scan on {table} ", plan)

    def test_lines_added_later(self):
        """A transfer whose goods change stays one row with the same promise."""
        picking = self._delivery()
        row = self._row(picking)
        picking.move_ids = [
            Command.create(
                {
                    "product_id": self.other_product.id,
                    "product_uom_qty": 1,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        picking.action_confirm()
        self.assertEqual(self._row(picking), row)
        picking.action_cancel()
        self.assertFalse(self._row(picking))
