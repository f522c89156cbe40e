from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class CrmCustomerDunningWizard(models.TransientModel):
    """A call about open invoices: who was spoken to, and what came of it."""

    _name = "crm.customer.dunning.wizard"
    _description = "Log Dunning Call"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_id = fields.Many2one("res.partner", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Spoken to",
        required=True,
        domain="[('id', 'child_of', customer_id)]",
        help="The customer himself, or one of his contacts.",
    )
    date = fields.Datetime(string="Called at", required=True, default=fields.Datetime.now)
    invoice_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        required=True,
        domain="[('commercial_partner_id', '=', customer_id), ('company_id', '=', company_id), ('state', '=', 'posted'),"
        " ('move_type', 'in', ('out_invoice', 'out_receipt')), ('amount_residual', '!=', 0)]",
    )
    amount_open = fields.Monetary(string="Open", compute="_compute_amount_open")
    outcome = fields.Selection(
        [
            ("promised", "Will pay"),
            ("disputed", "Does not agree"),
            ("unreached", "Not reached"),
            ("other", "Something else"),
        ],
        required=True,
        default="promised",
    )
    amount = fields.Monetary(
        string="Promised", compute="_compute_amount", store=True, readonly=False, help="In the company's currency."
    )
    promised_on = fields.Date(string="Promised for")
    reason = fields.Char(string="With what")
    note = fields.Text()

    @api.model
    def _open(self, invoices, outcome="promised"):
        """Dialog about invoices.

        :param invoices: ``account.move`` records; those that are not owed are left out
        :param outcome: what to begin with
        :raise UserError: when nothing is open, or not all of it is owed by one customer to one company
        """
        self.check_access("create")
        owed = invoices._customer_claims()
        if not owed:
            raise UserError(self.env._("Nothing of this is owed by the customer: there is nothing to call about."))
        if len(owed.commercial_partner_id) > 1:
            raise UserError(self.env._("These invoices are of several customers. Log a call for each of them."))
        if len(owed.company_id) > 1:
            raise UserError(self.env._("These invoices are of several companies. Log a call for each of them."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log dunning call"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_company_id": owed.company_id.id,
                "default_customer_id": owed.commercial_partner_id.id,
                "default_partner_id": owed.partner_id[:1].id,
                "default_invoice_ids": owed.ids,
                "default_outcome": outcome,
            },
        }

    @api.depends("invoice_ids")
    def _compute_amount_open(self):
        for wizard in self:
            wizard.amount_open = sum(wizard.invoice_ids.mapped("amount_residual_signed"))

    @api.depends("invoice_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.amount_open

    @api.constrains("date", "partner_id", "customer_id", "invoice_ids", "outcome", "promised_on", "amount", "reason")
    def _check_values(self):
        for wizard in self:
            if wizard.date > fields.Datetime.now():
                raise ValidationError(self.env._("The call lies in the future."))
            if not wizard.invoice_ids:
                raise ValidationError(self.env._("Choose the invoices you have called about."))
            if wizard.invoice_ids - wizard.invoice_ids._customer_claims():
                raise ValidationError(self.env._("Only invoices that are posted and not paid can be called about."))
            if (
                wizard.invoice_ids.commercial_partner_id | wizard.partner_id.commercial_partner_id
            ) != wizard.customer_id:
                raise ValidationError(self.env._("The contact and the invoices must be the customer's."))
            if wizard.outcome == "promised" and not wizard.promised_on:
                raise ValidationError(self.env._("Say for which day he has promised to pay."))
            if wizard.outcome == "promised" and wizard.amount <= 0:
                raise ValidationError(self.env._("What is promised must be above zero."))
            if wizard.outcome == "disputed" and not (wizard.reason or "").strip():
                raise ValidationError(self.env._("Say what the customer does not agree with."))

    def action_confirm(self):
        """Write down the call, and what came of it."""
        self.ensure_one()
        if self.outcome == "promised":
            self.env["crm.customer.payment.promise"].create(self._promise_vals())._promise_plan()
        elif self.outcome == "disputed":
            self.invoice_ids._customer_dispute(self.reason.strip())
        self.env["crm.customer.interaction"].create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "date": self.date,
                "kind": "call",
                "direction": "out",
                "user_id": self.env.user.id,
                "subject": self._subject(),
                "note": self.note,
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def _promise_vals(self):
        return {
            "date": self.date,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "invoice_ids": [(6, 0, self.invoice_ids.ids)],
            "amount": self.amount,
            "promised_on": self.promised_on,
            "note": self.note,
        }

    def _subject(self):
        """The call in one line, without amounts: everybody of the customer file reads it."""
        invoices = ", ".join(self.invoice_ids.mapped("name"))
        if self.outcome == "promised":
            day = format_date(self.env, self.promised_on)
            return self.env._("Dunning call, %(invoices)s: will pay on %(day)s", invoices=invoices, day=day)
        if self.outcome == "disputed":
            return self.env._(
                "Dunning call, %(invoices)s: disputed, %(reason)s", invoices=invoices, reason=self.reason.strip()
            )
        if self.outcome == "unreached":
            return self.env._("Dunning call, %s: not reached", invoices)
        return self.env._("Dunning call, %s", invoices)
