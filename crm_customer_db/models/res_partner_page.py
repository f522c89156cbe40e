from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

# Who has the page.
FILE_GROUPS = "crm_customer_db.group_customer_user,crm_customer_db.group_customer_data_entry"


class ResPartner(models.Model):
    """The page *Customer file*: what it shows beside the fields.

    The fields of the page are read with the form; the slots (alerts, what is open,
    value, credit, next step) in one call when the page is looked at, and the timeline
    (``res_partner_timeline``) after them.
    """

    _inherit = "res.partner"

    def action_customer_open_file(self):
        """Open this contact on its page *Customer file*, from Odoo's own form."""
        self.ensure_one()
        form = self.env.ref("crm_customer_db.res_partner_view_form_customer")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(form.id, "form")],
            "target": "current",
        }

    def action_customer_open_commercial(self):
        """Open the page of the customer that this contact belongs to."""
        return self.commercial_partner_id.action_customer_open_file()

    # === The slots ===

    @api.readonly
    def customer_page_slots(self):
        """What the slots of the page say about one customer.

        A slot is a list of lines; a slot without lines is not shown. A line has
        ``text`` and may have ``level`` (danger, warning, success, info), ``icon`` (Font
        Awesome name), ``value`` (stands out before the text), ``amount`` (after it),
        ``late`` (what of it is late, in red) and ``method`` with ``label``: the public
        method that opens the rows or mends the matter. In *What is open* a line may have
        ``new_method`` with ``new_label``, the button beside it that makes another one; a
        line with nothing but a button stands beside the title.

        Packages add lines by extending ``_customer_slot_<name>``.

        :return: dict slot name → list of lines, in the order of the page
        """
        self.ensure_one()
        if not self.env.user.has_groups(FILE_GROUPS):
            raise AccessError(self.env._("Only users of the customer file can read this page."))
        self.check_access("read")
        customer = self.with_context(active_test=False)
        return {
            "alerts": customer._customer_slot_alerts(),
            "open": customer._customer_slot_open(),
            "value": customer._customer_slot_value(),
            "credit": customer._customer_slot_credit(),
            "next_step": customer._customer_slot_next_step(),
            "contacts": customer._customer_slot_contacts(),
            "log": customer._customer_slot_log(),
        }

    def _customer_may_see_figures(self):
        return self.env.user.has_group("crm_customer_db.group_customer_user")

    def _customer_slot_alerts(self):
        lines = []
        outside = self._customer_outside_reason()
        if outside:
            line = {"text": outside, "level": "info", "icon": "fa-user-o"}
            if self.commercial_partner_id != self:
                line.update(
                    method="action_customer_open_commercial",
                    label=self.env._("Open the customer"),
                )
            elif not self._customer_is_ours() and self.has_access("write"):
                line.update(
                    method="action_customer_add_to_file",
                    label=self.env._("Add to the customer file"),
                )
            lines.append(line)
        refused = self._customer_refusal_words()
        if refused:
            lines.append(
                {
                    "text": refused,
                    "level": "danger",
                    "icon": "fa-ban",
                    "method": "action_customer_consents",
                    "label": self.env._("Consents"),
                }
            )
        returned = self.env["crm.customer.address"].search_count(
            [
                ("partner_id", "=", self.id),
                ("valid_to", "=", False),
                ("returned_mail", "=", True),
            ],
            limit=1,
        )
        if returned:
            lines.append(
                {
                    "text": self.env._("Mail came back from this address."),
                    "level": "warning",
                    "icon": "fa-reply",
                    "method": "action_customer_address_history",
                    "label": self.env._("Address history"),
                }
            )
        twin = self._customer_same_ref()
        if twin:
            lines.append(
                {
                    "text": self.env._(
                        "Customer number %(number)s is also that of %(customer)s.",
                        number=self.ref,
                        customer=twin.display_name,
                    ),
                    "level": "warning",
                    "icon": "fa-clone",
                }
            )
        return lines

    def _customer_slot_value(self):
        """Purchases, a line for each company at hand: currencies are never added up."""
        if not self._customer_may_see_figures():
            return []
        lines = []
        for company, last_day, amount, orders in self._customer_value_figures():
            last = self.env._("last purchase %s", format_date(self.env, last_day))
            if not orders:
                lines.append({"text": f"{company.name}: {last}", "level": "info"})
                continue
            lines.append(
                {
                    "value": format_amount(self.env, amount, company.currency_id),
                    "text": self.env._(
                        "ordered (excl. VAT) in 12 months, %(orders)s, %(company)s; %(last)s",
                        orders=self.env._("1 order") if orders == 1 else self.env._("%s orders", orders),
                        company=company.name,
                        last=last,
                    ),
                    "level": "info",
                    "method": "action_customer_purchases_12m",
                    "label": self.env._("Purchases"),
                }
            )
        return lines

    def _customer_purchases_domain(self):
        return Domain("commercial_partner_id", "=", self.commercial_partner_id.id)

    def _customer_purchases_12m_domain(self):
        """The purchases summed on the page, and opened from there."""
        return self._customer_purchases_domain() & Domain("day", ">", "today -12m")

    def _customer_value_figures(self):
        """What the customer bought, per company at hand.

        :return: list of tuples: ``res.company``, last day, sum of 12 months in its
            currency, number of orders in them
        """
        Purchase = self.env["crm.customer.purchase"]
        recent = {
            # A line without a number is an order of its own
            company: (amount, orders + lines - numbered)
            for company, amount, orders, numbered, lines in Purchase._read_group(
                self._customer_purchases_12m_domain(),
                ["company_id"],
                ["amount:sum", "order_ref:count_distinct", "order_ref:count", "__count"],
            )
        }
        return [
            (company, last_day, *recent.get(company, (0.0, 0)))
            for company, last_day in Purchase._read_group(
                self._customer_purchases_domain(), ["company_id"], ["day:max"]
            )
        ]

    def action_customer_purchases_12m(self):
        return dict(
            self.action_customer_purchases(),
            domain=list(self._customer_purchases_12m_domain()),
        )

    def action_customer_purchases(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_db.crm_customer_purchase_action_partner")
        return dict(
            action,
            domain=list(self._customer_purchases_domain()),
            context={"default_partner_id": self.id},
        )

    def _customer_slot_credit(self):
        if not self._customer_may_see_figures() or not self.customer_credit_level:
            return []
        levels = dict(self._fields["customer_credit_level"]._description_selection(self.env))
        sources = dict(self._fields["customer_credit_level_source"]._description_selection(self.env))
        expiry = self.customer_credit_level_expiry
        expired = expiry and expiry < fields.Date.context_today(self)
        words = [sources.get(self.customer_credit_level_source)]
        if expiry:
            words.append(
                self.env._("expired on %s", format_date(self.env, expiry))
                if expired
                else self.env._("valid until %s", format_date(self.env, expiry))
            )
        return [
            {
                "value": self.env._("Credit level %s", levels[self.customer_credit_level]),
                "text": "(%s)" % ", ".join(filter(None, words)) if any(words) else "",
                "level": "warning" if expired else "info",
            }
        ]

    def _customer_slot_next_step(self):
        lines = []
        activity = self.activity_ids.sorted("date_deadline")[:1]
        if activity:
            lines.append(
                {
                    "value": format_date(self.env, activity.date_deadline),
                    "text": activity.summary or activity.activity_type_id.name or "",
                    "icon": "fa-clock-o",
                    "level": "info",
                }
            )
        if self.customer_in_file and self.phone:
            lines.append(
                {
                    "text": self.customer_call_hint,
                    "icon": "fa-phone",
                    "level": "success" if self.customer_callable_now else "info",
                }
            )
        return lines

    def _customer_slot_contacts(self):
        """Key contacts of a company: name, role, phone."""
        contacts = self.search_fetch(
            [
                ("commercial_partner_id", "=", self.id),
                ("customer_is_key_contact", "=", True),
                ("id", "!=", self.id),
                ("active", "=", True),
            ],
            ["name", "function", "phone", "customer_contact_role_ids"],
            order="name, id",
            limit=10,
        )
        refused = contacts._customer_phone_refused()
        return [
            {
                "id": contact.id,
                "value": contact.name or contact.display_name,
                "text": " · ".join(
                    filter(
                        None,
                        [
                            contact.function,
                            ", ".join(contact.customer_contact_role_ids.mapped("name")),
                            contact in refused and self.env._("no calls"),
                        ],
                    )
                ),
                # no link to dial for who refused
                "phone": (contact not in refused and contact.phone) or "",
                "icon": "fa-star",
            }
            for contact in contacts
        ]
