from dataclasses import dataclass, field

from odoo import models
from odoo.tools import SQL, email_normalize, email_split, plaintext2html

from ..tools.customer_key import normalised
from ..tools.known_entries import PLACE, KnownEntries
from .crm_customer_import_contact_target import CONTACTS, IDENTITY, REFUSAL
from .crm_customer_import_target import CUSTOMER, KEYS

MOST_LETTERS = {"char": 500, "text": 10_000, "html": 10_000}
MOST_WHOLE = 2**31 - 1
# More of them Python would not even read.
MOST_DIGITS = 20
# Of a part of the name of a state.
LEAST_LETTERS = 4


@dataclass
class Entry:
    """A contact or a site of a customer, as rows of a file say.

    :param values: dict of a field of ``res.partner`` and its value
    :param rows: ids of the rows that say so
    :param line: of the first of them
    """

    values: dict
    rows: list
    line: int


@dataclass
class Customer:
    """What the rows of one customer say.

    :param rows: ids of the rows that are good so far, in their order
    :param own: dict of a name of ``CUSTOMER`` and a text, for finding the customer
    :param values: dict of a field of ``res.partner`` and its value
    :param said: dict of a field and the (line, id of the row) that said it
    :param consents: dict of a channel of the consent ledger, or ``all``, and whether it is a consent
    :param known_contacts: the same, to be found at once; so ``known_sites``
    :param heard: what each row says, as ``_add_row`` takes it
    :param rejected_line: of another row of the same customer that is not good, or None
    :param partner: who it is, once he is found or made
    """

    rows: list = field(default_factory=list)
    own: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    said: dict = field(default_factory=dict)
    contacts: list = field(default_factory=list)
    sites: list = field(default_factory=list)
    known_contacts: KnownEntries = field(default_factory=KnownEntries)
    known_sites: KnownEntries = field(default_factory=KnownEntries)
    consents: dict = field(default_factory=dict)
    heard: list = field(default_factory=list)
    rejected_line: int | None = None
    partner: models.BaseModel | None = None


