# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Customers come in with their contacts and sites, and are found before they are made."""

from odoo import Command
from odoo.exceptions import UserError

from .test_import import ImportCommon

HEADER = "Código;Razón social;NIF;Dirección;CP;Población;Provincia;Teléfono;E-mail;Persona de contacto;Cargo;Sede"
COMPANIES = (
    "N1;Hierros Gállego, S.L.;ESB58378431;C/ Mayor, 1;50001;Zaragoza;Zaragoza;976123456;h@example.com;Ana Gil;Compras;",
    "N1;;;;;;;;;Luis Sanz;Almacén;Nave 2",
    "N2;Bar Luna;;;22001;Huesca;Huesca;;;;;",
    "C1;Talleres Ebro, S.L.;;C/ Sol, 3;;;;;;Eva Mur;;",
)
# What changes whenever figures are worked out anew, or is a log.
LOGS = (
    "crm_customer_import%",
    "crm_customer_metrics%",
    "crm_customer_quality%",
    "bus_bus",
    "ir_cron%",
    "ir_attachment",
)


class ContactsCommon(ImportCommon):
    def _contacts(self, *rows, header=HEADER, **options):
        return self._csv(*rows, header=header, kind="res.partner", **options)

    def _partners(self, *refs):
        return self.env["res.partner"].search([("ref", "in", refs)])

    def _all_sums(self):
        """Number and content of the rows of every table."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema::regnamespace"
            " AND NOT relname LIKE ANY(%s)",
            [list(LOGS)],
        )
        sums = {}
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(f'SELECT COUNT(*), SUM(hashtextextended(t::text, 0)) FROM "{table}" t')
            sums[table] = self.env.cr.fetchone()
        return sums

    def _assert_same_sums(self, before):
        now = self._all_sums()
        self.assertEqual({table: now[table] for table in before if now[table] != before[table]}, {})


class TestImportContacts(ContactsCommon):
    def test_companies_with_contacts_and_sites(self):
        """One file brings companies, each with as many contacts and sites as it has rows for."""
        batch = self._contacts(*COMPANIES)
        self.assertEqual(batch.column_ids.filtered(lambda column: not column.target).mapped("header"), [])
        self.assertEqual(self._tried(batch), {"new": 4})
        self.assertFalse(self._partners("N1", "N2"), "trying makes nobody")
        batch.action_import()
        company = self._partners("N1")
        self.assertTrue(company.is_company)
        self.assertEqual((company.customer_mark, company.company_id), ("customer", self.env["res.company"]))
        self.assertEqual(company.state_id.name, "Zaragoza")
        people = company.child_ids.filtered(lambda child: child.type == "contact")
        self.assertEqual(
            people.mapped(lambda child: (child.name, child.function)),
            [("Ana Gil", "Compras"), ("Luis Sanz", "Almacén")],
        )
        sites = company.child_ids - people
        self.assertEqual(sites.mapped(lambda child: (child.name, child.type)), [("Nave 2", "other")])
        self.assertEqual(self.firm.child_ids.name, "Eva Mur")
        self.assertEqual(self.firm.street, "C/ Sol, 3", "what was empty is filled")
        self.assertEqual(batch.row_ids[1].action_open_entry()["res_id"], sites.id)
        self.assertEqual(self._tried(self._contacts(*COMPANIES)), {"unchanged": 4})

    def test_taking_back(self):
        """Every table has the rows it had before, with the same content."""
        before = self._all_sums()
        batch = self._contacts(*COMPANIES, "C2;Bar Pilar;;;;;;976111222;pilar@example.com;;;")
        batch.column_ids.filtered(lambda column: column.target == "customer_zip").is_overwriting = True
        self._tried(batch)
        batch.action_import()
        self.assertEqual(self.other.phone, "976111222")
        batch.action_revert()
        self.assertEqual((batch.state, batch.kept_count), ("reverted", 0))
        self._assert_same_sums(before)
        self.assertFalse(self._partners("N1"))
        self.assertFalse(self.other.phone)

    def test_taking_back_keeps_what_is_used(self):
        """Who was changed, or has a purchase, stays, with the company above; so does what was overwritten by hand."""
        batch = self._contacts(*COMPANIES)
        self._tried(batch)
        batch.action_import()
        company, bar = self._partners("N1"), self._partners("N2")
        person = company.child_ids.filtered(lambda child: child.name == "Ana Gil")
        self.Purchase.create({"partner_id": person.id, "company_id": self.company_a.id, "amount": 5})
        self.firm.street = "C/ Luna, 4"
        batch.action_revert()
        self.assertTrue(company.exists())
        self.assertFalse(bar.exists())
        self.assertEqual(self.firm.street, "C/ Luna, 4")
        self.assertIn(2, batch.row_ids.filtered("is_kept").mapped("line"))
        self.assertIn(5, batch.row_ids.filtered("is_kept").mapped("line"))

    def test_contradictions_and_bad_values(self):
        """Each row says what is wrong with it; the other rows of the same customer go in."""
        batch = self._contacts(
            "N1;Hierros Uno;;;50001;;;976123456;;;;",
            "N1;Hierros Dos;;;50001;;;;;Ana Gil;;",
            "N1;;;;;;;;;Luis Sanz;;",
            "N2;Bar;;;;;Zargoza;;;;;",
            "N3;Bar;;;;;;ninguno;nadie;;;",
            ";;;Calle Mayor;;;;;;;;",
            "N4;;;;;;;;;;;",
            "N5;" + "B" * 600 + ";;;;;;;;;;",
            "N6;Bar;;;;;;;;;Jefe;",
        )
        self.assertEqual(self._tried(batch), {"new": 2, "rejected": 7})
        reasons = self._reasons(batch)
        self.assertEqual(reasons[3], "Razón social: Line 2 says something else for the same customer.")
        self.assertEqual(reasons[5], "Provincia: “Zargoza” is not known.")
        self.assertIn("Teléfono: “ninguno” is not a phone number.", reasons[6])
        self.assertIn("E-mail: “nadie” is not an e-mail address.", reasons[6])
        self.assertIn("which customer", reasons[7])
        self.assertIn("needs a name", reasons[8])
        self.assertIn("longer than 500", reasons[9])
        self.assertEqual(reasons[10], "Persona de contacto: Say what the contact is called.")
        batch.action_import()
        self.assertEqual(self._partners("N1").child_ids.name, "Luis Sanz")

    def test_refused_by_odoo(self):
        """One customer whom Odoo refuses does not stop the others, and the reason is Odoo's own."""

        def refuse(partners):
            if any(partner.city == "Nowhere" for partner in partners):
                raise ValueError("There is no such place.")

        rows = [f"N{number};Bar {number};;;;{'Nowhere' if number == 5 else 'Jaca'};;;;;;" for number in range(8)]
        original = type(self.env["res.partner"]).create

        def create(partners, vals_list):
            made = original(partners, vals_list)
            refuse(made)
            return made

        self.patch(type(self.env["res.partner"]), "create", create)
        batch = self._contacts(*rows)
        self.assertEqual(self._tried(batch), {"new": 7, "rejected": 1})
        self.assertEqual(self._reasons(batch), {7: "There is no such place."})
        batch.action_import()
        self.assertEqual(len(self._partners(*(f"N{number}" for number in range(8)))), 7)

    def test_fill_or_overwrite(self):
        """Values that are there are replaced only where that was chosen, column by column."""
        rows = ("C1;Talleres Ebro Nuevos;;;;;;;otro@example.com;;;",)
        batch = self._contacts(*rows)
        self.assertEqual(self._tried(batch), {"updated": 1}, "he becomes a customer")
        batch.action_import()
        self.assertEqual((self.firm.name, self.firm.email), ("Talleres Ebro, S.L.", "taller@example.com"))
        again = self._contacts(*rows)
        self.assertEqual(self._tried(again), {"unchanged": 1})
        again.column_ids.filtered(lambda column: column.target == "customer_email").is_overwriting = True
        self.assertEqual(self._tried(again), {"updated": 1})
        again.action_import()
        self.assertEqual((self.firm.name, self.firm.email), ("Talleres Ebro, S.L.", "otro@example.com"))
        third = self._contacts(*rows)
        self.assertEqual(third.column_ids.filtered("is_overwriting").mapped("target"), ["customer_email"], "remembered")

    def test_found_before_made(self):
        """A number finds alone; an address or number for calls with a similar name; name and zip only propose."""
        son = self._partner(name="Ana Gil Mur", zip="50001")
        batch = self._contacts(
            ";Otro nombre;B12345674;;;;;;;;;",
            ";Talleres Ebro;;;;;;;taller@example.com;;;",
            ";Distinta Empresa;;;;;;;taller@example.com;;;",
            ";Ana Gil Mur;;;50001;;;;;;;",
            "C9;Ana Gil Mur;;;50001;;;;;;;",
        )
        self._tried(batch)
        rows = batch.row_ids
        self.assertEqual(rows.mapped("outcome"), ["updated", "unchanged", "new", "resolve", "resolve"])
        self.assertEqual(rows[:2].partner_id, self.firm)
        self.assertEqual(rows[3].candidates, son)
        self.assertEqual(rows[3].candidate_words, "Ana Gil Mur · 50001", "beside what the file says")
        son.ref = "C8"
        self._tried(batch)
        self.assertEqual(batch.row_ids[4].outcome, "new", "who has another reference is somebody else")
        batch.row_ids[3].action_this()
        self.assertEqual(batch.row_ids[3].partner_id, son)

    def test_archived(self):
        """An archived customer is found and stays archived, and the row says so: another one would be a duplicate."""
        self.firm.active = False
        batch = self._contacts("C1;Talleres Ebro;;Calle Nueva, 1;;;;;;;;")
        self.assertEqual(self._tried(batch), {"updated": 1})
        self.assertEqual(self._reasons(batch), {2: "This customer is archived."})
        batch.action_import()
        self.assertEqual((self.firm.street, self.firm.active), ("Calle Nueva, 1", False))
        active = self._partner(name="Talleres Ebro", vat=self.firm.vat)
        again = self._contacts(";Talleres Ebro;ESB12345674;;;;;;;;;")
        self._tried(again)
        self.assertEqual(again.row_ids.partner_id, active, "one that is used comes first")

    def test_decided_once(self):
        """What is decided of one row holds for all rows of the same customer, in facts too."""
        self._partner(name="Ana Gil Mur", zip="50001")
        batch = self._contacts(";Ana Gil Mur;;;50001;;;;;Eva;;", ";Ana Gil Mur;;;50001;;;;;Luis;;")
        self.assertEqual(self._tried(batch), {"resolve": 2})
        batch.row_ids[0].action_new()
        self.assertEqual(self._counts(batch), {"new": 2})
        batch.action_import()
        made = batch.row_ids.partner_id
        self.assertEqual(sorted(made.child_ids.mapped("name")), ["Eva", "Luis"])
        again = self._contacts(";Ana Gil Mur;;;50001;;;;;Eva;;", ";Ana Gil Mur;;;50001;;;;;Luis;;")
        self.assertEqual(self._tried(again), {"unchanged": 2}, "who was made of them is known")
        bought = self._csv(
            "Nadie;2025-01-02;1;1;P", "Nadie;2025-01-03;1;2;P", header="Cliente;date;amount;reference;order_ref"
        )
        self.assertEqual(self._tried(bought), {"resolve": 2})
        bought.row_ids[0].action_new()
        self.assertEqual(self._counts(bought), {"new": 2})
        bought.row_ids[1].action_skip()
        self.assertEqual(self._counts(bought), {"skipped": 2}, "a decision can be another one until the import")
        bought.row_ids.partner_id = self.firm
        bought.row_ids.action_this()
        self.assertEqual(self._counts(bought), {"new": 2})
        bought.action_import()
        self.assertEqual(self._facts().partner_id, self.firm)
        with self.assertRaises(UserError):
            bought.row_ids.with_user(self.user_data_entry).action_skip()

    def test_refusals(self):
        """A refusal comes in, whatever stands; a consent never turns one round, and not by taking back either."""
        self.firm._customer_refuse("email", "manual")
        header = "Código;Publicidad e-mail;Publicidad postal;Nombre"
        batch = self._contacts("C1;sí;no;", "N1;sí;;Nueva", header=header)
        targets = dict(zip(batch.column_ids.mapped("header"), batch.column_ids, strict=True))
        targets["Publicidad e-mail"].target = "consent:email"
        targets["Publicidad postal"].target = "consent:post"
        self.assertEqual(self._tried(batch), {"new": 1, "updated": 1})
        self.assertEqual(
            self._reasons(batch), {2: "Publicidad e-mail: The customer has refused it: the consent is left out."}
        )
        self.assertFalse(self.firm.customer_no_post, "trying refuses nothing")
        batch.action_import()
        self.assertTrue(self.firm.customer_no_email and self.firm.customer_no_post)
        new = self._partners("N1")
        self.assertEqual(new.customer_consent_ids.mapped("state"), ["given"])
        count = len(self.firm.customer_consent_ids)
        again = self._contacts("C1;sí;no;", "N1;sí;;Nueva", header=header)
        self.assertEqual(self._tried(again), {"unchanged": 2})
        batch.action_revert()
        self.assertEqual(len(self.firm.customer_consent_ids), count)
        self.assertFalse(new.exists())

    def test_tags_and_links(self):
        """Several records in a cell; they are taken back, too."""
        tags = self.env["res.partner.category"].create([{"name": "Feria"}, {"name": "Moroso"}])
        self.other.category_id = tags[1]
        batch = self._contacts("C1;Feria, Moroso", "C2;Feria", "C2x;Nunca", header="Código;Etiquetas")
        self.assertEqual(self._tried(batch), {"updated": 2, "rejected": 1})
        batch.column_ids[1].is_overwriting = True
        self._tried(batch)
        batch.action_import()
        self.assertEqual((self.firm.category_id, self.other.category_id), (tags, tags[0]))
        self.env["res.partner"].browse(self.firm.id).category_id = [Command.unlink(tags[0].id)]
        batch.action_revert()
        self.assertEqual((self.firm.category_id, self.other.category_id), (tags[1], tags[1]))

    def test_slices(self):
        """Rows of one customer are worked on together, wherever they stand in the file."""
        self.patch(type(self.Import), "_contact_slice_size", 2)
        rows = [f"N{number % 3};Bar {number % 3};;;;;;;;Contacto {number};;" for number in range(12)]
        batch = self._contacts(*rows)
        self.assertEqual(self._tried(batch), {"new": 12})
        batch.action_import()
        self.assertEqual(self._partners("N0", "N1", "N2").mapped(lambda one: len(one.child_ids)), [4, 4, 4])
        self.assertEqual(self._tried(self._contacts(*rows)), {"unchanged": 12})

    def test_queries(self):
        """Customers who are there are compared in as many questions, however many they are."""
        self.env["res.partner"].create(
            [{"name": f"Bar {number}", "ref": f"Q{number}", "customer_mark": "customer"} for number in range(60)]
        )
        asked = {}
        for count in (20, 60):
            rows = [f"Q{number};Bar {number};Jaca" for number in range(count)]
            batch = self._contacts(*rows, header="Código;Empresa;Publicidad")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self._tried(batch), {"unchanged": count})
            asked[count] = self.env.cr.sql_log_count - before
        self.assertLess(asked[60], asked[20] + 10)

    def test_template(self):
        """The filled example of the template goes in as it is, in the language of who downloads it."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.firm.vat = False
        for lang in ("en_US", "es_ES"):
            with self.subTest(lang=lang):
                targets = self.Import.with_context(lang=lang)._targets("res.partner").values()
                rows = [
                    ";".join(f'"{text}"' for text in texts)
                    for texts in ([one.label for one in targets], [one.example for one in targets])
                ]
                batch = self._contacts(rows[1], header=rows[0])
                self.assertEqual(batch.column_ids.mapped("target"), [one.name for one in targets])
                self.assertEqual(self._tried(batch), {"new": 1}, self._reasons(batch))
                batch.action_import()
                made = self._partners("C-0042")
                self.assertEqual(
                    (made.city, made.child_ids.mapped("name")), ("Zaragoza", ["Almacén Norte", "Ana Ejemplo Gil"])
                )
                batch.action_revert()
                self.assertFalse(made.exists())
