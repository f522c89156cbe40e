# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Cost to serve, and what is left, against plain Python."""

import random
from collections import Counter
from datetime import date, timedelta

from odoo.exceptions import ValidationError

from .metrics_common import MetricsCommon

AS_OF = date(2026, 6, 15)
RATES = {"visit": 45, "call": 4.5, "mail": 1.25, "delivery": 9, "return": 12, "complaint": 30}
# What the settings say one costs → kinds of what is counted.
KINDS = {
    "visit": ("visit", "meeting"),
    "call": ("call",),
    "mail": ("email", "letter"),
    "delivery": ("shipment", "exchange"),
    "return": ("return",),
    "complaint": ("complaint",),
}


class TestServiceCost(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firms = cls.env["res.partner"].union(*(cls._partner(name=f"Firma {number}") for number in range(6)))

    def _rates(self, company, **values):
        company.write({f"customer_cost_{name}": rate for name, rate in (values or RATES).items()})

    def _happen(self, seed):
        """What happened at random; the last year's per customer: Counter of kinds."""
        rng = random.Random(seed)
        year = AS_OF.replace(year=AS_OF.year - 1)
        counts = {firm: Counter() for firm in self.firms}
        for _number in range(150):
            firm = rng.choice(self.firms)
            kind = rng.choice([kind for kinds in KINDS.values() for kind in kinds] + ["request", "answer"])
            day = AS_OF - timedelta(days=rng.choice([0, 10, 200, 364, 365, 366, 500]))
            fulfilment = kind in ("shipment", "exchange", "return", "complaint", "answer")
            self.env[f"crm.customer.{'fulfilment' if fulfilment else 'interaction'}"].create(
                {
                    "partner_id": firm.id,
                    "company_id": self.company_a.id,
                    "kind": kind,
                    "date": f"{day} 10:00:00",
                }
            )
            counts[firm][kind] += day > year
        return counts

    def _cost(self, counts, rates=None):
        rates = rates or RATES
        return round(sum(rates.get(name, 0) * counts[kind] for name, kinds in KINDS.items() for kind in kinds), 2)

    def test_against_python(self):
        """Counts of a year times rates; another rate changes it by the queue; the other company has its own."""
        self._rates(self.company_a)
        counts = self._happen(1)
        self._buy(self.firms[0], 1000, AS_OF, margin=300)
        self._buy(self.firms[1], 500, AS_OF)
        # some margins known and some not: the rest as his other lines; and one that adds up to nothing
        self._buy(self.firms[3], 200, AS_OF, margin=50)
        self._buy(self.firms[3], 40, AS_OF)
        self._buy(self.firms[4], 100, AS_OF, margin=10)
        self._buy(self.firms[4], 100, AS_OF, margin=-10)
        self.Metrics._drain(AS_OF)
        for firm in self.firms:
            self.assertEqual(self._row(firm).service_cost_12m, self._cost(counts[firm]))
        first, second = (self._row(firm) for firm in self.firms[:2])
        self.assertAlmostEqual(first.net_value_12m, 300 - first.service_cost_12m, 2)
        self.assertEqual(second.net_value_12m, 0, "nothing says what the margin is")
        mixed, nothing = (self._row(firm) for firm in self.firms[3:5])
        self.assertAlmostEqual(mixed.net_value_12m, 50 + 40 * 50 / 200 - mixed.service_cost_12m, 2)
        self.assertAlmostEqual(nothing.net_value_12m, -nothing.service_cost_12m, 2)
        self.assertAlmostEqual(second.service_share, round(100 * second.service_cost_12m / 500, 1), 1)
        self.assertAlmostEqual(self._row(self.firms[2]).net_value_12m, -self._row(self.firms[2]).service_cost_12m, 2)
        self.company_a.customer_usual_margin = 20
        self._rates(self.company_a, visit=0, call=10)
        self.Metrics._drain(AS_OF)
        rates = {**RATES, "visit": 0, "call": 10}
        for firm in self.firms:
            self.assertEqual(self._row(firm).service_cost_12m, self._cost(counts[firm], rates))
        second = self._row(self.firms[1])
        self.assertAlmostEqual(second.net_value_12m, 100 - second.service_cost_12m, 2)
        mixed = self._row(self.firms[3])
        self.assertAlmostEqual(mixed.net_value_12m, 50 + 40 * 20 / 100 - mixed.service_cost_12m, 2)
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)[:1]), "a rebuild adds nobody")

    def test_rows_add_up(self):
        """The sentences of Why? and the rows behind the buttons give the cost."""
        self._rates(self.company_a)
        self._happen(2)
        self.Metrics._drain(AS_OF)
        self.Metrics._move_to(AS_OF)
        for firm in self.firms:
            row = self._row(firm)
            total = 0
            for figure in ("interaction", "fulfilment"):
                action = row.with_context(figure=figure).action_open_service()
                counts = Counter(self.env[action["res_model"]].search(action["domain"]).mapped("kind"))
                total += self._cost(counts)
            self.assertAlmostEqual(total, row.service_cost_12m, 2)
            self.assertTrue(row.service_reasons)

    def test_the_night_moves_it(self):
        """A visit leaves the last twelve months by itself, and no visit is counted before its day."""
        self._rates(self.company_a)
        self.Metrics._move_to(AS_OF)
        self.env["crm.customer.interaction"].create(
            {
                "partner_id": self.firms[0].id,
                "company_id": self.company_a.id,
                "kind": "visit",
                "date": "2025-06-16 10:00",
            }
        )
        self.Metrics._drain()
        self.assertEqual(self._row(self.firms[0]).service_cost_12m, 45)
        self.Metrics._move_to(AS_OF + timedelta(days=1))
        self.Metrics._drain()
        self.Metrics.invalidate_model()
        self.assertEqual(self._row(self.firms[0]).service_cost_12m, 0)

    def test_not_costed(self):
        """At 0, as it is shipped: no cost, and words that say so."""
        self._happen(3)
        self.Metrics._drain(AS_OF)
        row = self._row(self.firms[0])
        self.assertEqual(row.service_cost_12m, 0)
        self.assertIn("Not costed", row.service_reasons)
        cut = self.env.ref("crm_customer_db.strategy_cut_cost")
        self.assertIn("not costed", cut.stake_words)
        self._rates(self.company_a)
        cut.invalidate_recordset()
        self.assertNotIn("not costed", cut.stake_words)
        for values in ({"customer_cost_call": -1}, {"customer_usual_margin": 120}):
            with self.subTest(values), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.company_a.write(values)

    def test_winning_a_customer(self):
        """Marketing up to the first purchase, of who has bought; all of it, of who has not."""
        sent = self.env["crm.customer.marketing.action"]
        for firm, day, cost, state in (
            (self.firms[0], "2026-01-01", 2, "sent"),
            (self.firms[0], "2026-02-01", 3, "delivered"),
            (self.firms[0], "2026-02-02", 100, "sent"),
            (self.firms[0], "2026-01-15", 50, "cancelled"),
            (self.firms[1], "2026-01-01", 7, "sent"),
        ):
            sent.create(
                {
                    "partner_id": firm.id,
                    "company_id": self.company_a.id,
                    "medium": "letter",
                    "date": f"{day} 10:00:00",
                    "state": state,
                    "cost": cost,
                }
            )
        self._buy(self.firms[0], 10, "2026-02-01")
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(self.firms[0]).acquisition_cost, 5)
        self.assertEqual(self._row(self.firms[1]).acquisition_cost, 7)
        # the rows behind the buttons add up to it
        self.Metrics._move_to(AS_OF)
        for firm in self.firms[:2]:
            row = self._row(firm)
            for figure in ("acquisition_cost", "marketing_cost_12m"):
                action = row.with_context(figure=figure).action_open_marketing()
                rows = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(sum(rows.mapped("cost")), row[figure])
