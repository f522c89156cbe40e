from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools import scoring
from ..tools.bulk import as_a_whole
from .crm_customer_metrics_scores import SCORE_OF


class CrmCustomerMetrics(models.Model):
    """Where scores begin: worked out once a night for each company, of all its customers."""

    _inherit = "crm.customer.metrics"

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
        companies = self.env["res.company"].sudo()
        settings = companies._customer_scoring()
        runs = self.env["crm.customer.score.run"].sudo()
        found = self._cuts_found(everybody)
        values = []
        for company_id, (count, highest, cuts) in sorted(found.items()):
            company = companies.browse(company_id)
            if company.customer_score_method == "fixed":
                # counted once everybody is scored by them
                levels = {}
                cuts = self._fixed_cuts(company, as_of)
            else:
                levels = {
                    f"{name}_levels": scoring.levels_in_use(column, value)
                    for name, column, value in zip(SCORE_OF, cuts, highest, strict=True)
                }
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
    def _cuts_found(self, everybody=None):
        """Where fifths of all customers begin, by sorting them.

        :param everybody: staged ``MetricsSQL``, None for the figures that are kept
        :return: dict company id → (number of customers, highest values, cut points), of the three
            figures of ``SCORE_OF``
        """
        rows = everybody.given_rows(["scored", *SCORE_OF.values()]) if everybody else SQL("TABLE crm_customer_metrics")
        columns = [SQL.identifier(column) for column in SCORE_OF.values()]
        shares = list(scoring.SHARES)
        with as_a_whole(self.env.cr):
            found = self.env.execute_query(
                SQL(
                    "SELECT company_id, COUNT(*), %s, %s FROM (%s) figures WHERE scored GROUP BY company_id",
                    SQL(", ").join(SQL("MAX(%s)", column) for column in columns),
                    SQL(", ").join(
                        SQL("percentile_disc(%s) WITHIN GROUP (ORDER BY %s)", shares, column) for column in columns
                    ),
                    rows,
                )
            )
        size = len(columns)
        return {company_id: (count, values[:size], values[size:]) for company_id, count, *values in found}

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
