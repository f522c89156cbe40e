# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of the customer file share: companies, one real user per role, helpers."""

from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.base.tests.common import DISABLED_MAIL_CONTEXT

CONTACTS = "base.group_partner_manager"

# Attribute of the test class → groups. Odoo gives new users the right to edit contacts;
# who is to have it here says so, because Sales alone does not bring it in the core.
ROLES = {
    # Sales: own documents only
    "user_sales_own": f"sales_team.group_sale_salesman,{CONTACTS}",
    # Sales: all documents
    "user_sales_all": f"sales_team.group_sale_salesman_all_leads,{CONTACTS}",
    # Reads the customer file, edits no contact
    "user_customer": "crm_customer_db.group_customer_user",
    "user_data_entry": "crm_customer_db.group_customer_data_entry",
    "user_marketing": f"crm_customer_db.group_customer_marketing,{CONTACTS}",
    "user_manager": f"crm_customer_db.group_customer_manager,{CONTACTS}",
    # Edits contacts and their personal data
    "user_personal": (f"crm_customer_db.group_customer_user,crm_customer_db.group_personal_data,{CONTACTS}"),
    # Nothing of ours
    "user_employee": "base.group_user",
}


@tagged("post_install", "-at_install", "crm_customer_db")
class CustomerDbCommon(TransactionCase):
    """Two Spanish companies in euros, one user per role who may work in both.

    ``company_a`` is everybody's own company and that of ``self.env``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **DISABLED_MAIL_CONTEXT))
        cls.spain = cls.env.ref("base.es")
        cls.madrid = cls.env.ref("base.state_es_m")
        cls.portugal = cls.env.ref("base.pt")
        cls.usa = cls.env.ref("base.us")
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        companies = cls._company("Suministros A", "Suministros B")
        cls.company_a, cls.company_b = companies
        # at once, not one by one with new_test_user(): this is done for every class of tests
        users = cls.env["res.users"].create(
            [
                {
                    "name": f"cdb_{attribute} ({groups})",
                    "login": f"cdb_{attribute}",
                    "password": f"cdb_{attribute}",
                    "email": "c.c@example.com",
                    "group_ids": [Command.set([cls.env.ref(group).id for group in groups.split(",")])],
                    "company_id": cls.company_a.id,
                    "company_ids": [Command.set(companies.ids)],
                    "lang": "en_US",
                    "tz": "Europe/Madrid",
                }
                for attribute, groups in ROLES.items()
            ]
        )
        for attribute, user in zip(ROLES, users, strict=True):
            setattr(cls, attribute, user)
        cls.env.user.company_ids += companies
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US", allowed_company_ids=cls.company_a.ids))

    @classmethod
    def _company(cls, *names):
        return cls.env["res.company"].create(
            [
                {
                    "name": name,
                    "country_id": cls.spain.id,
                    "currency_id": cls.euro.id,
                    "customer_tz": "Europe/Madrid",
                }
                for name in names
            ]
        )

    @classmethod
    def _partner(cls, **vals):
        """A contact, by default a Spanish company."""
        return cls.env["res.partner"].create(
            {"name": "Talleres Ejemplo", "is_company": True, "country_id": cls.spain.id, **vals}
        )

    @classmethod
    def _person(cls, **vals):
        """A contact, by default a private person in Spain."""
        return cls._partner(**{"name": "Ana García", "is_company": False, **vals})

    def _as(self, user, records, *companies):
        """Records as a user sees them, in companies (all of the user's own by default)."""
        companies = companies or (user.company_id,)
        return records.with_user(user).with_context(allowed_company_ids=[company.id for company in companies])

    @contextmanager
    def assert_refused(self, *words):
        """What happens inside is refused with a sentence that has these words, and undone."""
        with self.assertRaises(ValidationError) as caught:
            yield
        for word in words:
            self.assertIn(word, str(caught.exception))
