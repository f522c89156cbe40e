from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date, ormcache

from ..tools import scoring

KEEP_DAYS = 730
CUTS = tuple(range(1, scoring.LEVELS))


class CrmCustomerScoreRun(models.Model):
    """Where the scores of a company begin, as worked out on one day.

    Kept, so that a score can be explained later. Nobody writes it but
    ``crm.customer.metrics._refresh_edges``.
    """

    _name = "crm.customer.score.run"
    _description = "Scoring Run"
    _log_access = False
    _order = "as_of desc, id desc"
    _rec_name = "as_of"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    as_of = fields.Date(string="As of", required=True)
    window_months = fields.Integer(string="Months that count", required=True)
    method = fields.Selection(
        [("quintiles", "Fifths of the customers"), ("fixed", "Fixed thresholds")], string="Rule", required=True
    )
    customer_count = fields.Integer(string="Customers scored")
    recency_1 = fields.Date(string="Recency 2 after")
    recency_2 = fields.Date(string="Recency 3 after")
    recency_3 = fields.Date(string="Recency 4 after")
    recency_4 = fields.Date(string="Recency 5 after")
    frequency_1 = fields.Integer(string="Frequency 2 above")
    frequency_2 = fields.Integer(string="Frequency 3 above")
    frequency_3 = fields.Integer(string="Frequency 4 above")
    frequency_4 = fields.Integer(string="Frequency 5 above")
    monetary_1 = fields.Monetary(string="Amount 2 above")
    monetary_2 = fields.Monetary(string="Amount 3 above")
    monetary_3 = fields.Monetary(string="Amount 4 above")
    monetary_4 = fields.Monetary(string="Amount 5 above")
    recency_levels = fields.Integer(string="Recency scores in use")
    frequency_levels = fields.Integer(string="Frequency scores in use")
    monetary_levels = fields.Integer(string="Amount scores in use")
    summary = fields.Char(compute="_compute_summary")

    _company_idx = models.Index("(company_id, as_of DESC, id DESC)")

    @api.depends("recency_levels", "frequency_levels", "monetary_levels", "customer_count")
    @api.depends_context("lang")
    def _compute_summary(self):
        for run in self:
            few = [
                self.env._("%(score)s %(levels)s", score=words.lower(), levels=levels)
                for words, levels in (
                    (self.env._("Recency"), run.recency_levels),
                    (self.env._("Frequency"), run.frequency_levels),
                    (self.env._("Amount"), run.monetary_levels),
                )
                if levels < scoring.LEVELS
            ]
            run.summary = (
                self.env._(
                    "Customers are too alike for five levels: %s. Fixed thresholds may tell them apart better.",
                    ", ".join(few),
                )
                if few
                else self.env._("All five levels are in use.")
            )

    def _cuts(self):
        """Cut points of recency (dates), frequency and amount, four each."""
        self.ensure_one()
        return tuple(
            tuple(self[f"{name}_{number}"] for number in CUTS) for name in ("recency", "frequency", "monetary")
        )

    @api.model
    @ormcache("day")
    def _current(self, day=None):
        """Cut points in force, and what they rest on.

        :param day: date on which they were, None for now
        :return: dict company id → (three tuples of four cut points, as-of date)
        """
        runs = self.sudo().browse(self._latest_ids(day))
        return {run.company_id.id: (run._cuts(), run.as_of) for run in runs}

    def _edge_words(self, name, value):
        """In words, what a score of recency, frequency or amount rests on.

        :param name: ``recency``, ``frequency`` or ``monetary``
        :param value: the customer's date, number or amount
        """
        self.ensure_one()
        cuts = [self[f"{name}_{number}"] for number in CUTS]
        level = scoring.score(value, cuts)
        shown = {
            "recency": lambda cut: format_date(self.env, cut),
            "frequency": str,
            "monetary": lambda cut: format_amount(self.env, cut, self.currency_id),
        }[name]
        if name == "recency":
            if level == 1:
                return self.env._("score 1 of 5, 2 would be after %s", shown(cuts[0]))
            return self.env._("score %(level)s of 5, after %(cut)s", level=level, cut=shown(cuts[level - 2]))
        if level == 1:
            return self.env._("score 1 of 5, 2 would be above %s", shown(cuts[0]))
        return self.env._("score %(level)s of 5, above %(cut)s", level=level, cut=shown(cuts[level - 2]))

    @api.autovacuum
    def _gc_runs(self):
        """Two years explain every score that is still looked at; the latest run of a company stays."""
        old = self.search([("as_of", "<", fields.Date.today() - timedelta(days=KEEP_DAYS))])
        (old - self.browse(self._latest_ids())).unlink()

    @api.model
    def _latest_ids(self, day=None):
        """Ids of the runs in force, one of each company that has any.

        :param day: date on which they were, None for now
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (company_id) id FROM crm_customer_score_run WHERE recency_1 IS NOT NULL AND %s"
                " ORDER BY company_id, as_of DESC, id DESC",
                SQL("as_of <= %s", day) if day else SQL("TRUE"),
            )
        )
        return [run_id for (run_id,) in rows]
