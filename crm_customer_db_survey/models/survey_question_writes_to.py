from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from odoo.addons.crm_customer_db.models.res_partner_person import PERSONAL

from ..tools.codes import slug

# What customers may say about themselves. Never what we say about them: credit level,
# priority, origin…
PERSON_FIELDS = (
    "gender",
    "birthdate_date",
    "customer_age_band",
    "customer_education",
    "customer_marital_status",
    "customer_children",
    "customer_income_level",
    "customer_home_tenure",
    "customer_residence_since",
    "customer_employment",
    "customer_profession_id",
)
FIRM_FIELDS = (
    "customer_headcount",
    "customer_headcount_band",
    "customer_site",
    "customer_buying_organisation",
    "customer_nace_id",
)
# Type of the field → types of questions that can fill it in.
QUESTION_TYPES = {
    "selection": ("simple_choice",),
    "many2one": ("simple_choice",),
    "boolean": ("simple_choice",),
    "integer": ("numerical_box", "scale", "simple_choice"),
    "float": ("numerical_box", "scale", "simple_choice"),
    "date": ("date",),
}
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
MAX_INTEGER = 2**31 - 1


class SurveyQuestion(models.Model):
    """An answer that fills in a field of the customer file."""

    _inherit = "survey.question"

    customer_writes_to = fields.Selection(
        selection="_selection_customer_writes_to",
        string="Fills in",
        help="The answer is copied into this field of the respondent's customer file when the survey is finished, "
        "over what stood there before. Never for our own people.",
    )

    @api.model
    def _customer_fields(self):
        """Fields of a contact that an answer may fill in.

        :return: dict of name and field, in the order in which they are offered
        """
        known = self.env["res.partner"]._fields
        return {
            name: known[name]
            for name in (*PERSON_FIELDS, *FIRM_FIELDS)
            if name in known and known[name].type in QUESTION_TYPES
        }

    @api.model
    def _selection_customer_writes_to(self):
        return [(name, field._description_string(self.env)) for name, field in self._customer_fields().items()]

    @api.model
    def _customer_personal_fields(self):
        """Names of those fields that are personal data."""
        return [name for name, field in self._customer_fields().items() if field.groups == PERSONAL]

    def _customer_field(self):
        """The field that the answers fill in, or None."""
        return self._customer_fields().get(self.customer_writes_to)

    # --------------------------------------------------------------------- values

    def _customer_value(self, code=None, number=None, date=None):
        """The value of the field for an answer.

        :param code: code of a chosen answer
        :param number: float
        :param date: date
        :return: value for ``write``; None where the answer can't be one
        """
        field = self._customer_field()
        if field.type == "date":
            return date or None
        if field.type in ("integer", "float"):
            return self._customer_number(field, code, number)
        if field.type == "boolean":
            return {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}.get((code or "").lower())
        if field.type == "selection":
            return code if code in field.get_values(self.env) else None
        return self._customer_entry(field, code).id or None

    def _customer_number(self, field, code, number):
        if code is not None:
            try:
                number = float(code)
            except ValueError:
                return None
        if number is None or not -MAX_INTEGER <= number <= MAX_INTEGER:
            return None
        if field.type == "float":
            return number
        return int(number) if number == int(number) else None

    def _customer_entry(self, field, code):
        """The entry of a catalogue with a code; empty if there is none, or more than one."""
        entries = self.env[field.comodel_name].sudo()
        entries = entries.search(Domain("code", "=", code) & Domain("code", "!=", False), limit=2)
        return entries if len(entries) == 1 else entries.browse()

    def _customer_value_named(self, text):
        """The value of a selection field that goes by a name, in whatever language.

        :param text: str or False
        :return: str or None
        """
        field = self._customer_field()
        if field is None or field.type != "selection" or not text:
            return None
        for lang, _name in self.env["res.lang"].get_installed():
            for value, label in field._description_selection(self.with_context(lang=lang).env):
                if slug(label) == slug(text):
                    return value
        return None

    @api.onchange("customer_writes_to")
    def _onchange_customer_writes_to(self):
        """Give answers that go by the name of a value its code."""
        for answer in self.suggested_answer_ids if self.customer_writes_to else ():
            value = self._customer_value_named(answer.value)
            if value:
                answer.code = value

    # --------------------------------------------------------------------- checks

    @api.constrains("customer_writes_to", "question_type", "suggested_answer_ids", "is_page")
    def _check_customer_writes_to(self):
        """Refuse a question whose answers could not be copied.

        :raise ValidationError: with a sentence that says what to change
        """
        for question in self:
            field = question._customer_field()
            if field is None:
                continue
            label = field._description_string(self.env)
            if question.question_type not in QUESTION_TYPES[field.type]:
                kinds = dict(question._fields["question_type"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "“%(question)s” can't fill in “%(field)s”: that takes a question of the type %(types)s.",
                        question=question.title,
                        field=label,
                        types=", ".join(f"“{kinds[kind]}”" for kind in QUESTION_TYPES[field.type]),
                    )
                )
            wrong = question.suggested_answer_ids.filtered(
                lambda answer, question=question: question._customer_value(code=answer.code or "") is None
            )
            if wrong and question.question_type == "simple_choice":
                raise ValidationError(
                    self.env._(
                        "“%(question)s” can't fill in “%(field)s”: the code of “%(answer)s” is %(code)s, and it must be %(codes)s.",
                        question=question.title,
                        field=label,
                        answer=wrong[0].value_label,
                        code=wrong[0].code,
                        codes=question._customer_codes_in_words(field),
                    )
                )

    def _customer_codes_in_words(self, field):
        """Which codes answers may have that fill in a field."""
        if field.type == "selection":
            return self.env._("one of %s", ", ".join(field.get_values(self.env)))
        if field.type == "boolean":
            return self.env._("one of %s", ", ".join(YES[:1] + NO[:1]))
        if field.type == "many2one":
            return self.env._("a code of the list “%s”", self.env["ir.model"].sudo()._get(field.comodel_name).name)
        return self.env._("a whole number") if field.type == "integer" else self.env._("a number")

    # --------------------------------------------------------------------- rights

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_may_fill_in(vals.get("customer_writes_to"))
        return super().create(vals_list)

    def write(self, vals):
        name = vals.get("customer_writes_to")
        if name and any(question.customer_writes_to != name for question in self):
            self._check_may_fill_in(name)
        return super().write(vals)

    def copy_data(self, default=None):
        """Extended: who may not fill in a field himself copies the question without that."""
        return [
            {
                **vals,
                "customer_writes_to": self._may_fill_in(vals.get("customer_writes_to")) and vals["customer_writes_to"],
            }
            for vals in super().copy_data(default)
        ]

    @api.model
    def _may_fill_in(self, name):
        """Whether the user may fill in a field of contacts himself.

        :param name: name of the field, or a false value for none
        """
        if not name or self.env.su:
            return True
        Partner = self.env["res.partner"]
        field = Partner._fields.get(name)
        return field is None or (Partner.has_access("write") and Partner._has_field_access(field, "write"))

    @api.model
    def _check_may_fill_in(self, name):
        """A survey fills in with everybody's hands what its author may fill in.

        :raise AccessError: when the user may not
        """
        if not self._may_fill_in(name):
            raise AccessError(
                self.env._(
                    "You can't let a survey fill in “%s” of contacts, because you may not do it yourself.",
                    self.env["res.partner"]._fields[name]._description_string(self.env),
                )
            )
