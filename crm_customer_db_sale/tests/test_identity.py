# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import AccessError

from .common import SaleFeedCommon


class TestIdentity(SaleFeedCommon):
    """To the cent: the purchases of orders are Odoo's sales analysis, before credit notes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax_included = cls.env["account.tax"].create(
            {
                "name": "21% included",
                "amount": 21,
                "price_include_override": "tax_included",
                "company_id": cls.company_a.id,
            }
        )
        cls.dollars = cls.env["product.pricelist"].create({"name": "Dollars", "currency_id": cls.dollar.id})

    def _hard_orders(self):
        """Orders of all kinds, some invoiced, credited, cancelled, reduced."""
        dozen = self.env.ref("uom.product_uom_dozen")
        taxed = {"tax_ids": [Command.set(self.tax_included.ids)]}
        orders = [
            self._order(
                self._line(quantity=3, price_unit=33.33, discount=7.5),
                self._line(self.service, quantity=0.333, price_unit=19.99),
                self._line(self.other_part, quantity=2, **taxed),
                self._line(self.service, price_unit=-4.21, **taxed),
                {"display_type": "line_section", "name": "Free"},
                self._line(price_unit=0),
            ),
            self._order(self._line(quantity=7, price_unit=3.37), pricelist_id=self.dollars.id),
            self._order(self._line(quantity=2, product_uom_id=dozen.id, price_unit=11.11)),
            self._order(self._line(quantity=-1, price_unit=12.34)),
            self._order(),
            self._order(),
            self._order(self._line(quantity=5), company=self.company_b),
        ]
        self._order(confirm=False)
        self._order()._action_cancel()
        self._credit(self._bill(orders[0]))
        self._credit(self._bill(orders[1]), quantity=2)
        self._bill(orders[4])
        orders[4].order_line.product_uom_qty = 6
        orders[5].order_line.discount = 33
        return orders

    def _assert_analysis(self, company):
        """Ordered is the untaxed total of the analysis, per order and in all."""
        self.env.flush_all()
        report = self.env["sale.report"].with_context(allowed_company_ids=company.ids)
        analysis = dict(
            report._read_group(
                [("state", "=", "sale"), ("company_id", "=", company.id)], ["order_reference"], ["price_subtotal:sum"]
            )
        )
        analysis = {
            int(key.split(",")[1] if isinstance(key, str) else key.id): total for key, total in analysis.items()
        }
        bridge = self.Bridge.with_context(allowed_company_ids=company.ids).search([("state", "=", "sale")])
        rows = self.Purchase.with_context(allowed_company_ids=company.ids)
        bought = dict(
            rows._read_group([("feed", "=", "sale"), ("company_id", "=", company.id)], ["source_id"], ["amount:sum"])
        )
        self.assertEqual(set(analysis), set(bridge.order_id.ids))
        for order in bridge:
            self.assertAlmostEqual(order.ordered, analysis[order.id], 6)
            self.assertAlmostEqual(bought[order.id], order.ordered - order.credited, 6)
        self.assertAlmostEqual(sum(bought.values()), sum(analysis.values()) - sum(bridge.mapped("credited")), 6)
        return sum(analysis.values())

    def _assert_invoice_analysis(self, company):
        """Invoiced is what Odoo's invoice analysis says of the lines of orders."""
        report = self.env["account.invoice.report"].with_context(allowed_company_ids=company.ids)
        lines = self.env["account.move.line"].search(
            [("sale_line_ids", "!=", False), ("company_id", "=", company.id), ("parent_state", "=", "posted")]
        )
        [(total,)] = report._read_group([("id", "in", lines.ids)], [], ["price_subtotal:sum"])
        rows = self.Purchase.search([("feed", "=", "sale"), ("company_id", "=", company.id)])
        self.assertAlmostEqual(sum(rows.mapped("amount_invoiced")), total or 0, 6)
        bridge = self.Bridge.with_context(allowed_company_ids=company.ids).search([])
        self.assertAlmostEqual(sum(bridge.mapped("invoiced")), total or 0, 6)

    def test_hard_cases(self):
        self._hard_orders()
        self.assertGreater(self._assert_analysis(self.company_a), 250)
        self.assertAlmostEqual(self._assert_analysis(self.company_b), 50, 6)
        self._assert_invoice_analysis(self.company_a)
        self._assert_invoice_analysis(self.company_b)
        self.assert_no_drift()

    def test_history(self):
        """Orders from before the installation are brought in as if they had just been made."""
        orders = self._hard_orders()
        columns = [
            "source_ref",
            "amount",
            "amount_currency",
            "amount_invoiced",
            "quantity",
            "product_id",
            "date",
            "day",
        ]
        columns += ["is_head", "order_amount", "commercial_partner_id", "user_id"]
        domain = [("feed", "=", "sale"), ("source_id", "in", [order.id for order in orders])]

        def found():
            rows = self.Purchase.search_read(domain, columns)
            return sorted((tuple(row[name] for name in columns) for row in rows), key=str)

        before = found()
        self.assertEqual(len(before), 11)
        self.env.cr.execute("DELETE FROM crm_customer_purchase WHERE feed = 'sale'")
        self.env.invalidate_all()
        state = self._sale_state()
        state.action_backfill()
        state._backfill()
        self.assertEqual(found(), before)

    def test_changed_behind_its_back(self):
        """The nightly comparison finds the orders that were changed by SQL, and mends them."""
        one, two, three = self._order(), self._order(), self._order()
        self._rows(one + two + three)
        cr = self.env.cr
        cr.execute("UPDATE crm_customer_purchase SET amount = 1 WHERE source_id = %s AND feed = 'sale'", [one.id])
        cr.execute("UPDATE sale_order_line SET price_subtotal = 77 WHERE order_id = %s", [three.id])
        self.env.invalidate_all()
        state = self._sale_state()
        state._backfill()
        cr.execute("UPDATE crm_customer_purchase SET amount = 1 WHERE source_id = %s AND feed = 'sale'", [one.id])
        cr.execute("DELETE FROM crm_customer_purchase WHERE source_id = %s AND feed = 'sale'", [two.id])
        self.env.invalidate_all()
        self.assertEqual(state._audit()[state.name], [one.id, two.id])
        state._audit(mend=True)
        self.assertEqual([self._amounts(order)[0] for order in (one, two, three)], [100, 100, 77])

    def test_who_sees_the_bridge(self):
        """Managers and accountants, of the companies at hand; nobody changes anything."""
        here, there = self._order(), self._order(company=self.company_b)
        for user in (self.user_manager, self.user_accountant):
            mine = self._as(user, self.Bridge)
            self.assertEqual(mine.search([("order_id", "in", (here + there).ids)]).order_id.ids, here.ids)
            self.assertEqual(mine.browse(here.id).to_invoice, 100)
            both = self._as(user, self.Bridge, self.company_a, self.company_b)
            self.assertEqual(len(both.search([("order_id", "in", (here + there).ids)])), 2)
            self.assertEqual(both.search([("order_id", "=", there.id)]).action_open_order()["res_id"], there.id)
            for call in (
                lambda mine=mine: mine.browse(here.id).write({"ordered": 1}),
                lambda mine=mine: mine.create({"ordered": 1}),
                lambda mine=mine: mine.browse(here.id).unlink(),
            ):
                with self.assertRaises(AccessError):
                    call()
        for user in (self.user_sales_all, self.user_customer, self.user_employee):
            with self.assertRaises(AccessError):
                self._as(user, self.Bridge).search([])
