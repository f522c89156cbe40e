# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures of every customer of the generated firm, from its documents and in plain Python."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_customer_db.tests import plain

from ..generator.firm import MAIN_NAME, SERVICE_NAME

ZERO = Decimal()


def exact(amount):
    return Decimal(repr(amount))


@tagged("post_install", "-at_install")
class TestFigures(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.company"].search([("name", "in", [MAIN_NAME, SERVICE_NAME])])
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.companies.ids, active_test=False))
        cls.Metrics = cls.env["crm.customer.metrics"]
        cls.outsiders = cls.env["res.users"].search([("share", "=", False)]).partner_id | cls.companies.partner_id
        cls.lines = defaultdict(list)
        for company in cls.companies:
            cls.lines[company] += cls._ordered(company)
            cls.lines[company] += cls._invoiced(company)

    @classmethod
    def _ordered(cls, company):
        """Lines of confirmed orders, less what was credited of them."""
        zone = ZoneInfo(company.customer_tz)
        lines = cls.env["sale.order.line"].search(
            [("company_id", "=", company.id), ("display_type", "=", False), ("is_downpayment", "=", False)]
        )
        for line in lines:
            order = line.order_id
            posted = line.invoice_lines.filtered(lambda moved: moved.parent_state == "posted")
            if order.state != "sale" and not order.order_line.invoice_lines.filtered(
                lambda moved: moved.parent_state == "posted"
            ):
                continue
            back = posted.filtered(lambda moved: moved.move_type == "out_refund")
            ordered = exact(line.price_subtotal) if order.state == "sale" else ZERO
            invoiced = sum((exact(moved.price_subtotal) for moved in posted - back), ZERO)
            refunded = sum((exact(moved.price_subtotal) for moved in back), ZERO)
            # a discount is a line below zero, for which all signs are turned round
            sign = -1 if (ordered or invoiced or refunded) < 0 else 1
            credited = sign * max(ZERO, sign * refunded - max(ZERO, sign * (invoiced - ordered)))
            yield plain.Line(
                order.partner_id.commercial_partner_id.id,
                order,
                order.date_order.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date(),
                ordered - credited,
                sum((exact(-moved.balance) for moved in posted), ZERO),
            )

    @classmethod
    def _invoiced(cls, company):
        """Lines of invoices and credit notes that are of no order."""
        lines = cls.env["account.move.line"].search(
            [
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("display_type", "=", "product"),
                ("sale_line_ids", "=", False),
            ]
        )
        for line in lines:
            move, amount = line.move_id, exact(-line.balance)
            day = move.invoice_date or move.date
            yield plain.Line(move.partner_id.commercial_partner_id.id, move, day, amount, amount)

    def _check(self, company, as_of):
        customers = self.env["res.partner"].browse({line.customer for line in self.lines[company]})
        scored = customers.filtered(lambda partner: partner.active and partner.customer_mark != "excluded")
        scored = set((scored - self.outsiders).ids)
        expected = plain.figures(self.lines[company], as_of, company.customer_score_months, scored.__contains__)
        self.Metrics.invalidate_model()
        rows = self.Metrics.search([("company_id", "=", company.id)])
        found = plain.differences(rows, expected)
        self.assertFalse(found, f"{len(found)} figures differ, the first: " + "\n".join(found[:10]))
        for row in rows.filtered(lambda row: row.commercial_partner_id.id not in expected):
            self.assertFalse(row.purchase_count or row.amount_total or row.value_class_id or row.last_purchase_date)
        return rows, expected

    def test_documents_are_plain(self):
        """What the computation takes for granted: euros only, and an invoice line is of one order line."""
        orders = self.env["sale.order"].search([("company_id", "in", self.companies.ids)])
        self.assertEqual(orders.currency_id | orders.company_id.currency_id, self.env.ref("base.EUR"))
        self.assertTrue(all(len(line.sale_line_ids) == 1 for line in orders.order_line.invoice_lines))

    def test_every_customer(self):
        """Days, orders, amounts, rhythm, scores, class and stage in both companies, today and half a year ago."""
        today = self.Metrics._today()
        # the latest run holds: there must be none of after the day that is looked at
        self.env["crm.customer.score.run"].search([]).unlink()
        self.env.registry.clear_cache()
        for as_of in (today - timedelta(days=180), today):
            self.Metrics._rebuild(as_of)
            for company in self.companies:
                with self.subTest(company=company.name, as_of=as_of):
                    _rows, expected = self._check(company, as_of)
                    self.assertGreater(len(expected), 20)
                    self.assertGreater(len({row["value_class"] for row in expected.values()}), 3)

    def test_leads_and_prospects(self):
        """Of those who have not bought, who was made an offer is a prospect and the others are leads."""
        today = self.Metrics._today()
        self.Metrics._rebuild(today)
        counts = defaultdict(int)
        for company in self.companies:
            rows, expected = self._check(company, today)
            offered = self.env["sale.order"].search([("company_id", "=", company.id)])
            offered = offered.filtered(
                lambda order: (
                    order.customer_sent_on
                    or (order.state == "draft" and (not order.validity_date or order.validity_date >= today))
                )
            ).partner_id.commercial_partner_id
            for row in rows:
                customer = row.commercial_partner_id
                if (expected.get(customer.id) or {}).get("last_purchase_date") or customer in self.outsiders:
                    continue
                if not customer.active or customer.customer_mark == "excluded":
                    self.assertFalse(row.lifecycle)
                    continue
                # a mark is of the company that looks after the contact
                home = customer.company_id or customer.user_id.company_id or customer.create_uid.company_id
                marked = customer.customer_mark and home == company
                wanted = "prospect" if customer in offered or marked else "lead"
                self.assertEqual(row.lifecycle, wanted, customer.name)
                counts[wanted] += 1
        self.assertGreater(counts["prospect"], 0)
        self.assertGreater(counts["lead"], 0)
