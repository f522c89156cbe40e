from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount


class CrmCustomerPaymentReturnWizard(models.TransientModel):
    """The bank took a payment back: when, why, what it cost, and how it is booked."""

    _name = "crm.customer.payment.return.wizard"
    _description = "Payment returned by the bank"

    payment_id = fields.Many2one("account.payment", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="payment_id.company_id")
    currency_id = fields.Many2one(related="payment_id.currency_id")
    company_currency_id = fields.Many2one(related="payment_id.company_id.currency_id", string="Currency of the company")
    partner_id = fields.Many2one(related="payment_id.partner_id")
    amount = fields.Monetary(related="payment_id.amount")
    invoice_ids = fields.Many2many("account.move", string="Due again", compute="_compute_invoice_ids")
    date = fields.Date(
        string="Returned on",
        required=True,
        default=fields.Date.context_today,
    )
    reason = fields.Selection(
        selection=lambda self: (
            self.env["crm.customer.payment.return"]._fields["reason"]._description_selection(self.env)
        ),
        required=True,
        default="funds",
    )
    reason_text = fields.Char(string="What the bank said")
    charges = fields.Monetary(string="Bank charges", currency_field="company_currency_id")
    charges_account_id = fields.Many2one(
        "account.account",
        string="Book them on",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'asset_receivable', 'asset_current'))]",
        compute="_compute_charges_account_id",
        store=True,
        readonly=False,
        help="Empty: the charges are only noted in the customer file, because they are booked elsewhere.",
    )
    way = fields.Selection(
        selection=lambda self: self.env["crm.customer.payment.return"]._fields["way"]._description_selection(self.env),
        string="In the accounts",
        required=True,
        compute="_compute_way",
        store=True,
        precompute=True,
        readonly=False,
    )
    why_entry = fields.Char(string="Why an entry", compute="_compute_why_entry")

    @api.depends("payment_id")
    def _compute_invoice_ids(self):
        for wizard in self:
            moves = {vals["move_id"] for vals in wizard.payment_id._customer_settled()} if wizard.payment_id else ()
            wizard.invoice_ids = self.env["account.move"].browse(sorted(moves))

    @api.depends("payment_id")
    def _compute_why_entry(self):
        for wizard in self:
            wizard.why_entry = wizard.payment_id and wizard.payment_id._customer_why_not_cancel()

    @api.depends("payment_id")
    def _compute_way(self):
        for wizard in self:
            wizard.way = "entry" if wizard.why_entry else "cancel"

    @api.depends("payment_id")
    def _compute_charges_account_id(self):
        """The account that was taken the last time in this company."""
        for wizard in self:
            last = self.env["crm.customer.payment.return"].search(
                [("company_id", "=", wizard.company_id.id), ("charges_move_id", "!=", False)], limit=1
            )
            wizard.charges_account_id = last.charges_move_id.line_ids.filtered("debit").account_id[:1]

    @api.constrains("date", "charges", "way")
    def _check_values(self):
        for wizard in self:
            if wizard.date < wizard.payment_id.date:
                raise ValidationError(self.env._("A payment can't have come back before it was made."))
            if wizard.date > fields.Date.context_today(wizard):
                raise ValidationError(self.env._("The day of the return lies in the future."))
            if wizard.charges < 0:
                raise ValidationError(self.env._("The bank charges can't be negative."))
            if wizard.way == "cancel" and wizard.why_entry:
                raise ValidationError(wizard.why_entry)

    def action_confirm(self):
        """Book the return; what the payment had settled is due again."""
        self.ensure_one()
        payment = self.payment_id.with_company(self.company_id)
        payment._customer_check_return()
        vals = self._return_vals(payment)
        if self.charges and self.charges_account_id:
            vals["charges_move_id"] = payment._customer_book_charges(
                self.date, self.charges, self.charges_account_id
            ).id
        vals["move_id"] = payment._customer_take_back(self.date, self.way).id
        back = self.env["crm.customer.payment.return"].sudo().create(vals)
        back._tell(back._words())
        return {"type": "ir.actions.act_window_close"}

    def _return_vals(self, payment):
        counterpart = payment._customer_counterpart()
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        words = [reasons[self.reason] if self.reason != "other" or not self.reason_text else "", self.reason_text]
        note = self.charges and self.env._(
            "Bank charges: %(amount)s", amount=format_amount(self.env, self.charges, self.company_currency_id)
        )
        return {
            "payment_id": payment.id,
            "company_id": payment.company_id.id,
            "date": self.date,
            "currency_id": payment.currency_id.id,
            "amount": payment.amount,
            "amount_company": -sum(counterpart.mapped("balance")) or payment.amount_company_currency_signed,
            "reason": self.reason,
            "reason_text": self.reason_text,
            "charges": self.charges,
            "way": self.way,
            "file_reason": ": ".join(word for word in words if word),
            "file_note": note or False,
            "line_ids": [(0, 0, vals) for vals in payment._customer_settled()],
        }
