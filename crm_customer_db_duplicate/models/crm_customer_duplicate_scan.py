import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# A VAT number, e-mail address or phone of more contacts than this is a switchboard, a mailbox
# of everybody's or a placeholder: it says nothing about who they are.
CROWD = 20
# The same of what names are compared by: words, and pairs of words, within one postal code.
BLOCK = 20
# Words of a name that are looked at; a name of more is not a name.
WORDS = 6
# From which likeness on names speak for anything, and which pairs are worth being looked at.
SIMILAR, LEAST_SCORE = 0.65, 30
# Two VAT numbers are two customers, unless the names say otherwise and an address does, too.
NEARLY_SAME = 0.85
# How likely each of them alone makes two contacts one. A name is that of a company, which is
# seldom given twice, or of a person.
CHANCES = {"vat": 0.85, "email": 0.5, "phone": 0.35, "company": 0.65, "person": 0.5, "zip": 0.2}
# What the law and not the owner calls a company.
LEGAL_FORMS = "sl slu slp sll sa sau scp sc cb srl sarl sas gmbh ag bv nv ltd llc inc lda spa"
ACCENTS = ("ÁÀÄÂÃÅáàäâãåÉÈËÊéèëêÍÌÏÎíìïîÓÒÖÔÕóòöôõÚÙÜÛúùüûÑñÇç", "aaaaaaaaaaaaeeeeeeeeiiiiiiiioooooooooouuuuuuuunncc")


