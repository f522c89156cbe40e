from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import scoring
from ..tools.bulk import as_a_whole
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
            events=("INSERT", "UPDATE"),
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

    # ------------------------------------------------------------------------ edges

    @api.model
    def _refresh_edges(self, as_of=None):
        """Work out where scores begin, by company, and score everybody by that.

        Nothing else moves them. Each company gets a run that keeps the day, the window and
        the cut points.

        :param as_of: date that stands for today
        :return: number of rows of figures that changed (int)
        """
        as_of = as_of or self._as_of()
        self.env.flush_all()
        before = self._cut_points()
        runs = self._make_runs(as_of)
        # what the day moves was restated when the day was moved: nothing is left to do for the same cut points
        crossed = self._edges_crossed(before, self._cut_points()) if as_of == self._as_of() else None
        changed = 0 if crossed == [] else self._restate(as_of, crossed)
        return changed + self._edges_moved(as_of, runs)

    @api.model
    def _edges_crossed(self, before, after):
        """Conditions on ``base``, rows that are kept: whose scores other cut points change.

        :param before: what ``_cut_points`` gave when they were scored
        :param after: what it gives now
        :return: list of ``SQL``
        """
        conditions = []
        for company_id in before.keys() | after.keys():
            old, new = before.get(company_id), after.get(company_id)
            if old is None or new is None:
                conditions.append(SQL("base.company_id = %s", company_id))
                continue
            crossed = [
                SQL(
                    "(%(value)s > %(low)s AND %(value)s <= %(high)s)",
                    value=SQL.identifier("base", column),
                    low=low,
                    high=high,
                )
                for column, *cuts in zip(SCORE_OF.values(), old, new, strict=True)
                for low, high in map(sorted, zip(*cuts, strict=True))
                if low != high
            ]
            if crossed:
                conditions.append(SQL("(base.company_id = %s AND (%s))", company_id, SQL(" OR ").join(crossed)))
        return conditions

    @api.model
    def _cut_points(self):
        """Where scores begin in each company: dict company id → three tuples of four cut points."""
        runs = self.env["crm.customer.score.run"]._current()
        return {company_id: cuts for company_id, (cuts, _day) in runs.items()}

    @api.model
    def _make_runs(self, as_of, everybody=None):
        """Work out where scores begin, of the figures that are kept or staged.

        :param as_of: date that stands for today
        :param everybody: staged ``MetricsSQL``
        :return: ``crm.customer.score.run`` records, one per company with customers to score
        """
        rows = everybody.given_rows(["scored", *SCORE_OF.values()]) if everybody else SQL("TABLE crm_customer_metrics")
        companies = self.env["res.company"].sudo()
        settings = companies._customer_scoring()
        runs = self.env["crm.customer.score.run"].sudo()
        shares = list(scoring.SHARES)
        with as_a_whole(self.env.cr):
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT company_id, COUNT(*),
                           MAX(last_purchase_date), MAX(purchase_count_window), MAX(amount_window),
                           percentile_disc(%(shares)s) WITHIN GROUP (ORDER BY last_purchase_date),
                           percentile_disc(%(shares)s) WITHIN GROUP (ORDER BY purchase_count_window),
                           percentile_disc(%(shares)s) WITHIN GROUP (ORDER BY amount_window)
                      FROM (%(rows)s) figures WHERE scored
                     GROUP BY company_id ORDER BY company_id
                    """,
                    shares=shares,
                    rows=rows,
                )
            )
        values = []
        for company_id, count, *found in rows:
            company = companies.browse(company_id)
            highest, cuts = found[: len(SCORE_OF)], found[len(SCORE_OF) :]
            levels = {
                f"{name}_levels": scoring.levels_in_use(column, value)
                for name, column, value in zip(SCORE_OF, cuts, highest, strict=True)
            }
            if company.customer_score_method == "fixed":
                # counted once everybody is scored by them
                levels = {}
                cuts = self._fixed_cuts(company, as_of)
            values.append(
                {
                    "company_id": company_id,
                    "as_of": as_of,
                    "window_months": settings[company_id]["months"],
                    "method": company.customer_score_method,
                    "customer_count": count,
                    **levels,
                    **{
                        f"{name}_{number}": cut
                        for name, column in zip(SCORE_OF, cuts, strict=True)
                        for number, cut in enumerate(column, 1)
                    },
                }
            )
        made = runs.create(values)
        self.env.registry.clear_cache()
        self.env.flush_all()
        return made

    @api.model
    def _edges_moved(self, as_of, runs):
        """What else follows once everybody is scored by new edges. Addons extend it.

        :param as_of: date that stands for today
        :param runs: the runs that moved them
        :return: number of rows of figures that changed (int)
        """
        self._count_levels(runs)
        return 0

    @api.model
    def _fixed_cuts(self, company, as_of):
        """Cut points that do not follow the customers: those of the settings."""
        days = company._customer_scale("customer_score_recency")
        return (
            # up to so many days ago: after the day before that
            [as_of - timedelta(days=int(count) + 1) for count in reversed(days)],
            [int(count) for count in company._customer_scale("customer_score_frequency")],
            company._customer_scale("customer_score_amount"),
        )

    @api.model
    def _count_levels(self, runs):
        """How many of the five levels customers are in by fixed thresholds; fifths tell it themselves."""
        runs = runs.filtered(lambda run: run.method == "fixed")
        if not runs:
            return
        # a bit for each level: one pass, where distinct values would be sorted three times
        used = SQL(", ").join(SQL("BIT_OR(1 << %s)", SQL.identifier(f"{name}_score")) for name in SCORE_OF)
        counts = self.env.execute_query(
            SQL(
                "SELECT company_id, %s FROM crm_customer_metrics WHERE scored AND company_id = ANY(%s) GROUP BY company_id",
                used,
                runs.company_id.ids,
            )
        )
        levels = {company_id: [bits.bit_count() for bits in found] for company_id, *found in counts}
        for run in runs:
            run.recency_levels, run.frequency_levels, run.monetary_levels = levels[run.company_id.id]

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
        # found first, by a query that may use several processors; most nights move few
        moved = SQL.identifier("crm_customer_metrics_moved")
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s",
                moved,
                MetricsSQL(self.sudo(), [], as_of).moved(names, within),
            )
        )
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
        if changed:
            self._restated(as_of, ids)
        return changed

    @api.model
    def _restated(self, as_of, ids):
        """Called after rows were brought up to date. Others extend it.

        :param as_of: date that stands for today
        :param ids: list of ids of the rows, None when there are too many to be named
        """

    @api.model
    def _without_edges(self):
        """Whether a company has customers to score and no edges yet."""
        [(without,)] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM res_company company WHERE EXISTS (SELECT FROM crm_customer_metrics metrics"
                " WHERE metrics.company_id = company.id AND metrics.scored) AND NOT EXISTS (SELECT"
                " FROM crm_customer_score_run run WHERE run.company_id = company.id))"
            )
        )
        return without
