from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# A customer who became late in so many days gets the call; who was late long before the setting, none.
FRESH_DAYS = 7


class ResCompany(models.Model):
    """Whether a call is planned by itself when a customer is late to reorder."""

    _inherit = "res.company"

    customer_late_activity = fields.Boolean(
        string="Plan a call when a customer is late to reorder",
        groups="crm_customer_db.group_customer_user",
        help="For the salesperson of the customer, the night after the next purchase was due. None twice in 30 days.",
    )
    customer_late_amount = fields.Monetary(
        string="From a year's purchases of",
        groups="crm_customer_db.group_customer_user",
        help="Customers who bought for less in a year are not called for this.",
    )

    @api.constrains("customer_late_amount")
    def _check_customer_late_amount(self):
        for company in self:
            if not 0 <= company.customer_late_amount <= 1e12:
                raise ValidationError(self.env._("The least amount of a year is 0 or more."))


class CrmCustomerMetrics(models.Model):
    """Calls that are planned by the night."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _cron_nightly(self):
        res = super()._cron_nightly()
        self._plan_late_activities(self._as_of())
        return res

    @api.model
    def _plan_late_activities(self, as_of):
        """A call for the salesperson of each customer who has just become late to reorder.

        :param as_of: date that stands for today
        :return: number of activities (int)
        """
        Launch = self.env["crm.customer.launch"]
        call = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        count = 0
        for company in self.env["res.company"].sudo().search([("customer_late_activity", "=", True)]):
            rows = self.search(
                Domain("company_id", "=", company.id)
                & Domain("next_purchase_due", "<", as_of)
                & Domain("next_purchase_due", ">=", as_of - relativedelta(days=FRESH_DAYS))
                & Domain("amount_at_risk", ">=", max(company.customer_late_amount, 0.01))
                & Domain("commercial_partner_id.active", "=", True)
                & Domain("commercial_partner_id.user_id.active", "=", True)
                & Domain("commercial_partner_id.user_id.share", "=", False)
                & Domain("lifecycle", "!=", "former")
            )
            rested = Launch._rested(rows, {"kind": "activity", "day": as_of})
            # each is told in his own language, which nobody's is in the night
            for lang, theirs in rested.grouped(lambda row: row.user_id.lang).items():
                env = self.with_context(lang=lang).env
                launch = Launch.with_context(lang=lang)._launch(
                    theirs,
                    {
                        "name": env._("Late to reorder"),
                        "company_id": company.id,
                        "day": as_of,
                        "kind": "activity",
                        "activity_type_id": call.id if call else False,
                        "date_deadline": as_of,
                        "summary": env._("Late to reorder: ask why"),
                    },
                )
                count += launch.customer_count
        return count
