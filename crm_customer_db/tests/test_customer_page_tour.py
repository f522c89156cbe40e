# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The customer page in a real browser."""

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from .common import CustomerDbCommon

FIRM = "Talleres del Tour"


@tagged("post_install", "-at_install")
class TestCustomerPageTour(HttpCase, CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = cls.env["crm.customer.contact.role"].search([], limit=2)
        cls.firm = cls._partner(
            name=FIRM,
            customer_mark="customer",
            user_id=cls.user_sales_own.id,
            street="C/ Mayor 5",
            zip="50001",
            city="Zaragoza",
            company_id=cls.company_a.id,
        )
        for name, site in (("Utebo", "warehouse"), ("Centro", "shop"), ("Cuarte", "plant")):
            cls._partner(
                name=name,
                is_company=False,
                parent_id=cls.firm.id,
                type="delivery",
                customer_site=site,
            )
        for number, name in enumerate(("Berta", "Carlos", "Dora", "Elías", "Flora")):
            cls._person(
                name=name,
                parent_id=cls.firm.id,
                phone=f"+34 60000000{number}",
                customer_is_key_contact=number < 3,
                customer_contact_role_ids=[Command.set(roles.ids)],
            )
        cls.env["crm.customer.purchase"].create(
            {
                "partner_id": cls.firm.id,
                "company_id": cls.company_a.id,
                "amount_currency": 250,
                "order_ref": "TOUR-1",
                "date": fields.Datetime.now(),
            }
        )
        cls.territory = cls.env["crm.customer.territory"].create(
            {"code": "TOUR", "name": "Tour", "company_id": cls.company_a.id}
        )

    def _tour(self):
        self.start_tour("/odoo", "crm_customer_db_page", login=self.user_sales_own.login)
        self.env.invalidate_all()
        self.assertEqual(self.firm.customer_trade_name, "El Puente")
        new = self.env["res.partner"].search([("name", "=", "Nuevo del Tour")])
        self.assertEqual(len(new), 1)
        self.assertEqual(new.user_id, self.user_sales_own, "a salesperson's customer is his")
        for customer in new + self.firm:
            customer = customer.with_company(self.company_a)
            self.assertEqual(customer.customer_priority, "b")
            self.assertEqual(customer.customer_territory_id, self.territory)
            self.assertTrue(customer.customer_territory_manual, "chosen by hand, in a list, too")
        settings = self.user_sales_own.res_users_settings_id
        self.assertFalse(settings.customer_show_all_fields, "the switch was put back")

    def test_page(self):
        """A salesperson opens a customer from our menu, sees the slots, fills an empty field
        by its link, finds it after reopening, toggles *Show all fields*, creates a customer
        and changes priority and territory of several in the list."""
        self._tour()

    def test_page_in_spanish(self):
        """The same page works in Spanish."""
        self.env["res.lang"]._activate_lang("es_ES")
        addon = self.env["ir.module.module"].search([("name", "=", "crm_customer_db")])
        addon._update_translations(["es_ES"])
        menu = self.env.ref("crm_customer_db.menu_customers").with_context(lang="es_ES")
        self.assertEqual(menu.name, "Clientes", "what is walked through is the translation")
        self.user_sales_own.lang = "es_ES"
        self._tour()
