from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.tools.metrics_sql import MetricsSource

FIGURES = "crm_customer_db.group_credit_figures"
STATUSES = [("green", "OK"), ("amber", "Watch"), ("red", "Stop"), ("none", "No data")]
GRADES = [(letter, letter.upper()) for letter in "abcde"]
# Amount-weighted days late up to which a payment record has a grade; beyond the last it is E.
GRADE_DAYS = {"a": 0, "b": 7, "c": 15, "d": 30}
# Sources that the situation is made of: what a document shows asks no others.
CREDIT_SOURCES = ("limit", "level", "open", "course", "draft", "ordered", "returned", "record", "invoiced")
# Feeds that bring what the bank took back.
RETURN_FEEDS = ("crm.customer.feed.account.return", "crm.customer.feed.account.payment.return")
# Settled invoices from which on there is enough history for a grade.
ENOUGH_SETTLED = 3


class CrmCustomerMetrics(models.Model):
    """What a customer owes, how he pays, and what follows for the next order.

    Figures are those of the root company with its branches, as Odoo's ``credit`` is, and
    stand on its row only, so that they add up.
    """

    _inherit = "crm.customer.metrics"

    credit_limit = fields.Monetary(groups=FIGURES, help="Odoo's credit limit; 0: there is none.")
    credit_not_due = fields.Monetary(string="Open, not due", groups=FIGURES)
    credit_overdue = fields.Monetary(string="Overdue", groups=FIGURES)
    credit_overdue_30 = fields.Monetary(string="Overdue 1–30 days", groups=FIGURES)
    credit_overdue_60 = fields.Monetary(string="Overdue 31–60 days", groups=FIGURES)
    credit_overdue_90 = fields.Monetary(string="Overdue 61–90 days", groups=FIGURES)
    credit_overdue_old = fields.Monetary(string="Overdue over 90 days", groups=FIGURES)
    credit_overdue_days = fields.Integer(
        string="Days overdue", groups=FIGURES, aggregator="max", help="Of the oldest item that is overdue."
    )
    credit_overdue_watch = fields.Monetary(
        string="Overdue beyond the first days",
        groups=FIGURES,
        help="Overdue for longer than the days after which the situation is “Watch”.",
    )
    credit_on_account = fields.Monetary(
        string="On account", groups=FIGURES, help="Credit notes and payments that no invoice has used yet."
    )
    credit_in_course = fields.Monetary(
        string="In course",
        groups=FIGURES,
        help="Payments that were registered and have not arrived in the bank: notes, direct debits, transfers.",
    )
    credit_draft = fields.Monetary(string="Draft invoices", groups=FIGURES)
    credit_to_invoice = fields.Monetary(
        string="To invoice", groups=FIGURES, help="Confirmed and not invoiced yet, with tax."
    )
    credit_exposure = fields.Monetary(
        string="Exposure",
        groups=FIGURES,
        help="To invoice, drafts, open, overdue and in course, less what is on account.",
    )
    credit_available = fields.Monetary(
        string="Available", groups=FIGURES, help="Limit less exposure; below zero it is exceeded."
    )
    credit_used = fields.Float(
        string="Limit used (%)", groups=FIGURES, digits=(16, 1), aggregator="max", help="Exposure over limit."
    )
    credit_returned = fields.Monetary(
        string="Returned, open", groups=FIGURES, help="Payments the bank took back that nobody has made good."
    )
    credit_settled_count = fields.Integer(
        string="Invoices settled", groups=FIGURES, help="In the last twelve months, by whatever but credit notes."
    )
    credit_days_late = fields.Float(
        string="Days late on average",
        groups=FIGURES,
        digits=(16, 1),
        aggregator="avg",
        help="Of the invoices settled in the last twelve months, weighted by amount; below zero: before they were due.",
    )
    credit_last_invoice_date = fields.Date(string="Last invoice")
    # Sales see the situation on the contact and on documents, as far as it is not a private person's.
    credit_status = fields.Selection(STATUSES, string="Credit situation", default="none", groups=FIGURES)
    credit_grade = fields.Selection(GRADES, string="Payment record", groups=FIGURES)
    credit_grade_typed = fields.Boolean(
        string="Level was entered",
        groups=FIGURES,
        help="The level of the customer file is in force and takes precedence.",
    )

    _exposure_idx = models.Index("(company_id, credit_exposure DESC, id) WHERE credit_exposure <> 0")
    _overdue_idx = models.Index("(company_id, credit_overdue DESC, id) WHERE credit_overdue > 0")
    _used_idx = models.Index("(company_id, credit_used DESC, id) WHERE credit_limit > 0")
    _available_idx = models.Index("(company_id, credit_available, id) WHERE credit_limit > 0")
    _status_idx = models.Index("(company_id, credit_status, id) WHERE credit_status IN ('red', 'amber')")
    # What a night looks for.
    _course_idx = models.Index("(id) WHERE credit_in_course <> 0")
    _green_idx = models.Index("(company_id, credit_last_invoice_date) WHERE credit_status = 'green'")
    _grade_idx = models.Index("(company_id, credit_grade, id) WHERE credit_grade IS NOT NULL")

    @api.private
    def init(self):
        """Listen to what changes what customers owe."""
        res = super().init()
        self._credit_watch()
        return res

    @api.model
    def _credit_watch(self):
        queue = self.env["crm.customer.metrics.queue"]
        customer = SQL("changed.partner_id")
        queue._watch_table(
            "account_move",
            SQL("CASE WHEN changed.move_type IN ('out_invoice', 'out_refund', 'out_receipt') THEN %s END", customer),
            columns=("partner_id", "state", "move_type", "amount_total_signed", "invoice_date"),
        )
        # beside what customers owe: what payments leave on outstanding accounts
        queue._watch_table(
            "account_move_line",
            customer,
            SQL(
                "JOIN account_account account ON account.id = changed.account_id"
                " AND (account.account_type = 'asset_receivable' OR changed.payment_id IS NOT NULL)"
            ),
            ("partner_id", "account_id", "amount_residual", "reconciled", "date_maturity", "parent_state"),
        )
        queue._watch_table(
            "account_payment",
            SQL("CASE WHEN changed.partner_type = 'customer' THEN %s END", customer),
            columns=("partner_id", "state", "move_id", "partner_type", "amount_company_currency_signed"),
        )

    @api.model
    def _mark_everybody(self):
        res = super()._mark_everybody()
        self.env["crm.customer.metrics.queue"]._mark_query(
            SQL("SELECT commercial_partner_id FROM account_move WHERE commercial_partner_id IS NOT NULL")
        )
        return res

    # --------------------------------------------------------------------- contract

    @api.model
    def _metrics_flush(self, names=None):
        res = super()._metrics_flush(names)
        if names is not None and "returned" in names:
            # what the bank took back is kept with deliveries and incidents; other feeds of these need not be
            # asked, or every order of a loop would copy the transfers of the one before
            self.env["crm.customer.feed"]._sync_if_told(RETURN_FEEDS)
        for model in ("account.move", "account.move.line", "account.partial.reconcile", "account.payment"):
            self.env[model].flush_model()
        self.env["res.partner"].flush_model(
            ["credit_limit", "trust", "customer_credit_level", "customer_credit_level_expiry"]
        )
        return res

    @api.model
    def _metrics_due(self, since, as_of):
        """Extended: whoever is or becomes overdue, has money in course, or whose settled invoices grow old."""
        return [
            *super()._metrics_due(since, as_of),
            # one by one, for the sake of their indexes
            SQL("SELECT commercial_partner_id FROM crm_customer_metrics WHERE credit_overdue > 0"),
            SQL("SELECT commercial_partner_id FROM crm_customer_metrics WHERE credit_in_course <> 0"),
            SQL(
                "SELECT p.commercial_partner_id FROM account_move_line l JOIN res_partner p ON p.id = l.partner_id"
                " WHERE l.date_maturity >= %s AND l.date_maturity < %s AND l.reconciled IS NOT TRUE"
                " AND l.parent_state = 'posted'",
                since,
                as_of,
            ),
            SQL(
                "SELECT p.commercial_partner_id FROM account_partial_reconcile part"
                " JOIN account_move_line l ON l.id = part.debit_move_id JOIN res_partner p ON p.id = l.partner_id"
                " WHERE (part.max_date > %(since)s::date - INTERVAL '12 months'"
                " AND part.max_date <= %(as_of)s::date - INTERVAL '12 months')"
                " OR (part.max_date > %(since)s AND part.max_date <= %(as_of)s)",
                since=since,
                as_of=as_of,
            ),
            # the months after which nothing is green any more are a company's own
            SQL(
                "SELECT m.commercial_partner_id FROM crm_customer_metrics m JOIN res_company c ON c.id = m.company_id"
                " WHERE m.credit_status = 'green' AND m.credit_last_invoice_date"
                " <= %s::date - make_interval(months => c.customer_credit_green_months)",
                as_of,
            ),
            SQL(
                "SELECT p.id FROM res_partner p, jsonb_each_text(p.customer_credit_level_expiry) AS expiry (company, day)"
                " WHERE p.customer_credit_level_expiry IS NOT NULL AND expiry.day::date >= %s AND expiry.day::date < %s",
                since,
                as_of,
            ),
        ]

    @api.model
    def _metrics_sources(self, partners, as_of):
        return [
            *super()._metrics_sources(partners, as_of),
            # a usual limit that all contacts have makes nobody a customer
            MetricsSource("limit", ("credit_limit",), self._credit_limit_sql(partners), adds_rows=False),
            MetricsSource(
                "level",
                (),
                self._credit_level_sql(partners, as_of),
                adds_rows=False,
                helpers=(("credit_level_typed", "varchar"), ("credit_is_bad", "boolean")),
            ),
            MetricsSource(
                "open",
                (
                    *("credit_not_due", "credit_overdue", "credit_overdue_30", "credit_overdue_60"),
                    *("credit_overdue_90", "credit_overdue_old", "credit_overdue_days", "credit_overdue_watch"),
                    "credit_on_account",
                ),
                self._credit_open_sql(partners, as_of),
            ),
            MetricsSource("course", ("credit_in_course",), self._credit_course_sql(partners, as_of)),
            MetricsSource("draft", ("credit_draft",), self._credit_draft_sql(partners, as_of)),
            MetricsSource("ordered", ("credit_to_invoice",), self._credit_ordered_sql(partners, as_of)),
            MetricsSource("returned", ("credit_returned",), self._credit_returned_sql(partners, as_of)),
            MetricsSource(
                "record", ("credit_settled_count", "credit_days_late"), self._credit_record_sql(partners, as_of)
            ),
            MetricsSource("invoiced", ("credit_last_invoice_date",), self._credit_invoiced_sql(partners, as_of)),
        ]

    @api.model
    def _metrics_layers(self, as_of):
        exposure = SQL(
            "credit_to_invoice + credit_draft + credit_not_due + credit_overdue + credit_in_course - credit_on_account"
        )
        return [
            *super()._metrics_layers(as_of),
            {"credit_exposure": exposure},
            {
                "credit_available": SQL("CASE WHEN credit_limit > 0 THEN credit_limit - credit_exposure END"),
                "credit_used": SQL(
                    "CASE WHEN credit_limit > 0 THEN ROUND(100 * credit_exposure / credit_limit, 1) END"
                ),
                "credit_grade_typed": SQL("base.credit_level_typed IS NOT NULL"),
            },
            {
                "credit_status": self._credit_status_sql(as_of),
                "credit_grade": SQL("COALESCE(base.credit_level_typed, %s)", self._credit_grade_sql()),
            },
        ]

    @api.model
    def _credit_grade_sql(self):
        """Grade of the payment record, NULL where there is not enough history."""
        steps = SQL(" ").join(
            SQL("WHEN credit_days_late <= %s THEN %s", days, grade) for grade, days in GRADE_DAYS.items()
        )
        return SQL(
            "CASE WHEN credit_returned > 0 THEN 'e' WHEN credit_settled_count < %s THEN NULL %s ELSE 'e' END",
            ENOUGH_SETTLED,
            steps,
        )

    @api.model
    def _credit_status_sql(self, as_of):
        """Situation by the thresholds of the company; whom Odoo calls a bad debtor is red."""
        return SQL(
            """
            CASE WHEN base.credit_is_bad OR base.credit_returned > 0 THEN 'red'
                 -- most customers of a shop: nothing that a threshold could judge
                 WHEN base.credit_last_invoice_date IS NULL AND base.credit_overdue_days = 0 AND base.credit_limit = 0
                      AND base.credit_overdue_watch = 0 THEN 'none'
                 ELSE (
             SELECT CASE
                    WHEN base.credit_overdue_days > company.customer_credit_red_days
                         OR (base.credit_limit > 0 AND base.credit_exposure > base.credit_limit) THEN 'red'
                    WHEN base.credit_overdue_watch > company.customer_credit_amber_amount
                         OR (base.credit_limit > 0 AND base.credit_used >= company.customer_credit_amber_share) THEN 'amber'
                    WHEN base.credit_last_invoice_date
                         > %s::date - make_interval(months => company.customer_credit_green_months) THEN 'green'
                    ELSE 'none' END
               FROM res_company company WHERE company.id = base.company_id) END
            """,
            as_of,
        )

    # ---------------------------------------------------------------------- buttons

    def action_open_items(self):
        """Show the open items of the customer by due date."""
        self.ensure_one()
        self.check_access("read")
        return self._credit_open_items(self.commercial_partner_id)

    @api.model
    def _credit_open_items(self, customer):
        """Action with what a customer owes, and what is on account, by due date.

        :param customer: ``res.partner`` record
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open items of %s", customer.display_name),
            "res_model": "account.move.line",
            "views": [(self.env.ref("crm_customer_db_account.account_move_line_view_list_credit").id, "list")],
            "search_view_id": [
                self.env.ref("crm_customer_db_account.account_move_line_view_search_credit").id,
                "search",
            ],
            "domain": [
                ("partner_id", "child_of", customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ],
            "context": {"create": False},
        }

    def action_customer_dunning(self):
        """Log a call about what the customer has overdue, or else about all he owes."""
        self.ensure_one()
        self.check_access("read")
        lines = self.env["account.move.line"].search(
            [
                *self._credit_open_items(self.commercial_partner_id)["domain"],
                ("company_id", "child_of", self.company_id.id),
                ("amount_residual", ">", 0),
            ]
        )
        invoices = lines.move_id._customer_claims()
        overdue = invoices.filtered(lambda move: move._customer_is_overdue())
        return self.env["crm.customer.dunning.wizard"]._open(overdue or invoices)

    @api.model
    def _cron_nightly(self):
        """Extended: a promise may be kept by a part of an invoice, which no payment tells."""
        res = super()._cron_nightly()
        self.env["crm.customer.payment.promise"]._promise_close()
        return res
