# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the machine keeps can't be written by users, whatever way they send it."""

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .common import CustomerDbCommon

MAGIC = {"create_uid", "create_date", "write_uid", "write_date", "id", "display_name"}
REFUSED = (AccessError, UserError, ValueError)


class TestWrites(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls._partner(name="El Puente", customer_mark="customer", street="Mayor 1", zip="50001")
        cls.firm.write({"street": "Mayor 2", "zip": "28001"})
        cls.territory = cls.env["crm.customer.territory"].create({"code": "W", "name": "W"})
        cls.segment = cls.env["crm.customer.segment"].create({"name": "W", "kind": "manual"})
        cls.samples = {
            "res.partner": cls.firm,
            "crm.customer.address": cls.firm.customer_address_ids[:1],
            "crm.customer.purchase": cls.env["crm.customer.purchase"].create(
                {"partner_id": cls.firm.id, "amount_currency": 5}
            ),
            **{
                model: cls.env[model].create({"partner_id": cls.firm.id, **values})
                for model, values in {
                    "crm.customer.fulfilment": {},
                    "crm.customer.interaction": {},
                    "crm.customer.marketing.action": {},
                    "crm.customer.marketing.reaction": {"kind": "click"},
                    "crm.customer.survey.answer": {"survey": "S", "question_code": "Q"},
                }.items()
            },
            "crm.customer.quality.rule": cls.env["crm.customer.quality.rule"].search([], limit=1),
            "crm.customer.score.run": cls.env["crm.customer.score.run"].create(
                {"company_id": cls.company_a.id, "as_of": "2026-01-01", "window_months": 12, "method": "fixed"}
            ),
            "crm.customer.metrics": cls.env["crm.customer.metrics"].create(
                {
                    "commercial_partner_id": cls.firm.id,
                    "company_id": cls.company_a.id,
                    "currency_id": cls.euro.id,
                    "computed_as_of": "2026-01-01",
                }
            ),
            "crm.customer.launch": cls.env["crm.customer.launch"].create(
                {
                    "name": "L",
                    "company_id": cls.company_a.id,
                    "user_id": cls.env.uid,
                    "day": "2026-01-01",
                    "kind": "activity",
                }
            ),
            "crm.customer.strategy": cls.env["crm.customer.strategy"].create({"name": "S"}),
            "crm.customer.segment": cls.segment,
            "crm.customer.segment.member": cls.env["crm.customer.segment.member"].create(
                {"segment_id": cls.segment.id, "partner_id": cls.firm.id}
            ),
            "crm.customer.metrics.history": cls.env["crm.customer.metrics.history"].create(
                {
                    "commercial_partner_id": cls.firm.id,
                    "company_id": cls.company_a.id,
                    "currency_id": cls.euro.id,
                    "month": "2026-01-01",
                    "as_of": "2026-01-31",
                }
            ),
            "crm.customer.territory": cls.territory,
            "crm.customer.nace": cls.env["crm.customer.nace"].create({"code": "W", "name": "W", "version": "Test"}),
        }
        cls.writers = (
            cls.user_sales_own,
            cls.user_data_entry,
            cls.user_marketing,
            cls.user_manager,
            cls.user_personal,
        )

    # === What is the machine's ===

    def _machine_fields(self, model):
        """Stored or computed fields of ours that no user may decide."""
        for name, field in self.env[model]._fields.items():
            ours = field._modules and field._modules[0] == "crm_customer_db"
            if (model == "res.partner" and not ours) or name in MAGIC or field.related:
                continue
            typed = field.inverse or (field.compute and not field.readonly)
            if (not typed and (field.readonly or field.compute)) or name == "parent_path":
                yield name, field

    def test_the_list(self):
        """The fields of the machine are found, among them those that matter most."""
        partner = {name for name, _field in self._machine_fields("res.partner")}
        self.assertLessEqual(
            {
                "customer_address_date",
                "customer_address_ids",
                "customer_profile_confirmed_on",
                "customer_profile_confirmed_by",
                "customer_in_file",
                "customer_callable_now",
                "customer_age",
            },
            partner,
        )
        self.assertNotIn("customer_kind", partner, "the kind may be chosen")
        purchase = {name for name, _field in self._machine_fields("crm.customer.purchase")}
        self.assertLessEqual(self.env["crm.customer.purchase"]._fact_machine_columns(), purchase)
        for name, model in self.env.registry.items():
            if name in ("crm.customer.consent", "crm.customer.feed.state") or not model._auto or model._transient:
                # Nobody writes to the first (test_consent), only progress is in the second;
                # a view is written by nobody, a dialog by whoever opens it.
                continue
            if model._original_module == "crm_customer_db" and not model._abstract and name not in self.samples:
                found = [field for field, _ in self._machine_fields(name) if field != "customer_count"]
                self.assertFalse(found, f"{name} needs a sample in this test")

    def _other_value(self, field, record):
        """A value that the record does not have."""
        now = record.sudo()[field.name]
        if field.relational:
            other = self.env[field.comodel_name].search([("id", "not in", now.ids)], limit=1)
            return other.id if field.type == "many2one" else [(6, 0, other.ids)]
        if field.type == "selection":
            keys = field.get_values(self.env)
            return next(key for key in keys if key != now)
        return {
            "boolean": not now,
            "integer": 4242,
            "many2one_reference": 4242,
            "float": 42.5,
            "monetary": 42.5,
            "date": "2001-02-03",
            "datetime": "2001-02-03 04:05:06",
        }.get(field.type, "written")

    def _unchanged(self, record, name, call, what):
        """``call`` is refused, or the field is afterwards what it was."""
        record.env.flush_all()
        before = record.sudo().read([name])[0][name]
        with self.env.cr.savepoint(flush=False) as savepoint:
            refused = False
            try:
                call()
                self.env.flush_all()
            except REFUSED:
                refused = True
            if not refused:
                self.env.invalidate_all()
                self.assertEqual(record.sudo().read([name])[0][name], before, what)
            savepoint.rollback()
        self.env.invalidate_all()

    def test_write_and_save(self):
        """By write, web_save, and commands from the company, a field of the machine is
        refused or stays."""
        with mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_rule"):
            for user in self.writers:
                self.patch(self.env.transaction, "default_env", self._as(user, self.firm).env)
                for model, record in self.samples.items():
                    mine = self._as(user, record)
                    for name, field in self._machine_fields(model):
                        value = self._other_value(field, record)
                        for what, call in {
                            "write": lambda r=mine, n=name, v=value: r.write({n: v}),
                            "web_save": lambda r=mine, n=name, v=value: r.web_save({n: v}, {"id": {}}),
                        }.items():
                            with self.subTest(user=user.login, model=model, field=name, by=what):
                                self._unchanged(record, name, call, what)

    def test_import(self):
        """By load() over an existing record, with its database id."""
        with mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_rule", "odoo.sql_db"):
            for user in self.writers:
                for model, record in self.samples.items():
                    mine = self._as(user, self.env[model])
                    for name, field in self._machine_fields(model):
                        if field.type in ("one2many", "many2many"):
                            continue
                        column = f"{name}/.id" if field.type == "many2one" else name
                        value = str(self._other_value(field, record))
                        with self.subTest(user=user.login, model=model, field=name):
                            self._unchanged(
                                record,
                                name,
                                lambda m=mine, c=column, v=value, r=record: m.load([".id", c], [[str(r.id), v]]),
                                "load",
                            )

    def test_create(self):
        """By create, and by default_… in the context: the same record comes out as
        without."""
        values = {
            "res.partner": {"name": "New"},
            "crm.customer.purchase": {"partner_id": self.firm.id, "amount_currency": 7},
            "crm.customer.territory": {"code": "NEW", "name": "New"},
            "crm.customer.nace": {"code": "NEW", "name": "New", "version": "Test"},
        }
        volatile = {"day", "parent_path"}
        for user in self.writers:
            for model, vals in values.items():
                mine = self._as(user, self.env[model])
                if not mine.has_access("create"):
                    continue
                for name, field in self._machine_fields(model):
                    value = self._other_value(field, self.samples[model])
                    with self.env.cr.savepoint() as savepoint:
                        control = mine.create(vals)
                        expected = control.sudo().read([name])[0][name]
                        savepoint.rollback()
                    for what, call in {
                        "create": lambda m=mine, v=vals, n=name, x=value: m.create(dict(v, **{n: x})),
                        "context": lambda m=mine, v=vals, n=name, x=value: m.with_context(**{f"default_{n}": x}).create(
                            v
                        ),
                    }.items():
                        with (
                            self.subTest(user=user.login, model=model, field=name, by=what),
                            self.env.cr.savepoint(flush=False) as savepoint,
                            mute_logger("odoo.orm.models"),
                        ):
                            try:
                                record = call()
                                self.env.flush_all()
                            except REFUSED:
                                record = None
                            if record:
                                self.env.invalidate_all()
                                found = record.sudo().read([name])[0][name]
                                if name in volatile:
                                    self.assertNotEqual(found, value)
                                else:
                                    self.assertEqual(found, expected)
                            savepoint.rollback()
                        self.env.invalidate_all()

    def test_what_may_be_typed(self):
        """The counterpart: what a user is to type, every writing role can type."""
        for user in self.writers:
            firm = self._as(user, self.firm)
            if not firm.has_access("write"):
                continue
            firm.write(
                {
                    "customer_kind": "self_employed",
                    "customer_headcount_band": "10_49",
                    "customer_salutation": "Hola",
                    "customer_street_number": "9",
                    "customer_territory_id": self.territory.id,
                    "customer_territory_manual": True,
                }
            )
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(self.firm.customer_kind_typed, "self_employed")
            self.assertEqual(self.firm.customer_salutation_typed, "Hola")
            self.assertEqual(self.firm.street, "Mayor 9")

    def test_confirmation_says_who(self):
        """The button notes the user who pressed it and today, nobody else's name."""
        firm = self._as(self.user_data_entry, self.firm)
        firm.action_customer_confirm_profile()
        self.assertEqual(self.firm.customer_profile_confirmed_by, self.user_data_entry)
        firm.with_context(default_customer_profile_confirmed_by=self.user_manager.id).action_customer_confirm_profile()
        self.assertEqual(self.firm.customer_profile_confirmed_by, self.user_data_entry)
