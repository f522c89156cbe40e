# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from odoo.addons.crm_customer_db.models import res_partner

from .common import CustomerDbCommon


class TestOrigin(CustomerDbCommon):
    """The first origin of a customer is kept for good."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fair, cls.web = cls.env["crm.customer.origin"].create(
            [{"name": "Fair", "code": "CDB1"}, {"name": "Web", "code": "CDB2"}]
        )

    def test_first_one_stays(self):
        """No later write changes or empties an origin; the other values arrive."""
        partner = self._partner(customer_origin_id=self.fair.id)
        for user in (self.user_sales_own, self.user_data_entry, self.user_manager):
            for value in (self.web.id, False):
                with self.subTest(user=user.login, value=value):
                    self._as(user, partner).write({"customer_origin_id": value, "ref": user.login})
                    self.assertEqual(partner.customer_origin_id, self.fair)
                    self.assertEqual(partner.ref, user.login)

    def test_context_is_no_way_around(self):
        """The context of the correction helps nobody but a customer manager."""
        partner = self._partner(customer_origin_id=self.fair.id)
        for user in (self.user_sales_own, self.user_data_entry, self.user_marketing):
            self._as(user, partner).with_context(customer_origin_correction=True).write(
                {"customer_origin_id": self.web.id}
            )
            self.assertEqual(partner.customer_origin_id, self.fair)

    def test_mass_edit_fills_the_gaps(self):
        """A mass edit gives the origin to those without one and leaves the others."""
        with_one, without = self._partner(customer_origin_id=self.fair.id), self._partner()
        self._as(self.user_marketing, with_one + without).write(
            {"customer_origin_id": self.web.id, "customer_priority": "b"}
        )
        self.assertEqual(with_one.customer_origin_id, self.fair)
        self.assertEqual(without.customer_origin_id, self.web)
        self.assertEqual((with_one + without).mapped("customer_priority"), ["b", "b"])

    def test_import(self):
        """An import fills an origin that is missing, and neither changes nor empties one."""
        known = self._partner(customer_origin_id=self.fair.id)
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "cdb_o", "model": "res.partner", "res_id": known.id}
        )
        Partner = self._as(self.user_data_entry, self.env["res.partner"])
        for code in ("CDB2 Web", ""):
            result = Partner.load(
                ["id", "name", "customer_origin_id"],
                [["__import__.cdb_o", "a", code], ["__import__.cdb_o2", "b", code]],
            )
            self.assertFalse(result["messages"])
            self.assertEqual(known.customer_origin_id, self.fair)
            self.assertEqual(self.env.ref("__import__.cdb_o2").customer_origin_id, self.web)

    def test_form_says_so(self):
        """In the form the first origin comes back, with a sentence."""
        partner = self._as(self.user_sales_own, self._partner(customer_origin_id=self.fair.id))
        with Form(partner, "base.view_partner_form") as form, self.assertLogs("odoo.tests.form.onchange", "WARNING"):
            form.customer_origin_id = self.web
            self.assertEqual(form.customer_origin_id, self.fair)

    def test_managers_correction(self):
        """A manager takes a wrong origin out, of the contacts too, and the right one is typed."""
        company = self._partner(customer_origin_id=self.fair.id)
        contact = self._person(parent_id=company.id)
        with self.assertRaises(UserError):
            self._as(self.user_sales_own, company).action_customer_clear_origin()
        self._as(self.user_manager, company).action_customer_clear_origin()
        self.assertFalse((company + contact).customer_origin_id)
        self.assertIn("Fair", company.message_ids[:1].body)
        self._as(self.user_sales_own, company).customer_origin_id = self.web
        self.assertEqual((company + contact).mapped("customer_origin_id"), self.web)

    def test_contacts_have_their_companys(self):
        """A contact shows the origin of its company, also when it had one of its own."""
        contact = self._person(customer_origin_id=self.web.id)
        company = self._partner(customer_origin_id=self.fair.id)
        self._as(self.user_sales_own, contact).parent_id = company
        self.assertEqual(contact.customer_origin_id, self.fair)
        late = self._partner()
        self._as(self.user_sales_own, contact).parent_id = late
        self._as(self.user_sales_own, late).customer_origin_id = self.web
        self.assertEqual(contact.customer_origin_id, self.web)

    def test_merge_keeps_the_older(self):
        """Of two origins a merge keeps that of the contact that was there first."""
        old = self._partner(customer_origin_id=self.fair.id, email="x@x.es")
        new = self._partner(customer_origin_id=self.web.id, email="x@x.es")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = create_date - interval '1 day' WHERE id = %s",
            [old.id],
        )
        self.env.invalidate_all()
        new = self._as(self.user_manager, new)
        self.env["base.partner.merge.automatic.wizard"].with_user(self.user_manager)._merge([old.id, new.id], new)
        self.assertEqual(new.customer_origin_id, self.fair)

    def test_from_utm(self):
        """Source and medium together, then the source, then the medium; else none."""
        Source, Medium = self.env["utm.source"], self.env["utm.medium"]
        google, bing = Source.create([{"name": "cdb google"}, {"name": "cdb bing"}])
        cpc, mail = Medium.create([{"name": "cdb cpc"}, {"name": "cdb mail"}])
        by_both, by_source, by_medium = self.env["crm.customer.origin"].create(
            [
                {
                    "name": "both",
                    "code": "CDB3",
                    "source_ids": [Command.set(google.ids)],
                    "medium_ids": [Command.set(cpc.ids)],
                },
                {"name": "source", "code": "CDB4", "source_ids": [Command.set(google.ids)]},
                {"name": "medium", "code": "CDB5", "medium_ids": [Command.set(cpc.ids)]},
            ]
        )
        Origin = self._as(self.user_sales_own, self.env["crm.customer.origin"])
        for source, medium, expected in (
            (google, cpc, by_both),
            (google, mail, by_source),
            (google, Medium, by_source),
            (bing, cpc, by_medium),
            (Source, cpc, by_medium),
            (bing, mail, Origin),
            (Source, Medium, Origin),
        ):
            with self.subTest(source=source.name, medium=medium.name):
                self.assertEqual(Origin._from_utm(source, medium), expected)
        with self.assertRaises(ValidationError) as caught:
            by_medium.write({"source_ids": [Command.set(google.ids)]})
        self.assertIn("both", str(caught.exception))
        with self.assertRaises(ValidationError):
            Origin.sudo().create({"name": "x", "code": "CDB1"})


class TestKind(CustomerDbCommon):
    """What kind of customer a contact is: decided in one place, changeable."""

    def test_derived(self):
        """Company, parent and tax number decide as long as nobody says otherwise."""
        company = self._partner(vat="ESB58378431")
        for vals, kind in (
            ({}, "consumer"),
            ({"is_company": True}, "company"),
            ({"is_company": True, "vat": "ES12345678Z"}, "self_employed"),
            ({"is_company": True, "vat": "12345678Z", "country_id": self.spain.id}, "self_employed"),
            ({"is_company": True, "vat": "PT501442600"}, "company"),
            ({"vat": "ES12345678Z"}, "self_employed"),
            ({"vat": "/"}, "consumer"),
            ({"parent_id": company.id}, "contact"),
            ({"parent_id": company.id, "is_company": True}, "company"),
        ):
            with self.subTest(vals=vals):
                partner = self.env["res.partner"].create(dict(vals, name="x"))
                self.assertEqual(partner.customer_kind, kind)
                self.assertFalse(partner.customer_kind_typed)

    def test_follows(self):
        """An unchosen kind follows parent and company flag."""
        partner = self._as(self.user_sales_own, self._person())
        partner.parent_id = self._partner()
        self.assertEqual(partner.customer_kind, "contact")
        partner.parent_id = False
        partner.is_company = True
        self.assertEqual(partner.customer_kind, "company")

    def test_choice_survives(self):
        """A chosen kind stays whatever changes, is found, and can be taken back."""
        partner = self._as(self.user_sales_own, self._person())
        partner.customer_kind = "self_employed"
        company = self._partner()
        for vals in (
            {"parent_id": company.id},
            {"parent_id": False, "is_company": True},
            {"vat": "ESB58378431"},
            {"vat": False, "is_company": False},
        ):
            partner.write(vals)
            partner.invalidate_recordset()
            self.assertEqual(partner.customer_kind, "self_employed", vals)
        self.assertTrue(partner.search([("id", "=", partner.id), ("customer_kind", "=", "self_employed")]))
        partner.customer_kind = "consumer"
        self.assertFalse(partner.customer_kind_typed)
        partner.is_company = True
        self.assertEqual(partner.customer_kind, "company")

    def test_emptied(self):
        """An emptied kind goes back to the derived one, in the database too."""
        for start in ("self_employed", "consumer"):
            with self.subTest(start=start):
                partner = self._as(self.user_sales_own, self._person(customer_kind=start))
                partner.customer_kind = False
                partner.flush_recordset()
                partner.invalidate_recordset()
                self.assertEqual(partner.customer_kind, "consumer")

    def test_in_form_and_import(self):
        """The kind is chosen in the form and in a file like any other field."""
        with Form(self._as(self.user_sales_own, self.env["res.partner"]), "base.view_partner_form") as form:
            form.name = "Nuevo"
            form.customer_kind = "self_employed"
        self.assertEqual(form.save().customer_kind_typed, "self_employed")
        result = self._as(self.user_data_entry, self.env["res.partner"]).load(
            ["name", "customer_kind"], [["x", "self_employed"], ["y", ""]]
        )
        self.assertFalse(result["messages"])
        partners = self.env["res.partner"].browse(result["ids"])
        self.assertEqual(partners.mapped("customer_kind"), ["self_employed", "consumer"])

    def test_cron_fills_what_was_there_before(self):
        """The scheduled action fills missing kinds in slices, keeps chosen ones, and may be cut off."""
        partners = self.env["res.partner"].create([{"name": f"p{n}"} for n in range(25)])
        partners[0].write({"is_company": True})
        partners[1].customer_kind_typed = "contact"
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET customer_kind = NULL")
        self.env.cr.execute("SELECT count(*) FROM res_partner")
        total = self.env.cr.fetchone()[0]
        self.env.invalidate_all()
        cron = self.env.ref("crm_customer_db.ir_cron_fill_customer_kind")
        Partner = self.registry["res.partner"]
        writes = []
        slices = []
        commit = type(self.env["ir.cron"])._commit_progress

        def commit_progress(model, processed=0, **kwargs):
            slices.append(processed)
            return commit(model, processed, **kwargs)

        with (
            patch.object(res_partner, "KIND_SLICE", 10),
            patch.object(Partner, "write", lambda *args: writes.append(args) or True),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", commit_progress),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.env.cr.execute("SELECT count(*) FROM res_partner WHERE customer_kind IS NULL")
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.assertFalse(writes, "a backfill is no edit of the contact")
        self.assertEqual(sum(slices), total)
        self.assertLessEqual(max(slices), 10)
        self.assertEqual(partners[0].customer_kind, "company")
        self.assertEqual(partners[1].customer_kind, "contact")
        self.assertEqual(partners[24].customer_kind, "consumer")

    def test_no_recompute_at_installation(self):
        """Creating the column marks no contact for a computation in Python."""
        partner = self._person()
        self.env.flush_all()
        for column in ("customer_kind", "customer_headcount_band"):
            self.env.cr.execute(f"ALTER TABLE res_partner DROP COLUMN {column} CASCADE")
        self.env.invalidate_all()
        # What the registry does to a model when its addon is installed
        with (
            patch.object(self.registry["res.partner"], "_compute_customer_kind") as kind,
            patch.object(self.registry["res.partner"], "_compute_customer_headcount_band") as band,
        ):
            self.registry.init_models(self.env.cr, ["res.partner"], {"module": "crm_customer_db"}, install=True)
            self.env.flush_all()
        kind.assert_not_called()
        band.assert_not_called()
        self.env.cr.execute("SELECT customer_kind FROM res_partner WHERE id = %s", [partner.id])
        self.assertEqual(self.env.cr.fetchone(), (None,))
