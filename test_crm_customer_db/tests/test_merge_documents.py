# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Customers with the documents of every app become one, and two again; locked entries stay."""

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.crm_customer_db_account.tests.common import AccountFeedCommon
from odoo.addons.crm_customer_db_duplicate.tests.merge_common import MergeCommon


class TestMergeDocuments(MergeCommon, AccountFeedCommon):
    def setUp(self):
        super().setUp()
        self.double = self._partner(name="Talleres Olid S.L.", email="olid@example.com")

    def _compare(self, *contacts):
        contacts = self._as(self.user_manager, self.env["res.partner"].union(*contacts))
        action = contacts.action_customer_merge()
        return contacts.env["crm.customer.merge"].browse(action["res_id"])

    def _lock(self, partner):
        self._journal("sale").restrict_mode_hash_table = True
        invoice = self._invoice(100, partner_id=partner.id)
        self.assertTrue(invoice.inalterable_hash)
        return invoice

    def _documents(self, partner):
        """One of each: an order, a paid invoice, an opportunity, a mailing that arrived, a card, a delivery."""
        env = self.env
        invoice = self._invoice(100, partner_id=partner.id)
        self._pay(invoice, "2026-04-10")
        self._invoice(40, partner_id=partner.id)
        order = env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company_a.id,
                "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 2})],
            }
        )
        order.action_confirm()
        env["crm.lead"].create({"name": "Oferta", "partner_id": partner.id, "type": "opportunity"})
        env["mailing.trace"].create(
            {"model": "res.partner", "res_id": partner.id, "trace_type": "mail", "email": partner.email or "x@x.es"}
        )
        program = env["loyalty.program"].create({"name": "Puntos", "program_type": "loyalty", "applies_on": "both"})
        env["loyalty.card"].create({"program_id": program.id, "partner_id": partner.id, "points": 7})
        env["calendar.event"].create(
            {"name": "Visita", "partner_ids": [Command.link(partner.id)], "start": "2026-05-05", "stop": "2026-05-05"}
        )

    def test_there_and_back(self):
        """Every document is of the one that stays, and afterwards of whom it was, to the last column."""
        for partner in (self.customer, self.double):
            self._documents(partner)
        full = self._full(2)
        before = self._state()
        log = self._merge(self.customer, self.double, full)
        for model in ("account.move", "sale.order", "crm.lead", "loyalty.card", "account.payment"):
            with self.subTest(model=model):
                rows = self.env[model].search([("partner_id", "in", (self.customer + self.double + full).ids)])
                self.assertTrue(rows)
                self.assertEqual(rows.partner_id, self.customer)
        self.assertFalse(log.sudo().incomplete)
        log.action_undo()
        after = self._state()
        self.assertFalse({table: (before[table], after[table]) for table in before if before[table] != after[table]})

    def test_new_invoice(self):
        """An invoice since keeps the merge, and is named."""
        log = self._merge(self.customer, self.double)
        self._invoice(50, partner_id=self.customer.id)
        with self.assertRaisesRegex(UserError, "Journal Entry"):
            log.action_undo()

    def test_locked(self):
        """Who is named in locked entries stays; the screen says so before, and proposes it."""
        self._lock(self.buyer)
        merge = self._compare(self.customer, self.double)
        self.assertEqual((merge.keep_id, merge.obstacle), (self.customer, ""))
        merge.keep_id = self.double
        self.assertIn("“Talleres Olid” is named in entries that are locked", merge.obstacle)
        with self.assertRaisesRegex(UserError, "locked for good"):
            merge.action_merge()
        self.assertTrue(self.customer.exists())
        merge.keep_id = self.customer
        merge.action_merge()
        self.assertFalse(self.double.exists())

    def test_locked_since(self):
        """Entries that were locked after a merge name the contact that stayed, so it is for good."""
        invoice = self._invoice(100, partner_id=self.double.id)
        log = self._merge(self.customer, self.double)
        self._journal("sale").restrict_mode_hash_table = True
        self.env.user.group_ids += self.env.ref("account.group_account_user")
        invoice.sudo().button_hash()
        self.assertTrue(invoice.inalterable_hash)
        with self.assertRaisesRegex(UserError, "locked for good"):
            log.action_undo()
        self.assertNotIn("Corrupted", str(self.company_a._check_hash_integrity()))
