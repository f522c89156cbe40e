# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from .common import SurveyFeedCommon

EDUCATION = [("Primaria", "primary"), ("Universidad", "bachelor"), ("Otra cosa", "doctorate")]


class TestWritesTo(SurveyFeedCommon):
    """Answers that fill in fields of the customer file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profile = cls._survey(cls.user_survey_personal, title="Perfil")
        cls._ask(cls.profile, "Estudios", "simple_choice", EDUCATION, customer_writes_to="customer_education")
        cls._ask(cls.profile, "Hijos", "numerical_box", customer_writes_to="customer_children")
        cls._ask(cls.profile, "Nacimiento", "date", customer_writes_to="birthdate_date")
        cls._ask(
            cls.profile,
            "Profesión",
            "simple_choice",
            [("Directivo", "11"), ("Científico", "21")],
            customer_writes_to="customer_profession_id",
        )
        cls._ask(cls.profile, "Plantilla", "numerical_box", customer_writes_to="customer_headcount")
        cls.firm = cls._partner()
        cls.contact = cls._person(name="Pilar", parent_id=cls.firm.id)

    def _notes(self, record):
        return record.message_ids.filtered(lambda message: message.message_type == "notification")

    # --------------------------------------------------------------------- writing

    def test_filled_in(self):
        """When the survey is finished, what was answered stands in the file; not before."""
        user_input = self._start(self.profile)
        self._fill(user_input, estudios=("bachelor", "en Zaragoza"), hijos="2", nacimiento="1980-05-17")
        self._fill(user_input, profesion="21")
        self.assertFalse(self.person.customer_education)
        user_input._mark_done()
        self.assertEqual(self.person.customer_education, "bachelor")
        self.assertEqual(self.person.customer_children, 2)
        self.assertEqual(self.person.birthdate_date, fields.Date.to_date("1980-05-17"))
        self.assertEqual(self.person.customer_profession_id.code, "21")
        self.assertEqual(len(self._rows(user_input)), 5, "the comment is an answer, and fills in nothing")
        self.assertEqual(set(self._rows(user_input).mapped("is_personal")), {True})

    def test_written_once(self):
        """Four answers are one write."""
        user_input = self._start(self.profile)
        self._fill(user_input, estudios="bachelor", hijos="2", nacimiento="1980-05-17", profesion="21")
        written = []
        Partner = type(self.person)
        original = Partner.write

        def write(records, vals):
            written.append(set(vals))
            return original(records, vals)

        self.patch(Partner, "write", write)
        user_input._mark_done()
        fields_written = {"customer_education", "customer_children", "birthdate_date", "customer_profession_id"}
        self.assertEqual([vals for vals in written if vals & fields_written], [fields_written])

    def test_history(self):
        """What stood there is kept in the contact's history, for those only who may read the field."""
        self.person.customer_education = "primary"
        self._answered(self.profile, estudios="bachelor", hijos="0")
        [note] = self._notes(self.person)
        self.assertIn("Perfil", note.body)
        tracked = note.sudo().tracking_value_ids
        self.assertEqual(len(tracked), 1, "no children before, none now: nothing has changed")
        self.assertEqual((tracked.old_value_char, tracked.new_value_char), ("Primary school", "Bachelor's degree"))
        self.assertNotIn("Bachelor", note.body)
        self.assertTrue(tracked._filter_has_field_access(self.env(user=self.user_personal)))
        self.assertFalse(tracked._filter_has_field_access(self.env(user=self.user_customer)))
        self._answered(self.profile, estudios="bachelor")
        self.assertEqual(len(self._notes(self.person)), 1, "the same answer again is no change")

    def test_last_word(self):
        """The last answer counts, in the order in which answers were given."""
        self._answered(self.profile, hijos="1")
        self._answered(self.profile, hijos="2")
        self.assertEqual(self.person.customer_children, 2)
        late = self._entered_late("2020-01-01 10:00:00", 9)
        self.assertEqual(self.person.customer_children, 2)
        self.assertIn("later answer", self._notes(late).body)
        self.assertEqual(self._rows(late).value, 9, "it is an answer all the same")

    def _entered_late(self, moment, children):
        """A questionnaire of paper that is typed in long after it was filled in."""
        return self.env["survey.user_input"].create(
            {
                "survey_id": self.profile.id,
                "partner_id": self.person.id,
                "state": "done",
                "end_datetime": moment,
                "user_input_line_ids": [
                    Command.create(
                        {
                            "question_id": self._question("hijos", self.profile).id,
                            "answer_type": "numerical_box",
                            "value_numerical_box": children,
                        }
                    )
                ],
            }
        )

    def test_confirmed_since(self):
        """What somebody has confirmed after the answer was given stays."""
        self.person.customer_children = 3
        self.person.sudo().customer_profile_confirmed_on = "2024-06-01"
        self._entered_late("2024-05-01 10:00:00", 1)
        self.assertEqual(self.person.customer_children, 3)
        self._entered_late("2024-07-01 10:00:00", 4)
        self.assertEqual(self.person.customer_children, 4)

    def test_impossible(self):
        """What can't be is not copied, nothing else is lost, and a note says why."""
        user_input = self._answered(self.profile, estudios="primary", hijos="2.5", nacimiento="2999-01-01")
        self.assertEqual(self.person.customer_education, "primary")
        self.assertEqual((self.person.customer_children, self.person.birthdate_date), (0, False))
        note = self._notes(user_input).body
        self.assertIn("a whole number", note)
        self.assertIn("lies in the future", note)
        self.assertEqual(len(self._rows(user_input)), 3)
        self.assertFalse("2999" in "".join(self._notes(self.person).mapped("body")))
        user_input = self._answered(self.profile, hijos="1e12")
        self.assertEqual(self.person.customer_children, 0)
        self.assertEqual(len(self._notes(user_input)), 1)

    def test_code_changed_since(self):
        """A catalogue's entry that is gone is no value any more."""
        self.env["crm.customer.profession"].search([("code", "=", "21")]).code = "21x"
        user_input = self._answered(self.profile, profesion="21", estudios="primary")
        self.assertFalse(self.person.customer_profession_id)
        self.assertEqual(self.person.customer_education, "primary")
        self.assertIn("a code of the list", self._notes(user_input).body)

    def test_kinds(self):
        """A firm has no education, a person no headcount, and a contact does not speak for the firm's file."""
        user_input = self._answered(self.profile, self.firm, estudios="primary", plantilla="40")
        self.assertFalse(self.firm.customer_education)
        self.assertEqual(self.firm.customer_headcount, 40)
        self.assertIn("not of the kind", self._notes(user_input).body)
        self._answered(self.profile, self.contact, estudios="primary", plantilla="90")
        self.assertEqual(self.contact.customer_education, "primary")
        self.assertEqual((self.contact.customer_headcount, self.firm.customer_headcount), (0, 40))
        freelancer = self._person(name="Autónoma", vat="ES12345678Z")
        self._answered(self.profile, freelancer, estudios="primary", plantilla="1")
        self.assertEqual((freelancer.customer_education, freelancer.customer_headcount), ("primary", 1))

    def test_never(self):
        """Our own people, tests and strangers change nobody's file."""
        colleague = self.user_employee.partner_id
        self._answered(self.profile, colleague, hijos="4")
        self.assertFalse(colleague.sudo().customer_children)
        trial = self.profile._create_answer(partner=self.person, test_entry=True)
        self._fill(trial.sudo(), hijos="4")
        trial.sudo()._mark_done()
        self.assertFalse(self.person.customer_children)
        stranger = self._start(self.profile, self.env["res.partner"], email=self.person.email)
        self._fill(stranger, hijos="4")
        stranger._mark_done()
        self.assertFalse(self.person.customer_children)

    def test_portal_user(self):
        """A customer with a login fills in his own file, without any right on it."""
        portal = new_test_user(self.env, login="cdb_portal", groups="base.group_portal", name="Ana Portal")
        user_input = self.profile.with_user(portal).sudo()._create_answer(user=portal)
        self._fill(user_input, hijos="3")
        user_input._mark_done()
        self.assertEqual(portal.partner_id.customer_children, 3)
        with self.assertRaises(AccessError):
            portal.partner_id.with_user(portal).read(["customer_children"])

    def test_nothing_to_fill_in(self):
        """A survey that fills in nothing writes nothing."""
        user_input = self._answered(que_tal="bien")
        self.assertFalse(self._notes(self.person))
        self.assertFalse(self._notes(user_input))

    # ---------------------------------------------------------------------- design

    def test_checked_when_designed(self):
        """A question whose answers could not be copied is refused, in words."""
        survey = self.profile
        with self.assert_refused("Estudios 2", "Education", "otra_cosa", "one of none, primary"), self.cr.savepoint():
            self._ask(
                survey,
                "Estudios 2",
                "simple_choice",
                ["Primary school", "Otra cosa"],
                customer_writes_to="customer_education",
            )
        for kind, field, words in (
            ("text_box", "customer_education", "only one answer"),
            ("multiple_choice", "gender", "only one answer"),
            ("simple_choice", "birthdate_date", "Date"),
            ("date", "customer_children", "Numerical Value"),
        ):
            with self.assert_refused(words), self.cr.savepoint():
                self._ask(survey, "Pregunta", kind, customer_writes_to=field)
        with self.assert_refused("a code of the list", "Profession"), self.cr.savepoint():
            self._ask(survey, "Oficio", "simple_choice", ["Fontanero"], customer_writes_to="customer_profession_id")
        with self.assert_refused("a whole number"), self.cr.savepoint():
            self._ask(survey, "Hijos", "simple_choice", ["Uno"], customer_writes_to="customer_children")
        question = self._ask(
            survey, "Hijos", "simple_choice", [("Ninguno", "0"), ("Uno", "1")], customer_writes_to="customer_children"
        )
        self._answered(survey, **{question.code: "1"})
        self.assertEqual(self.person.customer_children, 1)

    def test_checked_when_changed(self):
        """Codes and types can't be changed into ones that can't be copied."""
        question = self._question("estudios", self.profile)
        with self.assert_refused("escuela"), self.cr.savepoint():
            question.suggested_answer_ids[0].code = "escuela"
        with self.assert_refused("Estudios"), self.cr.savepoint():
            question.suggested_answer_ids = [Command.create({"value": "Ninguno de estos"})]
        with self.assert_refused("Estudios"), self.cr.savepoint():
            question.question_type = "text_box"

    def test_answers_by_name(self):
        """An answer that is called like a value gets its code, in whatever language."""
        self.env["res.lang"]._activate_lang("es_ES")
        values = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "res.partner"), ("field_id.name", "=", "customer_education")]
        )
        values.filtered(lambda value: value.value == "master").with_context(lang="es_ES").name = "Máster"
        self.env.registry.clear_all_caches()
        question = self._ask(
            self.profile,
            "Título",
            "simple_choice",
            ["Bachelor's degree", "MASTER"],
            customer_writes_to="customer_education",
        )
        self.assertEqual(question.suggested_answer_ids.mapped("code"), ["bachelor", "master"])

    def test_form(self):
        """On the screen: choosing the field gives answers their codes."""
        question = self._ask(self.profile, "Nivel", "simple_choice", ["Primary school", "Doctorate"])
        self.assertEqual(question.suggested_answer_ids.mapped("code"), ["primary_school", "doctorate"])
        with Form(question, view="survey.survey_question_form") as form:
            form.customer_writes_to = "customer_education"
        self.assertEqual(question.suggested_answer_ids.mapped("code"), ["primary", "doctorate"])
        self.assertEqual(question.customer_writes_to, "customer_education")

    def test_only_what_one_may_oneself(self):
        """A survey's author can't let respondents fill in what he may not fill in himself."""
        with self.assertRaisesRegex(AccessError, "may not do it yourself"):
            self._ask(self.survey, "Hijos", "numerical_box", customer_writes_to="customer_children")
        question = self._question("empleados")
        with self.assertRaisesRegex(AccessError, "may not do it yourself"):
            question.customer_writes_to = "customer_headcount"
        personal = question.with_user(self.user_survey_personal)
        personal.customer_writes_to = "customer_headcount"
        self.assertEqual(question.customer_writes_to, "customer_headcount")
        question.write({"customer_writes_to": "customer_headcount", "title": "¿Cuántos son?"})
        copy = question.copy()
        self.assertFalse(copy.customer_writes_to)
        self.assertEqual(personal.copy().customer_writes_to, "customer_headcount")

    def test_fields_that_are_offered(self):
        """What customers can say about themselves; never what we say about them."""
        offered = dict(
            self.env["survey.question"].fields_get(["customer_writes_to"])["customer_writes_to"]["selection"]
        )
        self.assertEqual(offered["customer_education"], "Education")
        Partner = self.env["res.partner"]
        for name in offered:
            field = Partner._fields[name]
            self.assertFalse(field.readonly and not field.inverse, name)
        for name in ("customer_credit_level", "customer_priority", "customer_origin_id", "customer_mark", "name"):
            self.assertNotIn(name, offered)
