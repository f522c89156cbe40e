from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from ..tools.metrics_sql import MetricsSource, among
from .res_company_service import SERVICES

TABLES = {"interaction": "crm.customer.interaction", "fulfilment": "crm.customer.fulfilment"}
MADE = "is_control IS NOT TRUE AND state IN ('sent', 'delivered')"


class CrmCustomerMetrics(models.Model):
    """What it costs to serve a customer, and what is left after it.

    Cost to serve = number of visits, calls, mails, deliveries, returns and complaints of
    twelve months, each times what the company says one costs (activity-based costing:
    Kaplan & Cooper, *Cost & Effect*, 1998, ch. 10). Where the company says nothing, it is 0
    and screens say "not costed".
    """

    _inherit = "crm.customer.metrics"

    category_count_12m = fields.Integer(
        string="Product types in 12 months", help="Different product types bought in the last twelve months."
    )
    service_cost_12m = fields.Monetary(
        string="Cost to serve in 12 months",
        help="Visits, calls, mails, deliveries, returns and complaints, each times what the company says it costs.",
    )
    acquisition_cost = fields.Monetary(
        string="Cost of winning him", help="Marketing sent to the customer up to the day of the first purchase."
    )
    net_value_12m = fields.Monetary(
        string="Left in 12 months",
        help="Margin less cost to serve and marketing. What was ordered without a margin counts with the company's "
        "usual one, or else with that of the customer's other lines; 0 where nothing says what it is.",
    )
    service_share = fields.Float(
        string="Cost to serve (% of ordered)",
        digits=(16, 1),
        aggregator="avg",
        help="Cost to serve and marketing, of what was ordered in 12 months. 100 where nothing was ordered.",
    )
    service_reasons = fields.Text(string="What it costs to serve", compute="_compute_service_reasons")

    # ----------------------------------------------------------------------- contract

    @api.model
    def _metrics_sources(self, partners, as_of):
        """Extended: after the purchases, whose first day acquisition rests on."""
        sources = [
            *super()._metrics_sources(partners, as_of),
            MetricsSource(
                "acquisition", ("acquisition_cost",), self._metrics_acquisition_sql(partners, as_of), adds_rows=False
            ),
        ]
        service = self._metrics_service_sql(partners, as_of)
        return [*sources, MetricsSource("service", ("service_cost_12m",), service, adds_rows=False)]

    @api.model
    def _metrics_layers(self, as_of):
        usual = self._by_company(
            {company_id: SQL("%s", margin) for company_id, (_rates, margin) in self._service_settings().items()}
        )
        costs = SQL("(base.service_cost_12m + base.marketing_cost_12m)")
        known = SQL("(base.amount_12m - base.margin_unknown_12m)")
        rate = SQL(
            "CASE WHEN COALESCE(%(usual)s, 0) > 0 THEN %(usual)s / 100.0"
            " WHEN %(known)s > 0 THEN base.margin_12m / %(known)s"
            " WHEN base.margin_unknown_12m = 0 THEN 0 END",
            usual=usual,
            known=known,
        )
        # unknown (NULL) where there is no rate for lines without a margin
        net = SQL(
            "base.margin_12m + ROUND((base.margin_unknown_12m * %(rate)s)::numeric, 2) - %(costs)s",
            rate=rate,
            costs=costs,
        )
        share = SQL(
            "CASE WHEN base.amount_12m > 0 THEN LEAST(ROUND((100 * %(costs)s / base.amount_12m)::numeric, 1), 1000)"
            " WHEN %(costs)s > 0 THEN 100 END",
            costs=costs,
        )
        return [*super()._metrics_layers(as_of), {"net_value_12m": net, "service_share": share}]

    @api.model
    def _metrics_due(self, since, as_of):
        """Extended: calls and visits that come into the last twelve months, and leave them."""
        queries = super()._metrics_due(since, as_of)
        if not self._services_costed():
            return queries
        return [
            *queries,
            SQL(
                "SELECT commercial_partner_id FROM crm_customer_interaction WHERE kind = ANY(%(kinds)s)"
                " AND ((day > %(since)s AND day <= %(as_of)s) OR (day > %(since)s::date - INTERVAL '12 months'"
                " AND day <= %(as_of)s::date - INTERVAL '12 months'))",
                kinds=[kind for table, kinds in SERVICES.values() if table == "interaction" for kind in kinds],
                since=since,
                as_of=as_of,
            ),
        ]

    @api.model
    def _service_settings(self):
        return self.env["res.company"]._customer_service()

    @api.model
    def _services_costed(self):
        """Whether any company says what anything costs."""
        return any(rates for rates, _margin in self._service_settings().values())

    # ------------------------------------------------------------------------ queries

    @api.model
    def _metrics_acquisition_sql(self, partners, as_of):
        return SQL(
            "SELECT made.commercial_partner_id, made.company_id, SUM(made.cost) AS acquisition_cost"
            " FROM crm_customer_marketing_action made"
            " LEFT JOIN source_purchase bought USING (commercial_partner_id, company_id)"
            " WHERE %(among)s AND %(made)s AND made.cost <> 0"
            " AND made.day <= COALESCE(bought.first_purchase_date, %(as_of)s)"
            " GROUP BY made.commercial_partner_id, made.company_id",
            among=among(SQL("made.commercial_partner_id"), partners),
            made=SQL(MADE),
            as_of=as_of,
        )

    @api.model
    def _metrics_service_sql(self, partners, as_of):
        """Counts times rates. No table is read where nothing is costed."""
        if not self._services_costed():
            return SQL(
                "SELECT NULL::integer AS commercial_partner_id, NULL::integer AS company_id,"
                " NULL::numeric AS service_cost_12m WHERE FALSE"
            )
        parts = [
            SQL(
                "SELECT base.commercial_partner_id, base.company_id, %(rate)s::numeric AS cost FROM %(table)s base"
                " WHERE %(among)s AND base.kind = ANY(%(kinds)s) AND %(recent)s",
                rate=self._by_company(
                    {
                        company_id: SQL("%s", rates.get(name, 0))
                        for company_id, (rates, _margin) in self._service_settings().items()
                    }
                ),
                table=SQL.identifier(self.env[TABLES[table]]._table),
                among=among(SQL("base.commercial_partner_id"), partners),
                kinds=list(kinds),
                recent=self._metrics_window(as_of),
            )
            for name, (table, kinds) in SERVICES.items()
            if any(name in rates for rates, _margin in self._service_settings().values())
        ]
        return SQL(
            "SELECT commercial_partner_id, company_id, SUM(cost) AS service_cost_12m FROM (%s) served"
            " GROUP BY commercial_partner_id, company_id",
            SQL(" UNION ALL ").join(parts),
        )

    # ------------------------------------------------------------------------- screens

    @api.depends("service_cost_12m", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_service_reasons(self):
        for row in self:
            rates, _margin = self._service_settings().get(row.company_id.id, ({}, 0))
            if not rates:
                row.service_reasons = self.env._(
                    "Not costed: the settings don't say what a visit, a call or a delivery costs."
                )
                continue
            lines = []
            for name, rate in rates.items():
                count = self.env[TABLES[SERVICES[name][0]]].search_count(row._service_domain(name))
                if count:
                    lines.append(
                        self.env._(
                            "%(what)s: %(count)s × %(rate)s = %(cost)s",
                            what=self.env["res.company"]._fields[name]._description_string(self.env),
                            count=count,
                            rate=format_amount(self.env, rate, row.currency_id),
                            cost=format_amount(self.env, count * rate, row.currency_id),
                        )
                    )
            row.service_reasons = "\n".join(lines) or self.env._("Nothing that costs in 12 months.")

    def _service_domain(self, name):
        """What one rate was counted for."""
        self.ensure_one()
        as_of = self._as_of()
        return [
            ("commercial_partner_id", "=", self.commercial_partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("kind", "in", SERVICES[name][1]),
            ("day", ">", as_of - relativedelta(months=12)),
            ("day", "<=", as_of),
        ]

    @api.readonly
    def action_open_marketing(self):
        """Show the marketing that a cost adds up; the context says which (``figure``)."""
        self.ensure_one()
        self.check_access("read")
        as_of = self._as_of()
        if self.env.context.get("figure") == "acquisition_cost":
            when = [("day", "<=", self.first_purchase_date or as_of)]
        else:
            when = [("day", ">", as_of - relativedelta(months=12)), ("day", "<=", as_of)]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Marketing sent"),
            "res_model": "crm.customer.marketing.action",
            "view_mode": "list",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("is_control", "=", False),
                ("state", "in", ("sent", "delivered")),
                ("cost", "!=", 0),
                *when,
            ],
            "context": {},
        }

    @api.readonly
    def action_open_service(self):
        """Show what the cost to serve counts; the context says which table (``figure``)."""
        self.ensure_one()
        self.check_access("read")
        figure = self.env.context.get("figure")
        figure = figure if figure in TABLES else "interaction"
        rates, _margin = self._service_settings().get(self.company_id.id, ({}, 0))
        names = [name for name, (table, _kinds) in SERVICES.items() if table == figure and name in rates]
        kinds = [kind for name in names for kind in SERVICES[name][1]]
        domain = [term for term in self._service_domain(next(iter(SERVICES))) if term[0] != "kind"]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What it costs to serve"),
            "res_model": TABLES[figure],
            "view_mode": "list",
            "views": [(False, "list"), (False, "form")],
            "domain": [*domain, ("kind", "in", kinds)],
            "context": {},
        }
