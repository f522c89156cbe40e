# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import freeze_time

from .common import AccountFeedCommon


@freeze_time("2026-06-01 10:00:00")
class TestIdentity(AccountFeedCommon):
    """What the customer file has from invoices is what Odoo's own analysis of invoices has."""

    def _analysis(self, company):
        """Odoo's sum of what was invoiced to customers, in the company's currency."""
        report = self.env["account.invoice.report"].with_context(allowed_company_ids=company.ids)
        [(total,)] = report._read_group(
            [
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_receipt", "out_refund")),
                ("company_id", "=", company.id),
                ("move_id.partner_id", "!=", False),
            ],
            aggregates=["price_subtotal:sum"],
        )
        return total or 0.0

    def _file(self, company):
        """(ordered, invoiced) in the customer file."""
        domain = [("feed", "=", "account"), ("company_id", "=", company.id)]
        [sums] = self.Purchase._read_group(domain, aggregates=["amount:sum", "amount_invoiced:sum"])
        return tuple(value or 0.0 for value in sums)

    def test_hard_cases(self):
        """To the cent, per company, over everything that goes wrong with invoices."""
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company_a.id})
        self.env.cr.precommit.run()
        self.user_accountant.company_ids += branch
        tax = self.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("company_id", "=", self.company_a.id)], limit=1
        )
        tax.price_include_override = "tax_included"
        paid = self._invoice(100, {"price_unit": 33.33, "quantity": 3, "discount": 7.5}, partner_id=self.buyer.id)
        self._invoice({"price_unit": 121, "tax_ids": [(6, 0, tax.ids)]}, {"price_unit": -11.11, "product_id": False})
        self._invoice(99.99, 0.01, 33.33, currency_id=self.dollar.id)
        self._invoice(19.95, move_type="out_receipt")
        self._invoice(7, move_type="out_receipt", partner_id=False)
        self._invoice(5000, post=False)
        self._invoice(6000).button_cancel()
        self._invoice(7000).button_draft()
        gone = self._invoice(8000)
        gone.button_draft()
        gone.with_context(force_delete=True).unlink()
        credited = self._invoice(50, 60, currency_id=self.dollar.id)
        credit = self._reverse(credited, "2026-03-20")
        credit.invoice_line_ids[0].quantity = 0.5
        credit.action_post()
        again = self._reverse(paid, "2026-04-20", modify=True)
        again.invoice_line_ids[0].price_unit = 90
        again.action_post()
        self._invoice(12.34, move_type="out_refund", invoice_date="2026-04-01")
        self._invoice(77, company=self.company_b)
        self._invoice(88, company=branch + self.company_a)
        for company in (self.company_a, self.company_b, branch):
            ordered, invoiced = self._file(company)
            self.assertNotEqual(ordered, 0)
            self.assertAlmostEqual(ordered, self._analysis(company), 2)
            self.assertEqual(ordered, invoiced)
        [lines] = (
            self.env["account.invoice.report"]
            .with_context(allowed_company_ids=self.company_a.ids)
            ._read_group(
                [("state", "=", "posted"), ("company_id", "=", self.company_a.id), ("move_id.partner_id", "!=", False)],
                aggregates=["__count", "quantity:sum"],
            )
        )
        [rows] = self.Purchase._read_group(
            [("feed", "=", "account"), ("company_id", "=", self.company_a.id)], aggregates=["__count", "quantity:sum"]
        )
        self.assertEqual(lines, rows)
        self.assert_in_step()
