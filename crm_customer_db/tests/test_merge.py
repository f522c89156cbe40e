# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command

from .common import CONTACTS, CustomerDbCommon


class TestMerge(CustomerDbCommon):
    """A merge loses nothing of ours, whoever merges; what the contact that stays says holds."""

    def merge(self, user, keep, *sources):
        keep = self._as(user, keep)
        self._as(user, self.env["base.partner.merge.automatic.wizard"])._merge(
            [keep.id, *(source.id for source in sources)], keep
        )
        self.env.invalidate_all()
        return keep.sudo()

    def test_personal_data_survive_who_may_not_read_them(self):
        """Personal values of the merged contact fill the gaps, also for one without the group."""
        keep = self._person(email="x@x.es", customer_children=1)
        gone = self._person(
            email="x@x.es",
            birthdate_date="1980-05-05",
            gender="female",
            customer_children=3,
            customer_education="master",
        )
        asset = self.env["crm.customer.asset"].search([], limit=1)
        gone.customer_asset_ids = asset
        self.assertFalse(self.user_sales_own.has_group("crm_customer_db.group_personal_data"))
        kept = self.merge(self.user_sales_own, keep, gone)
        self.assertEqual(str(kept.birthdate_date), "1980-05-05")
        self.assertEqual((kept.gender, kept.customer_education), ("female", "master"))
        self.assertEqual(kept.customer_children, 1)
        self.assertEqual(kept.customer_asset_ids, asset)

    def test_profile(self):
        """The company's profile is filled from the merged contact, the own values stay."""
        role = self.env["crm.customer.contact.role"].search([], limit=1)
        procedure = self.env["crm.customer.buying.procedure"].search([], limit=1)
        keep = self._partner(email="x@x.es", customer_priority="b", customer_headcount=5)
        gone = self._partner(
            email="x@x.es",
            customer_priority="d",
            customer_headcount=500,
            customer_trade_name="La Marca",
            customer_salutation="Queridos:",
            customer_mark="customer",
            customer_contact_role_ids=[Command.set(role.ids)],
            customer_buying_procedure_ids=[Command.set(procedure.ids)],
        )
        kept = self.merge(self.user_manager, keep, gone)
        self.assertEqual((kept.customer_priority, kept.customer_headcount), ("b", 5))
        self.assertEqual(kept.customer_headcount_band, "1_9")
        self.assertEqual(kept.customer_trade_name, "La Marca")
        self.assertEqual(kept.customer_salutation, "Queridos:")
        self.assertEqual(kept.customer_contact_role_ids, role)
        self.assertEqual(kept.customer_buying_procedure_ids, procedure)
        self.assertTrue(kept.customer_in_file)

    def test_confirmed_profile(self):
        """A profile that was confirmed can be merged by a user who can't write that date."""
        keep, gone = self._person(email="x@x.es"), self._person(email="x@x.es")
        for partner in keep + gone:
            self._as(self.user_sales_own, partner).action_customer_confirm_profile()
        kept = self.merge(self.user_sales_own, keep, gone)
        self.assertTrue(kept.customer_profile_confirmed_on)

    def test_credit_level_of_each_company(self):
        """Company-dependent values come along for both companies, whoever merges."""
        keep, gone = self._partner(email="x@x.es"), self._partner(email="x@x.es")
        gone.with_company(self.company_a).customer_credit_level = "b"
        gone.with_company(self.company_b).customer_credit_level = "e"
        keep.with_company(self.company_b).customer_credit_level = "a"
        user = self.env["res.users"].create(
            {
                "name": "contacts only",
                "login": "cdb_contacts_only",
                "group_ids": [Command.set((self.env.ref("base.group_user") + self.env.ref(CONTACTS)).ids)],
                "company_id": self.company_a.id,
                "company_ids": [Command.set((self.company_a + self.company_b).ids)],
            }
        )
        kept = self.merge(user, keep, gone)
        self.assertEqual(kept.with_company(self.company_a).customer_credit_level, "b")
        self.assertEqual(kept.with_company(self.company_b).customer_credit_level, "a")
