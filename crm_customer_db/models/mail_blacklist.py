from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class MailBlacklist(models.Model):
    """Odoo's list of refused e-mail addresses, which the consent ledger follows.

    Every way onto the list passes here: the list itself, Odoo's buttons, an unsubscribe
    link, a mail that comes back, an import.
    """

    _inherit = "mail.blacklist"

    @api.model_create_multi
    def create(self, vals_list):
        listed = super().create(vals_list)
        # Odoo gives back an address that was once taken off as it is, which would lose the
        # refusal; and who was on the list already may have been there for somebody else.
        asked = {email_normalize(vals["email"]) for vals in vals_list if vals.get("active", True)}
        off = listed.filtered(lambda entry: not entry.active and entry.email in asked)
        off.action_unarchive()
        active = (listed - off).filtered("active")
        self.env["crm.customer.consent"]._addresses_listed(self._name, active.mapped("email"))
        return listed

    def write(self, vals):
        before = self.filtered("active").mapped("email") if "email" in vals else []
        result = super().write(vals)
        if not {"active", "email"}.isdisjoint(vals):
            self._customer_follow()
        if before:
            # a corrected address: what was refused at the one before stays refused
            Consent = self.env["crm.customer.consent"].sudo()
            Consent._hold_addresses(Consent._contacts_at_sql(self._name, before))
        return result

    def _customer_follow(self):
        """Write into the ledger that these were put on the list or taken off it."""
        Consent = self.env["crm.customer.consent"]
        active = self.filtered("active")
        Consent._addresses_listed(self._name, active.mapped("email"))
        Consent._addresses_unlisted(self._name, (self - active).mapped("email"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_refused(self):
        names = self.env["crm.customer.consent"]._names_refusing(self._name, self.mapped("email"))
        if names:
            raise UserError(
                self.env._(
                    "These contacts refused e-mails: %s. Take the address off the list, with the reason, "
                    "instead of deleting it.",
                    names,
                )
            )
