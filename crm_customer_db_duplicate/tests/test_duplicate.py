# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which pairs are found, why, in what order, and what becomes of them."""

from odoo.tools import SQL

from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon

from ..models import crm_customer_duplicate_scan as scan


class DuplicateCommon(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Duplicate = cls.env["crm.customer.duplicate"]

    def _firm(self, name, **vals):
        return self._partner(name=name, **{"customer_mark": "customer", **vals})

    def _individual(self, name, **vals):
        return self._person(name=name, **{"customer_mark": "customer", **vals})

    def _pairs(self, *partners):
        """The pairs of some contacts, whatever was decided."""
        ids = [partner.id for partner in partners]
        return self.Duplicate.search([("partner_id", "in", ids), ("other_id", "in", ids)])

    def _scan(self, *partners):
        self.Duplicate._scan()
        return self._pairs(*partners)


class TestDuplicate(DuplicateCommon):
    def test_reasons(self):
        """Each kind of evidence is found however it is written, and said."""
        found = {
            "vat": [self._firm("Uno", vat="ESB12345674"), self._firm("Un", vat="b-12345674")],
            "email": [self._firm("Dos", email="A@x.es"), self._firm("Deux", email="Xavier <a@X.es>")],
            "phone": [self._firm("Tres", phone="+34 912 345 678"), self._firm("Drei", phone="912345678")],
            "name": [
                self._firm("Construcciones Pérez, S.L.", zip="50001"),
                self._firm("CONSTRUCIONES PEREZ SL", zip="50 001"),
            ],
        }
        self.Duplicate._scan()
        pairs = {key: self._pairs(*two) for key, two in found.items()}
        self.assertEqual({key: len(pair) for key, pair in pairs.items()}, dict.fromkeys(found, 1))
        self.assertTrue(pairs["vat"].same_vat and pairs["email"].same_email and pairs["phone"].same_phone)
        self.assertEqual(pairs["vat"].reasons, "same VAT number")
        self.assertEqual(pairs["email"].reasons, "same e-mail")
        self.assertEqual(pairs["name"].reasons, "similar name, same postal code")
        self.assertLess(pairs["vat"].partner_id.id, pairs["vat"].other_id.id)
        self.assertLess(pairs["phone"].score, pairs["email"].score)
        self.assertLess(pairs["email"].score, pairs["vat"].score)

    def test_ranking(self):
        """The more speaks for it the higher; a father and his son stand below, and by the name alone nowhere."""
        same = {"zip": "50001"}
        everything = {"vat": "ESB12345674", "email": "a@x.es", "phone": "+34912345671", **same}
        all_of_it = [self._firm("Hierros Ebro", **everything) for _number in range(2)]
        mail = [self._firm("Maderas Jalón", email="b@x.es", **same) for _number in range(2)]
        name = [self._firm("Cristales Huerva", **same) for _number in range(2)]
        family = [self._individual(name, phone="+34912345672", **same) for name in ("Juan Gil Ramos", "Luis Gil Ramos")]
        strangers = [self._individual(name, **same) for name in ("Ana Ruiz Ortiz", "Eva Ruiz Ortiz")]
        self.Duplicate._scan()
        scores = [self._pairs(*two).score for two in (all_of_it, mail, name, family)]
        self.assertEqual(scores, sorted(set(scores), reverse=True))
        self.assertGreater(scores[0], 95)
        self.assertLess(scores[-1], 50)
        self.assertFalse(self._pairs(*strangers))

    def test_different_vat(self):
        """Two VAT numbers are two customers, unless name and an address say it was a slip."""
        numbers = ("ESB12345674", "ESB87654323")
        sisters = [
            self._firm(name, vat=vat, email="i@x.es")
            for name, vat in zip(("Alfa Norte", "Beta Sur"), numbers, strict=True)
        ]
        slip = [self._firm("Gamma Oeste", vat=vat, email="g@x.es") for vat in ("ESB12345675", "ESB12345676")]
        twins = [self._firm("Delta Este", vat=vat, zip="50001") for vat in ("ESB12345677", "ESB12345678")]
        # the same digits of two countries are two numbers
        abroad = [
            self._firm("Omega", vat="PT123456789", country_id=self.portugal.id),
            self._firm("Sigma", vat="123456789"),
        ]
        self.Duplicate._scan()
        for two in (sisters, twins, abroad):
            self.assertFalse(self._pairs(*two))
        pair = self._pairs(*slip)
        self.assertIn("different VAT numbers", pair.reasons)
        self.assertLess(pair.score, 50)

    def test_birthday(self):
        """Two of the same name and postal code who were born on two days are two."""
        two = [self._individual("Pilar Gracia Lou", zip="50001") for _number in range(2)]
        self.assertEqual(len(self._scan(*two)), 1)
        two[0].birthdate_date, two[1].birthdate_date = "1960-01-01", "1990-01-01"
        self.assertFalse(self._scan(*two))

    def test_who(self):
        """Compared are contacts of their own that can be customers; one of the two must be one."""
        vat = {"vat": "ESB12345674"}
        customer = self._firm("A", **vat)
        other = self._partner(name="B", **vat)
        others = [
            self._partner(name="C", parent_id=customer.id, **vat),
            self._partner(name="D", active=False, **vat),
            self._partner(name="E", customer_mark="excluded", **vat),
        ]
        colleague = self.user_sales_all.partner_id
        colleague.vat = self.company_b.partner_id.vat = vat["vat"]
        pairs = self._scan(customer, other, *others, colleague, self.company_b.partner_id)
        self.assertEqual(pairs.partner_id + pairs.other_id, customer + other)
        customer.customer_mark = False
        self.assertFalse(self._scan(customer, other))

    def test_companies(self):
        """Contacts of two companies are no pair; a shared one is a pair of either."""
        one, two, shared = (
            self._firm("A", vat="ESB12345674", company_id=company and company.id)
            for company in (self.company_a, self.company_b, False)
        )
        pairs = self._scan(one, two, shared)
        self.assertEqual(len(pairs), 2)
        self.assertFalse(pairs.filtered(lambda pair: pair.partner_id + pair.other_id == one + two))
        seen = self._as(self.user_manager, self.Duplicate).search([("id", "in", pairs.ids)])
        self.assertEqual(seen.partner_id + seen.other_id, one + shared)

    def test_crowd(self):
        """A switchboard says nothing, and is named; neither does a name that everybody has."""
        many = [
            self._individual(f"P{number} Q{number}", phone="+34911111111", zip="50001")
            for number in range(scan.CROWD + 1)
        ]
        found = self.Duplicate._scan()
        self.assertIn("+34911111111", found["crowded"])
        self.assertIn("+34911111111", self.Duplicate._scan_words(found))
        self.assertFalse(self._pairs(*many))
        many[0].phone = False
        self.assertTrue(self._scan(*many[1:]))

    def test_again(self):
        """A second search changes nothing; what no longer holds goes; decisions stay, without end."""
        one, two, three = (self._firm(f"A{number}", vat="ESB12345674") for number in range(3))
        self.assertEqual(len(self._scan(one, two, three)), 3)
        rows = self._all()
        found = self.Duplicate._scan()
        self.assertEqual((found["new"], found["gone"], found["changed"]), (0, 0, 0))
        self.assertEqual(self._all(), rows)
        pair = self._pairs(one, two)
        self._as(self.user_manager, pair).action_different()
        self.assertEqual((pair.state, pair.decided_by), ("different", self.user_manager))
        three.vat = False
        found = self.Duplicate._scan()
        self.assertEqual((found["new"], found["gone"]), (0, 2))
        one.vat = two.vat = False
        self.assertEqual(self._scan(one, two), pair)
        one.vat = two.vat = "ESB12345674"
        self.assertEqual(self._scan(one, two), pair)
        self.assertEqual(pair.state, "different")
        self._as(self.user_manager, pair).action_reopen()
        one.email = two.email = "a@x.es"
        found = self.Duplicate._scan()
        self.assertEqual(found["changed"], 1)
        self.assertTrue(pair.same_email)

    def _all(self):
        self.env.flush_all()
        return self.env.execute_query(SQL("SELECT * FROM crm_customer_duplicate ORDER BY id"))

    def test_merge(self):
        """A merge leaves no pair with itself and none twice; a decision outlives it."""
        one, two, three, four = (self._firm(f"A{number}", vat="ESB12345674") for number in range(4))
        self._scan(one, two, three, four)
        self._as(self.user_manager, self._pairs(one, four)).action_different()
        self.env["base.partner.merge.automatic.wizard"]._merge([one.id, three.id], three, extra_checks=False)
        pairs = self.Duplicate.search([("partner_id", "in", (two + three + four).ids)])
        self.assertEqual(
            {(pair.partner_id, pair.other_id, pair.state) for pair in pairs},
            {(two, three, "open"), (two, four, "open"), (three, four, "different")},
        )
        found = self.Duplicate._scan()
        self.assertEqual((found["new"], found["gone"]), (0, 0))

    def test_cron(self):
        """The nightly search finds what is there in all companies."""
        two = [self._firm("A", vat="ESB12345674", company_id=self.company_b.id) for _number in range(2)]
        self.env.flush_all()
        self.env.ref("crm_customer_db_duplicate.ir_cron_duplicates").ir_actions_server_id.sudo().run()
        self.assertEqual(len(self._pairs(*two)), 1)

    def test_banner(self):
        """The page says it, to those who may see both, and only if it is so."""
        one, two = (self._firm(f"A{number}", vat="ESB12345674", company_id=self.company_a.id) for number in range(2))
        mine = self._as(self.user_manager, one)
        self.assertFalse(self._banner(mine))
        self._scan(one, two)
        self.assertEqual(self._banner(mine), ["1 possible duplicate"])
        self.assertEqual(mine.action_customer_duplicates()["res_model"], "crm.customer.merge")
        seller = self._as(self.user_sales_own, one)
        self.assertEqual(self._banner(seller), ["1 possible duplicate"])
        self.assertEqual(seller.action_customer_duplicates()["res_model"], "crm.customer.duplicate")
        found = seller.search([("customer_has_duplicate", "=", True), ("id", "in", (one + two).ids)])
        self.assertEqual(found.ids, (one + two).ids)
        self.assertTrue(seller.customer_has_duplicate)
        one.company_id = False
        two.company_id = self.company_b
        self.assertFalse(self._banner(seller))
        self.assertFalse(seller.customer_has_duplicate)
        self.assertFalse(seller.search([("customer_has_duplicate", "=", True), ("id", "=", one.id)]))
        self.assertTrue(self._as(self.user_sales_own, one, self.company_a, self.company_b).customer_has_duplicate)
        self.assertFalse(self._as(self.user_employee, one).customer_has_duplicate)

    def _banner(self, partner):
        partner.invalidate_recordset()
        return [
            line["text"]
            for line in partner._customer_slot_alerts()
            if line.get("method") == "action_customer_duplicates"
        ]
