# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Files that go with an import, as a browser gets them."""

import io

import openpyxl

from odoo.tests import HttpCase, tagged

from .test_import import ImportCommon


@tagged("post_install", "-at_install", "crm_customer_db")
class TestImportFiles(ImportCommon, HttpCase):
    def test_files(self):
        """Templates and rejected rows, for who may import, and for nobody else; nothing live in them."""
        self.user_data_entry.company_id = self.company_a
        batch = self._csv("C1;2025-02-30;10.5;1;=1+1", "C1;2025-01-02;7;2;P2")
        batch.action_try()
        urls = [
            "/crm_customer_db_import/template/crm.customer.purchase.csv",
            "/crm_customer_db_import/template/crm.customer.purchase.xlsx",
            f"/crm_customer_db_import/rejected/{batch.id}",
        ]
        self.authenticate(self.user_data_entry.login, self.user_data_entry.login)
        text, book, rejected = (self.url_open(url) for url in urls)
        self.assertTrue(text.content.decode("utf-8-sig").startswith("Customer reference;"))
        rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True))
        self.assertEqual((len(rows), rows[0][0], rows[1][0]), (2, "Customer reference", "C-0042"))
        header, row = rejected.content.decode("utf-8-sig").splitlines()
        self.assertTrue(header.endswith(";Line;Why"))
        self.assertTrue(row.startswith("C1;2025-02-30;10.5;1;'=1+1;2;date: "), row)
        self.assertEqual(self.url_open("/crm_customer_db_import/template/res.users.csv").status_code, 404)
        self.authenticate(self.user_sales_own.login, self.user_sales_own.login)
        for url in urls:
            self.assertEqual(self.url_open(url).status_code, 404, url)
