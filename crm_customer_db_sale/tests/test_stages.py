# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, timedelta

from odoo.tests import freeze_time

from .. import post_init_hook
from .common import SaleFeedCommon

NOON = "12:00:00"


class TestStages(SaleFeedCommon):
    """Whoever was made an offer is a prospect, from the day of the offer on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Metrics = cls.env["crm.customer.metrics"]

    def _stage(self, day, company=None):
        """(stage, since when) of the customer once the queue is empty; a rebuild says the same."""
        self.Metrics._move_to(day)
        self.Metrics._drain()
        self.assertFalse(any(self.Metrics._rebuild(day, edges=False)), "a rebuild finds nothing to change")
        row = self.Metrics.search(
            [
                ("commercial_partner_id", "=", self.customer.id),
                ("company_id", "=", (company or self.company_a).id),
            ]
        )
        return (row.lifecycle, row.lifecycle_since) if row else None

    def _quote(self, day, **vals):
        with freeze_time(f"{day} {NOON}"):
            return self._order(confirm=False, **vals)

    def test_from_before(self):
        """Quotations from before the addon count as soon as it is installed."""
        start = date(2026, 3, 2)
        self.Metrics._move_to(start)
        self.Metrics._drain()
        self._quote(start)
        self.env.cr.execute("DELETE FROM crm_customer_metrics_queue")
        post_init_hook(self.env)
        self.assertEqual(self._stage(start), ("prospect", start))

    def test_being_written(self):
        """A quotation that was not sent yet makes a prospect, of its company only, until it is cancelled."""
        start = date(2026, 3, 2)
        self.assertIsNone(self._stage(start))
        order = self._quote(start)
        self.assertEqual(self._stage(start), ("prospect", start))
        self.assertIsNone(self._stage(start, self.company_b))
        order._action_cancel()
        self.assertIsNone(self._stage(start))
        order.action_draft()
        self.assertEqual(self._stage(start), ("prospect", start))
        order.sudo().unlink()
        self.assertIsNone(self._stage(start))

    def test_expired_unsent(self):
        """It brings nobody into the file once it has expired; but who is in it anyhow does not go back a stage."""
        start = date(2026, 3, 2)
        order = self._quote(start, validity_date="2026-03-10")
        self.assertEqual(self._stage(date(2026, 3, 10)), ("prospect", start))
        self.assertIsNone(self._stage(date(2026, 3, 11)))
        order.validity_date = "2026-04-10"
        self.assertEqual(self._stage(date(2026, 3, 11)), ("prospect", start))
        self.env["crm.customer.interaction"].create(
            {"partner_id": self.buyer.id, "company_id": self.company_a.id, "date": f"2026-03-01 {NOON}"}
        )
        self.assertEqual(self._stage(date(2026, 3, 12)), ("prospect", start))
        self.assertEqual(self._stage(date(2026, 4, 12)), ("prospect", start))

    def test_dated_ahead(self):
        """A quotation of tomorrow makes nobody a prospect today."""
        self._quote(date(2026, 3, 2), date_order="2026-03-05 08:00:00")
        self.assertIsNone(self._stage(date(2026, 3, 4)))
        self.assertEqual(self._stage(date(2026, 3, 5)), ("prospect", date(2026, 3, 5)))

    def test_day_of_the_company(self):
        """An offer of 23:30 UTC is of the next day in Madrid."""
        self._quote(date(2026, 3, 2), date_order="2026-03-02 23:30:00")
        self.assertEqual(self._stage(date(2026, 3, 3)), ("prospect", date(2026, 3, 3)))

    def test_sent_and_refused(self):
        """An offer that was made stays one: neither expiry nor refusal makes a stranger of a prospect."""
        order = self._quote(date(2026, 3, 2), validity_date="2026-03-10")
        with freeze_time(f"2026-03-03 {NOON}"):
            order.action_quotation_sent()
        # known since it was sent: the draft of the day before was nothing the customer knew of
        self.assertEqual(self._stage(date(2026, 3, 4))[0], "prospect")
        self.assertEqual(self._stage(date(2026, 3, 12))[0], "prospect")
        order._action_cancel()
        self.assertEqual(self._stage(date(2026, 3, 12)), ("prospect", date(2026, 3, 3)))

    def test_to_another_customer(self):
        """The offer goes with its order, by merging contacts as well."""
        other = self._partner(name="Otro taller")
        order = self._quote(date(2026, 3, 2), partner_id=other.id)
        self.assertIsNone(self._stage(date(2026, 3, 2)))
        order.partner_id = self.buyer
        self.assertEqual(self._stage(date(2026, 3, 2)), ("prospect", date(2026, 3, 2)))
        self._quote(date(2026, 3, 1), partner_id=other.id)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.customer + other).ids, self.customer)
        self.assertEqual(self._stage(date(2026, 3, 2)), ("prospect", date(2026, 3, 1)))

    def test_confirmed(self):
        """Whoever confirms is new from that day on; three orders later his rhythm speaks."""
        order = self._quote(date(2026, 3, 2))
        self.assertEqual(self._stage(date(2026, 3, 2)), ("prospect", date(2026, 3, 2)))
        days = [date(2026, 3, 9) + timedelta(days=30 * number) for number in range(3)]
        for day in days:
            order = order if day == days[0] else self._quote(day)
            with freeze_time(f"{day} {NOON}"):
                order.action_confirm()
        self.assertEqual(self._stage(days[0]), ("new", days[0]))
        self.assertEqual(self._stage(days[-1]), ("active", days[-1]))
