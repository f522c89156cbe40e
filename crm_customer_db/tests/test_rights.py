# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rights of every role on every model, as users try them, and the menus they see."""

import itertools

from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from . import roles
from .common import CustomerDbCommon


class RightsChecks:
    """What is tried as each role; the test classes are generated, one per role, so that
    a failure names its role."""

    allow_inherited_tests_method = True
    role = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login="cdb_role",
            groups=roles.ROLES[cls.role],
            company_id=cls.company_a.id,
        )
        if roles.CONTACTS not in roles.ROLES[cls.role]:
            # Odoo gives it to new users; here a role has what its groups bring.
            cls.user.group_ids -= cls.env.ref(roles.CONTACTS)
        cls.partner = cls._partner(customer_mark="customer")
        cls.territory = cls.env["crm.customer.territory"].create(
            {"code": "RIGHTS", "name": "Rights", "company_id": cls.company_a.id}
        )
        cls.segment = cls.env["crm.customer.segment"].create(
            {"name": "Rights", "kind": "manual", "company_id": cls.company_a.id}
        )
        cls.numbers = itertools.count(7000)

    def _values(self, model):
        """Values of a new record, such as the screens would send them."""
        number = next(self.numbers)
        values = {
            "crm.customer.address": {"partner_id": self.partner.id, "street": "Mayor 1"},
            "crm.customer.call.window": {"partner_id": self.partner.id},
            "crm.customer.consent": {"partner_id": self.partner.id, "channel": "post"},
            "crm.customer.feed.state": {"name": f"crm.customer.feed.rights{number}"},
            # users correct what they are responsible for
            "crm.customer.fulfilment": {"partner_id": self.partner.id, "user_id": self.user.id},
            "crm.customer.interaction": {"partner_id": self.partner.id, "user_id": self.user.id},
            "crm.customer.best.profile": {
                "activity": "X",
                "headcount_band": "1_9",
                "territory_id": self.territory.id,
            },
            "crm.customer.launch": self._launch_values(),
            "crm.customer.launch.line": {
                "commercial_partner_id": self.partner.id,
                "launch_id": self.env["crm.customer.launch"].create(self._launch_values()).id,
            },
            "crm.customer.strategy.month": {
                "month": "2026-01-01",
                "as_of": "2026-01-31",
                "strategy_id": self.env.ref("crm_customer_db.strategy_retain").id,
            },
            "crm.customer.marketing.action": {"partner_id": self.partner.id},
            "crm.customer.marketing.reaction": {"partner_id": self.partner.id, "kind": "click"},
            "crm.customer.metrics": {
                "commercial_partner_id": self._partner(name=f"Customer {number}").id,
                "currency_id": self.company_a.currency_id.id,
                "computed_as_of": "2026-01-01",
            },
            "crm.customer.metrics.history": {
                "commercial_partner_id": self.partner.id,
                "currency_id": self.company_a.currency_id.id,
                "month": "2026-01-01",
                "as_of": "2026-01-31",
            },
            "crm.customer.metrics.queue": {"partner_id": self.partner.id},
            "crm.customer.owned.product": {"partner_id": self.partner.id, "name": "Compressor"},
            "crm.customer.purchase": {"partner_id": self.partner.id, "amount_currency": 5},
            "crm.customer.quality.change": {},
            "crm.customer.quality.rule": {
                "customer_kind": ("company", "consumer", "contact", "self_employed")[number % 4],
                "field_name": ("ref", "lang", "city")[number % 3],
            },
            "crm.customer.quality.use": {
                "customer_kind": "company",
                "field_name": "ref",
                "as_of": "2026-01-01",
            },
            "crm.customer.score.run": {"as_of": "2026-01-01", "window_months": 12, "method": "fixed"},
            "crm.customer.segment.member": {
                "segment_id": self.segment.id,
                "partner_id": self._partner(name=f"Member {number}", customer_mark="customer").id,
            },
            "crm.customer.stage.lock": {"partner_id": self.partner.id, "lifecycle": "active", "reason": "Rights"},
            "crm.customer.survey.answer": {"partner_id": self.partner.id, "survey": "S", "question_code": "Q"},
            "crm.customer.territory.rule": {
                "territory_id": self.territory.id,
                "zip_prefix": f"{number}",
            },
        }.get(model, {"name": "New", "code": f"T{number}"})
        company = "company_id" in self.env[model]._fields
        return dict(values, company_id=self.company_a.id) if company else values

    def _launch_values(self):
        return {
            "name": "L",
            "company_id": self.company_a.id,
            "user_id": self.user.id,
            "day": "2026-01-01",
            "kind": "activity",
        }

    def _may(self, call):
        try:
            with mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_rule"):
                call()
        except AccessError:
            return False
        return True

    def test_matrix(self):
        """The role may do exactly what the table says: tried on a record that exists and
        with values that are right."""
        for model in roles.MODELS:
            expected = roles.rights(self.role, model)
            if not self.env[model]._auto:  # a view: nobody could write to it anyway
                mine = self._as(self.user, self.env[model])
                with self.subTest(model=model):
                    self.assertEqual("r" if mine.has_access("read") else "", expected)
                    self.assertFalse(any(map(mine.has_access, ("write", "create", "unlink"))))
                continue
            with self.subTest(model=model), self.env.cr.savepoint() as savepoint:
                values = self._values(model)
                record = self.env[model].create(values)
                self.env.flush_all()
                self.env.invalidate_all()
                mine = self._as(self.user, record)
                changed = "returned_mail" if model == "crm.customer.address" else None
                changed = changed or ("name" if "name" in record._fields else None)
                again = {changed: record[changed]} if changed else {}
                found = ""
                if self._may(lambda mine=mine: mine.read(["display_name"])):
                    found += "r"
                if self._may(lambda mine=mine, again=again: mine.write(again)):
                    found += "w"
                fresh = self._values(model)
                if self._may(lambda mine=mine, fresh=fresh: mine.browse().create(fresh)):
                    found += "c"
                if self._may(lambda mine=mine: mine.unlink()):
                    found += "u"
                self.assertEqual(found, expected)
                savepoint.rollback()

    def test_search_agrees_with_read(self):
        """Who may not read a model can't search, count, group, export or name it either,
        and who may can do all of it."""
        for model in roles.MODELS:
            expected = "r" in roles.rights(self.role, model)
            mine = self._as(self.user, self.env[model])
            for what, call in {
                "search": lambda m=mine: m.search([], limit=1),
                "count": lambda m=mine: m.search_count([]),
                "group": lambda m=mine: m.formatted_read_group([], [], ["__count"]),
                "name_search": lambda m=mine: m.name_search("", limit=1),
                "list": lambda m=mine: m.web_search_read([], {"id": {}}, limit=1),
            }.items():
                with self.subTest(model=model, by=what):
                    self.assertEqual(self._may(call), expected)

    def test_menus(self):
        """The role sees the menus of the table, and none of ours below a hidden one."""
        menus = self._as(self.user, self.env["ir.ui.menu"])
        root = self.env.ref("crm_customer_db.menu_root")
        if self.role == roles.PORTAL:
            self.assertFalse(self._may(menus._visible_menu_ids), "the portal has no menus")
            return
        visible = menus._visible_menu_ids()
        children = self.env["ir.ui.menu"].search([("parent_id", "=", root.id)])
        ours = children.filtered(lambda menu: menu.get_external_id()[menu.id].startswith("crm_customer_db."))
        seen = {menu.name for menu in ours if menu.id in visible and root.id in visible}
        self.assertEqual(seen, set(roles.MENUS[self.role]))
        self.assertEqual(root.id in visible, bool(seen))
        for menu in self.env["ir.ui.menu"].search([("id", "child_of", root.id)]):
            if menu.id in visible and menu.action and "res_model" in menu.action and menu.action.res_model:
                model = self._as(self.user, self.env[menu.action.res_model])
                self.assertTrue(model.has_access("read"), f"{menu.complete_name} opens")


def _generate():
    for role in roles.ROLES:
        name = "TestRights" + "".join(word.title() for word in role.replace(":", "").split())
        body = {"role": role, "__module__": __name__, "__doc__": f"Rights of the role {role}."}
        globals()[name] = type(name, (RightsChecks, CustomerDbCommon), body)


_generate()


class TestRightsTable(CustomerDbCommon):
    def test_every_model_is_in_the_table(self):
        """A new model of this addon must be entered, with its denials."""
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "crm_customer_db" and not model._abstract and not model._transient
        }
        self.assertEqual(models, set(roles.MODELS))

    def test_only_known_groups(self):
        """No access line is for everybody, which would include the portal."""
        lines = self.env["ir.model.access"].search([("model_id.model", "in", list(roles.MODELS))])
        self.assertTrue(lines)
        self.assertFalse(lines.filtered(lambda line: not line.group_id))

    def test_page_shows_the_table(self):
        """docs/roles.md says what the tests have checked."""
        if not roles.PAGE.is_file():
            self.skipTest("installed without the repository's docs")
        self.assertEqual(roles.generated(roles.PAGE.read_text()), roles.markdown())
