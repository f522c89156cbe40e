import logging

import psycopg2

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

MOST_TRIES = 5


class CrmCustomerAttribution(models.Model):
    """When purchases are attributed: after what was written about their customers, and all of them every night."""

    _inherit = "crm.customer.attribution"

    @api.model
    def _attribute_customers(self, partner_ids):
        """Attribute all purchases of some customers anew.

        :param partner_ids: ids of ``res.partner``
        :return: number of rows added and taken away (int)
        """
        partner_ids = list(partner_ids)
        if not partner_ids:
            return 0
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT company_id FROM crm_customer_purchase WHERE commercial_partner_id = ANY(%s)",
                partner_ids,
            )
        )
        companies = self.env["res.company"].browse(sorted(company_id for (company_id,) in rows))

        def theirs(alias):
            return SQL("%s = ANY(%s)", SQL.identifier(alias, "commercial_partner_id"), partner_ids)

        return self._attribute(companies, theirs) if companies else 0

    @api.model
    def _attribute_period(self, companies, first, end):
        """Attribute the purchases of a period anew.

        :param companies: ``res.company``
        :param first: date of the first day
        :param end: date of the day after the last one
        :return: number of rows added and taken away (int)
        """

        def within(alias):
            # how far back touches matter is known only from the purchases
            return SQL("purchase.day >= %s AND purchase.day < %s", first, end) if alias == "purchase" else SQL("TRUE")

        return self._attribute(companies, within)

    @api.model
    def _cron_attribute(self):
        """Attribute all purchases, a month per transaction.

        What was written since the last time is attributed already; this finds what was
        written past everything, and brings in a new model or an installation.
        """
        States = self.env["crm.customer.attribution.state"].sudo()
        if not States.search_count([("next_month", "!=", False)], limit=1):
            States._begin_all()
            self.env["ir.cron"]._commit_progress(1, remaining=States.search_count([("next_month", "!=", False)]))
        tries = 0
        while state := States.search([("next_month", "!=", False)], limit=1):
            try:
                state._step()
            except psycopg2.OperationalError as error:
                # somebody else has just attributed purchases of the company
                tries += 1
                if tries > MOST_TRIES:
                    raise
                _logger.info("purchases are attributed again after: %s", error)
                self.env.cr.rollback()
                continue
            tries, remaining = 0, States.search_count([("next_month", "!=", False)])
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return
