# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A salesperson's and an accountant's way through credit, in a real browser."""

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SaleFeedCommon


@tagged("post_install", "-at_install")
class TestCreditTour(HttpCase, SaleFeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.account_use_credit_limit = True
        cls.customer.with_company(cls.company_a).credit_limit = 150
        cls.company_a.write({"customer_credit_approval": True, "customer_credit_approver_id": cls.user_accountant.id})

    def _walk(self):
        invoice = self._mine(
            self._invoice(100, invoice_date=fields.Date.today().replace(month=1, day=2), invoice_date_due="2026-01-15")
        )
        order = self._order(confirm=False)
        self.env["crm.customer.metrics"]._drain()
        self.env.flush_all()
        page, sales = f"/odoo/orders/{order.id}", self.user_sales_all.login
        with mute_logger("odoo.http"):
            # the refusal is what is looked for
            self.start_tour(page, "crm_customer_db_credit_salesperson", login=sales)
        self.start_tour("/odoo/credit-approvals", "crm_customer_db_credit_accountant", login="cdb_accountant")
        self.start_tour(page, "crm_customer_db_credit_confirm", login=sales)
        self.env.invalidate_all()
        approval = self.env["crm.customer.credit.approval"]._of(order)
        self.assertEqual((approval.state, approval.asked_reason), ("used", "Buen cliente"))
        self.assertEqual((approval.decided_reason, approval.decided_by_id), ("Aval bancario", self.user_accountant))
        self.start_tour("/odoo/credit-situation", "crm_customer_db_dunning", login="cdb_accountant")
        self.start_tour("/odoo/payment-promises", "crm_customer_db_promises", login="cdb_accountant")
        promise = self.env["crm.customer.payment.promise"].search([("invoice_ids", "in", invoice.ids)])
        self.assertEqual((promise.amount, promise.promised_on), (40, fields.Date.to_date("2030-10-10")))

    def test_day(self):
        """Refused, asked, approved and confirmed; a promise from the list, which the open items name."""
        self._walk()

    def test_day_in_spanish(self):
        """The same in Spanish."""
        self.env["res.lang"]._activate_lang("es_ES")
        addons = ["crm_customer_db", "crm_customer_db_account", "crm_customer_db_sale"]
        self.env["ir.module.module"]._load_module_terms(addons, ["es_ES"])
        (self.user_sales_all + self.user_accountant).lang = "es_ES"
        self._walk()
