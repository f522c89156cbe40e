from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerMetrics(models.Model):
    """Who stands in which strategy.

    A rule over figures alone is asked again for rows that changed. One that looks at the
    day or beyond the figures (the profile) is asked for everybody every night.
    """

    _inherit = "crm.customer.metrics"

    strategy_ids = fields.Many2many(
        "crm.customer.strategy", "crm_customer_metrics_strategy_rel", "metrics_id", "strategy_id", string="Strategies"
    )
    main_strategy_id = fields.Many2one(
        "crm.customer.strategy",
        string="Main strategy",
        ondelete="set null",
        help="The first of the strategies by their order.",
    )
    strategy_reasons = fields.Text(string="Why these strategies", compute="_compute_strategy_reasons")

    _strategy_idx = models.Index("(main_strategy_id, company_id) WHERE main_strategy_id IS NOT NULL")

    @api.model
    def _metrics_partner_columns(self):
        """Extended: capacity, which the rules that are shipped look at."""
        return [
            *super()._metrics_partner_columns(),
            "customer_headcount",
            "customer_turnover",
            "customer_income_level_typed",
            "customer_household_income",
            "customer_priority",
        ]

    # ------------------------------------------------------------------------- engine

    @api.model
    def _refresh(self, partner_ids, as_of=None, size=None):
        """Extended: whoever's figures were worked out stands where they put him."""
        result = super()._refresh(partner_ids, as_of, **({"size": size} if size else {}))
        ids = sorted(set(partner_ids))
        self._assign_strategies(as_of or self._as_of(), SQL("commercial_partner_id = ANY(%s)", ids))
        return result

    @api.model
    def _rebuild(self, as_of=None, edges=True):
        """Extended: strategies once, after everybody's figures."""
        return super(CrmCustomerMetrics, self.with_context(customer_rebuilding=True))._rebuild(as_of, edges)

    @api.model
    def _metrics_tables(self):
        return [*super()._metrics_tables(), self._fields["strategy_ids"].relation]

    @api.model
    def _everybody_written(self, as_of, beside=None):
        res = super()._everybody_written(as_of, beside)
        self._assign_everybody(as_of, beside)
        return res

    @api.model
    def _restated(self, as_of, ids):
        """Extended: whoever's stage or class has changed."""
        res = super()._restated(as_of, ids)
        self._assign_strategies(as_of, None if ids is None else SQL("id = ANY(%s)", ids))
        return res

    @api.model
    def _moved_to(self, as_of):
        """Extended: the rules that rest on the day, for everybody."""
        res = super()._moved_to(as_of)
        strategies = self._strategies()
        moving = strategies.filtered(lambda strategy: strategy._rule_moves()) | strategies._rule_rights_moved()
        self._assign_strategies(as_of, strategies=moving)
        return res

    @api.model
    def _strategies(self):
        return self.env["crm.customer.strategy"].sudo().search([("active", "=", True)])

    @api.model
    def _assign_strategies(self, as_of, rows=None, strategies=None):
        """Make who stands where what the rules say, in one statement. Writes only what differs.

        :param as_of: date that stands for today
        :param rows: ``SQL`` condition on the columns of figures, None for everybody
        :param strategies: those whose rule is asked, None for all
        :return: number of rows of figures whose main strategy changed (int)
        """
        known = self._strategies()
        if strategies is not None and not strategies:
            return 0
        asked = known if strategies is None else strategies
        if not rows and asked == known:
            return self._assign_everybody(as_of)
        changed = known._rule_guarded(partial(self._assign_some, known, asked, as_of, rows), as_of)
        if not rows:
            asked._keep_rule_rights()
        self.invalidate_model(["strategy_ids", "main_strategy_id"], flush=False)
        return changed

    @api.model
    def _assign_some(self, known, asked, as_of, rows):
        """The statement: what stands, what should, and the difference.

        :param known: ``crm.customer.strategy`` records, all there are
        :param asked: those whose rule is asked
        """
        self.env.flush_all()
        found = self._strategy_queries(asked, as_of, rows)
        if not rows:
            # a query that only asks may use several processors
            table = SQL.identifier("crm_customer_strategy_wanted")
            self.env.cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, found))
            found = SQL("TABLE %s", table)
        self.env.cr.execute(
            SQL(
                """
                WITH looked_at AS MATERIALIZED (SELECT id FROM crm_customer_metrics WHERE %(rows)s),
                wanted AS MATERIALIZED (%(found)s),
                present AS MATERIALIZED (
                    SELECT metrics_id, strategy_id FROM crm_customer_metrics_strategy_rel
                     WHERE strategy_id <> ALL(%(others)s) AND %(within)s),
                gone AS MATERIALIZED (SELECT * FROM present EXCEPT SELECT * FROM wanted),
                come AS MATERIALIZED (SELECT * FROM wanted EXCEPT SELECT * FROM present),
                deleted AS (
                    DELETE FROM crm_customer_metrics_strategy_rel stands USING gone
                     WHERE stands.metrics_id = gone.metrics_id AND stands.strategy_id = gone.strategy_id),
                inserted AS (
                    INSERT INTO crm_customer_metrics_strategy_rel (metrics_id, strategy_id) SELECT * FROM come
                    ON CONFLICT DO NOTHING),
                moved AS MATERIALIZED (SELECT metrics_id AS id FROM gone UNION SELECT metrics_id FROM come),
                stands AS (
                    SELECT metrics_id, strategy_id FROM crm_customer_metrics_strategy_rel
                     WHERE metrics_id IN (SELECT id FROM moved)
                    EXCEPT SELECT * FROM gone
                    UNION SELECT * FROM come),
                main AS (
                    SELECT DISTINCT ON (stands.metrics_id) stands.metrics_id, stands.strategy_id
                      FROM stands JOIN crm_customer_strategy strategy ON strategy.id = stands.strategy_id
                     ORDER BY stands.metrics_id, strategy.sequence, strategy.id)
                UPDATE crm_customer_metrics metrics SET main_strategy_id = main.strategy_id
                  FROM moved LEFT JOIN main ON main.metrics_id = moved.id
                 WHERE metrics.id = moved.id AND metrics.main_strategy_id IS DISTINCT FROM main.strategy_id
                """,
                rows=rows or SQL("FALSE"),
                found=found,
                others=(known - asked).ids,
                within=SQL("metrics_id IN (SELECT id FROM looked_at)") if rows else SQL("TRUE"),
            )
        )
        changed = self.env.cr.rowcount
        if not rows:
            self.env.cr.execute(SQL("DROP TABLE %s", table))
        return changed

    @api.model
    def _assign_everybody(self, as_of, beside=None):
        """The same for all rules and everybody, where most may differ; the order of strategies may have changed, too.

        :param as_of: date that stands for today
        :param beside: ``Aside`` in which the figures stand, if they do
        :return: number of rows of figures whose main strategy changed (int)
        """
        known = self._strategies()
        changed = known._rule_guarded(partial(self._assign_all, known, as_of, beside), as_of)
        known._keep_rule_rights()
        self.invalidate_model(["strategy_ids", "main_strategy_id"], flush=False)
        return changed

    @api.model
    def _assign_all(self, known, as_of, beside):
        """The statements.

        :param known: ``crm.customer.strategy`` records, all there are
        :param beside: ``Aside`` in which the figures stand, if they do
        """
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_customer_strategy_wanted ON COMMIT DROP AS %s",
                self._strategy_queries(known, as_of, None),
            )
        )
        cr.execute("ANALYZE crm_customer_strategy_wanted")
        cr.execute(
            "DELETE FROM crm_customer_metrics_strategy_rel stands WHERE NOT EXISTS (SELECT"
            " FROM crm_customer_strategy_wanted wanted WHERE wanted.metrics_id = stands.metrics_id"
            " AND wanted.strategy_id = stands.strategy_id)"
        )
        [(known_before,)] = self.env.execute_query(SQL("SELECT EXISTS (SELECT FROM crm_customer_metrics_strategy_rel)"))
        cr.execute(
            SQL(
                "INSERT INTO crm_customer_metrics_strategy_rel (metrics_id, strategy_id)"
                " SELECT metrics_id, strategy_id FROM crm_customer_strategy_wanted %s ON CONFLICT DO NOTHING",
                SQL("EXCEPT SELECT metrics_id, strategy_id FROM crm_customer_metrics_strategy_rel")
                if known_before
                else SQL(""),
            )
        )
        cr.execute("DROP TABLE crm_customer_strategy_wanted")
        main = SQL(
            "SELECT metrics_id, (%(order)s::int[])[MIN(array_position(%(order)s::int[], strategy_id))]"
            " FROM crm_customer_metrics_strategy_rel GROUP BY metrics_id",
            order=known.sorted(lambda strategy: (strategy.sequence, strategy.id)).ids,
        )
        if beside:
            beside.at_last("main_strategy_id", main)
            return 0
        cr.execute(
            "UPDATE crm_customer_metrics metrics SET main_strategy_id = NULL WHERE main_strategy_id IS NOT NULL AND NOT"
            " EXISTS (SELECT FROM crm_customer_metrics_strategy_rel stands WHERE stands.metrics_id = metrics.id)"
        )
        changed = cr.rowcount
        cr.execute(
            SQL(
                "UPDATE crm_customer_metrics metrics SET main_strategy_id = main.strategy_id"
                " FROM (%s) main (metrics_id, strategy_id) WHERE metrics.id = main.metrics_id"
                " AND metrics.main_strategy_id IS DISTINCT FROM main.strategy_id",
                main,
            )
        )
        return changed + cr.rowcount

    @api.model
    def _strategy_queries(self, strategies, as_of, rows):
        """Whom the rules find, company by company: (id of figures, id of strategy)."""
        within = Domain("id", "in", SQL("SELECT id FROM looked_at")) if rows else Domain.TRUE
        # those that have any of the rows: a slice is often of one company
        concerned = SQL(
            "SELECT company.id FROM res_company company WHERE EXISTS"
            " (SELECT FROM crm_customer_metrics WHERE company_id = company.id AND %s)",
            rows or SQL("TRUE"),
        )
        ids = sorted(company_id for (company_id,) in self.env.execute_query(concerned))
        companies = self.env["res.company"].sudo().browse(ids)
        parts = [
            SQL("SELECT found.id AS metrics_id, %s AS strategy_id FROM (%s) found", strategy.id, query.select())
            for company in companies
            for strategy in strategies
            if not strategy.company_id or strategy.company_id == company
            if (query := strategy._rule_query(company, as_of, Domain("company_id", "=", company.id) & within))
            is not None
        ]
        return SQL(" UNION ALL ").join(parts or [SQL("SELECT 0 AS metrics_id, 0 AS strategy_id WHERE FALSE")])

    # ---------------------------------------------------------------------------- why

    @api.depends("strategy_ids")
    @api.depends_context("uid", "lang", "company")
    def _compute_strategy_reasons(self):
        for row in self:
            row.strategy_reasons = "\n".join(
                f"{strategy.name}: {reasons}" if (reasons := strategy._reasons(row)) else strategy.name
                for strategy in row.strategy_ids.sorted()
            )
