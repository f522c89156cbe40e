# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When purchases are attributed anew."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools import SQL

from .common import CampaignCommon


class TestAttributionRefresh(CampaignCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Metrics = cls.env["crm.customer.metrics"]
        cls.cron = cls.env.ref("crm_customer_db_campaign.ir_cron_attribution")

    def _left(self):
        return self.env["crm.customer.attribution.state"].search([("company_id", "=", self.company_a.id)]).next_month

    def _run(self):
        """The scheduled action as Odoo runs it."""
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()

    def test_what_was_written_counts(self):
        """Whatever is written about a customer is right after his figures are: purchases, touches, corrections."""
        purchase = self._buy("2024-03-10 10:00:00")
        self.Metrics._drain()
        self.assertEqual(self._credit(purchase), {None: 1.0})
        action = self._send(self.spring, "2024-03-01 10:00:00")
        self.Metrics._drain()
        self.assertEqual(self._credit(purchase), {"Primavera": 1.0})
        self._respond(self.summer, "2024-03-02 10:00:00")
        self.Metrics._drain()
        self.assertEqual(self._credit(purchase), {"Verano": 1.0})
        self.env["crm.customer.marketing.reaction"].search([]).unlink()
        action.state = "failed"
        self.Metrics._drain()
        self.assertEqual(self._credit(purchase), {None: 1.0})
        purchase.amount = 70.0
        self.Metrics._drain()
        self.assertEqual(self.Attribution.search([]).amount, 70.0)

    def test_merged_contacts(self):
        """Merging takes no row away, and what one was sent is credited with what the other bought."""
        twin = self._partner(name="Gemelo")
        purchase = self._buy("2024-03-10 10:00:00", partner=twin)
        self._send(self.spring, "2024-03-01 10:00:00")
        self.Metrics._drain()
        self.assertEqual(self._credit(purchase), {None: 1.0})
        rows = self.Attribution.search([])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin + self.customer).ids, self.customer)
        self.assertEqual(rows.exists().commercial_partner_id, self.customer)
        self.Metrics._drain()
        self.assertEqual(self._credit(purchase), {"Primavera": 1.0})

    def test_night(self):
        """The scheduled action brings in what was written past everything, month by month."""
        self._send(self.spring, "2024-03-01 10:00:00")
        purchases = [self._buy(f"2024-{month:02}-10 10:00:00") for month in (1, 3, 12)]
        self.Metrics._drain()
        self.env.cr.execute(SQL("DELETE FROM crm_customer_attribution"))
        self.Attribution.invalidate_model()
        self._run()
        self.assertEqual([self._credit(each) for each in purchases], [{None: 1.0}, {"Primavera": 1.0}, {None: 1.0}])
        self.assertFalse(self._left())

    def test_goes_on_where_it_was(self):
        """A run that was interrupted goes on with the month it had come to."""
        purchases = [self._buy(f"2024-{month:02}-10 10:00:00") for month in (1, 3, 12)]
        states = self.env["crm.customer.attribution.state"]
        states._begin(self.company_a)
        state = states.search([("company_id", "=", self.company_a.id)])
        state._step()
        self.assertEqual(str(state.next_month), "2024-03-01")
        self.assertEqual([bool(self._credit(each)) for each in purchases], [True, False, False])
        stopped = patch.object(type(self.Attribution), "_attribute_period", side_effect=UserError("stopped"))
        with stopped, self.assertRaises(UserError), self.env.cr.savepoint():
            state._step()
        self.assertEqual(str(self._left()), "2024-03-01")
        self._run()
        self.assertEqual([bool(self._credit(each)) for each in purchases], [True, True, True])
        self.assertFalse(self._left())

    def test_another_model(self):
        """A new model or window has everything attributed anew; writing the same again has not."""
        self._send(self.spring, "2024-03-01 10:00:00")
        self._send(self.summer, "2024-03-02 10:00:00")
        purchase = self._buy("2024-03-10 10:00:00")
        self.Metrics._drain()
        self.assertFalse(self._left())
        self.company_a.write({"customer_attribution": "last", "customer_attribution_days": 90})
        self.assertFalse(self._left())
        self.company_a.customer_attribution = "first"
        self.assertEqual(str(self._left()), "2024-03-01")
        self._run()
        self.assertEqual(self._credit(purchase), {"Primavera": 1.0})

    def test_company_without_purchases(self):
        """A company that never sold anything has nothing to attribute."""
        self._run()
        self.company_a.customer_attribution = "linear"
        self.assertFalse(self._left())
