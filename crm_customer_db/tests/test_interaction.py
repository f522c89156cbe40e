# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date, datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .common import CustomerDbCommon

NOW = "2024-05-06 10:00:00"  # a Monday


@freeze_time(NOW)
class TestInteraction(CustomerDbCommon):
    """States of requests, quotations and correspondence, and what an answer brings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Interaction = cls.env["crm.customer.interaction"]
        cls.Fulfilment = cls.env["crm.customer.fulfilment"]
        cls.customer = cls._partner(name="Cliente", user_id=cls.user_sales_own.id)
        cls.company_a.customer_request_days = 3

    def _request(self, user=None, **vals):
        vals = {"partner_id": self.customer.id, "subject": "Presupuesto de tornillos", "date": NOW, **vals}
        if user:
            return self._as(user, self.Interaction).create(vals)
        return self.Interaction.create(vals)

    def _from_mail(self, **vals):
        """A request that came with a mail, so written by SQL."""
        request = self._request(feed="mail", source_ref="mail.message,1", **vals)
        self.env.flush_all()
        return request

    def _activities(self, request, active=True):
        Activity = self.env["mail.activity"].with_context(active_test=False)
        return Activity.search(
            [("res_model", "=", request._name), ("res_id", "=", request.id), ("active", "=", active)]
        )

    # -- states ------------------------------------------------------------------------

    def test_first_state(self):
        """A new request or quotation is open, correspondence has no state."""
        for kind, state in (("request", "open"), ("quotation", "open"), ("letter", False), ("call", False)):
            self.assertEqual(self._request(kind=kind).state, state, kind)

    def test_states_of_another_kind(self):
        """Each kind has its own states; another one is refused with a sentence."""
        for kind, state in (
            ("request", "accepted"),
            ("request", "expired"),
            ("quotation", "answered"),
            ("quotation", "closed"),
            ("letter", "open"),
            ("visit", "closed"),
        ):
            with self.subTest(kind=kind, state=state):
                with self.assert_refused("correspondence has no state"):
                    self._request(kind=kind, state=state)
                row = self._request(self.user_manager, kind=kind)
                with self.assert_refused("correspondence has no state"):
                    row.write({"state": state})

    def test_states_in_the_database(self):
        """No writer, SQL included, gets another state in."""
        request = self._request()
        self.env.flush_all()
        for state in ("accepted", None):
            with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.cr.savepoint():
                self.cr.execute("UPDATE crm_customer_interaction SET state = %s WHERE id = %s", [state, request.id])

    def test_another_kind(self):
        """A correction of the kind brings the state along."""
        request = self._request(self.user_manager)
        for kind, state in (("letter", False), ("quotation", "open"), ("request", "open"), ("email", False)):
            request.kind = kind
            self.assertEqual(request.state, state, kind)
        request.write({"kind": "quotation", "state": "refused"})
        self.assertEqual(request.state, "refused")

    def test_quotation(self):
        """A quotation has an amount in both currencies, and can't expire before it is made."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": "2024-05-01", "rate": 2.0, "company_id": self.company_a.id}
        )
        quotation = self._request(
            self.user_manager, kind="quotation", currency_id=dollar.id, amount_currency=100.0, expires_on="2024-06-01"
        )
        self.assertEqual((quotation.amount, quotation.company_currency_id), (50.0, self.euro))
        with self.assert_refused("expired before it was made"):
            quotation.expires_on = "2024-05-01"

    # -- responsible, deadline, activity -------------------------------------------------

    def test_new_request_is_somebodys(self):
        """The customer's salesperson has it to do, within the days of the company."""
        request = self._request(self.user_customer)
        self.assertEqual((request.user_id, request.deadline), (self.user_sales_own, date(2024, 5, 9)))
        activity = self._activities(request)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.user_sales_own, request.deadline))
        self.assertEqual(activity.activity_type_id, self.env.ref("crm_customer_db.mail_activity_type_request"))
        self.assertEqual((activity.summary, activity.res_name), ("Cliente", "Presupuesto de tornillos"))

    def test_nobodys_customer(self):
        """Without a salesperson it is the one who enters it."""
        request = self._request(self.user_customer, partner_id=self._partner(name="De nadie").id)
        self.assertEqual(request.user_id, self.user_customer)

    def test_portal_user_is_not_responsible(self):
        """A contact whose salesperson has left gets somebody who works here."""
        gone = new_test_user(self.env, login="cdb_gone", groups="base.group_portal")
        request = self._request(self.user_customer, partner_id=self._partner(name="X", user_id=gone.id).id)
        self.assertEqual(request.user_id, self.user_customer)

    def test_only_requests_have_an_activity(self):
        for kind in ("quotation", "letter", "call"):
            row = self._request(kind=kind)
            self.assertFalse(self._activities(row), kind)
            self.assertFalse(row.deadline, kind)

    def test_activity_follows(self):
        """A new responsible or deadline moves the one activity."""
        request = self._request(self.user_manager)
        request.write({"user_id": self.user_sales_all.id, "deadline": "2024-05-20"})
        activity = self._activities(request)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.user_sales_all, date(2024, 5, 20)))
        request.kind = "letter"
        self.assertFalse(self._activities(request))

    def test_many_at_once(self):
        """A hundred requests cost the activities as many searches as two."""

        def activity_searches(count):
            vals = {"partner_id": self.customer.id, "subject": "x", "date": NOW}
            requests = self.Interaction.create([dict(vals) for _i in range(count)])
            self.assertEqual(len(self._activities_of(requests)), count)
            self.env.flush_all()
            before = self.cr.sql_log_count
            requests._followup_refresh()
            return self.cr.sql_log_count - before

        self.assertEqual(activity_searches(2), activity_searches(100))

    def _activities_of(self, requests):
        return self.env["mail.activity"].search([("res_model", "=", requests._name), ("res_id", "in", requests.ids)])

    def test_made_a_request(self):
        """What came by mail and was made a request gets all of it by one method, once."""
        mail = self._request(kind="email", feed="mail", source_ref="m")
        self.env.flush_all()
        self.cr.execute("UPDATE crm_customer_interaction SET kind = 'request', state = 'open' WHERE id = %s", [mail.id])
        self.env.invalidate_all()
        for _again in range(2):
            mail._fact_open_followup()
            self.assertEqual((mail.user_id, mail.deadline), (self.user_sales_own, date(2024, 5, 9)))
            self.assertEqual(len(self._activities(mail)), 1)

    def test_activities_of_what_sql_deleted(self):
        """An app that takes its request away by SQL leaves no reminder behind for long."""
        request = self._from_mail()
        kept = self._request()
        self.cr.execute("DELETE FROM crm_customer_interaction WHERE id = %s", [request.id])
        self.env.invalidate_all()
        self.Interaction._gc_followup_activities()
        self.assertFalse(self._activities(request))
        self.assertTrue(self._activities(kept))

    # -- answering ---------------------------------------------------------------------

    def _dialog(self, user, request, **vals):
        action = self._as(user, request).action_answer()
        wizard = self._as(user, self.env[action["res_model"]]).with_context(**action["context"])
        return wizard.create(vals)

    def test_answer(self):
        """Answering notes moment and hours, ends the activity and writes one answer."""
        request = self._request(self.user_sales_own, date="2024-05-03 09:00:00")
        with freeze_time("2024-05-03 12:30:00"):
            self._dialog(self.user_sales_own, request, note="Enviado por correo").action_confirm()
        self.assertEqual(
            (request.state, request.answered_on, request.response_hours),
            ("answered", datetime(2024, 5, 3, 12, 30), 3.5),
        )
        self.assertFalse(self._activities(request))
        self.assertTrue(self._activities(request, active=False))
        answer = self.Fulfilment.search([("request_id", "=", request.id)])
        self.assertRecordValues(
            answer,
            [
                {
                    "kind": "answer",
                    "state": "solved",
                    "partner_id": self.customer.id,
                    "commercial_partner_id": self.customer.id,
                    "company_id": self.company_a.id,
                    "date": datetime(2024, 5, 3, 12, 30),
                    "ordered_on": date(2024, 5, 3),
                    "solved_on": date(2024, 5, 3),
                    "promised_on": request.deadline,
                    "feed": "request",
                    "source_ref": f"crm.customer.interaction,{request.id}",
                    "source_model": "crm.customer.interaction",
                    "source_id": request.id,
                    "note": "Enviado por correo",
                    "subject": request.subject,
                }
            ],
        )
        self.assertEqual(answer.id % 8, 5)

    def test_answer_of_a_mail(self):
        """A request that came by mail is answered by the methods, and by nothing else."""
        request = self._as(self.user_sales_own, self._from_mail())
        for vals in ({"state": "answered"}, {"note": "x"}, {"user_id": self.user_sales_own.id}):
            with self.assertRaises(AccessError):
                request.write(vals)
        self._dialog(self.user_sales_own, request).action_confirm()
        self.assertEqual(request.state, "answered")
        self.assertEqual(len(request.answer_ids), 1)

    def test_answer_twice(self):
        """The second time is refused with a sentence and writes nothing."""
        request = self._request()
        first, second = (self._dialog(self.user_manager, request) for _i in range(2))
        first.action_confirm()
        with self.assertRaisesRegex(UserError, "done already"):
            second.action_confirm()
        with self.assertRaisesRegex(UserError, "done already"):
            self._as(self.user_manager, request).action_answer()
        self.assertEqual(self.Fulfilment.search_count([("request_id", "=", request.id)]), 1)

    def test_answer_several(self):
        """Of several chosen ones those that are open are answered."""
        requests = self._request() + self._request() + self._request()
        self._as(self.user_manager, requests[0]).action_close()
        self._dialog(self.user_manager, requests).action_confirm()
        self.assertEqual(requests.mapped("state"), ["closed", "answered", "answered"])

    def test_answer_before_the_question(self):
        request = self._request()
        for moment in ("2024-05-05 10:00:00", "2025-01-01 10:00:00"):
            with self.assert_refused("answered after it has come"):
                self._dialog(self.user_manager, request, answered_on=moment).action_confirm()
        self.assertEqual(request.state, "open")

    def test_reopen(self):
        """Opening again takes the answer back and reminds again."""
        request = self._from_mail()
        self._dialog(self.user_manager, request).action_confirm()
        self._as(self.user_manager, request).action_reopen()
        self.assertEqual((request.state, request.answered_on, request.response_hours), ("open", False, 0))
        self.assertFalse(self.Fulfilment.search([("request_id", "=", request.id)]))
        self.assertEqual(len(self._activities(request)), 1)
        self._dialog(self.user_manager, request).action_confirm()
        self.assertEqual(self.Fulfilment.search_count([("request_id", "=", request.id)]), 1)

    def test_close(self):
        """A request may be closed without an answer; closed after one it keeps it."""
        unanswered, answered = self._request(), self._request()
        self._dialog(self.user_manager, answered).action_confirm()
        self._as(self.user_manager, unanswered + answered).action_close()
        self.assertEqual((unanswered + answered).mapped("state"), ["closed", "closed"])
        self.assertFalse(unanswered.answer_ids)
        self.assertEqual(len(answered.answer_ids), 1)
        self.assertFalse(self._activities(unanswered))

    def test_state_by_hand(self):
        """Setting the state of a typed-in request does the same as the buttons."""
        request = self._request(self.user_manager)
        request.state = "answered"
        self.assertEqual(request.answered_on, datetime(2024, 5, 6, 10))
        self.assertEqual(len(request.answer_ids), 1)
        request.answered_on = False
        self.assertEqual(request.state, "open")
        self.assertFalse(request.answer_ids)
        request.answered_on = NOW
        self.assertEqual(request.state, "answered")

    def test_answer_follows_its_request(self):
        """A correction of the request is one of its answer; deleting it deletes it."""
        request = self._request(self.user_manager)
        self._dialog(self.user_manager, request, note="n").action_confirm()
        answer = self.Fulfilment.search([("request_id", "=", request.id)])
        other = self._person(name="Otra", parent_id=self._partner(name="Otra firma").id)
        request = self._as(self.user_manager, request, self.company_a, self.company_b)
        request.write({"partner_id": other.id, "subject": "Otro asunto", "company_id": self.company_b.id})
        self.assertEqual((answer.partner_id, answer.commercial_partner_id), (other, other.parent_id))
        self.assertEqual((answer.subject, answer.note, answer.company_id), ("Otro asunto", "n", self.company_b))
        request.unlink()
        self.assertFalse(answer.exists())

    def test_answers_are_not_for_editing(self):
        """Who answered when stands with the request."""
        request = self._request(self.user_manager)
        self._dialog(self.user_manager, request).action_confirm()
        for operation in (lambda a: a.write({"note": "x"}), lambda a: a.unlink()):
            with self.assertRaises(AccessError):
                operation(self._as(self.user_manager, request.answer_ids))

    def test_only_requests_are_answered(self):
        letter = self._as(self.user_manager, self._request(kind="letter"))
        for action in (letter.action_answer, letter.action_close, letter.action_reopen):
            with self.assertRaisesRegex(UserError, "Only requests"):
                action()

    def test_who_may_answer(self):
        """Whoever may enter requests answers those he sees; nobody else."""
        others = self._partner(name="Suyo", user_id=self.user_sales_all.id)
        request = self._from_mail(partner_id=others.id)
        for user in (self.user_employee, self.user_sales_own):
            with self.subTest(user=user.login):
                for action in ("action_answer", "action_close", "action_reopen"):
                    with self.assertRaises(AccessError):
                        getattr(self._as(user, request), action)()
        wizard = self._as(self.user_sales_own, self.env["crm.customer.answer.wizard"])
        with self.assertRaises(AccessError):
            wizard.create({"interaction_ids": [Command.set(request.ids)]}).action_confirm()
        for user in (self.user_customer, self.user_data_entry, self.user_sales_all):
            self._dialog(user, request).action_confirm()
            self._as(user, request).action_reopen()
        self.assertEqual(request.state, "open")

    def test_other_company(self):
        """A request of a company that is not at hand is not answered."""
        request = self._request(company_id=self.company_b.id)
        self.user_customer.company_ids = self.company_a
        with self.assertRaises(AccessError):
            self._as(self.user_customer, request).action_close()

    def test_customer_moves(self):
        """Request and answer go along when the contact changes firms or is merged."""
        contact = self._person(name="C", parent_id=self.customer.id)
        request = self._request(partner_id=contact.id)
        self._dialog(self.user_manager, request).action_confirm()
        other = self._partner(name="Otra")
        contact.parent_id = other
        rows = (request, request.answer_ids)
        self.assertEqual([row.commercial_partner_id for row in rows], [other, other])
        keep = self._as(self.user_manager, self._partner(name="Queda"))
        self._as(self.user_manager, self.env["base.partner.merge.automatic.wizard"])._merge([keep.id, other.id], keep)
        self.env.invalidate_all()
        self.assertEqual([row.commercial_partner_id for row in rows], [keep, keep])

    # -- loaded ------------------------------------------------------------------------

    def _load(self, *rows, **options):
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return self.Interaction._load_facts(
            [[row.get(name) for name in columns] for row in rows], "test", self.company_a, columns=columns, **options
        )

    def test_loaded(self):
        """Rows without an amount load; states and answers follow from what they say."""
        base = {"partner_id": self.customer.id, "date": "2024-05-01 10:00:00"}
        result = self._load(
            {**base, "source_ref": "1", "kind": "request"},
            {**base, "source_ref": "2", "kind": "request", "answered_on": "2024-05-02 12:00:00"},
            {**base, "source_ref": "3", "kind": "letter"},
            {**base, "source_ref": "4", "kind": "quotation", "state": "accepted", "amount": "99.5"},
        )
        self.assertEqual((result.inserted, result.rejected), (4, 0), result.errors)
        rows = self.Interaction.search([("feed", "=", "test")], order="source_ref")
        self.assertEqual(rows.mapped("state"), ["open", "answered", False, "accepted"])
        self.assertEqual(rows.mapped("response_hours"), [0, 26, 0, 0])
        self.assertEqual(rows.answer_ids.mapped("source_id"), [rows[1].id])
        self.assertEqual(rows[3].amount, 99.5)
        self.assertEqual({row.id % 8 for row in rows}, {1})

    def test_loaded_again(self):
        """A later load answers, changes and takes back."""
        base = {"partner_id": self.customer.id, "date": "2024-05-01 10:00:00", "kind": "request", "source_ref": "1"}
        self._load({**base, "state": "open", "answered_on": None})
        row = self.Interaction.search([("feed", "=", "test")])
        answered = {**base, "state": "answered", "answered_on": "2024-05-01 11:00:00"}
        self.assertEqual(self._load(answered).updated, 1)
        self.assertEqual((row.response_hours, len(row.answer_ids)), (1, 1))
        self.assertEqual(self._load(answered).unchanged, 1)
        self._load({**base, "state": "closed", "answered_on": None})
        self.assertEqual((row.response_hours, len(row.answer_ids)), (0, 0))

    def test_loaded_wrongly(self):
        """A wrong state or date is a sentence for its row, the others load."""
        base = {"partner_id": self.customer.id, "date": "2024-05-01 10:00:00"}
        result = self._load(
            {**base, "source_ref": "1", "kind": "request", "state": "accepted"},
            {**base, "source_ref": "2", "kind": "letter", "state": "open"},
            {**base, "source_ref": "3", "kind": "request", "answered_on": "2024-04-01 10:00:00"},
            {**base, "source_ref": "4", "kind": None},
            {**base, "source_ref": "5", "kind": "quotation", "state": "expired"},
        )
        self.assertEqual((result.inserted, result.rejected), (1, 4))
        self.assertEqual(
            [(e.row, e.column) for e in result.errors], [(1, "state"), (2, "state"), (3, "answered_on"), (4, "kind")]
        )
        self.assertIn("correspondence has no state", result.errors[0].message)
        self.assertIn("before it came", result.errors[2].message)

    def test_written_by_sql(self):
        """A source that writes by SQL calls one method, and answers are there."""
        request = self._from_mail()
        self.cr.execute(
            "UPDATE crm_customer_interaction SET state = 'answered', answered_on = '2024-05-06 12:00' WHERE id = %s",
            [request.id],
        )
        self.env.invalidate_all()
        self.Interaction._fact_orders_changed(SQL("feed = %s AND source_ref = ANY(%s)", "mail", ["mail.message,1"]))
        self.assertEqual((request.response_hours, len(request.answer_ids)), (2, 1))

    def test_mails_cost_one_look(self):
        """Where no request is among the rows, nothing is worked out for them."""
        mails = self._request(kind="email") + self._request(kind="call")
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.Interaction._fact_orders_changed(SQL("id = ANY(%s)", mails.ids))

    def test_no_request_any_more(self):
        """An answered request that turns out to be something else has no answer."""
        request = self._from_mail()
        self._dialog(self.user_manager, request).action_confirm()
        self.cr.execute(
            "UPDATE crm_customer_interaction SET kind = 'email', state = NULL, answered_on = NULL, response_hours = NULL"
            " WHERE id = %s",
            [request.id],
        )
        self.env.invalidate_all()
        self.Interaction._fact_orders_changed(SQL("id = %s", request.id))
        self.assertFalse(request.answer_ids)

    # -- deleting ----------------------------------------------------------------------

    def test_contact_with_requests(self):
        """A contact is not deleted while it has requests, and a sentence says how many."""
        self._request(), self._request(), self._request(kind="quotation")
        with self.assertRaisesRegex(UserError, "2 requests") as caught:
            self.customer.unlink()
        self.assertIn("1 quotation", str(caught.exception))

    def test_hostile_values(self):
        """What no screen sends gets a sentence or an access error, never a traceback."""
        as_user = self._as(self.user_manager, self.Interaction)
        for vals in (
            {"amount": float("nan")},
            {"amount": 1e15},
            {"answered_on": "ayer", "kind": "request"},
            {"subject": "x" * 501},
            {"date": "2030-01-01 00:00:00"},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError), self.cr.savepoint():
                as_user.create({"partner_id": self.customer.id, "kind": "quotation", **vals})
        for vals in ({"response_hours": 1.0}, {"feed": "mail"}, {"source_ref": "x"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                as_user.create({"partner_id": self.customer.id, **vals})
