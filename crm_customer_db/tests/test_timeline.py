# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The timeline of a customer: which events, in which order, page by page."""

import random
from collections import defaultdict
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_timeline import COLUMNS
from odoo.addons.crm_customer_db.models.crm_customer_timeline_page import PAGE

from .timeline_common import TimelineCommon

SEED = 20260301
CONTACT = ("email", "letter", "call", "visit", "chat", "other")


class TestTimeline(TimelineCommon):
    def test_columns(self):
        """The view has the columns others build on."""
        contract = (
            "id date kind subject amount head channel_id campaign_id user_id partner_id"
            " commercial_partner_id company_id source_model source_id"
        )
        self.assertLessEqual(set(contract.split()), set(COLUMNS))
        self.env.cr.execute("SELECT * FROM crm_customer_timeline LIMIT 0")
        self.assertEqual([column.name for column in self.env.cr.description], list(COLUMNS))

    def test_one_event_per_thing(self):
        """An order is one event with the amount of all its lines; a response is part of
        what it responds to; the id tells the table."""
        order = self._order("S1", [10, 20.5, 5])
        action = self._fact("marketing.action", subject="News", date="2026-02-01 10:00:00")
        for kind in ("open", "click"):
            self._fact("marketing.reaction", kind=kind, action_id=action.id, date="2026-02-02 10:00:00")
        alone = self._fact("marketing.reaction", kind="coupon", amount_currency=3, date="2026-01-05 10:00:00")
        events = self.Timeline.search([("commercial_partner_id", "=", self.firm.id), ("head", "=", True)])
        self.assertEqual(events.ids, [order[0].id, action.id, alone.id])
        self.assertEqual(events.mapped("kind"), ["purchase", "marketing", "coupon"])
        self.assertEqual(events.mapped("amount"), [35.5, 0.0, 3.0])
        self.assertEqual(events.mapped("subject"), ["S1", "News", False])
        self.assertEqual([id_ % 8 for id_ in events.ids], [2, 3, 4])
        self.assertEqual(len(self.Timeline.search([("commercial_partner_id", "=", self.firm.id)])), 7)

    def test_pages_are_the_independent_merge(self):
        """Whatever happened, whenever, also at the same second: the pages one after the
        other are exactly the events, newest first, and each filter keeps what it says."""
        chance = random.Random(SEED)
        records = self._random_past(chance)
        channel = self.channels[0]
        for filters, keep in (
            ({}, lambda event: True),
            ({"kinds": ["purchases"]}, lambda event: event["table"] == "purchase"),
            ({"kinds": ["requests"]}, lambda event: event.get("kind") in ("request", "quotation", "form")),
            ({"kinds": ["contact", "notes"]}, lambda event: event.get("kind") in CONTACT or event["table"] == "note"),
            ({"kinds": ["marketing"]}, lambda event: event["table"].startswith("marketing")),
            ({"kinds": ["fulfilment", "surveys"]}, lambda event: event["table"] in ("fulfilment", "survey.answer")),
            ({"channel_id": channel.id}, lambda event: event["channel"] == channel),
            ({"campaign_id": self.campaign.id}, lambda event: event["campaign"] == self.campaign),
            ({"user_id": self.user_manager.id}, lambda event: event["user"] == self.user_manager),
            ({"amount_min": 40}, lambda event: event["amount"] is not None and event["amount"] >= 40),
            (
                {"amount_min": 5, "amount_max": 60, "kinds": ["purchases"]},
                lambda event: event["table"] == "purchase" and 5 <= event["amount"] <= 60,
            ),
            ({"contact_id": self.berta.id}, lambda event: event["partner"] == self.berta),
        ):
            with self.subTest(filters=filters):
                expected = self._merge(records, keep)
                self.assertTrue(expected, "a filter that nothing passes tests nothing")
                pages = self._pages(self.firm, self.user_manager, filters)
                self.assertEqual([row["key"] for page in pages for row in page], expected)
                for page in pages[:-1]:
                    self.assertEqual(len(page), PAGE)

    def _random_past(self, chance):
        """Facts of all kinds and notes, many of them at the same moments."""
        self.channels = self.env["crm.customer.channel"].search([], limit=2)
        self.campaign = self.env["utm.campaign"].create({"name": "Spring"})
        moments = [datetime(2026, 1, 1, 9) + timedelta(hours=13 * number) for number in range(25)]

        def values(**vals):
            return {
                "partner_id": chance.choice((self.firm, self.berta)).id,
                "company_id": self.company_a.id,
                "date": chance.choice(moments),
                "channel_id": chance.choice((False, *self.channels.ids)),
                "campaign_id": chance.choice((False, self.campaign.id)),
                "user_id": chance.choice((False, self.user_manager.id)),
                **vals,
            }

        def amount():
            return round(chance.uniform(-20, 80), 2)

        made = defaultdict(list)
        for _number in range(40):
            made["interaction"].append(values(kind=chance.choice(("request", "form", *CONTACT)), subject="words"))
            made["purchase"].append(
                values(order_ref=chance.choice((False, "S1", "S2", "S3")), amount_currency=amount())
            )
            made["fulfilment"].append(values(kind=chance.choice(("shipment", "complaint")), amount_currency=amount()))
            made["survey.answer"].append(values(survey="NPS", question_code="q"))
            made["marketing.action"].append(values(subject="News"))
        records = {model: self.env[f"crm.customer.{model}"].create(vals) for model, vals in made.items()}
        actions = records["marketing.action"].ids
        reactions = [
            values(
                kind=chance.choice(("open", "coupon")),
                action_id=chance.choice((False, *actions)),
                amount_currency=amount(),
            )
            for _number in range(40)
        ]
        records["marketing.reaction"] = self.env["crm.customer.marketing.reaction"].create(reactions)
        notes = [self._note(chance.choice((self.firm, self.berta)), "Note", chance.choice(moments)) for _ in range(15)]
        records["note"] = self.env["mail.message"].union(*notes)
        return records

    def _merge(self, records, keep):
        """The keys of all events, by another way than the timeline's own."""
        events = []
        orders = defaultdict(list)
        for table, rows in records.items():
            for row in rows:
                event = {"table": table, "date": row.date, "id": row.id, "amount": None}
                if table == "note":
                    event["partner"] = self.env["res.partner"].browse(row.res_id)
                    event.update(channel=None, campaign=None, user=row.author_id.user_ids)
                else:
                    event.update(
                        partner=row.partner_id, channel=row.channel_id, campaign=row.campaign_id, user=row.user_id
                    )
                if "kind" in row._fields and table != "marketing.reaction":
                    event["kind"] = row.kind
                if table == "purchase":
                    # one order is one number, whichever contact bought
                    orders[row.order_ref or row.id].append((row.date, row.id, event, row.amount))
                    continue
                if table == "marketing.reaction" and row.action_id:
                    continue
                if table in ("fulfilment", "marketing.reaction", "interaction"):
                    event["amount"] = row.amount if row.amount_currency else None
                events.append(event)
        for lines in orders.values():
            lines.sort(key=lambda line: line[:2])
            head = lines[0][2]
            head["amount"] = round(sum(amount for *_line, amount in lines), 2)
            events.append(head)
        events = [event for event in events if keep(event)]
        events.sort(key=lambda event: (event["date"], event["table"] != "note", event["id"]), reverse=True)
        return [("n" if event["table"] == "note" else "e") + str(event["id"]) for event in events]

    def test_equal_dates_over_pages(self):
        """Forty events of one second, half of them notes: each is shown once."""
        for number in range(25):
            self._fact("interaction", kind="call", subject=str(number))
            self._note(self.firm, str(number), "2026-03-01 10:00:00")
        keys = self._keys(self.firm)
        self.assertEqual(len(keys), 50)
        self.assertEqual(len(set(keys)), 50)

    def test_cursor_of_two(self):
        """A page may be asked for by date and id alone."""
        facts = [self._fact("interaction", kind="call", date=f"2026-03-0{day} 10:00:00") for day in (1, 2, 3)]
        customer = self._as(self.user_sales_all, self.firm)
        page = customer.customer_timeline_page(["2026-03-02 10:00:00", facts[1].id])
        self.assertEqual([row["id"] for row in page["rows"]], [facts[0].id])
        self.assertNotIn("upcoming", page, "what lies ahead is above the first page only")

    def test_bad_questions(self):
        """What is no place and no filter is refused in words."""
        customer = self._as(self.user_sales_all, self.firm)
        for before in ("yesterday", ["x", 1], ["2026-01-01", "x"], 5, ["2026-01-01", 1, 2, 3]):
            with self.subTest(before=before), self.assertRaises(UserError):
                customer.customer_timeline_page(before)
        for filters in (
            {"kind": ["purchases"]},
            {"kinds": ["invoices"]},
            {"kinds": "purchases"},
            {"amount_min": "NaN"},
            {"amount_min": "many"},
            {"amount_max": 1e20},
            {"channel_id": "web"},
            {"user_id": [1]},
        ):
            with self.subTest(filters=filters), self.assertRaises(UserError):
                customer.customer_timeline_page(None, filters)

    def test_empty_filters_are_none(self):
        self._fact("interaction", kind="call")
        empty = {"kinds": [], "channel_id": False, "amount_min": None, "user_id": False}
        self.assertEqual(len(self._rows(self.firm, filters=empty)), 1)

    def test_same_transaction(self):
        """What has just been entered is there, without anybody having saved it."""
        call = self._fact("interaction", kind="call", subject="First")
        call.subject = "Second"
        self.assertEqual([row["subject"] for row in self._rows(self.firm)], ["Second"])
        self.assertEqual(self.Timeline.search([("commercial_partner_id", "=", self.firm.id)]).subject, "Second")

    def test_household_of_baskets(self):
        """A hundred baskets of nine lines: the first page has twenty baskets, all pages
        have a hundred, each with what it cost."""
        vals = [
            {
                "partner_id": self.firm.id,
                "company_id": self.company_a.id,
                "date": datetime(2026, 1, 1) + timedelta(days=basket, minutes=line),
                "order_ref": f"B{basket}",
                "amount_currency": basket,
            }
            for basket in range(100)
            for line in range(9)
        ]
        self.env["crm.customer.purchase"].create([row for row in vals if row["date"] < datetime.now()])
        pages = self._pages(self.firm)
        self.assertEqual([len(page) for page in pages], [20] * 5)
        subjects = [row["subject"] for page in pages for row in page]
        self.assertEqual(subjects, [f"B{basket}" for basket in reversed(range(100))])
        self.assertIn("891", pages[0][0]["amount"])
        self.assertIn("9 lines", pages[0][0]["detail"])

    def test_contact_of_a_company(self):
        """A contact's page has what was done with that contact."""
        self._fact("interaction", kind="call", subject="With the firm")
        self._fact("interaction", kind="call", subject="With Berta", partner_id=self.berta.id)
        self._note(self.berta, "About Berta", "2026-03-01 12:00:00")
        self._note(self.firm, "About the firm", "2026-03-01 13:00:00")
        self.assertEqual([row["subject"] for row in self._rows(self.berta)], ["About Berta", "With Berta"])
        rows = self._rows(self.firm)
        self.assertEqual(len(rows), 4)
        self.assertEqual([row["contact"] for row in rows], ["", "Berta Gil", "Berta Gil", ""])

    def test_notes(self):
        """Log notes of people are read through; messages, mails and what a program wrote
        are not; a long one is shortened and can be unfolded."""
        self._note(self.firm, "Calls back on Monday", "2026-03-01 12:00:00")
        long = self._note(self.berta, "word " * 100, "2026-03-01 11:00:00")
        self.firm.message_post(body="To followers", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.firm.message_post(body="By a program", message_type="notification", subtype_xmlid="mail.mt_note")
        rows = self._rows(self.firm)
        self.assertEqual([row["label"] for row in rows], ["Note", "Note"])
        self.assertEqual(rows[0]["subject"], "Calls back on Monday")
        self.assertEqual(rows[0]["open"], "here")
        self.assertFalse(rows[0]["unfold"])
        self.assertEqual((rows[1]["id"], rows[1]["open"], rows[1]["contact_id"]), (long.id, "contact", self.berta.id))
        self.assertTrue(rows[1]["subject"].endswith("word…"))
        self.assertEqual(rows[1]["text"], ("word " * 100).strip())

    def test_upcoming(self):
        """Meetings to come, promises, deadlines and planned activities stand above, the
        next ones first, and what is over or done does not."""
        # the reader's day, which is tomorrow's in Spain when it is 23:00 in Greenwich
        today = fields.Date.context_today(self._as(self.user_sales_all, self.firm))
        now = fields.Datetime.now()
        meeting = self._fact("interaction", kind="meeting", subject="Fair", date=now)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_interaction SET date = %s WHERE id = %s",
                now.replace(microsecond=0) + timedelta(days=2),
                meeting.id,
            )
        )
        promised = {"kind": "shipment", "state": "open"}
        soon = self._fact("fulfilment", promised_on=today + timedelta(days=1), **promised)
        self._fact("fulfilment", promised_on=today - timedelta(days=1), **promised)
        self._fact("fulfilment", promised_on=today + timedelta(days=1), kind="shipment", state="solved")
        request = self._fact("interaction", kind="request", deadline=today + timedelta(days=3))
        quotation = self._fact("interaction", kind="quotation", state="open", expires_on=today + timedelta(days=9))
        self.env.flush_all()
        self.env.invalidate_all()
        activity = self.firm.activity_schedule(
            "mail.mail_activity_data_todo", today, "Send samples", user_id=self.user_sales_all.id
        )
        self.firm.activity_schedule("mail.mail_activity_data_todo", today - timedelta(days=3), "Late")
        page = self._first(self.firm)
        keys = [f"a{activity.id}", f"e{soon.id}", f"e{meeting.id}", f"e{request.id}", f"e{quotation.id}"]
        self.assertEqual([row["key"] for row in page["upcoming"]], keys)
        self.assertFalse(page["more_upcoming"])
        self.assertNotIn(f"e{meeting.id}", [row["key"] for row in page["rows"]], "it has not happened yet")
        for days in range(2, 8):
            self._fact("fulfilment", promised_on=today + timedelta(days=days), **promised)
        page = self._first(self.firm)
        self.assertEqual(len(page["upcoming"]), 5)
        self.assertTrue(page["more_upcoming"])
        everything = self._as(self.user_sales_all, self.firm).customer_timeline_upcoming()
        self.assertEqual(len(everything["upcoming"]), 11)
        self.assertFalse(everything["more_upcoming"])
        only = self._as(self.user_sales_all, self.firm).customer_timeline_page(None, {"kinds": ["requests"]})
        self.assertEqual([row["key"] for row in only["upcoming"]], [f"e{request.id}", f"e{quotation.id}"])

    def test_choices(self):
        """The menus have the channels, campaigns and people of the customer, by name, and
        nobody else's."""
        channels = self.env["crm.customer.channel"].search([], limit=3)
        campaign = self.env["utm.campaign"].create({"name": "Spring"})
        other = self._partner(name="Somebody else")
        self._order("S1", [1], channel_id=channels[1].id)
        self._fact("marketing.action", subject="x", campaign_id=campaign.id, user_id=self.user_manager.id)
        self._fact("purchase", partner_id=other.id, channel_id=channels[2].id, amount_currency=1)
        choices = self._as(self.user_sales_all, self.firm).customer_timeline_filters()
        self.assertEqual(choices["channel_id"], [{"id": channels[1].id, "name": channels[1].name}])
        self.assertEqual([choice["id"] for choice in choices["campaign_id"]], [campaign.id])
        self.assertEqual([choice["id"] for choice in choices["user_id"]], [self.user_manager.id])


