from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_customer_stage_lock import STAGES

# What the machine fills in for every member.
MACHINE = ("commercial_partner_id", "entered_on", "left_on")


class CrmCustomerSegmentMember(models.Model):
    """A time during which a contact was in a segment: one row from entering to leaving.

    Rows of segments by condition are written by SQL only; those of lists kept by hand are
    added by people, who take members out with a button, so that the history stays.
    No key is unique here: a merge of contacts would delete what it can't move.
    """

    _name = "crm.customer.segment.member"
    _description = "Member of a Segment"
    _log_access = False
    _order = "entered_on desc, id desc"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id"]
    _check_company_auto = True

    segment_id = fields.Many2one("crm.customer.segment", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Contact", required=True, ondelete="cascade", check_company=True)
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="The company or person behind the contact, to whom the figures belong.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    entered_on = fields.Date(string="Entered on", required=True, readonly=True)
    left_on = fields.Date(string="Left on", readonly=True, help="Empty: is a member.")
    segment_kind = fields.Selection(related="segment_id.kind")
    user_id = fields.Many2one(related="commercial_partner_id.user_id", string="Salesperson")
    customer_territory_id = fields.Many2one(related="partner_id.customer_territory_id", string="Territory")
    value_class_id = fields.Many2one(
        "crm.customer.value.class",
        string="Value class (RFM)",
        compute="_compute_figures",
        search="_search_value_class_id",
        help="Of today.",
    )
    lifecycle = fields.Selection(
        STAGES, string="Stage", compute="_compute_figures", search="_search_lifecycle", help="Of today."
    )

    _present_idx = models.Index("(segment_id, partner_id) WHERE left_on IS NULL")
    _left_idx = models.Index("(segment_id, left_on)")
    _partner_idx = models.Index("(partner_id, segment_id)")
    _company_idx = models.Index("(company_id, entered_on)")

    # -------------------------------------------------------------- class and stage

    @api.depends("commercial_partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_figures(self):
        rows = self.env["crm.customer.metrics"].search(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        figures = {(row.commercial_partner_id, row.company_id): row for row in rows}
        for member in self:
            row = figures.get((member.commercial_partner_id, member.company_id), rows.browse())
            member.value_class_id = row.value_class_id
            member.lifecycle = row.lifecycle

    def _field_to_sql(self, alias, field_expr, query=None):
        """Extended: class and stage stand in the figures, so that pivots may group by them.

        Who may read the member may read his figures: the rules are the same.
        """
        if field_expr not in ("value_class_id", "lifecycle") or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        figures = query.make_alias(alias, "figures")
        query.add_join(
            "LEFT JOIN",
            figures,
            "crm_customer_metrics",
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(figures, "commercial_partner_id"),
                SQL.identifier(alias, "commercial_partner_id"),
                SQL.identifier(figures, "company_id"),
                SQL.identifier(alias, "company_id"),
            ),
        )
        return self.env["crm.customer.metrics"]._field_to_sql(figures, field_expr, query)

    @api.model
    def _search_figure(self, name, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = [entry for entry in value if entry]
        alternatives = []
        if wanted:
            alternatives.append(SQL("figures.%s IN %s", SQL.identifier(name), tuple(wanted)))
        if len(wanted) < len(value):
            alternatives.append(SQL("figures.%s IS NULL", SQL.identifier(name)))
        query = SQL(
            "SELECT member.id FROM crm_customer_segment_member member"
            " LEFT JOIN crm_customer_metrics figures USING (commercial_partner_id, company_id) WHERE %s",
            SQL(" OR ").join(alternatives),
        )
        return [("id", "in", query)]

    @api.model
    def _search_value_class_id(self, operator, value):
        return self._search_figure("value_class_id", operator, value)

    @api.model
    def _search_lifecycle(self, operator, value):
        return self._search_figure("lifecycle", operator, value)

    @api.model
    def _by_segment(self, found, operator, value):
        """Answer a search for whatever has members in segments.

        :param found: function from a ``Domain`` of members to one of what is searched
        :param operator: of the search, negative ones excepted
        :param value: of the search
        :return: ``Domain`` or NotImplemented
        """
        present = Domain("left_on", "=", False)
        if operator == "in":
            wanted = [entry for entry in value if entry]
            domain = found(present & Domain("segment_id", "in", wanted)) if wanted else Domain.FALSE
            return domain if len(wanted) == len(value) else domain | ~found(present)
        if operator not in ("any", "=", "ilike"):
            return NotImplemented
        return found(present & Domain("segment_id", operator, value))

    # ------------------------------------------------------------------ by hand

    def _has_field_access(self, field, operation):
        """Extended: whose member it is and since when follows from the list and the day."""
        if field.name in MACHINE and operation == "write" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(name in vals for vals in vals_list for name in MACHINE):
            raise UserError(self.env._("Since when somebody is on a list is filled in by the system."))
        self.check_access("create")
        as_of = self.env["crm.customer.metrics"]._today()
        partners = self.env["res.partner"].browse({vals.get("partner_id") for vals in vals_list}).sudo()
        segments = self.env["crm.customer.segment"].browse({vals.get("segment_id") for vals in vals_list}).sudo()
        customer = {partner.id: partner.commercial_partner_id.id for partner in partners if partner.id}
        company = {segment.id: segment.company_id.id for segment in segments if segment.id}
        # the system's columns are nobody else's to write; whose customer it is is asked afterwards
        members = super(CrmCustomerSegmentMember, self.sudo()).create(
            [
                {
                    "entered_on": as_of,
                    "commercial_partner_id": customer.get(vals.get("partner_id")),
                    **vals,
                    "company_id": company.get(vals.get("segment_id")),
                }
                for vals in vals_list
            ]
        )
        members = members.with_env(self.env)
        members.check_access("create")
        members._changed_by_hand()
        return members

    @api.constrains("segment_id", "partner_id", "left_on")
    def _check_once(self):
        """One is on a list or not: said here, because no key may be unique."""
        present = self.sudo().filtered(lambda member: not member.left_on)
        groups = self.sudo()._read_group(
            Domain("left_on", "=", False)
            & Domain("segment_id", "in", present.segment_id.ids)
            & Domain("partner_id", "in", present.partner_id.ids),
            ["segment_id", "partner_id"],
            having=[("__count", ">", 1)],
        )
        for segment, partner in groups:
            raise ValidationError(
                self.env._(
                    "%(contact)s is in “%(segment)s” already.",
                    contact=partner.display_name,
                    segment=segment.display_name,
                )
            )

    def action_leave(self):
        """Take members out of lists kept by hand; the history keeps them.

        :raise UserError: for members by condition
        """
        self.check_access("read")
        segments = self.segment_id
        segments.check_access("write")
        for segment in segments:
            if segment.kind != "manual":
                raise UserError(
                    self.env._("“%s” follows its condition: nobody is taken out of it by hand.", segment.display_name)
                )
        as_of = self.env["crm.customer.metrics"]._today()
        present = self.sudo().filtered(lambda member: not member.left_on)
        for entered_on, members in present.grouped("entered_on").items():
            members.left_on = max(as_of, entered_on)
        present._changed_by_hand()

    def _changed_by_hand(self):
        """Have what follows from membership worked out: conditions about it, mailing lists."""
        self.env["crm.customer.metrics.queue"].sudo()._mark(self.sudo().commercial_partner_id.ids)
        for segment, members in self.sudo().grouped("segment_id").items():
            segment._members_changed(members.commercial_partner_id.ids)

    @api.model
    def _resync_commercial_partner(self, family_ids):
        """Make the rows of contacts follow them to another customer.

        :param family_ids: ``SQL`` query of ids of contacts
        """
        self.flush_model(["partner_id", "commercial_partner_id"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_segment_member member
                   SET commercial_partner_id = partner.commercial_partner_id
                  FROM res_partner partner
                 WHERE partner.id = member.partner_id AND member.partner_id IN (%s)
                   AND member.commercial_partner_id <> partner.commercial_partner_id
                """,
                family_ids,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["commercial_partner_id"], flush=False)
