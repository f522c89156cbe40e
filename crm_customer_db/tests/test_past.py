# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A customer as he stood on a past day, held against what was kept on that day."""

import random
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, freeze_time

from .metrics_common import MetricsCommon

KEPT = (
    *("lifecycle", "recency_score", "frequency_score", "monetary_score", "purchase_count"),
    *("amount_total", "amount_12m", "invoiced_12m", "amount_at_risk", "value_class_id"),
)


class TestPast(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # moved through by hand: each month is kept as it ends, and scored anew a day before
        with freeze_time("2025-01-02 10:00:00"):
            cls.firms = cls.env["res.partner"].union(
                *(
                    cls._partner(name=f"Firma {number}", street=f"Calle Mayor {number}", city="Zaragoza")
                    for number in range(25)
                )
            )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE res_partner SET create_date = '2025-01-02 10:00:00' WHERE id = ANY(%s)", [cls.firms.ids]
        )
        cls.firms.invalidate_recordset()
        rng = random.Random(5)
        for number in range(160):
            day = date(2025, 1, 3) + timedelta(days=int(rng.random() * 480))
            cls.Purchase.create(
                {
                    "partner_id": rng.choice(cls.firms[:22]).id,
                    "company_id": cls.company_a.id,
                    "amount": rng.choice([10, 25.5, 99.99, 400, 3000, -20]),
                    "date": f"{day} 10:00:00",
                    "order_ref": f"O{number}",
                }
            )

    def _months(self, *ends):
        """Let the nights go by, up to the first day after each of these."""
        for end in ends:
            self.Metrics._rebuild(end)
            self.Metrics._move_to(end + timedelta(days=1))
            self.Metrics._drain()

    def _past(self, user, customer, day, company=None):
        company = company or self.company_a
        return self._as(user, self.env["crm.customer.past"], company).create(
            {"partner_id": customer.id, "company_id": company.id, "day": day}
        )

    # ------------------------------------------------------------------------ figures

    def test_as_it_was_kept(self):
        """Class, scores, stage and amounts of each customer are those of the copy of that day."""
        ends = (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
        self._months(*ends)
        self.company_a.customer_score_months = 3  # later, so it changes nothing of those days
        self.Metrics._rebuild(date(2026, 6, 15))
        compared = 0
        for row in self.env["crm.customer.metrics.history"].search([("company_id", "=", self.company_a.id)]):
            dialog = self._past(self.user_sales_all, row.commercial_partner_id, row.as_of)
            self.assertFalse(dialog.problem)
            for name in KEPT:
                with self.subTest(customer=row.commercial_partner_id.name, day=row.as_of, name=name):
                    self.assertEqual(dialog[name], row[name])
            compared += 1
            self.assertIn("among", dialog.value_words)
        self.assertGreater(compared, 50)

    def test_rows_add_up(self):
        """The purchases behind each amount, and none of a later day."""
        self._months(date(2026, 3, 31))
        day = date(2026, 3, 20)
        for customer in self.firms[:8]:
            dialog = self._past(self.user_sales_all, customer, day)
            for figure, measure in (
                ("amount_12m", "amount"),
                ("invoiced_12m", "amount_invoiced"),
                ("amount_at_risk", "amount"),
                ("amount_total", "amount"),
                ("purchase_count", None),
            ):
                rows = self._as(self.user_sales_all, self.Purchase).search(
                    Domain(dialog.with_context(figure=figure).action_open_rows()["domain"])
                )
                self.assertLessEqual(max(rows.mapped("day"), default=day), day)
                found = sum(rows.mapped(measure)) if measure else len(rows)
                self.assertAlmostEqual(found, dialog[figure], 2, figure)

    def test_class_from_the_copy(self):
        """Where the run of that day is no longer kept, the copy of the last month's end tells; else it is said."""
        self._months(date(2026, 2, 28), date(2026, 3, 31))
        kept = self.env["crm.customer.metrics.history"].search(
            [("company_id", "=", self.company_a.id), ("recency_score", ">", 0), ("month", "=", "2026-02-01")], limit=1
        )
        customer = kept.commercial_partner_id
        self.env["crm.customer.score.run"].search([("company_id", "=", self.company_a.id)]).unlink()
        self.env.registry.clear_cache()
        dialog = self._past(self.user_sales_all, customer, date(2026, 3, 15))
        self.assertEqual((dialog.value_class_id, dialog.recency_score), (kept.value_class_id, kept.recency_score))
        self.assertIn("As kept on 02/28/2026", dialog.value_words)
        dialog.day = date(2026, 1, 15)
        self.assertFalse(dialog.value_class_id or dialog.recency_score)
        self.assertIn("not scored", dialog.value_words)
        self.assertTrue(dialog.amount_total, "amounts need no scoring")

    def test_stage_set_by_hand(self):
        """A stage set by hand holds for the days it held."""
        customer = self.firms[0]
        self._buy(customer, 10, "2026-04-01")
        lock = self.env["crm.customer.stage.lock"].create(
            {"partner_id": customer.id, "lifecycle": "former", "reason": "Closed", "company_id": self.company_a.id}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_customer_stage_lock SET create_date = '2026-05-10', write_date = '2026-05-20', active = FALSE"
        )
        lock.invalidate_recordset()
        stages = [
            self._past(self.user_sales_all, customer, date(2026, 5, day)).lifecycle == "former"
            for day in (9, 10, 19, 20)
        ]
        self.assertEqual(stages, [False, True, True, False])

    # ------------------------------------------------------------------------ address

    def test_address(self):
        """Right on the day before a move, on its day, and before anything was recorded."""
        customer = self.firms[0]
        self._buy(customer, 10, "2024-12-01")
        with freeze_time("2025-06-10 09:00:00"):
            self._as(self.user_sales_all, customer).write({"street": "Gran Vía 5", "city": "Bilbao"})
        with freeze_time("2025-08-31 22:30:00"):  # in Madrid it is September
            self._as(self.user_sales_all, customer).write({"street": "Plaza Nueva 1"})
        for day, street in (
            ("2025-01-02", "Calle Mayor 0"),
            ("2025-06-09", "Calle Mayor 0"),
            ("2025-06-10", "Gran Vía 5"),
            ("2025-08-31", "Gran Vía 5"),
            ("2025-09-01", "Plaza Nueva 1"),
        ):
            with self.subTest(day):
                self.assertIn(street, self._past(self.user_customer, customer, day).address)
        dialog = self._past(self.user_customer, customer, "2024-12-24")
        self.assertFalse(dialog.address)
        self.assertIn("01/02/2025", dialog.address_words)

    # --------------------------------------------------------------------- bad input

    def test_sentences(self):
        """A day to come, one before anything was known, none at all: a sentence, and nothing else."""
        customer = self.firms[0]
        with freeze_time("2026-06-15 10:00:00"):
            for day, words in (
                ("2026-07-01", "still to come"),
                ("2024-12-31", "Nothing is known of Firma 0 before 01/02/2025"),
                ("0001-01-01", "Nothing is known"),
                (False, "Choose the day"),
            ):
                with self.subTest(day):
                    dialog = self._past(self.user_sales_all, customer, day)
                    self.assertIn(words, dialog.problem)
                    self.assertFalse(dialog.address or dialog.amount_total or dialog.lifecycle)
                    with self.assertRaises(UserError):
                        dialog.action_open_rows()
            dialog = self._past(self.user_sales_all, self.firms[24], "2026-06-15")
            self.assertFalse(dialog.problem or dialog.lifecycle or dialog.value_class_id)
            self.assertIn("Had not bought", dialog.value_words)

    # ------------------------------------------------------------------------- rights

    def test_rights(self):
        """Whoever may not see the figures of today may not see those of a past day."""
        mine, others = self.firms[:2]
        mine.user_id = self.user_sales_own
        others.user_id = self.user_sales_all
        day = date(2026, 3, 1)
        self.assertTrue(self._past(self.user_sales_own, mine, day).amount_total)
        self.assertTrue(self._past(self.user_manager, others, day).amount_total)
        for user, company, customer in (
            (self.user_sales_own, self.company_a, others),
            (self.user_data_entry, self.company_a, mine),
            (self.user_employee, self.company_a, mine),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._past(user, customer, day, company).read(["amount_total"])
        # another company of the user that is not at hand
        dialogs = self._as(self.user_sales_all, self.env["crm.customer.past"], self.company_a)
        dialog = dialogs.create({"partner_id": mine.id, "company_id": self.company_b.id, "day": day})
        with self.assertRaises(AccessError):
            dialog.read(["amount_total"])
        with self.assertRaises(AccessError):
            dialog.action_open_rows()

    def test_dialog(self):
        """Opened from a contact and from Why?; another day is worked out as it is typed."""
        customer, contact = self.firms[0], self._person(name="c", parent_id=self.firms[0].id)
        self._buy(contact, 77, "2026-05-20")
        self.Metrics._rebuild(date(2026, 6, 15))
        with freeze_time("2026-06-15 10:00:00"):
            action = self._as(self.user_customer, self._row(customer)).action_past()
            self.assertEqual(action["context"]["default_partner_id"], customer.id)
            dialogs = self._as(self.user_customer, self.env["crm.customer.past"])
            dialogs = dialogs.with_context(default_partner_id=contact.id)
            with Form(dialogs) as form:
                self.assertEqual((form.partner_id, form.day), (customer, date(2026, 5, 31)))
                total = form.amount_total
                form.day = date(2026, 5, 19)
                self.assertAlmostEqual(form.amount_total, total - 77, 2)
                form.day = date(2026, 8, 1)
                self.assertTrue(form.problem)
                form.day = date(2026, 5, 31)
