from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import consent
from .crm_customer_consent_state import ON_THE_FILE

# Channel → Odoo's list of refused addresses, and where contacts have the address.
LISTED = {"email": "mail.blacklist", "phone": "phone.blacklist", "sms": "phone.blacklist"}


class CrmCustomerConsent(models.Model):
    """The ledger and Odoo's blacklists in step, in both directions.

    Ledger → list by SQL, which is set-wise and passes no override of the lists, so that
    nothing answers itself. List → ledger from the overrides of the lists.

    *A refusal on either side holds.* An address stays on its list as long as any contact
    who has it refuses, to whichever company.
    """

    _inherit = "crm.customer.consent"

    # ------------------------------------------------------------- ledger → blacklist

    def _follow_in_blacklists(self):
        """Put the addresses of new refusals on the lists, and take those of consents off."""
        entries = self.filtered(
            lambda entry: (
                entry.purpose in (ON_THE_FILE, consent.EVERY)
                and (entry.channel in LISTED or entry.channel == consent.EVERY)
            )
        )
        refusing = entries.filtered(lambda entry: entry.state == "refused").partner_id
        if refusing:
            self._hold_addresses(self._ids_sql(refusing))
        for channel, lifting in entries.filtered("lifts_refusal").grouped("channel").items():
            self._release_addresses(self._ids_sql(lifting.partner_id), channel)
        if entries:
            self._forget_states()

    def _ids_sql(self, partners):
        return SQL("SELECT unnest(%s::int[])", partners.ids)

    @api.model
    def _hold_addresses(self, partners, channel=consent.EVERY):
        """See that the present addresses of contacts who refuse are on the lists.

        :param partners: SQL query of ids of contacts
        :param channel: whose list is to be looked at
        """
        self._flush_lists()
        stamp = SQL("%s, %s, %s, %s", self.env.uid, self.env.uid, fields.Datetime.now(), fields.Datetime.now())
        if channel in ("email", consent.EVERY):
            self._change_list("mail.blacklist", self._hold_emails_sql(partners, stamp))
        if channel in ("phone", "sms", consent.EVERY):
            self._change_list("phone.blacklist", self._hold_numbers_sql(partners, stamp))

    def _hold_emails_sql(self, partners, stamp):
        return SQL(
            "INSERT INTO mail_blacklist AS listed (email, active, create_uid, write_uid, create_date, write_date)"
            " SELECT DISTINCT partner.email_normalized, TRUE, %(stamp)s FROM res_partner partner"
            " WHERE partner.id IN (%(partners)s) AND partner.email_normalized <> '' AND %(refused)s"
            " ORDER BY 1 ON CONFLICT (email) DO UPDATE"
            " SET active = TRUE, write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date"
            " WHERE listed.active IS NOT TRUE",
            stamp=stamp,
            partners=partners,
            refused=self._is_refused_sql(SQL("partner.id"), "email"),
        )

    def _hold_numbers_sql(self, partners, stamp):
        # Empty customer_refused is both calls and messages, so two that differ make both.
        return SQL(
            "INSERT INTO phone_blacklist AS listed"
            " (number, active, customer_refused, create_uid, write_uid, create_date, write_date)"
            " SELECT number, TRUE, CASE WHEN NOT bool_or(texts) THEN 'calls' WHEN NOT bool_or(calls) THEN 'sms' END,"
            " %(stamp)s FROM (SELECT partner.phone_sanitized AS number, %(calls)s AS calls, %(texts)s AS texts"
            " FROM res_partner partner WHERE partner.id IN (%(partners)s) AND partner.phone_sanitized <> '') refusing"
            " WHERE calls OR texts GROUP BY number ORDER BY number"
            " ON CONFLICT (number) DO UPDATE SET active = TRUE,"
            " customer_refused = CASE WHEN listed.active IS NOT TRUE THEN EXCLUDED.customer_refused END,"
            " write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date"
            " WHERE listed.active IS NOT TRUE OR (listed.customer_refused IS NOT NULL"
            " AND listed.customer_refused IS DISTINCT FROM EXCLUDED.customer_refused)",
            stamp=stamp,
            partners=partners,
            calls=self._is_refused_sql(SQL("partner.id"), "phone"),
            texts=self._is_refused_sql(SQL("partner.id"), "sms"),
        )

    @api.model
    def _release_addresses(self, partners, channel):
        """Take the addresses of contacts off the lists, unless somebody who has them refuses.

        :param partners: SQL query of ids of contacts who have consented
        :param channel: what they consented to
        """
        self._flush_lists()
        stamp = SQL("write_uid = %s, write_date = %s", self.env.uid, fields.Datetime.now())
        if channel in ("email", consent.EVERY):
            self._change_list(
                "mail.blacklist",
                SQL(
                    "UPDATE mail_blacklist listed SET active = FALSE, %(stamp)s WHERE listed.active"
                    " AND listed.email IN (SELECT email_normalized FROM res_partner WHERE id IN (%(partners)s))"
                    " AND NOT EXISTS (SELECT FROM res_partner partner"
                    " WHERE partner.email_normalized = listed.email AND %(refused)s)",
                    stamp=stamp,
                    partners=partners,
                    refused=self._is_refused_sql(SQL("partner.id"), "email"),
                ),
            )
        if channel in ("phone", "sms", consent.EVERY):
            # What the number was listed for stays, but for the channel consented to.
            self._change_list(
                "phone.blacklist",
                SQL(
                    "UPDATE phone_blacklist listed SET active = after.calls OR after.texts, %(stamp)s,"
                    " customer_refused = CASE WHEN after.calls = after.texts THEN NULL"
                    " WHEN after.calls THEN 'calls' ELSE 'sms' END"
                    " FROM (SELECT listed.id, bool_or(%(calls)s) OR"
                    " (%(calls_stay)s AND listed.customer_refused IS DISTINCT FROM 'sms') AS calls,"
                    " bool_or(%(texts)s) OR"
                    " (%(texts_stay)s AND listed.customer_refused IS DISTINCT FROM 'calls') AS texts"
                    " FROM phone_blacklist listed JOIN res_partner partner ON partner.phone_sanitized = listed.number"
                    " WHERE listed.active"
                    " AND listed.number IN (SELECT phone_sanitized FROM res_partner WHERE id IN (%(partners)s))"
                    " GROUP BY listed.id) after WHERE after.id = listed.id",
                    stamp=stamp,
                    partners=partners,
                    calls=self._is_refused_sql(SQL("partner.id"), "phone"),
                    texts=self._is_refused_sql(SQL("partner.id"), "sms"),
                    calls_stay=channel == "sms",
                    texts_stay=channel == "phone",
                ),
            )

    def _change_list(self, model_name, statement):
        """Change entries of a list by SQL and let know whoever listens to the list.

        :param model_name: of the list
        :param statement: SQL that calls the list ``listed``
        """
        ids = [row[0] for row in self.env.execute_query(SQL("%s RETURNING listed.id", statement))]
        if not ids:
            return
        model = self.env[model_name]
        model.invalidate_model(flush=False)
        self._forget_states()
        watchers = model._customer_watchers() if hasattr(model, "_customer_watchers") else ()
        for name, _fields, _path in watchers:
            self.env[name]._mark(model_name, ids)

    def _flush_lists(self):
        self._flush_addresses()
        self.env["mail.blacklist"].flush_model()
        self.env["phone.blacklist"].flush_model()

    # ------------------------------------------------------------- blacklist → ledger

    @api.model
    def _contacts_at_sql(self, model_name, addresses):
        """Query of the contacts who have one of the addresses of a list.

        :param model_name: ``mail.blacklist`` or ``phone.blacklist``
        :param addresses: list of them, as the list writes them
        :return: SQL of one column
        """
        if model_name == "mail.blacklist":
            return SQL("SELECT id FROM res_partner WHERE email_normalized = ANY(%s)", addresses)
        return self.env["res.partner"]._customer_at_numbers_sql(addresses)

    @api.model
    def _addresses_listed(self, model_name, addresses):
        """Addresses were put on a list: everybody who has one of them refuses.

        :param model_name: of the list
        :param addresses: list of them
        """
        if not addresses or (self.env.su and self.env.context.get("customer_no_refusal")):
            return
        shared = self.env.user.share or self.env.user._is_public()
        proof = (
            self.env._("The address was unsubscribed.")
            if shared
            else self.env._("The address was put on the blacklist by %s.", self.env.user.name)
        )
        self._flush_addresses()
        for channel, listed_in in LISTED.items():
            if listed_in == model_name:
                self._add_refusals(
                    self._contacts_at_sql(model_name, addresses),
                    channel,
                    "unsubscribe" if shared else "blacklist",
                    proof=proof,
                    hold=False,
                )

    @api.model
    def _addresses_unlisted(self, model_name, addresses):
        """Addresses were taken off a list: whoever has one and refused consents again.

        :param model_name: of the list
        :param addresses: list of them
        :raise UserError: in an import, which can't take a refusal back
        """
        if not addresses:
            return
        if self.env.context.get("import_file"):
            names = self._names_refusing(model_name, addresses)
            if names:
                raise UserError(self.env._("An import can't take back what these contacts refused: %s.", names))
        shared = self.env.user.share or self.env.user._is_public()
        proof = (
            self.env._("The customer took the address off the blacklist.")
            if shared
            else self.env._("The address was taken off the blacklist by %s.", self.env.user.name)
        )
        self._flush_addresses()
        for channel, listed_in in LISTED.items():
            if listed_in == model_name:
                self._add_consents(
                    self._contacts_at_sql(model_name, addresses),
                    channel,
                    "portal" if shared else "blacklist",
                    proof=proof,
                )
        self._forget_states()

    @api.model
    def _names_refusing(self, model_name, addresses):
        """Names of some contacts who have an address of a list and refuse to be reached there.

        :param model_name: of the list
        :param addresses: list of them
        :return: str for a sentence, "" for none
        """
        self._flush_addresses()
        channels = [channel for channel, listed_in in LISTED.items() if listed_in == model_name]
        found = self.env.execute_query(
            SQL(
                "SELECT partner.id FROM res_partner partner WHERE partner.id IN (%s) AND (%s) ORDER BY 1 LIMIT 5",
                self._contacts_at_sql(model_name, addresses),
                SQL(" OR ").join(self._is_refused_sql(SQL("partner.id"), channel) for channel in channels),
            )
        )
        partners = self.env["res.partner"].sudo().browse([row[0] for row in found])
        return ", ".join(partners.mapped("display_name"))

    @api.model
    def _fill_from_blacklists(self):
        """Enter what the blacklists knew before the installation.

        One statement per channel, on a million contacts as well. Without it a contact
        whose address changes would leave his refusal behind.
        """
        self._flush_lists()
        proof = self.env._("The address was on the blacklist when the customer database was installed.")
        lists = {
            "mail.blacklist": SQL("email_normalized IN (SELECT email FROM mail_blacklist WHERE active)"),
            "phone.blacklist": SQL("phone_sanitized IN (SELECT number FROM phone_blacklist WHERE active)"),
        }
        for channel, model_name in LISTED.items():
            partners = SQL("SELECT id FROM res_partner WHERE %s", lists[model_name])
            self._add_refusals(partners, channel, "blacklist", proof=proof, hold=False)
