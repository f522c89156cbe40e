"""Makes the planned orders and quotations, and confirms or loses them."""

from datetime import timedelta

from odoo import Command

from .clock import chunks, utc

BATCH = 60


class Sales:
    """Orders of both companies, in the order of their days."""

    def __init__(self, firm, people, shelves, rng, now):
        self.firm = firm
        self.people = people
        self.products = shelves.products
        self.rng = rng
        self.now = now

    def make(self, orders):
        for batch in chunks(orders, BATCH):
            for key, company in (("main", self.firm.main), ("service", self.firm.service)):
                mine = [order for order in batch if order.firm == key]
                if mine:
                    self._write(self.firm.in_company(company), mine)
            self.firm.forget()

    def _write(self, env, orders):
        records = env["sale.order"].create([self._values(order) for order in orders])
        for order, record in zip(orders, records, strict=True):
            order.record = record
        self._quote(self._of(env, orders, self._is_quoted))
        self._of(env, orders, lambda order: order.ordered).action_confirm()
        # Confirming dates an order to this moment, like somebody who clicks the button.
        for order in orders:
            if order.ordered:
                order.record.date_order = self._moment(order)
        self._of(env, orders, lambda order: order.fate in ("lost", "cancelled"))._action_cancel()

    def _is_quoted(self, order):
        """Whether a quotation was sent before: always to whom does not order, else to firms that ask for one."""
        if order.fate in ("sent", "expired", "lost"):
            return True
        return order.ordered and order.customer.kind == "company" and self.rng.random() < 0.3

    def _quote(self, records):
        """Send quotations, each a few days before it may become an order.

        Odoo dates the sending to this moment, like somebody who clicks the button.
        """
        records.action_quotation_sent()
        for record in records:
            record.customer_sent_on = record.date_order - timedelta(hours=self.rng.randint(4, 120))

    def _of(self, env, orders, wanted):
        return env["sale.order"].browse([order.record.id for order in orders if wanted(order)])

    def _moment(self, order):
        return min(utc(order.day, order.minute), self.now)

    def _values(self, order):
        customer = order.customer
        partner = self.people.records[customer.number]
        site = self.people.sites[customer.number][order.site] if order.site is not None else partner
        values = {
            "partner_id": partner.id,
            "partner_shipping_id": site.id,
            "partner_invoice_id": partner.id,
            "date_order": self._moment(order),
            "validity_date": order.day + timedelta(days=30),
            "user_id": self._salesperson(order, partner).id,
            "team_id": self.firm.team.id,
            "payment_term_id": self.firm.terms[customer.term].id,
            "order_line": [
                Command.create(
                    {
                        "product_id": self.products[line.code].id,
                        "product_uom_qty": line.quantity,
                        "discount": line.discount,
                    }
                )
                for line in order.lines
            ],
        }
        if order.promised:
            values["commitment_date"] = utc(order.promised, 18 * 60)
        if customer.kind == "company" and self.rng.random() < 0.4:
            values["client_order_ref"] = f"PC-{order.day:%y}{self.rng.randint(100, 9999):04d}"
        if customer.values.get("customer_origin_id") == "WEB" and self.rng.random() < 0.5:
            values["medium_id"] = self.firm.env.ref("utm.utm_medium_website").id
        return values

    def _salesperson(self, order, partner):
        """Marta works for the main company only; who belongs to nobody is served by Jorge."""
        users = self.firm.users
        if not partner.user_id or (order.firm == "service" and partner.user_id == users["marta"]):
            return users["jorge"]
        return partner.user_id
