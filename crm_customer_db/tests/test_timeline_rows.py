# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the rows of a timeline say, what is inside them, and what is open and logged."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_customer_db.models.crm_customer_timeline_lines import ORDER_LINES, SHOWN_LINES

from .timeline_common import TimelineCommon


class TestTimelineRows(TimelineCommon):
    def _row(self, fact, user=None):
        [row] = [row for row in self._first(self.firm, user)["rows"] if row["id"] == fact.id]
        return row

    def _badges(self, fact):
        return [(badge["text"], badge["level"]) for badge in self._row(fact)["badges"]]

    def _inside(self, fact, user=None):
        return self._as(user or self.user_sales_all, self.Timeline).browse(fact.id).customer_event_lines()

    def test_order(self):
        """An order names its product types and how many lines it has; unfolded it has the
        lines of this order and of no other."""
        types = self.env["product.category"].create([{"name": name} for name in ("Bolts", "Nuts", "Paint", "Wood")])
        lines = self._order("S1", [10, 20, 30, 40, 50])
        for line, categ in zip(lines, (*types, types[0]), strict=True):
            line.categ_id = categ
        lines[0].product_id = self.env["product.product"].create({"name": "Bolt M8", "categ_id": types[0].id})
        lines[0].quantity = 2.5
        self._order("S1", [7], company_id=self.company_b.id)
        self._order("S1", [8], partner_id=self._partner(name="Somebody").id)
        self._order("S2", [9], date="2026-02-01 10:00:00")
        row = self._row(lines[0])
        self.assertEqual(row["detail"], "Bolts, Nuts, Paint and 1 more · 5 lines")
        self.assertIn("150.00", row["amount"])
        self.assertEqual((row["subject"], row["label"]), ("S1", "Purchase"))
        inside = self._inside(lines[0])
        self.assertEqual([line["text"] for line in inside["lines"]], ["Bolt M8", "Nuts", "Paint", "Wood", "Bolts"])
        self.assertEqual([line["quantity"] for line in inside["lines"]], ["2.5 ×", "", "", "", ""])
        self.assertFalse(inside["more"])

    def test_order_with_document(self):
        """The lines of a document belong together whatever their number, and lines of
        the same number that came from elsewhere do not."""
        document = {"feed": "shop", "source_model": "shop.order", "source_id": 4}
        vals = [{"order_ref": ref, "amount_currency": amount} for ref, amount in (("A", 1), ("B", 2))]
        head, _second = (self._fact("purchase", **line, **document) for line in vals)
        self._order("A", [100])
        row = self._row(head)
        self.assertIn("3.00", row["amount"])
        self.assertIn("2 lines", row["detail"])
        self.assertEqual(len(self._inside(head)["lines"]), 2)

    def test_line_without_order(self):
        """A line without number and document is an order of its own."""
        lines = self._order(False, [1, 2])
        for line in lines:
            self.assertEqual(len(self._inside(line)["lines"]), 1)
            self.assertEqual(self._row(line)["detail"], "")

    def test_huge_order(self):
        """Of an order of many lines some are shown, and the page stays as fast."""
        common = {"partner_id": self.firm.id, "company_id": self.company_a.id, "date": "2026-03-01 10:00:00"}
        lines = self.env["crm.customer.purchase"].create(
            [{**common, "order_ref": "S1", "amount_currency": 1} for _number in range(ORDER_LINES + 5)]
        )
        self.assertEqual(self._row(lines[0])["detail"], f"more than {ORDER_LINES} lines")
        inside = self._inside(lines[0])
        self.assertEqual((len(inside["lines"]), inside["more"]), (SHOWN_LINES, True))

    def test_credit(self):
        """An order that gives money back is called what it is."""
        row = self._row(self._order("R1", [-30])[0])
        self.assertEqual(row["label"], "Credit")
        self.assertIn("-30.00", row["amount"].replace("\N{ZERO WIDTH NO-BREAK SPACE}", ""))

    def test_best_response(self):
        """What we sent shows its best response, and the worst one if there is any."""
        action = self._fact("marketing.action", subject="Spring", medium="email")
        self.assertEqual(self._badges(action), [])
        self.assertFalse(self._row(action)["unfold"])
        for kind in ("open", "click"):
            self._fact("marketing.reaction", kind=kind, action_id=action.id)
        self.assertEqual(self._badges(action), [("Clicked", "success")])
        for kind in ("unsubscribe", "bounce"):
            self._fact("marketing.reaction", kind=kind, action_id=action.id, date="2026-03-02 10:00:00")
        self.assertEqual(self._badges(action), [("Clicked", "success"), ("Unsubscribed", "danger")])
        inside = self._inside(action)["lines"]
        self.assertEqual([line["text"] for line in inside], ["Opened", "Clicked", "Unsubscribed", "Bounced"])

    def test_control_group(self):
        """What was withheld on purpose was not sent to the customer."""
        action = self._fact("marketing.action", subject="Spring", is_control=True)
        self.assertEqual(self._badges(action), [("Control group: not sent", "secondary")])
        self.assertEqual(self._row(action)["direction"], "")

    def test_deliveries(self):
        """A delivery says whether it was late, and by how much."""
        today = fields.Date.context_today(self.firm)
        days = timedelta(days=1)
        shipment = {"kind": "shipment", "subject": "OUT/1"}
        late = self._fact("fulfilment", promised_on=today - days, **shipment)
        self.assertEqual(self._badges(late), [("To be delivered", "info"), ("Late", "danger")])
        late.write({"state": "solved", "solved_on": today})
        self.assertEqual(self._badges(late), [("Delivered", "success"), ("1 day late", "danger")])
        late.promised_on = today - 4 * days
        self.assertEqual(self._badges(late)[1], ("4 days late", "danger"))
        late.promised_on = today
        self.assertEqual(self._badges(late), [("Delivered", "success")])
        unpaid = self._fact("fulfilment", kind="unpaid", reason="overdue", amount_currency=50, order_ref="INV/1")
        self.assertEqual(self._badges(unpaid), [("Not paid", "warning")])
        self.assertEqual(self._row(unpaid)["detail"], "Overdue")

    def test_time_of_day(self):
        """A source that knows only the day has no time of day to show."""
        noon = self.env["crm.customer.fact"]._fact_noon(fields.Date.to_date("2026-03-01"), self.company_a)
        day = self._fact("interaction", kind="letter", date=noon)
        moment = self._fact("interaction", kind="letter", date="2026-03-01 15:20:00")
        self.assertFalse(self._row(day)["has_time"])
        self.assertTrue(self._row(moment)["has_time"])

    def test_who(self):
        """Who did it is named, except to himself."""
        call = self._fact("interaction", kind="call", user_id=self.user_manager.id)
        self.assertEqual(self._row(call)["user"], self.user_manager.name)
        self.assertEqual(self._row(call, self.user_manager)["user"], "")


