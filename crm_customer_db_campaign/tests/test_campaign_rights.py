# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who reads and writes campaigns, costs and what was credited."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.crm_customer_db.tests import roles

from .common import CampaignCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
MARKETING = ("File: marketing", *roles.MANAGERS)
LEDGER = {
    "code": "X1",
    "date_start": "2026-01-01",
    "date_end": "2026-01-31",
    "budget": 10,
    "expected_responses": 5,
    "expected_response_rate": 2,
    "segment_id": False,
}


class TestCampaignRights(CampaignCommon):
    def _letters(self, user, model):
        found = [key for key, name in OPERATIONS.items() if self.env[model].with_user(user).has_access(name)]
        return "".join(found)

    def _may(self, call):
        try:
            with self.env.cr.savepoint():
                call()
        except AccessError:
            return False
        return True

    def test_roles(self):
        """Users of the file read; marketing and managers write campaigns and costs; nobody an attribution."""
        for number, (role, groups) in enumerate(roles.ROLES.items()):
            user = new_test_user(self.env, f"cdb_campaign_{number}", groups, company_id=self.company_a.id)
            reads, writes = role in roles.USERS, role in MARKETING
            expected = {
                "crm.customer.campaign.cost": "rwcu" if writes else "r" if reads else "",
                "crm.customer.attribution": "r" if reads else "",
                "crm.customer.attribution.state": "",
                "crm.customer.campaign.result": "r" if reads else "",
            }
            for model, letters in expected.items():
                with self.subTest(role=role, model=model):
                    self.assertEqual(self._letters(user, model), letters)
            if role == roles.PORTAL:
                continue
            mine = self._as(user, self.spring)
            for name, value in LEDGER.items():
                with self.subTest(role=role, field=name):
                    self.assertEqual(self._may(lambda mine=mine, vals={name: value}: mine.write(vals)), writes)
            cost = [Command.create({"amount": 5})]
            self.assertEqual(self._may(lambda mine=mine, cost=cost: mine.write({"cost_ids": cost})), writes)
            for name in ("budget", "cost_ids", "result_ordered", "result_roi"):
                self.assertEqual(self._may(lambda mine=mine, name=name: mine.read([name])), reads, (role, name))
            # as everybody always could
            mine.write({"title": "Primavera"})
            self.assertTrue(mine.create({"title": role}))
            self.assertTrue(mine.read(["code", "display_name", "date_start"]))

    def test_methods(self):
        """A stranger to the file opens nothing."""
        self._buy("2024-03-10 10:00:00")
        self._attribute()
        rows = self.Result.search([])
        self.assertTrue(rows)
        stranger = self.user_employee
        self.assertFalse(self._may(self._as(stranger, rows[:1]).action_open_row))
        self.assertFalse(self._may(self._as(stranger, self.Attribution.search([])).action_open_customer))

    def test_own_customers(self):
        """Who sells sees what his own and unassigned customers bought, and no cost of whole campaigns."""
        theirs = self._partner(name="Ajeno", user_id=self.user_sales_all.id)
        mine = self._partner(name="Propio", user_id=self.user_sales_own.id)
        for partner in (theirs, mine):
            self._send(self.spring, "2024-03-01 10:00:00", partner=partner)
            self._buy("2024-03-10 10:00:00", partner=partner)
        self.env["crm.customer.campaign.cost"].create({"campaign_id": self.spring.id, "amount": 10})
        self._attribute(theirs + mine)
        domain = [("campaign_id", "=", self.spring.id)]
        for user, customers, kinds in (
            (self.user_sales_own, mine, {"sent", "purchase"}),
            (self.user_marketing, mine + theirs, {"sent", "purchase", "cost"}),
        ):
            rows = self._as(user, self.Result).search(domain)
            self.assertEqual(set(rows.mapped("kind")), kinds)
            self.assertEqual(rows.commercial_partner_id.sudo(), customers)
            credited = self._as(user, self.Attribution).search(domain)
            self.assertEqual(credited.commercial_partner_id.sudo(), customers)

    def test_companies(self):
        """Figures and costs of another company are not seen; the campaign is one list for all."""
        self._send(self.spring, "2024-03-01 10:00:00")
        self._send(self.spring, "2024-03-01 10:00:00", company_id=self.company_b.id, cost=7)
        self._buy("2024-03-10 10:00:00", 30.0, company_id=self.company_b.id)
        self.spring.company_id = False
        self.env["crm.customer.campaign.cost"].create(
            {"campaign_id": self.spring.id, "amount": 10, "company_id": self.company_b.id}
        )
        self._attribute()
        here = self._as(self.user_marketing, self.spring)
        there = self._as(self.user_marketing, self.spring, self.company_b)
        self.assertEqual((here.result_sent, here.result_ordered, here.result_cost), (1, 0, 0))
        self.env.invalidate_all()
        self.assertFalse(here.cost_ids)
        self.env.invalidate_all()
        self.assertEqual((there.result_sent, there.result_ordered, there.result_cost), (1, 30, 17))
        self.assertEqual(there.cost_ids.amount, 10)
