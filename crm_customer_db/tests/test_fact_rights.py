# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import itertools

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, mute_logger

from .common import CustomerDbCommon

# Model → (number of its kind, values of an entry, a column anybody might want to change)
FACTS = {
    "crm.customer.interaction": (1, {"kind": "request", "subject": "¿Precio?"}, {"note": "x"}),
    "crm.customer.marketing.action": (3, {"medium": "letter"}, {"state": "failed"}),
    "crm.customer.marketing.reaction": (4, {"kind": "click"}, {"volume": 2}),
    "crm.customer.fulfilment": (5, {"kind": "complaint"}, {"state": "solved"}),
    "crm.customer.survey.answer": (6, {"survey": "S", "question_code": "Q"}, {"value": 3}),
}
# Who may do what with an entry of his own that was typed in; see roles.py for the rest.
EDITORS = {
    "crm.customer.interaction": ("user_customer", "user_sales_own", "user_data_entry", "user_manager"),
    "crm.customer.marketing.action": ("user_marketing", "user_manager"),
    "crm.customer.marketing.reaction": ("user_marketing", "user_manager"),
    "crm.customer.fulfilment": ("user_customer", "user_sales_own", "user_manager"),
    "crm.customer.survey.answer": ("user_data_entry", "user_manager"),
}


