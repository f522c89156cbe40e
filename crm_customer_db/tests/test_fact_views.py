# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import ast

from lxml import etree

from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

from .common import CustomerDbCommon

# Report → name of the favourite it opens with.
REPORTS = {
    "crm_customer_interaction_action_report": "Requests by state and month",
    "crm_customer_marketing_action_action": "What was sent, by campaign and medium",
    "crm_customer_marketing_reaction_action": "Responses by campaign and kind",
    "crm_customer_fulfilment_action_report": "Deliveries & incidents by kind and month",
    "crm_customer_survey_answer_action": "Answers by survey and question",
}
LISTS = (
    "crm_customer_interaction_action_requests",
    "crm_customer_interaction_action_correspondence",
    "crm_customer_interaction_action_partner",
    "crm_customer_fulfilment_action",
    "crm_customer_fulfilment_action_complaints",
    "crm_customer_fulfilment_action_partner",
)
READERS = {
    "crm.customer.interaction": ("user_customer", "user_sales_own", "user_data_entry", "user_manager"),
    "crm.customer.marketing.action": ("user_customer", "user_marketing"),
    "crm.customer.marketing.reaction": ("user_customer", "user_marketing"),
    "crm.customer.fulfilment": ("user_customer", "user_sales_own", "user_manager"),
    "crm.customer.survey.answer": ("user_customer", "user_data_entry", "user_personal", "user_manager"),
}


