# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A call about an open invoice, and what became of what was promised."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user
from odoo.tools import mute_logger

from odoo.addons.crm_customer_db.tests import roles

from .common import AccountFeedCommon
from .test_rights import INVOICING, READERS


@freeze_time("2026-06-01 10:00:00")
class TestDunning(AccountFeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Promise = cls._mine(cls.env["crm.customer.payment.promise"])

    def _call(self, invoices, **vals):
        """Log a call as the dialog does."""
        action = self._mine(invoices).action_customer_dunning()
        form = Form(self._mine(self.env[action["res_model"]]).with_context(**action["context"]))
        for name, value in vals.items():
            setattr(form, name, value)
        form.save().action_confirm()
        return self.Promise.search([("invoice_ids", "in", invoices.ids)], limit=1, order="id desc")

    def _promised(self, invoices, day, **vals):
        return self._call(invoices, promised_on=date.fromisoformat(day), **vals)

    def _states(self, promise):
        """What became of it, as read and as searched and grouped."""
        promise.invalidate_recordset()
        groups = self.Promise._read_group([("id", "=", promise.id)], ["state"])
        self.assertEqual(groups, [(promise.state,)])
        for state in ("waiting", "broken", "late", "kept"):
            found = self.Promise.search([("id", "=", promise.id), ("state", "=", state)])
            self.assertEqual(bool(found), state == promise.state)
        return promise.state, promise.amount_paid

    def test_promise(self):
        """A promise is a call in the file, a reminder on its day, and broken when that day is over."""
        invoice = self._invoice(100)
        promise = self._promised(invoice, "2026-06-05", partner_id=self.buyer, note="after the fair")
        self.assertEqual(
            (promise.amount, promise.amount_open, promise.commercial_partner_id), (100, 100, self.customer)
        )
        self.assertEqual(promise.activity_ids.date_deadline, date(2026, 6, 5))
        self.assertEqual(promise.activity_ids.user_id, self.user_accountant)
        call = self.env["crm.customer.interaction"].search([("partner_id", "=", self.buyer.id), ("kind", "=", "call")])
        self.assertEqual((call.direction, call.user_id, call.note), ("out", self.user_accountant, "after the fair"))
        self.assertEqual(call.subject, f"Dunning call, {invoice.name}: will pay on 06/05/2026")
        self.assertEqual(self._states(promise), ("waiting", 0))
        self.assertEqual(invoice.customer_unpaid_why, "Promised for 06/05/2026")
        with freeze_time("2026-06-05 10:00:00"):
            self.assertEqual(self._states(promise), ("waiting", 0))
        with freeze_time("2026-06-06 10:00:00"):
            self.assertEqual(self._states(promise), ("broken", 0))
            invoice.invalidate_recordset()
            self.assertEqual(invoice.customer_unpaid_why, "Promise broken, it was for 06/05/2026")

    def test_kept(self):
        """Paid in time, in part, late, and taken back."""
        invoice = self._invoice(100)
        promise = self._promised(invoice, "2026-06-05", amount=60)
        with freeze_time("2026-06-06 10:00:00"):
            self._pay(invoice, "2026-06-03", amount=59)
            self.assertEqual(self._states(promise), ("broken", 59))
            second = self._pay(invoice, "2026-06-06", amount=1)
            self.assertEqual(self._states(promise), ("late", 60))
            self.assertTrue(promise.activity_ids)
            self.env["crm.customer.payment.promise"]._promise_close()
            self.assertFalse(promise.activity_ids)
            self._bring_back(second, "2026-06-06")
            self.assertEqual(self._states(promise), ("broken", 59))
        other = self._invoice(80)
        promise = self._promised(other, "2026-06-05")
        self._pay(other, "2026-06-05")
        self.assertEqual(self._states(promise), ("kept", 80))
        self.assertFalse(promise.activity_ids, "nobody calls who has paid")

    def test_credited(self):
        """What is credited needs no payment; what was paid before the call is not part of it."""
        invoice = self._invoice(100)
        self._pay(invoice, "2026-05-20", amount=30)
        promise = self._promised(invoice, "2026-06-05")
        self.assertEqual((promise.amount_open, self._states(promise)), (70, ("waiting", 0)))
        credit = self._reverse(invoice, "2026-06-01")
        if credit.state == "draft":
            credit.action_post()
        lines = (invoice + credit).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        lines.filtered(lambda line: not line.reconciled).reconcile()
        self.assertEqual(self._states(promise), ("kept", 70))

    def test_replaced(self):
        """What is promised anew takes the place of the old promise, which stays what it was."""
        invoice = self._invoice(100)
        old = self._promised(invoice, "2026-06-02")
        with freeze_time("2026-06-03 10:00:00"):
            new = self._promised(old.invoice_ids, "2026-06-09")
            self.assertEqual((old.replaced_by_id, old.activity_ids), (new, self.env["mail.activity"]))
            self.assertEqual((self._states(old)[0], self._states(new)[0]), ("broken", "waiting"))
            self.assertEqual(invoice.customer_unpaid_why, "Promised for 06/09/2026")

    def test_disputed(self):
        """A disputed invoice says so on itself and in the file, until that is settled or paid."""
        invoice = self._invoice(100)
        action = self._mine(invoice).action_customer_dispute()
        form = Form(self._mine(self.env[action["res_model"]]).with_context(**action["context"]))
        self.assertEqual(form.outcome, "disputed")
        form.reason = "price"
        form.save().action_confirm()
        self.assertEqual(invoice.customer_unpaid_why, "Disputed on 06/01/2026: price")
        self.env["crm.customer.feed"]._sync_pending()
        unpaid = self._overdue(invoice)
        self.assertEqual((unpaid.reason, unpaid.reason_text, unpaid.amount), ("disputed", "price", 100))
        self.assertEqual(invoice.action_customer_unpaid_why()["res_id"], unpaid.id)
        self.assert_in_step()
        self._mine(invoice).action_customer_dispute_settled()
        self.env["crm.customer.feed"]._sync_pending()
        unpaid.invalidate_recordset()
        self.assertEqual((unpaid.reason, unpaid.reason_text), ("overdue", False))
        self.assertFalse(invoice.customer_unpaid_why)

    def test_sentences(self):
        """What can't be is said where it is entered, and nothing of it stays."""
        invoice = self._invoice(100)
        calls = self.env["crm.customer.interaction"].search_count([("kind", "=", "call")])
        for words, vals in (
            ("for which day", {"promised_on": False}),
            ("more than what is open", {"promised_on": "2026-06-05", "amount": 101}),
            ("above zero", {"promised_on": "2026-06-05", "amount": 0}),
            ("lies in the future", {"promised_on": "2026-05-31"}),
            ("does not agree with", {"outcome": "disputed", "reason": " "}),
            ("the customer's", {"partner_id": self._partner(name="another").id, "outcome": "other"}),
            ("Choose the invoices", {"invoice_ids": [(5,)], "outcome": "other"}),
            ("call lies in the future", {"date": "2026-06-02 10:00:00", "outcome": "other"}),
        ):
            action = self._mine(invoice).action_customer_dunning()
            wizard = self._mine(self.env[action["res_model"]]).with_context(**action["context"])
            with (
                self.subTest(words),
                self.assertRaisesRegex((ValidationError, UserError), words),
                self.env.cr.savepoint(),
            ):
                wizard.create(vals).action_confirm()
        self.assertEqual(self.env["crm.customer.interaction"].search_count([("kind", "=", "call")]), calls)
        other = self._invoice(5, partner_id=self._partner(name="another").id)
        for words, invoices in (
            ("several customers", invoice + other),
            ("Nothing of this is owed", self._invoice(5, post=False)),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._mine(invoices).action_customer_dunning()

    def test_from_the_lists(self):
        """From the customer's figures come the overdue invoices, from items those that are chosen."""
        invoice = self._invoice(100)
        later = self._invoice(50, invoice_date="2026-06-01", invoice_date_due="2026-07-01")
        self.env["crm.customer.metrics"]._drain()
        row = self._mine(self.env["crm.customer.metrics"]).search(
            [("commercial_partner_id", "=", self.customer.id), ("company_id", "=", self.company_a.id)]
        )
        self.assertEqual(row.action_customer_dunning()["context"]["default_invoice_ids"], invoice.ids)
        items = self._mine(self.env["account.move.line"]).search(row.action_open_items()["domain"])
        self.assertEqual(set(items.action_customer_dunning()["context"]["default_invoice_ids"]), {invoice.id, later.id})

    def test_rights(self):
        """Who invoices calls; auditors read; everybody else is refused, by every way."""
        invoice = self._invoice(100)
        promise = self._promised(invoice, "2026-06-05").sudo()
        for number, (role, groups) in enumerate({**roles.ROLES, **INVOICING}.items()):
            user = new_test_user(self.env, login=f"cdb_call_{number}", groups=groups, company_id=self.company_a.id)
            mine = self._as(user, promise)
            vals = {
                "partner_id": self.customer.id,
                "invoice_ids": invoice.ids,
                "amount": 1,
                "promised_on": "2026-06-07",
                "company_id": self.company_a.id,
            }
            found = ""
            for letter, call in {
                "r": lambda mine=mine: mine.read(["amount", "state"]),
                "s": lambda mine=mine: mine.search([("state", "=", "waiting")]),
                "w": lambda mine=mine: mine.write({"note": "x"}),
                "c": lambda mine=mine, vals=vals: mine.browse().create(vals),
                "u": mine.unlink,
                "d": lambda user=user: self._as(user, invoice).action_customer_dunning(),
                "t": lambda user=user: self._as(user, invoice).action_customer_dispute_settled(),
                "p": lambda user=user: self._as(user, invoice).read(["customer_promise_id"]),
            }.items():
                try:
                    with self.env.cr.savepoint(), mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_rule"):
                        call()
                        found += letter
                except AccessError:
                    continue
            writes = role in ("Invoicing", "Accounts, administrator")
            with self.subTest(role=role):
                self.assertEqual(found, "rswcdtp" if writes else "rsp" if role in READERS else "")

    def test_other_company(self):
        promise = self._promised(self._invoice(100), "2026-06-05").sudo()
        elsewhere = promise.with_user(self.user_accountant).with_context(allowed_company_ids=self.company_b.ids)
        self.assertFalse(elsewhere.search([("id", "=", promise.id)]))
        foreign = self._invoice(10, company=self.company_b)
        with self.assertRaises(UserError):
            promise.write({"invoice_ids": [(4, foreign.id)]})
