# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Strategies: who stands where, against plain Python; the board."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .strategy_common import AS_OF, CODES, StrategyFirms


class TestStrategy(StrategyFirms):
    # --------------------------------------------------------------------------- who

    def test_against_python(self):
        """Each of the seven finds somebody; a rebuild, the queue and the night agree, in both companies."""
        found = self._check(self.company_a, self.firms)
        self._check(self.company_b, self.firms)
        self.assertEqual(set().union(*found.values()), set(CODES), "each strategy is tried by this data")
        self._buy(self.firms[1], 50_000, AS_OF, "BIG", categ_id=self.categories[0].id)
        self.firms[2].write({"customer_headcount_band": "250_over", "customer_turnover": 9e6})
        self.firms[3].active = False
        self.Metrics._drain(AS_OF)
        self._check(self.company_a, self.firms)
        self.Metrics._move_to(AS_OF + timedelta(days=1))
        self.Metrics._drain()
        self.Metrics._refresh_edges()
        self.env.invalidate_all()
        before = {row: row.strategy_ids for row in self.Metrics.search([])}
        self.Metrics._rebuild(AS_OF + timedelta(days=1))
        self.env.invalidate_all()
        for row, strategies in before.items():
            self.assertEqual(row.strategy_ids, strategies)

    def test_an_edited_rule(self):
        """Whoever edits a rule sees the count at once; archived and deleted, nobody stands in it."""
        mine = self.env["crm.customer.strategy"].create(
            {"name": "Mine", "sequence": 1, "rule_domain": "[('amount_12m', '>', 0)]", "company_id": self.company_a.id}
        )
        bought = self.Metrics.search([("company_id", "=", self.company_a.id), ("amount_12m", ">", 0)])
        self.assertEqual(mine.customer_count, len(bought))
        self.assertEqual(bought.main_strategy_id, mine)
        self.assertFalse(
            self.Metrics.search([("company_id", "=", self.company_b.id), ("strategy_ids", "in", mine.ids)])
        )
        mine.rule_domain = "[('amount_12m', '>', 1000)]"
        mine.invalidate_recordset()
        self.assertEqual(mine.customer_count, len(bought.filtered(lambda row: row.amount_12m > 1000)))
        mine.sequence = 999
        self.env.invalidate_all()
        self._check_main()
        mine.active = False
        self.env.invalidate_all()
        self.assertFalse(self.Metrics.search([("strategy_ids", "in", mine.ids)]))
        mine.active = True
        mine.unlink()
        self.env.invalidate_all()
        self._check_main()
        self._check(self.company_a, self.firms)

    def _check_main(self):
        for row in self.Metrics.search([("company_id", "=", self.company_a.id)]):
            self.assertEqual(row.main_strategy_id, row.strategy_ids.sorted()[:1])

    def test_a_rule_that_moves(self):
        """A rule with a day in it finds other customers tomorrow, without anything new."""
        mine = self.env["crm.customer.strategy"].create(
            {"name": "Silent", "rule_domain": "[('last_purchase_date', '<=', 'today -30d')]"}
        )
        self.assertTrue(mine._rule_moves())
        self.assertFalse(self.strategies["retain"]._rule_moves())
        self.assertTrue(self.strategies["raise_consumption"]._rule_moves())
        for days in (0, 5, 30):
            day = AS_OF + timedelta(days=days)
            self.Metrics._move_to(day)
            self.env.invalidate_all()
            wanted = self.Metrics.search([("last_purchase_date", "<=", day - timedelta(days=30))])
            self.assertEqual(self.Metrics.search([("strategy_ids", "in", mine.ids)]), wanted)

    def test_rights_of_the_author(self):
        """A rule finds nobody whom its author may not see, and nothing he may not read."""
        one_company = new_test_user(
            self.env,
            login="cdb_strategist",
            groups="crm_customer_db.group_customer_manager",
            company_id=self.company_a.id,
        )
        mine = self.env["crm.customer.strategy"].with_user(one_company)
        strategy = mine.create({"name": "All of them", "rule_domain": "[('amount_total', '>', 0)]"})
        self.assertEqual(strategy.rule_user_id, one_company)
        self.env.invalidate_all()
        rows = self.Metrics.search([("strategy_ids", "in", strategy.ids)])
        self.assertEqual(rows.company_id, self.company_a)
        with self.assertRaises(AccessError):
            strategy.write({"rule_user_id": self.env.ref("base.user_root").id})
        for text, word in (
            ("[('commercial_partner_id', 'any!', [('id', '>', 0)])]", "any!"),
            ("[('commercial_partner_id', 'any', [('child_ids', 'any!', [])])]", "any!"),
            ("[('nothing', '=', 1)]", "nothing"),
            ("__import__('os')", "list"),
            ("[", "list"),
            ("[('amount_12m', 'in', ['a'])]", "doesn't fit"),
            ("[('silence_days', '>', 'x')]", "doesn't fit"),
        ):
            with self.subTest(text), self.assertRaisesRegex(ValidationError, word), self.env.cr.savepoint():
                strategy.rule_domain = text
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.strategies["retain"].with_user(self.user_sales_all).write({"rule_domain": "[]"})
        # who may not see the company any more finds nobody there
        one_company.write({"company_ids": [(6, 0, self.company_b.ids)], "company_id": self.company_b.id})
        self.Metrics._assign_strategies(AS_OF)
        self.env.invalidate_all()
        self.assertEqual(self.Metrics.search([("strategy_ids", "in", strategy.ids)]).company_id, self.company_b)

    def test_an_author_who_loses_his_rights(self):
        """The night after, his rule finds what a rebuild would: nobody where he may not be any more."""
        boss = new_test_user(
            self.env, login="cdb_leaves", groups="crm_customer_db.group_customer_manager", company_id=self.company_a.id
        )
        boss.company_ids += self.company_b
        strategy = (
            self.env["crm.customer.strategy"]
            .with_user(boss)
            .create({"name": "All", "rule_domain": "[('amount_total', '>', 0)]"})
        )
        self.assertFalse(strategy._rule_moves())
        self.assertFalse(strategy._rule_rights_moved())

        def companies():
            self.env.invalidate_all()
            return self.Metrics.search([("strategy_ids", "in", strategy.ids)]).company_id

        self.assertEqual(companies(), self.company_a + self.company_b)
        boss.company_ids -= self.company_b
        self.Metrics._move_to(AS_OF + timedelta(days=1))
        self.assertEqual(companies(), self.company_a)
        boss.company_ids += self.company_b
        self.Metrics._move_to(AS_OF + timedelta(days=2))
        self.assertEqual(companies(), self.company_a + self.company_b)
        boss.active = False
        self.Metrics._move_to(AS_OF + timedelta(days=3))
        self.assertFalse(companies())

    def test_a_rule_that_breaks(self):
        """A condition that the database can't evaluate any more finds nobody, and keeps no other from being used."""
        mine = self.env["crm.customer.strategy"].create({"name": "Mine", "rule_domain": "[('amount_12m', '>', 0)]"})
        segment = self.env["crm.customer.segment"].create(
            {
                "name": "Seg",
                "rule_domain": "[('customer_headcount_band', '=', '10_49')]",
                "company_id": self.company_a.id,
            }
        )
        segment._refresh(AS_OF)
        members = segment.member_ids
        self.assertTrue(members)
        for table, record in (("crm_customer_strategy", mine), ("crm_customer_segment", segment)):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET rule_domain = %s WHERE id = %s",
                    SQL.identifier(table),
                    "[('id', 'in', ['a'])]",
                    record.id,
                )
            )
        self.env.invalidate_all()
        with mute_logger("odoo.sql_db"):
            self.Metrics._rebuild(AS_OF)
            self.Metrics._drain(AS_OF)
            segment._refresh(AS_OF)
        self.env.invalidate_all()
        self.assertTrue(mine.rule_broken)
        self.assertTrue(segment.rule_broken)
        self.assertTrue(mine.rule_problem)
        self.assertEqual(segment.member_ids, members)
        self.assertFalse(self.Metrics.search([("strategy_ids", "in", mine.ids)]))
        self._check(self.company_a, self.firms)
        mine.rule_domain = "[('amount_12m', '>', 0)]"
        self.env.invalidate_all()
        self.assertFalse(mine.rule_broken)
        self.assertTrue(self.Metrics.search([("strategy_ids", "in", mine.ids)]))
        with self.assertRaises(AccessError):
            mine.with_user(self.user_manager).write({"rule_broken": True})

    def test_dragging_the_cards(self):
        """A new order of the cards makes others the main strategies, by one pass over everybody."""
        cards = self.env["crm.customer.strategy"].search([], order="sequence desc, id desc")
        calls = []
        assign = type(self.Metrics)._assign_strategies
        self.patch(type(self.Metrics), "_assign_strategies", lambda *args: calls.append(1) or assign(*args))
        cards.with_user(self.user_manager).web_resequence({"id": {}})
        self.assertEqual(len(calls), 1)
        self.env.invalidate_all()
        self._check_main()
        with self.assertRaises(AccessError):
            cards.with_user(self.user_sales_all).web_resequence({"id": {}})

    def test_words_and_days(self):
        """Days that move are those of date fields, in lists as well; a telephone number is none."""
        strategy = self.env["crm.customer.strategy"].create({"name": "S"})
        for text, expected in (
            ("[('last_purchase_date', 'in', ['today -1d', 'today'])]", [AS_OF - timedelta(days=1), AS_OF]),
            ("[('commercial_partner_id.phone', '=', '+34600123456')]", "+34600123456"),
            ("[('commercial_partner_id.name', '=', 'today')]", "today"),
        ):
            strategy.rule_domain = text
            [condition] = strategy._rule_parsed(AS_OF).iter_conditions()
            value = condition.value
            self.assertEqual(value if isinstance(value, str) else sorted(value), expected)
            self.assertTrue(strategy._rule_moves())

    def test_nobody_takes_over(self):
        """A manager of one company can't empty a strategy of all companies in the others."""
        boss = new_test_user(
            self.env, login="cdb_one", groups="crm_customer_db.group_customer_manager", company_id=self.company_a.id
        )
        retain = self.strategies["retain"].with_user(boss)
        for values in ({"rule_domain": "[]"}, {"company_id": self.company_a.id}, {"active": False}):
            with self.assertRaisesRegex(UserError, "copy"), self.env.cr.savepoint():
                retain.write(values)
        retain.note = "May be said by any manager."
        mine = retain.copy({"company_id": self.company_a.id})
        mine.rule_domain = "[('amount_12m', '>', 5)]"
        self.assertEqual(mine.rule_user_id, boss)

    def test_reasons_of_lists(self):
        """A condition on a list of things is named, and not what is in it."""
        strategy = self.env["crm.customer.strategy"].create(
            {"name": "Many", "rule_domain": "[('commercial_partner_id.child_ids', '=', False)]"}
        )
        row = self.Metrics.search(
            [("strategy_ids", "in", strategy.ids), ("company_id", "=", self.company_a.id)], limit=1
        )
        self.assertIn("Many: ", row.strategy_reasons)

    def test_reasons(self):
        """Why? names what the rule looks at and what the customer has there; not what the reader may not see."""
        retain = self.strategies["retain"]
        row = self.Metrics.search([("strategy_ids", "in", retain.ids), ("company_id", "=", self.company_a.id)], limit=1)
        stage = dict(row._fields["lifecycle"]._description_selection(self.env))[row.lifecycle]
        self.assertIn(
            f"{retain.name}: Value class (RFM) {row.value_class_id.name}, Stage {stage}", row.strategy_reasons
        )
        person = self._person(
            name="Rosa", customer_income_level="high", customer_mark="customer", user_id=self.user_sales_own.id
        )
        self._buy(person, 1, AS_OF)
        self.Metrics._drain(AS_OF)
        row = self._row(person)
        self.assertIn(self.strategies["raise_consumption"], row.strategy_ids)
        self.assertIn("High", row.strategy_reasons)
        row.invalidate_recordset()
        self.assertNotIn("High", self._as(self.user_sales_own, row).strategy_reasons)

    # ------------------------------------------------------------------------- board

    def test_board(self):
        """A card counts and sums what its list shows, for each reader and company."""
        for user in (self.user_manager, self.user_sales_own, self.user_sales_all, self.user_marketing):
            for company in (self.company_a, self.company_b):
                for code, card in self._board(user, company).items():
                    with self.subTest(user=user.login, company=company.name, code=code):
                        action = card.action_open_customers()
                        rows = self._as(user, self.Metrics, company).search(action["domain"])
                        self.assertEqual(card.customer_count, len(rows))
                        if card.stake_field:
                            self.assertAlmostEqual(card.stake, sum(rows.mapped(card.stake_field)), 2)
                        self.assertTrue(card.stake_words)
        everybody, own = (self._board(user) for user in (self.user_manager, self.user_sales_own))
        self.assertLess(own["retain"].customer_count, everybody["retain"].customer_count)

    def test_trend(self):
        """Against the month that ended last: by salesperson, so that everybody compares what he sees."""
        self.assertIn("no month", self._board(self.user_manager)["retain"].trend_words)
        ended = AS_OF.replace(day=1) - timedelta(days=1)
        self.Metrics._rebuild(ended)
        self.Metrics._keep_month(ended)
        self.Metrics._keep_month(ended)
        self.env.invalidate_all()
        before = {
            user: {code: card.customer_count for code, card in self._board(user).items()}
            for user in (self.user_manager, self.user_sales_own)
        }
        self.Metrics._rebuild(AS_OF)
        self.env.invalidate_all()
        for user, counts in before.items():
            for code, card in self._board(user).items():
                self.assertEqual(card.trend_count, card.customer_count - counts[code])
                self.assertIn("05/31/2026", card.trend_words)
        months = self.env["crm.customer.strategy.month"].search([("month", "=", ended.replace(day=1))])
        self.assertEqual(
            sum(months.filtered(lambda month: month.company_id == self.company_a).mapped("customer_count")),
            sum(before[self.user_manager].values()),
        )
        # one that there was not is compared with nothing, one that found nobody with 0
        self.assertEqual(set(months.strategy_id.mapped("code")) & set(CODES), set(CODES))
        fresh = self.env["crm.customer.strategy"].create({"name": "New"})
        self.assertIn("no month", fresh.with_company(self.company_a).trend_words)

    def test_board_queries(self):
        """As many queries for seven cards as for one."""
        cards = self.env["crm.customer.strategy"].search([("code", "in", CODES)])
        names = ["customer_count", "stake", "trend_words", "last_launch_words"]
        cards[:1].read(names)
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            cards.read(names)

    # ------------------------------------------------------------------- what happens

    def test_merge_and_reparent(self):
        """The numbers are right the minute after, and the log of launches follows."""
        retain = self.strategies["retain"]
        self._wizard(self.user_manager, retain).action_launch()
        rows = self.Metrics.search(
            [("company_id", "=", self.company_a.id), ("strategy_ids", "in", retain.ids)], limit=2
        )
        source, target = rows.commercial_partner_id
        self.env["base.partner.merge.automatic.wizard"]._merge((source + target).ids, target)
        self.Metrics._drain(AS_OF)
        self.env.invalidate_all()
        self.assertEqual(
            len(self.env["crm.customer.launch.line"].search([("commercial_partner_id", "=", target.id)])), 2
        )
        self._check(self.company_a, self.firms.exists())
