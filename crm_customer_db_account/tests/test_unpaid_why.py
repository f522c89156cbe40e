# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from .common import AccountFeedCommon


@freeze_time("2026-06-01 10:00:00")
class TestUnpaidWhy(AccountFeedCommon):
    """An overdue invoice names what is open of its order."""

    def _incident(self, kind, ref, **vals):
        return self.Fulfilment.create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_a.id,
                "kind": kind,
                "order_ref": ref,
                "date": "2026-05-02 10:00:00",
                "state": "open",
                **vals,
            }
        )

    def test_by_number_and_by_order(self):
        """Its own number or the order's; other customers, kinds, companies and what is solved say nothing."""
        invoice = self._invoice(10, invoice_origin="S1, S2")
        self.assertFalse(invoice.customer_unpaid_why)
        wanted = self._incident("complaint", invoice.name, reason_text="wrong size")
        wanted += self._incident("return", "S2", date="2026-05-03 10:00:00", subject="two boxes")
        self._incident("complaint", "S3")
        self._incident("shipment", "S2")
        self._incident("complaint", "S2", partner_id=self._partner(name="another").id)
        self._incident("complaint", "S2", company_id=self.company_b.id)
        self._incident("exchange", "S2", state="solved", solved_on="2026-05-04")
        invoice.invalidate_recordset()
        self.assertEqual(invoice.customer_unpaid_why, "Return 05/03/2026: two boxes · Complaint 05/02/2026: wrong size")
        self.env["crm.customer.feed"]._sync_pending()
        shown = self.Fulfilment.search(invoice.action_customer_unpaid_why()["domain"])
        self.assertEqual(set(shown), {*wanted, *self._overdue(invoice)})

    def test_only_overdue(self):
        """What is not due, is paid, or takes back needs no reason."""
        for values in ({"invoice_date_due": "2026-06-01"}, {"move_type": "out_refund"}, {"post": False}):
            invoice = self._invoice(10, invoice_origin="S9", **values)
            self._incident("complaint", "S9")
            invoice.invalidate_recordset()
            self.assertFalse(invoice.customer_unpaid_why)
        paid = self._invoice(10, invoice_origin="S9")
        self.assertTrue(paid.customer_unpaid_why)
        self._pay(paid, "2026-06-01")
        paid.invalidate_recordset()
        self.assertFalse(paid.customer_unpaid_why)

    def test_many_ask_once(self):
        """A list asks as much as one invoice."""
        invoices = self.env["account.move"].union(*(self._invoice(10, invoice_origin=f"S{n}") for n in range(6)))
        self._incident("complaint", "S3")
        counts = []
        for records in (invoices[:1], invoices):
            self.env.flush_all()
            self.env.invalidate_all()
            records = self._mine(records)
            records.mapped("line_ids.amount_residual")
            before = self.env.cr.sql_log_count
            records.mapped("customer_unpaid_why")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_rights(self):
        """Who does not use the customer file is told nothing."""
        invoice = self._invoice(10)
        with self.assertRaises(AccessError):
            self._as(self.user_data_entry, invoice).read(["customer_unpaid_why"])
