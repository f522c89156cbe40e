# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole story in a real browser, in Spanish."""

from odoo.tests import HttpCase, tagged

from .test_story import StoryCommon


@tagged("post_install", "-at_install", "crm_customer_db")
class TestStoryTour(StoryCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_ES")
        modules = cls.env["ir.module.module"].search([("state", "=", "installed")])
        modules.filtered(lambda module: module.name.startswith("crm_customer_db"))._update_translations(["es_ES"])
        (cls.env.user + cls.reader).write({"lang": "es_ES"})

    def setUp(self):
        super().setUp()
        self.customer.customer_mark = "customer"
        self._sell()
        self._mail()
        self._answer()
        self._buy_at_the_till()

    def test_story(self):
        """Whoever may do everything opens each document from its event."""
        self.customer.user_id = self.env.user
        self.start_tour("/odoo", "crm_customer_db_story", login=self.env.user.login, timeout=120)

    def test_words_only(self):
        """A colleague without Sales, Invoicing, Inventory sees what happened, and no document."""
        self.customer.user_id = self.reader
        self.start_tour("/odoo", "crm_customer_db_story_words", login=self.reader.login)