class TestFactRights(CustomerDbCommon):
    """The rules that hold for everything beside purchases, as users try them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._partner(name="Mío", user_id=cls.user_sales_own.id)
        cls.theirs = cls._partner(name="Suyo", user_id=cls.user_sales_all.id)
        cls.numbers = itertools.count(1)

    def _models(self):
        return [(self.env[name], kind, vals, change) for name, (kind, vals, change) in FACTS.items()]

    def _copied(self, model, vals, **more):
        """An entry that an app or an import has brought."""
        ref = str(next(self.numbers))
        return model.create({"partner_id": self.mine.id, "feed": "app", "source_ref": ref, **vals, **more})

    def test_own_entries(self):
        """Those whose task it is enter and correct; only the manager deletes."""
        for model, _kind, vals, change in self._models():
            with self.subTest(model=model._name):
                for user in EDITORS[model._name]:
                    as_user = self._as(getattr(self, user), model)
                    entry = as_user.create({"partner_id": self.mine.id, **vals})
                    entry.write(change)
                    if user == "user_manager":
                        entry.unlink()
                    else:
                        with self.assertRaises(AccessError):
                            entry.unlink()

    def test_nobody_changes_what_was_brought(self):
        """Not by write, delete, copying over, nor as part of a batch, not even the manager."""
        for model, _kind, vals, change in self._models():
            with self.subTest(model=model._name):
                copied = self._copied(model, vals)
                typed = model.create({"partner_id": self.mine.id, **vals, "user_id": self.user_manager.id})
                for user in (self.user_customer, self.user_marketing, self.user_manager):
                    for operation in (
                        lambda rows, change=change: rows.write(change),
                        lambda rows: rows.write({"note": "x"}),
                        lambda rows: rows.write({"feed": "manual"}),
                        lambda rows: rows.write({"partner_id": self.theirs.id}),
                        lambda rows: rows.unlink(),
                    ):
                        for rows in (copied, typed + copied):
                            with self.assertRaises(AccessError), self.cr.savepoint():
                                operation(self._as(user, rows))
                again = self._as(self.user_manager, copied).copy()
                self.assertEqual((again.feed, again.source_ref), ("manual", False))
                self._as(self.user_manager, typed).write(change)

    def test_machine_columns(self):
        """What only the system may say is refused by create and write, and harmless as a default."""
        for model, _kind, vals, _change in self._models():
            with self.subTest(model=model._name):
                as_user = self._as(self.user_manager, model)
                typed = as_user.create({"partner_id": self.mine.id, **vals})
                hostile = {
                    "commercial_partner_id": self.theirs.id,
                    "company_currency_id": self.env.ref("base.USD").id,
                    "day": "2001-01-01",
                    "feed": "app",
                    "source_ref": "x,1",
                    "source_model": "res.users",
                    "source_id": 1,
                }
                others = dict.fromkeys(model._fact_machine_columns() - set(hostile), 1)
                for name, value in {**hostile, **others}.items():
                    with self.assertRaises(AccessError):
                        as_user.create({"partner_id": self.mine.id, **vals, name: value})
                    with self.assertRaises(AccessError):
                        typed.write({name: value})
                    if name in hostile:
                        made = as_user.with_context(**{f"default_{name}": value}).create(
                            {"partner_id": self.mine.id, **vals}
                        )
                        self.assertEqual((made.feed, made.source_ref, made.source_model), ("manual", False, False))
                        self.assertEqual(made.commercial_partner_id, self.mine)

    def test_own_customers(self):
        """“Own documents only” sees those of his and of unassigned customers, and enters no others."""
        for model, _kind, vals, _change in self._models():
            with self.subTest(model=model._name):
                mine, theirs = (self._copied(model, vals, partner_id=each.id) for each in (self.mine, self.theirs))
                both = [("id", "in", (mine + theirs).ids)]
                self.assertEqual(self._as(self.user_sales_own, model).search(both), mine)
                with self.assertRaises(AccessError):
                    self._as(self.user_sales_own, theirs).read(["note"])
                self.assertEqual(len(self._as(self.user_sales_all, model).search(both)), 2)
                self.assertEqual(len(self._as(self.user_customer, model).search(both)), 2)
                if "user_sales_own" in EDITORS[model._name]:
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        self._as(self.user_sales_own, model).create({"partner_id": self.theirs.id, **vals})
                    entry = self._as(self.user_sales_own, model).create({"partner_id": self.mine.id, **vals})
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        entry.write({"partner_id": self.theirs.id})

    def test_companies(self):
        """Nothing of a company that is not at hand is read, counted, entered or changed."""
        for model, _kind, vals, change in self._models():
            with self.subTest(model=model._name):
                other = self._copied(model, vals, company_id=self.company_b.id)
                as_user = self._as(self.user_manager, model)
                self.assertFalse(as_user.search([("id", "=", other.id)]))
                with self.assertRaises(AccessError):
                    self._as(self.user_manager, other).read(["note"])
                entry = as_user.create({"partner_id": self.mine.id, **vals})
                self.assertEqual(entry.company_id, self.company_a)
                with self.assertRaises(AccessError), self.cr.savepoint():
                    entry.write({"company_id": self.company_b.id})
                with self.assertRaises(AccessError), self.cr.savepoint():
                    as_user.create({"partner_id": self.mine.id, "company_id": self.company_b.id, **vals})
                both = self._as(self.user_manager, model, self.company_a, self.company_b)
                self.assertEqual(both.search([("id", "=", other.id)]), other)
                both.browse(entry.id).write({"company_id": self.company_b.id, **change})

    def test_links_stay_in_the_company(self):
        """A response can't be one to what another company sent, nor about its contact."""
        action = self.env["crm.customer.marketing.action"].create(
            {"partner_id": self.mine.id, "company_id": self.company_b.id}
        )
        reaction = {"partner_id": self.mine.id, "kind": "click", "action_id": action.id}
        with self.assertRaises(UserError):
            self.env["crm.customer.marketing.reaction"].create(reaction)
        theirs = self._partner(name="De B", company_id=self.company_b.id)
        for model, _kind, vals, _change in self._models():
            with self.subTest(model=model._name), self.assertRaises(UserError), self.cr.savepoint():
                model.create({"partner_id": theirs.id, **vals})

    # -- database ----------------------------------------------------------------------

    def test_ids_tell_the_kind(self):
        """Ids of all kinds differ, and each tells its table."""
        for model, kind, vals, _change in self._models():
            with self.subTest(model=model._name):
                entry = model.create({"partner_id": self.mine.id, **vals})
                self.assertEqual(entry.id % 8, kind)
                self.env.flush_all()
                with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
                    self.cr.execute(
                        SQL("UPDATE %s SET id = id + 1 WHERE id = %s", SQL.identifier(model._table), entry.id)
                    )
        kinds = [model._fact_kind for model in self.env["crm.customer.fact"]._fact_models()]
        self.assertEqual(kinds, [1, 2, 3, 4, 5, 6])

    def test_foreign_keys(self):
        """Every one leads an index, and none but those between facts loses or takes anything."""
        tables = [model._table for model in self.env["crm.customer.fact"]._fact_models()]
        self.cr.execute(
            """
            SELECT c.conrelid::regclass::text, a.attname, c.confdeltype,
                   EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])
              FROM pg_constraint c
              JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.conrelid = ANY(%s::regclass[]) AND c.contype = 'f'
               AND a.attname NOT IN ('create_uid', 'write_uid')
            """,
            [tables],
        )
        found = self.cr.fetchall()
        self.assertGreater(len(found), 40)
        self.assertFalse([row for row in found if not row[3]])
        self.assertEqual(
            {row[:3] for row in found if row[2] != "r"},
            {
                ("crm_customer_marketing_reaction", "action_id", "n"),
                ("crm_customer_fulfilment", "request_id", "c"),
            },
        )

    def test_numbers_are_finite(self):
        """No writer, SQL included, gets a number in that no screen can show."""
        for model, _kind, vals, _change in self._models():
            with self.subTest(model=model._name):
                entry = model.create({"partner_id": self.mine.id, **vals})
                self.env.flush_all()
                numbers = [
                    name for name, field in model._fields.items() if field.store and field.type in ("float", "monetary")
                ]
                for name, value in itertools.product(numbers, ("NaN", "Infinity", "-Infinity", "1e15")):
                    with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
                        self.cr.execute(
                            SQL(
                                "UPDATE %s SET %s = %s::numeric WHERE id = %s",
                                SQL.identifier(model._table),
                                SQL.identifier(name),
                                value,
                                entry.id,
                            )
                        )

    # -- customers that move -------------------------------------------------------------

    def test_moves_with_its_contact(self):
        """A contact who changes firms takes everything along, in one statement per kind."""
        contact = self._person(name="C", parent_id=self.mine.id)
        entries = [self._copied(model, vals, partner_id=contact.id) for model, _k, vals, _c in self._models()]
        self.assertEqual({entry.commercial_partner_id for entry in entries}, {self.mine})
        contact.parent_id = self.theirs
        self.assertEqual({entry.commercial_partner_id for entry in entries}, {self.theirs})

    def test_merge(self):
        """A merge keeps every entry, whoever merges."""
        entries = [self._copied(model, vals) for model, _k, vals, _c in self._models()]
        keep = self._as(self.user_manager, self._partner(name="Queda"))
        self._as(self.user_manager, self.env["base.partner.merge.automatic.wizard"])._merge(
            [keep.id, self.mine.id], keep
        )
        self.env.invalidate_all()
        for entry in entries:
            self.assertEqual((entry.partner_id.id, entry.commercial_partner_id.id), (keep.id, keep.id))

    def test_contact_stays(self):
        """Each kind keeps its contact from being deleted, with a sentence."""
        for model, _kind, vals, _change in self._models():
            with self.subTest(model=model._name):
                contact = self._partner(name="Con historia")
                entry = self._copied(model, vals, partner_id=contact.id)
                with self.assertRaisesRegex(UserError, "Con historia has 1 "):
                    contact.unlink()
                entry.unlink()
                contact.unlink()
                self.assertFalse(contact.exists())

    def test_zone_of_the_company(self):
        """Days are counted in the zone of the company, also after it has changed."""
        for model, _kind, vals, _change in self._models():
            with self.subTest(model=model._name):
                entry = self._copied(model, vals, date="2024-05-05 23:30:00")
                self.assertEqual(str(entry.day), "2024-05-06")
        self.company_a.customer_tz = "Atlantic/Azores"
        for model, _kind, _vals, _change in self._models():
            with self.subTest(model=model._name):
                self.assertEqual(
                    {str(day) for day in model.search([("feed", "=", "app")]).mapped("day")}, {"2024-05-05"}
                )

    def test_company_keeps_its_currency(self):
        """Amounts were recorded in it."""
        for model, _kind, vals, _change in self._models():
            with self.subTest(model=model._name):
                company = self._company(f"Sociedad {model._name}")
                self._copied(model, vals, company_id=company.id)
                with self.assertRaises(UserError):
                    company.currency_id = self.env.ref("base.USD")

    def test_dates(self):
        """None before 1900 and none that is no date, with a sentence."""
        for model, _kind, vals, _change in self._models():
            with self.subTest(model=model._name):
                for moment in ("1812-06-24 00:00:00", "2999-01-01 00:00:00", "mañana"):
                    with self.assertRaises(ValidationError), self.cr.savepoint():
                        model.create({"partner_id": self.mine.id, **vals, "date": moment})
