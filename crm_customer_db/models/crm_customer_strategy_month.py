from odoo import api, fields, models
from odoo.tools import SQL

from .crm_customer_strategy import STAKES


class CrmCustomerStrategyMonth(models.Model):
    """How many customers stood in a strategy as a month ended, by salesperson.

    Written with the monthly copy of figures, and by nobody else.
    """

    _name = "crm.customer.strategy.month"
    _description = "Strategy by Month"
    _log_access = False
    _order = "month desc, strategy_id, id"
    _rec_name = "strategy_id"

    month = fields.Date(required=True, help="The first day of the month at whose end customers stood like this.")
    as_of = fields.Date(string="As of", required=True, help="The last day of that month for which figures were kept.")
    strategy_id = fields.Many2one("crm.customer.strategy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users", string="Salesperson", index="btree_not_null", ondelete="set null", help="As the month ended."
    )
    customer_count = fields.Integer(string="Customers")
    stake = fields.Monetary(string="Amount at stake")

    _month_idx = models.Index("(company_id, month)")

    def _has_field_access(self, field, operation):
        """Extended: nobody but the engine writes, whatever his rights."""
        return super()._has_field_access(field, operation) and (operation == "read" or self.env.su)


class CrmCustomerMetrics(models.Model):
    """Keeping the strategies of a month that ends."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _keep_month(self, as_of):
        """Extended: how many customers stand in which strategy, and what is at stake; 0 where nobody does."""
        kept = super()._keep_month(as_of)
        month = as_of.replace(day=1)
        stake = SQL(" ").join(
            SQL("WHEN %s THEN metrics.%s", name, SQL.identifier(name)) for name in STAKES if name in self._fields
        )
        self.env.cr.execute(SQL("DELETE FROM crm_customer_strategy_month WHERE month = %s", month))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_strategy_month
                       (month, as_of, strategy_id, company_id, user_id, customer_count, stake)
                SELECT %(month)s, %(as_of)s, stands.strategy_id, metrics.company_id, partner.user_id, COUNT(*),
                       COALESCE(SUM(CASE strategy.stake_field %(stake)s END), 0)
                  FROM crm_customer_metrics_strategy_rel stands
                  JOIN crm_customer_metrics metrics ON metrics.id = stands.metrics_id
                  JOIN crm_customer_strategy strategy ON strategy.id = stands.strategy_id
                  JOIN res_partner partner ON partner.id = metrics.commercial_partner_id
                 GROUP BY stands.strategy_id, metrics.company_id, partner.user_id
                UNION ALL
                SELECT %(month)s, %(as_of)s, strategy.id, company.id, NULL, 0, 0
                  FROM crm_customer_strategy strategy
                  JOIN (SELECT DISTINCT company_id AS id FROM crm_customer_metrics) company
                    ON company.id = COALESCE(strategy.company_id, company.id)
                 WHERE strategy.active AND NOT EXISTS (
                       SELECT FROM crm_customer_metrics_strategy_rel stands
                         JOIN crm_customer_metrics metrics ON metrics.id = stands.metrics_id
                        WHERE stands.strategy_id = strategy.id AND metrics.company_id = company.id)
                """,
                month=month,
                as_of=as_of,
                stake=stake,
            )
        )
        self.env["crm.customer.strategy.month"].invalidate_model(flush=False)
        return kept
