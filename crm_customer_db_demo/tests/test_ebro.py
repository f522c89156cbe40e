import doctest
from datetime import timedelta

from stdnum.es import nif

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..generator import clock, fiscal, names
from ..generator.firm import LOGINS, MAIN_NAME, SERVICE_NAME

SHOWCASES = {
    "showcase_industrial": "company",
    "showcase_self_employed": "self_employed",
    "showcase_household": "consumer",
}


@tagged("post_install", "-at_install")
class TestEbro(TransactionCase):
    """What the generated firm promises to those who look at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = cls.env["res.company"].search([("name", "in", [MAIN_NAME, SERVICE_NAME])])
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.companies.ids))
        cls.customers = cls.env["res.partner"].search([("ref", "=like", "C0___"), ("parent_id", "=", False)])

    def sum_of(self, domain, measure="amount_untaxed_signed"):
        domain = [("company_id", "in", self.companies.ids), ("state", "=", "posted"), *domain]
        return self.env["account.move"]._read_group(domain, [], [f"{measure}:sum"])[0][0] or 0.0

    def test_counts(self):
        """Two companies, 300 customer companies, 200 persons, sites and contacts."""
        self.assertEqual(len(self.companies), 2)
        kinds = self.customers.grouped("customer_kind")
        self.assertEqual(len(kinds["company"]), 300)
        self.assertEqual(len(kinds["self_employed"]) + len(kinds["consumer"]), 200)
        self.assertGreater(len(self.customers.child_ids.filtered("customer_site")), 80)
        self.assertGreater(len(self.customers.child_ids.filtered("customer_is_key_contact")), 290)

    def test_showcases(self):
        """One customer of each kind can be found by its external id."""
        for name, kind in SHOWCASES.items():
            with self.subTest(name):
                self.assertEqual(self.env.ref(f"crm_customer_db_demo.{name}").customer_kind, kind)
        industrial = self.env.ref("crm_customer_db_demo.showcase_industrial")
        self.assertEqual(len(industrial.child_ids.filtered("customer_site")), 3)
        self.assertEqual(len(industrial.child_ids.filtered("customer_contact_role_ids")), 5)
        self.assertEqual(len(set(industrial.child_ids.mapped("customer_territory_id"))), 2)

    def test_tax_numbers(self):
        """All tax numbers are valid and unique, and none belongs to a real firm or person."""
        numbers = self.customers.filtered("vat").mapped("vat")
        self.assertEqual(len(numbers), len(set(numbers)))
        for number in numbers:
            self.assertTrue(nif.is_valid(number), number)
            self.assertTrue(number[3:5] == "00" or number[2:4] == "99", number)

    def test_examples(self):
        """The examples in the generator's documentation are right."""
        for module in (clock, fiscal, names):
            with self.subTest(module.__name__):
                self.assertEqual(doctest.testmod(module).failed, 0)

    def test_territories(self):
        """Every customer stands in the territory of its postal code, with its salesperson."""
        main = self.companies.filtered(lambda company: company.name == MAIN_NAME)
        customers = self.customers.with_company(main)
        self.assertFalse(customers.filtered(lambda partner: not partner.customer_territory_id))
        zaragoza = customers.filtered(lambda partner: partner.zip.startswith("500"))
        self.assertEqual(set(zaragoza.mapped("customer_territory_id.code")), {"NE-ZC"})
        owned = customers.filtered("user_id")
        self.assertEqual(owned.customer_territory_id.user_id, owned.user_id)

    def test_documents(self):
        """Two years of invoices in both companies, credited and paid, with some in arrears."""
        today = fields.Date.today()
        for company in self.companies:
            of_company = [("company_id", "=", company.id), ("move_type", "=", "out_invoice")]
            self.assertGreater(self.sum_of(of_company), 0.0)
            overdue = [*of_company, ("invoice_date_due", "<", today), ("payment_state", "in", ("not_paid", "partial"))]
            self.assertGreater(self.sum_of(overdue, "amount_residual_signed"), 0.0)
        self.assertLess(self.sum_of([("move_type", "=", "out_refund")]), 0.0)
        oldest = self.env["account.move"].search(
            [("company_id", "in", self.companies.ids), ("move_type", "=", "out_invoice")], order="invoice_date", limit=1
        )
        self.assertLess(oldest.invoice_date, today - timedelta(days=600))

    def test_deliveries(self):
        """Goods were delivered in time, late, in parts and returned; some are still to go."""
        done = self.env["stock.picking"].search([("company_id", "in", self.companies.ids), ("state", "=", "done")])
        out = done.filtered(lambda picking: picking.picking_type_code == "outgoing")
        self.assertTrue(
            out.filtered(lambda picking: picking.date_deadline and picking.date_done > picking.date_deadline)
        )
        self.assertTrue(out.filtered("backorder_id"))
        self.assertTrue(done.filtered("return_id"))
        waiting = [("company_id", "in", self.companies.ids), ("state", "in", ("confirmed", "assigned"))]
        self.assertTrue(self.env["stock.picking"].search_count(waiting, limit=1))

    def test_nothing_in_the_future(self):
        """What happened is dated before now, whatever Odoo would date it."""
        now = fields.Datetime.now()
        orders = self.env["sale.order"].search([("company_id", "in", self.companies.ids)])
        self.assertFalse(orders.filtered(lambda order: order.date_order > now))
        pickings = self.env["stock.picking"].search([("company_id", "in", self.companies.ids), ("state", "=", "done")])
        self.assertFalse(pickings.filtered(lambda picking: picking.date_done > now))
        self.assertGreater(len(set(pickings.mapped(lambda picking: picking.date_done.date()))), 200)

    def test_logins(self):
        """The seven people can log in, speak Spanish and have the firm as their own."""
        for login in LOGINS:
            user = self.env["res.users"].search([("login", "in", (login, f"{login}.ebro"))])
            self.assertIn(user.company_id, self.companies)
            self.assertEqual(user.lang, "es_ES")
            self.assertFalse(user.has_group("base.group_system"))

    def test_credit(self):
        """The accountant has limits, notes in course, promises and a dispute to look at, and sales of all situations."""
        metrics = self.env["crm.customer.metrics"]
        metrics._drain()
        rows = metrics.search([("company_id", "in", self.companies.ids)])
        self.assertGreater(len(rows.filtered("credit_limit")), 40)
        over = rows.filtered(lambda row: row.credit_limit and row.credit_available < 0)
        self.assertTrue(0 < len(over) < 20, len(over))
        self.assertGreater(sum(rows.mapped("credit_in_course")), 1000)
        promises = self.env["crm.customer.payment.promise"].search([("company_id", "in", self.companies.ids)])
        self.assertEqual(set(promises.mapped("state")), {"broken", "waiting"})
        disputed = self.env["crm.customer.fulfilment"].search_count([("reason", "=", "disputed")])
        self.assertTrue(disputed)
        sold = dict(
            self.env["crm.customer.credit.snapshot"]._read_group(
                [("company_id", "in", self.companies.ids)], ["credit_status"], ["__count"]
            )
        )
        self.assertEqual(set(sold), {"none", "green", "amber", "red"})
        self.assertGreater(min(sold.values()), 20, sold)
        # who buys for the first time has no situation, and nobody had one on the first day
        first = self.env["crm.customer.credit.snapshot"].search(
            [("company_id", "in", self.companies.ids)], order="date, id", limit=10
        )
        self.assertEqual(set(first.mapped("credit_status")), {"none"})