class TestWhatIsOpen(TimelineCommon):
    def _slots(self, user=None, partner=None):
        return self._as(user or self.user_sales_all, partner or self.firm).customer_page_slots()

    def _lines(self, user=None):
        # other packages add lines of theirs, some without a number
        lines = [line for line in self._slots(user)["open"] if "value" in line]
        return [(line["value"], line["text"], line["late"]) for line in lines]

    def test_requests_and_complaints(self):
        """Open ones are counted, with how many are late, and a click shows exactly them."""
        today = fields.Date.context_today(self.firm)
        past, future = today - timedelta(days=2), today + timedelta(days=2)
        self.assertEqual(self._lines(), [])
        self._fact("interaction", kind="request", deadline=past)
        self._fact("interaction", kind="request", deadline=future, partner_id=self.berta.id)
        self._fact("interaction", kind="request", state="closed", deadline=past)
        self._fact("interaction", kind="request", deadline=past, company_id=self.company_b.id)
        self._fact("fulfilment", kind="complaint", deadline=future)
        self._fact("fulfilment", kind="complaint", deadline=past, state="solved")
        self._fact("fulfilment", kind="shipment", promised_on=past)
        self.assertEqual(self._lines(), [("2", "open requests", "1 late"), ("1", "open complaint", "")])
        customer = self._as(self.user_sales_all, self.firm)
        for line in self._slots()["open"]:
            action = getattr(customer, line["method"])()
            self.assertEqual(customer.env[action["res_model"]].search_count(action["domain"]), int(line["value"]))

    def test_activities(self):
        today = fields.Date.context_today(self.firm)
        for days in (-1, 5):
            self.firm.activity_schedule("mail.mail_activity_data_todo", today + timedelta(days=days))
        self.assertEqual(self._lines(), [("2", "planned activities", "1 late")])

    def test_what_can_be_logged(self):
        """Calls, visits, letters and complaints; nothing for who may not enter them, and
        nothing with our own people."""
        kinds = ["call", "visit", "letter", "complaint"]
        self.assertEqual([kind["name"] for kind in self._slots()["log"]], kinds)
        self.assertEqual({kind["customer_id"] for kind in self._slots(partner=self.berta)["log"]}, {self.firm.id})
        self.assertEqual(self._slots(self.user_data_entry)["log"], [])
        ours = self.user_manager.partner_id
        self.assertEqual(self._slots(partner=ours)["log"], [])

    def test_log(self):
        """One line, and it has happened: with the contact, in its direction, at its time."""
        customer = self._as(self.user_sales_own, self.firm)
        customer.customer_log("call", "out", "Wants bolts", "2026-03-02 09:30:00", self.berta.id)
        customer.customer_log("letter", "in", " Complains about the paint ", None, None)
        customer.customer_log("complaint", False, "Two boxes missing", "2026-03-03 09:30:00")
        rows = self._first(self.firm, self.user_sales_own)["rows"]
        self.assertEqual(
            [(row["label"], row["subject"], row["contact"]) for row in rows],
            [
                ("Letter", "Complains about the paint", ""),
                ("Complaint", "Two boxes missing", ""),
                ("Call", "Wants bolts", "Berta Gil"),
            ],
        )
        self.assertEqual(rows[2]["date"], "2026-03-02 09:30:00")
        self.assertEqual([row["direction"] for row in rows], ["in", "in", "out"])
        self.assertEqual([line[:2] for line in self._lines(self.user_sales_own)], [("1", "open complaint")])

    def test_log_refuses(self):
        """No words, another customer's contact, an unknown kind, a stranger."""
        customer = self._as(self.user_sales_own, self.firm)
        other = self._partner(name="Somebody else")
        for error, args in (
            (UserError, ("call", "out", "  ")),
            (UserError, ("call", "out", None)),
            (UserError, ("call", "out", "x", None, other.id)),
            (UserError, ("call", "out", "x", "2999-01-01 00:00:00")),
            (AccessError, ("email", "out", "x")),
            (AccessError, ("quotation", "out", "x")),
        ):
            with self.subTest(args=args), self.assertRaises(error):
                customer.customer_log(*args)
        for user in (self.user_data_entry, self.user_employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._as(user, self.firm).customer_log("call", "out", "x")
        self.assertEqual(self._first(self.firm)["rows"], [])
