from odoo import api, models

from ..tools.codes import propose


class SurveyQuestionAnswer(models.Model):
    """Choices, and the columns and rows of a matrix."""

    _name = "survey.question.answer"
    _inherit = ["survey.question.answer", "crm.customer.survey.code", "crm.customer.feed.source"]

    _code_text = "value"
    _code_scopes = ("question_id", "matrix_question_id")
    _code_fallback = "a"

    _code_uniq = models.UniqueIndex(
        "(question_id, code) WHERE code IS NOT NULL", "Two answers of a question can't have the same code."
    )
    _code_row_uniq = models.UniqueIndex(
        "(matrix_question_id, code) WHERE code IS NOT NULL", "Two rows of a question can't have the same code."
    )

    @api.model
    def _code_proposal(self, vals, taken):
        """Extended: what fills in a field takes the field's value that has the same name."""
        question = self.env["survey.question"].browse(
            vals.get("question_id") or self.env.context.get("default_question_id")
        )
        value = question._customer_value_named(vals.get("value")) if question else None
        if value and value not in taken:
            return value
        return propose(vals.get("value"), taken, self._code_fallback)

    @api.constrains("code", "question_id")
    def _check_customer_writes_to(self):
        self.question_id._check_customer_writes_to()
