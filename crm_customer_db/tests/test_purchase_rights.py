# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import contextlib

from psycopg2.errors import CheckViolation, NotNullViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .common import CustomerDbCommon

# What each role may do with a purchase that was typed in, of a customer he may see.
EXPECT = {
    "user_sales_own": "r",
    "user_sales_all": "r",
    "user_customer": "r",
    "user_data_entry": "",
    "user_marketing": "r",
    "user_manager": "crwu",
    "user_personal": "r",
    "user_employee": "",
}


class TestPurchaseRights(CustomerDbCommon):
    """Who reads, types in, corrects and deletes purchases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Purchase = cls.env["crm.customer.purchase"]
        cls.mine = cls._partner(name="Mío", user_id=cls.user_sales_own.id)
        cls.theirs = cls._partner(name="Suyo", user_id=cls.user_sales_all.id)
        cls.nobodys = cls._partner(name="De nadie")
        cls.purchases = cls.Purchase.create(
            [
                {"partner_id": partner.id, "amount": 100.0, "company_id": company.id}
                for company in (cls.company_a, cls.company_b)
                for partner in (cls.mine, cls.theirs, cls.nobodys)
            ]
        )
        cls.typed = cls.purchases[0]
        cls.Purchase._load_facts(
            [(cls.mine.id, "2024-01-01", f"l{i}", 7) for i in range(2)],
            "sale",
            cls.company_a,
            columns=["partner_id", "date", "source_ref", "amount"],
        )
        cls.copied = cls.Purchase.search([("feed", "=", "sale")])

    def test_matrix(self):
        """Every role, every operation; explicit refusals too."""
        for role, allowed in EXPECT.items():
            user = getattr(self, role)
            purchase = self._as(user, self.typed)
            operations = {
                "r": lambda p: p.read(["amount"]),
                "c": lambda p: p.create({"partner_id": self.mine.id, "amount": 1.0}),
                "w": lambda p: p.write({"note": "x"}),
                "u": lambda p: p.unlink(),
            }
            for letter, operation in operations.items():
                with self.subTest(role=role, operation=letter):
                    if letter in allowed:
                        with contextlib.closing(self.cr.savepoint()):
                            operation(purchase)
                    else:
                        with self.assertRaises(AccessError):
                            operation(purchase)

    def test_matrix_is_complete(self):
        """No group has a right on purchases that the matrix does not know."""
        access = self.env["ir.model.access"].search(
            [("model_id.model", "in", ["crm.customer.purchase", "crm.customer.place"])]
        )
        ours = self.env["res.groups"]
        for xmlid in ("group_customer_user", "group_customer_manager", "group_customer_data_entry"):
            ours |= self.env.ref(f"crm_customer_db.{xmlid}")
        self.assertLessEqual(access.group_id, ours)
        self.assertTrue(all(line.group_id for line in access))

    # -- whose customers ------------------------------------------------------------

    def _names(self, user, *companies):
        found = self._as(user, self.Purchase, *companies).search([("feed", "=", "manual")])
        return set(found.sudo().mapped("partner_id.name"))

    def test_own_documents_only(self):
        """Own and unassigned customers, in search, count, group, read and name search alike."""
        self.assertEqual(self._names(self.user_sales_own), {"Mío", "De nadie"})
        as_user = self._as(self.user_sales_own, self.Purchase)
        domain = [("feed", "=", "manual")]
        self.assertEqual(as_user.search_count(domain), 2)
        groups = as_user._read_group(domain, ["commercial_partner_id"], ["amount:sum"])
        self.assertEqual(len(groups), 2)
        foreign = self._as(self.user_sales_own, self.purchases[1])
        for call in (
            lambda: foreign.read(["amount"]),
            lambda: foreign.web_read({"amount": {}}),
            lambda: foreign.export_data(["amount"]),
        ):
            with self.assertRaises(UserError):
                call()

    def test_all_documents(self):
        everybody = {"Mío", "Suyo", "De nadie"}
        for role in ("user_sales_all", "user_customer", "user_marketing", "user_manager"):
            with self.subTest(role=role):
                self.assertEqual(self._names(getattr(self, role)), everybody)

    def test_salesperson_who_does_marketing_sees_all(self):
        """Rules of groups add up: the wider one decides."""
        user = new_test_user(
            self.env,
            login="cdb_both",
            groups="sales_team.group_sale_salesman,crm_customer_db.group_customer_marketing",
            company_id=self.company_a.id,
            company_ids=[Command.set(self.company_a.ids)],
        )
        self.assertEqual(self._names(user), {"Mío", "Suyo", "De nadie"})

    def test_contact_of_an_own_firm(self):
        """It is the customer's salesperson that counts, not the contact's."""
        contact = self._person(name="Jefe", parent_id=self.mine.id, user_id=self.user_sales_all.id)
        self.Purchase.create({"partner_id": contact.id, "amount": 1.0})
        self.assertIn("Jefe", self._names(self.user_sales_own))

    # -- companies ------------------------------------------------------------------

    def test_companies_at_hand(self):
        """Only the companies ticked in the switcher count."""
        as_user = self._as(self.user_manager, self.Purchase)
        domain = [("feed", "=", "manual")]
        self.assertEqual(as_user.search_count(domain), 3)
        both = self._as(self.user_manager, self.Purchase, self.company_a, self.company_b)
        self.assertEqual(both.search_count(domain), 6)

    def test_no_purchase_in_a_foreign_company(self):
        """Neither by typing nor by correcting does one get into a company one is not in."""
        as_user = self._as(self.user_manager, self.Purchase)
        with self.assertRaises(AccessError):
            as_user.create({"partner_id": self.mine.id, "amount": 1.0, "company_id": self.company_b.id})
        with self.assertRaises(AccessError):
            self._as(self.user_manager, self.typed).write({"company_id": self.company_b.id})

    def test_records_of_another_company(self):
        """A customer, place or product of one company is not for the purchases of another."""
        partner = self._partner(name="De B", company_id=self.company_b.id)
        place = self.env["crm.customer.place"].create({"name": "Tienda B", "company_id": self.company_b.id})
        product = self.env["product.product"].create({"name": "Producto B", "company_id": self.company_b.id})
        for vals in ({"partner_id": partner.id}, {"place_id": place.id}, {"product_id": product.id}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.Purchase.create({"partner_id": self.mine.id, "amount": 1.0, **vals})

    # -- what the machine wrote --------------------------------------------------------

    def test_nobody_changes_what_a_document_brought(self):
        """Not the manager, not the administrator: only code as superuser."""
        for user in (self.user_manager, self.env.ref("base.user_admin")):
            user.company_ids += self.company_a
            copied = self._as(user, self.copied, self.company_a)
            for operation in (
                lambda p: p.write({"note": "x"}),
                lambda p: p.write({"amount": 1.0}),
                lambda p: p.unlink(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    operation(copied)
        self.copied.sudo().write({"note": "feed"})

    def test_import_rows_are_not_for_editing(self):
        self.Purchase._load_facts(
            [(self.mine.id, "2024-01-01", "i", 7)],
            "import",
            self.company_a,
            columns=["partner_id", "date", "source_ref", "amount"],
        )
        row = self.Purchase.search([("feed", "=", "import")])
        with self.assertRaises(AccessError):
            self._as(self.user_manager, row).write({"note": "x"})

    def test_machine_columns_are_refused(self):
        """By create, write, import and as defaults in the context of a call."""
        as_user = self._as(self.user_manager, self.Purchase)
        hostile = {
            "commercial_partner_id": self.theirs.id,
            "company_currency_id": self.env.ref("base.USD").id,
            "day": "2001-01-01",
            "feed": "sale",
            "source_ref": "sale.order.line,1",
            "source_model": "res.users",
            "source_id": 1,
            "is_head": True,
            "order_amount": 1_000_000.0,
        }
        self.assertEqual(set(hostile), self.Purchase._fact_machine_columns())
        for name, value in hostile.items():
            vals = {"partner_id": self.mine.id, "amount": 1.0, name: value}
            with self.subTest(name=name, by="create"), self.assertRaises(AccessError):
                as_user.create(vals)
            with self.subTest(name=name, by="write"), self.assertRaises(AccessError):
                self._as(self.user_manager, self.typed).write({name: value})
            with self.subTest(name=name, by="context"):
                made = as_user.with_context(**{f"default_{name}": value}).create(
                    {"partner_id": self.mine.id, "amount": 1.0}
                )
                self.assertNotEqual(made.feed, "sale")
                self.assertFalse(made.source_ref or made.source_model or made.source_id)
                self.assertEqual(made.commercial_partner_id, self.mine)
                self.assertEqual(made.company_currency_id, self.euro)
                self.assertNotEqual(str(made.day), "2001-01-01")
                self.assertEqual((made.is_head, made.order_amount), (True, 1.0))

    def test_machine_columns_by_import(self):
        """The import of Odoo reports them as an error of the row."""
        result = self._as(self.user_manager, self.Purchase).load(
            ["partner_id/.id", "amount", "feed"], [[str(self.mine.id), "5", "sale"]]
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_export_and_import_again(self):
        """What is true anyway may be said: one's own export loads back."""
        self._as(self.user_manager, self.typed).write({"feed": "manual", "note": "y"})
        self.assertEqual(self.typed.note, "y")

    def test_fields_get_tells_clients(self):
        """Views and the import offer the machine's columns to nobody."""
        fields = self._as(self.user_manager, self.Purchase).fields_get(attributes=["readonly"])
        for name in self.Purchase._fact_machine_columns():
            self.assertTrue(fields[name]["readonly"], name)

    def test_copy_is_typed_in(self):
        """A copy of a document's row is a new entry of the one who copies."""
        copy = self._as(self.user_manager, self.copied[0]).copy()
        self.assertEqual(copy.feed, "manual")
        self.assertFalse(copy.source_ref)

    # -- documents ---------------------------------------------------------------------

    def test_document_opens_by_its_own_rights(self):
        """A row is read whatever its document's rights; the document itself is not."""
        secret = self.env["ir.config_parameter"].create({"key": "cdb.secret", "value": "1"})
        open_one = self._partner(name="Documento")
        self.copied[0].sudo().write({"source_model": "ir.config_parameter", "source_id": secret.id})
        self.copied[1].sudo().write({"source_model": "res.partner", "source_id": open_one.id})
        with self.assertRaises(AccessError):
            self._as(self.user_customer, self.copied[0]).action_open_source()
        action = self._as(self.user_customer, self.copied[1]).action_open_source()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", open_one.id))
        open_one.unlink()
        with self.assertRaises(UserError):
            self._as(self.user_customer, self.copied[1]).action_open_source()
        with self.assertRaises(UserError):
            self._as(self.user_customer, self.typed).action_open_source()

    def test_loader_is_not_for_rpc(self):
        """Nothing of the way in is a public method."""
        Model = type(self.Purchase)
        ours = {
            name
            for name in dir(Model)
            if not name.startswith("_")
            and getattr(getattr(Model, name), "__module__", "").startswith(
                "odoo.addons.crm_customer_db.models.crm_customer_"
            )
        }
        self.assertLessEqual(ours, {"create", "write", "unlink", "init", "action_open_source", "action_open_document"})

    # -- hostile values ------------------------------------------------------------------

    def test_impossible_values(self):
        """Each gets a sentence and leaves nothing behind."""
        as_user = self._as(self.user_manager, self.Purchase)
        for vals in (
            {"date": "2999-01-01 00:00:00"},
            {"date": "1812-06-24 00:00:00"},
            {"order_ref": "x" * 501},
            {"quotation_date": "2024-02-02", "date": "2024-02-01 12:00:00"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                as_user.create({"partner_id": self.mine.id, "amount": 1.0, **vals})

    def test_nothing_where_something_must_be(self):
        """Emptying a required column is refused by the column, without a crash on the way."""
        for name in ("date", "partner_id", "company_id", "currency_id"):
            with (
                self.subTest(name=name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(NotNullViolation),
                self.cr.savepoint(),
            ):
                self.typed.write({name: False})
                self.env.flush_all()
        with self.assertRaises(ValidationError):
            self._as(self.user_manager, self.typed).write({"date": "2024-02-30 10:00:00"})

    def test_found_by_order_and_product(self):
        """Fields that name a purchase find it by its order."""
        self.typed.order_ref = "S77"
        as_user = self._as(self.user_customer, self.Purchase)
        self.assertEqual([found for found, _name in as_user.name_search("S77")], self.typed.ids)

    def test_numbers_beyond_reason(self):
        """No NaN, no infinity and no sum that loses cents, by create or write."""
        as_user = self._as(self.user_manager, self.Purchase)
        hostile = [float("nan"), float("inf"), float("-inf"), 1e15, -(10**16)]
        for name in ("amount", "quantity", "margin", "amount_invoiced", "amount_currency"):
            for value in hostile:
                with self.subTest(name=name, value=value):
                    with self.assertRaises(ValidationError):
                        as_user.create({"partner_id": self.mine.id, name: value})
                    with self.assertRaises(ValidationError):
                        self._as(self.user_manager, self.typed).write({name: value})

    def test_numbers_beyond_reason_in_sql(self):
        """The table itself keeps them out, whoever writes, and says it in words."""
        for name in ("amount", "quantity", "margin", "amount_invoiced", "amount_currency"):
            for value in ("NaN", "1e15", "-1e15"):
                with (
                    self.subTest(name=name, value=value),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(CheckViolation) as refusal,
                    self.cr.savepoint(),
                ):
                    self.env.cr.execute(
                        SQL(
                            "UPDATE crm_customer_purchase SET %s = %s WHERE id = %s",
                            SQL.identifier(name),
                            value,
                            self.typed.id,
                        )
                    )
                self.assertIn("must be numbers", self.Purchase._sql_error_to_message(refusal.exception))
