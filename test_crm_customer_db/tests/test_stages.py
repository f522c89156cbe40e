# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo import Command
from odoo.tests import freeze_time, new_test_user

from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon

NOON = "12:00:00"


class TestStages(CustomerDbCommon):
    """The first steps of a customer, as a salesperson makes them: lead, prospect, new, active."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Metrics = cls.env["crm.customer.metrics"]
        cls.seller = new_test_user(
            cls.env,
            "cdb_stage_seller",
            groups="sales_team.group_sale_salesman",
            company_id=cls.company_a.id,
            company_ids=[Command.set((cls.company_a + cls.company_b).ids)],
        )
        cls.part = cls.env["product.product"].create({"name": "Part", "list_price": 10, "taxes_id": [Command.clear()]})
        cls.firm = cls._partner(name="Aceros Olid")
        cls.buyer = cls._person(name="Pilar", parent_id=cls.firm.id)
        cls.Metrics._rebuild(date(2026, 3, 1))

    def _stage(self, day):
        """Stage and its first day as the salesperson sees them, after the night before that day and the queue."""
        self.Metrics._move_to(day)
        self.Metrics._drain()
        row = self._as(self.seller, self.Metrics).search(
            [("commercial_partner_id", "=", self.firm.id), ("company_id", "=", self.company_a.id)]
        )
        found = (row.lifecycle, row.lifecycle_since)
        self.assertFalse(any(self.Metrics._rebuild(day, edges=False)), "a rebuild finds nothing to change")
        return found

    def _order(self, day, **vals):
        with freeze_time(f"{day} {NOON}"):
            return self._as(self.seller, self.env["sale.order"]).create(
                {
                    "partner_id": self.buyer.id,
                    "order_line": [Command.create({"product_id": self.part.id, "price_unit": 10})],
                    **vals,
                }
            )

    def test_from_lead_to_active(self):
        lead = self._as(self.seller, self.env["crm.lead"]).create(
            {"name": "Cubiertas", "type": "lead", "partner_id": self.buyer.id, "user_id": self.seller.id}
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", [f"2026-03-02 {NOON}", lead.id])
        lead.invalidate_recordset()
        self.env["crm.customer.feed.crm.lead"]._sync(lead.ids)
        first = date(2026, 3, 2)
        self.assertEqual(self._stage(date(2026, 3, 3)), ("lead", first))
        # an opportunity of some amount is no offer yet
        lead.convert_opportunity(self.buyer)
        lead.expected_revenue = 5000
        self.assertEqual(self._stage(date(2026, 3, 4)), ("lead", first))
        self.assertIn("Lead", self._as(self.seller, self.firm)._customer_slot_value()[0]["value"])
        order = self._order(date(2026, 3, 5), opportunity_id=lead.id, validity_date="2026-04-30")
        self.assertEqual(self._stage(date(2026, 3, 5)), ("prospect", date(2026, 3, 5)))
        with freeze_time(f"2026-03-06 {NOON}"):
            order.action_quotation_sent()
        self.assertEqual(self._stage(date(2026, 3, 10))[0], "prospect")
        with freeze_time(f"2026-03-12 {NOON}"):
            order.action_confirm()
            lead.action_set_won()
        self.assertEqual(self._stage(date(2026, 3, 12)), ("new", date(2026, 3, 12)))
        for day in (date(2026, 4, 11), date(2026, 5, 11)):
            again = self._order(day)
            with freeze_time(f"{day} {NOON}"):
                again.action_confirm()
        self.assertEqual(self._stage(date(2026, 5, 12)), ("active", date(2026, 5, 11)))

    def test_lost(self):
        """A lead that is lost was one: the customer stays in the file, as Odoo's own contacts with a past do."""
        lead = self._as(self.seller, self.env["crm.lead"]).create(
            {"name": "Cubiertas", "partner_id": self.buyer.id, "user_id": self.seller.id}
        )
        lead.action_set_lost()
        today = self.Metrics._today()
        self.assertEqual(self._stage(today)[0], "lead")
        lead.sudo().unlink()
        self.Metrics._drain()
        self.assertFalse(self.Metrics.search([("commercial_partner_id", "=", self.firm.id)]))
