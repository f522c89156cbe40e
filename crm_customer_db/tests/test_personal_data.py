# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Data of a private person can't be had without the group *Personal data*, by any way."""

from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from .common import CustomerDbCommon

GROUP = "crm_customer_db.group_personal_data"

# What design §4 calls person fields: name → a value for the one stored column behind it.
STORED = {
    "gender": "female",
    "birthdate_date": "1980-05-17",
    "customer_age_band_typed": "25_34",
    "customer_education": "master",
    "customer_household_income": 31000.0,
    "customer_income_currency_id": "currency",
    "customer_income_level_typed": "high",
    "customer_marital_status": "widowed",
    "customer_children": 3,
    "customer_home_tenure": "owner",
    "customer_asset_ids": "assets",
    "customer_profession_id": "profession",
    "customer_employment": "employed",
    "customer_residence_since": "2001-02-03",
}
DERIVED = {
    "customer_age": "birthdate_date",
    "customer_age_band": "customer_age_band_typed",
    "customer_income_level": "customer_income_level_typed",
    "customer_residence_years": "customer_residence_since",
}
PERSONAL = {**STORED, **DERIVED}

# Refused by the field's group, or not a thing Odoo knows at all (order by a path).
CLOSED = (AccessError, ValueError)


class TestPersonalData(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.assets = cls.env["crm.customer.asset"].search([], limit=2)
        cls.profession = cls.env["crm.customer.profession"].search([], limit=1)
        cls.firm = cls._partner(name="Ferretería El Puente", customer_mark="customer")
        words = {
            "currency": cls.euro.id,
            "assets": [Command.set(cls.assets.ids)],
            "profession": cls.profession.id,
        }
        cls.values = {
            name: words.get(value, value) if isinstance(value, str) else value for name, value in STORED.items()
        }
        cls.person = cls._person(name="Ana García", parent_id=cls.firm.id, **cls.values)
        cls.user = new_test_user(
            cls.env,
            login="cdb_nosy",
            groups="sales_team.group_sale_salesman_all_leads,base.group_partner_manager,base.group_allow_export",
            company_id=cls.company_a.id,
            lang="en_US",
            tz="Europe/Madrid",
        )
        cls.env["crm.customer.purchase"].create(
            {"partner_id": cls.person.id, "amount": 10, "company_id": cls.company_a.id}
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()
        self.partners = self._as(self.user, self.env["res.partner"])
        self.ana = self._as(self.user, self.person)
        self.purchases = self._as(self.user, self.env["crm.customer.purchase"])
        self.users = self._as(self.user, self.env["res.users"])
        self.enterContext(mute_logger("odoo.orm.models", "odoo.models"))

    def _refused(self, call, what):
        """``call`` raises, and leaves nothing behind."""
        try:
            with self.env.cr.savepoint(flush=False):
                found = call()
        except CLOSED:
            self.env.invalidate_all()
            return
        self.fail(f"{what} is open: {found}")

    def test_list_is_complete(self):
        """Every person field of the design has the group, and every field that has the
        group is in this list, so that the tests below see it."""
        with_group = {name for name, field in self.env["res.partner"]._fields.items() if GROUP in (field.groups or "")}
        self.assertEqual(with_group, set(PERSONAL))
        self.assertFalse(self.user.has_group(GROUP), "the user of these tests is blind")
        for name in PERSONAL:
            field = self.env["res.partner"]._fields[name]
            self.assertFalse(getattr(field, "tracking", None), f"{name} would stand in the chatter")

    def test_read(self):
        """Reading, in each form Odoo has, is refused field by field."""
        for name in PERSONAL:
            for what, call in {
                "read": lambda name=name: self.ana.read([name]),
                "web_read": lambda name=name: self.ana.web_read({name: {}}),
                "attribute": lambda name=name: self.ana[name],
                "mapped": lambda name=name: self.ana.mapped(name),
                "search_read": lambda name=name: self.partners.search_read([], [name]),
                "web_search_read": lambda name=name: self.partners.web_search_read([], {name: {}}),
                "through the parent": lambda name=name: self._as(self.user, self.firm).web_read(
                    {"child_ids": {"fields": {name: {}}}}
                ),
                "through a purchase": lambda name=name: self.purchases.web_search_read(
                    [], {"partner_id": {"fields": {name: {}}}}
                ),
                "as a user's field": lambda name=name: self.users.browse(self.env.ref("base.user_admin").id).read(
                    [name]
                ),
            }.items():
                with self.subTest(field=name, by=what):
                    self._refused(call, what)

    def test_cache_filled_by_another(self):
        """What a colleague with the group, or the system, has read into the cache does
        not show to one without."""
        for name in PERSONAL:
            self.assertTrue(self._as(self.user_personal, self.person)[name])
            with self.subTest(field=name):
                self._refused(lambda name=name: self.ana[name], "the cache")

    def test_search_and_favourites(self):
        """A condition on a person field finds nothing out: by name, by path from other
        models, by ``any``, in name_search, in a favourite."""
        Favourite = self._as(self.user, self.env["ir.filters"])
        for name in PERSONAL:
            field = self.env["res.partner"]._fields[name]
            for operator in ("=", "!=") if field.type != "many2many" else ("in", "not in"):
                leaf = (name, operator, [1] if field.type == "many2many" else False)
                favourite = Favourite.create(
                    {
                        "name": f"{name} {operator}",
                        "model_id": "res.partner",
                        "domain": repr([leaf]),
                        "user_ids": [Command.link(self.user.id)],
                    }
                )
                for what, call in {
                    "search": lambda leaf=leaf: self.partners.search([leaf]),
                    "count": lambda leaf=leaf: self.partners.search_count([leaf]),
                    "not": lambda leaf=leaf: self.partners.search(["!", leaf]),
                    "child_ids": lambda leaf=leaf: self.partners.search([("child_ids", "any", [leaf])]),
                    "path": lambda leaf=leaf: self.purchases.search([("partner_id." + leaf[0], *leaf[1:])]),
                    "any": lambda leaf=leaf: self.purchases.search([("partner_id", "any", [leaf])]),
                    "any!": lambda leaf=leaf: self.purchases.search([("partner_id", "any!", [leaf])]),
                    "users": lambda leaf=leaf: self.users.search([leaf]),
                    "users' contact": lambda leaf=leaf: self.users.search([("partner_id." + leaf[0], *leaf[1:])]),
                    "name_search": lambda leaf=leaf: self.partners.name_search("", [leaf]),
                    "filtered_domain": lambda leaf=leaf: self.ana.filtered_domain([leaf]),
                    "favourite": lambda favourite=favourite: self.partners.search(favourite._get_eval_domain()),
                    "group with domain": lambda leaf=leaf: self.partners.web_read_group(
                        [leaf], ["country_id"], ["__count"]
                    ),
                }.items():
                    with self.subTest(field=name, operator=operator, by=what):
                        self._refused(call, what)

    def test_order(self):
        """An order by a person field would tell who is older or richer."""
        for name in PERSONAL:
            for what, call in {
                "search": lambda name=name: self.partners.search([], order=name),
                "desc": lambda name=name: self.partners.search([], order=f"name, {name} desc"),
                "list": lambda name=name: self.partners.web_search_read([], {"name": {}}, order=name),
                "users": lambda name=name: self.users.search([], order=name),
                "path": lambda name=name: self.purchases.search([], order=f"partner_id.{name}"),
            }.items():
                with self.subTest(field=name, by=what):
                    self._refused(call, what)

    def test_group_and_aggregate(self):
        """Groups, sums and progress bars by a person field."""
        for name in PERSONAL:
            field = self.env["res.partner"]._fields[name]
            spec = f"{name}:month" if field.type == "date" else name
            for what, call in {
                "formatted_read_group": lambda spec=spec: self.partners.formatted_read_group([], [spec], ["__count"]),
                "web_read_group": lambda spec=spec: self.partners.web_read_group([], [spec], ["__count"]),
                "pivot": lambda spec=spec: self.partners.formatted_read_grouping_sets([], [[spec], []], ["__count"]),
                "path": lambda spec=spec: self.purchases.formatted_read_group([], [f"partner_id.{spec}"], ["__count"]),
                "users": lambda spec=spec: self.users.formatted_read_group([], [spec], ["__count"]),
                "max": lambda name=name: self.partners.formatted_read_group([], [], [f"{name}:max"]),
                "count_distinct": lambda name=name: self.partners.formatted_read_group(
                    [], ["country_id"], [f"{name}:count_distinct"]
                ),
                "having": lambda name=name: self.partners._read_group(
                    [], ["country_id"], ["__count"], having=[(f"{name}:max", ">", 1)]
                ),
                "progress bar": lambda name=name: self.partners.read_progress_bar(
                    [], "country_id", {"field": name, "colors": {"x": "y"}}
                ),
            }.items():
                with self.subTest(field=name, by=what):
                    self._refused(call, what)

    def test_export_and_descriptions(self):
        """Neither exported nor named as something one could export or search."""
        for name in PERSONAL:
            for what, call in {
                "export": lambda name=name: self.ana.export_data(["name", name]),
                "export by path": lambda name=name: self.purchases.search([]).export_data([f"partner_id/{name}"]),
            }.items():
                with self.subTest(field=name, by=what):
                    self._refused(call, what)
        self.assertEqual(set(self.partners.fields_get()) & set(PERSONAL), set())
        self.assertEqual(set(self.users.fields_get()) & set(PERSONAL), set())
        for view in ("base.view_partner_form", "crm_customer_db.res_partner_view_form_customer"):
            arch = self.partners.get_view(self.env.ref(view).id, "form")["arch"]
            for name in PERSONAL:
                self.assertNotIn(f'name="{name}"', arch, "the form has no trace of it")
        arch = self.partners.get_view(self.env.ref("crm_customer_db.res_partner_view_search").id, "search")["arch"]
        for name in PERSONAL:
            self.assertNotIn(name, arch)

    def test_write(self):
        """Neither written, created, saved from a form nor imported: and nothing is lost."""
        before = self.person.read(list(STORED))
        # Commands on the contacts of a firm are checked for the user of the request,
        # which in a test is the superuser unless it is said.
        self.patch(self.env.transaction, "default_env", self.ana.env)
        for name, value in self.values.items():
            text = str(value) if not isinstance(value, list) else self.assets[0].name
            for what, call in {
                "write": lambda n=name, v=value: self.ana.write({n: v}),
                "empty it": lambda n=name: self.ana.write({n: False}),
                "web_save": lambda n=name, v=value: self.ana.web_save({n: v}, {"name": {}}),
                "create": lambda n=name, v=value: self.partners.create({"name": "x", n: v}),
                "default in the context": lambda n=name, v=value: self.partners.with_context(
                    **{f"default_{n}": v}
                ).create({"name": "x"}),
                "contact of a firm": lambda n=name, v=value: self._as(self.user, self.firm).write(
                    {"child_ids": [Command.update(self.person.id, {n: v})]}
                ),
            }.items():
                with self.subTest(field=name, by=what):
                    self._refused(call, what)
            with self.subTest(field=name, by="load"):
                result = self.partners.load(["name", name], [["Import", text]])
                self.assertFalse(result["ids"])
                self.assertTrue(result["messages"])
        self.env.invalidate_all()
        self.assertEqual(self.person.read(list(STORED)), before)

    def test_onchange(self):
        """The web client's onchange neither takes nor gives a person field."""
        for name in PERSONAL:
            spec = {"name": {}, name: {}}
            with self.subTest(field=name):
                self._refused(
                    lambda spec=spec: self.ana.onchange({"name": "x"}, ["name"], spec),
                    "existing record",
                )
                self._refused(
                    lambda spec=spec, name=name: self.partners.onchange(
                        {"name": "x", name: False}, ["name", name], spec
                    ),
                    "new record",
                )
                self._refused(lambda spec=spec: self.partners.onchange({}, [], spec), "defaults")

    def test_work_goes_on(self):
        """Who has not the group opens, saves, creates, duplicates and moves contacts; the
        person's data stay as they are and don't go along to the duplicate."""
        before = self.person.read(list(STORED))
        for view in ("base.view_partner_form", "crm_customer_db.res_partner_view_form_customer"):
            with Form(self.ana, view) as form:
                form.city = "Zaragoza"
                form.zip = "50001"
            with Form(self.ana, view) as form:
                form.city = "Huesca"
                form.zip = "22001"
        other = self.ana.copy()
        self.assertFalse(other.sudo().birthdate_date, "a duplicate is another person")
        self.env.invalidate_all()
        self.assertEqual(self.person.read(list(STORED)), before)
        self.assertEqual(self.ana.customer_page_slots()["contacts"], [])

    def test_gender_stays_out_of_the_words(self):
        """Salutation and envelope are neutral for readers who may not know the gender:
        the same words for a man and a woman; and a form saved by one of them does not
        make the neutral words final."""
        for lang in self.env["res.lang"].get_installed():
            words = {}
            for gender in ("male", "female", False):
                self.person.write({"gender": gender, "lang": lang[0]})
                self.env.invalidate_all()
                words[gender] = self.ana.read(["customer_salutation", "customer_address_form"])
            self.assertEqual(words["male"], words["female"])
            self.assertEqual(words[False], words["female"])
        with Form(self.ana, "crm_customer_db.res_partner_view_form_customer") as form:
            form.function = "Buyer"
        self.assertFalse(self.person.customer_salutation_typed)
        self.assertFalse(self.person.customer_address_form_typed)

    def test_slots_and_names_are_silent(self):
        """No person value stands in the slots or in the display name."""
        self.person.customer_is_key_contact = True
        said = repr(self.ana.customer_page_slots()) + repr(self._as(self.user, self.firm).customer_page_slots())
        said += self.ana.display_name
        for value in ("1980", "31000", "31,000", self.profession.name, *self.assets.mapped("name")):
            self.assertNotIn(str(value), said)

    def test_mail_template(self):
        """A template rendered by a reader without the group does not print the data."""
        Render = self._as(self.user, self.env["mail.render.mixin"])
        for engine, template in (
            ("inline_template", "{{ object.birthdate_date }}"),
            ("qweb", '<p t-out="object.birthdate_date"/>'),
        ):
            with self.subTest(engine=engine):
                try:
                    with mute_logger("odoo.addons.mail.models.mail_render_mixin"):
                        text = Render._render_template(template, "res.partner", self.person.ids, engine=engine)
                except Exception:  # how the engine says it differs; that it does, counts
                    continue
                self.assertNotIn("1980", str(text))

    def test_with_the_group(self):
        """The counterpart: with the group everything of the above works."""
        ana = self._as(self.user_personal, self.person)
        for name in PERSONAL:
            self.assertTrue(ana.read([name])[0][name], name)
        found = self._as(self.user_personal, self.env["res.partner"]).search(
            [("birthdate_date", "=", date(1980, 5, 17)), ("gender", "=", "female")]
        )
        self.assertEqual(found, self.person)
        ana.write({"customer_children": 4})
        self.assertEqual(self.person.customer_children, 4)
