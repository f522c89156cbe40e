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
