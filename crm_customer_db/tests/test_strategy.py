# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Strategies: who stands where, against plain Python; the board; who launched what for whom."""

import random
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .metrics_common import MetricsCommon

AS_OF = date(2026, 6, 15)
BANDS = ("1_9", "10_49", "50_249", "250_over")
CODES = (
    "retain",
    "grow_loyalty",
    "raise_consumption",
    "broaden_portfolio",
    "cut_cost",
    "avoid",
    "acquire_similar",
)


class StrategyCommon(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.write({"customer_cost_visit": 50, "customer_usual_margin": 10})
        cls.activities = cls.env["crm.customer.nace"].search([("code", "in", ("25.11", "46.11", "46.12"))])
        cls.zones = cls.env["crm.customer.territory"].create([{"code": code, "name": code} for code in ("ZA", "ZB")])
        cls.categories = cls.env["product.category"].create([{"name": f"Type {number}"} for number in range(4)])
        cls.strategies = {code: cls.env.ref(f"crm_customer_db.strategy_{code}") for code in CODES}

    @classmethod
    def _customers(cls, seed, count=60):
        rng = random.Random(seed)
        firms = cls.env["res.partner"].create(
            [
                {
                    "name": f"Firma {number}",
                    "is_company": True,
                    "customer_headcount_band": rng.choice((*BANDS, False)),
                    "customer_turnover": rng.choice((0, 5e5, 3e6)),
                    "customer_turnover_currency_id": cls.euro.id,
                    "customer_nace_id": rng.choice(cls.activities).id,
                    "user_id": rng.choice((cls.user_sales_own, cls.user_sales_all, cls.env["res.users"])).id,
                    "customer_mark": "prospect" if number % 3 == 0 else False,
                }
                for number in range(count)
            ]
        )
        for firm in firms:
            firm.with_company(cls.company_a).customer_territory_id = rng.choice(cls.zones)
        for firm in firms:
            if firm.customer_mark:
                firm.company_id = cls.company_a if rng.random() < 0.7 else cls.company_b
        for number in range(count * 6):
            firm = rng.choice(firms.filtered(lambda firm: not firm.customer_mark))
            day = AS_OF - timedelta(days=int(rng.expovariate(1 / 150)))
            cls.env["crm.customer.purchase"].create(
                {
                    "partner_id": firm.id,
                    "company_id": rng.choice((cls.company_a, cls.company_a, cls.company_b)).id,
                    "amount": rng.choice((10, 50, 400, 3000)),
                    "date": f"{day} 10:00:00",
                    "order_ref": f"O{number}",
                    "categ_id": cls.categories[rng.randrange(1 + int(firm.name.split()[1]) % 4)].id,
                }
            )
        for firm in firms.filtered(lambda firm: not firm.company_id)[::2]:
            for kind, model in (("visit", "interaction"), ("return", "fulfilment")):
                for _number in range(rng.randrange(5)):
                    cls.env[f"crm.customer.{model}"].create(
                        {
                            "partner_id": firm.id,
                            "company_id": cls.company_a.id,
                            "kind": kind,
                            "date": f"{AS_OF - timedelta(days=rng.randrange(300))} 10:00:00",
                        }
                    )
        return firms

    def _expected(self, company, firms):
        """Customer → codes, in plain Python over figures and profile."""
        best, result = set(), {}
        rows = self.Metrics.search([("company_id", "=", company.id), ("commercial_partner_id", "in", firms.ids)])

        def profile(firm):
            nace, band = firm.customer_nace_id, firm.customer_headcount_band
            zone = firm.with_company(company).customer_territory_id
            return (nace.version, nace.code[:2], band, zone.id) if nace and band and zone else None

        for row in rows:
            if row.value_class_id.code == "champions" and profile(row.commercial_partner_id):
                best.add(profile(row.commercial_partner_id))
        for row in rows:
            firm, value, money = row.commercial_partner_id, row.value_class_id.code, row.monetary_score
            types = (
                self.env["crm.customer.purchase"]
                .search(
                    [
                        ("commercial_partner_id", "=", firm.id),
                        ("company_id", "=", company.id),
                        ("day", ">", AS_OF - relativedelta(months=12)),
                        ("amount", ">", 0),
                    ]
                )
                .categ_id
            )
            codes = set()
            if value in ("champions", "loyal", "cant_lose") and row.lifecycle in ("active", "at_risk", "dormant"):
                codes.add("retain")
            if value in ("potential_loyal", "recent", "promising", "attention") and row.lifecycle in (
                "new",
                "active",
                "at_risk",
            ):
                codes.add("grow_loyalty")
            if (
                money in (1, 2, 3)
                and row.lifecycle in ("new", "active")
                and (firm.customer_headcount_band in ("50_249", "250_over") or firm.customer_turnover >= 2e6)
            ):
                codes.add("raise_consumption")
            if row.frequency_score >= 3 and len(types) in (1, 2) and row.lifecycle == "active":
                codes.add("broaden_portfolio")
            costs = row.service_cost_12m + row.marketing_cost_12m
            share = 100 * costs / row.amount_12m if row.amount_12m > 0 else 100 if costs else 0
            if money in (1, 2) and row.service_cost_12m > 0 and round(share, 1) >= 20:
                codes.add("cut_cost")
            if money in (1, 2) and (row.net_value_12m < 0 or row.returns_12m >= 3 or row.unpaid_open):
                codes.add("avoid")
            if row.lifecycle_rule in ("lead", "prospect") and profile(firm) in best:
                codes.add("acquire_similar")
            result[firm] = codes
        return result

    def _check(self, company, firms):
        expected = self._expected(company, firms)
        order = {code: number for number, code in enumerate(CODES)}
        for firm, codes in expected.items():
            row = self._row(firm, company)
            with self.subTest(customer=firm.name, company=company.name):
                self.assertEqual(set(row.strategy_ids.mapped("code")), codes)
                self.assertEqual(row.main_strategy_id.code, min(codes, key=order.get) if codes else False)
        return expected


class TestStrategy(StrategyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firms = cls._customers(1)
        cls.Metrics._rebuild(AS_OF)
        # whatever chance has made: a prospect who is like one of the best
        best = cls.Metrics.search([("company_id", "=", cls.company_a.id), ("value_class_id.code", "=", "champions")])
        model = best.commercial_partner_id[:1]
        model.customer_headcount_band = "10_49"
        twin = cls._partner(
            name="Twin",
            customer_mark="prospect",
            company_id=cls.company_a.id,
            customer_nace_id=model.customer_nace_id.id,
            customer_headcount_band=model.customer_headcount_band,
        )
        zone = model.with_company(cls.company_a).customer_territory_id
        twin.with_company(cls.company_a).customer_territory_id = zone
        # and one who buys little and is visited
        costly = cls._partner(name="Costly")
        cls.Purchase.create(
            {
                "partner_id": costly.id,
                "company_id": cls.company_a.id,
                "amount": 10,
                "date": f"{AS_OF} 10:00:00",
                "order_ref": "C",
            }
        )
        cls.env["crm.customer.interaction"].create(
            {"partner_id": costly.id, "company_id": cls.company_a.id, "kind": "visit", "date": f"{AS_OF} 10:00:00"}
        )
        cls.firms += twin + costly
        cls.Metrics._rebuild(AS_OF)

    def _board(self, user, company=None):
        company = company or self.company_a
        cards = self._as(user, self.env["crm.customer.strategy"], company).search([("code", "in", CODES)])
        return {card.code: card for card in cards}

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

    def test_board_queries(self):
        """As many queries for seven cards as for one."""
        cards = self.env["crm.customer.strategy"].search([("code", "in", CODES)])
        names = ["customer_count", "stake", "trend_words", "last_launch_words"]
        cards[:1].read(names)
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            cards.read(names)

    # ------------------------------------------------------------------------ launch

    def _wizard(self, user, strategy, **values):
        action = strategy.with_user(user).with_context(allowed_company_ids=self.company_a.ids).action_launch()
        wizard = self.env["crm.customer.launch.wizard"].with_user(user)
        return wizard.with_context(**action["context"], allowed_company_ids=self.company_a.ids).create(values)

    def _activities(self, firms=None):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", (firms or self.firms).ids)]
        )

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
