# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two companies that keep accounts, an accountant in both, and documents as he makes them."""

from odoo import Command, fields
from odoo.tests import Form, new_test_user

from odoo.addons.crm_customer_db.tests.common import CONTACTS, CustomerDbCommon


class AccountFeedCommon(CustomerDbCommon):
    """Documents are made by ``user_accountant`` with Odoo's own methods, never as superuser.

    ``company_a`` sells in euros; a dollar is worth 0.80 from 2026 on.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        charts = cls.env["account.chart.template"]
        for company in cls.company_a + cls.company_b:
            charts.try_loading("generic_coa", company=company, install_demo=False)
            company.currency_id = cls.euro
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.env["res.currency.rate"].search([("currency_id", "in", (cls.dollar + cls.euro).ids)]).unlink()
        for company in cls.company_a + cls.company_b:
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": cls.dollar.id,
                    "company_id": company.id,
                    "name": "2026-01-01",
                    "rate": 1.25,
                }
            )
        cls.user_accountant = new_test_user(
            cls.env,
            login="cdb_accountant",
            groups=f"account.group_account_invoice,{CONTACTS}",
            company_id=cls.company_a.id,
            company_ids=[Command.set((cls.company_a + cls.company_b).ids)],
            lang="en_US",
            tz="Europe/Madrid",
        )
        cls.customer = cls._partner(name="Talleres Olid")
        cls.buyer = cls._person(name="Pilar", parent_id=cls.customer.id)
        cls.category = cls.env["product.category"].create({"name": "Bearings"})
        cls.product = cls._product(name="Bearing 6204")
        cls.Purchase = cls.env["crm.customer.purchase"]
        cls.Fulfilment = cls.env["crm.customer.fulfilment"]

    @classmethod
    def _product(cls, **vals):
        return cls.env["product.product"].create(
            {
                "name": "Bearing",
                "type": "service",
                "categ_id": cls.category.id,
                "list_price": 100,
                "taxes_id": [Command.clear()],
                **vals,
            }
        )

    # ------------------------------------------------------------------ documents

    @classmethod
    def _journal(cls, kind, company=None):
        company = company or cls.company_a
        return cls.env["account.journal"].search([("type", "=", kind), ("company_id", "=", company.id)], limit=1)

    @classmethod
    def _mine(cls, records, company=None):
        """Records as the accountant has them, in one company."""
        company = company or cls.company_a
        return records.with_user(cls.user_accountant).with_context(allowed_company_ids=company.ids)

    def _invoice(self, *prices, post=True, company=None, **vals):
        """An invoice of 2026-03-01, due on 2026-03-31, with a line per price.

        :param prices: amounts, or dicts of values of a line
        """
        lines = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "quantity": 1,
                    "tax_ids": [Command.clear()],
                    **(price if isinstance(price, dict) else {"price_unit": price}),
                }
            )
            for price in prices
        ]
        kind = vals.pop("move_type", "out_invoice")
        values = {
            "move_type": kind,
            "partner_id": self.customer.id,
            "invoice_date": "2026-03-01",
            "invoice_line_ids": lines,
            **vals,
        }
        if kind != "out_refund" and "invoice_payment_term_id" not in vals:
            values.setdefault("invoice_date_due", "2026-03-31")
        invoice = self._mine(self.env["account.move"], company).create(values)
        if post:
            invoice.action_post()
        return invoice

    def _pay(self, invoices, date, amount=None, journal=None):
        """Register a payment with the wizard, as the button does."""
        wizard = (
            self._mine(self.env["account.payment.register"], invoices.company_id[:1])
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(
                {
                    "payment_date": date,
                    "journal_id": (journal or self._journal("bank", invoices.company_id[:1])).id,
                    "group_payment": len(invoices) > 1,
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        return wizard._create_payments()

    def _reverse(self, invoice, date, modify=False):
        """Credit an invoice in full, as the button does; with a new invoice when it is modified."""
        wizard = (
            self._mine(self.env["account.move.reversal"], invoice.company_id)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "date": date, "reason": "returned"})
        )
        action = wizard.modify_moves() if modify else wizard.refund_moves()
        credit = wizard.new_move_ids
        if modify:
            return self._mine(self.env["account.move"], invoice.company_id).browse(action["res_id"])
        return self._mine(credit, invoice.company_id)

    # ----------------------------------------------------------------------- facts

    def _state(self, name="invoice"):
        return self.env["crm.customer.feed.state"].search([("name", "=", f"crm.customer.feed.account.{name}")])

    def _rows(self, *documents):
        """Purchases that came from entries."""
        ids = [document.id for document in documents]
        return self.Purchase.search(
            [("feed", "=", "account"), ("source_model", "=", "account.move"), ("source_id", "in", ids)], order="id"
        )

    def _amounts(self, *documents):
        return sorted(self._rows(*documents).mapped("amount"))

    def _overdue(self, *documents):
        """Arrears that came from entries."""
        ids = [document.id for document in documents]
        return self.Fulfilment.search(
            [("feed", "=", "account"), ("source_model", "=", "account.move"), ("source_id", "in", ids)],
            order="promised_on, id",
        )

    def _returned(self, payment):
        """What the customer file says of returns of a payment."""
        returns = self.env["crm.customer.payment.return"].search([("payment_id", "=", payment.id)])
        return self.Fulfilment.search(
            [("source_model", "=", "crm.customer.payment.return"), ("source_id", "in", returns.ids)], order="id"
        )

    def _bring_back(self, payment, date, **vals):
        """The bank takes a payment back, as the button and its dialog do."""
        payment = self._mine(payment, payment.company_id)
        action = payment.action_customer_return()
        form = Form(self._mine(self.env[action["res_model"]], payment.company_id).with_context(**action["context"]))
        form.date = fields.Date.to_date(date)
        for name, value in vals.items():
            setattr(form, name, value)
        wizard = form.save()
        wizard.action_confirm()
        return self.env["crm.customer.payment.return"].search([("payment_id", "=", payment.id)], limit=1)

    def assert_in_step(self):
        """Nothing differs from the documents."""
        self.env.flush_all()
        self.env["crm.customer.feed"]._sync_pending()
        states = self.env["crm.customer.feed.state"].search([("name", "=like", "crm.customer.feed.account.%")])
        states.write({"state": "done"})
        self.assertEqual({name: ids for name, ids in states._audit().items() if ids}, {})
