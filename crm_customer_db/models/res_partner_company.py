from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.sql import column_exists, create_column

from ..tools.profile import headcount_band
from .res_partner_numbers import MAX_AMOUNT

FIRST_YEAR = 1900
# No firm on Earth has more; PostgreSQL ends at two thousand million.
MAX_HEADCOUNT = 10_000_000

HEADCOUNT_BANDS = [
    ("1_9", "1 to 9"),
    ("10_49", "10 to 49"),
    ("50_249", "50 to 249"),
    ("250_over", "250 and over"),
]

COMPANY_COMMERCIAL_FIELDS = [
    "customer_nace_id",
    "customer_turnover",
    "customer_turnover_currency_id",
    "customer_turnover_year",
    "customer_buying_organisation",
    "customer_buying_procedure_ids",
    "customer_credit_level",
    "customer_credit_level_source",
    "customer_credit_level_expiry",
]


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_nace_id = fields.Many2one(
        "crm.customer.nace",
        string="Economic activity (NACE)",
        index="btree_not_null",
        ondelete="restrict",
    )
    customer_headcount = fields.Integer(
        string="Headcount",
        help="People who work at this site (not to be confused with our own employees).",
    )
    customer_headcount_year = fields.Integer(string="Year of the headcount")
    customer_headcount_band = fields.Selection(
        HEADCOUNT_BANDS,
        string="Headcount band",
        compute="_compute_customer_headcount_band",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Follows from the headcount; choose it where only the band is known.",
    )
    customer_turnover = fields.Monetary(
        string="Customer's annual turnover",
        currency_field="customer_turnover_currency_id",
    )
    customer_turnover_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the turnover",
        index="btree_not_null",
        ondelete="restrict",
    )
    customer_turnover_year = fields.Integer(string="Year of the turnover")
    customer_buying_organisation = fields.Selection(
        [
            ("head_office", "Head office buys for all"),
            ("each_site", "Each site buys for itself"),
            ("purchasing_group", "Through a purchasing group"),
            ("agent", "Through an agent"),
        ],
        string="Who buys",
    )
    customer_buying_procedure_ids = fields.Many2many(
        "crm.customer.buying.procedure",
        "crm_customer_buying_procedure_partner_rel",
        "partner_id",
        "procedure_id",
        string="How they buy",
    )
    # Typed or imported; the level computed from payments is a figure of its own.
    customer_credit_level = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D"), ("e", "E")],
        string="Credit level",
        company_dependent=True,
        groups="crm_customer_db.group_customer_user",
        copy=False,
        help="A pays best. As our own people, a credit insurer or a bureau rate the customer.",
    )
    customer_credit_level_source = fields.Selection(
        [("own", "Own judgement"), ("insurer", "Credit insurer"), ("bureau", "Bureau")],
        string="Source of the credit level",
        company_dependent=True,
        groups="crm_customer_db.group_customer_user",
        copy=False,
    )
    customer_credit_level_expiry = fields.Date(
        string="Credit level valid until",
        company_dependent=True,
        groups="crm_customer_db.group_customer_user",
        copy=False,
    )

    def _auto_init(self):
        # No contact has a headcount yet, so NULL is already right for all of them.
        if not column_exists(self.env.cr, "res_partner", "customer_headcount_band"):
            create_column(self.env.cr, "res_partner", "customer_headcount_band", "varchar")
        return super()._auto_init()

    @api.depends("customer_headcount")
    def _compute_customer_headcount_band(self):
        for partner in self:
            if partner.customer_headcount > 0:
                partner.customer_headcount_band = headcount_band(partner.customer_headcount)
            else:
                partner.customer_headcount_band = partner.customer_headcount_band

    @api.onchange("customer_turnover")
    def _onchange_customer_turnover(self):
        if self.customer_turnover and not self.customer_turnover_currency_id:
            self.customer_turnover_currency_id = self.env.company.currency_id

    @api.constrains("customer_headcount", "customer_headcount_year")
    def _check_customer_headcount(self):
        for partner in self:
            if partner.customer_headcount < 0:
                raise ValidationError(self.env._("The headcount of %s can't be negative.", partner._customer_words()))
            if partner.customer_headcount > MAX_HEADCOUNT:
                raise ValidationError(
                    self.env._(
                        "%(customer)s can't have %(headcount)s people at one site.",
                        customer=partner._customer_words(),
                        headcount=partner.customer_headcount,
                    )
                )
            partner._check_customer_year(
                partner.customer_headcount_year,
                self.env._("the headcount"),
            )

    @api.constrains("customer_headcount", "customer_headcount_band")
    def _check_customer_headcount_band(self):
        for partner in self:
            if partner.customer_headcount and (
                partner.customer_headcount_band != headcount_band(partner.customer_headcount)
            ):
                raise ValidationError(
                    self.env._(
                        "The headcount band of %(customer)s does not hold its headcount "
                        "of %(headcount)s. Correct the number, or empty it.",
                        customer=partner._customer_words(),
                        headcount=partner.customer_headcount,
                    )
                )

    @api.constrains("customer_turnover", "customer_turnover_currency_id", "customer_turnover_year")
    def _check_customer_turnover(self):
        for partner in self:
            if partner.customer_turnover > MAX_AMOUNT:
                raise ValidationError(
                    self.env._(
                        "The annual turnover of %s is too large to be meant.",
                        partner._customer_words(),
                    )
                )
            if partner.customer_turnover < 0:
                raise ValidationError(
                    self.env._(
                        "The annual turnover of %s can't be negative.",
                        partner._customer_words(),
                    )
                )
            if partner.customer_turnover and not partner.customer_turnover_currency_id:
                raise ValidationError(
                    self.env._(
                        "Say in which currency the annual turnover of %s is.",
                        partner._customer_words(),
                    )
                )
            partner._check_customer_year(partner.customer_turnover_year, self.env._("the turnover"))

    def _check_customer_year(self, year, subject):
        """Refuse a year that can't be meant.

        :param year: int, 0 where none was given
        :param subject: what the year is of, in the user's language
        :raise ValidationError: outside 1900 and the next year
        """
        last = fields.Date.context_today(self).year + 1
        if year and not FIRST_YEAR <= year <= last:
            raise ValidationError(
                self.env._(
                    "The year of %(subject)s of %(customer)s is %(year)s: enter one between %(first)s and %(last)s.",
                    subject=subject,
                    customer=self._customer_words(),
                    year=year,
                    first=FIRST_YEAR,
                    last=last,
                )
            )

    def _customer_words(self):
        """The contact as a sentence names it."""
        self.ensure_one()
        return self.display_name or self.env._("the new contact")

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + COMPANY_COMMERCIAL_FIELDS
