from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    """The slot *What is open* of the page, and what can be logged from there."""

    _inherit = "res.partner"

    def _customer_slot_open(self):
        """What waits: requests, complaints, planned activities.

        Packages put their lines before these or after them. Each asks the database as
        little as it can: one query that gives a number and what of it is late.
        """
        lines = [self._customer_open_line(*waiting) for waiting in self._customer_waiting()]
        return lines + self._customer_activity_lines()

    def _customer_open_domains(self):
        """What of our own rows is open with the customer.

        :return: dict of model name and domain
        """
        mine = Domain("commercial_partner_id", "=", self.commercial_partner_id.id) & Domain("state", "=", "open")
        return {
            "crm.customer.interaction": mine & Domain("kind", "=", "request"),
            "crm.customer.fulfilment": mine & Domain("kind", "=", "complaint"),
        }

    def _customer_waiting(self):
        """How many requests and complaints are open, and late.

        :return: list of (model name, number, how many are late), where there are any
        """
        waiting = []
        today = fields.Date.context_today(self)
        for model, domain in self._customer_open_domains().items():
            if not self.env[model].has_access("read"):
                continue
            days = self.env[model]._read_group(domain, ["deadline:day"], ["__count"])
            if days:
                late = sum(count for day, count in days if day and day < today)
                waiting.append((model, sum(count for _day, count in days), late))
        return waiting

    def _customer_open_line(self, model, count, late):
        if model == "crm.customer.interaction":
            text = self.env._("open request") if count == 1 else self.env._("open requests")
            method = "action_customer_open_requests"
        else:
            text = self.env._("open complaint") if count == 1 else self.env._("open complaints")
            method = "action_customer_open_complaints"
        return {
            "value": str(count),
            "text": text,
            "late": self.env._("%s late", late) if late else "",
            "level": "info",
            "method": method,
            "label": self.env._("Show"),
        }

    def action_customer_open_requests(self):
        return self._customer_open_rows("crm.customer.interaction", self.env._("Open requests"))

    def action_customer_open_complaints(self):
        return self._customer_open_rows("crm.customer.fulfilment", self.env._("Open complaints"))

    def _customer_open_rows(self, model, name):
        """The rows that a line of *What is open* counts.

        :param model: name of their model
        :param name: title of the window
        """
        self.ensure_one()
        domain = self._customer_open_domains()[model]
        kind = "complaint" if model == "crm.customer.fulfilment" else "request"
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"default_partner_id": self.id, "default_kind": kind},
        }

    def _customer_activity_lines(self):
        activities = self.activity_ids
        if not activities:
            return []
        late = len(activities.filtered(lambda activity: activity.date_deadline < fields.Date.context_today(self)))
        return [
            {
                "value": str(len(activities)),
                "text": self.env._("planned activity") if len(activities) == 1 else self.env._("planned activities"),
                "late": self.env._("%s late", late) if late else "",
                "level": "info",
                "method": "action_customer_open_activities",
                "label": self.env._("Show"),
            }
        ]

    def _customer_slot_log(self):
        """What can be logged from the page with one line, in the order of the menu.

        :return: list of dicts: ``name`` (the kind that ``customer_log`` takes), ``label``
            in the menu, ``title`` and ``hint`` of the small form, ``done`` (what is said
            afterwards), ``icon``, ``direction`` (in, out, or False where there is only
            one) and ``customer_id``, whose contacts can be chosen
        """
        if not self._customer_may_see_figures() or self._customer_is_ours():
            return []
        kinds = []
        if self.env["crm.customer.interaction"].has_access("create"):
            kinds += [
                {
                    "name": "call",
                    "label": self.env._("Call"),
                    "title": self.env._("Log a call"),
                    "hint": self.env._("What was the call about?"),
                    "done": self.env._("The call is logged."),
                    "icon": "fa-phone",
                    "direction": "out",
                },
                {
                    "name": "visit",
                    "label": self.env._("Visit"),
                    "title": self.env._("Log a visit"),
                    "hint": self.env._("What was the visit about?"),
                    "done": self.env._("The visit is logged."),
                    "icon": "fa-handshake-o",
                    "direction": "out",
                },
                {
                    "name": "letter",
                    "label": self.env._("Letter"),
                    "title": self.env._("Log a letter"),
                    "hint": self.env._("What was the letter about?"),
                    "done": self.env._("The letter is logged."),
                    "icon": "fa-paper-plane-o",
                    "direction": "in",
                },
            ]
        if self.env["crm.customer.fulfilment"].has_access("create"):
            kinds.append(
                {
                    "name": "complaint",
                    "label": self.env._("Complaint"),
                    "title": self.env._("Log a complaint"),
                    "hint": self.env._("What does the customer complain about?"),
                    "done": self.env._("The complaint is logged and waits to be solved."),
                    "icon": "fa-exclamation-triangle",
                    "direction": False,
                }
            )
        customer = {"customer_id": self.commercial_partner_id.id}
        return [kind | customer for kind in kinds]

    def action_customer_open_activities(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("mail.mail_activity_action")
        return dict(
            action,
            domain=[("res_model", "=", self._name), ("res_id", "=", self.id)],
            context={},
        )

    def customer_log(self, kind, direction, summary, date=None, contact_id=None):
        """Note what has just happened with this customer.

        :param kind: ``name`` of one of ``_customer_slot_log``
        :param direction: ``in`` from the customer or ``out`` to the customer
        :param summary: in a few words, what it was about
        :param date: datetime (UTC), by default now
        :param contact_id: the contact of this customer it was done with, by default this one
        :raise AccessError: when the user may not enter such a thing
        :raise UserError: without words, or for somebody else's contact
        """
        self.ensure_one()
        self.check_access("read")
        if kind not in {possible["name"] for possible in self._customer_slot_log()}:
            raise AccessError(self.env._("You may not enter anything for “%s”.", self.display_name))
        if not isinstance(summary, str) or not summary.strip():
            raise UserError(self.env._("Say in a few words what it was about."))
        contact = self.browse(contact_id).exists() if contact_id else self
        contact.check_access("read")
        if contact.commercial_partner_id != self.commercial_partner_id:
            raise UserError(self.env._("“%s” is not one of this customer's contacts.", contact.display_name or ""))
        direction = direction if direction in ("in", "out") else "in"
        contact._customer_log(kind, direction, summary.strip(), date)
        return True
