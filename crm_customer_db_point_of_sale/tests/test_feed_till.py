# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.point_of_sale.tests.common import CommonPosTest


@tagged("post_install", "-at_install", "crm_customer_db")
class TestFeedTill(CommonPosTest):
    """Till orders in the customer file: with channel, place, payment; none of them twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a shop manager who sells as well, and looks after the connected apps
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.Purchase = cls.env["crm.customer.purchase"]
        cls.customer = cls.env["res.partner"].create({"name": "Ana", "country_id": cls.env.ref("base.us").id})
        cls.company_of_ana = cls.env["res.partner"].create({"name": "Ana SL", "is_company": True})
        cls.product = cls.ten_dollars_no_tax.product_variant_id
        cls.seller = new_test_user(
            cls.env,
            login="cdb_till",
            groups="sales_team.group_sale_salesman",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    def _order(self, partner="customer", invoice=False, config=None, lines=None, pay=None, refund=None, **vals):
        order, refunded = self.create_backend_pos_order(
            {
                "pos_config": config or self.pos_config_usd,
                "order_data": {
                    "partner_id": self.customer.id if partner == "customer" else partner,
                    "to_invoice": invoice,
                    **vals,
                },
                "line_data": lines or [{"product_id": self.product.id, "qty": 2}, {"product_id": self.product.id}],
                "payment_data": [{"payment_method_id": (pay or self.cash_payment_method).id}],
                "refund_data": refund,
            }
        )
        return (order, refunded) if refund else order

    def _rows(self, order):
        domain = [("feed", "=", "pos"), ("source_model", "=", "pos.order"), ("source_id", "=", order.id)]
        return self.Purchase.search(domain, order="source_ref")

    def _audit(self):
        states = (
            self.env["crm.customer.feed.state"]
            .sudo()
            .search([("name", "in", ("crm.customer.feed.till", "crm.customer.feed.account.invoice"))])
        )
        states._backfill()
        return {name: ids for name, ids in states._audit().items() if ids}

    def test_paid_order(self):
        """What was bought, where and how it was paid."""
        order = self._order()
        first, second = self._rows(order)
        self.assertEqual((first.amount, first.quantity, second.amount), (20, 2, 10))
        self.assertEqual((first + second).filtered("is_head").order_amount, 30)
        self.assertEqual(first.partner_id, self.customer)
        self.assertEqual(first.order_ref, order.pos_reference or order.name)
        self.assertEqual((first.method, first.payment_form), ("in_person", "cash"))
        place = self.pos_config_usd.customer_place_id
        self.assertEqual(first.place_id, place)
        self.assertEqual(first.channel_id, self.env.ref("crm_customer_db.channel_own_shop"))
        self.assertEqual((first.amount_invoiced, first.user_id), (0, order.user_id))
        self.assertEqual(first.categ_id, self.product.categ_id)
        self.assertFalse(self._audit())

    def test_nobody_and_nothing_paid(self):
        """Without a customer, or before it is paid, it is nobody's purchase yet."""
        self.assertFalse(self._rows(self._order(partner=False)))
        self.pos_config_usd.open_ui()
        draft = self.env["pos.order"].create(
            {
                "session_id": self.pos_config_usd.current_session_id.id,
                "partner_id": self.customer.id,
                "amount_total": 10,
                "amount_paid": 0,
                "amount_tax": 0,
                "amount_return": 0,
                "lines": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 10,
                            "price_subtotal": 10,
                            "price_subtotal_incl": 10,
                        }
                    )
                ],
            }
        )
        self.assertFalse(self._rows(draft))
        payment = self.env["pos.make.payment"].with_context(active_ids=draft.ids, active_id=draft.id)
        payment.create({"payment_method_id": self.bank_payment_method.id}).check()
        self.assertEqual(self._rows(draft).payment_form, "card")

    def test_customer_named_later(self):
        """A customer that is put on a paid order gets the purchase; another one takes it."""
        order = self._order(partner=False)
        order.partner_id = self.customer
        self.assertEqual(self._rows(order).partner_id, self.customer)
        self.customer.parent_id = self.company_of_ana
        self.assertEqual(self._rows(order).commercial_partner_id, self.company_of_ana)
        order.partner_id = self.partner_jcb
        self.assertEqual(self._rows(order).partner_id, self.partner_jcb)
        self.assertFalse(self._audit())

    def test_invoiced_once(self):
        """An invoiced order is the till's, its invoice nobody's; both amounts agree."""
        order = self._order(invoice=True)
        self.assertEqual(order.account_move.state, "posted")
        rows = self.Purchase.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(rows, self._rows(order))
        self.assertEqual(sum(rows.mapped("amount")), 30)
        self.assertEqual(sum(rows.mapped("amount_invoiced")), 30)
        self.assertEqual(order.account_move.amount_untaxed_signed, 30)
        self.assertFalse(self._audit())

    def test_refund(self):
        """Goods taken back at the till are a purchase below zero."""
        order, refund = self._order(refund=[{"payment_method_id": self.cash_payment_method.id}])
        self.assertEqual(sum(self._rows(order).mapped("amount")), 30)
        self.assertEqual(sum(self._rows(refund).mapped("amount")), -30)
        self.assertEqual(sum(self._rows(refund).mapped("quantity")), -3)
        self.assertFalse(self._audit())

    def test_discount_and_free(self):
        """A discount counts, and so does what costs nothing."""
        order = self._order(
            lines=[{"product_id": self.product.id, "discount": 25}, {"product_id": self.product.id, "price_unit": 0}]
        )
        self.assertEqual(sorted(self._rows(order).mapped("amount")), [0, 7.5])

    def test_currency(self):
        """A till in another currency: both amounts, by the rate of the order."""
        euro = self.env.ref("base.EUR")
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "name": "2000-01-01", "rate": 0.5, "company_id": self.env.company.id}
        )
        order = self._order(config=self.pos_config_eur, pay=self.bank_payment_method)
        rows = self._rows(order)
        self.assertEqual(rows.currency_id, euro)
        self.assertAlmostEqual(sum(rows.mapped("amount_currency")), sum(order.lines.mapped("price_subtotal")), 2)
        self.assertAlmostEqual(sum(rows.mapped("amount")), sum(order.lines.mapped("price_subtotal")) / 0.5, 2)

    def test_settling_a_sales_order(self):
        """What is paid at the till of a sales order is the sales order's, once."""
        if "sale_order_origin_id" not in self.env["pos.order.line"]._fields:
            self.fail("the tests need Sales beside the till")
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.product.id, "product_uom_qty": 1, "price_unit": 10})],
            }
        )
        sale.action_confirm()
        self.env.invalidate_all()
        order = self._order(
            lines=[
                {
                    "product_id": self.product.id,
                    "sale_order_origin_id": sale.id,
                    "sale_order_line_id": sale.order_line.id,
                },
                {"product_id": self.product.id, "qty": 3},
            ]
        )
        self.assertEqual(self._rows(order).mapped("amount"), [30])
        everything = self.Purchase.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(sum(everything.mapped("amount")), 40)
        self.assertEqual(set(everything.mapped("feed")), {"pos", "sale"})

    def test_identity(self):
        """Rows of the till = till lines with a customer and without a sales order."""
        for number in range(3):
            self._order(invoice=bool(number))
        self._order(refund=[{"payment_method_id": self.cash_payment_method.id}])
        rows = self.Purchase.search([("feed", "=", "pos"), ("company_id", "=", self.env.company.id)])
        lines = self.env["pos.order.line"].search(
            [
                ("order_id.state", "in", ("paid", "done")),
                ("order_id.partner_id", "!=", False),
                ("sale_order_origin_id", "=", False),
                ("company_id", "=", self.env.company.id),
            ]
        )
        self.assertEqual(len(rows), len(lines))
        self.assertAlmostEqual(
            sum(rows.mapped("amount")), sum(line.price_subtotal / line.order_id.currency_rate for line in lines), 2
        )
        self.assertFalse(self._audit())

    def test_session_closed(self):
        """Closing the session posts the receipts together and changes no purchase."""
        order = self._order()
        before = self._rows(order).read(["amount", "amount_invoiced", "order_ref"])
        session = self.pos_config_usd.current_session_id
        session.action_pos_session_closing_control()
        self.assertEqual(session.state, "closed")
        self.assertEqual(self._rows(order).read(["amount", "amount_invoiced", "order_ref"]), before)
        self.assertFalse(self._audit())

    def test_backfill_and_document(self):
        """History comes in; a salesperson sees the purchase and not the till order."""
        order = self._order()
        rows = self._rows(order)
        self.env.cr.execute("DELETE FROM crm_customer_purchase WHERE feed = 'pos'")
        self.env.invalidate_all()
        states = self.env["crm.customer.feed.state"].sudo()
        states.search([("name", "=", "crm.customer.feed.till")])._backfill()
        rows = self._rows(order)
        self.assertEqual(sum(rows.mapped("amount")), 30)
        mine = rows[0].with_user(self.seller)
        self.assertEqual(mine.amount, 20)
        with self.assertRaises(UserError):
            mine.action_open_document()
        opened = rows[0].action_open_document()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("pos.order", order.id))

    def test_place_of_a_new_till(self):
        """Every till has a place of its own, until somebody says that it shares one."""
        config = self.env["pos.config"].create({"name": "Mostrador 2"})
        place = config.customer_place_id
        self.assertEqual((place.name, place.company_id), ("Mostrador 2", self.env.company))
        config.customer_place_id = self.pos_config_usd.customer_place_id
        self.assertTrue(place.exists())
