from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

# Kind and its states, the first being that of a new one; all other kinds have none.
STATES = {
    "request": ("open", "answered", "closed"),
    "quotation": ("open", "accepted", "refused", "expired"),
}


class CrmCustomerInteraction(models.Model):
    """A request, a quotation, or correspondence in either direction.

    *States.* A request is open, answered or closed; a quotation open, accepted, refused
    or expired; correspondence has no state. A request that is answered has the moment of
    its answer, and a row of kind *answer* among the deliveries and incidents.

    *Rights.* Everybody of the customer file enters interactions and corrects those he
    entered or is responsible for; data entry sees requests only.
    """

    _name = "crm.customer.interaction"
    _inherit = ["crm.customer.fact.amount", "crm.customer.followup"]
    _description = "Interaction"
    _rec_names_search = ["subject", "partner_id"]

    _fact_kind = 1
    _followup_activity = "crm_customer_db.mail_activity_type_request"

    kind = fields.Selection(
        [
            ("request", "Request"),
            ("quotation", "Quotation"),
            ("email", "E-mail"),
            ("letter", "Letter"),
            ("call", "Call"),
            ("visit", "Visit"),
            ("meeting", "Meeting"),
            ("chat", "Chat"),
            ("form", "Web form"),
            ("other", "Other"),
        ],
        required=True,
        default="request",
    )
    direction = fields.Selection([("in", "From the customer"), ("out", "To the customer")], default="in")
    subject = fields.Char()
    state = fields.Selection(
        [
            ("open", "Open"),
            ("answered", "Answered"),
            ("closed", "Closed"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("expired", "Expired"),
        ],
        string="Status",
        copy=False,
        help="Requests are open, answered or closed; quotations open, accepted, refused or "
        "expired; correspondence has no state.",
    )
    user_id = fields.Many2one(string="Responsible", domain=[("share", "=", False)])
    amount = fields.Monetary(
        string="Quoted (excl. VAT)",
        help="Of a quotation, without taxes, in the company's currency at the rate of its date.",
    )
    amount_currency = fields.Monetary(string="Quoted in the document's currency (excl. VAT)")
    expires_on = fields.Date(string="Valid until", copy=False)
    deadline = fields.Date(string="To be answered by", copy=False)
    answered_on = fields.Datetime(string="Answered on", copy=False)
    response_hours = fields.Float(
        string="Hours until the answer",
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(16, 2),
        help="From the request to its answer, by the clock.",
    )
    answer_ids = fields.One2many(
        "crm.customer.fulfilment",
        "request_id",
        string="Answers",
        groups="crm_customer_db.group_customer_user",
    )

    _id_kind = models.Constraint("CHECK (mod(id, 8) = 1)", "The number of an interaction must be one of its kind.")
    _finite = models.Constraint(
        "CHECK (amount > -1e15 AND amount < 1e15"
        " AND amount_currency > -1e15 AND amount_currency < 1e15"
        " AND response_hours > -1e15 AND response_hours < 1e15)",
        "Amounts must be numbers below 1,000,000,000,000,000.",
    )
    _state_of_kind = models.Constraint(
        "CHECK (CASE kind WHEN 'request' THEN COALESCE(state, '') IN ('open', 'answered', 'closed')"
        " WHEN 'quotation' THEN COALESCE(state, '') IN ('open', 'accepted', 'refused', 'expired')"
        " ELSE state IS NULL END)",
        "Requests are open, answered or closed; quotations open, accepted, refused or expired; "
        "correspondence has no state.",
    )
    # What is open, of one customer and of everybody by deadline.
    _open_customer_idx = models.Index("(commercial_partner_id, kind) WHERE state = 'open'")
    _open_deadline_idx = models.Index("(deadline, id) WHERE state = 'open'")

    @api.depends("subject", "kind", "day")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for interaction in self:
            words = interaction.subject or " ".join(
                word for word in (kinds.get(interaction.kind), fields.Date.to_string(interaction.day)) if word
            )
            interaction.display_name = words or self.env._("New interaction")

    # --------------------------------------------------------- values of a record

    @api.model
    def _fact_machine_columns(self):
        return super()._fact_machine_columns() | {"response_hours"}

    @api.model
    def _fact_rule_columns(self):
        return super()._fact_rule_columns() | {"kind"}

    @api.model
    def _fact_complete(self, vals):
        vals = super()._fact_complete(vals)
        if "kind" not in vals:
            vals.update(self.default_get(["kind"]))
        vals.update(self._settle(vals, vals.get("kind"), vals.get("state"), vals.get("answered_on")))
        if vals.get("kind") == "request" and vals["state"] == "open":
            vals.update(self._followup_complete(vals, vals["day"]))
        return vals

    @api.model
    def _settle(self, vals, kind, state, answered_on):
        """What else changes when kind, state or answer are set, so that they agree.

        :param vals: what is being written
        :param kind: the kind as it will be
        :param state: the state as it is said, or was
        :param answered_on: as it is said, or was
        :return: dict of state and answered_on
        :raise ValidationError: when a state is said that this kind does not have
        """
        states = STATES.get(kind, ())
        if state not in states:
            if vals.get("state"):
                raise ValidationError(self._state_message())
            state = states[0] if states else False
        if state == "answered" and "answered_on" in vals and not answered_on and not vals.get("state"):
            state = "open"
        if kind != "request" or (state == "open" and vals.get("state")):
            answered_on = False
        elif state == "open" and answered_on:
            state = "answered"
        elif state == "answered":
            answered_on = answered_on or fields.Datetime.now()
        return {"state": state, "answered_on": self._fact_moment(answered_on)}

    @api.model
    def _state_message(self):
        return self.env._(
            "Requests are open, answered or closed; quotations open, accepted, refused or "
            "expired; correspondence has no state."
        )

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions._fact_orders_changed(SQL("id = ANY(%s)", interactions.ids))
        interactions._followup_refresh()
        return interactions

    def write(self, vals):
        if {"kind", "state", "answered_on"}.isdisjoint(vals):
            res = super().write(vals)
        else:
            res = True
            for settled, interactions in self._settled(vals):
                res = super(CrmCustomerInteraction, interactions).write({**vals, **settled})
        self._fact_orders_changed(SQL("id = ANY(%s)", self.ids))
        if not {"kind", "state", "answered_on", "user_id", "deadline"}.isdisjoint(vals):
            self._followup_refresh()
        return res

    def _settled(self, vals):
        """These records by what has to be written to them besides ``vals``.

        :return: list of (dict, records)
        """
        groups = defaultdict(self.browse)
        for interaction in self:
            before = interaction.sudo()
            settled = self._settle(
                vals,
                vals.get("kind", before.kind),
                vals.get("state", before.state),
                vals.get("answered_on", before.answered_on),
            )
            if settled["state"] == "open" and vals.get("kind", before.kind) == "request":
                settled.update(before._followup_missing())
            groups[tuple(settled.items())] |= interaction
        return [(dict(settled), interactions) for settled, interactions in groups.items()]

    @api.constrains("answered_on", "date")
    def _check_answered_on(self):
        for interaction in self:
            answered = interaction.answered_on
            if answered and not interaction.date <= answered <= interaction._fact_last_date():
                raise ValidationError(self.env._("A request is answered after it has come, and not in the future."))

    @api.constrains("expires_on", "day")
    def _check_expires_on(self):
        for interaction in self:
            if interaction.expires_on and interaction.day and interaction.expires_on < interaction.day:
                raise ValidationError(self.env._("A quotation can't have expired before it was made."))

    @api.onchange("kind")
    def _onchange_kind(self):
        states = STATES.get(self.kind, ())
        if self.state not in states:
            self.state = states[0] if states else False
        if self.kind == "quotation":
            self.direction = "out"

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            customer = self.partner_id.commercial_partner_id
            self.user_id = self.user_id or self.partner_id.user_id or customer.user_id

    @api.model
    def _fact_count_by(self):
        return "kind"

    @api.model
    def _fact_count_words(self, count, kind=None):
        if kind == "request":
            return self.env._("%s requests", count) if count > 1 else self.env._("1 request")
        if kind == "quotation":
            return self.env._("%s quotations", count) if count > 1 else self.env._("1 quotation")
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self.env._("%(count)s × %(kind)s", count=count, kind=kinds.get(kind, self._description))

    # ------------------------------------------------------------------ follow-up

    def _followup_waits(self):
        return self.filtered(lambda interaction: interaction.kind == "request" and interaction.state == "open")

    @api.model
    def _followup_days(self, company):
        return company.customer_request_days

    def _only_requests(self):
        """:raise UserError: when one of these is no request"""
        self._followup_check_rights()
        if any(interaction.kind != "request" for interaction in self):
            raise UserError(self.env._("Only requests are answered and closed."))
        return self

    def action_answer(self):
        """Ask how and when these requests were answered.

        :raise AccessError: when the user may not answer them
        :raise UserError: when none of them is open
        """
        requests = self._only_requests()._followup_of_state("open")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer"),
            "res_model": "crm.customer.answer.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_interaction_ids": requests.ids},
        }

    def _answer(self, moment=None, note=None):
        """Note that open requests were answered.

        :param moment: datetime of the answer, by default now
        :param note: what was answered
        :raise AccessError: when the user may not answer them
        :raise UserError: when none of them is open
        :raise ValidationError: when the moment lies before a request
        """
        requests = self._only_requests()._followup_of_state("open").sudo()
        requests.write({"state": "answered", "answered_on": moment or fields.Datetime.now()})
        if note:
            requests.answer_ids.write({"note": note})

    def action_close(self):
        """Close requests, whether or not they were answered.

        :raise AccessError: when the user may not do that
        """
        self._only_requests()._followup_of_state("open", "answered").sudo().write({"state": "closed"})
        return True

    def action_reopen(self):
        """Open requests again; what counted as their answer is taken back.

        :raise AccessError: when the user may not do that
        """
        self._only_requests()._followup_of_state("answered", "closed").sudo().write({"state": "open"})
        return True
