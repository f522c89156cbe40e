# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

import pytz

from .common import StockFeedCommon

MADRID = pytz.timezone("Europe/Madrid")
STEPS = 60


class TestRandom(StockFeedCommon):
    """Whatever the warehouse does, in whatever order: rows are what Python says they should be."""

    def test_any_order(self):
        """Sixty things done at random; after each, nothing differs from the transfers."""
        for seed in (1, 2):
            with self.subTest(seed=seed):
                self._run(random.Random(seed))

    def _run(self, dice):
        self.customers_at_hand = [self.customer, self.address, self._partner(name="Otra"), self._person()]
        self.pickings = self._as(self.user_stock, self.env["stock.picking"])
        done = []
        actions = (
            self._do_deliver,
            self._do_deliver,
            self._do_validate,
            self._do_validate,
            self._do_validate,
            self._do_return,
            self._do_return,
            self._do_exchange,
            self._do_cancel,
            self._do_plan,
            self._do_move,
            self._do_reason,
            self._do_delete,
            self._do_reparent,
        )
        for _step in range(STEPS):
            action = dice.choice(actions)
            done.append(action.__name__)
            action(dice)
            self.pickings = self.pickings.exists()
            self._compare(done)

    def _compare(self, done):
        rows = self.Fulfilment.search([("feed", "=", "stock"), ("company_id", "in", (self.company_a.id,))])
        found = {row.source_id: self._said(row) for row in rows}
        expected = {}
        for picking in self.env["stock.picking"].sudo().search([("company_id", "=", self.company_a.id)]):
            said = self._expected(picking)
            if said:
                expected[picking.id] = said
        self.maxDiff = None
        self.assertEqual(found, expected, done)
        self._assert_complete()

    def _said(self, row):
        names = ("kind", "state", "promised_on", "solved_on", "date", "reason_text")
        return {
            **{name: row[name] for name in names},
            "partner": row.partner_id.id,
            "customer": row.commercial_partner_id.id,
        }

    def _expected(self, picking):
        """What the row of a transfer should say, None where it should have none."""
        outward = picking.location_dest_id.usage == "customer"
        inward = picking.location_id.usage == "customer"
        if picking.state in ("draft", "cancel") or outward == inward or not picking.partner_id:
            return None
        if picking.picking_type_code == "internal":
            return None
        promise = picking.date_deadline or picking.scheduled_date
        said = {
            "kind": "shipment" if outward else "return",
            "promised_on": self._day(promise) if outward else False,
            "date": picking.date_done if picking.state == "done" else promise,
            "reason_text": not outward and picking.customer_return_reason,
            "partner": picking.partner_id.id,
            "customer": picking.partner_id.commercial_partner_id.id,
        }
        ended = picking.state == "done" and picking.date_done
        again = self.env["stock.move"].sudo() if outward else self._again(picking)
        if again:
            said["kind"] = "exchange"
            said["promised_on"] = self._day(min(move.date_deadline or move.picking_id.scheduled_date for move in again))
            complete = all(move.state == "done" for move in again)
            ended = complete and max(again.picking_id.mapped("date_done"))
        said["solved_on"] = self._day(ended) if ended else False
        said["state"] = "solved" if ended else "open"
        return said

    def _again(self, picking):
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(["|", ("customer_return_id", "=", picking.id), ("picking_id.return_id", "=", picking.id)])
        )
        return moves.filtered(lambda move: move.state not in ("draft", "cancel"))

    def _day(self, moment):
        return pytz.utc.localize(moment).astimezone(MADRID).date()

    # ------------------------------------------------------------------- actions

    def _pick(self, dice, condition):
        found = self.pickings.filtered(condition)
        return found[dice.randrange(len(found))] if found else found

    def _do_deliver(self, dice):
        self.pickings += self._delivery(
            lines=[(self.product, dice.randint(2, 6)), (self.other_product, dice.randint(1, 3))],
            partner_id=dice.choice(self.customers_at_hand).id,
            confirm=dice.random() < 0.9,
            scheduled_date=f"2026-0{dice.randint(1, 9)}-10 22:{dice.randint(10, 59)}:00",
        )

    def _do_validate(self, dice):
        picking = self._pick(dice, lambda one: one.state in ("assigned", "confirmed"))
        if not picking:
            return
        quantities = None
        if dice.random() < 0.4:
            first = picking.move_ids[0]
            quantities = {first.product_id: max(1, first.product_uom_qty - 1)}
        self.pickings += self._validate(
            picking,
            quantities,
            backorder=dice.random() < 0.7,
            on=f"2026-0{dice.randint(1, 9)}-15 23:{dice.randint(10, 59)}:00" if dice.random() < 0.8 else None,
        )

    def _do_return(self, dice):
        picking = self._pick(dice, lambda one: one.state == "done" and sum(one.move_ids.mapped("quantity")) > 0)
        if picking:
            self.pickings += self._returned(picking, reason=dice.choice([None, "Roto", "Talla"]))

    def _do_exchange(self, dice):
        picking = self._pick(
            dice,
            lambda one: (
                one.state == "done"
                and one.location_dest_id == self.customers
                and sum(one.move_ids.mapped("quantity")) > 0
            ),
        )
        if picking:
            back, sent = self._exchanged(picking, reason="Cambio")
            self.pickings |= back + sent

    def _do_cancel(self, dice):
        self._pick(dice, lambda one: one.state not in ("done", "cancel")).action_cancel()

    def _do_plan(self, dice):
        picking = self._pick(dice, lambda one: one.state not in ("done", "cancel"))
        moment = f"2026-1{dice.randint(0, 2)}-05 22:45:00"
        if dice.random() < 0.5:
            picking.scheduled_date = moment
        else:
            picking.move_ids.date_deadline = moment

    def _do_move(self, dice):
        self._pick(dice, lambda one: True).partner_id = dice.choice(self.customers_at_hand)

    def _do_reason(self, dice):
        self._pick(dice, lambda one: one.customer_is_return).customer_return_reason = dice.choice(["Otra", False])

    def _do_delete(self, dice):
        picking = self._pick(dice, lambda one: one.state in ("draft", "cancel"))
        picking.sudo().unlink()

    def _do_reparent(self, dice):
        person = self.customers_at_hand[3]
        person.parent_id = dice.choice([self.customer, False])
