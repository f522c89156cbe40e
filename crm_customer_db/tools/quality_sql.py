"""Whether the parts of a profile are filled in, as SQL over whole tables."""

from odoo.tools import SQL

# What a rule may be about, in the order of the list that rules choose from. All of it belongs to
# the addons this one depends on: triggers name the columns, and must not outlive them.
ELEMENTS = (
    *("phone", "email", "website", "vat", "company_registry", "ref", "street", "zip", "city", "state_id", "country_id"),
    *("lang", "function", "industry_id", "category_id", "user_id"),
    *("customer_trade_name", "customer_title_id", "customer_address_type", "customer_priority", "customer_origin_id"),
    *("customer_territory_id", "customer_division_id", "customer_nace_id", "customer_headcount_band"),
    *("customer_turnover", "customer_site", "customer_buying_organisation", "customer_buying_procedure_ids"),
    *("customer_credit_level", "customer_is_key_contact", "customer_contact_role_ids", "customer_call_window_ids"),
    "customer_owned_product_ids",
    # of persons
    *("gender", "customer_age_band", "customer_education", "customer_profession_id", "customer_employment"),
    *("customer_income_level", "customer_marital_status", "customer_home_tenure", "customer_asset_ids"),
    "customer_residence_since",
)
# What is kept in other columns than its own name, any of which is enough.
COLUMNS = {
    "customer_age_band": ("birthdate_date", "customer_age_band_typed"),
    "customer_income_level": ("customer_household_income", "customer_income_level_typed"),
}
# Of a customer: that one of his contacts is.
KEY_CONTACT = "customer_is_key_contact"


def columns_of(name):
    """Names of the fields of a contact that fill one part of its profile."""
    return COLUMNS.get(name, (name,))


class ProfileSQL:
    """Conditions over ``partner``, a row of contacts, and ``linked``, what other tables have of it.

    :param partners: ``res.partner``, for what its fields are
    :param names: names of the parts of the profile that are asked for
    :param within: ``SQL`` of an array of ids of contacts, None for all
    """

    def __init__(self, partners, names, within=None):
        self.fields = partners._fields
        self.env = partners.env
        self.within = within
        self.links = [name for name in names if self._is_link(name)]

    def _is_link(self, name):
        return name == KEY_CONTACT or self.fields[name].type in ("one2many", "many2many")

    def filled(self, name, company):
        """Condition that a part of the profile is filled in; NULL counts as not.

        :param company: ``SQL`` of the id of the company that asks
        """
        if name in self.links:
            return SQL("linked.bits & %s <> 0", 1 << self.links.index(name))
        return SQL(
            "(%s)", SQL(" OR ").join(self._column_filled(self.fields[column], company) for column in columns_of(name))
        )

    def _column_filled(self, field, company):
        column = SQL.identifier("partner", field.name)
        if field.company_dependent:
            return SQL("(%s ->> (%s)::text) NOT IN ('', 'false', '0', '0.0')", column, company)
        if field.type in ("char", "text", "selection"):
            return SQL("%s <> ''", column)
        if field.type in ("integer", "float", "monetary"):
            return SQL("%s <> 0", column)
        return column if field.type == "boolean" else SQL("%s IS NOT NULL", column)

    def join(self):
        """``LEFT JOIN`` of what stands in other tables, one row per contact."""
        if not self.links:
            return SQL()
        arms = SQL(" UNION ALL ").join(self._arm(name, 1 << bit) for bit, name in enumerate(self.links))
        return SQL(
            "LEFT JOIN (SELECT part.id, BIT_OR(part.bit) AS bits FROM (%s) part (id, bit) GROUP BY part.id) linked"
            " ON linked.id = partner.id",
            arms,
        )

    def _arm(self, name, bit):
        """Query of the contacts that have something in another table."""
        field = self.fields[name]
        if name == KEY_CONTACT:
            table, column = "res_partner", "commercial_partner_id"
            more = SQL("AND customer_is_key_contact AND active AND id <> commercial_partner_id")
        elif field.type == "many2many":
            table, column, more = field.relation, field.column1, SQL()
        else:
            comodel = self.env[field.comodel_name]
            table, column = comodel._table, field.inverse_name
            more = SQL("AND active") if "active" in comodel._fields else SQL()
        key = SQL.identifier(column)
        within = SQL("TRUE") if self.within is None else SQL("%s = ANY(%s)", key, self.within)
        return SQL("SELECT %s, %s FROM %s WHERE %s %s", key, bit, SQL.identifier(table), within, more)
