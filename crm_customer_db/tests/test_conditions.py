# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A stored condition: what may be written, and with whose rights it is evaluated."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .metrics_common import MetricsCommon

# any! and not any!, as deep as one likes.
SMUGGLED = (
    "[('customer_purchase_ids', 'any!', [('amount', '>', 0)])]",
    "[('customer_purchase_ids', 'not any!', [('amount', '>', 0)])]",
    "['!', ('customer_purchase_ids', 'any!', [('amount', '>', 0)])]",
    "['|', ('city', '=', 'Lugo'), ('customer_purchase_ids', 'any!', [])]",
    "[('child_ids', 'any', [('customer_purchase_ids', 'any!', [])])]",
    "[('child_ids', 'not any', ['&', ('city', '=', 'x'), ('user_ids', 'not any!', [('share', '=', True)])])]",
    "[('parent_id', 'any', [('child_ids', 'any', [('user_ids', 'any!', [('login', 'like', 'a')])])])]",
    "[('parent_id.child_ids', 'any!', [('city', '=', 'x')])]",
)
MALFORMED = (
    "hello",
    "[",
    "[('city', '=')]",
    "[('city', '=', 'x'), '|']",
    "[('no_such_field', '=', 1)]",
    "[('city.name', '=', 1)]",
    "[('city', 'resembles', 'x')]",
    "{'city': 'x'}",
    "[('city', '=', __import__('os').getcwd())]",
    "[('user_id', '=', uid)]",
    "[[[[['x']]]]]",
    "(" * 500,
    "5",
    "[('city', '=', 'x')]" + " " * 100_001 + "x",
)
PERSONAL = (
    "[('customer_children', '>', 2)]",
    "[('child_ids', 'any', [('birthdate_date', '<', '1980-01-01')])]",
    "[('child_ids.gender', '=', 'female')]",
    "[('customer_age', '>', 30)]",
)


