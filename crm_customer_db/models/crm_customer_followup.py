from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError


class CrmCustomerFollowup(models.AbstractModel):
    """What somebody has to do something about by a day: a request, a complaint.

    As long as it waits it has a responsible, a deadline and one activity of the
    responsible on that day. The activity follows both, and is done when it no longer
    waits. Entries of an app take part through ``_fact_open_followup``: most of them are
    written by SQL, and their work is planned in the app.

    *Rights.* Whoever may enter one of these may also answer, close and solve those he
    can read, those of an app included, by the methods for that: a request that came by
    mail is nobody's to rewrite and everybody's to answer.
    """

    _name = "crm.customer.followup"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Customer Follow-up"
    # Who reads a request may comment on it and plan an activity.
    _mail_post_access = "read"

    # XML id of the type of its activities.
    _followup_activity = None

    # ------------------------------------------------------------------ contract

    def _followup_waits(self):
        """Those of these records that wait for somebody to do something."""
        raise NotImplementedError(self._name)

    @api.model
    def _followup_days(self, company):
        """Days within which it is to be done, from the company's settings.

        :param company: ``res.company`` record
        """
        raise NotImplementedError(self._name)

    # ------------------------------------------------------- responsible, deadline

    @api.model
    def _followup_complete(self, vals, day):
        """Responsible and deadline of something that begins to wait.

        :param vals: values with ``partner_id`` and ``company_id``
        :param day: date from which the days are counted
        :return: dict of what is missing in ``vals``
        """
        found = {}
        if not vals.get("user_id"):
            partner = self.env["res.partner"].sudo().browse(vals.get("partner_id"))
            salesperson = partner.user_id or partner.commercial_partner_id.user_id
            responsible = (salesperson | self.env.user).filtered(lambda user: user._is_internal() and user.active)
            found["user_id"] = responsible[:1].id
        if not vals.get("deadline") and day:
            company = self.env["res.company"].sudo().browse(vals.get("company_id"))
            found["deadline"] = day + timedelta(days=self._followup_days(company))
        return found

    def _followup_missing(self):
        """``_followup_complete`` of one record as it stands."""
        self.ensure_one()
        record = self.sudo()
        vals = {name: record[name].id for name in ("partner_id", "company_id", "user_id")}
        return self._followup_complete({**vals, "deadline": record.deadline}, record.day)

    def _fact_open_followup(self):
        """Give what waits among these its responsible, deadline and activity.

        For code that has made requests or complaints by SQL, or turned something else
        into one. May be called again: what is there already stays.
        """
        for record in self._followup_waits():
            missing = record._followup_missing()
            if missing:
                record.sudo().write(missing)
        self._followup_refresh()

    # ---------------------------------------------------------------- activities

    def _followup_refresh(self, feedback=None):
        """Let the activities be those of what waits now.

        :param feedback: str to leave with activities that are done by this
        """
        if not self.ids or self.env.context.get("mail_activity_automation_skip"):
            return
        Activity = self.env["mail.activity"].sudo()
        kind = self.env.ref(self._followup_activity, raise_if_not_found=False)
        if not kind:
            return  # somebody has deleted the type: then no activities are wanted
        present = Activity.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("activity_type_id", "=", kind.id)]
        ).grouped("res_id")
        waits = self.sudo()._followup_waits()
        new, moved, done = [], defaultdict(list), Activity
        for record in self.sudo():
            activities = present.get(record.id, Activity)
            if record not in waits:
                done |= activities
            elif record.user_id and record.deadline:
                wanted = (record.user_id.id, record.deadline)
                moved[wanted] += activities.filtered(lambda a, w=wanted: (a.user_id.id, a.date_deadline) != w).ids
                if not activities:
                    new.append(record._followup_activity_values(kind))
        Activity.create(new)
        for (user_id, deadline), ids in moved.items():
            if ids:
                Activity.browse(ids).write({"user_id": user_id, "date_deadline": deadline})
        if done:
            done.action_feedback(feedback=feedback)

    def _followup_activity_values(self, kind):
        self.ensure_one()
        return {
            "activity_type_id": kind.id,
            "automated": True,
            "summary": self.commercial_partner_id.display_name,
            "date_deadline": self.deadline,
            "user_id": self.user_id.id,
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
        }

    @api.autovacuum
    def _gc_followup_activities(self):
        """Activities of entries that were taken away by SQL, past the ORM's own clean-up."""
        if self._abstract:
            return
        Activity = self.env["mail.activity"].sudo().with_context(active_test=False)
        activities = Activity.search([("res_model", "=", self._name)])
        there = set(self.sudo().browse(activities.mapped("res_id")).exists().ids)
        activities.filtered(lambda activity: activity.res_id not in there).unlink()

    # ------------------------------------------------------------------- actions

    def _followup_check_rights(self):
        """Refuse whoever may not enter such things himself, or not see these.

        :raise AccessError: then
        """
        self.browse().check_access("create")
        self.check_access("read")

    def _followup_of_state(self, *states):
        """Those of these that an action is for.

        :raise UserError: when there is none
        """
        found = self.filtered(lambda record: record.state in states)
        if not found:
            raise UserError(self.env._("This has been done already. Reload the page to see how it stands."))
        return found
