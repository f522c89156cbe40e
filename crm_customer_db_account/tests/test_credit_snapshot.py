# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was known of the customer when something was sold stays as it was."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from .common import AccountFeedCommon


@freeze_time("2026-06-01 10:00:00")
class TestCreditSnapshot(AccountFeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Snapshot = cls.env["crm.customer.credit.snapshot"]
        cls.Report = cls.env["crm.customer.credit.report"]

    def _kept(self, *documents):
        return self.Snapshot.search(
            [("document_model", "=", "account.move"), ("document_id", "in", [document.id for document in documents])],
            order="id",
        )

    def test_figures_of_the_moment_before(self):
        """An invoice does not count among what the customer owed when it was posted."""
        first = self._invoice(100, invoice_date_due="2026-03-31")
        second = self._invoice(30, invoice_date="2026-06-01", invoice_date_due="2026-07-01")
        one, two = self._kept(first), self._kept(second)
        self.assertEqual((one.credit_exposure, one.credit_status, one.amount), (0, "none", 100))
        self.assertEqual((two.credit_exposure, two.credit_overdue, two.credit_overdue_days), (100, 100, 62))
        self.assertEqual((two.credit_status, two.document_name), ("red", second.name))
        self.assertEqual((two.commercial_partner_id, two.company_id), (self.customer, self.company_a))
        self.assertEqual(two.user_id, second.invoice_user_id)
        self.assertEqual(self._rows(second).mapped("credit_status"), ["red"])
        self.assertEqual(self._rows(first).mapped("credit_status"), ["none"])

    def test_returned_a_moment_ago(self):
        """What the bank took back in the same transaction is known already."""
        invoice = self._invoice(50, invoice_date="2026-05-25", invoice_date_due="2026-07-01")
        payment = self._pay(invoice, "2026-05-28")
        back = self._bring_back(payment, "2026-05-30")
        self.assertEqual(self._kept(self._invoice(1, invoice_date_due="2026-07-01")).credit_status, "red")
        self._mine(back).action_undo()
        self.assertEqual(self._kept(self._invoice(2, invoice_date_due="2026-07-01")).credit_status, "green")

    def test_never_rewritten(self):
        """Paying afterwards changes nothing; posting again for the same amount is the same sale."""
        self._invoice(100, invoice_date_due="2026-03-31")
        second = self._invoice(30, invoice_date="2026-06-01", invoice_date_due="2026-07-01")
        self._pay(self.env["account.move"].search([("partner_id", "=", self.customer.id)]), "2026-06-01")
        second.button_draft()
        second.action_post()
        self.assertEqual(len(self._kept(second)), 1)
        self.env["crm.customer.feed"]._sync_pending()
        self.assertEqual(self._rows(second).mapped("credit_status"), ["red"])
        self.assert_in_step()
        second.button_draft()
        second.invoice_line_ids.price_unit = 3000
        second.action_post()
        self.assertEqual(self._kept(second).mapped("amount"), [30, 3000])

    def test_together(self):
        """Several at once know nothing of each other."""
        self._invoice(5)
        drafts = self.env["account.move"].union(*(self._invoice(10, post=False) for _number in range(3)))
        drafts = self._mine(drafts)
        drafts.action_post()
        self.assertEqual(self._kept(*drafts).mapped("credit_exposure"), [5, 5, 5])
        self.assertEqual(set(self._kept(*drafts).mapped("document_id")), set(drafts.ids))

    def test_limit(self):
        """A limit, and whether it was exceeded with this sale; the company's usual one holds for newcomers."""
        self.company_a.account_use_credit_limit = True
        self.env["ir.default"].set("res.partner", "credit_limit", 120, company_id=self.company_a.id)
        self.assertEqual(
            [self._kept(self._invoice(amount)).over_limit for amount in (100, 20, 1)], [False, False, True]
        )
        self.assertEqual(self._kept(self._invoice(2)).credit_limit, 120)

    def test_other_documents(self):
        """Credit notes, bills and drafts sell nothing; a contact's invoice counts for his customer."""
        refund = self._invoice(10, move_type="out_refund")
        draft = self._invoice(10, post=False)
        bill = self._mine(self.env["account.move"]).create({"move_type": "entry"})
        contacts = self._invoice(10, partner_id=self.buyer.id)
        self.assertFalse(self._kept(refund, draft, bill))
        self.assertEqual(self._kept(contacts).commercial_partner_id, self.customer)

    def test_nobody_writes(self):
        """Not even the superuser."""
        kept = self._kept(self._invoice(10))
        for records in (kept, kept.sudo(), self._mine(kept)):
            with self.assertRaises(AccessError):
                records.write({"credit_status": "green"})
            with self.assertRaises(AccessError):
                records.unlink()
        with self.assertRaises(AccessError):
            self._mine(self.Snapshot).create({"document_model": "account.move", "document_id": 1})
        self.assertEqual(self._mine(kept).credit_status, "none")

    def test_merged(self):
        """What was known goes along with the customer."""
        other = self._partner(name="Talleres Olid dos")
        invoice = self._invoice(10, partner_id=other.id)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.customer + other).ids, self.customer)
        self.assertEqual(self._kept(invoice).commercial_partner_id, self.customer)

    def test_unpaid(self):
        """What is open of what was sold in which situation adds up to the invoices."""
        first = self._invoice(100, invoice_date_due="2026-03-31")
        second = self._invoice(30, invoice_date="2026-06-01", invoice_date_due="2026-07-01")
        third = self._invoice(7)
        self._pay(first, "2026-06-01", amount=60)
        third.button_draft()
        rows = {row.document_id: row for row in self._mine(self.Report).search([])}
        self.assertEqual(set(rows), {first.id, second.id})
        one, two = rows[first.id], rows[second.id]
        self.assertEqual((one.amount, one.amount_invoiced, one.amount_open, one.amount_overdue), (100, 100, 40, 40))
        self.assertEqual((two.amount, two.amount_invoiced, two.amount_open, two.amount_overdue), (30, 30, 30, 0))
        groups = dict(self._mine(self.Report)._read_group([], ["credit_status"], ["amount_open:sum"]))
        self.assertEqual(groups, {"none": 40, "red": 30})
        self.assertEqual(one.action_open_document()["res_id"], first.id)

    def test_as_of_today(self):
        """Posting an old invoice keeps how the customer stands today, not then."""
        self._invoice(100, invoice_date_due="2026-03-31")
        old = self._invoice(1, invoice_date="2026-01-01", invoice_date_due="2026-01-31")
        self.assertEqual(self._kept(old).date.date(), date(2026, 6, 1))
        self.assertEqual(self._kept(old).credit_status, "red")
