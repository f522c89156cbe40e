# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Two companies: every way of reading gives the same rows, those of the user's company."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import CustomerDbCommon

# Models whose companies have tests of their own: reports (test_reports), the timeline (test_timeline_rights), the
# ledger of consents and its dialog (test_consent_rights); the state of an app connects
# documents of all companies.
TESTED_APART = {
    "crm.customer.activity.report",
    "crm.customer.campaign.report",
    "crm.customer.consent",
    "crm.customer.consent.record",
    "crm.customer.feed.state",
    # a list of numbers without any right
    "crm.customer.metrics.queue",
    "crm.customer.quality.change",
    # a dialog: test_past
    "crm.customer.past",
    "crm.customer.timeline",
    # follow their launch, whose companies are tried
    "crm.customer.launch.line",
    "crm.customer.launch.wizard",
    "crm.customer.best.profile",
    "crm.customer.strategy.month",
}


class TestCompanies(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            login="cdb_one_company",
            groups="crm_customer_db.group_customer_manager,base.group_partner_manager,base.group_allow_export",
            company_id=cls.company_a.id,
        )
        cls.shared = cls._partner(name="Shared customer", customer_mark="customer")
        other = cls._partner(name="Customer with a history", customer_mark="customer")
        cls.records = {}
        for model, values in {
            "crm.customer.division": {"name": "Rows"},
            "crm.customer.territory": {"name": "Rows"},
            "crm.customer.place": {"name": "Rows"},
            "crm.customer.purchase": {"partner_id": cls.shared.id, "amount_currency": 5},
            "crm.customer.interaction": {"partner_id": other.id, "subject": "Rows"},
            "crm.customer.fulfilment": {"partner_id": other.id, "subject": "Rows"},
            "crm.customer.marketing.action": {"partner_id": other.id, "subject": "Rows"},
            "crm.customer.metrics": {
                "commercial_partner_id": other.id,
                "currency_id": cls.company_a.currency_id.id,
                "computed_as_of": "2026-01-01",
            },
            "crm.customer.metrics.history": {
                "commercial_partner_id": other.id,
                "currency_id": cls.company_a.currency_id.id,
                "month": "2026-01-01",
                "as_of": "2026-01-31",
            },
            "crm.customer.marketing.reaction": {"partner_id": other.id, "kind": "click"},
            "crm.customer.value.class": {"name": "Rows"},
            "crm.customer.strategy": {"name": "Rows"},
            "crm.customer.launch": {
                "name": "Rows",
                "user_id": cls.user.id,
                "day": "2026-01-01",
                "kind": "activity",
            },
            "crm.customer.score.run": {"as_of": "2026-01-01", "window_months": 12, "method": "fixed"},
            "crm.customer.segment": {"name": "Rows", "kind": "manual"},
            "crm.customer.owned.product": {"partner_id": other.id, "name": "Rows"},
            "crm.customer.quality.rule": {"field_name": "ref"},
            "crm.customer.quality.use": {"customer_kind": "company", "field_name": "ref", "as_of": "2026-01-01"},
            "crm.customer.stage.lock": {"partner_id": other.id, "lifecycle": "active", "reason": "Rows"},
            "crm.customer.survey.answer": {"partner_id": other.id, "survey": "Rows", "question_code": "Q"},
        }.items():
            ours, theirs = (
                cls.env[model].create(
                    dict(
                        values,
                        company_id=company.id,
                        **({"code": "ROWS"} if "code" in cls.env[model]._fields else {}),
                    )
                )
                for company in (cls.company_a, cls.company_b)
            )
            cls.records[model] = (ours, theirs)
        cls.env["crm.customer.territory.rule"].create(
            [
                {"territory_id": territory.id, "country_id": cls.usa.id}
                for territory in cls.records["crm.customer.territory"]
            ]
        )
        cls.records["crm.customer.territory.rule"] = tuple(
            territory.rule_ids for territory in cls.records["crm.customer.territory"]
        )
        cls.records["crm.customer.segment.member"] = tuple(
            cls.env["crm.customer.segment.member"].create({"segment_id": segment.id, "partner_id": other.id})
            for segment in cls.records["crm.customer.segment"]
        )
        private = [
            cls._partner(name=company.name, company_id=company.id, street="Mayor 1")
            for company in (cls.company_a, cls.company_b)
        ]
        cls.records["crm.customer.call.window"] = tuple(
            cls.env["crm.customer.call.window"].create({"partner_id": partner.id}) for partner in private
        )
        cls.records["crm.customer.address"] = tuple(partner.customer_address_ids for partner in private)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()
        self.enterContext(mute_logger("odoo.addons.base.models.ir_rule"))

    def test_every_company_model_is_here(self):
        """A new model with a company, or that hangs on a contact, is tested as well."""
        models = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "crm_customer_db"
            and not model._abstract
            and {"company_id", "partner_id", "territory_id"} & set(model._fields)
        }
        self.assertEqual(models - TESTED_APART, set(self.records))

    def test_all_ways_of_reading_agree(self):
        """search, count, read, group, name_search, export and web_read: our row is in
        each of them, that of the other company in none."""
        for model, (ours, theirs) in self.records.items():
            self.assertTrue(ours and theirs, model)
            mine = self._as(self.user, self.env[model])
            both = [("id", "in", (ours + theirs).ids)]
            found = {
                "search": mine.search(both).ids,
                "web_search_read": [row["id"] for row in mine.web_search_read(both, {"id": {}})["records"]],
                "name_search": [row[0] for row in mine.name_search("", both)],
                "group": mine._read_group(both, [], ["id:recordset"])[0][0].ids,
            }
            for way, ids in found.items():
                with self.subTest(model=model, by=way):
                    self.assertEqual(ids, ours.ids)
            with self.subTest(model=model, by="count"):
                self.assertEqual(mine.search_count(both), len(ours))
            other = mine.browse(theirs.ids)
            for way, call in {
                "read": lambda other=other: other.read(["display_name"]),
                "web_read": lambda other=other: other.web_read({"display_name": {}}),
                "export": lambda other=other: other.export_data(["display_name"]),
                "write": lambda other=other: other.write({}),
                "unlink": lambda other=other: other.unlink(),
            }.items():
                with self.subTest(model=model, by=way), self.assertRaises(AccessError):
                    call()
            self.assertTrue(mine.browse(ours.ids).export_data(["id"])["datas"])

    def test_other_company_by_context(self):
        """Naming a company that is not one's own is refused, on the page as well."""
        customer = self._as(self.user, self.shared, self.company_b)
        for what, call in {
            "purchases": lambda: customer.env["crm.customer.purchase"].search([]),
            "in the file": lambda: customer.search([("customer_in_file", "=", True)]),
            "slots": customer.customer_page_slots,
        }.items():
            with self.subTest(by=what), self.assertRaises(AccessError):
                call()

    def test_page_shows_one_company(self):
        """A customer of both: figures, timeline and values are those of the company at
        hand, and each company keeps its own territory and division."""
        territory_a, territory_b = self.records["crm.customer.territory"]
        self.shared.with_company(self.company_a).customer_territory_id = territory_a
        self.shared.with_company(self.company_b).customer_territory_id = territory_b
        self.env.flush_all()
        self.env.invalidate_all()
        for company, territory in ((self.company_a, territory_a), (self.company_b, territory_b)):
            customer = self._as(self.user_manager, self.shared, company)
            slots = customer.customer_page_slots()
            self.assertEqual(len(customer.customer_timeline_page()["rows"]), 1)
            self.assertIn(company.name, slots["value"][0]["text"])
            self.assertEqual(customer.customer_territory_id, territory)

    def test_foreign_entries_are_refused(self):
        """A division or territory of the other company can't be put on a customer."""
        for field, model in (
            ("customer_division_id", "crm.customer.division"),
            ("customer_territory_id", "crm.customer.territory"),
        ):
            customer = self._as(self.user, self.shared)
            with self.subTest(field=field), self.assertRaises(UserError):
                customer.write({field: self.records[model][1].id})
                self.env.flush_all()
