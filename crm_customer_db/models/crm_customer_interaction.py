from odoo import api, fields, models

KINDS = [
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
]
REQUEST_STATES = ("open", "answered", "closed")
QUOTATION_STATES = ("open", "accepted", "refused", "expired")


class CrmCustomerInteraction(models.Model):
    """A request, a quotation, or correspondence in either direction.

    *States.* A request is open, answered or closed; a quotation open, accepted, refused
    or expired; correspondence has no state.
    """

    _name = "crm.customer.interaction"
    _inherit = "crm.customer.fact.amount"
    _description = "Interaction"
    _rec_names_search = ["subject", "partner_id"]

    _fact_kind = 1

    kind = fields.Selection(KINDS, required=True, default="request")
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
        copy=False,
        help="Requests are open, answered or closed; quotations open, accepted, refused or "
        "expired; correspondence has no state.",
    )
    user_id = fields.Many2one(string="Responsible")
    amount = fields.Monetary(
        string="Quoted (excl. VAT)",
        help="Of a quotation, without taxes, in the company's currency at the rate of its date.",
    )
    amount_currency = fields.Monetary(string="Quoted in the document's currency (excl. VAT)")
    expires_on = fields.Date(string="Valid until", copy=False)
    deadline = fields.Date(string="To be answered by", copy=False)
    answered_on = fields.Datetime(copy=False)
    response_hours = fields.Float(
        string="Hours until the answer",
        readonly=True,
        copy=False,
        aggregator="avg",
        digits=(16, 2),
        help="From the request to its answer, by the clock.",
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
