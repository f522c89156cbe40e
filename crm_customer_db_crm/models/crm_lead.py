from odoo import models


class CrmLead(models.Model):
    """Leads are requests of the customer file, and know where new customers came from."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "crm.customer.feed.source"]

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """Extended: whoever becomes a contact through a lead has come by its origin.

        A contact of a company has the origin of the company.
        """
        values = super()._prepare_customer_values(partner_name, is_company=is_company, parent_id=parent_id)
        if not parent_id:
            origin = self.env["crm.customer.origin"].sudo()._from_utm(self.source_id, self.medium_id)
            if origin:
                values["customer_origin_id"] = origin.id
        return values

    def _customer_answered(self):
        """Look again whether these leads have been answered."""
        if self.ids:
            self.env["crm.customer.feed.crm.lead"]._mark("crm.lead", self.ids)

    def _merge_dependences_history(self, opportunities):
        """Extended: Odoo moves planned activities only, and deletes those that are done with the merged lead."""
        done = (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", opportunities.ids), ("active", "=", False)])
        )
        done.write({"res_id": self.id})
        return super()._merge_dependences_history(opportunities)
