# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import CustomerDbCommon


class MetricsCommon(CustomerDbCommon):
    """Purchases and the figures that come of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Metrics = cls.env["crm.customer.metrics"]
        cls.Purchase = cls.env["crm.customer.purchase"]

    def _buy(self, partner, amount, day, order_ref=None, company=None, **vals):
        return self.Purchase.create(
            {
                "partner_id": partner.id,
                "company_id": (company or self.company_a).id,
                "amount": amount,
                "date": f"{day} 10:00:00",
                "order_ref": order_ref,
                **vals,
            }
        )

    def _row(self, partner, company=None):
        return self.Metrics.search(
            [("commercial_partner_id", "=", partner.id), ("company_id", "=", (company or self.company_a).id)]
        )
