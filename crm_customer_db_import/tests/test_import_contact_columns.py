# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every column that is offered takes a value, says nothing new the second time, and is taken back."""

from .test_import_contacts import ContactsCommon

# What fits a column by its name; others get something by their type.
VALUES = {
    "customer_ref": "N77",
    "customer_vat": "ESB58378431",
    "customer_email": "Info@Example.com",
    "customer_phone": "976 12 34 56",
    "customer_name": "Hierros  Gállego, S.L.",
    "customer_zip": "50001",
    "partner:website": "www.example.com",
    "partner:customer_headcount_year": "2024",
    "partner:customer_turnover_year": "2024",
    "partner:lang": "en_US",
    "contact:lang": "en_US",
    "contact:email": "ana@example.com",
    "contact:phone": "600123456",
    "site:email": "nave@example.com",
    "site:phone": "+34 976 99 88 77",
    "site:zip": "50016",
}
# Two ways of saying the same, of which a file has one; and the state follows its country.
NOT_TOGETHER = {
    *("partner:customer_street_name", "partner:customer_street_number", "partner:customer_floor"),
    *("partner:customer_door", "partner:customer_age_band", "partner:customer_income_level"),
}
# Refusals are never taken back.
NOT_TOGETHER |= {"consent:refused"}
TYPED = {"number": "1.234,50", "integer": "3", "day": "05/03/1970", "boolean": "sí", "text": "Algo"}


class TestImportContactColumns(ContactsCommon):
    def _value(self, target):
        """A cell for a column, None where nothing fits."""
        if target.name in VALUES:
            return VALUES[target.name]
        part, _colon, name = target.name.partition(":")
        field = self.env["res.partner"]._fields.get(name) if part != "consent" else None
        if target.type == "choice":
            return next(key for key in target.choices.values() if isinstance(key, str))
        if field is not None and field.relational:
            if name in ("country_id", "state_id"):
                return {"country_id": "ES", "state_id": "Zaragoza"}[name]
            record = self.env[field.comodel_name].search([], limit=1)
            return (
                record.code if "code" in record and record.code else record.login if "login" in record else record.name
            )
        return TYPED[target.type]

    def test_every_column(self):
        """In one row, for a new customer and for one who is there."""
        self.env["res.partner.category"].create({"name": "Feria"})
        targets = [
            target
            for target in self.Import._targets("res.partner").values()
            if target.name not in NOT_TOGETHER and self._value(target)
        ]
        self.assertGreater(len(targets), 70)
        header = ";".join(f'"{target.label}"' for target in targets)
        row = ";".join(f'"{self._value(target)}"' for target in targets)
        for ref in ("N77", "C2"):
            with self.subTest(ref=ref):
                before = self._all_sums()
                consents = self.env["crm.customer.consent"].search_count([])
                batch = self._contacts(row.replace("N77", ref), header=header)
                self.assertEqual(batch.column_ids.mapped("target"), [target.name for target in targets])
                # as chosen for the last file of this source
                batch.column_ids.is_overwriting = False
                self.assertEqual(self._tried(batch), {"new": 1}, self._reasons(batch))
                batch.action_import()
                again = self._contacts(row.replace("N77", ref), header=header)
                again.column_ids.is_overwriting = False
                self.assertEqual(self._tried(again), {"unchanged": 1})
                again.column_ids.is_overwriting = True
                self._tried(again)
                self.assertEqual(
                    again.row_ids.outcome, "unchanged" if ref == "N77" else "updated", "what was there was only filled"
                )
                batch.action_revert()
                self.assertFalse(batch.kept_count)
                self.assertEqual(self.env["crm.customer.consent"].search_count([]), consents)
                self._assert_same_sums(before)
