import base64
import csv
import hashlib
import io
import itertools
import json
import zipfile

import openpyxl
import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import cell_format, text_coding, text_table
from ..tools.customer_key import customer_key, normalised
from ..tools.formula import untame

# A workbook may unpack to many times its size.
MOST_UNPACKED = 2_000_000_000
SAMPLE = 500
COPIED = 5_000


class CrmCustomerImport(models.Model):
    """Reading a file: its letters, its cells, and how it writes numbers and days."""

    _inherit = "crm.customer.import"

    def _bytes(self):
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    def _records(self):
        """The file, line by line, with the header first.

        :return: iterator of (number of the line, list of cells, fault)
        :raise UserError: when it can't be read
        """
        if self.is_workbook:
            return self._workbook_records()
        try:
            text = text_coding.decode(self._bytes(), self.coding)
        except text_coding.CodingError as error:
            raise UserError(self._coding_words(error)) from None
        return text_table.read(text, self.separator)

    def _workbook_records(self):
        data = io.BytesIO(self._bytes())
        try:
            with zipfile.ZipFile(data) as packed:
                size = sum(entry.file_size for entry in packed.infolist())
            if size > MOST_UNPACKED:
                raise UserError(self.env._("The workbook is too large. Save it as several files, or as CSV."))
            book = openpyxl.load_workbook(data, read_only=True, data_only=True)
            sheet = book.worksheets[0]
        except (zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError) as error:
            raise UserError(
                self.env._("“%(name)s” is no workbook that can be read: %(error)s", name=self.file_name, error=error)
            ) from None
        return self._sheet_records(sheet)

    def _sheet_records(self, sheet):
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [str(cell_format.plain(value)) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield number, cells, None

    def _coding_words(self, error):
        if error.code == "mixed":
            return self.env._(
                "Some lines of the file are UTF-8 and others are not; line %s is the first that does not fit. "
                "Save it anew in one way, or choose the characters by hand.",
                error.line,
            )
        return self.env._(
            "Line %s has characters that are not those that are chosen. Choose others, or save the file as UTF-8.",
            error.line,
        )

    # ----------------------------------------------------------------------- detecting

    def action_read(self):
        """Look at the file again, and make the columns anew."""
        self._demand("draft", "checked")
        self._read_file()
        self.env.cr.execute(SQL("DELETE FROM crm_customer_import_row WHERE import_id = %s", self.id))
        self.invalidate_recordset()
        self._enter("draft")

    def _read_file(self):
        """Find how the file is written, as far as nobody has said it, and what its columns are.

        :raise UserError: when it can't be read
        """
        data = self._bytes()
        if not data.strip():
            raise UserError(self.env._("The file is empty."))
        if not self.is_workbook:
            if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
                raise UserError(self.env._("This is not a text file. Save it as .xlsx or as CSV."))
            if not self.coding:
                try:
                    self.coding = text_coding.detect(data)
                except text_coding.CodingError as error:
                    raise UserError(self._coding_words(error)) from None
            if not self.separator:
                try:
                    self.separator = text_table.detect(text_coding.decode(data, self.coding))
                except text_coding.CodingError as error:
                    raise UserError(self._coding_words(error)) from None
        self._read_columns()

    def _read_columns(self):
        """Make the columns, from the header and what was chosen for this source before."""
        records = self._records()
        line, header, fault = next(records, (1, [], None))
        if fault or not any(header):
            raise UserError(self.env._("Line %s has no names of columns.", line))
        sample = [cells for _number, cells, wrong in itertools.islice(records, SAMPLE) if not wrong]
        remembered, overwriting = self._remembered()
        known = self._headers(self.kind)
        columns, taken = [], set()
        for place, name in enumerate(header):
            key = normalised(name)
            target = remembered[key] if key in remembered else known.get(key)
            target = None if target in taken else target
            taken.add(target)
            samples = [cells[place] for cells in sample if place < len(cells) and cells[place].strip()]
            columns.append(
                {
                    "import_id": self.id,
                    "sequence": place,
                    "header": name.strip()[:200] or self.env._("Column %s", place + 1),
                    "samples": " | ".join(dict.fromkeys(text.strip()[:40] for text in samples[:20]))[:120],
                    "target": target,
                    "is_overwriting": key in overwriting,
                }
            )
        self.column_ids.unlink()
        self.env["crm.customer.import.column"].create(columns)
        self._detect_formats(sample)

    def _remembered(self):
        """What columns of the last file of this source and kind were.

        :return: (dict of normalised header and name of a target, or False; set of headers that overwrite)
        """
        last = self.search(
            [
                ("source", "=", self.source),
                ("kind", "=", self.kind),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("state", "!=", "draft"),
            ],
            limit=1,
        )
        targets = {normalised(column.header): column.target for column in last.column_ids}
        return targets, {normalised(column.header) for column in last.column_ids if column.is_overwriting}

    def _detect_formats(self, sample):
        """Find how numbers and days are written, as far as nobody has said it.

        All cells that could be one or the other tell, as it need not be known yet what the columns are.
        """
        cells = [cell for row in sample for cell in row]
        numbers = [cell for cell in cells if "," in cell or "." in cell]
        days = [cell for cell in cells if not cell.strip().isdecimal()] or cells
        lang = self.env["res.lang"]._get_data(code=self.company_id.partner_id.lang or self.env.lang or "en_US")
        usual = "comma" if lang.decimal_point == "," else "point"
        if not self.decimal_mark:
            self.decimal_mark = cell_format.mark_of(numbers, usual)
        if not self.day_shape:
            self.day_shape = cell_format.shape_of(days, (lang.date_format or "").startswith("%m"))

    # ------------------------------------------------------------------------- staging

    def _stage(self):
        """Keep the rows of the file; those of an earlier try are dropped.

        A row is known again by the source and its reference or, where it has none, by all
        that it says and how often that was said before in the file.

        :return: number of rows (int)
        """
        cr = self.env.cr
        self.env.flush_all()
        cr.execute(SQL("DELETE FROM crm_customer_import_row WHERE import_id = %s", self.id))
        cr.execute(
            "CREATE TEMPORARY TABLE crm_customer_import_stage"
            " (line int, cells jsonb, fault varchar, own varchar, digest varchar, customer varchar) ON COMMIT DROP"
        )
        records = self._records()
        next(records, None)
        staged = self._stager()
        while part := list(itertools.islice(records, COPIED)):
            self._copy_rows([staged(*record) for record in part])
        cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_import_row
                       (import_id, company_id, line, cells, fault, ref, customer_key, lead_line, is_done, is_kept)
                SELECT %(id)s, %(company)s, line, cells,
                       COALESCE(fault, CASE WHEN own <> '' AND nth > 1 THEN 'twice ' || first END),
                       %(source)s || CASE WHEN own <> '' THEN own ELSE '#' || digest || '.' || nth END,
                       NULLIF(customer, ''),
                       %(lead)s, FALSE, FALSE
                  FROM (SELECT stage.*, row_number() OVER same AS nth, first_value(line) OVER same AS first
                          FROM crm_customer_import_stage stage
                        WINDOW same AS (PARTITION BY own, CASE WHEN own = '' THEN digest END ORDER BY line)) stage
                 ORDER BY stage.line
                """,
                id=self.id,
                company=self.company_id.id,
                lead=self._lead_sql(),
                source=f"{normalised(self.source)[:60]}:",
            )
        )
        count = cr.rowcount
        cr.execute("DROP TABLE crm_customer_import_stage")
        if count > COPIED:
            # of few rows nothing is gained, and others who try a file would wait for it
            cr.execute("ANALYZE crm_customer_import_row (import_id, line, lead_line, partner_id)")
        self.invalidate_recordset()
        return count

    def _stager(self):
        """How a line of the file is kept: a function of its number, cells and fault, which gives what is copied.

        Empty cells beyond the columns are none, and a workbook leaves out those at the end.
        """
        width = len(self.column_ids)
        places = {column.target: column.sequence for column in self.column_ids if column.target}
        place, said = places.get("reference"), [places[target] for target in sorted(places)]
        keys = self._key_places(places)
        is_workbook, source = self.is_workbook, normalised(self.source)

        def staged(number, cells, fault):
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if is_workbook:
                cells += [""] * (width - len(cells))
            if not fault and len(cells) != width:
                fault = "width"
            if not fault and any("\0" in cell for cell in cells):
                fault = "nul"
            cells = [untame(cell.replace("\0", "\ufffd")) for cell in cells]
            own = cells[place].strip()[:400] if place is not None and not fault else ""
            words = [str(number), *cells] if fault else [cells[column].strip() for column in said]
            digest = hashlib.blake2b("\x1f".join(words).encode(), digest_size=12).hexdigest()
            key = ""
            if keys and not fault:
                own_words = {name: cells[column].strip() for name, column in keys.items() if cells[column].strip()}
                key = customer_key(own_words, self._rows_share_customers(places), f"{source}:{digest}") or ""
            return number, json.dumps(cells), fault, own, digest, key[:400]

        return staged

    def _key_places(self, places):
        """Which columns say of which customer a row is, where rows of one customer go together.

        :param places: dict of a target and the place of its column
        :return: dict of a name of ``CUSTOMER`` and a place
        """
        return {}

    def _lead_sql(self):
        """The first line of the customer that a staged row is of; NULL where each row is for itself."""
        return SQL("NULL::int")

    def _rows_share_customers(self, places):
        """Whether several rows may be of one customer, although nothing but the name says so."""
        return False

    def _copy_rows(self, rows):
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        buffer.seek(0)
        try:
            self.env.cr.copy_expert(
                "COPY crm_customer_import_stage FROM STDIN (FORMAT csv, FORCE_NOT_NULL (own, customer))", buffer
            )
        except psycopg2.DataError as error:
            raise UserError(self.env._("The file can't be kept: %s", str(error).partition("\n")[0])) from None
