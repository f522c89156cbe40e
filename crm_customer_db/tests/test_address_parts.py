# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form

from .common import CustomerDbCommon

PARTS = (
    "customer_street_name",
    "customer_street_number",
    "customer_floor",
    "customer_door",
)
# Lines as people write them; several can't be split and stay whole in the name.
LINES = [
    ("Calle Mayor, 12, 3º B", False),
    ("C/ Mayor 5", "bloque 3, esc. B, 4º izda"),
    ("C/ Mayor s/n", "Pol. Ind. Las Mercedes, nave 7"),
    ("Ctra. N-II, km 4,2", False),
    ("Apdo. 123", False),
    ("Gran Vía 30", "entlo. 2ª"),
    ("  Calle  del   Pez 4 ,  bajo ", False),
    ("Torre Picasso", "c/o Ana García"),
    ("¿?", "???"),
]


class TestAddressParts(CustomerDbCommon):
    """Street, number, floor and door are a view on the two address lines."""

    def parts(self, partner):
        return tuple(partner[name] or "" for name in PARTS)

    def assert_whole(self, partner, street, street2=False):
        """The lines are exactly these, also in the database."""
        partner.invalidate_recordset()
        self.assertEqual((partner.street, partner.street2), (street, street2))

    # -- nothing is lost -------------------------------------------------------

    def test_lines_stay_as_typed(self):
        """Lines typed by a user come back character for character, parts read or not."""
        for street, street2 in LINES:
            with self.subTest(street=street, street2=street2):
                partner = self._as(self.user_sales_own, self.env["res.partner"]).create(
                    {"name": "x", "street": street, "street2": street2, "country_id": self.spain.id}
                )
                self.parts(partner)
                self.assert_whole(partner, street, street2)

    def test_parts_written_back_change_nothing(self):
        """Writing the parts that were read (a form that sends all of them) changes no character."""
        for street, street2 in LINES:
            with self.subTest(street=street, street2=street2):
                partner = self._as(
                    self.user_sales_own,
                    self._partner(street=street, street2=street2),
                )
                partner.write(dict(zip(PARTS, self.parts(partner), strict=True)))
                self.assert_whole(partner, street, street2)
                self.assertEqual(len(partner.customer_address_ids), 1)

    def test_unsplittable_stays_in_the_name(self):
        """What can't be split is the street name, whole."""
        partner = self._partner(street="Torre Picasso")
        self.assertEqual(self.parts(partner), ("Torre Picasso", "", "", ""))

    # -- writing ---------------------------------------------------------------

    def test_write_each_part(self):
        """A remote write of one part changes that part in the line and nothing else."""
        expected = {
            "customer_street_name": ("Plaza Nueva", "Plaza Nueva, 12, 3º B"),
            "customer_street_number": ("14", "Calle Mayor, 14, 3º B"),
            "customer_floor": ("5º", "Calle Mayor, 12, 5º B"),
            "customer_door": ("C", "Calle Mayor, 12, 3º C"),
        }
        for name, (value, line) in expected.items():
            with self.subTest(name=name):
                partner = self._as(self.user_sales_own, self._partner(street="Calle Mayor, 12, 3º B"))
                partner.invalidate_recordset()
                partner.write({name: value})
                self.assert_whole(partner, line)
                self.assertEqual(partner[name], value)

    def test_write_several_parts_at_once(self):
        """Parts written together all arrive, in whatever order they are given."""
        partner = self._partner(street="Calle Mayor, 12, 3º B")
        partner.write({"customer_door": "A", "customer_street_number": "7", "customer_floor": "1º"})
        self.assert_whole(partner, "Calle Mayor, 7, 1º A")
        partner.write({"customer_street_name": "Calle Luna", "customer_door": "D"})
        self.assert_whole(partner, "Calle Luna, 7, 1º D")

    def test_write_many_records(self):
        """One write on many contacts changes the part of each in its own line."""
        partners = (
            self._partner(street="Calle Mayor, 12, 3º B")
            + self._partner(street="Av. del Sol 4")
            + self._partner(street="Gran Vía 30", street2="2º C")
            + self._partner()
        )
        partners.invalidate_recordset()
        self._as(self.user_marketing, partners).write({"customer_floor": "9º"})
        partners.invalidate_recordset()
        self.assertEqual(partners.mapped("customer_floor"), ["9º"] * 4)
        self.assertEqual(partners[0].street, "Calle Mayor, 12, 9º B")
        self.assertEqual((partners[2].street, partners[2].street2), ("Gran Vía 30", "9º C"))

    def test_write_part_and_line_together(self):
        """A part written with the line it stands in lands in the new line."""
        partner = self._partner(street="Calle Mayor 1")
        partner.write({"street": "Calle Luna 5", "customer_floor": "2º"})
        partner.invalidate_recordset()
        self.assertEqual(self.parts(partner), ("Calle Luna", "5", "2º", ""))

    def test_write_part_and_other_line_together(self):
        """A part and the second line can be written in one save."""
        partner = self._partner(street="Calle Mayor 1")
        partner.write({"customer_street_number": "8", "street2": "Polígono Sur"})
        self.assert_whole(partner, "Calle Mayor 8", "Polígono Sur")

    def test_write_part_and_country_together(self):
        """A part written with the country keeps every character of the line."""
        partner = self._partner(street="High Street", country_id=False)
        partner.write({"customer_street_number": "12", "country_id": self.env.ref("base.uk").id})
        self.assert_whole(partner, "12 High Street")

    def test_clear_a_part(self):
        """A part that is emptied leaves the line, and only it does."""
        partner = self._partner(street="Calle Mayor, 12, 3º B")
        partner.write({"customer_door": False})
        self.assert_whole(partner, "Calle Mayor, 12, 3º")
        partner.write({"customer_floor": ""})
        self.assert_whole(partner, "Calle Mayor, 12")
        partner.write({"customer_street_number": False, "customer_street_name": False})
        partner.invalidate_recordset()
        self.assertFalse(partner.street)

    def test_floor_and_door_in_second_line(self):
        """A floor and door that stand in the second line stay there when they are edited."""
        partner = self._partner(street="Calle Mayor 12", street2="3º B")
        self.assertEqual(self.parts(partner), ("Calle Mayor", "12", "3º", "B"))
        partner.write({"customer_door": "C"})
        self.assert_whole(partner, "Calle Mayor 12", "3º C")
        partner.write({"customer_floor": False, "customer_door": False})
        self.assert_whole(partner, "Calle Mayor 12", False)

    def test_country_change(self):
        """Another country reads the same line by its own habits, and changes no character."""
        partner = self._partner(street="12 Calle Mayor")
        for country in (self.usa, self.portugal, self.env["res.country"]):
            partner.country_id = country
            self.parts(partner)
            self.assert_whole(partner, "12 Calle Mayor")

    # -- creating, copying, importing -----------------------------------------

    def test_create_with_parts(self):
        """A contact made from parts gets the line that documents print."""
        partner = self._as(self.user_data_entry, self.env["res.partner"]).create(
            {
                "name": "x",
                "country_id": self.spain.id,
                "customer_street_name": "Calle Mayor",
                "customer_street_number": "12",
                "customer_floor": "3º",
                "customer_door": "B",
            }
        )
        self.assert_whole(partner, "Calle Mayor 12, 3º B")
        self.assertEqual(self.parts(partner), ("Calle Mayor", "12", "3º", "B"))

    def test_create_with_line_and_part(self):
        """A line and a part that is missing in it are put together."""
        partner = self._partner(street="Calle Mayor 12", customer_floor="3º")
        partner.invalidate_recordset()
        self.assertEqual(self.parts(partner), ("Calle Mayor", "12", "3º", ""))

    def test_create_many_with_parts(self):
        """Contacts made in one call, some from parts and some from lines, don't mix."""
        partners = self.env["res.partner"].create(
            [
                {"name": "1", "customer_street_name": "Calle Sol", "customer_street_number": "1"},
                {"name": "2", "street": "Calle Luna 2"},
                {"name": "3", "customer_floor": "3º"},
                {"name": "4"},
            ]
        )
        partners.invalidate_recordset()
        self.assertEqual(partners[0].street, "Calle Sol 1")
        self.assertEqual(partners[1].street, "Calle Luna 2")
        self.assertEqual(partners[2].customer_floor, "3º")
        self.assertFalse(partners[3].street)

    def test_copy(self):
        """A copy has the same lines, a history of its own and no date of the original."""
        partner = self._partner(street="Calle Mayor, 12", street2="3º B", zip="28013")
        copy = self._as(self.user_sales_own, partner).copy()
        self.assert_whole(copy, "Calle Mayor, 12", "3º B")
        self.assertEqual(len(copy.customer_address_ids), 1)
        self.assertEqual(copy.customer_address_ids.partner_id, copy)

    def test_load_parts(self):
        """An import with columns of parts fills the lines, for each row its own."""
        result = self._as(self.user_data_entry, self.env["res.partner"]).load(
            ["name", "country_id/.id", *PARTS],
            [
                ["Import Uno", str(self.spain.id), "Calle Mayor", "12", "3º", "B"],
                ["Import Dos", str(self.spain.id), "Calle Luna", "4", "", ""],
                ["Import Tres", str(self.spain.id), "", "", "", ""],
            ],
        )
        self.assertFalse(result["messages"])
        partners = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(partners.mapped("street"), ["Calle Mayor 12, 3º B", "Calle Luna 4", False])

    def test_load_line_again_with_part(self):
        """A second import that brings one part of a known contact changes that part only."""
        partner = self._partner(street="Calle Mayor, 12, 3º B")
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "cdb_x", "model": "res.partner", "res_id": partner.id}
        )
        result = self._as(self.user_data_entry, self.env["res.partner"]).load(
            ["id", "customer_street_number"], [["__import__.cdb_x", "99"]]
        )
        self.assertFalse(result["messages"])
        self.assert_whole(partner, "Calle Mayor, 99, 3º B")

    def test_file_with_lines_and_empty_parts(self):
        """A file with columns for lines and parts, of which the parts are empty, loses nothing."""
        columns = ["id", "name", "street", "street2", "customer_street_number", "customer_door"]
        Partner = self._as(self.user_data_entry, self.env["res.partner"])
        for _again in range(2):
            result = Partner.load(columns, [["__import__.cdb_lines", "x", "Calle Mayor 12, 3º B", "Nave 7", "", ""]])
            self.assertFalse(result["messages"])
            self.assert_whole(self.env.ref("__import__.cdb_lines"), "Calle Mayor 12, 3º B", "Nave 7")

    def test_import_screen(self):
        """The import screen takes a Spanish file with parts, and tells the rows apart."""
        wizard = self._as(self.user_data_entry, self.env["base_import.import"]).create(
            {
                "res_model": "res.partner",
                "file_name": "clientes.csv",
                "file_type": "text/csv",
                "file": ("Nombre;Calle;Número;Piso;Puerta\nUno;Calle Mayor;12;3º;B\nDos;Torre Picasso;;;\n").encode(),
            }
        )
        result = wizard.execute_import(
            ["name", *PARTS],
            ["Nombre", "Calle", "Número", "Piso", "Puerta"],
            {"has_headers": True, "quoting": '"', "separator": ";", "encoding": "utf-8"},
        )
        self.assertFalse(result["messages"])
        partners = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(partners.mapped("street"), ["Calle Mayor 12, 3º B", "Torre Picasso"])

    # -- the form --------------------------------------------------------------

    def test_form_parts_to_line(self):
        """A part typed in the form is in the line before the form is saved, and after."""
        partner = self._partner(street="Calle Mayor, 12, 3º B")
        with Form(self._as(self.user_sales_own, partner), "base.view_partner_form") as form:
            form.customer_street_number = "14"
            self.assertEqual(form.street, "Calle Mayor, 14, 3º B")
            form.customer_floor = "5º"
            form.customer_door = "D"
            self.assertEqual(form.street, "Calle Mayor, 14, 5º D")
        self.assert_whole(partner, "Calle Mayor, 14, 5º D")

    def test_form_line_to_parts(self):
        """A line typed in the form shows its parts at once."""
        with Form(self._as(self.user_sales_own, self.env["res.partner"]), "base.view_partner_form") as form:
            form.name = "Nuevo"
            form.country_id = self.spain
            form.street = "Calle Mayor, 12, 3º B"
            self.assertEqual(form.customer_street_number, "12")
            self.assertEqual(form.customer_door, "B")
            form.street2 = "Polígono Sur"
        partner = form.save()
        self.assert_whole(partner, "Calle Mayor, 12, 3º B", "Polígono Sur")

    def test_form_part_then_line_then_part(self):
        """Whichever was typed last holds, and the other follows."""
        with Form(self.env["res.partner"], "base.view_partner_form") as form:
            form.name = "Nuevo"
            form.country_id = self.spain
            form.customer_street_name = "Calle Sol"
            form.customer_street_number = "3"
            self.assertEqual(form.street, "Calle Sol 3")
            form.street = "Calle Luna 4, 1º A"
            self.assertEqual(form.customer_street_name, "Calle Luna")
            form.customer_door = "B"
            self.assertEqual(form.street, "Calle Luna 4, 1º B")
        self.assert_whole(form.save(), "Calle Luna 4, 1º B")

    # -- parents and children --------------------------------------------------

    def test_part_on_a_contact_goes_up_and_across(self):
        """A part edited on a contact that has its company's address changes it for all."""
        company = self._partner(street="Calle Mayor, 12", zip="28013", city="Madrid")
        ana, luis = (self._person(name=name, parent_id=company.id, type="contact") for name in ("Ana", "Luis"))
        self.assertEqual(ana.customer_street_number, "12")
        self._as(self.user_sales_own, ana).write({"customer_street_number": "20"})
        for partner in (company, ana, luis):
            self.assert_whole(partner, "Calle Mayor, 20")
            self.assertEqual(partner.customer_street_number, "20")

    def test_part_on_the_company_goes_down(self):
        """A part edited on a company is that of the contacts that follow, not of others."""
        company = self._partner(
            street="Calle Mayor, 12",
            child_ids=[
                Command.create({"name": "Ana", "type": "contact"}),
                Command.create({"name": "Nave", "type": "delivery", "street": "Calle Luna 4"}),
            ],
        )
        contact, delivery = company.child_ids.sorted("name")
        self._as(self.user_sales_own, company).write({"customer_street_number": "20"})
        self.assert_whole(contact, "Calle Mayor, 20")
        self.assert_whole(delivery, "Calle Luna 4")

    def test_no_right_no_change(self):
        """Who may not edit the contact may not edit its address by a part either."""
        partner = self._partner(street="Calle Mayor, 12")
        for user in (self.user_customer, self.user_employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, partner).write({"customer_street_number": "14"})
        self.assert_whole(partner, "Calle Mayor, 12")
