from dataclasses import dataclass, field, replace

import psycopg2

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, groupby

from odoo.addons.phone_validation.tools import phone_validation

from ..tools.customer_key import compact, has_legal_form, similarity
from ..tools.known_entries import PLACE, KnownEntries
from .crm_customer_import_contact_target import IDENTITY
from .crm_customer_import_match import SIMILAR

# What is refused because of its values: its rows are rejected, the others go on.
REFUSED = (UserError, ValueError, psycopg2.DataError, psycopg2.IntegrityError)
# A file is no conversation: nobody follows what it brings, and no message says what it changed.
QUIETLY = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}
# Contacts that stand in for a site, other than persons.
SITE_TYPE = "other"


@dataclass
class Plan:
    """What is to be written of one customer.

    :param customer: ``Customer``
    :param changes: dict of values to create or change the customer with
    :param children: list of ``Child``
    :param is_new: whether there was no such customer
    """

    customer: object
    changes: dict
    children: list = field(default_factory=list)
    is_new: bool = False


@dataclass
class Child:
    """What is to be written of a contact or site; ``record`` is empty until it is made."""

    entry: object
    changes: dict
    record: models.BaseModel | None = None
    is_new: bool = False


@dataclass
class Result:
    """What a row has become: ids are those of ``res.partner``; ``made`` are those that it has made."""

    outcome: str
    partner_id: int
    record_id: int
    is_new_customer: bool = False
    made: list = field(default_factory=list)


