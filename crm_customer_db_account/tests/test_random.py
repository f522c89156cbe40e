# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .common import AccountFeedCommon

SALES = ("out_invoice", "out_receipt", "out_refund")


class TestRandom(AccountFeedCommon):
    """Whatever an accountant does in whatever order, the customer file says what the documents say."""

    def setUp(self):
        super().setUp()
        self.today = date(2026, 3, 1)
        self.partners = [self.customer, self.buyer, self._partner(name="Otra", email="o@o.es")]

    # ------------------------------------------------- what the documents say, in Python

    def _expected_purchases(self):
        moves = self.env["account.move"].search([("company_id", "in", self.companies.ids), ("move_type", "in", SALES)])
        expected = {}
        for move in moves.filtered(lambda move: move.state == "posted" and move.partner_id):
            for line in move.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
                sign = -1 if move.move_type == "out_refund" else 1
                expected[line.id] = (
                    move.partner_id.id,
                    move.partner_id.commercial_partner_id.id,
                    move.company_id.id,
                    str(move.invoice_date),
                    move.name,
                    line.product_id.id,
                    line.quantity * sign,
                    round(-line.balance, 2),
                    round(line.price_subtotal * sign, 2),
                    line.currency_id.id,
                )
        return expected

    def _found_purchases(self):
        rows = self.Purchase.search([("feed", "=", "account"), ("company_id", "in", self.companies.ids)])
        return {
            int(row.source_ref.rpartition(",")[2]): (
                row.partner_id.id,
                row.commercial_partner_id.id,
                row.company_id.id,
                str(row.day),
                row.order_ref,
                row.product_id.id,
                row.quantity,
                round(row.amount_invoiced, 2),
                round(row.amount_currency, 2),
                row.currency_id.id,
            )
            for row in rows
        }

    def _settlements(self, line):
        """What has settled an instalment: (day, amount), in the currency of the invoice."""
        parts = [(part.max_date, part.debit_amount_currency) for part in line.matched_credit_ids]
        backs = self.env["crm.customer.payment.return.line"].search([("line_id", "=", line.id)])
        parts += [(back.paid_on, back.amount_currency) for back in backs if back.return_id.state == "done"]
        return sorted(parts)

    def _expected_arrears(self):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "in", self.companies.ids),
                ("display_type", "=", "payment_term"),
                ("parent_state", "=", "posted"),
                ("move_id.move_type", "in", SALES[:2]),
                ("move_id.partner_id", "!=", False),
                ("balance", ">", 0),
            ]
        )
        expected = {}
        for line in lines:
            last = line.date_maturity + timedelta(days=line.company_id.customer_unpaid_grace_days)
            settled = self._settlements(line)
            owed = line.amount_currency - sum(amount for day, amount in settled if day <= last)
            if last >= self.today or round(owed, 2) <= 0:
                continue
            open_amount, ended = line.amount_currency, None
            for day, amount in settled:
                open_amount -= amount
                if round(open_amount, 2) <= 0 and not ended:
                    ended = str(day)
            expected[line.id] = (
                line.move_id.partner_id.commercial_partner_id.id,
                str(last + timedelta(days=1)),
                str(line.date_maturity),
                round(owed, 2),
                "solved" if ended else "open",
                ended,
            )
        return expected

    def _found_arrears(self):
        rows = self.Fulfilment.search([("reason", "=", "overdue"), ("company_id", "in", self.companies.ids)])
        return {
            int(row.source_ref.rpartition(",")[2]): (
                row.commercial_partner_id.id,
                str(row.day),
                str(row.promised_on),
                round(row.amount_currency, 2),
                row.state,
                (row.solved_on and str(row.solved_on)) or None,
            )
            for row in rows
        }

    def _expected_returns(self):
        backs = self.env["crm.customer.payment.return"].search(
            [("state", "=", "done"), ("company_id", "in", self.companies.ids)]
        )
        expected = {}
        for back in backs:
            still_open = any(
                not line.line_id.reconciled for line in back.line_ids if line.line_id and line.move_id.state == "posted"
            )
            expected[back.id] = (
                back.partner_id.commercial_partner_id.id,
                str(back.date),
                back.amount,
                "open" if still_open else "solved",
            )
        return expected

    def _found_returns(self):
        rows = self.Fulfilment.search([("reason", "=", "returned"), ("company_id", "in", self.companies.ids)])
        return {
            row.source_id: (row.commercial_partner_id.id, str(row.day), row.amount_currency, row.state) for row in rows
        }

    def _check(self, step, what):
        message = f"step {step}: {what}"
        self.env.flush_all()
        self.assertEqual(self._found_purchases(), self._expected_purchases(), message)
        self.assertEqual(self._found_arrears(), self._expected_arrears(), message)
        self.assertEqual(self._found_returns(), self._expected_returns(), message)
        self.assert_in_step()

    # ----------------------------------------------------------------- what is done

    def _moves(self, *states, kinds=SALES):
        return self.env["account.move"].search(
            [("company_id", "in", self.companies.ids), ("move_type", "in", kinds), ("state", "in", states)], order="id"
        )

    def _choose(self, records):
        record = records[self.dice.randrange(len(records))] if records else records
        return self._mine(record, record.company_id) if record and "company_id" in record._fields else record

    def _do_invoice(self):
        kind = self.dice.choice(("out_invoice",) * 4 + ("out_receipt", "out_refund"))
        day = self.today - timedelta(days=self.dice.randrange(60))
        due = {} if kind == "out_refund" else {"invoice_date_due": day + timedelta(days=self.dice.randrange(45))}
        self._invoice(
            *[round(self.dice.uniform(1, 900), 2) for _line in range(self.dice.randrange(1, 4))],
            move_type=kind,
            partner_id=self.dice.choice(self.partners).id,
            invoice_date=day,
            currency_id=self.dice.choice((self.euro, self.euro, self.dollar)).id,
            company=self.dice.choice((self.company_a, self.company_a, self.company_b)),
            post=self.dice.random() < 0.8,
            **due,
        )

    def _do_post(self):
        self._choose(self._moves("draft")).action_post()

    def _do_draft(self):
        self._choose(self._moves("posted", "cancel")).button_draft()

    def _do_cancel(self):
        self._choose(self._moves("posted", "draft")).button_cancel()

    def _do_delete(self):
        self._choose(self._moves("draft")).with_context(force_delete=True).unlink()

    def _do_change(self):
        line = self._choose(self._moves("draft").invoice_line_ids)
        line.write({"price_unit": round(self.dice.uniform(1, 900), 2), "quantity": self.dice.randrange(1, 9)})

    def _do_add_line(self):
        move = self._choose(self._moves("draft"))
        if move:
            move.write({"invoice_line_ids": [(0, 0, {"product_id": self.product.id, "price_unit": 11.11})]})

    def _do_drop_line(self):
        self._choose(self._moves("draft").invoice_line_ids).unlink()

    def _do_give_to_another(self):
        self._choose(self._moves("draft")).partner_id = self.dice.choice(self.partners)

    def _do_pay(self):
        invoices = self._moves("posted", kinds=SALES[:2]).filtered(lambda move: move.amount_residual > 0)
        invoice = self._choose(invoices)
        if invoice:
            amount = self.dice.choice((None, None, round(invoice.amount_residual / 3, 2)))
            self._pay(invoice, self.today - timedelta(days=self.dice.randrange(20)), amount)

    def _do_credit(self):
        invoice = self._choose(self._moves("posted", kinds=SALES[:1]))
        if invoice:
            made = self._reverse(invoice, self.today, modify=self.dice.random() < 0.3)
            made.filtered(lambda move: move.state == "draft").action_post()

    def _payments(self, *states):
        return self.env["account.payment"].search(
            [("company_id", "in", self.companies.ids), ("state", "in", states)], order="id"
        )

    def _do_come_back(self):
        payment = self._choose(self._payments("in_process", "paid").filtered("customer_can_return"))
        if payment:
            day = payment.date + timedelta(days=self.dice.randrange((self.today - payment.date).days + 1))
            self._bring_back(payment, day, way=self.dice.choice(("cancel", "entry")))

    def _do_undo(self):
        self._choose(
            self.env["crm.customer.payment.return"].search(
                [("state", "=", "done"), ("company_id", "in", self.companies.ids)], order="id"
            )
        ).action_undo()

    def _do_cancel_payment(self):
        payment = self._choose(self._payments("in_process", "paid"))
        if payment:
            payment.action_draft()
            payment.action_cancel()

    def _do_move_contact(self):
        self.buyer.parent_id = self.dice.choice((self.customer, self.partners[2], self.env["res.partner"]))

    def _do_merge(self):
        double = self._partner(name="Doble", email=self.partners[2].email)
        self._invoice(42, partner_id=double.id, invoice_date=self.today, invoice_date_due=self.today)
        self.env["base.partner.merge.automatic.wizard"]._merge([double.id, self.partners[2].id], self.partners[2])
        self.env.invalidate_all()

    def _do_let_time_pass(self):
        self.today += timedelta(days=self.dice.randrange(1, 25))
        feed = self.env["crm.customer.feed.account.arrears"]
        feed._sync([move for (move,) in self.env.execute_query(feed._due(self.today))], self.today)

    def _walk(self, seed, steps):
        self.dice = random.Random(seed)
        self.companies = self.company_a + self.company_b
        actions = [name for name in dir(self) if name.startswith("_do_")]
        actions += ["_do_pay", "_do_pay", "_do_pay", "_do_come_back", "_do_come_back", "_do_let_time_pass"]
        done = set()
        for step in range(steps):
            action = "_do_invoice" if step < 4 or self.dice.random() < 0.15 else self.dice.choice(actions)
            with freeze_time(f"{self.today} 10:00:00"):
                try:
                    with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                        getattr(self, action)()
                    done.add(action)
                except UserError as error:
                    action = f"{action} refused: {error}"
            with freeze_time(f"{self.today} 10:00:00"):
                self._check(step, f"seed {seed} {action}")
        return done

    def test_walk(self):
        """Two long random walks, all of whose steps are possible."""
        done = self._walk(7, 90)
        self.assertGreater(len(done), 12, done)

    def test_another_walk(self):
        done = self._walk(2026, 90)
        self.assertGreater(len(done), 12, done)
