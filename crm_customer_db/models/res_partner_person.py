from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools import profile
from .res_partner_numbers import MAX_AMOUNT

PERSONAL = "crm_customer_db.group_personal_data"

# Nobody alive was born before; a date that is older was typed wrongly.
FIRST_DATE = date(1900, 1, 1)

AGE_BANDS = [
    ("under_25", "Under 25"),
    ("25_34", "25 to 34"),
    ("35_44", "35 to 44"),
    ("45_54", "45 to 54"),
    ("55_64", "55 to 64"),
    ("65_over", "65 and over"),
]
INCOME_LEVELS = [
    ("low", "Low"),
    ("lower_middle", "Lower middle"),
    ("middle", "Middle"),
    ("upper_middle", "Upper middle"),
    ("high", "High"),
]


class ResPartner(models.Model):
    """What describes a private person. All of it is personal data behind one group.

    Nothing of it is copied: a copy is somebody else, and a user who may not read these
    fields must still be able to duplicate a contact.
    """

    _inherit = "res.partner"

    # These two share name and keys with OCA's partner_contact_gender and
    # partner_contact_birthdate, so that data moves over without mapping.
    gender = fields.Selection(
        [("male", "Male"), ("female", "Female"), ("other", "Other")],
        groups=PERSONAL,
        copy=False,
    )
    birthdate_date = fields.Date(string="Birth date", groups=PERSONAL, copy=False)
    customer_age = fields.Integer(
        string="Age",
        compute="_compute_customer_age",
        search="_search_customer_age",
        groups=PERSONAL,
    )
    customer_age_band = fields.Selection(
        AGE_BANDS,
        string="Age band",
        compute="_compute_customer_age",
        inverse="_inverse_customer_age_band",
        search="_search_customer_age_band",
        groups=PERSONAL,
        help="Follows from the birth date; choose it where only the band is known.",
    )
    customer_age_band_typed = fields.Selection(AGE_BANDS, string="Age band, as entered", groups=PERSONAL, copy=False)
    customer_education = fields.Selection(
        [
            ("none", "No schooling"),
            ("primary", "Primary school"),
            ("lower_secondary", "Lower secondary"),
            ("upper_secondary", "Upper secondary"),
            ("vocational", "Vocational training"),
            ("bachelor", "Bachelor's degree"),
            ("master", "Master's degree"),
            ("doctorate", "Doctorate"),
        ],
        string="Education",
        groups=PERSONAL,
        copy=False,
    )
    customer_household_income = fields.Monetary(
        string="Household income (year)",
        currency_field="customer_income_currency_id",
        groups=PERSONAL,
        copy=False,
    )
    customer_income_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the income",
        index="btree_not_null",
        ondelete="restrict",
        groups=PERSONAL,
        copy=False,
    )
    customer_income_level = fields.Selection(
        INCOME_LEVELS,
        string="Income level",
        compute="_compute_customer_income_level",
        inverse="_inverse_customer_income_level",
        search="_search_customer_income_level",
        groups=PERSONAL,
        help="Follows from the household income by the thresholds in the settings, where "
        "it is in the company's currency; choose it where only the level is known.",
    )
    customer_income_level_typed = fields.Selection(
        INCOME_LEVELS, string="Income level, as entered", groups=PERSONAL, copy=False
    )
    customer_marital_status = fields.Selection(
        [
            ("single", "Single"),
            ("married", "Married"),
            ("partnership", "Registered partnership"),
            ("separated", "Separated"),
            ("divorced", "Divorced"),
            ("widowed", "Widowed"),
        ],
        string="Marital status",
        groups=PERSONAL,
        copy=False,
    )
    customer_children = fields.Integer(string="Children", groups=PERSONAL, copy=False)
    customer_home_tenure = fields.Selection(
        [
            ("owner", "Owner"),
            ("tenant", "Tenant"),
            ("family", "Lives with family"),
        ],
        string="Home",
        groups=PERSONAL,
        copy=False,
    )
    customer_asset_ids = fields.Many2many(
        "crm.customer.asset",
        "crm_customer_asset_partner_rel",
        "partner_id",
        "asset_id",
        string="Home and assets",
        groups=PERSONAL,
        copy=False,
    )
    customer_profession_id = fields.Many2one(
        "crm.customer.profession",
        string="Profession",
        index="btree_not_null",
        ondelete="restrict",
        groups=PERSONAL,
        copy=False,
    )
    customer_employment = fields.Selection(
        [
            ("employed", "Employed"),
            ("self_employed", "Self-employed"),
            ("civil_servant", "Civil servant"),
            ("student", "Student"),
            ("unemployed", "Unemployed"),
            ("retired", "Retired"),
            ("homemaker", "Homemaker"),
        ],
        string="Employment",
        groups=PERSONAL,
        copy=False,
    )
    customer_residence_since = fields.Date(
        string="Lives there since",
        groups=PERSONAL,
        copy=False,
        help="Since when the person lives at the present address.",
    )
    customer_residence_years = fields.Integer(
        string="Years of residence",
        compute="_compute_customer_residence_years",
        search="_search_customer_residence_years",
        groups=PERSONAL,
    )

    @api.model
    def _read_group_groupby(self, alias, groupby_spec, query):
        # Odoo looks at the groups of every field one groups by, but of a many2many.
        field = self._fields.get(groupby_spec.split(":")[0])
        if field and field.type == "many2many":
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    # === Age ===

    @api.depends("birthdate_date", "customer_age_band_typed")
    @api.depends_context("tz")
    def _compute_customer_age(self):
        today = fields.Date.context_today(self)
        for partner in self:
            birth = partner.birthdate_date
            if birth and birth <= today:
                partner.customer_age = profile.age_on(birth, today)
                partner.customer_age_band = profile.age_band(partner.customer_age)
            else:
                partner.customer_age = False
                partner.customer_age_band = partner.customer_age_band_typed

    def _inverse_customer_age_band(self):
        for partner in self:
            partner.customer_age_band_typed = partner.customer_age_band

    def _search_customer_age(self, operator, value):
        today = fields.Date.context_today(self)
        return self._search_years(
            "birthdate_date",
            lambda low, high: profile.birth_range_for_age(low, high, today),
            operator,
            value,
        )

    def _search_customer_age_band(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        known = self._date_range_domain("birthdate_date", None, today)
        domain = ~known & Domain("customer_age_band_typed", "in", list(value))
        for band in value:
            if band:
                low, high = profile.band_range(band)
                first, last = profile.birth_range_for_age(low, high, today)
                domain |= self._date_range_domain("birthdate_date", first, last)
        return domain

    # === Residence ===

    @api.depends("customer_residence_since")
    @api.depends_context("tz")
    def _compute_customer_residence_years(self):
        today = fields.Date.context_today(self)
        for partner in self:
            since = partner.customer_residence_since
            partner.customer_residence_years = profile.full_years(since, today) if since and since <= today else False

    def _search_customer_residence_years(self, operator, value):
        today = fields.Date.context_today(self)
        return self._search_years(
            "customer_residence_since",
            lambda low, high: profile.since_range_for_years(low, high, today),
            operator,
            value,
        )

    def _search_years(self, date_field, date_range, operator, value):
        """Domain on a date for a condition on the full years since then.

        :param date_field: name of the date
        :param date_range: ``f(low, high)`` giving the first and last date for which
            ``low <= years <= high``; None stands for an open end
        :param operator: ``in``, ``<``, ``<=``, ``>`` or ``>=``
        :param value: years, or a collection of them with False for "no date"
        """
        if operator == "in":
            domain = Domain.OR(
                self._date_range_domain(date_field, *date_range(*profile.years_bounds("=", years)))
                for years in value
                if years is not False and years is not None
            )
            # By identity: 0 equals False, but is a number of years.
            if any(years is False for years in value):
                domain |= ~self._date_range_domain(date_field, *date_range(0, None))
            return domain
        if operator in ("<", "<=", ">", ">=") and isinstance(value, int | float):
            return self._date_range_domain(date_field, *date_range(*profile.years_bounds(operator, value)))
        return NotImplemented

    @api.model
    def _date_range_domain(self, date_field, first, last):
        domain = Domain(date_field, "!=", False)
        if first:
            domain &= Domain(date_field, ">=", first)
        if last:
            domain &= Domain(date_field, "<=", last)
        return domain

    # === Income ===

    @api.depends(
        "customer_household_income",
        "customer_income_currency_id",
        "customer_income_level_typed",
    )
    @api.depends_context("company")
    def _compute_customer_income_level(self):
        thresholds = self.env.company._customer_income_thresholds()
        currency = self.env.company.currency_id
        for partner in self:
            if partner.customer_household_income and partner.customer_income_currency_id == currency:
                partner.customer_income_level = profile.income_level(partner.customer_household_income, thresholds)
            else:
                partner.customer_income_level = partner.customer_income_level_typed

    def _inverse_customer_income_level(self):
        for partner in self:
            partner.customer_income_level_typed = partner.customer_income_level

    def _search_customer_income_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        company = self.env.company
        thresholds = company._customer_income_thresholds()
        from_income = Domain("customer_household_income", "!=", 0) & Domain(
            "customer_income_currency_id", "=", company.currency_id.id
        )
        domain = ~from_income & Domain("customer_income_level_typed", "in", list(value))
        bounds = [None, *thresholds, None]
        for position, (level, _label) in enumerate(INCOME_LEVELS):
            if level not in value:
                continue
            between = from_income
            low, high = bounds[position], bounds[position + 1]
            if low is not None:
                between &= Domain("customer_household_income", ">=", low)
            if high is not None:
                between &= Domain("customer_household_income", "<", high)
            domain |= between
        return domain

    @api.onchange("customer_household_income")
    def _onchange_customer_household_income(self):
        if self.customer_household_income and not self.customer_income_currency_id:
            self.customer_income_currency_id = self.env.company.currency_id

    # === What can't be ===

    @api.constrains("birthdate_date", "customer_residence_since")
    def _check_customer_dates(self):
        today = fields.Date.context_today(self)
        for partner in self.sudo():
            if partner.birthdate_date and partner.birthdate_date > today:
                raise ValidationError(
                    self.env._(
                        "The birth date of %s lies in the future.",
                        partner._customer_words(),
                    )
                )
            if partner.customer_residence_since and partner.customer_residence_since > today:
                raise ValidationError(
                    self.env._(
                        "%s can't have lived at an address since a date in the future.",
                        partner._customer_words(),
                    )
                )
            for name in ("birthdate_date", "customer_residence_since"):
                if partner[name] and partner[name] < FIRST_DATE:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” of %(customer)s is %(date)s: enter one from %(first)s on.",
                            field=self._fields[name]._description_string(self.env),
                            customer=partner._customer_words(),
                            date=partner[name].isoformat(),
                            first=FIRST_DATE.year,
                        )
                    )

    @api.constrains("customer_children")
    def _check_customer_children(self):
        for partner in self.sudo():
            if not 0 <= partner.customer_children <= 50:
                raise ValidationError(
                    self.env._(
                        "%(customer)s can't have %(children)s children.",
                        customer=partner._customer_words(),
                        children=partner.customer_children,
                    )
                )

    @api.constrains("customer_household_income", "customer_income_currency_id")
    def _check_customer_income(self):
        for partner in self.sudo():
            if partner.customer_household_income > MAX_AMOUNT:
                raise ValidationError(
                    self.env._(
                        "The household income of %s is too large to be meant.",
                        partner._customer_words(),
                    )
                )
            if partner.customer_household_income < 0:
                raise ValidationError(
                    self.env._(
                        "The household income of %s can't be negative.",
                        partner._customer_words(),
                    )
                )
            if partner.customer_household_income and not partner.customer_income_currency_id:
                raise ValidationError(
                    self.env._(
                        "Say in which currency the household income of %s is.",
                        partner._customer_words(),
                    )
                )
