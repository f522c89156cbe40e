# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

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

    def test_two_users_go_over_the_limit(self):
        """Each within the limit, both together over it: the second is done once more, and is refused then."""
        with self._session() as env:
            company = env.company
            before = company.read(["account_use_credit_limit", "customer_credit_approval"])[0]
            accountant = new_test_user(env, "cdb_two_users", groups="account.group_account_invoice")
            company.write(
                {
                    "account_use_credit_limit": True,
                    "customer_credit_approval": True,
                    "customer_credit_approver_id": accountant.id,
                }
            )
            env["res.partner"].browse(self.firm_ids[0]).credit_limit = 150
            env["crm.customer.metrics"]._drain()
            env.cr.commit()
        self.addCleanup(self._without_approval, before, accountant.id)
        with self._session() as one, self._session() as two:
            for env in (one, two):
                env.cr.execute("SET LOCAL lock_timeout = '5s'")
                env["sale.order"].browse(self.order_ids).mapped("partner_id.name")
            one["sale.order"].browse(self.order_ids[0]).action_confirm()
            one.cr.commit()
            with self.assertRaises(SerializationFailure), mute_logger("odoo.sql_db"):
                two["sale.order"].browse(self.order_ids[1]).action_confirm()
        # what Odoo does by itself with the request of a user
        with self._session() as env, self.assertRaises(UserError):
            env["sale.order"].browse(self.order_ids[1]).action_confirm()

    def _without_approval(self, before, user_id):
        with self._session() as env:
            before.pop("id", None)
            env.company.write({**before, "customer_credit_approver_id": False})
            env["res.users"].browse(user_id).unlink()
            env["crm.customer.metrics"]._drain()
            env.cr.commit()
