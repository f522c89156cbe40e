"""Validates the deliveries when they were planned to leave, and takes goods back."""

from .clock import chunks, utc

BATCH = 60
# No question about backorders and text messages: the answer is always yes and no.
VALIDATE = {"skip_backorder": True, "skip_sms": True}


class Deliveries:
    """Outgoing and returned goods of the orders."""

    def __init__(self, firm, rng, now):
        self.firm = firm
        self.rng = rng
        self.now = now

    def make(self, orders):
        """Deliver what was delivered by today; the rest stays reserved or waiting."""
        done = [order for order in orders if order.fate == "sale" and order.delivered]
        for batch in chunks(done, BATCH):
            self._first(batch)
            self._backorders([order for order in batch if order.backorder])
            self._services(batch)
            self.firm.forget()

    def _validate(self, dated):
        """Validate transfers and date them.

        Odoo dates a transfer to the moment it is validated; the real day is written
        right after, on the transfer, its moves and their lines.

        :param dated: dict of ``stock.picking`` → datetime
        """
        for company in self.firm.companies:
            mine = [picking for picking in dated if picking.company_id == company]
            if not mine:
                continue
            pickings = self.firm.in_company(company)["stock.picking"].browse([picking.id for picking in mine])
            answer = pickings.with_context(**VALIDATE).button_validate()
            if answer is not True:
                raise ValueError(f"Odoo asks a question instead of delivering: {answer}")
            for picking in pickings:
                moment = dated[picking]
                picking.date_done = moment
                picking.move_line_ids.date = moment

    def _first(self, orders):
        dated, quantities = {}, {}
        for order in orders:
            picking = order.record.picking_ids[:1]
            if not picking:
                continue  # services only
            for index, line in enumerate(order.record.order_line):
                for move in line.move_ids:
                    quantities[move] = order.partial.get(index, move.product_uom_qty)
            dated[picking] = self._moment(order.delivered, order)
        self._pick(quantities)
        self._validate(dated)

    def _backorders(self, orders):
        dated, quantities = {}, {}
        for order in orders:
            for picking in order.record.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")):
                quantities.update((move, move.product_uom_qty) for move in picking.move_ids)
                dated[picking] = self._moment(order.backorder, order)
        self._pick(quantities)
        self._validate(dated)

    def _pick(self, quantities):
        """Note what was taken from the shelves, as a storekeeper does line by line."""
        self.firm.env["stock.move.line"].create(
            [
                {
                    "move_id": move.id,
                    "picking_id": move.picking_id.id,
                    "company_id": move.company_id.id,
                    "product_id": move.product_id.id,
                    "product_uom_id": move.product_uom.id,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "quantity": quantity,
                    "picked": True,
                }
                for move, quantity in quantities.items()
            ]
        )

    def reserve_later(self, later):
        """Let orders reserve nothing when they are confirmed; or again at once.

        Almost all of them leave the warehouse a moment later; reserving goods for each
        of them first would take a quarter of the time.
        """
        types = self.firm.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "in", self.firm.companies.ids)]
        )
        types.reservation_method = "manual" if later else "at_confirm"
        if not later:
            waiting = self.firm.env["stock.picking"].search(
                [("picking_type_id", "in", types.ids), ("state", "in", ("confirmed", "waiting", "assigned"))]
            )
            waiting.action_assign()

    def _services(self, orders):
        """What the workshop did is noted on the order."""
        for order in orders:
            for line in order.record.order_line:
                if line.product_id.type == "service":
                    line.qty_delivered = line.product_uom_qty

    def take_back(self, orders):
        """Return part of an order through Odoo's return wizard, to be credited."""
        for order in orders:
            line = order.record.order_line[order.return_line]
            move = line.move_ids.filtered(lambda move: move.state == "done" and move.quantity)[:1]
            if not move:
                continue
            wizard = self.firm.in_company(order.record.company_id)["stock.return.picking"].create(
                {"picking_id": move.picking_id.id}
            )
            back = wizard.product_return_moves.filtered(lambda row, move=move: row.move_id == move)
            back.quantity = max(1, int(move.quantity * order.return_share))
            action = wizard.action_create_returns()
            picking = self.firm.env["stock.picking"].browse(action["res_id"])
            picking.move_ids.picked = True
            moment = self._moment(order.returned, order)
            picking.scheduled_date = moment
            self._validate({picking: moment})

    def _moment(self, day, order):
        return min(utc(day, 7 * 60 + order.minute // 2), self.now)
