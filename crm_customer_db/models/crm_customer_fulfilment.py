from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerFulfilment(models.Model):
    """What was promised and what became of it: deliveries, answers, and what went wrong."""

    _name = "crm.customer.fulfilment"
    _inherit = "crm.customer.fact.amount"
    _description = "Delivery or incident"
    _rec_names_search = ["subject", "order_ref", "partner_id"]

    _fact_kind = 5

    kind = fields.Selection(
        [
            ("shipment", "Delivery"),
            ("answer", "Answer"),
            ("return", "Return"),
            ("exchange", "Exchange"),
            ("complaint", "Complaint"),
            ("unpaid", "Unpaid"),
        ],
        required=True,
        default="complaint",
    )
    subject = fields.Char()
    order_ref = fields.Char(string="Order", index="btree_not_null", help="Number of the order, delivery or invoice.")
    user_id = fields.Many2one(string="Responsible")
    amount = fields.Monetary(
        string="Amount concerned",
        help="Value of the goods, or the sum that is unpaid, in the company's currency at the rate of its date.",
    )
    amount_currency = fields.Monetary(string="Amount concerned, in the document's currency")
    reason = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("returned", "Returned unpaid"),
            ("disputed", "Disputed"),
            ("insolvent", "Insolvent"),
        ],
        string="Why unpaid",
    )
    reason_text = fields.Char(string="Reason", help="Why goods came back, or what the complaint is about.")
    state = fields.Selection([("open", "Open"), ("solved", "Solved")], required=True, default="open", copy=False)
    ordered_on = fields.Date(copy=False, help="When the goods, the answer or the payment were asked for.")
    promised_on = fields.Date(
        string="Promised for",
        copy=False,
        help="The day it was promised for; of an unpaid amount, the day it was due.",
    )
    solved_on = fields.Date(
        copy=False,
        help="When it was delivered, answered, settled or paid.",
    )
    deadline = fields.Date(string="To be solved by", copy=False)
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Solved after the day it was promised for, or still open although that day has passed.",
    )
    # A request takes its answer along, whoever deletes it.
    request_id = fields.Many2one(
        "crm.customer.interaction",
        string="Request",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        readonly=True,
        copy=False,
    )

    _id_kind = models.Constraint("CHECK (mod(id, 8) = 5)", "The number of a delivery or incident must be of its kind.")
    _finite = models.Constraint(
        "CHECK (amount > -1e15 AND amount < 1e15 AND amount_currency > -1e15 AND amount_currency < 1e15)",
        "Amounts must be numbers below 1,000,000,000,000,000.",
    )
    _reason_of_unpaid = models.Constraint(
        "CHECK (reason IS NULL OR kind = 'unpaid')",
        "Only something unpaid can be overdue, returned, disputed or insolvent.",
    )
    # What is open, of one customer and of everybody by promise and deadline.
    _open_customer_idx = models.Index("(commercial_partner_id, kind) WHERE state = 'open'")
    _open_deadline_idx = models.Index("(kind, deadline, id) WHERE state = 'open'")

    @api.depends("promised_on", "solved_on", "state")
    @api.depends_context("tz")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for fulfilment in self:
            ended = today if fulfilment.state == "open" else fulfilment.solved_on
            fulfilment.is_late = bool(fulfilment.promised_on and ended and fulfilment.promised_on < ended)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)

        def to_sql(model, alias, query):
            promised, solved, state = (
                model._field_to_sql(alias, name, query) for name in ("promised_on", "solved_on", "state")
            )
            ended = SQL("CASE WHEN %s = 'open' THEN %s ELSE %s END", state, today, solved)
            return SQL("COALESCE(%s < %s, FALSE)", promised, ended)

        late = Domain.custom(to_sql=to_sql)
        return Domain.OR(late if wanted else ~late for wanted in set(map(bool, value)))

    @api.depends("subject", "order_ref", "kind", "day")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for fulfilment in self:
            words = [kinds.get(fulfilment.kind), fulfilment.subject or fulfilment.order_ref]
            if not words[1]:
                words[1] = fields.Date.to_string(fulfilment.day)
            fulfilment.display_name = " · ".join(word for word in words if word)
