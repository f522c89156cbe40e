# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Side by side: who stays, what stays, what is refused."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .merge_common import MergeCommon


class TestMergeWizard(MergeCommon):
    def _compare(self, *contacts, user=None):
        contacts = self._as(user or self.user_manager, self.env["res.partner"].union(*contacts))
        contacts = contacts.with_context(allowed_company_ids=(self.company_a + self.company_b).ids)
        action = contacts.action_customer_merge()
        return contacts.env[action["res_model"]].browse(action["res_id"])

    def _line(self, merge, name):
        return merge.line_ids.filtered(lambda line: line.name == name)

    def _portal(self, partner):
        return self.env["res.users"].create(
            {
                "name": partner.name,
                "login": f"cdb_portal_{partner.id}",
                "partner_id": partner.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    def test_who_stays(self):
        """Proposed is who has a login, then who has more entries, then who was there before."""
        one, two, three = self._partner(name="A"), self._full(2), self._partner(name="C")
        self.assertEqual(self._compare(one, three).keep_id, one)
        self.assertEqual(self._compare(one, two, three).keep_id, two)
        self._portal(three)
        self.assertEqual(self._compare(one, two, three).keep_id, three)

    def test_what_stays(self):
        """A line for each field that differs; the address is one; what is chosen is there afterwards."""
        one = self._full(1, vat="ESB1", customer_priority="b", gender="female")
        two = self._full(2, ref="R2", customer_priority="c", website="http://two.es", vat="b-1")
        merge = self._compare(one, two)
        keep = merge.keep_id
        names = merge.line_ids.mapped("name")
        self.assertEqual(len(names), len(set(names)))
        self.assertLessEqual(
            {"name", "street", "email", "phone", "ref", "vat", "website", "customer_priority"}, set(names)
        )
        self.assertFalse({"id", "city", "zip", "company_id", "customer_origin_id", "category_id"}.intersection(names))
        self.assertIn("Zaragoza", self._line(merge, "street").value_1)
        self.assertNotIn("VAT", merge.warnings)
        # what the other one alone has is proposed
        self.assertEqual(self._line(merge, "ref").choice, "1" if keep == two else "2")
        place = {merge.first_id: "1", merge.second_id: "2"}
        other = (one + two) - keep
        for name in ("name", "street", "customer_priority"):
            self._line(merge, name).choice = place[other]
        # he wants the website to be empty
        self._line(merge, "website").choice = place[one]
        expected = {name: other[name] for name in ("name", "street", "city", "customer_priority")}
        merge.action_merge()
        kept = keep.sudo()
        self.assertFalse(other.exists())
        self.assertEqual({name: kept[name] for name in expected}, expected)
        self.assertEqual((kept.ref, kept.website), ("R2", False))
        self.assertEqual(len(kept.category_id), 2)

    def test_another_stays(self):
        """Choosing who stays chooses what he says, where he says anything."""
        one, two = self._full(1, ref="R1"), self._full(2)
        form = Form(self._compare(one, two))
        form.keep_id = two
        merge = form.save()
        place = {merge.first_id: "1", merge.second_id: "2"}
        self.assertEqual(self._line(merge, "name").choice, place[two])
        self.assertEqual(self._line(merge, "ref").choice, place[one])
        merge.action_merge()
        self.assertEqual((two.name, two.ref, one.exists().ids), ("Ficha 2", "R1", []))

    def test_nothing_is_lost(self):
        """Three at once, with entries of two companies on all sides: all of it is of the one that stays."""
        contacts = self.env["res.partner"].union(*(self._full(number) for number in (1, 2, 3)))
        origins = self.env["crm.customer.origin"].create(
            [{"code": f"D{number}", "name": f"Origin {number}"} for number in range(2)]
        )
        contacts[1].customer_origin_id, contacts[2].customer_origin_id = origins
        wanted = {
            model._name: model.search_count([("partner_id", "in", contacts.ids)])
            for model in [*self.Facts._fact_models(), self.env["crm.customer.consent"]]
        }
        streets = set(contacts.customer_address_ids.mapped("street"))
        merge = self._compare(*contacts)
        merge.keep_id = contacts[2]
        self.assertIn("Purchase", merge.moves)
        self.assertIn("refused", merge.warnings)
        merge.action_merge()
        kept = contacts[2]
        found = {name: self.env[name].search_count([("partner_id", "=", kept.id)]) for name in wanted}
        added = self.env["crm.customer.consent"].search_count([("partner_id", "=", kept.id), ("source", "=", "merge")])
        found["crm.customer.consent"] -= added
        self.assertEqual(found, wanted)
        self.assertEqual(
            set(self.env["crm.customer.purchase"].search([("partner_id", "=", kept.id)]).company_id),
            set(self.company_a + self.company_b),
        )
        self.assertEqual(set(kept.customer_address_ids.mapped("street")), streets)
        self.assertEqual(len(kept.customer_address_ids.filtered(lambda row: not row.valid_to)), 1)
        self.assertEqual(kept.customer_origin_id, origins[0])
        self.assertTrue(kept.customer_no_post)

    def test_two_companies(self):
        """Contacts of two companies become one that is shared; who works in one of them may not."""
        one = self._partner(name="A", company_id=self.company_a.id)
        two = self._partner(name="B", company_id=self.company_b.id)
        for partner in (one, two):
            self.env["crm.customer.purchase"].create(
                {"partner_id": partner.id, "company_id": partner.company_id.id, "amount": 5}
            )
        with self.assertRaises(AccessError):
            self._as(self.user_manager, one + two).action_customer_merge()
        merge = self._compare(one, two)
        self.assertIn("shared", merge.warnings)
        self.assertFalse(self._line(merge, "company_id"))
        merge.action_merge()
        log = self.Log.search([], limit=1)
        self.assertEqual(log.company_ids, self.company_a + self.company_b)
        self.assertFalse((one + two).exists().company_id)
        with self.assertRaises(AccessError):
            self._as(self.user_manager, log).action_undo()
        self._as(self.user_manager, log, self.company_a, self.company_b).action_undo()
        self.assertEqual((one.company_id, two.company_id), (self.company_a, self.company_b))

    def test_login(self):
        """A login keeps its e-mail address, whoever stays and whatever is sent."""
        victim, other = self._partner(name="V", email="v@x.es"), self._partner(name="X", email="evil@x.es")
        user = self._portal(victim)
        merge = self._compare(victim, other)
        line = self._line(merge, "email")
        self.assertTrue(line.is_fixed)
        self.assertIn("login", merge.warnings)
        line.choice = "2" if line.choice == "1" else "1"
        with self.assertRaises(UserError):
            merge.action_merge()
        line.unlink()
        merge.keep_id = other
        merge.action_merge()
        self.assertEqual((user.partner_id, user.email), (other, "v@x.es"))

    def test_login_without_address(self):
        """A login without an address gets none from the other contact."""
        victim, other = self._partner(name="V"), self._partner(name="X", email="evil@x.es")
        user = self._portal(victim)
        victim.email = False
        for keep in (victim, other):
            with self.subTest(keep=keep.name), self.env.cr.savepoint() as savepoint:
                merge = self._compare(victim, other)
                merge.line_ids.filtered(lambda line: line.name == "email").unlink()
                merge.keep_id = keep
                merge.action_merge()
                self.assertFalse(user.email)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_refused(self):
        """Our own people, two logins, a contact and its company, too many, and rubbish: with a sentence."""
        one, two = self._partner(name="A"), self._partner(name="B")
        colleague = self._compare(one, self.user_sales_all.partner_id)
        self.assertIn("our own people", colleague.obstacle)
        child = self._person(name="C", parent_id=one.id)
        family = self._compare(one, child)
        self.assertTrue(family.obstacle)
        self._portal(one)
        self._portal(two)
        logins = self._compare(one, two)
        self.assertIn("login", logins.obstacle)
        for merge in (colleague, family, logins):
            with self.assertRaises(UserError):
                merge.action_merge()
        with self.assertRaises(UserError):
            self._compare(one)
        with self.assertRaises(UserError):
            self._compare(*(self._partner(name=f"P{number}") for number in range(4)))
        merge = self._compare(self._partner(name="E"), self._partner(name="F"))
        stranger = self._partner(name="G")
        merge.sudo().keep_id = stranger
        with self.assertRaises(UserError):
            merge.action_merge()

    def test_sent_fields(self):
        """Only fields of the form are written, whatever lines are sent; nor a third of two."""
        one, two = self._partner(name="A"), self._partner(name="B", active=False)
        for name, choice in (("active", "2"), ("id", "1"), ("user_ids", "1"), ("name", "3")):
            values = {"name": name, "choice": choice}
            merge = self._compare(one, two)
            merge.env["crm.customer.merge.line"].create({"merge_id": merge.id, **values})
            with self.subTest(**values), self.assertRaises(UserError):
                merge.action_merge()
        self.assertTrue((one + two).exists())

    def test_failure_leaves_nothing(self):
        """What can't be written afterwards is refused with everything."""
        one, two = self._full(1), self._full(2)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._merge(one, two, values={"parent_id": self._person(name="Child", parent_id=one.id).id})
        self.assertTrue(two.exists())
        self.assertFalse(self.Log.search([("kept_id", "=", one.id)]))
