# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The situation as column, filter and group of invoices and contacts, and on the customer page."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user

from .common import AccountFeedCommon


@freeze_time("2026-06-01 10:00:00")
class TestCreditLists(AccountFeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        home = {"company_id": cls.company_a.id, "company_ids": [Command.set(cls.company_a.ids)]}
        cls.accountant = new_test_user(
            cls.env,
            login="cdb_lists_accountant",
            groups="account.group_account_invoice,crm_customer_db.group_customer_user",
            **home,
        )
        cls.seller = new_test_user(
            cls.env, login="cdb_lists_seller", groups="sales_team.group_sale_salesman_all_leads", **home
        )
        cls.stranger = new_test_user(cls.env, login="cdb_lists_stranger", groups="base.group_user", **home)

    def setUp(self):
        super().setUp()
        self.person = self._person(name="Ana")
        self.fresh = self._partner(name="Nobody yet")
        self.late = self._invoice(700, invoice_date_due="2026-04-01")
        self.watch = self._invoice(700, invoice_date_due="2026-05-20", partner_id=self.person.id)
        # nothing posted: nothing known
        self.none = self._invoice(10, partner_id=self.fresh.id, post=False)
        self.invoices = self.late | self.watch | self.none
        self.env["crm.customer.metrics"]._drain()

    def _seen(self, model, records, user):
        """What filter, group and column say: {status: ids} of each, and they must agree."""
        records = records.with_user(user)
        model = self.env[model].with_user(user).with_context(allowed_company_ids=self.company_a.ids)
        mine = [("id", "in", records.ids)]
        groups = {
            status: set(found.ids)
            for status, found in model._read_group(mine, ["customer_credit_status"], ["id:recordset"])
        }
        for status in ("red", "amber", "green", "none"):
            found = model.search([*mine, ("customer_credit_status", "=", status)])
            self.assertEqual(set(found.ids), groups.get(status, set()), status)
            other = model.search([*mine, ("customer_credit_status", "!=", status)])
            self.assertEqual(set(other.ids), set(records.ids) - set(found.ids), status)
        model.env.invalidate_all()
        column = {}
        for record in model.browse(records.ids):
            column.setdefault(record.customer_credit_status, set()).add(record.id)
        self.assertEqual(column, groups)
        return groups

    def test_invoices(self):
        seen = self._seen("account.move", self.invoices, self.accountant)
        self.assertEqual(seen, {"red": {self.late.id}, "amber": {self.watch.id}, "none": {self.none.id}})

    def test_contacts(self):
        """Contacts of a company stand where it stands; persons are no business of sales."""
        contact = self._partner(name="Purchasing", parent_id=self.customer.id, is_company=False)
        contacts = self.customer | contact | self.person | self.fresh
        red = {self.customer.id, contact.id}
        seen = self._seen("res.partner", contacts, self.accountant)
        self.assertEqual(seen, {"red": red, "amber": {self.person.id}, "none": {self.fresh.id}})
        seen = self._seen("res.partner", contacts, self.seller)
        self.assertEqual(seen, {"red": red, "none": {self.person.id, self.fresh.id}})
        self.company_a.customer_credit_consumers = True
        seen = self._seen("res.partner", contacts, self.seller)
        self.assertEqual(seen, {"red": red, "amber": {self.person.id}, "none": {self.fresh.id}})

    def test_other_company(self):
        """Contacts show how they stand with the company one works in."""
        self.seller.sudo().company_ids |= self.company_b
        there = self.env["res.partner"].with_user(self.seller).with_context(allowed_company_ids=self.company_b.ids)
        self.assertFalse(there.search([("id", "=", self.customer.id), ("customer_credit_status", "=", "red")]))
        self.assertEqual(there.browse(self.customer.id).customer_credit_status, "none")

    def test_strangers(self):
        """Who does not use the customer file learns nothing by filter, group, order or reading."""
        contacts = self.env["res.partner"].with_user(self.stranger)
        for number, ask in enumerate(
            (
                lambda: contacts.search([("customer_credit_status", "=", "red")]),
                lambda: contacts._read_group([], ["customer_credit_status"]),
                lambda: contacts.search([], order="customer_credit_status", limit=1),
                lambda: contacts.browse(self.customer.id).read(["customer_credit_status"]),
            )
        ):
            with self.subTest(number), self.assertRaises(AccessError):
                ask()

    def test_page(self):
        """The page has the colour of this moment; only accountants have figures and open items."""
        self._invoice(50, invoice_date_due="2026-07-01", partner_id=self.fresh.id)
        line = self.fresh.with_user(self.accountant).with_company(self.company_a).customer_page_slots()["credit"][0]
        self.assertEqual((line["value"], line["level"]), ("OK", "success"))
        line = self.customer.with_user(self.accountant).with_company(self.company_a).customer_page_slots()["credit"][0]
        self.assertEqual(
            (line["value"], line["level"], line["method"]), ("Stop", "danger", "action_customer_credit_items")
        )
        self.assertIn("700", line["text"])
        theirs = self.customer.with_user(self.seller).with_company(self.company_a).customer_page_slots()["credit"][0]
        self.assertEqual(theirs["text"], "Has overdue items.")
        self.assertNotIn("method", theirs)
