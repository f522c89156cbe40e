from odoo import fields, models


class SurveySurvey(models.Model):
    """The survey's title, its responsible and what it is about stand on every answer."""

    _name = "survey.survey"
    _inherit = ["survey.survey", "crm.customer.feed.source"]

    customer_personal = fields.Boolean(
        string="Answers are personal data",
        default=True,
        help="In the customer file, only those who may see personal data read the answers. Untick it for surveys "
        "that ask nothing about the person, such as how content a customer is.",
    )