class CrmCustomerDuplicate(models.Model):
    """The search: a few statements over all contacts, never a contact against all others.

    Contacts are compared within groups that share something: a VAT number, an address, a
    phone, or a postal code and one or two words of the name. A group that is too large is
    passed over, so that the work grows with the contacts and not with their square.
    """

    _inherit = "crm.customer.duplicate"

    @api.model
    def _cron_scan(self):
        """Look for duplicates every night."""
        found = self._scan()
        _logger.info("duplicates: %s", self._scan_words(found))

    @api.model
    def _scan(self):
        """Look for duplicates among all contacts, and keep those that hold.

        Pairs that no longer hold go, unless somebody has decided about them.

        :return: dict: numbers ``new``, ``gone``, ``changed`` and ``open``; ``crowded``, list of
            what too many share, and ``limit``, how many are too many
        """
        # of two searches at a time the second fails on this row, and is repeated by Odoo
        self.env["ir.config_parameter"].set_param(
            "crm_customer_db_duplicate.last_scan", fields.Datetime.to_string(self.env.cr.now())
        )
        self.env.flush_all()
        self._scan_contacts()
        crowded = self._scan_crowds()
        self._scan_words_of_names()
        self._scan_pairs()
        found = {"crowded": crowded, "limit": CROWD, **self._scan_keep()}
        self.env.cr.execute("DROP TABLE crm_customer_dup_contact, crm_customer_dup_word, crm_customer_dup_pair")
        self.invalidate_model(flush=False)
        return found

    @api.model
    def _scan_contacts(self):
        """Who is compared, and by what: active contacts of their own that can be customers."""
        companies = self.env["res.company"].search([("active", "in", (True, False))])
        partners = self.env["res.partner"].with_context(allowed_company_ids=companies.ids)
        self.env.cr.execute(
            SQL(
                r"""
                CREATE TEMPORARY TABLE crm_customer_dup_contact ON COMMIT DROP AS
                SELECT id, company_id, country_id, is_company, in_file, birthdate, email, phone, zip,
                       COALESCE(NULLIF(trim(regexp_replace(plain, %(forms)s, ' ', 'g')), ''), trim(plain)) AS name,
                       CASE WHEN vat !~ '[0-9]' OR length(vat) NOT BETWEEN 5 AND 20 THEN NULL
                            WHEN left(vat, 2) = COALESCE(vat_country, '') OR vat_country = 'GR' AND vat LIKE 'EL%%'
                            THEN substr(vat, 3) ELSE vat END AS vat,
                       vat_country
                  FROM (SELECT known.*, COALESCE(country_code, CASE WHEN left(vat, 2) = 'EL' THEN 'GR' ELSE prefixed END)
                               AS vat_country
                          FROM (%(known)s) known
                     LEFT JOIN (SELECT code AS prefixed FROM res_country) country
                            ON known.country_code IS NULL AND prefixed = left(vat, 2)
                       ) partner
                """,
                forms=r"\m(%s)\M" % LEGAL_FORMS.replace(" ", "|"),
                known=self._scan_known(partners),
            )
        )
        self.env.cr.execute("ANALYZE crm_customer_dup_contact")

    @api.model
    def _scan_known(self, partners):
        """Query of what is known of the contacts that are compared.

        :param partners: ``res.partner`` in all companies
        """
        return SQL(
            """
            SELECT partner.id, partner.company_id, partner.country_id, partner.is_company IS TRUE AS is_company,
                   filed.id IS NOT NULL AS in_file, partner.birthdate_date AS birthdate,
                   NULLIF(partner.email_normalized, '') AS email,
                   NULLIF(partner.phone_sanitized, '') AS phone,
                   NULLIF(upper(regexp_replace(partner.zip, '[^[:alnum:]]', '', 'g')), '') AS zip,
                   upper(regexp_replace(partner.vat, '[^[:alnum:]]', '', 'g')) AS vat,
                   country.code AS country_code,
                   regexp_replace(replace(translate(lower(partner.name), %(accented)s, %(bare)s), '.', ''),
                                  '[[:punct:][:space:]]+', ' ', 'g') AS plain
              FROM res_partner partner
         LEFT JOIN res_country country ON country.id = partner.country_id
         LEFT JOIN (%(file)s) filed ON filed.id = partner.id
             WHERE partner.active AND partner.parent_id IS NULL
               AND partner.customer_mark IS DISTINCT FROM 'excluded'
               AND NOT EXISTS (SELECT FROM (%(outsiders)s) ours (id) WHERE ours.id = partner.id)
            """,
            accented=ACCENTS[0],
            bare=ACCENTS[1],
            file=partners._customer_file_sql(),
            outsiders=SQL(" UNION ALL ").join(partners._customer_outsiders()),
        )

    @api.model
    def _scan_crowds(self):
        """Forget what too many share.

        :return: list of such numbers and addresses, as far as they are of the companies at hand
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT kind, value, bool_or(company_id IS NULL OR company_id = ANY(%s))"
                " FROM (SELECT 'vat', vat, company_id FROM crm_customer_dup_contact"
                " UNION ALL SELECT 'email', email, company_id FROM crm_customer_dup_contact"
                " UNION ALL SELECT 'phone', phone, company_id FROM crm_customer_dup_contact)"
                " shared (kind, value, company_id)"
                " WHERE value IS NOT NULL GROUP BY kind, value HAVING COUNT(*) > %s ORDER BY COUNT(*) DESC, value",
                self.env.companies.ids,
                CROWD,
            )
        )
        if rows:
            columns = ("vat", "email", "phone")
            crowds = {column: [value for kind, value, _seen in rows if kind == column] for column in columns}
            without = [
                SQL("%(name)s = CASE WHEN %(name)s = ANY(%(all)s) THEN NULL ELSE %(name)s END", name=SQL(name), all=own)
                for name, own in crowds.items()
            ]
            having = [SQL("%s = ANY(%s)", SQL(name), own) for name, own in crowds.items()]
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_customer_dup_contact SET %s WHERE %s",
                    SQL(", ").join(without),
                    SQL(" OR ").join(having),
                )
            )
        return [value for _kind, value, is_seen in rows if is_seen]

    @api.model
    def _scan_words_of_names(self):
        """By what names are compared: how each of their words begins, as slips come later in it."""
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE crm_customer_dup_word ON COMMIT DROP AS
                SELECT DISTINCT contact.id, contact.zip, left(part.word, 4) AS word
                  FROM crm_customer_dup_contact contact
                 CROSS JOIN LATERAL regexp_split_to_table(contact.name, ' ') WITH ORDINALITY part (word, nth)
                 WHERE contact.zip IS NOT NULL AND part.nth <= %s AND length(part.word) > 1
                """,
                WORDS,
            )
        )
        self.env.cr.execute("ANALYZE crm_customer_dup_word")

    @api.model
    def _scan_pairs(self):
        """The pairs that share anything at all, whatever it is worth."""
        by_key = SQL(" UNION ").join(
            SQL(
                "SELECT one.id, two.id FROM crm_customer_dup_contact one JOIN crm_customer_dup_contact two"
                " ON one.%(key)s = two.%(key)s AND one.id < two.id",
                key=SQL(key),
            )
            for key in ("vat", "email", "phone")
        )
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE crm_customer_dup_pair ON COMMIT DROP AS
                WITH block (zip, key, id) AS (
                    SELECT zip, word, id FROM crm_customer_dup_word
                     UNION ALL
                    SELECT one.zip, one.word || ' ' || two.word, one.id
                      FROM crm_customer_dup_word one
                      JOIN crm_customer_dup_word two ON two.id = one.id AND two.word > one.word
                     UNION ALL
                    SELECT zip, '= ' || name, id FROM crm_customer_dup_contact WHERE zip IS NOT NULL AND name <> ''
                ), small AS (
                    SELECT array_agg(id) AS ids FROM block GROUP BY zip, key HAVING COUNT(*) BETWEEN 2 AND %(block)s
                ), by_name AS (
                    SELECT DISTINCT one.id AS one_id, two.id AS two_id
                      FROM small
                     CROSS JOIN LATERAL unnest(ids) AS one (id)
                     CROSS JOIN LATERAL unnest(ids) AS two (id)
                     WHERE one.id < two.id
                )
                SELECT by_name.one_id, by_name.two_id
                  FROM by_name
                  JOIN crm_customer_dup_contact one ON one.id = by_name.one_id
                  JOIN crm_customer_dup_contact two ON two.id = by_name.two_id
                 WHERE similarity(one.name, two.name) >= %(similar)s
                   AND (one.birthdate <> two.birthdate) IS NOT TRUE
                   AND (one.country_id <> two.country_id) IS NOT TRUE
                 UNION
                %(by_key)s
                """,
                block=BLOCK,
                similar=SIMILAR,
                by_key=by_key,
            )
        )
        self.env.cr.execute("ANALYZE crm_customer_dup_pair")

    @api.model
    def _scan_found(self):
        """Query of the pairs that hold: both contacts, what they share, the score."""
        return SQL(
            """
            SELECT shared.*,
                   round((1 - (CASE WHEN same_vat THEN %(no_vat)s ELSE 1 END)
                            * (CASE WHEN same_email THEN %(no_email)s ELSE 1 END)
                            * (CASE WHEN same_phone THEN %(no_phone)s ELSE 1 END)
                            * (CASE WHEN same_zip AND similar_name >= %(similar)s THEN %(no_zip)s ELSE 1 END)
                            * (1 - likeness * CASE WHEN is_company THEN %(company)s ELSE %(person)s END))
                         * 100 * CASE WHEN other_vat THEN 0.5 ELSE 1 END)::int AS score
              FROM (SELECT one.id AS partner_id, two.id AS other_id,
                           COALESCE(one.vat = two.vat
                                    AND (one.vat_country <> two.vat_country) IS NOT TRUE, FALSE) AS same_vat,
                           COALESCE(one.vat <> two.vat OR one.vat = two.vat
                                    AND one.vat_country <> two.vat_country, FALSE) AS other_vat,
                           COALESCE(one.email = two.email, FALSE) AS same_email,
                           COALESCE(one.phone = two.phone, FALSE) AS same_phone,
                           COALESCE(one.zip = two.zip
                                    AND (one.country_id <> two.country_id) IS NOT TRUE, FALSE) AS same_zip,
                           round(likely.similar_name::numeric, 3)::float8 AS similar_name,
                           power(greatest(likely.similar_name - 0.5, 0) / 0.5, 1.5)::numeric AS likeness,
                           one.is_company OR two.is_company AS is_company
                      FROM crm_customer_dup_pair pair
                      JOIN crm_customer_dup_contact one ON one.id = pair.one_id
                      JOIN crm_customer_dup_contact two ON two.id = pair.two_id
                     CROSS JOIN LATERAL (SELECT COALESCE(similarity(one.name, two.name), 0) AS similar_name) likely
                     WHERE (one.in_file OR two.in_file)
                       AND (one.company_id <> two.company_id) IS NOT TRUE
                   ) shared
             WHERE NOT other_vat OR (similar_name >= %(nearly)s AND (same_email OR same_phone))
            """,
            **{f"no_{name}": round(1 - CHANCES[name], 2) for name in ("vat", "email", "phone", "zip")},
            company=CHANCES["company"],
            person=CHANCES["person"],
            similar=SIMILAR,
            nearly=NEARLY_SAME,
        )

    @api.model
    def _scan_keep(self):
        """Write what has changed since the last search.

        :return: dict of numbers
        """
        columns = ("score", "same_vat", "same_email", "same_phone", "same_zip", "similar_name", "other_vat")
        names = SQL(", ").join(map(SQL, columns))
        [(new, gone, changed)] = self.env.execute_query(
            SQL(
                """
                WITH found AS MATERIALIZED (SELECT * FROM (%(found)s) scored WHERE score >= %(least)s),
                gone AS (
                    DELETE FROM crm_customer_duplicate old
                     WHERE old.state = 'open' AND (NOT EXISTS (
                           SELECT FROM found WHERE found.partner_id = old.partner_id AND found.other_id = old.other_id)
                        OR EXISTS (SELECT FROM crm_customer_duplicate twin WHERE twin.partner_id = old.partner_id
                                      AND twin.other_id = old.other_id
                                      AND (twin.state, twin.id) < (old.state, old.id)))
                    RETURNING old.id
                ), changed AS (
                    UPDATE crm_customer_duplicate old SET (%(names)s) = ROW(%(theirs)s)
                      FROM found
                     WHERE old.state = 'open' AND found.partner_id = old.partner_id AND found.other_id = old.other_id
                       AND (%(ours)s) IS DISTINCT FROM (%(theirs)s)
                    RETURNING old.id
                ), new AS (
                    INSERT INTO crm_customer_duplicate (partner_id, other_id, state, found_on, %(names)s)
                    SELECT partner_id, other_id, 'open', %(now)s, %(theirs)s FROM found
                     WHERE NOT EXISTS (SELECT FROM crm_customer_duplicate old WHERE old.partner_id = found.partner_id
                                          AND old.other_id = found.other_id)
                    RETURNING id
                )
                SELECT (SELECT COUNT(*) FROM new), (SELECT COUNT(*) FROM gone), (SELECT COUNT(*) FROM changed)
                """,
                found=self._scan_found(),
                least=LEAST_SCORE,
                names=names,
                theirs=SQL(", ").join(SQL("found.%s", SQL(name)) for name in columns),
                ours=SQL(", ").join(SQL("old.%s", SQL(name)) for name in columns),
                now=self.env.cr.now().replace(microsecond=0),
            )
        )
        return {"new": new, "gone": gone, "changed": changed, "open": self.search_count([("state", "=", "open")])}
