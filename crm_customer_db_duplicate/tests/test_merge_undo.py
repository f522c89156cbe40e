# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A merge is undone as if it had never been, unless something was built on it."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .merge_common import MergeCommon


class TestMergeUndo(MergeCommon):
    def assert_restored(self, before):
        after = self._state()
        self.assertFalse({table: (before[table], after[table]) for table in before if before[table] != after[table]})

    def _assert_kept(self, log, *words):
        """Undoing a merge is refused with these words."""
        with self.assertRaises(UserError) as caught:
            log.action_undo()
        for word in words:
            self.assertIn(word, str(caught.exception))
        self.assertEqual(log.state, "merged")

    def test_exactly_restored(self):
        """Every row of every table is what it was, after a merge of three with everything on all sides."""
        one, two, three = (self._full(number) for number in (1, 2, 3))
        self.env["crm.customer.metrics"]._drain()
        before = self._state()
        log = self._merge(one, two, three, values={"name": "Otra", "phone": "+34 600 000 000"})
        self.assertFalse((two + three).exists())
        self.assertFalse(log.sudo().incomplete)
        changed = {table for table, state in self._state().items() if state != before[table]}
        self.assertLessEqual(
            {
                "res_partner",
                "res_partner_bank",
                "res_partner_res_partner_category_rel",
                "crm_customer_address",
                "crm_customer_consent",
                "crm_customer_interaction",
                "crm_customer_metrics",
                "crm_customer_purchase",
                "ir_attachment",
                "mail_activity",
                "mail_followers",
                "mail_followers_mail_message_subtype_rel",
                "mail_message",
            },
            changed,
        )
        log.action_undo()
        self.assert_restored(before)
        self.assertEqual((log.state, log.undone_by), ("undone", self.user_manager))
        self.assertFalse(log.sudo().change_ids)
        self._assert_undone_once(log)

    def _assert_undone_once(self, log):
        with self.assertRaises(UserError):
            log.action_undo()

    def test_after_figures(self):
        """Figures that were worked out in between are worked out again, and stand in nobody's way."""
        one, two = self._full(1), self._full(2)
        metrics = self.env["crm.customer.metrics"]
        metrics._drain()
        amounts = {row.commercial_partner_id: row.amount_total for row in metrics.search(self._of(one, two))}
        log = self._merge(one, two)
        metrics._drain()
        self.assertEqual(sum(metrics.search(self._of(one)).mapped("amount_total")), sum(amounts.values()))
        log.action_undo()
        metrics._drain()
        after = {row.commercial_partner_id: row.amount_total for row in metrics.search(self._of(one, two))}
        self.assertEqual(after, amounts)

    def _of(self, *partners):
        return [
            ("commercial_partner_id", "in", [partner.id for partner in partners]),
            ("company_id", "=", self.company_a.id),
        ]

    def test_something_new(self):
        """What has come since keeps the merge: an entry, a consent, a note, a contact person."""
        one, two = self._full(1), self._full(2)
        log = self._merge(one, two)
        for model, values, word in (
            ("crm.customer.purchase", {"partner_id": one.id, "amount": 5}, "Purchase"),
            ("crm.customer.consent", {"partner_id": one.id, "channel": "sms"}, "Consent"),
            ("res.partner", {"name": "Nueva", "parent_id": one.id}, "Contact"),
        ):
            with self.subTest(model=model), self.env.cr.savepoint() as savepoint:
                self.env[model].create(values)
                self._assert_kept(log, "Ficha 1", word)
                savepoint.rollback()
            self.env.invalidate_all()
        with self.env.cr.savepoint() as savepoint:
            one.message_post(body="Hola")
            self._assert_kept(log, "Message")
            savepoint.rollback()
        self.env.invalidate_all()
        log.action_undo()
        self.assertTrue(two.exists())

    def test_something_changed(self):
        """What was changed of the merge keeps it, with its name; what was not part of it does not."""
        one, two = self._full(1), self._full(2, ref="R2")
        log = self._merge(one, two)
        self.assertEqual(one.ref, "R2")
        with self.env.cr.savepoint() as savepoint:
            one.ref = "R3"
            self._assert_kept(log, "Reference")
            savepoint.rollback()
        self.env.invalidate_all()
        one.function = "later"
        log.action_undo()
        self.assertEqual((one.function, one.ref, two.ref), ("later", False, "R2"))
        self.assertEqual(one.write_uid, self.env.user)

    def test_one_after_the_other(self):
        """Of two merges the later one is undone first, and then both are."""
        one, two, three = (self._full(number) for number in (1, 2, 3))
        before = self._state()
        first = self._merge(two, three)
        second = self._merge(one, two)
        self._assert_kept(first, "merged again")
        second.action_undo()
        first.action_undo()
        self.assert_restored(before)
        # the same contact stays twice
        first, second = self._merge(one, two), self._merge(one, three)
        self._assert_kept(first, "merged again")
        second.action_undo()
        first.action_undo()
        self.assert_restored(before)

    def test_files(self):
        """The picture of a contact that is gone is still there, though Odoo cleans up."""
        one, two = self._full(1), self._full(2)
        picture = two.image_1920
        log = self._merge(one, two)
        names = self.env["ir.attachment"].sudo().search([("res_model", "=", log._name), ("res_field", "!=", False)])
        self.assertTrue(names.mapped("store_fname"))
        log.action_undo()
        self.assertEqual(two.image_1920, picture)
        self.assertFalse(names.exists())

    def test_for_good(self):
        """After 90 days a merge is for good, and nothing of who is gone is kept."""
        log = self._merge(self._full(1), self._full(2))
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), days=91)):
            self.Log.sudo()._gc_changes()
        self.assertEqual(log.state, "final")
        self.assertFalse(log.sudo().change_ids)
        self._assert_undone_once(log)

    def test_deleted_since(self):
        """Who deletes the contact that stayed leaves nothing of the others."""
        one, two = self._person(email="x@x.es"), self._person(email="x@x.es")
        log = self._merge(one, two)
        one.unlink()
        self.assertFalse(log.sudo().change_ids)
        self._assert_undone_once(log)

    def test_portal_user(self):
        """The login of a merged contact comes along and goes back to it, and works in no further company."""
        one, two = self._partner(name="Ficha", company_id=self.company_b.id), self._full(2)
        user = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "cdb_dup_portal",
                "partner_id": two.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": self.company_a.id,
                "company_ids": [Command.set(self.company_a.ids)],
            }
        )
        before = self._state()
        log = self._merge(one, two)
        self.assertEqual((user.partner_id, user.company_ids), (one, self.company_a))
        log.action_undo()
        self.assertEqual((user.partner_id, user.company_ids), (two, self.company_a))
        self.assert_restored(before)
