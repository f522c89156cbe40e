# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Loyalty cards for the customers of a strategy: one each, for who has none."""

from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.crm_customer_db.tests.strategy_common import StrategyFirms


class TestLoyalty(StrategyFirms):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env["loyalty.program"].create({"name": "Club", "program_type": "loyalty"})
        cls.program.company_id = False
        cls.grow = cls.strategies["grow_loyalty"]
        cls.grow.write({"launch_kind": "loyalty", "loyalty_program_id": cls.program.id})
        cls.rows = cls.Metrics.search([("company_id", "=", cls.company_a.id), ("strategy_ids", "in", cls.grow.ids)])

    def _cards(self):
        return self.env["loyalty.card"].search([("program_id", "=", self.program.id)])

    def test_a_card_each(self):
        """Everybody gets one, but who has one, himself or by a contact; again, nobody does; no mail is sent."""
        self.assertGreater(len(self.rows), 2)
        first, second = self.rows[:2].commercial_partner_id
        contact = self._person(name="Below", parent_id=second.id)
        held = self.env["loyalty.card"].create(
            [{"program_id": self.program.id, "partner_id": partner.id} for partner in (first, contact)]
        )
        mails = self.env["mail.mail"].search_count([])
        wizard = self._wizard(self.user_marketing, self.grow)
        self.assertEqual(wizard.loyalty_program_id, self.program)
        self.assertEqual((wizard.customer_count, wizard.left_out_count), (len(self.rows) - 2, 2))
        self.assertIn("have a card", wizard.preview)
        launch = self.env["crm.customer.launch"].browse(wizard.action_launch()["res_id"])
        self.assertEqual((launch.kind, launch.loyalty_program_id), ("loyalty", self.program))
        cards = self._cards()
        self.assertEqual((cards - held).partner_id, self.rows.commercial_partner_id - first - second)
        self.assertEqual(len(cards), len(self.rows))
        self.assertFalse(any(cards.mapped("points")))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        again = self._wizard(self.user_marketing, self.grow)
        self.assertEqual(again.customer_count, 0)
        with self.assertRaisesRegex(UserError, "have a card"):
            again.action_launch()
        # activities are another matter
        self.grow.launch_kind = "activity"
        self.assertEqual(self._wizard(self.user_manager, self.grow).customer_count, len(self.rows))

    def test_who_may(self):
        """Marketing and managers; a salesperson sees the strategy and gives no card."""
        self.assertFalse(self.grow.with_user(self.user_sales_all).may_launch)
        self.assertTrue(self.grow.with_user(self.user_marketing).may_launch)
        with self.assertRaises(AccessError):
            self._wizard(self.user_sales_all, self.grow).action_launch()
        self.assertFalse(self._cards())
        for user in (self.user_sales_own, self.user_customer, self.user_manager):
            read = self.grow.with_user(user).web_read({"loyalty_program_id": {"fields": {"display_name": {}}}})
            self.assertEqual(read[0]["loyalty_program_id"]["display_name"], "Club")
            self.assertIn("Club", self.grow.with_user(user).launch_words)

    def test_bad_programs(self):
        """None, one of another company, one without cards: a sentence."""
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.grow.loyalty_program_id = False
        wizard = self._wizard(self.user_manager, self.grow, loyalty_program_id=False)
        with self.assertRaisesRegex(UserError, "Choose the loyalty program"):
            wizard.action_launch()
        discount = self.env["loyalty.program"].create({"name": "Code", "program_type": "promo_code"})
        discount.company_id = False
        with self.assertRaisesRegex(UserError, "Choose the loyalty program"):
            self._wizard(self.user_manager, self.grow, loyalty_program_id=discount.id).action_launch()
        self.program.company_id = self.company_b
        with self.assertRaises(UserError):
            self._wizard(self.user_manager, self.grow).action_launch()
        self.assertFalse(self._cards())

    def test_uninstalling(self):
        """Strategies suggest something else, the log stays, and nothing asks for what is gone."""
        launch = self.env["crm.customer.launch"].browse(
            self._wizard(self.user_manager, self.grow).action_launch()["res_id"]
        )
        self.env["crm.customer.launch"]._kind_gone("loyalty")
        self.assertEqual(self.grow.launch_kind, "segment")
        self.assertEqual((launch.kind, set(launch.line_ids.mapped("kind"))), ("other", {"other"}))
        self.assertTrue(self._cards())
