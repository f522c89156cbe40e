# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts and sites: who is the same, who is not, and what is said of one twice."""

from .test_import_contacts import ContactsCommon


class TestImportContactEntries(ContactsCommon):
    def _brought(self, *rows, header, **options):
        """Contacts and sites of two customers after a file, which brings nothing the second time."""
        batch = self._contacts(*rows, header=header, **options)
        self._tried(batch)
        batch.action_import()
        again = self._contacts(*rows, header=header, **options)
        self.assertLessEqual(set(self._tried(again)), {"unchanged", "rejected"})
        return (self.firm + self.other).child_ids

    def test_shared_address(self):
        """Who has the e-mail address of a colleague is himself, unless the names are alike."""
        person = self.env["res.partner"].create({"name": "Ana Gil", "email": "info@x.com", "parent_id": self.firm.id})
        rows = ("C1;Luis Sanz;info@x.com;Jefe", "C1;Ana Gil Mur;Info@x.com;Compras")
        found = self._brought(*rows, header="Código;Contacto;Correo contacto;Cargo")
        self.assertEqual(found.mapped("name"), ["Ana Gil", "Luis Sanz"])
        self.assertEqual(person.function, "Compras")

    def test_only_an_address(self):
        """An e-mail address alone is that of the contact who has it, and does not become his name."""
        person = self.env["res.partner"].create({"name": "Ana Gil", "email": "ana@x.com", "parent_id": self.firm.id})
        batch = self._contacts("C1;;Ana@x.com;Compras", header="Código;Contacto;Correo contacto;Cargo")
        batch.column_ids.is_overwriting = True
        self._tried(batch)
        batch.action_import()
        self.assertEqual((person.name, person.function), ("Ana Gil", "Compras"))
        self.assertEqual(self.firm.child_ids, person)

    def test_said_twice(self):
        """Two rows that say different things of one contact or site: the second says so, and nothing is lost silently."""
        header = "Código;Contacto;Correo contacto;Sede;Dirección sede"
        batch = self._contacts(
            "C1;Ana Gil;a@x.com;Tienda;Calle A", "C1;Ana Gil;b@x.com;;", "C1;;;Tienda;Calle B", header=header
        )
        self.assertEqual(self._tried(batch), {"new": 1, "rejected": 2})
        words = "Line 2 says something else for the same contact or site."
        self.assertEqual(self._reasons(batch), {3: f"Correo contacto: {words}", 4: f"Dirección sede: {words}"})

    def test_sites_without_name(self):
        """They are known again by where they are; of one of which nothing like that is said, that is asked."""
        header = "Código;Tel sede;CP sede;Población sede;Notas sede"
        batch = self._contacts(
            "C1;976333444;;;", "C1;;50003;;", "C1;;;Jaca;", "C1;;;Jaca;Tarde", "C1;;;;Por la tarde", header=header
        )
        for column, name in zip(batch.column_ids[1:], ("phone", "zip", "city", "comment"), strict=True):
            column.target = f"site:{name}"
        self._tried(batch)
        self.assertEqual(batch.row_ids.mapped("outcome"), ["new", "new", "new", "unchanged", "rejected"])
        batch.action_import()
        self.assertEqual(len(self.firm.child_ids), 3)
        again = self._contacts(*(row.cell_words and ";".join(row.cells) for row in batch.row_ids), header=header)
        self.assertEqual(self._tried(again), {"unchanged": 4, "rejected": 1})

    def test_site_is_no_person(self):
        """A site of the kind of persons would be made anew by each file."""
        batch = self._contacts("C1;Nave;Contact", "C1;Tienda;Delivery", header="Código;Sede;Tipo")
        batch.column_ids[2].target = "site:type"
        self.assertEqual(self._tried(batch), {"new": 1, "rejected": 1})