class TestTimelineCost(TimelineCommon):
    """What a page costs does not depend on how much there is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small = cls._partner(name="Ten entries")
        cls.large = cls._partner(name="Ten thousand entries")
        for partner, count in ((cls.small, 4), (cls.large, 3000)):
            cls._insert("interaction", count, partner, kind="'call'", subject="'Call ' || i", direction="'out'")
            cls._insert(
                "purchase",
                count,
                partner,
                order_ref="'S' || i / 3",
                currency_id=str(cls.euro.id),
                amount="10",
                amount_currency="10",
                is_head="i %% 3 = 0",
                order_amount="CASE WHEN i %% 3 = 0 THEN 30 END",
            )
            cls._insert("marketing.action", count, partner, medium="'email'", state="'sent'", subject="'News ' || i")
            cls._insert("marketing.reaction", count, partner, kind="'coupon'")
            cls._insert("fulfilment", count, partner, kind="'shipment'", state="'solved'")
            cls._insert("survey.answer", count, partner, survey="'NPS'", question_code="'q'", is_head="TRUE")
        cls.env.invalidate_all()
        for model in cls.Timeline._fact_models():
            cls.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(model._table)))

    def _cost(self, partner, user):
        customer = self._as(user, partner)
        customer.customer_timeline_page()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        rows = customer.customer_timeline_page()["rows"]
        return self.env.cr.sql_log_count - before, len(rows)

    def test_queries(self):
        """As many queries for ten thousand entries as for ten, and for a second page."""
        for user in (self.user_sales_own, self.user_manager):
            with self.subTest(user=user.login):
                few, _rows = self._cost(self.small, user)
                many, rows = self._cost(self.large, user)
                self.assertEqual(rows, PAGE)
                self.assertLessEqual(many, few)
                self.assertLess(many, 30)

    def test_plan(self):
        """Each table gives its newest rows by an index, and they are merged: nothing is
        read through or sorted."""
        for user in (self.user_sales_own, self.user_manager):
            with self.subTest(user=user.login):
                Timeline = self._as(user, self.Timeline)
                customer = self._as(user, self.large)
                domain = Timeline._domain_page(customer, {})
                domain &= Timeline._domain_before(datetime.now(), 2**31 - 1)
                query = Timeline._search(domain, order="date DESC, id DESC", limit=PAGE + 1)
                self.env.cr.execute(SQL("EXPLAIN (COSTS OFF) %s", query.select()))
                plan = "\n".join(line for (line,) in self.env.cr.fetchall())
                self.assertIn("Merge Append", plan)
                self.assertNotIn("Seq Scan on crm_customer", plan)
                self.assertNotRegex(plan, r"(?m)^\W*(Incremental )?Sort\b(?! Key)")
                for model in Timeline._fact_models():
                    self.assertRegex(plan, rf"Index Scan using {model._table}_\w+_idx on {model._table}\b")
