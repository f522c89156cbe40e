# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Campaigns with what was sent, what came back, what it cost and what it brought."""

from odoo import Command
from odoo.tests import Form

from .common import CampaignCommon

MEASURES = (
    *("sent:sum", "reached_id:count_distinct", "responses:sum", "response_rate:avg", "buyer_id:count_distinct"),
    *("ordered:sum", "invoiced:sum", "refunded:sum", "margin:sum", "cost:sum", "margin_after_cost:sum"),
    *("roi:avg", "cost_per_response:avg", "cost_per_buyer:avg"),
)


class TestCampaignResult(CampaignCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.others = [cls._partner(name=f"Otro {number}") for number in range(3)]
        cls._send(cls.spring, "2024-03-01 10:00:00", cost=2)
        for partner in cls.others:
            cls._send(cls.spring, "2024-03-01 10:00:00", partner=partner, medium="letter", cost=3)
        cls._send(cls.spring, "2024-03-01 10:00:00", partner=cls._partner(name="Fuera"), is_control=True, cost=9)
        cls._send(cls.summer, "2024-06-01 10:00:00")
        cls._respond(cls.spring, "2024-03-02 10:00:00")
        cls._respond(cls.spring, "2024-03-03 10:00:00", kind="coupon")
        cls._respond(cls.spring, "2024-03-03 10:00:00", partner=cls.others[0], kind="unsubscribe")
        cls.env["crm.customer.campaign.cost"].create(
            [
                {"campaign_id": cls.spring.id, "kind": "agency", "amount": 19, "day": "2024-02-01"},
                {"campaign_id": cls.spring.id, "kind": "per_contact", "amount": 2.5, "day": "2024-03-01"},
            ]
        )
        cls.bought = cls._buy("2024-03-10 10:00:00", 200.0, margin=90, order_ref="S1")
        cls.back = cls._buy("2024-03-20 10:00:00", -50.0, margin=-20, order_ref="S1")
        cls.second = cls._buy("2024-04-10 10:00:00", 100.0, partner=cls.others[0], margin=30)
        cls.none = cls._buy("2024-01-10 10:00:00", 77.0, margin=10)
        cls.late = cls._buy("2024-06-10 10:00:00", 40.0, margin=15)
        cls.env["crm.customer.attribution"]._attribute_customers([cls.customer.id, *(each.id for each in cls.others)])

    def _groups(self, by, domain=(), user=None):
        model = self._as(user or self.user_marketing, self.Result)
        rows = model._read_group(list(domain), by, MEASURES)
        size = len(by)
        return {row[:size]: dict(zip((m.partition(":")[0] for m in MEASURES), row[size:], strict=True)) for row in rows}

    def test_figures_by_campaign(self):
        """One row per campaign, and one for no campaign, with every figure worked out by hand."""
        rows = self._groups(["campaign_id"])
        spring = rows[self._as(self.user_marketing, self.spring),]
        self.assertEqual(
            spring,
            {
                "sent": 4,
                "reached_id": 4,
                "responses": 2,
                "response_rate": 25.0,
                "buyer_id": 2,
                "ordered": 250,
                "invoiced": 250,
                "refunded": 50,
                "margin": 100,
                "cost": 40,
                "margin_after_cost": 60,
                "roi": 150.0,
                "cost_per_response": 20.0,
                "cost_per_buyer": 20.0,
            },
        )
        none = rows[self.env["utm.campaign"].with_user(self.user_marketing),]
        self.assertEqual((none["ordered"], none["sent"], none["cost"]), (77, 0, 0))
        self.assertEqual(sum(row["ordered"] for row in rows.values()), 367)
        self.assertEqual(sum(row["invoiced"] for row in rows.values()), 367)

    def test_no_cost_no_roi(self):
        """Without cost the return is unknown, never infinite; neither is a cost per response or buyer 0."""
        row = self._groups(["campaign_id"])[self._as(self.user_marketing, self.summer),]
        self.assertEqual((row["buyer_id"], row["margin"], row["cost"]), (1, 15, 0))
        for name in ("roi", "cost_per_response", "cost_per_buyer"):
            self.assertFalse(row[name])
        grouped = self._as(self.user_marketing, self.Result).formatted_read_group(
            [("campaign_id", "=", self.summer.id)], ["campaign_id"], ["roi:avg", "response_rate:avg"]
        )
        self.assertIs(grouped[0]["roi:avg"] or False, False)
        self.assertEqual(grouped[0]["response_rate:avg"], 0.0)

    def test_rates_are_ratios_of_sums(self):
        """The rate of all is that of all sums, not a mean of the groups'."""
        [total] = self._groups([], [("campaign_id", "!=", False)]).values()
        self.assertEqual(total["reached_id"], 4, "a customer who got two campaigns is one")
        self.assertEqual(total["response_rate"], 25.0)
        self.assertEqual(total["roi"], 100 * (115 - 40) / 40)
        self.assertEqual(total["cost_per_buyer"], 20.0)

    def test_by_medium_and_month(self):
        """By medium stands what was sent by it and what its touches are credited with; by month what fell in it."""
        by_medium = {medium: row for (medium,), row in self._groups(["medium"]).items()}
        self.assertEqual((by_medium["letter"]["sent"], by_medium["letter"]["ordered"]), (3, 100))
        self.assertEqual(by_medium["letter"]["cost"], 9)
        spring = [("campaign_id", "=", self.spring.id)]
        months = {str(month): row for (month,), row in self._groups(["day:month"], spring).items()}
        self.assertEqual(
            {month: (row["sent"], row["ordered"], row["cost"]) for month, row in months.items()},
            {"2024-02-01": (0, 0, 19), "2024-03-01": (4, 150, 21), "2024-04-01": (0, 100, 0)},
        )

    def test_campaign_shows_the_same(self):
        """The figures on the campaign are those of the report, and open its rows."""
        campaign = self._as(self.user_marketing, self.spring)
        self.assertEqual(campaign.result_ordered, 250)
        self.assertEqual(campaign.result_roi, 150)
        self.assertTrue(campaign.result_roi_known)
        self.assertFalse(self._as(self.user_marketing, self.summer).result_roi_known)
        self.assertEqual(campaign.result_model, "Last touch, 90 days")
        for method, measure, figure in (
            ("action_customer_open_sent", "sent:sum", campaign.result_sent),
            ("action_customer_open_responses", "responses:sum", campaign.result_responses),
            ("action_customer_open_purchases", "ordered:sum", campaign.result_ordered),
            ("action_customer_open_costs", "cost:sum", campaign.result_cost),
        ):
            action = getattr(campaign, method)()
            [(total,)] = self._as(self.user_marketing, self.Result)._read_group(action["domain"], [], [measure])
            with self.subTest(method=method):
                self.assertEqual(total, figure)

    def test_rows_open_what_they_are_made_of(self):
        """Each row opens its own record: what was sent, the response, the purchase, the cost."""
        rows = self._as(self.user_marketing, self.Result).search([("campaign_id", "=", self.spring.id)])
        opened = {}
        for row in rows:
            action = row.action_open_row()
            opened.setdefault(action["res_model"], set()).add(action["res_id"])
        expected = {
            "crm.customer.marketing.action": 4,
            "crm.customer.marketing.reaction": 3,
            "crm.customer.campaign.cost": 2,
        }
        self.assertEqual({name: len(opened[name]) for name in expected}, expected)
        self.assertEqual(opened["crm.customer.purchase"], set((self.bought + self.back + self.second).ids))

    def test_model_stands_with_the_figures(self):
        """Every attributed figure says by which model; where companies differ it says so."""
        label = self._as(self.user_marketing, self.Result).fields_get(["ordered", "sent"], ["string"])
        self.assertEqual(label["ordered"]["string"], "Ordered (excl. VAT), last touch")
        self.assertEqual(label["sent"]["string"], "Pieces sent")
        self._model("linear", company=self.company_b)
        both = self._as(self.user_marketing, self.Result, self.company_a, self.company_b)
        self.assertIn("each company's model", both.fields_get(["roi"], ["string"])["roi"]["string"])

    def test_form(self):
        """Marketing enters a campaign with its costs in the form."""
        with Form(self._as(self.user_marketing, self.env["utm.campaign"])) as form:
            form.title = "Otoño"
            form.code = "OT"
            form.budget = 500
            with form.cost_ids.new() as cost:
                cost.kind = "media"
                cost.amount = 120
        campaign = form.record
        self.assertEqual(campaign.result_cost, 120)
        self.assertEqual(campaign.cost_ids.company_id, self.company_a)
        campaign.cost_ids = [Command.clear()]
        self.assertEqual(campaign.result_cost, 0)
