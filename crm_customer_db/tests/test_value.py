# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Scores, classes and stages against plain Python, for every customer."""

import math
import random
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time

from .metrics_common import MetricsCommon
from .plain import CLASSES

AS_OF = date(2026, 6, 15)


def strict(value, values):
    """Score by the strict rule: one more than the number of quintiles below the value."""
    ordered = sorted(values)
    return 1 + sum(ordered[math.ceil(len(ordered) * part / 5) - 1] < value for part in (1, 2, 3, 4))


def stage(days, as_of, usual=60, new=60):
    """Stage of who bought on these days."""
    days = sorted(set(days))
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    silence = (as_of - days[-1]).days
    if len(days) < 3:
        if as_of <= days[0] + timedelta(days=new):
            return "new"
        gap = usual
    else:
        middle = len(gaps) // 2
        gap = gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2
    for name, times in (("active", 1.5), ("at_risk", 3), ("dormant", 6)):
        if silence <= times * gap:
            return name
    return "former"


class TestValue(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what the database has besides is in other companies
        cls.firms = cls.env["res.partner"].union(*(cls._partner(name=f"Firma {number}") for number in range(40)))
        cls.contacts = cls.env["res.partner"].union(*(cls._person(name="c", parent_id=firm.id) for firm in cls.firms))

    def _random(self, seed, count=300):
        rng = random.Random(seed)
        for number in range(count):
            partner = rng.choice(self.firms[: rng.choice([10, 40])] + self.contacts[:20])
            company = rng.choice([self.company_a, self.company_a, self.company_b])
            day = AS_OF - timedelta(days=int(rng.expovariate(1 / 200)))
            ref = f"O{number}"
            amount = rng.choice([10, 10, 25.5, 99.99, 400, 3000])
            self._buy(partner, amount, day, ref, company)
            if rng.random() < 0.3:  # a second line of the same order
                self._buy(partner, 5, day, ref, company)
            if rng.random() < 0.1:  # all of it comes back
                self._buy(partner, -amount, min(day + timedelta(days=9), AS_OF), ref, company)

    def _python(self, company):
        """Customer → (last day, orders, amount) of the last year, from the lines, and the days."""
        lines = self.env["crm.customer.purchase"].search(
            [("company_id", "=", company.id), ("day", "<=", AS_OF), ("commercial_partner_id", "in", self.firms.ids)]
        )
        orders = defaultdict(list)
        for line in lines:
            orders[line.commercial_partner_id, line.order_ref].append(line)
        year = AS_OF - relativedelta(months=12)
        days, counts, amounts = defaultdict(list), defaultdict(int), defaultdict(float)
        for (customer, _ref), parts in orders.items():
            amounts[customer] += sum(part.amount for part in parts if part.day > year)
            day = min(part.day for part in parts)
            if sum(part.amount for part in parts) > 0:
                days[customer].append(day)
                counts[customer] += day > year
        return {
            customer: (max(days[customer]), counts[customer], round(amounts[customer], 2)) for customer in days
        }, days

    def _check(self, company):
        figures, days = self._python(company)
        self.assertGreater(len(figures), 20)
        for customer, values in figures.items():
            row = self._row(customer, company)
            with self.subTest(customer=customer.name, company=company.name):
                found = (row.last_purchase_date, row.purchase_count_window, round(row.amount_window, 2))
                self.assertEqual(found, values)
                scores = tuple(
                    strict(value, [other[index] for other in figures.values()]) for index, value in enumerate(values)
                )
                self.assertEqual((row.recency_score, row.frequency_score, row.monetary_score), scores)
                code = next(
                    code
                    for code, *ranges in CLASSES
                    if all(low <= score <= high for score, (low, high) in zip(scores, ranges, strict=True))
                )
                self.assertEqual(row.value_class_id.code, code)
                self.assertEqual(row.lifecycle, stage(days[customer], AS_OF))
                self.assertEqual(row.rfm_score, round(sum(scores) / 3, 2))

    # ------------------------------------------------------------------------- value

    def test_against_python(self):
        """Every customer of both companies; orders not lines, refunds taken off, ties alike."""
        self._random(1)
        self.Metrics._rebuild(AS_OF)
        self._check(self.company_a)
        self._check(self.company_b)
        # the same by the queue and the night
        self._random(2, 60)
        self.Metrics._drain(AS_OF)
        self.Metrics._refresh_edges(AS_OF)
        self._check(self.company_a)
        self.assertFalse(any(self.Metrics._rebuild(AS_OF)), "a rebuild finds nothing to change")

    def test_edges_move_in_the_night_only(self):
        """Somebody's new order changes his scores at once, and nobody else's."""
        self._random(3)
        self.Metrics._rebuild(AS_OF)
        before = {row.id: row.rfm_score for row in self.Metrics.search([("company_id", "=", self.company_a.id)])}
        poor = self.Metrics.search([("company_id", "=", self.company_a.id), ("monetary_score", "=", 1)], limit=1)
        self._buy(poor.commercial_partner_id, 1e6, AS_OF, "BIG")
        self.Metrics._drain(AS_OF)
        self.Metrics.invalidate_model()
        self.assertEqual((poor.monetary_score, poor.recency_score), (5, 5))
        for row in self.Metrics.search([("company_id", "=", self.company_a.id)]) - poor:
            self.assertEqual(row.rfm_score, before[row.id])

    def test_who_is_not_scored(self):
        """Archived, marked as no customer, one of ours: no scores, but the row stays."""
        self._random(4)
        archived, excluded, ours = self.firms[:3]
        self.Metrics._rebuild(AS_OF)
        for firm in (archived, excluded, ours):
            self.assertTrue(self._row(firm).recency_score)
        count = self.env["crm.customer.score.run"].search([("company_id", "=", self.company_a.id)], limit=1)
        archived.active = False
        excluded.customer_mark = "excluded"
        self.env["res.users"].create({"name": "x", "login": "cdb_ours", "partner_id": ours.id})
        self.Metrics._drain(AS_OF)
        for firm in (archived, excluded, ours):
            row = self._row(firm)
            self.assertTrue(row.amount_total)
            self.assertFalse(row.recency_score or row.frequency_score or row.monetary_score or row.value_class_id)
            self.assertTrue(row.value_reasons)
        self.Metrics._refresh_edges(AS_OF)
        run = self.env["crm.customer.score.run"].search([("company_id", "=", self.company_a.id)], limit=1)
        self.assertEqual(run.customer_count, count.customer_count - 3)
        archived.active = True
        self.Metrics._drain(AS_OF)
        self.assertTrue(self._row(archived).value_class_id)

    def test_fixed_thresholds(self):
        """Where the company wants them: five days, three orders, an amount are what they are."""
        self.company_a.write(
            {
                "customer_score_method": "fixed",
                "customer_score_recency": "30; 90; 180; 365",
                "customer_score_frequency": "1;2;5;10",
                "customer_score_amount": "100; 500; 2000; 10000",
            }
        )
        for days, firm in zip((0, 30, 31, 90, 365, 366), self.firms, strict=False):
            self._buy(firm, 100.01 if days else 100, AS_OF - timedelta(days=days))
        self.Metrics._rebuild(AS_OF)
        rows = [self._row(firm) for firm in self.firms[:6]]
        self.assertEqual([row.recency_score for row in rows], [5, 5, 4, 4, 2, 1])
        self.assertEqual([row.monetary_score for row in rows], [1, 2, 2, 2, 1, 1])

    def test_few_levels_are_said(self):
        """All alike: one level, and a sentence that says so."""
        for firm in self.firms[:10]:
            self._buy(firm, 10, AS_OF)
        self.Metrics._rebuild(AS_OF)
        run = self.env["crm.customer.score.run"].search([("company_id", "=", self.company_a.id)], limit=1)
        self.assertEqual((run.recency_levels, run.frequency_levels, run.monetary_levels), (1, 1, 1))
        self.assertIn("too alike", run.summary)
        self.assertEqual(run.recency_1, AS_OF)

    def test_weights_and_bad_settings(self):
        self._random(5, 80)
        self.company_a.write({"customer_score_weight_recency": 2, "customer_score_weight_frequency": 0})
        self.Metrics._rebuild(AS_OF)
        row = self.Metrics.search([("company_id", "=", self.company_a.id), ("scored", "=", True)], limit=1)
        self.assertEqual(row.rfm_score, round((2 * row.recency_score + row.monetary_score) / 3 + 1e-9, 2))
        for values in (
            {"customer_score_months": 0},
            {"customer_score_recency": "30; 20; 10; 5"},
            {"customer_score_weight_recency": -1},
            {"customer_usual_gap": 0},
        ):
            with self.subTest(values), self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.company_a.write(values)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.env.ref("crm_customer_db.value_class_loyal").recency_from = 6

    def test_an_edited_class(self):
        """Another rule, a class of one company, an archived one: everybody is classed anew by the queue."""
        self._random(6)
        self.Metrics._rebuild(AS_OF)
        mine = self.env["crm.customer.value.class"].create(
            {"name": "All", "sequence": 0, "company_id": self.company_a.id}
        )
        self.Metrics._drain(AS_OF)
        classes = self.Metrics.search([("company_id", "=", self.company_a.id), ("scored", "=", True)]).value_class_id
        self.assertEqual(classes, mine)
        self.assertNotIn(mine, self.Metrics.search([("company_id", "=", self.company_b.id)]).value_class_id)
        mine.unlink()
        self.Metrics._drain(AS_OF)
        self._check(self.company_a)

    # ------------------------------------------------------------------------- stages

    def test_known_without_a_purchase(self):
        """A request makes a lead, a mark a prospect, a purchase a customer."""
        asked, marked, stranger = self.firms[:3]
        self.env["crm.customer.interaction"].create(
            {"partner_id": asked.id, "company_id": self.company_a.id, "date": "2026-06-01 10:00:00"}
        )
        marked.write({"customer_mark": "prospect", "user_id": self.user_sales_all.id})
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(asked).lifecycle, "lead")
        self.assertEqual(self._row(asked).lifecycle_since, date(2026, 6, 1))
        self.assertEqual(self._row(marked).lifecycle, "prospect")
        self.assertFalse(self._row(stranger))
        self._buy(asked, 10, "2026-06-02")
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(asked).lifecycle, "new")

    def test_edges_that_move(self):
        """Other edges change the scores of whom they pass, and those are all whose scores change."""
        self._random(4)
        self.Metrics._rebuild(AS_OF)
        for seed in (5, 6):
            before = self.Metrics._cut_points()
            self._random(seed, 60)
            self.Metrics._drain()
            self.assertTrue(self.Metrics._refresh_edges())
            self.assertNotEqual(self.Metrics._cut_points(), before)
            self.assertFalse(self.Metrics._restate(AS_OF))

    def test_only_forward(self):
        """Without anything new a customer only goes on, each stage at most once, over 800 nights; what a night
        makes of it is what a rebuild says, and each stage began on the night it was entered."""
        # strategies are not what is tried here, and are asked every night
        self.env["crm.customer.strategy"].search([]).action_archive()
        rng = random.Random(7)
        start = AS_OF - timedelta(days=850)
        for number, firm in enumerate(self.firms[:12]):
            day = start
            for _order in range(1 + number % 6):
                self._buy(firm, 10, day)
                day = min(day + timedelta(days=rng.choice([1, 5, 30, 90])), start + timedelta(days=50))
        begin = start + timedelta(days=50)
        self.Metrics._rebuild(begin)
        order = ["new", "active", "at_risk", "dormant", "former"]
        seen, until = defaultdict(list), {}
        for night in range(1, 801):
            day = begin + timedelta(days=night)
            self.Metrics._move_to(day)
            for row in self.Metrics.search([("commercial_partner_id", "in", self.firms[:12].ids)]):
                stages = seen[row.commercial_partner_id]
                if not stages or stages[-1] != row.lifecycle:
                    if stages:
                        self.assertEqual(row.lifecycle_since, day)
                        self.assertEqual(until[row.commercial_partner_id], day - timedelta(days=1))
                    stages.append(row.lifecycle)
                until[row.commercial_partner_id] = row.lifecycle_until
            if night % 50 == 0:
                # only rows that the day may move are looked at: none that it moves is left out
                self.assertFalse(self.Metrics._restate(day))
            if night % 200 == 0:
                self.Metrics._drain()
                self.assertFalse(any(self.Metrics._rebuild(day, edges=False)))
        for stages in seen.values():
            self.assertEqual(stages, sorted(set(stages), key=order.index))
            self.assertEqual(stages[-1], "former")

    def test_late_to_reorder(self):
        """“Buys every 31 days, silent for 66: 1 900 € a year at risk.”, and the rows add up to it."""
        firm = self.firms[0]
        days = [date(2026, 4, 10) - timedelta(days=31 * number) for number in range(4)]
        for day, amount in zip(days, (400, 500, 600, 500), strict=True):
            self._buy(firm, amount, day)
        self._buy(firm, -100, days[0], "back")
        self._buy(firm, 700, days[0] - timedelta(days=366))
        self.Metrics._rebuild(AS_OF)
        row = self._row(firm)
        with freeze_time(AS_OF):
            self.assertEqual((row.silence_days, row.amount_at_risk, row.is_late), (66, 1900, True))
            self.assertEqual(row.lifecycle, "at_risk")
            self.assertEqual(round(row.silence_ratio, 2), 2.13)
            words = row._rhythm_words()
            for part in ("31", "66", "1,900"):
                self.assertIn(part, words)
            rows = self.env["crm.customer.purchase"].search(
                row.with_context(figure="amount_at_risk").action_open_rows()["domain"]
            )
            self.assertEqual(sum(rows.mapped("amount")), 1900)
            rows = self.env["crm.customer.purchase"].search(
                row.with_context(figure="amount_window").action_open_rows()["domain"]
            )
            self.assertEqual(sum(rows.mapped("amount")), row.amount_window)
            late = self.Metrics.search([("is_late", "=", True), ("silence_days", ">", 60), ("silence_ratio", ">", 2)])
            self.assertIn(row, late)
            self.assertIn(firm, self.env["res.partner"].search([("customer_is_late", "=", True)]))
            self.assertIn(firm, self.env["res.partner"].search([("customer_lifecycle", "=", "at_risk")]))

    def test_lock(self):
        """A stage set by hand holds until its day, says why, and goes back to the rule."""
        firm = self.firms[0]
        self._buy(firm, 10, "2026-06-01")
        self.Metrics._rebuild(AS_OF)
        Lock = self._as(self.user_sales_all, self.env["crm.customer.stage.lock"])
        lock = Lock.create(
            {"partner_id": firm.id, "lifecycle": "former", "reason": "Closed down", "until": AS_OF + timedelta(days=1)}
        )
        self.Metrics._drain()
        self.assertEqual((self._row(firm).lifecycle, self._row(firm).lifecycle_rule), ("former", "new"))
        self.assertIn("Closed down", self._row(firm).stage_reasons)
        self.Metrics._move_to(AS_OF + timedelta(days=2))
        self.assertEqual(self._row(firm).lifecycle, "new")
        lock.until = False
        self.Metrics._drain()
        self.assertEqual(self._row(firm).lifecycle, "former")
        lock.active = False
        self.Metrics._drain()
        self.assertEqual(self._row(firm).lifecycle, "new")
        with self.assertRaises(AccessError):
            firm.user_id = self.user_sales_all
            self._as(self.user_sales_own, lock).reason = "mine"

    # ------------------------------------------------------------------------ history

    def test_months(self):
        """Who stood in which class at the end of each month, and which one he came from; again changes nothing."""
        self._random(10)
        History = self.env["crm.customer.metrics.history"]
        ours = [("company_id", "=", self.company_a.id)]
        self.Metrics._rebuild(date(2026, 3, 31))
        march = {row.commercial_partner_id: row.value_class_id for row in self.Metrics.search(ours) if row.lifecycle}
        self.Metrics._move_to(date(2026, 4, 1))
        self.assertEqual(
            {row.commercial_partner_id: row.value_class_id for row in History.search(ours)},
            march,
        )
        self.Metrics._rebuild(date(2026, 4, 30))
        april = {row.commercial_partner_id: row for row in self.Metrics.search(ours) if row.lifecycle}
        for _again in range(2):
            self.Metrics._keep_month(date(2026, 4, 30))
        rows = History.search([*ours, ("month", "=", "2026-04-01")])
        self.assertEqual(set(rows.commercial_partner_id), set(april))
        self.assertEqual(len(rows), len(april))
        for row in rows:
            customer = row.commercial_partner_id
            self.assertEqual(row.value_class_id, april[customer].value_class_id)
            self.assertEqual(row.amount_12m, april[customer].amount_12m)
            self.assertEqual(row.value_class_from_id, march.get(customer, self.env["crm.customer.value.class"]))
            moved = customer in march and march[customer] != april[customer].value_class_id
            self.assertEqual(row.has_moved, moved)
        self.assertTrue(any(rows.mapped("has_moved")))
        self.firms[0].user_id = self.user_sales_all
        seen = self._as(self.user_sales_own, History).search(ours)
        self.assertTrue(seen)
        self.assertNotIn(self.firms[0], seen.commercial_partner_id)
        with self.assertRaises(AccessError):
            self._as(self.user_manager, rows[:1]).amount_12m = 5

    # --------------------------------------------------------------------------- why

    def test_why(self):
        """What is said would make it a better class does so."""
        self._random(8)
        self.Metrics._rebuild(AS_OF)
        tried = 0
        for row in self.Metrics.search([("company_id", "=", self.company_a.id), ("scored", "=", True)]):
            self.assertEqual(len(row.value_reasons.splitlines()), 5)
            if not row.value_change or tried > 7:
                continue
            tried += 1
            before, words = row.value_class_id, row.value_change
            with self.env.cr.savepoint() as savepoint:
                number = words.split("€")[1].split()[0].replace(",", "") if "€" in words else 0
                self._buy(row.commercial_partner_id, float(number) + 0.01, AS_OF, "NEXT")
                self.Metrics._drain(AS_OF)
                self.Metrics.invalidate_model()
                self.assertIn(f"“{row.value_class_id.name}”", words)
                self.assertLess(row.value_class_id.sequence, before.sequence)
                savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache()
        self.assertGreater(tried, 3)

    def test_page(self):
        """Class and stage in a word each, a sentence, Why?; and the group's total beside its own."""
        firm, daughter = self.firms[:2]
        for day in ("2026-03-01", "2026-04-01", "2026-05-01"):
            self._buy(firm, 100, day)
        daughter.write({"parent_id": firm.id})
        self._buy(daughter, 50, "2026-06-01")
        self.Metrics._rebuild(AS_OF)
        self.env.flush_all()
        for user in (self.user_sales_all, self.user_customer):
            lines = self._as(user, firm)._customer_slot_value()
            self.assertIn("Active", lines[0]["value"])
            self.assertEqual(lines[0]["method"], "action_customer_why")
            self.assertIn("350", lines[-1]["value"].replace(",", ""))
            action = self._as(user, daughter).action_customer_group()
            self.assertEqual(
                self._as(user, self.Metrics).search(action["domain"]).commercial_partner_id, firm + daughter
            )
        with self.assertRaises(AccessError):
            self._as(self.user_data_entry, firm).action_customer_why()

    def test_chips(self):
        """On Odoo's contacts, in a fixed number of queries, and not for strangers."""
        self._random(9)
        self.Metrics._rebuild(AS_OF)
        counts = []
        self._as(self.user_customer, self.firms)._compute_application_statistics_hook()
        for firms in (self.firms[:5], self.firms):
            self.env.flush_all()
            self.env.invalidate_all()
            mine = self._as(self.user_customer, firms)
            before = self.env.cr.sql_log_count
            chips = mine._compute_application_statistics_hook()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(any(chips.values()))
        self.assertEqual(*counts)
        self.assertFalse(any(self._as(self.user_employee, self.firms)._compute_application_statistics_hook().values()))
