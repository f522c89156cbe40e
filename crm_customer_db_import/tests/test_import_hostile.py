# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Everything that goes wrong in files, in one file."""

import collections

from . import hostile_file
from .test_import import ImportCommon

TARGETS = ("customer_ref", "2:date", "2:amount_currency", "reference", "2:order_ref", "2:currency_id/name")


class TestImportHostile(ImportCommon):
    def test_hostile_file(self):
        """Each row becomes what it must, says why, and nothing but the good ones is left of it, or of taking back."""
        partners = self.env["res.partner"].create(
            [{"name": f"Client {number}", "ref": f"C{number}"} for number in range(3, hostile_file.CUSTOMERS + 1)]
        )
        self.env["res.currency"].with_context(active_test=False).search([("name", "=", "CHF")]).rate_ids.unlink()
        before = self._sums()
        count = 3000
        batch = self._batch(hostile_file.text(count).encode("cp1252"))
        for column, target in zip(batch.column_ids, TARGETS, strict=True):
            column.target = target
        self.assertEqual((batch.coding, batch.decimal_mark, batch.day_shape), ("cp1252", "comma", "dd_mm_yyyy"))
        self._tried(batch)
        kinds = [kind for kind, _text in hostile_file.rows(count)]
        found = collections.defaultdict(collections.Counter)
        for kind, row in zip(kinds, batch.row_ids, strict=True):
            outcome, reason = hostile_file.DAMAGE[kind][1:] if kind else ("new", "")
            self.assertEqual(row.outcome, outcome, (kind, row.cell_words, row.reason_words))
            self.assertIn(reason, row.reason_words or "", kind)
            self.assertEqual(bool(row.reason_words), outcome != "new", kind)
            found[kind][outcome] += 1
        self.assertEqual(set(hostile_file.DAMAGE), set(found) - {None}, "every kind is there")
        batch.action_import()
        self.assertEqual(len(self._facts()), batch.new_count)
        self.assertEqual(batch.row_count, count)
        self.assertEqual(self._facts().partner_id - partners, self.firm + self.other)
        batch.action_revert()
        self.env["crm.customer.metrics"]._drain()
        self.assertEqual(self._sums()["crm_customer_purchase"], before["crm_customer_purchase"])
        self.assertEqual(self._sums()["res_partner"], before["res_partner"])
