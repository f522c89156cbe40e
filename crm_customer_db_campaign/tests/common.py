# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon


class CampaignCommon(CustomerDbCommon):
    """Campaigns, what was sent for them, and what was bought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Attribution = cls.env["crm.customer.attribution"]
        cls.Result = cls.env["crm.customer.campaign.result"]
        cls.customer = cls._partner(name="Cliente", customer_mark="customer")
        cls.spring, cls.summer = cls.env["utm.campaign"].create([{"title": "Primavera"}, {"title": "Verano"}])

    @classmethod
    def _send(cls, campaign, date, partner=None, **vals):
        return cls.env["crm.customer.marketing.action"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company_a.id,
                "campaign_id": campaign.id,
                "date": date,
                "medium": "email",
                **vals,
            }
        )

    @classmethod
    def _respond(cls, campaign, date, partner=None, **vals):
        return cls.env["crm.customer.marketing.reaction"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company_a.id,
                "campaign_id": campaign.id,
                "date": date,
                "kind": "click",
                **vals,
            }
        )

    @classmethod
    def _buy(cls, date, amount=100.0, partner=None, **vals):
        return cls.env["crm.customer.purchase"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company_a.id,
                "date": date,
                "amount": amount,
                "amount_invoiced": amount,
                **vals,
            }
        )

    @classmethod
    def _model(cls, model, days=90, company=None):
        (company or cls.company_a).write({"customer_attribution": model, "customer_attribution_days": days})

    def _attribute(self, partners=None):
        return self.Attribution._attribute_customers((partners or self.customer).ids)

    def _credit(self, purchase):
        """Who is credited with a purchase.

        :return: dict of name of a campaign, or None → weight
        """
        rows = self.Attribution.search([("purchase_id", "=", purchase.id)])
        return {row.campaign_id.title or None: row.weight for row in rows}