class TestConditions(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Segment = cls.env["crm.customer.segment"]
        cls.as_of = cls.Metrics._as_of()
        cls.lugo, cls.vigo = cls._partner(name="Lugo", city="Lugo"), cls._partner(name="Vigo", city="Vigo")
        (cls.lugo + cls.vigo).customer_mark = "customer"
        # marketing without personal data: the group alone, taken from who has it
        cls.author = new_test_user(
            cls.env,
            "cdb_author",
            groups="crm_customer_db.group_customer_marketing",
            company_id=cls.company_a.id,
            company_ids=[(6, 0, cls.company_a.ids)],
        )

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule", "odoo.orm.models"))

    def _segment(self, domain, user=None, **vals):
        mine = self._as(user or self.author, self.Segment)
        return mine.create({"name": "Condition", "rule_domain": domain, **vals})

    def _found(self, segment):
        self.env.invalidate_all()
        return segment.sudo().member_ids.filtered(lambda member: not member.left_on).partner_id.sorted("id")

    # ------------------------------------------------------------------- what is refused

    def test_any_with_all_rights_is_refused(self):
        """``any!`` at any depth, however it is sent: create, write, import, copy, a default."""
        segment = self._segment("[('city', '=', 'Lugo')]")
        mine = self._as(self.author, segment)
        for domain in SMUGGLED:
            with self.subTest(domain=domain):
                with self.assert_refused("passes by access rights"):
                    self._segment(domain)
                with self.assert_refused("passes by access rights"):
                    mine.write({"rule_domain": domain})
                with self.assert_refused("passes by access rights"):
                    mine.web_save({"rule_domain": domain}, {"id": {}})
                with self.assert_refused("passes by access rights"):
                    mine.copy({"rule_domain": domain})
                with self.assert_refused("passes by access rights"):
                    self._as(self.author, self.Segment).with_context(default_rule_domain=domain).create({"name": "C"})
                result = self._as(self.author, self.Segment).load([".id", "rule_domain"], [[str(segment.id), domain]])
                self.assertIn("passes by access rights", str(result["messages"]))
                self.assertEqual(segment.rule_domain, "[('city', '=', 'Lugo')]")

    def test_any_that_got_into_the_table(self):
        """Even what somebody wrote into the database by SQL is not evaluated."""
        segment = self._segment("[('city', '=', 'Lugo')]")
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_customer_segment SET rule_domain = %s WHERE id = %s", [SMUGGLED[0], segment.id])
        self.env.invalidate_all()
        self.assertIsNone(segment._rule_query(self.company_a, self.as_of))
        self.assertTrue(segment.rule_problem)
        segment.sudo()._refresh()
        self.assertEqual(self._found(segment), self.lugo, "the members stay")

    def test_malformed(self):
        """Whatever is no condition gets a sentence that names the segment."""
        segment = self._segment("[]")
        for domain in MALFORMED:
            with self.subTest(domain=domain[:60]), self.assert_refused("Condition", "can't be used"):
                self._as(self.author, segment).write({"rule_domain": domain})

    def test_personal_data(self):
        """Who may not read personal data builds no condition on them; who may, does."""
        without = new_test_user(
            self.env, "cdb_sells", groups="sales_team.group_sale_manager", company_id=self.company_a.id
        )
        personal = self.env.ref("crm_customer_db.group_personal_data")
        self.env.ref("crm_customer_db.group_customer_marketing").implied_ids -= personal
        self.assertFalse(without.has_group("crm_customer_db.group_personal_data"))
        for domain in PERSONAL:
            with self.subTest(domain=domain):
                with self.assert_refused("may not read"):
                    self._segment(domain, without)
                self.assertTrue(self._segment(domain, self.user_personal_author()))

    def user_personal_author(self):
        self.user_marketing.group_ids += self.env.ref("crm_customer_db.group_personal_data")
        return self.user_marketing

    def test_personal_right_taken_away(self):
        """A condition on personal data finds nobody any more once its author may not read them."""
        user = self.user_personal_author()
        self.lugo.write({"customer_children": 3})
        segment = self._segment("[('customer_children', '=', 3)]", user)
        self.assertEqual(self._found(segment), self.lugo)
        personal = self.env.ref("crm_customer_db.group_personal_data")
        self.env.ref("crm_customer_db.group_customer_marketing").implied_ids -= personal
        user.group_ids -= personal
        self.env.invalidate_all()
        self.assertIsNone(segment.sudo()._rule_query(self.company_a, self.as_of))
        self.assertTrue(segment.sudo().rule_problem)

    def test_author_is_nobodys_to_choose(self):
        """Whose rights count can't be sent, by whatever way; writing the condition anew makes one its author."""
        segment = self._segment("[]")
        root = self.env.ref("base.user_root")
        for call in (
            lambda: self._as(self.author, segment).write({"rule_user_id": root.id}),
            lambda: self._segment("[]", rule_user_id=root.id),
            lambda: self._as(self.author, segment).web_save({"rule_user_id": root.id}, {"id": {}}),
        ):
            with self.assertRaises(AccessError):
                call()
        result = self._as(self.author, self.Segment).load(
            [".id", "rule_user_id/.id"], [[str(segment.id), str(root.id)]]
        )
        self.assertTrue(result["messages"])
        segment.invalidate_recordset()
        self.assertEqual(segment.sudo().rule_user_id, self.author)
        self._as(self.author, self.Segment).with_context(default_rule_user_id=root.id)
        self._as(self.user_manager, segment).write({"rule_domain": "[('city', '=', 'Vigo')]"})
        self.assertEqual(segment.sudo().rule_user_id, self.user_manager)
        self.assertEqual(self._as(self.user_marketing, segment).copy().sudo().rule_user_id, self.user_marketing)

    def test_default_author_in_the_context(self):
        """Nor by a default in the context."""
        mine = self._as(self.author, self.Segment).with_context(default_rule_user_id=self.env.ref("base.user_root").id)
        try:
            segment = mine.create({"name": "Default"})
        except AccessError:
            return
        self.assertEqual(segment.sudo().rule_user_id, self.author)

    # --------------------------------------------------------------------- whose rights

    def test_nightly_as_superuser(self):
        """The scheduled action runs as superuser and finds only whom the author may see."""
        rule = self.env["ir.rule"].create(
            {
                "name": "no Lugo",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('city', '!=', 'Lugo')]",
                "groups": [(6, 0, self.env.ref("crm_customer_db.group_customer_marketing").ids)],
            }
        )
        self.author.write({"group_ids": [(3, self.env.ref("base.group_partner_manager").id)]})
        segment = self._segment("[('city', 'in', ('Lugo', 'Vigo'))]")
        self.assertEqual(self._found(segment), self.vigo)
        rule.active = False
        self.env["crm.customer.segment"].with_user(self.env.ref("base.user_root"))._all_stale()
        with self.enter_registry_test_mode():
            self.env.ref("crm_customer_db.ir_cron_segment_refresh").method_direct_trigger()
        self.assertEqual(self._found(segment), self.lugo + self.vigo)
        rule.active = True
        segment.sudo()._refresh()
        self.assertEqual(self._found(segment), self.vigo)

    def test_facts_of_the_other_company(self):
        """A purchase of another company does not count, though the author may work there, too."""
        self._buy(self.lugo, 10, "2026-05-05", company=self.company_b)
        self._buy(self.vigo, 10, "2026-05-05")
        domain = "[('customer_purchase_ids', 'any', [('amount', '>', 0)])]"
        ours = self._segment(domain, self.user_marketing)
        theirs = self._as(self.user_marketing, self.Segment, self.company_b).create(
            {"name": "B", "rule_domain": domain, "company_id": self.company_b.id}
        )
        self.assertEqual(self._found(ours), self.vigo)
        self.assertEqual(self._found(theirs), self.lugo)
        with self.assertRaises(AccessError):
            self._segment(domain, company_id=self.company_b.id)

    def test_author_gone(self):
        """Archived, deleted, moved out of the company, or without the right: nothing is evaluated.

        The members stay as they are, a sentence says why, and who writes the condition anew
        answers for it.
        """
        for what, go in {
            "archived": lambda user: user.action_archive(),
            "other company": lambda user: user.write(
                {"company_id": self.company_b.id, "company_ids": [(6, 0, self.company_b.ids)]}
            ),
            "no marketing": lambda user: user.write(
                {"group_ids": [(6, 0, self.env.ref("crm_customer_db.group_customer_user").ids)]}
            ),
            "deleted": lambda user: user.unlink(),
        }.items():
            with self.subTest(what=what):
                user = new_test_user(
                    self.env,
                    f"cdb_{what}",
                    groups="crm_customer_db.group_customer_marketing",
                    company_id=self.company_a.id,
                )
                segment = self._segment("[('city', 'in', ('Lugo', 'Santiago'))]", user).sudo().with_env(self.env)
                self.assertEqual(self._found(segment), self.lugo)
                self.assertFalse(segment.rule_problem)
                go(user)
                self.env.flush_all()
                self.env.invalidate_all()
                newcomer = self._partner(name="New", city="Santiago", customer_mark="customer")
                self.Metrics._drain()
                segment._refresh()
                self.assertEqual(self._found(segment), self.lugo)
                self.assertTrue(segment.rule_problem)
                with self.assertRaises(UserError):
                    self._as(self.user_manager, segment).action_refresh()
                self._as(self.user_manager, segment).write({"rule_domain": segment.rule_domain})
                self.assertEqual(self._found(segment), self.lugo + newcomer)
                newcomer.customer_mark = "excluded"

    # -------------------------------------------------------------------------- days

    def test_days_that_move(self):
        """“today -60d” is counted from the day that is asked about, also inside of ``any``."""
        as_of = date(2026, 6, 30)
        last, before = as_of - timedelta(days=60), as_of - timedelta(days=61)
        self._buy(self.lugo, 10, last)
        self._buy(self.vigo, 10, before)
        for domain, expected in {
            "[('customer_purchase_ids', 'any', [('day', '>=', 'today -60d')])]": self.lugo,
            "[('customer_purchase_ids', 'not any', [('day', '>=', '-60d')])]": self.vigo,
            "[('customer_purchase_ids', 'any', [('day', '=', 'today -2m -1d')])]": self.vigo.browse(),
        }.items():
            segment = self._segment(domain)
            within = Domain("id", "in", (self.lugo + self.vigo).ids)
            found = segment._rule_query(self.company_a, as_of, within)
            self.assertEqual(self.lugo.browse(found).sorted("id"), expected, domain)
            found = segment._rule_query(self.company_a, as_of + timedelta(days=1), within)
            self.assertNotIn(self.lugo, self.lugo.browse(found) if "'any', [('day', '>='" in domain else [])

    def test_names_that_look_like_days(self):
        """A text search for “-1d” is one for these words."""
        partner = self._partner(name="Pack -1d", customer_mark="customer", ref="-1d")
        segment = self._segment("[('name', 'ilike', '-1d')]")
        self.assertEqual(self._found(segment), partner)
        with self.assertRaises(ValidationError):
            self._segment("[('customer_address_date', '>', 'today -99999999999999999999d')]")
