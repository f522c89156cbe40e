# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How complete profiles are against plain Python, the question worth asking, what becomes stale."""

import random
from datetime import date, timedelta
from unittest.mock import patch

import psycopg2
from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from .metrics_common import MetricsCommon

AS_OF = date(2026, 6, 15)
# Field → weight, of the rules of these tests.
FIRMS = {
    "email": 5,
    "vat": 3,
    "customer_turnover": 2,
    "customer_division_id": 4,
    "customer_buying_procedure_ids": 6,
    "customer_call_window_ids": 1,
    "customer_is_key_contact": 7,
    "customer_headcount_band": 5,
}
PERSONS = {"email": 5, "customer_age_band": 8, "customer_asset_ids": 2}


class QualityCommon(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["crm.customer.quality.rule"]
        cls.Rule.search([]).active = False
        for kind, weights in (("company", FIRMS), ("consumer", PERSONS)):
            cls.Rule.create(
                [
                    {"customer_kind": kind, "field_name": name, "weight": weight, "question": f"What is {name}?"}
                    for name, weight in weights.items()
                ]
            )

    def _measure(self):
        """What a night does, after what the queue does."""
        self.Metrics._drain(AS_OF)
        self.Metrics._refresh_edges(AS_OF)
        self.Metrics.invalidate_model()


class TestCompleteness(QualityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firms = cls.env["res.partner"].union(*(cls._partner(name=f"Firma {number}") for number in range(20)))
        cls.persons = cls.env["res.partner"].union(*(cls._person(name=f"Ana {number}") for number in range(8)))
        cls.division = cls.env["crm.customer.division"].create({"code": "Q", "name": "Q"})
        for partner in cls.firms + cls.persons:
            for company in (cls.company_a, cls.company_b):
                cls.Purchase.create(
                    {
                        "partner_id": partner.id,
                        "company_id": company.id,
                        "amount": 100 + partner.id % 7,
                        "date": "2026-05-01 10:00:00",
                    }
                )
        cls.env["crm.customer.metrics"]._rebuild(AS_OF)

    def _change(self, rng):
        """Fill or empty something of somebody, as users, merges and imports do."""
        partner = rng.choice(self.firms)
        fill = rng.random() < 0.6
        procedure = self.env["crm.customer.buying.procedure"].search([], limit=1)
        what = rng.choice([*FIRMS, "bulk", "person", "window", "key"])
        if what == "customer_division_id":
            company = rng.choice([self.company_a, self.company_b])
            partner.with_company(company).customer_division_id = fill and self.division
        elif what == "customer_buying_procedure_ids":
            partner.customer_buying_procedure_ids = procedure if fill else False
        elif what in ("customer_call_window_ids", "window"):
            if fill:
                self.env["crm.customer.call.window"].create({"partner_id": partner.id})
            else:
                partner.customer_call_window_ids.unlink()
        elif what in ("customer_is_key_contact", "key"):
            if fill:
                self._person(name="k", parent_id=partner.id, customer_is_key_contact=True)
            elif rng.random() < 0.5:
                partner.child_ids.unlink()
            else:
                partner.child_ids.active = False
        elif what == "customer_headcount_band":
            partner.write({"customer_headcount": 12 if fill else 0, "customer_headcount_band": fill and "10_49"})
        elif what == "customer_turnover":
            partner.write({"customer_turnover": 1e6 if fill else 0, "customer_turnover_currency_id": self.euro.id})
        elif what == "bulk":
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE res_partner SET email = %s WHERE id = ANY(%s)",
                [(fill and "a@example.com") or None, rng.sample(self.firms.ids, 3)],
            )
            self.env.invalidate_all()
        elif what == "person":
            person = rng.choice(self.persons)
            asset = self.env["crm.customer.asset"].search([], limit=1)
            values = [
                {"birthdate_date": fill and "1980-01-01"},
                {"customer_age_band": fill and "25_34"} if not person.birthdate_date else {},
                {"customer_asset_ids": [Command.set(asset.ids if fill else [])]},
            ]
            person.write(rng.choice(values))
        else:
            partner[what] = fill and {"email": "b@example.com", "vat": "ESA12345674"}[what]

    def _has(self, partner, company):
        """Names of what is filled in, field by field as a reader of the page would say."""
        partner = partner.with_company(company)
        contacts = partner.child_ids.filtered(lambda contact: contact.active and contact.customer_is_key_contact)
        return {
            name
            for name in (FIRMS if partner.customer_kind == "company" else PERSONS)
            if (contacts if name == "customer_is_key_contact" else partner[name])
        }

    def _expected(self, company):
        """Customer → completeness, of all customers of these tests."""
        shares = {}
        for group, weights in ((self.firms, FIRMS), (self.persons, PERSONS)):
            has = {partner: self._has(partner, company) for partner in group}
            counting = {
                name: weight for name, weight in weights.items() if any(name in names for names in has.values())
            }
            total = sum(counting.values())
            for partner, names in has.items():
                shares[partner] = 100 * sum(counting[name] for name in names) // total if total else 100
        return shares

    def test_against_python(self):
        """Whatever is filled and emptied, in whatever way: after each night every customer is as complete as
        counting on one's fingers gives, in each company; queue and night give what a rebuild gives."""
        rng = random.Random(7)
        seen = set()
        for _night in range(4):
            for _change in range(25):
                self._change(rng)
            self._measure()
            for company in (self.company_a, self.company_b):
                for partner, share in self._expected(company).items():
                    row = self._row(partner, company)
                    self.assertEqual(row.completeness, share, f"{partner.name} in {company.name}")
                    self.assertAlmostEqual(row.missing_amount, row.amount_12m * (100 - share) / 100, 2)
                    seen.add(share)
            self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)), "a rebuild finds nothing to change")
        self.assertGreater(len(seen), 8)

    def test_unused_weighs_nothing_until_the_night(self):
        """Somebody is the first to fill a field: the others are less complete from the next night on."""
        one, other = self.firms[:2]
        self.firms.email = "a@example.com"
        self._measure()
        self.assertEqual(self._row(other).completeness, 100, "nobody has anything else")
        one.vat = "ESA12345674"
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(other).completeness, 100)
        self.Metrics._refresh_edges(AS_OF)
        self.Metrics.invalidate_model()
        self.assertEqual(self._row(one).completeness, 100)
        self.assertEqual(self._row(other).completeness, 62, "5 of 8")
        self.assertEqual(self._row(other, self.company_b).completeness, 62)
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)))

    def test_rules(self):
        """A rule of the company comes before those of all, one of the kind before those of every kind, and a weight
        of 0 takes a field out; all of it in that company and by the queue."""
        self.firms[:10].email = "a@example.com"
        self.firms[:5].vat = "ESA12345674"
        self._measure()
        poor = self._row(self.firms[7])
        self.assertEqual(poor.completeness, 62)
        self.Rule.create({"field_name": "vat", "weight": 9})
        self.Metrics._drain(AS_OF)
        self.assertEqual(poor.completeness, 62, "the rule for businesses is more special")
        own = self.Rule.create(
            {"company_id": self.company_a.id, "customer_kind": "company", "field_name": "vat", "weight": 0}
        )
        self.Metrics._drain(AS_OF)
        self.assertEqual(poor.completeness, 100)
        self.assertEqual(self._row(self.firms[7], self.company_b).completeness, 62)
        own.weight = 5
        self.Metrics._drain(AS_OF)
        self.assertEqual(poor.completeness, 50)
        own.unlink()
        self.Metrics._drain(AS_OF)
        self.assertEqual(poor.completeness, 62)
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)))
        self.Rule.search([]).active = False
        self.Metrics._drain(AS_OF)
        self.assertEqual(poor.completeness, 100, "nothing is asked for")

    def test_rules_in_words(self):
        """What can't be is said in words; the list says what is in use."""
        with self.assertRaisesRegex(ValidationError, "between 0 and 1000"):
            self.Rule.create({"field_name": "ref", "weight": -1})
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.Rule.create({"customer_kind": "company", "field_name": "vat"})
        self.firms[:3].email = "a@example.com"
        self._measure()
        email, vat = (
            self.Rule.search([("customer_kind", "=", "company"), ("field_name", "=", name)])
            for name in ("email", "vat")
        )
        self.assertEqual(email.use_words, "3 of 20")
        self.assertEqual(vat.use_words, "nobody of 20: does not count")
        self.assertEqual(email.display_name, "Email · Business")

    def test_contact_changes_hands(self):
        """The key contact goes to another firm, or is merged: both are measured anew."""
        one, two = self.firms[:2]
        contact = self._person(name="Berta", parent_id=one.id, customer_is_key_contact=True)
        self._measure()
        self.assertEqual((self._row(one).completeness, self._row(two).completeness), (100, 0))
        contact.parent_id = two
        self.Metrics._drain(AS_OF)
        self.Metrics.invalidate_model()
        self.assertEqual((self._row(one).completeness, self._row(two).completeness), (0, 100))
        procedure = self.env["crm.customer.buying.procedure"].search([], limit=1)
        two.customer_buying_procedure_ids = procedure
        self._measure()
        self.env["base.partner.merge.automatic.wizard"]._merge((one + two).ids, one)
        self.Metrics._drain(AS_OF)
        self.Metrics.invalidate_model()
        self.assertEqual(self._row(one).completeness, 100)
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)))

    def test_new_prospect(self):
        """A contact that is created as a prospect has his figures without being touched again."""
        prospect = self._partner(
            name="Nuevo", customer_mark="prospect", email="a@example.com", company_id=self.company_a.id
        )
        self.Metrics._drain(AS_OF)
        self.assertTrue(self._row(prospect))
        self.assertFalse(any(self.Metrics._rebuild(AS_OF, edges=False)))

    def test_list(self):
        """First comes with whom a question pays most, in one query by the index; the words name what is missing."""
        self.firms[:10].email = "a@example.com"
        self.firms[0].vat = "ESA12345674"
        rich = self.firms[5]
        self._buy(rich, 9000, "2026-05-02")
        self._measure()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_metrics_action_quality")
        self.assertEqual(action["res_model"], "crm.customer.metrics")
        rows = self._as(self.user_sales_all, self.Metrics).search(
            [("completeness", "<", 100), ("commercial_partner_id", "in", self.firms.ids)],
            order="missing_amount desc, id",
        )
        self.assertEqual(rows[0].commercial_partner_id, rich)
        self.assertEqual(rows[0].missing_words, "Tax ID")
        amounts = rows.mapped("missing_amount")
        self.assertEqual(amounts, sorted(amounts, reverse=True))
        self.assertNotIn(self.firms[0], rows.commercial_partner_id, "he has everything")
        rich.active = False
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(rich).missing_amount, 0, "nobody asks who is archived")
        opened = self._as(self.user_sales_all, rows[1]).action_open_customer()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("res.partner", rows[1].commercial_partner_id.id))

    def test_contact_filter(self):
        """Contacts are found by how complete their customer is, in the company one works in."""
        self.firms[:10].email = "a@example.com"
        self.firms[0].vat = "ESA12345674"
        self._measure()
        mine = self._as(self.user_sales_all, self.env["res.partner"])
        found = mine.search([("customer_completeness", "<", 50), ("id", "in", self.firms.ids)])
        self.assertEqual(found, self.firms[10:])
        self.assertEqual(self._as(self.user_sales_all, self.firms[1]).customer_completeness, 62)

    def test_personal_words(self):
        """Who may not read personal data is not told what of a person is missing."""
        self.persons[0].write({"birthdate_date": "1980-01-01", "email": "a@example.com"})
        self._measure()
        row = self._row(self.persons[1])
        self.assertEqual(self._as(self.user_personal, row).missing_words, "Age band, Email")
        self.assertEqual(self._as(self.user_sales_all, row).missing_words, "Email")

    def test_quiet_night(self):
        """Who uses which fields is counted again after something was written, and not for a day that has passed."""
        self._measure()
        use = type(self.env["crm.customer.quality.use"])
        with patch.object(use, "_counted", autospec=True, side_effect=use._counted) as counted:
            self.Metrics._move_to(AS_OF + timedelta(days=1))
            self.Metrics._drain()
            self.Metrics._refresh_edges()
            self.assertFalse(counted.called)
            self.firms[0].vat = "ESA12345674"
            self.Metrics._drain()
            self.Metrics._refresh_edges()
            self.assertEqual(counted.call_count, 1)
        self.assertEqual(self._row(self.firms[0]).completeness, 100, "nobody has anything else")

    def test_cost(self):
        """Measuring one customer costs no more queries with more rules; the night counts in one pass."""
        self._measure()

        def night():
            self.env["crm.customer.quality.change"]._note()
            before = self.env.cr.sql_log_count
            self.Metrics._refresh_quality(AS_OF)
            return self.env.cr.sql_log_count - before

        night()
        few = night()
        self.Rule.create([{"customer_kind": "company", "field_name": name} for name in ("ref", "lang", "city", "zip")])
        self._measure()
        night()
        self.assertEqual(night(), few)


