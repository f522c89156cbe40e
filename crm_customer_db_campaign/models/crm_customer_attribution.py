from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_campaign_report import RESPONSES
from odoo.addons.crm_customer_db.models.crm_customer_marketing_action import MEDIA

from .res_company import MODELS

# Columns that are written; without the key of the row.
COLUMNS = (
    *("purchase_id", "campaign_id", "medium", "reason", "model", "weight", "commercial_partner_id", "company_id"),
    *("company_currency_id", "day", "amount", "amount_invoiced", "margin"),
)


class CrmCustomerAttribution(models.Model):
    """Which campaign is credited with a purchase, or with which share of it, and why.

    Every purchase has rows whose weights add up to exactly 1, if need be one without a
    campaign. Amounts are the purchase's, times the weight and not rounded: so over all
    rows they are, to the last digit, what all purchases say.

    *Which campaign.* The one on the purchase, if there is one. If not, a touch within the
    window before it: the last, the first, or all of them in equal shares (the *model* of the
    company). A touch is something of a campaign that was sent and not withheld, or a
    response to one; who bounced, unsubscribed or complained was not won by that. What is
    taken back goes where its order went, by the number of the order; without one it goes
    by its own date.

    *Rights.* Rows are written by the system alone, and read as the purchases are.
    """

    _name = "crm.customer.attribution"
    _description = "Purchase Credited to a Campaign"
    _log_access = False
    _order = "day desc, id desc"
    _rec_name = "purchase_id"

    purchase_id = fields.Many2one("crm.customer.purchase", required=True, readonly=True, index=True, ondelete="cascade")
    campaign_id = fields.Many2one("utm.campaign", readonly=True, ondelete="set null", help="Empty: no campaign.")
    medium = fields.Selection(MEDIA, readonly=True, help="Of the touch that is credited.")
    reason = fields.Selection(
        [
            ("purchase", "Stands on the purchase"),
            ("touch", "Touched before it"),
            ("none", "No campaign"),
        ],
        string="Why",
        required=True,
        readonly=True,
    )
    model = fields.Selection(MODELS, string="Attribution model", required=True, readonly=True)
    weight = fields.Float(
        string="Share", digits=(9, 6), required=True, readonly=True, aggregator=None, help="Of the purchase, 0 to 1."
    )
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    company_currency_id = fields.Many2one(
        "res.currency", string="Currency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    day = fields.Date(required=True, readonly=True, help="Of the purchase.")
    amount = fields.Monetary(string="Ordered (excl. VAT)", currency_field="company_currency_id", readonly=True)
    amount_invoiced = fields.Monetary(
        string="Invoiced (excl. VAT)", currency_field="company_currency_id", readonly=True
    )
    margin = fields.Monetary(currency_field="company_currency_id", readonly=True)

    # Purchases of a campaign, of a company's period; they lead the foreign keys.
    _campaign_day_idx = models.Index("(campaign_id, day) WHERE campaign_id IS NOT NULL")
    _company_day_idx = models.Index("(company_id, day)")

    # --------------------------------------------------------------------- attribute

    @api.model
    def _attribute(self, companies, scope):
        """Attribute purchases anew, in one statement for all of the companies with the same model.

        Writes only what differs, so that a second time changes nothing.

        :param companies: ``res.company``
        :param scope: function of the name of a table → ``SQL`` condition on its rows; asked for the purchases
            ("purchase") and, as far as it says anything about them, for the touches ("touch")
        :return: number of rows added and taken away (int)
        """
        self.env["crm.customer.attribution.state"].sudo()._claim(companies)
        self.env.flush_all()
        settings = {}
        for company in companies.sudo():
            setting = (company.customer_attribution, company.customer_attribution_days)
            settings.setdefault(setting, []).append(company.id)
        changed = 0
        with self._hashing():
            for (model, days), ids in settings.items():
                [(added, gone)] = self.env.execute_query(self._statement(model, days, ids, scope))
                changed += added + gone
        if changed:
            self.invalidate_model(flush=False)
        return changed

    @contextmanager
    def _hashing(self):
        """Have no row compared with every other.

        PostgreSQL knows nothing of how many rows the parts of the statement have, takes them
        for few, and would go through all of one for each of another. What is few is looked up by
        lists of ids, which does not need that.
        """
        self.env.cr.execute("SET LOCAL enable_nestloop = off")
        yield
        # not in case of an error: the transaction, or the savepoint, takes it back
        self.env.cr.execute("SET LOCAL enable_nestloop TO DEFAULT")

    @api.model
    def _statement(self, model, days, company_ids, scope):
        """The statement for companies with the same model and window: what is to be, against what is.

        :param model: key of ``MODELS``
        :param days: of the window (int)
        :param company_ids: list of ids
        :param scope: as of ``_attribute``
        :return: ``SQL`` that gives one row: numbers of rows added and taken away
        """
        names = SQL(", ").join(SQL.identifier(name) for name in COLUMNS)
        theirs, ours = (
            SQL(", ").join(SQL.identifier(alias, name) for name in COLUMNS if name != "purchase_id")
            for alias in ("wanted", "known")
        )
        same = SQL("wanted.purchase_id = known.purchase_id AND (%s) IS NOT DISTINCT FROM (%s)", theirs, ours)
        return SQL(
            """
            WITH %(sold)s, %(touches)s, %(shares)s, wanted AS MATERIALIZED (
                SELECT sold.id AS purchase_id, sold.campaign_id, NULL::varchar AS medium, 'purchase' AS reason,
                       %(model)s AS model, 1.0 AS weight, sold.commercial_partner_id, sold.company_id,
                       sold.company_currency_id, sold.day, sold.amount, sold.amount_invoiced, sold.margin
                  FROM sold WHERE sold.campaign_id IS NOT NULL
                 UNION ALL
                SELECT sold.id, share.campaign_id, share.medium,
                       CASE WHEN share.campaign_id IS NULL THEN 'none' ELSE 'touch' END,
                       %(model)s, COALESCE(share.weight, 1.0), sold.commercial_partner_id, sold.company_id,
                       sold.company_currency_id, sold.day, sold.amount * COALESCE(share.weight, 1.0),
                       sold.amount_invoiced * COALESCE(share.weight, 1.0), sold.margin * COALESCE(share.weight, 1.0)
                  FROM sold
                  LEFT JOIN share USING (company_id, commercial_partner_id, moment)
                 WHERE sold.campaign_id IS NULL
            ), known AS MATERIALIZED (
                SELECT id, %(names)s FROM crm_customer_attribution WHERE purchase_id = ANY(ARRAY(SELECT id FROM sold))
            ), gone AS (
                DELETE FROM crm_customer_attribution WHERE id = ANY(ARRAY(
                    SELECT known.id FROM known WHERE NOT EXISTS (SELECT FROM wanted WHERE %(same)s)))
                RETURNING id
            ), added AS (
                INSERT INTO crm_customer_attribution (%(names)s)
                SELECT %(names)s FROM wanted WHERE NOT EXISTS (SELECT FROM known WHERE %(same)s)
                RETURNING id
            )
            SELECT (SELECT COUNT(*) FROM added), (SELECT COUNT(*) FROM gone)
            """,
            sold=self._sold_sql(company_ids, scope),
            touches=self._touches_sql(days, company_ids, scope),
            shares=self._shares_sql(model, days),
            model=model,
            same=same,
            names=names,
        )

    @api.model
    def _sold_sql(self, company_ids, scope):
        """The purchases, each with the moment by which it is attributed and its own campaign."""
        return SQL(
            """
            purchase AS MATERIALIZED (
                SELECT id, company_id, company_currency_id, commercial_partner_id, campaign_id, order_ref, date, day,
                       amount, amount_invoiced, margin,
                       order_ref IS NOT NULL AND (amount < 0 OR amount_invoiced < 0) AS is_return
                  FROM crm_customer_purchase purchase
                 WHERE company_id = ANY(%(companies)s) AND %(scope)s
            ), original AS (
                -- the order of what was taken back
                SELECT DISTINCT ON (bought.company_id, bought.commercial_partner_id, bought.order_ref)
                       bought.company_id, bought.commercial_partner_id, bought.order_ref,
                       bought.date, bought.campaign_id
                  FROM (SELECT DISTINCT company_id, commercial_partner_id, order_ref
                          FROM purchase WHERE is_return) returned
                  JOIN crm_customer_purchase bought USING (company_id, commercial_partner_id, order_ref)
                 WHERE bought.amount > 0
                   AND bought.order_ref = ANY(ARRAY(SELECT order_ref FROM purchase WHERE is_return))
                 ORDER BY bought.company_id, bought.commercial_partner_id, bought.order_ref, bought.date, bought.id
            ), sold AS MATERIALIZED (
                SELECT purchase.id, purchase.company_id, purchase.company_currency_id,
                       purchase.commercial_partner_id, purchase.day, purchase.amount, purchase.amount_invoiced,
                       purchase.margin, COALESCE(original.date, purchase.date) AS moment,
                       COALESCE(purchase.campaign_id, original.campaign_id) AS campaign_id
                  FROM purchase
                  LEFT JOIN original
                    ON purchase.is_return AND original.company_id = purchase.company_id
                   AND original.commercial_partner_id = purchase.commercial_partner_id
                   AND original.order_ref = purchase.order_ref AND original.date <= purchase.date
            )
            """,
            companies=company_ids,
            scope=scope("purchase"),
        )

    @api.model
    def _touches_sql(self, days, company_ids, scope):
        """The touches of those who bought, from the first window's beginning to the last purchase."""
        parts = SQL(
            """
            touch.company_id = ANY(%(companies)s) AND touch.campaign_id IS NOT NULL AND %(scope)s
               AND touch.date BETWEEN (SELECT low FROM span) AND (SELECT high FROM span)
            """,
            companies=company_ids,
            scope=scope("touch"),
        )
        return SQL(
            """
            moment AS MATERIALIZED (
                SELECT DISTINCT company_id, commercial_partner_id, moment FROM sold WHERE campaign_id IS NULL
            ), span AS MATERIALIZED (
                SELECT min(moment) - %(window)s AS low, max(moment) AS high FROM moment
            ), buyer AS MATERIALIZED (
                SELECT DISTINCT company_id, commercial_partner_id FROM moment
            ), touch AS MATERIALIZED (
                SELECT company_id, commercial_partner_id, touch.date, touch.id, touch.campaign_id, touch.medium
                  FROM crm_customer_marketing_action touch
                  JOIN buyer USING (company_id, commercial_partner_id)
                 WHERE touch.state IN ('sent', 'delivered') AND touch.is_control IS NOT TRUE AND %(parts)s
                 UNION ALL
                SELECT company_id, commercial_partner_id, touch.date, touch.id, touch.campaign_id,
                       (SELECT medium FROM crm_customer_marketing_action WHERE id = touch.action_id)
                  FROM crm_customer_marketing_reaction touch
                  JOIN buyer USING (company_id, commercial_partner_id)
                 WHERE touch.kind IN %(responses)s AND %(parts)s
            )
            """,
            window=self._window(days),
            parts=parts,
            responses=RESPONSES,
        )

    @api.model
    def _window(self, days):
        return SQL("make_interval(days => %s)", days)

    @api.model
    def _shares_sql(self, model, days):
        """Per customer and moment of a purchase, the campaigns that touched him and their weights.

        Touches and purchases are put in one order and counted along it, once: no purchase is
        compared with all touches of its customer.
        """
        if model == "linear":
            return self._shares_linear_sql(days)
        # by the number that a touch has in its customer's order: the last one before a purchase has
        # the number of those so far, and the first one in the window the next after those before it
        is_first = model == "first"
        return SQL(
            """
            event AS (
                SELECT company_id, commercial_partner_id, date, 1 AS step, id, campaign_id, medium FROM touch
                 UNION ALL
                SELECT company_id, commercial_partner_id, moment - %(back)s, %(step)s, 0, NULL, NULL FROM moment
            ), numbered AS MATERIALIZED (
                SELECT company_id, commercial_partner_id, date, step, campaign_id, medium,
                       COUNT(campaign_id) OVER (PARTITION BY company_id, commercial_partner_id
                                                ORDER BY date, step, id ROWS UNBOUNDED PRECEDING) AS number
                  FROM event
            ), share AS (
                SELECT company_id, commercial_partner_id, buying.date + %(back)s AS moment,
                       touching.campaign_id, touching.medium, 1.0 AS weight
                  FROM (SELECT company_id, commercial_partner_id, date, number + %(next)s AS number
                          FROM numbered WHERE step <> 1) buying
                  JOIN (SELECT * FROM numbered WHERE step = 1) touching
                 USING (company_id, commercial_partner_id, number)
                 WHERE touching.date BETWEEN buying.date + %(back)s - %(window)s AND buying.date + %(back)s
            )
            """,
            back=self._window(days if is_first else 0),
            step=0 if is_first else 2,
            next=1 if is_first else 0,
            window=self._window(days),
        )

    @api.model
    def _shares_linear_sql(self, days):
        """All touches in the window have equal shares; what rounding leaves goes to the largest."""
        return SQL(
            """
            route AS (
                SELECT DISTINCT company_id, commercial_partner_id, campaign_id, medium FROM touch
            ), event AS (
                SELECT company_id, commercial_partner_id, campaign_id, medium, date, 1 AS touches FROM touch
                 UNION ALL
                SELECT company_id, commercial_partner_id, campaign_id, medium, moment, 0
                  FROM moment JOIN route USING (company_id, commercial_partner_id)
            ), counted AS (
                SELECT company_id, commercial_partner_id, campaign_id, medium, date, touches,
                       SUM(touches) OVER (PARTITION BY company_id, commercial_partner_id, campaign_id, medium
                                          ORDER BY date RANGE BETWEEN %(window)s PRECEDING AND CURRENT ROW) AS number
                  FROM event
            ), rounded AS (
                SELECT company_id, commercial_partner_id, campaign_id, medium, date,
                       round(number / SUM(number) OVER moments, 6) AS part,
                       row_number() OVER (moments ORDER BY number DESC, campaign_id, medium) AS place
                  FROM counted
                 WHERE touches = 0 AND number > 0
                WINDOW moments AS (PARTITION BY company_id, commercial_partner_id, date)
            ), share AS (
                SELECT company_id, commercial_partner_id, date AS moment, campaign_id, medium,
                       CASE WHEN place = 1 THEN 1 - (SUM(part) OVER moments - part) ELSE part END AS weight
                  FROM rounded
                WINDOW moments AS (PARTITION BY company_id, commercial_partner_id, date)
            )
            """,
            window=self._window(days),
        )

    # -------------------------------------------------------------------- show

    @api.readonly
    def action_open_customer(self):
        """Show the customer."""
        self.ensure_one()
        self.check_access("read")
        return self.commercial_partner_id.action_customer_open_file()
