from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import scoring
from ..tools.metrics_sql import MetricsSQL

# Up to so many changed rows are named; beyond them everybody is looked at.
NAMED = 20_000
SCORE_OF = {
    "recency": "last_purchase_date",
    "frequency": "purchase_count_window",
    "monetary": "amount_window",
}


class CrmCustomerMetrics(models.Model):
    """What a customer is worth among all of his company: scores, and the class they give.

    Scored are customers who have bought, whose contact is active and who may be customers
    at all. Recency is the day of the last purchase whenever that was, frequency and amount
    are those of the window of the company. Where scores begin is worked out by
    ``_refresh_edges`` and nothing else, so one customer is scored without the others.
    """

    _inherit = "crm.customer.metrics"

    scored = fields.Boolean(help="Has bought, is not archived, and can be a customer.")
    purchase_count_window = fields.Integer(
        string="Purchases that count", help="Orders in the months that the company scores."
    )
    amount_window = fields.Monetary(
        string="Purchased in the months that count (excl. VAT)",
        help="Ordered in the months that the company scores, less credit notes.",
    )
    recency_score = fields.Integer(
        string="Recency (1–5)", aggregator="avg", help="5: among those who bought last. 0: not scored."
    )
    frequency_score = fields.Integer(
        string="Frequency (1–5)", aggregator="avg", help="5: among those with most orders. 0: not scored."
    )
    monetary_score = fields.Integer(
        string="Amount (1–5)", aggregator="avg", help="5: among those who buy for most. 0: not scored."
    )
    rfm_score = fields.Float(
        string="Weighted score",
        digits=(16, 2),
        aggregator="avg",
        help="Mean of the three scores by the weights of the company.",
    )
    value_class_id = fields.Many2one("crm.customer.value.class", string="Value class (RFM)", ondelete="set null")

    # the class first: what refers to one is looked for when it is deleted
    _class_idx = models.Index("(value_class_id, company_id, amount_12m DESC, id) WHERE value_class_id IS NOT NULL")

    @api.private
    def init(self):
        """Listen to what makes somebody a customer, or takes him out of the scores."""
        res = super().init()
        queue = self.env["crm.customer.metrics.queue"]
        queue._watch_table(
            "res_partner",
            # one that is typed in as a prospect belongs to nobody above him yet; other new contacts have no figures
            SQL(
                "COALESCE(changed.commercial_partner_id, CASE WHEN changed.customer_mark IN ('customer', 'prospect')"
                " THEN changed.id END)"
            ),
            columns=tuple(self._metrics_partner_columns()),
        )
        queue._watch_table("res_users", SQL("changed.partner_id"), columns=("partner_id", "share"))
        return res

    @api.model
    def _metrics_partner_columns(self):
        """Columns of contacts that figures rest on: a change puts the customer on the queue. Addons append theirs."""
        return ["active", "customer_mark", "company_id", "user_id"]

    @api.model
    def _metrics_layers(self, as_of):
        runs = self.env["crm.customer.score.run"]._current(self._past_day())
        known = {company_id: cuts for company_id, (cuts, _day) in runs.items()}
        scores = {
            f"{name}_score": SQL(
                "CASE WHEN base.scored THEN %s END",
                self._by_company(
                    {
                        company_id: SQL(
                            "1 + %s",
                            SQL(" + ").join(
                                SQL("(base.%s > %s)::int", SQL.identifier(column), cut) for cut in cuts[index]
                            ),
                        )
                        for company_id, cuts in known.items()
                    }
                ),
            )
            for index, (name, column) in enumerate(SCORE_OF.items())
        }
        settings = self.env["res.company"]._customer_scoring()
        weighted = self._by_company(
            {
                company_id: SQL(
                    "ROUND(((%s * base.recency_score + %s * base.frequency_score + %s * base.monetary_score)"
                    " / %s)::numeric, 2)",
                    *settings[company_id]["weights"],
                    sum(settings[company_id]["weights"]),
                )
                for company_id in known
                if company_id in settings
            }
        )
        classes = self.env["crm.customer.value.class"]
        place = SQL(
            "((base.recency_score - 1) * %(levels)s + base.frequency_score - 1) * %(levels)s + base.monetary_score",
            levels=scoring.LEVELS,
        )
        classed = self._by_company(
            {company_id: SQL("(%s::int[])[%s]", list(classes._ranks(company_id)[1]), place) for company_id in known}
        )
        return [
            *super()._metrics_layers(as_of),
            scores,
            {
                "rfm_score": SQL("CASE WHEN base.recency_score > 0 THEN %s END", weighted),
                "value_class_id": SQL("CASE WHEN base.recency_score > 0 THEN %s END", classed),
            },
        ]

    @api.model
    def _by_company(self, expressions):
        """One expression that is another one in each company, and NULL in those without any.

        :param expressions: dict company id → ``SQL`` over ``base``
        """
        if not expressions:
            return SQL("NULL::integer")
        return SQL(
            "CASE base.company_id %s END",
            SQL(" ").join(SQL("WHEN %s THEN %s", company_id, value) for company_id, value in expressions.items()),
        )

    @api.model
    def _metrics_restated(self):
        """Extended: what follows from where scores begin."""
        return [
            *super()._metrics_restated(),
            *(f"{name}_score" for name in SCORE_OF),
            "rfm_score",
            "value_class_id",
        ]

    @api.model
    def _mark_scored(self, company_ids=None):
        """Have all customers scored anew, after a rule or a setting was changed.

        :param company_ids: ids of companies, None for all
        """
        self.env["crm.customer.metrics.queue"]._mark_query(
            SQL(
                "SELECT commercial_partner_id FROM crm_customer_metrics WHERE %s",
                SQL("TRUE") if company_ids is None else SQL("company_id = ANY(%s)", list(company_ids)),
            )
        )

    # ---------------------------------------------------------------------- restating

    @api.model
    def _restate(self, as_of, within=None):
        """Bring what follows from kept figures, the day and the edges up to date, for many at once.

        :param as_of: date that stands for today
        :param within: list of ``SQL`` conditions on ``base``: rows that meet one of them may have moved;
            None for all
        :return: number of rows that changed (int)
        """
        if within == []:
            return 0
        cr, names = self.env.cr, self._metrics_restated()
        # found first, by queries that may use several processors; most nights move few
        looked_at, moved = (SQL.identifier(f"crm_customer_metrics_{name}") for name in ("looked_at", "moved"))
        create = "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s"
        if within is not None:
            # one by one, for the sake of indexes
            rows = SQL(" UNION ").join(
                SQL("SELECT base.id FROM crm_customer_metrics base WHERE %s", condition) for condition in within
            )
            cr.execute(SQL(create, looked_at, rows))
            within = SQL("base.id IN (SELECT id FROM %s)", looked_at)
        cr.execute(SQL(create, moved, MetricsSQL(self.sudo(), [], as_of).moved(names, within)))
        changed = cr.rowcount
        if changed:
            cr.execute(
                SQL(
                    "UPDATE crm_customer_metrics kept SET (%s, computed_as_of) = ROW(%s, %s::date) FROM %s moved"
                    " WHERE moved.id = kept.id %s",
                    SQL(", ").join(map(SQL.identifier, names)),
                    SQL(", ").join(SQL.identifier("moved", name) for name in names),
                    as_of,
                    moved,
                    SQL("RETURNING kept.id") if changed <= NAMED else SQL(""),
                )
            )
            ids = [row_id for (row_id,) in cr.fetchall()] if changed <= NAMED else None
            self.invalidate_model(flush=False)
        cr.execute(SQL("DROP TABLE %s", moved))
        if within is not None:
            cr.execute(SQL("DROP TABLE %s", looked_at))
        if changed:
            self._restated(as_of, ids)
        return changed

    @api.model
    def _restated(self, as_of, ids):
        """Called after rows were brought up to date. Others extend it.

        :param as_of: date that stands for today
        :param ids: list of ids of the rows, None when there are too many to be named
        """
