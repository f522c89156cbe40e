from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CrmCustomerPaymentReturn(models.Model):
    """A customer's payment that the bank took back.

    Written by the wizard behind *Returned by the bank*, never by hand: journal entries go
    with it. What the payment had settled is kept in the lines, because Odoo forgets it as
    soon as the payment is taken off the invoices.
    """

    _name = "crm.customer.payment.return"
    _inherit = "crm.customer.feed.source"
    _description = "Returned payment"
    _order = "date desc, id desc"
    _rec_name = "payment_id"
    _check_company_auto = True

    payment_id = fields.Many2one(
        "account.payment",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        help="The payment that the bank took back.",
    )
    partner_id = fields.Many2one(related="payment_id.partner_id", string="Customer")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict", index=True)
    date = fields.Date(string="Returned on", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary(readonly=True, help="What the bank took back, in the currency of the payment.")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the company")
    amount_company = fields.Monetary(
        string="Amount in the company's currency",
        currency_field="company_currency_id",
        readonly=True,
        help="At the rate of the payment.",
    )
    reason = fields.Selection(
        [
            ("funds", "Insufficient funds (AM04)"),
            ("account", "Account wrong or closed (AC01, AC04)"),
            ("blocked", "Account blocked, or no direct debits (AC06, AG01)"),
            ("mandate", "No valid mandate (MD01)"),
            ("refused", "Refused by the payer (MD06, MS02, SL01)"),
            ("deceased", "Payer deceased (MD07)"),
            ("other", "Other"),
        ],
        required=True,
        readonly=True,
    )
    reason_text = fields.Char(string="What the bank said", readonly=True)
    charges = fields.Monetary(
        string="Bank charges",
        currency_field="company_currency_id",
        readonly=True,
        help="What the bank charged us for the return.",
    )
    way = fields.Selection(
        [("cancel", "The payment is cancelled"), ("entry", "An entry takes it back")],
        string="In the accounts",
        required=True,
        readonly=True,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Entry of the return",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    charges_move_id = fields.Many2one(
        "account.move",
        string="Entry of the charges",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    state = fields.Selection(
        [("done", "Returned"), ("undone", "Undone")],
        required=True,
        default="done",
        readonly=True,
    )
    line_ids = fields.One2many("crm.customer.payment.return.line", "return_id", string="Due again", readonly=True)
    # What the customer file says of it, in the words of whoever recorded it.
    file_reason = fields.Char(string="Reason in the customer file", readonly=True)
    file_note = fields.Text(string="Note in the customer file", readonly=True)

    # Two accountants who take the same payment back at the same moment.
    _entry_uniq = models.UniqueIndex(
        "(payment_id) WHERE state = 'done' AND way = 'entry'", "This payment has been taken back already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.sudo().search_count([], limit=1):
            self.env["crm.customer.feed.account.return"]._first_return()
        return super().create(vals_list)

    def action_undo(self):
        """Take back the return: it was recorded by mistake.

        The payment settles again what it had settled, as far as that is still open.

        :raise UserError: when the payment or its entries have moved on
        """
        for back in self:
            back._undo()

    def _undo(self):
        self.ensure_one()
        payment = self.payment_id
        payment.check_access("write")
        if self.state != "done":
            raise UserError(self.env._("This return has been undone already."))
        if payment.state != "rejected":
            raise UserError(
                self.env._(
                    "%(payment)s has been changed since the bank returned it. Put it right there; the return stays.",
                    payment=payment.display_name,
                )
            )
        for move in self.charges_move_id + self.move_id:
            if move.state == "posted":
                move.button_cancel()
        payment._customer_bring_back()
        payment._customer_settle_again(self.sudo().line_ids.line_id)
        self.sudo().state = "undone"
        self._tell(self.env._("The return by the bank was undone."))

    def _tell(self, words):
        """Note something about the return on the payment and on what it had settled.

        :param words: str
        """
        self.ensure_one()
        for document in (self.payment_id, self.sudo().line_ids.move_id):
            if document:
                document._message_log_batch(bodies=dict.fromkeys(document.ids, words))

    def _words(self):
        """The return in one sentence."""
        self.ensure_one()
        return self.env._(
            "%(payment)s came back from the bank on %(date)s. %(reason)s",
            payment=self.payment_id.display_name,
            date=format_date(self.env, self.date),
            reason=". ".join(word for word in (self.file_reason, self.file_note) if word),
        )

    def action_open_payment(self):
        self.ensure_one()
        return self.payment_id.action_open_business_doc()
