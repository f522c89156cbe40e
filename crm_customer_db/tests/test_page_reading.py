# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The customer page is read with the contact's form: at two queries more, and as Odoo
would read it without our help."""

import json
from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from odoo.addons.crm_customer_db.tools.access import answers, remembered_access

from .common import CustomerDbCommon

# The forms that have the page: Odoo's own, and the one our menus open.
FORMS = ("base.view_partner_form", "crm_customer_db.res_partner_view_form_customer")
# More queries than without the page (issue §2).
ALLOWED = 2


class TestPageReading(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.env["res.lang"]._activate_lang("es_ES")
        groups = (
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager,"
            "crm_customer_db.group_personal_data,base.group_multi_company"
        )
        cls.reader = new_test_user(env, "cdb_page", groups=groups, company_id=cls.company_a.id, lang="en_US")
        cls.blind = new_test_user(
            env,
            "cdb_page_blind",
            groups="base.group_partner_manager,crm_customer_db.group_customer_data_entry",
            company_id=cls.company_a.id,
            lang="en_US",
        )
        both = cls.company_a + cls.company_b
        territory = cls._entry("crm.customer.territory", company_id=cls.company_a.id)
        cls.foreign = cls._entry("crm.customer.territory", company_id=cls.company_b.id)
        trade = env["res.partner.category"].create({"name": "Trade"})
        place = {
            "customer_mark": "customer",
            # Odoo's own tags are read along: by name, with that of their parents
            "category_id": [
                Command.create({"name": "Zinc", "parent_id": trade.id}),
                Command.create({"name": "Archived", "active": False}),
                Command.create({"name": "Bolts"}),
            ],
            "street": "C/ Mayor 5, 3º B",
            "zip": "50001",
            "city": "Zaragoza",
            "phone": "+34 976 000 000",
            "user_id": cls.reader.id,
            "customer_priority": "a",
            "customer_origin_id": cls._entry("crm.customer.origin").id,
            "customer_address_type": "work",
            "customer_tz": "Europe/Madrid",
            "customer_site": "plant",
            "customer_call_window_ids": [
                Command.create({"weekday": day, "hour_from": hour, "hour_to": hour + 1})
                for day, hour in (("3", 9), ("0", 17), ("0", 9))
            ],
        }
        firm = {
            "customer_trade_name": "El Puente",
            "customer_nace_id": env["crm.customer.nace"].search([("code", "=", "25.11")])[:1].id,
            "industry_id": env["res.partner.industry"].search([], limit=1).id,
            "customer_headcount": 40,
            "customer_headcount_year": 2024,
            "customer_turnover": 1e6,
            "customer_turnover_currency_id": cls.euro.id,
            "customer_turnover_year": 2024,
            "customer_buying_organisation": "each_site",
            # unsorted, and one of them archived below
            "customer_buying_procedure_ids": [Command.set(cls._entries("crm.customer.buying.procedure"))],
            "customer_credit_level": "b",
            "customer_credit_level_source": "own",
            "customer_credit_level_expiry": "2030-01-01",
        }
        person = {
            "is_company": False,
            "customer_title_id": cls._entry("crm.customer.title", abbreviation="Dr.").id,
            "gender": "female",
            "birthdate_date": "1980-05-17",
            "customer_education": "master",
            "customer_profession_id": env["crm.customer.profession"].search([], limit=1).id,
            "customer_employment": "employed",
            "customer_household_income": 30000,
            "customer_income_currency_id": cls.euro.id,
            "customer_marital_status": "married",
            "customer_children": 2,
            "customer_home_tenure": "owner",
            "customer_asset_ids": [Command.set(cls._entries("crm.customer.asset"))],
            "customer_residence_since": "2001-02-03",
        }
        cls.firm = cls._partner(name="Ferretería El Puente", **place, **firm)
        cls.person = cls._person(name="Ana García", **place, **person)
        cls.contact = cls._person(
            name="Berta Gil",
            parent_id=cls.firm.id,
            customer_is_key_contact=True,
            customer_contact_role_ids=[Command.set(cls._entries("crm.customer.contact.role"))],
            **{name: value for name, value in (place | person).items() if name != "street"},
        )
        cls.customers = {"company": cls.firm, "person": cls.person, "contact": cls.contact}
        division = cls._entry("crm.customer.division")
        for customer in (cls.firm, cls.person):
            for company in both:
                customer.with_company(company).write(
                    {
                        "customer_territory_id": (territory if company == cls.company_a else cls.foreign).id,
                        "customer_division_id": division.id,
                    }
                )
        cls.env.flush_all()

    @classmethod
    def _entry(cls, model, **values):
        """An entry of a catalogue, with a name in both languages."""
        entry = cls.env[model].create({"code": "PAGE", "name": "English", **values})
        entry.with_context(lang="es_ES").name = "Español"
        return entry

    @classmethod
    def _entries(cls, model):
        """Ids of two entries whose order is not that of their ids, and an archived one."""
        second, first, archived = cls.env[model].create(
            [{"name": name, "sequence": sequence} for name, sequence in (("Second", 2), ("First", 1), ("Archived", 3))]
        )
        first.with_context(lang="es_ES").name = "Primero"
        archived.active = False
        return (second + first + archived).ids

    # === The specification, as the web client derives it ===

    def _specification(self, records, form, with_page=True):
        """What the web client asks ``web_read`` for, with a form.

        :param records: recordset of the reader
        :param form: XML id of the view
        :param with_page: whether the nodes of our page are in it
        """
        views = records.get_views([(self.env.ref(form).id, "form")])
        tree = etree.fromstring(views["views"]["form"]["arch"])
        if not with_page:
            pages = tree.xpath("//page[@name='customer_file']")
            self.assertEqual(len(pages), 1, "the reader sees the page")
            # Odoo's own block was moved onto the page of the second form
            for node in pages[0].xpath(".//group[.//field[@name='vat']][not(@name)]"):
                pages[0].addprevious(node)
            pages[0].getparent().remove(pages[0])
        return self._specification_of(tree, records, views["models"])

    def _specification_of(self, tree, records, models):
        specification = {}
        fields = models[records._name]["fields"]
        level = int(tree.xpath("count(ancestor::field)"))
        for node in tree.xpath(f".//field[count(ancestor::field) = {level}]"):
            name = node.get("name")
            field = fields.get(name) or {"type": None}
            spec = specification.setdefault(name, {})
            if field["type"] == "many2one" and node.get("invisible") not in ("1", "True"):
                spec["fields"] = {"display_name": {}}
            elif field["type"] in ("one2many", "many2many"):
                model = self.env[field["relation"]].with_env(records.env)
                spec["fields"] = spec.get("fields") or {}
                if node.get("widget") in ("many2many_tags", "many2many_avatar_user"):
                    spec["fields"]["display_name"] = {}
                for view in node:
                    spec["fields"].update(self._specification_of(view, model, models))
                spec.update(limit=40, order="")
        return specification

    def _queries(self, records, specification):
        """Statements of a read with cold records and warm caches of the registry."""
        for _warm in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.web_read(specification)
            count = self.env.cr.sql_log_count - before
        return count

    def test_two_queries(self):
        """The form with our page reads in at most two queries more than without, however
        much is filled in, for each kind of customer, in both forms."""
        for kind, customer in self.customers.items():
            for form in FORMS:
                records = self._as(self.reader, customer)
                specification = self._specification(records, form)
                self.assertIn("customer_kind", specification)
                self.assertGreater(len([n for n in specification if "customer" in n]), 40)
                with_page = self._queries(records, specification)
                without = self._queries(records, self._specification(records, form, with_page=False))
                with self.subTest(kind=kind, form=form):
                    self.assertLessEqual(with_page - without, ALLOWED)

    def test_same_as_odoo(self):
        """What is read with our help equals what Odoo reads alone: order of tags, archived
        and foreign entries, translations, rights."""
        cases = [
            (user, companies, lang, customer, kind)
            for user, companies in (
                (self.reader, (self.company_a,)),
                (self.blind, (self.company_a,)),
                (self.user_manager, (self.company_a, self.company_b)),
                (self.user_manager, (self.company_b,)),
            )
            for lang in ("en_US", "es_ES")
            for kind, customer in self.customers.items()
        ]
        for user, companies, lang, customer, kind in cases:
            records = self._as(user, customer, *companies).with_context(lang=lang)
            for form in FORMS:
                specification = self._specification(records, form)
                with self.subTest(user=user.login, lang=lang, kind=kind, form=form):
                    self._compare(records, specification)

    def test_whatever_is_asked(self):
        """Tags are read for the fields a caller asks for, in the order he asks for, also
        for several records, for new ones, and for none."""
        records = self._as(self.reader, self.firm + self.person + self.contact)
        tags = {"fields": {"display_name": {}}}
        for specification in (
            {"customer_kind": {}},
            {"customer_kind": {}, "customer_asset_ids": {}},
            {"customer_kind": {}, "customer_asset_ids": tags},
            {"customer_kind": {}, "customer_asset_ids": dict(tags, order="name desc")},
            {"customer_kind": {}, "customer_asset_ids": dict(tags, limit=1)},
            {"customer_kind": {}, "customer_call_window_ids": tags},
            {"customer_kind": {}, "customer_territory_id": {}},
        ):
            for asked in (records, records[0], records.browse()):
                self._compare(asked, specification)
        self.assertEqual(records.browse().web_read({"customer_kind": {}}), [])

    def test_unsaved_changes(self):
        """What was changed in this transaction and not yet written is what is read."""
        records = self._as(self.reader, self.person)
        asset = self.env["crm.customer.asset"].search([], limit=1)
        records.customer_asset_ids = asset
        records.customer_call_window_ids[:1].hour_to = 20
        [values] = records.web_read(
            {
                "customer_kind": {},
                "customer_asset_ids": {},
                "customer_call_window_ids": {"fields": {"hour_to": {}}},
            }
        )
        self.assertEqual(values["customer_asset_ids"], asset.ids)
        hours = [window["hour_to"] for window in values["customer_call_window_ids"]]
        self.assertIn(20, hours)

    def test_somebodys_rule(self):
        """A rule on the tags of the page hides what it hides when Odoo reads alone, also
        from who may not read such tags at all."""
        records = self._as(self.reader, self.person)
        specification = self._specification(records, FORMS[0])
        self.env["ir.rule"].create(
            {
                "name": "No first asset",
                "model_id": self.env["ir.model"]._get_id("crm.customer.asset"),
                "domain_force": "[('name', '!=', 'First')]",
            }
        )
        before = self._tags(self.person.with_user(self.env.user), "customer_asset_ids")
        self._compare(records, specification)
        self.assertLess(set(self._tags(records, "customer_asset_ids")), set(before))
        self.env["ir.model.access"].search([("model_id.model", "=", "crm.customer.contact.role")]).active = False
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            records.web_read(specification)

    def _tags(self, records, name):
        self.env.invalidate_all()
        [values] = records.with_context(active_test=False).web_read(
            {"customer_kind": {}, name: {}, "customer_contact_role_ids": {}}
        )
        return values[name]

    def test_rights_are_asked_each_time(self):
        """What a reader may read is remembered for one reading and not for the next."""
        records = self._as(self.reader, self.person)
        asked = {"customer_kind": {}, "customer_children": {}}
        self.assertEqual(records.web_read(asked)[0]["customer_children"], 2)
        self.assertIsNone(answers(records.env))
        self.reader.group_ids -= self.env.ref("crm_customer_db.group_personal_data")
        with self.assertRaises(AccessError):
            records.web_read(asked)
        self.assertIsNone(answers(records.env), "nor after a failure")

    def test_rights_of_each_reader(self):
        """Who reads in another's name within one reading is answered for himself."""
        records = self._as(self.reader, self.person)
        field = records._fields["customer_children"]
        with remembered_access():
            with remembered_access():
                self.assertTrue(records._has_field_access(field, "read"))
            self.assertFalse(records.with_user(self.blind)._has_field_access(field, "read"))
            self.assertTrue(records.with_user(self.blind).sudo()._has_field_access(field, "read"))
            self.assertFalse(
                records._has_field_access(records._fields["customer_profile_confirmed_on"], "write"),
                "to read is not to write",
            )
            self.assertTrue(records._has_field_access(records._fields["customer_profile_confirmed_on"], "read"))

    def test_form_and_list_agree(self):
        """The form opens and saves without a change on every kind of customer."""
        for customer in self.customers.values():
            records = self._as(self.reader, customer)
            before = customer.write_date
            for form in FORMS:
                Form(records, form).save()
            self.assertEqual(customer.write_date, before)

    # === Comparing ===

    def _compare(self, records, specification):
        self.env.flush_all()
        self.env.invalidate_all()
        helped = records.web_read(specification)
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(type(records), "_customer_prefetch_page", lambda *args: None):
            alone = records.web_read(specification)
        self.assertEqual(json.dumps(helped, default=str), json.dumps(alone, default=str), specification)
