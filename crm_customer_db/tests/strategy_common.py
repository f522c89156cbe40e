# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of strategies and of launches share: customers that each strategy finds some of."""

import random
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

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


class StrategyFirms(StrategyCommon):
    """Customers of two companies, with somebody for each strategy."""

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

    def _wizard(self, user, strategy, **values):
        action = strategy.with_user(user).with_context(allowed_company_ids=self.company_a.ids).action_launch()
        wizard = self.env["crm.customer.launch.wizard"].with_user(user)
        return wizard.with_context(**action["context"], allowed_company_ids=self.company_a.ids).create(values)

    def _activities(self, firms=None):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", (firms or self.firms).ids)]
        )
