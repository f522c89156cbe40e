from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# Events of a page.
PAGE = 20
# Future events above the first page, and at most.
UPCOMING, UPCOMING_MOST = 5, 50
# Newest entries per table in which channels, campaigns and people are looked for.
CHOICES = 500
# Above every id.
LAST_ID = 2**31 - 1
REQUESTS = ("request", "quotation", "form")


class Cursor(NamedTuple):
    """Where a page ends: events and log notes below it come next.

    At the same moment events come before notes.
    """

    date: datetime
    event_id: int = LAST_ID
    note_id: int = LAST_ID


class CrmCustomerTimeline(models.Model):
    """The timeline of one customer, page by page.

    A page is found by where the last one ended, never by counting, so that it takes the
    same time however much lies before it.
    """

    _inherit = "crm.customer.timeline"

    @api.model
    @api.readonly
    def _page(self, partner, before=None, filters=None):
        """Twenty events of a customer, newest first, and the log notes between them.

        :param partner: ``res.partner`` record; of a contact of a company only what was
            done with that contact
        :param before: what the page before gave as ``before``, or (date, id of an event)
        :param filters: dict with any of ``kinds`` (names of ``_kinds``),
            ``contact_id``, ``channel_id``, ``campaign_id``, ``user_id``, ``amount_min``,
            ``amount_max``
        :return: dict: ``rows`` as ``_event_rows`` has them, ``before`` (False when this
            was the last page); the first page also has ``upcoming`` and ``more_upcoming``,
            and ``hidden`` when it is empty because of the user's rights
        :raise UserError: for a filter or cursor that is none
        """
        partner.ensure_one()
        partner.check_access("read")
        self.check_access("read")
        filters = self._clean_filters(filters)
        cursor = self._cursor(before) or Cursor(fields.Datetime.now(), LAST_ID, LAST_ID)
        found = [(event.date, 1, event.id, event) for event in self._page_events(partner, cursor, filters)]
        found += [(note.date, 0, note.id, note) for note in self._page_notes(partner, cursor, filters)]
        found.sort(key=lambda key: key[:3], reverse=True)
        more = len(found) > PAGE
        found = found[:PAGE]
        page = {
            "rows": self._rows(partner, [record for *_key, record in found]),
            "before": self._cursor_after(*found[-1][:3]) if more else False,
        }
        if not before:
            page.update(self._upcoming(partner, filters))
            if not (found or filters or page["upcoming"]):
                page["hidden"] = self._is_hidden(partner)
        return page

    # ------------------------------------------------------------------- cursor

    @api.model
    def _cursor(self, before):
        """A cursor as the client sends it back.

        :param before: None, or a list of date, id of an event and id of a note
        :return: ``Cursor`` or None
        """
        if not before:
            return None
        try:
            date, *ids = before
            if isinstance(date, str):
                date = datetime.fromisoformat(date)
            return Cursor(date.replace(tzinfo=None), *(min(max(int(id_), 0), LAST_ID) for id_ in ids))
        except (TypeError, ValueError, AttributeError) as error:
            raise UserError(self.env._("The place in the timeline is not valid: open the customer again.")) from error

    @api.model
    def _cursor_after(self, date, is_event, record_id):
        """The place below a row, as the client gets it."""
        ids = (record_id, LAST_ID) if is_event else (0, record_id)
        return [date.isoformat(sep=" "), *ids]

    @api.model
    def _domain_before(self, date, record_id):
        """What is older than a row: the one comparison that PostgreSQL finds in an index."""

        def to_sql(model, alias, query):
            return SQL(
                "(%s, %s) < (%s, %s)",
                model._field_to_sql(alias, "date", query),
                model._field_to_sql(alias, "id", query),
                date,
                record_id,
            )

        return Domain.custom(to_sql=to_sql)

    # ------------------------------------------------------------------ filters

    @api.model
    def _kinds(self):
        """What the timeline can be narrowed to by the buttons above it.

        :return: dict of name and domain on this model, None for what comes from elsewhere
        """
        contact = Domain("fact_model", "=", "crm.customer.interaction")
        marketing = ("crm.customer.marketing.action", "crm.customer.marketing.reaction")
        return {
            "requests": contact & Domain("kind", "in", REQUESTS),
            "contact": contact & Domain("kind", "not in", REQUESTS),
            "purchases": Domain("fact_model", "=", "crm.customer.purchase"),
            "marketing": Domain("fact_model", "in", marketing),
            "fulfilment": Domain("fact_model", "=", "crm.customer.fulfilment"),
            "surveys": Domain("fact_model", "=", "crm.customer.survey.answer"),
            "notes": None,
        }

    @api.model
    def _clean_filters(self, filters):
        """Filters without those that are empty.

        :raise UserError: for one that does not exist, or whose value can't be one
        """
        checks = {
            "kinds": self._clean_kinds,
            "contact_id": int,
            "channel_id": int,
            "campaign_id": int,
            "user_id": int,
            "amount_min": self._clean_amount,
            "amount_max": self._clean_amount,
        }
        clean = {}
        for name, value in (filters or {}).items():
            if value is None or value is False or value in ("", []):
                continue
            try:
                clean[name] = checks[name](value)
            except (KeyError, TypeError, ValueError) as error:
                raise UserError(self.env._("The timeline can't be filtered like that.")) from error
        return clean

    @api.model
    def _clean_kinds(self, kinds):
        if isinstance(kinds, str) or not set(self._kinds()).issuperset(kinds):
            raise ValueError(kinds)
        return set(kinds)

    @api.model
    def _clean_amount(self, amount):
        amount = float(amount)
        if not -1e15 < amount < 1e15:
            raise ValueError(amount)
        return amount

    @api.model
    def _domain_page(self, partner, filters):
        """Events of a customer that pass the filters.

        :param filters: dict from ``_clean_filters``
        """

        def is_event(model, alias, query):
            # said as the partial indexes say it
            return model._field_to_sql(alias, "head", query)

        domain = Domain("commercial_partner_id", "=", partner.sudo().commercial_partner_id.id)
        domain &= Domain.custom(to_sql=is_event)
        if partner.sudo().commercial_partner_id != partner:
            domain &= Domain("partner_id", "=", partner.id)
        if "contact_id" in filters:
            domain &= Domain("partner_id", "=", filters["contact_id"])
        for name in ("channel_id", "campaign_id", "user_id"):
            if name in filters:
                domain &= Domain(name, "=", filters[name])
        if "amount_min" in filters:
            domain &= Domain("amount", ">=", filters["amount_min"])
        if "amount_max" in filters:
            domain &= Domain("amount", "<=", filters["amount_max"])
        if "kinds" in filters:
            kinds = self._kinds()
            domain &= Domain.OR(kinds[name] for name in filters["kinds"] if kinds[name] is not None)
        return domain

    # ------------------------------------------------------------------- events

    @api.model
    def _page_events(self, partner, cursor, filters, limit=PAGE + 1):
        """Events below a place, as records."""
        domain = self._domain_page(partner, filters)
        if domain.is_false():
            return self.browse()
        domain &= self._domain_before(cursor.date, cursor.event_id)
        return self.search_fetch(domain, ["date", "fact_model", "kind"], order="date DESC, id DESC", limit=limit)

    @api.model
    def _is_hidden(self, partner):
        """Whether there is something that the user may not see, where he sees nothing."""
        everything = self.sudo().with_context(allowed_company_ids=self.env.companies.ids)
        domain = self._domain_page(partner, {}) & Domain("company_id", "in", self.env.companies.ids)
        return bool(everything.search(domain, limit=1))

    # -------------------------------------------------------------------- notes

    @api.model
    def _family(self, partner, filters):
        """The contacts whose conversation belongs to a timeline, as far as they may be read.

        :return: domain on ``res.partner``
        """
        if "contact_id" in filters:
            return Domain("id", "=", filters["contact_id"])
        commercial = partner.sudo().commercial_partner_id
        if commercial != partner:
            return Domain("id", "=", partner.id)
        return Domain("commercial_partner_id", "=", commercial.id)

    @api.model
    def _page_notes(self, partner, cursor, filters, limit=PAGE + 1):
        """Log notes that people wrote on the customer and its contacts.

        They stay where they are and are only read. Who may read a contact may read the
        notes on it, which is what Odoo asks of messages.

        :return: ``mail.message`` records
        """
        Message = self.env["mail.message"]
        if not self._may_be_notes(filters):
            return Message
        family = self.env["res.partner"].with_context(active_test=False)._search(self._family(partner, filters))
        domain = Domain(
            [
                ("model", "=", "res.partner"),
                ("message_type", "=", "comment"),
                ("subtype_id", "=", self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")),
                ("res_id", "in", family),
            ]
        )
        if "user_id" in filters:
            author = self.env["res.users"].sudo().browse(filters["user_id"]).exists().partner_id
            domain &= Domain("author_id", "=", author.id)
        domain &= self._domain_before(cursor.date, cursor.note_id)
        return Message.search_fetch(
            domain, ["date", "body", "author_id", "res_id"], order="date DESC, id DESC", limit=limit
        )

    @api.model
    def _may_be_notes(self, filters):
        """A note has neither channel nor campaign nor amount."""
        if {"channel_id", "campaign_id", "amount_min", "amount_max"}.intersection(filters):
            return False
        return "notes" in filters.get("kinds", {"notes"})

    # ----------------------------------------------------------------- upcoming

    @api.model
    def _upcoming(self, partner, filters, limit=UPCOMING):
        """What lies ahead: planned activities, meetings, promises and deadlines.

        :param filters: dict from ``_clean_filters``
        :return: dict with ``upcoming``, rows of ``_rows`` by date, and ``more_upcoming``
        """
        domain = self._domain_page(partner, filters)
        rows = []
        if not domain.is_false():
            now, today = fields.Datetime.now(), fields.Date.context_today(self)
            meant = ["date", "due", "fact_model", "kind"]
            future = self.search_fetch(
                domain & Domain("date", ">", now), meant, order="date ASC, id ASC", limit=limit + 1
            )
            due = domain & Domain("state", "=", "open") & Domain("due", ">=", today) & Domain("date", "<=", now)
            promised = self.search_fetch(due, meant, order="due ASC, id ASC", limit=limit + 1)
            for row in self._rows(partner, future + promised):
                if row["id"] in promised._ids:
                    row["due"] = fields.Date.to_string(self.browse(row["id"]).due)
                rows.append(row)
        rows += self._upcoming_activities(partner, filters, limit + 1)
        rows.sort(key=lambda row: (row.get("due") or row["date"][:10], row["date"], row["key"]))
        return {"upcoming": rows[:limit], "more_upcoming": len(rows) > limit}

    @api.model
    @api.readonly
    def _all_upcoming(self, partner, filters=None):
        """What ``_page`` has as upcoming, without its limit of a few."""
        partner.ensure_one()
        partner.check_access("read")
        self.check_access("read")
        return self._upcoming(partner, self._clean_filters(filters), UPCOMING_MOST)

    @api.model
    def _upcoming_activities(self, partner, filters, limit):
        """Planned activities of the customer and its contacts, from today on."""
        filtered = {"channel_id", "campaign_id", "amount_min", "amount_max"}.intersection(filters)
        if filtered or "contact" not in filters.get("kinds", {"contact"}):
            return []
        family = self.env["res.partner"].with_context(active_test=False)._search(self._family(partner, filters))
        domain = Domain(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", family),
                ("date_deadline", ">=", fields.Date.context_today(self)),
            ]
        )
        if "user_id" in filters:
            domain &= Domain("user_id", "=", filters["user_id"])
        activities = self.env["mail.activity"].search(domain, order="date_deadline ASC, id ASC", limit=limit)
        return [self._activity_row(partner, activity) for activity in activities]

    # ------------------------------------------------------------------ choices

    @api.model
    @api.readonly
    def _choices(self, partner):
        """Channels, campaigns and people that the newest entries of a customer name.

        A bounded look: who has a hundred thousand entries is not read through for a menu.

        :return: dict of field name and list of dicts with ``id`` and ``name``
        """
        partner.ensure_one()
        partner.check_access("read")
        self.check_access("read")
        names = ("channel_id", "campaign_id", "user_id")
        arms = []
        for model in self._fact_models():
            newest = self._search(
                self._domain_page(partner, {}) & Domain("fact_model", "=", model._name),
                order="date DESC, id DESC",
                limit=CHOICES,
            )
            columns = [SQL("%s AS %s", SQL.identifier(newest.table, name), SQL.identifier(name)) for name in names]
            arms.append(SQL("(%s)", newest.select(*columns)))
        columns = SQL(", ").join(map(SQL.identifier, names))
        found = self.env.execute_query(
            SQL("SELECT DISTINCT %s FROM (%s) newest", columns, SQL(" UNION ALL ").join(arms))
        )
        choices = {}
        for position, name in enumerate(names):
            # sudo: a name is shown wherever the entry itself may be read
            records = self.env[self._fields[name].comodel_name].sudo()
            records = records.browse({row[position] for row in found if row[position]})
            choices[name] = sorted(
                ({"id": record.id, "name": record.display_name} for record in records),
                key=lambda choice: choice["name"].casefold(),
            )
        return choices
