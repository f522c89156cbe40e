# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ledger and Odoo's blacklists in step: in both directions, and a refusal on either side holds."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .test_consent import ConsentCommon


class TestConsentBlacklist(ConsentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mails = cls.env["mail.blacklist"]
        cls.phones = cls.env["phone.blacklist"]
        cls.twin = cls._person(name="Twin", email="ANA@example.com", phone="0034 600-100-200")

    def _entries(self, partner):
        partner.invalidate_recordset()
        return [(entry.channel, entry.state, entry.source) for entry in partner.customer_consent_ids.sorted("id")]

    def _listed(self, address="ana@example.com"):
        return bool(self.mails.search([("email", "=", address)]))

    # === List → ledger ===

    def test_every_way_onto_the_list(self):
        """Create, add, unarchive, by an import: each contact with the address gets an entry."""
        ways = {
            "create": lambda: self.mails.create({"email": "ANA@Example.com"}),
            "_add": lambda: self.mails._add("Ana <ana@example.com>", message="asked"),
            "unarchive": lambda: self.mails.create({"email": "ana@example.com", "active": False}).action_unarchive(),
            "write": lambda: self.mails.create({"email": "wrong@example.com"}).write({"email": "Ana@example.com"}),
            "load": lambda: self.mails.load(["email"], [["ana@example.com"]]),
            "archived": lambda: (
                self.mails.create({"email": "ana@example.com", "active": False}),
                self.mails.create({"email": "ana@example.com"}),
            ),
        }
        for way, put in ways.items():
            with self.subTest(way=way), self.env.cr.savepoint() as savepoint:
                put()
                for partner in (self.ana, self.twin):
                    self.assertEqual(self._entries(partner), [("email", "refused", "blacklist")], way)
                    self.assertEqual(self._refused(partner), {"email"})
                self.assertTrue(self._listed(), way)
                self.assertFalse(self._entries(self.bea))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_once(self):
        """The same address again, and a contact who refused already: nothing is added."""
        self._say(self.ana, "email")
        self.mails._add("ana@example.com")
        self.mails.create([{"email": "ana@example.com"}, {"email": "ANA@example.com"}])
        self.assertEqual(self._entries(self.ana), [("email", "refused", "manual")])
        self.assertEqual(self._entries(self.twin), [("email", "refused", "blacklist")])

    def test_off_the_list(self):
        """Taken off by hand, whoever refused consents again; nobody else does."""
        entry = self.mails._add("ana@example.com")
        later = self._person(name="Later", email="ana@example.com")
        self.assertEqual(self._refused(later), {"email"})
        self.mails._remove("ana@example.com", message="called us")
        self.assertFalse(entry.active)
        for partner in (self.ana, self.twin):
            self.assertEqual(
                self._entries(partner), [("email", "refused", "blacklist"), ("email", "given", "blacklist")]
            )
        self.assertFalse(self._entries(later), "who never said anything has not consented")
        for partner in (self.ana, self.twin, later):
            self.assertEqual(self._refused(partner), set())

    def test_off_again_by_archive_and_dialog(self):
        """Odoo's own buttons do the same."""
        for way in ("archive", "dialog"):
            entry = self.mails._add("ana@example.com")
            self.assertEqual(self._refused(self.ana), {"email"})
            if way == "archive":
                entry.action_archive()
            else:
                self.env["mail.blacklist.remove"].create({"email": "ana@example.com"}).action_unblacklist_apply()
            self.assertEqual(self._refused(self.ana), set())

    def test_refused_to_all(self):
        """Off the e-mail list after a refusal of everything: e-mail only."""
        self._say(self.ana, "all")
        self.mails._remove("ana@example.com")
        self.assertEqual(self._refused(self.ana), {"post", "calls", "sms", "visits"})

    def test_import_takes_nobody_off(self):
        """A list that is imported can't take a refusal back."""
        entry = self.mails._add("ana@example.com")
        loading = self.mails.with_context(import_file=True)
        result = loading.load([".id", "active"], [[str(entry.id), "0"]])
        self.assertIn("Ana García", str(result["messages"]))
        self.env.invalidate_all()
        self.assertTrue(entry.active)
        self.assertEqual(self._refused(self.ana), {"email"})
        number = self.phones.add("+34600100200")
        with self.assertRaises(UserError):
            number.with_context(import_file=True).active = False

    def test_deleting_from_the_list(self):
        """An address that somebody refuses is taken off with a reason, not deleted."""
        entry = self.mails._add("ana@example.com")
        number = self.phones.add("+34600100200")
        for record in (entry, number):
            with self.assertRaises(UserError) as caught:
                record.unlink()
            self.assertIn("Ana García", str(caught.exception))
        stranger = self.mails._add("stranger@example.com")
        stranger.unlink()
        self.phones.add("+34600999999").unlink()
        entry.action_archive()
        entry.unlink()

    def test_corrected_address(self):
        """An entry of the list that gets another address leaves no refusal behind."""
        self._say(self.ana, "email")
        entry = self.mails.search([("email", "=", "ana@example.com")])
        entry.email = "bea@example.com"
        self.assertTrue(self._listed("ana@example.com"))
        self.assertTrue(self._listed("bea@example.com"))
        self.assertEqual(self._refused(self.ana), {"email"})
        self.assertEqual(self._entries(self.bea), [("email", "refused", "blacklist")])
        self._say(self.ana, "phone")
        number = self.phones.search([("number", "=", "+34600100200")])
        number.number = "+34600300400"
        self.assertEqual(self._refused(self.ana), {"email", "calls"})

    def test_who_unsubscribed(self):
        """The ledger tells the customer's own click from a colleague's."""
        public = self.env.ref("base.public_user")
        self.mails.with_user(public).sudo()._add("ana@example.com")
        self.mails.with_user(public).sudo()._remove("ana@example.com")
        self.assertEqual(self._entries(self.ana), [("email", "refused", "unsubscribe"), ("email", "given", "portal")])
        admin = new_test_user(self.env, "cdb_admin", groups="base.group_system", company_id=self.company_a.id)
        self.mails.with_user(admin)._add("bea@example.com")
        entry = self.bea.customer_consent_ids
        self.assertEqual((entry.source, entry.create_uid), ("blacklist", admin))
        self.assertIn(admin.name, entry.proof)

    def test_not_a_refusal(self):
        """A package that lists an address for another reason (it bounces) can say so."""
        self.mails.sudo().with_context(customer_no_refusal=True)._add("ana@example.com")
        self.assertFalse(self._entries(self.ana))
        self.assertEqual(self._refused(self.ana), {"email"}, "nothing is sent there all the same")
        # not from outside
        admin = new_test_user(self.env, "cdb_admin2", groups="base.group_system", company_id=self.company_a.id)
        self.mails.with_user(admin).with_context(customer_no_refusal=True)._add("bea@example.com")
        self.assertTrue(self._entries(self.bea))

    def test_many_addresses(self):
        """A thousand addresses are as many queries as one."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "email": f"p{number}@example.com"} for number in range(200)]
        )
        self.env.flush_all()

        def count(numbers):
            before = self.env.cr.sql_log_count
            self.consents._addresses_listed("mail.blacklist", [f"p{number}@example.com" for number in numbers])
            return self.env.cr.sql_log_count - before

        count(range(1))
        self.assertEqual(count(range(1, 2)), count(range(2, 200)))
        self.assertEqual(len(partners.customer_consent_ids), 200)

    # === Ledger → list ===

    def test_refused_by_hand(self):
        """A refusal puts the address on the list, a consent takes it off."""
        entry = self._say(self.ana, "email", user=self.user_customer)
        self.assertTrue(self._listed())
        self.assertEqual(self._entries(self.ana), [("email", "refused", "manual")], "no echo")
        self.assertFalse(self._entries(self.twin), "the twin is held by the list, without an entry")
        self.assertEqual(self._refused(self.twin), {"email"})
        self.assertTrue(self.ana.is_blacklisted)
        self._say(self.ana, "email", "given", user=self.custodian)
        self.assertFalse(self._listed())
        self.assertEqual(len(self._entries(self.ana)), 2)
        self.assertEqual(self._refused(self.twin), set())
        self.assertTrue(entry.exists())
        self._say(self.ana, "email", user=self.user_customer)
        self.assertTrue(self._listed(), "on the list again")
        self.assertEqual(
            self.mails.with_context(active_test=False).search_count([("email", "=", "ana@example.com")]), 1
        )

    def test_twins(self):
        """The address stays on the list as long as one of its contacts refuses."""
        self._say(self.ana, "email")
        self._say(self.twin, "email")
        self._say(self.ana, "email", "given")
        self.assertTrue(self._listed())
        self.assertEqual(self._refused(self.ana), {"email"})
        self._say(self.twin, "all", "given")
        self.assertFalse(self._listed())
        self.assertEqual(self._refused(self.ana) | self._refused(self.twin), set())

    def test_older_consent_releases_nothing(self):
        """A consent of an earlier date takes no address off."""
        self._say(self.ana, "all", date="2026-02-01")
        for channel in ("email", "phone", "sms", "all"):
            self._say(self.ana, channel, "given", date="2026-01-01")
        self.assertTrue(self._listed())
        self.assertTrue(self.phones.search([("number", "=", "+34600100200")]))
        self.assertEqual(self._refused(self.ana), {"post", "calls", "email", "sms", "visits"})

    def test_other_purposes_and_channels(self):
        """Only advertising by e-mail, calls and SMS has to do with the lists."""
        for channel, purpose in (("email", "profiling"), ("all", "sharing"), ("post", "marketing"), ("visit", "all")):
            self._say(self.ana, channel, purpose=purpose)
        self.assertFalse(self._listed())
        self.assertFalse(self.phones.search([]))
        self._say(self.ana, "all", purpose="all")
        self.assertTrue(self._listed())
        self._say(self.ana, "email", "given", purpose="profiling")
        self.assertTrue(self._listed())

    def test_odd_addresses(self):
        """Contacts without an address, or with one that is none, refuse all the same."""
        for values in ({"email": False, "phone": False}, {"email": "nobody", "phone": "12"}):
            odd = self._person(name="Odd", **values)
            self._say(odd, "all")
            self.assertEqual(self._refused(odd), {"post", "calls", "email", "sms", "visits"})
        self.assertFalse(self.mails.search([]))
        self.assertFalse(self.phones.search([]))

    # === Phone ===

    def _number(self, number="+34600100200"):
        found = self.phones.search([("number", "=", number)])
        return found and (found.customer_refused or "both")

    def test_phone_list(self):
        """A number on Odoo's list is neither called nor written to, in every spelling."""
        self.phones.add("600 100 200")
        both = [("phone", "refused", "blacklist"), ("sms", "refused", "blacklist")]
        for partner in (self.ana, self.twin):
            self.assertEqual(self._entries(partner), both)
            self.assertEqual(self._refused(partner), {"calls", "sms"})
        self.phones.remove("+34 600100200")
        self.assertEqual(self._refused(self.ana) | self._refused(self.twin), set())
        self.assertEqual(self._entries(self.ana)[2:], [("phone", "given", "blacklist"), ("sms", "given", "blacklist")])

    def test_calls_and_messages_apart(self):
        """Who refuses messages may be called, and the other way round."""
        self._say(self.ana, "sms")
        self.assertEqual((self._refused(self.ana), self._number()), ({"sms"}, "sms"))
        self._say(self.ana, "phone")
        self.assertEqual((self._refused(self.ana), self._number()), ({"sms", "calls"}, "both"))
        self._say(self.ana, "sms", "given")
        self.assertEqual((self._refused(self.ana), self._number()), ({"calls"}, "calls"))
        self._say(self.ana, "phone", "given")
        self.assertFalse(self._refused(self.ana) or self._number())
        self._say(self.ana, "phone")
        self.assertEqual((self._refused(self.ana), self._number()), ({"calls"}, "calls"))

    def test_twins_on_the_phone(self):
        """Of a shared number, what either refuses."""
        self._say(self.ana, "sms")
        self._say(self.twin, "phone")
        self.assertEqual(self._number(), "both")
        self.assertEqual(self._refused(self.ana), {"calls", "sms"})
        self._say(self.twin, "phone", "given")
        self.assertEqual((self._number(), self._refused(self.twin)), ("sms", {"sms"}))

    def test_from_outside_is_both(self):
        """A number listed for messages that is listed anew from outside refuses calls, too."""
        for way in ("add", "create", "unarchive"):
            self._say(self.ana, "sms")
            entry = self.phones.search([("number", "=", "+34600100200")])
            if way == "unarchive":
                entry.action_archive()
                self.assertEqual(self._refused(self.ana), set())
                entry.action_unarchive()
            elif way == "add":
                self.phones.add("+34600100200")
            else:
                self.phones.create({"number": "+34600100200"})
            self.assertEqual((self._number(), self._refused(self.ana)), ("both", {"calls", "sms"}), way)
            for partner in (self.ana, self.twin):
                self._say(partner, "all", "given")
            self.assertFalse(self._number())
        self._say(self.ana, "sms")
        self.phones.search([]).write({"customer_refused": "sms"})
        self.assertEqual(self._number(), "both", "only the ledger says it is for messages")

    def test_listed_before_the_contact(self):
        """Who consents to calls alone on a listed number still gets no messages."""
        self.phones.add("+34 911 222 333")
        new = self._person(name="New", phone="911222333")
        self.assertEqual(self._refused(new), {"calls", "sms"})
        self._say(new, "phone", "given")
        self.assertEqual((self._refused(new), self._number("+34911222333")), ({"sms"}, "sms"))
        self._say(new, "sms", "given")
        self.assertFalse(self._refused(new) or self._number("+34911222333"))

    # === Contacts that change ===

    def test_refusal_follows_the_person(self):
        """A new address or number of who refused is refused; the old one stays so."""
        self._say(self.ana, "email")
        self._say(self.ana, "sms")
        self._as(self.user_sales_own, self.ana).write({"email": "ana.new@example.com", "phone": "600 700 800"})
        self.assertTrue(self._listed("ana@example.com"))
        self.assertTrue(self._listed("ana.new@example.com"))
        self.assertEqual(self._number("+34600700800"), "sms")
        self.assertEqual(self._refused(self.ana), {"email", "sms"})
        self._say(self.ana, "email", "given")
        self.assertFalse(self._listed("ana.new@example.com"))
        self.ana.email = "third@example.com"
        self.assertFalse(self._listed("third@example.com"), "consented since")

    def test_country_makes_the_number(self):
        """A number becomes readable when the country is known: it goes onto the list then."""
        person = self._person(name="Nowhere", country_id=False, phone="912345678")
        person.with_company(self.company_a)
        self._say(person, "phone")
        person.country_id = self.portugal
        self.assertEqual(self._number("+351912345678"), "calls")

    def test_change_to_a_listed_address(self):
        """Whoever gets a listed address is not written to, and loses that with the address."""
        self.mails._add("listed@example.com")
        self.bea.email = "Listed@example.com"
        self.assertEqual(self._refused(self.bea), {"email"})
        self.assertFalse(self._entries(self.bea))
        self.bea.email = "bea@example.com"
        self.assertEqual(self._refused(self.bea), set())

    def test_unrelated_writes_are_free(self):
        """Only a new address costs a query, and only one for who refused nothing."""
        calls = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            calls.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", spy)
        for values, queries in (({"comment": "x"}, 0), ({"email": "b@example.com"}, 1)):
            self.env.flush_all()
            calls.clear()
            self.bea.write(values)
            self.env.flush_all()
            ours = [code for code in calls if "crm_customer_consent" in code or "blacklist" in code]
            self.assertEqual(len(ours), queries, ours)

    # === Installation ===

    def test_fill(self):
        """What the lists knew before the installation becomes entries, once."""
        self.env.cr.execute(
            "INSERT INTO mail_blacklist (email, active) VALUES ('ana@example.com', TRUE), ('bea@example.com', FALSE)"
        )
        self.env.cr.execute("INSERT INTO phone_blacklist (number, active) VALUES ('+34600300400', TRUE)")
        self.env.invalidate_all()
        self.assertEqual(self._refused(self.ana), {"email"}, "known before there is an entry")
        for _time in range(2):
            self.consents._fill_from_blacklists()
            self.assertEqual(self._entries(self.ana), [("email", "refused", "blacklist")])
            self.assertEqual(self._entries(self.twin), [("email", "refused", "blacklist")])
            self.assertEqual(
                self._entries(self.bea), [("phone", "refused", "blacklist"), ("sms", "refused", "blacklist")]
            )

    def test_portal_user_leaves(self):
        """A customer who deletes his portal account and asks for silence gets it."""
        portal = new_test_user(self.env, "leaver@example.com", groups="base.group_portal")
        portal.partner_id.write({"email": "leaver@example.com", "phone": "+34600555666"})
        portal.with_user(portal).sudo()._deactivate_portal_user(request_blacklist=True)
        self.assertEqual(self._refused(portal.partner_id), {"email", "calls", "sms"})
        self.assertEqual({source for _c, _s, source in self._entries(portal.partner_id)}, {"unsubscribe"})

    def test_new_entries_with_a_new_contact(self):
        """A contact created together with its refusal is on the list at once."""
        person = self.env["res.partner"].create(
            {"name": "N", "email": "n@example.com", "customer_consent_ids": [Command.create({"channel": "email"})]}
        )
        self.assertTrue(self._listed("n@example.com"))
        self.assertEqual(self._refused(person), {"email"})
