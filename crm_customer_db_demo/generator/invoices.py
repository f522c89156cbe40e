"""Invoices what was delivered, credits what came back, and corrects mistakes."""

from datetime import timedelta

from odoo import Command

from . import catalogue

REBATE_RATE = 0.02


class Invoices:
    """Invoices and credit notes of both companies, posted in the order of their days."""

    def __init__(self, firm, shelves, today):
        self.firm = firm
        self.shelves = shelves
        self.today = today
        # Id of a customer invoice → planned payments (day, share).
        self.payments = {}

    def make(self, orders):
        """Invoice the orders day by day; those of a monthly customer together."""
        days = {}
        for order in orders:
            if order.fate == "sale" and order.invoiced:
                days.setdefault(order.invoiced, []).append(order)
        for day in sorted(days):
            for company in self.firm.companies:
                for monthly in (False, True):
                    mine = [o for o in days[day] if o.record.company_id == company and o.customer.monthly == monthly]
                    if mine:
                        self._invoice(company, day, mine, grouped=not monthly)
            self.firm.forget()

    def _invoice(self, company, day, orders, grouped):
        moves = self._records(company, day, orders)._create_invoices(grouped=grouped)
        moves.action_post()
        plans = {order.record.id: order for order in orders}
        for move in moves:
            order = plans[move.line_ids.sale_line_ids.order_id[:1].id]
            if order.correction:
                move = self._invoice_anew(move, day)
            self.payments[move.id] = order.paid

    def _records(self, company, day, orders):
        env = self.firm.in_company(company)
        ids = [order.record.id for order in orders]
        # Invoices are dated by the context, because _create_invoices() takes no date.
        return env["sale.order"].browse(ids).with_context(default_invoice_date=day)

    def _reversal(self, move, day, reason):
        env = self.firm.in_company(move.company_id)
        return env["account.move.reversal"].create(
            {
                "move_ids": [Command.set(move.ids)],
                "company_id": move.company_id.id,
                "date": day,
                "reason": reason,
                "journal_id": move.journal_id.id,
            }
        )

    def _invoice_anew(self, move, day):
        """A wrong invoice is reversed and made again a few days later."""
        later = min(day + timedelta(days=6), self.today)
        action = self._reversal(move, later, "Error en los datos de la factura").modify_moves()
        corrected = self.firm.in_company(move.company_id)["account.move"].browse(action["res_id"])
        corrected.invoice_date = later
        corrected.action_post()
        return corrected

    def credit(self, orders):
        """Credit notes for goods that came back after they were invoiced."""
        days = {}
        for order in orders:
            month_end = (order.returned.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
            day = order.returned if order.customer.kind == "consumer" else month_end
            if day <= self.today:
                days.setdefault((day, order.record.company_id), []).append(order)
        for (day, company), mine in sorted(days.items(), key=lambda item: (item[0][0], item[0][1].id)):
            moves = self._records(company, day, mine)._create_invoices(grouped=True, final=True)
            moves.action_post()

    def rebates(self, customers, people):
        """The yearly bonus of the best customers, as a credit note of one of their invoices."""
        day = self.today.replace(month=1, day=31)
        if day > self.today:
            day = day.replace(year=day.year - 1)
        first = day.replace(year=day.year - 1, month=1, day=1)
        last = first.replace(month=12, day=31)
        env = self.firm.in_company(self.firm.main)
        for customer in customers:
            if customer.rhythm != "champion":
                continue
            invoices = env["account.move"].search(
                [
                    ("commercial_partner_id", "=", people.records[customer.number].id),
                    ("company_id", "=", self.firm.main.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("invoice_date", ">=", first),
                    ("invoice_date", "<=", last),
                ]
            )
            if not invoices:
                continue
            bonus = round(sum(invoices.mapped("amount_untaxed")) * REBATE_RATE, 2)
            action = self._reversal(invoices[0], day, f"Rappel {first.year}").refund_moves()
            credit = env["account.move"].browse(action["res_id"])
            credit.write(
                {
                    "invoice_origin": False,
                    "invoice_line_ids": [
                        Command.clear(),
                        Command.create(
                            {
                                "product_id": self.shelves.products[catalogue.REBATE].id,
                                "quantity": 1,
                                "price_unit": bonus,
                            }
                        ),
                    ],
                }
            )
            credit.action_post()
