# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time

from .common import CustomerDbCommon

ADDRESS = {"street": "Calle Mayor 12", "zip": "28013", "city": "Madrid"}


class TestAddressHistory(CustomerDbCommon):
    """A real change sets the date and closes a row; anything else leaves no trace."""

    def assert_history(self, partner, *streets):
        """These streets, oldest first; only the last one still holds."""
        rows = partner.sudo().customer_address_ids.sorted("id")
        self.assertEqual(rows.mapped("street"), list(streets))
        self.assertEqual([bool(row.valid_to) for row in rows], [True] * (len(rows) - 1) + [False])

    # -- one real change, one row ----------------------------------------------

    def test_new_contact_has_one_row(self):
        """The first address is the first row; a contact without one has none."""
        with freeze_time("2026-03-02 10:00:00"):
            partner = self._as(self.user_sales_own, self.env["res.partner"]).create(dict(ADDRESS, name="x"))
        self.assert_history(partner, "Calle Mayor 12")
        self.assertEqual(partner.customer_address_date, fields.Datetime.to_datetime("2026-03-02 10:00:00"))
        self.assertEqual(partner.customer_address_ids.zip, "28013")
        empty = self.env["res.partner"].create({"name": "y"})
        self.assertFalse(empty.customer_address_ids)
        self.assertFalse(empty.customer_address_date)

    def test_create_with_parts_and_zip_is_one_row(self):
        """Parts and town given with a new contact are one address, not two."""
        partner = self._partner(customer_street_name="Calle Mayor", customer_street_number="12", zip="28013")
        self.assert_history(partner, "Calle Mayor 12")

    def test_move(self):
        """A move closes the old row at the moment the new one begins."""
        partner = self._partner(**ADDRESS)
        with freeze_time("2027-01-05 08:30:00"):
            self._as(self.user_sales_own, partner).write({"street": "Calle Luna 4"})
        self.assert_history(partner, "Calle Mayor 12", "Calle Luna 4")
        old, new = partner.customer_address_ids.sorted("id")
        self.assertEqual(old.valid_to, new.valid_from)
        self.assertEqual(partner.customer_address_date, new.valid_from)

    def test_part_and_zip_in_one_save(self):
        """A part, the line and the postal code saved together are one change."""
        partner = self._partner(**ADDRESS)
        self._as(self.user_data_entry, partner).write(
            {"customer_street_number": "14", "zip": "28014", "street2": "Bajo", "city": "Getafe"}
        )
        self.assert_history(partner, "Calle Mayor 12", "Calle Mayor 14")
        self.assertEqual(partner.customer_address_ids.sorted("id")[-1].zip, "28014")

    def test_form_save_is_one_change(self):
        """Everything typed in a form before it is saved is one change."""
        partner = self._partner(**ADDRESS)
        with Form(self._as(self.user_sales_own, partner), "base.view_partner_form") as form:
            form.customer_street_number = "14"
            form.customer_floor = "1º"
            form.zip = "28999"
            form.city = "Alcalá"
        self.assert_history(partner, "Calle Mayor 12", "Calle Mayor 14, 1º")

    def test_save_again(self):
        """The same address, other capitals and spaces, an empty text: no change."""
        partner = self._partner(**ADDRESS)
        date = partner.customer_address_date
        with freeze_time("2027-01-05 08:30:00"):
            for vals in (
                dict(ADDRESS),
                {"street": "CALLE  MAYOR 12 "},
                {"city": "MADRID", "street2": ""},
                {"customer_street_number": "12"},
                {"customer_floor": False},
                {"country_id": self.spain.id},
            ):
                with self.subTest(vals=vals):
                    self._as(self.user_sales_own, partner).write(vals)
                    self.assertEqual(len(partner.customer_address_ids), 1)
                    self.assertEqual(partner.customer_address_date, date)

    def test_every_column_counts(self):
        """Country, state, town, postal code and both lines each make a change."""
        for vals in (
            {"country_id": self.portugal.id},
            {"state_id": self.madrid.id},
            {"city": "Getafe"},
            {"zip": "28014"},
            {"street2": "Nave 3"},
            {"street": "Calle Mayor 13"},
            {"street": False},
        ):
            with self.subTest(vals=vals):
                partner = self._partner(**ADDRESS)
                partner.write(vals)
                self.assertEqual(len(partner.customer_address_ids), 2)

    def test_address_emptied(self):
        """A contact without an address any more has no open row, and keeps the closed one."""
        partner = self._partner(**ADDRESS)
        partner.write(dict.fromkeys(("street", "zip", "city", "country_id"), False))
        self.assertEqual(len(partner.customer_address_ids), 1)
        self.assertTrue(partner.customer_address_ids.valid_to)
        self.assertTrue(partner.customer_address_date)

    def test_before_the_history_began(self):
        """A contact from before the installation keeps its old address, since unknown."""
        partner = self._partner(**ADDRESS)
        self.env.flush_all()
        partner.customer_address_ids.sudo().unlink()
        self.env.cr.execute("UPDATE res_partner SET customer_address_date = NULL WHERE id = %s", [partner.id])
        self.env.invalidate_all()
        self._as(self.user_sales_own, partner).street = "Calle Luna 4"
        self.assert_history(partner, "Calle Mayor 12", "Calle Luna 4")
        self.assertFalse(partner.customer_address_ids.sorted("id")[0].valid_from)

    def test_many_contacts_in_one_write(self):
        """One write on several contacts is one change for those that it moves."""
        moving = self._partner(**ADDRESS) + self._partner(**dict(ADDRESS, street="Calle Sol 1"))
        staying = self._partner(**dict(ADDRESS, street="Calle Luna 4"))
        self._as(self.user_marketing, moving + staying).write({"street": "Calle Luna 4"})
        self.assert_history(moving[0], "Calle Mayor 12", "Calle Luna 4")
        self.assert_history(moving[1], "Calle Sol 1", "Calle Luna 4")
        self.assert_history(staying, "Calle Luna 4")

    def test_failed_save_leaves_nothing(self):
        """A save that is refused changes nothing, and the next one is recorded."""
        partner = self._partner(**ADDRESS)
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            partner.write({"street": "Calle Luna 4", "type": "no such type"})
        self.env.invalidate_all()
        self.assert_history(partner, "Calle Mayor 12")
        partner.street = "Calle Sol 1"
        self.assert_history(partner, "Calle Mayor 12", "Calle Sol 1")

    # -- parents and children --------------------------------------------------

    def test_children_that_follow(self):
        """Contacts with their company's address move with it: one row, the same date."""
        company = self._partner(**ADDRESS)
        contacts = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.id, "type": "contact"} for name in "ab"]
        )
        own = self._person(parent_id=company.id, type="delivery", street="Calle Sol 1")
        for contact in contacts:
            self.assert_history(contact, "Calle Mayor 12")
        with freeze_time("2027-01-05 08:30:00"):
            self._as(self.user_sales_own, company).write({"street": "Calle Luna 4", "zip": "1"})
        for partner in company + contacts:
            self.assert_history(partner, "Calle Mayor 12", "Calle Luna 4")
            self.assertEqual(partner.customer_address_date, company.customer_address_date)
        self.assert_history(own, "Calle Sol 1")

    def test_change_from_below(self):
        """A contact that follows and is edited moves its company and siblings, once each."""
        company = self._partner(**ADDRESS)
        one, two = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.id, "type": "contact"} for name in "ab"]
        )
        self._as(self.user_sales_own, one).write({"customer_street_number": "20", "zip": "28020"})
        for partner in company + one + two:
            self.assert_history(partner, "Calle Mayor 12", "Calle Mayor 20")

    def test_new_contact_gives_the_company_its_address(self):
        """The first contact's address becomes that of its company: one row for each."""
        company = self._partner(country_id=False)
        contact = self._person(parent_id=company.id, type="contact", **ADDRESS)
        self.assert_history(contact, "Calle Mayor 12")
        self.assert_history(company, "Calle Mayor 12")

    def test_new_contact_whose_address_is_overruled(self):
        """What Odoo overwrites while a contact is made was never its address."""
        company = self._partner(**ADDRESS)
        contact = self._person(parent_id=company.id, type="contact", street="Calle Sol 1")
        self.assertEqual(contact.street, "Calle Mayor 12")
        self.assert_history(contact, "Calle Mayor 12")

    def test_company_with_contacts_in_one_call(self):
        """A company created with its contacts: one row for each of them."""
        company = self._partner(**ADDRESS, child_ids=[Command.create({"name": name}) for name in "abc"])
        for partner in company + company.child_ids:
            self.assert_history(partner, "Calle Mayor 12")

    def test_new_parent(self):
        """A contact that goes to another company takes its address: a real change."""
        company = self._partner(**ADDRESS)
        other = self._partner(**dict(ADDRESS, street="Calle Luna 4"))
        contact = self._person(parent_id=company.id, type="contact")
        self._as(self.user_sales_own, contact).parent_id = other
        self.assert_history(contact, "Calle Mayor 12", "Calle Luna 4")
        self.assert_history(other, "Calle Luna 4")

    # -- who may write what ----------------------------------------------------

    def test_rows_are_not_written_by_people(self):
        """Remote calls can't write, make or delete a row; only note returned mail."""
        partner = self._partner(**ADDRESS)
        for user in (self.user_sales_own, self.user_data_entry, self.user_manager):
            row = self._as(user, partner.customer_address_ids)
            for vals in (
                {"street": "x"},
                {"valid_to": "2020-01-01 00:00:00"},
                {"valid_from": False},
                {"partner_id": self.company_a.partner_id.id},
                {"zip": "1", "returned_mail": True},
            ):
                with self.subTest(user=user.login, vals=vals), self.assertRaises(AccessError):
                    row.write(vals)
            with self.assertRaises(AccessError):
                row.create({"partner_id": partner.id, "street": "x"})
            with self.assertRaises(AccessError):
                row.unlink()
            row.returned_mail = True
            self.assertTrue(partner.customer_address_ids.returned_mail)
            with self.assertRaises(AccessError):
                self._as(user, partner).write({"customer_address_ids": [Command.create({"street": "x"})]})
            with self.assertRaises(AccessError):
                self._as(user, partner).write({"customer_address_date": "2020-01-01 00:00:00"})
        with self.assertRaises(AccessError):
            self._as(self.user_employee, partner.customer_address_ids).read(["street"])

    def test_date_can_not_be_created(self):
        """The date of the last change can't be given with a new contact either."""
        with self.assertRaises(AccessError):
            self._as(self.user_sales_own, self.env["res.partner"]).create(
                {"name": "x", "customer_address_date": "2020-01-01 00:00:00"}
            )

    def test_history_of_another_company(self):
        """The history of a contact of one company is not for users of another."""
        partner = self._partner(**ADDRESS, company_id=self.company_b.id)
        row = self._as(self.user_sales_own, partner.customer_address_ids)
        self.assertFalse(row.search([("id", "=", row.id)]))
        with self.assertRaises(AccessError):
            row.read(["street"])

    # -- merging ---------------------------------------------------------------

    def merge(self, destination, *sources, user=None):
        user = user or self.user_manager
        wizard = self._as(user, self.env["base.partner.merge.automatic.wizard"])
        partners = self._as(user, destination.concat(*sources))
        wizard._merge(partners.ids, destination.with_env(partners.env))
        self.env.invalidate_all()

    def test_merge_leaves_one_open_row(self):
        """After a merge one address holds: that of the contact that stays; none is lost."""
        keep, gone, third = (
            self._partner(**dict(ADDRESS, street=street), email="x@example.com")
            for street in ("Calle Mayor 12", "Calle Luna 4", "Calle Sol 1")
        )
        self.merge(keep, gone, third)
        rows = keep.customer_address_ids
        self.assertEqual(set(rows.mapped("street")), {"Calle Mayor 12", "Calle Luna 4", "Calle Sol 1"})
        self.assertEqual(rows.filtered(lambda row: not row.valid_to).street, "Calle Mayor 12")

    def test_merge_that_brings_an_address(self):
        """A contact without an address takes the merged one's, with one open row."""
        keep = self._partner(email="x@example.com", country_id=False)
        gone = self._partner(**ADDRESS, email="x@example.com")
        self.merge(keep, gone)
        self.assertEqual(keep.street, "Calle Mayor 12")
        self.assertEqual(
            keep.customer_address_ids.filtered(lambda row: not row.valid_to).mapped("street"),
            ["Calle Mayor 12"],
        )

    # -- how much it costs -----------------------------------------------------

    def count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def rows(self, prefix, count):
        return [
            [f"__import__.cdb_{prefix}_{n}", f"{prefix} {n}", "Calle Mayor", str(n), "Madrid"] for n in range(count)
        ]

    def test_import_does_not_query_per_row(self):
        """Importing 2 000 contacts makes only as many more queries as Odoo's batches do."""
        columns = ["id", "name", "street", "customer_street_number", "city"]
        Partner = self._as(self.user_data_entry, self.env["res.partner"])
        few = self.count_queries(lambda: Partner.load(columns, self.rows("few", 200)))
        many = self.count_queries(lambda: Partner.load(columns, self.rows("many", 2000)))
        self.assertLess((many - few) / 1800, 0.2, f"{few} queries for 200 rows, {many} for 2 000")
        partner = self.env.ref("__import__.cdb_many_7")
        self.assert_history(partner, "Calle Mayor 7")
        self.assertEqual(partner.customer_street_number, "7")

    def test_company_with_many_contacts_moves_in_few_queries(self):
        """A company that moves with 300 contacts costs no query per contact."""
        company = self._partner(**ADDRESS, child_ids=[Command.create({"name": f"c{n}"}) for n in range(300)])
        queries = self.count_queries(lambda: company.write({"street": "Calle Luna 4"}))
        self.assertLess(queries, 60)
        self.assert_history(company.child_ids[150], "Calle Mayor 12", "Calle Luna 4")
