from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch


class CrmCustomerFeedCrmLead(models.AbstractModel):
    """Leads and opportunities are requests: ``source_ref`` is ``crm.lead,ID``.

    A lead without a contact is nobody's and has no row until it gets one.

    *State.* A request is open until we have answered it: with a mail that one of our
    people wrote on it, with a call or a visit from us, or by winning it. It is closed
    when the lead is lost or archived. What the pipeline knows besides stays there.
    """

    _name = "crm.customer.feed.crm.lead"
    _inherit = "crm.customer.feed"
    _description = "Leads and opportunities"
    _feed = "crm"
    _fact = "crm.customer.interaction"
    _document = "crm.lead"
    _fact_columns = (
        "partner_id",
        "company_id",
        "date",
        "user_id",
        "source_ref",
        "source_id",
        "kind",
        "direction",
        "subject",
        "state",
        "answered_on",
        "origin_id",
        "campaign_id",
    )
    _watch = {
        "crm.lead": Watch(
            (
                "active",
                "campaign_id",
                "company_id",
                "date_closed",
                "medium_id",
                "name",
                "partner_id",
                "source_id",
                "user_id",
                "won_status",
            )
        ),
    }
    _depends = {
        "mail.message": ["author_id", "date", "message_type", "model", "res_id", "subtype_id"],
        "mail.notification": ["mail_message_id", "notification_type", "res_partner_id"],
        "mail.activity": ["active", "activity_type_id", "customer_done_on", "date_done", "res_id", "res_model"],
        "res.partner": ["company_id"],
        "res.users": ["company_id", "partner_id", "share"],
    }
    # Odoo lets a contact with leads be deleted.
    _loose = True

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT said.partner_id, said.company_id, said.create_date AS date, said.user_id,
                   'crm.lead,' || said.id AS source_ref, said.id AS source_id,
                   'request' AS kind, 'in' AS direction, said.name AS subject,
                   CASE WHEN said.active IS NOT TRUE OR said.won_status = 'lost' THEN 'closed'
                        WHEN said.won_status = 'won' OR said.answered_on IS NOT NULL THEN 'answered'
                        ELSE 'open' END AS state,
                   CASE WHEN said.answered_on IS NOT NULL THEN GREATEST(said.create_date, said.answered_on)
                        WHEN said.won_status = 'won'
                        THEN GREATEST(said.create_date, COALESCE(said.date_closed, said.create_date))
                        END AS answered_on,
                   %(origin)s AS origin_id, said.campaign_id
              FROM (%(leads)s) said
             WHERE %(not_excluded)s
            """,
            origin=self._origin_sql(SQL("said.source_id"), SQL("said.medium_id")),
            leads=self._leads_sql(ids),
            not_excluded=self._not_excluded(),
        )

    @api.model
    def _leads_sql(self, ids):
        return SQL(
            """
            SELECT l.id, l.name, l.partner_id, l.create_date, l.date_closed, l.user_id, l.active, l.won_status,
                   l.source_id, l.medium_id, l.campaign_id, %(company_id)s AS company_id,
                   %(answered)s AS answered_on
              FROM crm_lead l
              JOIN res_partner partner ON partner.id = l.partner_id
              LEFT JOIN res_users responsible ON responsible.id = l.user_id
             WHERE %(customer)s AND %(only)s
            """,
            company_id=self._company_sql(),
            answered=self._answered_sql(),
            customer=self._is_customer("partner"),
            only=self._only("l.id", ids),
        )

    @api.model
    def _company_sql(self):
        return SQL(
            "COALESCE(l.company_id, responsible.company_id, partner.company_id, %s)",
            self._fallback_company_sql(),
        )

    @api.model
    def _answered_sql(self):
        """When we first answered the lead ``l``: by mail, or by a call or visit from us."""
        return SQL(
            """
            (SELECT MIN(answer.date)
               FROM (SELECT COALESCE(sent.date, sent.create_date) AS date
                       FROM (%(sent)s) sent
                      UNION ALL
                     SELECT COALESCE(a.customer_done_on, a.date_done + time '12:00')
                       FROM mail_activity a
                       JOIN mail_activity_type type ON type.id = a.activity_type_id
                      WHERE a.res_model = 'crm.lead' AND a.res_id = l.id AND a.active IS NOT TRUE
                        AND a.date_done IS NOT NULL AND type.category IN ('phonecall', 'visit')
                        AND a.customer_direction IS DISTINCT FROM 'in') answer)
            """,
            sent=self.env["crm.customer.feed.mail"]._sent_sql(SQL("m.model = 'crm.lead' AND m.res_id = l.id")),
        )

    @api.model
    def _origin_documents(self):
        return SQL(
            """
            SELECT l.id, l.source_id, l.medium_id, %s AS company_id, l.create_date AS date
              FROM crm_lead l
              JOIN res_partner partner ON partner.id = l.partner_id
              LEFT JOIN res_users responsible ON responsible.id = l.user_id
             WHERE %s
            """,
            self._company_sql(),
            self._is_customer("partner"),
        )
