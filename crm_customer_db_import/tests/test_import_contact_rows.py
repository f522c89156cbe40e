# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several rows of one customer: nothing that any of them says is lost, and none spoils the others."""

from .test_import_contacts import ContactsCommon


class TestImportContactRows(ContactsCommon):
    def _imported(self, *rows, **options):
        """A file that is tried and imported."""
        batch = self._contacts(*rows, **options)
        self._tried(batch)
        batch.action_import()
        return batch

    def test_what_changes_nothing_by_itself(self):
        """A refusal stands in a row that makes no contact, and an address of a contact in a second row."""
        header = {"header": "Código;Contacto;Correo contacto;Cargo;No publicidad"}
        rows = ("C2;Eva;;Jefa;", "C2;Eva;eva@example.com;;", "C2;;;;sí")
        self._imported(*rows, **header)
        self.assertEqual(
            self.other.child_ids.mapped(lambda one: (one.email, one.function)), [("eva@example.com", "Jefa")]
        )
        self.assertTrue(self.other.customer_no_email)
        self.assertEqual(self._tried(self._contacts(*rows, **header)), {"unchanged": 3})

    def test_refusal_in_a_later_row(self):
        """Whoever says yes in one row and no in another has refused, and consented to nothing."""
        batch = self._contacts("C2;976111222;sí", "C2;;no", header="Código;Teléfono;Publicidad")
        batch.column_ids[2].target = "consent:email"
        self._tried(batch)
        batch.action_import()
        self.assertEqual(self.other.customer_consent_ids.mapped("state"), ["refused"])

    def test_named_in_two_ways(self):
        """Rows that name a customer by reference and by number are of one, whether he is known or new."""
        header = {"header": "Código;NIF;Empresa;Teléfono;Contacto;Publicidad"}
        rows = (
            "C1;;;976111111;Ana;sí",
            ";ESB12345674;;976222222;Ana;no",
            "N1;ESB58378431;Uno;;Ana;",
            ";B58378431;Uno;;Luis;",
            "N2;;Dos;;Ana;",
        )
        batch = self._contacts(*rows, **header)
        batch.column_ids[5].target = "consent:email"
        self._tried(batch)
        batch.action_import()
        self.assertEqual((self.firm.phone, self.firm.child_ids.mapped("name")), ("976111111", ["Ana"]))
        self.assertEqual(self.firm.customer_consent_ids.mapped("state"), ["refused"])
        self.assertEqual(self._partners("N1").child_ids.mapped("name"), ["Ana", "Luis"])
        self.assertEqual(self._tried(self._contacts(*rows, **header)), {"unchanged": 5})

    def test_new_instead_of_chosen(self):
        """Who first chooses a customer and then says that it is a new one gets a new one."""
        son = self._partner(name="Ana Gil Mur", zip="50001")
        batch = self._contacts(";Ana Gil Mur;50001;Eva", header="Código;Nombre;CP;Contacto")
        self._tried(batch)
        batch.row_ids.partner_id = son
        batch.row_ids.action_new()
        batch.action_import()
        self.assertNotEqual(batch.row_ids.partner_id, son)
        self.assertFalse(son.child_ids)

    def test_decided_before(self):
        """Which of two customers with one number is meant is asked once."""
        two = self._partner(name="Uno", vat="ESB58378431") + self._partner(name="Dos", vat="ESB58378431")
        rows = ("ESB58378431;Eva",)
        batch = self._contacts(*rows, header="NIF;Contacto")
        self.assertEqual(self._tried(batch), {"resolve": 1})
        batch.row_ids.partner_id = two[1]
        batch.row_ids.action_this()
        batch.action_import()
        self.assertEqual(self._tried(self._contacts(*rows, header="NIF;Contacto")), {"unchanged": 1})
        self.assertEqual(two[1].child_ids.name, "Eva")

    def test_refused_contact(self):
        """A contact whom Odoo refuses stays out, and the customer with all others comes in."""
        header = {"header": "Código;Empresa;Contacto;Nacido"}
        rows = ("N1;;Eva;01/02/2990", "N1;Uno;Ana;01/02/1990", "N1;;Luis;", "C1;;Mar;01/02/2990", "C1;;Sol;")
        batch = self._contacts(*rows, **header)
        batch.column_ids[3].target = "contact:birthdate_date"
        self.assertEqual(self._tried(batch), {"new": 3, "rejected": 2})
        self.assertEqual([*self._reasons(batch)], [2, 5])
        self.assertIn("lies in the future", self._reasons(batch)[2])
        batch.action_import()
        self.assertEqual(self._counts(batch), {"new": 3, "rejected": 2})
        self.assertEqual(self._partners("N1").child_ids.mapped("name"), ["Ana", "Luis"])
        self.assertEqual(self.firm.child_ids.name, "Sol")
        self.assertEqual(self._tried(self._contacts(*rows, **header)), {"unchanged": 3, "rejected": 2})

    def test_values_that_stop_programs(self):
        """A web address and a number that can't even be compared are rejected, and the other rows go on."""
        batch = self._contacts(
            "C1;http://[x;", f"C2;;{'9' * 5000}", "N1;www.example.com;5", header="Código;Web;Plantilla", source="Web"
        )
        batch.column_ids[2].target = "partner:customer_headcount"
        self._tried(batch)
        self.assertEqual(batch.row_ids.mapped("outcome"), ["rejected"] * 3)
        self.assertIn("is not a web address", self._reasons(batch)[2])
        self.assertIn("is too large", self._reasons(batch)[3])
        self.assertIn("needs a name", self._reasons(batch)[4])
