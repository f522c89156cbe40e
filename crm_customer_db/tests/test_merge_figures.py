# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Figures, classes, stages and months of customers who are merged, moved or given to another company."""

import random
from datetime import date, timedelta

from .metrics_common import MetricsCommon

AS_OF = date(2026, 6, 15)
MONTHS = (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31))


class TestMergeFigures(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.History = cls.env["crm.customer.metrics.history"]
        cls.firms = cls.env["res.partner"].union(
            *(cls._partner(name=f"Firma {number}", email="x@example.com") for number in range(15))
        )
        rng = random.Random(11)
        for number in range(120):
            cls.Purchase.create(
                {
                    "partner_id": rng.choice(cls.firms).id,
                    "company_id": rng.choice([cls.company_a, cls.company_a, cls.company_b]).id,
                    "amount": rng.choice([10, 25.5, 99.99, 400, 3000]),
                    "date": f"{AS_OF - timedelta(days=int(rng.expovariate(1 / 150)))} 10:00:00",
                    "order_ref": f"O{number}",
                }
            )

    def _keep_months(self):
        for day in MONTHS:
            self.Metrics._rebuild(day)
            self.Metrics._keep_month(day)
        self.Metrics._rebuild(AS_OF)

    def _merge(self, keep, *sources):
        partners = self.env["res.partner"].union(keep, *sources)
        self._as(self.user_manager, self.env["base.partner.merge.automatic.wizard"])._merge(
            partners.ids, self._as(self.user_manager, keep)
        )
        self.env.invalidate_all()

    def _settle(self):
        """The minute after: the queue is empty, and a rebuild would change nothing."""
        self.Metrics._drain()
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)))
        self.env.flush_all()

    def _totals(self):
        """By month and company: customers, rows, amounts, as the report adds them up."""
        return {
            (month, company.id): (round(amount, 2), round(total, 2), orders)
            for month, company, amount, total, orders in self.History._read_group(
                [("company_id", "in", (self.company_a + self.company_b).ids)],
                ["month:month", "company_id"],
                ["amount_12m:sum", "amount_total:sum", "purchase_count:sum"],
            )
        }

    # -------------------------------------------------------------------------- merge

    def test_merge(self):
        """Class, stage and scores of the one that stays are those of all its purchases."""
        self._keep_months()
        keep, *gone = self.firms[:3]
        lines = self.Purchase.search(
            [("commercial_partner_id", "in", self.firms[:3].ids), ("company_id", "=", self.company_a.id)]
        )
        self._merge(keep, *gone)
        self._settle()
        row = self._row(keep)
        self.assertAlmostEqual(row.amount_total, sum(lines.mapped("amount")), 2)
        self.assertEqual(row.last_purchase_date, max(lines.mapped("day")))
        self.assertEqual(row.purchase_count, len(set(lines.mapped("order_ref"))))
        self.assertTrue(row.value_class_id and row.lifecycle)
        rows = self.Metrics.search([("company_id", "=", self.company_a.id)])
        self.assertEqual(len(rows.commercial_partner_id), len(rows))

    def test_months_after_a_merge(self):
        """One row per customer and month; what the customers of a month bought in all stays what it was."""
        self._keep_months()
        keep, *gone = self.firms[:3]
        before = self._totals()
        mine = {
            (row.month, row.company_id.id): row
            for row in self.History.search([("commercial_partner_id", "=", keep.id)])
        }
        classes = {key: row.value_class_id for key, row in mine.items()}
        self._merge(keep, *gone)
        self._settle()
        rows = self.History.search([("commercial_partner_id", "=", keep.id)])
        self.assertEqual(
            len({(row.month, row.company_id) for row in rows}), len(rows), "a customer stands in a month once"
        )
        self.assertEqual(self._totals(), before)
        self.assertFalse(self.History.search([("commercial_partner_id", "in", [partner.id for partner in gone])]))
        for row in rows:
            self.assertEqual(row.value_class_id, classes.get((row.month, row.company_id.id), row.value_class_id))
        # the next month knows what he comes from, once
        self.Metrics._keep_month(date(2026, 6, 30))
        june = self.History.search([("commercial_partner_id", "=", keep.id), ("month", "=", "2026-06-01")])
        self.assertEqual(len(june), len(june.company_id))
        may = {row.company_id: row.value_class_id for row in rows if row.month == date(2026, 5, 1)}
        for row in june:
            self.assertEqual(row.value_class_from_id, may.get(row.company_id, row.value_class_id.browse()))

    def test_months_of_who_had_none(self):
        """The months of the merged customers are not lost where the one that stays had none."""
        self._keep_months()
        keep = self._partner(name="Ficha nueva", email="x@example.com")
        before = self._totals()
        self._merge(keep, *self.firms[:2])
        self.assertEqual(self._totals(), before)
        rows = self.History.search([("commercial_partner_id", "=", keep.id)])
        self.assertTrue(rows)
        self.assertEqual(len({(row.month, row.company_id) for row in rows}), len(rows))

    def test_merge_into_a_contact(self):
        """Merged into a contact of a company, figures and months are the company's."""
        firm, gone = self.firms[:2]
        gone.is_company = False
        self._keep_months()
        contact = self._person(name="Pilar", parent_id=firm.id, email="x@example.com")
        before = self._totals()
        lines = self.Purchase.search(
            [("commercial_partner_id", "in", (firm + gone).ids), ("company_id", "=", self.company_a.id)]
        )
        self._merge(contact, gone)
        self._settle()
        self.assertFalse(self._row(contact))
        self.assertAlmostEqual(self._row(firm).amount_total, sum(lines.mapped("amount")), 2)
        self.assertFalse(self.History.search([("commercial_partner_id", "in", (contact + gone).ids)]))
        self.assertEqual(self._totals(), before)

    def test_stage_locks_of_both(self):
        """Two stages set by hand: the one of the customer that stays holds, whichever was set later."""
        self._keep_months()
        keep, gone = self.firms[:2]
        Lock = self.env["crm.customer.stage.lock"]
        for firm, stage in ((keep, "active"), (gone, "former")):
            Lock.create({"partner_id": firm.id, "lifecycle": stage, "reason": stage, "company_id": self.company_a.id})
        self._merge(keep, gone)
        self._settle()
        self.assertEqual(self._row(keep).lifecycle, "active")
        self.assertIn("active", self._row(keep).stage_reasons)
        # where only the other one had any, it comes along
        third = self.firms[2]
        self._merge(third, keep)
        self._settle()
        self.assertEqual(self._row(third).lifecycle, "active")

    # ------------------------------------------------------------- parents, companies

    def test_contact_to_another_firm(self):
        """His purchases leave the one and come to the other, with class and stage."""
        old, new = self._partner(name="Vieja"), self._partner(name="Nueva")
        contact = self._person(name="Pilar", parent_id=old.id)
        for month in (3, 4, 5):
            self._buy(contact, 100, date(2026, month, 15), f"P{month}")
        self._keep_months()
        self.assertEqual(self._row(old).lifecycle, "active")
        scores = self._row(old).rfm_score
        contact.parent_id = new
        self._settle()
        self.assertFalse(self._row(old))
        row = self._row(new)
        self.assertEqual((row.lifecycle, row.purchase_count, row.rfm_score), ("active", 3, scores))
        contact.parent_id = False
        self._settle()
        self.assertFalse(self._row(new))
        self.assertEqual((self._row(contact).lifecycle, self._row(contact).rfm_score), ("active", scores))

    def test_company_joins_a_group(self):
        """A company below another one keeps its figures and its months; one that becomes a contact gives them up."""
        self._keep_months()
        group, firm = self.firms[:2]
        own = {name: self._row(firm)[name] for name in ("amount_total", "rfm_score", "lifecycle")}
        total = self._row(group).amount_total
        months = self.History.search_count([("commercial_partner_id", "=", firm.id)])
        before = self._totals()
        firm.parent_id = group
        self._settle()
        self.assertEqual({name: self._row(firm)[name] for name in own}, own)
        self.assertEqual(self.History.search_count([("commercial_partner_id", "=", firm.id)]), months)
        firm.is_company = False
        self._settle()
        self.assertFalse(self._row(firm))
        self.assertAlmostEqual(self._row(group).amount_total, total + own["amount_total"], 2)
        self.assertEqual(self._totals(), before)
        # a mistake can be taken back, with everything
        firm.is_company = True
        self._settle()
        self.assertEqual({name: self._row(firm)[name] for name in own}, own)
        self.assertEqual(self.History.search_count([("commercial_partner_id", "=", firm.id)]), months)

    def test_prospect_of_another_company(self):
        """A prospect who is given to another company is its prospect; what was bought stays where it was bought."""
        firm = self._partner(name="Compartida", customer_mark="prospect", company_id=self.company_a.id)
        self._keep_months()
        self.assertEqual(self._row(firm).lifecycle, "prospect")
        firm.company_id = self.company_b
        self._settle()
        self.assertFalse(self._row(firm))
        self.assertEqual(self._row(firm, self.company_b).lifecycle, "prospect")
        line = self._buy(firm, 50, "2026-06-01", company=self.company_b)
        self._settle()
        self.assertEqual(self._row(firm, self.company_b).lifecycle, "new")
        firm.write({"company_id": False, "user_id": False})
        line.company_id = self.company_a
        firm.company_id = self.company_a
        self._settle()
        self.assertEqual(self._row(firm).lifecycle, "new")
        self.assertFalse(self._row(firm, self.company_b))
