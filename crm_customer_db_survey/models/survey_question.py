from odoo import models
from odoo.tools import SQL


class SurveyQuestion(models.Model):
    _name = "survey.question"
    _inherit = ["survey.question", "crm.customer.survey.code", "crm.customer.feed.source"]

    _code_text = "title"
    _code_scopes = ("survey_id",)
    _code_fallback = "q"

    _code_uniq = models.UniqueIndex(
        "(survey_id, code) WHERE code IS NOT NULL", "Two questions of a survey can't have the same code."
    )

    def _code_triggers(self):
        return super()._code_triggers() | {"is_page"}

    def _code_wanted(self):
        return not self.is_page

    def _code_wanted_for(self, vals):
        return not vals.get("is_page", self.env.context.get("default_is_page"))

    def _code_wanted_sql(self):
        return SQL("is_page IS NOT TRUE")
