# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random
from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time
from odoo.tools import SQL

from ..models import crm_customer_metrics_engine
from ..tools.metrics_sql import stacked
from .metrics_common import MetricsCommon

AS_OF = date(2026, 6, 15)


class TestMetrics(MetricsCommon):
    """Figures are what plain Python works out of the same rows, however they came about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firms = cls.env["res.partner"].union(*(cls._partner(name=f"Firma {number}") for number in range(6)))
        cls.contacts = cls.env["res.partner"].union(*(cls._person(name="c", parent_id=firm.id) for firm in cls.firms))
        cls.Metrics._rebuild(AS_OF)
        cls.env.cr.execute("DELETE FROM crm_customer_metrics_queue")

    def _table(self):
        """All figures of the database: {(customer, company): values}."""
        self.env.flush_all()
        # with the strategies that a customer stands in
        self.env.cr.execute(
            "SELECT *, ARRAY(SELECT strategy_id FROM crm_customer_metrics_strategy_rel WHERE metrics_id = id ORDER BY 1)"
            " AS strategies FROM crm_customer_metrics"
        )
        skipped = {"id", "commercial_partner_id", "company_id", "computed_as_of"}
        return {
            (row["commercial_partner_id"], row["company_id"]): {
                name: value for name, value in row.items() if name not in skipped
            }
            for row in self.env.cr.dictfetchall()
        }

    def _random_purchases(self, seed, count=60):
        rng = random.Random(seed)
        for _number in range(count):
            day = AS_OF - timedelta(days=rng.randint(-20, 800))
            self._buy(
                rng.choice(self.firms + self.contacts),
                rng.choice([-30, 10.5, 20, 99.99, 1000]),
                day if day < fields.Date.today() else AS_OF,
                rng.choice([None, "A", "B"]),
                rng.choice([self.company_a, self.company_b]),
            )

    # ----------------------------------------------------------------------- figures

    def test_against_python(self):
        """Amounts, counts, dates and rhythm of random purchases."""
        self._random_purchases(1)
        self.Metrics._drain(AS_OF)
        lines = defaultdict(list)
        for line in self.Purchase.search([("commercial_partner_id", "in", self.firms.ids)]):
            if line.day <= AS_OF:
                lines[line.commercial_partner_id, line.company_id].append(line)
        year = AS_OF - relativedelta(months=12)
        self.assertGreater(len(lines), 6)
        for (firm, company), bought in lines.items():
            row = self._row(firm, company)
            orders = [line for line in bought if line.is_head and line.order_amount > 0]
            recent = [line for line in bought if line.day > year]
            days = sorted({line.day for line in orders})
            gaps = [(later - earlier).days for earlier, later in pairwise(days)]
            with self.subTest(firm=firm.name, company=company.name):
                self.assertAlmostEqual(row.amount_total, sum(line.amount for line in bought), 2)
                self.assertAlmostEqual(row.amount_12m, sum(line.amount for line in recent), 2)
                self.assertEqual(row.purchase_count, len(orders))
                self.assertEqual(row.first_purchase_date, days[0] if days else False)
                self.assertEqual(row.last_purchase_date, days[-1] if days else False)
                if orders:
                    average = sum(line.order_amount for line in orders) / len(orders)
                    self.assertAlmostEqual(row.average_order, average, 2)
                rhythm = median(gaps) if len(days) >= 3 else 0
                self.assertAlmostEqual(row.median_gap_days, rhythm, 1)
                self.assertEqual(bool(row.next_purchase_due), bool(rhythm))

    def test_incidents_and_marketing(self):
        """Open items, returns of the last twelve months, what marketing has cost."""
        firm, contact = self.firms[0], self.contacts[0]
        Fulfilment = self.env["crm.customer.fulfilment"]
        for kind, day, state in (
            ("complaint", "2026-03-01", "open"),
            ("complaint", "2026-03-02", "solved"),
            ("return", "2026-03-02", "solved"),
            ("return", "2024-03-02", "solved"),
            ("unpaid", "2026-03-02", "open"),
        ):
            values = {"partner_id": contact.id, "kind": kind, "date": f"{day} 10:00:00", "state": state}
            if state == "solved":
                values["solved_on"] = "2026-04-01"
            Fulfilment.create({**values, "company_id": self.company_a.id})
        for day, state in (("2026-03-01", "sent"), ("2026-03-01", "cancelled"), ("2025-03-01", "sent")):
            self.env["crm.customer.marketing.action"].create(
                {
                    "partner_id": firm.id,
                    "company_id": self.company_a.id,
                    "medium": "letter",
                    "date": f"{day} 10:00:00",
                    "state": state,
                    "cost": 1.5,
                }
            )
        self.Metrics._drain(AS_OF)
        row = self._row(firm)
        self.assertEqual((row.complaints_open, row.returns_12m, row.unpaid_open), (1, 1, 1))
        self.assertEqual(row.marketing_cost_12m, 1.5)
        # as it stood in March, before the second complaint was solved
        self.Metrics._refresh(firm.ids, date(2026, 3, 20))
        self.Metrics.invalidate_model()
        self.assertEqual(self._row(firm).complaints_open, 2)

    def test_live(self):
        """What is worked out for a form is what is kept."""
        self._random_purchases(2)
        self.Metrics._drain(AS_OF)
        kept = self._table()
        live = self.Metrics._live(self.firms.ids, AS_OF)
        self.assertTrue(live)
        for row in live:
            key = (row.pop("commercial_partner_id"), row.pop("company_id"))
            # who stands in which strategy is kept, and worked out for nobody's form
            known = {name: value for name, value in kept[key].items() if "strateg" not in name}
            self.assertEqual(row, known)

    def test_current(self):
        """A screen reads what is kept in one query, and works out what has changed since or is of another day."""

        def figures():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            rows = self.Metrics._current(self.firms[:1].ids)
            return [row["amount_total"] for row in rows], self.env.cr.sql_log_count - before

        self._buy(self.contacts[0], 30, "2026-06-01")
        with freeze_time("2026-06-15 10:00:00"):
            self.assertEqual(figures()[0], [30], "waiting: worked out")
            self.Metrics._drain()
            self.Metrics.search([("commercial_partner_id", "=", self.firms[0].id)])
            self.env.cr.execute(
                "UPDATE crm_customer_metrics SET amount_total = 31 WHERE commercial_partner_id = %s", self.firms[:1].ids
            )
            figures()
            self.assertEqual(figures(), ([31], 1), "nothing waits: what is kept")
            self._buy(self.firms[1], 5, "2026-06-02")
            self.assertEqual(figures()[0], [31], "another customer's")
            # a long queue is not read through
            self.env.cr.execute(
                "INSERT INTO crm_customer_metrics_queue (partner_id) SELECT 10 ^ 8 + i FROM generate_series(1, 300) i"
            )
            self.assertEqual(figures()[0], [30])
            self.Metrics._drain()
            self.env.cr.execute("UPDATE crm_customer_metrics SET amount_total = 31")
        with freeze_time("2026-06-16 10:00:00"):
            self.assertEqual(figures()[0], [30], "of yesterday")

    # ------------------------------------------------------------------------ engine

    def test_changes_end_in_a_rebuild(self):
        """Whatever happens in whatever order: queue and night give what a rebuild gives."""
        rng = random.Random(3)
        self.Metrics._rebuild(AS_OF - timedelta(days=40))
        for step in range(8):
            self._random_purchases(step, 10)
            lines = self.Purchase.search([("commercial_partner_id", "in", self.firms.ids)])
            rng.choice(lines).amount = 77
            rng.choice(lines).partner_id = rng.choice(self.contacts)
            rng.choice(lines).unlink()
            if step % 3 == 0:
                contact = rng.choice(self.contacts)
                contact.parent_id = rng.choice(self.firms)
            if step % 2:
                self.Metrics._drain()
            self.Metrics._move_to(AS_OF - timedelta(days=40 - 5 * (step + 1)))
        self.Metrics._move_to(AS_OF)
        self.Metrics._drain()
        drained = self._table()
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)), "a rebuild finds nothing to change")
        self.assertEqual(self._table(), drained)
        self.env.cr.execute("DELETE FROM crm_customer_metrics")
        self.Metrics._rebuild(AS_OF, edges=False)
        self.assertEqual(self._table(), drained)

    def test_many_at_once(self):
        """An empty table that is filled in bulk ends as one that is written row by row, down to its indexes."""
        self._random_purchases(11)
        self.Metrics._drain(AS_OF)
        self.Metrics._rebuild(AS_OF)
        expected = self._table()
        self.assertTrue(any(row["main_strategy_id"] for row in expected.values()))

        def definitions():
            self.env.cr.execute(
                # conditions mean the same and are worded otherwise
                "SELECT indexrelid::regclass::text, split_part(pg_get_indexdef(indexrelid), ' WHERE ', 1),"
                " obj_description(indexrelid)"
                " FROM pg_index WHERE indrelid = ANY(%(tables)s::regclass[]) UNION ALL"
                " SELECT conname, pg_get_constraintdef(oid), NULL FROM pg_constraint"
                " WHERE conrelid = ANY(%(tables)s::regclass[]) ORDER BY 1, 2",
                {"tables": self.Metrics._metrics_tables()},
            )
            return self.env.cr.fetchall()

        known = definitions()
        self.env.cr.execute("DELETE FROM crm_customer_metrics")
        with patch.object(crm_customer_metrics_engine, "MANY", 1):
            result = self.Metrics._rebuild(AS_OF)
        self.assertEqual(result.inserted, len(expected))
        self.assertEqual(self._table(), expected)
        self.assertEqual(definitions(), known)
        self.env.cr.execute("SELECT COUNT(*) FROM pg_class WHERE relname = 'crm_customer_metrics'")
        self.assertEqual(self.env.cr.fetchone(), (1,), "the table that stood for it is gone")
        # and the next change finds the row that is there
        self._buy(self.firms[0], 50, AS_OF)
        self.Metrics._drain(AS_OF)
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)))

    def test_layers_are_few(self):
        """Layers that do not look at each other are worked out in one pass, the others in their order."""
        layers = stacked(
            [
                {"one": SQL("base.given + 1")},
                {"two": SQL("base.one + %s", SQL.identifier("base", "given"))},
                {"other": SQL("base.given * 2")},
                {"last": SQL("%s - base.other", SQL.identifier("base", "two"))},
            ]
        )
        self.assertEqual([list(layer) for layer in layers], [["one", "other"], ["two"], ["last"]])

    def test_merge(self):
        """The customer that stays has the figures of both, and nobody has two rows."""
        one, two = self.firms[:2]
        self._buy(one, 10, "2026-05-01", "x")
        self._buy(two, 30, "2026-05-02", "y")
        self.Metrics._drain(AS_OF)
        self.env["base.partner.merge.automatic.wizard"]._merge((one + two).ids, one)
        self.Metrics._drain(AS_OF)
        self.assertEqual((self._row(one).amount_total, self._row(one).purchase_count), (40, 2))
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)))

    def test_moved_to_another_customer(self):
        """A customer that becomes a contact of another one has no figures of his own."""
        one, two = self.firms[:2]
        self._buy(one, 10, "2026-05-01")
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(one).amount_total, 10)
        one.write({"is_company": False, "parent_id": two.id})
        self.Metrics._drain(AS_OF)
        self.assertFalse(self._row(one))
        self.assertEqual(self._row(two).amount_total, 10)

    def test_figures_that_an_update_brings(self):
        """A new column says 0 of nobody: everybody is worked out anew; an update without one marks nobody."""
        self._buy(self.firms[0], 10, AS_OF)
        self.Metrics._drain(AS_OF)

        def update():
            self.registry.init_models(self.cr, ["crm.customer.metrics"], {"module": "crm_customer_db"})

        update()
        self.assertFalse(self.Metrics._waiting())
        self.env.cr.execute("ALTER TABLE crm_customer_metrics DROP COLUMN margin_unknown_12m")
        update()
        self.assertTrue(self.Metrics._waiting())
        self.Metrics._drain(AS_OF)
        self.Metrics.invalidate_model()
        self.assertEqual(self._row(self.firms[0]).margin_unknown_12m, 10)

    def test_last_fact_gone(self):
        """Who has nothing any more has no row."""
        line = self._buy(self.firms[0], 10, "2026-05-01")
        self.Metrics._drain(AS_OF)
        self.assertTrue(self._row(self.firms[0]))
        line.unlink()
        self.Metrics._drain(AS_OF)
        self.assertFalse(self._row(self.firms[0]))

    def test_bulk_sql_is_noticed(self):
        """What is written by SQL, once per statement, goes on the queue."""
        for firm in self.firms:
            self._buy(firm, 10, "2026-05-01")
        self.Metrics._drain(AS_OF)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_customer_purchase SET note = 'x' WHERE commercial_partner_id = ANY(%s)", [self.firms.ids]
        )
        self.assertEqual(self.Metrics._waiting(), len(self.firms))

    def test_one_change_costs_the_same(self):
        """Working out one customer asks as many queries whoever else there is."""
        self._buy(self.firms[0], 10, "2026-05-01")
        self.Metrics._drain(AS_OF)
        counts = []
        for number in range(2):
            self._buy(self.firms[0], 10 + number, "2026-05-01")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Metrics._drain(AS_OF)
            counts.append(self.env.cr.sql_log_count - before)
            self._random_purchases(number + 10, 40)
            self.Metrics._drain(AS_OF)
        self.assertEqual(counts[0], counts[1])

    def test_night_writes_only_what_changes(self):
        """A purchase leaves the last twelve months on its day; others keep their row."""
        self._buy(self.firms[0], 10, AS_OF - relativedelta(months=12) + timedelta(days=1))
        self._buy(self.firms[1], 10, AS_OF - timedelta(days=5))
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(self.firms[0]).amount_12m, 10)
        self.Metrics._move_to(AS_OF + timedelta(days=1))
        self.assertEqual(self.Metrics._drain(), 1)
        self.Metrics.invalidate_model()
        self.assertEqual(self._row(self.firms[0]).amount_12m, 0)
        self.assertEqual(self._row(self.firms[0]).computed_as_of, AS_OF + timedelta(days=1))
        self.assertEqual(self._row(self.firms[1]).computed_as_of, AS_OF)

    # ------------------------------------------------------------------------ rights

    def test_own_customers(self):
        """A salesperson with own documents sees the figures of his and of nobody's."""
        mine, others, nobodys = self.firms[:3]
        mine.user_id = self.user_sales_own
        others.user_id = self.user_sales_all
        for firm in (mine, others, nobodys):
            self._buy(firm, 10, "2026-05-01")
        self.Metrics._drain(AS_OF)
        domain = [("commercial_partner_id", "in", self.firms.ids)]
        seen = self._as(self.user_sales_own, self.Metrics).search(domain)
        self.assertEqual(seen.commercial_partner_id, mine + nobodys)
        seen = self._as(self.user_sales_all, self.Metrics).search(domain)
        self.assertEqual(seen.commercial_partner_id, mine + others + nobodys)
        with self.assertRaises(AccessError):
            self._as(self.user_data_entry, self.Metrics).search(domain)

    def test_other_company(self):
        """Figures of a company are for those who work in it."""
        self._buy(self.firms[0], 10, "2026-05-01", company=self.company_b)
        self.Metrics._drain(AS_OF)
        domain = [("commercial_partner_id", "in", self.firms.ids)]
        self.assertFalse(self._as(self.user_sales_all, self.Metrics, self.company_a).search(domain))
        self.user_sales_all.company_ids += self.company_b
        self.assertTrue(self._as(self.user_sales_all, self.Metrics, self.company_a, self.company_b).search(domain))

    def test_nobody_writes(self):
        """Not even a manager who sends a command through the contact."""
        self._buy(self.firms[0], 10, "2026-05-01")
        self.Metrics._drain(AS_OF)
        row = self._row(self.firms[0])
        manager = self.user_manager
        with self.assertRaises(AccessError):
            self._as(manager, row).write({"amount_12m": 1e6})
        with self.assertRaises(AccessError):
            self._as(manager, self.firms[0]).write(
                {"customer_metrics_ids": [Command.update(row.id, {"amount_12m": 1e6})]}
            )
        with self.assertRaises(AccessError):
            self._as(manager, row).unlink()
