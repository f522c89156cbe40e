from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# Nobody waits longer than a year before calling an invoice overdue.
MAX_GRACE_DAYS = 365
MAX_DAYS = 3650
# What turns the credit situation of a customer red, amber and green.
CREDIT_POLICY = (
    "customer_credit_red_days",
    "customer_credit_amber_days",
    "customer_credit_amber_amount",
    "customer_credit_amber_share",
    "customer_credit_course_days",
    "customer_credit_green_months",
)


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_unpaid_grace_days = fields.Integer(
        string="Days of grace",
        default=15,
        help="An invoice counts as overdue in the customer file when it is still unpaid this many days after its due date.",
    )

    customer_credit_red_days = fields.Integer(
        string="“Stop” from days overdue",
        default=30,
        help="Who is overdue for longer than this has the situation “Stop”.",
    )
    customer_credit_amber_days = fields.Integer(
        string="“Watch” from days overdue", default=5, help="Days that may pass before something overdue matters."
    )
    customer_credit_amber_amount = fields.Monetary(
        string="“Watch” from amount overdue",
        default=50.0,
        help="Overdue for longer than the days, and for more than this amount: the situation is “Watch”.",
    )
    customer_credit_amber_share = fields.Float(
        string="“Watch” from share of the limit (%)",
        default=80.0,
        help="Who has used this much of his credit limit has the situation “Watch”; above all of it, “Stop”.",
    )
    customer_credit_course_days = fields.Integer(
        string="Payments arrive after days",
        default=90,
        help="A payment that nobody has matched with the bank counts as arrived this many days after its date; 0: never.",
    )
    customer_credit_green_months = fields.Integer(
        string="“OK” for months", default=24, help="For how long after the last invoice a customer counts as “OK”."
    )

    customer_credit_consumers = fields.Boolean(
        string="Credit situation of persons for sales",
        help="Whether salespeople see the credit situation of private persons; accountants always do.",
    )

    customer_credit_approval = fields.Boolean(
        string="Approval over the credit limit",
        help="An order or invoice with which the customer is over his limit can only be confirmed when an accountant approves it.",
    )
    customer_credit_approver_id = fields.Many2one(
        "res.users",
        string="Who is asked",
        domain=lambda self: [("all_group_ids", "in", self.env.ref("account.group_account_invoice").ids)],
        help="Has an activity for each document that waits. Everybody who invoices may decide.",
    )

    @api.constrains("customer_credit_approval", "customer_credit_approver_id")
    def _check_customer_credit_approver(self):
        for company in self:
            approver = company.customer_credit_approver_id
            if company.customer_credit_approval and not approver:
                raise ValidationError(self.env._("Say who is asked for approvals over the credit limit."))
            if approver and not approver.has_group("account.group_account_invoice"):
                raise ValidationError(
                    self.env._("%s can't decide on credit: choose somebody who invoices.", approver.name)
                )

    @api.constrains(*CREDIT_POLICY)
    def _check_customer_credit_policy(self):
        for company in self:
            days = (
                company.customer_credit_red_days,
                company.customer_credit_amber_days,
                company.customer_credit_course_days,
            )
            if not all(0 <= number <= MAX_DAYS for number in days):
                raise ValidationError(
                    self.env._("The days of the credit situation must be between 0 and %(days)s.", days=MAX_DAYS)
                )
            if not 0 <= company.customer_credit_amber_share <= 100:
                raise ValidationError(self.env._("The share of the limit must be between 0 and 100 %."))
            if not 0 <= company.customer_credit_amber_amount < 1e12:
                raise ValidationError(self.env._("The amount overdue can't be below zero."))
            if not 1 <= company.customer_credit_green_months <= 120:
                raise ValidationError(self.env._("The months must be between 1 and 120."))

    @api.constrains("customer_unpaid_grace_days")
    def _check_customer_unpaid_grace_days(self):
        for company in self:
            if not 0 <= company.customer_unpaid_grace_days <= MAX_GRACE_DAYS:
                raise ValidationError(
                    self.env._("The days of grace must be between 0 and %(days)s.", days=MAX_GRACE_DAYS)
                )

    @api.model
    def _get_company_root_delegated_field_names(self):
        """Extended: branches wait as long as their company, as what they are owed adds up."""
        return [
            *super()._get_company_root_delegated_field_names(),
            "customer_unpaid_grace_days",
            *CREDIT_POLICY,
            "customer_credit_consumers",
            "customer_credit_approval",
            "customer_credit_approver_id",
        ]

    def write(self, vals):
        grace = vals.get("customer_unpaid_grace_days")
        changing = self.filtered(lambda company: company.customer_unpaid_grace_days != grace)
        res = super().write(vals)
        if "customer_unpaid_grace_days" in vals and changing:
            # Every invoice that was ever paid late is concerned: in the background.
            self.env["crm.customer.feed.state"].sudo().search(
                [("name", "=", "crm.customer.feed.account.arrears")]
            ).action_backfill()
        if not {"account_use_credit_limit", *CREDIT_POLICY}.isdisjoint(vals):
            self.env["crm.customer.metrics.queue"].sudo()._mark_query(
                SQL("SELECT commercial_partner_id FROM crm_customer_metrics WHERE company_id = ANY(%s)", self.ids)
            )
        return res
