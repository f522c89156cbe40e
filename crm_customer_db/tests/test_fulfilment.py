# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger

from .common import CustomerDbCommon

NOW = "2024-05-06 10:00:00"


@freeze_time(NOW)
class TestFulfilment(CustomerDbCommon):
    """Deliveries and incidents: complaints are somebody's and get solved, late is late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Fulfilment = cls.env["crm.customer.fulfilment"]
        cls.customer = cls._partner(name="Cliente", user_id=cls.user_sales_own.id)
        cls.company_a.customer_complaint_days = 5

    def _complain(self, user=None, **vals):
        vals = {"partner_id": self.customer.id, "subject": "Caja rota", "date": NOW, **vals}
        return self._as(user or self.user_manager, self.Fulfilment).create(vals)

    def _activities(self, complaint):
        return self.env["mail.activity"].search(
            [("res_model", "=", "crm.customer.fulfilment"), ("res_id", "=", complaint.id)]
        )

    # -- complaints --------------------------------------------------------------------

    def test_new_complaint_is_somebodys(self):
        """It is the salesperson's, to be solved within the days of the company."""
        complaint = self._complain(self.user_customer)
        self.assertEqual((complaint.kind, complaint.state), ("complaint", "open"))
        self.assertEqual((complaint.user_id, complaint.deadline), (self.user_sales_own, date(2024, 5, 11)))
        activity = self._activities(complaint)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.user_sales_own, complaint.deadline))

    def test_solve_and_reopen(self):
        """Solving ends the activity, whoever may enter complaints and sees this one."""
        complaint = self._complain(self.user_manager)
        for user in (self.user_customer, self.user_sales_own, self.user_sales_all):
            self._as(user, complaint).action_solve()
            self.assertEqual((complaint.state, complaint.solved_on), ("solved", date(2024, 5, 6)))
            self.assertFalse(self._activities(complaint))
            with self.assertRaisesRegex(UserError, "done already"):
                self._as(user, complaint).action_solve()
            self._as(user, complaint).action_reopen()
            self.assertEqual((complaint.state, complaint.solved_on), ("open", False))
            self.assertEqual(len(self._activities(complaint)), 1)

    def test_complaint_of_an_app(self):
        """One that an app has brought is solved by the method and by nothing else."""
        complaint = self.Fulfilment.create(
            {"partner_id": self.customer.id, "kind": "complaint", "feed": "helpdesk", "source_ref": "1", "date": NOW}
        )
        with self.assertRaises(AccessError):
            self._as(self.user_manager, complaint).write({"state": "solved"})
        self._as(self.user_customer, complaint).action_solve()
        self.assertEqual(complaint.state, "solved")

    def test_who_may_solve(self):
        complaint = self._complain(partner_id=self._partner(name="Suyo", user_id=self.user_sales_all.id).id)
        for user in (self.user_employee, self.user_data_entry, self.user_sales_own):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, complaint).action_solve()

    def test_only_complaints_are_solved(self):
        """A delivery is done in Inventory, an arrear is paid in Invoicing."""
        for kind in ("shipment", "unpaid"):
            row = self._complain(kind=kind)
            self.assertFalse(self._activities(row), kind)
            for action in (row.action_solve, row.action_reopen):
                with self.assertRaisesRegex(UserError, "Only complaints"):
                    action()

    def test_state_by_hand(self):
        """State and day agree, whichever is set."""
        complaint = self._complain()
        complaint.state = "solved"
        self.assertEqual(complaint.solved_on, date(2024, 5, 6))
        complaint.solved_on = False
        self.assertEqual(complaint.state, "open")
        complaint.solved_on = "2024-05-06"
        self.assertEqual(complaint.state, "solved")
        self.assertFalse(self._activities(complaint))
        complaint.state = "open"
        self.assertFalse(complaint.solved_on)

    # -- kinds -------------------------------------------------------------------------

    def test_users_enter_complaints_only(self):
        """Everything else is entered by the manager."""
        for kind in ("shipment", "return", "exchange", "unpaid", "answer"):
            with self.subTest(kind=kind):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self._complain(self.user_customer, kind=kind)
                self.assertEqual(self._complain(self.user_manager, kind=kind).kind, kind)
        complaint = self._complain(self.user_customer)
        with self.assertRaises(AccessError), self.cr.savepoint():
            complaint.write({"kind": "unpaid"})
            self.env.flush_all()

    def test_users_correct_their_own(self):
        """A user corrects what he entered or is responsible for; the manager everything."""
        complaint = self._complain(self.user_customer)
        self.assertEqual(complaint.user_id, self.user_sales_own)
        for user in (self.user_customer, self.user_sales_own, self.user_manager):
            self._as(user, complaint).note = user.login
        with self.assertRaises(AccessError):
            self._as(self.user_sales_all, complaint).note = "x"

    def test_reason(self):
        """Only something unpaid has one of those; returns and complaints have words."""
        row = self._complain(kind="unpaid", reason="returned")
        self.assertEqual(row.reason, "returned")
        with self.assert_refused("Only something unpaid"):
            self._complain(kind="return", reason="overdue")
        row.kind = "return"
        self.assertFalse(row.reason)
        row.reason_text = "Talla equivocada"
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.cr.execute("UPDATE crm_customer_fulfilment SET reason = 'overdue' WHERE id = %s", [row.id])

    def test_amount(self):
        """Both currencies, as everywhere."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        with self.assert_refused("no rate"):
            self._complain(kind="unpaid", currency_id=dollar.id, amount_currency=10.0)
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2024-05-01", "rate": 2.0, "company_id": self.company_a.id}
        )
        row = self._complain(kind="unpaid", currency_id=dollar.id, amount_currency=10.0)
        self.assertEqual(row.amount, 5.0)

    # -- late --------------------------------------------------------------------------

    def test_late(self):
        """Late is what was done after the day it was promised for, or is still to be done."""
        shipment = {"kind": "shipment"}
        cases = [
            ({**shipment, "promised_on": "2024-05-05"}, True),
            ({**shipment, "promised_on": "2024-05-06"}, False),
            ({**shipment, "promised_on": "2024-05-03", "solved_on": "2024-05-04"}, True),
            ({**shipment, "promised_on": "2024-05-03", "solved_on": "2024-05-03"}, False),
            ({**shipment}, False),
            ({"kind": "complaint", "deadline": "2024-05-01"}, True),
            ({"kind": "complaint", "deadline": "2024-06-01"}, False),
        ]
        rows = self.Fulfilment.browse()
        for vals, late in cases:
            rows |= self._complain(**vals)
            self.assertEqual(rows[-1].is_late, late, vals)
        found = self.Fulfilment.search([("id", "in", rows.ids), ("is_late", "=", True)])
        self.assertEqual(found, rows.filtered("is_late").sorted(lambda row: (row.date, row.id), reverse=True))
        self.assertEqual(self.Fulfilment.search_count([("id", "in", rows.ids), ("is_late", "=", False)]), 4)
        self.assertEqual(rows.filtered_domain([("is_late", "=", True)]), rows.filtered("is_late"))
        self.assertEqual(self.Fulfilment.search_count([("id", "in", rows.ids), ("is_late", "in", [True, False])]), 7)

    def test_done_before_asked(self):
        with self.assert_refused("before it was asked for"):
            self._complain(kind="shipment", ordered_on="2024-05-03", solved_on="2024-05-02")

    # -- loaded ------------------------------------------------------------------------

    def _load(self, *rows):
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return self.Fulfilment._load_facts(
            [[row.get(name) for name in columns] for row in rows], "test", self.company_a, columns=columns
        )

    def test_loaded(self):
        base = {"partner_id": self.customer.id, "day": "2024-05-01"}
        result = self._load(
            {**base, "source_ref": "1", "kind": "shipment", "promised_on": "2024-05-02"},
            {**base, "source_ref": "2", "kind": "shipment", "ordered_on": "2024-05-01", "solved_on": "2024-05-03"},
            {**base, "source_ref": "3", "kind": "unpaid", "reason": "overdue", "amount": 120},
            {**base, "source_ref": "4", "kind": "return", "reason": "overdue"},
            {**base, "source_ref": "5", "kind": "shipment", "ordered_on": "2024-05-01", "solved_on": "2024-04-03"},
            {**base, "source_ref": "6", "kind": "lost"},
        )
        self.assertEqual((result.inserted, result.rejected), (3, 3))
        self.assertEqual([(e.row, e.column) for e in result.errors], [(4, "reason"), (5, "solved_on"), (6, "kind")])
        rows = self.Fulfilment.search([("feed", "=", "test")], order="source_ref")
        self.assertEqual(rows.mapped("state"), ["open", "solved", "open"])
        self.assertEqual({row.id % 8 for row in rows}, {5})
        self._load({**base, "source_ref": "1", "kind": "shipment", "solved_on": "2024-05-04"})
        self.assertEqual(rows[0].solved_on, date(2024, 5, 4))
        self.assertEqual(rows[0].state, "open", "a load changes only what its rows say")

    # -- deleting ----------------------------------------------------------------------

    def test_contact_with_complaints(self):
        """The sentence counts each kind."""
        self._complain(), self._complain(), self._complain(kind="shipment")
        with self.assertRaisesRegex(UserError, "2 complaints") as caught:
            self.customer.unlink()
        self.assertIn("1 delivery", str(caught.exception))
        self.Fulfilment.search([("partner_id", "=", self.customer.id)]).unlink()
        self.customer.unlink()
        self.assertFalse(self.customer.exists())

    def test_hostile_values(self):
        for vals in ({"amount": float("inf")}, {"reason_text": "x" * 501}, {"date": "2030-01-01 00:00:00"}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError), self.cr.savepoint():
                self._complain(**vals)
        for vals in ({"feed": "stock"}, {"request_id": 1}, {"source_model": "res.users"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self._complain(**vals)

    def test_settings(self):
        """Days that are none are refused; the manager's setting is what new ones get."""
        for days in (-1, 366):
            with self.assert_refused("0 to 365 days"):
                self.company_a.customer_complaint_days = days
        self.company_a.customer_complaint_days = 0
        self.assertEqual(self._complain().deadline, date(2024, 5, 6))
