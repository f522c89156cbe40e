from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..models.crm_customer_stage_lock import STAGES

# What of the figures of that day is shown under its own name.
SHOWN = (
    *("value_class_id", "recency_score", "frequency_score", "monetary_score", "lifecycle", "lifecycle_since"),
    *("purchase_count", "amount_total", "amount_12m", "invoiced_12m", "amount_at_risk"),
    *("first_purchase_date", "last_purchase_date", "gap_days"),
)
SCORED = ("value_class_id", "recency_score", "frequency_score", "monetary_score")


class CrmCustomerPast(models.TransientModel):
    """The dialog that shows a customer as he stood at the end of a past day.

    Nothing of it is kept; whoever may see the figures of the customer today may see those
    of that day.
    """

    _name = "crm.customer.past"
    _description = "Customer on a Past Day"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(string="At the end of", default=lambda self: self._default_day())
    problem = fields.Char(compute="_compute_past")
    address = fields.Char(compute="_compute_past")
    address_words = fields.Char(string="Since", compute="_compute_past")
    value_class_id = fields.Many2one("crm.customer.value.class", string="Value class (RFM)", compute="_compute_past")
    recency_score = fields.Integer(string="Recency (1–5)", compute="_compute_past")
    frequency_score = fields.Integer(string="Frequency (1–5)", compute="_compute_past")
    monetary_score = fields.Integer(string="Amount (1–5)", compute="_compute_past")
    value_words = fields.Char(string="Scored", compute="_compute_past")
    lifecycle = fields.Selection(STAGES, string="Stage", compute="_compute_past")
    lifecycle_since = fields.Date(string="In this stage since", compute="_compute_past")
    first_purchase_date = fields.Date(string="First purchase", compute="_compute_past")
    last_purchase_date = fields.Date(string="Last purchase", compute="_compute_past")
    silence_days = fields.Integer(string="Days since the last purchase", compute="_compute_past")
    gap_days = fields.Float(string="Usual days between purchases", digits=(16, 1), compute="_compute_past")
    purchase_count = fields.Integer(string="Purchases", compute="_compute_past")
    amount_12m = fields.Monetary(string="Purchased in 12 months (excl. VAT)", compute="_compute_past")
    invoiced_12m = fields.Monetary(string="Invoiced in 12 months (excl. VAT)", compute="_compute_past")
    amount_at_risk = fields.Monetary(string="A year's purchases (excl. VAT)", compute="_compute_past")
    amount_total = fields.Monetary(string="Purchased ever (excl. VAT)", compute="_compute_past")

    @api.model
    def _default_day(self):
        """The end of the last month."""
        return fields.Date.context_today(self).replace(day=1) - relativedelta(days=1)

    @api.model
    def default_get(self, fields_list):
        """Extended: a contact's customer is the company he belongs to."""
        values = super().default_get(fields_list)
        if values.get("partner_id"):
            values["partner_id"] = self.env["res.partner"].browse(values["partner_id"]).commercial_partner_id.id
        return values

    @api.depends("partner_id", "company_id", "day")
    @api.depends_context("lang", "uid")
    def _compute_past(self):
        names = [name for name, field in self._fields.items() if field.compute == "_compute_past"]
        for dialog in self:
            dialog._check_customer()
            problem = dialog._day_problem()
            values = {"problem": problem} if problem else dialog._past_values(dialog._past_rows())
            for name in names:
                dialog[name] = values.get(name, False)

    # -------------------------------------------------------------------------- rights

    def _check_customer(self):
        """What of the customer may be seen today decides.

        :raise AccessError: for those who may not see his figures
        """
        self.ensure_one()
        Metrics = self.env["crm.customer.metrics"]
        Metrics.check_access("read")
        customer = self.partner_id._origin.commercial_partner_id
        if not customer or self.env.su:
            return
        customer.check_access("read")
        # the rules of figures, asked for a row that need not be there
        rules = self.env["ir.rule"]._compute_domain(Metrics._name, "read")
        row = Metrics.sudo().new({"commercial_partner_id": customer.id, "company_id": self.company_id._origin.id})
        if not row.filtered_domain(rules):
            raise AccessError(
                self.env._(
                    "%s is the customer of somebody else, or not of your company: its figures are not for you.",
                    customer.sudo().display_name,
                )
            )

    # ------------------------------------------------------------------------- content

    def _day_problem(self):
        """Why nothing can be said of that day, in a sentence; '' where something can."""
        self.ensure_one()
        customer = self.partner_id._origin.commercial_partner_id
        if not customer or not self.company_id:
            return self.env._("Choose a customer.")
        if not self.day:
            return self.env._("Choose the day.")
        if self.day > self.env["crm.customer.metrics"]._today():
            return self.env._("%s is still to come: choose a day that has passed.", format_date(self.env, self.day))
        begin = self.env["crm.customer.metrics"].sudo()._past_begin(customer, self.company_id)
        if self.day < begin:
            return self.env._(
                "Nothing is known of %(customer)s before %(day)s.",
                customer=customer.display_name,
                day=format_date(self.env, begin),
            )
        return ""

    def _past_values(self, rows):
        """What the dialog shows of the day. Addons extend it.

        :param rows: dict company id → dict of figures of the customer on that day
        :return: dict of names of fields and values
        """
        self.ensure_one()
        row = rows.get(self.company_id.id, {})
        values = {name: row.get(name) or False for name in SHOWN}
        last = values["last_purchase_date"]
        values["silence_days"] = (self.day - last).days if last else 0
        values.update(self._past_scores(row))
        values.update(self._past_address())
        return values

    def _past_rows(self):
        """Figures of the customer on that day.

        :return: dict company id → dict of figures
        """
        found = self.env["crm.customer.metrics"]._past(self.partner_id.commercial_partner_id._origin.ids, self.day)
        return {row["company_id"]: row for row in found}

    def _past_scores(self, row):
        """Class and scores, with a sentence that says what they rest on."""
        if not row.get("last_purchase_date"):
            return {"value_words": self.env._("Had not bought anything yet.")}
        Runs = self.env["crm.customer.score.run"].sudo()
        run = Runs.browse(Runs._latest_ids(self.day)).filtered(lambda run: run.company_id == self.company_id.sudo())
        if run and row["recency_score"]:
            return {
                "value_words": self.env._(
                    "Scored on %(day)s among %(count)s customers, by the classes of today.",
                    day=format_date(self.env, run.as_of),
                    count=run.customer_count,
                )
            }
        customer = self.partner_id.commercial_partner_id._origin
        kept = self.env["crm.customer.metrics"]._past_kept(customer, self.company_id, self.day)
        if kept.recency_score:
            return {
                **{name: kept[name] for name in SCORED},
                "value_words": self.env._("As kept on %s.", format_date(self.env, kept.as_of)),
            }
        reason = (
            self.env._("Not compared with others: archived today, or marked as “Not a customer”.")
            if run
            else self.env._("Customers were not scored yet on that day, or it was not kept.")
        )
        return {**dict.fromkeys(SCORED, False), "value_words": reason}

    def _past_address(self):
        """The address at the end of that day, and since when it was so."""
        customer = self.partner_id.commercial_partner_id._origin
        moment = self.env["crm.customer.metrics"]._past_moment(self.company_id, self.day)
        History = self.env["crm.customer.address"]
        known = History.search([("partner_id", "=", customer.id)], order="valid_from, id")
        if not known:
            present = History.new(customer._customer_address_values())
            return {
                "address": present.display_name,
                "address_words": self.env._("No other address is recorded."),
            }
        then = known.filtered(
            lambda row: (not row.valid_from or row.valid_from <= moment) and (not row.valid_to or row.valid_to > moment)
        )
        # after merging contacts there may be several: the one that lasted
        then = then.sorted(lambda row: (not row.valid_to, row.valid_to or moment, row.id))[-1:]
        if not then:
            first = known.sorted(lambda row: (row.valid_from or moment, row.id))[0]
            since = format_date(self.env, fields.Datetime.context_timestamp(self, first.valid_from))
            return {"address_words": self.env._("The first address that is recorded is of %s.", since)}
        since = then.valid_from and format_date(self.env, fields.Datetime.context_timestamp(self, then.valid_from))
        return {
            "address": then.display_name,
            "address_words": since or self.env._("Since before addresses were recorded"),
        }

    # ------------------------------------------------------------------------- buttons

    @api.readonly
    def action_open_rows(self):
        """Show the purchases up to that day that a figure adds up; the context says which (``figure``)."""
        self.ensure_one()
        self._check_customer()
        problem = self._day_problem()
        if problem:
            raise UserError(problem)
        Metrics = self.env["crm.customer.metrics"]
        customer = self.partner_id.commercial_partner_id._origin
        months = Metrics.with_context(customer_past_day=self.day)._score_months()[self.company_id.id]
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_purchase_action")
        return {
            **action,
            "domain": [
                ("commercial_partner_id", "=", customer.id),
                ("company_id", "=", self.company_id.id),
                ("day", "<=", self.day),
                *Metrics._figure_domain(self.env.context.get("figure"), self.day, months, self.last_purchase_date),
            ],
            "context": {},
        }
