from odoo import api, fields, models
from odoo.tools import SQL

from .crm_customer_stage_lock import STAGES

# What is kept under its own name; what a customer comes from is added to these.
KEPT = (
    *("value_class_id", "lifecycle", "recency_score", "frequency_score", "monetary_score", "rfm_score"),
    *("main_strategy_id", "purchase_count", "amount_total", "amount_12m", "invoiced_12m", "amount_at_risk"),
)
# What two customers have together is the sum of theirs.
ADDED = ("purchase_count", "amount_total", "amount_12m", "invoiced_12m", "amount_at_risk")
CAME_FROM = {"value_class_from_id": "value_class_id", "lifecycle_from": "lifecycle"}


class CrmCustomerMetricsHistory(models.Model):
    """The figures of all customers as they stood at the end of each month.

    From it comes who has moved from which value class to which. Written by
    ``crm.customer.metrics._keep_month`` and nobody else.
    """

    _name = "crm.customer.metrics.history"
    _inherit = ["crm.customer.metrics.profile"]
    _description = "Customer Figures by Month"
    _log_access = False
    _rec_name = "commercial_partner_id"
    _order = "month desc, amount_12m desc, id desc"

    month = fields.Date(required=True, help="The first day of the month at whose end the figures stood like this.")
    as_of = fields.Date(string="As of", required=True, help="The last day of that month for which figures were kept.")
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True)
    value_class_id = fields.Many2one(
        "crm.customer.value.class", string="Value class (RFM)", index="btree_not_null", ondelete="set null"
    )
    value_class_from_id = fields.Many2one(
        "crm.customer.value.class",
        string="Value class a month before",
        index="btree_not_null",
        ondelete="set null",
    )
    lifecycle = fields.Selection(STAGES, string="Stage")
    lifecycle_from = fields.Selection(STAGES, string="Stage a month before")
    main_strategy_id = fields.Many2one(
        "crm.customer.strategy", string="Main strategy", index="btree_not_null", ondelete="set null"
    )
    has_moved = fields.Boolean(string="Other class than a month before")
    recency_score = fields.Integer(string="Recency (1–5)", aggregator="avg")
    frequency_score = fields.Integer(string="Frequency (1–5)", aggregator="avg")
    monetary_score = fields.Integer(string="Amount (1–5)", aggregator="avg")
    rfm_score = fields.Float(string="Weighted score", digits=(16, 2), aggregator="avg")
    purchase_count = fields.Integer(string="Purchases")
    amount_total = fields.Monetary(string="Purchased ever (excl. VAT)")
    amount_12m = fields.Monetary(string="Purchased in 12 months (excl. VAT)")
    invoiced_12m = fields.Monetary(string="Invoiced in 12 months (excl. VAT)")
    amount_at_risk = fields.Monetary(string="A year's purchases (excl. VAT)")

    _month_idx = models.Index("(company_id, month, value_class_from_id, value_class_id)")

    def _has_field_access(self, field, operation):
        """Extended: nobody but the engine writes, whatever his rights."""
        return super()._has_field_access(field, operation) and (operation == "read" or self.env.su)

    @api.model
    def _history_columns(self):
        """Names of the figures that are kept. Addons append theirs, with a field of the same name."""
        return list(KEPT)

    @api.model
    def _history_added(self):
        """Names of the figures that are added up when customers become one. Addons append theirs."""
        return list(ADDED)

    @api.model
    def _merge_months(self, partner_ids, customer):
        """Give the months of merged customers to the one that stays, who stands in each month once.

        Amounts are added up, so that the sums of a month stay what they were. Class, stage and scores are
        those of the customer that stays or, for a month of which he has nothing, of the one who bought most.

        :param partner_ids: ids of the contacts that are about to go
        :param customer: ``res.partner`` record that has their figures from now on
        """
        added = [SQL.identifier(name) for name in self._history_added()]
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH months AS (
                    SELECT id, ROW_NUMBER() OVER (PARTITION BY company_id, month
                                                  ORDER BY commercial_partner_id = %(customer)s DESC,
                                                           amount_12m DESC, id) AS place,
                           %(sums)s
                      FROM crm_customer_metrics_history
                     WHERE commercial_partner_id = ANY(%(partners)s)),
                gone AS (
                    DELETE FROM crm_customer_metrics_history old USING months
                     WHERE old.id = months.id AND months.place > 1)
                UPDATE crm_customer_metrics_history kept
                   SET (commercial_partner_id, %(columns)s) = (SELECT %(customer)s, %(values)s)
                  FROM months WHERE months.id = kept.id AND months.place = 1
                """,
                customer=customer.id,
                partners=[*partner_ids, customer.id],
                sums=SQL(", ").join(
                    SQL("SUM(%s) OVER (PARTITION BY company_id, month) AS %s", name, name) for name in added
                ),
                columns=SQL(", ").join(added),
                values=SQL(", ").join(SQL("months.%s", name) for name in added),
            )
        )
        self.invalidate_model(flush=False)

    @api.readonly
    def action_open_customer(self):
        """Show the customer."""
        self.ensure_one()
        self.check_access("read")
        return self.commercial_partner_id.action_customer_open_file()


class CrmCustomerMetrics(models.Model):
    """Keeping the figures of a month that ends."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _keep_month(self, as_of):
        """Keep all figures as they stand, for the month of a day; again for the same month takes its place.

        :param as_of: date for which the figures stand
        :return: number of customers kept (int)
        """
        history = self.env["crm.customer.metrics.history"].sudo()
        month = as_of.replace(day=1)
        self.env.flush_all()
        # with the companies, so that the index serves: the table has a row per customer and month
        companies = SQL("company_id IN (SELECT id FROM res_company)")
        self.env.cr.execute(SQL("DELETE FROM crm_customer_metrics_history WHERE month = %s AND %s", month, companies))
        names = history._history_columns()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_metrics_history
                       (month, as_of, commercial_partner_id, company_id, currency_id, %(columns)s, %(came)s, has_moved)
                SELECT %(month)s, %(as_of)s, metrics.commercial_partner_id, metrics.company_id, metrics.currency_id,
                       %(kept)s, %(before)s,
                       before.commercial_partner_id IS NOT NULL
                       AND before.value_class_id IS DISTINCT FROM metrics.value_class_id
                  FROM crm_customer_metrics metrics
                  LEFT JOIN (SELECT DISTINCT ON (commercial_partner_id, company_id) *
                               FROM crm_customer_metrics_history
                              WHERE month = (%(month)s::date - INTERVAL '1 month')::date AND %(companies)s
                              ORDER BY commercial_partner_id, company_id, id) before
                    ON before.commercial_partner_id = metrics.commercial_partner_id
                   AND before.company_id = metrics.company_id
                 WHERE metrics.lifecycle IS NOT NULL
                """,
                month=month,
                companies=companies,
                as_of=as_of,
                columns=SQL(", ").join(map(SQL.identifier, names)),
                came=SQL(", ").join(map(SQL.identifier, CAME_FROM)),
                kept=SQL(", ").join(SQL.identifier("metrics", name) for name in names),
                before=SQL(", ").join(SQL.identifier("before", name) for name in CAME_FROM.values()),
            )
        )
        kept = self.env.cr.rowcount
        history.invalidate_model(flush=False)
        return kept

    @api.model
    def _move_to(self, as_of):
        """Extended: the month that ends is kept before the first day of the next one."""
        since = self._as_of()
        if as_of > since and (as_of.year, as_of.month) != (since.year, since.month):
            self._keep_month(since)
        return super()._move_to(as_of)
