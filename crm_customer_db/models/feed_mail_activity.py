from odoo import api, models
from odoo.tools import SQL

from ..tools.words import first_words_sql
from .crm_customer_feed import Watch

# Category of the activity type and kind of the interaction.
KINDS = {"phonecall": "call", "visit": "visit"}
WORDS = 80


class CrmCustomerFeedMailActivity(models.AbstractModel):
    """Calls and visits that are done, on contacts and on the documents of customers.

    ``source_ref`` is ``mail.activity,ID``. The message that Odoo leaves in the chatter is
    no mail, so a call is one row whichever way it was entered.
    """

    _name = "crm.customer.feed.mail.activity"
    _inherit = "crm.customer.feed"
    _description = "Calls and visits"
    _feed = "mail"
    _fact = "crm.customer.interaction"
    _document = "mail.activity"
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
    )
    _watch = {
        "mail.activity": Watch(
            (
                "active",
                "activity_type_id",
                "customer_company_id",
                "customer_direction",
                "customer_done_on",
                "date_done",
                "feedback",
                "res_id",
                "res_model",
                "summary",
                "user_id",
            )
        ),
    }
    _depends = {"mail.activity.type": ["category", "name", "summary"], "res.partner": ["company_id"]}
    _loose = True

    @api.model
    def _query(self, ids=None, as_of=None):
        kind = SQL(" ").join(SQL("WHEN %s THEN %s", category, kind) for category, kind in KINDS.items())
        return SQL(
            """
            SELECT done.partner_id, done.company_id, done.responsible_id AS user_id,
                   COALESCE(done.customer_done_on,
                            (done.date_done + time '12:00')
                            AT TIME ZONE COALESCE(company.customer_tz, 'UTC') AT TIME ZONE 'UTC') AS date,
                   'mail.activity,' || done.id AS source_ref, done.id AS source_id,
                   CASE done.category %(kind)s END AS kind,
                   COALESCE(done.customer_direction, 'out') AS direction,
                   COALESCE(CASE WHEN done.is_default THEN NULLIF(%(words)s, '') END,
                            NULLIF(BTRIM(done.summary), ''), NULLIF(%(words)s, '')) AS subject
              FROM (%(done)s) done
              JOIN res_company company ON company.id = done.company_id
             WHERE %(not_excluded)s
            """,
            kind=kind,
            words=first_words_sql(SQL("done.feedback"), WORDS),
            done=self._done_sql(ids),
            not_excluded=self._not_excluded(),
        )

    @api.model
    def _done_sql(self, ids):
        document = SQL("a.res_model"), SQL("a.res_id")
        return SQL(
            """
            SELECT a.id, a.customer_done_on, a.date_done, a.customer_direction, a.summary, a.feedback,
                   type.category, partner.id AS partner_id,
                   a.summary IN (SELECT value FROM jsonb_each_text(COALESCE(type.summary, '{}'))
                                  UNION ALL SELECT value FROM jsonb_each_text(type.name)) AS is_default, COALESCE(a.user_id, a.create_uid) AS responsible_id,
                   COALESCE(%(document_company)s, a.customer_company_id, responsible.company_id,
                            partner.company_id, %(company)s) AS company_id
              FROM mail_activity a
              JOIN mail_activity_type type ON type.id = a.activity_type_id
              JOIN res_partner partner ON partner.id = %(partner)s
              LEFT JOIN res_users responsible ON responsible.id = COALESCE(a.user_id, a.create_uid)
             WHERE a.active IS NOT TRUE AND a.date_done IS NOT NULL AND type.category = ANY(%(categories)s)
               AND a.res_model = ANY(%(models)s) AND %(customer)s AND %(only)s
            """,
            document_company=self._customer_document("company", *document),
            company=self._fallback_company_sql(),
            partner=self._customer_document("partner", *document),
            categories=list(KINDS),
            models=list(self._customer_documents()),
            customer=self._is_customer("partner"),
            only=self._only("a.id", ids),
        )

    @api.model
    def _relevant(self, records):
        return self._relevant_changes(records, frozenset())

    @api.model
    def _relevant_changes(self, records, names):
        """Activities on anything else than documents of customers are not looked at."""
        if "res_model" in names:
            return records
        models = records._fields["res_model"]._get_cache(self.env)
        wanted = self._customer_documents()
        return records.filtered(lambda activity: models.get(activity.id, "res.partner") in wanted)
