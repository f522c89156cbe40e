from collections import defaultdict

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_duration

from ..tools import timezone

# A company's usual hours are those of its working days.
WORKING_DAYS = ("0", "1", "2", "3", "4")

# Only in these countries does the postal code decide the zone.
ZIP_COUNTRIES = tuple({country for country, _state, zip_prefix, _tz in timezone.zone_rules() if zip_prefix})


def _timezones(_model):
    return [(name, name) for name in pytz.common_timezones]


class ResPartner(models.Model):
    """When a customer likes to be called, and whether that is now."""

    _inherit = "res.partner"

    customer_call_window_ids = fields.One2many(
        "crm.customer.call.window",
        "partner_id",
        string="Best times to call",
        help="In the customer's own time. Without any, the usual hours of our company count.",
    )
    # Not Odoo's tz: that defaults to the zone of whoever creates the contact.
    customer_tz = fields.Selection(
        _timezones,
        string="Customer's time zone",
        help="Empty: that of the address, else that of our company.",
    )
    customer_callable_now = fields.Boolean(
        string="Can be called now",
        compute="_compute_customer_callable_now",
        search="_search_customer_callable_now",
    )
    customer_call_hint = fields.Char(string="Calling times", compute="_compute_customer_callable_now")

    @api.constrains("customer_tz")
    def _check_customer_tz(self):
        # A selection whose choices come from a function is not checked by Odoo.
        for partner in self:
            if partner.customer_tz and partner.customer_tz not in pytz.all_timezones_set:
                raise ValidationError(
                    self.env._(
                        "There is no time zone “%s”: choose one of the list.",
                        partner.customer_tz,
                    )
                )

    def _customer_timezone(self):
        """The customer's zone: typed, else of the address, else of our company.

        :return: name of a time zone
        """
        self.ensure_one()
        return (
            self.customer_tz
            or timezone.customer_timezone(self.country_id.code, self.state_id.code, self.zip)
            or self.env.company.customer_tz
            or "UTC"
        )

    def _customer_phone_refused(self):
        """The contacts of ``self`` that refused calls."""
        refused = self._customer_refused_channels()
        return self.filtered(lambda partner: "phone" in refused.get(partner._origin.id, ()))

    @api.depends(
        "phone",
        "customer_call_window_ids.weekday",
        "customer_call_window_ids.hour_from",
        "customer_call_window_ids.hour_to",
        "customer_tz",
        "zip",
        "state_id",
        "country_id",
        "customer_consent_ids",
    )
    @api.depends_context("company", "lang")
    def _compute_customer_callable_now(self):
        now = fields.Datetime.now()
        refused = self._customer_phone_refused()
        for partner in self:
            zone = partner._customer_timezone()
            windows = partner._customer_call_windows()
            partner.customer_callable_now = (
                bool(partner.phone) and partner not in refused and timezone.in_call_window(windows, now, zone)
            )
            partner.customer_call_hint = partner._customer_call_words(partner in refused, zone, now)

    def _customer_call_windows(self):
        """The hours in which the customer may be called, own or our company's usual.

        :return: list of (weekday key, hour from, hour to) in the customer's zone
        """
        self.ensure_one()
        own = [(window.weekday, window.hour_from, window.hour_to) for window in self.customer_call_window_ids]
        company = self.env.company
        return own or [(day, company.customer_call_hour_from, company.customer_call_hour_to) for day in WORKING_DAYS]

    def _customer_call_words(self, refused, zone, now):
        """One line on when to call, with the hour it is there.

        :param refused: whether the customer refused calls
        :param zone: name of the customer's time zone
        :param now: naive UTC datetime
        """
        self.ensure_one()
        if refused:
            return self.env._("No phone calls: refused.")
        if not self.phone:
            return self.env._("No phone number.")
        local = pytz.utc.localize(now).astimezone(pytz.timezone(zone)).strftime("%H:%M")
        if self.customer_call_window_ids:
            days = dict(self.env["crm.customer.call.window"]._fields["weekday"]._description_selection(self.env))
            by_hours = defaultdict(list)
            for window in self.customer_call_window_ids:
                by_hours[window.hour_from, window.hour_to].append(window.weekday)
            hours = "; ".join(
                "%s %s–%s"
                % (
                    ", ".join(
                        "–".join(dict.fromkeys((days[first], days[last])))
                        for first, last in timezone.weekday_runs(weekdays)
                    ),
                    format_duration(hour_from),
                    format_duration(hour_to),
                )
                for (hour_from, hour_to), weekdays in sorted(by_hours.items())
            )
            return self.env._("Prefers %(hours)s; there it is %(local)s now.", hours=hours, local=local)
        company = self.env.company
        return self.env._(
            "Our usual hours, %(start)s–%(end)s on working days; there it is %(local)s now.",
            start=format_duration(company.customer_call_hour_from),
            end=format_duration(company.customer_call_hour_to),
            local=local,
        )

    @api.model
    def _search_customer_callable_now(self, operator, value):
        if operator != "in":
            return NotImplemented
        callable_ = Domain("id", "in", self._customer_callable_now_sql())
        return Domain.OR(callable_ if wanted else ~callable_ for wanted in set(map(bool, value)))

    @api.model
    def _customer_callable_now_sql(self):
        """Query giving the ids of the contacts that may be called at this moment.

        Zones are decided in Python once per combination of what decides them (a few
        thousand at most, whatever the number of contacts); the rest is one statement.
        """
        self.flush_model()
        self.env["crm.customer.call.window"].flush_model()
        self._customer_flush_refusals()
        # By id: with the country's table in between, PostgreSQL would compare each contact
        # with every place of its country.
        zip_countries = self.env["res.country"].sudo().search([("code", "in", ZIP_COUNTRIES)]).ids
        places = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT partner.customer_tz, partner.country_id, country.code,
                       partner.state_id, state.code,
                       CASE WHEN partner.country_id = ANY(%(zip_countries)s)
                            THEN partner.zip END
                  FROM res_partner partner
             LEFT JOIN res_country country ON country.id = partner.country_id
             LEFT JOIN res_country_state state ON state.id = partner.state_id
                 WHERE partner.phone IS NOT NULL
                """,
                zip_countries=zip_countries,
            )
        )
        zones = [
            typed or timezone.customer_timezone(country, state, zip_code) or self.env.company.customer_tz or "UTC"
            for typed, _country_id, country, _state_id, state, zip_code in places
        ]
        slots = timezone.weekly_slots_now(fields.Datetime.now(), set(zones))
        rows = [
            SQL(
                "(%s::varchar, %s::int, %s::int, %s::varchar, %s::varchar, %s::int)",
                typed,
                country_id,
                state_id,
                zip_code,
                slots[zone][0],
                timezone.minute_of_day(slots[zone][1]),
            )
            for (typed, country_id, _c, state_id, _s, zip_code), zone in zip(places, zones, strict=True)
        ]
        if not rows:
            return SQL("SELECT NULL::int WHERE FALSE")
        company = self.env.company
        return SQL(
            """
            SELECT partner.id
              FROM res_partner partner
              JOIN (VALUES %(rows)s)
                   AS here (tz, country_id, state_id, zip, weekday, minute)
                -- equal also where both are empty; IS NOT DISTINCT FROM can't be hashed
                ON COALESCE(partner.customer_tz, '') = COALESCE(here.tz, '')
               AND COALESCE(partner.country_id, 0) = COALESCE(here.country_id, 0)
               AND COALESCE(partner.state_id, 0) = COALESCE(here.state_id, 0)
               AND COALESCE(CASE WHEN partner.country_id = ANY(%(zip_countries)s) THEN partner.zip END, '')
                   = COALESCE(here.zip, '')
             WHERE partner.phone IS NOT NULL AND partner.phone <> ''
               AND partner.id NOT IN (%(refused)s)
               AND CASE
                   WHEN EXISTS (SELECT FROM crm_customer_call_window w
                                 WHERE w.partner_id = partner.id)
                   THEN EXISTS (SELECT FROM crm_customer_call_window w
                                 WHERE w.partner_id = partner.id
                                   AND w.weekday = here.weekday
                                   AND here.minute >= round(w.hour_from * 60)
                                   AND here.minute < round(w.hour_to * 60))
                   ELSE here.weekday = ANY(%(working_days)s)
                        AND here.minute >= %(from_minute)s
                        AND here.minute < %(to_minute)s
                   END
            """,
            rows=SQL(", ").join(rows),
            zip_countries=zip_countries,
            refused=self._customer_refused_ids_sql("phone"),
            working_days=list(WORKING_DAYS),
            from_minute=timezone.minute_of_day(company.customer_call_hour_from),
            to_minute=timezone.minute_of_day(company.customer_call_hour_to),
        )
