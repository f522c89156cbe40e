from odoo import models

from odoo.addons.crm_customer_db.models.crm_customer_consent import GIVING_GROUPS

from .crm_customer_import_contact_target import CONSENTS


class CrmCustomerImport(models.Model):
    """What a file says about advertising. A refusal is never turned round by it."""

    _inherit = "crm.customer.import"

    def _write_consents(self, plans):
        """Add refusals that are not known yet, and consents of those who have refused nothing.

        :param plans: list of ``Plan`` that were written
        :return: (ids of the customers of whom something was added, dict id of a row → notes to be known)
        """
        heard, notes = set(), {}
        asking = [plan.customer for plan in plans if plan.customer.consents]
        if not asking:
            return heard, notes
        partners = self.env["res.partner"].browse([customer.partner.id for customer in asking])
        refused = partners.sudo()._customer_refused_channels()
        given = self._given_channels(partners)
        may_give = self.env.user.has_groups(GIVING_GROUPS)
        refusals, consents = {}, []
        headers = {column.target: column.header for column in self.column_ids if column.target}
        for customer in asking:
            for channel, is_given in customer.consents.items():
                own = refused.get(customer.partner.id, ())
                header = headers.get(f"consent:{channel}", "")
                has_refused = set(CONSENTS if channel == "all" else [channel]) <= set(own)
                if not is_given:
                    if not has_refused:
                        refusals.setdefault(channel, []).append(customer.partner.id)
                elif has_refused or not customer.consents.get("all", True):
                    words = self.env._("The customer has refused it: the consent is left out.")
                    notes.setdefault(customer.rows[0], []).append((header, words))
                elif (customer.partner.id, channel) not in given:
                    if may_give:
                        consents.append(self._consent_values(customer.partner.id, channel))
                    else:
                        words = self.env._("Only marketing and data protection record consents: it is left out.")
                        notes.setdefault(customer.rows[0], []).append((header, words))
        proof = self._consent_proof()
        for channel, ids in refusals.items():
            heard.update(self._refuse(ids, channel, proof))
        partners._customer_consent_log(consents)
        heard.update(values["partner_id"] for values in consents)
        return heard, notes

    def _refuse(self, ids, channel, proof):
        """Add refusals of one channel.

        :return: ids of customers of whom any was added
        """
        consents = self.env["crm.customer.consent"].sudo()
        domain = [("partner_id", "in", ids), ("channel", "=", channel), ("state", "=", "refused")]
        known = set(consents.search(domain).ids)
        self.env["res.partner"].browse(ids)._customer_refuse(channel, "import", proof=proof)
        return consents.search([*domain, ("id", "not in", known)]).partner_id.ids

    def _given_channels(self, partners):
        """Consents to advertising that stand in the ledger: set of (id of a partner, channel)."""
        found = (
            self.env["crm.customer.consent"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", partners.ids),
                    ("state", "=", "given"),
                    ("purpose", "=", "marketing"),
                    ("company_id", "in", (False, self.company_id.root_id.id)),
                ],
                ["partner_id", "channel"],
            )
        )
        return {(entry.partner_id.id, entry.channel) for entry in found}

    def _consent_values(self, partner_id, channel):
        return {
            "partner_id": partner_id,
            "company_id": self.company_id.id,
            "channel": channel,
            "purpose": "marketing",
            "state": "given",
            "source": "import",
            "proof": self._consent_proof(),
        }

    def _consent_proof(self):
        return self.env._("File “%(file)s” of %(origin)s.", file=self.file_name, origin=self.source)
