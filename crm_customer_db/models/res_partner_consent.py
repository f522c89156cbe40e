from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import consent
from .crm_customer_consent_state import ON_THE_FILE

# Field → channel, in the order in which a sentence names them.
REFUSALS = {
    "customer_no_post": "post",
    "customer_no_calls": "phone",
    "customer_no_email": "email",
    "customer_no_sms": "sms",
    "customer_no_visits": "visit",
}
# Who reads the ledger.
LEDGER_GROUPS = (
    "crm_customer_db.group_customer_user,crm_customer_db.group_customer_data_entry,"
    "crm_customer_db.group_data_protection"
)


class ResPartner(models.Model):
    """What a contact refused: on the file, in searches, and when the contact changes.

    Nothing of it is stored on the contact: it follows from the ledger of consents and from
    Odoo's blacklists, for the company at hand.
    """

    _inherit = "res.partner"

    customer_consent_ids = fields.One2many(
        "crm.customer.consent",
        "partner_id",
        string="Consents and refusals",
        groups=LEDGER_GROUPS,
    )
    customer_no_post = fields.Boolean(
        string="No post", compute="_compute_customer_refusals", search="_search_customer_no_post"
    )
    customer_no_calls = fields.Boolean(
        string="No calls", compute="_compute_customer_refusals", search="_search_customer_no_calls"
    )
    customer_no_email = fields.Boolean(
        string="No e-mail", compute="_compute_customer_refusals", search="_search_customer_no_email"
    )
    customer_no_sms = fields.Boolean(
        string="No SMS", compute="_compute_customer_refusals", search="_search_customer_no_sms"
    )
    customer_no_visits = fields.Boolean(
        string="No visits", compute="_compute_customer_refusals", search="_search_customer_no_visits"
    )

    # Who has an address that was unsubscribed: without it every click on such a link would
    # read all contacts.
    _customer_email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _customer_phone_sanitized_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    # ------------------------------------------------------------------- what holds

    @api.model
    def _customer_consent_fields(self):
        """Names of the fields that depend on the ledger and the blacklists."""
        return [*REFUSALS, "customer_consent_ids", "customer_callable_now", "customer_call_hint"]

    @api.depends("customer_consent_ids", "email", "phone", "country_id")
    @api.depends_context("company")
    def _compute_customer_refusals(self):
        refused = self._customer_refused_channels()
        for partner in self:
            channels = refused.get(partner._origin.id, ())
            for name, channel in REFUSALS.items():
                partner[name] = channel in channels

    def _customer_refused_channels(self):
        """The channels by which each contact refuses advertising of the company at hand.

        One query for all contacts and channels.

        :return: dict of partner id and set of channels, for those that refuse any
        """
        ids = self._origin.ids
        if not ids:
            return {}
        self._customer_flush_refusals(self._origin)
        company_id = self.env.company.root_id.id
        partner, channel = SQL("partner.id"), SQL("asked.channel")
        rows = self.env.execute_query(
            SQL(
                "SELECT partner.id, array_agg(asked.channel) FROM res_partner partner"
                " CROSS JOIN unnest(%(channels)s::varchar[]) AS asked (channel)"
                " WHERE partner.id = ANY(%(ids)s) AND (EXISTS (%(refused)s) OR"
                " CASE asked.channel WHEN 'email' THEN %(no_email)s"
                " WHEN 'phone' THEN %(no_calls)s WHEN 'sms' THEN %(no_sms)s ELSE FALSE END)"
                " GROUP BY partner.id",
                channels=list(consent.CHANNELS),
                ids=ids,
                refused=self.env["crm.customer.consent"]._refusals_sql(channel, ON_THE_FILE, company_id, partner),
                no_email=self._customer_email_listed_sql(),
                no_calls=self._customer_number_listed_sql("phone"),
                no_sms=self._customer_number_listed_sql("sms"),
            )
        )
        return {partner_id: set(channels) for partner_id, channels in rows}

    def _customer_email_listed_sql(self):
        """Condition on ``res_partner partner``: the e-mail address is on the blacklist."""
        return SQL(
            "EXISTS (SELECT FROM mail_blacklist listed WHERE listed.active AND listed.email = partner.email_normalized)"
        )

    def _customer_number_listed_sql(self, channel):
        """Condition on ``res_partner partner``: the number is on the blacklist for a channel.

        Odoo compares standardised numbers. Where it can't standardise one (an impossible
        number, a server without the library phonenumbers), how the number is spaced must
        not turn a refusal into a permission.
        """
        return SQL(
            "EXISTS (SELECT FROM phone_blacklist listed WHERE listed.active"
            " AND listed.customer_refused IS DISTINCT FROM %s"
            " AND %s IN (partner.phone_sanitized, %s))",
            "sms" if channel == "phone" else "calls",
            self._plain_phone_sql(SQL("listed.number")),
            self._plain_phone_sql(SQL("partner.phone")),
        )

    @api.model
    def _plain_phone_sql(self, number):
        """A number without spaces and signs; ``phone.blacklist`` has an index on this."""
        return SQL("regexp_replace(translate(%s, ' .-/()', ''), '^00', '+')", number)

    @api.model
    def _customer_refused_ids_sql(self, channel):
        """Query of all contacts who refuse a channel to the company at hand, for searches."""
        company_id = self.env.company.root_id.id
        arms = [self.env["crm.customer.consent"]._refusals_sql(channel, ON_THE_FILE, company_id)]
        if channel == "email":
            arms.append(
                SQL(
                    "SELECT partner.id FROM res_partner partner"
                    " JOIN mail_blacklist listed ON listed.active AND listed.email = partner.email_normalized"
                )
            )
        elif channel in ("phone", "sms"):
            plain = self._plain_phone_sql(SQL("partner.phone"))
            raw = SQL("NOT starts_with(COALESCE(partner.phone_sanitized, ''), '+')")
            for number, condition in (
                (SQL("partner.phone_sanitized"), SQL("TRUE")),
                # numbers that Odoo could not standardise, of contacts and of the list
                (plain, raw),
                (plain, SQL("NOT starts_with(listed.number, '+')")),
            ):
                arms.append(
                    SQL(
                        "SELECT partner.id FROM res_partner partner JOIN phone_blacklist listed ON listed.active"
                        " AND listed.customer_refused IS DISTINCT FROM %s AND %s = %s AND %s",
                        "sms" if channel == "phone" else "calls",
                        self._plain_phone_sql(SQL("listed.number")),
                        number,
                        condition,
                    )
                )
        return SQL(" UNION ").join(arms)

    @api.model
    def _customer_at_numbers_sql(self, numbers):
        """Query of the contacts who have one of some standardised phone numbers.

        The second condition is for numbers that Odoo could not standardise; it is written
        as the index of ``phone_validation`` is.

        :param numbers: list
        """
        spellings = [spelling for number in numbers for spelling in (number, number.replace("+", "00", 1))]
        return SQL(
            r"SELECT id FROM res_partner WHERE phone_sanitized = ANY(%s) OR phone IS NOT NULL"
            r" AND regexp_replace(phone::text, '[\s\\./\(\)\-]'::text, ''::text, 'g'::text) = ANY(%s)",
            list(numbers),
            spellings,
        )

    def _customer_flush_refusals(self, partners=None):
        names = ["phone", "phone_sanitized", "email_normalized"]
        if partners is None:
            self.flush_model(names)
        else:
            partners.flush_recordset(names)
        self.env["mail.blacklist"].flush_model(["email", "active"])
        self.env["phone.blacklist"].flush_model(["number", "active", "customer_refused"])

    @api.model
    def _customer_search_refused(self, channel, operator, value):
        if operator != "in":
            return NotImplemented
        self._customer_flush_refusals()
        refused = Domain("id", "in", self._customer_refused_ids_sql(channel))
        return Domain.OR(refused if wanted else ~refused for wanted in set(map(bool, value)))

    @api.model
    def _search_customer_no_post(self, operator, value):
        return self._customer_search_refused("post", operator, value)

    @api.model
    def _search_customer_no_calls(self, operator, value):
        return self._customer_search_refused("phone", operator, value)

    @api.model
    def _search_customer_no_email(self, operator, value):
        return self._customer_search_refused("email", operator, value)

    @api.model
    def _search_customer_no_sms(self, operator, value):
        return self._customer_search_refused("sms", operator, value)

    @api.model
    def _search_customer_no_visits(self, operator, value):
        return self._customer_search_refused("visit", operator, value)

    # -------------------------------------------------------------- for other packages

    def _customer_refuse(self, channel, source, date=None, **values):
        """Record that these contacts refused; who has refused already is passed over.

        For packages that hear of refusals elsewhere. One statement for however many
        contacts, which adds nothing the second time.

        :param channel: one of the ledger's channels
        :param source: one of its sources, such as ``unsubscribe``
        :param date: when it was said, now by default
        :param values: ``company``, ``purpose``, ``proof``, ``wording``
        :return: int, how many entries were added
        :raise ValidationError: for a date that can't be
        """
        Consent = self.env["crm.customer.consent"].sudo()
        return Consent._add_refusals(Consent._ids_sql(self), channel, source, date, **values)

    @api.model
    def _customer_consent_log(self, vals_list):
        """Add entries to the ledger as they are, refusals and consents, from other packages.

        :param vals_list: list of dict for ``crm.customer.consent``
        :return: the entries
        :raise ValidationError: for an entry that can't be true
        """
        return self.env["crm.customer.consent"].sudo().create(vals_list)

    # ---------------------------------------------------------- when the contact changes

    def write(self, vals):
        result = super().write(vals)
        if not {"email", "phone", "country_id"}.isdisjoint(vals):
            self._customer_hold_refusals()
        return result

    def _customer_hold_refusals(self):
        """The refusal follows the person: a new address of who refused is refused, too."""
        # one cheap question for the many who have refused nothing
        refusing = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id FROM crm_customer_consent WHERE partner_id = ANY(%s) AND state = 'refused'",
                self.ids,
            )
        )
        if refusing:
            Consent = self.env["crm.customer.consent"].sudo()
            Consent._hold_addresses(Consent._ids_sql(self.browse(row[0] for row in refusing)))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_refusals(self):
        """Keep the contacts whose refusal nothing else would remember.

        Refused e-mail addresses and numbers stay on Odoo's blacklists; post and visits
        have no such list.
        """
        refused = SQL(" OR ").join(
            self.env["crm.customer.consent"]._is_refused_sql(SQL("partner.id"), channel)
            for channel in ("post", "visit")
        )
        rows = self.env.execute_query(
            SQL("SELECT id FROM res_partner partner WHERE id = ANY(%s) AND (%s) ORDER BY id", self.ids, refused)
        )
        if rows:
            raise UserError(
                self.env._(
                    "%s refused post or visits. Archive the contact instead of deleting it: "
                    "without it nobody would know.",
                    ", ".join(self.browse(row[0] for row in rows[:5]).mapped("display_name")),
                )
            )

    # --------------------------------------------------------------------- the page

    def _customer_refusal_words(self):
        """What the contact refuses, for one line: "No post · no calls"; "" for nothing."""
        self.ensure_one()
        channels = self._customer_refused_channels().get(self._origin.id, ())
        words = {
            "post": self.env._("no post"),
            "phone": self.env._("no calls"),
            "email": self.env._("no e-mail"),
            "sms": self.env._("no SMS"),
            "visit": self.env._("no visits"),
        }
        line = " · ".join(words[channel] for channel in REFUSALS.values() if channel in channels)
        return line[:1].upper() + line[1:]

    def action_customer_consents(self):
        """Open what the contact consented to and refused."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_db.crm_customer_consent_action")
        return dict(
            action,
            domain=[("partner_id", "=", self.id)],
            context={"default_partner_id": self.id},
        )

    def action_customer_record_consent(self):
        """Open the dialog in which a refusal or consent is recorded."""
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_db.crm_customer_consent_record_action")
        return dict(action, context={"default_partner_ids": self.ids})
