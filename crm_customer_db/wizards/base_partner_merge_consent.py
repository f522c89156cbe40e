from odoo import models
from odoo.tools import SQL

from ..tools import consent


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """A merge keeps every entry of the ledger, and a refusal on either side holds."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Extended: the entries move; what one of the contacts refused is said anew if need be.

        A later consent of the other contact would otherwise stand after the refusal.
        """
        before = self._customer_standing_refusals(src_partners | dst_partner)
        res = super()._update_foreign_keys(src_partners, dst_partner)
        after = self._customer_standing_refusals(dst_partner)
        names = ", ".join((src_partners | dst_partner).sudo().mapped("display_name"))
        lost = sorted(before - after, key=str)
        self.env["crm.customer.consent"].sudo().create(
            [
                {
                    "partner_id": dst_partner.id,
                    "channel": channel,
                    "purpose": purpose,
                    "company_id": company_id,
                    "state": "refused",
                    "source": "merge",
                    "proof": self.env._("Refused by one of the merged contacts: %s.", names),
                }
                for channel, purpose, company_id in lost
            ]
        )
        return res

    def _update_values(self, src_partners, dst_partner):
        """Extended: the address that the contact is left with is refused, too."""
        res = super()._update_values(src_partners, dst_partner)
        Consent = self.env["crm.customer.consent"].sudo()
        Consent._hold_addresses(Consent._ids_sql(dst_partner))
        return res

    def _customer_standing_refusals(self, partners):
        """What any of the contacts refuses, by the ledger or by a blacklist.

        :return: set of (channel, purpose, company id or None)
        """
        Consent = self.env["crm.customer.consent"]
        Consent._flush_lists()
        by_ledger = SQL(
            "SELECT DISTINCT asked.channel, aim.purpose, company.id FROM unnest(%(ids)s::int[]) AS partner (id)"
            " CROSS JOIN unnest(%(channels)s::varchar[]) AS asked (channel)"
            " CROSS JOIN unnest(%(purposes)s::varchar[]) AS aim (purpose)"
            " CROSS JOIN (SELECT NULL::int AS id UNION"
            " SELECT company_id FROM crm_customer_consent WHERE partner_id = ANY(%(ids)s)) company"
            " WHERE EXISTS (%(refused)s)",
            ids=partners.ids,
            channels=list(consent.CHANNELS),
            purposes=list(consent.PURPOSES),
            refused=Consent._refusals_sql(
                SQL("asked.channel"), SQL("aim.purpose"), SQL("company.id"), SQL("partner.id")
            ),
        )
        by_list = SQL(
            "SELECT asked.channel, 'marketing', NULL FROM res_partner partner"
            " CROSS JOIN unnest(ARRAY['email', 'phone', 'sms']) AS asked (channel)"
            " WHERE partner.id = ANY(%s) AND CASE asked.channel WHEN 'email' THEN %s WHEN 'phone' THEN %s ELSE %s END",
            partners.ids,
            partners._customer_email_listed_sql(),
            partners._customer_number_listed_sql("phone"),
            partners._customer_number_listed_sql("sms"),
        )
        return set(self.env.execute_query(SQL("%s UNION %s", by_ledger, by_list)))
