from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# What a change of makes the members be looked for at once.
DECIDING = ("rule_domain", "kind", "scope", "active")
PERSONAL = "crm_customer_db.group_personal_data"
# Days over which comings and goings are counted.
RECENT = 30


class CrmCustomerSegment(models.Model):
    """A named group of customers: those who meet a condition, or a list kept by hand.

    Who is in it, and who was, stands in ``crm.customer.segment.member``; how it is kept
    current in ``crm_customer_segment_refresh``.

    *Rights.* Everybody of the customer file reads segments and sees of their members the
    customers he may see; marketing makes them. A condition finds nobody whom its author may
    not see.
    """

    _name = "crm.customer.segment"
    _inherit = ["crm.customer.catalogue", "crm.customer.condition"]
    _description = "Segment"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company
    )
    description = fields.Text(translate=True, help="What the segment is for, and who is meant.")
    color = fields.Integer()
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        ondelete="set null",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    kind = fields.Selection(
        [("rule", "By condition"), ("manual", "List kept by hand")],
        string="Members",
        required=True,
        default="rule",
        help="By condition: who meets it enters, who no longer does leaves, by itself. List kept by hand: you say who.",
    )
    scope = fields.Selection(
        [("customer", "Customers"), ("contact", "Customers and their contact persons")],
        string="Who is looked for",
        required=True,
        default="customer",
        help="Customers are companies and private persons in the customer file. Addresses are never members.",
    )
    is_personal = fields.Boolean(
        string="Looks at personal data",
        readonly=True,
        copy=False,
        help="Who is in it tells something personal: only users with the right Personal data see it.",
    )
    member_ids = fields.One2many(
        "crm.customer.segment.member", "segment_id", string="Members and former members", readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    member_count = fields.Integer(string="Number of members", compute="_compute_numbers")
    customer_count = fields.Integer(
        string="Customers", compute="_compute_numbers", help="Contact persons of one customer count as one."
    )
    amount_12m = fields.Monetary(
        string="Purchased in 12 months (excl. VAT)",
        compute="_compute_numbers",
        help="By the customers who are members now: ordered in the last twelve months, less credit notes.",
    )
    entered_recently = fields.Integer(string="Entered in 30 days", compute="_compute_numbers")
    left_recently = fields.Integer(string="Left in 30 days", compute="_compute_numbers")
    refreshed_on = fields.Datetime(
        string="Last refreshed",
        readonly=True,
        copy=False,
        help="When members last entered or left, or all were checked.",
    )
    refreshed_as_of = fields.Date(string="Checked for", readonly=True, copy=False)

    _code_company_uniq = models.UniqueIndex(
        "(code, company_id) WHERE code IS NOT NULL", "Two segments of a company can't have the same code."
    )

    # --------------------------------------------------------------------- numbers

    @api.depends_context("company", "uid")
    def _compute_numbers(self):
        numbers = self._member_numbers() if self.ids else {}
        for segment in self:
            (
                segment.member_count,
                segment.customer_count,
                segment.amount_12m,
                segment.entered_recently,
                segment.left_recently,
            ) = numbers.get(segment._origin.id, (0, 0, 0.0, 0, 0))

    def _member_numbers(self):
        """What the members of these segments come to, of those whom the user may see, in one statement.

        :return: dict segment id → (members, customers, amount of 12 months, entered and left in 30 days)
        """
        self.env.flush_all()
        seen = self.env["crm.customer.segment.member"]._search([("segment_id", "in", self.ids)])
        figures = self.env["crm.customer.metrics"]._search([("company_id", "in", self.company_id.ids)])
        since = self.env["crm.customer.metrics"]._as_of() - timedelta(days=RECENT)
        rows = self.env.execute_query(
            SQL(
                """
                WITH seen AS MATERIALIZED (
                    SELECT segment_id, company_id, commercial_partner_id, entered_on, left_on
                      FROM crm_customer_segment_member WHERE id IN %(seen)s),
                present AS (
                    SELECT segment_id, company_id, commercial_partner_id, COUNT(*) AS members
                      FROM seen WHERE left_on IS NULL GROUP BY 1, 2, 3),
                now AS (
                    SELECT present.segment_id, SUM(present.members) AS members, COUNT(*) AS customers,
                           SUM(figures.amount_12m) AS amount
                      FROM present
                      LEFT JOIN (%(figures)s) figures
                        ON figures.commercial_partner_id = present.commercial_partner_id
                       AND figures.company_id = present.company_id
                     GROUP BY present.segment_id)
                SELECT moved.segment_id, COALESCE(now.members, 0)::int, COALESCE(now.customers, 0)::int,
                       COALESCE(now.amount, 0)::float, moved.entered, moved.gone
                  FROM (SELECT segment_id,
                               COUNT(*) FILTER (WHERE entered_on > %(since)s)::int AS entered,
                               COUNT(*) FILTER (WHERE left_on > %(since)s)::int AS gone
                          FROM seen GROUP BY segment_id) moved
                  LEFT JOIN now ON now.segment_id = moved.segment_id
                """,
                seen=seen.subselect(),
                figures=figures.select(
                    *(
                        SQL.identifier(figures.table, name)
                        for name in ("commercial_partner_id", "company_id", "amount_12m")
                    )
                ),
                since=since,
            )
        )
        return {segment_id: tuple(values) for segment_id, *values in rows}

    # ---------------------------------------------------------------------- writing

    def _rule_written(self):
        """Extended: members of a condition on personal data are a personal datum themselves."""
        res = super()._rule_written()
        for segment in self.sudo():
            segment.is_personal = segment.kind == "rule" and segment._rule_asks_for(PERSONAL)
        return res

    def _has_field_access(self, field, operation):
        """Extended: who is a member by condition, and since when, is not for anybody to say."""
        if (
            field.name in ("member_ids", "refreshed_on", "refreshed_as_of", "is_personal")
            and operation == "write"
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        segments._refresh()
        return segments

    def write(self, vals):
        if "company_id" in vals and self.filtered(lambda segment: segment.company_id.id != vals["company_id"]):
            raise UserError(
                self.env._("A segment stays in its company: make a copy of it, and choose the company before saving.")
            )
        res = super().write(vals)
        if "kind" in vals and "rule_domain" not in vals:
            # a list that was a condition once is kept by hand from now on, and as personal as it was
            self.filtered(lambda segment: segment.kind == "rule")._rule_written()
        if not set(DECIDING).isdisjoint(vals):
            self._refresh()
        return res

    # ---------------------------------------------------------------------- members

    @api.model
    def _present(self):
        return Domain("left_on", "=", False)

    def _launch_customers(self):
        """Figures of the customers behind the present members, as far as the user may see them.

        :return: ``crm.customer.metrics`` records
        """
        return self.env["crm.customer.metrics"].search(
            [("segment_ids", "in", self.ids), ("company_id", "in", self.company_id.ids)]
        )

    def _add_members(self, partners):
        """Put contacts on a list kept by hand; who is on it already stays as he is.

        :param partners: ``res.partner`` records
        :return: number of contacts added
        :raise UserError: for a segment by condition
        """
        self.ensure_one()
        if self.kind != "manual":
            raise UserError(self.env._("“%s” follows its condition: nobody is put into it by hand.", self.display_name))
        members = self.env["crm.customer.segment.member"]
        there = members.sudo().search(
            self._present() & Domain("segment_id", "=", self.id) & Domain("partner_id", "in", partners.ids)
        )
        added = members.create(
            [{"segment_id": self.id, "partner_id": partner.id} for partner in partners - there.partner_id]
        )
        return len(added)

    # ---------------------------------------------------------------------- buttons

    def action_refresh(self):
        """Look for the members now.

        :raise UserError: when the condition can't be used
        """
        self.check_access("write")
        for segment in self:
            if segment.kind == "rule" and segment.rule_problem:
                raise UserError(segment.rule_problem)
        self._refresh()

    @api.readonly
    def action_open_members(self):
        """Show who is in the segment."""
        return self._open_members({"search_default_present": 1})

    @api.readonly
    def action_open_history(self):
        """Show who entered and left, and when."""
        return self._open_members({"search_default_group_entered": 1}, views=("graph", "list", "pivot"))

    def _open_members(self, context, views=("list", "pivot", "graph")):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_segment_member_action")
        return {
            **action,
            "view_mode": ",".join(views),
            "views": [(False, view) for view in views],
            "domain": [("segment_id", "=", self.id)],
            "context": {"default_segment_id": self.id, "segment_kind": self.kind, **context},
        }

    def action_launch(self):
        """Plan activities for the members' customers: counted first."""
        self.ensure_one()
        self.check_access("read")
        return self.env["crm.customer.launch.wizard"]._open(
            {"segment_id": self.id, "kind": "activity", "user_id": self.user_id.id, "company_id": self.company_id.id}
        )

    @api.readonly
    def action_open_figures(self):
        """Show what the members buy, by class, stage and salesperson."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_metrics_action")
        return {
            **action,
            "domain": [("segment_ids", "in", self.ids), ("company_id", "=", self.company_id.id)],
            "context": {},
        }
