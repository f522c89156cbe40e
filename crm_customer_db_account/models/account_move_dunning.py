from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class AccountMove(models.Model):
    """What is said about an open invoice on the telephone: a promise, or that it is disputed."""

    _inherit = "account.move"

    customer_disputed_on = fields.Date(string="Disputed on", readonly=True, copy=False, index="btree_not_null")
    customer_dispute_reason = fields.Char(
        string="Why disputed",
        readonly=True,
        copy=False,
        tracking=True,
        help="What the customer does not agree with. Empty once that is settled.",
    )
    # on the invoice itself, so that one without costs nothing
    customer_promise_id = fields.Many2one(
        "crm.customer.payment.promise",
        string="Payment promise",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="The last one about this invoice.",
    )

    @api.depends("customer_disputed_on", "customer_promise_id")
    def _compute_customer_unpaid_why(self):
        return super()._compute_customer_unpaid_why()

    def _customer_claims(self):
        """Those of these invoices that the customer still owes."""
        return self.filtered(
            lambda move: (
                move.state == "posted" and move.move_type in ("out_invoice", "out_receipt") and move.amount_residual
            )
        )

    def _customer_unpaid_words(self, incidents):
        """Extended: what the customer said himself comes first."""
        self.ensure_one()
        words = super()._customer_unpaid_words(incidents)
        # salespeople may know that there is a promise, not how much
        promise = self.sudo().customer_promise_id
        if promise and self._customer_is_overdue():
            day = format_date(self.env, promise.promised_on)
            if promise.state == "broken":
                words.insert(0, self.env._("Promise broken, it was for %s", day))
            elif promise.state == "waiting":
                words.insert(0, self.env._("Promised for %s", day))
        if self.customer_disputed_on and self._customer_claims():
            said = self.env._("Disputed on %s", format_date(self.env, self.customer_disputed_on))
            words.insert(0, f"{said}: {self.customer_dispute_reason}")
        return words

    def action_customer_dunning(self):
        """Log a call about these invoices.

        :raise UserError: when nothing is open, or not all of it is owed by one customer to one company
        """
        self.check_access("write")
        return self.env["crm.customer.dunning.wizard"]._open(self)

    def action_customer_dispute(self):
        """Log that the customer does not agree with these invoices.

        :raise UserError: as ``action_customer_dunning``
        """
        self.check_access("write")
        return self.env["crm.customer.dunning.wizard"]._open(self, outcome="disputed")

    def action_customer_dispute_settled(self):
        """The customer agrees with these invoices now."""
        self.check_access("write")
        self._customer_dispute(False)

    def _customer_dispute(self, reason):
        """Note whether these invoices are disputed.

        :param reason: str, or False when it is settled
        :raise UserError: when one of them is not owed
        """
        if reason and self - self._customer_claims():
            raise UserError(self.env._("Only an invoice that is posted and not paid can be disputed."))
        self.write(
            {
                "customer_disputed_on": reason and fields.Date.context_today(self),
                "customer_dispute_reason": reason,
            }
        )

    def _invoice_paid_hook(self):
        """Extended: who has paid need not be called."""
        res = super()._invoice_paid_hook()
        self.env["crm.customer.payment.promise"]._promise_close([("invoice_ids", "in", self.ids)])
        return res
