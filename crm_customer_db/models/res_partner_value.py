from odoo import api, fields, models
from odoo.fields import Domain

from .crm_customer_stage_lock import STAGES

USERS = "crm_customer_db.group_customer_user"
# Colours of Odoo's tags for the stages that ask for something.
STAGE_TAGS = {"at_risk": "o_tag_color_3", "dormant": "o_tag_color_2", "former": "o_tag_color_1"}


class ResPartner(models.Model):
    """What a customer is worth, on the contact: in the company one works in."""

    _inherit = "res.partner"

    customer_lifecycle = fields.Selection(
        STAGES,
        string="Stage",
        compute="_compute_customer_value",
        search="_search_customer_lifecycle",
        groups=USERS,
        help="By the customer's own rhythm, in the company you work in.",
    )
    customer_value_class_id = fields.Many2one(
        "crm.customer.value.class",
        string="Value class (RFM)",
        compute="_compute_customer_value",
        search="_search_customer_value_class_id",
        groups=USERS,
    )
    customer_is_late = fields.Boolean(
        string="Late to reorder",
        compute="_compute_customer_value",
        search="_search_customer_is_late",
        groups=USERS,
        help="The next purchase was due by the customer's own rhythm.",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_value(self):
        rows = self._customer_figures()
        for partner in self:
            row = rows.get(partner.commercial_partner_id.id, self.env["crm.customer.metrics"])
            partner.customer_lifecycle = row.lifecycle
            partner.customer_value_class_id = row.value_class_id
            partner.customer_is_late = row.is_late

    def _customer_figures(self):
        """Figures of these contacts' customers in the company one works in, as far as one may see them.

        :return: dict customer id → ``crm.customer.metrics`` record
        """
        rows = self.env["crm.customer.metrics"].search(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id._origin.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        return {row.commercial_partner_id.id: row for row in rows}

    @api.model
    def _search_customer_figures(self, domain):
        """Contacts of customers whose figures in the company one works in are such."""
        return Domain(
            "commercial_partner_id",
            "any",
            [("customer_metrics_ids", "any", Domain("company_id", "=", self.env.company.id) & Domain(domain))],
        )

    @api.model
    def _search_customer_lifecycle(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._search_customer_figures([("lifecycle", "in", [stage for stage in value if stage])])
        if any(not stage for stage in value):
            found |= ~self._search_customer_figures([("lifecycle", "!=", False)])
        return found

    @api.model
    def _search_customer_value_class_id(self, operator, value):
        if operator not in ("in", "any", "ilike", "="):
            return NotImplemented
        if operator == "in" and False in value:
            return ~self._search_customer_figures([("value_class_id", "!=", False)]) | (
                self._search_customer_figures([("value_class_id", "in", [entry for entry in value if entry])])
            )
        return self._search_customer_figures([("value_class_id", operator, value)])

    @api.model
    def _search_customer_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._search_customer_figures([("is_late", "=", True)])
        return Domain.OR(late if wanted else ~late for wanted in set(map(bool, value)))

    def _compute_application_statistics_hook(self):
        """Extended: value class and stage as chips in the list and the cards of contacts."""
        result = super()._compute_application_statistics_hook()
        if not self.env.user.has_group(USERS):
            return result
        stages = dict(self._fields["customer_lifecycle"]._description_selection(self.env))
        for partner in self:
            if partner != partner.commercial_partner_id:
                continue
            if partner.customer_value_class_id:
                result[partner.id].append(
                    {
                        "iconClass": "fa-star-o",
                        "value": partner.customer_value_class_id.sudo().name,
                        "label": self.env._("Value class (RFM)"),
                        "tagClass": f"o_tag_color_{partner.customer_value_class_id.sudo().color or 0}",
                    }
                )
            if partner.customer_lifecycle in STAGE_TAGS:
                result[partner.id].append(
                    {
                        "iconClass": "fa-clock-o",
                        "value": stages[partner.customer_lifecycle],
                        "label": self.env._("Stage"),
                        "tagClass": STAGE_TAGS[partner.customer_lifecycle],
                    }
                )
        return result

    # ------------------------------------------------------------------------ the page

    def _customer_slot_value(self):
        """Extended: class and stage in a word each, and the rhythm in a sentence."""
        lines = super()._customer_slot_value()
        if not self._customer_may_see_figures():
            return lines
        row = self._customer_figures().get(self.commercial_partner_id.id)
        if not row or not row.lifecycle:
            return lines
        stages = dict(row._fields["lifecycle"]._description_selection(self.env))
        words = [row.value_class_id.name, stages[row.lifecycle]]
        first = {
            "value": " · ".join(filter(None, words)),
            "text": row._rhythm_words(),
            "level": "warning" if row.lifecycle == "at_risk" or row.is_late else "info",
            "method": "action_customer_why",
            "label": self.env._("Why?"),
        }
        return [first, *lines, *self._customer_group_lines(row)]

    def _customer_group_top(self):
        """The customer that this one's company belongs to, itself where there is none."""
        top = self.commercial_partner_id
        while top.parent_id:
            top = top.parent_id.commercial_partner_id
        return top

    def _customer_group_lines(self, row):
        """What the group of companies buys that this one belongs to, beside its own."""
        top = self._customer_group_top()
        members = self.env["crm.customer.metrics"]._read_group(
            [
                ("commercial_partner_id", "child_of", top.id),
                ("commercial_partner_id", "!=", self.commercial_partner_id.id),
                ("company_id", "=", row.company_id.id),
            ],
            [],
            ["__count", "amount_12m:sum"],
        )
        [(others, amount)] = members
        if not others:
            return []
        currency = row.currency_id
        return [
            {
                "value": currency.format(amount + row.amount_12m),
                "text": self.env._(
                    "ordered (excl. VAT) in 12 months by all %(count)s customers of the group %(group)s",
                    count=others + 1,
                    group=top.display_name,
                ),
                "level": "info",
                "method": "action_customer_group",
                "label": self.env._("Group"),
            }
        ]

    def action_customer_why(self):
        """Show what class and stage rest on."""
        self.ensure_one()
        self.env["crm.customer.metrics"].check_access("read")
        row = self._customer_figures().get(self.commercial_partner_id.id, self.env["crm.customer.metrics"])
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why?"),
            "res_model": "crm.customer.metrics",
            "res_id": row.id,
            "views": [(self.env.ref("crm_customer_db.crm_customer_metrics_view_form").id, "form")],
            "target": "current",
        }

    def _customer_past_action(self):
        """The dialog that shows the customer as he stood on a past day."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_past_action"),
            "context": {
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": self.env.company.id,
            },
        }

    def action_customer_group(self):
        """Show the figures of all customers of the group."""
        self.ensure_one()
        self.env["crm.customer.metrics"].check_access("read")
        top = self._customer_group_top()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_metrics_action")
        return {
            **action,
            "domain": [("commercial_partner_id", "child_of", top.id), ("company_id", "=", self.env.company.id)],
            "context": {},
        }
