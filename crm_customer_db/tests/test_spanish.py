# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The words of design §8 and §4 in Spanish, as a Spanish user gets them.

That nothing is left in English is not tested here: ``./dev i18n --check`` says so.
"""

import re

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools.translate import code_translations

from .common import CustomerDbCommon

MODULE = "crm_customer_db"

# Model → field → label in English and in Spanish
LABELS = {
    "res.partner": {
        "customer_nace_id": ("Economic activity (NACE)", "Actividad económica (CNAE)"),
        "customer_origin_id": ("Origin code", "Código de origen"),
        "customer_turnover": ("Customer's annual turnover", "Cifra de ventas anual del cliente"),
        "customer_asset_ids": ("Home and assets", "Bienes y propiedades"),
        "customer_priority": ("Priority code", "Código de prioridad"),
        "customer_division_id": ("Internal division", "División interna"),
        "customer_title_id": ("Title", "Título"),
        "customer_salutation": ("Salutation", "Fórmula de tratamiento"),
        "customer_site": ("Kind of site", "Designación de sede"),
        "customer_education": ("Education", "Nivel cultural"),
        "customer_income_level": ("Income level", "Nivel económico"),
        "customer_credit_level": ("Credit level", "Nivel crediticio"),
        "customer_marital_status": ("Marital status", "Estado civil"),
        "customer_call_window_ids": ("Best times to call", "Mejores horas para llamar"),
    },
    "crm.customer.purchase": {
        "amount": ("Ordered (excl. VAT)", "Pedido (sin IVA)"),
        "amount_invoiced": ("Invoiced (excl. VAT)", "Facturado (sin IVA)"),
        "method": ("How ordered", "Forma de compra"),
        "payment_form": ("Payment method", "Forma de pago"),
        "credit_status": ("Credit situation", "Situación crediticia"),
        "credit_grade": ("Payment record", "Nivel crediticio"),
    },
}

CREDIT_STATUS = {
    "green": ("OK", "Al corriente"),
    "amber": ("Watch", "Vigilar"),
    "red": ("Stop", "Riesgo"),
    "none": ("No data", "Sin datos"),
}


@tagged("post_install", "-at_install", "crm_customer_db")
class TestSpanish(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_ES")
        # The menu and the page are those of whatever feeds are installed beside
        modules = cls.env["ir.module.module"].search([("name", "=like", f"{MODULE}%"), ("state", "=", "installed")])
        modules._update_translations(["es_ES"], overwrite=True)
        cls.user_manager.lang = "es_ES"

    def _reading(self, model, lang):
        return self.env[model].with_user(self.user_manager).with_context(lang=lang)

    def test_field_labels(self):
        for model, expected in LABELS.items():
            for index, lang in enumerate(("en_US", "es_ES")):
                found = self._reading(model, lang).fields_get(list(expected), ["string"])
                self.assertEqual(
                    {name: found[name]["string"] for name in expected},
                    {name: words[index] for name, words in expected.items()},
                )

    def test_credit_situation(self):
        for index, lang in enumerate(("en_US", "es_ES")):
            field = self._reading("crm.customer.purchase", lang).fields_get(["credit_status"], ["selection"])[
                "credit_status"
            ]
            self.assertEqual(
                dict(field["selection"]),
                {key: words[index] for key, words in CREDIT_STATUS.items()},
            )

    def test_states_are_no_provinces(self):
        """English says state and open for two things each; a translation knows one word for both."""
        for model in ("crm.customer.interaction", "crm.customer.fulfilment"):
            described = self.env[model].with_context(lang="es_ES").fields_get(["state"])["state"]
            with self.subTest(model):
                self.assertEqual(described["string"], "Estado")
                self.assertEqual(dict(described["selection"])["open"], "Abierto")

    def test_app_and_page(self):
        menu = self.env.ref(f"{MODULE}.menu_root").with_context(lang="es_ES")
        self.assertEqual(menu.name, "Base de datos de clientes")
        view = self.env.ref(f"{MODULE}.res_partner_view_form_customer")
        arch = self._reading("res.partner", "es_ES").get_view(view.id, "form")["arch"]
        self.assertRegex(arch, r'<page [^>]*string="Ficha de cliente"')

    def test_every_menu_has_a_spanish_name(self):
        menus = self.env["ir.ui.menu"].search([("id", "child_of", self.env.ref(f"{MODULE}.menu_root").id)])
        for menu in menus:
            names = [menu.with_context(lang=lang).name for lang in ("en_US", "es_ES")]
            # The same word in both languages
            if names[0] != "Marketing":
                self.assertNotEqual(*names)

    def test_catalogues_come_in_spanish(self):
        """Names of shipped records are in the CSV files, not among the terms."""
        for model in ("crm.customer.channel", "crm.customer.contact.role", "crm.customer.asset"):
            entries = self.env[model].search([])
            shipped = entries.filtered(lambda entry: entry.get_external_id()[entry.id].startswith(f"{MODULE}."))
            self.assertTrue(shipped)
            names = [set(shipped.with_context(lang=lang).mapped("name")) for lang in ("en_US", "es_ES")]
            self.assertGreater(len(names[1] - names[0]), len(names[1]) / 2, model)

    def test_sentence(self):
        partner = self._partner(name="Hierros Ruiz").with_context(lang="es_ES")
        with self.assertRaisesRegex(ValidationError, "Los efectivos de Hierros Ruiz no pueden ser negativos"):
            partner.customer_headcount = -1

    def test_page_titles(self):
        """What the browser translates: its strings must be among those it is given."""
        messages = {
            message["id"]: message["string"]
            for message in code_translations.get_web_translations(MODULE, "es_ES")["messages"]
        }
        expected = {
            "What is open": "Pendiente",
            "Value": "Valor",
            "Credit": "Crédito",
            "Next step": "Próximo paso",
            "Show all fields": "Mostrar todos los campos",
        }
        self.assertEqual({text: messages.get(text) for text in expected}, expected)

    def test_placeholders(self):
        """A translation with another placeholder than the text would be dropped by Odoo."""
        holes = re.compile(r"%(?:\(\w+\))?[sd]")
        translations = code_translations.get_python_translations(MODULE, "es_ES")
        self.assertTrue(translations)
        for text, translation in translations.items():
            self.assertEqual(sorted(holes.findall(text)), sorted(holes.findall(translation)), text)