class CrmCustomerImport(models.Model):
    """Writing customers, their contacts and sites, and what they said about advertising."""

    _inherit = "crm.customer.import"

    def _write_customers(self, customers, faults):
        """Make and change customers; those that are refused are left out, with the reason.

        :param customers: dict of a key and ``Customer``
        :param faults: dict that gets the faults of rows
        :return: (dict id of a row → ``Result``, dict id of a row → list of (header, sentence) to be known)
        """
        plans = self._plans([*customers.values()], faults)
        done = []
        self._write_in_parts(plans, faults, done)
        heard, notes = self._write_consents(done)
        results = {}
        for plan in done:
            results |= self._results(plan, heard)
            if not plan.customer.partner.active:
                words = self.env._("This customer is archived.")
                notes.setdefault(plan.customer.rows[0], []).append(("", words))
        return results, notes

    # ------------------------------------------------------------------------- planning

    def _plans(self, customers, faults):
        """Compare what rows say with what is there.

        :return: list of ``Plan``
        """
        partners = self._contacts().browse([customer.partner.id for customer in customers if customer.partner])
        children = self._contacts().search([("parent_id", "in", partners.ids)])
        below = children.grouped(lambda child: child.parent_id.id)
        # read together, not one by one
        known_partners = {partner.id: partner for partner in partners}
        overwriting = {column.target for column in self.column_ids if column.is_overwriting}
        plans = []
        for customer in customers:
            partner = known_partners[customer.partner.id] if customer.partner else self._contacts()
            values = customer.values
            if partner:
                plan = Plan(customer, self._changes(partner, "partner", self._marked(values), overwriting))
            elif values.get("name") or values.get("customer_trade_name") or values.get("email"):
                plan = Plan(customer, self._new_customer_values(customer), is_new=True)
            else:
                words = self.env._("Nobody like that is known, and a new customer needs a name.")
                if customer.rejected_line:
                    words = self.env._("Line %s of the same customer is rejected.", customer.rejected_line)
                faults.update({row_id: [("", words)] for row_id in customer.rows})
                continue
            own = below.get(partner.id, self._contacts())
            for part, entries in (("contact", customer.contacts), ("site", customer.sites)):
                wanted = own.filtered(lambda child, part=part: (child.type == "contact") == (part == "contact"))
                known = self._known_children(wanted) if entries else None
                plan.children += [self._child_plan(part, entry, wanted, known, overwriting) for entry in entries]
            plans.append(plan)
        return plans

    def _contacts(self):
        """Contacts as this import sees and writes them."""
        partners = self.env["res.partner"].with_company(self.company_id)
        return partners.with_context(active_test=False, **QUIETLY)

    def _marked(self, values):
        """Who is in a file of customers is a customer, unless the file or somebody says otherwise."""
        return {"customer_mark": "customer", **values}

    def _new_customer_values(self, customer):
        values = {"company_id": False, **self._marked(customer.values)}
        values.setdefault("name", values.get("customer_trade_name") or values.get("email"))
        values.setdefault("is_company", self._is_business(customer))
        return self._typed(self._contacts(), values)

    def _is_business(self, customer):
        """Whether a new customer is a company, as far as the file tells."""
        kind = customer.values.get("customer_kind")
        if kind:
            return kind == "company"
        return bool(
            customer.contacts
            or customer.sites
            or customer.values.get("vat")
            or has_legal_form(customer.values.get("name", ""))
        )

    def _child_plan(self, part, entry, wanted, known, overwriting):
        """What is to be written of a contact or site.

        :param wanted: contacts or sites that are below the customer already
        :param known: ``KnownEntries`` of them
        """
        found = known.find(entry.values)
        values = entry.values
        if not found and part == "contact":
            found = wanted.filtered(lambda child: self._is_person(child, values))[:1]
            if email_normalize(values["name"]):
                # it stood in for a name that the file does not say
                values = {name: value for name, value in values.items() if name != "name"}
        if found:
            return Child(entry, self._changes(found, part, values, overwriting), found)
        values = {"company_id": False, "type": "contact" if part == "contact" else SITE_TYPE, **entry.values}
        return Child(entry, self._typed(self._contacts(), values), is_new=True)

    def _known_children(self, children):
        """Contacts or sites that are there, to be found by values of the file."""
        known = KnownEntries()
        for child in children:
            known.add({name: child[name] for name in ("name", *PLACE)}, child)
        return known

    def _is_person(self, child, values):
        """Whether a contact has the e-mail address of some values, and a name like theirs: an office shares one."""
        address = email_normalize(values.get("email") or "")
        if not address or child.email_normalized != address:
            return False
        names = (child.name or address, values["name"])
        return address in map(email_normalize, names) or similarity(*names) >= SIMILAR

    def _typed(self, record, values):
        """Values as fields keep them, for ``create`` and ``write``."""
        typed = {}
        for name, value in values.items():
            own = record._fields[name]
            if own.type == "many2many":
                value = [Command.set(value)]
            elif not own.relational:
                value = own.convert_to_cache(value, record)
            typed[name] = value
        return typed

    def _changes(self, record, part, values, overwriting):
        """What of some values is to be written: what is empty, and what may be overwritten and differs."""
        columns = {own: key for key, own in IDENTITY.items()} if part == "partner" else {}
        changes = {}
        for name, value in values.items():
            current = record[name]
            own = record._fields[name]
            if own.relational:
                differs = sorted(current.ids) != sorted(value if isinstance(value, list) else [value])
            else:
                typed = own.convert_to_cache(value, record)
                differs = self._plain(name, current) != self._plain(name, typed)
            if differs and (not current or columns.get(name, f"{part}:{name}") in overwriting):
                changes[name] = value
        return self._typed(record, changes)

    def _plain(self, name, value):
        """A value without what Odoo changes when it keeps it, so that the same file twice changes nothing."""
        if not isinstance(value, str):
            return value or False
        if name == "vat":
            plain = compact(value)
            code = self.company_id.country_id.code or ""
            return plain.removeprefix(code)
        if name == "phone":
            country = self.company_id.country_id
            return phone_validation.phone_format(
                value, country.code, country.phone_code, force_format="E164", raise_exception=False
            )
        if name == "website":
            return self.env["res.partner"]._clean_website(value)
        return " ".join(value.split())

    # -------------------------------------------------------------------------- writing

    def _write_in_parts(self, plans, faults, done):
        """Write plans; where some are refused, halves of them, until the bad ones are found.

        :param done: list that gets the plans that were written
        """
        if not plans:
            return
        try:
            with self.env.cr.savepoint():
                self._write_plans(plans)
        except REFUSED as error:
            if len(plans) > 1:
                middle = len(plans) // 2
                self._write_in_parts(plans[:middle], faults, done)
                self._write_in_parts(plans[middle:], faults, done)
                return
            self._write_without_refused(plans[0], error, faults, done)
            return
        done += plans

    def _write_without_refused(self, plan, error, faults, done):
        """Write a customer who was refused, without the contacts and sites because of which he was.

        :param error: with which he was
        """
        customer = plan.customer
        # one who could not be made is none
        customer.partner = None if plan.is_new else customer.partner
        refused = [] if self._refusal(plan, []) else self._refused_children(plan, plan.children)
        if not refused:
            faults.update({row_id: [("", self._refusal_words(error))] for row_id in customer.rows})
            return
        bad = {row_id: [("", self._refusal_words(why))] for child, why in refused for row_id in child.entry.rows}
        faults.update(bad)
        customer.partner = None if plan.is_new else customer.partner
        self._leave_out(customer, {*bad})
        if customer.rows:
            self._write_in_parts(self._plans([customer], faults), faults, done)

    def _refused_children(self, plan, children):
        """Contacts and sites of a customer that are refused, found by halves: list of (child, error)."""
        error = self._refusal(plan, children)
        if not error or len(children) < 2:
            return [(child, error) for child in children if error]
        middle = len(children) // 2
        return self._refused_children(plan, children[:middle]) + self._refused_children(plan, children[middle:])

    def _refusal(self, plan, children):
        """The error with which a customer with some of his contacts and sites is refused, or None; nothing is kept."""
        try:
            with self.env.cr.savepoint() as savepoint:
                self._write_plans([replace(plan, children=children)])
                self.env.flush_all()
                savepoint.rollback()
        except REFUSED as error:
            return error
        return None

    def _refusal_words(self, error):
        if isinstance(error, psycopg2.Error):
            return self.env._("The database does not take it: %s", str(error).partition("\n")[0])
        return str(error)

    def _write_plans(self, plans):
        """Make and change customers and what is below them, in few steps."""
        contacts = self._contacts()
        new = [plan for plan in plans if plan.is_new]
        for plan, partner in zip(new, self._make([plan.changes for plan in new]), strict=True):
            plan.customer.partner = partner
        children = [(plan, child) for plan in plans for child in plan.children]
        made = [(plan, child) for plan, child in children if child.is_new]
        vals_list = [{**child.changes, "parent_id": plan.customer.partner.id} for plan, child in made]
        for (_plan, child), record in zip(made, self._make(vals_list), strict=True):
            child.record = record
        changed = [(plan.customer.partner.id, plan.changes) for plan in plans if plan.changes and not plan.is_new]
        changed += [(child.record.id, child.changes) for _plan, child in children if child.changes and not child.is_new]
        written = contacts.browse([partner_id for partner_id, _changes in changed])
        # fields that follow, in other apps, are worked out without our context and would be told in the chatter
        (written | written.child_ids)._track_discard()
        # what many are changed to, such as being a customer, is written once
        for _same, group in groupby(changed, key=lambda change: repr(change[1])):
            contacts.browse([partner_id for partner_id, _changes in group]).write(group[0][1])

    def _make(self, vals_list):
        """Create contacts as Odoo's own import does: what they have of their companies is written for all of one at once."""
        contacts = self._contacts()
        with contacts._customer_watch_addresses():
            return contacts._load_records_create(vals_list)

    def _results(self, plan, heard):
        """What the rows of a customer have become.

        :param heard: ids of customers whose consents or refusals are new
        :return: dict id of a row → ``Result``
        """
        customer = plan.customer
        results = {
            row_id: Result("new" if plan.is_new else "unchanged", customer.partner.id, customer.partner.id)
            for row_id in customer.rows
        }
        first = results[customer.rows[0]]
        first.is_new_customer = plan.is_new
        if plan.is_new:
            first.made.append(customer.partner.id)
        changing = {customer.said[name][1] for name in plan.changes if name in customer.said}
        if (plan.changes and not changing) or customer.partner.id in heard:
            changing.add(customer.rows[0])
        for row_id in changing:
            if not plan.is_new:
                results[row_id].outcome = "updated"
        for child in plan.children:
            for row_id in child.entry.rows:
                results[row_id].record_id = child.record.id
            if child.is_new:
                results[child.entry.rows[0]].outcome = "new"
                results[child.entry.rows[0]].made.append(child.record.id)
            elif child.changes and results[child.entry.rows[0]].outcome == "unchanged":
                results[child.entry.rows[0]].outcome = "updated"
        return results
