from odoo import api, models


class MailNotification(models.Model):
    """Who is notified of a message by mail has got it."""

    _inherit = "mail.notification"

    @api.model_create_multi
    def create(self, vals_list):
        notifications = super().create(vals_list)
        # Not through crm.customer.feed.source: Odoo deletes notifications by the thousand
        # when our own people have read them, and nobody needs to look at that.
        by_mail = {vals["mail_message_id"] for vals in vals_list if vals.get("notification_type") == "email"}
        if by_mail:
            self.env["crm.customer.feed.mail"]._mark("mail.message", by_mail)
        return notifications
