from odoo import fields, models
from odoo.exceptions import UserError


class CrmCustomerInteraction(models.Model):
    """Mails from customers that somebody has to do something about."""

    _inherit = "crm.customer.interaction"

    def action_make_request(self):
        """Make requests of mails that came in: with a responsible, a deadline and an activity.

        From then on they are entries of their own, which whoever is responsible answers
        and corrects; the mail stays where it is, and is not copied a second time.

        :raise AccessError: when the user may not enter requests, or not see these mails
        :raise UserError: when one of these is no mail that came in
        """
        self._followup_check_rights()
        mails = self.sudo()
        if any((mail.kind, mail.direction) != ("email", "in") or mail.feed not in ("mail", "manual") for mail in mails):
            raise UserError(self.env._("Only e-mails from a customer can be made into requests."))
        today = fields.Date.context_today(self)
        for mail in mails:
            vals = {"partner_id": mail.partner_id.id, "company_id": mail.company_id.id, "user_id": mail.user_id.id}
            # counted from today: the mail may have waited for weeks
            mail.write({"deadline": today, **self._followup_complete(vals, today)})
        mails.write({"feed": "manual", "kind": "request", "state": "open"})
        return True
