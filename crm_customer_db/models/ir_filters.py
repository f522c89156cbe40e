from odoo import api, models


class IrFilters(models.Model):
    """Favourites that come with the package, in the reader's language.

    The name of a favourite is no translatable column in Odoo, because users name their
    own. Those that are shipped are renamed as they are read.
    """

    _inherit = "ir.filters"

    @api.model
    def _customer_favourite_names(self):
        """Names of the shipped favourites: dict of XML id and text."""
        return {
            "crm_customer_db.crm_customer_purchase_favourite_categ_month": self.env._(
                "Ordered by product type and month"
            ),
            "crm_customer_db.crm_customer_purchase_favourite_top_customers": self.env._(
                "Top customers of the last 12 months"
            ),
            "crm_customer_db.crm_customer_purchase_favourite_channel_payment": self.env._(
                "By channel and payment method"
            ),
            "crm_customer_db.crm_customer_purchase_favourite_promotions": self.env._(
                "What promotions brought, by month"
            ),
            "crm_customer_db.crm_customer_interaction_favourite_requests": self.env._("Requests by state and month"),
            "crm_customer_db.crm_customer_interaction_favourite_hours": self.env._(
                "Hours until the answer, by responsible"
            ),
            "crm_customer_db.crm_customer_interaction_favourite_quotations": self.env._(
                "Quotations by outcome and month"
            ),
            "crm_customer_db.crm_customer_interaction_favourite_contacts": self.env._(
                "Calls, letters and visits by salesperson"
            ),
            "crm_customer_db.crm_customer_marketing_action_favourite_campaign": self.env._(
                "What was sent, by campaign and medium"
            ),
            "crm_customer_db.crm_customer_marketing_action_favourite_cost": self.env._(
                "What it cost, by campaign and month"
            ),
            "crm_customer_db.crm_customer_marketing_action_favourite_control": self.env._("Control groups by campaign"),
            "crm_customer_db.crm_customer_marketing_action_favourite_failed": self.env._(
                "What did not arrive, by medium and month"
            ),
            "crm_customer_db.crm_customer_marketing_reaction_favourite_campaign": self.env._(
                "Responses by campaign and kind"
            ),
            "crm_customer_db.crm_customer_marketing_reaction_favourite_amount": self.env._(
                "What responses brought, by campaign"
            ),
            "crm_customer_db.crm_customer_marketing_reaction_favourite_coupons": self.env._(
                "Coupons redeemed by month"
            ),
            "crm_customer_db.crm_customer_marketing_reaction_favourite_refusals": self.env._(
                "Unsubscribed, bounced and complained, by month"
            ),
            "crm_customer_db.crm_customer_fulfilment_favourite_kind_month": self.env._(
                "Deliveries & incidents by kind and month"
            ),
            "crm_customer_db.crm_customer_fulfilment_favourite_late": self.env._("Late deliveries by month"),
            "crm_customer_db.crm_customer_fulfilment_favourite_complaints": self.env._(
                "Complaints by responsible and state"
            ),
            "crm_customer_db.crm_customer_fulfilment_favourite_unpaid": self.env._(
                "Overdue and returned unpaid, by customer"
            ),
            "crm_customer_db.crm_customer_survey_answer_favourite_question": self.env._(
                "Answers by survey and question"
            ),
            "crm_customer_db.crm_customer_survey_answer_favourite_average": self.env._(
                "Average marks by question and month"
            ),
            "crm_customer_db.crm_customer_survey_answer_favourite_customers": self.env._(
                "Who has answered what, by customer"
            ),
            "crm_customer_db.res_partner_favourite_territory_kind": self.env._("Customers by territory and kind"),
            "crm_customer_db.res_partner_favourite_origin_priority": self.env._("Customers by origin and priority"),
            "crm_customer_db.res_partner_favourite_activity_size": self.env._("Companies by activity and size"),
            "crm_customer_db.res_partner_favourite_new_names": self.env._("New names by month and origin"),
        }

    @api.model
    def get_filters(self, model, action_id=None, embedded_action_id=None, embedded_parent_res_id=None):
        """Extended: shipped favourites have translated names.

        One that an administrator has renamed keeps the name he gave it.
        """
        found = super().get_filters(model, action_id, embedded_action_id, embedded_parent_res_id)
        if not self.env.lang or self.env.lang == "en_US":
            return found
        shipped = self.with_context(lang=None)._customer_favourite_names()
        translated = self._customer_favourite_names()
        ids = {record.id: xmlid for xmlid in shipped if (record := self.env.ref(xmlid, raise_if_not_found=False))}
        for favourite in found:
            xmlid = ids.get(favourite["id"])
            if xmlid and favourite["name"] == shipped[xmlid]:
                favourite["name"] = translated[xmlid]
        return found
