from odoo import api, models
from odoo.tools import SQL


class MailingSubscription(models.Model):
    """Unsubscribing, and what it says about e-mail as such.

    Leaving one of several lists is a choice between lists. Who has left the last one has
    refused e-mail, and that goes into the ledger of consents, with the list as proof.
    """

    _name = "mailing.subscription"
    _inherit = ["mailing.subscription", "crm.customer.feed.source"]

    @api.model_create_multi
    def create(self, vals_list):
        subscriptions = super().create(vals_list)
        subscriptions.filtered("opt_out")._customer_log_refusal()
        return subscriptions

    def write(self, vals):
        leaving = self.filtered(lambda subscription: not subscription.opt_out)
        res = super().write(vals)
        leaving.filtered("opt_out")._customer_log_refusal()
        return res

    def _customer_log_refusal(self):
        """Record the refusal of those who are on no list any more."""
        if not self:
            return
        self.flush_model(["opt_out", "contact_id"])
        self.env["mailing.contact"].flush_model(["email_normalized"])
        self.env["res.partner"].flush_model(["email_normalized"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT sub.list_id, array_agg(DISTINCT p.id)
                  FROM mailing_subscription sub
                  JOIN mailing_contact contact ON contact.id = sub.contact_id
                  JOIN res_partner p ON p.email_normalized = contact.email_normalized
                 WHERE sub.id = ANY(%s)
                   AND NOT EXISTS (SELECT FROM mailing_subscription other
                                    WHERE other.contact_id = sub.contact_id AND NOT COALESCE(other.opt_out, FALSE))
                 GROUP BY sub.list_id
                """,
                self.ids,
            )
        )
        lists = self.env["mailing.list"].sudo().browse(list_id for list_id, _partners in rows)
        names = {mailing_list.id: mailing_list.name for mailing_list in lists}
        for list_id, partner_ids in rows:
            self.env["res.partner"].sudo().browse(partner_ids)._customer_refuse(
                "email", "unsubscribe", proof=self.env._("Left the mailing list “%s”", names[list_id])
            )
