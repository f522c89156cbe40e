# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who sees what on the timeline of a customer, asked as real users."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .timeline_common import TimelineCommon


class TestTimelineRights(TimelineCommon):
    def _one_of_each(self, partner, **vals):
        """One event of each kind."""
        action = self._fact("marketing.action", partner_id=partner.id, subject="News", **vals)
        self._fact("marketing.reaction", partner_id=partner.id, kind="click", action_id=action.id, **vals)
        return [
            self._fact("interaction", partner_id=partner.id, kind="call", **vals),
            self._fact("purchase", partner_id=partner.id, amount_currency=5, order_ref="S1", **vals),
            action,
            self._fact("fulfilment", partner_id=partner.id, kind="complaint", **vals),
            self._fact("survey.answer", partner_id=partner.id, survey="NPS", question_code="q", **vals),
        ]

    def _seen(self, user, partner, *companies):
        return len(self._first(partner, user, *companies)["rows"])

    def test_own_documents(self):
        """Sales: own documents sees what happened with own and unassigned customers, and
        is told why another one's timeline is empty."""
        mine, theirs, nobodys = (
            self._partner(name=name, user_id=user.id)
            for name, user in (
                ("Mine", self.user_sales_own),
                ("Theirs", self.user_sales_all),
                ("Nobody's", self.env["res.users"]),
            )
        )
        for customer in (mine, theirs, nobodys):
            self._one_of_each(customer)
        own = self.user_sales_own
        self.assertEqual([self._seen(own, customer) for customer in (mine, theirs, nobodys)], [5, 0, 5])
        self.assertTrue(self._first(theirs, own)["hidden"])
        self.assertFalse(self._first(self.firm, own)["hidden"], "nothing is hidden where nothing is")
        for user in (self.user_sales_all, self.user_marketing, self.user_manager, self.user_customer):
            self.assertEqual([self._seen(user, customer) for customer in (mine, theirs, nobodys)], [5, 5, 5])
        events = self._as(own, self.Timeline).search([("commercial_partner_id", "in", (mine + theirs).ids)])
        self.assertEqual(events.commercial_partner_id, mine)

    def test_companies(self):
        """Nobody sees a row of a company that is not at hand, searching or by id."""
        of_a = self._one_of_each(self.firm)
        of_b = self._one_of_each(self.firm, company_id=self.company_b.id)
        manager = self.user_manager
        for company, mine, other in ((self.company_a, of_a, of_b), (self.company_b, of_b, of_a)):
            with self.subTest(company=company.name):
                rows = self._first(self.firm, manager, company)["rows"]
                self.assertEqual({row["id"] for row in rows}, {fact.id for fact in mine})
                self.assertEqual({row["company"] for row in rows}, {""})
                foreign = self._as(manager, self.Timeline, company).browse(other[0].id)
                with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
                    foreign.read(["subject"])
                with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
                    foreign.customer_event_lines()
        rows = self._first(self.firm, manager, self.company_a, self.company_b)["rows"]
        self.assertEqual(len(rows), 10)
        self.assertEqual({row["company"] for row in rows}, {self.company_a.name, self.company_b.name})

    def test_one_company_only(self):
        """A user of one company can't ask for another one's."""
        self._one_of_each(self.firm, company_id=self.company_b.id)
        single = new_test_user(
            self.env,
            "cdb_single",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company_a.id,
            company_ids=[Command.set(self.company_a.ids)],
        )
        page = self._first(self.firm, single)
        self.assertEqual((page["rows"], page["hidden"]), ([], False))
        choices = self._as(single, self.firm).customer_timeline_filters()
        self.assertFalse(any(choices.values()))

    def test_personal_answers(self):
        """Answers about the person need the right to personal data, also those inside a
        questionnaire that begins with harmless ones."""
        same = {"feed": "survey", "source_model": "survey.user_input", "source_id": 7}
        plain = self._fact("survey.answer", survey="NPS", question_code="score", value=9, **same)
        personal = self._fact(
            "survey.answer", survey="NPS", question_code="children", value=2, is_personal=True, is_head=False, **same
        )
        alone = self._fact("survey.answer", survey="Family", question_code="age", is_personal=True)
        for user, seen, inside in (
            (self.user_customer, {plain.id}, ["score"]),
            (self.user_personal, {plain.id, alone.id}, ["score", "children"]),
        ):
            with self.subTest(user=user.login):
                self.assertEqual({row["id"] for row in self._first(self.firm, user)["rows"]}, seen)
                lines = self._as(user, self.Timeline).browse(plain.id).customer_event_lines()["lines"]
                self.assertEqual([line["text"] for line in lines], inside)
        self.assertTrue(self._first(self.firm, self.user_personal)["rows"])
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self._as(self.user_customer, self.Timeline).browse(personal.id).read(["subject"])

    def test_who_has_none(self):
        """Data entry, employees and customers with a portal login have no timeline."""
        order = self._one_of_each(self.firm)[1]
        portal = new_test_user(self.env, "cdb_tl_portal", groups="base.group_portal")
        for user in (self.user_data_entry, self.user_employee, portal):
            customer = self.firm.with_user(user).with_context(allowed_company_ids=None)
            timeline = customer.env["crm.customer.timeline"]
            for call in (
                customer.customer_timeline_page,
                customer.customer_timeline_upcoming,
                customer.customer_timeline_filters,
                timeline.browse(order.id).customer_event_lines,
                lambda timeline=timeline: timeline.search([]),
                lambda timeline=timeline: timeline.browse(order.id).read(["subject"]),
            ):
                with (
                    self.subTest(user=user.login, call=call.__name__),
                    mute_logger("odoo.addons.base.models.ir_rule"),
                    self.assertRaises(AccessError),
                ):
                    call()

    def test_unreadable_kind(self):
        """Whoever may not read purchases sees none here, even if somebody has given him
        the timeline."""
        purchase = self._order("S1", [5])
        request = self._fact("interaction", kind="request")
        self.env["ir.model.access"].create(
            {
                "name": "Timeline for data entry",
                "model_id": self.env["ir.model"]._get_id("crm.customer.timeline"),
                "group_id": self.env.ref("crm_customer_db.group_customer_data_entry").id,
                "perm_read": True,
            }
        )
        user = self.user_data_entry
        self.assertEqual([row["id"] for row in self._first(self.firm, user)["rows"]], [request.id])
        Timeline = self._as(user, self.Timeline)
        self.assertNotIn(purchase.id, Timeline.search([]).ids)
        with self.assertRaises(AccessError):
            Timeline.browse(purchase.id).read(["subject"])
        self._fact("interaction", kind="call")
        self.assertEqual(
            [row["id"] for row in self._first(self.firm, user)["rows"]],
            [request.id],
            "a rule on one kind holds on the page, too",
        )

    def test_notes_follow_the_contact(self):
        """Notes on a contact are read by who may read the contact."""
        self._note(self.firm, "Ours", "2026-03-01 10:00:00")
        foreign = self._partner(name="Of company B", company_id=self.company_b.id)
        self._note(foreign, "Theirs", "2026-03-01 10:00:00")
        self.assertEqual(self._seen(self.user_manager, self.firm), 1)
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self._first(foreign, self.user_manager)
        self.assertEqual(self._seen(self.user_manager, foreign, self.company_b), 1)

    def test_documents(self):
        """A row leads to its document if the user may see it; else it shows the words.
        What was typed in leads to itself."""
        feed = self.env["crm.customer.feed.mail"]
        closed = self._partner(name="Of company B", company_id=self.company_b.id)
        facts = []
        messages = [
            partner.message_post(body="Mail", message_type="email", subtype_xmlid="mail.mt_comment")
            for partner in (self.firm, closed)
        ]
        # what the feed itself makes of them does not matter here
        self.env["crm.customer.interaction"].search([])
        for message in messages:
            source = {"feed": feed._feed, "source_model": "mail.message", "source_id": message.id}
            facts.append(self._fact("interaction", kind="email", source_ref=f"test,{message.id}", **source))
        typed = self._fact("interaction", kind="call")
        rows = {row["id"]: row for row in self._first(self.firm, self.user_sales_own)["rows"]}
        readable, unreadable = facts
        self.assertEqual(rows[readable.id]["open"], "document")
        self.assertIs(rows[unreadable.id]["open"], False)
        self.assertEqual(rows[typed.id]["open"], "entry")
        self.assertTrue(self._as(self.user_sales_own, readable).action_open_document()["res_model"])
        with self.assertRaises(UserError):
            self._as(self.user_sales_own, unreadable).action_open_document()

    def test_nobody_writes(self):
        """It is a view: no role creates, changes or deletes anything in it."""
        order = self._order("S1", [5])
        Timeline = self._as(self.user_manager, self.Timeline)
        for call in (
            lambda: Timeline.create({"subject": "x"}),
            lambda: Timeline.browse(order.id).write({"subject": "x"}),
            lambda: Timeline.browse(order.id).unlink(),
        ):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                call()
