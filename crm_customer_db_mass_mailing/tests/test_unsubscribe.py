# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields

from .common import MailingFeedCommon


class TestUnsubscribe(MailingFeedCommon):
    """Leaving a list, refusing all mail: responses, and refusals that are never lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.news, cls.offers = cls.env["mailing.list"].create([{"name": "Noticias"}, {"name": "Ofertas"}])
        cls.listed = cls.env["mailing.contact"].create(
            {
                "name": "Pilar",
                "email": "pilar@example.com",
                "subscription_ids": [(0, 0, {"list_id": cls.news.id}), (0, 0, {"list_id": cls.offers.id})],
            }
        )

    def _leave(self, mailing_list):
        subscription = self.listed.subscription_ids.filtered(lambda sub: sub.list_id == mailing_list)
        subscription.write({"opt_out": True, "opt_out_datetime": fields.Datetime.now() + timedelta(minutes=5)})
        return subscription

    def _send(self):
        return self._mailing(
            self.listed,
            mailing_model_id=self.env["ir.model"]._get_id("mailing.list"),
            contact_list_ids=[(6, 0, self.news.ids)],
            mailing_domain=[],
        )

    def test_leaving_one_list(self):
        """It answers the last mailing, and is no refusal while another list is wanted."""
        mailing = self._send()
        self._leave(self.news)
        self.assertEqual(self._reactions(mailing).mapped("kind"), ["unsubscribe"])
        self.assertEqual(self._reactions(mailing).partner_id, self.contact)
        self.assertFalse(self.contact.customer_no_email)
        self.assertFalse(self._audit())

    def test_leaving_the_last_list(self):
        """Who is on no list any more has refused e-mail, with the list as proof."""
        self._leave(self.news)
        self._leave(self.offers)
        self.env.invalidate_all()
        self.assertTrue(self.contact.customer_no_email)
        entries = self.env["crm.customer.consent"].search([("partner_id", "=", self.contact.id)])
        self.assertEqual(entries.mapped("source"), ["unsubscribe"])
        self.assertIn("Ofertas", entries.proof)
        self.assertFalse(self.customer.customer_no_email, "another address of the company")

    def test_coming_back(self):
        """Subscribing again takes the response away, not the refusal."""
        mailing = self._send()
        left = self._leave(self.news)
        self._leave(self.offers)
        left.write({"opt_out": False})
        self.assertFalse(self._reactions(mailing).filtered(lambda reaction: reaction.source_id == left.id))
        self.env.invalidate_all()
        self.assertTrue(self.contact.customer_no_email)

    def test_refusing_all_mail(self):
        """The link below a mailing puts the address on Odoo's list: a response of the recipient."""
        mailing = self._mailing(self.contact)
        mailing.sudo().mailing_trace_ids.sent_datetime = fields.Datetime.now() - timedelta(days=1)
        public = self.env.ref("base.public_user")
        self.env(user=public)["mail.blacklist"].sudo()._add("pilar@example.com")
        self.assertEqual(self._reactions(mailing).mapped("kind"), ["unsubscribe"])
        self.env.invalidate_all()
        self.assertTrue(self.contact.customer_no_email)

    def test_colleague_blacklists(self):
        """What a colleague enters is a refusal, but no response to a mailing."""
        mailing = self._mailing(self.contact)
        self.env(user=self.mailer)["mail.blacklist"].sudo()._add("pilar@example.com")
        self.assertFalse(self._reactions(mailing))
        self.env.invalidate_all()
        self.assertTrue(self.contact.customer_no_email)
