from collections import defaultdict

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ..tools.words import first_words_sql
from .crm_customer_feed import Watch

# Message types of mails: received ones, and those that people write. Everything else is
# written by a program; a mailing has no notifications.
RECEIVED = ("email",)
WRITTEN = ("comment", "email", "email_outgoing")
# Channels are talk among people who are there; what stands on our own people's
# documents (leaves, expenses, applications) is nobody's business but theirs.
PRIVATE = ("discuss.%", "mail.%", "hr.%", "res.users%")
# Characters of the body that stand for a missing subject.
WORDS = 80
# Columns of a message that the query goes on with.
_MESSAGE = SQL(", ").join(
    SQL.identifier("m", name)
    for name in ("id", "date", "create_date", "subject", "body", "message_type", "model", "res_id", "record_company_id")
)


class CrmCustomerFeedMail(models.AbstractModel):
    """Mails in the chatter, received from a customer or sent to him by a person.

    ``source_ref`` of a received mail is ``mail.message,ID``. A mail we sent is one row per
    customer who got it: ``mail.notification,ID`` of the first of his contacts, or
    ``mail.message,ID,CONTACT`` where an import brought messages without notifications.

    Mails that somebody has made into a request are his entry from then on and no longer
    of this feed.
    """

    _name = "crm.customer.feed.mail"
    _inherit = "crm.customer.feed"
    _description = "E-mails"
    _feed = "mail"
    _fact = "crm.customer.interaction"
    _document = "mail.message"
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
        "mail.message": Watch(
            (
                "author_id",
                "body",
                "date",
                "is_internal",
                "message_type",
                "model",
                "partner_ids",
                "record_company_id",
                "res_id",
                "subject",
                "subtype_id",
            )
        ),
    }
    _depends = {
        "mail.notification": ["mail_message_id", "notification_type", "res_partner_id"],
        "mail.message.schedule": ["mail_message_id"],
        "res.partner": ["company_id", "complete_name"],
        "res.users": ["company_id", "partner_id", "share"],
    }
    _loose = True
    _deferred = True

    @api.model
    def _query(self, ids=None, as_of=None):
        words = first_words_sql(SQL("mail.body"), WORDS)
        return SQL(
            """
            SELECT mail.partner_id,
                   COALESCE(mail.record_company_id, mail.user_company_id, partner.company_id, %(company)s) AS company_id,
                   COALESCE(mail.date, mail.create_date) AS date,
                   mail.user_id, mail.source_ref, mail.id AS source_id, 'email' AS kind, mail.direction,
                   %(subject)s AS subject
              FROM (%(received)s UNION ALL %(sent)s) mail
              JOIN res_partner partner ON partner.id = mail.partner_id
             WHERE %(customer)s AND %(not_emptied)s AND %(not_taken)s AND %(public)s AND %(not_excluded)s
            """,
            company=self._fallback_company_sql(),
            subject=self._subject_sql(words),
            received=self._received_sql(self._only("m.id", ids)),
            sent=self._sent_sql(self._only("m.id", ids)),
            customer=self._is_customer("partner"),
            not_emptied=self._not_emptied_sql(words),
            not_taken=self._not_taken_sql(),
            public=self._public_sql(),
            not_excluded=self._not_excluded(),
        )

    @api.model
    def _subject_sql(self, words):
        """The subject, else the document and the first words.

        Odoo gives a message without subject the name of its document when it sends it.
        """
        return SQL(
            """
            CASE WHEN COALESCE(BTRIM(mail.subject), '') IN ('', %(name)s)
                 THEN CONCAT_WS(': ', CASE WHEN mail.model <> 'res.partner' THEN %(name)s END, NULLIF(%(words)s, ''))
                 ELSE mail.subject END
            """,
            name=self._customer_document("name", SQL("mail.model"), SQL("mail.res_id")),
            words=words,
        )

    @api.model
    def _received_sql(self, scope):
        """Mails that came in: of the author, else of the customer of the document.

        :param scope: ``SQL`` condition on messages ``m``
        """
        return SQL(
            """
            SELECT %(message)s, 'in' AS direction, NULL::integer AS user_id, NULL::integer AS user_company_id,
                   COALESCE(m.author_id, %(partner)s) AS partner_id, 'mail.message,' || m.id AS source_ref
              FROM mail_message m
             WHERE m.message_type = ANY(%(types)s) AND m.is_internal IS NOT TRUE AND %(scope)s
            """,
            message=_MESSAGE,
            partner=self._customer_document("partner", SQL("m.model"), SQL("m.res_id")),
            types=list(RECEIVED),
            scope=scope,
        )

    @api.model
    def _sent_sql(self, scope):
        """Mails that one of our people wrote: one row per customer who got it.

        :param scope: ``SQL`` condition on messages ``m``
        """
        return SQL(
            """
            SELECT %(message)s, 'out' AS direction, author.id AS user_id, author.company_id AS user_company_id,
                   recipient.partner_id, recipient.source_ref
              FROM mail_message m
              JOIN LATERAL (
                   SELECT u.id, u.company_id FROM res_users u
                    WHERE u.partner_id = m.author_id AND u.share IS NOT TRUE AND u.id <> %(system)s
                    ORDER BY u.active DESC, u.id LIMIT 1) author ON TRUE
              LEFT JOIN mail_message_subtype subtype ON subtype.id = m.subtype_id
              JOIN LATERAL (
                   SELECT DISTINCT ON (p.commercial_partner_id) p.id AS partner_id, addressee.source_ref
                     FROM (%(addressees)s) addressee
                     JOIN res_partner p ON p.id = addressee.partner_id
                    WHERE %(customer)s
                    ORDER BY p.commercial_partner_id, addressee.number) recipient ON TRUE
             WHERE m.message_type = ANY(%(types)s) AND m.is_internal IS NOT TRUE
               AND subtype.internal IS NOT TRUE
               AND (subtype.id IS NOT NULL OR m.message_type <> 'comment')
               AND %(scope)s
            """,
            message=_MESSAGE,
            system=SUPERUSER_ID,
            addressees=self._addressees_sql(),
            customer=self._is_customer("p"),
            types=list(WRITTEN),
            scope=scope,
        )

    @api.model
    def _addressees_sql(self):
        """Who got the message ``m``: whoever Odoo notified by mail.

        An import from another system brings recipients without notifications; a message
        that is planned for later has none yet either, and is nobody's so far.
        """
        return SQL(
            """
            SELECT n.res_partner_id AS partner_id, 'mail.notification,' || n.id AS source_ref, n.id AS number
              FROM mail_notification n
             WHERE n.mail_message_id = m.id AND n.notification_type = 'email'
            UNION ALL
            SELECT r.res_partner_id, 'mail.message,' || m.id || ',' || r.res_partner_id, r.res_partner_id
              FROM mail_message_res_partner_rel r
             WHERE r.mail_message_id = m.id AND m.message_type = 'comment'
               AND NOT EXISTS (SELECT FROM mail_notification n WHERE n.mail_message_id = m.id)
               AND NOT EXISTS (SELECT FROM mail_message_schedule s WHERE s.mail_message_id = m.id)
            """
        )

    @api.model
    def _per_customer_sql(self, partners):
        return SQL("SELECT DISTINCT mail_message_id FROM mail_notification WHERE res_partner_id IN (%s)", partners)

    @api.model
    def _not_emptied_sql(self, words):
        """Whoever deletes his message in the chatter leaves it there without contents."""
        return SQL(
            """
            (mail.message_type <> 'comment' OR %s <> '' OR mail.body ILIKE '%%<img%%'
             OR EXISTS (SELECT FROM message_attachment_rel a WHERE a.message_id = mail.id))
            """,
            words,
        )

    @api.model
    def _not_taken_sql(self):
        """Nobody has made a request of it."""
        return SQL(
            """
            NOT EXISTS (SELECT FROM crm_customer_interaction taken
                         WHERE taken.feed = 'manual' AND taken.source_ref = mail.source_ref)
            """
        )

    @api.model
    def _public_sql(self):
        """It stands on a document, and on none that is private."""
        return SQL("mail.model IS NOT NULL AND NOT mail.model LIKE ANY(%s)", list(self._private_models()))

    @api.model
    def _private_models(self):
        """Models on whose documents nothing is copied.

        :return: tuple of patterns (LIKE)
        """
        return PRIVATE

    @api.model
    def _relevant(self, records):
        types = records._fields["message_type"]._get_cache(self.env)
        return records.filtered(lambda message: types.get(message.id, "email") in WRITTEN)

    # --------------------------------------------------------------------- opening

    @api.model
    def _standing_on(self, ids):
        """The records that messages stand on.

        :param ids: ids of messages
        :return: dict of message id and (model name, id)
        """
        rows = self.env.execute_query(
            SQL("SELECT id, model, res_id FROM mail_message WHERE id = ANY(%s) AND res_id > 0", list(ids))
        )
        return {message: (model, res_id) for message, model, res_id in rows if model in self.env}

    @api.model
    def _open(self, fact):
        model, res_id = self._standing_on([fact.source_id])[fact.source_id]
        return {"type": "ir.actions.act_window", "res_model": model, "res_id": res_id, "views": [(False, "form")]}

    @api.model
    def _openable(self, source_ids):
        """The document that a message stands on is what there is to open, one question per model."""
        by_model = defaultdict(list)
        standing_on = self._standing_on(source_ids)
        for model, res_id in standing_on.values():
            by_model[model].append(res_id)
        allowed = {(model, res_id) for model, res_ids in by_model.items() for res_id in self._readable(model, res_ids)}
        return {message for message, document in standing_on.items() if document in allowed}

    @api.model
    def _readable(self, model, ids):
        records = self.env[model].with_context(active_test=False).browse(ids)
        if not records.has_access("read") and not records.browse().has_access("read"):
            return []
        return records.exists()._filtered_access("read").ids
