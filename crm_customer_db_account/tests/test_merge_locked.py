# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import UserError

from .common import AccountFeedCommon


class TestMergeLocked(AccountFeedCommon):
    """A contact that locked entries name is not merged away."""

    def setUp(self):
        super().setUp()
        self.env.user.group_ids += self.env.ref("account.group_account_user")  # to check the chain
        self.double = self._partner(name="Talleres Olid", email=self.customer.email)

    def _merge(self, keep, gone):
        wizard = self._as(self.user_manager, self.env["base.partner.merge.automatic.wizard"])
        wizard._merge([keep.id, gone.id], self._as(self.user_manager, keep))
        self.env.invalidate_all()

    def _lock(self, partner):
        self._journal("sale").restrict_mode_hash_table = True
        invoice = self._invoice(100, partner_id=partner.id)
        self.assertTrue(invoice.inalterable_hash)
        return invoice

    def test_refused(self):
        """Refused with a sentence; nothing was moved, and the chain of hashes still holds."""
        invoice = self._lock(self.buyer)
        self._invoice(50, partner_id=self.double.id)
        with self.assertRaisesRegex(UserError, "“Talleres Olid” is named in entries that are locked"):
            self._merge(self.double, self.customer)
        self.assertTrue(self.customer.exists())
        self.assertEqual(invoice.line_ids.partner_id, self.customer)
        self.assertNotIn("Corrupted", str(self.company_a._check_hash_integrity()))
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE move_id = %s", [self.double.id, invoice.id]
        )
        self.env.invalidate_all()
        self.assertIn("Corrupted", str(self.company_a._check_hash_integrity()), "what a merge would do")

    def test_other_way_round(self):
        """The others may be merged into it."""
        invoice = self._lock(self.customer)
        other = self._invoice(50, partner_id=self.double.id, journal_id=self._sale_journal().id)
        self._merge(self.customer, self.double)
        self.assertFalse(self.double.exists())
        self.assertEqual((invoice + other).line_ids.partner_id, self.customer)
        self.assertEqual(sum(self._rows(invoice, other).mapped("amount")), 150)
        self.assertNotIn("Corrupted", str(self.company_a._check_hash_integrity()))
        self.assert_in_step()

    def _sale_journal(self):
        return self.env["account.journal"].create({"name": "Without lock", "type": "sale", "code": "NOL"})

    def test_without_lock(self):
        """Posted entries that are not locked move, as Odoo lets them."""
        invoice = self._invoice(100, partner_id=self.customer.id)
        self._merge(self.double, self.customer)
        self.assertEqual(invoice.line_ids.partner_id, self.double)
        self.assertEqual(self._rows(invoice).commercial_partner_id, self.double)
        self.assert_in_step()
