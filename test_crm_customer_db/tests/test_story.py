# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.mass_mailing.tests.common import MassMailCase
from odoo.addons.point_of_sale.tests.common import CommonPosTest

SELLER = "sales_team.group_sale_salesman_all_leads,base.group_partner_manager"


class StoryCommon(MassMailCase, CommonPosTest):
    """A customer whose whole story is told by Odoo's own documents, day by day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        company.customer_tz = "Europe/Madrid"
        # who does the work: everything but settings
        for group in (
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
            "mass_mailing.group_mass_mailing_user",
            "survey.group_survey_manager",
        ):
            cls.env.user.group_ids += cls.env.ref(group)
        cls.env.user.tz = "Europe/Madrid"
        cls.seller = new_test_user(
            cls.env, login="cdb_seller", groups=SELLER, company_id=company.id, company_ids=[Command.set(company.ids)]
        )
        cls.reader = new_test_user(
            cls.env,
            login="cdb_reader",
            groups="crm_customer_db.group_customer_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Talleres Olid", "is_company": True, "email": "olid@example.com", "user_id": cls.seller.id}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Pilar Sanz", "parent_id": cls.customer.id, "email": "pilar@example.com"}
        )
        cls.tool = cls.env["product.product"].create(
            {
                "name": "Taladro",
                "type": "consu",
                "list_price": 100,
                "taxes_id": [Command.clear()],
                "invoice_policy": "order",
            }
        )
        cls.terms = cls.env.ref("account.account_payment_term_15days")

    @contextmanager
    def _on(self, moment):
        """Everything inside happens at a moment (UTC).

        :param moment: ``YYYY-MM-DD HH:MM``
        """
        when = datetime.strptime(moment, "%Y-%m-%d %H:%M")
        self.env.flush_all()
        with freeze_time(when), patch.object(self.env.cr, "now", lambda: when):
            yield
            self.env.flush_all()
            self.env["crm.customer.feed"]._sync_pending()

    def _sell(self):
        """Quotation, order, late delivery, invoice, part returned and credited, paid late."""
        with self._on("2026-02-02 09:00"):
            order = self.env["sale.order"].create(
                {
                    "partner_id": self.contact.id,
                    "payment_term_id": self.terms.id,
                    "validity_date": "2026-02-28",
                    "order_line": [Command.create({"product_id": self.tool.id, "product_uom_qty": 10})],
                }
            )
            order.action_quotation_sent()
        with self._on("2026-02-04 10:00"):
            order.action_confirm()
            picking = order.picking_ids
            picking.move_ids.date = picking.date_deadline = picking.scheduled_date = datetime(2026, 2, 6, 12)
        with self._on("2026-02-10 15:00"):
            picking.move_ids.write({"quantity": 10, "picked": True})
            picking.button_validate()
        with self._on("2026-02-11 08:00"):
            invoice = order._create_invoices()
            invoice.invoice_date = "2026-02-11"
            invoice.action_post()
        with self._on("2026-02-16 11:00"):
            wizard = Form(
                self.env["stock.return.picking"].with_context(active_id=picking.id, active_model="stock.picking")
            ).save()
            wizard.product_return_moves.quantity = 2
            back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
            back.move_ids.write({"quantity": 2, "picked": True})
            back.button_validate()
        with self._on("2026-02-17 08:00"):
            reversal = (
                self.env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=invoice.ids)
                .create({"journal_id": invoice.journal_id.id, "date": "2026-02-17"})
            )
            credit = self.env["account.move"].browse(reversal.refund_moves()["res_id"])
            credit.invoice_date = "2026-02-17"
            credit.invoice_line_ids.quantity = 2
            credit.action_post()
            (invoice + credit).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            ).reconcile()
        with self._on("2026-03-20 06:00"):
            self.env["crm.customer.feed.state"].sudo().search([])._sync_due(date(2026, 3, 20))
        with self._on("2026-04-01 09:00"):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"payment_date": "2026-04-01"})._create_payments()
        return order, picking, invoice, back, credit

    def _mail(self):
        """A mailing that is opened, clicked and answered by leaving the list."""
        with self._on("2026-04-10 09:00"):
            mailing_list = self.env["mailing.list"].create({"name": "Ofertas"})
            listed = self.env["mailing.contact"].create(
                {"name": "Pilar", "email": "pilar@example.com", "list_ids": [Command.set(mailing_list.ids)]}
            )
            mailing = self.env["mailing.mailing"].create(
                {
                    "subject": "Rebajas de primavera",
                    "mailing_model_id": self.env["ir.model"]._get_id("mailing.list"),
                    "contact_list_ids": [Command.set(mailing_list.ids)],
                    "email_from": "marketing@example.com",
                    "body_html": '<p><a href="https://www.example.com/rebajas">Ver</a></p>',
                }
            )
            with self.mock_mail_gateway():
                mailing.action_send_mail(listed.ids)
        trace = mailing.mailing_trace_ids
        code = self.env["link.tracker.code"].sudo().search([("link_id.mass_mailing_id", "=", mailing.id)], limit=1)
        with self._on("2026-04-10 12:00"):
            self.env["link.tracker.click"].sudo().add_click(code.code, ip="192.0.2.1", mailing_trace_id=trace.id)
        with self._on("2026-04-11 12:00"):
            listed.subscription_ids.write({"opt_out": True})
        return mailing

    def _answer(self):
        """A survey that is answered."""
        with self._on("2026-05-05 17:00"):
            survey = self.env["survey.survey"].create(
                {
                    "title": "Satisfacción",
                    "question_and_page_ids": [
                        Command.create(
                            {
                                "title": "¿Volvería?",
                                "question_type": "simple_choice",
                                "suggested_answer_ids": [
                                    Command.create({"value": "Sí"}),
                                    Command.create({"value": "No"}),
                                ],
                            }
                        ),
                        Command.create({"title": "Nota", "question_type": "numerical_box"}),
                    ],
                }
            )
            answers = survey._create_answer(partner=self.contact)
            choice, number = survey.question_ids
            answers._save_lines(choice, choice.suggested_answer_ids[0].id)
            answers._save_lines(number, "9")
            answers._mark_done()
        return answers

    def _buy_at_the_till(self):
        with self._on("2026-06-01 10:00"):
            order, _refund = self.create_backend_pos_order(
                {
                    "order_data": {"partner_id": self.contact.id},
                    "line_data": [{"product_id": self.ten_dollars_no_tax.product_variant_id.id, "qty": 3}],
                    "payment_data": [{"payment_method_id": self.cash_payment_method.id}],
                }
            )
        return order


@tagged("post_install", "-at_install", "crm_customer_db")
class TestStory(StoryCommon):
    """Each document is one event, in order, and leads back to the document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Fact = cls.env["crm.customer.fact"]

    def _story(self):
        self.order, self.picking, self.invoice, self.back, self.credit = self._sell()
        self.mailing = self._mail()
        self.answers = self._answer()
        self.till = self._buy_at_the_till()

    def _rows(self):
        """All rows of the customer, of every kind."""
        return [
            row
            for model in self.Fact._fact_models()
            for row in model.sudo().search([("commercial_partner_id", "=", self.customer.id)], order="date, id")
        ]

    def test_events(self):
        """Exactly these rows, whatever the number of documents and messages behind them."""
        self._story()
        said = [
            (str(row.date)[:16], row._name.removeprefix("crm.customer."), row.kind if "kind" in row else "")
            for row in self._rows()
        ]
        self.assertEqual(
            sorted(said),
            [
                ("2026-02-02 09:00", "interaction", "quotation"),
                ("2026-02-04 10:00", "purchase", ""),
                ("2026-02-10 15:00", "fulfilment", "shipment"),
                ("2026-02-16 11:00", "fulfilment", "return"),
                ("2026-03-14 11:00", "fulfilment", "unpaid"),
                ("2026-04-10 09:00", "marketing.action", ""),
                ("2026-04-10 12:00", "marketing.reaction", "click"),
                ("2026-04-10 12:00", "marketing.reaction", "open"),
                ("2026-04-11 12:00", "marketing.reaction", "unsubscribe"),
                ("2026-05-05 17:00", "survey.answer", ""),
                ("2026-05-05 17:00", "survey.answer", ""),
                ("2026-06-01 10:00", "purchase", ""),
            ],
        )
        self.assertTrue(all(row.partner_id == self.contact for row in self._rows()))

    def test_timeline(self):
        """The timeline has exactly these events, newest first: an order, a mailing and a
        questionnaire are one each. Each opens its document; a salesperson without Email
        Marketing sees the words of the mailing only."""
        self._story()
        events = [
            ("2026-06-01 10:00", "purchase", self.till.pos_reference, []),
            ("2026-05-05 17:00", "survey", "Satisfacción", []),
            ("2026-04-10 09:00", "marketing", "Rebajas de primavera", ["Clicked", "Unsubscribed"]),
            ("2026-03-14 11:00", "unpaid", self.invoice.name, ["Paid", "34 days late"]),
            ("2026-02-16 11:00", "return", self.back.name, ["Done"]),
            ("2026-02-10 15:00", "shipment", self.picking.name, ["Delivered", "4 days late"]),
            ("2026-02-04 10:00", "purchase", self.order.name, []),
            ("2026-02-02 09:00", "quotation", self.order.name, ["Accepted"]),
        ]
        for user, closed in ((self.env.user, set()), (self.seller, {"marketing", "purchase"})):
            with self.subTest(user=user.login):
                page = self.customer.with_user(user).customer_timeline_page()
                said = [
                    (row["date"][:16], row["kind"], row["subject"], [badge["text"] for badge in row["badges"]])
                    for row in page["rows"]
                ]
                # answers about a person are for those who may read personal data
                told = [event for event in events if user == self.env.user or event[1] != "survey"]
                self.assertEqual(said, told)
                self.assertFalse(page["before"])
                for row in page["rows"]:
                    fact = self.env[row["model"]].with_user(user).browse(row["id"])
                    if row["open"]:
                        self.assertEqual(row["open"], "document")
                        self.assertTrue(fact.action_open_document()["res_id"])
                    else:
                        self.assertIn(row["kind"], closed)
                        with self.assertRaises(UserError):
                            fact.action_open_document()

    def test_figures(self):
        """What was ordered, credited, invoiced, promised, unpaid: as the documents say it."""
        self._story()
        sale, till = (row for row in self._rows() if row._name == "crm.customer.purchase")
        self.assertEqual((sale.amount, sale.amount_invoiced, sale.quantity), (800, 800, 8))
        self.assertEqual((till.amount, till.amount_invoiced, till.payment_form), (30, 0, "cash"))
        quotation = next(row for row in self._rows() if row._name == "crm.customer.interaction")
        self.assertEqual(
            (quotation.state, quotation.amount, str(quotation.expires_on)), ("accepted", 1000, "2026-02-28")
        )
        shipment, back, unpaid = (row for row in self._rows() if row._name == "crm.customer.fulfilment")
        self.assertEqual((str(shipment.promised_on), str(shipment.solved_on)), ("2026-02-06", "2026-02-10"))
        self.assertEqual((shipment.state, back.state), ("solved", "solved"))
        self.assertEqual((unpaid.reason, unpaid.amount, unpaid.state), ("overdue", 800, "solved"))
        self.assertEqual((str(unpaid.promised_on), str(unpaid.solved_on)), ("2026-02-26", "2026-04-01"))
        self.assertTrue(self.contact.customer_no_email, "left the only list")

    def test_invoice_report(self):
        """What is invoiced of all purchases is Odoo's own invoice analysis, to the cent."""
        self._story()
        invoiced = sum(row.amount_invoiced for row in self._rows() if row._name == "crm.customer.purchase")
        [(report,)] = self.env["account.invoice.report"]._read_group(
            [("commercial_partner_id", "=", self.customer.id), ("state", "=", "posted")], [], ["price_subtotal:sum"]
        )
        self.assertEqual(invoiced, report)

    def test_documents(self):
        """Every row leads to its document; who may not open it reads the words.

        Odoo lets salespeople read the invoices of their orders, so who may not is a
        colleague who only reads the customer file.
        """
        self._story()
        expected = {
            "crm.customer.interaction": self.order,
            "crm.customer.marketing.action": self.mailing,
            "crm.customer.survey.answer": self.answers,
        }
        for row in self._rows():
            action = row.with_user(self.env.user).action_open_document()
            document = self.env[action["res_model"]].browse(action["res_id"])
            if row._name in expected:
                self.assertEqual(document, expected[row._name])
            self.assertTrue(document.exists())
        unpaid = next(row for row in self._rows() if "reason" in row and row.reason == "overdue")
        words = unpaid.with_user(self.reader)
        self.assertEqual((words.order_ref, words.amount), (self.invoice.name, 800))
        with self.assertRaises(UserError):
            words.action_open_document()
        sent = next(row for row in self._rows() if row._name == "crm.customer.marketing.action")
        self.assertEqual(sent.with_user(self.seller).subject, "Rebajas de primavera")
        with self.assertRaises(UserError):
            sent.with_user(self.seller).action_open_document()

    def test_nothing_to_mend(self):
        """After all that the nightly comparison finds nothing."""
        self._story()
        states = self.env["crm.customer.feed.state"].sudo().search([])
        states._backfill()
        found = {name: ids for name, ids in states._audit().items() if ids}
        self.assertFalse(found)
