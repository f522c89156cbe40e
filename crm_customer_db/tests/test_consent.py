# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ledger of consents: only added to, by whom it may be, and what follows for the file."""

from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, new_test_user
from odoo.tools import mute_logger

from .common import CONTACTS, CustomerDbCommon

FIELDS = ("customer_no_post", "customer_no_calls", "customer_no_email", "customer_no_sms", "customer_no_visits")


class ConsentCommon(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.custodian = new_test_user(
            cls.env,
            "cdb_custodian",
            groups="crm_customer_db.group_data_protection",
            company_id=cls.company_a.id,
            company_ids=[Command.set((cls.company_a + cls.company_b).ids)],
        )
        cls.consents = cls.env["crm.customer.consent"]
        cls.ana = cls._person(
            name="Ana García",
            email="Ana <Ana@Example.com>",
            phone="600 100 200",
            street="C/ Mayor, 5",
            zip="50001",
            city="Zaragoza",
        )
        cls.bea = cls._person(name="Bea Gil", email="bea@example.com", phone="+34 600 300 400")

    def _say(self, partner, channel, state="refused", user=None, **values):
        values = {"partner_id": partner.id, "channel": channel, "state": state, **values}
        if state == "given":
            values.setdefault("proof", "form 7")
        consents = self._as(user, self.consents) if user else self.consents
        return consents.create(values)

    def _refused(self, partner, company=None, user=None):
        """Channels of the fields that are set: read, and searched, which must agree."""
        partner = self._as(user or self.user_employee, partner, company or self.company_a)
        partner.invalidate_recordset()
        values = {name: partner[name] for name in FIELDS}
        everybody = partner.with_context(active_test=False)
        for name, value in values.items():
            inside = [("id", "=", partner.id)]
            self.assertEqual(bool(everybody.search([*inside, (name, "=", True)])), value, name)
            self.assertEqual(bool(everybody.search([*inside, (name, "=", False)])), not value, name)
            self.assertEqual(bool(everybody.search([*inside, (name, "!=", True)])), not value, name)
        return {name.removeprefix("customer_no_") for name, value in values.items() if value}


class TestConsentLedger(ConsentCommon):
    def test_nobody_changes_or_deletes(self):
        """No role, and no code as superuser, changes or deletes an entry."""
        entry = self._say(self.ana, "post")
        users = (
            self.user_customer,
            self.user_data_entry,
            self.user_marketing,
            self.user_manager,
            self.custodian,
            self.env.ref("base.user_admin"),
        )
        for user in users:
            mine = self._as(user, entry)
            for values in ({"state": "given"}, {"date": "2020-01-01"}, {"partner_id": self.bea.id}, {}):
                with self.subTest(user=user.login, values=values), self.assertRaises(AccessError):
                    mine.write(values)
            with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger("odoo.orm.models"):
                mine.unlink()
        for values in ({"state": "given"}, {"proof": "x"}):
            with self.assertRaises(AccessError):
                entry.sudo().write(values)
        with self.assertRaises(UserError):
            entry.sudo().unlink()
        with self.assertRaises(AccessError):
            self._as(self.custodian, entry)._erase()
        self.assertTrue(entry.exists())
        self.assertEqual(self._refused(self.ana), {"post"})

    def test_through_the_contact(self):
        """The list of entries on the contact is no way around it."""
        entry = self._say(self.ana, "post")
        mine = self._as(self.user_manager, self.ana)
        for command in (Command.update(entry.id, {"state": "given"}), Command.delete(entry.id), Command.clear()):
            with self.assertRaises(UserError), mute_logger("odoo.orm.models"):
                mine.write({"customer_consent_ids": [command]})
        self.assertEqual(self.ana.customer_consent_ids, entry)
        self.assertFalse(self.ana.copy().customer_consent_ids)

    def test_erasure(self):
        """The custodian's erasure, as superuser code, is the one way out."""
        entry = self._say(self.ana, "post")
        entry.sudo()._erase()
        self.assertFalse(entry.exists())
        self.assertFalse(self._refused(self.ana))
        self.consents._erase()

    def test_who_may_record(self):
        """Everybody of the file records a refusal; a consent only marketing and custodian."""
        for user in (
            self.user_customer,
            self.user_sales_own,
            self.user_data_entry,
            self.user_marketing,
            self.user_manager,
            self.custodian,
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._say(self.ana, "visit", user=user).create_uid, user)
        for user in (self.user_marketing, self.user_manager, self.custodian):
            with self.subTest(user=user.login):
                self._say(self.ana, "visit", "given", user=user)
        for user in (self.user_customer, self.user_sales_own, self.user_sales_all, self.user_data_entry):
            with self.subTest(user=user.login), self.assertRaises(AccessError) as caught:
                self._say(self.ana, "visit", "given", user=user)
            self.assertIn("refusal", str(caught.exception))
        contacts_only = new_test_user(self.env, "cdb_contacts", groups=f"base.group_user,{CONTACTS}")
        for user in (self.user_employee, contacts_only):
            with self.subTest(user=user.login), self.assertRaises(AccessError), mute_logger("odoo.orm.models"):
                self._say(self.ana, "visit", user=user)

    def test_proof(self):
        """A consent that nobody could prove is not recorded; a refusal needs no proof."""
        for proof in (False, "", "  \n"):
            with self.assert_refused("proof"):
                self._say(self.ana, "email", "given", user=self.custodian, proof=proof)
        entry = self._say(self.ana, "email", "given", user=self.custodian, proof=False, legal_basis="soft_opt_in")
        self.assertFalse(entry.lifts_refusal)
        self.assertTrue(self._say(self.ana, "email", user=self.custodian).exists())

    def test_what_only_the_system_says(self):
        """Where an entry comes from and what it does can't be sent along."""
        for source in ("unsubscribe", "blacklist", "merge", "exclusion_list", "portal"):
            with self.subTest(source=source), self.assertRaises(AccessError):
                self._say(self.ana, "visit", user=self.custodian, source=source)
        with self.assertRaises(AccessError):
            self._as(self.custodian, self.consents).with_context(default_source="portal").create(
                {"partner_id": self.ana.id, "channel": "visit"}
            )
        entry = self._say(
            self.ana, "email", "given", user=self.custodian, legal_basis="contract", lifts_refusal=True, address="x"
        )
        self.assertFalse(entry.lifts_refusal)
        self.assertEqual(entry.address, "ana@example.com")

    def test_last_entry_counts(self):
        """The last word holds, by date and not by the order of typing."""
        self._say(self.ana, "post", date="2026-01-10")
        self.assertEqual(self._refused(self.ana), {"post"})
        self._say(self.ana, "post", "given", date="2026-01-09")
        self.assertEqual(self._refused(self.ana), {"post"}, "an older consent")
        self._say(self.ana, "post", "given", date="2026-01-11")
        self.assertEqual(self._refused(self.ana), set())
        self._say(self.ana, "post", "refused", date="2026-01-11")
        self.assertEqual(self._refused(self.ana), {"post"}, "in the same second the one recorded later")

    def test_every_channel(self):
        """A refusal of everything is one of each; a consent later takes back its channel only."""
        self._say(self.ana, "email", "given", date="2026-01-01")
        self._say(self.ana, "all", date="2026-01-02")
        self.assertEqual(self._refused(self.ana), {"post", "calls", "email", "sms", "visits"})
        self._say(self.ana, "email", "given", date="2026-01-03")
        self.assertEqual(self._refused(self.ana), {"post", "calls", "sms", "visits"})
        self._say(self.ana, "all", "given", date="2026-01-04")
        self.assertEqual(self._refused(self.ana), set())

    def test_purposes(self):
        """What was refused for another purpose than advertising does not close a channel."""
        self._say(self.ana, "post", purpose="profiling")
        self._say(self.ana, "visit", purpose="sharing")
        self.assertEqual(self._refused(self.ana), set())
        self._say(self.ana, "visit", purpose="all")
        self.assertEqual(self._refused(self.ana), {"visits"})
        with self.assert_refused("purpose"):
            self._say(self.ana, "visit", "given", purpose="all")

    def test_only_consent_lifts(self):
        """Our own interest and sales of similar things don't stand against a refusal."""
        self._say(self.ana, "post", date="2026-01-01")
        for basis in ("legitimate_interest", "contract", "soft_opt_in"):
            with self.assert_refused("Ana García", "own consent"):
                self._say(self.ana, "post", "given", user=self.custodian, legal_basis=basis)
            self._say(self.ana, "post", "given", legal_basis=basis)  # as code, say a history
        self.assertEqual(self._refused(self.ana), {"post"})
        self._say(self.ana, "post", "given", user=self.custodian)
        self.assertEqual(self._refused(self.ana), set())
        self._say(self.ana, "post", "given", user=self.custodian, legal_basis="soft_opt_in")

    def test_dates(self):
        """The future, the time before 1900 and what is no date are refused in words."""
        ahead = fields.Datetime.now() + timedelta(minutes=2)
        for date in (ahead, "2999-01-01", "1899-12-31 23:59:59", "1066-10-14"):
            with self.subTest(date=date), self.assert_refused("between 1900 and now"):
                self._say(self.ana, "post", user=self.user_customer, date=date)
        with self.assert_refused("not a date"):
            self._say(self.ana, "post", user=self.user_customer, date="yesterday")
        with freeze_time("2026-05-05 10:00:00"):
            # a clock that is a little ahead gets no lead over what is said next
            early = self._say(self.ana, "post", date=datetime(2026, 5, 5, 10, 0, 40))
            self.assertEqual(early.date, datetime(2026, 5, 5, 10, 0))
            self._say(self.ana, "post", "given")
        self.assertEqual(self._refused(self.ana), set())

    def test_without_contact(self):
        with self.assert_refused("contact is missing"):
            self.consents.create({"channel": "post"})

    def test_address(self):
        """An entry keeps what the contact was reached at then."""
        wanted = {
            "email": "ana@example.com",
            "phone": "+34600100200",
            "sms": "+34600100200",
            "post": "C/ Mayor, 5, 50001 Zaragoza",
            "visit": "C/ Mayor, 5, 50001 Zaragoza",
            "all": "ana@example.com · +34600100200 · C/ Mayor, 5, 50001 Zaragoza",
        }
        for channel, address in wanted.items():
            self.assertEqual(self._say(self.ana, channel).address, address)
        nobody = self._person(name="Nobody", country_id=False)
        for channel in wanted:
            self.assertFalse(self._say(nobody, channel).address)
        entry = self._say(self.bea, "email")
        self.bea.email = "other@example.com"
        self.assertEqual(entry.address, "bea@example.com")

    # === Companies ===

    def test_said_to_one_company(self):
        """Post refused to one company of the group may still come from the other."""
        self._say(self.ana, "post", company_id=self.company_a.id)
        self.assertEqual(self._refused(self.ana, self.company_a), {"post"})
        self.assertEqual(self._refused(self.ana, self.company_b), set())
        self._say(self.ana, "post", "given", company_id=self.company_b.id)
        self.assertEqual(self._refused(self.ana, self.company_a), {"post"})
        self._say(self.ana, "post", date=fields.Datetime.now())
        self.assertEqual(self._refused(self.ana, self.company_b), {"post"})
        self._say(self.ana, "post", "given", company_id=self.company_b.id)
        self.assertEqual(self._refused(self.ana, self.company_b), set())
        self.assertEqual(self._refused(self.ana, self.company_a), {"post"})

    def test_blacklists_know_no_company(self):
        """An e-mail refused to one company is sent by none: Odoo's list knows no companies."""
        self._say(self.ana, "email", company_id=self.company_b.id)
        self.assertEqual(self._refused(self.ana, self.company_a), {"email"})
        self._say(self.ana, "email", "given", company_id=self.company_a.id)
        self.assertEqual(self._refused(self.ana, self.company_a), {"email"}, "company B is still refused")
        self._say(self.ana, "email", "given", company_id=self.company_b.id)
        self.assertEqual(self._refused(self.ana, self.company_a), set())
        self.assertEqual(self._refused(self.ana, self.company_b), set())

    def test_branches(self):
        """A company and its branches are one to the customer."""
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company_a.id})
        self.user_employee.company_ids += branch
        entry = self._say(self.ana, "post", company_id=branch.id)
        self.assertEqual(entry.company_id, self.company_a)
        for company in (branch, self.company_a):
            self.assertEqual(self._refused(self.ana, company), {"post"})
        self.user_customer.company_ids += branch
        self.assertTrue(self._as(self.user_customer, entry, branch).read(["state"]))

    def test_entries_of_other_companies(self):
        """Entries said to company B, and contacts of company B, are not seen in A."""
        said_to_b = self._say(self.ana, "post", company_id=self.company_b.id)
        theirs = self._person(name="Theirs", company_id=self.company_b.id)
        of_theirs = self._say(theirs, "post")
        both = said_to_b + of_theirs
        for user in (self.user_manager, self.custodian, self.user_customer):
            ledger = self._as(user, self.consents)
            self.assertFalse(ledger.search([("id", "in", both.ids)]), user.login)
            self.assertEqual(
                self._as(user, self.consents, self.company_b).search([("id", "in", both.ids)]), both, user.login
            )
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                self._say(theirs, "post", user=user)

    def test_colleagues_customers(self):
        """A salesperson with own documents sees what a colleague's customer refused."""
        self.ana.user_id = self.user_manager
        entry = self._say(self.ana, "phone")
        self.assertTrue(self._as(self.user_sales_own, entry).read(["channel", "proof"]))

    # === Contacts that go ===

    def test_delete_a_contact(self):
        """Who refused e-mails can be deleted: the list remembers, and so does the ledger."""
        entries = self._say(self.bea, "email") + self._say(self.bea, "phone", "given")
        self.bea.unlink()
        entries.invalidate_recordset()
        self.assertEqual(entries.mapped("address"), ["bea@example.com", "+34600300400"])
        self.assertFalse(entries.partner_id)
        again = self._person(name="Bea again", email="BEA@example.com")
        self.assertEqual(self._refused(again), {"email"})
        self.assertEqual(self._as(self.custodian, self.consents).search([("id", "in", entries.ids)]), entries)
        for user in (self.user_manager, self.user_customer, self.user_data_entry):
            self.assertFalse(self._as(user, self.consents).search([("id", "in", entries.ids)]), user.login)
        self.user_manager.group_ids += self.env.ref("crm_customer_db.group_data_protection")
        self.assertTrue(self._as(self.user_manager, self.consents).search([("id", "in", entries.ids)]))

    def test_delete_who_refused_post(self):
        """No list would remember a refusal of post, so the contact stays."""
        for channel in ("post", "visit", "all"):
            person = self._person(name="Refuses")
            self._say(person, channel)
            with self.assertRaises(UserError) as caught:
                self._as(self.env.ref("base.user_admin"), person).unlink()
            self.assertIn("Refuses", str(caught.exception))
            self._say(person, channel, "given")
            person.unlink()

    def test_privacy_lookup(self):
        """Odoo's search for a person's data offers no entry for deletion."""
        self._say(self.ana, "email")
        wizard = self.env["privacy.lookup.wizard"].create({"name": self.ana.name, "email": "ana@example.com"})
        wizard.action_lookup()
        models = wizard.line_ids.mapped("res_model")
        self.assertIn("res.partner", models)
        self.assertNotIn("crm.customer.consent", models)

    # === Import ===

    def _load(self, user, rows, *columns):
        columns = columns or ("partner_id/.id", "channel", "state", "date", "proof")
        return self._as(user, self.consents).with_context(import_file=True).load(list(columns), rows)

    def test_import(self):
        """Rows become entries with their own dates, from an import whatever they claim."""
        result = self._load(
            self.custodian,
            [
                [str(self.ana.id), "Post", "Refused", "2026-01-10 10:00:00", ""],
                [str(self.ana.id), "Post", "Given", "2026-01-05 10:00:00", "letter"],
                [str(self.bea.id), "Post", "Given", "2026-01-05 10:00:00", "letter"],
            ],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(set(self.consents.browse(result["ids"]).mapped("source")), {"import"})
        self.assertEqual(self._refused(self.ana), {"post"})
        self.assertEqual(self._refused(self.bea), set())

    def test_import_never_lifts(self):
        """A consent that is imported takes no refusal back, whatever its date."""
        self._say(self.ana, "email", date="2026-01-01")
        result = self._load(
            self.user_marketing,
            [
                [str(self.ana.id), "E-mail", "Given", "2026-02-01 10:00:00", "old system"],
                [str(self.ana.id), "Every channel", "Given", "", "old system"],
            ],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self._refused(self.ana), {"email"})
        self.assertFalse(any(self.consents.browse(result["ids"]).mapped("lifts_refusal")))
        self.assertTrue(self.env["mail.blacklist"].search([("email", "=", "ana@example.com")]))
        again = self._load(
            self.user_marketing,
            [[str(self.ana.id), "E-mail", "Given", "2026-02-01 10:00:00", "old system", "Recorded by hand"]],
            "partner_id/.id", "channel", "state", "date", "proof", "source",
        )  # fmt: skip
        self.assertEqual(self.consents.browse(again["ids"]).source, "import")
        self.assertEqual(self._refused(self.ana), {"email"})

    def test_import_changes_nothing(self):
        """An import can't overwrite an entry, nor record what the user may not."""
        entry = self._say(self.ana, "post")
        self.env["ir.model.data"].create(
            {"name": "refusal", "module": "__export__", "model": entry._name, "res_id": entry.id}
        )
        for columns, row in (
            (("id", "state"), ["__export__.refusal", "Given"]),
            ((".id", "state"), [str(entry.id), "Given"]),
        ):
            result = self._load(self.user_manager, [row], *columns)
            self.assertTrue(result["messages"], columns)
        self.assertEqual(entry.state, "refused")
        for user, row, word in (
            (self.user_data_entry, ["Post", "Given", "2026-01-05 10:00:00", "letter"], "refusal"),
            (self.custodian, ["Post", "Given", "2026-01-05 10:00:00", ""], "proof"),
            (self.custodian, ["Post", "Refused", "2999-01-05 10:00:00", ""], "between 1900 and now"),
        ):
            result = self._load(user, [[str(self.bea.id), *row]])
            self.assertFalse(result["ids"])
            self.assertIn(word, str(result["messages"]))

    # === For other packages ===

    def test_refuse_many(self):
        """Packages record refusals of thousands in a handful of statements, and only once."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "email": f"p{number}@example.com"} for number in range(300)]
        )
        self.env.flush_all()
        with self.assertQueryCount(6):
            added = partners._customer_refuse("email", "unsubscribe", datetime(2026, 1, 1), proof="link")
        self.assertEqual(added, 300)
        self.assertEqual(partners._customer_refuse("email", "unsubscribe", datetime(2026, 1, 1)), 0)
        self.assertEqual(partners._customer_refuse("email", "unsubscribe"), 0)
        entry = partners[7].customer_consent_ids
        self.assertEqual((entry.source, entry.proof, entry.address), ("unsubscribe", "link", "p7@example.com"))
        self.assertEqual(self.env["mail.blacklist"].search_count([("email", "like", "p%@example.com")]), 300)
        # a later consent is not undone by hearing of the old refusal again
        self._say(partners[0], "email", "given")
        self.assertEqual(partners._customer_refuse("email", "unsubscribe", datetime(2026, 1, 1)), 0)
        self.assertEqual(self._refused(partners[0]), set())
        self.assertEqual(partners[:0]._customer_refuse("email", "unsubscribe"), 0)
        with self.assert_refused("between 1900 and now"):
            partners._customer_refuse("email", "unsubscribe", "2999-01-01")

    def test_refuse_everything(self):
        """Everything is refused anew unless each channel is refused already."""
        self._say(self.ana, "email")
        self.assertEqual(self.ana._customer_refuse("all", "portal"), 1)
        self.assertEqual(self.ana._customer_refuse("all", "portal"), 0)
        self.assertEqual(self.ana._customer_refuse("sms", "portal"), 0)

    def test_log(self):
        """Packages add entries as they are, through the same checks."""
        entries = self.env["res.partner"]._customer_consent_log(
            [
                {"partner_id": self.ana.id, "channel": "email", "state": "given", "source": "portal", "proof": "click"},
                {"partner_id": self.bea.id, "channel": "email", "state": "refused", "source": "portal"},
            ]
        )
        self.assertEqual(entries.mapped("source"), ["portal", "portal"])
        self.assertEqual(self._refused(self.bea), {"email"})
        with self.assertRaises(ValidationError):
            self.env["res.partner"]._customer_consent_log([{"channel": "email"}])

    def test_one_query(self):
        """The fields of many contacts are one query, and so is one contact."""
        partners = self.ana + self.bea
        self._say(self.ana, "all")
        for records in (partners, self.ana):
            mine = self._as(self.user_customer, records)
            mine.invalidate_recordset()
            self.assertEqual(len(mine.mapped("name")), len(records))
            with self.assertQueryCount(1):
                for record in mine:
                    self.assertEqual({bool(record[name]) for name in FIELDS}, {record.id == self.ana.id})


class TestConsentPage(ConsentCommon):
    def test_alert(self):
        """The page says in one line what is refused, and opens what was said."""
        mine = self._as(self.user_customer, self.ana)
        self.ana.customer_mark = "customer"
        self.assertEqual(mine.customer_page_slots()["alerts"], [])
        self._say(self.ana, "phone")
        self._say(self.ana, "email")
        [line] = mine.customer_page_slots()["alerts"]
        self.assertEqual((line["text"], line["level"]), ("No calls · no e-mail", "danger"))
        action = getattr(mine, line["method"])()
        opened = self._as(self.user_customer, self.env[action["res_model"]]).search(action["domain"])
        self.assertEqual(opened, self.ana.customer_consent_ids)
        self._say(self.ana, "all")
        [line] = mine.customer_page_slots()["alerts"]
        self.assertEqual(line["text"], "No post · no calls · no e-mail · no SMS · no visits")

    def test_callable(self):
        """Who refused calls in the ledger is not callable, also without a readable number."""
        odd = self._person(name="Odd", phone="12")
        noon = datetime(2026, 11, 23, 12)
        with freeze_time(noon):
            for partner in (self.ana, odd):
                mine = self._as(self.user_customer, partner)
                self.assertTrue(mine.customer_callable_now)
                self._say(partner, "phone", date="2026-11-01")
                self.assertFalse(mine.customer_callable_now, partner.name)
                self.assertIn("refused", mine.customer_call_hint)
                self.assertFalse(mine.search([("id", "=", partner.id), ("customer_callable_now", "=", True)]))
            self._say(self.bea, "sms", date="2026-11-01")
            mine = self._as(self.user_customer, self.bea)
            self.assertTrue(mine.customer_callable_now, "refused messages only")
            self.assertTrue(mine.search([("id", "=", self.bea.id), ("customer_callable_now", "=", True)]))

    def test_key_contacts(self):
        """A key contact who refused calls stands on the company's page without a number."""
        firm = self._partner(name="Firm", customer_mark="customer")
        (self.ana + self.bea).write({"parent_id": firm.id, "customer_is_key_contact": True})
        self._say(self.bea, "phone")
        lines = self._as(self.user_customer, firm).customer_page_slots()["contacts"]
        self.assertEqual(
            [(line["value"], line["phone"], line["text"]) for line in lines],
            [("Ana García", "600 100 200", ""), ("Bea Gil", "", "no calls")],
        )

    def test_dialog(self):
        """A refusal is two clicks for whoever reads the page; it says what holds then."""
        mine = self._as(self.user_customer, self.ana)
        action = mine.action_customer_record_consent()
        dialogs = self._as(self.user_customer, self.env["crm.customer.consent.record"])
        with Form(dialogs.with_context(**action["context"])) as form:
            self.assertEqual(form.state, "refused")
            self.assertEqual(form.present, "Nothing refused.")
            form.channel = "phone"
        before = self.ana.write_date
        result = form.record.action_record()
        self.assertIn("No calls", result["params"]["message"])
        self.assertEqual(result["params"]["type"], "success")
        self.assertEqual(self.ana.customer_consent_ids.create_uid, self.user_customer)
        self.assertEqual(self.ana.customer_consent_ids.source, "manual")
        self.assertGreaterEqual(self.ana.write_date, before)

    def test_dialog_consent(self):
        """The dialog offers a consent to whom may record it, and asks for its proof."""
        for user, may in ((self.user_customer, False), (self.user_marketing, True), (self.custodian, True)):
            dialog = self._as(user, self.env["crm.customer.consent.record"]).new({})
            self.assertEqual(dialog.may_give, may, user.login)
        dialogs = self._as(self.user_marketing, self.env["crm.customer.consent.record"])
        dialogs = dialogs.with_context(default_partner_ids=(self.ana + self.bea).ids)
        with Form(dialogs) as form:
            form.state = "given"
            form.channel = "email"
            form.proof = "fair, forms 10 and 11"
            form.wording = "Yes, write to me"
        result = form.record.action_record()
        self.assertIn("2 contacts", result["params"]["message"])
        entries = (self.ana + self.bea).customer_consent_ids
        self.assertEqual(entries.mapped("wording"), ["Yes, write to me"] * 2)
        # by code past the screen
        low = self._as(self.user_customer, self.env["crm.customer.consent.record"])
        values = {"partner_ids": [Command.set(self.ana.ids)], "state": "given", "channel": "email", "proof": "x"}
        with self.assertRaises(AccessError):
            low.create(values).action_record()

    def test_dialog_says_what_stands(self):
        """A consent without effect on the outcome is not reported as a success."""
        twin = self._person(name="Twin", email="ana@example.com")
        self._say(twin, "email")
        dialogs = self._as(self.custodian, self.env["crm.customer.consent.record"])
        values = {"partner_ids": [Command.set(self.ana.ids)], "state": "given", "channel": "email", "proof": "x"}
        result = dialogs.create(values).action_record()
        self.assertEqual(result["params"]["type"], "warning")
        self.assertIn("Ana García", result["params"]["message"])
        self.assertEqual(self._refused(self.ana), {"email"})

    def test_dialog_of_foreign_contacts(self):
        """The dialog is no way to contacts of a company one does not work in."""
        theirs = self._person(name="Theirs", company_id=self.company_b.id)
        dialogs = self._as(self.user_customer, self.env["crm.customer.consent.record"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            dialogs.create({"partner_ids": [Command.set(theirs.ids)], "channel": "post"}).action_record()
        self.assertFalse(theirs.customer_consent_ids)

    def test_views(self):
        """List, form and search open for every role that reads the ledger."""
        entry = self._say(self.ana, "post")
        for user in (self.user_customer, self.user_data_entry, self.user_manager, self.custodian):
            mine = self._as(user, self.consents)
            with Form(mine) as form:
                form.partner_id = self.bea
                form.channel = "visit"
            self.assertEqual(form.record.partner_id, self.bea)
            mine.get_views([(False, "list"), (False, "search")])
            self.assertIn("Ana García", self._as(user, entry).display_name)
            self.assertTrue(mine.name_search("Ana"))
