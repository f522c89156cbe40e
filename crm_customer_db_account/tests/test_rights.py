# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user
from odoo.tools import mute_logger

from odoo.addons.crm_customer_db.tests import roles

from .common import AccountFeedCommon

INVOICING = {
    "Invoicing": "account.group_account_invoice",
    "Accounts, reading": "account.group_account_readonly",
    "Accounts, administrator": "account.group_account_manager",
}
READERS = set(INVOICING)


@freeze_time("2026-06-01 10:00:00")
class TestRights(AccountFeedCommon):
    """Who may do what with returned payments, and what invoicing brings of the customer file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, login=f"cdb_role_{number}", groups=groups, company_id=cls.company_a.id)
            for number, (role, groups) in enumerate({**roles.ROLES, **INVOICING}.items())
        }

    def _may(self, call):
        try:
            with mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_rule"):
                call()
        except AccessError:
            return False
        return True

    def test_matrix(self):
        """Who keeps accounts reads returns; nobody writes one by hand."""
        back = self._bring_back(self._pay(self._invoice(100), "2026-03-31"), "2026-04-08")
        for record in (back, back.line_ids):
            for role, user in self.users.items():
                mine = self._as(user, record)
                vals = {"payment_id": back.payment_id.id} if record == back else {"return_id": back.id}
                with self.subTest(role=role, model=record._name):
                    found = ""
                    for letter, call in {
                        "r": lambda mine=mine: mine.read(["display_name"]),
                        "w": lambda mine=mine: mine.write({}),
                        "c": lambda mine=mine, vals=vals: mine.browse().create(vals),
                        "u": mine.unlink,
                    }.items():
                        found += letter if self._may(call) else ""
                    self.assertEqual(found, "r" if role in READERS else "")

    def test_sales_by_situation(self):
        """Who may see credit figures reads how customers stood; nobody writes it, nobody of another company reads it."""
        invoice = self._invoice(100)
        self.env.flush_all()
        kept = self.env["crm.customer.credit.snapshot"].search([("document_id", "=", invoice.id)])
        told = self.env["crm.customer.credit.report"].search([("document_id", "=", invoice.id)])
        self.assertEqual((len(kept), len(told)), (1, 1))
        for record in (kept, told):
            for role, user in self.users.items():
                mine = self._as(user, record)
                with self.subTest(role=role, model=record._name):
                    found = ""
                    for letter, call in {
                        "r": lambda mine=mine: mine.read(["credit_status", "amount"]),
                        "s": lambda mine=mine: mine.search([("credit_status", "!=", False)]),
                        "w": lambda mine=mine: mine.write({"credit_status": "green"}),
                        "c": lambda mine=mine: mine.browse().create({"document_name": "x"}),
                        "u": mine.unlink,
                    }.items():
                        found += letter if self._may(call) else ""
                    figures = role in ("Invoicing", "Accounts, administrator", "Credit figures")
                    self.assertEqual(found, "rs" if figures else "")
        elsewhere = new_test_user(
            self.env,
            login="cdb_elsewhere",
            groups=INVOICING["Invoicing"],
            company_id=self.company_b.id,
            company_ids=[Command.set(self.company_b.ids)],
        )
        for record in (kept, told):
            model = record.with_user(elsewhere).with_context(allowed_company_ids=self.company_b.ids)
            self.assertFalse(model.search([("document_id", "=", invoice.id)]))
            self.assertFalse(self._may(lambda model=model: model.read(["amount"])))

    def test_who_takes_back(self):
        """Only who invoices may take a payment back, or undo it; others are refused by every way."""
        payment = self._pay(self._invoice(100), "2026-03-31")
        other = self._bring_back(self._pay(self._invoice(50), "2026-03-31"), "2026-04-08")
        for role, user in self.users.items():
            if role in ("Invoicing", "Accounts, administrator"):
                continue
            with self.subTest(role=role):
                self.assertFalse(self._may(lambda user=user: self._as(user, payment).action_customer_return()))
                self.assertFalse(self._may(lambda user=user: self._as(user, other).action_undo()))
                self.assertFalse(
                    self._may(
                        lambda user=user: self._as(user, self.env["crm.customer.payment.return.wizard"]).create(
                            {"payment_id": payment.id}
                        )
                    )
                )
        self.assertEqual((payment.state, other.state), ("paid", "done"))

    def test_what_invoicing_brings(self):
        """Who invoices reads the customer file and the figures of credit, and no personal data."""
        user = self.users["Invoicing"]
        self.assertTrue(user.has_group("crm_customer_db.group_customer_user"))
        self.assertTrue(user.has_group("crm_customer_db.group_credit_figures"))
        self.assertFalse(user.has_group("crm_customer_db.group_personal_data"))
        invoice = self._invoice(100)
        self.customer.user_id = self.user_sales_own
        self.assertEqual(self._as(user, self._rows(invoice)).amount, 100)
        self.assertEqual(self._as(user, self._overdue(invoice)).state, "open")
        for rows in (self._rows(invoice), self._overdue(invoice)):
            for change in (lambda rows=rows: self._as(user, rows).write({"note": "x"}), self._as(user, rows).unlink):
                self.assertFalse(self._may(change))
        menus = self._as(user, self.env["ir.ui.menu"])._visible_menu_ids()
        self.assertIn(self.env.ref("crm_customer_db.menu_root").id, menus)
        self.assertIn(self.env.ref("crm_customer_db_account.menu_payment_return").id, menus)

    def test_salespeople_see_theirs(self):
        """A salesperson sees what his customers owe, and not what those of others do."""
        invoice = self._invoice(100)
        self.customer.user_id = self.user_sales_all
        rows = self._rows(invoice) + self.Purchase
        domain = [("id", "in", rows.ids)]
        self.assertFalse(self._as(self.user_sales_own, self.Purchase).search(domain))
        self.assertFalse(
            self._as(self.user_sales_own, self.Fulfilment).search([("id", "in", self._overdue(invoice).ids)])
        )
        self.customer.user_id = self.user_sales_own
        self.assertEqual(self._as(self.user_sales_own, self.Purchase).search(domain), rows)
        self.assertEqual(self._as(self.user_sales_own, self._overdue(invoice)).amount, 100)
        self.assertFalse(self._as(self.user_sales_own, self.Purchase, self.company_b).search(domain))
