# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import Form

from .common import CustomerDbCommon


class TestCommercialFields(CustomerDbCommon):
    """What is the company's goes down to its contacts; what is of a place or person never."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nace = cls.env["crm.customer.nace"].search([("code", "=", "25.11")], limit=1)
        cls.procedures = cls.env["crm.customer.buying.procedure"].search([], limit=2)
        cls.division, cls.division_b = cls.env["crm.customer.division"].create(
            [
                {"name": "Norte", "code": "CDBN"},
                {"name": "Sur", "code": "CDBS", "company_id": cls.company_b.id},
            ]
        )
        cls.origin = cls.env["crm.customer.origin"].create({"name": "O", "code": "CDBO"})
        cls.role = cls.env["crm.customer.contact.role"].search([], limit=1)
        cls.commercial = {
            "customer_nace_id": cls.nace.id,
            "customer_turnover": 1000000,
            "customer_turnover_currency_id": cls.euro.id,
            "customer_turnover_year": 2025,
            "customer_buying_organisation": "each_site",
            "customer_buying_procedure_ids": [Command.set(cls.procedures.ids)],
            "customer_credit_level": "b",
            "customer_credit_level_source": "insurer",
            "customer_credit_level_expiry": "2027-01-01",
            "customer_division_id": cls.division.id,
            "customer_priority": "a",
            "customer_origin_id": cls.origin.id,
        }
        cls.own = {
            "customer_site": "headquarters",
            "customer_headcount": 300,
            "customer_headcount_year": 2025,
            "customer_trade_name": "La Marca",
            "customer_is_key_contact": True,
            "customer_contact_role_ids": [Command.set(cls.role.ids)],
            "customer_call_window_ids": [Command.create({"weekday": "2"})],
            "customer_tz": "Atlantic/Canary",
            "customer_territory_manual": True,
            "customer_formality": "informal",
            "customer_address_type": "registered_office",
            "customer_mark": "customer",
            "user_id": cls.user_sales_own.id,
            "birthdate_date": "1980-05-05",
            "customer_education": "master",
            "customer_children": 2,
        }
        cls.firm = cls._partner(name="Metales Ebro", zip="28013")
        cls.sites = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "parent_id": cls.firm.id,
                    "type": "other",
                    "customer_site": site,
                    "customer_headcount": heads,
                    "zip": code,
                    "country_id": cls.spain.id,
                }
                for name, site, heads, code in (
                    ("Fábrica", "plant", 120, "50001"),
                    ("Almacén", "warehouse", 8, "28100"),
                    ("Tienda", "shop", 15, "08001"),
                )
            ]
        )
        cls.contacts = cls.env["res.partner"].create(
            [
                {"name": name, "parent_id": (cls.sites[0] if name == "Eva" else cls.firm).id}
                for name in ("Ana", "Luis", "Marta", "Juan", "Eva")
            ]
        )

    def values(self, partner, names):
        partner = partner.sudo().with_company(self.company_a)
        return {name: partner[name].ids if partner._fields[name].relational else partner[name] for name in names}

    def test_company_fields_go_down(self):
        """Set at the top, all commercial fields are those of three sites and five contacts."""
        self.assertLessEqual(set(self.commercial), set(self.firm._commercial_fields()))
        self._as(self.user_manager, self.firm).write(self.commercial)
        top = self.values(self.firm, self.commercial)
        self.assertTrue(all(top.values()))
        for partner in self.sites + self.contacts:
            with self.subTest(partner=partner.name):
                self.assertEqual(self.values(partner, self.commercial), top)
        # A change and a value that is taken out, by one who may do less
        self._as(self.user_sales_own, self.firm).write(
            {"customer_priority": "c", "customer_buying_organisation": False}
        )
        for partner in self.sites + self.contacts:
            self.assertEqual(partner.customer_priority, "c")
            self.assertFalse(partner.customer_buying_organisation)

    def test_other_fields_never_do(self):
        """Site, headcount, territory, roles, calls and the person stay where they are."""
        before = [self.values(p, self.own) for p in self.sites + self.contacts]
        self._as(self.user_manager, self.firm).write(self.own)
        after = [self.values(p, self.own) for p in self.sites + self.contacts]
        self.assertEqual(before, after)
        self.assertEqual(self.sites.mapped("customer_headcount"), [120, 8, 15])
        self.assertEqual(self.sites.mapped("customer_headcount_band"), ["50_249", "1_9", "10_49"])
        self.assertFalse(set(self.own) & set(self.firm._commercial_fields()))

    def test_site_changes_stay_there(self):
        """A site's own headcount and kind change neither the company nor its contacts."""
        self._as(self.user_sales_own, self.sites[0]).write({"customer_headcount": 200, "customer_site": "office"})
        self.assertFalse(self.firm.customer_headcount)
        self.assertFalse(self.firm.customer_site)
        self.assertFalse(self.contacts[4].customer_headcount)

    def test_new_and_moved_contacts(self):
        """A new contact has its company's values, one that moves has the new company's."""
        self.firm.write(self.commercial)
        new = self._as(self.user_sales_own, self.env["res.partner"]).create(
            {"name": "Nuevo", "parent_id": self.firm.id}
        )
        self.assertEqual(self.values(new, self.commercial), self.values(self.firm, self.commercial))
        other = self._partner(
            **dict(
                self.commercial,
                customer_priority="d",
                customer_turnover=5,
                customer_credit_level="e",
                customer_buying_procedure_ids=[Command.set(self.procedures[:1].ids)],
            )
        )
        self._as(self.user_sales_own, new).parent_id = other
        self.assertEqual(self.values(new, self.commercial), self.values(other, self.commercial))

    def test_contacts_of_an_import(self):
        """Who imports contacts of a company and may not read its credit level is not stopped."""
        self.firm.write(self.commercial)
        result = self._as(self.user_data_entry, self.env["res.partner"]).load(
            ["name", "parent_id/.id"], [["Importada", str(self.firm.id)]]
        )
        self.assertFalse(result["messages"])
        contact = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(self.values(contact, self.commercial), self.values(self.firm, self.commercial))

    def test_subsidiary(self):
        """A company below a company keeps its own values, and so do its contacts."""
        subsidiary = self._partner(name="Filial", parent_id=self.firm.id, customer_priority="d")
        contact = self._person(parent_id=subsidiary.id)
        self.firm.write(self.commercial)
        for partner in subsidiary + contact:
            self.assertEqual(partner.customer_priority, "d")
            self.assertFalse(partner.customer_nace_id)

    def test_each_company_its_own(self):
        """Division and credit level are kept per company of ours, at the top and below."""
        self._as(self.user_manager, self.firm).write(
            {"customer_division_id": self.division.id, "customer_credit_level": "b"}
        )
        self._as(self.user_manager, self.firm, self.company_b).write(
            {"customer_division_id": self.division_b.id, "customer_credit_level": "e"}
        )
        late = self._person(parent_id=self.firm.id)
        for partner in self.firm + self.sites + self.contacts + late:
            with self.subTest(partner=partner.name):
                in_a = partner.with_company(self.company_a)
                in_b = partner.with_company(self.company_b)
                self.assertEqual(in_a.customer_division_id, self.division)
                self.assertEqual(in_a.customer_credit_level, "b")
                self.assertEqual(in_b.customer_division_id, self.division_b)
                self.assertEqual(in_b.customer_credit_level, "e")

    def test_activity_by_code(self):
        """A file or a user may name an activity by code, dotted or not, or as it is shown."""
        for text in ("25.11", "2511", self.nace.display_name):
            with self.subTest(text=text):
                self.assertIn(
                    self.nace.code,
                    self.env["crm.customer.nace"]
                    .browse(id_ for id_, _name in self.env["crm.customer.nace"].name_search(text, operator="="))
                    .mapped("code"),
                )


