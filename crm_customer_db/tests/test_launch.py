# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Launched actions: who launched what for whom, once; the next step on the page; late to reorder."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .strategy_common import AS_OF, StrategyFirms


class TestLaunch(StrategyFirms):
    def test_launch(self):
        """Counted first; one activity for each customer, for his salesperson; not again within 30 days."""
        retain = self.strategies["retain"]
        retain.with_company(self.company_a).user_id = self.user_manager
        wizard = self._wizard(self.user_manager, retain)
        rows = self.Metrics.search([("company_id", "=", self.company_a.id), ("strategy_ids", "in", retain.ids)])
        self.assertTrue(rows)
        self.assertEqual((wizard.customer_count, wizard.left_out_count), (len(rows), 0))
        self.assertIn(f"{len(rows)} activities", wizard.preview)
        launch = self.env["crm.customer.launch"].browse(wizard.action_launch()["res_id"])
        activities = self._activities()
        self.assertEqual(len(activities), len(rows))
        self.assertEqual(set(activities.mapped("res_id")), set(rows.commercial_partner_id.ids))
        for activity in activities:
            firm = self.env["res.partner"].browse(activity.res_id)
            self.assertEqual(activity.user_id, firm.user_id or self.user_manager)
            self.assertEqual(activity.summary, retain.activity_summary)
            self.assertEqual(activity.date_deadline, fields.Date.today() + timedelta(days=7))
        self.assertEqual(
            (launch.user_id, launch.customer_count, launch.kind), (self.user_manager, len(rows), "activity")
        )
        self.assertEqual(launch.line_ids.commercial_partner_id, rows.commercial_partner_id)
        self.assertIn(self.user_manager.name, retain.last_launch_words)
        # pressed twice
        with self.assertRaises(UserError):
            wizard.action_launch()
        again = self._wizard(self.user_manager, retain)
        self.assertEqual((again.customer_count, again.left_out_count), (0, len(rows)))
        # somebody new is the only one
        launch.line_ids[:1].unlink()
        again.invalidate_recordset()
        self.assertEqual(again.customer_count, 1)
        again.action_launch()
        self.assertEqual(len(self._activities()), len(rows) + 1)
        # a month later
        self.env["crm.customer.launch"].search([]).write({"day": fields.Date.today() - timedelta(days=30)})
        self.env.invalidate_all()
        self.assertEqual(self._wizard(self.user_manager, retain).customer_count, len(rows))

    def test_launch_of_a_salesperson(self):
        """For his own and unassigned customers only; without the right to edit contacts, too."""
        retain = self.strategies["retain"]
        self._wizard(self.user_sales_own, retain).action_launch()
        people = {firm.user_id for firm in self.env["res.partner"].browse(self._activities().mapped("res_id"))}
        self.assertNotIn(self.user_sales_all, people)
        reader = self._wizard(self.user_customer, self.strategies["grow_loyalty"])
        reader.action_launch()
        with self.assertRaises(AccessError):
            self.env["crm.customer.launch"].with_user(self.user_employee)._launch(
                self.Metrics, {"kind": "activity", "company_id": self.company_a.id, "day": AS_OF}
            )
        launch = self.env["crm.customer.launch"].search([], limit=1)
        for user in (self.user_manager, self.user_sales_own):
            with self.assertRaises(AccessError):
                launch.with_user(user).write({"name": "x"})
            with self.assertRaises(AccessError):
                launch.line_ids.with_user(user).unlink()

    def test_launch_a_price_list(self):
        """Managers only, in this company only."""
        prices = self.env["product.pricelist"].create({"name": "Loyal", "company_id": False})
        grow = self.strategies["grow_loyalty"]
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            grow.launch_kind = "pricelist"
        grow.write({"launch_kind": "pricelist", "pricelist_id": prices.id})
        self.assertFalse(grow.with_user(self.user_sales_all).may_launch)
        with self.assertRaises(AccessError):
            self._wizard(self.user_sales_all, grow).action_launch()
        wizard = self._wizard(self.user_manager, grow)
        rows = self.Metrics.search([("company_id", "=", self.company_a.id), ("strategy_ids", "in", grow.ids)])
        wizard.action_launch()
        for firm in rows.commercial_partner_id:
            self.assertEqual(firm.with_company(self.company_a).specific_property_product_pricelist, prices)
            self.assertFalse(firm.with_company(self.company_b).specific_property_product_pricelist)

    def test_launch_a_segment(self):
        """A list of the customers, by marketing or a manager; and activities for the members of a segment."""
        grow = self.strategies["grow_loyalty"]
        grow.launch_kind = "segment"
        with self.assertRaises(AccessError):
            self._wizard(self.user_sales_all, grow).action_launch()
        launch = self.env["crm.customer.launch"].browse(
            self._wizard(self.user_marketing, grow).action_launch()["res_id"]
        )
        rows = self.Metrics.search([("company_id", "=", self.company_a.id), ("strategy_ids", "in", grow.ids)])
        segment = launch.segment_id
        self.assertEqual((segment.kind, segment.company_id), ("manual", self.company_a))
        self.assertEqual(segment.member_ids.partner_id, rows.commercial_partner_id)
        self.assertEqual(segment._launch_customers(), rows)
        wizard = self._wizard(self.user_marketing, segment)
        self.assertEqual(wizard.customer_count, len(rows))
        launch = self.env["crm.customer.launch"].browse(wizard.action_launch()["res_id"])
        self.assertEqual((launch.segment_id, launch.customer_count), (segment, len(rows)))
        self.assertEqual(len(self._activities()), len(rows))
        own = self._wizard(self.user_sales_own, segment)
        self.assertLess(own.customer_count + own.left_out_count, len(rows))

    def test_launch_in_another_company(self):
        """A dialog sent with a company that the user may not enter, or with a stranger, makes nothing."""
        boss = new_test_user(
            self.env,
            login="cdb_boss_a",
            groups="crm_customer_db.group_customer_manager",
            company_id=self.company_a.id,
        )
        prices = self.env["product.pricelist"].create({"name": "B", "company_id": self.company_b.id})
        retain = self.strategies["retain"]
        for values in (
            {"kind": "pricelist", "company_id": self.company_b.id, "pricelist_id": prices.id},
            {"kind": "activity", "company_id": self.company_b.id},
            {"user_id": new_test_user(self.env, login="cdb_portal", groups="base.group_portal").id},
        ):
            # an AccessError is a UserError, too
            with self.subTest(values), self.assertRaises(UserError), self.env.cr.savepoint():
                self._wizard(boss, retain, **values).action_launch()
        self.assertFalse(self._activities())
        self.assertFalse(self.firms.with_company(self.company_b).specific_property_product_pricelist)
        portal = self.env["res.users"].search([("login", "=", "cdb_portal")])
        with self.assertRaises(AccessError):
            self.company_a.with_user(portal).read(["customer_usual_margin"])

    def test_archived_customers_get_nothing(self):
        retain = self.strategies["retain"]
        wizard = self._wizard(self.user_manager, retain)
        count = wizard.customer_count
        rows = self.Metrics.search([("company_id", "=", self.company_a.id), ("strategy_ids", "in", retain.ids)])
        rows[:1].commercial_partner_id.active = False
        wizard.invalidate_recordset()
        self.assertEqual(wizard.customer_count, count - 1)

    def test_of_a_company(self):
        """Goes with its company; a rule about strategies would swing; a copy has no code."""
        company = self._company("Short-lived")
        mine = self.env["crm.customer.strategy"].create({"name": "M", "company_id": company.id})
        self.assertFalse(self.strategies["retain"].copy().code)
        for text in ("[('strategy_ids', '=', False)]", "[('main_strategy_id', '!=', False)]"):
            with self.assertRaisesRegex(ValidationError, "strategies"), self.env.cr.savepoint():
                mine.rule_domain = text
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT confdeltype FROM pg_constraint WHERE conname = 'crm_customer_strategy_company_id_fkey'"
        )
        self.assertEqual(self.env.cr.fetchone(), ("c",))

    def test_bad_launch(self):
        """A day that has passed, nobody, no activity: a sentence, and nothing is made."""
        retain = self.strategies["retain"]
        wizard = self._wizard(self.user_manager, retain, date_deadline=fields.Date.today() - timedelta(days=1))
        with self.assertRaises(UserError):
            wizard.action_launch()
        with self.assertRaises(UserError):
            self._wizard(self.user_manager, retain, activity_type_id=False).action_launch()
        retain.rule_domain = "[('amount_12m', '<', -1)]"
        with self.assertRaises(UserError):
            self._wizard(self.user_manager, retain).action_launch()
        self.assertFalse(self._activities())
        self.assertFalse(self.env["crm.customer.launch"].search([("company_id", "=", self.company_a.id)]))
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            retain.activity_days = -1

    def test_next_step_on_the_page(self):
        """The page suggests what the main strategy does, until something is planned."""
        retain = self.strategies["retain"]
        row = self.Metrics.search(
            [("main_strategy_id", "=", retain.id), ("company_id", "=", self.company_a.id)], limit=1
        )
        firm = row.commercial_partner_id
        mine = self._as(self.user_manager, firm)
        self.assertEqual(firm.customer_main_strategy_id, retain)
        self.assertIn(firm, self.env["res.partner"].search([("customer_main_strategy_id", "=", retain.id)]))
        line = next(line for line in mine.customer_page_slots()["next_step"] if line.get("method"))
        self.assertEqual((line["value"], line["method"]), (retain.name, "action_customer_plan_step"))
        action = mine.action_customer_plan_step()
        wizard = self.env["crm.customer.launch.wizard"].with_user(self.user_manager)
        wizard = wizard.with_context(**action["context"], allowed_company_ids=self.company_a.ids).create({})
        self.assertEqual(wizard.customer_count, 1)
        wizard.action_launch()
        self.assertEqual(len(self._activities(firm)), 1)
        mine.invalidate_recordset()
        lines = mine.customer_page_slots()["next_step"]
        self.assertNotIn("action_customer_plan_step", [line.get("method") for line in lines])

    # -------------------------------------------------------------------------- late

    def test_late_to_reorder(self):
        """A call for the salesperson the night after the next purchase was due, once, where the company wants it."""
        firm = self._partner(name="Late", user_id=self.user_sales_own.id)
        for days in (90, 60, 30):
            self._buy(firm, 100, AS_OF - timedelta(days=days))
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(firm).next_purchase_due, AS_OF)
        self.assertEqual(self.Metrics._plan_late_activities(AS_OF + timedelta(days=1)), 0, "nobody has asked for it")
        self.company_a.write({"customer_late_activity": True, "customer_late_amount": 250})
        self.Metrics._plan_late_activities(AS_OF)
        self.assertFalse(self._activities(firm))
        self.Metrics._plan_late_activities(AS_OF + timedelta(days=1))
        self.assertEqual(self._activities(firm).user_id, self.user_sales_own)
        self.Metrics._plan_late_activities(AS_OF + timedelta(days=2))
        self.assertEqual(len(self._activities(firm)), 1)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.company_a.customer_late_amount = -1

    def test_late_in_his_language(self):
        """In the night nobody speaks: each is told in his own language."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.user_sales_own.lang = "es_ES"
        firms = [self._partner(name="Tarde", user_id=user.id) for user in (self.user_sales_own, self.user_sales_all)]
        for firm in firms:
            for days in (90, 60, 30):
                self._buy(firm, 100, AS_OF - timedelta(days=days))
        self.company_a.customer_late_activity = True
        self.Metrics._drain(AS_OF)
        self.Metrics._plan_late_activities(AS_OF + timedelta(days=1))
        summaries = [self._activities(firm).summary for firm in firms]
        self.assertEqual(summaries, ["Retraso en la recompra: preguntar por qué", "Late to reorder: ask why"])

    def test_one_ear(self):
        """Two companies of the house don't both call a customer within a month."""
        firm = self._partner(name="Both", user_id=self.user_sales_own.id)
        for company in (self.company_a, self.company_b):
            self._buy(firm, 100, AS_OF, company=company)
        self.Metrics._drain(AS_OF)
        call = self.env.ref("mail.mail_activity_data_call").id
        values = {"name": "Call", "day": AS_OF, "kind": "activity", "date_deadline": AS_OF, "activity_type_id": call}
        mine, theirs = (
            self._as(self.user_manager, self.env["crm.customer.launch"], company)
            for company in (self.company_a, self.company_b)
        )
        mine._launch(self._row(firm), {**values, "company_id": self.company_a.id})
        with self.assertRaisesRegex(UserError, "30 days"):
            theirs._launch(self._row(firm, self.company_b), {**values, "company_id": self.company_b.id})
        self.assertEqual(len(self._activities(firm)), 1)
