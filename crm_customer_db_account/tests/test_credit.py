# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a customer owes, case by case, with the figures an accountant expects."""

from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import freeze_time

from .common import AccountFeedCommon

TODAY = date(2026, 6, 1)
BANDS = ("credit_overdue_30", "credit_overdue_60", "credit_overdue_90", "credit_overdue_old")


@freeze_time("2026-06-01 10:00:00")
class TestCredit(AccountFeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Metrics = cls.env["crm.customer.metrics"]
        cls.Metrics._rebuild(TODAY)

    def _row(self, partner=None, company=None, as_of=None):
        """The customer's figures after the queue was worked off."""
        if as_of:
            self.Metrics._refresh((partner or self.customer).ids, as_of)
        else:
            self.Metrics._drain(TODAY)
        self.Metrics.invalidate_model()
        return self.Metrics.search(
            [
                ("commercial_partner_id", "=", (partner or self.customer).id),
                ("company_id", "=", (company or self.company_a).id),
            ]
        )

    def assert_credit(self, row, **expected):
        """These figures, and exposure is what its parts add up to, Odoo's credit among them."""
        self.assertEqual({name: row[f"credit_{name}"] for name in expected}, expected)
        booked = row.credit_not_due + row.credit_overdue - row.credit_on_account
        parts = booked + row.credit_to_invoice + row.credit_draft + row.credit_in_course
        self.assertAlmostEqual(row.credit_exposure, parts, 2)
        self.assertAlmostEqual(sum(row[band] for band in BANDS), row.credit_overdue, 2)

    def _due(self, amount, day, **vals):
        return self._invoice(amount, invoice_date_due=day, **vals)

    def _odoo_credit(self, partner=None):
        partner = (partner or self.customer).with_company(self.company_a)
        partner.invalidate_recordset(["credit"])
        return partner.sudo().credit

    # ------------------------------------------------------------------------ parts

    def test_open_by_age(self):
        """Due today is not overdue; each band has its own."""
        for amount, day in (
            (1, "2026-06-01"),
            (2, "2026-07-01"),
            (10, "2026-05-31"),
            (20, "2026-05-02"),
            (40, "2026-05-01"),
            (80, "2026-04-02"),
            (160, "2026-04-01"),
            (320, "2026-03-03"),
            (640, "2026-03-02"),
        ):
            self._due(amount, day, invoice_date="2026-02-01")
        row = self._row()
        self.assert_credit(row, not_due=3, overdue=1270, overdue_30=30, overdue_60=120, overdue_90=480, overdue_old=640)
        self.assertEqual(row.credit_overdue_days, 91)
        self.assertEqual(row.credit_exposure, self._odoo_credit())

    def test_draft(self):
        """A draft counts with tax, a draft credit note against it."""
        self._invoice(100, post=False)
        self._invoice(30, post=False, move_type="out_refund")
        self.assert_credit(self._row(), draft=70, exposure=70, not_due=0)

    def test_back_to_draft_and_cancelled(self):
        invoice = self._due(100, "2026-07-01")
        self.assert_credit(self._row(), not_due=100, draft=0)
        invoice.button_draft()
        self.assert_credit(self._row(), not_due=0, draft=100)
        invoice.button_cancel()
        row = self._row()
        self.assert_credit(row, not_due=0, draft=0, exposure=0)

    def test_partial_and_early_payment(self):
        invoice = self._due(100, "2026-07-01")
        self._pay(invoice, "2026-05-01", 30)
        row = self._row()
        self.assertEqual(row.credit_not_due + row.credit_in_course, 100, "money in course is not in the bank")
        self.assertEqual(row.credit_in_course, 30)

    def test_in_course_without_entry(self):
        """A payment that writes nothing leaves the invoice open in the books, yet is in course."""
        journals = self.env["account.journal"].search([("company_id", "=", self.company_a.id)])
        journals.inbound_payment_method_line_ids.payment_account_id = False
        invoice = self._due(100, "2026-05-01")
        self._due(10, "2026-04-01")
        # as where an accounting app waits for the bank; Community gives every payment an entry
        waits = patch.object(type(self.env["account.move"]), "_get_invoice_in_payment_state", lambda move: "in_payment")
        with waits:
            self._pay(invoice, "2026-05-01", 70)
        self.assertFalse(invoice.matched_payment_ids.move_id)
        self.assert_credit(self._row(), overdue=40, in_course=70, exposure=110)
        self.assertEqual(self._odoo_credit(), 110)

    def test_in_course_with_entry(self):
        """Odoo calls the invoice paid; the money is on the outstanding account."""
        account = self.env["account.account"].create(
            {
                "name": "Notes receivable",
                "code": "431200",
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [Command.set(self.company_a.ids)],
            }
        )
        bank = self._journal("bank")
        bank.inbound_payment_method_line_ids.payment_account_id = account
        invoice = self._due(100, "2026-05-01")
        self._pay(invoice, "2026-05-01")
        self.assertEqual(self._odoo_credit(), 0)
        self.assert_credit(self._row(), overdue=0, in_course=100, exposure=100)

    def test_arrived(self):
        """What nobody has matched with the bank arrives after ninety days; 0: never."""
        invoice = self._due(100, "2026-02-20", invoice_date="2026-02-01")
        self._pay(invoice, "2026-03-03")
        self.assert_credit(self._row(), in_course=100)
        self.Metrics._move_to(date(2026, 6, 2))
        self.Metrics._drain()
        self.Metrics.invalidate_model()
        self.assert_credit(self._row(as_of=date(2026, 6, 2)), in_course=0)
        self.company_a.customer_credit_course_days = 0
        self.assert_credit(self._row(), in_course=100)

    def test_payment_without_invoice(self):
        """Money on account is owed to the customer."""
        self._due(100, "2026-07-01")
        entry = self._entry(-40)
        self.assertEqual(entry.state, "posted")
        row = self._row()
        self.assert_credit(row, not_due=100, on_account=40, exposure=60)
        self.assertEqual(row.credit_exposure, self._odoo_credit())

    def _entry(self, amount, partner=None, day="2026-05-15"):
        """A journal entry on the receivable account of a customer."""
        partner = partner or self.customer
        receivable = partner.with_company(self.company_a).property_account_receivable_id
        bank = self._journal("bank").default_account_id
        entry = self.env["account.move"].create(
            {
                "journal_id": self._journal("general").id,
                "date": day,
                "company_id": self.company_a.id,
                "line_ids": [
                    Command.create({"account_id": receivable.id, "partner_id": partner.id, "balance": amount}),
                    Command.create({"account_id": bank.id, "balance": -amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def test_refund_over_the_balance(self):
        """Who has more credit notes than invoices has a negative exposure."""
        self._due(50, "2026-07-01")
        self._invoice(80, move_type="out_refund")
        row = self._row()
        self.assert_credit(row, not_due=50, on_account=80, exposure=-30)
        self.assertEqual(row.credit_exposure, self._odoo_credit())

    def test_contacts(self):
        """What a contact was invoiced, or stands in an entry for, is his company's."""
        self._due(50, "2026-07-01", partner_id=self.buyer.id)
        self._entry(25, self.buyer)
        self.assertEqual(self._row().credit_not_due + self._row().credit_overdue, 75)
        self.assertFalse(self._row(self.buyer))

    def test_vendor_too(self):
        """What we owe him as a vendor takes nothing off."""
        self._due(50, "2026-07-01")
        self._mine(self.env["account.move"]).create(
            {
                "move_type": "in_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-03-01",
                "invoice_line_ids": [Command.create({"product_id": self.product.id, "price_unit": 500})],
            }
        ).action_post()
        self.assert_credit(self._row(), not_due=50, exposure=50)

    def test_other_currency(self):
        """A dollar is worth 0.80; the figures are in euros."""
        self._due(100, "2026-07-01", currency_id=self.dollar.id)
        self.assert_credit(self._row(), not_due=80, exposure=80)

    def test_instalments(self):
        """Each instalment is due on its own day."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 120}),
                ],
            }
        )
        self._invoice(100, invoice_payment_term_id=term.id)
        self.assert_credit(self._row(), overdue=50, not_due=50)

    def test_exchange_difference(self):
        """What the rate has won or lost is nothing the customer owes, nor a payment of his."""
        self.env["res.currency.rate"].create(
            {"currency_id": self.dollar.id, "company_id": self.company_a.id, "name": "2026-05-01", "rate": 1.0}
        )
        invoice = self._due(100, "2026-04-01", currency_id=self.dollar.id)
        self._pay(invoice, "2026-05-11")
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        row = self._row()
        self.assert_credit(row, overdue=0, not_due=0, on_account=0)
        if invoice.matched_payment_ids.move_id:
            self.assertEqual((row.credit_settled_count, row.credit_days_late), (1, 40))

    def test_write_off(self):
        """A difference that is written off is settled."""
        invoice = self._due(100, "2026-07-01")
        self._pay_rest(invoice, 98)
        self.assert_credit(self._row(), not_due=0, overdue=0, in_course=98)

    def test_cash_discount(self):
        """2 % for paying within ten days: until then all is owed; paid with it, nothing is left, and nobody was late."""
        accounts = self.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", self.company_a.ids)], limit=1
        )
        self.company_a.account_journal_early_pay_discount_loss_account_id = accounts
        term = self.env["account.payment.term"].create(
            {
                "name": "2/10, net 30",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "included",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        invoice = self._invoice(100, invoice_date="2026-05-25", invoice_payment_term_id=term.id)
        self.assert_credit(self._row(), not_due=100, overdue=0, exposure=100)
        self.assertEqual(self._odoo_credit(), 100)
        payment = self._pay(invoice, "2026-05-30")
        self.assertEqual(payment.amount, 98)
        row = self._row()
        self.assert_credit(row, not_due=0, overdue=0, on_account=0, in_course=98, settled_count=1)
        self.assertLess(row.credit_days_late, 0)
        self.assertEqual(self._odoo_credit(), 0)

    def _pay_rest(self, invoice, amount):
        """Register less than the invoice and write the rest off."""
        wizard = (
            self._mine(self.env["account.payment.register"])
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "payment_date": "2026-05-15",
                    "amount": amount,
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.env["account.account"]
                    .search([("account_type", "=", "expense"), ("company_ids", "in", self.company_a.ids)], limit=1)
                    .id,
                }
            )
        )
        return wizard._create_payments()

    def test_branch(self):
        """What a branch has invoiced stands with its company, once."""
        branch = self.env["res.company"].create({"name": "Sucursal", "parent_id": self.company_a.id})
        self.user_accountant.company_ids += branch
        receivable = self.customer.with_company(self.company_a).property_account_receivable_id
        self.customer.with_company(branch).property_account_receivable_id = receivable
        self._due(50, "2026-07-01")
        invoice = self._mine(self.env["account.move"], self.company_a + branch).with_company(branch)
        move = invoice.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2026-06-01",
                "company_id": branch.id,
                "journal_id": self._journal("sale").id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Rodamiento",
                            "account_id": self._journal("sale").default_account_id.id,
                            "price_unit": 30,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        self.assertEqual(move.company_id, branch)
        row = self._row()
        self.assert_credit(row, not_due=80, overdue=0, exposure=80)
        self.assertEqual(row.credit_exposure, self._odoo_credit())
        self.assertEqual(self._row(company=branch).credit_exposure, 0)

    def test_two_companies(self):
        """Each company its own."""
        self._due(50, "2026-07-01")
        self._due(70, "2026-05-01", company=self.company_b)
        self.assert_credit(self._row(), not_due=50, overdue=0)
        self.assert_credit(self._row(company=self.company_b), not_due=0, overdue=70)

    def test_merged(self):
        other = self._partner(name="Talleres Olid bis")
        self._due(50, "2026-07-01")
        self._due(70, "2026-05-01", partner_id=other.id)
        self._row()
        self.env["base.partner.merge.automatic.wizard"]._merge((self.customer + other).ids, self.customer)
        self.assert_credit(self._row(), not_due=50, overdue=70)
        self.assertFalse(any(self.Metrics._rebuild(TODAY, edges=False)))

    def test_as_of_a_past_day(self):
        """On the day before the payment the invoice was open."""
        self._entry(60)
        before = date(2026, 5, 20)
        invoice = self._due(100, "2026-05-10")
        credit = self._invoice(100, move_type="out_refund", invoice_date="2026-05-25")
        (invoice + credit).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        self.assert_credit(self._row(), overdue=60)
        self.assert_credit(self._row(as_of=before), overdue=160, on_account=0)

    # -------------------------------------------------------------------- situation

    def _limit(self, amount):
        self.company_a.account_use_credit_limit = True
        self.customer.with_company(self.company_a).sudo().credit_limit = amount

    def test_no_limit(self):
        self._due(5000, "2026-07-01")
        row = self._row()
        self.assertEqual((row.credit_limit, row.credit_used, row.credit_available), (0, 0, 0))
        self.assertEqual(row.credit_status, "green")

    def test_limit(self):
        """Amber from 80 %, red above all of it."""
        self._limit(1000)
        self._due(799, "2026-07-01")
        self.assertEqual(self._row().credit_status, "green")
        self._due(1, "2026-07-01")
        row = self._row()
        self.assertEqual((row.credit_status, row.credit_used, row.credit_available), ("amber", 80, 200))
        self._due(200, "2026-07-01")
        self.assertEqual(self._row().credit_status, "amber")
        self._due(0.01, "2026-07-01")
        self.assertEqual(self._row().credit_status, "red")

    def test_overdue(self):
        """Amber after five days and fifty euros, red after thirty days."""
        for amount, day, status in (
            (50, "2026-05-26", "green"),
            (50, "2026-05-27", "green"),
            (1, "2026-05-26", "amber"),
            (1, "2026-05-02", "amber"),
            (1, "2026-05-01", "red"),
        ):
            self._due(amount, day)
            with self.subTest(amount=amount, day=day):
                self.assertEqual(self._row().credit_status, status)

    def test_bad_debtor(self):
        """Odoo's own mark is never contradicted."""
        self._due(5, "2026-07-01")
        self.customer.with_company(self.company_a).sudo().trust = "bad"
        self.assertEqual(self._row().credit_status, "red")

    def test_no_business(self):
        """Nothing invoiced for two years: no situation."""
        self._due(5, "2024-05-02", invoice_date="2024-04-01")
        self._entry(-5)
        lines = self.env["account.move.line"].search(
            [("partner_id", "=", self.customer.id), ("account_id.account_type", "=", "asset_receivable")]
        )
        lines.reconcile()
        self.assertEqual(self._row().credit_status, "none")

    def test_payment_record(self):
        """Three settled invoices; days late weighted by amount; the typed level beats it."""
        for amount, due in ((100, "2026-04-01"), (100, "2026-04-11"), (200, "2026-04-21")):
            invoice = self._due(amount, due)
            entry = self._entry(-amount, day="2026-04-21")
            (invoice + entry).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            ).reconcile()
        row = self._row()
        self.assertEqual((row.credit_settled_count, row.credit_days_late, row.credit_grade), (3, 7.5, "c"))
        self.customer.customer_credit_level = "a"
        self.assertEqual((self._row().credit_grade, self._row().credit_grade_typed), ("a", True))
        self.customer.customer_credit_level_expiry = "2026-05-31"
        self.assertEqual((self._row().credit_grade, self._row().credit_grade_typed), ("c", False))

    def test_not_enough_history(self):
        self._due(5, "2026-07-01")
        self.assertFalse(self._row().credit_grade)

    def test_policy(self):
        """The thresholds are each company's own, and a change reaches its customers."""
        self._due(100, "2026-05-20")
        self.assertEqual(self._row().credit_status, "amber")
        self.company_a.customer_credit_red_days = 10
        self.assertEqual(self._row().credit_status, "red")

    # ------------------------------------------------------------------------ engine

    def test_night(self):
        """What becomes overdue does so overnight, and queue and night equal a rebuild."""
        self._due(100, "2026-06-01")
        self._due(100, "2026-05-20")
        self._row()
        for day in (2, 3, 20, 40):
            as_of = date(2026, 6, 1).replace(month=6 + day // 30, day=day % 30 or 30)
            with freeze_time(f"{as_of} 10:00:00"):
                self.Metrics._move_to(as_of)
                self.Metrics._drain()
                self.assertFalse(any(self.Metrics._rebuild(as_of, edges=False)), as_of)
