from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

COLUMNS = (
    "partner_id",
    "company_id",
    "date",
    "source_ref",
    "source_id",
    "user_id",
    "campaign_id",
    "action_id",
    "kind",
    "volume",
)


class CustomerFeedMailingReaction(models.AbstractModel):
    """What recipients did about a mailing.

    ``mailing.trace,ID,open`` (also of who clicked or replied), ``…,reply``,
    ``…,bounce``; a click is ``link.tracker.click,ID`` or, where Odoo keeps only that
    there was one, ``mailing.trace,ID,click``. Contact, company and campaign are those of
    what was sent.
    """

    _name = "crm.customer.feed.mailing.reaction"
    _inherit = "crm.customer.feed.mailing"
    _description = "Responses to mailings"

    _fact = "crm.customer.marketing.reaction"
    _document = "mailing.trace"
    _fact_columns = COLUMNS
    _frozen = ("user_id",)
    _sequence = 20  # it refers to what was sent
    _watch = {
        "mailing.trace": Watch(
            (
                "trace_status",
                "open_datetime",
                "reply_datetime",
                "links_click_datetime",
                "sent_datetime",
                "model",
                "res_id",
                "campaign_id",
                "is_test_trace",
                "customer_partner_id",
            )
        ),
        # the database takes its traces along
        "mailing.mailing": Watch((), path="trace"),
        "link.tracker.click": Watch(("mailing_trace_id",), path="mailing_trace_id"),
    }

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT a.partner_id, a.company_id, said.date, said.source_ref, t.id AS source_id,
                   a.user_id, a.campaign_id, a.id AS action_id, said.kind, 1 AS volume
              FROM mailing_trace t
              JOIN crm_customer_marketing_action a
                ON a.feed = 'mass_mailing' AND a.source_model = 'mailing.trace' AND a.source_id = t.id
             CROSS JOIN LATERAL (
                SELECT 'open', t.open_datetime, 'mailing.trace,' || t.id || ',open'
                 WHERE t.open_datetime IS NOT NULL
                 UNION ALL
                SELECT 'reply', t.reply_datetime, 'mailing.trace,' || t.id || ',reply'
                 WHERE t.reply_datetime IS NOT NULL
                 UNION ALL
                SELECT 'bounce', COALESCE(t.sent_datetime, t.create_date), 'mailing.trace,' || t.id || ',bounce'
                 WHERE t.trace_status = 'bounce'
                 UNION ALL
                SELECT 'click', click.create_date, 'link.tracker.click,' || click.id
                  FROM link_tracker_click click WHERE click.mailing_trace_id = t.id
                 UNION ALL
                SELECT 'click', t.links_click_datetime, 'mailing.trace,' || t.id || ',click'
                 WHERE t.links_click_datetime IS NOT NULL
                   AND NOT EXISTS (SELECT FROM link_tracker_click click WHERE click.mailing_trace_id = t.id)
             ) AS said (kind, date, source_ref)
             WHERE %s
            """,
            self._only("t.id", ids),
        )
