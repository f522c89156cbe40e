# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.exceptions import ValidationError

from .common import SurveyFeedCommon


class TestCode(SurveyFeedCommon):
    """Codes of questions and answers."""

    def test_proposed(self):
        """Every question and answer has a code from its text; a section has none."""
        self.assertEqual(
            self.survey.question_ids.mapped("code"),
            [
                "que_tal",
                "que_usa",
                "empleados",
                "nota",
                "su_opinion",
                "su_nombre",
                "primer_pedido",
                "proxima_visita",
                "servicios",
            ],
        )
        matrix = self._question("servicios")
        self.assertEqual(matrix.suggested_answer_ids.mapped("code"), ["bueno", "malo"])
        self.assertEqual(matrix.matrix_row_ids.mapped("code"), ["entrega", "precio"])
        section = self._ask(self.survey, "Parte 2", False, is_page=True)
        self.assertFalse(section.code)
        section.is_page = False
        self.assertEqual(section.code, "parte_2")

    def test_made_at_once(self):
        """A survey made in one go, with answers, gets all its codes, and no two alike."""
        survey = (
            self.env["survey.survey"]
            .with_user(self.user_survey)
            .create(
                {
                    "title": "De una vez",
                    "question_and_page_ids": [
                        Command.create(
                            {
                                "title": title,
                                "question_type": "simple_choice",
                                "suggested_answer_ids": [self._choice("Sí"), self._choice("SI"), self._choice("🙂")],
                            }
                        )
                        for title in ("Uno", "Uno", "二")
                    ],
                }
            )
        )
        self.assertEqual(survey.question_ids.mapped("code"), ["uno", "uno_2", "q1"])
        for question in survey.question_ids:
            self.assertEqual(question.suggested_answer_ids.mapped("code"), ["si", "si_2", "a1"])

    def test_numbers(self):
        """Whoever makes choices by program may give numbers for texts and codes."""
        question = self._ask(self.survey, "¿Cuántos?", "simple_choice", [0, 12, (2024, 24)])
        self.assertEqual(question.suggested_answer_ids.mapped("code"), ["0", "12", "24"])

    def test_changed(self):
        """A code may be changed, does not follow the text, and comes back when it is emptied."""
        question = self._question("que_tal")
        question.title = "¿Cómo está?"
        self.assertEqual(question.code, "que_tal")
        question.code = " Q-1 "
        self.assertEqual(question.code, "Q-1")
        question.code = False
        self.assertEqual(question.code, "como_esta")
        answer = question.suggested_answer_ids[0]
        answer.code = False
        self.assertEqual(answer.code, "bien")

    def test_refused(self):
        """No two alike within a survey or a question, and nothing but plain letters."""
        for record, code, words in (
            (self._question("que_tal"), "¿qué?", "can't be a code"),
            (self._question("que_tal"), "a" * 61, "can't be a code"),
            (self._question("que_tal"), "que_usa", "is taken"),
            (self._question("que_usa").suggested_answer_ids[0], "botas", "is taken"),
            (self._question("servicios").matrix_row_ids[0], "precio", "is taken"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                record.code = code
        with self.assertRaisesRegex(ValidationError, "is taken"), self.cr.savepoint():
            self._ask(self.survey, "Otra", "text_box", code="que_tal")
        # in another survey, and as an answer, the same code is no harm
        other = self._survey(self.user_survey)
        self.assertIn("que_tal", other.question_ids.mapped("code"))
        self._question("que_tal").suggested_answer_ids[0].code = "que_tal"
        self._question("que_tal").write({"code": "que_tal"})

    def test_copied(self):
        """A copied survey keeps its codes, so that years can be compared; a copied question gets its own."""
        copy = self.survey.copy()
        self.assertEqual(copy.question_ids.mapped("code"), self.survey.question_ids.mapped("code"))
        self.assertEqual(
            copy.question_ids.suggested_answer_ids.mapped("code"),
            self.survey.question_ids.suggested_answer_ids.mapped("code"),
        )
        question = self._question("que_usa").copy()
        self.assertEqual(question.code, "que_usa_2")
        self.assertEqual(question.suggested_answer_ids.mapped("code"), ["guantes", "cascos", "botas"])
        answer = question.suggested_answer_ids[0].copy()
        self.assertEqual(answer.code, "guantes_2")

    def test_from_before(self):
        """What was there before the installation gets its codes in four queries."""
        questions, answers = self.survey.question_ids, self.survey.question_ids.suggested_answer_ids
        rows = self.survey.question_ids.matrix_row_ids
        expected = questions.mapped("code"), answers.mapped("code"), rows.mapped("code")
        self.env.flush_all()
        self.env.cr.execute("UPDATE survey_question SET code = NULL WHERE survey_id = %s", [self.survey.id])
        self.env.cr.execute(
            "UPDATE survey_question_answer SET code = NULL WHERE COALESCE(question_id, matrix_question_id) = ANY(%s)",
            [questions.ids],
        )
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            self.env["survey.question"]._customer_fill_codes()
            self.env["survey.question.answer"]._customer_fill_codes()
        self.assertEqual((questions.mapped("code"), answers.mapped("code"), rows.mapped("code")), expected)
        self._question("nota").code = "grade"
        self.env["survey.question"]._customer_fill_codes()
        self.assertTrue(self._question("grade"), "what has a code keeps it")

    def test_cost(self):
        """Making twenty questions costs one query more than without codes."""
        survey = self.env["survey.survey"].with_user(self.user_survey).create({"title": "Larga"})

        def cost(count):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["survey.question"].with_user(self.user_survey).create(
                [{"survey_id": survey.id, "title": f"Pregunta {number}"} for number in range(count)]
            )
            return self.env.cr.sql_log_count - before

        cost(1)
        self.assertLessEqual(cost(20), cost(1) + 2)
