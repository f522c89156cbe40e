# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files go in as a user brings them: tried, imported, completed, taken back."""

import base64
import csv
import io
from datetime import date

import openpyxl

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon

from ..models import crm_customer_import_run
from ..models.crm_customer_import_target import Target


class ImportCommon(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Import = cls.env["crm.customer.import"].with_company(cls.company_a)
        cls.Purchase = cls.env["crm.customer.purchase"]
        cls.firm = cls._partner(name="Talleres Ebro, S.L.", ref="C1", vat="ESB12345674", email="taller@example.com")
        cls.other = cls._partner(name="Bar Pilar", ref="C2", zip="50001")
        cls.company_a.country_id = cls.env.ref("base.es")

    def _batch(self, data, name="till.csv", kind="crm.customer.purchase", **vals):
        if isinstance(data, str):
            data = data.encode()
        return self.Import.create(
            {"file": base64.b64encode(data), "file_name": name, "kind": kind, "source": "Till", **vals}
        )

    def _csv(self, *rows, header="customer_ref;date;amount;reference;order_ref", **options):
        return self._batch("\n".join([header, *rows]) + "\n", **options)

    def _counts(self, batch):
        names = ("new", "updated", "unchanged", "resolve", "rejected", "skipped")
        self.assertEqual(batch.row_count, sum(batch[f"{name}_count"] for name in names), "every row is something")
        return {name: batch[f"{name}_count"] for name in names if batch[f"{name}_count"]}

    def _tried(self, batch):
        batch.action_try()
        return self._counts(batch)

    def _reasons(self, batch):
        return {row.line: row.reason_words for row in batch.row_ids if row.reason_words}

    def _facts(self):
        return self.Purchase.search([("feed", "=", "import"), ("company_id", "=", self.company_a.id)])

    def _sums(self):
        """Number and content of all tables that an import may touch, but its own."""
        self.env.flush_all()
        found = {}
        for table in ("crm_customer_purchase", "res_partner", "crm_customer_metrics"):
            self.env.cr.execute(f"SELECT COUNT(*), md5(string_agg(t::text, '|' ORDER BY id)) FROM {table} t")
            found[table] = self.env.cr.fetchone()
        return found


class TestImport(ImportCommon, CronMixinCase):
    def test_spanish_export(self):
        """cp1252, semicolons, decimal commas and days of two digits are found, shown, and read."""
        text = (
            "Cód. cliente;Fecha;Importe;Nº\r\n"
            "C1;03/02/25;1.234,56;A1\r\nC2;28/11/25;-12,5;Peña\r\nC1;31/12/24;0,10;A3\r\n"
        )
        batch = self._batch(text.encode("cp1252"))
        self.assertEqual(
            (batch.coding, batch.separator, batch.decimal_mark, batch.day_shape),
            ("cp1252", "semicolon", "comma", "dd_mm_yy"),
        )
        self.assertEqual(batch.column_ids.mapped("target"), ["customer_ref", "2:date", "2:amount", False])
        batch.column_ids[-1].target = "reference"
        self.assertEqual(self._tried(batch), {"new": 3})
        self.assertFalse(self._facts(), "nothing is imported by trying")
        batch.action_import()
        self.assertEqual(batch.state, "done")
        facts = self._facts()
        self.assertEqual(sum(facts.mapped("amount")), 1234.56 - 12.5 + 0.1)
        self.assertEqual(set(facts.mapped("source_ref")), {"till:A1", "till:Peña", "till:A3"})
        self.assertEqual(facts.partner_id, self.firm + self.other)
        again = self._batch(text.encode("cp1252"))
        self.assertEqual(again.column_ids.mapped("target"), batch.column_ids.mapped("target"), "remembered")
        self.assertEqual(self._tried(again), {"unchanged": 3})

    def test_bad_rows(self):
        """Each bad row says what is wrong and where; the others go in."""
        batch = self._csv(
            "C1;2025-01-02;10.5;1;P1",
            "C1;2025-02-30;10.5;2;P1",
            "C1;2025-01-02;1_000;3;P1",
            "C1;2025-01-02;nan;4;P1",
            "C1;9999-12-31;1.5;5;P1",
            "C1;2025-01-02;10.5;1;P1",
            ";2025-01-02;10.5;7;P1",
            'C1;2025-01-02;10.5;8;"P1',
            "C1;2025-01-02;10.5",
            "C1;2025-01-02;;10;P1",
            "C1;2025-01-02;10.5;11;" + "P" * 600,
            "C1;2025-01-02;7.5;12;=1+1",
        )
        self.assertEqual(self._tried(batch), {"new": 2, "rejected": 10})
        reasons = self._reasons(batch)
        self.assertIn("date: “2025-02-30” is not a day", reasons[3])
        self.assertIn("amount: “1_000” is not a number", reasons[4])
        self.assertIn("amount: “nan” is not a number", reasons[5])
        self.assertIn("between 1900 and today", reasons[6])
        self.assertIn("line 2 already", reasons[7])
        self.assertIn("which customer", reasons[8])
        self.assertIn("quotation mark", reasons[9])
        self.assertIn("as many cells", reasons[10])
        self.assertIn("missing", reasons[11])
        self.assertIn("longer than 500", reasons[12])
        batch.action_import()
        self.assertEqual(sum(self._facts().mapped("amount")), 18)
        self.assertIn("order_ref: =1+1", batch.row_ids.filtered(lambda row: row.line == 13).cell_words)
        self.assertIn("=1+1", self._facts().mapped("order_ref"), "kept as it was written")

    def test_whole_numbers(self):
        """A whole number may have zeros after its mark, and any number of digits is no crash."""
        batch = self._csv("C1;2025-01-02;1;1;P1", decimal_mark="comma")
        read = batch._reader(Target("count", "Count", "integer"))
        self.assertEqual([read(text) for text in ("3,00", "-1.200", "2,5", "x")], ["3", "-1200", None, None])
        self.assertEqual(read("9" * 400), "9" * 400)

    def test_corrected_file(self):
        """The rejected rows, corrected, complete the import; the same file again changes nothing."""
        batch = self._csv("C1;2025-01-02;10.5;;P1", "C1;2025-13-02;20.5;;P2", "C1;2025-01-02;10.5;;P1")
        self._tried(batch)
        batch.action_import()
        self.assertEqual(len(self._facts()), 2, "said twice is twice, where nothing tells them apart")
        corrected = self._csv(
            "C1;2025-12-02;20.5;;P2;3;wrong", header="customer_ref;date;amount;reference;order_ref;Line;Why"
        )
        self.assertEqual(self._tried(corrected), {"new": 1})
        corrected.action_import()
        self.assertEqual(sum(self._facts().mapped("amount")), 41.5)
        whole = self._csv("C1;2025-01-02;10.5;;P1", "C1;2025-12-02;20.5;;P2", "C1;2025-01-02;10.5;;P1")
        self.assertEqual(self._tried(whole), {"unchanged": 3})

    def test_taken_back(self):
        """After taking back everything is as before: counts and content of all tables."""
        first = self._csv("C1;2025-01-02;10.5;1;P1", "C2;2025-01-02;20.5;2;P2")
        self._tried(first)
        first.action_import()
        self.env["crm.customer.metrics"]._drain()
        before = self._sums()
        batch = self._csv("C1;2025-01-02;10.5;1;P1", "C2;2025-03-04;99.5;2;P2", "C1;2025-01-05;1.5;3;P1", "C2;;1;4;x")
        self.assertEqual(self._tried(batch), {"unchanged": 1, "updated": 1, "new": 1, "rejected": 1})
        batch.action_import()
        self.env["crm.customer.metrics"]._drain()
        self.assertEqual(sum(self._facts().mapped("amount")), 111.5)
        self.assertNotEqual(self._sums(), before)
        batch.action_revert()
        self.env["crm.customer.metrics"]._drain()
        self.assertEqual(self._sums(), before)
        self.assertEqual(batch.state, "reverted")
        with self.assertRaises(UserError):
            batch.action_revert()

    def test_kept(self):
        """What was changed since stays when an import is taken back, and is listed."""
        batch = self._csv("C1;2025-01-02;10.5;1;P1", "C2;2025-01-02;20.5;2;P2")
        self._tried(batch)
        batch.action_import()
        changed = self._facts().filtered(lambda fact: fact.partner_id == self.firm)
        changed.sudo().note = "Looked into"
        # in a transaction of its own, as all writing is but that of tests
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_customer_purchase SET write_date = write_date + INTERVAL '1 second' WHERE id = %s", [changed.id]
        )
        batch.action_revert()
        self.assertEqual(self._facts(), changed)
        self.assertEqual((batch.kept_count, batch.row_ids.filtered("is_kept").fact_id), (1, changed.id))

    def test_used(self):
        """What something else refers to stays, too: a reaction to marketing that was imported."""
        header = "customer_ref;date;reference"
        batch = self._csv("C1;2025-01-02;1", "C2;2025-01-02;2", header=header, kind="crm.customer.marketing.action")
        self.assertEqual(self._tried(batch), {"new": 2})
        batch.action_import()
        sent = self.env["crm.customer.marketing.action"].search([("feed", "=", "import")])
        answered = sent.filtered(lambda action: action.partner_id == self.firm)
        self.env["crm.customer.marketing.reaction"].create(
            {"partner_id": self.firm.id, "action_id": answered.id, "kind": "reply", "company_id": self.company_a.id}
        )
        batch.action_revert()
        self.assertEqual(sent.exists(), answered)
        self.assertEqual(batch.kept_count, 1)

    def test_matching(self):
        """Reference and VAT find alone, an address only with a similar name; the rest waits."""
        self._partner(name="Padre Gil", zip="50002")
        self._partner(name="Hijo Gil", zip="50002")
        header = "customer_ref;customer_vat;customer_email;customer_name;customer_zip;date;amount"
        batch = self._csv(
            "C1;;;;;2025-01-02;1",
            ";B-12345674;;;;2025-01-02;2",
            ";;TALLER@example.com;Talleres Ebro;;2025-01-02;3",
            ";;taller@example.com;Ana Ruiz;;2025-01-02;4",
            ";;;Bar Pilar;50001;2025-01-02;5",
            ";;;Nadie;50001;2025-01-02;6",
            "C2;ESB12345674;;;;2025-01-02;7",
            ";;;Gil;50002;2025-01-02;8",
            header=header,
        )
        self.assertEqual(self._tried(batch), {"new": 3, "resolve": 5})
        rows = {row.line: row for row in batch.row_ids}
        self.assertEqual({rows[line].partner_id for line in (2, 3, 4)}, {self.firm})
        self.assertEqual(rows[5].candidates, self.firm)
        self.assertEqual(rows[6].candidates, self.other)
        self.assertFalse(rows[7].candidates)
        self.assertEqual(rows[8].candidates, self.firm + self.other, "reference and number name two")
        self.assertEqual(len(rows[9].candidates), 2)

    def test_resolving(self):
        """Rows in doubt are decided one by one or all unknown at once, and go in afterwards."""
        header = "customer_name;customer_zip;date;amount"
        batch = self._csv(
            "Bar Pilar;50001;2025-01-02;1",
            "Nueva Tienda;50009;2025-01-02;2",
            "Nueva Tienda;50009;2025-01-03;4",
            "Otra;50009;2025-01-03;8",
            header=header,
        )
        self.assertEqual(self._tried(batch), {"resolve": 4})
        with self.assertRaisesRegex(UserError, "nothing to import"):
            batch.action_import()
        before = self._sums()
        rows = {row.line: row for row in batch.row_ids}
        rows[2].action_this()
        rows[5].action_skip()
        batch.action_create_unknown()
        self.assertEqual(self._counts(batch), {"new": 3, "skipped": 1})
        self.assertEqual(self._sums(), before, "nobody is made before the import")
        batch.action_import()
        facts = self._facts()
        self.assertEqual(sum(facts.mapped("amount")), 7)
        created = self.env["res.partner"].search([("name", "=", "Nueva Tienda")])
        self.assertEqual((len(created), created.zip, facts.partner_id), (1, "50009", self.other + created))
        batch.action_revert()
        self.assertFalse(created.exists())
        self.env["crm.customer.metrics"]._drain()
        self.assertEqual(self._sums(), before)

    def test_stop_and_go_on(self):
        """A slice at a time: what is imported stays, the rest goes on, nothing is doubled."""
        self.patch(type(self.Import), "_slice_size", 10)
        batch = self._csv(*(f"C{1 + number % 2};2025-01-02;{number};{number};P{number // 3}" for number in range(25)))
        self._tried(batch)
        batch._enter("running")
        batch._next_slice()
        self.assertEqual((len(self._facts()), batch.waiting_count, batch.progress), (10, 15, 40))
        batch.action_stop()
        self.assertEqual((batch.state, batch._next_slice()), ("stopped", 0))
        batch.action_import()
        self.assertEqual((len(self._facts()), batch.state), (25, "done"))
        self.assertEqual(sum(self._facts().mapped("amount")), sum(range(25)))
        self.assertEqual(sum(self._facts().filtered("is_head").mapped("order_amount")), sum(range(25)))

    def test_workbook(self):
        """A workbook is read with its numbers and days as they are."""
        book = openpyxl.Workbook()
        for row in (["customer_ref", "date", "amount"], ["C1", date(2025, 1, 2), 10.25], ["C2", "2025-01-03", 5]):
            book.active.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        batch = self._batch(buffer.getvalue(), name="till.xlsx")
        self.assertEqual(self._tried(batch), {"new": 2})
        batch.action_import()
        self.assertEqual(sum(self._facts().mapped("amount")), 15.25)
        with self.assertRaisesRegex(UserError, "no workbook"):
            self._batch(b"not a workbook", name="till.xlsx")

    def test_files_that_are_none(self):
        """A file that can't be read says why, and leaves everything as it was."""
        cases = [
            (b"", "empty"),
            (b"PK\x03\x04abc", "not a text file"),
            ("Peña\n".encode() + "Muñoz\n".encode("cp1252"), "line 2 is the first"),
            (b"customer_ref;date;amount\n", "no rows"),
            (b"date;amount\n2025-01-02;1\n", "which column names the customer"),
            (b"customer_ref;amount;Ordered (excl. VAT)\nC1;1;2\n", None),
        ]
        for data, words in cases:
            with self.subTest(data=data[:20]):
                before = self._sums()
                if words:
                    with self.assertRaisesRegex(UserError, words):
                        self._batch(data).action_try()
                else:
                    self._batch(data)
                self.assertEqual(self._sums(), before)

    def test_changed_before(self):
        """What is changed after trying has to be tried again; another file is read anew."""
        batch = self._csv("C1;2025-01-02;10.5;1;P1")
        self._tried(batch)
        batch.column_ids = [Command.update(batch.column_ids[-1].id, {"target": False})]
        self.assertEqual(batch.state, "draft")
        self._tried(batch)
        batch.separator = "comma"
        self.assertEqual((batch.state, len(batch.column_ids)), ("draft", 1))
        other = "customer_ref,date,amount\nC2,01/02/2025,3.5\n".encode("utf-16")
        batch.write({"file": base64.b64encode(other), "file_name": "other.csv"})
        self.assertEqual((batch.coding, batch.separator, batch.day_shape), ("utf-16", "comma", "mm_dd_yyyy"))
        self.assertEqual(self._tried(batch), {"new": 1})
        batch.action_import()
        with self.assertRaisesRegex(UserError, "imported already"):
            batch.source = "Else"

    def test_money(self):
        """Another currency is converted at the rate of the day; without one the row is rejected."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", dollar.id)]).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2025-01-01", "rate": 2, "company_id": self.company_a.id}
        )
        header = "customer_ref;date;amount_currency;currency_id"
        batch = self._csv(
            "C1;2025-01-02;10;USD", "C1;2024-01-02;10;USD", "C1;2025-01-02;10;", "C1;2025-01-02;1;XYZ", header=header
        )
        self.assertEqual(self._tried(batch), {"new": 2, "rejected": 2})
        self.assertIn("no rate", self._reasons(batch)[3])
        batch.action_import()
        self.assertEqual(sorted(self._facts().mapped("amount")), [5, 10])

    def test_other_kinds(self):
        """Each kind of fact goes in by its template, with choices by name or key."""
        for model in self.env["crm.customer.fact"]._fact_models():
            with self.subTest(model=model._name):
                targets = self.Import._targets(model._name)
                example = {
                    name: target.example for name, target in targets.items() if "/" not in name and target.example
                }
                example["customer_ref"] = "C1"
                buffer = io.StringIO()
                writer = csv.writer(buffer, delimiter=";")
                writer.writerow([targets[name].label for name in example])
                writer.writerow(example.values())
                batch = self._batch(buffer.getvalue(), kind=model._name)
                self.assertEqual(set(batch.column_ids.mapped("target")), set(example))
                self.assertEqual(self._tried(batch), {"new": 1}, self._reasons(batch))
                batch.action_import()
                fact = model.search([("feed", "=", "import"), ("partner_id", "=", self.firm.id)])
                self.assertEqual(fact.source_ref, "till:T-2026-000123")
                batch.action_revert()
                self.assertFalse(fact.exists())

    def test_background(self):
        """Many rows go through the scheduled action as the user who began, and stop where he stops them."""
        self.patch(type(self.Import), "_slice_size", 4)
        self.patch(crm_customer_import_run, "AT_ONCE", 5)
        user = new_test_user(
            self.env, "cdb_entry", "crm_customer_db.group_customer_data_entry", company_id=self.company_a.id
        )
        batch = self.Import.with_user(user).browse(
            self._csv(*(f"C{1 + number % 2};2025-01-02;{number};{number};P{number}" for number in range(10))).id
        )
        cron = self.env.ref("crm_customer_db_import.ir_cron_import")

        def background():
            self.env.flush_all()
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()

        with self.capture_triggers(cron.id) as captured:
            batch.action_try()
            self.assertEqual((batch.state, batch.progress), ("trying", 0))
            background()
            self.assertEqual((batch.state, self._counts(batch)), ("checked", {"new": 10}))
            batch.action_import()
        self.assertEqual(len(captured.records), 2)
        self.assertEqual((batch.state, len(self._facts())), ("running", 0))
        batch._next_slice()
        batch.action_stop()
        background()
        self.assertEqual((batch.state, len(self._facts())), ("stopped", 4))
        batch.action_import()
        background()
        self.assertEqual((batch.state, len(self._facts()), batch.progress), ("done", 10, 100))
        self.assertEqual(self._facts().create_uid, user)
