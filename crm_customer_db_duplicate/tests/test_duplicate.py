# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which pairs are found, why, in what order, and what becomes of them."""

from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon


class DuplicateCommon(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Duplicate = cls.env["crm.customer.duplicate"]
        cls.mine = cls.env["res.partner"]

    def _firm(self, **vals):
        return self._partner(**{"customer_mark": "customer", **vals})

    def _individual(self, **vals):
        return self._person(**{"customer_mark": "customer", **vals})

    def _scan(self, *partners):
        """Look for duplicates, and give the pairs of some contacts."""
        self.Duplicate._scan()
        ids = [partner.id for partner in partners]
        return self.Duplicate.search([("partner_id", "in", ids), ("other_id", "in", ids)])


class TestDuplicate(DuplicateCommon):
    def test_reasons(self):
        """Each kind of evidence is found however it is written, and said."""
        vat = [self._firm(name=name, vat=number) for name, number in (("Uno", "ESB12345674"), ("Un", "b-12345674"))]
        mail = [self._firm(name=name, email=mail) for name, mail in (("Dos", "A@x.es"), ("Deux", "x <a@X.es>"))]
        phone = [self._firm(name=name, phone=number) for name, number in (("Tres", "+34 912 345 678"), ("T", "912345678"))]
        name = [
            self._firm(name=name, zip="50001") for name in ("Construcciones Pérez, S.L.", "CONSTRUCIONES PEREZ SL")
        ]
        pairs = {key: self._scan(*two) for key, two in {"v": vat, "m": mail, "p": phone, "n": name}.items()}
        self.assertEqual({key: len(pair) for key, pair in pairs.items()}, dict.fromkeys("vmpn", 1))
        self.assertTrue(pairs["v"].same_vat and pairs["m"].same_email and pairs["p"].same_phone)
        self.assertTrue(pairs["n"].same_zip)
        self.assertEqual(pairs["v"].reasons, "same VAT number")
        self.assertEqual(pairs["m"].reasons, "same e-mail")
        self.assertEqual(pairs["n"].reasons, "similar name, same postal code")
        self.assertGreater(pairs["v"].score, pairs["m"].score)
        self.assertGreater(pairs["m"].score, pairs["p"].score)
