from odoo import api, fields, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """What has happened with a contact, seen from the contact."""

    _inherit = "res.partner"

    customer_purchase_ids = fields.One2many(
        "crm.customer.purchase",
        "commercial_partner_id",
        string="Purchases",
        groups="crm_customer_db.group_customer_user",
    )
    customer_interaction_ids = fields.One2many(
        "crm.customer.interaction",
        "commercial_partner_id",
        string="Requests and correspondence",
        groups="crm_customer_db.group_customer_user,crm_customer_db.group_customer_data_entry",
    )
    customer_marketing_action_ids = fields.One2many(
        "crm.customer.marketing.action",
        "commercial_partner_id",
        string="Marketing sent",
        groups="crm_customer_db.group_customer_user",
    )
    customer_marketing_reaction_ids = fields.One2many(
        "crm.customer.marketing.reaction",
        "commercial_partner_id",
        string="Responses",
        groups="crm_customer_db.group_customer_user",
    )
    customer_fulfilment_ids = fields.One2many(
        "crm.customer.fulfilment",
        "commercial_partner_id",
        string="Deliveries and incidents",
        groups="crm_customer_db.group_customer_user",
    )
    customer_survey_answer_ids = fields.One2many(
        "crm.customer.survey.answer",
        "commercial_partner_id",
        string="Survey answers",
        groups="crm_customer_db.group_customer_user,crm_customer_db.group_customer_data_entry",
    )
    customer_metrics_ids = fields.One2many(
        "crm.customer.metrics",
        "commercial_partner_id",
        string="Figures",
        groups="crm_customer_db.group_customer_user",
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_facts(self):
        """Say what keeps a contact before the foreign key says it in SQL."""
        kept = self.env["crm.customer.fact"]._fact_let_go(self)
        for partner in self:
            if partner.id in kept:
                raise UserError(
                    self.env._(
                        "%(contact)s has %(what)s: archive or erase the contact instead of deleting it.",
                        contact=partner.display_name,
                        what=", ".join(kept[partner.id]),
                    )
                )
