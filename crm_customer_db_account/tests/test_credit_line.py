# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What stands beside the invoice, for those with figures and those without."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user

from ..models.crm_customer_metrics import CREDIT_SOURCES
from .common import AccountFeedCommon


@freeze_time("2026-06-01 10:00:00")
class TestCreditLine(AccountFeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_seller = new_test_user(
            cls.env,
            login="cdb_credit_seller",
            groups="sales_team.group_sale_salesman_all_leads,account.group_account_readonly",
            company_id=cls.company_a.id,
            company_ids=[Command.set(cls.company_a.ids)],
        )
        # readonly accountants have figures; a salesperson has not
        cls.user_seller.group_ids -= cls.env.ref("account.group_account_readonly")

    def _due(self, amount, day, **vals):
        return self._invoice(amount, invoice_date_due=day, **vals)

    def test_figures_and_words(self):
        """The accountant reads amounts, days and shares; others a colour and a reason."""
        self.company_a.account_use_credit_limit = True
        self.customer.with_company(self.company_a).sudo().credit_limit = 1000
        invoice = self._due(700, "2026-05-20")
        self.assertEqual(invoice.customer_credit_status, "amber")
        self.assertIn("700", invoice.customer_credit_words)
        self.assertIn("12 days", invoice.customer_credit_words)
        self.assertIn("70 % of the limit", invoice.customer_credit_words)
        theirs = invoice.sudo().with_user(self.user_seller).sudo()
        self.assertEqual(theirs.customer_credit_status, "amber")
        self.assertEqual(theirs.customer_credit_words, "Has overdue items.")
        self._due(400, "2026-07-20")
        self.env.invalidate_all()
        self.assertEqual(theirs.customer_credit_words, "Has overdue items, is over the credit limit.")

    def test_on_choosing_the_customer(self):
        """The line is there before the first line of the invoice, and goes with the customer."""
        self._due(700, "2026-05-20")
        with Form(self._mine(self.env["account.move"]).with_context(default_move_type="out_invoice")) as form:
            self.assertFalse(form.customer_credit_words)
            form.partner_id = self.customer
            self.assertEqual(form.customer_credit_status, "amber")
            self.assertIn("700", form.customer_credit_words)
            form.partner_id = self._partner(name="Nobody yet")
            self.assertEqual(form.customer_credit_status, "none")

    def test_persons(self):
        """A private person's situation is shown to salespeople only where the company wants it."""
        person = self._person(name="Ana")
        invoice = self._due(700, "2026-05-20", partner_id=person.id)
        self.assertEqual(invoice.customer_credit_status, "amber")
        theirs = invoice.sudo().with_user(self.user_seller).sudo()
        self.assertEqual((theirs.customer_credit_status, theirs.customer_credit_words), ("none", False))
        self.company_a.customer_credit_consumers = True
        self.env.invalidate_all()
        self.assertEqual(theirs.customer_credit_status, "amber")

    def test_list_reads_what_is_kept(self):
        """A list of many customers costs one query more."""
        invoices = self._due(700, "2026-05-20") + self._due(50, "2026-07-20", partner_id=self._partner(name="Otro").id)
        self.env["crm.customer.metrics"]._drain()
        self.env.flush_all()
        self.env.invalidate_all()
        invoices.mapped("partner_id.commercial_partner_id.is_company")
        invoices.mapped("company_id.parent_path")
        self.env.user.has_group("base.group_user")
        with self.assertQueryCount(__system__=4):
            statuses = [invoice.customer_credit_status for invoice in invoices]
        self.assertEqual(statuses, ["amber", "green"])

    def test_asks_no_purchases(self):
        """What a document shows is the same as all figures say, and reads no history of purchases."""
        self.company_a.account_use_credit_limit = True
        self.customer.with_company(self.company_a).sudo().credit_limit = 1000
        self._due(700, "2026-05-20")
        metrics = self.env["crm.customer.metrics"]
        [everything] = metrics._live(self.customer.ids)
        asked = []
        execute = type(self.env.cr).execute

        def listen(cr, query, *args, **kwargs):
            asked.append(str(getattr(query, "code", query)))
            return execute(cr, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", listen):
            [row] = metrics._live(self.customer.ids, names=CREDIT_SOURCES)
        self.assertFalse([query for query in asked if "crm_customer_purchase" in query])
        credit = [name for name in row if name.startswith("credit_")]
        self.assertGreater(len(credit), 20)
        for name in credit:
            self.assertEqual(row[name], everything[name], name)

    def test_open_items(self):
        """The click shows the items that the figures add up."""
        invoice = self._due(700, "2026-05-20")
        self._due(50, "2026-07-20", partner_id=self.buyer.id)
        action = invoice.action_customer_credit_items()
        items = self._mine(self.env[action["res_model"]]).search(action["domain"])
        self.assertEqual(sum(items.mapped("amount_residual")), 750)

    def test_figures_are_closed(self):
        """Without the group no figure can be read, filtered, sorted or grouped by.

        Nor can the colour here, where it would be a private person's as well: sales see it on the contact.
        """
        self._due(700, "2026-05-20")
        Metrics = self.env["crm.customer.metrics"]
        Metrics._drain()
        mine = self._as(self.user_customer, Metrics)
        row = mine.search([("commercial_partner_id", "=", self.customer.id)])
        for attempt in (
            lambda: row.credit_overdue,
            lambda: row.credit_status,
            lambda: row.credit_grade,
            lambda: mine.search([("credit_status", "=", "amber")]),
            lambda: mine.search([("credit_overdue", ">", 0)]),
            lambda: mine.search([], order="credit_overdue desc"),
            lambda: mine._read_group([], ["company_id"], ["credit_overdue:sum"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        accountant = self._mine(Metrics)
        self.assertEqual(accountant.search([("credit_overdue", ">", 0)]).commercial_partner_id, self.customer)
