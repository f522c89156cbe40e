# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ready reports: each opens with something to read, and its figures are those of its rows."""

import ast
import json
import re

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import freeze_time
from odoo.tools import SQL, mute_logger
from odoo.tools.safe_eval import safe_eval

from .metrics_common import MetricsCommon

# Report → name of the favourite it opens with.
REPORTS = {
    "crm_customer_metrics_action_report": "Value classes by territory",
    "crm_customer_metrics_history_action": "From class to class, last month",
    "crm_customer_purchase_action_user": "Sales by salesperson and month",
    "crm_customer_interaction_action_quotations": "Quotations that end first",
    "crm_customer_activity_report_action": "Pending actions by salesperson",
    "crm_customer_campaign_report_action": "Open campaigns: sent and answered",
}
READERS = ("user_customer", "user_sales_own", "user_sales_all", "user_marketing", "user_manager")


@freeze_time("2026-05-20 10:00:00")
class TestReports(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls._partner(name="Mía", user_id=cls.user_sales_own.id, city="Zaragoza", customer_mark="customer")
        cls.theirs = cls._partner(name="Suya", user_id=cls.user_sales_all.id, customer_mark="customer")
        cls.nobodys = cls._partner(name="De nadie", customer_mark="customer")

    def _action(self, name):
        return self.env.ref(f"crm_customer_db.{name}")

    # -------------------------------------------------------------------- favourites

    def test_favourites(self):
        """Every report has at least three for everybody, opens with one, and each one answers."""
        for report, opens in REPORTS.items():
            action = self._action(report)
            self.assertIn("o_view_nocontent_smiling_face", action.help)
            for reader in READERS:
                user = getattr(self, reader)
                model = self._as(user, self.env[action.res_model])
                favourites = self._as(user, self.env["ir.filters"]).get_filters(action.res_model, action.id)
                with self.subTest(report=report, user=reader):
                    self.assertGreaterEqual(len(favourites), 3)
                    self.assertEqual([each["name"] for each in favourites if each["is_default"]], [opens])
                for favourite in favourites:
                    with self.subTest(report=report, user=reader, favourite=favourite["name"]):
                        self._answers(model, favourite, user)

    def _answers(self, model, favourite, user):
        domain = safe_eval(favourite["domain"], {"uid": user.id})
        context = ast.literal_eval(favourite["context"])
        rows = context["pivot_row_groupby"] + context["pivot_column_groupby"]
        measures = [
            measure if measure == "__count" else f"{measure}:{model._fields[measure].aggregator}"
            for measure in {*context["pivot_measures"], context["graph_measure"]}
        ]
        model.formatted_read_grouping_sets(domain, [[], rows, context["graph_groupbys"]], measures)
        if context["group_by"]:
            model.web_read_group(domain, context["group_by"], ["__count"])
        model.search(domain, order=", ".join(json.loads(favourite["sort"] or "[]")) or None, limit=1)

    def test_views_and_filters(self):
        """All views of the reports load for their readers, with filters that can be asked."""
        for report in REPORTS:
            action = self._action(report)
            for reader in READERS:
                user = getattr(self, reader)
                model = self._as(user, self.env[action.res_model])
                kinds = [(each.view_id.id, each.view_mode) for each in action.view_ids]
                kinds = kinds or [(False, kind) for kind in action.view_mode.split(",")]
                views = model.get_views([*kinds, (False, "search")])["views"]
                for node in etree.fromstring(views["search"]["arch"]).iter("filter"):
                    with self.subTest(report=report, user=reader, filter=node.get("name")):
                        if node.get("domain"):
                            model.search_count(safe_eval(node.get("domain"), {"uid": user.id}))
                        group = safe_eval(node.get("context") or "{}").get("group_by")
                        if group:
                            model.formatted_read_group([], [group], ["__count"])
                for node in etree.fromstring(views["pivot"]["arch"]).iter("field"):
                    self.assertIn(node.get("name"), model._fields)

    def test_sales_by_salesperson(self):
        """Ordered, invoiced and how many customers, of what each salesperson sold."""
        for partner, user, amount in (
            (self.mine, self.user_sales_own, 100),
            (self.mine, self.user_sales_own, 50),
            (self.nobodys, self.user_sales_own, 30),
            (self.theirs, self.user_sales_all, 7),
        ):
            self._buy(partner, amount, "2026-05-02", user_id=user.id, amount_invoiced=amount / 2)
        model = self._as(self.user_manager, self.Purchase)
        specs = ["amount:sum", "amount_invoiced:sum", "commercial_partner_id:count_distinct"]
        ours = [("commercial_partner_id", "in", (self.mine + self.theirs + self.nobodys).ids)]
        found = {
            group["user_id"][0]: tuple(group[spec] for spec in specs)
            for group in model.formatted_read_group([*ours, ("is_recent", "=", True)], ["user_id"], specs)
        }
        self.assertEqual(found, {self.user_sales_own.id: (180, 90, 2), self.user_sales_all.id: (7, 3.5, 1)})

    def test_quotations_to_chase(self):
        """Open quotations only, the one that ends first on top, those without a date last."""
        quotations = self.env["crm.customer.interaction"].create(
            [
                {
                    "partner_id": self.mine.id,
                    "kind": "quotation",
                    "subject": subject,
                    "date": "2026-04-01 10:00:00",
                    **values,
                }
                for subject, values in (
                    ("June", {"expires_on": "2026-06-30"}),
                    ("never", {}),
                    ("past", {"expires_on": "2026-05-10"}),
                    ("won", {"expires_on": "2026-05-01", "state": "accepted"}),
                )
            ]
        )
        action = self._action("crm_customer_interaction_action_quotations")
        model = self._as(self.user_sales_own, self.env["crm.customer.interaction"])
        arch = etree.fromstring(model.get_view(action.view_ids[0].view_id.id, "list")["arch"])
        domain = [*safe_eval(action.domain), ("id", "in", quotations.ids)]
        order = arch.get("default_order")
        self.assertEqual(model.search(domain, order=order).mapped("subject"), ["past", "June", "never"])
        names = {node.get("name") for node in arch.iter("field")}
        self.assertLessEqual({"commercial_partner_id", "amount", "expires_on", "user_id", "activity_ids"}, names)

    # ------------------------------------------------------------------ My Customers

    def _list(self, user, domain=(), **options):
        model = self._as(user, self.Metrics)
        view = self.env.ref("crm_customer_db.crm_customer_metrics_view_list_mine")
        arch = etree.fromstring(model.get_view(view.id, "list")["arch"])
        fields = {node.get("name"): {} for node in arch.iter("field")}
        fields |= {name: {"fields": {"display_name": {}}} for name in fields if model._fields[name].type == "many2one"}
        return model.web_search_read(list(domain), fields, order=arch.get("default_order"), **options)["records"]

    def _rhythm(self, partner, *days):
        for number, day in enumerate(days):
            self._buy(partner, 100, day, order_ref=f"{partner.name}{number}")

    def test_my_customers(self):
        """Late to reorder first; name, town, class, last purchase, due and next activity; my own."""
        on_time = self._partner(name="A tiempo", user_id=self.user_sales_own.id)
        prospect = self._partner(name="Sin compras", user_id=self.user_sales_own.id, customer_mark="prospect")
        self._rhythm(self.mine, "2026-02-01", "2026-03-01", "2026-04-01")
        self._rhythm(self.theirs, "2026-01-01", "2026-02-01", "2026-03-01")
        self._rhythm(on_time, "2026-03-10", "2026-04-12", "2026-05-12")
        for day, summary in (("2026-06-01", "Later"), ("2026-05-25", "Call about the order")):
            self.mine.activity_schedule(
                "mail.mail_activity_data_call", day, summary=summary, user_id=self.user_sales_own.id
            )
        self.Metrics._drain()
        mine = [("commercial_partner_id.user_id", "=", self.user_sales_own.id), ("lifecycle", "!=", "former")]
        rows = self._list(self.user_sales_own, mine)
        names = [row["commercial_partner_id"]["display_name"] for row in rows]
        self.assertEqual(names, [self.mine.name, on_time.name, prospect.name])
        late = rows[0]
        self.assertEqual(late["city"], "Zaragoza")
        self.assertEqual(str(late["last_purchase_date"]), "2026-04-01")
        self.assertLess(str(late["next_purchase_due"]), "2026-05-20")
        self.assertEqual(
            (str(late["next_activity_date"]), late["next_activity"]), ("2026-05-25", "Call about the order")
        )
        self.assertFalse(rows[1]["next_activity_date"])
        self.assertLessEqual({"value_class_id", "lifecycle", "amount_at_risk"}, set(late))

    def test_no_query_per_record(self):
        """Forty customers are read with as many queries as four."""
        counts = []
        for number in (4, 36):
            for each in range(number):
                partner = self._partner(name=f"C{number}-{each}", user_id=self.user_sales_own.id, city="Jaca")
                self._buy(partner, 10, "2026-05-01")
                partner.activity_schedule("mail.mail_activity_data_call", user_id=self.user_sales_own.id)
            self.Metrics._drain()
            domain = [("user_id", "=", self.user_sales_own.id)]
            self._list(self.user_sales_own, domain)  # what is asked once: rights, settings
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertGreaterEqual(len(self._list(self.user_sales_own, domain)), number)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_ranked_by_an_index(self):
        """The order of the list is that of an index: the first page reads no other rows."""
        model = self._as(self.user_sales_own, self.Metrics)
        query = model._search([("lifecycle", "!=", "former")], order="next_purchase_due, id", limit=80)
        self.env.cr.execute("SET LOCAL enable_sort = off")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row for (row,) in self.env.execute_query(SQL("EXPLAIN %s", query.select())))
        self.env.cr.execute("SET LOCAL enable_sort = on")
        self.env.cr.execute("SET LOCAL enable_seqscan = on")
        self.assertIn("crm_customer_metrics_due_idx", plan)
        self.assertFalse(re.search(r"\bSort\b", plan), plan)

    def test_first_screen_of_each_role(self):
        """One's own customers come first, by due date, for who may see figures; all of them beside."""
        # further addons bring further ones
        menus = self.env.ref("crm_customer_db.menu_customers").child_id.filtered(
            lambda menu: menu._get_external_ids()[menu.id][0].startswith("crm_customer_db.")
        )
        for user, expected in (
            (self.user_sales_own, ["My Customers", "All Customers"]),
            (self.user_customer, ["My Customers", "All Customers"]),
            (self.user_data_entry, ["All Customers"]),
        ):
            visible = self._as(user, menus)._visible_menu_ids()
            self.assertEqual([menu.name for menu in menus if menu.id in visible], expected)

    # --------------------------------------------------------------- pending actions

    def _pending(self, user, *companies):
        model = self._as(user, self.env["crm.customer.activity.report"], *companies)
        return model.search([("commercial_partner_id", "in", (self.mine + self.theirs + self.nobodys).ids)])

    def _plan(self, record, user, day, summary):
        return record.activity_schedule("mail.mail_activity_data_call", day, summary=summary, user_id=user.id)

    def test_pending_actions(self):
        """A salesperson sees what he has to do, and what is to be done for his customers; nobody a
        done one. It counts by who is to do it and when."""
        own, others = self.user_sales_own, self.user_sales_all
        self._plan(self.mine, own, "2026-05-19", "mine, late")
        self._plan(self.mine, others, "2026-05-20", "mine, by a colleague, today")
        self._plan(self.theirs, own, "2026-05-21", "theirs, by me")
        self._plan(self.theirs, others, "2026-05-01", "theirs, late")
        self._plan(self.nobodys, others, "2026-06-01", "nobody's")
        contact = self._person(name="Ana", parent_id=self.theirs.id)
        self._plan(contact, others, "2026-05-22", "of a contact")
        self._plan(self.mine, own, "2026-05-01", "done").action_done()
        self._plan(self.user_employee.partner_id, own, "2026-05-01", "our own people")
        self.assertEqual(
            self._pending(own).mapped("summary"),
            ["mine, late", "mine, by a colleague, today", "theirs, by me", "nobody's"],
        )
        every = [
            "theirs, late",
            "mine, late",
            "mine, by a colleague, today",
            "theirs, by me",
            "of a contact",
            "nobody's",
        ]
        for user in (others, self.user_customer, self.user_manager):
            self.assertEqual(self._pending(user).mapped("summary"), every)
        rows = self._pending(self.user_manager)
        self.assertEqual(rows[4].commercial_partner_id, self.theirs)
        groups = rows.formatted_read_group(
            [("id", "in", rows.ids)], ["user_id", "due"], ["__count", "days_overdue:max"]
        )
        self.assertEqual(
            {(group["user_id"][0], group["due"]): (group["__count"], group["days_overdue:max"]) for group in groups},
            {
                (own.id, "overdue"): (1, 1),
                (own.id, "planned"): (1, 0),
                (others.id, "overdue"): (1, 19),
                (others.id, "today"): (1, 0),
                (others.id, "planned"): (2, 0),
            },
        )
        for group in groups:
            self.assertEqual(len(rows.search([("id", "in", rows.ids), *group["__extra_domain"]])), group["__count"])
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self._as(own, rows[0]).read(["summary"])
        with self.assertRaises(AccessError):
            self._pending(self.user_employee)

    def test_pending_requests_and_companies(self):
        """Open requests and complaints are pending actions of their company; a contact's of all."""
        for company in (self.company_a, self.company_b):
            self.env["crm.customer.interaction"].with_company(company).create(
                {
                    "partner_id": self.mine.id,
                    "company_id": company.id,
                    "kind": "request",
                    "subject": company.name,
                    "user_id": self.user_sales_own.id,
                    "deadline": "2026-05-25",
                }
            )
        self._plan(self.mine, self.user_sales_own, "2026-05-21", "visit")
        for companies, count in (((self.company_a,), 2), ((self.company_b,), 2), ((self.company_a, self.company_b), 3)):
            rows = self._pending(self.user_sales_own, *companies)
            self.assertEqual(len(rows), count)
            self.assertLessEqual(rows.company_id, self.company_a.union(*companies))
        request = rows.filtered(lambda row: row.res_model == "crm.customer.interaction")[:1]
        self.assertEqual(request.action_open_document()["res_model"], "crm.customer.interaction")
        self.assertEqual((rows - request).filtered(lambda row: row.res_model == "res.partner").summary, "visit")

    # ---------------------------------------------------------------------- campaigns

    def test_open_campaigns(self):
        """What was sent and what came back of the campaigns under way, by customer and with the rate of
        customers; the rows of each figure; own customers for own documents; one company."""
        under_way, over = self.env["utm.campaign"].create([{"title": "Spring"}, {"title": "Christmas"}])
        actions, reactions = self.env["crm.customer.marketing.action"], self.env["crm.customer.marketing.reaction"]

        def send(partner, campaign, day, **values):
            return actions.create(
                {
                    "partner_id": partner.id,
                    "campaign_id": campaign.id,
                    "date": f"{day} 09:00:00",
                    "company_id": self.company_a.id,
                    "cost": 2,
                    **values,
                }
            )

        sent = send(self.mine, under_way, "2026-05-02")
        send(self.mine, under_way, "2026-05-09", medium="letter")
        send(self.theirs, under_way, "2026-05-02")
        send(self.nobodys, under_way, "2026-05-02", is_control=True)
        send(self.nobodys, under_way, "2026-05-02", state="failed")
        send(self.nobodys, under_way, "2026-05-02", state="cancelled")
        send(self.mine, over, "2025-12-02")
        send(self.mine, under_way, "2026-05-02", company_id=self.company_b.id)
        for kind, values in (("open", {}), ("click", {}), ("purchase", {"amount": 250}), ("unsubscribe", {})):
            reactions.create(
                {
                    "partner_id": self.mine.id,
                    "action_id": sent.id,
                    "kind": kind,
                    "date": "2026-05-03 09:00:00",
                    **values,
                }
            )
        specs = [
            *("planned:sum", "sent:sum", "failed:sum", "withheld:sum", "reached_id:count_distinct"),
            *(
                "responded_id:count_distinct",
                "responses:sum",
                "refusals:sum",
                "response_rate:avg",
                "cost:sum",
                "amount:sum",
            ),
        ]
        open_ones = [("is_under_way", "=", True), ("campaign_id", "in", (under_way + over).ids)]
        model = self._as(self.user_marketing, self.env["crm.customer.campaign.report"])
        [group] = model.formatted_read_group(open_ones, ["campaign_id"], specs)
        self.assertEqual(group["campaign_id"][0], under_way.id)
        self.assertEqual([group[spec] for spec in specs], [0, 3, 1, 1, 2, 1, 3, 1, 50.0, 6, 250])
        rows = model.search([*open_ones, *group["__extra_domain"]])
        self.assertEqual((sum(rows.mapped("sent")), sum(rows.mapped("amount")), len(rows.reached_id)), (3, 250, 2))
        self.assertTrue(all(rows.mapped("is_under_way")))
        [own] = self._as(self.user_sales_own, model).formatted_read_group(open_ones, [], specs)
        self.assertEqual([own[spec] for spec in specs[1:6]], [2, 1, 1, 1, 1])
        [both] = self._as(self.user_marketing, model, self.company_a, self.company_b).formatted_read_group(
            open_ones, [], ["sent:sum"]
        )
        self.assertEqual(both["sent:sum"], 4)
        self.assertEqual(
            model.search([("is_under_way", "=", False), ("campaign_id", "=", over.id)]).mapped("sent"), [1]
        )
        under_way.active = False
        self.assertFalse(model.search(open_ones))
        with self.assertRaises(AccessError):
            self._as(self.user_employee, model).search([])
        self.assertEqual(rows[0].action_open_customer()["res_model"], "res.partner")
