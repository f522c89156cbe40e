# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of leads and meetings share."""

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.crm_customer_db.tests.common import CONTACTS
from odoo.addons.crm_customer_db.tests.mail_common import MailCommon

CALL, VISIT = "mail.mail_activity_data_call", "crm_customer_db.mail_activity_type_visit"


class CrmCommon(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Lead = cls.env["crm.lead"]
        cls.user_crm = new_test_user(
            cls.env,
            "cdb_crm_manager",
            groups=f"sales_team.group_sale_manager,{CONTACTS}",
            company_id=cls.company_a.id,
            company_ids=[Command.set((cls.company_a + cls.company_b).ids)],
        )
        cls.team = cls.env["crm.team"].create({"name": "Ventas", "company_id": False})
        cls.won = cls.env["crm.stage"].create({"name": "Ganado", "is_won": True, "sequence": 70})
        cls.fair = cls.env["utm.source"].create({"name": "Feria de Zaragoza"})
        cls.origin = cls.env["crm.customer.origin"].create(
            {"code": "FZ", "name": "Feria", "source_ids": [Command.set(cls.fair.ids)]}
        )
        cls.campaign = cls.env["utm.campaign"].create({"title": "Primavera"})

    @classmethod
    def _lead(cls, user=None, **vals):
        vals = {
            "name": "Cubiertas para la flota",
            "type": "opportunity",
            "partner_id": cls.pilar.id,
            "user_id": cls.user_sales_all.id,
            "team_id": cls.team.id,
            "company_id": cls.company_a.id,
            **vals,
        }
        user = user or cls.user_sales_all
        return cls.Lead.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).create(vals)

    def _answer(self, lead, **vals):
        """A message that the salesperson writes on a lead."""
        return self._sent(lead.sudo(), **vals)
