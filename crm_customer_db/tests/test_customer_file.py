# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import CustomerDbCommon


class TestCustomerFile(CustomerDbCommon):
    """Who is a customer: one definition, the same for one contact and for a search."""

    def purchase(self, partner, company=None):
        company = company or self.company_a
        return (
            self.env["crm.customer.purchase"]
            .with_company(company)
            .create({"partner_id": partner.id, "company_id": company.id, "amount": 10})
        )

    def assert_in_file(self, partners, expected, *companies, user=None):
        """``expected`` are in the file and the others are not: computed and searched."""
        partners = self._as(user or self.user_sales_all, partners, *companies)
        partners.invalidate_recordset()
        self.assertEqual(partners.filtered("customer_in_file").ids, expected.ids)
        inside = [("id", "in", partners.ids)]
        for domain, found in (
            ([("customer_in_file", "=", True)], expected),
            ([("customer_in_file", "!=", False)], expected),
            ([("customer_in_file", "in", [True])], expected),
            ([("customer_in_file", "=", False)], partners - expected),
            ([("customer_in_file", "!=", True)], partners - expected),
            (["!", ("customer_in_file", "=", True)], partners - expected),
            ([("customer_in_file", "in", [True, False])], partners),
            ([("customer_in_file", "not in", [True, False])], partners.browse()),
        ):
            with self.subTest(domain=domain):
                result = partners.with_context(active_test=False).search(inside + domain)
                self.assertEqual(set(result.ids), set(found.ids))
                self.assertEqual(
                    partners.with_context(active_test=False).search_count(inside + domain),
                    len(found),
                )

    def test_each_way_in(self):
        """A purchase or a mark puts a contact in; nothing else does."""
        bought, marked, prospect, vendor, person = (self._partner(name=name) for name in ("1", "2", "3", "4", "5"))
        self.purchase(bought)
        marked.customer_mark = "customer"
        prospect.customer_mark = "prospect"
        self.assert_in_file(bought + marked + prospect + vendor + person, bought + marked + prospect)

    def test_never_in_the_file(self):
        """Internal users, own companies and marked as excluded are out whatever happened."""
        excluded = self._partner(customer_mark="excluded")
        portal = new_test_user(self.env, "cdb_portal", groups="base.group_portal").partner_id
        archived_user = new_test_user(self.env, "cdb_gone", groups="base.group_user")
        archived_user.active = False
        own = self.company_a.partner_id + self.company_b.partner_id
        staff = self.user_employee.partner_id + archived_user.partner_id
        everybody = excluded + portal + own + staff
        for partner in everybody:
            self.purchase(partner)
        (own + staff).customer_mark = "customer"
        self.assert_in_file(everybody, portal)

    def test_contacts_of_a_company(self):
        """The file holds the company: what its contacts buy counts for it, not for them."""
        company = self._partner()
        contact = self._person(parent_id=company.id)
        site = self._partner(name="Sede", parent_id=company.id, is_company=False)
        self.purchase(contact)
        self.assert_in_file(company + contact + site, company)
        # One that becomes a customer of its own takes its purchases along
        contact.parent_id = False
        self.assert_in_file(company + contact + site, contact)

    def test_purchase_given_to_another(self):
        """A purchase that was entered for the wrong contact puts only the right one in."""
        wrong, right = self._partner(), self._partner()
        purchase = self.purchase(wrong)
        self.assert_in_file(wrong + right, wrong)
        purchase.partner_id = right
        self.assert_in_file(wrong + right, right)

    def test_at_once(self):
        """A contact that was read before is in the file as soon as it has bought."""
        partner = self._partner()
        self.assertFalse(partner.customer_in_file)
        purchase = self.purchase(partner)
        self.assertTrue(partner.customer_in_file)
        purchase.unlink()
        self.assertFalse(partner.customer_in_file)
        partner.customer_mark = "prospect"
        self.assertTrue(partner.customer_in_file)

    def test_per_company(self):
        """A purchase in one company makes no customer of another; a mark is for all."""
        of_a, of_b, marked = self._partner(), self._partner(), self._partner()
        self.purchase(of_a)
        self.purchase(of_b, self.company_b)
        marked.customer_mark = "customer"
        everybody = of_a + of_b + marked
        self.assert_in_file(everybody, of_a + marked, self.company_a)
        self.assert_in_file(everybody, of_b + marked, self.company_b)
        self.assert_in_file(everybody, everybody, self.company_a, self.company_b)

    def test_archived(self):
        """An archived customer stays one, for those who look at archived contacts."""
        partner = self._partner(customer_mark="customer")
        partner.active = False
        self.assert_in_file(partner, partner)
        self.assertFalse(self.env["res.partner"].search([("id", "=", partner.id), ("customer_in_file", "=", True)]))

    def test_new_contact(self):
        """A contact that is being typed is not in the file, and asking does not fail."""
        new = self.env["res.partner"].new({"name": "x", "customer_mark": "customer"})
        self.assertFalse(new.customer_in_file)

    def test_button(self):
        """The button puts the customer in as a prospect, also from one of its contacts."""
        company = self._partner()
        contact = self._person(parent_id=company.id)
        self._as(self.user_sales_own, contact).action_customer_add_to_file()
        self.assertEqual(company.customer_mark, "prospect")
        self.assertFalse(contact.customer_mark)
        self.assert_in_file(company + contact, company)
        excluded = self._partner(customer_mark="excluded")
        self._as(self.user_sales_own, excluded).action_customer_add_to_file()
        self.assert_in_file(excluded, excluded)
        with self.assertRaises(AccessError):
            self._as(self.user_customer, self._partner()).action_customer_add_to_file()

    def test_button_lowers_nobody(self):
        """A customer who is added to the file again does not become a prospect."""
        customer = self._partner(customer_mark="customer")
        self._as(self.user_sales_own, customer).action_customer_add_to_file()
        self.assertEqual(customer.customer_mark, "customer")

    def test_button_on_our_own(self):
        """Our own people and companies can't be put into the file: a sentence says so."""
        for partner in self.user_employee.partner_id, self.company_a.partner_id:
            with self.assertRaisesRegex(UserError, "never customers"):
                self._as(self.user_manager, partner).action_customer_add_to_file()

    def test_reason_outside(self):
        """Whoever is not in the file gets a sentence on why; whoever is, none."""
        company = self._partner(name="Talleres Ebro")
        contact = self._person(parent_id=company.id)
        customer = self._partner(customer_mark="customer")
        for partner, words in (
            (contact, "Talleres Ebro"),
            (self.user_employee.partner_id, "own people"),
            (self.company_a.partner_id, "or companies"),
            (self._partner(customer_mark="excluded"), "Not a customer"),
            (company, "No purchase"),
        ):
            with self.subTest(words=words):
                seen = self._as(self.user_sales_own, partner)
                self.assertIn(words, seen._customer_outside_reason())
        seen = self._as(self.user_sales_own, customer)
        self.assertEqual(seen._customer_outside_reason(), "")

    def test_counts(self):
        """The count of a territory is the number of rows that it opens."""
        territory = self.env["crm.customer.territory"].create(
            {"name": "T", "code": "CDB-T", "company_id": self.company_a.id}
        )
        customers = self._partner(customer_mark="customer") + self._partner(customer_mark="prospect")
        outside = self._partner() + self._partner(customer_mark="excluded")
        (customers + outside).customer_territory_id = territory
        seen = self._as(self.user_sales_all, territory)
        self.assertEqual(seen.customer_count, 2)
        action = seen.action_open_customers()
        found = self._as(self.user_sales_all, customers).search(action["domain"])
        self.assertEqual(set(found.ids), set(customers.ids))

    def test_portal_user_sees_nothing(self):
        """A portal user can't ask who is in the file through his own contact's rights."""
        portal = new_test_user(self.env, "cdb_portal2", groups="base.group_portal")
        self._partner(name="Secreto", customer_mark="customer")
        found = self.env["res.partner"].with_user(portal).search([("customer_in_file", "=", True)])
        self.assertNotIn("Secreto", found.mapped("name"))
