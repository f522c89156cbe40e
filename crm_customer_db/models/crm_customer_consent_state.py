from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import consent

# A refusal to any company of the group, for what knows no companies.
ANYWHERE = object()
# Only what is about advertising stands on the file and on the blacklists.
ON_THE_FILE = "marketing"


class CrmCustomerConsent(models.Model):
    """What holds according to the ledger, asked and written set-wise.

    Everything here is SQL over the plain columns of the ledger: a list of a hundred
    thousand addresses is one statement, and so is one contact.
    """

    _inherit = "crm.customer.consent"

    # ------------------------------------------------------------------- what holds

    @api.model
    def _refusals_sql(self, channel, purpose=ON_THE_FILE, company=ANYWHERE, partner=None, as_of=None):
        """Query of the contacts with a refusal that no later consent has lifted.

        The twin of ``tools.consent.last_state``.

        :param channel: one of ``consent.CHANNELS``, or an SQL column that holds one
        :param purpose: one of ``consent.PURPOSES``, or an SQL column
        :param company: id of a root company, an SQL column, None for a company that no
            entry names, or ``ANYWHERE``
        :param partner: SQL column of the contact that is asked about; None for all
        :param as_of: date after which entries are not looked at
        :return: SQL of one column
        """
        refusal, lifting = SQL("refusal"), SQL("lifting")
        refused = self._covers_sql(refusal, channel, purpose, company, as_of)
        if partner is None:
            refused.append(SQL("refusal.partner_id IS NOT NULL"))
        else:
            refused.append(SQL("refusal.partner_id = %s", partner))
        lifted = self._covers_sql(lifting, channel, purpose, company, as_of)
        if company is ANYWHERE:
            lifted.append(SQL("(lifting.company_id IS NULL OR lifting.company_id = refusal.company_id)"))
        return SQL(
            "SELECT refusal.partner_id FROM crm_customer_consent refusal"
            " WHERE refusal.state = 'refused' AND %s AND NOT EXISTS ("
            "SELECT FROM crm_customer_consent lifting"
            " WHERE lifting.partner_id = refusal.partner_id AND lifting.lifts_refusal"
            " AND (lifting.date, lifting.id) > (refusal.date, refusal.id) AND %s)",
            SQL(" AND ").join(refused),
            SQL(" AND ").join(lifted),
        )

    def _covers_sql(self, entry, channel, purpose, company, as_of):
        """Conditions for entries that speak of a channel and purpose, to a company.

        :param entry: SQL name of the ledger in the query
        :return: list of SQL
        """
        conditions = [
            SQL("%s.channel IN (%s, 'all')", entry, channel),
            SQL("%s.purpose IN (%s, 'all')", entry, purpose),
        ]
        if company is not ANYWHERE:
            conditions.append(
                SQL(
                    "(%(entry)s.company_id IS NULL OR %(entry)s.company_id = %(company)s)", entry=entry, company=company
                )
            )
        if as_of is not None:
            conditions.append(SQL("%s.date <= %s", entry, as_of))
        return conditions

    @api.model
    def _is_refused_sql(self, partner, channel, purpose=ON_THE_FILE, company=ANYWHERE, as_of=None):
        """Condition for one contact of a query; ``all`` asks whether every single one is refused.

        Parameters are those of ``_refusals_sql``.
        """
        return SQL(
            "(%s)",
            SQL(" AND ").join(
                SQL("EXISTS (%s)", self._refusals_sql(one, for_what, company, partner, as_of))
                for one in self._each(channel, consent.CHANNELS)
                for for_what in self._each(purpose, consent.PURPOSES)
            ),
        )

    def _each(self, value, values):
        return values if value == consent.EVERY else (value,)

    # ---------------------------------------------------------------- adding, set-wise

    @api.model
    def _add_refusals(self, partners, channel, source, date=None, company=None, hold=True, **values):
        """Record a refusal for every contact that has not refused already by that date.

        So the same list a second time adds nothing.

        :param partners: SQL query of ids of contacts
        :param channel: one of the model's channels
        :param source: one of the model's sources
        :param date: when it was said, now by default
        :param company: ``res.company`` it was said to, none for all
        :param hold: whether the addresses go onto the blacklists
        :param values: ``purpose``, ``proof``, ``wording``
        :return: int, how many entries were added
        :raise ValidationError: for a date that can't be
        """
        date = self._checked_date(date)
        purpose = values.setdefault("purpose", ON_THE_FILE)
        company_id = company.sudo().root_id.id if company else None
        already = self._is_refused_sql(SQL("partner.id"), channel, purpose, company_id, as_of=date)
        values.update(channel=channel, source=source, date=date, company_id=company_id, state="refused")
        added = self._insert_set(SQL("partner.id IN (%s) AND NOT %s", partners, already), values)
        if added and hold:
            self._hold_addresses(partners, channel)
        return added

    @api.model
    def _add_consents(self, partners, channel, source, **values):
        """Record a consent for those contacts whose refusal stands, to whichever company.

        :param partners: SQL query of ids of contacts
        :param channel: one of the model's channels
        :param source: one of the model's sources
        :param values: ``proof``, ``wording``
        :return: int, how many entries were added
        """
        refused = self._is_refused_sql(SQL("partner.id"), channel)
        values.update(channel=channel, source=source, date=self._checked_date(None), company_id=None)
        values.update(state="given", purpose=ON_THE_FILE, legal_basis="consent")
        return self._insert_set(SQL("partner.id IN (%s) AND %s", partners, refused), values)

    def _insert_set(self, condition, values):
        """Insert one entry for each contact of a condition on ``res_partner partner``."""
        self._flush_addresses()
        lifts = consent.lifts_refusal(values["state"], values.get("legal_basis"), values["source"])
        now = fields.Datetime.now()
        columns = dict(values, lifts_refusal=lifts, create_uid=self.env.uid, write_uid=self.env.uid)
        columns.update(create_date=now, write_date=now)
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_customer_consent (partner_id, address, %s) SELECT partner.id, %s, %s"
                " FROM res_partner partner WHERE %s",
                SQL(", ").join(map(SQL.identifier, columns)),
                self._address_sql(SQL("%s::varchar", values["channel"])),
                SQL(", ").join(SQL("%s", value) for value in columns.values()),
                condition,
            )
        )
        added = self.env.cr.rowcount
        if added:
            self._forget_states()
        return added

    def _flush_addresses(self):
        self.env["res.partner"].flush_model(["email_normalized", "phone", "phone_sanitized", "street", "zip", "city"])

    def _address_sql(self, channel):
        """What the contact is reached at by a channel, from ``res_partner partner``."""
        postal = SQL(
            "concat_ws(', ', NULLIF(partner.street, ''),"
            " NULLIF(concat_ws(' ', NULLIF(partner.zip, ''), NULLIF(partner.city, '')), ''))"
        )
        phone = SQL("COALESCE(NULLIF(partner.phone_sanitized, ''), NULLIF(partner.phone, ''))")
        email = SQL("NULLIF(partner.email_normalized, '')")
        return SQL(
            "NULLIF(CASE WHEN %(channel)s = 'email' THEN %(email)s"
            " WHEN %(channel)s IN ('phone', 'sms') THEN %(phone)s"
            " WHEN %(channel)s IN ('post', 'visit') THEN %(postal)s"
            " ELSE concat_ws(' · ', %(email)s, %(phone)s, NULLIF(%(postal)s, '')) END, '')",
            channel=channel,
            email=email,
            phone=phone,
            postal=postal,
        )

    def _note_addresses(self):
        """Write down what the contacts of new entries are reached at."""
        if not self:
            return
        self._flush_addresses()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_consent entry SET address = %s FROM res_partner partner"
                " WHERE partner.id = entry.partner_id AND entry.id = ANY(%s)",
                self._address_sql(SQL("entry.channel")),
                self.ids,
            )
        )
        self.invalidate_recordset(["address"], flush=False)

    def _forget_states(self):
        """Let contacts be asked anew what they refused, after entries came by SQL."""
        self.env["res.partner"].invalidate_model(self.env["res.partner"]._customer_consent_fields(), flush=False)
