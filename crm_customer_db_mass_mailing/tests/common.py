# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A marketing user who sends mailings, and contacts, leads and addresses that get them."""

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon
from odoo.addons.mass_mailing.tests.common import MassMailCase


class MailingFeedCommon(MassMailCase, CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "mail_notrack": False})
        cls.mailer = new_test_user(
            cls.env,
            login="cdb_mailer",
            email="marketing@example.com",
            groups="mass_mailing.group_mass_mailing_user,base.group_partner_manager",
            company_id=cls.company_a.id,
            company_ids=[Command.set((cls.company_a + cls.company_b).ids)],
        )
        cls.customer = cls._partner(name="Talleres Olid", email="olid@example.com")
        cls.contact = cls._person(name="Pilar", parent_id=cls.customer.id, email="Pilar <pilar@Example.com>")
        cls.campaign = cls.env["utm.campaign"].create({"title": "Otoño"})
        cls.Action = cls.env["crm.customer.marketing.action"]
        cls.Reaction = cls.env["crm.customer.marketing.reaction"]

    def _mailing(self, records, user=None, **vals):
        """A mailing to records, sent as the marketing user sends it."""
        user = user or self.mailer
        mailing = (
            self.env["mailing.mailing"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_id.ids)
            .create(
                {
                    "subject": "Rebajas",
                    "name": "REB-1",
                    "mailing_model_id": self.env["ir.model"]._get_id(records._name),
                    "mailing_domain": [("id", "in", records.ids)],
                    "campaign_id": self.campaign.id,
                    "email_from": "marketing@example.com",
                    "body_html": '<p>Hola <a href="https://www.example.com/rebajas">Ver</a></p>',
                    **vals,
                }
            )
        )
        with self.mock_mail_gateway():
            mailing.action_send_mail(records.ids)
        return mailing

    def _actions(self, mailing):
        traces = mailing.sudo().mailing_trace_ids
        return self.Action.search(
            [("source_model", "=", "mailing.trace"), ("source_id", "in", traces.ids)], order="partner_id"
        )

    def _reactions(self, mailing):
        return self.Reaction.search([("action_id", "in", self._actions(mailing).ids)], order="date, id")

    def _audit(self):
        states = self.env["crm.customer.feed.state"].search([("name", "=like", "crm.customer.feed.mailing%")])
        states._backfill()
        return {name: ids for name, ids in states._audit().items() if ids}