class CrmCustomerImport(models.Model):
    """From the rows of a file to customers with their contacts and sites."""

    _inherit = "crm.customer.import"

    def _key_places(self, places):
        """Extended: rows of one customer go together."""
        if self.kind != CONTACTS:
            return super()._key_places(places)
        return {name: places[name] for name in CUSTOMER if name in places}

    def _rows_share_customers(self, places):
        """Extended: they may where each row can bring a contact or a site."""
        return any(target.startswith(("contact:", "site:")) for target in places)

    def _lead_sql(self):
        """Extended."""
        if self.kind != CONTACTS:
            return super()._lead_sql()
        return SQL("CASE WHEN customer <> '' THEN MIN(line) OVER (PARTITION BY customer) ELSE line END")

    def _read_customers(self, rows, converted):
        """What rows say, customer by customer.

        :param rows: list of (id, line, …, key of the customer last)
        :param converted: ``Converted`` of them; gets the faults of rows that contradict others
        :return: dict of a key and ``Customer``
        """
        headers = {column.target: column.header for column in self.column_ids if column.target}
        found, rejected = {}, {}
        for row_id, line, *_rest, key in rows:
            if row_id in converted.faults:
                rejected.setdefault(key, line)
                continue
            if not key:
                converted.faults[row_id] = [("", self.env._("The row does not say which customer it is of."))]
                continue
            parts = self._row_parts(converted, row_id)
            customer = found.setdefault(key, Customer())
            faults = [
                *self._row_faults(parts, headers),
                *self._contradictions(customer, parts["partner"], headers),
                *self._entry_contradictions("contact", customer.known_contacts, parts["contact"], headers),
                *self._entry_contradictions("site", customer.known_sites, parts["site"], headers),
            ]
            if faults:
                converted.faults[row_id] = faults
                rejected.setdefault(key, line)
                if not customer.rows:
                    del found[key]
                continue
            self._add_row(customer, row_id, line, converted.keys[row_id], parts)
        for key, customer in found.items():
            customer.rejected_line = rejected.get(key)
        return found

    def _row_parts(self, converted, row_id):
        """The values of a row: dict of ``partner``, ``contact``, ``site``, ``consent`` → dict of field and value."""
        parts = {"partner": {}, "contact": {}, "site": {}, "consent": {}}
        for name, text in converted.keys[row_id].items():
            parts["partner"][IDENTITY[name]] = text
        for spec, value in zip(converted.columns, converted.values[row_id], strict=True):
            if value is not None:
                part, _colon, name = spec.partition(":")
                parts[part][name] = value
        return parts

    def _row_faults(self, parts, headers):
        """What is wrong with the values of a row: list of (header, sentence)."""
        faults = []
        for part in ("partner", "contact", "site"):
            for name, value in parts[part].items():
                if words := self._value_fault(name, value):
                    spec = next((key for key, own in IDENTITY.items() if own == name), None)
                    spec = spec if part == "partner" and spec else f"{part}:{name}"
                    faults.append((headers.get(spec, ""), words))
            if words := self._settle_state(parts[part]):
                faults.append((headers.get(f"{part}:state_id", ""), words))
        contact = parts["contact"]
        if contact and not contact.get("name"):
            if contact.get("email"):
                contact["name"] = contact["email"]
            else:
                faults.append((headers.get("contact:name", ""), self.env._("Say what the contact is called.")))
        site = parts["site"]
        if site and not site.keys() & {"name", *PLACE}:
            faults.append((headers.get("site:name", ""), self.env._("Say what the site is called or where it is.")))
        return faults

    def _value_fault(self, name, value):
        """The sentence for a value that can't be that of a field, or None."""
        kind = self.env["res.partner"]._fields[name].type
        if isinstance(value, str) and len(value) > MOST_LETTERS.get(kind, len(value)):
            return self.env._("It is longer than %s characters.", MOST_LETTERS[kind])
        if name == "email" and not any(email_normalize(text) for text in email_split(value)):
            return self.env._("“%s” is not an e-mail address.", value)
        if name == "phone" and not any(char.isdecimal() for char in value):
            return self.env._("“%s” is not a phone number.", value)
        if kind == "integer" and (len(value) > MOST_DIGITS or abs(int(value)) > MOST_WHOLE):
            return self.env._("“%s” is too large.", value[:80])
        if name == "website":
            try:
                self.env["res.partner"]._clean_website(value)
            except ValueError:
                return self.env._("“%s” is not a web address.", value)
        return None

    def _settle_state(self, values):
        """Make a state of the name of one, in the country of the row or that of the company.

        :return: the sentence for one that is not known, or None
        """
        text = values.get("state_id")
        if text is None:
            return None
        word = normalised(text)
        states = self._state_words().get(word, {})
        country = values.get("country_id") or self.company_id.country_id.id
        state = states.get(country)
        if not state and not values.get("country_id") and len(states) == 1:
            [state] = states.values()
        if not state and len(word) >= LEAST_LETTERS:
            # "Baleares" for "Illes Balears (Islas Baleares)", as long as there is but one
            parts = set(word.split())
            alike = {
                own[country] for name, own in self._state_words().items() if country in own and parts <= {*name.split()}
            }
            state = alike.pop() if len(alike) == 1 else None
        if not state:
            return self.env._("“%s” is not known.", text)
        values["state_id"] = state
        return None

    def _contradictions(self, customer, values, headers):
        """What a row says otherwise than those before it of the same customer: list of (header, sentence)."""
        faults = []
        for name, value in values.items():
            if name in customer.values and not self._is_same(name, customer.values[name], value):
                spec = next((key for key, own in IDENTITY.items() if own == name), f"partner:{name}")
                words = self.env._("Line %s says something else for the same customer.", customer.said[name][0])
                faults.append((headers.get(spec, ""), words))
        return faults

    def _entry_contradictions(self, part, known, values, headers):
        """What a row says of a contact or a site otherwise than those before it: list of (header, sentence)."""
        entry = known.find(values)
        return [
            (
                headers.get(f"{part}:{name}", ""),
                self.env._("Line %s says something else for the same contact or site.", entry.line),
            )
            for name, value in values.items()
            if entry and name in entry.values and not self._is_same(name, entry.values[name], value)
        ]

    def _is_same(self, name, one, other):
        """Whether two values of a field say the same."""
        if isinstance(one, str) and isinstance(other, str):
            if name in ("phone", "vat"):
                return self._plain(name, one) == self._plain(name, other)
            return normalised(one) == normalised(other) if normalised(one) else one == other
        return one == other

    def _add_row(self, customer, row_id, line, own, parts):
        """Join what a row says to what is known of its customer."""
        customer.rows.append(row_id)
        customer.heard.append((row_id, line, own, parts))
        for name, text in own.items():
            customer.own.setdefault(name, text)
        for name, value in parts["partner"].items():
            if name not in customer.values:
                customer.values[name] = value
                customer.said[name] = (line, row_id)
        for part in ("contact", "site"):
            if values := parts[part]:
                self._add_entry(customer, part, Entry(dict(values), [row_id], line))
        for channel, given in parts["consent"].items():
            if f"consent:{channel}" == REFUSAL:
                channel, given = "all", not given
                if given:
                    continue
            # a refusal in any row is one
            customer.consents[channel] = customer.consents.get(channel, True) and given

    def _leave_out(self, customer, rows):
        """Let a customer be what the other rows say of him.

        :param rows: set of ids
        """
        left = next(line for row_id, line, *_said in customer.heard if row_id in rows)
        fresh = Customer(rejected_line=left, partner=customer.partner)
        for said in customer.heard:
            if said[0] not in rows:
                self._add_row(fresh, *said)
        vars(customer).update(vars(fresh))

    def _join(self, customer, other):
        """Join what is said of another customer to one who is the same: what was said first holds."""
        customer.rows += other.rows
        customer.heard += other.heard
        for mine, more in ((customer.own, other.own), (customer.values, other.values), (customer.said, other.said)):
            for name, value in more.items():
                mine.setdefault(name, value)
        for part, entries in (("contact", other.contacts), ("site", other.sites)):
            for entry in entries:
                self._add_entry(customer, part, entry)
        for channel, given in other.consents.items():
            customer.consents[channel] = customer.consents.get(channel, True) and given

    def _add_entry(self, customer, part, added):
        """Join a contact or a site to those of a customer, unless it is there."""
        is_contact = part == "contact"
        known = customer.known_contacts if is_contact else customer.known_sites
        entry = known.find(added.values)
        if entry is None:
            (customer.contacts if is_contact else customer.sites).append(added)
            known.add(added.values, added)
            return
        is_named = bool(entry.values.get("name"))
        entry.rows += added.rows
        for name, value in added.values.items():
            entry.values.setdefault(name, value)
        if not is_named and entry.values.get("name"):
            known.add(entry.values, entry)

    # -------------------------------------------------------------------------- reading cells

    def _reader(self, target):
        """Extended: records by their name or code, several with commas between them."""
        part, _colon, name = target.name.partition(":")
        column = self.env["res.partner"]._fields.get(name) if part in ("partner", "contact", "site") else None
        if column is None or name == "state_id":
            return super()._reader(target)
        if column.type == "html":
            return plaintext2html
        if not column.relational:
            return super()._reader(target)
        known = self._record_words(column.comodel_name)
        if column.type == "many2one":
            return lambda text: known.get(normalised(text))

        def several(text):
            ids = [known.get(normalised(word)) for word in text.split(",") if word.strip()]
            return sorted(ids) if ids and all(ids) else None

        return several

    def _record_words(self, comodel):
        """By what records of a model are named: dict of normalised word and id; words of two records are of none.

        Of a list with several editions, such as economic activities, the newest that has a word gives it.
        """
        model = self.env[comodel]
        names = {KEYS[comodel], "name", "code"}.intersection(model._fields)
        edition = "version" if "version" in model._fields else None
        domain = [("company_id", "in", (False, self.company_id.id))] if self._has_companies(model) else []
        found = {}
        for code, _name in self.env["res.lang"].get_installed():
            for record in model.with_context(lang=code).search_fetch(domain, [*names, *filter(None, [edition])]):
                words = found.setdefault(record[edition] if edition else "", {})
                for name in names:
                    if record[name]:
                        words.setdefault(normalised(record[name]), set()).add(record.id)
        known = {}
        for _edition, words in sorted(found.items(), reverse=True):
            for word, ids in words.items():
                if word and len(ids) == 1:
                    known.setdefault(word, *ids)
        return known

    def _has_companies(self, model):
        """Whether records of a list belong to one company or to all; users are a list of their own."""
        return model._name != "res.users" and "company_id" in model._fields

    def _state_words(self):
        """How states are called: dict of normalised word → dict of a country id and a state id.

        "Bizkaia (Vizcaya)" and "Araba/Álava" answer to either name.
        """
        cache = self.env.cr.cache.setdefault("crm_customer_db_import.states", {})
        if not cache:
            for state in self.env["res.country.state"].search_fetch([], ["name", "code", "country_id"]):
                words = state.name.replace("(", "/").replace(")", "/").split("/")
                for word in {state.name, state.code, *words}:
                    if normalised(word or ""):
                        cache.setdefault(normalised(word), {}).setdefault(state.country_id.id, state.id)
        return cache

    def _unread_words(self, target, text):
        """Extended: a record that is not known."""
        part, _colon, name = target.name.partition(":")
        column = self.env["res.partner"]._fields.get(name) if part in ("partner", "contact", "site") else None
        if column is not None and column.relational:
            return self.env._("“%s” is not known.", text[:80])
        return super()._unread_words(target, text)
