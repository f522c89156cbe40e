"""The customer file of the generated firm agrees with Odoo's own reports and documents."""

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..generator.campaigns import MAILINGS
from ..generator.firm import MAIN_NAME, SERVICE_NAME


@tagged("post_install", "-at_install")
class TestFacts(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.company"].search([("name", "in", [MAIN_NAME, SERVICE_NAME])])
        cls.Purchase = cls.env["crm.customer.purchase"]

    def _sum(self, model, domain, measure, company):
        model = self.env[model].with_context(allowed_company_ids=company.ids)
        return model._read_group([("company_id", "=", company.id), *domain], [], [f"{measure}:sum"])[0][0] or 0.0

    def test_ordered(self):
        """Purchases of orders, before credit notes, are Odoo's sales analysis."""
        for company in self.companies:
            with self.subTest(company.name):
                report = self._sum("sale.report", [("state", "=", "sale")], "price_subtotal", company)
                credited = self._sum("crm.customer.order.bridge", [("state", "=", "sale")], "credited", company)
                ordered = self._sum("crm.customer.purchase", [("feed", "=", "sale")], "amount", company)
                self.assertGreater(report, 10_000)
                self.assertAlmostEqual(ordered + credited, report, 2)

    def test_invoiced(self):
        """What purchases say is invoiced is Odoo's invoice analysis."""
        for company in self.companies:
            with self.subTest(company.name):
                domain = [("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))]
                report = self._sum("account.invoice.report", domain, "price_subtotal", company)
                invoiced = self._sum("crm.customer.purchase", [], "amount_invoiced", company)
                self.assertGreater(report, 10_000)
                self.assertAlmostEqual(invoiced, report, 2)
                only = [("feed", "=", "account")]
                self.assertAlmostEqual(
                    self._sum("crm.customer.purchase", only, "amount", company),
                    self._sum("crm.customer.purchase", only, "amount_invoiced", company),
                    2,
                )

    def test_still_to_invoice(self):
        """Order by order: ordered less credited less invoiced is what is still to be invoiced."""
        bridge = self.env["crm.customer.order.bridge"].search([("company_id", "in", self.companies.ids)])
        self.assertGreater(len(bridge), 1000)
        for row in bridge:
            self.assertAlmostEqual(row.ordered - row.credited - row.invoiced, row.to_invoice, 2)

    def test_no_drift(self):
        """Comparing every document with its copy finds nothing."""
        states = self.env["crm.customer.feed.state"].search([])
        states._backfill()
        states.invalidate_recordset()
        self.assertEqual({name: ids for name, ids in states._audit().items() if ids}, {})

    def test_everything_happened(self):
        """Each kind of fact is there, dated over two years and never after now."""
        companies = [("company_id", "in", self.companies.ids)]
        for model, kinds in {
            "crm.customer.interaction": {"request", "quotation", "email", "call", "visit"},
            "crm.customer.fulfilment": {"shipment", "return", "complaint", "unpaid"},
            "crm.customer.marketing.reaction": {"open", "click", "reply", "bounce", "unsubscribe"},
        }.items():
            with self.subTest(model):
                counts = dict(self.env[model]._read_group(companies, ["kind"], ["__count"]))
                self.assertLessEqual(kinds, set(counts), counts)
                # meetings and deliveries may lie ahead
                late = [*companies, ("date", ">", fields.Datetime.now()), ("kind", "not in", ("meeting", "shipment"))]
                self.assertFalse(self.env[model].search_count(late))
        unpaid = self.env["crm.customer.fulfilment"]._read_group(
            [*companies, ("kind", "=", "unpaid")], ["reason", "state"], ["__count"]
        )
        self.assertLessEqual(
            {("overdue", "open"), ("overdue", "solved"), ("returned", "solved")},
            {(reason, state) for reason, state, _count in unpaid},
        )
        outcomes = self.env["crm.customer.interaction"]._read_group(
            [*companies, ("kind", "=", "quotation")], ["state"], ["__count"]
        )
        self.assertEqual({state for state, _count in outcomes}, {"open", "accepted", "refused", "expired"})
        campaigns = self.env["crm.customer.marketing.action"]._read_group(companies, ["campaign_id"], ["__count"])
        self.assertEqual(len(campaigns), len(MAILINGS))
        self.assertGreater(self.env["crm.customer.survey.answer"].search_count(companies), 200)

    def test_quotations_are_dated(self):
        """A quotation was sent before it became an order, not on the day of installation."""
        quotations = self.env["crm.customer.interaction"].search(
            [("company_id", "in", self.companies.ids), ("kind", "=", "quotation")]
        )
        self.assertGreater(len(set(quotations.mapped(lambda row: row.date.date()))), 100)

    def test_showcase_timeline(self):
        """Whoever opens the first customer sees a bit of everything, each with its document."""
        customer = self.env.ref("crm_customer_db_demo.showcase_industrial")
        page = customer.with_context(allowed_company_ids=self.companies.ids).customer_timeline_page()
        self.assertEqual(len(page["rows"]), 20)
        timeline = self.env["crm.customer.timeline"]._read_group(
            [("commercial_partner_id", "=", customer.id)], ["kind"], ["__count"]
        )
        kinds = {kind for kind, _count in timeline}
        self.assertLessEqual({"purchase", "shipment", "quotation", "email", "call", "marketing", "survey"}, kinds)
