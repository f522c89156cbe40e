# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .common import SurveyFeedCommon

STEPS = 50


class TestAnswers(SurveyFeedCommon):
    """What customers answered, in codes."""

    def test_every_type(self):
        """One row per answer: codes for choices, numbers as numbers, words and dates as text."""
        user_input = self._answered(
            que_tal=("bien", "Gracias"),
            que_usa=["guantes", "botas"],
            empleados="12.5",
            nota="7",
            su_opinion="Muy\nbuenos",
            su_nombre="Ana",
            primer_pedido="2020-02-29",
            proxima_visita="2026-07-01 22:30:00",
            servicios={"entrega": ["bueno"], "precio": ["malo"]},
        )
        rows = self._rows(user_input)
        self.assertEqual(
            [(row.question_code, row.answer_code, row.text) for row in rows],
            [
                ("que_tal", "bien", False),
                ("que_tal", False, "Gracias"),
                ("que_usa", "guantes", False),
                ("que_usa", "botas", False),
                ("empleados", False, False),
                ("nota", False, False),
                ("su_opinion", False, "Muy\nbuenos"),
                ("su_nombre", False, "Ana"),
                ("primer_pedido", False, "2020-02-29"),
                ("proxima_visita", False, "2026-07-02 00:30"),
                ("servicios.entrega", "bueno", False),
                ("servicios.precio", "malo", False),
            ],
        )
        self.assertEqual(rows.filtered(lambda row: row.value).mapped("value"), [12.5, 7])
        self.assertEqual(set(rows.mapped("survey")), {"Satisfacción 2026"})
        self.assertEqual(rows.partner_id, self.person)
        self.assertEqual(set(rows.mapped("date")), {user_input.end_datetime.replace(microsecond=0)})
        self.assertEqual(rows.company_id, self.company_a)
        self.assertEqual(set(rows.mapped("source_model")), {"survey.user_input"})
        self.assertEqual(
            rows[0].source_ref, f"survey.user_input.line,{user_input.user_input_line_ids.sorted('id')[0].id}"
        )
        self.assertEqual(rows.mapped("is_head"), [True] + [False] * 11)
        self._assert_complete()

    def test_only_finished(self):
        """An answer counts when the questionnaire is finished, a test never, a skipped question neither."""
        user_input = self._start()
        self._fill(user_input, que_tal="bien", su_nombre="")
        self.assertFalse(self._rows(user_input))
        user_input._mark_done()
        self.assertEqual(self._rows(user_input).mapped("question_code"), ["que_tal"])
        trial = self.survey.with_user(self.user_survey)._create_answer(partner=self.person, test_entry=True)
        self._fill(trial.sudo(), que_tal="mal")
        trial.sudo()._mark_done()
        self.assertFalse(self._rows(trial))

    def test_answered_again(self):
        """A changed answer replaces the former one, a reopened questionnaire does not count."""
        user_input = self._answered(que_tal="bien", nota="7")
        self._fill(user_input, que_tal="mal")
        self.assertEqual(set(self._said(user_input)), {("que_tal", "mal"), ("nota", 7.0)})
        self.assertEqual(sum(self._rows(user_input).mapped("is_head")), 1)
        user_input.state = "in_progress"
        self.assertFalse(self._rows(user_input))
        self._assert_complete()

    def test_nobody_knows_whose(self):
        """An anonymous answer is nobody's, also where an address is given."""
        user_input = self._start(partner=self.env["res.partner"], email="ana@example.com")
        self._fill(user_input, que_tal="bien")
        user_input._mark_done()
        self.assertFalse(self._rows(user_input))
        user_input.partner_id = self.person
        self.assertEqual(self._rows(user_input).partner_id, self.person)

    def test_never_our_own_people(self):
        """A survey among our own people does not belong into the customer file, nor does one among applicants."""
        user_input = self._answered(partner=self.user_employee.partner_id, que_tal="bien")
        self.assertFalse(self._rows(user_input))
        if "recruitment" in dict(self.env["survey.survey"]._fields["survey_type"]._description_selection(self.env)):
            self.survey.survey_type = "recruitment"
            self.assertFalse(self._rows(self._answered(que_tal="bien")))
        self._assert_complete()

    def test_contact_of_a_company(self):
        """The answer keeps the contact, and counts for the firm."""
        firm = self._partner()
        contact = self._person(parent_id=firm.id)
        user_input = self._answered(partner=contact, que_tal="bien")
        self.assertEqual(self._rows(user_input).commercial_partner_id, firm)
        contact.parent_id = False
        self.assertEqual(self._rows(user_input).commercial_partner_id, contact)
        self._assert_complete()

    def test_moved_merged_archived(self):
        """Answers follow their contact."""
        user_input = self._answered(que_tal="bien")
        other = self._person(name="Otra")
        user_input.partner_id = other
        self.assertEqual(self._rows(user_input).partner_id, other)
        target = self._person(name="Otra Ana")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((other + target).ids, target)
        self.assertEqual(self._rows(user_input).partner_id, target)
        target.active = False
        self.assertEqual(self._rows(user_input).partner_id, target)
        self._assert_complete()

    def test_deleted_contact(self):
        """Odoo lets a contact go although it has answered; its answers go with it."""
        gone = self._person(name="Fuera")
        user_input = self._answered(partner=gone, que_tal="bien")
        self.assertTrue(self._rows(user_input))
        gone.unlink()
        self.assertFalse(self._rows(user_input))
        self.assertFalse(user_input.partner_id)
        self._assert_complete()

    def test_deleted_documents(self):
        """Deleting a questionnaire, a question, a choice or a survey takes its answers along."""
        first, second = self._answered(que_tal="bien", nota="7", que_usa=["botas"]), self._answered(que_tal="mal")
        self.assertEqual(len(self._rows(first)), 3)
        head = self._rows(first).filtered("is_head")
        self._question("que_tal").suggested_answer_ids.filtered(lambda choice: choice.code == "bien").unlink()
        self.assertEqual(set(self._said(first)), {("nota", 7.0), ("que_usa", "botas")})
        self.assertEqual(len(self._rows(first).filtered("is_head")), 1)
        self.assertNotEqual(self._rows(first).filtered("is_head"), head)
        self._question("nota").unlink()
        self.assertEqual(self._rows(first).mapped("answer_code"), ["botas"])
        gone = first.id
        first.unlink()
        self.assertFalse(self.Answer.search([("feed", "=", "survey"), ("source_id", "=", gone)]))
        gone = second.id
        self.assertTrue(self._rows(second))
        self.survey.sudo().unlink()
        self.assertFalse(self.Answer.search([("feed", "=", "survey"), ("source_id", "=", gone)]))
        self._assert_complete()

    def test_new_words_and_codes(self):
        """A new title, code or responsible holds for what was answered before as well."""
        user_input = self._answered(que_tal="bien", servicios={"precio": ["malo"]})
        self.survey.title = "Satisfacción"
        self._question("que_tal").code = "q1"
        self._question("servicios").matrix_row_ids[1].code = "price"
        self._question("q1").suggested_answer_ids[0].code = "good"
        self.assertEqual(set(self._said(user_input)), {("q1", "good"), ("servicios.price", "malo")})
        self.assertEqual(self._rows(user_input)[0].survey, "Satisfacción")
        self._assert_complete()

    def test_language_of_the_title(self):
        """A survey has one name: in the company's language."""
        self.env["res.lang"]._activate_lang("es_ES")
        self.survey.with_context(lang="es_ES").title = "Satisfacción (es)"
        self.survey.with_context(lang="en_US").title = "Satisfaction"
        user_input = self._answered(que_tal="bien")
        self.assertEqual(self._rows(user_input).survey, "Satisfaction")
        self.company_a.partner_id.lang = "es_ES"
        other = self._answered(que_tal="bien")
        self.assertEqual(self._rows(other).survey, "Satisfacción (es)")

    def test_score(self):
        """In a scored survey a choice is worth its points; elsewhere it is worth nothing, not zero."""
        question = self._question("que_tal")
        question.suggested_answer_ids[0].write({"is_correct": True, "answer_score": 5})
        plain = self._rows(self._answered(que_tal="bien"))
        known = SQL("SELECT value FROM crm_customer_survey_answer WHERE id = %s", plain.id)
        self.assertEqual(self.env.execute_query(known), [(None,)])
        self.survey.scoring_type = "scoring_with_answers"
        self.assertEqual(self._rows(self._answered(que_tal="bien")).value, 5)

    def test_company(self):
        """The responsible's company, else the contact's, else the one that is set."""
        user_input = self._answered(que_tal="bien")
        theirs = self._survey_user("cdb_survey_b", "survey.group_survey_user")
        theirs.company_id = self.company_b
        self.survey.sudo().user_id = theirs
        self.assertEqual(self._rows(user_input).company_id, self.company_b)
        self.survey.sudo().user_id = False
        self.person.company_id = self.company_a
        other = self._person(name="Sin empresa")
        theirs = self._answered(partner=other, que_tal="bien")
        self.assertEqual(self._rows(user_input).company_id, self.company_a)
        state = self._state().sudo()
        state.company_id = self.company_b
        state.flush_recordset()
        self.assertEqual(self._rows(self._answered(partner=other, que_tal="mal")).company_id, self.company_b)
        state.state = "done"
        state.action_mend()
        self.assertEqual(self._rows(theirs).company_id, self.company_b)

    def test_personal(self):
        """Answers are personal unless the survey says they are not; what fills in personal data always is."""
        asked = self._ask(
            self.survey.with_user(self.user_survey_personal),
            "Hijos",
            "numerical_box",
            customer_writes_to="customer_children",
        )
        user_input = self._answered(que_tal="bien", hijos="2")
        self.assertEqual(self._rows(user_input).mapped("is_personal"), [True, True])
        self.survey.customer_personal = False
        rows = self._rows(user_input)
        self.assertEqual([(row.question_code, row.is_personal) for row in rows], [("que_tal", False), ("hijos", True)])
        seen = self._as(self.user_customer, self.Answer).search([("source_id", "=", user_input.id)])
        self.assertEqual(seen.mapped("question_code"), ["que_tal"])
        self.assertEqual(seen.mapped("is_head"), [True])
        seen = self._as(self.user_personal, self.Answer).search([("source_id", "=", user_input.id)])
        self.assertEqual(len(seen), 2)
        asked.sudo().customer_writes_to = False
        self.assertEqual(self._rows(user_input).mapped("is_personal"), [False, False])

    def test_everybody_sees_the_questionnaire(self):
        """The answer that stands for all is one that everybody may see, if there is any."""
        self.survey.customer_personal = False
        self._ask(
            self.survey.with_user(self.user_survey_personal),
            "Sexo",
            "simple_choice",
            [("Mujer", "female"), ("Hombre", "male")],
            customer_writes_to="gender",
        )
        user_input = self._start()
        self._fill(user_input, sexo="female")
        self._fill(user_input, que_tal="bien")
        user_input._mark_done()
        rows = self._rows(user_input)
        self.assertEqual([(row.question_code, row.is_head) for row in rows], [("sexo", False), ("que_tal", True)])

    def test_rights(self):
        """Who reads the file sees the answer and not the questionnaire; nobody corrects it."""
        self.survey.customer_personal = False
        row = self._rows(self._answered(que_tal="bien"))
        seen = self._as(self.user_customer, row)
        self.assertEqual(seen.answer_code, "bien")
        with self.assertRaisesRegex(UserError, "not the document itself"):
            seen.action_open_document()
        with self.assertRaises(AccessError):
            self._as(self.user_manager, row).write({"answer_code": "mal"})
        with self.assertRaises(AccessError):
            self._as(self.user_survey, row).check_access("read")
        self.user_customer.group_ids += self.env.ref("survey.group_survey_user")
        action = self._as(self.user_customer, row).action_open_document()
        self.assertEqual(action["res_model"], "survey.user_input")

    def test_two_companies(self):
        """Nobody sees the answers of another company."""
        self.survey.customer_personal = False
        user_input = self._answered(que_tal="bien")
        self.assertTrue(
            self._as(self.user_customer, self.Answer, self.company_a).search([("source_id", "=", user_input.id)])
        )
        self.assertFalse(
            self._as(self.user_customer, self.Answer, self.company_b).search([("source_id", "=", user_input.id)])
        )

    def test_backfill_and_audit(self):
        """Questionnaires from before are brought in; what differs is found and mended."""
        inputs = [self._answered(que_tal="bien", nota="3"), self._answered(que_usa=["guantes", "cascos"])]
        before = [set(self._said(user_input)) for user_input in inputs]
        self.env.cr.execute("DELETE FROM crm_customer_survey_answer WHERE feed = 'survey'")
        self.env.invalidate_all()
        state = self._state()
        state.action_backfill()
        self.assertTrue(state._backfill())
        self.assertEqual([set(self._said(user_input)) for user_input in inputs], before)
        self._rows(inputs[0])[0].flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_customer_survey_answer SET value = 9 WHERE id = %s", [self._rows(inputs[0])[1].id]
        )
        self.env.invalidate_all()
        self.assertEqual(state._audit(mend=True), {self.feed._name: [inputs[0].id]})
        self.assertEqual(self._rows(inputs[0])[1].value, 3)

    def test_cost(self):
        """A questionnaire of many answers costs as many queries as one with a single one."""

        def cost(**answers):
            user_input = self._start()
            self._fill(user_input, **answers)
            user_input._mark_done()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env.cr.precommit.run()
            return self.env.cr.sql_log_count - before

        cost(que_tal="bien")
        one = cost(que_tal="bien")
        many = cost(que_tal="bien", que_usa=["guantes", "botas"], nota="3", su_nombre="A", su_opinion="B")
        self.assertEqual(many, one)
        self.assertLessEqual(one, 4)

    def test_questions_cost_nothing(self):
        """Writing a survey and answering half of it asks the feed for nothing."""
        self.env.cr.precommit.run()
        survey = self._survey(self.user_survey)
        user_input = self._start(survey)
        self._fill(user_input, que_tal="bien")
        self.env.flush_all()
        pending = self.env.cr.precommit.data.get("crm_customer_db.pending", {}).get(self.feed._name, {})
        self.assertFalse(pending.keys() - {"survey.user_input", "survey.question"})
        self.assertFalse(self.feed._documents(pending) - {user_input.id})

    # ------------------------------------------------------------------- at random

    def test_any_order(self):
        """Fifty things done at random: rows are what Python says they should be."""
        dice = random.Random(5)
        self.people = [self.person, self._person(name="B"), self._partner(name="C"), self.env["res.partner"]]
        self.inputs = self.env["survey.user_input"].sudo()
        done = []
        actions = [self._do_answer] * 3 + [
            self._do_change,
            self._do_finish,
            self._do_finish,
            self._do_reopen,
            self._do_move,
            self._do_recode,
            self._do_delete,
            self._do_test,
        ]
        for _step in range(STEPS):
            action = dice.choice(actions)
            done.append(action.__name__)
            action(dice)
            self.inputs = self.inputs.exists()
            found = {
                (
                    row.source_ref,
                    row.question_code,
                    row.answer_code,
                    row.value,
                    row.text,
                    row.partner_id.id,
                    row.is_head,
                )
                for row in self.Answer.search([("feed", "=", "survey"), ("survey", "=", self.survey.title)])
            }
            self.assertEqual(found, self._expected(), done)
        self._assert_complete()

    def _expected(self):
        expected = set()
        for user_input in self.inputs:
            if user_input.state != "done" or user_input.test_entry or not user_input.partner_id:
                continue
            lines = user_input.user_input_line_ids.filtered(lambda line: not line.skipped).sorted("id")
            for line in lines:
                row = line.matrix_row_id.code
                expected.add(
                    (
                        f"survey.user_input.line,{line.id}",
                        line.question_id.code + (f".{row}" if row else ""),
                        line.suggested_answer_id.code,
                        line.value_numerical_box or float(line.value_scale),
                        line.value_text_box or line.value_char_box or False,
                        user_input.partner_id.id,
                        line == lines[0],
                    )
                )
        return expected

    def _pick(self, dice):
        return self.inputs[dice.randrange(len(self.inputs))] if self.inputs else self.inputs

    def _random_answers(self, dice):
        answers = {
            "que_tal": dice.choice(["bien", "mal", ("bien", "comentario")]),
            "que_usa": dice.sample(["guantes", "cascos", "botas"], dice.randint(0, 3)),
            "nota": str(dice.randint(1, 10)),
            "su_nombre": dice.choice(["", "Ana"]),
            "servicios": {"entrega": [dice.choice(["bueno", "malo"])]},
        }
        return dict(dice.sample(list(answers.items()), dice.randint(1, len(answers))))

    def _fill_by_position(self, user_input, answers):
        """Codes of questions change here; their order does not."""
        names = dict(zip(self.first_codes, self.survey.question_ids.mapped("code"), strict=True))
        self._fill(user_input, **{names[code]: answer for code, answer in answers.items()})

    @property
    def first_codes(self):
        return [
            "que_tal",
            "que_usa",
            "empleados",
            "nota",
            "su_opinion",
            "su_nombre",
            "primer_pedido",
            "proxima_visita",
            "servicios",
        ]

    def _do_answer(self, dice):
        user_input = self._start(partner=dice.choice(self.people))
        self._fill_by_position(user_input, self._random_answers(dice))
        self.inputs += user_input

    def _do_change(self, dice):
        user_input = self._pick(dice)
        if user_input:
            self._fill_by_position(user_input, self._random_answers(dice))

    def _do_finish(self, dice):
        user_input = self._pick(dice)
        if user_input:
            user_input._mark_done()

    def _do_reopen(self, dice):
        self._pick(dice).state = "in_progress"

    def _do_move(self, dice):
        self._pick(dice).partner_id = dice.choice(self.people)

    def _do_recode(self, dice):
        question = self.survey.question_ids[dice.randrange(len(self.survey.question_ids))]
        question.code = f"{question.code.partition('-')[0]}-{dice.randint(1, 99)}"

    def _do_delete(self, dice):
        self._pick(dice).unlink()

    def _do_test(self, dice):
        self._pick(dice).test_entry = dice.random() < 0.3

    def test_import(self):
        """A questionnaire entered in one go, finished, with its answers."""
        question = self._question("nota")
        user_input = self.env["survey.user_input"].create(
            {
                "survey_id": self.survey.id,
                "partner_id": self.person.id,
                "state": "done",
                "end_datetime": "2024-05-01 10:00:00",
                "user_input_line_ids": [
                    Command.create({"question_id": question.id, "answer_type": "scale", "value_scale": 4})
                ],
            }
        )
        row = self._rows(user_input)
        self.assertEqual((row.value, str(row.date)), (4, "2024-05-01 10:00:00"))
