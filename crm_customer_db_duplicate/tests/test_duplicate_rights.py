# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may look for duplicates, decide, merge and undo."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.crm_customer_db.tests import roles

from .merge_common import MergeCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
READERS = (*roles.FILE,)


class TestDuplicateRights(MergeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two, cls.three, cls.four = (
            cls._partner(name=f"A{number}", vat="ESB12345674", customer_mark="customer") for number in range(4)
        )
        cls.env["crm.customer.duplicate"]._scan()
        ids = (cls.one + cls.two).ids
        cls.pair = cls.env["crm.customer.duplicate"].search([("partner_id", "in", ids), ("other_id", "in", ids)])
        cls.log = cls.env["crm.customer.merge.log"]._merge_contacts(cls.three + cls.four, cls.three, {})

    def _letters(self, user, model):
        found = [key for key, name in OPERATIONS.items() if self.env[model].with_user(user).has_access(name)]
        return "".join(found)

    def test_roles(self):
        """Users of the file see pairs; managers alone do anything; nobody writes a pair, a merge or a change."""
        for number, (role, groups) in enumerate(roles.ROLES.items()):
            user = new_test_user(self.env, f"cdb_duplicate_{number}", groups, company_id=self.company_a.id)
            manager = role in roles.MANAGERS
            expected = {
                "crm.customer.duplicate": "r" if role in READERS else "",
                "crm.customer.merge.log": "r" if manager else "",
                "crm.customer.merge.change": "",
                "crm.customer.merge": "rwcu" if manager else "",
                "crm.customer.merge.line": "rwcu" if manager else "",
            }
            for model, letters in expected.items():
                with self.subTest(role=role, model=model):
                    self.assertEqual(self._letters(user, model), letters)
            if manager:
                continue
            pair, log, contacts = (records.with_user(user) for records in (self.pair, self.log, self.one + self.two))
            for method in (
                pair.action_different,
                pair.action_reopen,
                pair.action_compare,
                pair.action_scan,
                log.action_undo,
                contacts.action_customer_merge,
            ):
                with self.subTest(role=role, method=method.__name__), self.assertRaises(AccessError):
                    method()
        self.assertEqual((self.pair.state, self.log.state), ("open", "merged"))

    def test_manager(self):
        """A manager decides, compares, merges and undoes, without a further right."""
        user = new_test_user(
            self.env, "cdb_dup_manager", "crm_customer_db.group_customer_manager", company_id=self.company_a.id
        )
        pair = self.pair.with_user(user)
        pair.action_different()
        pair.action_reopen()
        self.assertEqual(pair.action_scan()["tag"], "display_notification")
        action = pair.action_compare()
        self.env["crm.customer.merge"].with_user(user).browse(action["res_id"]).action_merge()
        self.assertEqual(len((self.one + self.two).exists()), 1)
        log = self.log.with_user(user).search([], limit=1)
        self.assertEqual((log.create_uid, log.partner_id), (user, (self.one + self.two).exists().with_user(user)))
        self.assertEqual(log.action_open_contact()["res_id"], log.kept_id)
        log.action_undo()
        self.assertEqual(len((self.one + self.two).exists()), 2)
        for records, values in ((pair, {"score": 1}), (log, {"state": "final"})):
            with self.assertRaises(AccessError):
                records.write(values)
        for name in ("change_ids", "last_ids", "incomplete"):
            with self.assertRaises(AccessError):
                log.read([name])

    def test_merging_without_the_right(self):
        """The method that merges is nothing that can be called from outside."""
        for name in ("_merge_contacts", "_put_back", "_scan", "_decide"):
            self.assertTrue(name.startswith("_"))

    def test_of_another(self):
        """A comparison belongs to who has opened it."""
        action = self.pair.with_user(self.user_manager).action_compare()
        other = new_test_user(
            self.env, "cdb_dup_other", "crm_customer_db.group_customer_manager", company_id=self.company_a.id
        )
        with self.assertRaises(AccessError):
            self.env["crm.customer.merge"].with_user(other).browse(action["res_id"]).action_merge()

    def test_menus(self):
        """Managers alone have the two menus."""
        menus = self.env.ref("crm_customer_db_duplicate.menu_duplicates") + self.env.ref(
            "crm_customer_db_duplicate.menu_merges"
        )
        for user, seen in ((self.user_manager, 2), (self.user_sales_all, 0), (self.user_data_entry, 0)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(len(set(menus.ids).intersection(visible)), seen)
