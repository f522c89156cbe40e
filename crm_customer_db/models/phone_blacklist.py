from odoo import api, fields, models
from odoo.exceptions import UserError


class PhoneBlacklist(models.Model):
    """Odoo's list of refused phone numbers, which the consent ledger follows.

    Odoo looks at it before it sends an SMS; the customer file also before a call. A number
    that comes here from outside refuses both. One that the ledger put here may refuse only
    calls, or only messages.
    """

    _inherit = "phone.blacklist"

    customer_refused = fields.Selection(
        [("calls", "Calls only"), ("sms", "SMS only")],
        string="What was refused",
        readonly=True,
        help="Empty: calls and SMS. Odoo sends no SMS to any number of the list.",
    )

    # A number is recognised however it is written, see res.partner.
    _customer_plain_idx = models.Index("((regexp_replace(translate(number, ' .-/()', ''), '^00', '+')))")

    @api.model_create_multi
    def create(self, vals_list):
        # What the ledger puts here comes by SQL: from all others it is both, also where the
        # number was on the list for one of the two.
        listed = super().create([{**vals, "customer_refused": False} for vals in vals_list])
        active = listed.filtered("active")
        partial = active.filtered("customer_refused")
        partial.write({"active": True})
        self.env["crm.customer.consent"]._addresses_listed(self._name, (active - partial).mapped("number"))
        return listed

    def write(self, vals):
        if "customer_refused" in vals or vals.get("active"):
            vals = {**vals, "customer_refused": False}
        before = self.filtered("active").mapped("number") if "number" in vals else []
        result = super().write(vals)
        if not {"active", "number"}.isdisjoint(vals):
            self._customer_follow()
        if before:
            Consent = self.env["crm.customer.consent"].sudo()
            Consent._hold_addresses(Consent._contacts_at_sql(self._name, before))
        return result

    def _customer_follow(self):
        """Write into the ledger that these were put on the list or taken off it."""
        Consent = self.env["crm.customer.consent"]
        active = self.filtered("active")
        Consent._addresses_listed(self._name, active.mapped("number"))
        Consent._addresses_unlisted(self._name, (self - active).mapped("number"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_refused(self):
        names = self.env["crm.customer.consent"]._names_refusing(self._name, self.mapped("number"))
        if names:
            raise UserError(
                self.env._(
                    "These contacts refused calls or SMS: %s. Take the number off the list, with the reason, "
                    "instead of deleting it.",
                    names,
                )
            )
