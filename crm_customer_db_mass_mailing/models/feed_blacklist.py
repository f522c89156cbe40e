from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

from .feed_reaction import COLUMNS


class CustomerFeedMailingBlacklist(models.AbstractModel):
    """Refusing all e-mail from a mailing's link is a response to it: ``mail.blacklist,ID``.

    Only where the recipient did it (Odoo then works as the public or a portal user, or
    keeps the reason he gave); what a colleague puts on the list is no response.
    """

    _name = "crm.customer.feed.mailing.blacklist"
    _inherit = "crm.customer.feed.mailing"
    _description = "Refusing all e-mail"

    _fact = "crm.customer.marketing.reaction"
    _document = "mail.blacklist"
    _fact_columns = COLUMNS
    _frozen = ("user_id",)
    _sequence = 20
    _watch = {"mail.blacklist": Watch(("active", "email", "opt_out_reason_id"))}
    _depends = {"res.partner": ["email_normalized"]}

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT a.partner_id, a.company_id, b.create_date AS date,
                   'mail.blacklist,' || b.id || ',' || a.partner_id AS source_ref, b.id AS source_id,
                   a.user_id, a.campaign_id, a.id AS action_id, 'unsubscribe' AS kind, 1 AS volume
              FROM mail_blacklist b
              JOIN res_users said_by ON said_by.id = b.create_uid
              JOIN res_partner p ON p.email_normalized = b.email
             CROSS JOIN LATERAL (
                SELECT action.* FROM crm_customer_marketing_action action
                 WHERE action.partner_id = p.id AND action.feed = 'mass_mailing' AND action.medium = 'email'
                   AND action.state IN ('sent', 'delivered') AND action.date <= b.create_date
                 ORDER BY action.date DESC, action.id DESC LIMIT 1
             ) a
             WHERE b.active AND (said_by.share OR b.opt_out_reason_id IS NOT NULL) AND %s
            """,
            self._only("b.id", ids),
        )

    @api.model
    def _openable(self, source_ids):
        return set(self.env["mail.blacklist"].browse(source_ids)._filtered_access("read").exists().ids)

    @api.model
    def _open(self, fact):
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.blacklist",
            "res_id": fact.source_id,
            "views": [(False, "form")],
        }
