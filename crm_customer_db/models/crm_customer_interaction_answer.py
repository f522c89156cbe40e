from odoo import api, models
from odoo.tools import SQL

from ..tools.load_tracked import TrackedLoad
from .crm_customer_interaction import STATES

# Name of the answers of requests among the sources of facts.
ANSWER_FEED = "request"


class CrmCustomerInteraction(models.Model):
    """What follows from the answer of a request, whoever wrote it and how.

    An answered request has the hours its answer took, and one row of kind *answer*
    among the deliveries and incidents. Both are kept by set-based SQL, so requests that
    are loaded, or brought by an app, have them like those that are typed in.
    """

    _inherit = "crm.customer.interaction"

    @api.model
    def _fact_orders_changed(self, condition):
        Fulfilment = self.env["crm.customer.fulfilment"]
        self.flush_model()
        [(concerned,)] = self.env.execute_query(self._answers_concerned_sql(condition))
        if not concerned:
            return
        Fulfilment.flush_model()
        changed = 0
        for statement in (
            self._response_hours_sql(condition),
            self._answers_gone_sql(condition),
            self._answers_update_sql(condition),
            self._answers_insert_sql(condition),
        ):
            self.env.cr.execute(statement)
            changed += self.env.cr.rowcount
        if changed:
            self.invalidate_model(["response_hours", "answer_ids"], flush=False)
            Fulfilment.invalidate_model(flush=False)

    @api.model
    def _answers_concerned_sql(self, condition):
        """Whether any of the rows is or was a request: of mails and calls none is."""
        return SQL(
            """
            SELECT EXISTS (SELECT FROM crm_customer_interaction
                            WHERE (%s) AND (kind = 'request' OR response_hours IS NOT NULL
                                            OR EXISTS (SELECT FROM crm_customer_fulfilment answer
                                                        WHERE answer.request_id = crm_customer_interaction.id)))
            """,
            condition,
        )

    @api.model
    def _response_hours_sql(self, condition):
        hours = SQL(
            "CASE WHEN kind = 'request' AND answered_on IS NOT NULL"
            " THEN round(extract(epoch FROM answered_on - date) / 3600, 2) END"
        )
        return SQL(
            "UPDATE crm_customer_interaction SET response_hours = %s"
            " WHERE (%s) AND (kind = 'request' OR feed = 'manual') AND response_hours IS DISTINCT FROM %s",
            hours,
            condition,
            hours,
        )

    @api.model
    def _answers_said_sql(self, condition):
        """What the answers of requests should say.

        :return: SQL query with columns of the fulfilment, ``request_id`` among them
        """
        return SQL(
            """
            SELECT request.id AS request_id, request.partner_id, request.commercial_partner_id,
                   request.company_id, request.company_currency_id, request.currency_id,
                   date_trunc('second', request.answered_on) AS date,
                   ((request.answered_on AT TIME ZONE 'UTC')
                     AT TIME ZONE COALESCE(company.customer_tz, 'UTC'))::date AS day,
                   ((request.answered_on AT TIME ZONE 'UTC')
                     AT TIME ZONE COALESCE(company.customer_tz, 'UTC'))::date AS solved_on,
                   request.day AS ordered_on, request.deadline AS promised_on,
                   request.subject, request.user_id, request.origin_id, request.campaign_id, request.channel_id,
                   'answer'::varchar AS kind, 'solved'::varchar AS state,
                   %(feed)s::varchar AS feed, 'crm.customer.interaction'::varchar AS source_model,
                   request.id AS source_id, 'crm.customer.interaction,' || request.id AS source_ref
              FROM (SELECT * FROM crm_customer_interaction WHERE %(condition)s) request
              JOIN res_company company ON company.id = request.company_id
             WHERE request.kind = 'request' AND request.answered_on IS NOT NULL
               AND request.state IN ('answered', 'closed')
            """,
            feed=ANSWER_FEED,
            condition=condition,
        )

    @api.model
    def _answers_gone_sql(self, condition):
        return SQL(
            """
            DELETE FROM crm_customer_fulfilment
             WHERE request_id IN (SELECT id FROM crm_customer_interaction WHERE %s)
               AND request_id NOT IN (SELECT request_id FROM (%s) said)
            """,
            condition,
            self._answers_said_sql(condition),
        )

    @api.model
    def _answer_columns(self):
        """Columns that the request decides; the note is the answer's own."""
        return [
            "partner_id",
            "commercial_partner_id",
            "company_id",
            "company_currency_id",
            "currency_id",
            "date",
            "day",
            "solved_on",
            "ordered_on",
            "promised_on",
            "subject",
            "user_id",
            "origin_id",
            "campaign_id",
            "channel_id",
        ]

    @api.model
    def _answers_update_sql(self, condition):
        names = [SQL.identifier(name) for name in self._answer_columns()]
        said = SQL(", ").join(SQL("said.%s", name) for name in names)
        return SQL(
            """
            UPDATE crm_customer_fulfilment answer
               SET (%(names)s, write_uid, write_date) = ROW(%(said)s, %(uid)s, %(now)s)
              FROM (%(query)s) said
             WHERE answer.request_id = said.request_id
               AND (%(old)s) IS DISTINCT FROM (%(said)s)
            """,
            names=SQL(", ").join(names),
            said=said,
            old=SQL(", ").join(SQL("answer.%s", name) for name in names),
            query=self._answers_said_sql(condition),
            uid=self.env.uid,
            now=SQL("%s::timestamp", self.env.cr.now()),
        )

    @api.model
    def _answers_insert_sql(self, condition):
        names = [*self._answer_columns(), "request_id", "kind", "state", "feed"]
        names += ["source_model", "source_id", "source_ref"]
        names = SQL(", ").join(map(SQL.identifier, names))
        return SQL(
            """
            INSERT INTO crm_customer_fulfilment (%(names)s, create_uid, create_date, write_uid, write_date)
            SELECT %(names)s, %(uid)s, %(now)s, %(uid)s, %(now)s FROM (%(query)s) said
             WHERE NOT EXISTS (SELECT FROM crm_customer_fulfilment answer WHERE answer.request_id = said.request_id)
             ORDER BY date, request_id
            ON CONFLICT (feed, source_ref, company_id) WHERE source_ref IS NOT NULL DO NOTHING
            """,
            names=names,
            uid=self.env.uid,
            now=SQL("%s::timestamp", self.env.cr.now()),
            query=self._answers_said_sql(condition),
        )

    # ---------------------------------------------------------------------- loader

    @api.model
    def _load_part(self, loader, company):
        return TrackedLoad(loader, company)

    @api.model
    def _load_fallbacks(self, value):
        kind = value("kind")
        return {
            **super()._load_fallbacks(value),
            "state": SQL(
                "CASE WHEN %(kind)s = 'request' AND %(answered)s IS NOT NULL THEN 'answered'"
                " WHEN %(kind)s IN ('request', 'quotation') THEN 'open' END",
                kind=kind,
                answered=value("answered_on"),
            ),
        }

    @api.model
    def _load_rules(self, value):
        kind, state, answered = value("kind"), value("state"), value("answered_on")
        allowed = SQL(" ").join(
            SQL("WHEN %s THEN COALESCE(%s, '') = ANY(%s)", name, state, list(states)) for name, states in STATES.items()
        )
        return [
            *super()._load_rules(value),
            ("state", "state_of_kind", state, SQL("NOT CASE %s %s ELSE %s IS NULL END", kind, allowed, state)),
            ("answered_on", "answered_before", answered, SQL("%s < %s", answered, value("date"))),
        ]

    @api.model
    def _load_templates(self):
        return {
            **super()._load_templates(),
            "state_of_kind": self._state_message(),
            "answered_before": self.env._("A request can't have been answered before it came: %(value)s."),
        }
