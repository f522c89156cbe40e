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
        self.assertEqual(self.other.child_ids.mapped(lambda one: (one.email, one.function)), [("eva@example.com", "Jefa")])
        self.assertTrue(self.other.customer_no_email)
        self.assertEqual(self._tried(self._contacts(*rows, **header)), {"unchanged": 3})

    def test_refusal_in_a_later_row(self):
        """Whoever says yes in one row and no in another has refused, and consented to nothing."""
        batch = self._contacts("C2;976111222;sí", "C2;;no", header="Código;Teléfono;Publicidad")
        batch.column_ids[2].target = "consent:email"
        self._tried(batch)
        batch.action_import()
        self.assertEqual(self.other.customer_consent_ids.mapped("state"), ["refused"])
