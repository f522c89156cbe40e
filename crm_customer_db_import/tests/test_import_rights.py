# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may import, into which company, and what of an import may be written."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.crm_customer_db.tests import roles

from .test_import import ImportCommon

# Odoo's own.
_ODOO = {"action_archive", "action_unarchive"}


class TestImportRights(ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.entry = new_test_user(
            cls.env, "cdb_entry", "crm_customer_db.group_customer_data_entry", company_id=cls.company_a.id
        )

    def test_data_entry(self):
        """Data entry brings files in and takes them back, without a right on purchases."""
        batch = self.Import.with_user(self.entry).browse(self._csv("C1;2025-01-02;10.5;1;P1").id)
        batch.action_try()
        batch.action_import()
        self.assertEqual(len(self._facts()), 1)
        with self.assertRaises(AccessError):
            batch.row_ids.write({"outcome": "new"})
        with self.assertRaises(AccessError):
            batch.row_ids.write({"fact_id": 5})
        with self.assertRaises(UserError):
            batch.row_ids.write({"decision": "skip"})
        with self.assertRaises(AccessError):
            batch.write({"state": "checked"})
        with self.assertRaises(UserError):
            batch.column_ids[0].target = False
        with self.assertRaises(AccessError):
            batch.row_ids.unlink()
        batch.action_revert()
        self.assertFalse(self._facts())

        with self.assertRaises(AccessError):
            self.Import.with_user(self.entry).create(
                {"file": b"YTtiCjE7Mgo=", "file_name": "a.csv", "source": "x", "state": "done"}
            )

    def test_customers(self):
        """Who may change contacts imports them, as far as he may: fields behind a group are no columns for others."""
        batch = self._csv("C1;taller2@example.com;3", header="Código;E-mail;Hijos", kind="res.partner")
        entry = batch.with_user(self.entry)
        if not self.env["res.partner"].with_user(self.entry).has_access("create"):
            with self.assertRaises(AccessError):
                entry.action_try()
        self.entry.group_ids += self.env.ref("base.group_partner_manager")
        targets = self.Import.with_user(self.entry)._targets("res.partner")
        self.assertNotIn("partner:customer_children", targets)
        self.assertNotIn("partner:customer_credit_level", targets)
        self.assertIn("partner:customer_children", self.Import._targets("res.partner"))
        entry.column_ids[1].is_overwriting = True
        entry.action_try()
        entry.action_import()
        self.assertEqual(self.firm.email, "taller2@example.com")
        with self.assertRaises(AccessError):
            batch.row_ids.with_user(self.entry).read(["before"])
        entry.action_revert()
        self.assertEqual(self.firm.email, "taller@example.com")

    def test_column_of_others(self):
        """A column that only others may write, chosen by them, is left out and stops nothing."""
        self.env["crm.customer.asset"].create({"name": "Zz car", "code": "zzcar"})
        batch = self._csv("C2;976111222;zzcar", header="Código;Teléfono;X", kind="res.partner")
        batch.column_ids[2].target = "partner:customer_asset_ids"
        self.entry.group_ids += self.env.ref("base.group_partner_manager")
        entry = batch.with_user(self.entry)
        entry.action_try()
        entry.action_import()
        self.assertEqual((self.other.phone, len(self.other.customer_asset_ids)), ("976111222", 0))
        entry.action_revert()
        self.assertFalse(self.other.phone)

    def test_customers_of_others(self):
        """A customer of another company is not found, and one that rules close is not changed."""
        self.env["ir.rule"].create(
            {
                "name": "closed",
                "model_id": self.env.ref("base.model_res_partner").id,
                "domain_force": "[('ref', '!=', 'C2')]",
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        self.firm.company_id = self.company_b
        self.entry.group_ids += self.env.ref("base.group_partner_manager")
        batch = self._csv("C1;X;1", "C2;Y;2", header="Código;Empresa;Teléfono", kind="res.partner")
        batch.with_user(self.entry).action_try()
        self.assertEqual(batch.row_ids.mapped("outcome"), ["new", "rejected"])
        self.assertIn("may not change", batch.row_ids[1].reason_words)

    def test_others(self):
        """Salespeople, marketing and employees don't see imports."""
        batch = self._csv("C1;2025-01-02;10.5;1;P1")
        for user in (self.user_sales_own, self.user_sales_all):
            with self.assertRaises(AccessError):
                batch.with_user(user).read(["state"])
            with self.assertRaises(AccessError):
                batch.with_user(user).action_try()

    def test_company(self):
        """Nobody imports into a company he isn't in."""
        batch = self._csv("C1;2025-01-02;10.5;1;P1")
        batch.sudo().company_id = self.company_b
        with self.assertRaises(AccessError):
            batch.with_user(self.entry).action_try()
        with self.assertRaises(AccessError):
            self.Import.with_user(self.entry).create(
                {"company_id": self.company_b.id, "file": b"YTtiCjE7Mgo=", "file_name": "a.csv", "source": "x"}
            )

    def test_roles(self):
        """Data entry and managers import; nobody else sees anything of it, nor may call what imports do."""
        batch = self._csv("C1;2025-01-02;10.5;1;P1")
        batch.action_try()
        rights = {"crm.customer.import": "rwcu", "crm.customer.import.column": "rwcu", "crm.customer.import.row": "rw"}
        operations = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
        importers = {"File: data entry", *roles.MANAGERS}
        methods = [name for name in dir(type(batch)) if name.startswith("action_") and name not in _ODOO]
        self.assertGreater(len(methods), 8)
        for number, (role, groups) in enumerate(roles.ROLES.items()):
            user = new_test_user(self.env, f"cdb_import_{number}", groups, company_id=self.company_a.id)
            for model, letters in rights.items():
                with self.subTest(role=role, model=model):
                    found = [
                        key for key, name in operations.items() if self.env[model].with_user(user).has_access(name)
                    ]
                    self.assertEqual("".join(found), letters if role in importers else "")
            if role not in importers:
                for name in methods:
                    with self.subTest(role=role, method=name), self.assertRaises(AccessError):
                        getattr(batch.with_user(user), name)()
                with self.assertRaises(AccessError):
                    batch.row_ids.with_user(user).action_skip()
