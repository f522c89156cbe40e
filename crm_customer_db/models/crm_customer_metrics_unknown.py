from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from ..tools.metrics_sql import MetricsSource
from ..tools.quality_sql import ELEMENTS, ProfileSQL, columns_of


class CrmCustomerMetrics(models.Model):
    """How complete the profile of a customer is, and what of his purchases rests on what is missing."""

    _inherit = "crm.customer.metrics"

    completeness = fields.Integer(
        string="Profile complete (%)",
        aggregator="avg",
        help="By the weights of the data quality rules. A field that no such customer has filled in does not count.",
    )
    missing_amount = fields.Monetary(
        string="Weight of what is missing",
        help="Purchased in 12 months × the share of the profile that is missing: where a question pays most.",
    )
    missing_words = fields.Char(string="What is missing", compute="_compute_missing_words")
    profile_confirmed_on = fields.Date(
        string="Last confirmed", related="commercial_partner_id.customer_profile_confirmed_on"
    )

    _missing_idx = models.Index("(company_id, missing_amount DESC, id)")

    @api.depends("completeness")
    @api.depends_context("lang", "uid")
    def _compute_missing_words(self):
        self.missing_words = False
        for company, rows in self.filtered(lambda row: row.completeness < 100).grouped("company_id").items():
            missing = rows.commercial_partner_id._customer_missing(company)
            for row in rows:
                row.missing_words = ", ".join(missing[row.commercial_partner_id.id].values())

    # --------------------------------------------------------------------- watching

    @api.model
    def _metrics_partner_columns(self):
        """Extended: what a profile is made of."""
        known = self.env["res.partner"]._fields
        names = [column for name in ELEMENTS for column in columns_of(name) if known[column].column_type]
        return [*super()._metrics_partner_columns(), "customer_kind", *names]

    @api.private
    def init(self):
        """Listen to what a profile has in other tables."""
        res = super().init()
        # tables of many2many fields are made after those of models
        self.pool.post_init(self._watch_profile_links)
        return res

    @api.model
    def _watch_profile_links(self):
        queue = self.env["crm.customer.metrics.queue"]
        known = self.env["res.partner"]._fields
        for field in (known[name] for name in ELEMENTS):
            if field.type == "many2many" and table_exists(self.env.cr, field.relation):
                customer = SQL("changed.%s", SQL.identifier(field.column1))
                # rows without an id: whoever moves them, a merge, marks the contact
                queue._watch_table(field.relation, customer, events=("INSERT", "DELETE"))
            elif field.type == "one2many":
                table = self.env[field.comodel_name]._table
                queue._watch_table(table, SQL("changed.%s", SQL.identifier(field.inverse_name)))

    # ------------------------------------------------------------------------ figures

    @api.model
    def _metrics_sources(self, partners, as_of):
        return [
            *super()._metrics_sources(partners, as_of),
            MetricsSource("quality", ("completeness",), self._metrics_quality_sql(partners), adds_rows=False),
        ]

    @api.model
    def _metrics_layers(self, as_of):
        return [*super()._metrics_layers(as_of), {"missing_amount": self._missing_amount_sql()}]

    @api.model
    def _missing_amount_sql(self):
        # who is archived is not worth a question
        return SQL(
            "CASE WHEN base.scored THEN ROUND((GREATEST(base.amount_12m, 0) * (100 - base.completeness) / 100)::numeric, 2)"
            " END"
        )

    @api.model
    def _metrics_flush(self, names=None):
        res = super()._metrics_flush(names)
        if names is None or "quality" in names:
            known = self.env["res.partner"]._fields
            columns = [column for name in ELEMENTS for column in columns_of(name) if known[column].column_type]
            self.env["res.partner"].flush_model(["customer_kind", "parent_id", "active", *columns])
            for field in (known[name] for name in ELEMENTS if known[name].type == "one2many"):
                self.env[field.comodel_name].flush_model()
        return res

    @api.model
    def _metrics_quality_sql(self, partners=None):
        """Query of how complete profiles are, for the customers in ``customer``.

        :param partners: ``SQL`` of an array of their ids, None for all
        """
        plans = {}
        for key, plan in self.env["crm.customer.quality.rule"]._plans().items():
            if plan:
                plans.setdefault(plan, []).append(key)
        if not plans:
            return SQL("SELECT commercial_partner_id, company_id, 100 AS completeness FROM customer")
        profile = ProfileSQL(
            self.env["res.partner"], sorted({name for plan in plans for name, _weight in plan}), partners
        )
        company = SQL("customer.company_id")
        shares = SQL(" ").join(
            SQL(
                "WHEN %s THEN 100 * (%s) / %s",
                number,
                SQL(" + ").join(
                    SQL("CASE WHEN %s THEN %s ELSE 0 END", profile.filled(name, company), weight)
                    for name, weight in plan
                ),
                sum(weight for _name, weight in plan),
            )
            for number, plan in enumerate(plans)
        )
        rows = SQL(", ").join(
            SQL("(%s, %s, %s)", *key, number) for number, keys in enumerate(plans.values()) for key in keys
        )
        return SQL(
            """
            SELECT customer.commercial_partner_id, customer.company_id, CASE plan.number %(shares)s ELSE 100 END AS completeness
              FROM customer
              JOIN res_partner partner ON partner.id = customer.commercial_partner_id
              LEFT JOIN (VALUES %(plans)s) plan (company_id, kind, number)
                ON plan.company_id = customer.company_id AND plan.kind = partner.customer_kind
                   %(linked)s
            """,
            shares=shares,
            plans=rows,
            linked=profile.join(),
        )

    # -------------------------------------------------------------------------- night

    @api.model
    def _written(self):
        """Extended: profiles may have been written, too."""
        res = super()._written()
        self.env["crm.customer.quality.change"]._note()
        return res

    @api.model
    def _edges_moved(self, as_of, runs):
        """Extended: which fields of the profile are used, and so count."""
        return super()._edges_moved(as_of, runs) + self._refresh_quality(as_of)

    @api.model
    def _refresh_quality(self, as_of):
        """Work out which fields of the profile count, and measure profiles by that where it changes.

        Nothing else moves it. Where nothing was written since it was worked out last, nothing is to be done.

        :param as_of: date that stands for today
        :return: number of rows of figures that changed (int)
        """
        self.env.flush_all()
        rules = self.env["crm.customer.quality.rule"]
        before = rules._plans()
        is_written = self.env["crm.customer.quality.change"]._forget()
        if not is_written and not self.env.context.get("customer_rebuilding"):
            return 0
        if not self.env["crm.customer.quality.use"]._count(as_of):
            return 0
        self.env.registry.clear_cache()
        after = rules._plans()
        company_ids = {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        return self._restate_quality(company_ids, as_of) if company_ids else 0

    @api.model
    def _restate_quality(self, company_ids, as_of):
        """Measure all profiles of some companies anew, in one statement.

        :return: number of rows that changed (int)
        """
        self.env.cr.execute(
            SQL(
                """
                WITH customer AS (
                    SELECT commercial_partner_id, company_id FROM crm_customer_metrics WHERE company_id = ANY(%(companies)s)
                ), fresh AS (
                    SELECT base.id, base.completeness, COALESCE(%(missing)s, 0) AS missing_amount
                      FROM (SELECT metrics.id, metrics.scored, metrics.amount_12m, quality.completeness
                              FROM crm_customer_metrics metrics
                              JOIN (%(quality)s) quality USING (commercial_partner_id, company_id)) base
                )
                UPDATE crm_customer_metrics old
                   SET completeness = fresh.completeness, missing_amount = fresh.missing_amount, computed_as_of = %(as_of)s
                  FROM fresh
                 WHERE fresh.id = old.id
                   AND (old.completeness, old.missing_amount) IS DISTINCT FROM (fresh.completeness, fresh.missing_amount)
                """,
                companies=list(company_ids),
                missing=self._missing_amount_sql(),
                quality=self._metrics_quality_sql(),
                as_of=as_of,
            )
        )
        changed = self.env.cr.rowcount
        if changed:
            self.invalidate_model(flush=False)
            if not self.env.context.get("customer_rebuilding"):
                # strategies may ask how complete a profile is
                self._assign_strategies(as_of, SQL("computed_as_of = %s", as_of))
        return changed
