# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError

from .common import CustomerDbCommon


class TestCatalogues(CustomerDbCommon):
    """Codes are unique where one user would see two of them; what is wrong is said in words."""

    def manager(self, model):
        return self._as(self.user_manager, self.env[model], self.company_a, self.company_b)

    def test_code_of_a_division(self):
        """One code per company and none of the shared ones; another company may have the same."""
        Division = self.manager("crm.customer.division")
        Division.create({"name": "Norte", "code": "X1", "company_id": self.company_a.id})
        Division.create({"name": "Norte B", "code": "X1", "company_id": self.company_b.id})
        for company in (self.company_a, self.env["res.company"]):
            with self.assert_refused("X1", "Norte", "Nueva"):
                Division.create({"name": "Nueva", "code": "X1", "company_id": company.id})
        shared = Division.create({"name": "Todas", "code": "X2"})
        with self.assert_refused("X2", "Todas"):
            Division.create({"name": "Nueva", "code": "X2", "company_id": self.company_b.id})
        other = Division.create({"name": "Otra", "code": "X3", "company_id": self.company_a.id})
        with self.assert_refused("X2"):
            other.code = "X2"
        with self.assert_refused("X1"):
            (shared + other).write({"code": "X1"})
        with self.assert_refused("X9"):
            (shared + other).write({"code": "X9"})
        Division.create([{"name": "a"}, {"name": "b"}])

    def test_archived_code_is_taken(self):
        """An archived entry still has its code: customers may still show it."""
        Origin = self.manager("crm.customer.origin")
        Origin.create({"name": "Feria 2020", "code": "X1", "active": False})
        with self.assert_refused("X1", "Feria 2020"):
            Origin.create({"name": "Nueva", "code": "X1"})

    def test_codes_in_one_go(self):
        """Two equal codes in one call or one file are told apart from a database error."""
        Origin = self.manager("crm.customer.origin")
        with self.assert_refused("X1", "Una"):
            Origin.create([{"name": "Una", "code": "X1"}, {"name": "Dos", "code": "X1"}])
        result = Origin.load(["name", "code"], [["Una", "X1"], ["Dos", "X1"]])
        self.assertFalse(result["ids"])
        self.assertTrue(all("Una" in message["message"] for message in result["messages"]))

    def test_same_entry_again(self):
        """Saving an entry again with its own code is no duplicate."""
        origin = self.manager("crm.customer.origin").create({"name": "Feria", "code": "X1"})
        origin.write({"code": "X1", "name": "Feria de muestras"})
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "cdb_cat",
                "model": "crm.customer.origin",
                "res_id": origin.id,
            }
        )
        result = origin.load(["id", "code", "name"], [["__import__.cdb_cat", "X1", "Feria 2"]])
        self.assertFalse(result["messages"])
        self.assertEqual(origin.name, "Feria 2")

    def test_activities(self):
        """A code stands once in an edition; parents are of the same one and no circle."""
        Nace = self.manager("crm.customer.nace")
        top, below = Nace.create(
            [
                {"name": "Top", "code": "Q1", "version": "MX 2023"},
                {"name": "Below", "code": "Q11", "version": "MX 2023"},
            ]
        )
        below.parent_id = top
        Nace.create({"name": "Top", "code": "Q1", "version": "AR 2010"})
        with self.assert_refused("Q1", "Top"):
            Nace.create({"name": "Again", "code": "Q1", "version": "MX 2023"})
        with self.assert_refused("Top"):
            top.parent_id = below
        with self.assert_refused("Top"):
            top.parent_id = top
        other = Nace.create({"name": "X", "code": "Q1", "version": "CL 2012"})
        with self.assert_refused("MX 2023", "CL 2012"):
            other.parent_id = top

    def test_who_keeps_them(self):
        """Everybody chooses from the lists; only the manager changes them."""
        title = self.env["crm.customer.title"].search([], limit=1)
        for user in (self.user_sales_all, self.user_data_entry, self.user_marketing):
            self.assertTrue(self._as(user, title).display_name)
            with self.assertRaises(AccessError):
                self._as(user, title).name = "x"
            with self.assertRaises(AccessError):
                self._as(user, title).create({"name": "x"})

    def test_entry_in_use(self):
        """An entry that customers have can't be deleted; it can be archived and stays on them."""
        origin = self.manager("crm.customer.origin").create({"name": "Feria", "code": "X1"})
        territory = self.manager("crm.customer.territory").create(
            {
                "name": "T",
                "code": "X1",
                "company_id": self.company_a.id,
                "rule_ids": [Command.create({"zip_prefix": "99", "country_id": self.spain.id})],
            }
        )
        partner = self._partner(customer_origin_id=origin.id, zip="99001")
        self.assertEqual(partner.customer_territory_id, territory)
        division = self.manager("crm.customer.division").create({"name": "D", "code": "X1"})
        partner.customer_division_id = division
        (origin.active, territory.active, division.active) = (False, False, False)
        self.assertEqual(partner.customer_origin_id, origin)
        self.assertEqual(partner.customer_territory_id, territory)
        for entry in (origin, division, territory):
            with self.subTest(entry=entry._name):
                with self.assertRaises(UserError) as caught:
                    entry.unlink()
                self.assertIn(partner.name, str(caught.exception))
                self.assertIn("archive", str(caught.exception))
