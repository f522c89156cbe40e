from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

# A change of these moves the mails and calls of a lead to another customer or company.
OWNER = ("company_id", "partner_id")


class CrmCustomerFeed(models.AbstractModel):
    """Mails and calls on leads are those of their customers."""

    _inherit = "crm.customer.feed"

    @api.model
    def _customer_documents(self):
        return {**super()._customer_documents(), "crm.lead": ("partner_id", "company_id", "name")}


class CrmCustomerFeedMailActivity(models.AbstractModel):
    """Calls and visits on a lead follow it to another contact."""

    _inherit = "crm.customer.feed.mail.activity"

    @property
    def _watch(self):
        return {**super()._watch, "crm.lead": Watch(OWNER)}

    @api.model
    def _documents_sql(self, model, ids):
        if model != "crm.lead":
            return super()._documents_sql(model, ids)
        return SQL("SELECT id FROM mail_activity WHERE res_model = 'crm.lead' AND res_id = ANY(%s)", list(ids))

    @api.model
    def _relevant(self, records):
        if records._name == "crm.lead":
            return records.browse()
        return super()._relevant(records)

    @api.model
    def _relevant_changes(self, records, names):
        if records._name == "crm.lead":
            return records
        return super()._relevant_changes(records, names)


class CrmCustomerFeedMail(models.AbstractModel):
    """Mails on a lead: those of unknown senders are of its contact, as soon as it has one."""

    _inherit = "crm.customer.feed.mail"

    @property
    def _watch(self):
        return {**super()._watch, "crm.lead": Watch(("name", *OWNER))}

    @api.model
    def _documents_sql(self, model, ids):
        if model != "crm.lead":
            return super()._documents_sql(model, ids)
        return SQL("SELECT id FROM mail_message WHERE model = 'crm.lead' AND res_id = ANY(%s)", list(ids))

    @api.model
    def _relevant(self, records):
        if records._name == "crm.lead":
            return records.browse()
        return super()._relevant(records)

    @api.model
    def _exclude(self):
        """The mail that made a lead is told by the lead."""
        made_it = SQL(
            """
            mail.model = 'crm.lead' AND mail.direction = 'in'
            AND EXISTS (SELECT FROM crm_lead l
                         WHERE l.id = mail.res_id AND l.partner_id IS NOT NULL AND l.name = mail.subject
                           AND mail.create_date BETWEEN l.create_date AND l.create_date + interval '1 minute')
            """
        )
        return [*super()._exclude(), made_it]
