from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AccountPayment(models.Model):
    """Payments of customers that the bank takes back."""

    _name = "account.payment"
    _inherit = ["account.payment", "crm.customer.feed.source"]

    customer_return_ids = fields.One2many("crm.customer.payment.return", "payment_id", string="Returns")
    customer_return_count = fields.Integer(string="# Returns", compute="_compute_customer_return_count")
    customer_can_return = fields.Boolean(string="May come back from the bank", compute="_compute_customer_can_return")

    # Odoo has none by contact; few payments are under way at a time.
    _customer_course_idx = models.Index("(partner_id) WHERE state = 'in_process'")

    @api.depends("customer_return_ids.state")
    def _compute_customer_return_count(self):
        groups = (
            self.env["crm.customer.payment.return"]
            .sudo()
            ._read_group([("payment_id", "in", self.ids), ("state", "=", "done")], ["payment_id"], ["__count"])
        )
        counts = {payment.id: count for payment, count in groups}
        for payment in self:
            payment.customer_return_count = counts.get(payment._origin.id, 0)

    @api.depends("state", "payment_type", "partner_type", "customer_return_ids.state", "customer_return_ids.way")
    def _compute_customer_can_return(self):
        for payment in self:
            payment.customer_can_return = (
                payment.payment_type == "inbound"
                and payment.partner_type == "customer"
                and payment.state in ("in_process", "paid")
                # one that was cancelled and confirmed again may come back again
                and ("done", "entry")
                not in payment.sudo().customer_return_ids.mapped(lambda back: (back.state, back.way))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_returned(self):
        returned = self.filtered(lambda payment: payment.sudo().customer_return_ids)[:1]
        if returned:
            raise UserError(
                self.env._(
                    "%(payment)s came back from the bank once, so it is kept. Cancel it instead.",
                    payment=returned.display_name,
                )
            )

    # -------------------------------------------------------------------- buttons

    def action_customer_return(self):
        """Ask how the bank took the payment back."""
        self.ensure_one()
        self._customer_check_return()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returned by the bank"),
            "res_model": "crm.customer.payment.return.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payment_id": self.id},
        }

    def action_open_customer_returns(self):
        """Show the returns of the payment."""
        self.ensure_one()
        return self.customer_return_ids._get_records_action(name=self.env._("Returned payments"))

    # ------------------------------------------------------------ what can be done

    def _customer_check_return(self):
        """Refuse what can't come back.

        :raise UserError: with what to do instead
        """
        self.ensure_one()
        self.check_access("write")
        if not self.customer_can_return:
            raise UserError(
                self.env._("Only a customer's payment that was received, and not returned yet, can be returned.")
            )
        if not self.move_id and self.state == "paid":
            raise UserError(
                self.env._(
                    "%(payment)s has no entry of its own: the bank transaction settled the invoices. "
                    "Take the transaction off them in the bank reconciliation.",
                    payment=self.display_name,
                )
            )

    def _customer_why_not_cancel(self):
        """Why the payment can't just be cancelled.

        :return: sentence, or False when it can
        """
        self.ensure_one()
        move = self.move_id
        if not move:
            return False
        if self.is_matched:
            return self.env._("The money has been in the bank, so an entry must take it back.")
        if move.inalterable_hash or move.need_cancel_request:
            return self.env._("The entry of the payment is locked, so another one must take it back.")
        locks = move._get_violated_lock_dates(move.date, move._affect_tax_report())
        if locks:
            return self.env._(
                "The accounts are closed until %(date)s, so an entry after that day must take it back.",
                date=format_date(self.env, locks[-1][0]),
            )
        return False

    def _customer_counterpart(self):
        """The lines of the payment's entry that settle invoices."""
        self.ensure_one()
        return self._seek_for_lines()[1] if self.move_id else self.env["account.move.line"]

    def _customer_settled(self):
        """What the payment has settled.

        :return: list of dicts of values for ``crm.customer.payment.return.line``
        """
        self.ensure_one()
        if not self.move_id:
            # Not booked, so nothing was settled in the books: what it was meant for.
            return [
                {
                    "move_id": line.move_id.id,
                    "line_id": line.id,
                    "currency_id": line.currency_id.id,
                    "amount_currency": 0.0,
                    "paid_on": self.date,
                }
                for line in self.invoice_ids.line_ids.filtered(lambda line: line.display_type == "payment_term")
            ]
        return [
            {
                "move_id": part.debit_move_id.move_id.id,
                "line_id": part.debit_move_id.id,
                "currency_id": part.debit_move_id.currency_id.id,
                "amount_currency": part.debit_amount_currency,
                "paid_on": part.max_date,
            }
            for part in self._customer_counterpart().matched_debit_ids
            if part.debit_move_id.move_id.is_sale_document(include_receipts=True)
        ]

    # ------------------------------------------------------------- how it is booked

    def _customer_take_back(self, date, way):
        """Take the payment off its invoices, which are due again.

        :param date: day on which the bank took it back
        :param way: ``cancel``: as if it had never come; ``entry``: an entry on that day
        :return: the entry, empty when the payment was cancelled
        """
        self.ensure_one()
        if way == "cancel":
            self.move_id.button_cancel()
            self.action_reject()
            return self.env["account.move"]
        counterpart = self._customer_counterpart()
        [back] = self.move_id._reverse_moves(
            [
                {
                    "date": date,
                    "journal_id": self.journal_id.id,
                    "ref": self.env._("Returned by the bank: %(payment)s", payment=self.name),
                }
            ]
        )
        back._post(soft=False)
        counterpart.remove_move_reconcile()
        settled = counterpart + back.line_ids.filtered(lambda line: line.account_id in counterpart.account_id)
        settled.reconcile()
        self.action_reject()
        return back

    def _customer_bring_back(self):
        """Make the payment what it was before it was rejected."""
        self.ensure_one()
        if self.move_id.state == "posted":
            self.state = "in_process"
        else:
            self.action_draft()
            self.action_post()

    def _customer_settle_again(self, lines):
        """Let the payment settle what it had settled before it was returned.

        :param lines: instalments, some of which may have been paid since
        """
        self.ensure_one()
        for counterpart in self._customer_counterpart().filtered(lambda line: not line.reconciled):
            open_lines = lines.filtered(
                lambda line, account=counterpart.account_id: (
                    line.account_id == account and line.parent_state == "posted" and not line.reconciled
                )
            )
            if open_lines:
                (counterpart + open_lines).reconcile()

    def _customer_book_charges(self, date, amount, account):
        """Book what the bank charged for a return.

        :param date: day of the return
        :param amount: float, in the company's currency
        :param account: ``account.account`` of bank charges
        :return: the posted entry
        """
        self.ensure_one()
        bank = (
            self._seek_for_lines()[0].account_id[:1]
            or self.outstanding_account_id
            or self.journal_id.default_account_id
        )
        label = self.env._("Bank charges: return of %(payment)s", payment=self.name)
        currency = self.company_id.currency_id
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.journal_id.id,
                "company_id": self.company_id.id,
                "date": date,
                "ref": label,
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": line_account.id,
                            "currency_id": currency.id,
                            "amount_currency": balance,
                            "balance": balance,
                        }
                    )
                    for line_account, balance in ((account, amount), (bank, -amount))
                ],
            }
        )
        move._post(soft=False)
        return move
