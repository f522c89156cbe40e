# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError

from .common import CustomerDbCommon

NOW = "2024-05-06 10:00:00"


@freeze_time(NOW)
class TestMarketing(CustomerDbCommon):
    """What was sent, what came of it, and what customers answered in surveys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Action = cls.env["crm.customer.marketing.action"]
        cls.Reaction = cls.env["crm.customer.marketing.reaction"]
        cls.Answer = cls.env["crm.customer.survey.answer"]
        cls.customer = cls._partner(name="Cliente")
        cls.campaign = cls.env["utm.campaign"].create({"title": "Otoño", "name": "otono"})

    def _send(self, **vals):
        vals = {"partner_id": self.customer.id, "date": NOW, "subject": "Oferta", **vals}
        return self._as(self.user_marketing, self.Action).create(vals)

    def _react(self, **vals):
        vals = {"partner_id": self.customer.id, "date": NOW, "kind": "click", **vals}
        return self._as(self.user_marketing, self.Reaction).create(vals)

    # -- what was sent -----------------------------------------------------------------

    def test_only_a_plan_lies_ahead(self):
        """What is planned may have a date to come, but not once it was sent."""
        planned = self._send(state="planned", date="2024-09-01 08:00:00")
        self.assertEqual(planned.date, datetime(2024, 9, 1, 8))
        with self.assert_refused("can't be the date of something that has happened"):
            planned.state = "sent"
        with self.assert_refused("can't be the date of something that has happened"):
            self._send(date="2024-09-01 08:00:00")
        with self.assert_refused("can't be the date"):
            self._send(state="planned", date="2204-09-01 08:00:00")

    def test_plans_do_not_move_reports(self):
        """The last twelve months end with what has happened, not with what is planned."""
        sent = self._send(date="2024-04-01 08:00:00")
        old = self._send(date="2023-03-01 08:00:00")
        self._send(state="planned", date="2025-09-01 08:00:00")
        recent = self._as(self.user_marketing, self.Action).search([("is_recent", "=", True)])
        self.assertIn(sent, recent)
        self.assertNotIn(old, recent)

    def test_loaded(self):
        """Only planned rows may lie ahead in a file, too."""
        columns = ["partner_id", "date", "source_ref", "medium", "state", "cost", "is_control"]
        result = self.Action._load_facts(
            [
                (self.customer.id, "2024-05-01", "1", "email", "sent", 0.5, False),
                (self.customer.id, "2024-09-01", "2", "catalogue", "planned", None, True),
                (self.customer.id, "2024-09-01", "3", "letter", "sent", None, None),
            ],
            "test",
            self.company_a,
            columns=columns,
        )
        self.assertEqual((result.inserted, result.rejected), (2, 1))
        self.assertEqual([(e.row, e.column) for e in result.errors], [(3, "date")])
        rows = self.Action.search([("feed", "=", "test")], order="source_ref")
        self.assertEqual(rows.mapped("is_control"), [False, True])
        self.assertEqual({row.id % 8 for row in rows}, {3})

    # -- what came of it ---------------------------------------------------------------

    def test_reaction_has_the_campaign(self):
        action = self._send(campaign_id=self.campaign.id)
        self.assertEqual(self._react(action_id=action.id).campaign_id, self.campaign)

    def test_reaction_of_somebody_else(self):
        """Nobody responds to what another customer was sent; a colleague may."""
        contact = self._person(name="C", parent_id=self.customer.id)
        action = self._send(partner_id=contact.id)
        self.assertEqual(self._react(action_id=action.id).volume, 1)
        with self.assert_refused("was sent to Cliente"):
            self._react(action_id=action.id, partner_id=self._partner(name="Otra").id)

    def test_action_goes_reaction_stays(self):
        """A source that takes back what was sent does not take the responses along."""
        action = self._send()
        reaction = self._react(action_id=action.id)
        self.Reaction._load_facts(
            [(self.customer.id, "2024-05-01", "1", "coupon", action.id, 2, 15)],
            "test",
            self.company_a,
            columns=["partner_id", "date", "source_ref", "kind", "action_id", "volume", "amount"],
        )
        loaded = self.Reaction.search([("feed", "=", "test")])
        self.assertEqual((loaded.action_id, loaded.volume, loaded.amount), (action, 2, 15))
        self.env.flush_all()
        self.cr.execute("DELETE FROM crm_customer_marketing_action WHERE id = %s", [action.id])
        self.env.invalidate_all()
        self.assertTrue(reaction.exists())
        self.assertFalse((reaction + loaded).action_id)

    def test_loaded_reactions(self):
        """The campaign is that of what was sent, where a row says none."""
        action = self._send(campaign_id=self.campaign.id)
        columns = ["partner_id", "date", "source_ref", "kind", "action_id"]
        result = self.Reaction._load_facts(
            [
                (self.customer.id, "2024-05-01", "1", "open", action.id),
                (self.customer.id, "2024-05-01", "2", "open", None),
                (self.customer.id, "2024-05-01", "3", "open", action.id + 8000),
                (self.customer.id, "2024-05-01", "4", "laughed", None),
            ],
            "test",
            self.company_a,
            columns=columns,
        )
        self.assertEqual((result.inserted, result.rejected), (2, 2))
        rows = self.Reaction.search([("feed", "=", "test")], order="source_ref")
        self.assertEqual(rows.mapped("campaign_id"), self.campaign)
        self.assertEqual([bool(row.campaign_id) for row in rows], [True, False])

    # -- surveys -----------------------------------------------------------------------

    def _answers(self):
        vals = {"partner_id": self.customer.id, "survey": "Satisfacción", "question_code": "Q1", "date": NOW}
        return self.Answer.create([{**vals, "value": 4}, {**vals, "question_code": "HIJOS", "is_personal": True}])

    def test_personal_answers(self):
        """They are read by those who may see personal data: listed, grouped, exported or read."""
        plain, personal = self._answers()
        domain = [("partner_id", "=", self.customer.id)]
        for user in (self.user_customer, self.user_sales_own, self.user_sales_all, self.user_data_entry):
            with self.subTest(user=user.login):
                answers = self._as(user, self.Answer)
                self.assertEqual(answers.search(domain), plain)
                self.assertEqual(answers._read_group(domain, [], ["__count"]), [(1,)])
                with self.assertRaises(AccessError):
                    self._as(user, personal).read(["text"])
        for user in (self.user_personal, self.user_marketing, self.user_manager):
            self.assertEqual(len(self._as(user, self.Answer).search(domain)), 2, user.login)

    def test_answers_are_entered(self):
        """Data entry types in answers, but none about the person."""
        vals = {"partner_id": self.customer.id, "survey": "S", "question_code": "Q1"}
        entered = self._as(self.user_data_entry, self.Answer).create(vals)
        entered.text = "Muy bien"
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._as(self.user_data_entry, self.Answer).create({**vals, "is_personal": True})
        with self.assertRaises(AccessError):
            entered.unlink()
        with self.assertRaises(AccessError):
            self._as(self.user_sales_own, self.Answer).create(vals)

    def test_loaded_answers(self):
        columns = ["partner_id", "date", "source_ref", "survey", "question_code", "answer_code", "value", "is_personal"]
        result = self.Answer._load_facts(
            [
                (self.customer.id, "2024-05-01", "1", "S", "Q1", "A", 4.5, True),
                (self.customer.id, "2024-05-01", "2", "S", None, "A", None, None),
                (self.customer.id, "2024-05-01", "3", "S", "Q2", None, "mucho", False),
            ],
            "test",
            self.company_a,
            columns=columns,
        )
        self.assertEqual((result.inserted, result.rejected), (1, 2))
        self.assertEqual([(e.row, e.column) for e in result.errors], [(2, "question_code"), (3, "value")])
        row = self.Answer.search([("feed", "=", "test")])
        self.assertEqual((row.value, row.is_personal, row.id % 8), (4.5, True, 6))

    # -- all ---------------------------------------------------------------------------

    def test_deleting_a_contact(self):
        """What was typed in keeps its contact, and the sentence says what it is."""
        action = self._send()
        self._react(action_id=action.id)
        self._answers()
        with self.assertRaises(UserError) as caught:
            self.customer.unlink()
        for words in ("1 thing sent to sell", "1 response", "2 survey answers"):
            self.assertIn(words, str(caught.exception))

    def test_hostile_values(self):
        for make, vals in (
            (self._send, {"cost": float("nan")}),
            (self._send, {"marketing_code": "x" * 501}),
            (self._react, {"volume": 1e15}),
            (self._react, {"amount": float("-inf")}),
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError), self.cr.savepoint():
                make(**vals)

    def test_merge_keeps_links(self):
        """Responses stay with what was sent when their customer is merged."""
        action = self._send()
        reaction = self._react(action_id=action.id)
        answers = self._answers()
        keep = self._as(self.user_manager, self._partner(name="Queda"))
        wizard = self._as(self.user_manager, self.env["base.partner.merge.automatic.wizard"])
        wizard._merge([keep.id, self.customer.id], keep)
        self.env.invalidate_all()
        for rows in (action, reaction, answers):
            self.assertEqual(rows.commercial_partner_id.id, keep.id)
        self.assertEqual(reaction.action_id, action)
