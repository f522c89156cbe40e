from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerFulfilment(models.Model):
    """What was promised and what became of it: deliveries, answers, and what went wrong.

    *Rights.* Users of the customer file enter complaints, and correct those they entered
    or are responsible for; the manager enters and corrects everything. Answers come
    with the request that was answered.
    """

    _name = "crm.customer.fulfilment"
    _inherit = ["crm.customer.fact.amount", "crm.customer.followup"]
    _description = "Delivery or incident"
    _rec_names_search = ["subject", "order_ref", "partner_id"]

    _fact_kind = 5
    _followup_activity = "crm_customer_db.mail_activity_type_complaint"

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
    user_id = fields.Many2one(string="Responsible", domain=[("share", "=", False)])
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
    state = fields.Selection(
        [("open", "Open"), ("solved", "Done")], string="Status", required=True, default="open", copy=False
    )
    ordered_on = fields.Date(
        string="Ordered on", copy=False, help="When the goods, the answer or the payment were asked for."
    )
    promised_on = fields.Date(
        string="Promised for",
        copy=False,
        help="The day it was promised for; of an unpaid amount, the day it was due.",
    )
    solved_on = fields.Date(
        string="Done on",
        copy=False,
        help="When it was delivered, answered, settled or paid.",
    )
    deadline = fields.Date(string="To be solved by", copy=False)
    is_late = fields.Boolean(
        string="Late",
        compute="_compute_is_late",
        search="_search_is_late",
        help="Done after the day it was promised for, or not done though that day is over.",
    )
    # A request takes its answer along, whoever deletes it.
    request_id = fields.Many2one(
        "crm.customer.interaction",
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
    # What is open, of one customer and of everybody by deadline.
    _open_customer_idx = models.Index("(commercial_partner_id, kind) WHERE state = 'open'")
    _open_deadline_idx = models.Index("(kind, deadline, id) WHERE state = 'open'")

    @api.depends("subject", "order_ref", "kind", "day")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for fulfilment in self:
            words = [kinds.get(fulfilment.kind), fulfilment.subject or fulfilment.order_ref]
            if not words[1]:
                words[1] = fields.Date.to_string(fulfilment.day)
            fulfilment.display_name = " · ".join(word for word in words if word)

    # ----------------------------------------------------------------------- late

    @api.depends("promised_on", "deadline", "solved_on", "state")
    @api.depends_context("tz")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for fulfilment in self:
            promised = fulfilment.promised_on or fulfilment.deadline
            done = fulfilment.solved_on or (today if fulfilment.state == "open" else promised)
            fulfilment.is_late = bool(promised and done > promised)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        late = Domain.custom(
            to_sql=lambda model, alias, query: model._late_sql(alias, query, today),
            predicate=lambda fulfilment: fulfilment.is_late,
        )
        return Domain.OR(late if wanted else ~late for wanted in set(map(bool, value)))

    @api.model
    def _late_sql(self, alias, query, today):
        """SQL twin of ``is_late``; never NULL, so that it can be turned round."""
        column = {
            name: self._field_to_sql(alias, name, query) for name in ("state", "solved_on", "promised_on", "deadline")
        }
        return SQL(
            "COALESCE(COALESCE(%s, CASE WHEN %s = 'open' THEN %s::date END) > COALESCE(%s, %s), false)",
            column["solved_on"],
            column["state"],
            today,
            column["promised_on"],
            column["deadline"],
        )

    # --------------------------------------------------------- values of a record

    @api.model
    def _fact_machine_columns(self):
        return super()._fact_machine_columns() | {"request_id"}

    @api.model
    def _fact_rule_columns(self):
        return super()._fact_rule_columns() | {"kind"}

    @api.model
    def _fact_complete(self, vals):
        said = vals
        vals = super()._fact_complete(vals)
        vals = {**self.default_get([name for name in ("kind", "state") if name not in vals]), **vals}
        day = self._fact_day(fields.Datetime.now(), self.env["res.company"].sudo().browse(vals.get("company_id")))
        vals.update(self._settle(said, vals["kind"], vals["state"], vals.get("solved_on"), vals.get("reason"), day))
        if vals["kind"] == "complaint" and vals["state"] == "open":
            vals.update(self._followup_complete(vals, vals["day"]))
        return vals

    @api.model
    def _settle(self, vals, kind, state, solved_on, reason, today):
        """What else changes when kind, state or end are set, so that they agree.

        :param vals: what is being written
        :param kind: the kind as it will be; the same for state, solved_on and reason
        :param today: date where the company is
        :return: dict of state, solved_on and reason
        :raise ValidationError: when a reason is said for something that is not unpaid
        """
        if reason and kind != "unpaid":
            if vals.get("reason"):
                raise ValidationError(self._reason_message())
            reason = False
        if vals.get("state") == "open":
            solved_on = False
        elif "solved_on" in vals and not vals.get("state"):
            state = "solved" if solved_on else "open"
        elif state == "solved":
            solved_on = solved_on or today
        return {"state": state, "solved_on": fields.Date.to_date(solved_on), "reason": reason}

    @api.model
    def _reason_message(self):
        return self.env._("Only something unpaid can be overdue, returned, disputed or insolvent.")

    @api.model_create_multi
    def create(self, vals_list):
        fulfilments = super().create(vals_list)
        fulfilments._followup_refresh()
        return fulfilments

    def write(self, vals):
        if {"kind", "state", "solved_on", "reason"}.isdisjoint(vals):
            res = super().write(vals)
        else:
            res = True
            for settled, fulfilments in self._settled(vals):
                res = super(CrmCustomerFulfilment, fulfilments).write({**vals, **settled})
        if not {"kind", "state", "solved_on", "user_id", "deadline"}.isdisjoint(vals):
            self._followup_refresh()
        return res

    def _settled(self, vals):
        """These records by what has to be written to them besides ``vals``.

        :return: list of (dict, records)
        """
        groups = defaultdict(self.browse)
        now = fields.Datetime.now()
        for fulfilment in self:
            before = fulfilment.sudo()
            kind = vals.get("kind", before.kind)
            settled = self._settle(
                vals,
                kind,
                vals.get("state", before.state),
                vals.get("solved_on", before.solved_on),
                vals.get("reason", before.reason),
                self._fact_day(now, before.company_id),
            )
            if kind == "complaint" and settled["state"] == "open":
                settled.update(before._followup_missing())
            groups[tuple(settled.items())] |= fulfilment
        return [(dict(settled), fulfilments) for settled, fulfilments in groups.items()]

    @api.constrains("ordered_on", "solved_on")
    def _check_solved_on(self):
        for fulfilment in self:
            if fulfilment.ordered_on and fulfilment.solved_on and fulfilment.solved_on < fulfilment.ordered_on:
                raise ValidationError(self.env._("Nothing can be done before it was asked for."))

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != "unpaid":
            self.reason = False

    @api.onchange("solved_on")
    def _onchange_solved_on(self):
        self.state = "solved" if self.solved_on else "open"

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
        one, many = {
            "shipment": (self.env._("1 delivery"), self.env._("%s deliveries", count)),
            "answer": (self.env._("1 answer"), self.env._("%s answers", count)),
            "return": (self.env._("1 return"), self.env._("%s returns", count)),
            "exchange": (self.env._("1 exchange"), self.env._("%s exchanges", count)),
            "complaint": (self.env._("1 complaint"), self.env._("%s complaints", count)),
            "unpaid": (self.env._("1 unpaid amount"), self.env._("%s unpaid amounts", count)),
        }[kind]
        return one if count == 1 else many

    # ------------------------------------------------------------------ follow-up

    def _followup_waits(self):
        return self.filtered(lambda fulfilment: fulfilment.kind == "complaint" and fulfilment.state == "open")

    @api.model
    def _followup_days(self, company):
        return company.customer_complaint_days

    def _only_complaints(self):
        """:raise UserError: when one of these is no complaint"""
        self._followup_check_rights()
        if any(fulfilment.kind != "complaint" for fulfilment in self):
            raise UserError(self.env._("Only complaints are solved here; everything else in its own document."))
        return self

    def action_solve(self):
        """Note that complaints were solved today.

        :raise AccessError: when the user may not do that
        :raise UserError: when none of them is open
        """
        self._only_complaints()._followup_of_state("open").sudo().write({"state": "solved"})
        return True

    def action_reopen(self):
        """Open complaints again.

        :raise AccessError: when the user may not do that
        """
        self._only_complaints()._followup_of_state("solved").sudo().write({"state": "open"})
        return True

    # ---------------------------------------------------------------------- loader

    @api.model
    def _load_fallbacks(self, value):
        return {
            **super()._load_fallbacks(value),
            "state": SQL("CASE WHEN %s IS NOT NULL THEN 'solved' END", value("solved_on")),
        }

    @api.model
    def _load_rules(self, value):
        ordered, solved = value("ordered_on"), value("solved_on")
        return [
            *super()._load_rules(value),
            (
                "reason",
                "reason_of_unpaid",
                value("reason"),
                SQL("%s IS NOT NULL AND %s <> 'unpaid'", value("reason"), value("kind")),
            ),
            ("solved_on", "solved_before", solved, SQL("%s < %s", solved, ordered)),
        ]

    @api.model
    def _load_templates(self):
        return {
            **super()._load_templates(),
            "reason_of_unpaid": self._reason_message(),
            "solved_before": self.env._("Nothing can be done before it was asked for: %(value)s."),
        }
