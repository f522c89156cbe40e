from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomerAttributionState(models.Model):
    """How far attributing the purchases of each company is.

    A run goes month by month, each in its own transaction. What is left stands here, so
    that a run that was interrupted goes on where it was. Whoever attributes writes this
    row first: of two at a time the second fails on it and is repeated by Odoo, where it
    would otherwise add what the first has added already.
    """

    _name = "crm.customer.attribution.state"
    _description = "Progress of the Attribution"
    _log_access = False
    _order = "company_id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    next_month = fields.Date(help="First day of the month to be attributed next; empty when all are.")
    refreshed_on = fields.Datetime(help="When purchases of the company were attributed last.")

    _company_uniq = models.UniqueIndex("(company_id)")

    @api.model
    def _claim(self, companies):
        """Let nobody else attribute purchases of some companies until the end of the transaction.

        :param companies: ``res.company``
        :raise psycopg2.errors.SerializationFailure: when somebody else has just done it
        """
        if not companies:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_customer_attribution_state (company_id, refreshed_on)"
                " SELECT company.id, %(now)s FROM unnest(%(ids)s) AS company (id) ORDER BY company.id"
                " ON CONFLICT (company_id) DO UPDATE SET refreshed_on = EXCLUDED.refreshed_on",
                now=fields.Datetime.now(),
                ids=companies.ids,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _begin(self, companies):
        """Have all purchases of some companies attributed, starting as soon as may be.

        :param companies: ``res.company``
        """
        self._claim(companies)
        self._from_the_first_month(companies)
        self.env.ref("crm_customer_db_campaign.ir_cron_attribution")._trigger()

    @api.model
    def _begin_all(self):
        """Have the purchases of all companies attributed."""
        companies = self.env["res.company"].search([("active", "in", (True, False))])
        self._claim(companies)
        self._from_the_first_month(companies)

    @api.model
    def _from_the_first_month(self, companies):
        self.env["crm.customer.purchase"].flush_model(["company_id", "day"])
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_attribution_state SET next_month = (SELECT date_trunc('month', min(day))::date"
                " FROM crm_customer_purchase bought WHERE bought.company_id = crm_customer_attribution_state.company_id)"
                " WHERE company_id = ANY(%s)",
                companies.ids,
            )
        )
        self.invalidate_model(flush=False)

    def _step(self):
        """Attribute one month of a company and note the next."""
        self.ensure_one()
        first = self.next_month
        end = first + relativedelta(months=1)
        self.env["crm.customer.attribution"]._attribute_period(self.company_id, first, end)
        self.next_month = self._month_from(end)

    def _month_from(self, day):
        """The next month in which the company has sold anything.

        :param day: date to begin at
        :return: date, False where there is none
        """
        self.ensure_one()
        [(first,)] = self.env.execute_query(
            SQL(
                "SELECT min(day) FROM crm_customer_purchase WHERE company_id = %s AND day >= %s",
                self.company_id.id,
                day,
            )
        )
        return first and first.replace(day=1)
