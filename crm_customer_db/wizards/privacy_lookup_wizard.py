from odoo import models


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    def _get_query_models_blacklist(self):
        """Extended: facts are not listed one by one.

        There are thousands to a customer, and the button beside each would delete it.
        They are looked up and erased with the contact. Nor are consents: what was refused is
        never deleted from a list of things found.
        """
        facts = [model._name for model in self.env["crm.customer.fact"]._fact_models()]
        return super()._get_query_models_blacklist() + facts + ["crm.customer.consent"]
