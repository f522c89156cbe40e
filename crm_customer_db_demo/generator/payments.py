"""Registers the payments that have arrived, on the day they arrived.

What is not paid is left open: that is where arrears come from.
"""

from datetime import timedelta

from odoo import Command

# Of the payments of those who pay late, every so manieth is returned by the bank.
RETURNED_EVERY = 17


class Payments:
    """Money that customers sent, and money that went back over the counter."""

    def __init__(self, firm):
        self.firm = firm

    def make(self, planned):
        """Register payments day by day.

        :param planned: dict of ids of ``account.move`` → list of (day, share of the invoice)
        """
        days = {}
        for move in self.firm.env["account.move"].browse(planned):
            for day, share in planned[move.id]:
                days.setdefault((day, move.company_id), []).append((move, share))
        for (day, company), moves in sorted(days.items(), key=lambda item: (item[0][0], item[0][1].id)):
            self._day(self.firm.in_company(company), day, moves)
            self.firm.forget()

    def _day(self, env, day, moves):
        whole = env["account.move"]
        for move, share in moves:
            move = env["account.move"].browse(move.id)
            if share == 1.0:
                whole += move
            else:
                amount = move.currency_id.round(move.amount_total * share)
                self._register(move, day, amount)
        self._set_off(whole, day)
        whole = whole.filtered(lambda move: move.amount_residual > 0)
        if whole:
            self._register(whole, day)

    def _register(self, moves, day, amount=None):
        """Open the wizard *Register payment* on what these invoices leave to pay, and press its button."""
        lines = moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )
        # A customer pays what is due with one transfer.
        values = {"line_ids": [Command.set(lines.ids)], "payment_date": day, "group_payment": True}
        if amount:
            values.update(amount=amount, payment_difference_handling="open")
        moves.env["account.payment.register"].create(values).action_create_payments()

    def _set_off(self, moves, day):
        """Take open credit notes of the customer off what is paid, as customers do."""
        notes = moves.env["account.move"].search(
            [
                ("move_type", "=", "out_refund"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("commercial_partner_id", "in", moves.commercial_partner_id.ids),
                ("company_id", "=", moves.company_id.id),
                ("invoice_date", "<=", day),
            ]
        )
        for credit in notes:
            move = moves.filtered(
                lambda move, credit=credit: (
                    move.commercial_partner_id == credit.commercial_partner_id
                    and move.amount_residual >= credit.amount_residual
                )
            )[:1]
            line = credit.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
            )
            if move and line:
                move.js_assign_outstanding_line(line[:1].id)

    def refund(self, consumers):
        """Private persons get their money back at once.

        :param consumers: ``res.partner`` records
        """
        for company in self.firm.companies:
            env = self.firm.in_company(company)
            notes = env["account.move"].search(
                [
                    ("move_type", "=", "out_refund"),
                    ("state", "=", "posted"),
                    ("payment_state", "=", "not_paid"),
                    ("partner_id", "in", consumers.ids),
                    ("company_id", "=", company.id),
                ]
            )
            for credit in notes:
                self._register(credit, credit.invoice_date)

    def come_back(self, customers, today):
        """The bank takes back some of the payments of those who pay late.

        :param customers: ``res.partner`` records
        :param today: date
        """
        payments = self.firm.env["account.payment"].search(
            [("partner_id.commercial_partner_id", "in", customers.ids), ("company_id", "=", self.firm.main.id)],
            order="date, id",
        )
        for number, payment in enumerate(payments[5::RETURNED_EVERY]):
            back = min(payment.date + timedelta(days=4), today)
            env = self.firm.in_company(payment.company_id)
            wizard = env["crm.customer.payment.return.wizard"].create(
                {
                    "payment_id": payment.id,
                    "date": back,
                    "reason": "funds",
                    "reason_text": ("AM04 Fondos insuficientes", "MS03 Sin motivo")[number % 2],
                    "charges": 12.5,
                    "charges_account_id": False,
                }
            )
            wizard.action_confirm()
            due = payment.customer_return_ids.line_ids.move_id
            again = back + timedelta(days=21)
            # Most pay when they are reminded.
            if number % 3 and again <= today:
                self._day(env, again, [(move, 1.0) for move in due])
            self.firm.forget()
