import base64
import io
import itertools

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from ..tools import exclusion_list
from ..tools.exclusion_list import ListError

# Lines that go to the database at once, so that memory does not grow with the list.
SLICE = 20_000
# Unreadable lines that are shown; all are counted.
SHOWN_LINES = 200


class CrmCustomerExclusionList(models.TransientModel):
    """Import of a list of people who want no advertising, such as *Lista Robinson*.

    Contacts are found by phone number, e-mail address or fingerprint, in one statement, and
    each that has not refused already gets a refusal. The list itself is not kept.
    """

    _name = "crm.customer.exclusion.list"
    _description = "Import an Exclusion List"

    name = fields.Char(
        string="Name of the list",
        required=True,
        help="Stands in every refusal as its proof, e.g. Lista Robinson 03/2026.",
    )
    data_file = fields.Binary(string="File", attachment=False, help="Text, CSV or XLSX.")
    filename = fields.Char()
    column = fields.Char(help="Heading or number of the column. Empty: the first one.")
    content = fields.Selection(
        [("email", "E-mail addresses"), ("phone", "Phone numbers"), ("postal", "Postal addresses")],
        string="What the list holds",
        required=True,
        default="email",
    )
    hashing = fields.Selection(
        [("plain", "As they are"), ("sha256", "SHA-256"), ("sha512", "SHA-512"), ("md5", "MD5")],
        string="Written as",
        required=True,
        default="plain",
    )
    country_id = fields.Many2one(
        "res.country",
        string="Country of the numbers",
        default=lambda self: self.env.company.country_id,
        help="Of the numbers that the list writes without a prefix.",
    )
    date = fields.Datetime(
        string="Date of the list",
        required=True,
        default=lambda self: fields.Datetime.now(),
        help="A consent of a later date still holds.",
    )
    refuse_email = fields.Boolean(string="No e-mail", compute="_compute_refuse_email", store=True, readonly=False)
    refuse_phone = fields.Boolean(string="No calls", compute="_compute_refuse_phone", store=True, readonly=False)
    refuse_sms = fields.Boolean(string="No SMS", compute="_compute_refuse_sms", store=True, readonly=False)
    refuse_post = fields.Boolean(string="No post", compute="_compute_refuse_post", store=True, readonly=False)
    refuse_visit = fields.Boolean(string="No visits")
    spare_consented = fields.Boolean(
        string="Leave out who consented",
        help="Contacts whose own consent to us stands are left alone (LOPDGDD art. 23.4).",
    )

    state = fields.Selection([("draft", "File"), ("done", "Result")], string="Status", default="draft", readonly=True)
    lines_read = fields.Integer(readonly=True)
    lines_matched = fields.Integer(string="Lines with a contact of ours", readonly=True)
    lines_unreadable = fields.Integer(string="Unreadable lines", readonly=True)
    unreadable = fields.Text(string="Which lines", readonly=True)
    contacts_matched = fields.Integer(string="Contacts found", readonly=True)
    refusals_new = fields.Integer(string="New refusals", readonly=True)

    # One method each: a method that computes several fields is left out for all of them
    # where one of them is given.

    @api.depends("content")
    def _compute_refuse_email(self):
        for wizard in self:
            wizard.refuse_email = wizard.content == "email"

    @api.depends("content")
    def _compute_refuse_phone(self):
        for wizard in self:
            wizard.refuse_phone = wizard.content == "phone"

    @api.depends("content")
    def _compute_refuse_sms(self):
        for wizard in self:
            wizard.refuse_sms = wizard.content == "phone"

    @api.depends("content")
    def _compute_refuse_post(self):
        for wizard in self:
            wizard.refuse_post = wizard.content == "postal"

    @api.onchange("content")
    def _onchange_content(self):
        # A postal address has a fingerprint only: written out, no two lists agree.
        if self.content == "postal" and self.hashing == "plain":
            self.hashing = "sha256"

    # --------------------------------------------------------------------- the import

    def action_import(self):
        """Read the file, find the contacts and record the refusals.

        :return: action that shows the result in the same dialog
        :raise UserError: when the file can't be read or nothing would be recorded
        """
        self.ensure_one()
        self.env["crm.customer.consent"].check_access("create")
        channels = [channel for channel in ("post", "phone", "email", "sms", "visit") if self[f"refuse_{channel}"]]
        if not channels:
            raise UserError(self.env._("Say what the people of this list refuse: e-mail, calls, SMS, post or visits."))
        if self.content == "postal" and self.hashing == "plain":
            raise UserError(self.env._("Postal addresses are compared by their fingerprint: choose which one."))
        date = self.env["crm.customer.consent"]._checked_date(self.date)
        try:
            counts = self._stage_lines()
        except ListError as error:
            raise UserError(self._list_error_words(error)) from error
        counts.update(self._match_contacts())
        added = {channel: self._record(channel, date) for channel in channels}
        counts["refusals_new"] = sum(added.values())
        # once for each blacklist, not for each channel
        if added.get("email"):
            self._hold_addresses("email")
        if added.get("phone") or added.get("sms"):
            self._hold_addresses("phone")
        self.env.cr.execute(SQL("DROP TABLE %s, %s", self._lines_table(), self._found_table()))
        # the list is personal data of strangers
        self.write(dict(counts, state="done", data_file=False))
        return dict(
            self.env["ir.actions.actions"]._for_xml_id("crm_customer_db.crm_customer_exclusion_list_action"),
            res_id=self.id,
        )

    def _lines_table(self):
        return SQL.identifier(f"crm_exclusion_lines_{self.id}")

    def _found_table(self):
        return SQL.identifier(f"crm_exclusion_found_{self.id}")

    def _stage_lines(self):
        """Bring the readable lines into a temporary table.

        :return: dict of counts and of the first unreadable lines
        :raise ListError: when the file can't be read
        """
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s (line_no int8, value text) ON COMMIT DROP", self._lines_table())
        )
        lines = exclusion_list.read_values(
            base64.b64decode(self.data_file or b""), self._reader(), (self.column or "").strip()
        )
        read, bad, shown = 0, 0, []
        while batch := list(itertools.islice(lines, SLICE)):
            read += len(batch)
            good = io.StringIO()
            for line, text, value in batch:
                if value:
                    # nothing that COPY would have to escape passes the readers
                    good.write(f"{line}\t{value}\n")
                else:
                    bad += 1
                    if bad <= SHOWN_LINES:
                        shown.append(f"{line}: {text[:80]}")
            good.seek(0)
            self.env.cr.copy_expert(SQL("COPY %s FROM STDIN", self._lines_table()).code, good)
        if bad > SHOWN_LINES:
            shown.append("…")
        self.env.cr.execute(SQL("ANALYZE %s", self._lines_table()))
        return {"lines_read": read, "lines_unreadable": bad, "unreadable": "\n".join(shown)}

    def _reader(self):
        """Function that reads one value of the file, see ``tools.exclusion_list``."""
        if self.hashing != "plain":
            return exclusion_list.hash_reader(self.hashing)
        if self.content == "email":
            return exclusion_list.email_reader(self._plain_email)
        country = self.country_id or self.env.company.country_id
        Partner = self.env["res.partner"]
        return exclusion_list.phone_reader(
            lambda number: Partner._phone_format(number=number, country=country), country.code
        )

    def _plain_email(self, text):
        address = email_normalize(text)
        return address and not any(sign in address for sign in "\\\t\n\r") and address

    def _match_contacts(self):
        """Find the contacts of the lines, archived ones too, in all companies.

        :return: dict of counts
        """
        self.env["crm.customer.consent"]._flush_addresses()
        self.env["res.partner"].flush_model(["name"])
        keys = self._contact_keys()
        if self.hashing != "plain":
            keys = [self._hash_sql(key) for key in keys]
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %(found)s ON COMMIT DROP AS"
                " SELECT lines.line_no, partner.id AS partner_id FROM res_partner partner"
                " CROSS JOIN LATERAL (VALUES %(keys)s) AS ours (key)"
                " JOIN %(lines)s lines ON lines.value = ours.key",
                found=self._found_table(),
                keys=SQL(", ").join(SQL("(%s)", key) for key in keys),
                lines=self._lines_table(),
            )
        )
        self.env.cr.execute(SQL("ANALYZE %s", self._found_table()))
        [(lines, contacts)] = self.env.execute_query(
            SQL("SELECT count(DISTINCT line_no), count(DISTINCT partner_id) FROM %s", self._found_table())
        )
        return {"lines_matched": lines, "contacts_matched": contacts}

    def _contact_keys(self):
        """The ways in which a list may write a contact, as SQL on ``res_partner partner``.

        :return: list of SQL, NULL where the contact can't be on such a list
        """
        if self.content == "email":
            return [SQL("NULLIF(partner.email_normalized, '')")]
        if self.content == "postal":
            return [self._postal_key_sql(SQL("partner.name"), SQL("partner.street"), SQL("partner.zip"))]
        number = SQL("NULLIF(partner.phone_sanitized, '')")
        prefix = "+%s" % (self.country_id.phone_code or "")
        if self.hashing == "plain":
            plain = self.env["res.partner"]._plain_phone_sql(SQL("NULLIF(partner.phone, '')"))
            # numbers that Odoo could not standardise
            raw = SQL("CASE WHEN COALESCE(partner.phone_sanitized, '') !~ '^\\+' THEN %s END", plain)
            return [number, raw, SQL("%s || %s", prefix, raw)]
        return [
            number,
            SQL("substr(%s, 2)", number),
            SQL("CASE WHEN starts_with(%s, %s) THEN substr(%s, %s) END", number, prefix, number, len(prefix) + 1),
        ]

    def _postal_key_sql(self, name, street, zip_code):
        """SQL twin of ``tools.exclusion_list.postal_key``, NULL where a part is missing.

        The three are made plain in one go, which takes a third of the time.
        """
        parts = SQL(" || '|' || ").join(
            SQL("translate(COALESCE(%s, ''), '|', '')", part) for part in (name, street, zip_code)
        )
        # NFKD is Unicode's own way of taking letters and accents apart; the collation
        # makes small letters of A to Z alone, as Python does after dropping the others.
        plain = SQL(
            "lower(regexp_replace(translate(normalize(%s, NFKD), %s, %s), %s, '', 'g') COLLATE \"C\")",
            parts,
            exclusion_list.WHOLE_LETTERS,
            exclusion_list.PLAIN_LETTERS,
            f"[^|{exclusion_list.KEPT.upper()}{exclusion_list.KEPT}]",
        )
        return SQL("substring(%s from '^[^|]+[|][^|]+[|][^|]+$')", plain)

    def _hash_sql(self, text):
        """SQL twin of ``tools.exclusion_list.fingerprint``."""
        if self.hashing == "md5":
            return SQL("md5(convert_to(%s, 'UTF8'))", text)
        return SQL("encode(%s(convert_to(%s, 'UTF8')), 'hex')", SQL(self.hashing), text)

    def _record(self, channel, date):
        """Record the refusal of a channel for the contacts that were found.

        :return: int, how many are new
        """
        Consent = self.env["crm.customer.consent"].sudo()
        partners = SQL("SELECT partner_id FROM %s", self._found_table())
        if self.spare_consented:
            partners = SQL(
                "SELECT partner_id FROM %s found WHERE NOT EXISTS (SELECT FROM crm_customer_consent given"
                " WHERE given.partner_id = found.partner_id AND given.lifts_refusal"
                " AND given.channel IN (%s, 'all') AND given.purpose = 'marketing')"
                " OR %s",
                self._found_table(),
                channel,
                Consent._is_refused_sql(SQL("found.partner_id"), channel),
            )
        return Consent._add_refusals(
            partners, channel, "exclusion_list", date, hold=False, proof=self.env._("On the list “%s”.", self.name)
        )

    def _hold_addresses(self, channel):
        """Put the addresses of the contacts that were found on the blacklist."""
        self.env["crm.customer.consent"].sudo()._hold_addresses(
            SQL("SELECT partner_id FROM %s", self._found_table()), channel
        )

    def _list_error_words(self, error):
        return {
            "empty": self.env._("The file is empty."),
            "old_excel": self.env._("This is a file of an old Excel: save it as XLSX or CSV."),
            "excel": self.env._("This XLSX file is damaged: save it anew, or as CSV."),
            "quotes": self.env._(
                "The file can't be read beyond line %s: a quotation mark is not closed.", error.detail
            ),
            "column": self.env._("The file has no such column. Its first line is: %s", error.detail),
        }[error.code]
