# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon


class SurveyFeedCommon(CustomerDbCommon):
    """A survey with a question of each type, and somebody who writes surveys and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_survey = cls._survey_user("cdb_survey", "survey.group_survey_user")
        # may fill in a contact's personal data as well
        cls.user_survey_personal = cls._survey_user(
            "cdb_survey_personal",
            "survey.group_survey_manager,base.group_partner_manager,"
            "crm_customer_db.group_customer_user,crm_customer_db.group_personal_data",
        )
        cls.person = cls._person(email="ana@example.com")
        cls.survey = cls._survey(cls.user_survey)
        cls.Answer = cls.env["crm.customer.survey.answer"]
        cls.feed = cls.env["crm.customer.feed.survey.answer"].sudo()

    @classmethod
    def _survey_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"base.group_user,{groups}",
            company_id=cls.company_a.id,
            company_ids=[Command.set((cls.company_a + cls.company_b).ids)],
            tz="Europe/Madrid",
        )

    @classmethod
    def _survey(cls, user, **vals):
        """A survey as its author makes it."""
        Survey = cls.env["survey.survey"].with_user(user)
        survey = Survey.create({"title": "Satisfacción 2026", "access_mode": "public", **vals})
        for position, (title, kind, more) in enumerate(cls._questions()):
            cls._ask(survey, title, kind, sequence=position, **more)
        return survey

    @classmethod
    def _questions(cls):
        return [
            ("¿Qué tal?", "simple_choice", {"answers": ["Bien", "Mal"], "comments_allowed": True}),
            ("¿Qué usa?", "multiple_choice", {"answers": ["Guantes", "Cascos", "Botas"]}),
            ("Empleados", "numerical_box", {}),
            ("Nota", "scale", {}),
            ("Su opinión", "text_box", {}),
            ("Su nombre", "char_box", {}),
            ("Primer pedido", "date", {}),
            ("Próxima visita", "datetime", {}),
            ("Servicios", "matrix", {"answers": ["Bueno", "Malo"], "rows": ["Entrega", "Precio"]}),
        ]

    @classmethod
    def _ask(cls, survey, title, kind, answers=(), rows=(), **vals):
        return survey.env["survey.question"].create(
            {
                "survey_id": survey.id,
                "title": title,
                "question_type": kind,
                "suggested_answer_ids": [cls._choice(answer) for answer in answers],
                "matrix_row_ids": [cls._choice(row) for row in rows],
                **vals,
            }
        )

    @classmethod
    def _choice(cls, answer):
        """A choice by its text, or by its text and code."""
        text, code = answer if isinstance(answer, tuple) else (answer, False)
        return Command.create({"value": text, "code": code})

    def _question(self, code, survey=None):
        question = (survey or self.survey).question_and_page_ids.filtered(lambda question: question.code == code)
        self.assertEqual(len(question), 1, code)
        return question

    def _start(self, survey=None, partner=None, **vals):
        """A questionnaire of a known contact who is not logged in, as Odoo's pages keep it."""
        survey = (survey or self.survey).with_user(self.env.ref("base.public_user")).sudo()
        partner = self.person if partner is None else partner
        return survey._create_answer(partner=partner.sudo(), **vals)

    def _fill(self, user_input, **answers):
        """Answer questions by their codes, with codes of answers or values.

        The answer is a code, a list of codes, a dict of code of a row and codes, or a
        value; a tuple has a comment beside it.
        """
        for code, answer in answers.items():
            question = self._question(code, user_input.survey_id)
            answer, comment = answer if isinstance(answer, tuple) else (answer, None)
            user_input._save_lines(question, self._coded(question, answer), comment)

    def _coded(self, question, answer):
        ids = {choice.code: choice.id for choice in question.suggested_answer_ids}
        if isinstance(answer, dict):
            rows = {row.code: row.id for row in question.matrix_row_ids}
            return {rows[row]: [ids[code] for code in codes] for row, codes in answer.items()}
        if isinstance(answer, list):
            return [ids[code] for code in answer]
        if question.question_type == "simple_choice":
            return ids[answer] if answer else ""
        return answer

    def _answered(self, survey=None, partner=None, **answers):
        """A finished questionnaire."""
        user_input = self._start(survey, partner)
        self._fill(user_input, **answers)
        user_input._mark_done()
        return user_input

    def _rows(self, user_input):
        """Rows of a questionnaire, in the order of its answers."""
        rows = self.Answer.search([("feed", "=", "survey"), ("source_id", "=", user_input.id)])
        return rows.sorted(lambda row: int(row.source_ref.partition(",")[2]))

    def _said(self, user_input):
        return {(row.question_code, row.answer_code or row.text or row.value): row for row in self._rows(user_input)}

    def _state(self):
        return self.env["crm.customer.feed.state"].search([("name", "=", self.feed._name)])

    def _assert_complete(self):
        """No questionnaire differs from its rows."""
        state = self._state().sudo()
        state.state = "done"
        self.assertEqual(state._audit(), {self.feed._name: []})
