# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, mute_logger

from .common import CustomerDbCommon


class TestFactCustomer(CustomerDbCommon):
    """Facts stay with their customer when he is moved, merged, deleted or looked up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Purchase = cls.env["crm.customer.purchase"]
        cls.firm = cls._partner(name="Firma")
        cls.contact = cls._person(name="Contacto", parent_id=cls.firm.id)

    def _buy(self, partner, **vals):
        return self.Purchase.create({"partner_id": partner.id, "amount": 10.0, **vals})

    # -- ids --------------------------------------------------------------------

    def test_ids_tell_the_kind(self):
        """Ids of a kind are its number modulo eight, however the rows come about."""
        purchases = self._buy(self.firm) + self._buy(self.firm)
        self.Purchase._load_facts(
            [(self.firm.id, "2024-01-01", "x", 1)],
            "test",
            self.company_a,
            columns=["partner_id", "date", "source_ref", "amount"],
        )
        purchases += self.Purchase.search([("feed", "=", "test")])
        self.assertEqual({purchase.id % 8 for purchase in purchases}, {2})

    def test_init_again_changes_nothing(self):
        """An update does not touch the sequence, with rows or without."""
        first = self._buy(self.firm)
        self.Purchase.init()
        self.assertEqual(self._buy(self.firm).id, first.id + 8)

    def test_init_on_a_table_with_rows(self):
        """A table that was numbered plainly goes on above its rows, in its kind's numbers."""
        last = self._buy(self.firm).id
        self.env.cr.execute("ALTER SEQUENCE crm_customer_purchase_id_seq INCREMENT BY 1 START WITH 1 RESTART WITH 3")
        self.Purchase.init()
        new = self._buy(self.firm).id
        self.assertGreater(new, last)
        self.assertEqual(new % 8, 2)

    def test_another_kinds_id_is_refused(self):
        """No writer, SQL included, can give a purchase the number of another kind."""
        purchase = self._buy(self.firm)
        self.env.flush_all()
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.env.cr.execute("UPDATE crm_customer_purchase SET id = id + 1 WHERE id = %s", [purchase.id])

    def test_every_foreign_key_leads_an_index(self):
        """Deleting a product, a campaign or a currency never scans the facts."""
        self.env.cr.execute(
            """
            SELECT a.attname FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.conrelid = 'crm_customer_purchase'::regclass AND c.contype = 'f'
               AND a.attname NOT IN ('create_uid', 'write_uid')
               AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid
                                  AND i.indkey[0] = c.conkey[1])
            """
        )
        self.assertEqual(self.env.cr.fetchall(), [])

    def test_foreign_keys_restrict(self):
        """History never loses its campaign, product or customer in silence."""
        self.env.cr.execute(
            """
            SELECT a.attname FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.conrelid = 'crm_customer_purchase'::regclass AND c.contype = 'f'
               AND c.confdeltype <> 'r' AND a.attname NOT IN ('create_uid', 'write_uid')
            """
        )
        self.assertEqual(self.env.cr.fetchall(), [])

    # -- moving -------------------------------------------------------------------

    def test_customer_is_the_commercial_partner(self):
        purchase = self._buy(self.contact)
        self.assertEqual(purchase.commercial_partner_id, self.firm)

    def test_another_contact(self):
        """A correction of the contact brings the customer along."""
        purchase = self._buy(self.contact)
        other = self._partner(name="Otra")
        purchase.with_user(self.user_manager).write({"partner_id": other.id})
        self.assertEqual(purchase.commercial_partner_id, other)

    def test_resync_follows_a_move(self):
        """A contact who changes firms takes his purchases along, and those below him too."""
        other = self._partner(name="Otra")
        below = self._person(name="Debajo", parent_id=self.contact.id)
        purchases = self._buy(self.contact) + self._buy(below) + self._buy(self.firm)
        self.contact.parent_id = other
        self.Purchase._resync_commercial_partner(self.contact.ids)
        self.assertEqual(purchases.mapped("commercial_partner_id.name"), ["Otra", "Firma"])
        self.assertEqual(purchases[1].commercial_partner_id, other)

    def test_resync_is_one_statement_per_kind(self):
        """Re-parenting costs the same for one purchase and for a thousand."""
        other = self._partner(name="Otra")
        self.Purchase._load_facts(
            ((self.contact.id, "2024-01-01", str(i), 1) for i in range(1000)),
            "test",
            self.company_a,
            columns=["partner_id", "date", "source_ref", "amount"],
        )
        self.contact.parent_id = other
        self.env.flush_all()
        feeds = self.env["crm.customer.feed"]._feeds()
        per_customer = [feed for feed in feeds if feed._per_customer_sql(SQL("SELECT 1")) is not None]
        # and one for the places in segments
        with self.assertQueryCount(len(self.Purchase._fact_models()) + len(per_customer) + 1):
            self.Purchase._resync_commercial_partner(self.contact.ids)
        self.assertEqual(self.Purchase.search_count([("commercial_partner_id", "=", other.id)]), 1000)

    def test_resync_of_nobody(self):
        with self.assertQueryCount(0):
            self.Purchase._resync_commercial_partner([])

    # -- merging ------------------------------------------------------------------

    def _merge(self, partners, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(partners.ids, into)

    def test_merge_keeps_every_purchase(self):
        """No purchase is lost, not even with the same references on both sides."""
        twin = self._partner(name="Firma bis")
        for partner in (self.firm, twin):
            self.Purchase._load_facts(
                [(partner.id, "2024-01-01", f"{partner.id}-{i}", 5) for i in range(3)],
                "test",
                self.company_a,
                columns=["partner_id", "date", "source_ref", "amount"],
            )
        self._merge(self.firm + twin, self.firm)
        mine = self.Purchase.search([("commercial_partner_id", "=", self.firm.id)])
        self.assertEqual(len(mine), 6)
        self.assertEqual(mine.partner_id, self.firm)

    def test_merge_into_a_contact_of_a_firm(self):
        """What a stranger bought counts for the firm once he turns out to work there."""
        stranger = self._person(name="Desconocido")
        purchase = self._buy(stranger)
        self._merge(self.contact + stranger, self.contact)
        purchase.invalidate_recordset()
        self.assertEqual(purchase.partner_id, self.contact)
        self.assertEqual(purchase.commercial_partner_id, self.firm)

    # -- deleting -----------------------------------------------------------------

    def test_customer_with_purchases_is_not_deleted(self):
        """The refusal is a sentence with the number and the way out, not an SQL error."""
        self._buy(self.contact)
        self._buy(self.contact)
        for partner in (self.contact, self.firm):
            with self.subTest(partner=partner.name), self.assertRaises(UserError) as refusal:
                partner.unlink()
            self.assertIn("2 purchases", str(refusal.exception))
            self.assertIn("archive or erase", str(refusal.exception))

    def test_one_purchase_in_words(self):
        self._buy(self.contact)
        with self.assertRaisesRegex(UserError, "1 purchase:"):
            self.contact.unlink()

    def test_refusal_counts_other_companies(self):
        """A contact is not deletable because its purchases are in another company."""
        self._buy(self.contact, company_id=self.company_b.id)
        with self.assertRaises(UserError):
            self._as(self.user_manager, self.contact).unlink()

    def test_customer_without_purchases_is_deleted(self):
        lone = self._partner(name="Sola")
        lone.unlink()
        self.assertFalse(lone.exists())

    def test_loose_facts_go_with_the_contact(self):
        """Where Odoo lets a document's contact go, what was copied of it goes too."""
        lone = self._partner(name="Sola")
        self.Purchase._load_facts(
            [(lone.id, "2024-01-01", "m", 5)],
            "mail",
            self.company_a,
            columns=["partner_id", "date", "source_ref", "amount"],
        )
        self.patch(self.registry["crm.customer.purchase"], "_fact_loose_feeds", lambda model: ["mail"])
        lone.unlink()
        self.assertFalse(self.Purchase.search([("feed", "=", "mail")]))

    # -- privacy lookup -------------------------------------------------------------

    def test_privacy_lookup_lists_no_fact(self):
        """The lookup names the contact, and does not offer to delete his history row by row."""
        self.firm.email = "firma@example.com"
        self._buy(self.firm)
        wizard = self.env["privacy.lookup.wizard"].create({"name": self.firm.name, "email": self.firm.email})
        wizard.action_lookup()
        models = wizard.line_ids.mapped("res_model")
        self.assertIn("res.partner", models)
        self.assertNotIn("crm.customer.purchase", models)

    # -- company ----------------------------------------------------------------------

    def test_currency_of_a_company_with_purchases_stays(self):
        """Amounts were recorded in that currency, and pivots rely on it."""
        self._buy(self.firm)
        dollar = self.env.ref("base.USD")
        dollar.active = True
        with self.assertRaisesRegex(UserError, "EUR"):
            self.company_a.currency_id = dollar
        self.company_a.write({"currency_id": self.euro.id, "name": "Nuevo nombre"})
        self.company_b.currency_id = dollar

    def test_zone_of_a_company_counts_days_anew(self):
        """A purchase of half past midnight in Madrid was one of the day before in New York."""
        purchase = self._buy(self.firm, date="2024-06-30 22:30:00")
        self.assertEqual(str(purchase.day), "2024-07-01")
        self.company_a.customer_tz = "America/New_York"
        self.assertEqual(str(purchase.day), "2024-06-30")

    def test_portal_customer_reaches_no_fact(self):
        """A portal user sees nothing of the tables behind the file."""
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "cdb_portal",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        for model in self.Purchase._fact_models():
            with self.assertRaises(AccessError):
                model.with_user(portal).search([])