class TestQuestion(QualityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls._partner(name="El Puente", customer_mark="customer")
        cls.rich = cls._partner(
            name="Completa",
            customer_mark="customer",
            email="a@example.com",
            vat="ESA12345674",
            customer_headcount=12,
        )
        cls._person(name="Berta", parent_id=cls.rich.id, customer_is_key_contact=True)
        cls.person = cls._person(name="Ana", customer_mark="customer")
        other = cls._person(name="Otra", customer_mark="customer", birthdate_date="1980-01-01", email="b@example.com")
        for partner in cls.firm + cls.rich + cls.person + other:
            cls.Purchase.create(
                {"partner_id": partner.id, "company_id": cls.company_a.id, "amount": 10, "date": "2026-05-01 10:00:00"}
            )
        cls.env["crm.customer.metrics"]._rebuild(AS_OF)

    def _question(self, user, partner):
        lines = self._as(user, partner).customer_page_slots()["next_step"]
        asked = [line for line in lines if line["icon"] == "fa-question-circle-o"]
        self.assertLessEqual(len(asked), 1, "one question")
        return asked and asked[0]

    def test_one_after_the_other(self):
        """The heaviest comes first and goes with its answer; what nobody uses is not asked."""
        user = self.user_sales_all
        first = self._question(user, self.firm)
        self.assertEqual(first["text"], "What is customer_is_key_contact?")
        action = self._as(user, self.firm).action_customer_new_key_contact()
        context = {key: value for key, value in action["context"].items() if key.startswith("default_")}
        self.env["res.partner"].with_context(**context).create({"name": "Quien decide"})
        asked = []
        for values in ({"email": "c@example.com"}, {"customer_headcount_band": "1_9"}, {"vat": "ESB58378431"}):
            line = self._question(user, self.firm)
            asked.append(line["field"])
            self.firm.write(values)
        self.assertEqual(asked, ["email", "customer_headcount_band", "vat"])
        last = self._question(user, self.firm)
        self.assertEqual(last["method"], "action_customer_confirm_profile")
        self._as(user, self.firm).action_customer_confirm_profile()
        self.assertFalse(self._question(user, self.firm))

    def test_by_rights(self):
        """Who may not read personal data is asked no personal question, who may not edit is asked nothing."""
        self.assertEqual(self._question(self.user_personal, self.person)["field"], "customer_age_band")
        self.assertEqual(self._question(self.user_sales_all, self.person)["field"], "email")
        self.assertFalse(self._question(self.user_customer, self.person))
        self.assertEqual(self._question(self.user_data_entry, self.person)["field"], "email")

    def test_without_words(self):
        """A rule without a question counts and is not asked; who is not in the file is asked nothing."""
        self.Rule.search([("field_name", "=", "email"), ("customer_kind", "=", "consumer")]).question = False
        self.person.customer_profile_confirmed_on = date.today()
        self.assertFalse(self._question(self.user_sales_all, self.person))
        self.firm.customer_mark = "excluded"
        self.assertFalse(self._question(self.user_sales_all, self.firm))

    def test_in_the_users_language(self):
        """The question is asked in the reader's language."""
        self.env["res.lang"]._activate_lang("es_ES")
        rule = self.Rule.search([("field_name", "=", "customer_is_key_contact")])
        rule.with_context(lang="es_ES").question = "¿Quién decide?"
        line = self._question(self.user_sales_all, self.firm)
        self.assertEqual(line["text"], "What is customer_is_key_contact?")
        line = self._question(self.user_sales_all, self.firm.with_context(lang="es_ES"))
        self.assertEqual(line["text"], "¿Quién decide?")


class TestStale(MetricsCommon):
    def test_profile(self):
        """Stale is what was not confirmed in the company's months, or ever; both companies have their own."""
        with freeze_time("2026-06-15 10:00:00"):
            never, old, fresh = (self._partner(name=name) for name in ("never", "old", "fresh"))
            old.customer_profile_confirmed_on = date(2024, 6, 14)
            fresh.customer_profile_confirmed_on = date(2024, 6, 15)
            partners = never + old + fresh
            domain = [("id", "in", partners.ids), ("customer_profile_is_stale", "=", True)]
            self.assertEqual(self.env["res.partner"].search(domain), never + old)
            self.assertEqual(partners.mapped("customer_profile_is_stale"), [True, True, False])
            domain[1] = ("customer_profile_is_stale", "=", False)
            self.assertEqual(self.env["res.partner"].search(domain), fresh)
            self.company_b.customer_quality_months = 12
            other = partners.with_company(self.company_b)
            self.assertEqual(other.mapped("customer_profile_is_stale"), [True, True, True])
            self.assertFalse(other.search(domain))
        with self.assertRaisesRegex(ValidationError, "1 to 240 months"):
            self.company_b.customer_quality_months = 0

    def test_address(self):
        """Each state is what the search finds and the contact says; a returned letter comes before all."""
        with freeze_time("2026-06-15 10:00:00"):
            since = self.company_a._customer_stale_before()
            states = {}
            for number, (street, changed, confirmed, returned) in enumerate(
                [
                    (street, changed, confirmed, returned)
                    for street in (False, "Mayor 1")
                    for changed in (None, since - relativedelta(days=1), since)
                    for confirmed in (None, since - relativedelta(days=1), since)
                    for returned in (False, True)
                ]
            ):
                partner = self._partner(name=f"A{number}", street=street)
                partner.customer_profile_confirmed_on = confirmed
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE res_partner SET customer_address_date = %s WHERE id = %s", [changed, partner.id]
                )
                partner.customer_address_ids.returned_mail = returned
                days = [day for day in (changed, confirmed) if day]
                if returned:  # the country alone is an address to which letters go
                    states[partner] = "returned"
                elif not street:
                    states[partner] = False
                elif not days:
                    states[partner] = "never"
                else:
                    states[partner] = "fresh" if max(days) >= since else "stale"
            self.env.invalidate_all()
            partners = self.env["res.partner"].union(*states)
            self.assertEqual(len(set(states.values())), 5)
            for state in set(states.values()):
                wanted = [partner.id for partner, its in states.items() if its == state]
                found = partners.search([("id", "in", partners.ids), ("customer_address_state", "=", state)])
                self.assertEqual(sorted(found.ids), sorted(wanted), state)
            for partner, state in states.items():
                self.assertEqual(partner.customer_address_state, state)


