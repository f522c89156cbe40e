# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Import of exclusion lists: who is found, what is recorded, what the user is told."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..tools.exclusion_list import HASHES, fingerprint, postal_key
from .test_consent import ConsentCommon


class TestExclusionList(ConsentCommon):
    def _import(self, lines, content="email", user=None, **values):
        """Import lines as a user and return the wizard with its result."""
        data = lines if isinstance(lines, bytes) else "\n".join(lines).encode()
        wizard = self._as(user or self.user_marketing, self.env["crm.customer.exclusion.list"]).create(
            {"name": "Lista Robinson", "data_file": base64.b64encode(data), "content": content, **values}
        )
        action = wizard.action_import()
        self.assertEqual((action["res_model"], action["res_id"]), (wizard._name, wizard.id))
        return wizard

    def _counts(self, wizard):
        return (wizard.lines_read, wizard.lines_matched, wizard.contacts_matched, wizard.refusals_new)

    def test_emails(self):
        """Addresses in whatever letters; the result says how many lines did what."""
        twin = self._person(name="Twin", email="ana@example.com", active=False)
        other = self._person(name="In B", email="b@example.com", company_id=self.company_b.id)
        wizard = self._import(
            ["Correo", "ANA@example.com", "", "b@example.com", "stranger@example.com", "no address", "Ana@Example.com"]
        )
        self.assertEqual(self._counts(wizard), (5, 3, 3, 3))
        self.assertEqual((wizard.lines_unreadable, wizard.unreadable), (1, "6: no address"))
        self.assertEqual(wizard.state, "done")
        self.assertFalse(wizard.data_file, "the list is not kept")
        for partner in (self.ana, twin, other):
            self.assertEqual(self._refused(partner.sudo()) if partner != other else {"email"}, {"email"})
            entry = partner.customer_consent_ids
            self.assertEqual((entry.source, entry.state, entry.channel), ("exclusion_list", "refused", "email"))
            self.assertIn("Lista Robinson", entry.proof)
            self.assertEqual(entry.create_uid, self.user_marketing)
        self.assertFalse(self.bea.customer_consent_ids)
        self.assertTrue(self.env["mail.blacklist"].search([("email", "=", "ana@example.com")]))
        self.assertFalse(self.env["mail.blacklist"].search([("email", "=", "stranger@example.com")]))

    def test_again(self):
        """The same list again changes nothing; nor does an older one after a consent."""
        lines = ["ana@example.com", "bea@example.com"]
        self.assertEqual(self._counts(self._import(lines, date="2026-01-01")), (2, 2, 2, 2))
        for date in ("2026-01-01", "2026-02-01"):
            self.assertEqual(self._counts(self._import(lines, date=date)), (2, 2, 2, 0))
        self._say(self.ana, "email", "given", date="2026-03-01")
        self.assertEqual(self._import(lines, date="2026-01-01").refusals_new, 0)
        self.assertEqual(self._refused(self.ana), set())
        self.assertEqual(self._import(lines, date="2026-04-01").refusals_new, 1, "a newer list refuses anew")
        self.assertEqual(self._refused(self.ana), {"email"})

    def test_older_list_does_not_refuse(self):
        """A list of an earlier date than the consent is recorded, and the consent holds."""
        self._say(self.ana, "email", "given", date="2026-03-01")
        self.assertEqual(self._import(["ana@example.com"], date="2026-01-01").refusals_new, 1)
        self.assertEqual(self._refused(self.ana), set())
        self.assertFalse(self.env["mail.blacklist"].search([("email", "=", "ana@example.com")]))

    def test_who_consented_to_us(self):
        """Who consented to us may be left alone (LOPDGDD art. 23.4), unless he refused since."""
        self._say(self.ana, "email", "given", date="2026-01-01")
        self._say(self.bea, "all", "given", date="2026-01-01")
        self._say(self.bea, "email", date="2026-02-01")
        soft = self._person(name="Soft", email="soft@example.com")
        self._say(soft, "email", "given", legal_basis="soft_opt_in")
        lines = ["ana@example.com", "bea@example.com", "soft@example.com"]
        wizard = self._import(lines, spare_consented=True)
        self.assertEqual(self._counts(wizard), (3, 3, 3, 1))
        self.assertEqual(
            (self._refused(self.ana), self._refused(self.bea), self._refused(soft)), (set(), {"email"}, {"email"})
        )
        self.assertEqual(self._import(lines).refusals_new, 1)
        self.assertEqual(self._refused(self.ana), {"email"})

    def test_phones(self):
        """Numbers in every spelling, of contacts whose number Odoo could not read as well."""
        odd = self._person(name="Odd", phone="600 100 2", country_id=False)
        portugal = self._person(name="Rui", phone="912345678", country_id=self.portugal.id)
        wizard = self._import(
            ["Telefono;Nombre", "0034 600-100-200;x", "600300400;x", "351 912345678;x", "+351 912 345 678;x", "12;x"],
            "phone",
        )
        self.assertEqual(wizard.lines_matched, 4)
        self.assertEqual(wizard.unreadable, "6: 12")
        for partner in (self.ana, self.bea, portugal):
            self.assertEqual(self._refused(partner), {"calls", "sms"}, partner.name)
        self.assertEqual(self._refused(odd), set())
        self.assertEqual(wizard.refusals_new, 6)
        portuguese = self._import(["912345678"], "phone", country_id=self.portugal.id, refuse_sms=False)
        self.assertEqual(self._counts(portuguese), (1, 1, 1, 0))

    def test_channels(self):
        """What the list refuses is chosen; nothing chosen is refused."""
        form = Form(self._as(self.user_marketing, self.env["crm.customer.exclusion.list"]))
        self.assertEqual((form.refuse_email, form.refuse_phone, form.refuse_post), (True, False, False))
        form.content = "phone"
        self.assertEqual((form.refuse_email, form.refuse_phone, form.refuse_sms), (False, True, True))
        form.content = "postal"
        self.assertEqual((form.refuse_post, form.refuse_sms, form.hashing), (True, False, "sha256"))
        self._import(["ana@example.com"], refuse_email=False, refuse_post=True, refuse_visit=True)
        self.assertEqual(self._refused(self.ana), {"post", "visits"})
        with self.assertRaises(UserError) as caught:
            self._import(["ana@example.com"], refuse_email=False)
        self.assertIn("what the people of this list refuse", str(caught.exception))

    def test_fingerprints(self):
        """Lists of fingerprints: each kind of content, each kind of hash."""
        numbers = ("+34600100200", "34600100200", "600100200")
        for hashing in HASHES:
            for content, texts, channel in (
                ("email", ["ana@example.com"], "email"),
                ("phone", numbers, "calls"),
                ("postal", [postal_key("Ana García", "C/ Mayor, 5", "50001")], "post"),
            ):
                for text in texts:
                    with self.subTest(hashing=hashing, text=text), self.env.cr.savepoint() as savepoint:
                        digest = fingerprint(text, hashing)
                        lines = ["hash", digest.upper(), fingerprint("stranger", hashing), "rubbish"]
                        wizard = self._import(lines, content, hashing=hashing)
                        self.assertEqual((wizard.lines_read, wizard.lines_matched), (3, 1))
                        self.assertEqual(wizard.unreadable, "4: rubbish")
                        self.assertIn(channel, self._refused(self.ana))
                        self.assertFalse(self.bea.customer_consent_ids)
                        savepoint.rollback()
                    self.env.invalidate_all()

    def test_postal_fingerprint(self):
        """The example that the screen and the documentation give is what is compared."""
        self.assertEqual(postal_key("Ana García", "C/ Mayor, 5", "50001"), "anagarcia|cmayor5|50001")
        for name, values in {
            "ANA GARCIA": {"street": "c mayor 5", "zip": "50 001"},
            "Ana Garcia.": {"street": "C/ Máyor, nº5".replace("nº", ""), "zip": "50001"},
        }.items():
            self._person(name=name, **values)
        self._person(name="Ana García", street=False, zip="50001")
        wizard = self._import([fingerprint("anagarcia|cmayor5|50001", "sha256")], "postal", hashing="sha256")
        self.assertEqual(wizard.contacts_matched, 3)
        with self.assertRaises(UserError) as caught:
            self._import(["Ana García"], "postal", hashing="plain")
        self.assertIn("fingerprint", str(caught.exception))

    def test_files_that_are_none(self):
        """What can't be read is said in a sentence."""
        for data, values, word in (
            (b"", {}, "empty"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1", {}, "old Excel"),
            (b"PK\x03\x04", {}, "damaged"),
            (b"a;b\n1;2", {"column": "Correo"}, "a, b"),
            (b"a@x.es", {"date": "2999-01-01"}, "between 1900 and now"),
        ):
            with self.subTest(word=word), self.assertRaises(UserError) as caught:
                self._import(data, **values)
            self.assertIn(word, str(caught.exception))

    def test_many_unreadable_lines(self):
        """All unreadable lines are counted, the first ones named."""
        wizard = self._import(["ana@example.com"] + ["x" * 500] * 1000)
        self.assertEqual((wizard.lines_read, wizard.lines_unreadable), (1001, 1000))
        shown = wizard.unreadable.splitlines()
        self.assertEqual(len(shown), 201)
        self.assertEqual(shown[0], "2: " + "x" * 80)

    def test_rights(self):
        """Marketing and custodian import lists; a single refusal is for everybody."""
        for user in (self.user_marketing, self.user_manager, self.custodian):
            with self.subTest(user=user.login):
                self._import(["stranger@example.com"], user=user)
        for user in (self.user_customer, self.user_data_entry, self.user_sales_all, self.user_employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger("odoo.orm.models"):
                self._import(["stranger@example.com"], user=user)

    def test_queries_do_not_grow(self):
        """Two thousand lines are as many queries as two."""
        self.env["res.partner"].create(
            [{"name": f"P{number}", "email": f"p{number}@example.com"} for number in range(400)]
        )
        self.env.flush_all()

        def count(numbers):
            before = self.env.cr.sql_log_count
            self._import([f"p{number}@example.com" for number in numbers])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(range(2))
        self.assertLessEqual(count(range(2, 2000)), count(range(2000, 2002)) + 3)
        self.assertEqual(self.env["crm.customer.consent"].search_count([("source", "=", "exclusion_list")]), 400)
