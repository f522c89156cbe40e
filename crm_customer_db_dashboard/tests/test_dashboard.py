# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The dashboard *Customers*: its file is sound, its figures are those of the customers its reader may see."""

import json
import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, freeze_time, new_test_user, tagged
from odoo.tools import file_open
from odoo.tools.translate import code_translations, extract_spreadsheet_terms

from odoo.addons.crm_customer_db.tests.metrics_common import MetricsCommon
from odoo.addons.spreadsheet.utils.validate_data import fields_in_spreadsheet, menus_xml_ids_in_spreadsheet

MODULE = "crm_customer_db_dashboard"
XMLID = f"{MODULE}.spreadsheet_dashboard_customers"
FILE = f"{MODULE}/data/files/customers_dashboard.json"


@freeze_time("2026-05-20 10:00:00")
class TestDashboard(MetricsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dashboard = cls.env.ref(XMLID)
        cls.content = json.loads(cls.dashboard.spreadsheet_data)

    def test_same_format_as_odoo(self):
        """The version is that of Odoo's own dashboards, so nothing is migrated when it opens."""
        others = self.env["spreadsheet.dashboard"].search([("id", "!=", self.dashboard.id)])
        versions = {json.loads(other.spreadsheet_data).get("version") for other in others}
        self.assertIn(self.content["version"], versions | {"18.5.10"})

    def test_every_field_and_menu_is_there(self):
        """What it reads exists and may be read, filtered and grouped by its readers."""
        for model, names in fields_in_spreadsheet(self.content).items():
            mine = self._as(self.user_customer, self.env[model])
            for name in names:
                with self.subTest(model=model, name=name):
                    path = name.split(":")[0].split(".")
                    target = mine
                    for step in path[:-1]:
                        target = target[step]
                    self.assertIn(path[-1], target.fields_get())
                    mine.search([(name.split(":")[0], "!=", False)], limit=1)
        menus = menus_xml_ids_in_spreadsheet(self.content)
        self.assertGreater(len(menus), 3)
        visible = self._as(self.user_customer, self.env["ir.ui.menu"])._visible_menu_ids()
        for xmlid in menus:
            self.assertIn(self.env.ref(xmlid).id, visible, xmlid)

    def test_every_formula_has_its_source(self):
        """Formulas name lists, columns and measures that are defined; drawings name cells that are there."""
        lists, pivots = self.content["lists"], self.content["pivots"]
        cells = {sheet["name"]: sheet["cells"] for sheet in self.content["sheets"]}
        for formula in [text for sheet in cells.values() for text in sheet.values()]:
            for number, name in re.findall(r'ODOO\.LIST(?:\.HEADER)?\((\d+),(?:\d+,)?"(\w+)"\)', formula):
                self.assertIn(name, lists[number]["columns"])
            for number, name in re.findall(r'PIVOT\.VALUE\((\d+),"(\w+)"\)', formula):
                self.assertEqual([measure["id"] for measure in pivots[number]["measures"]], [name])
        for figure in self.content["sheets"][0]["figures"]:
            for key in ("keyValue", "baseline"):
                if figure["data"].get(key):
                    sheet, cell = figure["data"][key].split("!")
                    self.assertIn(cell, cells[sheet])

    def _figures(self, user, *companies):
        """What the scorecards show, as their pivots ask for it."""
        found = {}
        for pivot in self.content["pivots"].values():
            model = self._as(user, self.env[pivot["model"]], *companies)
            measure = pivot["measures"][0]["id"]
            spec = measure if measure == "__count" else f"{measure}:{model._fields[measure].aggregator}"
            found[pivot["name"]] = model.formatted_read_group(pivot["domain"], [], [spec])[0][spec] or 0
        return found

    def test_figures(self):
        """Customers, ordered, at risk and complaints, before and now: of everybody, and of one's own."""
        before = {user: self._figures(user) for user in (self.user_manager, self.user_sales_own)}
        self.assertEqual(set(before[self.user_manager].values()), {0})
        mine = self._partner(name="Mía", user_id=self.user_sales_own.id)
        theirs = self._partner(name="Suya", user_id=self.user_sales_all.id)
        for partner in (mine, theirs):
            for number, day in enumerate(("2025-04-20", "2026-02-01", "2026-03-01", "2026-04-01")):
                self._buy(partner, 100, day, order_ref=f"{partner.name}{number}")
        self._buy(mine, 100, "2026-04-01", company=self.company_b)
        for state in ("open", "solved"):
            self.env["crm.customer.fulfilment"].create({"partner_id": theirs.id, "kind": "complaint", "state": state})
        self.Metrics._drain()
        every, own = self._figures(self.user_manager), self._figures(self.user_sales_own)
        self.assertEqual(every["Customers"], 2)
        self.assertEqual(every["Ordered in 12 months"], 600)
        self.assertEqual(
            every["At risk"],
            sum(
                self.Metrics.search([("is_late", "=", True), ("company_id", "=", self.company_a.id)]).mapped(
                    "amount_at_risk"
                )
            ),
        )
        self.assertGreater(every["At risk"], 0)
        self.assertEqual(every["Open complaints"], 1)
        self.assertEqual(every["The 12 months before"], 200)
        self.assertEqual((own["Customers"], own["Ordered in 12 months"], own["Open complaints"]), (1, 300, 0))
        self.assertEqual(self._figures(self.user_manager, self.company_b)["Ordered in 12 months"], 100)

    def test_who_may_read_it(self):
        """The readers of the customer file and nobody else."""
        for user in (self.user_customer, self.user_sales_own, self.user_manager):
            self.assertEqual(self._as(user, self.dashboard).name, "Customers")
        for user in (self.user_employee, self.user_data_entry):
            with self.assertRaises(AccessError):
                self._as(user, self.dashboard).read(["name"])

    def test_spanish(self):
        """Every word on it is translated."""
        with file_open(FILE, "rb") as file:
            terms = {term for _line, _function, term, _comments in extract_spreadsheet_terms(file, [], [], {})}
        known = {message["id"] for message in code_translations.get_web_translations(MODULE, "es")["messages"]}
        self.assertGreater(len(terms), 15)
        self.assertEqual(terms - known, set())


@tagged("post_install", "-at_install", "crm_customer_db")
class TestDashboardOpens(HttpCase):
    def test_opens(self):
        """It opens in the browser, for a salesperson, with its figures and without an error."""
        new_test_user(self.env, "cdb_dashboard", groups="sales_team.group_sale_salesman", lang="en_US")
        action = self.env.ref("crm_customer_db_dashboard.ir_actions_client_dashboard")
        self.browser_js(
            f"/odoo/action-{action.id}",
            """
            const wait = setInterval(() => {
                if (document.querySelector(".o-scorecard, .o-figure canvas") && !document.querySelector(".o_error_dialog")) {
                    clearInterval(wait);
                    console.log("test successful");
                }
            }, 200);
            """,
            login="cdb_dashboard",
        )
