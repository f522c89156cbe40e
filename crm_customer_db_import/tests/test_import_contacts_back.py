# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Taking back customers after others have gone on with them."""

from .test_import_contacts import ContactsCommon


class TestImportContactsBack(ContactsCommon):
    def _imported(self, *rows, overwriting=False, **options):
        batch = self._contacts(*rows, **options)
        batch.column_ids.is_overwriting = overwriting
        self._tried(batch)
        batch.action_import()
        return batch

    def test_what_was_there_is_gone(self):
        """Tags and sectors that were deleted since don't come back, and everything else does."""
        tags = self.env["res.partner.category"].create([{"name": "Feria"}, {"name": "Moroso"}])
        sectors = self.env["res.partner.industry"].create([{"name": "New sector"}, {"name": "Old sector"}])
        self.other.write({"category_id": tags[1].ids, "industry_id": sectors[1].id, "city": "Jaca"})
        header = "Código;Etiquetas;Sector;Población"
        batch = self._contacts("C2;Feria;New sector;Huesca", header=header)
        batch.column_ids[2].target = "partner:industry_id"
        batch.column_ids.is_overwriting = True
        self._tried(batch)
        batch.action_import()
        self.assertEqual((self.other.category_id, self.other.industry_id), (tags[0], sectors[0]))
        tags[1].unlink()
        sectors[1].unlink()
        batch.action_revert()
        self.assertEqual(self.other.city, "Jaca")
        self.assertFalse(self.other.category_id or self.other.industry_id)

    def test_changed_in_two_slices(self):
        """A customer whom two slices have found, by reference and by number, is as before."""
        self.patch(type(self.Import), "_contact_slice_size", 1)
        before = self._all_sums()
        batch = self._imported(
            "C1;;976111111;C/ Luna", ";ESB12345674;976222222;C/ Sol", header="Código;NIF;Teléfono;Dirección", overwriting=True
        )
        self.assertEqual((self._counts(batch), self.firm.street), ({"updated": 2}, "C/ Sol"))
        batch.action_revert()
        self.assertEqual(batch.kept_count, 0)
        self._assert_same_sums(before)

    def test_made_and_found_in_two_slices(self):
        """A customer whom one slice has made and another one has found is still the import's own."""
        self.patch(type(self.Import), "_contact_slice_size", 1)
        batch = self._contacts("N1;ESB58378431;X;", ";ESB58378431;X;C/ Sol", header="Código;NIF;Empresa;Dirección")
        self._tried(batch)
        batch._enter("running")
        batch._next_slice()
        # slices have times of their own
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET write_date = '2026-01-02 03:04:05.6' WHERE ref = 'N1'")
        self.env.cr.execute(
            "UPDATE crm_customer_import_row SET before = jsonb_set(before, ARRAY['made', partner_id::text],"
            " '\"2026-01-02 03:04:05\"') WHERE import_id = %s AND before IS NOT NULL",
            [batch.id],
        )
        self.env.invalidate_all()
        while batch._next_slice():
            pass
        company = self._partners("N1")
        self.assertEqual((company.street, batch.row_ids.mapped("partner_id")), ("C/ Sol", company))
        batch.action_revert()
        self.assertEqual(batch.kept_count, 0)
        self.assertFalse(company.exists())