class TestFactViews(CustomerDbCommon):
    """Lists, forms, reports and favourites of everything beside purchases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._partner(name="Cliente", user_id=cls.user_sales_own.id)

    def _action(self, name):
        return self.env.ref(f"crm_customer_db.{name}")

    # -- reports -----------------------------------------------------------------------

    def test_favourites(self):
        """Every report has at least three for everybody and opens with one; each one answers."""
        for report, opens in REPORTS.items():
            action = self._action(report)
            model = self._as(self.user_customer, self.env[action.res_model])
            favourites = self._as(self.user_customer, self.env["ir.filters"]).get_filters(action.res_model, action.id)
            with self.subTest(report=report):
                self.assertGreaterEqual(len(favourites), 3)
                self.assertEqual([each["name"] for each in favourites if each["is_default"]], [opens])
                self.assertEqual(action.view_mode.split(",")[0], "pivot")
            for favourite in favourites:
                with self.subTest(report=report, favourite=favourite["name"]):
                    context, domain = (ast.literal_eval(favourite[key]) for key in ("context", "domain"))
                    self.assertIn(("is_recent", "=", True), domain)
                    rows = context["pivot_row_groupby"] + context["pivot_column_groupby"]
                    measures = [
                        measure if measure == "__count" else f"{measure}:{model._fields[measure].aggregator}"
                        for measure in [*context["pivot_measures"], context["graph_measure"]]
                    ]
                    model.formatted_read_grouping_sets(domain, [[], rows, context["graph_groupbys"]], measures)

    def test_favourites_are_known_to_the_translation(self):
        """Whatever is shipped has its name among those that are translated."""
        names = self.env["ir.filters"]._customer_favourite_names()
        shipped = self.env["ir.model.data"].search([("module", "=", "crm_customer_db"), ("model", "=", "ir.filters")])
        self.assertGreater(len(shipped), 20)
        for record in shipped:
            xmlid = f"crm_customer_db.{record.name}"
            self.assertEqual(names.get(xmlid), self.env.ref(xmlid).name, xmlid)

    # -- views -------------------------------------------------------------------------

    def test_views_for_every_reader(self):
        """All views load for those who may read, and filters are valid domains and groups."""
        for name, readers in READERS.items():
            for reader in readers:
                user = getattr(self, reader)
                model = self._as(user, self.env[name])
                kinds = ["list", "form", "pivot", "graph", "search"]
                views = model.get_views([(False, kind) for kind in kinds])["views"]
                arch = etree.fromstring(views["search"]["arch"])
                for node in arch.iter("filter"):
                    with self.subTest(model=name, user=reader, filter=node.get("name")):
                        if node.get("domain"):
                            model.search_count(safe_eval(node.get("domain"), {"uid": user.id}))
                        group = safe_eval(node.get("context") or "{}").get("group_by")
                        if group:
                            model.formatted_read_group([], [group], ["__count"])

    def test_empty_lists_say_what_to_do(self):
        for name in (*REPORTS, *LISTS):
            self.assertIn("o_view_nocontent_smiling_face", self._action(name).help or "", name)

    def test_lists_open(self):
        """The lists of the menus, as their readers open them."""
        for name in LISTS:
            action = self._action(name)
            model = self._as(self.user_sales_own, self.env[action.res_model])
            view = action.view_ids[:1].view_id.id or False
            arch = model.get_view(view, "list")["arch"]
            fields = {node.get("name"): {} for node in etree.fromstring(arch).iter("field")}
            domain = safe_eval(action.domain or "[]", {"active_id": self.customer.id})
            model.web_search_read(domain, fields, order=etree.fromstring(arch).get("default_order"))

    # -- forms -------------------------------------------------------------------------

    def test_enter_a_request(self):
        """The form proposes the salesperson; saved, it has its deadline."""
        model = self._as(self.user_customer, self.env["crm.customer.interaction"]).with_context(default_kind="request")
        with Form(model) as form:
            form.partner_id = self.customer
            form.subject = "¿Precio?"
            self.assertEqual(form.user_id, self.user_sales_own)
            self.assertEqual(form.state, "open")
        request = form.record
        self.assertTrue(request.deadline)
        self.assertTrue(request.sudo().activity_ids)

    def test_enter_a_call_and_a_quotation(self):
        """The state follows the kind while it is chosen."""
        model = self._as(self.user_customer, self.env["crm.customer.interaction"]).with_context(default_kind="call")
        with Form(model) as form:
            form.partner_id = self.customer
            self.assertFalse(form.state)
            form.kind = "quotation"
            self.assertEqual((form.state, form.direction), ("open", "out"))
            form.amount_currency = 120.0
        self.assertEqual((form.record.state, form.record.amount), ("open", 120.0))

    def test_data_entry_has_a_form(self):
        """Data entry enters a request without seeing what answers are kept with."""
        model = self._as(self.user_data_entry, self.env["crm.customer.interaction"])
        with Form(model) as form:
            form.partner_id = self.customer
            form.subject = "Catálogo"
        form.record.action_close()
        self.assertEqual(form.record.state, "closed")
        with Form(form.record) as again:
            self.assertEqual(again.subject, "Catálogo")

    def test_enter_a_complaint(self):
        model = self._as(self.user_customer, self.env["crm.customer.fulfilment"])
        with Form(model) as form:
            form.partner_id = self.customer
            form.subject = "Caja rota"
            self.assertEqual(form.kind, "complaint")
        self.assertTrue(form.record.deadline)

    def test_enter_a_delivery_that_is_done(self):
        """A day on which it was done makes it done."""
        with Form(self._as(self.user_manager, self.env["crm.customer.fulfilment"])) as form:
            form.partner_id = self.customer
            form.kind = "shipment"
            form.solved_on = "2024-05-05"
        self.assertEqual(form.record.state, "solved")

    def test_enter_marketing(self):
        """A response proposes whose it is and of which campaign."""
        campaign = self.env["utm.campaign"].create({"title": "Otoño", "name": "otono"})
        with Form(self._as(self.user_marketing, self.env["crm.customer.marketing.action"])) as form:
            form.partner_id = self.customer
            form.subject = "Catálogo"
            form.campaign_id = campaign
        with Form(self._as(self.user_marketing, self.env["crm.customer.marketing.reaction"])) as answer:
            answer.action_id = form.record
            self.assertEqual((answer.partner_id, answer.campaign_id), (self.customer, campaign))
            answer.kind = "coupon"
        self.assertEqual(answer.record.commercial_partner_id, self.customer)

    def test_enter_an_answer(self):
        for user in (self.user_data_entry, self.user_manager):
            with Form(self._as(user, self.env["crm.customer.survey.answer"])) as form:
                form.partner_id = self.customer
                form.survey = "Satisfacción"
                form.question_code = "Q1"
                form.value = 4
            self.assertEqual(form.record.value, 4)

    def test_settings(self):
        """Managers set the days for requests and complaints among Odoo's settings."""
        values = self.env["res.config.settings"].create({"customer_request_days": 4, "customer_complaint_days": 9})
        values.execute()
        self.assertEqual((self.company_a.customer_request_days, self.company_a.customer_complaint_days), (4, 9))