class TestOwnedProducts(QualityCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Owned = cls.env["crm.customer.owned.product"]
        cls.firm = cls._partner(name="El Puente", customer_mark="customer")
        cls.product = cls.env["product.product"].create({"name": "Compresor", "default_code": "C22"})

    def test_words(self):
        """Ours keeps its name when the product goes; what can't be is refused in words."""
        ours = self.Owned.create({"partner_id": self.firm.id, "product_id": self.product.id})
        self.assertEqual(ours.name, "[C22] Compresor")
        self.product.unlink()
        self.assertEqual((ours.name, ours.product_id.id), ("[C22] Compresor", False))
        for values, words in (
            ({"name": " "}, "choose one of our products"),
            ({"name": "X", "quantity": 0}, "can't own"),
            ({"name": "X", "since": "2999-01-01"}, "has not come yet"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.Owned.create({"partner_id": self.firm.id, **values})

    def test_owns(self):
        """Contacts are found by what they own, by a user of the file; archived entries do not count."""
        entry = self._as(self.user_sales_all, self.Owned).create(
            {"partner_id": self.firm.id, "name": "GA 22", "brand": "Atlas", "is_competitor": True}
        )
        mine = self._as(self.user_sales_all, self.env["res.partner"])
        domain = [("id", "=", self.firm.id), ("customer_owned_product_ids", "any", [("brand", "ilike", "atlas")])]
        self.assertEqual(mine.search(domain), self.firm)
        entry.active = False
        self.assertFalse(mine.search(domain))

    def test_own_customers(self):
        """A salesperson with own documents sees and enters what his and nobody's customers own, and data entry all;
        an employee nothing. On the form as in the list."""
        others = self._partner(name="De otro", user_id=self.user_sales_all.id)
        contact = self._person(name="Ana", parent_id=others.id)
        mine, theirs, contacts = (
            self.Owned.create({"partner_id": partner.id, "name": "GA 22"}) for partner in (self.firm, others, contact)
        )
        every = mine + theirs + contacts
        domain = [("id", "in", every.ids)]
        self.assertEqual(self._as(self.user_sales_own, self.Owned).search(domain), mine)
        self.assertEqual(self._as(self.user_sales_all, self.Owned).search(domain), every)
        self.assertEqual(self._as(self.user_data_entry, self.Owned).search(domain), every)
        with self.assertRaises(AccessError):
            self._as(self.user_employee, self.Owned).search(domain)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self._as(self.user_sales_own, self.Owned).create({"partner_id": others.id, "name": "X"})
        asked = {"customer_owned_product_ids": {"fields": {"name": {}}}, "customer_call_window_ids": {}}
        for user, seen in ((self.user_sales_own, []), (self.user_sales_all, theirs.ids)):
            self.env.invalidate_all()
            [values] = self._as(user, others).web_read(asked)
            self.assertEqual([row["id"] for row in values["customer_owned_product_ids"]], seen)

    def test_companies(self):
        """What a customer of one company owns is that company's; of a shared customer everybody sees it."""
        private = self._partner(name="Privada", company_id=self.company_b.id)
        entry = self.Owned.create({"partner_id": private.id, "name": "GA 22"})
        self.assertEqual(entry.company_id, self.company_b)
        shared = self.Owned.create({"partner_id": self.firm.id, "name": "GA 22"})
        self.assertFalse(shared.company_id)
        found = self._as(self.user_manager, self.Owned, self.company_a).search([("id", "in", (entry + shared).ids)])
        self.assertEqual(found, shared)

    def test_merge(self):
        """The customer that stays owns what both owned."""
        other = self._partner(name="Doble")
        entries = self.Owned.create([{"partner_id": p.id, "name": "GA 22"} for p in (self.firm, other)])
        self.env["base.partner.merge.automatic.wizard"]._merge((self.firm + other).ids, self.firm)
        self.assertEqual(entries.partner_id, self.firm)

    def test_counts_for_the_profile(self):
        """What a customer owns can be asked for, and is noticed."""
        self.Rule.create({"customer_kind": "company", "field_name": "customer_owned_product_ids", "weight": 5})
        second = self._partner(name="Otra", customer_mark="customer")
        for firm in self.firm + second:
            self._buy(firm, 10, "2026-05-01")
        entry = self.Owned.create({"partner_id": self.firm.id, "name": "GA 22"})
        self._measure()
        self.assertEqual((self._row(self.firm).completeness, self._row(second).completeness), (100, 0))
        entry.partner_id = second
        self.Metrics._drain(AS_OF)
        self.Metrics.invalidate_model()
        self.assertEqual((self._row(self.firm).completeness, self._row(second).completeness), (0, 100))
        entry.active = False
        self.Metrics._drain(AS_OF)
        self.assertEqual(self._row(second).completeness, 0)
