# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What marketing says of a campaign, and what it costs."""

from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.tools import mute_logger

from .common import CampaignCommon


class TestCampaign(CampaignCommon):
    def _create(self, **vals):
        vals = {"title": "Otoño", "company_id": self.company_a.id, **vals}
        return self._as(self.user_marketing, self.env["utm.campaign"]).create(vals)

    def test_shared(self):
        """A campaign that is of no company has costs of each."""
        campaign = self._create(company_id=False, code="ALL")
        for company in (self.company_a, self.company_b):
            self.env["crm.customer.campaign.cost"].create(
                {"campaign_id": campaign.id, "amount": 1, "company_id": company.id}
            )

    def test_code(self):
        """A code is unique in its company, whatever the case; the campaign is found by it."""
        campaign = self._create(code=" OT26 ")
        self.assertEqual(campaign.code, "OT26")
        self.assertEqual(campaign.display_name, "OT26 · Otoño")
        found = self._as(self.user_employee, self.env["utm.campaign"]).name_search("ot26")
        self.assertEqual(found, [(campaign.id, "OT26 · Otoño")])
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation) as caught, self.env.cr.savepoint():
            self._create(code="ot26")
        self.assertIn("has this code", str(self.env["utm.campaign"]._sql_error_to_message(caught.exception)))
        self._create(code="OT26", company_id=self.company_b.id)
        self._create(code="")
        self._create(code="")
        self.assertFalse(campaign.copy().code)

    def test_bad_input(self):
        """What can't be is refused with a sentence."""
        for words, vals in (
            ("can't end before it starts", {"date_start": "2026-03-02", "date_end": "2026-03-01"}),
            ("A budget is between 0", {"budget": -1}),
            ("fewer than 0 responses", {"expected_responses": -1}),
            ("between 0 and 100", {"expected_response_rate": 101}),
            ("between 0 and 100", {"expected_response_rate": -1}),
            ("can't be negative", {"cost_ids": [Command.create({"kind": "per_contact", "amount": -1})]}),
            ("below 1,000,000,000,000", {"cost_ids": [Command.create({"amount": 1e13})]}),
            ("a campaign of", {"cost_ids": [Command.create({"amount": 1, "company_id": self.company_b.id})]}),
        ):
            with self.subTest(words=words), self.assert_refused(words):
                self._create(**vals)
        self._create(date_start="2026-03-01", date_end="2026-03-01")

    def test_audience(self):
        """The audience is a segment of the campaign's company, and can't be deleted from under it."""
        mine, theirs = self.env["crm.customer.segment"].create(
            [
                {"name": "Talleres", "kind": "manual", "company_id": company.id}
                for company in (self.company_a, self.company_b)
            ]
        )
        self.assertEqual(self._create(segment_id=mine.id).segment_id, mine)
        with self.assert_refused("Talleres", "another company"):
            self._create(segment_id=theirs.id)

    def test_costs(self):
        """A cost per contact is times those reached: once each, not who was left out or missed."""
        campaign = self._create(
            cost_ids=[
                Command.create({"kind": "fixed", "amount": 300}),
                Command.create({"kind": "per_contact", "amount": 1.5}),
                Command.create({"kind": "per_contact", "amount": 2, "medium": "letter"}),
            ]
        )
        self.assertEqual(sorted(campaign.cost_ids.mapped("total")), [0, 0, 300])
        contact = self._person(parent_id=self.customer.id)
        other = self._partner(name="Otro")
        self._send(campaign, "2024-03-01 10:00:00")
        self._send(campaign, "2024-03-02 10:00:00", medium="letter")
        self._send(campaign, "2024-03-01 10:00:00", partner=contact, medium="letter")
        self._send(campaign, "2024-03-01 10:00:00", partner=other, is_control=True)
        self._send(campaign, "2024-03-01 10:00:00", partner=other, state="failed")
        self._send(campaign, "2024-03-01 10:00:00", partner=other, company_id=self.company_b.id)
        self._send(self.spring, "2024-03-01 10:00:00", partner=other)
        self.env.invalidate_all()
        totals = {(cost.kind, cost.medium): (cost.contacts_reached, cost.total) for cost in campaign.cost_ids}
        self.assertEqual(
            totals,
            {("fixed", False): (2, 300), ("per_contact", False): (2, 3), ("per_contact", "letter"): (2, 4)},
        )

    def test_archive(self):
        """A campaign that is over is archived, and its figures stay."""
        self._buy("2024-03-10 10:00:00", campaign_id=self.spring.id)
        self._attribute()
        self.spring.active = False
        self.assertEqual(self.spring.result_invoiced, 100)

    def test_same_list(self):
        """Ours opens what Email Marketing's opens."""
        action = self.env.ref("crm_customer_db_campaign.utm_campaign_action")
        theirs = self.env.ref("mass_mailing.action_view_utm_campaigns", raise_if_not_found=False)
        if theirs:
            self.assertEqual((action.res_model, action.domain), (theirs.res_model, theirs.domain))
        menu = self.env.ref("crm_customer_db_campaign.menu_marketing_campaigns")
        self.assertEqual(menu.parent_id, self.env.ref("crm_customer_db.menu_marketing"))
