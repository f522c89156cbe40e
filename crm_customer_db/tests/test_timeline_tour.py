# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The timeline and the button *Log* in a real browser."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .timeline_common import TimelineCommon


@tagged("post_install", "-at_install")
class TestTimelineTour(HttpCase, TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now, today = fields.Datetime.now(), fields.Date.today()
        cls.firm.write(
            {
                "name": "Talleres del Tiempo",
                "customer_mark": "customer",
                "user_id": cls.user_sales_own.id,
                "company_id": cls.company_a.id,
            }
        )
        cls.berta.customer_is_key_contact = True
        for number in range(1, 25):
            date = now - timedelta(days=30 - number)
            cls._order(f"Pedido {number}", [number * 5, number], date=date)
        cls._fact("interaction", kind="visit", subject="Visita antigua", date=now - timedelta(days=90))
        cls._fact(
            "fulfilment",
            kind="shipment",
            subject="Entrega prometida",
            date=now - timedelta(days=40),
            promised_on=today + timedelta(days=2),
        )

    def test_timeline_in_spanish(self):
        """A salesperson sees twenty events, shows more, filters, unfolds an order, logs a
        call by keyboard without losing what he was writing, and opens it."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.env["ir.module.module"].search([("name", "=", "crm_customer_db")])._update_translations(["es_ES"])
        self.user_sales_own.lang = "es_ES"
        self.start_tour("/odoo", "crm_customer_db_timeline", login=self.user_sales_own.login)
        call = self.env["crm.customer.interaction"].search([("subject", "=", "Quiere diez cajas más")])
        self.assertEqual(
            (call.kind, call.direction, call.partner_id, call.company_id),
            ("call", "out", self.berta, self.company_a),
        )
        self.assertLess(abs(call.date - fields.Datetime.now()), timedelta(minutes=10))
        self.assertEqual(self.firm.email, "taller@example.com")

    def test_timeline_in_english(self):
        self.start_tour("/odoo", "crm_customer_db_timeline", login=self.user_sales_own.login)
