from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount, html2plaintext

from .crm_customer_timeline_lines import ORDER_LINES

# Characters of a note before it is folded, and at most.
NOTE_SHORT, NOTE_LONG = 160, 4000

ICONS = {
    "request": "fa-question-circle-o",
    "quotation": "fa-file-text-o",
    "email": "fa-envelope-o",
    "letter": "fa-paper-plane-o",
    "call": "fa-phone",
    "visit": "fa-handshake-o",
    "meeting": "fa-calendar-o",
    "chat": "fa-comments-o",
    "form": "fa-wpforms",
    "other": "fa-comment-o",
    "shipment": "fa-truck",
    "answer": "fa-reply",
    "return": "fa-undo",
    "exchange": "fa-exchange",
    "complaint": "fa-exclamation-triangle",
    "unpaid": "fa-exclamation-circle",
}
# Responses from the best to the least, and those that are bad news, worst first.
GOOD_RESPONSES = ("purchase", "coupon", "request", "visit", "reply", "click", "open")
BAD_RESPONSES = ("complaint", "unsubscribe", "bounce")
STATE_LEVELS = {
    "open": "info",
    "answered": "success",
    "accepted": "success",
    "solved": "success",
    "failed": "danger",
}
# What each model must have read for its rows.
_COMMON = ["date", "day", "partner_id", "company_id", "user_id", "channel_id", "campaign_id"]
_COMMON += ["company_currency_id", "feed", "source_model", "source_id"]
FIELDS = {
    "crm.customer.interaction": ["kind", "subject", "direction", "state", "amount", "deadline", "expires_on"],
    "crm.customer.purchase": ["order_ref", "order_amount", "method", "place_id"],
    "crm.customer.marketing.action": ["medium", "subject", "marketing_code", "state", "is_control"],
    "crm.customer.marketing.reaction": ["kind", "order_ref", "amount"],
    "crm.customer.fulfilment": [
        "kind",
        "subject",
        "order_ref",
        "amount",
        "reason",
        "reason_text",
        "state",
        "promised_on",
        "deadline",
        "solved_on",
    ],
    "crm.customer.survey.answer": ["survey"],
}


