# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is in a segment, since when, and how it is kept current."""

import random
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .metrics_common import MetricsCommon


class SegmentsCommon(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Segment = cls.env["crm.customer.segment"]
        cls.Member = cls.env["crm.customer.segment.member"]
        cls.as_of = cls.Metrics._as_of()

    def _segment(self, domain="[('city', '=', 'Lugo')]", **vals):
        mine = self._as(self.user_marketing, self.Segment)
        return mine.create({"name": "Segment", "rule_domain": domain, **vals}).sudo().with_env(self.env)

    def _list(self, **vals):
        return self._segment(kind="manual", **vals)

    def _now(self, segment):
        self.env.flush_all()
        self.env.invalidate_all()
        return segment.member_ids.filtered(lambda member: not member.left_on).partner_id.sorted("id")

    def _rows(self, segment, partner):
        self.env.invalidate_all()
        members = segment.member_ids.filtered(lambda member: member.partner_id == partner).sorted("id")
        return [(member.entered_on, member.left_on) for member in members]

    def _customer(self, **vals):
        return self._partner(**{"customer_mark": "customer", **vals})


class TestSegments(SegmentsCommon):
    # ------------------------------------------------------------------------ members

    def test_who_is_a_member(self):
        """Customers in the file; addresses never, contact persons where they are wanted."""
        firm = self._customer(city="Lugo")
        person = self._person(parent_id=firm.id, city="Lugo")
        self._partner(parent_id=firm.id, type="delivery", name="Almacén", is_company=False, city="Lugo")
        self._partner(name="Vendor", city="Lugo")
        self._customer(name="Excluded", city="Lugo", customer_mark="excluded")
        self._customer(name="Archived", city="Lugo", active=False)
        prospect = self._customer(name="Prospect", city="Lugo", customer_mark="prospect")
        buyer = self._partner(name="Buyer", city="Lugo")
        self._buy(buyer, 5, "2026-01-01")
        other = self._partner(name="Buys from B", city="Lugo")
        self._buy(other, 5, "2026-01-01", company=self.company_b)
        self.user_employee.partner_id.write({"city": "Lugo", "customer_mark": "customer"})
        segment = self._segment()
        self.assertEqual(self._now(segment), firm + prospect + buyer)
        self.assertEqual(self._now(self._segment(scope="contact")), firm + person + prospect + buyer)
        members = segment.member_ids
        self.assertEqual(set(members.mapped("entered_on")), {self.as_of})
        self.assertEqual(members.company_id, self.company_a)
        both = self._segment("[('customer_in_file', '=', True), ('city', '=', 'Lugo')]")
        self.assertEqual(self._now(both), firm + prospect + buyer, "the condition a new segment starts with")
        # what leaves the file leaves the segment
        prospect.customer_mark = "excluded"
        self.Metrics._drain()
        self.assertEqual(self._now(segment), firm + buyer)

    def test_issue_example_against_python(self):
        """Bought X in autumn, answered B to question 3, not mailed for 60 days: every customer."""
        dice = random.Random(5)
        as_of = date(2026, 2, 15)
        product, other = self.env["product.product"].create([{"name": "X"}, {"name": "Y"}])
        customers = self.env["res.partner"].concat(*(self._customer(name=f"C{number:02}") for number in range(60)))
        contacts = {
            customer: customer + self._person(parent_id=customer.id, name=f"P {customer.name}")
            for customer in customers
        }
        purchases, answers, mailings = [], [], []
        for customer in customers:
            for _number in range(dice.randrange(4)):
                day = date(2025, 9, 1) + timedelta(days=dice.randrange(130))
                purchases.append(
                    {
                        "partner_id": dice.choice(contacts[customer]).id,
                        "product_id": dice.choice(product + other).id,
                        "date": f"{day} 10:00:00",
                        "amount": 5,
                        "company_id": self.company_a.id,
                    }
                )
            answers += [
                {
                    "partner_id": dice.choice(contacts[customer]).id,
                    "survey": "Otoño",
                    "question_code": dice.choice(("2", "3")),
                    "answer_code": dice.choice("AB"),
                    "date": "2025-12-01 10:00:00",
                    "company_id": self.company_a.id,
                }
                for _number in range(dice.randrange(3))
            ]
            for _number in range(dice.randrange(2)):
                day = as_of - timedelta(days=dice.choice((1, 30, 59, 60, 61, 62, 200)))
                mailings.append(
                    {
                        "partner_id": dice.choice(contacts[customer]).id,
                        "medium": dice.choice(("email", "letter")),
                        "date": f"{day} 10:00:00",
                        "company_id": self.company_a.id,
                    }
                )
        self.Purchase.create(purchases)
        self.env["crm.customer.survey.answer"].create(answers)
        self.env["crm.customer.marketing.action"].create(mailings)
        segment = self._segment(
            f"""[
                ('customer_purchase_ids', 'any', [
                    ('product_id', '=', {product.id}), ('day', '>=', '2025-09-22'), ('day', '<=', '2025-12-21')]),
                ('customer_survey_answer_ids', 'any', [
                    ('survey', '=', 'Otoño'), ('question_code', '=', '3'), ('answer_code', '=', 'B')]),
                ('customer_marketing_action_ids', 'not any', [
                    ('medium', '=', 'email'), ('date', '>=', 'today -60d')]),
            ]"""
        )
        segment._refresh(as_of)
        whose = {contact.id: customer for customer, people in contacts.items() for contact in people}
        bought = {
            whose[row["partner_id"]]
            for row in purchases
            if row["product_id"] == product.id and "2025-09-22" <= row["date"][:10] <= "2025-12-21"
        }
        answered = {
            whose[row["partner_id"]] for row in answers if (row["question_code"], row["answer_code"]) == ("3", "B")
        }
        mailed = {
            whose[row["partner_id"]]
            for row in mailings
            if row["medium"] == "email" and date.fromisoformat(row["date"][:10]) >= as_of - timedelta(days=60)
        }
        expected = (bought & answered) - mailed
        self.assertTrue(expected)
        self.assertTrue((bought & answered) & mailed, "the last condition decides for somebody")
        now = self._now(segment)
        for customer in customers:
            self.assertEqual(customer in now, customer in expected, customer.name)

    def test_counts_are_those_of_their_lists(self):
        """Members, amount and movements are what the buttons open, for everybody who looks."""
        mine = self._customer(city="Lugo", user_id=self.user_sales_own.id)
        theirs = self._customer(city="Lugo", user_id=self.user_sales_all.id)
        self._person(parent_id=theirs.id, city="Lugo")
        self._buy(mine, 100, self.as_of)
        self._buy(theirs, 1000, self.as_of)
        self.Metrics._drain()
        segment = self._segment(scope="contact")
        for user, count, customers, amount in (
            (self.user_sales_own, 1, 1, 100),
            (self.user_sales_all, 3, 2, 1100),
            (self.user_marketing, 3, 2, 1100),
        ):
            with self.subTest(user=user.login):
                seen = self._as(user, segment)
                seen.invalidate_recordset()
                self.assertEqual((seen.member_count, seen.customer_count, seen.amount_12m), (count, customers, amount))
                self.assertEqual((seen.entered_recently, seen.left_recently), (count, 0))
                action = seen.action_open_members()
                members = self._as(user, self.Member).search([*action["domain"], ("left_on", "=", False)])
                self.assertEqual(len(members), count)
                action = seen.action_open_figures()
                figures = self._as(user, self.Metrics).search(action["domain"])
                self.assertEqual(sum(figures.mapped("amount_12m")), amount)
                self.assertEqual(len(list(seen._launch_customers())), customers)

    # ------------------------------------------------------------------- kept current

    def test_incremental(self):
        """A changed profile, figure, tag or contact is noticed by the queue, and nothing else is looked at."""
        firm, other = self._customer(city="Lugo"), self._customer(city="Vigo")
        segment = self._segment()
        self.Metrics._drain()
        rows = self.Member.search_count([])
        self.assertEqual(self._now(segment), firm)
        other.city = "Lugo"
        self.Metrics._drain()
        self.assertEqual(self._now(segment), firm + other)
        firm.city = "Vigo"
        self.Metrics._drain()
        self.assertEqual(self._now(segment), other)
        self.assertEqual(self.Member.search_count([]), rows + 1)
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        tagged = self._segment(f"[('category_id', 'in', {tag.ids})]")
        role = self.env["crm.customer.contact.role"].search([], limit=1)
        with_role = self._segment(f"[('child_ids.customer_contact_role_ids', 'in', {role.ids})]")
        figures = self._segment("[('customer_metrics_ids', 'any', [('amount_12m', '>', 50)])]")
        stages = self._segment("[('customer_lifecycle', '=', 'new')]")
        self.Metrics._drain()
        person = self._person(parent_id=firm.id)
        firm.category_id = tag
        person.customer_contact_role_ids = role
        self._buy(firm, 60, self.as_of)
        self.Metrics._drain()
        for each in (tagged, with_role, figures, stages):
            self.assertEqual(self._now(each), firm, each.rule_domain)
        firm.category_id = False
        self.Metrics._drain()
        self.assertFalse(self._now(tagged))
        with self.subTest("a new contact"):
            late = self._customer(city="Lugo")
            self.Metrics._drain()
            self.assertIn(late, self._now(segment))
        # only customers on the queue are looked at
        self.env.cr.execute("UPDATE res_partner SET city = 'Lugo' WHERE id = %s", [firm.id])
        self.env.cr.execute("DELETE FROM crm_customer_metrics_queue")
        other.city = "Ourense"
        self.Metrics._drain()
        self.assertNotIn(firm, self._now(segment))
        segment._refresh()
        self.assertIn(firm, self._now(segment))

    def test_random_changes(self):
        """After any sequence of changes the queue gives what looking at everybody gives."""
        dice = random.Random(11)
        towns = ("Lugo", "Vigo", "Ourense")
        customers = self.env["res.partner"].concat(
            *(self._customer(name=f"C{number}", city=dice.choice(towns)) for number in range(12))
        )
        segments = [
            self._segment(),
            self._segment("[('customer_metrics_ids', 'any', [('purchase_count', '>', 1)])]"),
            self._segment("['|', ('city', '=', 'Vigo'), ('customer_purchase_ids', 'not any', [])]"),
        ]
        for number in range(25):
            customer = dice.choice(customers)
            match dice.randrange(4):
                case 0:
                    customer.city = dice.choice(towns)
                case 1:
                    self._buy(customer, 5, self.as_of, order_ref=f"R{number}")
                case 2:
                    customer.active = not customer.active
                case 3:
                    self.Purchase.search([("partner_id", "=", customer.id)], limit=1).unlink()
            self.Metrics._drain()
            expected = [self._now(segment) for segment in segments]
            for segment, before in zip(segments, expected, strict=True):
                self.assertEqual(segment._refresh(), 0, number)
                self.assertEqual(self._now(segment), before)

    def test_history(self):
        """A row per stay: who comes back the same day never left, later he has a row of his own."""
        firm = self._customer(city="Lugo")
        segment = self._segment()
        days = [self.as_of + timedelta(days=number) for number in range(6)]
        self.assertEqual(self._rows(segment, firm), [(days[0], False)])
        firm.city = "Vigo"
        self.assertEqual(segment._refresh(days[1]), 1)
        self.assertEqual(self._rows(segment, firm), [(days[0], days[1])])
        self.assertEqual(segment._refresh(days[1]), 0, "doing it again changes nothing")
        firm.city = "Lugo"
        segment._refresh(days[1])
        self.assertEqual(self._rows(segment, firm), [(days[0], False)])
        firm.city = "Vigo"
        segment._refresh(days[2])
        firm.city = "Lugo"
        segment._refresh(days[4])
        self.assertEqual(self._rows(segment, firm), [(days[0], days[2]), (days[4], False)])
        segment._refresh(days[1])
        firm.city = "Vigo"
        segment._refresh(days[1])
        self.assertEqual(self._rows(segment, firm)[-1], (days[4], days[4]), "nobody leaves before he entered")

    def test_days_pass(self):
        """Who enters because time passes enters with the night; the scheduled action takes up where it was."""
        as_of = date(2026, 6, 30)
        firm = self._customer()
        self._buy(firm, 5, "2026-06-01")
        self.Metrics._rebuild(as_of)
        domain = (
            "[('customer_purchase_ids', 'any', []), ('customer_purchase_ids', 'not any', [('day', '>', 'today -60d')])]"
        )
        one, two = self._segment(domain), self._segment(domain)
        self.assertFalse(self._now(one + two))
        self.Metrics._move_to(date(2026, 7, 31))
        self.Metrics._drain()
        self.Metrics._refresh_edges(date(2026, 7, 31))
        one._refresh()
        self.assertEqual(self._now(one), firm)
        self.assertEqual(one.refreshed_as_of, date(2026, 7, 31))
        self.assertFalse(two.refreshed_as_of)
        with self.enter_registry_test_mode():
            self.env.ref("crm_customer_db.ir_cron_segment_refresh").method_direct_trigger()
        self.assertEqual(self._now(two), firm)
        self.assertEqual(two.member_ids.entered_on, date(2026, 7, 31))

    def test_at_once(self):
        """Editing the condition looks for the members at once; archiving a segment leaves them alone."""
        lugo, vigo = self._customer(city="Lugo"), self._customer(city="Vigo")
        segment = self._segment()
        mine = self._as(self.user_marketing, segment)
        mine.rule_domain = "[('city', '=', 'Vigo')]"
        self.assertEqual(self._now(segment), vigo)
        mine.active = False
        vigo.city = "Lugo"
        self.Metrics._drain()
        self.assertEqual(self._now(segment), vigo)
        mine.active = True
        self.assertFalse(self._now(segment))
        mine.write({"kind": "manual", "rule_domain": "[('city', '=', 'Lugo')]"})
        self.assertFalse(self._now(segment))
        mine.kind = "rule"
        self.assertEqual(self._now(segment), lugo + vigo)
        with self.assertRaises(UserError):
            mine.company_id = self.company_b

    def test_segment_of_segments(self):
        """A condition about another segment follows it."""
        lugo, vigo = self._customer(city="Lugo"), self._customer(city="Vigo")
        hand = self._list()
        second = self._segment("[('name', '!=', False)]")
        second.rule_domain = f"[('city', '=', 'Lugo'), ('customer_segment_ids', 'not in', {hand.ids})]"
        self.assertEqual(self._now(second), lugo)
        self._as(self.user_marketing, hand)._add_members(lugo)
        self.Metrics._drain()
        self.assertFalse(self._now(second))
        first = self._segment()
        last = self._segment(f"[('customer_segment_ids', 'in', {first.ids})]")
        vigo.city = "Lugo"
        self.Metrics._drain()
        self.assertEqual(self._now(last), lugo + vigo)

    # ------------------------------------------------------------- contacts that change

    def test_archived_and_deleted(self):
        """An archived contact leaves, of lists kept by hand as well; a deleted one takes his rows along."""
        firm, other = self._customer(city="Lugo"), self._customer(city="Lugo")
        segment, hand = self._segment(), self._list()
        self._as(self.user_marketing, hand)._add_members(firm + other)
        firm.active = False
        self.Metrics._drain()
        (segment + hand)._refresh()
        self.assertEqual(self._now(segment), other)
        self.assertEqual(self._now(hand), other)
        self.assertTrue(self._rows(hand, firm)[0][1])
        other.unlink()
        self.assertFalse(self._now(segment))
        self.assertEqual(len(hand.member_ids), 1)

    def test_merge(self):
        """Merged contacts are one member, since the first of them entered; what was before stays."""
        keep = self._customer(city="Lugo", email="x@x.es")
        gone = self._customer(city="Lugo", email="x@x.es")
        only = self._customer(city="Vigo", email="x@x.es")
        segment, hand, vigo = self._segment(), self._list(), self._segment("[('city', '=', 'Vigo')]")
        self._as(self.user_marketing, hand)._add_members(only)
        day = self.as_of - timedelta(days=40)
        segment.member_ids.filtered(lambda member: member.partner_id == gone).sudo().entered_on = day
        past = self.Member.sudo().create(
            {
                "segment_id": segment.id,
                "partner_id": gone.id,
                "entered_on": day - timedelta(days=40),
                "left_on": day - timedelta(days=20),
            }
        )
        self._as(self.user_manager, self.env["base.partner.merge.automatic.wizard"])._merge(
            [keep.id, gone.id, only.id], self._as(self.user_manager, keep)
        )
        self.env.invalidate_all()
        self.assertEqual(self._now(segment), keep)
        self.assertEqual(sorted(self._rows(segment, keep)), [(past.entered_on, past.left_on), (day, False)])
        self.assertEqual(self._now(hand), keep)
        self.Metrics._drain()
        self.assertEqual(self._now(vigo), keep.browse(), "he does not live in Vigo")
        self.assertEqual(len(self._rows(vigo, keep)), 1)
        self.assertEqual(segment._refresh() + vigo._refresh(), 0)

    def test_moved_contact(self):
        """A contact that gets another company counts for it at once."""
        one, two = self._customer(city="Lugo"), self._customer(city="Vigo")
        person = self._person(parent_id=one.id, name="Ana Moves")
        one.name = "Moves from"
        segment = self._segment("[('name', 'ilike', 'moves')]", scope="contact")
        self.assertEqual(self._now(segment), one + person)
        person.parent_id = two
        member = segment.member_ids.filtered(lambda each: each.partner_id == person)
        self.assertEqual(member.commercial_partner_id, two)
        self.Metrics._drain()
        self.assertEqual(self._now(segment), one + person)
        self.assertEqual(self._rows(segment, person), [(self.as_of, False)])

    # ------------------------------------------------------------------------ by hand

    def test_list_by_hand(self):
        """Marketing puts contacts on a list and takes them off; the history stays."""
        one, two = self._customer(name="One"), self._customer(name="Two")
        hand = self._list()
        wizard = (
            self._as(self.user_marketing, self.env["crm.customer.segment.add"])
            .with_context(active_model="res.partner", active_ids=(one + two).ids)
            .create({"segment_id": hand.id})
        )
        self.assertEqual(wizard.partner_count, 2)
        action = wizard.action_add()
        self.assertEqual(action["res_model"], "crm.customer.segment.member")
        self.assertEqual(self._now(hand), one + two)
        self.assertEqual(self._as(self.user_marketing, hand)._add_members(one), 0, "he is there")
        with self.assertRaises(ValidationError):
            self._as(self.user_marketing, self.Member).create({"segment_id": hand.id, "partner_id": one.id})
        member = hand.member_ids.filtered(lambda each: each.partner_id == one)
        self._as(self.user_marketing, member).action_leave()
        self.assertEqual(self._now(hand), two)
        self.assertTrue(member.left_on)
        self._as(self.user_marketing, hand)._add_members(one)
        self.assertEqual(len(self._rows(hand, one)), 2)
        self.assertEqual(hand._refresh(), 0)
        with self.assertRaises(UserError):
            self._as(self.user_marketing, self.env["crm.customer.segment.add"]).create(
                {"segment_id": hand.id}
            ).action_add()

    def test_personal(self):
        """Who is in a segment that looks at personal data is seen with that right only, at any depth."""
        person = self._person(
            name="Rosa", customer_education="master", customer_mark="customer", user_id=self.user_sales_own.id
        )
        plain = self._segment("[('name', '=', 'Rosa')]")
        for domain in (
            "[('customer_education', '=', 'master')]",
            "[('commercial_partner_id.customer_education', '=', 'master')]",
            "[('commercial_partner_id', 'any', [('customer_education', '=', 'master')])]",
        ):
            segment = self._segment(domain)
            self.assertTrue(segment.is_personal)
            self.assertEqual(self._now(segment), person)
            for user, sees in ((self.user_manager, True), (self.user_sales_own, False), (self.user_sales_all, False)):
                found = self._as(user, self.Segment).search([("id", "in", (segment + plain).ids)])
                self.assertEqual(segment in found, sees)
                self.assertIn(plain, found)
                members = self._as(user, self.Member).search([("segment_id", "=", segment.id)])
                self.assertEqual(bool(members), sees)
                mine = self._as(user, person)
                self.assertEqual(segment in mine.customer_segment_ids, sees)
                self.assertEqual(
                    bool(self._as(user, self.env["res.partner"]).search([("customer_segment_ids", "in", segment.ids)])),
                    sees,
                )
        segment.rule_domain = "[('name', '=', 'Rosa')]"
        self.assertFalse(segment.is_personal)
        with self.assertRaises(AccessError):
            self._as(self.user_manager, segment).write({"is_personal": True})

    def test_form(self):
        """As the screens send it: a new segment with the condition it starts with."""
        firm = self._customer()
        form = Form(self._as(self.user_marketing, self.Segment))
        form.name = "All"
        segment = form.save()
        self.assertEqual(segment.rule_domain, "[]")
        self.assertIn(firm, self._now(segment.sudo()))
        self.assertEqual(segment.user_id, self.user_marketing)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.orm.models")
    def test_rights(self):
        """Nobody writes members of a condition, nor since when; salespeople see their own customers."""
        mine = self._customer(city="Lugo", user_id=self.user_sales_own.id)
        theirs = self._customer(city="Lugo", user_id=self.user_sales_all.id)
        outsider = self._customer(city="Vigo")
        segment, hand = self._segment(), self._list()
        Member = self._as(self.user_manager, self.Member)
        with self.assertRaises(AccessError):
            Member.create({"segment_id": segment.id, "partner_id": outsider.id})
        with self.assertRaises(UserError):
            Member.create({"segment_id": hand.id, "partner_id": theirs.id, "entered_on": "2020-01-01"})
        members = segment.member_ids
        for call in (
            lambda: self._as(self.user_manager, members).unlink(),
            lambda: self._as(self.user_manager, members).write({"left_on": "2026-01-01"}),
            lambda: self._as(self.user_manager, members).action_leave(),
            lambda: self._as(self.user_manager, segment).write({"refreshed_on": "2026-01-01 00:00:00"}),
            lambda: self._as(self.user_sales_own, hand)._add_members(mine),
            lambda: self._as(self.user_sales_own, segment).action_refresh(),
            lambda: self._as(self.user_sales_own, segment).write({"rule_domain": "[]"}),
        ):
            with self.assertRaises(UserError):
                call()
        own = self._as(self.user_sales_own, self.Member)
        self.assertEqual(own.search([("segment_id", "=", segment.id)]).partner_id, mine)
        partners = self._as(self.user_sales_own, self.env["res.partner"])
        self.assertEqual(partners.search([("customer_segment_ids", "in", segment.ids)]), mine)
        self.assertFalse(self._as(self.user_sales_own, theirs).customer_segment_ids)
        with self.assertRaises(AccessError):
            self._as(self.user_employee, mine).read(["customer_segment_ids"])

    def test_filters_and_pivots(self):
        """Contacts and figures by segment; members by class, stage and salesperson."""
        lugo = self._customer(city="Lugo", user_id=self.user_sales_all.id)
        vigo = self._customer(city="Vigo")
        self._buy(lugo, 5, self.as_of)
        self._buy(lugo, 7, self.as_of, company=self.company_b)
        self._buy(vigo, 5, self.as_of)
        self.Metrics._drain()
        segment = self._segment(name="Lugo people")
        partners = self._as(self.user_marketing, self.env["res.partner"])
        both = [("id", "in", (lugo + vigo).ids)]
        for domain, expected in (
            ([("customer_segment_ids", "in", segment.ids)], lugo),
            ([("customer_segment_ids", "=", segment.id)], lugo),
            ([("customer_segment_ids", "not in", segment.ids)], vigo),
            ([("customer_segment_ids", "=", False)], vigo),
            ([("customer_segment_ids", "!=", False)], lugo),
            ([("customer_segment_ids", "ilike", "lugo peo")], lugo),
            ([("customer_segment_ids.kind", "=", "rule")], lugo),
            ([("customer_segment_ids", "any", [("name", "=", "Lugo people")])], lugo),
        ):
            self.assertEqual(partners.search([*both, *domain]), expected, domain)
        self.assertEqual(self._as(self.user_marketing, lugo).customer_segment_ids, segment)
        figures = self._as(self.user_marketing, self.Metrics, self.company_a, self.company_b)
        rows = figures.search([("segment_ids", "in", segment.ids)])
        self.assertEqual((rows.commercial_partner_id, rows.company_id), (lugo, self.company_a))
        self.assertEqual(rows.segment_ids, segment)
        self.assertFalse(self._row(vigo).segment_ids)
        self.assertNotIn(rows, figures.search([("segment_ids", "=", False)]))
        members = self._as(self.user_marketing, self.Member)
        groups = members.formatted_read_group(
            [("segment_id", "=", segment.id)], ["lifecycle", "value_class_id", "user_id"], ["__count"]
        )
        row = self._row(lugo)
        self.assertEqual(
            [(g["lifecycle"], g["user_id"] and g["user_id"][0], g["__count"]) for g in groups],
            [(row.lifecycle, self.user_sales_all.id, 1)],
        )
        for group in groups:
            self.assertEqual(members.search_count(group["__extra_domain"] + [("segment_id", "=", segment.id)]), 1)
        member = segment.member_ids
        self.assertEqual((member.lifecycle, member.value_class_id), (row.lifecycle, row.value_class_id))

    def test_two_companies(self):
        """A segment finds and shows what its company knows; the other company sees nothing of it."""
        firm = self._customer(city="Lugo")
        segment = self._as(self.user_marketing, self.Segment, self.company_b).create(
            {"name": "B", "rule_domain": "[('city', '=', 'Lugo')]", "company_id": self.company_b.id}
        )
        self.assertEqual(segment.member_ids.partner_id, firm)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self._as(self.user_marketing, segment).read(["name"])
        self.assertFalse(self._as(self.user_marketing, firm).customer_segment_ids)
