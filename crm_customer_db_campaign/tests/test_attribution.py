# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which campaign is credited with a purchase."""

from odoo.exceptions import AccessError

from .common import CampaignCommon


class TestAttribution(CampaignCommon):
    def test_models(self):
        """Last touch, first touch, and equal shares of all touches, each under its name."""
        self._send(self.spring, "2024-03-01 10:00:00")
        self._send(self.summer, "2024-04-01 10:00:00")
        self._send(self.summer, "2024-04-02 10:00:00", medium="letter")
        purchase = self._buy("2024-04-10 10:00:00")
        for model, expected in (
            ("last", {"Verano": 1.0}),
            ("first", {"Primavera": 1.0}),
        ):
            with self.subTest(model=model):
                self._model(model)
                self._attribute()
                self.assertEqual(self._credit(purchase), expected)
        self._model("linear")
        self._attribute()
        rows = self.Attribution.search([("purchase_id", "=", purchase.id)])
        shares = {(row.campaign_id, row.medium): row.weight for row in rows}
        self.assertEqual(
            shares,
            {(self.spring, "email"): 0.333334, (self.summer, "email"): 0.333333, (self.summer, "letter"): 0.333333},
        )
        self.assertEqual(set(rows.mapped("model")), {"linear"})
        self.assertEqual(set(rows.mapped("reason")), {"touch"})

    def test_campaign_on_the_purchase_wins(self):
        """Whatever touched the customer, a campaign on the order is credited with all of it."""
        self._send(self.summer, "2024-04-01 10:00:00")
        purchase = self._buy("2024-04-10 10:00:00", campaign_id=self.spring.id)
        for model in ("last", "first", "linear"):
            with self.subTest(model=model):
                self._model(model)
                self._attribute()
                self.assertEqual(self._credit(purchase), {"Primavera": 1.0})
                self.assertEqual(self.Attribution.search([("purchase_id", "=", purchase.id)]).reason, "purchase")

    def test_window(self):
        """A touch counts on the last second of the window and not a second earlier, nor after the purchase."""
        self._send(self.spring, "2024-03-01 10:00:00")
        inside = self._buy("2024-03-11 10:00:00")
        outside = self._buy("2024-03-11 10:00:01")
        before = self._buy("2024-03-01 09:59:59")
        same = self._buy("2024-03-01 10:00:00")
        for model in ("last", "first", "linear"):
            with self.subTest(model=model):
                self._model(model, 10)
                self._attribute()
                self.assertEqual(self._credit(inside), {"Primavera": 1.0})
                self.assertEqual(self._credit(same), {"Primavera": 1.0})
                self.assertEqual(self._credit(outside), {None: 1.0})
                self.assertEqual(self._credit(before), {None: 1.0})

    def test_what_is_no_touch(self):
        """Nothing withheld, planned, failed or cancelled is credited, and no bounce or refusal."""
        self._send(self.spring, "2024-03-01 10:00:00", is_control=True)
        for state in ("planned", "failed", "cancelled"):
            self._send(self.spring, "2024-03-01 10:00:00", state=state)
        for kind in ("bounce", "unsubscribe", "complaint"):
            self._respond(self.spring, "2024-03-02 10:00:00", kind=kind)
        purchase = self._buy("2024-03-10 10:00:00")
        for model in ("last", "first", "linear"):
            with self.subTest(model=model):
                self._model(model)
                self._attribute()
                self.assertEqual(self._credit(purchase), {None: 1.0})
        self._respond(self.summer, "2024-03-03 10:00:00", kind="coupon")
        self._attribute()
        self.assertEqual(self._credit(purchase), {"Verano": 1.0})

    def test_touches_are_of_the_same_customer_and_company(self):
        """A contact's touch is his company's; another customer's or another company's is not."""
        contact = self._person(parent_id=self.customer.id)
        purchase = self._buy("2024-03-10 10:00:00")
        self._send(self.spring, "2024-03-01 10:00:00", partner=self._partner(name="Otro"))
        self._send(self.spring, "2024-03-01 10:00:00", company_id=self.company_b.id)
        self._attribute()
        self.assertEqual(self._credit(purchase), {None: 1.0})
        self._send(self.summer, "2024-03-01 10:00:00", partner=contact)
        self._attribute()
        self.assertEqual(self._credit(purchase), {"Verano": 1.0})

    def test_what_is_taken_back(self):
        """A return goes where its order went; without an order's number, by its own date."""
        self._send(self.spring, "2024-03-01 10:00:00")
        self._buy("2024-03-10 10:00:00", order_ref="S1")
        stated = self._buy("2024-03-10 10:00:00", order_ref="S2", campaign_id=self.summer.id)
        self._send(self.summer, "2024-04-01 10:00:00")
        back, back_stated, other = (
            self._buy("2024-04-10 10:00:00", -40.0, order_ref=ref) for ref in ("S1", stated.order_ref, "S9")
        )
        self._attribute()
        self.assertEqual(self._credit(back), {"Primavera": 1.0})
        self.assertEqual(self._credit(back_stated), {"Verano": 1.0})
        self.assertEqual(self._credit(other), {"Verano": 1.0})

    def test_two_companies_with_their_models(self):
        """One call attributes the purchases of companies with different models."""
        self._model("first")
        self._model("last", company=self.company_b)
        purchases = []
        for company in (self.company_a, self.company_b):
            self._send(self.spring, "2024-03-01 10:00:00", company_id=company.id)
            self._send(self.summer, "2024-03-02 10:00:00", company_id=company.id)
            purchases.append(self._buy("2024-03-10 10:00:00", company_id=company.id))
        self._attribute()
        env = self.env(context=dict(self.env.context, allowed_company_ids=(self.company_a + self.company_b).ids))
        self.Attribution = env["crm.customer.attribution"]
        self.assertEqual([self._credit(each) for each in purchases], [{"Primavera": 1.0}, {"Verano": 1.0}])

    def test_again_changes_nothing(self):
        """Attributing a second time writes nothing, and keeps the rows."""
        self._send(self.spring, "2024-03-01 10:00:00")
        self._send(self.summer, "2024-03-02 10:00:00")
        self._buy("2024-03-10 10:00:00", 99.99)
        self._buy("2023-03-10 10:00:00", 99.99)
        for model in ("linear", "last"):
            self._model(model)
            self.assertTrue(self._attribute())
            rows = self.Attribution.search([])
            self.assertEqual(self._attribute(), 0)
            self.assertEqual(self.Attribution.search([]), rows)

    def test_unknown_amounts_stay_unknown(self):
        """A purchase without invoice or margin says nothing of them, in each share."""
        self._send(self.spring, "2024-03-01 10:00:00")
        purchase = self._buy("2024-03-10 10:00:00")
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_customer_purchase SET amount_invoiced = NULL WHERE id = %s", [purchase.id])
        self._attribute()
        self.env.cr.execute("SELECT amount_invoiced, margin FROM crm_customer_attribution")
        self.assertEqual(self.env.cr.fetchall(), [(None, purchase.margin or None)])

    def test_deleted_purchase(self):
        """With the purchase go its rows."""
        purchase = self._buy("2024-03-10 10:00:00")
        self._attribute()
        self.assertTrue(self._credit(purchase))
        purchase.unlink()
        self.assertFalse(self.Attribution.search([]))

    def test_nobody_writes(self):
        """Not even the manager changes what the model says."""
        self._buy("2024-03-10 10:00:00")
        self._attribute()
        row = self._as(self.user_manager, self.Attribution.search([]))
        self.assertEqual(row.amount, 100.0)
        for call in (lambda: row.write({"weight": 0}), row.unlink, row.copy):
            with self.assertRaises(AccessError):
                call()

    def test_window_of_the_settings(self):
        """A window is a number of days between 1 and ten years."""
        for days in (0, -1, 4000):
            with self.assert_refused("between 1 and 3650 days"):
                self._model("last", days)
