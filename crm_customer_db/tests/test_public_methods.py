# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Methods without a leading underscore can be called by anybody with a login."""

import inspect

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import CustomerDbCommon

# Odoo's own methods that we extend: their rights are Odoo's.
EXTENDED = {
    "copy",
    "copy_data",
    "create",
    "default_get",
    "fields_get",
    "get_filters",
    "load",
    "onchange",
    "unlink",
    "web_read",
    "write",
}
_FACT = {"action_open_document": "refuses", "action_open_source": "refuses"}
# Model → methods of ours that anybody may call over RPC, and what they do to a stranger.
OURS = {
    "crm.customer.activity.report": {"action_open_document": "refuses"},
    "crm.customer.campaign.report": {"action_open_customer": "refuses"},
    "res.partner": {
        "action_customer_add_to_file": "refuses",
        "action_customer_address_history": "opens",
        "action_customer_clear_origin": "refuses",
        "action_customer_confirm_profile": "refuses",
        "action_customer_consents": "opens",
        "action_customer_new_key_contact": "opens",
        "action_customer_open_activities": "opens",
        "action_customer_open_commercial": "opens",
        "action_customer_open_complaints": "opens",
        "action_customer_open_contact": "opens",
        "action_customer_open_file": "opens",
        "action_customer_open_requests": "opens",
        "action_customer_plan_step": "refuses",
        "action_customer_purchases": "opens",
        "action_customer_purchases_12m": "opens",
        "action_customer_record_consent": "opens",
        "action_customer_territory_automatic": "refuses",
        "action_customer_group": "refuses",
        "action_customer_why": "refuses",
        "customer_log": "refuses",
        "customer_page_slots": "refuses",
        "customer_timeline_filters": "refuses",
        "customer_timeline_page": "refuses",
        "customer_timeline_upcoming": "refuses",
    },
    "crm.customer.consent.record": {"action_record": "refuses"},
    "crm.customer.exclusion.list": {"action_import": "refuses"},
    "crm.customer.feed.state": {"action_audit": "refuses", "action_backfill": "refuses", "action_mend": "refuses"},
    "crm.customer.origin.map": {"action_apply": "refuses"},
    # opens a dialog whose model a stranger may not use
    "crm.customer.origin.pair": {"action_map": "opens"},
    "crm.customer.answer.wizard": {"action_confirm": "refuses"},
    "crm.customer.fulfilment": {**_FACT, "action_reopen": "refuses", "action_solve": "refuses"},
    "crm.customer.interaction": {
        **_FACT,
        "action_answer": "refuses",
        "action_close": "refuses",
        "action_make_request": "refuses",
        "action_reopen": "refuses",
    },
    "crm.customer.marketing.action": _FACT,
    "crm.customer.marketing.reaction": _FACT,
    "crm.customer.metrics": {
        "action_open_customer": "refuses",
        "action_open_purchases": "refuses",
        "action_open_marketing": "refuses",
        "action_open_rows": "refuses",
        "action_open_service": "refuses",
        "action_past": "refuses",
        "action_set_stage": "refuses",
    },
    "crm.customer.metrics.history": {"action_open_customer": "refuses"},
    "crm.customer.launch": {"action_open_customers": "refuses"},
    "crm.customer.launch.wizard": {"action_launch": "refuses"},
    "crm.customer.past": {"action_open_rows": "refuses"},
    "crm.customer.purchase": _FACT,
    "crm.customer.strategy": {
        "action_launch": "refuses",
        "action_open_customers": "refuses",
        "action_open_months": "refuses",
        "web_resequence": "refuses",
    },
    "crm.customer.segment": {
        "action_launch": "refuses",
        "action_open_figures": "refuses",
        "action_open_history": "refuses",
        "action_open_members": "refuses",
        "action_refresh": "refuses",
    },
    "crm.customer.segment.add": {"action_add": "refuses"},
    "crm.customer.segment.member": {"action_leave": "refuses"},
    "crm.customer.survey.answer": _FACT,
    "crm.customer.timeline": {"customer_event_lines": "refuses"},
    "crm.customer.territory": {
        "action_apply_rules": "refuses",
        "action_assign_salesperson": "refuses",
        "action_open_customers": "opens",
    },
}
# What a method can't be called without.
ARGUMENTS = {"customer_log": ("call", "out", "Words"), "web_resequence": ({"id": {}},)}


