import csv
import io
import json

from odoo import models
from odoo.tools import SQL, email_normalize, groupby

from odoo.addons.phone_validation.tools import phone_validation

from ..tools.customer_key import compact

# From how much two names have in common (trigrams, PostgreSQL's pg_trgm) they are similar.
SIMILAR = 0.4
MOST_CANDIDATES = 5
# Up to which strength a way of finding somebody is enough alone, and with a similar name.
ALONE, SURE = 2, 3


class CrmCustomerImport(models.Model):
    """Whose rows they are.

    Only a reference and a VAT number find somebody by themselves. An e-mail address or a phone
    number does together with a similar name, as a family or an office shares them; name and
    zip code only propose, as father and son share both. Nobody is made up.
    """

    _inherit = "crm.customer.import"

    def _match(self, keys):
        """Find the customers of some rows.

        :param keys: dict id of the row → dict of a name of ``CUSTOMER`` and a text
        :return: (dict id of the row → id of the customer, dict id of the row → list of ids of similar ones)
        """
        self.env["res.partner"].flush_model()
        self._stage_keys(keys)
        given = {name for own in keys.values() for name in own}
        queries = self._match_queries(given) or [SQL("SELECT 0, 0, 0, 0 WHERE FALSE")]
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT row_id, strength, partner_id, customer_id"
                " FROM (%s) found (row_id, strength, partner_id, customer_id) ORDER BY row_id, strength, partner_id",
                SQL(" UNION ALL ").join(queries),
            )
        )
        self.env.cr.execute("DROP TABLE crm_customer_import_key")
        sure, doubtful = {}, {}
        for row_id, ways in groupby(found, key=lambda entry: entry[0]):
            strongest = ways[0][1]
            best = [partner_id for _row, strength, partner_id, _customer in ways if strength == strongest]
            # a reference and a number that name two customers leave a doubt; branches may share a number
            named = [{way[3] for way in ways if way[1] == strength} for strength in range(1, ALONE + 1)]
            agree = not all(named) or bool(set.intersection(*named))
            if len(best) == 1 and strongest <= SURE and agree:
                sure[row_id] = best[0]
            else:
                doubtful[row_id] = list(dict.fromkeys(entry[2] for entry in ways))[:MOST_CANDIDATES]
        return sure, doubtful

    def _stage_keys(self, keys):
        """Keep what rows say of their customers in a temporary table, as contacts have it."""
        country = self.company_id.country_id
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        phones = {}
        for row_id, own in keys.items():
            phone = own.get("customer_phone", "")
            if phone not in phones:
                phones[phone] = phone and phone_validation.phone_format(
                    phone, country.code, country.phone_code, force_format="E164", raise_exception=False
                )
            writer.writerow(
                (
                    row_id,
                    own.get("customer_ref", ""),
                    compact(own.get("customer_vat", "")),
                    email_normalize(own.get("customer_email", "")) or "",
                    phones[phone] or "",
                    own.get("customer_name", "").lower()[:200],
                    own.get("customer_zip", ""),
                )
            )
        buffer.seek(0)
        self.env.cr.execute(
            "CREATE TEMPORARY TABLE crm_customer_import_key (row_id int, ref varchar, vat varchar, email varchar,"
            " phone varchar, name varchar, zip varchar) ON COMMIT DROP"
        )
        self.env.cr.copy_expert("COPY crm_customer_import_key FROM STDIN (FORMAT csv)", buffer)
        self.env.cr.execute("ANALYZE crm_customer_import_key")

    def _match_queries(self, given):
        """Queries of row, strength (1 the strongest, beyond ``SURE`` a proposal), contact and the customer behind it.

        :param given: names of ``CUSTOMER`` that any row has
        """
        code = self.company_id.country_id.code or ""
        mine = self._match_among()
        similar = SQL("similarity(lower(partner.name), key.name) >= %s", SIMILAR)
        # one by one, so that each is a join by what is equal; a contact of a company carries its number
        numbers = [
            SQL("partner.vat = key.vat"),
            SQL("partner.vat = %s || key.vat", code),
            SQL("left(key.vat, 2) = %s AND partner.vat = substr(key.vat, 3)", code),
        ]
        ways = [
            ("customer_ref", 1, SQL("partner.ref = key.ref"), SQL("partner.id")),
            *(("customer_vat", 2, number, SQL("partner.commercial_partner_id")) for number in numbers),
            ("customer_email", 3, SQL("partner.email_normalized = key.email AND %s", similar), SQL("partner.id")),
            ("customer_phone", 3, SQL("partner.phone_sanitized = key.phone AND %s", similar), SQL("partner.id")),
            ("customer_email", 4, SQL("partner.email_normalized = key.email"), SQL("partner.id")),
            ("customer_phone", 4, SQL("partner.phone_sanitized = key.phone"), SQL("partner.id")),
            ("customer_zip", 5, SQL("partner.zip = key.zip AND %s", similar), SQL("partner.id")),
        ]
        return [
            SQL(
                "SELECT key.row_id, %s, %s, partner.commercial_partner_id"
                " FROM crm_customer_import_key key JOIN res_partner partner ON %s WHERE %s AND %s",
                strength,
                who,
                condition,
                mine,
                self._match_unless(strength),
            )
            for name, strength, condition, who in ways
            if name in given
        ]

    def _match_among(self):
        """Which contacts ``partner`` are looked at."""
        return SQL("partner.active AND (partner.company_id IS NULL OR partner.company_id = %s)", self.company_id.id)

    def _match_unless(self, strength):
        """Condition on ``key`` and ``partner`` without which a way of some strength finds nobody."""
        return SQL("TRUE")

    def _create_customers(self, keys):
        """Make customers of what rows say: one for all rows that say the same of theirs.

        :param keys: dict id of the row → dict of a name of ``CUSTOMER`` and a text
        :return: dict id of the row → id of the customer
        """
        groups = {}
        for row_id, own in keys.items():
            strong = next((own[name] for name in ("customer_ref", "customer_vat") if own.get(name)), None)
            groups.setdefault(strong or json.dumps(own, sort_keys=True), []).append(row_id)
        names = {"customer_ref": "ref", "customer_vat": "vat", "customer_email": "email", "customer_phone": "phone"}
        vals_list = [
            {
                "name": keys[ids[0]].get("customer_name") or keys[ids[0]].get("customer_email") or group,
                "customer_mark": "customer",
                "company_id": False,
                "zip": keys[ids[0]].get("customer_zip"),
                **{field: keys[ids[0]][name] for name, field in names.items() if keys[ids[0]].get(name)},
            }
            for group, ids in groups.items()
        ]
        partners = self.env["res.partner"].create(vals_list)
        return {row_id: partner.id for partner, ids in zip(partners, groups.values(), strict=True) for row_id in ids}
