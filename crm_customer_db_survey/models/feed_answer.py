from odoo import models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

# Surveys of these kinds ask applicants and employees, who are not customers.
NOT_CUSTOMERS = ("recruitment", "appraisal")


class CustomerFeedSurveyAnswer(models.AbstractModel):
    """Every answer of a finished questionnaire of a known contact, in codes.

    ``source_ref`` is ``survey.user_input.line,ID``; the document is the questionnaire.

    Tests, questions that were skipped and answers of our own people are left out. The
    question of a matrix has one code per row, ``question.row``. The company is the
    responsible user's, else the contact's. Personal is what the survey says, and in any
    case what fills in a personal field.
    """

    _name = "crm.customer.feed.survey.answer"
    _inherit = "crm.customer.feed"
    _description = "Survey answers"
    _feed = "survey"
    _fact = "crm.customer.survey.answer"
    _document = "survey.user_input"
    # Odoo lets a contact go whose questionnaires stay.
    _loose = True
    _fact_columns = (
        "partner_id",
        "company_id",
        "date",
        "source_ref",
        "source_id",
        "survey",
        "question_code",
        "answer_code",
        "value",
        "text",
        "is_personal",
        "is_head",
    )
    _watch = {
        "survey.user_input": Watch(
            ("survey_id", "partner_id", "state", "test_entry", "start_datetime", "end_datetime"),
        ),
        "survey.user_input.line": Watch(
            (
                "user_input_id",
                "question_id",
                "skipped",
                "answer_type",
                "value_char_box",
                "value_text_box",
                "value_numerical_box",
                "value_scale",
                "value_date",
                "value_datetime",
                "suggested_answer_id",
                "matrix_row_id",
                "answer_score",
            ),
            path="user_input_id",
        ),
        "survey.survey": Watch(("title", "user_id", "customer_personal", "survey_type", "scoring_type")),
        "survey.question": Watch(("code", "customer_writes_to", "question_type")),
        "survey.question.answer": Watch(("code",)),
    }
    _depends = {"res.users": ["company_id", "partner_id", "share"], "res.partner": ["company_id", "lang"]}

    def _relevant(self, records):
        """Questions are asked long before they are answered."""
        if records._name == "survey.user_input":
            return records.filtered(lambda user_input: user_input.state == "done")
        if records._name == "survey.user_input.line":
            return records.filtered(lambda line: line.user_input_id.state == "done")
        return records.browse()

    def _documents_sql(self, model, ids):
        """Finished questionnaires in which a survey, a question or an answer occurs."""
        if model == "survey.survey":
            condition = SQL("i.survey_id = ANY(%s)", list(ids))
        elif model == "survey.question":
            condition = SQL("l.question_id = ANY(%s)", list(ids))
        elif model == "survey.question.answer":
            condition = SQL(
                "l.question_id IN (SELECT COALESCE(question_id, matrix_question_id) FROM survey_question_answer"
                " WHERE id = ANY(%s))",
                list(ids),
            )
        else:
            condition = SQL("l.id = ANY(%s)", list(ids))
        return SQL(
            "SELECT DISTINCT i.id FROM survey_user_input i JOIN survey_user_input_line l ON l.user_input_id = i.id"
            " WHERE i.state = 'done' AND %s",
            condition,
        )

    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT i.partner_id, company.id AS company_id,
                   COALESCE(i.end_datetime, i.start_datetime, i.create_date) AS date,
                   'survey.user_input.line,' || l.id AS source_ref, i.id AS source_id,
                   COALESCE(survey.title->>language.lang, survey.title->>'en_US') AS survey,
                   concat_ws('.', COALESCE(question.code, 'q' || question.id), matrix_row.code) AS question_code,
                   choice.code AS answer_code,
                   CASE l.answer_type
                        WHEN 'numerical_box' THEN l.value_numerical_box
                        WHEN 'scale' THEN l.value_scale
                        WHEN 'suggestion' THEN CASE
                             WHEN survey.scoring_type <> 'no_scoring' AND question.question_type <> 'matrix'
                             THEN l.answer_score END
                   END AS value,
                   CASE l.answer_type
                        WHEN 'char_box' THEN l.value_char_box
                        WHEN 'text_box' THEN l.value_text_box
                        WHEN 'date' THEN l.value_date::text
                        WHEN 'datetime' THEN to_char(
                             l.value_datetime AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(company.customer_tz, 'UTC'),
                             'YYYY-MM-DD HH24:MI')
                   END AS text,
                   personal.yes AS is_personal,
                   -- one answer stands for all, and one that everybody may see if there is any
                   row_number() OVER (PARTITION BY i.id ORDER BY personal.yes, l.id) = 1 AS is_head
              FROM survey_user_input i
              JOIN survey_survey survey ON survey.id = i.survey_id
              JOIN survey_user_input_line l ON l.user_input_id = i.id
              JOIN survey_question question ON question.id = l.question_id
              JOIN res_partner respondent ON respondent.id = i.partner_id
              LEFT JOIN survey_question_answer choice ON choice.id = l.suggested_answer_id
              LEFT JOIN survey_question_answer matrix_row ON matrix_row.id = l.matrix_row_id
              LEFT JOIN res_users responsible ON responsible.id = survey.user_id
              JOIN res_company company
                   ON company.id = COALESCE(responsible.company_id, respondent.company_id, %(company)s)
              JOIN res_partner language ON language.id = company.partner_id
             CROSS JOIN LATERAL (
                   SELECT survey.customer_personal IS NOT FALSE
                          OR COALESCE(question.customer_writes_to = ANY(%(personal)s), FALSE)
                   ) personal (yes)
             WHERE i.state = 'done' AND i.test_entry IS NOT TRUE
               AND l.skipped IS NOT TRUE
               AND (l.answer_type <> 'suggestion' OR choice.id IS NOT NULL)
               AND survey.survey_type <> ALL(%(not_customers)s)
               AND %(customer)s
               AND %(excluded)s
               AND %(only)s
            """,
            company=self._fallback_company_sql(),
            personal=self.env["survey.question"]._customer_personal_fields(),
            not_customers=list(NOT_CUSTOMERS),
            customer=self._is_customer("respondent"),
            excluded=self._not_excluded(),
            only=self._only("i.id", ids),
        )
