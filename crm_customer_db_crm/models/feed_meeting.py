from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

# Days for which the meetings of a series are known in advance. A weekly meeting without an
# end would else fill the upcoming events of a customer for years.
AHEAD = 31


class CrmCustomerFeedCrmMeeting(models.AbstractModel):
    """Meetings with customers, one row per customer who takes part.

    ``source_ref`` is ``calendar.attendee,ID`` of the customer's first attendee. Whoever has
    declined does not take part; private meetings are nobody's business. A meeting is there
    as soon as it is planned; those of a series a month before.
    """

    _name = "crm.customer.feed.crm.meeting"
    _inherit = "crm.customer.feed"
    _description = "Meetings"
    _feed = "crm"
    _fact = "crm.customer.interaction"
    _document = "calendar.event"
    _fact_columns = ("partner_id", "company_id", "date", "user_id", "source_ref", "source_id", "kind", "subject")
    _watch = {
        "calendar.event": Watch(
            ("active", "allday", "name", "privacy", "recurrence_id", "start", "start_date", "user_id")
        ),
        "calendar.attendee": Watch(("event_id", "partner_id", "state"), path="event_id"),
    }
    _depends = {
        "res.partner": ["company_id"],
        "res.users": ["company_id"],
        "res.users.settings": ["calendar_default_privacy", "user_id"],
    }
    _loose = True

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT attendee.partner_id, company.id AS company_id,
                   CASE WHEN e.allday AND e.start_date IS NOT NULL
                        THEN (e.start_date + time '12:00')
                             AT TIME ZONE COALESCE(company.customer_tz, 'UTC') AT TIME ZONE 'UTC'
                        ELSE e.start END AS date,
                   e.user_id, attendee.source_ref, e.id AS source_id, 'meeting' AS kind, e.name AS subject
              FROM calendar_event e
              LEFT JOIN res_users organizer ON organizer.id = e.user_id
              LEFT JOIN res_users_settings settings ON settings.user_id = e.user_id
              JOIN LATERAL (
                   SELECT DISTINCT ON (partner.commercial_partner_id)
                          partner.id AS partner_id, partner.company_id, 'calendar.attendee,' || a.id AS source_ref
                     FROM calendar_attendee a
                     JOIN res_partner partner ON partner.id = a.partner_id
                    WHERE a.event_id = e.id AND a.state IS DISTINCT FROM 'declined' AND %(customer)s
                    ORDER BY partner.commercial_partner_id, a.id) attendee ON TRUE
              JOIN res_company company
                ON company.id = COALESCE(organizer.company_id, attendee.company_id, %(company)s)
             WHERE e.active AND COALESCE(e.privacy, settings.calendar_default_privacy, 'public') <> 'private'
               AND (e.recurrence_id IS NULL OR e.start < %(ahead)s)
               AND %(not_excluded)s AND %(only)s
            """,
            customer=self._is_customer("partner"),
            company=self._fallback_company_sql(),
            ahead=self._known_until(as_of),
            not_excluded=self._not_excluded(),
            only=self._only("e.id", ids),
        )

    @api.model
    def _per_customer_sql(self, partners):
        return SQL("SELECT DISTINCT event_id FROM calendar_attendee WHERE partner_id IN (%s)", partners)

    @api.model
    def _known_until(self, as_of):
        return as_of + timedelta(days=AHEAD)

    @api.model
    def _due(self, as_of):
        """Meetings of series that have come near, also while no job was running."""
        until = self._known_until(as_of)
        return SQL(
            "SELECT id FROM calendar_event WHERE recurrence_id IS NOT NULL AND start >= %s AND start < %s",
            until - timedelta(days=AHEAD),
            until,
        )