class TestCompanyProfile(CustomerDbCommon):
    """A bad value of a company gets a sentence with its name; bands follow numbers."""

    def test_bad_values(self):
        """Each impossible value is refused by write, create and import, naming the customer."""
        for vals, word in (
            ({"customer_headcount": -1}, "headcount"),
            ({"customer_headcount_year": 20026}, "20026"),
            ({"customer_headcount_year": 26}, "26"),
            ({"customer_headcount": 5, "customer_headcount_band": "250_over"}, "band"),
            ({"customer_turnover": 1000}, "currency"),
            ({"customer_turnover": -1, "customer_turnover_currency_id": self.euro.id}, "turnover"),
            ({"customer_turnover_year": 20026}, "20026"),
            ({"customer_turnover_year": -1}, "-1"),
        ):
            with self.subTest(vals=vals):
                partner = self._as(self.user_sales_own, self._partner(name="Metales Ebro"))
                with self.assert_refused("Metales Ebro", word):
                    partner.write(vals)
                with self.assert_refused("Metales Ebro", word):
                    partner.create(dict(vals, name="Metales Ebro"))
        result = self._as(self.user_data_entry, self.env["res.partner"]).load(
            ["name", "customer_headcount", "customer_turnover"],
            [["Buena", "5", ""], ["Mala", "-5", ""], ["Peor", "5", "100"]],
        )
        # Odoo repeats the first message on the first row of the file
        by_row = {message["record"]: message["message"] for message in result["messages"]}
        self.assertIn("Mala", by_row[1])
        self.assertIn("Peor", by_row[2])

    def test_currency_of_a_turnover_taken_out(self):
        """The currency can't be emptied under a turnover."""
        partner = self._as(
            self.user_sales_own,
            self._partner(
                name="Metales Ebro",
                customer_turnover=5,
                customer_turnover_currency_id=self.euro.id,
            ),
        )
        with self.assert_refused("Metales Ebro", "currency"):
            partner.customer_turnover_currency_id = False

    def test_band_follows_the_number(self):
        """The band is that of the number; where there is none, the one that was chosen."""
        for headcount, band in ((1, "1_9"), (9, "1_9"), (10, "10_49"), (249, "50_249"), (250, "250_over")):
            self.assertEqual(self._partner(customer_headcount=headcount).customer_headcount_band, band)
        partner = self._as(self.user_sales_own, self._partner(customer_headcount_band="10_49"))
        self.assertEqual(partner.customer_headcount_band, "10_49")
        partner.customer_headcount = 300
        self.assertEqual(partner.customer_headcount_band, "250_over")
        self.assertTrue(partner.search([("id", "=", partner.id), ("customer_headcount_band", "=", "250_over")]))
        partner.write({"customer_headcount": 0, "customer_headcount_band": "1_9"})
        self.assertEqual(partner.customer_headcount_band, "1_9")
        with self.assert_refused("band"):
            self._partner(customer_headcount=300).customer_headcount_band = "1_9"

    def test_form(self):
        """In the form a turnover has our currency unless another one is chosen."""
        with Form(self._as(self.user_sales_own, self.env["res.partner"]), "base.view_partner_form") as form:
            form.name = "Metales"
            form.company_type = "company"
            form.customer_turnover = 1000
        partner = form.save()
        self.assertEqual(partner.customer_turnover_currency_id, self.euro)
