from odoo import models
from odoo.tools import format_date

from ..tools.quality_sql import KEY_CONTACT, columns_of


class ResPartner(models.Model):
    """The one question worth asking next, in the slot *Next step* of the page."""

    _inherit = "res.partner"

    def _customer_slot_next_step(self):
        """Extended: the heaviest thing that is missing of the profile, as a question."""
        return [*super()._customer_slot_next_step(), *self._customer_next_question()]

    def _customer_next_question(self):
        """The question whose answer the profile lacks most, or whether it is all still so.

        Nobody is asked what he may not enter, and nobody of whom there is no file.

        :return: list of one line of a slot, or of none
        """
        self.ensure_one()
        if not self.has_access("write") or not self.commercial_partner_id.customer_in_file:
            return []
        rule = self._customer_next_rule()
        if not rule:
            return self._customer_confirmation_question()
        line = {"text": rule.question, "icon": "fa-question-circle-o", "level": "info"}
        if rule.field_name == KEY_CONTACT:
            return [{**line, "method": "action_customer_new_key_contact", "label": self.env._("New contact")}]
        return [
            {
                **line,
                "field": rule.field_name,
                "method": "action_customer_open_contact",
                "label": self.env._("Enter it"),
            }
        ]

    def _customer_next_rule(self):
        """The heaviest rule with a question whose answer is missing and may be entered by the user."""
        rules = self.env["crm.customer.quality.rule"].sudo()
        company = self.env.company
        questions = {
            rule.field_name: rule
            for rule in rules.browse(id_ for _name, _weight, id_ in rules._counting(company.id, self.customer_kind))
            if rule.question
        }
        missing = self._customer_missing(company)[self.id] if questions else {}
        # with the user's language and not with his rights: what he may ask was looked at
        return next((questions[name] for name in missing if name in questions and self._customer_may_enter(name)), None)

    def _customer_may_enter(self, name):
        """Whether the user may fill in a part of the profile."""
        if name == KEY_CONTACT:
            return self.env["res.partner"].has_access("create")
        return all(self._has_field_access(self._fields[column], "write") for column in columns_of(name))

    def _customer_confirmation_question(self):
        """Whether a profile that lacks nothing is still right, after a long time."""
        if not self.customer_profile_is_stale:
            return []
        confirmed = self.customer_profile_confirmed_on
        return [
            {
                "text": self.env._("Last confirmed on %s: is it all still so?", format_date(self.env, confirmed))
                if confirmed
                else self.env._("The profile was never confirmed: is it all so?"),
                "icon": "fa-question-circle-o",
                "level": "info",
                "method": "action_customer_confirm_profile",
                "label": self.env._("Confirm the profile"),
            }
        ]

    def action_customer_new_key_contact(self):
        """Enter who decides at this customer."""
        self.ensure_one()
        self.check_access("read")
        form = self.env.ref("crm_customer_db.res_partner_view_form_customer")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New contact"),
            "res_model": self._name,
            "views": [(form.id, "form")],
            "target": "current",
            "context": {
                "default_parent_id": self.commercial_partner_id.id,
                "default_is_company": False,
                "default_customer_is_key_contact": True,
                "default_type": "contact",
            },
        }

    def action_customer_open_contact(self):
        """Open Odoo's own form, for what does not stand on the page."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("base.view_partner_form").id, "form")],
            "target": "current",
        }
