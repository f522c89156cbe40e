# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError

from .common import SaleFeedCommon


class TestOrigin(SaleFeedCommon):
    """Where orders came from: sources and media, and the origins they stand for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair, cls.web = cls.env["utm.source"].create([{"name": "Fair of orders"}, {"name": "Web of orders"}])
        cls.mail = cls.env["utm.medium"].create({"name": "Letter of orders"})
        cls.origin = cls.env["crm.customer.origin"].create({"code": "ORD1", "name": "Fair"})
        cls.Pair = cls.env["crm.customer.origin.pair"]

    def _pairs(self, user=None, *companies):
        self.env.flush_all()
        self.Pair.invalidate_model()
        pairs = self._as(user or self.user_manager, self.Pair, *companies)
        found = pairs.search([("source_id", "in", (self.fair + self.web).ids)]) + pairs.search(
            [("source_id", "=", False), ("medium_id", "=", self.mail.id)]
        )
        return {(pair.source_id, pair.medium_id): pair.document_count for pair in found}

    def test_mapped_later(self):
        """Orders of an unmapped source are unclassified and listed; once the source has an
        origin, orders and quotations have it, and the list is shorter."""
        order = self._order(source_id=self.fair.id, medium_id=self.mail.id)
        other = self._order(source_id=self.fair.id)
        quoted = self._order(medium_id=self.mail.id, confirm=False)
        quoted.action_quotation_sent()
        self.assertFalse(self._rows(order).origin_id)
        none = self.env["utm.source"], self.env["utm.medium"]
        self.assertEqual(
            self._pairs(),
            {(self.fair, self.mail): 1, (self.fair, none[1]): 1, (none[0], self.mail): 1},
        )
        pairs = self._as(self.user_manager, self.Pair).search([("source_id", "=", self.fair.id)])
        action = pairs.action_map()
        wizard = (
            self.env["crm.customer.origin.map"]
            .with_user(self.user_manager)
            .with_context(**action["context"])
            .create({"origin_id": self.origin.id})
        )
        self.assertEqual(wizard.by, "source")
        wizard.action_apply()
        self.assertEqual((self._rows(order) + self._rows(other)).origin_id, self.origin)
        self.assertEqual(self._pairs(), {(none[0], self.mail): 1})
        self.origin.source_ids = [Command.clear()]
        self.assertFalse(self._rows(order).origin_id)
        self.origin.medium_ids = self.mail
        self.assertEqual(self._quotation(quoted).origin_id, self.origin)
        self.origin.active = False
        self.assertFalse(self._quotation(quoted).origin_id)
        self.assert_no_drift()

    def test_many_in_the_background(self):
        """A source of many orders does not keep the manager waiting: they are brought in again."""
        orders = self._order(source_id=self.fair.id) + self._order(source_id=self.fair.id)
        self._rows(orders)
        state = self._sale_state()
        state._backfill()
        self.assertEqual(state.state, "done")
        with patch("odoo.addons.crm_customer_db.models.crm_customer_feed_origin.SLICE", 1):
            self.origin.with_user(self.user_manager).source_ids = self.fair
            self.assertFalse(self._rows(orders).origin_id)
        self.assertEqual(state.state, "waiting")
        state._backfill()
        self.assertEqual(self._rows(orders).origin_id, self.origin)

    def test_follows_the_order(self):
        """Another source or campaign on the order is another on its rows."""
        self.origin.source_ids = self.fair
        campaign = self.env["utm.campaign"].create({"title": "Autumn"})
        order = self._order(source_id=self.web.id)
        self.assertFalse(self._rows(order).origin_id)
        order.write({"source_id": self.fair.id, "campaign_id": campaign.id})
        self.assertEqual((self._rows(order).origin_id, self._rows(order).campaign_id), (self.origin, campaign))

    def test_companies(self):
        """The manager sees what is unclassified in the companies at hand."""
        self._order(source_id=self.fair.id)
        self._order(source_id=self.fair.id, company=self.company_b)
        key = (self.fair, self.env["utm.medium"])
        self.assertEqual(self._pairs(), {key: 1})
        self.assertEqual(self._pairs(None, self.company_a, self.company_b), {key: 2})

    def test_managers_only(self):
        for user in (self.user_sales_all, self.user_customer, self.user_employee):
            with self.assertRaises(AccessError):
                self.Pair.with_user(user).search([])
