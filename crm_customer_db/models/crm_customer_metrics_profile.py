import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerMetricsProfile(models.AbstractModel):
    """Figures of a customer by what the file says of him: territory, division, priority, origin…

    Nothing of it is kept with the figures: it is read from the contact as it stands, so
    that a change there needs no second place. Territory and division are those of the
    company whose figures a row has, whichever company its reader works in.
    """

    _name = "crm.customer.metrics.profile"
    _description = "Customer Figures by Profile"

    commercial_partner_id = fields.Many2one("res.partner", string="Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    user_id = fields.Many2one(related="commercial_partner_id.user_id", string="Salesperson")
    territory_id = fields.Many2one(
        "crm.customer.territory",
        compute="_compute_of_company",
        search="_search_territory_id",
        compute_sudo=True,
        help="The customer's in the company of these figures.",
    )
    division_id = fields.Many2one(
        "crm.customer.division",
        string="Internal division",
        compute="_compute_of_company",
        search="_search_division_id",
        compute_sudo=True,
        help="The customer's in the company of these figures.",
    )
    priority = fields.Selection(related="commercial_partner_id.customer_priority", string="Priority code")
    origin_id = fields.Many2one(related="commercial_partner_id.customer_origin_id", string="Origin code")
    kind = fields.Selection(related="commercial_partner_id.customer_kind", string="Kind of customer")
    nace_id = fields.Many2one(related="commercial_partner_id.customer_nace_id", string="Economic activity (NACE)")
    nace_section_id = fields.Many2one(
        "crm.customer.nace",
        string="Section of activities",
        compute="_compute_nace_section_id",
        search="_search_nace_section_id",
        compute_sudo=True,
        help="The part of the classification that the customer's economic activity belongs to.",
    )
    headcount_band = fields.Selection(related="commercial_partner_id.customer_headcount_band", string="Headcount band")
    city = fields.Char(related="commercial_partner_id.city", string="Town")
    phone = fields.Char(related="commercial_partner_id.phone")
    state_id = fields.Many2one(related="commercial_partner_id.state_id", string="Province")
    country_id = fields.Many2one(related="commercial_partner_id.country_id")

    @api.depends(
        "commercial_partner_id.customer_territory_id", "commercial_partner_id.customer_division_id", "company_id"
    )
    def _compute_of_company(self):
        for company, rows in self.grouped("company_id").items():
            for row in rows:
                customer = row.commercial_partner_id.with_company(company)
                row.territory_id = customer.customer_territory_id
                row.division_id = customer.customer_division_id

    @api.depends("commercial_partner_id.customer_nace_id.parent_path")
    def _compute_nace_section_id(self):
        for row in self:
            path = row.commercial_partner_id.customer_nace_id.parent_path
            row.nace_section_id = int(path.split("/", 1)[0]) if path else False

    # ----------------------------------------------------------------------------- SQL

    def _field_to_sql(self, alias, field_expr, query=None):
        """Extended: rows may be grouped, sorted and searched by what no column of theirs holds."""
        find = {
            "territory_id": self._profile_of_company_sql,
            "division_id": self._profile_of_company_sql,
            "nace_section_id": self._profile_section_sql,
        }.get(field_expr)
        if find is None or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return find(field_expr, alias, query)

    def _profile_customer(self, alias, query):
        """Join the customer, once for all columns, archived ones too.

        :return: (``res.partner`` model, alias)
        """
        return self._fields["commercial_partner_id"].join(self.sudo(), alias, query)

    def _profile_of_company_sql(self, name, alias, query):
        """A value of the customer that differs by company, for the company of the row."""
        partners, customer = self._profile_customer(alias, query)
        field = partners._fields[f"customer_{name}"]
        company = self._field_to_sql(alias, "company_id", query)
        value = SQL("%s->%s::varchar", SQL.identifier(customer, field.name, to_flush=field), company)
        fallbacks = json.loads(self.env["ir.default"].sudo()._get_field_column_fallbacks("res.partner", field.name))
        if any(fallbacks.values()):  # what a new contact would have, where a company has such a default
            default = SQL("%s::jsonb->%s::varchar", json.dumps(fallbacks), company)
            value = SQL("COALESCE(%s, %s)", value, default)
        return SQL("((%s)->>0)::int4", value)

    def _profile_section_sql(self, _name, alias, query):
        """The root of the tree that the customer's economic activity stands in."""
        partners, customer = self._profile_customer(alias, query)
        activities, activity = partners._fields["customer_nace_id"].join(partners, customer, query)
        path = activities._fields["parent_path"]
        return SQL("split_part(%s, '/', 1)::int4", SQL.identifier(activity, path.name, to_flush=path))

    # -------------------------------------------------------------------------- search

    @api.model
    def _search_territory_id(self, operator, value):
        return self._search_profile("territory_id", operator, value)

    @api.model
    def _search_division_id(self, operator, value):
        return self._search_profile("division_id", operator, value)

    @api.model
    def _search_nace_section_id(self, operator, value):
        return self._search_profile("nace_section_id", operator, value)

    @api.model
    def _search_profile(self, name, operator, value):
        """Rows by such a value: the same SQL that groups them, so a group opens its rows."""
        if operator == "in":
            ids = [entry for entry in value if entry]
            empty = len(ids) < len(value)
        elif operator in ("any", "ilike", "=ilike", "like", "child_of", "parent_of"):
            key = {"any": None, "child_of": "id", "parent_of": "id"}.get(operator, "display_name")
            domain = Domain(value) if key is None else Domain(key, operator, value)
            ids = self.env[self._fields[name].comodel_name].with_context(active_test=False).search(domain).ids
            empty = False
        else:
            return NotImplemented

        def to_sql(model, alias, query):
            column = model._field_to_sql(alias, name, query)
            if empty:
                return SQL("(%s IS NULL OR %s = ANY(%s))", column, column, ids)
            return SQL("(%s IS NOT NULL AND %s = ANY(%s))", column, column, ids)

        return Domain.custom(to_sql=to_sql)