class CrmCustomerTimeline(models.Model):
    """The words of a timeline: what its rows say."""

    _inherit = "crm.customer.timeline"

    # --------------------------------------------------------------------- rows

    @api.model
    def _rows(self, partner, records):
        """Rows of a page, as the client draws them.

        Each fact model is asked for the rows it has on the page, with its own rules: what
        they hide is not shown. The number of queries does not depend on that of rows.

        :param partner: the contact whose page it is
        :param records: list of events and ``mail.message`` notes
        :return: list of dicts in the same order: ``key``, ``model`` and ``id``, ``date``
            (UTC), ``kind`` with its ``label`` and ``icon``, ``subject``, ``detail``, ``amount``,
            ``badges``, the names of who and where (not that of the reader himself),
            ``open`` (document, entry, contact or False) and ``unfold`` (whether there is
            something inside)
        """
        events = [record for record in records if record._name == self._name]
        facts = self._facts_of(events)
        openable = self._openable(facts.values())
        inside = self._insides(facts)
        names = self._names_of(facts.values())
        rows = []
        for record in records:
            if record._name != self._name:
                rows.append(self._note_row(partner, record))
            elif record.id in facts:
                fact = facts[record.id]
                row = self._fact_row(partner, fact, names)
                row.update(kind=record.kind, open=openable[fact.id])
                row.update(getattr(self, f"_row_{fact._table.removeprefix('crm_customer_')}")(fact, inside))
                rows.append(row)
        return rows

    @api.model
    def _facts_of(self, events):
        """The facts that events stand for, as far as the user may read them.

        :return: dict of id and record
        """
        ids = defaultdict(list)
        for event in events:
            ids[event.fact_model].append(event.id)
        facts = {}
        for model, model_ids in ids.items():
            found = self.env[model].search_fetch([("id", "in", model_ids)], [*_COMMON, *FIELDS[model]])
            facts.update((fact.id, fact) for fact in found)
        return facts

    @api.model
    def _names_of(self, facts):
        """Names of the people, channels and campaigns of a page.

        Read past their access rules, as Odoo shows the name of whatever stands on a record
        that may be read.

        :return: dict of model name and dict of id and name
        """
        wanted = {"partner_id": "name", "user_id": "name", "channel_id": "name", "campaign_id": "title"}
        names = {}
        for field, attribute in wanted.items():
            comodel = self._fields[field].comodel_name
            records = self.env[comodel].sudo().browse({fact[field].id for fact in facts if fact[field]})
            names[field] = {record.id: record[attribute] or record.display_name for record in records}
        return names

    @api.model
    def _openable(self, facts):
        """How the user may open each of some facts: one question per feed.

        :return: dict of fact id and ``document``, ``entry`` (there is no document, or
            somebody has made the entry his own), or False where there is a document that
            he may not see
        """
        documents = defaultdict(list)
        how = {}
        for fact in facts:
            feed = fact._fact_feed() if fact.source_id and fact.feed != "manual" else None
            if feed is None:
                how[fact.id] = "entry"
            else:
                documents[feed].append(fact)
        for feed, of_feed in documents.items():
            allowed = feed._openable(list({fact.source_id for fact in of_feed}))
            how.update((fact.id, "document" if fact.source_id in allowed else False) for fact in of_feed)
        return how

    @api.model
    def _fact_row(self, partner, fact, names):
        """What all kinds of facts say."""
        contact = fact.partner_id.id if fact.partner_id != partner else False
        return {
            "key": f"e{fact.id}",
            "id": fact.id,
            "model": fact._name,
            "date": fields.Datetime.to_string(fact.date),
            # a source that knows only the day stands at noon
            "has_time": fact.date != fact._fact_noon(fact.day, fact.company_id),
            "subject": "",
            "detail": "",
            "amount": "",
            "badges": [],
            "direction": "",
            "contact": names["partner_id"].get(contact, ""),
            "user": names["user_id"].get(fact.user_id.id, "") if fact.user_id != self.env.user else "",
            "channel": names["channel_id"].get(fact.channel_id.id, ""),
            "campaign": names["campaign_id"].get(fact.campaign_id.id, ""),
            "company": fact.company_id.sudo().name if len(self.env.companies) > 1 else "",
            "unfold": False,
        }

    @api.model
    def _word(self, record, name):
        """The label of a selection value."""
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    @api.model
    def _money(self, fact, amount):
        """An amount of a fact as text, empty where there is none."""
        return format_amount(self.env, amount, fact.company_currency_id.sudo()) if amount else ""

    @api.model
    def _badge(self, text, level="secondary"):
        return {"text": text, "level": level}

    @api.model
    def _state_badge(self, fact):
        return self._badge(self._word(fact, "state"), STATE_LEVELS.get(fact.state, "secondary"))

    @api.model
    def _is_past(self, day):
        return bool(day) and day < fields.Date.context_today(self)

    # ------------------------------------------------------------ rows of a kind

    @api.model
    def _row_interaction(self, fact, inside):
        badges = [self._state_badge(fact)] if fact.state else []
        late = fact.state == "open" and self._is_past(fact.deadline or fact.expires_on)
        if late:
            badges.append(self._badge(self.env._("Late"), "danger"))
        due = self.env._("Valid until") if fact.kind == "quotation" else self.env._("Answer by")
        return {
            "label": self._word(fact, "kind"),
            "icon": ICONS.get(fact.kind, "fa-comment-o"),
            "subject": fact.subject or "",
            "direction": fact.direction or "",
            "amount": self._money(fact, fact.amount),
            "badges": badges,
            "due_label": due,
        }

    @api.model
    def _row_purchase(self, fact, inside):
        lines, types = inside["orders"].get(fact.id, (0, ()))
        words = [", ".join(types[:3])]
        if len(types) > 3:
            words = [self.env._("%(types)s and %(more)s more", types=words[0], more=len(types) - 3)]
        if lines > ORDER_LINES:
            words.append(self.env._("more than %s lines", ORDER_LINES))
        elif lines > 1:
            words.append(self.env._("%s lines", lines))
        return {
            "label": self.env._("Purchase") if fact.order_amount >= 0 else self.env._("Credit"),
            "icon": "fa-shopping-cart" if fact.order_amount >= 0 else "fa-undo",
            "subject": fact.order_ref or "",
            "detail": " · ".join(word for word in words if word),
            "amount": self._money(fact, fact.order_amount) or format_amount(self.env, 0, fact.company_currency_id),
            "unfold": True,
        }

    @api.model
    def _row_marketing_action(self, fact, inside):
        responses = inside["responses"].get(fact.id, ())
        badges = []
        if fact.is_control:
            badges.append(self._badge(self.env._("Control group: not sent")))
        elif fact.state in ("failed", "cancelled", "planned"):
            badges.append(self._state_badge(fact))
        words = dict(self.env["crm.customer.marketing.reaction"]._fields["kind"]._description_selection(self.env))
        for ranking, level in ((GOOD_RESPONSES, "success"), (BAD_RESPONSES, "danger")):
            best = next((kind for kind in ranking if kind in responses), None)
            if best:
                badges.append(self._badge(words[best], level))
        return {
            "label": self.env._("Marketing: %s", self._word(fact, "medium")),
            "icon": "fa-bullhorn",
            "subject": fact.subject or fact.marketing_code or "",
            "direction": "" if fact.is_control else "out",
            "badges": badges,
            "unfold": bool(responses),
        }

    @api.model
    def _row_marketing_reaction(self, fact, inside):
        return {
            "label": self.env._("Response"),
            "icon": "fa-hand-pointer-o",
            "subject": self._word(fact, "kind"),
            "detail": fact.order_ref or "",
            "direction": "in",
            "amount": self._money(fact, fact.amount),
        }

    @api.model
    def _row_fulfilment(self, fact, inside):
        promised = fact.promised_on or fact.deadline
        wrong = fact.state == "open" and fact.kind in ("complaint", "unpaid")
        badges = [self._badge(self._fulfilment_state(fact), "warning" if wrong else STATE_LEVELS[fact.state])]
        if fact.state == "open" and self._is_past(promised):
            badges.append(self._badge(self.env._("Late"), "danger"))
        elif fact.promised_on and fact.solved_on and fact.solved_on > fact.promised_on:
            days = (fact.solved_on - fact.promised_on).days
            late = self.env._("1 day late") if days == 1 else self.env._("%s days late", days)
            badges.append(self._badge(late, "danger"))
        return {
            "label": self._word(fact, "kind"),
            "icon": ICONS.get(fact.kind, "fa-truck"),
            "subject": fact.subject or fact.order_ref or "",
            "detail": " · ".join(
                word
                for word in (
                    fact.order_ref if fact.subject else "",
                    self._word(fact, "reason"),
                    fact.reason_text,
                )
                if word
            ),
            "direction": "in" if fact.kind in ("complaint", "return") else "",
            "amount": self._money(fact, fact.amount),
            "badges": badges,
            "due_label": self.env._("Promised for") if fact.promised_on else self.env._("Solve by"),
        }

    @api.model
    def _fulfilment_state(self, fact):
        """Open or solved, in the words of the kind."""
        solved = fact.state == "solved"
        words = {
            "shipment": (self.env._("To be delivered"), self.env._("Delivered")),
            "unpaid": (self.env._("Not paid"), self.env._("Paid")),
            "answer": (self.env._("To be answered"), self.env._("Answered")),
        }
        return words[fact.kind][solved] if fact.kind in words else self._word(fact, "state")

    @api.model
    def _row_survey_answer(self, fact, inside):
        return {
            "label": self.env._("Survey"),
            "icon": "fa-check-square-o",
            "subject": fact.survey,
            "direction": "in",
            "unfold": True,
        }

    @api.model
    def _note_row(self, partner, note):
        """A log note. The chatter of the page has those of its own contact."""
        text = " ".join(html2plaintext(note.body or "", include_references=False).split())[:NOTE_LONG]
        elsewhere = note.res_id != partner.id
        contact = self.env["res.partner"].sudo().browse(note.res_id).name if elsewhere else ""
        return {
            "key": f"n{note.id}",
            "id": note.id,
            "model": note._name,
            "kind": "note",
            "date": fields.Datetime.to_string(note.date),
            "has_time": True,
            "label": self.env._("Note"),
            "icon": "fa-sticky-note-o",
            "subject": text if len(text) <= NOTE_SHORT else text[:NOTE_SHORT].rsplit(" ", 1)[0] + "…",
            "text": text if len(text) > NOTE_SHORT else "",
            "detail": "",
            "amount": "",
            "badges": [],
            "direction": "",
            "contact": contact or "",
            "contact_id": note.res_id,
            "user": note.author_id.sudo().name or "" if note.author_id != self.env.user.partner_id else "",
            "channel": "",
            "campaign": "",
            "company": "",
            "open": "contact" if elsewhere else "here",
            "unfold": len(text) > NOTE_SHORT,
        }

    @api.model
    def _activity_row(self, partner, activity):
        """A planned activity, above the timeline."""
        elsewhere = activity.res_id != partner.id
        contact = self.env["res.partner"].sudo().browse(activity.res_id).name if elsewhere else ""
        day = fields.Date.to_string(activity.date_deadline)
        return {
            "key": f"a{activity.id}",
            "id": activity.id,
            "model": activity._name,
            "kind": "activity",
            "date": f"{day} 12:00:00",
            "due": day,
            "due_label": self.env._("Planned for"),
            "has_time": False,
            "label": activity.activity_type_id.sudo().name or self.env._("Activity"),
            "icon": activity.activity_type_id.sudo().icon or "fa-clock-o",
            "subject": activity.summary or "",
            "detail": "",
            "amount": "",
            "badges": [],
            "direction": "",
            "contact": contact or "",
            "user": activity.user_id.sudo().name or "" if activity.user_id != self.env.user else "",
            "channel": "",
            "campaign": "",
            "company": "",
            "open": "entry",
            "unfold": False,
        }
