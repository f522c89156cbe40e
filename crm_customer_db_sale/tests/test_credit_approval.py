# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Over the limit only with leave: who asks, who decides, and no way round."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user
from odoo.tools import mute_logger

from odoo.addons.crm_customer_db.tests import roles
from odoo.addons.crm_customer_db_account.tests.test_rights import INVOICING

from .common import SaleFeedCommon

REFUSED = "over the credit limit"


@freeze_time("2026-06-01 10:00:00")
class TestCreditApproval(SaleFeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.account_use_credit_limit = True
        cls.customer.with_company(cls.company_a).credit_limit = 150
        cls.company_a.write({"customer_credit_approval": True, "customer_credit_approver_id": cls.user_accountant.id})
        cls.Approval = cls.env["crm.customer.credit.approval"]

    def _dialog(self, action, user, **vals):
        model = self.env[action["res_model"]].with_user(user).with_context(**action["context"])
        form = Form(model.with_context(allowed_company_ids=self.company_a.ids))
        for name, value in vals.items():
            setattr(form, name, value)
        form.save().action_confirm()

    def _ask(self, order, reason="good customer", **vals):
        order = self._sold(order)
        self._dialog(order.action_customer_credit_ask(), self.user_sales_all, reason=reason, **vals)
        return self.Approval._of(order)[:1]

    def _decide(self, order, how="approve", reason="bank guarantee"):
        order = self._mine(order)
        self._dialog(getattr(order, f"action_customer_credit_{how}")(), self.user_accountant, reason=reason)
        return self.Approval._of(order)[:1]

    def _quantity(self, line, quantity):
        """Another quantity at the same price, which Odoo would take from the list."""
        line.write({"product_uom_qty": quantity, "price_unit": 10})

    def _sold(self, order):
        return order.with_user(self.user_sales_all).with_context(allowed_company_ids=self.company_a.ids)

    def _state(self, order):
        order.invalidate_recordset()
        return self._sold(order).customer_credit_approval

    def test_asked_and_approved(self):
        first, second = self._order(confirm=False), self._order(confirm=False)
        self.assertFalse(self._state(first))
        first.action_confirm()
        self.assertEqual(self._state(second), "needed")
        with self.assertRaisesRegex(UserError, REFUSED):
            second.action_confirm()
        self.assertEqual(second.state, "draft")
        asked = self._ask(second)
        self.assertEqual((asked.credit_limit, asked.credit_exposure, asked.amount), (150, 100, 100))
        self.assertEqual(asked.asked_by_id, self.user_sales_all)
        self.assertEqual(asked.activity_ids.user_id, self.user_accountant)
        self.assertEqual(self._state(second), "asked")
        with self.assertRaisesRegex(UserError, REFUSED):
            second.action_confirm()
        self._decide(second)
        self.assertEqual((asked.state, asked.decided_by_id), ("approved", self.user_accountant))
        self.assertEqual((asked.asked_reason, asked.decided_reason), ("good customer", "bank guarantee"))
        self.assertFalse(asked.activity_ids)
        self.assertIn("bank guarantee", " ".join(second.message_ids.mapped("body")))
        self.assertEqual(self._state(second), "approved")
        self._sold(second).action_confirm()
        self.assertEqual((second.state, asked.state), ("sale", "used"))

    def test_refused(self):
        self._order()
        order = self._order(confirm=False)
        self._ask(order)
        self._decide(order, "refuse", "too much already")
        self.assertEqual(self._state(order), "refused")
        with self.assertRaisesRegex(UserError, REFUSED):
            order.action_confirm()
        asked = self._ask(order, "he has paid a part")
        self.assertEqual(self._state(order), "asked")
        action = self._mine(asked).action_approve()
        self._dialog(action, self.user_accountant, reason="then yes")
        self.assertEqual((self._state(order), asked.state), ("approved", "approved"))

    def test_no_way_round(self):
        """Cancelled and confirmed once more, made larger, copied, for another customer, made confirmed."""
        self._order()
        order = self._order(confirm=False)
        self._ask(order)
        self._decide(order)
        order.action_confirm()
        order._action_cancel()
        order.action_draft()
        with self.assertRaisesRegex(UserError, REFUSED):
            order.action_confirm()
        with self.assertRaisesRegex(UserError, REFUSED):
            order.copy().action_confirm()
        self._ask(order)
        self._decide(order)
        self._quantity(order.order_line, 11)
        self.assertEqual(self._state(order), "needed", "approved up to a hundred")
        with self.assertRaisesRegex(UserError, REFUSED):
            order.action_confirm()
        with self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
            self._order(confirm=False, state="sale")
        # several at once, each of them within the limit
        self.customer.with_company(self.company_a).credit_limit = 250
        pair = self._order(confirm=False) + self._order(confirm=False)
        with self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
            pair.action_confirm()
        pair[0].action_confirm()

    def test_confirmed_and_then_more(self):
        """A confirmed order grows over the limit only with an approval for what it becomes."""
        order = self._order()
        self.assertEqual(self._state(order), "done")
        line = self._sold(order).order_line
        self._quantity(line, 15)
        for change in (
            lambda: self._quantity(line, 16),
            lambda: line.write({"price_unit": 50}),
            lambda: self._sold(order).write({"order_line": [Command.create(self._line(quantity=1))]}),
        ):
            with self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
                change()
        self._quantity(line, 12)
        asked = self._ask(order, amount=200)
        self._decide(order)
        self._quantity(line, 20)
        self.assertEqual(asked.state, "used")
        with self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
            self._quantity(line, 21)
        self.customer.with_company(self.company_a).credit_limit = 0
        self._quantity(line, 100)

    def test_other_customer(self):
        """Confirmed for somebody without a limit and then given to the customer."""
        other = self._partner(name="another")
        order = self._order(self._line(quantity=20), partner_id=other.id)
        with self.assertRaisesRegex(UserError, REFUSED), self.env.cr.savepoint():
            order.partner_invoice_id = self.customer
        order.partner_invoice_id = self._partner(name="third")

    def test_invoice(self):
        """What is invoiced without an order waits as well; what was ordered was asked before."""
        order = self._order()
        bill = self._bill(order)
        self.assertEqual(bill.state, "posted")
        invoice = self._invoice(100, post=False)
        self.assertEqual(invoice.with_user(self.user_accountant).customer_credit_approval, "needed")
        with self.assertRaisesRegex(UserError, REFUSED):
            invoice.action_post()
        self._decide(invoice)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(self.Approval._of(invoice).mapped("state"), ["used"])

    def test_signed_by_the_customer(self):
        """Who signs online reads nothing about his credit: the order waits, and the accountant is asked."""
        self._order()
        order = self._order(confirm=False)
        portal = new_test_user(self.env, "cdb_signs", groups="base.group_portal")
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.state, "draft")
        self.assertEqual(self.Approval._of(order).activity_ids.user_id, self.user_accountant)
        self.assertEqual(self._state(order), "asked")
        self._decide(order)
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.state, "sale")

    def test_off(self):
        """Without the setting, without a limit and in other companies nothing is asked."""
        with self.assertRaises(ValidationError):
            self.company_a.customer_credit_approver_id = False
        with self.assertRaises(ValidationError):
            self.company_a.customer_credit_approver_id = self.user_sales_all
        self._order(company=self.company_b)
        self._order(self._line(quantity=50), company=self.company_b)
        self.company_a.customer_credit_approval = False
        order = self._order(self._line(quantity=50))
        self.assertEqual((order.state, self._state(order)), ("sale", False))
        with self.assertRaises(UserError):
            self._sold(order).action_customer_credit_ask()

    def test_rights(self):
        """Who sells asks; who invoices decides; the log is read by accountants and changed by nobody."""
        self._order()
        order = self._order(confirm=False)
        approval = self._ask(order)
        for number, (role, groups) in enumerate({**roles.ROLES, **INVOICING}.items()):
            user = new_test_user(self.env, login=f"cdb_apr_{number}", groups=groups, company_id=self.company_a.id)
            mine = approval.with_user(user).with_context(allowed_company_ids=self.company_a.ids)
            document = order.with_user(user).with_context(allowed_company_ids=self.company_a.ids)
            forged = {
                "document_model": "sale.order",
                "document_id": order.id,
                "company_id": self.company_a.id,
                "state": "approved",
                "amount": 1000,
            }
            found = ""
            for letter, call in {
                "r": lambda mine=mine: mine.read(["amount", "state"]),
                "w": lambda mine=mine: mine.write({"state": "approved"}),
                "c": lambda mine=mine, forged=forged: mine.browse().create(forged),
                "u": mine.unlink,
                "d": document.action_customer_credit_approve,
                # the dialog itself, without the button
                "D": lambda document=document, user=user: (
                    self.env["crm.customer.credit.approval.wizard"]
                    .with_user(user)
                    .create(
                        {
                            "mode": "approve",
                            "document_model": "sale.order",
                            "document_id": document.id,
                            "company_id": self.company_a.id,
                            "amount": 1000,
                            "reason": "x",
                        }
                    )
                    .action_confirm()
                ),
            }.items():
                try:
                    with self.env.cr.savepoint(), mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_rule"):
                        call()
                        found += letter
                        raise ZeroDivisionError
                except (AccessError, ZeroDivisionError):
                    continue
            decides = role in ("Invoicing", "Accounts, administrator")
            with self.subTest(role=role):
                self.assertEqual(found, "rdD" if decides else "r" if role in INVOICING else "")
        self.assertEqual(approval.state, "asked")

    def test_forged_document(self):
        """The dialog is only for documents, and only for those one may change."""
        wizard = self.env["crm.customer.credit.approval.wizard"].with_user(self.user_sales_own)
        values = {"mode": "ask", "company_id": self.company_a.id, "amount": 10, "reason": "x"}
        with self.assertRaises(ValidationError):
            wizard.create({**values, "document_model": "res.users", "document_id": 2})
        self._order()
        order = self._order(confirm=False)
        other = wizard.create({**values, "document_model": "sale.order", "document_id": order.id})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            other.action_confirm()

    def test_paid_online(self):
        """What was paid in advance is not owed."""
        self._order()
        order = self._order(confirm=False)
        provider = self.env["payment.provider"].search([], limit=1)
        if not provider:
            self.skipTest("no payment provider")
        method = self.env.ref("payment.payment_method_card")
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": 40,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "reference": "cdb-1",
                "state": "done",
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        order.require_payment, order.prepayment_percent = True, 0.1
        self.assertFalse(transaction._check_amount_and_confirm_order())
        self.assertEqual((order.state, self._state(order)), ("draft", "asked"))
        transaction.amount = 60
        order.invalidate_recordset()
        self.assertEqual(transaction._check_amount_and_confirm_order(), order)
        self.assertEqual(order.state, "sale")
