from datetime import datetime, time, timedelta

import pytz

from odoo import api, models
from odoo.tools import SQL

# Key of the context: the past day for which figures are worked out.
PAST = "customer_past_day"


class CrmCustomerMetrics(models.Model):
    """The figures of a customer as they stood on a past day.

    What was bought by then is known from the entries. Scores are by the run that was in
    force on that day and its window, and a stage set by hand counts if it was set by
    then. What carries no date (rules of value classes, settings, marks) is as it is now.
    """

    _inherit = "crm.customer.metrics"

    @api.model
    def _past(self, partner_ids, day):
        """Figures as they stood on a past day, without keeping them.

        :param partner_ids: ids of customers
        :param day: date
        :return: as ``_live``
        """
        return self.with_context(**{PAST: day})._live(partner_ids, day)

    @api.model
    def _past_day(self):
        """The past day for which figures are being worked out, None when it is not a past one."""
        return self.env.context.get(PAST)

    @api.model
    def _score_months(self):
        """How many months count for scores: dict company id → months."""
        months = {
            company_id: values["months"] for company_id, values in self.env["res.company"]._customer_scoring().items()
        }
        if self._past_day():
            runs = self.env["crm.customer.score.run"].sudo()
            runs = runs.browse(runs._latest_ids(self._past_day()))
            months.update((run.company_id.id, run.window_months) for run in runs)
        return months

    @api.model
    def _lock_in_force_sql(self):
        """Condition on ``lock``, a stage set by hand, that nobody has taken it back.

        One that was taken back since was in force until then.
        """
        day = self._past_day()
        if not day:
            return SQL("lock.active")
        return SQL(
            "lock.create_date::date <= %(day)s AND (lock.active OR lock.write_date::date > %(day)s)",
            day=SQL("%s::date", day),
        )

    @api.model
    def _past_kept(self, customer, company, day):
        """The monthly copy that tells best how a customer stood on a day: of the last month's end by then.

        :return: ``crm.customer.metrics.history`` record, empty where nothing was kept for more than a month
        """
        return (
            self.env["crm.customer.metrics.history"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "=", customer.id),
                    ("company_id", "=", company.id),
                    ("as_of", "<=", day),
                    ("as_of", ">", day - timedelta(days=31)),
                ],
                order="as_of desc, id desc",
                limit=1,
            )
        )

    @api.model
    def _past_begin(self, customer, company):
        """The first day of which anything is known of a customer in a company.

        :return: date
        """
        days = SQL(" UNION ALL ").join(
            SQL(
                "SELECT MIN(day) FROM %s WHERE commercial_partner_id = %s AND company_id = %s",
                SQL.identifier(model._table),
                customer.id,
                company.id,
            )
            for model in self.env["crm.customer.fact"]._fact_models()
        )
        self._metrics_flush()
        [(first,)] = self.env.execute_query(
            SQL(
                "SELECT MIN(known.day) FROM (%s UNION ALL SELECT create_date::date FROM res_partner WHERE id = %s) known (day)",
                days,
                customer.id,
            )
        )
        return first

    @api.model
    def _past_moment(self, company, day):
        """The last moment of a day in the zone of a company.

        :return: naive datetime in UTC
        """
        zone = pytz.timezone(self.env["crm.customer.fact"]._fact_zone(company))
        end = zone.localize(datetime.combine(day, time.max))
        return end.astimezone(pytz.utc).replace(tzinfo=None, microsecond=0)
