from odoo import api, fields, models


class CrmCustomerSurveyAnswer(models.Model):
    """One coded answer of a customer to one question of a survey.

    What was asked about the person (``is_personal``) is read only by those who have the
    right to personal data.

    *Rights.* Everybody of the customer file reads; data entry and the manager enter.
    """

    _name = "crm.customer.survey.answer"
    _inherit = "crm.customer.fact"
    _description = "Survey answer"
    _rec_names_search = ["survey", "question_code", "partner_id"]

    _fact_kind = 6

    survey = fields.Char(required=True, index=True)
    question_code = fields.Char(string="Question", required=True, help="Code of the question, unique in its survey.")
    answer_code = fields.Char(string="Answer", help="Code of the answer, where there was a choice.")
    value = fields.Float(aggregator="avg", digits=(16, 4), help="The answer where it is a number or a mark.")
    text = fields.Text(help="The answer in the customer's own words.")
    is_personal = fields.Boolean(
        string="Personal",
        help="Says something about the person: read only by those who may see personal data.",
    )
    # One answer stands for a questionnaire that was filled in as a whole; the feed says
    # which. What was typed in or imported stands for itself.
    is_head = fields.Boolean(string="First of its answers", required=True, default=True, readonly=True, copy=False)

    # The timeline of one customer: one event per questionnaire.
    _head_idx = models.Index("(commercial_partner_id, date DESC, id DESC) WHERE is_head")

    _id_kind = models.Constraint("CHECK (mod(id, 8) = 6)", "The number of an answer must be one of its kind.")
    _finite = models.Constraint(
        "CHECK (value > -1e15 AND value < 1e15)",
        "Values must be numbers below 1,000,000,000,000,000.",
    )

    @api.model
    def _fact_machine_columns(self):
        return super()._fact_machine_columns() | {"is_head"}

    @api.depends("survey", "question_code", "answer_code")
    def _compute_display_name(self):
        for answer in self:
            words = (answer.survey, answer.question_code, answer.answer_code)
            answer.display_name = " · ".join(word for word in words if word) or self.env._("New answer")

    @api.model
    def _fact_rule_columns(self):
        return super()._fact_rule_columns() | {"is_personal"}

    @api.model
    def _fact_count_words(self, count, kind=None):
        return self.env._("%s survey answers", count) if count > 1 else self.env._("1 survey answer")
