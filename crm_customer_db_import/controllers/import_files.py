import csv
import io

import xlsxwriter

from odoo import http
from odoo.http import content_disposition, request

from ..tools.formula import tame
from ..tools.text_table import SEPARATORS

TYPES = {
    "csv": "text/csv;charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ImportFiles(http.Controller):
    """Files that go with an import: templates, and what was rejected."""

    @http.route(
        "/crm_customer_db_import/template/<string:kind>.<string:suffix>", type="http", auth="user", readonly=True
    )
    def template(self, kind, suffix):
        """A file with a header and a filled example, in the user's language."""
        imports = request.env["crm.customer.import"]
        if not imports.has_access("create") or kind not in dict(imports._selection_kind()) or suffix not in TYPES:
            raise request.not_found()
        targets = imports._targets(kind).values()
        rows = [[target.label for target in targets], [target.example for target in targets]]
        return self._file(rows, dict(imports._selection_kind())[kind], suffix)

    @http.route("/crm_customer_db_import/rejected/<int:import_id>", type="http", auth="user", readonly=True)
    def rejected(self, import_id):
        """The rejected rows of an import, as they were, with the line and the reasons after them."""
        imports = request.env["crm.customer.import"]
        batch = imports.search([("id", "=", import_id)]) if imports.has_access("read") else imports
        if not batch:
            raise request.not_found()
        header = [*batch.column_ids.mapped("header"), request.env._("Line"), request.env._("Why")]
        found = request.env["crm.customer.import.row"].search(
            [("import_id", "=", batch.id), ("outcome", "=", "rejected")]
        )
        rows = [[*map(str, row.cells), str(row.line), row.reason_words.replace("\n", "; ")] for row in found]
        name = batch.file_name.rpartition(".")[0] or batch.file_name
        return self._file([header, *rows], f"{name} - {request.env._('rejected')}", "csv", batch.separator)

    def _file(self, rows, name, suffix, separator=None):
        rows = [[tame(cell or "") for cell in row] for row in rows]
        data = self._workbook(rows) if suffix == "xlsx" else self._text(rows, SEPARATORS[separator or "semicolon"])
        headers = [
            ("Content-Type", TYPES[suffix]),
            ("Content-Disposition", content_disposition(f"{name}.{suffix}")),
        ]
        return request.make_response(data, headers)

    def _text(self, rows, separator):
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=separator).writerows(rows)
        return buffer.getvalue().encode("utf-8-sig")

    def _workbook(self, rows):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            bold = book.add_format({"bold": True})
            for place, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(place, column, cell, None if place else bold)
            sheet.set_column(0, max(map(len, rows)) - 1, 22)
            sheet.freeze_panes(1, 0)
        return buffer.getvalue()
