# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from .common import SaleFeedCommon


class TestOpen(SaleFeedCommon):
    """What is open between a customer and Sales, on the customer's page and in the file."""

    def _open(self, user=None, partner=None, *companies):
        """Lines of the slot about Sales."""
        self.env.flush_all()
        page = self._as(user or self.user_sales_all, partner or self.customer, *companies)
        methods = (
            "action_customer_open_quotations",
            "action_customer_open_deliveries",
            "action_customer_new_quotation",
        )
        return [line for line in page.customer_page_slots()["open"] if line.get("method") in methods]

    def _shown(self, line, user=None):
        """Records of the list that a line opens."""
        page = self._as(user or self.user_sales_all, self.customer)
        action = getattr(page, line["method"])()
        self.assertEqual(action["res_model"], "sale.order")
        return self._as(user or self.user_sales_all, self.env["sale.order"]).search(action["domain"])

    def test_nothing_open(self):
        """A customer with nothing open has a button, somebody outside the file not even that."""
        self.assertEqual(self._open(), [])
        self.customer.customer_mark = "customer"
        [line] = self._open()
        self.assertEqual(line["method"], "action_customer_new_quotation")
        action = self._as(self.user_sales_all, self.customer).action_customer_new_quotation()
        self.assertEqual(action["context"], {"default_partner_id": self.customer.id})

    def test_quotations(self):
        """Drafts and sent quotations that have not expired, with their amount; the list shows the same."""
        draft = self._order(confirm=False, partner_id=self.customer.id)
        sent = self._order(self._line(quantity=5), confirm=False)
        sent.action_quotation_sent()
        expired = self._order(confirm=False, validity_date="2020-01-01")
        self._order(confirm=False)._action_cancel()
        self._order(confirm=False, partner_id=self._partner(name="Otra").id)
        line, new = self._open()
        self.assertEqual((line["value"], new["method"]), ("2", "action_customer_new_quotation"))
        self.assertEqual(line["text"].replace("\xa0", " "), "open quotations, 150.00 € (excl. VAT)")
        self.assertEqual(self._shown(line), draft + sent)
        self.assertNotIn(expired, self._shown(line))
        sent._action_cancel()
        self.assertEqual(self._open()[0]["text"].replace("\xa0", " "), "open quotation, 100.00 € (excl. VAT)")

    def test_other_currency(self):
        pricelist = self.env["product.pricelist"].create({"name": "Dollars", "currency_id": self.dollar.id})
        self._order(confirm=False, pricelist_id=pricelist.id)
        self.assertIn("80.00", self._open()[0]["text"])

    def test_deliveries(self):
        """Confirmed orders with goods to deliver, and how many of them should have left."""
        if "delivery_status" not in self.env["sale.order"]._fields:
            self._order()
            self.assertEqual([line["method"] for line in self._open()], ["action_customer_new_quotation"])
            self.skipTest("sale_stock is not installed")
        one, late = self._order(), self._order()
        self._order(self._line(self.service))
        (one + late).sudo().picking_ids.date_deadline = fields.Datetime.now() + timedelta(days=3)
        line, _new = self._open()
        self.assertEqual((line["value"], line["text"], line["level"]), ("2", "orders to deliver", "info"))
        late.sudo().picking_ids.date_deadline = fields.Datetime.now() - timedelta(days=3)
        line, _new = self._open()
        self.assertEqual((line["value"], line["text"], line["level"]), ("2", "orders to deliver, 1 late", "danger"))
        self.assertEqual(self._shown(line), one + late)
        mine = self._sales(self.env["sale.order"])
        found = mine.search([("customer_delivery_late", "=", True), ("partner_id", "=", self.buyer.id)])
        self.assertEqual(found, late)
        found = mine.search([("customer_delivery_late", "=", False), ("partner_id", "=", self.buyer.id)])
        self.assertIn(one, found)
        self.assertNotIn(late, found)
        self.assertEqual((one + late).mapped("customer_delivery_late"), [False, True])
        picking = late.sudo().picking_ids
        picking.move_ids.quantity = 10
        picking.move_ids.picked = True
        picking._action_done()
        line, _new = self._open()
        self.assertEqual((line["value"], line["text"]), ("1", "order to deliver"))

    def test_companies(self):
        """A line for each company at hand, in its currency, never of another one."""
        self._order(confirm=False)
        self._order(self._line(quantity=3), confirm=False, company=self.company_b)
        self.assertEqual(len(self._open()), 2)
        lines = self._open(None, None, self.company_a, self.company_b)
        self.assertEqual([line.get("value") for line in lines], ["1", "1", None])
        self.assertIn("Suministros A", lines[0]["text"])
        self.assertIn("Suministros B", lines[1]["text"])
        self.assertIn("30.00", lines[1]["text"])

    def test_rights(self):
        """Who may not read orders sees no line; own documents only means only those."""
        self._order(confirm=False)
        self.assertEqual(self._open(self.user_customer), [])
        lines = self._open(self.user_sales_own)
        self.assertEqual([line["method"] for line in lines], ["action_customer_new_quotation"])
        self._order(confirm=False, user_id=self.user_sales_own.id)
        line, _new = self._open(self.user_sales_own)
        self.assertEqual(line["value"], "1")
        self.assertEqual(len(self._shown(line, self.user_sales_own)), 1)
        with self.assertRaises(AccessError):
            self._as(self.user_customer, self.customer).action_customer_new_quotation()

    def test_one_query(self):
        """All figures come in one query, whatever there is."""
        for _number in range(3):
            self._order(confirm=False)
            self._order()
        self.env.flush_all()
        page = self._as(self.user_sales_all, self.customer)
        page._customer_open_orders()
        before = self.env.cr.sql_log_count
        self.assertTrue(page._customer_open_orders())
        self.assertEqual(self.env.cr.sql_log_count - before, 1)

    def test_in_the_file(self):
        """An open quotation makes a prospect; once it has expired unsent, it is forgotten."""
        partner = self._partner(name="Nueva")
        self.assertFalse(partner.customer_in_file)
        order = self._order(confirm=False, partner_id=partner.id)
        self.assertTrue(partner.customer_in_file)
        self.assertIn(partner, self.env["res.partner"].search([("customer_in_file", "=", True)]))
        self.assertFalse(partner.with_context(allowed_company_ids=self.company_b.ids).customer_in_file)
        order.validity_date = "2020-01-01"
        self.assertFalse(partner.customer_in_file)
        order.validity_date = False
        order.action_quotation_sent()
        order._action_cancel()
        self.assertTrue(partner.customer_in_file, "a quotation was sent")
        self.customer.customer_mark = "excluded"
        self._order(confirm=False)
        self.assertFalse(self.customer.customer_in_file)
