from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

STATES = [("waiting", "Waiting"), ("broken", "Broken"), ("late", "Paid late"), ("kept", "Kept")]


class CrmCustomerPaymentPromise(models.Model):
    """What a customer has promised to pay by a day, when he was called about it.

    Whether he has kept it is asked of the invoices each time: what was open when he
    promised, what is open now, and what was open at the end of the day he had named. So
    a payment that is taken off an invoice, or that the bank takes back, breaks the
    promise again.
    """

    _name = "crm.customer.payment.promise"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Payment Promise"
    _order = "promised_on desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True
    _mail_post_access = "read"

    date = fields.Datetime(string="Promised at", required=True, default=fields.Datetime.now)
    partner_id = fields.Many2one(
        "res.partner", string="Promised by", required=True, ondelete="restrict", index=True, help="Who was spoken to."
    )
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id", string="Customer")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Called by", default=lambda self: self.env.user, index=True)
    invoice_ids = fields.Many2many(
        "account.move",
        "crm_customer_payment_promise_move_rel",
        "promise_id",
        "move_id",
        string="Invoices",
        required=True,
        check_company=True,
        help="What he was called about.",
    )
    amount_open = fields.Monetary(
        string="Open at the call",
        compute="_compute_amount_open",
        store=True,
        help="Of these invoices, in the company's currency.",
    )
    amount = fields.Monetary(string="Promised", required=True, help="In the company's currency.")
    promised_on = fields.Date(string="Promised for", required=True, index=True, tracking=True)
    amount_paid = fields.Monetary(
        string="Paid since", compute="_compute_state", help="Of what was open at the call, also by a credit note."
    )
    state = fields.Selection(
        STATES,
        string="Status",
        compute="_compute_state",
        search="_search_state",
        help="Broken: the day is over and it is not paid. Paid late: it was paid after that day.",
    )
    replaced_by_id = fields.Many2one(
        "crm.customer.payment.promise",
        string="Replaced by",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="What was promised later for the same invoices.",
    )
    note = fields.Text()

    _amount_positive = models.Constraint("CHECK (amount > 0 AND amount < 1e15)", "What is promised must be above zero.")

    @api.depends("partner_id", "promised_on")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = f"{promise.partner_id.display_name} · {fields.Date.to_string(promise.promised_on)}"

    @api.depends("invoice_ids")
    def _compute_amount_open(self):
        """Once, when the invoices are chosen: what is paid later must not change it."""
        for promise in self:
            promise.amount_open = sum(promise.invoice_ids.sudo().mapped("amount_residual_signed"))

    @api.constrains("amount", "promised_on", "date", "invoice_ids")
    def _check_values(self):
        for promise in self:
            invoices = promise.sudo().invoice_ids
            if not invoices:
                raise ValidationError(self.env._("A promise needs an invoice that it is about."))
            if invoices.commercial_partner_id != promise.partner_id.commercial_partner_id:
                raise ValidationError(self.env._("A promise can only be about invoices of that customer."))
            if promise.currency_id.compare_amounts(promise.amount, promise.amount_open) > 0:
                raise ValidationError(self.env._("Nobody promises more than what is open on these invoices."))
            if promise.promised_on < fields.Datetime.context_timestamp(promise, promise.date).date():
                raise ValidationError(
                    self.env._("What is promised lies in the future: choose the day of the call or later.")
                )

    # ------------------------------------------------------------------------ kept

    @api.depends("amount", "promised_on", "amount_open", "invoice_ids.amount_residual_signed", "invoice_ids.state")
    def _compute_state(self):
        self._promise_flush()
        rows = {
            promise_id: (state, paid)
            for promise_id, state, paid in self.env.execute_query(
                SQL(
                    "SELECT base.id, %s, base.amount_open - (%s) FROM crm_customer_payment_promise base WHERE base.id = ANY(%s)",
                    self._state_sql("base"),
                    self._open_sql("base", SQL("0")),
                    self._origin.ids,
                )
            )
        }
        for promise in self:
            promise.state, paid = rows.get(promise._origin.id, ("waiting", 0))
            promise.amount_paid = max(paid, 0)

    @api.model
    def _promise_flush(self):
        self.flush_model(["amount", "amount_open", "promised_on", "invoice_ids"])
        self.env["account.move.line"].flush_model(["amount_residual", "balance", "parent_state", "account_id"])
        self.env["account.partial.reconcile"].flush_model(["amount", "max_date", "debit_move_id"])

    @api.model
    def _open_sql(self, alias, later):
        """What is open of the invoices of a promise.

        :param alias: alias of the table of promises
        :param later: ``SQL`` of an amount to add for each ``line``
        """
        return SQL(
            """
            SELECT COALESCE(SUM(line.amount_residual + %s), 0)
              FROM crm_customer_payment_promise_move_rel told
              JOIN account_move_line line ON line.move_id = told.move_id AND line.parent_state = 'posted'
              JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
             WHERE told.promise_id = %s
            """,
            later,
            SQL.identifier(alias, "id"),
        )

    @api.model
    def _state_sql(self, alias):
        """Whether a promise was kept, today.

        :param alias: alias of the table of promises
        """
        column = {name: SQL.identifier(alias, name) for name in ("amount", "amount_open", "promised_on")}
        # what has settled a line after the day that was named
        later = SQL(
            "COALESCE((SELECT SUM(part.amount) FROM account_partial_reconcile part"
            " WHERE part.debit_move_id = line.id AND part.max_date > %s), 0)",
            column["promised_on"],
        )
        left = SQL("%(amount_open)s - %(amount)s", **column)
        return SQL(
            "CASE WHEN (%(now)s) > %(left)s"
            " THEN CASE WHEN %(day)s < %(today)s THEN 'broken' ELSE 'waiting' END"
            " WHEN (%(then)s) > %(left)s THEN 'late' ELSE 'kept' END",
            now=self._open_sql(alias, SQL("0")),
            then=self._open_sql(alias, later),
            left=left,
            day=column["promised_on"],
            today=fields.Date.context_today(self),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Extended: promises may be grouped by what became of them."""
        if field_expr != "state":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        self._promise_flush()
        return self._state_sql(alias)

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._promise_flush()
        query = SQL(
            "(SELECT base.id FROM crm_customer_payment_promise base WHERE %s = ANY(%s))",
            self._state_sql("base"),
            list(value),
        )
        return Domain("id", "in", query)

    # ---------------------------------------------------------------------- activity

    def _promise_plan(self):
        """Put each on its day into the calendar of who called, in place of what was promised before."""
        for promise in self:
            promise.invoice_ids.sudo().customer_promise_id = promise
            before = self.search(
                [
                    ("invoice_ids", "in", promise.invoice_ids.ids),
                    ("replaced_by_id", "=", False),
                    ("id", "not in", self.ids),
                ]
            ).filtered(
                lambda old, new=promise: old.invoice_ids <= new.invoice_ids and old.state in ("waiting", "broken")
            )
            before.replaced_by_id = promise
            before.activity_unlink(["crm_customer_db_account.mail_activity_type_promise"])
            promise.activity_schedule(
                "crm_customer_db_account.mail_activity_type_promise",
                date_deadline=promise.promised_on,
                user_id=promise.user_id.id,
                summary=", ".join(promise.invoice_ids.mapped("name")),
            )

    @api.model
    def _promise_close(self, domain=Domain.TRUE):
        """Let nobody call a customer who has paid.

        :param domain: of promises
        """
        kept = (
            self.sudo()
            .search(Domain("activity_ids", "!=", False) & Domain(domain))
            .filtered(lambda promise: promise.state in ("kept", "late"))
        )
        kept.activity_feedback(["crm_customer_db_account.mail_activity_type_promise"], feedback=self.env._("Paid"))

    def action_customer_dunning(self):
        """Call once more about what was promised."""
        self.ensure_one()
        self.check_access("read")
        open_items = self.invoice_ids.filtered("amount_residual") or self.invoice_ids
        return open_items.action_customer_dunning()