class TestPublicMethods(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "cdb_portal", groups="base.group_portal")
        cls.origin = cls.env["crm.customer.origin"].create({"code": "PM", "name": "Fair"})
        cls.firm = cls._partner(name="El Puente", customer_origin_id=cls.origin.id, customer_mark="excluded")
        cls.territory = cls.env["crm.customer.territory"].create(
            {"code": "PM", "name": "PM", "user_id": cls.user_sales_own.id}
        )
        cls._partner(name="Somebody", customer_mark="customer").customer_territory_id = cls.territory
        cls.purchase = cls.env["crm.customer.purchase"].create({"partner_id": cls.firm.id, "amount_currency": 5})
        request = cls.env["crm.customer.interaction"].create({"partner_id": cls.firm.id})
        facts = {
            "crm.customer.fulfilment": {},
            "crm.customer.marketing.action": {},
            "crm.customer.marketing.reaction": {"kind": "click"},
            "crm.customer.survey.answer": {"survey": "S", "question_code": "Q"},
        }
        cls.env["crm.customer.metrics"]._drain()
        cls.metrics = cls.env["crm.customer.metrics"].search(
            [("commercial_partner_id", "=", cls.purchase.commercial_partner_id.id)], limit=1
        )
        cls.env["crm.customer.metrics"]._keep_month(cls.metrics.computed_as_of)
        cls.history = cls.env["crm.customer.metrics.history"].search(
            [("commercial_partner_id", "=", cls.metrics.commercial_partner_id.id)], limit=1
        )
        cls.segment = cls.env["crm.customer.segment"].create({"name": "PM", "kind": "manual"})
        sent = cls.env["crm.customer.marketing.action"].create(
            {"partner_id": cls.firm.id, "campaign_id": cls.env["utm.campaign"].create({"title": "PM"}).id}
        )
        planned = cls.firm.activity_schedule("mail.mail_activity_data_todo", user_id=cls.user_manager.id)
        cls.records = {
            "crm.customer.activity.report": cls.env["crm.customer.activity.report"].browse(planned.id),
            "crm.customer.campaign.report": cls.env["crm.customer.campaign.report"].browse(sent.id),
            **{name: cls.env[name].create({"partner_id": cls.firm.id, **vals}) for name, vals in facts.items()},
            "crm.customer.answer.wizard": cls.env["crm.customer.answer.wizard"].create(
                {"interaction_ids": request.ids}
            ),
            "crm.customer.interaction": request,
            "res.partner": cls.firm,
            "crm.customer.consent.record": cls.env["crm.customer.consent.record"].create(
                {"partner_ids": cls.firm.ids, "channel": "post"}
            ),
            "crm.customer.exclusion.list": cls.env["crm.customer.exclusion.list"].create(
                {"name": "L", "data_file": b"YUB4LmVz"}
            ),
            "crm.customer.feed.state": cls.env["crm.customer.feed.state"].search([], limit=1),
            "crm.customer.origin.map": cls.env["crm.customer.origin.map"].create(
                {"origin_id": cls.origin.id, "all_have_medium": True}
            ),
            "crm.customer.origin.pair": cls.env["crm.customer.origin.pair"].search([], limit=1),
            "crm.customer.metrics": cls.metrics,
            "crm.customer.metrics.history": cls.history,
            "crm.customer.launch": cls.env["crm.customer.launch"].create(
                {
                    "name": "L",
                    "company_id": cls.company_a.id,
                    "user_id": cls.env.uid,
                    "day": "2026-01-01",
                    "kind": "activity",
                }
            ),
            "crm.customer.launch.wizard": cls.env["crm.customer.launch.wizard"].create(
                {"strategy_id": cls.env.ref("crm_customer_db.strategy_retain").id}
            ),
            "crm.customer.past": cls.env["crm.customer.past"].create({"partner_id": cls.firm.id, "day": "2026-01-31"}),
            "crm.customer.purchase": cls.purchase,
            "crm.customer.strategy": cls.env.ref("crm_customer_db.strategy_retain"),
            "crm.customer.segment": cls.segment,
            "crm.customer.segment.add": cls.env["crm.customer.segment.add"].create(
                {"segment_id": cls.segment.id, "partner_ids": cls.firm.ids}
            ),
            "crm.customer.segment.member": cls.env["crm.customer.segment.member"].create(
                {"segment_id": cls.segment.id, "partner_id": cls.firm.id}
            ),
            "crm.customer.timeline": cls.env["crm.customer.timeline"].browse(cls.purchase.id),
            "crm.customer.territory": cls.territory,
        }

    def _public_methods(self):
        """(model, method) that an RPC call reaches and that code of this addon defines."""
        for name, model in self.env.registry.items():
            if model._abstract:
                continue
            for method in dir(model):
                if method.startswith("_"):
                    continue
                function = getattr(model, method, None)
                if not inspect.isfunction(function):
                    continue
                defined = {
                    cls.__dict__[method].__module__
                    for cls in model.__mro__
                    if inspect.isfunction(cls.__dict__.get(method))
                }
                if not any(module.startswith("odoo.addons.crm_customer_db.") for module in defined):
                    continue
                try:
                    get_public_method(self.env[name], method)
                except AccessError:
                    continue
                yield name, method

    def test_every_method_is_known(self):
        """A new public method is to be entered above with what it does to strangers, or
        to get an underscore or @api.private."""
        found = {(model, method) for model, method in self._public_methods() if method not in EXTENDED}
        known = {(model, method) for model, methods in OURS.items() for method in methods}
        self.assertEqual(found, known)

    def test_strangers(self):
        """A portal user and an employee without our groups are refused, or get no more
        than the description of a window that their rights leave empty; nothing is
        changed by any of it."""
        for user in (self.portal, self.user_employee):
            for model, methods in OURS.items():
                for method, outcome in methods.items():
                    with self.subTest(user=user.login, model=model, method=method):
                        self._call(user, model, method, outcome)

    def _call(self, user, model, method, outcome):
        record = self.records[model]
        self.env.flush_all()
        self.env.invalidate_all()
        before = self._snapshot()
        action, refused = None, False
        try:
            with mute_logger("odoo.addons.base.models.ir_rule", "odoo.orm.models"):
                mine = record.with_user(user).with_context(allowed_company_ids=None)
                action = getattr(mine, method)(*ARGUMENTS.get(method, ()))
        except UserError:  # AccessError is one of them
            refused = True
        if not refused:
            self.assertEqual(outcome, "opens", "it should have refused")
            self.assertEqual(action["type"], "ir.actions.act_window")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._snapshot(), before)

    def _snapshot(self):
        return [
            record.sudo().read([name for name, field in record._fields.items() if field.store])
            for record in self.records.values()
        ] + [self.env["res.partner"].sudo().search_count([])]

    def test_fields_of_odoo_stay_readable(self):
        """What other packages call customer_… is not ours to hide from a portal user."""
        mine = self.env["res.partner"].with_user(self.portal)
        for package, readable in (("account", True), ("crm_customer_db", False)):
            field = fields.Integer()
            field.name, field._modules = "customer_rank", (package,)
            self.assertEqual(mine._has_field_access(field, "read"), readable, package)

    def test_page_of_oneself(self):
        """A portal user can't read the page, not even of his own record, nor what we
        noted on him; his trade name he may know."""
        self.portal.partner_id.write({"parent_id": self.firm.id, "customer_is_key_contact": True})
        self.firm.write({"customer_priority": "d", "customer_mark": "excluded"})
        self.env.flush_all()
        self.env.invalidate_all()
        mine = self.firm.with_user(self.portal).with_context(allowed_company_ids=None)
        self.assertEqual(mine.read(["name"])[0]["name"], "El Puente")
        ours = [
            name
            for name, field in self.firm._fields.items()
            if field._modules and field._modules[0] == "crm_customer_db"
        ]
        self.assertGreater(len(ours), 60)
        for name in set(ours) - {"customer_trade_name"}:
            for record in (
                mine,
                self.portal.partner_id.with_user(self.portal),
                self.portal.with_user(self.portal),
            ):
                with self.subTest(field=name, model=record._name):
                    with self.assertRaises(AccessError), mute_logger("odoo.orm.models"):
                        record.read([name])
                    self.assertNotIn(name, record.fields_get())
            if self.firm._fields[name].store:
                with self.assertRaises(AccessError):
                    mine.search([(name, "!=", False)])
        self.assertTrue(mine.name_search("Puente"))
        with self.assertRaises(AccessError):
            mine.customer_page_slots()

    def test_windows_of_contacts_one_may_edit(self):
        """Who may only read a contact can't give it times to call, or take them away."""
        window = self.env["crm.customer.call.window"].create({"partner_id": self.firm.id})
        mine = self._as(self.user_customer, window)
        self.assertTrue(mine.display_name)
        for call in (
            lambda: mine.write({"hour_to": 20}),
            mine.unlink,
            lambda: mine.create({"partner_id": self.firm.id}),
        ):
            with self.assertRaises(AccessError):
                call()
        self._as(self.user_data_entry, window).write({"hour_to": 20})

    def test_slots_say_nothing_about_nothing(self):
        """A slot without anything to say is an empty list, for every role; figures and
        credit are empty for who may not see them."""
        nobody = self._partner(name="Nobody", customer_mark="customer")
        for user in (self.user_customer, self.user_data_entry, self.user_manager):
            slots = self._as(user, nobody).customer_page_slots()
            self.assertEqual(
                list(slots),
                ["alerts", "open", "value", "credit", "next_step", "contacts", "log"],
            )
            logging = slots.pop("log")
            self.assertEqual(bool(logging), user != self.user_data_entry)
            for name, lines in slots.items():
                # what is worth asking is what nothing is known about
                said = [line for line in lines if line.get("icon") != "fa-question-circle-o"]
                self.assertEqual(said, [], f"{name} for {user.login}")
        nobody.sudo().customer_credit_level = "b"
        self.env["crm.customer.purchase"].create({"partner_id": nobody.id, "amount_currency": 5})
        seen = self._as(self.user_customer, nobody).customer_page_slots()
        self.assertTrue(seen["value"] and seen["credit"] and seen["log"])
        blind = self._as(self.user_data_entry, nobody).customer_page_slots()
        self.assertEqual((blind["value"], blind["credit"], blind["log"]), ([], [], []))

    def test_slots_show_what_the_reader_may_see(self):
        """The figures of a customer of a colleague are not those of "own documents"."""
        self.firm.write({"user_id": self.user_manager.id, "customer_mark": False})
        self.env.flush_all()
        own = self._as(self.user_sales_own, self.firm)
        self.assertEqual((own.customer_page_slots()["value"], own.customer_timeline_page()["rows"]), ([], []))
        everything = self._as(self.user_sales_all, self.firm)
        self.assertTrue(everything.customer_page_slots()["value"])
        self.assertTrue(everything.customer_timeline_page()["rows"])
