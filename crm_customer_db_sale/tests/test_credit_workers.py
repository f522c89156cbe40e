# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import tagged

from odoo.addons.crm_customer_db.tests.worker_common import WorkersCase


@tagged("post_install", "-at_install")
class TestCreditWorkers(WorkersCase):
    def setUp(self):
        super().setUp()
        with self._session() as env:
            product = env["product.product"].create({"name": "Advice", "type": "service", "list_price": 100})
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": self.firm_ids[0],
                        "order_line": [
                            Command.create({"product_id": product.id, "price_unit": 100, "tax_ids": [Command.clear()]})
                        ],
                    }
                    for _number in range(2)
                ]
            )
            env.cr.commit()
            self.order_ids = orders.ids
        # orders go before what they name
        self.made = {"sale.order": list(self.order_ids), "product.product": product.ids, **self.made}

    def _clean(self):
        with self._session() as env:
            env.cr.execute("UPDATE sale_order SET state = 'draft' WHERE id = ANY(%s)", [self.order_ids])
            env.cr.execute(
                "DELETE FROM crm_customer_credit_snapshot WHERE commercial_partner_id = ANY(%s)", [self.firm_ids]
            )
            env.cr.commit()
        return super()._clean()

    def test_two_users_confirm(self):
        """Orders of one customer, confirmed at the same moment: nobody waits, nobody fails, all counts."""
        with self._session() as one, self._session() as two:
            for env in (one, two):
                env.cr.execute("SET LOCAL lock_timeout = '5s'")
                env["sale.order"].browse(self.order_ids).mapped("partner_id.name")  # both look at it before
            for env, order_id in zip((one, two), self.order_ids, strict=True):
                env["sale.order"].browse(order_id).action_confirm()
                env.flush_all()
            one.cr.commit()
            two.cr.commit()
        with self._session() as env:
            env["crm.customer.metrics"]._cron_drain()
            row = env["crm.customer.metrics"].search([("commercial_partner_id", "=", self.firm_ids[0])])
            self.assertEqual((row.credit_to_invoice, row.amount_total, row.purchase_count), (200, 200, 2))
            kept = env["crm.customer.credit.snapshot"].search([("commercial_partner_id", "=", self.firm_ids[0])])
            self.assertEqual(kept.mapped("credit_exposure"), [0, 0])
        self.assert_like_rebuilt()
