from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .crm_customer_fact import FIRST_DATE

# What Odoo has an activity for: kind and category of the activity type.
BY_ACTIVITY = {"call": "phonecall", "visit": "visit"}


class ResPartner(models.Model):
    """Entering what has just happened with a customer: a call, a visit, a letter, a complaint."""

    _inherit = "res.partner"

    def _customer_log(self, kind, direction="out", summary=None, date=None, user=None):
        """Note what happened with this contact, as one row of the history.

        A call or a visit is Odoo's own activity that is done, so it is in the chatter as
        well, and the same row as if it had been planned and marked as done there. A
        complaint is an incident; everything else is an interaction.

        :param kind: a kind of interaction, or ``complaint``
        :param direction: ``in`` from the customer or ``out`` to the customer
        :param summary: what it was about
        :param date: datetime (UTC), by default now
        :param user: ``res.users`` who did it, by default the user
        :return: the new record of ``crm.customer.interaction`` or ``crm.customer.fulfilment``
        :raise AccessError: when the user may not enter such a thing for this customer
        :raise ValidationError: for a date that can't be
        """
        self.ensure_one()
        self.check_access("read")
        user = user or self.env.user
        if kind in BY_ACTIVITY:
            return self._customer_log_activity(kind, direction, summary, date, user)
        vals = {
            "kind": kind,
            "partner_id": self.id,
            "company_id": self.env.company.id,
            "subject": summary or False,
            "user_id": user.id,
        }
        if date:
            vals["date"] = date
        if kind == "complaint":
            return self.env["crm.customer.fulfilment"].create(vals)
        return self.env["crm.customer.interaction"].create({**vals, "direction": direction})

    def _customer_log_activity(self, kind, direction, summary, date, user):
        Interaction = self.env["crm.customer.interaction"]
        Interaction.check_access("create")
        moment = self._customer_log_moment(date)
        # In sudo, because Odoo lets only those plan activities who may edit the contact;
        # a notification to whoever did it himself would be noise.
        Activity = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        activity = Activity.create(
            {
                "activity_type_id": self._customer_log_type(kind).id,
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "summary": summary or False,
                "user_id": user.id,
                "date_deadline": moment.date(),
                "customer_done_on": moment,
                "customer_direction": direction,
                "customer_company_id": self.env.company.id,
            }
        )
        activity.action_feedback()
        logged = Interaction.search([("source_model", "=", "mail.activity"), ("source_id", "=", activity.id)], limit=1)
        if not logged:
            raise AccessError(self.env._("You may not enter anything for “%s”.", self.display_name))
        return logged

    def _customer_log_moment(self, date):
        """Like other entries, this lies between 1900 and now."""
        Fact = self.env["crm.customer.interaction"]
        moment = Fact._fact_moment(date) or fields.Datetime.now()
        if not FIRST_DATE <= moment <= Fact._fact_last_date():
            raise ValidationError(
                self.env._("%s can't be the date of something that has happened.", fields.Date.to_string(moment.date()))
            )
        return moment

    def _customer_log_type(self, kind):
        """The activity type of calls or visits: Odoo's, ours, or another one of that category."""
        xmlid = {"call": "mail.mail_activity_data_call", "visit": "crm_customer_db.mail_activity_type_visit"}[kind]
        found = self.env.ref(xmlid, raise_if_not_found=False)
        category = BY_ACTIVITY[kind]
        if found and found.active and found.category == category and found.res_model in (False, self._name):
            return found
        others = [("category", "=", category), ("res_model", "in", (False, self._name))]
        found = self.env["mail.activity.type"].search(others, limit=1)
        if not found:
            kinds = dict(self.env["crm.customer.interaction"]._fields["kind"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "There is no activity type for “%s” any more. Add one in the settings of activities.", kinds[kind]
                )
            )
        return found
