# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders as salespeople make them, invoices as the accountant posts them."""

from odoo import Command

from odoo.addons.crm_customer_db_account.tests.common import AccountFeedCommon


class SaleFeedCommon(AccountFeedCommon):
    """Quotations and orders are ``user_sales_all``'s, invoices ``user_accountant``'s.

    A product costs 10 unless a line says otherwise; nothing is taxed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part = cls._product(name="Part", list_price=10, type="consu", invoice_policy="order")
        cls.other_part = cls._product(name="Other part", list_price=25, type="consu", invoice_policy="order")
        cls.service = cls._product(name="Assembly", list_price=40, invoice_policy="order")
        cls.Interaction = cls.env["crm.customer.interaction"]
        cls.Bridge = cls.env["crm.customer.order.bridge"]

    # ------------------------------------------------------------------ documents

    @classmethod
    def _sales(cls, records, company=None):
        """Records as the salesperson has them, in one company."""
        company = company or cls.company_a
        return records.with_user(cls.user_sales_all).with_context(allowed_company_ids=company.ids)

    def _line(self, product=None, quantity=1, **vals):
        """Values of an order line.

        With a price, because the list price of a product of all companies is in the
        currency of the first company.
        """
        product = product or self.part
        return {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "price_unit": product.list_price,
            "tax_ids": [Command.clear()],
            **vals,
        }

    def _order(self, *lines, company=None, confirm=True, **vals):
        """An order, by default of ten parts: 100.

        :param lines: values of lines as ``_line`` gives them
        """
        lines = lines or (self._line(quantity=10),)
        order = self._sales(self.env["sale.order"], company).create(
            {
                "partner_id": self.buyer.id,
                "order_line": [Command.create(line) for line in lines],
                **vals,
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def _bill(self, order, post=True, final=False):
        """Invoice what is to be invoiced of an order; with ``final`` as a credit note where it is negative."""
        invoice = order._create_invoices(final=final)
        invoice = self._mine(invoice, order.company_id)
        invoice.invoice_date = "2026-03-01"
        if post:
            invoice.action_post()
        return invoice

    def _credit(self, invoice, quantity=None, price=None, modify=False):
        """Take an invoice back with a posted credit note.

        :param quantity: only this much of its first line
        :param price: at this price
        :param modify: write it anew as well
        :return: the credit note, or the new draft
        """
        found = self._reverse(invoice, "2026-03-02", modify=modify)
        if modify:
            return found
        line = found.invoice_line_ids[:1]
        if quantity is not None:
            line.quantity = quantity
        if price is not None:
            line.price_unit = price
        found.action_post()
        return found

    # ----------------------------------------------------------------------- facts

    def _rows(self, order):
        """Purchases of an order, in the order of its lines."""
        rows = self.Purchase.search([("feed", "=", "sale"), ("source_id", "in", order.ids)])
        return rows.sorted(lambda row: int(row.source_ref.rpartition(",")[2]))

    def _row(self, order):
        """The purchase of an order with one line."""
        row = self._rows(order)
        self.assertEqual(len(row), 1)
        return row

    def _amounts(self, order):
        """What was ordered net of credit notes, and invoiced."""
        rows = self._rows(order)
        return round(sum(rows.mapped("amount")), 6), round(sum(rows.mapped("amount_invoiced")), 6)

    def _quotation(self, order):
        return self.Interaction.search([("feed", "=", "sale"), ("source_id", "in", order.ids)])

    def _bridge(self, order):
        """ordered, credited, invoiced, still to invoice."""
        self.Bridge.invalidate_model()
        row = self.Bridge.search([("order_id", "in", order.ids)])
        return tuple(round(sum(row.mapped(name)), 6) for name in ("ordered", "credited", "invoiced", "to_invoice"))

    @classmethod
    def _sale_state(cls, name="purchase"):
        return cls.env["crm.customer.feed.state"].search([("name", "=", f"crm.customer.feed.sale.{name}")])

    def assert_no_drift(self):
        """Nothing differs between the documents and what was copied of them."""
        states = self._sale_state("purchase") + self._sale_state("quotation")
        self.assertEqual(len(states), 2)
        found = states._audit()
        self.assertFalse([ids for ids in found.values() if ids], found)
