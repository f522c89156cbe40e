from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..tools.metrics_sql import MetricsSource, among
from .crm_customer_metrics_facts import ACTIVE
from .crm_customer_stage_lock import STAGES

# Of the usual number of days between purchases: up to 1.5 times active, then at risk, dormant, former.
AT_RISK, DORMANT = 3, 6


class CrmCustomerMetrics(models.Model):
    """Where a customer stands in his life with us, by his own rhythm.

    Without new facts a customer only moves forward: new, active, at risk, dormant, former.
    """

    _inherit = "crm.customer.metrics"

    known_since = fields.Date(help="Of those who have not bought: the first contact with them.")
    has_offer = fields.Boolean(string="Was made an offer", help="Or was marked as a prospect.")
    offered_since = fields.Date(help="The first offer to those who have not bought.")
    third_purchase_date = fields.Date(string="Third day with a purchase")
    resumed_date = fields.Date(
        string="Came back", help="The last purchase after a silence longer than 1.5 times the usual one."
    )
    gap_days = fields.Float(
        string="Usual days between purchases",
        digits=(16, 1),
        aggregator="avg",
        help="The customer's own rhythm, or the company's usual one where there are too few purchases.",
    )
    lifecycle = fields.Selection(STAGES, string="Stage", help="By the customer's own rhythm, or set by hand.")
    lifecycle_rule = fields.Selection(STAGES, string="Stage by the rule")
    lifecycle_since = fields.Date(string="In this stage since")
    lifecycle_until = fields.Date(
        string="Stage ends on", help="The last day of the stage by the rule, unless something is bought before."
    )
    amount_at_risk = fields.Monetary(
        string="A year's purchases (excl. VAT)",
        help="Ordered in the 12 months up to the last purchase, less credit notes: at risk when he does not come back.",
    )
    silence_days = fields.Integer(
        string="Days since the last purchase", compute="_compute_silence", search="_search_silence_days"
    )
    silence_ratio = fields.Float(
        string="Silence",
        digits=(16, 2),
        compute="_compute_silence",
        search="_search_silence_ratio",
        help="Days since the last purchase over the customer's usual number of days between purchases.",
    )
    is_late = fields.Boolean(
        string="Late to reorder",
        compute="_compute_silence",
        search="_search_is_late",
        help="The day on which the next purchase was due by his own rhythm has passed.",
    )

    # Whose stage has ended: what a night looks for.
    _until_idx = models.Index("(lifecycle_until) WHERE lifecycle_until IS NOT NULL")
    _stage_idx = models.Index("(company_id, lifecycle, amount_12m DESC, id)")
    _risk_idx = models.Index("(company_id, amount_at_risk DESC, id) WHERE next_purchase_due IS NOT NULL")

    # ----------------------------------------------------------- what moves by itself

    @api.depends("last_purchase_date", "gap_days", "next_purchase_due")
    def _compute_silence(self):
        as_of = self._as_of()
        for row in self:
            last = row.last_purchase_date
            row.silence_days = (as_of - last).days if last else 0
            row.silence_ratio = row.silence_days / row.gap_days if last and row.gap_days else 0.0
            row.is_late = bool(row.next_purchase_due and row.next_purchase_due < as_of)

    @api.model
    def _search_of_silence(self, expression, operator, value):
        comparisons = {"=": "=", "<": "<", ">": ">", "<=": "<=", ">=": ">="}
        if operator not in comparisons:
            return NotImplemented
        return [
            (
                "id",
                "in",
                SQL(
                    "SELECT id FROM crm_customer_metrics WHERE last_purchase_date IS NOT NULL AND %s %s %s",
                    expression,
                    SQL(comparisons[operator]),
                    value,
                ),
            )
        ]

    @api.model
    def _search_silence_days(self, operator, value):
        return self._search_of_silence(SQL("%s::date - last_purchase_date", self._as_of()), operator, value)

    @api.model
    def _search_silence_ratio(self, operator, value):
        ratio = SQL("(%s::date - last_purchase_date) / NULLIF(gap_days, 0)", self._as_of())
        return self._search_of_silence(ratio, operator, value)

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("next_purchase_due", "<", self._as_of())
        return fields.Domain.OR(late if wanted else ~late for wanted in set(map(bool, value)))

    # ----------------------------------------------------------------------- contract

    @api.model
    def _metrics_known_sql(self, partners, as_of):
        """Queries of who is known without having bought. Addons append theirs.

        :param partners: ``SQL`` of an array of ids of commercial partners
        :param as_of: date that stands for today
        :return: list of ``SQL`` of commercial_partner_id, company_id, day and whether it was an offer
        """
        # nothing dates a mark; a contact that all companies share is the prospect of those who look after him, not of every company
        marked = SQL(
            """
            SELECT partner.id, COALESCE(partner.company_id, salesperson.company_id, creator.company_id),
                   LEAST(partner.create_date::date, %(as_of)s), TRUE
              FROM res_partner partner
              LEFT JOIN res_users salesperson ON salesperson.id = partner.user_id
              JOIN res_users creator ON creator.id = COALESCE(partner.create_uid, %(root)s)
             WHERE %(among)s AND partner.commercial_partner_id = partner.id
               AND partner.customer_mark IN ('customer', 'prospect')
            """,
            among=among(SQL("partner.id"), partners),
            root=SUPERUSER_ID,
            as_of=as_of,
        )
        written = SQL(
            "SELECT commercial_partner_id, company_id, day, kind = 'quotation' FROM crm_customer_interaction"
            " WHERE %s AND day <= %s",
            among(SQL("commercial_partner_id"), partners),
            as_of,
        )
        return [marked, written]

    @api.model
    def _metrics_sources(self, partners, as_of):
        known = SQL(
            "SELECT known.partner AS commercial_partner_id, known.company AS company_id,"
            " MIN(known.day) AS known_since, BOOL_OR(known.offer) AS has_offer,"
            " MIN(known.day) FILTER (WHERE known.offer) AS offered_since"
            " FROM (%s) known (partner, company, day, offer) GROUP BY 1, 2",
            SQL(" UNION ALL ").join(self._metrics_known_sql(partners, as_of)),
        )
        return [
            *super()._metrics_sources(partners, as_of),
            MetricsSource("known", ("known_since", "has_offer", "offered_since"), known),
        ]

    @api.model
    def _metrics_flush(self, names=None):
        res = super()._metrics_flush(names)
        self.env["res.partner"].flush_model(["active", "customer_mark", "company_id", "user_id"])
        self.env["crm.customer.stage.lock"].flush_model()
        return res

    @api.model
    def _metrics_layers(self, as_of):
        settings = self.env["res.company"]._customer_scoring()
        usual = self._by_company({company_id: SQL("%s", values["gap"]) for company_id, values in settings.items()})
        new = self._by_company({company_id: SQL("%s", values["new"]) for company_id, values in settings.items()})
        silence = SQL("(%s::date - base.last_purchase_date)", as_of)
        new_until = SQL("(base.first_purchase_date + %s)", new)
        is_new = SQL("base.median_gap_days = 0 AND %s::date <= %s", as_of, new_until)
        stage = SQL(
            """
            CASE WHEN base.last_purchase_date IS NOT NULL THEN
                      CASE WHEN %(is_new)s THEN 'new'
                           WHEN %(silence)s <= %(active)s * base.gap_days THEN 'active'
                           WHEN %(silence)s <= %(at_risk)s * base.gap_days THEN 'at_risk'
                           WHEN %(silence)s <= %(dormant)s * base.gap_days THEN 'dormant'
                           ELSE 'former' END
                 WHEN EXISTS (SELECT FROM res_partner partner WHERE partner.id = base.commercial_partner_id AND %(customer)s)
                 THEN CASE WHEN base.has_offer THEN 'prospect' ELSE 'lead' END
            END
            """,
            is_new=is_new,
            silence=silence,
            active=ACTIVE,
            at_risk=AT_RISK,
            dormant=DORMANT,
            customer=self._metrics_customer_sql(),
        )
        since = SQL(
            """
            CASE base.lifecycle_rule
                 WHEN 'new' THEN base.first_purchase_date
                 WHEN 'active' THEN COALESCE(GREATEST(base.resumed_date, base.third_purchase_date),
                                             GREATEST(base.last_purchase_date, %(new_until)s + 1))
                 WHEN 'at_risk' THEN GREATEST(%(last)s + floor(%(active)s * base.gap_days)::int + 1, %(after_new)s)
                 WHEN 'dormant' THEN GREATEST(%(last)s + floor(%(at_risk)s * base.gap_days)::int + 1, %(after_new)s)
                 WHEN 'former' THEN GREATEST(%(last)s + floor(%(dormant)s * base.gap_days)::int + 1, %(after_new)s)
                 WHEN 'prospect' THEN base.offered_since
                 ELSE base.known_since END
            """,
            new_until=new_until,
            after_new=SQL("CASE WHEN base.median_gap_days = 0 THEN %s + 1 END", new_until),
            last=SQL("base.last_purchase_date"),
            active=ACTIVE,
            at_risk=AT_RISK,
            dormant=DORMANT,
        )
        until = SQL(
            """
            CASE base.lifecycle_rule
                 WHEN 'new' THEN %(new_until)s
                 WHEN 'active' THEN base.last_purchase_date + floor(%(active)s * base.gap_days)::int
                 WHEN 'at_risk' THEN base.last_purchase_date + floor(%(at_risk)s * base.gap_days)::int
                 WHEN 'dormant' THEN base.last_purchase_date + floor(%(dormant)s * base.gap_days)::int
            END
            """,
            new_until=new_until,
            active=ACTIVE,
            at_risk=AT_RISK,
            dormant=DORMANT,
        )
        return [
            *super()._metrics_layers(as_of),
            {"gap_days": SQL("CASE WHEN base.median_gap_days > 0 THEN base.median_gap_days ELSE %s END", usual)},
            {"lifecycle_rule": stage},
            {
                "lifecycle": self._locked_sql("lifecycle", SQL("base.lifecycle_rule"), as_of),
                "lifecycle_since": since,
                "lifecycle_until": until,
            },
        ]

    @api.model
    def _locked_sql(self, column, otherwise, as_of):
        """The stage that is set by hand, else another expression."""
        return SQL(
            """
            CASE WHEN base.commercial_partner_id IN (SELECT lock.partner_id FROM crm_customer_stage_lock lock
                                                      WHERE %(in_force)s)
                 THEN COALESCE((SELECT lock.%(column)s FROM crm_customer_stage_lock lock
                                 WHERE lock.partner_id = base.commercial_partner_id AND %(in_force)s
                                   AND lock.company_id = base.company_id
                                   AND COALESCE(lock.until, %(as_of)s) >= %(as_of)s
                                 ORDER BY lock.id DESC LIMIT 1), %(otherwise)s)
                 ELSE %(otherwise)s END
            """,
            column=SQL.identifier(column),
            in_force=self._lock_in_force_sql(),
            otherwise=otherwise,
            as_of=SQL("%s::date", as_of),
        )

    @api.model
    def _metrics_moving(self, since, as_of):
        """Extended: whose stage has ended, and whose was set by hand until now."""
        ended = SQL("base.lifecycle_until < %s", as_of)
        unlocked = SQL(
            "base.commercial_partner_id IN (SELECT lock.partner_id FROM crm_customer_stage_lock lock"
            " WHERE lock.until >= %s AND lock.until < %s)",
            since,
            as_of,
        )
        return [*super()._metrics_moving(since, as_of), ended, unlocked]

    @api.model
    def _metrics_restated(self):
        """Extended: stages, which move with the day."""
        return [
            *super()._metrics_restated(),
            *("gap_days", "lifecycle_rule", "lifecycle"),
            *("lifecycle_since", "lifecycle_until"),
        ]
