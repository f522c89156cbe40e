from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch


class CustomerFeedMailing(models.AbstractModel):
    """What the feeds of one mailing's traces share."""

    _name = "crm.customer.feed.mailing"
    _inherit = "crm.customer.feed"
    _description = "Mailings"

    _feed = "mass_mailing"
    # The address keeps nobody from deleting a contact, so what was sent does not either.
    _loose = True

    @api.model
    def _documents_sql(self, model, ids):
        """A mailing's own fields are those of all its traces."""
        if model == "mailing.mailing" and self._document == "mailing.trace":
            return SQL("SELECT id FROM mailing_trace WHERE mass_mailing_id = ANY(%s)", list(ids))
        return super()._documents_sql(model, ids)

    @api.model
    def _openable(self, source_ids):
        """A trace says nothing: the document is the mailing."""
        if not self.env["mailing.mailing"].has_access("read"):
            return set()
        traces = self.env["mailing.trace"].sudo().browse(source_ids).exists()
        return set(traces.filtered("mass_mailing_id").ids)

    @api.model
    def _open(self, fact):
        trace = self.env["mailing.trace"].sudo().browse(fact.source_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": "mailing.mailing",
            "res_id": trace.mass_mailing_id.id,
            "views": [(False, "form")],
        }


class CustomerFeedMailingAction(models.AbstractModel):
    """Every e-mail and SMS of a mailing is something we sent: ``mailing.trace,ID``."""

    _name = "crm.customer.feed.mailing.action"
    _inherit = "crm.customer.feed.mailing"
    _description = "Mailings sent"

    _fact = "crm.customer.marketing.action"
    _document = "mailing.trace"
    _fact_columns = (
        "partner_id",
        "company_id",
        "date",
        "source_ref",
        "source_id",
        "user_id",
        "campaign_id",
        "medium",
        "subject",
        "marketing_code",
        "state",
        "is_control",
    )
    # Whoever was responsible then; a change of company of a user moves no history.
    _frozen = ("user_id",)
    _watch = {
        "mailing.trace": Watch(
            (
                "trace_status",
                "sent_datetime",
                "trace_type",
                "model",
                "res_id",
                "mass_mailing_id",
                "campaign_id",
                "is_test_trace",
                "customer_partner_id",
            )
        ),
        "mailing.mailing": Watch(("subject", "source_id"), path="trace"),
    }
    _depends = {"res.users": ["company_id"], "utm.source": ["name"]}

    @api.model
    def _sync(self, ids, as_of=None):
        self.env["mailing.trace"].sudo()._customer_resolve(ids)
        return super()._sync(ids, as_of)

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT t.customer_partner_id AS partner_id,
                   COALESCE(u.company_id, p.company_id, %(company)s) AS company_id,
                   COALESCE(t.sent_datetime, t.create_date) AS date,
                   'mailing.trace,' || t.id AS source_ref, t.id AS source_id,
                   m.user_id, t.campaign_id, m.subject, s.name AS marketing_code,
                   CASE t.trace_type WHEN 'sms' THEN 'sms' ELSE 'email' END AS medium,
                   CASE WHEN t.trace_status IN ('outgoing', 'process') THEN 'planned'
                        WHEN t.trace_status IN ('open', 'reply') THEN 'delivered'
                        WHEN t.trace_status = 'sent' AND t.trace_type = 'sms' THEN 'delivered'
                        WHEN t.trace_status IN ('sent', 'pending') THEN 'sent'
                        WHEN t.trace_status = 'cancel' THEN 'cancelled'
                        ELSE 'failed' END AS state,
                   FALSE AS is_control
              FROM mailing_trace t
              JOIN res_partner p ON p.id = t.customer_partner_id
              LEFT JOIN mailing_mailing m ON m.id = t.mass_mailing_id
              LEFT JOIN utm_source s ON s.id = m.source_id
              LEFT JOIN res_users u ON u.id = m.user_id
             WHERE NOT COALESCE(t.is_test_trace, FALSE) AND %(only)s
            """,
            company=self._fallback_company().id,
            only=self._only("t.id", ids),
        )
