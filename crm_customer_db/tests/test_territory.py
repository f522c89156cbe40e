# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import CustomerDbCommon


class TestTerritory(CustomerDbCommon):
    """Longest postal code, then state, then country; per company; a choice by hand stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.customer.territory.rule"].search([]).unlink()
        cls.country = cls.territory("ES", country_id=cls.spain.id)
        cls.state = cls.territory("M", state_id=cls.madrid.id)
        cls.short = cls.territory("28", zip_prefix="28", country_id=cls.spain.id)
        cls.long = cls.territory("280", zip_prefix="280", country_id=cls.spain.id)
        cls.b28 = cls.territory("28", company=cls.company_b, zip_prefix="28", country_id=cls.spain.id)

    @classmethod
    def territory(cls, code, company=None, rules=None, **rule):
        if company is None:
            company = cls.company_a
        return cls.env["crm.customer.territory"].create(
            {
                "name": f"Zona {code}",
                "code": code,
                "company_id": company.id,
                "rule_ids": [Command.create(vals) for vals in rules or [rule] if vals],
            }
        )

    def assert_territory(self, partner, territory, company=None):
        partner.invalidate_recordset()
        company = company or self.company_a
        self.assertEqual(partner.with_company(company).customer_territory_id.sudo(), territory)

    # -- which rule ------------------------------------------------------------

    def test_longest_prefix_then_state_then_country(self):
        """The most precise rule that fits wins; an address that none fits has no territory."""
        none = self.env["crm.customer.territory"]
        for vals, expected in (
            ({"zip": "28013"}, self.long),
            ({"zip": "28 013"}, self.long),
            ({"zip": "28-013"}, self.long),
            ({"zip": "28100"}, self.short),
            ({"zip": "28", "state_id": self.madrid.id}, self.short),
            ({"zip": "2", "state_id": self.madrid.id}, self.state),
            ({"state_id": self.madrid.id}, self.state),
            ({"zip": "41001"}, self.country),
            ({"city": "Sevilla"}, self.country),
            ({"country_id": self.portugal.id, "zip": "28013"}, none),
            # Without a country the address is taken to be in our company's
            ({"country_id": False, "zip": "28013"}, self.long),
            ({"country_id": False, "city": "Sevilla"}, self.country),
            ({"country_id": False}, none),
        ):
            with self.subTest(vals=vals):
                partner = self._partner(**vals)
                self.assert_territory(partner, expected)
                # By the button, too: the same rules give the same answer
                self._as(self.user_manager, self.long).action_apply_rules()
                self.assert_territory(partner, expected)

    def test_prefix_with_letters(self):
        """Prefixes are compared without spaces, hyphens and capitals."""
        uk = self.env.ref("base.uk")
        territory = self.territory("SW1", zip_prefix="sw1 a", country_id=uk.id)
        self.assertEqual(territory.rule_ids.zip_prefix, "SW1A")
        self.assert_territory(self._partner(country_id=uk.id, zip="sw1a 1aa"), territory)

    def test_archived_territory(self):
        """An archived territory takes no new address; its contacts keep it till they move."""
        partner = self._partner(zip="28013")
        self.long.active = False
        self.assert_territory(partner, self.long)
        self.assert_territory(self._partner(zip="28014"), self.short)
        partner.zip = "28015"
        self.assert_territory(partner, self.short)

    def test_shared_and_own(self):
        """A company's own rule goes before a shared one of equal length, not before a longer one."""
        none = self.env["res.company"]
        shared = self.territory("S28", company=none, zip_prefix="28", country_id=self.spain.id)
        longer = self.territory("S281", company=none, zip_prefix="281", country_id=self.spain.id)
        partner = self._partner(zip="28999")
        self.assert_territory(partner, self.short)
        self.assert_territory(partner, self.b28, self.company_b)
        partner.zip = "28100"
        self.assert_territory(partner, longer)
        self.b28.rule_ids.unlink()
        partner.zip = "28998"
        self.assert_territory(partner, shared, self.company_b)

    def test_branches(self):
        """A branch has its own territories, and those of its company where it has none."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company_a.id, "country_id": self.spain.id}
        )
        partner = self._partner(zip="28999")
        self.assert_territory(partner, self.short, branch)
        own = self.territory("BR", company=branch, zip_prefix="28", country_id=self.spain.id)
        partner.zip = "28998"
        self.assert_territory(partner, own, branch)
        self.assert_territory(partner, self.short, self.company_a)
        self.assert_territory(partner, self.b28, self.company_b)
        # The prefix of the company is longer than the branch's
        partner.zip = "28013"
        self.assert_territory(partner, self.long, branch)

    # -- when it is assigned ---------------------------------------------------

    def test_assigned_however_the_address_changes(self):
        """By remote write, part of the street and zip, form, import and from the company."""
        partner = self._as(self.user_sales_own, self._partner(zip="41001"))
        self.assert_territory(partner, self.country)
        partner.write({"zip": "28013"})
        self.assert_territory(partner, self.long)
        partner.write({"customer_street_number": "4", "zip": "28999"})
        self.assert_territory(partner, self.short)
        with Form(partner, "base.view_partner_form") as form:
            form.zip = "28013"
        self.assert_territory(partner, self.long)
        self.assertFalse(partner.customer_territory_manual)

        contact = self._person(parent_id=partner.id, type="contact")
        self.assert_territory(contact, self.long)
        partner.zip = "41001"
        self.assert_territory(contact, self.country)
        contact.with_user(self.user_sales_own).zip = "28013"
        self.assert_territory(self.env["res.partner"].browse(partner.id), self.long)

        result = self._as(self.user_data_entry, self.env["res.partner"]).load(
            ["id", "name", "zip", "country_id/.id"],
            [["__import__.cdb_t", "Importado", "28013", str(self.spain.id)]],
        )
        imported = self.env["res.partner"].browse(result["ids"])
        self.assert_territory(imported, self.long)
        self._as(self.user_data_entry, self.env["res.partner"]).load(["id", "zip"], [["__import__.cdb_t", "41001"]])
        self.assert_territory(imported, self.country)

    def test_user_without_rights_on_territories(self):
        """Who may edit contacts but not territories, nor see them, moves a contact all the same."""
        self.env["ir.model.access"].search([("model_id.model", "=like", "crm.customer.territory%")]).active = False
        partner = self._as(self.user_data_entry, self._partner(zip="41001"))
        partner.write({"zip": "28013"})
        self.assert_territory(self.env["res.partner"].browse(partner.id), self.long)

    def test_per_company(self):
        """One contact is in one territory of each company; a user of one sees that one."""
        partner = self._partner(zip="28999")
        self.assert_territory(partner, self.short, self.company_a)
        self.assert_territory(partner, self.b28, self.company_b)
        in_b = self._as(self.user_sales_own, partner, self.company_b)
        self.assertEqual(in_b.customer_territory_id, self.b28)
        self.assertEqual(in_b.customer_territory_id.name, "Zona 28")

    # -- by hand ---------------------------------------------------------------

    def test_choice_by_hand(self):
        """A chosen territory survives moves in its company only; the button goes back."""
        partner = self._as(self.user_sales_own, self._partner(zip="28013"))
        partner.customer_territory_id = self.country
        self.assertTrue(partner.customer_territory_manual)
        partner.zip = "28999"
        self.assert_territory(partner, self.country)
        self.assert_territory(partner, self.b28, self.company_b)
        partner.zip = "41001"
        self.assert_territory(partner, self.env["crm.customer.territory"], self.company_b)
        partner.zip = "28999"
        partner.action_customer_territory_automatic()
        self.assertFalse(partner.customer_territory_manual)
        self.assert_territory(partner, self.short)

    def test_empty_is_back_to_automatic(self):
        """Emptying a territory is going back to the rules, at once."""
        partner = self._as(self.user_sales_own, self._partner(zip="28013"))
        partner.customer_territory_id = self.country
        partner.customer_territory_id = False
        self.assertFalse(partner.customer_territory_manual)
        self.assert_territory(partner, self.long)

    def test_chosen_in_the_form(self):
        """A territory chosen in the form, of a new or known contact, is chosen by hand."""
        Partner = self._as(self.user_sales_own, self.env["res.partner"])
        with Form(Partner, "base.view_partner_form") as form:
            form.name = "Nuevo"
            form.country_id = self.spain
            form.zip = "28013"
            form.customer_territory_id = self.country
        partner = form.save()
        self.assert_territory(partner, self.country)
        self.assertTrue(partner.customer_territory_manual)
        partner.action_customer_territory_automatic()
        with Form(partner, "base.view_partner_form") as form:
            form.customer_territory_id = self.state
        self.assertTrue(partner.customer_territory_manual)

    def test_created_without_choice(self):
        """A new contact saved from a form without a territory is in that of its address."""
        with Form(self._as(self.user_sales_own, self.env["res.partner"]), "base.view_partner_form") as form:
            form.name = "Nuevo"
            form.country_id = self.spain
            form.zip = "28013"
        self.assert_territory(form.save(), self.long)

    def test_copy_is_automatic(self):
        """The territory of a copy follows from its address, and is not locked."""
        partner = self._partner(zip="28013")
        copy = partner.copy()
        self.assertFalse(copy.customer_territory_manual)
        copy.zip = "28999"
        self.assert_territory(copy, self.short)

    def test_not_pushed_to_contacts(self):
        """A territory chosen for a company is not that of its sites elsewhere."""
        company = self._partner(zip="28013")
        site = self._person(parent_id=company.id, type="other", zip="41001")
        company.customer_territory_id = self.state
        self.assert_territory(site, self.country)

    def test_merge(self):
        """A merge locks no automatic territory, and keeps the one chosen by hand."""
        keep, gone = (self._partner(zip=code, email="x@x.es") for code in ("28013", "41001"))
        other = self._partner(zip="28999", email="x@x.es", customer_territory_id=self.state.id)
        Wizard = self._as(self.user_manager, self.env["base.partner.merge.automatic.wizard"])
        keep = self._as(self.user_manager, keep)
        Wizard._merge([keep.id, gone.id], keep)
        self.assert_territory(keep, self.long)
        self.assertFalse(keep.customer_territory_manual)
        Wizard._merge([keep.id, other.id], keep)
        self.assert_territory(keep, self.state)
        self.assertTrue(keep.customer_territory_manual)
        self.assert_territory(keep, self.b28, self.company_b)

    def test_territory_of_another_company(self):
        """A territory of company B can't be chosen in company A."""
        partner = self._as(self.user_manager, self._partner(zip="28013"))
        with self.assertRaises(UserError):
            partner.write({"customer_territory_id": self.b28.id})

    # -- what can't be ---------------------------------------------------------

    def test_rules_of_equal_length(self):
        """Two rules of one company for the same addresses are named when they are saved."""
        with self.assert_refused("280", "Zona 280", "Zona X"):
            self.territory("X", zip_prefix="28-0", country_id=self.spain.id)
        with self.assert_refused("Spain"):
            self.territory("Y", country_id=self.spain.id)
        with self.assert_refused("Madrid"):
            self.territory("Z", state_id=self.madrid.id)
        with self.assert_refused("280"):
            self._as(self.user_manager, self.short).rule_ids.zip_prefix = "280"
        with self.assert_refused("28"):
            self.b28.write({"company_id": self.company_a.id, "code": "28b"})
        # Other countries, other companies, archived ones: nobody is in the way
        self.territory("P", zip_prefix="280", country_id=self.portugal.id)
        self.territory("Q", company=self.company_b, zip_prefix="280", country_id=self.spain.id)
        self.long.active = False
        self.territory("R", zip_prefix="280", country_id=self.spain.id)
        with self.assert_refused("280"):
            self.long.active = True

    def test_one_save_with_two_equal_rules(self):
        """Two equal rules typed in one go, also of one territory, are named too."""
        rule = {"zip_prefix": "08", "country_id": self.spain.id}
        with self.assert_refused("08"):
            self.territory("BCN", rules=[rule, dict(rule)])

    def test_own_ancestor(self):
        """A territory that is a part of itself is refused in words."""
        self.short.parent_id = self.country
        with self.assert_refused("Zona ES"):
            self._as(self.user_manager, self.country).parent_id = self.short
        with self.assert_refused("Zona ES"):
            self.country.parent_id = self.country

    def test_duplicate_code(self):
        """One code per company, shared ones included; two companies may use the same."""
        for company in (self.company_a, self.env["res.company"]):
            with self.subTest(company=company.name), self.assert_refused("ES", "Zona ES"):
                self._as(self.user_manager, self.env["crm.customer.territory"]).create(
                    {"name": "Otra", "code": "ES", "company_id": company.id}
                )
        with self.assert_refused("ES", "Zona ES"):
            self.short.code = "ES"
        self.territory("ES", company=self.company_b)

    # -- searching, grouping, cost ---------------------------------------------

    def test_search_and_group_per_company(self):
        """Search and group-by give the territories of the company one works in."""
        partners = self._partner(zip="28013") + self._partner(zip="28014")
        partners += self._partner(zip="41001")
        for company, expected in (
            (self.company_a, {self.long: 2, self.country: 1}),
            (self.company_b, {self.b28: 2, self.b28.browse(): 1}),
        ):
            with self.subTest(company=company.name):
                Partner = self._as(self.user_sales_own, self.env["res.partner"], company)
                groups = Partner._read_group([("id", "in", partners.ids)], ["customer_territory_id"], ["__count"])
                self.assertEqual({t.sudo(): n for t, n in groups}, expected)
                for territory, count in expected.items():
                    self.assertEqual(
                        Partner.search_count(
                            [
                                ("id", "in", partners.ids),
                                ("customer_territory_id", "=", territory.id),
                            ]
                        ),
                        count,
                    )

    def test_assign_five_thousand(self):
        """Everybody is assigned anew in a handful of queries, whatever their number."""
        partners = self.env["res.partner"].create(
            [{"name": f"c{n}", "country_id": self.spain.id, "zip": f"{28000 + n % 2000}"} for n in range(5000)]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET customer_territory_id = NULL WHERE id = ANY(%s)",
            [partners.ids],
        )
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        changed = self.env["crm.customer.territory"]._assign(partners.ids)
        self.assertLessEqual(self.env.cr.sql_log_count - start, 3)
        self.assertEqual(changed, 5000)
        self.assert_territory(partners[13], self.long)
        self.assertEqual(self.env["crm.customer.territory"]._assign(partners.ids), 0)

    def test_buttons(self):
        """Only a manager assigns anew; customers without a salesperson get the territory's."""
        with self.assertRaises(UserError):
            self._as(self.user_sales_all, self.long).action_apply_rules()
        customers = self.env["res.partner"]
        for user in (self.user_sales_own, self.env["res.users"]):
            customers += self._partner(zip="28013", customer_mark="customer", user_id=user.id)
        outside = self._partner(zip="28013")
        territory = self._as(self.user_manager, self.long)
        with self.assertRaises(UserError) as caught:
            territory.action_assign_salesperson()
        self.assertIn("Zona 280", str(caught.exception))
        self.long.user_id = self.user_sales_all
        territory.action_assign_salesperson()
        self.assertEqual(customers.user_id, self.user_sales_own + self.user_sales_all)
        self.assertFalse(outside.user_id)

    def test_write_right_is_needed(self):
        """Nobody chooses a territory, or goes back, for a contact he may not edit."""
        partner = self._partner(zip="28013")
        for user in (self.user_customer, self.user_employee):
            with self.assertRaises(AccessError):
                self._as(user, partner).customer_territory_id = self.state
            with self.assertRaises(AccessError):
                self._as(user, partner).action_customer_territory_automatic()
