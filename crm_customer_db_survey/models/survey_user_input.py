from collections import namedtuple

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .survey_question_writes_to import FIRM_FIELDS, PERSON_FIELDS

# A field an answer could not be copied into, and why in a sentence.
Refusal = namedtuple("Refusal", "line reason")


class SurveyUserInput(models.Model):
    """A questionnaire that somebody has filled in.

    When it is finished, answers are copied into the respondent's customer file: with one
    write, in the name of the system, because a respondent has no rights at all. The last
    word counts: an answer replaces what stood there before, unless the customer has said
    something else in a later survey, or somebody has confirmed the profile after the
    answer was given (answers may be entered or imported late). What was replaced is kept
    in the contact's history, readable by those who may read the field. An answer that
    can't be copied stays an answer, and a note on the questionnaire says why.
    """

    _name = "survey.user_input"
    _inherit = ["survey.user_input", "crm.customer.feed.source"]

    @api.model_create_multi
    def create(self, vals_list):
        inputs = super().create(vals_list)
        inputs.filtered(lambda user_input: user_input.state == "done")._customer_fill_in()
        return inputs

    def write(self, vals):
        finishing = self.filtered(lambda user_input: user_input.state != "done") if "state" in vals else self.browse()
        res = super().write(vals)
        finishing.filtered(lambda user_input: user_input.state == "done")._customer_fill_in()
        return res

    def _customer_fill_in(self):
        """Copy answers into fields of the customer file."""
        for user_input in self.sudo():
            lines = user_input._customer_lines()
            if lines and not user_input.partner_id._customer_is_ours():
                user_input._customer_fill_in_lines(lines)

    def _customer_lines(self):
        """Answers that fill in something, in the order of the questions."""
        self.ensure_one()
        if self.test_entry or not self.partner_id:
            return self.user_input_line_ids.browse()
        return self.user_input_line_ids.filtered(
            lambda line: (
                line.question_id.customer_writes_to
                and not line.skipped
                # a comment beside the choices says something else
                and (line.answer_type == "suggestion") == (line.question_id.question_type == "simple_choice")
            )
        ).sorted(lambda line: (line.question_sequence, line.id))

    def _customer_fill_in_lines(self, lines):
        partner = self.partner_id
        later = self._customer_said_later(set(lines.question_id.mapped("customer_writes_to")))
        vals, refusals, of_field = {}, [], {}
        for line in lines:
            name = line.question_id.customer_writes_to
            value, reason = self._customer_value_of(line, name in later)
            if reason:
                refusals.append(Refusal(line, reason))
            else:
                vals[name], of_field[name] = value, line
        changes = {name: value for name, value in vals.items() if not self._customer_same(partner, name, value)}
        before = {name: partner[name] for name in changes}
        refused = self._customer_write(partner, changes)
        refusals += [Refusal(of_field[name], reason) for name, reason in refused.items()]
        self._customer_note_changes(partner, {name: before[name] for name in changes if name not in refused})
        self._customer_note_refusals(refusals)

    def _customer_value_of(self, line, is_late):
        """What a line fills in.

        :return: (value, reason why it can't be copied or None)
        """
        question = line.question_id
        field = question._customer_field()
        if is_late:
            return None, self.env._("a later answer, or the confirmed profile, says more")
        if not self._customer_fits(question.customer_writes_to):
            return None, self.env._("the contact is not of the kind that has this field")
        value = question._customer_value(
            code=(line.suggested_answer_id.code or "") if line.answer_type == "suggestion" else None,
            number={"numerical_box": line.value_numerical_box, "scale": line.value_scale}.get(line.answer_type),
            date=line.value_date,
        )
        if value is None:
            return None, self.env._(
                "it must be %s",
                question._customer_codes_in_words(field) if field.type != "date" else self.env._("a date"),
            )
        return value, None

    def _customer_fits(self, name):
        """Whether the respondent is of the kind of customer that has a field."""
        kind = self.partner_id.customer_kind
        return not (
            (kind == "company" and name in PERSON_FIELDS) or (kind in ("consumer", "contact") and name in FIRM_FIELDS)
        )

    @api.model
    def _customer_same(self, partner, name, value):
        field = partner._fields[name]
        return field.convert_to_write(partner[name], partner) == field.convert_to_write(
            field.convert_to_record(field.convert_to_cache(value, partner), partner), partner
        )

    def _customer_said_later(self, names):
        """Fields of which something is known that is newer than these answers.

        :param names: set of names of fields
        :return: set of names of fields
        """
        moment = self.end_datetime
        if not moment:
            return set()
        confirmed = self.partner_id.customer_profile_confirmed_on
        if confirmed and confirmed > moment.date():
            return names
        self.env["survey.user_input.line"].flush_model()
        self.flush_model(["partner_id", "state", "test_entry", "end_datetime"])
        self.env["survey.question"].flush_model(["customer_writes_to"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT question.customer_writes_to
                  FROM survey_user_input other
                  JOIN survey_user_input_line line ON line.user_input_id = other.id
                  JOIN survey_question question ON question.id = line.question_id
                 WHERE other.partner_id = %s AND other.state = 'done' AND other.test_entry IS NOT TRUE
                   AND other.end_datetime > %s AND line.skipped IS NOT TRUE
                   AND question.customer_writes_to = ANY(%s)
                """,
                self.partner_id.id,
                moment,
                list(names),
            )
        )
        return {name for (name,) in rows}

    def _customer_write(self, partner, changes):
        """Write what was answered, all at once; one by one where that is refused.

        :return: dict of name of the field and the sentence with which it was refused
        """
        if not changes:
            return {}
        try:
            with self.env.cr.savepoint():
                partner.write(changes)
        except UserError as error:
            if len(changes) == 1:
                return dict.fromkeys(changes, error.args[0])
            refused = {}
            for name, value in changes.items():
                refused.update(self._customer_write(partner, {name: value}))
            return refused
        return {}

    # ---------------------------------------------------------------------- notes

    def _customer_note_changes(self, partner, before):
        """Keep in the contact's history what was filled in and what stood there.

        Odoo shows each of the values to those only who may read its field.
        """
        if not before:
            return
        info = partner.fields_get(list(before))
        Tracking = self.env["mail.tracking.value"]
        partner._message_log(
            body=self.env._("Filled in by an answer to the survey “%s”.", self.survey_id.title),
            author_id=self.env.ref("base.partner_root").id,
            tracking_value_ids=[
                (0, 0, Tracking._create_tracking_values(value, partner[name], name, info[name], partner))
                for name, value in before.items()
            ],
        )

    def _customer_note_refusals(self, refusals):
        """Say on the questionnaire what could not be copied, and why."""
        if not refusals:
            return
        self._message_log(
            body=Markup("<p>%s</p><ul>%s</ul>")
            % (
                self.env._("Not copied into the customer file:"),
                Markup().join(
                    Markup("<li>%s</li>")
                    % self.env._(
                        "“%(answer)s” into “%(field)s”: %(reason)s",
                        answer=refusal.line.display_name,
                        field=refusal.line.question_id._customer_field()._description_string(self.env),
                        reason=refusal.reason,
                    )
                    for refusal in refusals
                ),
            ),
            author_id=self.env.ref("base.partner_root").id,
        )
