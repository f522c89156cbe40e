from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

from .feed_reaction import COLUMNS


class CustomerFeedMailingUnsubscribe(models.AbstractModel):
    """Leaving a mailing list is a response to its last mailing: ``mailing.subscription,ID``."""

    _name = "crm.customer.feed.mailing.unsubscribe"
    _inherit = "crm.customer.feed.mailing"
    _description = "Unsubscribing from mailing lists"

    _fact = "crm.customer.marketing.reaction"
    _document = "mailing.subscription"
    _fact_columns = COLUMNS
    _frozen = ("user_id",)
    _sequence = 20
    _watch = {"mailing.subscription": Watch(("opt_out", "opt_out_datetime", "contact_id"))}

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT a.partner_id, a.company_id, sub.opt_out_datetime AS date,
                   'mailing.subscription,' || sub.id AS source_ref, sub.id AS source_id,
                   a.user_id, a.campaign_id, a.id AS action_id, 'unsubscribe' AS kind, 1 AS volume
              FROM mailing_subscription sub
             CROSS JOIN LATERAL (
                SELECT action.*
                  FROM mailing_trace t
                  JOIN crm_customer_marketing_action action
                    ON action.feed = 'mass_mailing' AND action.source_model = 'mailing.trace'
                   AND action.source_id = t.id
                 WHERE t.model = 'mailing.contact' AND t.res_id = sub.contact_id
                   AND action.state IN ('sent', 'delivered') AND action.date <= sub.opt_out_datetime
                 ORDER BY action.date DESC, action.id DESC LIMIT 1
             ) a
             WHERE sub.opt_out AND sub.opt_out_datetime IS NOT NULL AND %s
            """,
            self._only("sub.id", ids),
        )

    @api.model
    def _openable(self, source_ids):
        if not self.env["mailing.contact"].has_access("read"):
            return set()
        return set(self.env["mailing.subscription"].sudo().browse(source_ids).exists().ids)

    @api.model
    def _open(self, fact):
        subscription = self.env["mailing.subscription"].sudo().browse(fact.source_id)
        return subscription.open_mailing_contact()
