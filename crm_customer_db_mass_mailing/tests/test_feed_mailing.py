# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .common import MailingFeedCommon


class TestMailingFeed(MailingFeedCommon):
    """What a mailing sent, and what its recipients did about it, in the customer file."""

    def test_sent_to_contacts(self):
        """One entry per recipient, with all that is known of the mailing."""
        mailing = self._mailing(self.customer + self.contact)
        actions = self._actions(mailing)
        self.assertEqual(actions.partner_id, self.customer + self.contact)
        self.assertEqual(actions.commercial_partner_id, self.customer)
        for action in actions:
            self.assertEqual((action.medium, action.state, action.subject), ("email", "sent", "Rebajas"))
            self.assertEqual(action.marketing_code, mailing.sudo().source_id.name)
            self.assertEqual(action.campaign_id, self.campaign)
            self.assertEqual(action.user_id, self.mailer)
            self.assertEqual(action.company_id, self.company_a, "a mailing has no company: the sender's")
            self.assertFalse(action.is_control)
        self.assertFalse(self._audit())

    def test_resolved_by_model(self):
        """A lead's contact, and the contact with the address of somebody on a list."""
        lead = self.env["crm.lead"].create({"name": "Tornos", "partner_id": self.contact.id})
        listed = self.env["mailing.contact"].create({"name": "Alguien", "email": "OLID@example.com"})
        stranger = self.env["mailing.contact"].create({"name": "Nadie", "email": "nadie@example.com"})
        self.assertEqual(self._actions(self._mailing(lead)).partner_id, self.contact)
        self.assertEqual(self._actions(self._mailing(listed)).partner_id, self.customer)
        self.assertFalse(self._actions(self._mailing(stranger)))

    def test_archived_and_double_address(self):
        """Of several contacts with one address it is the one in use, then the oldest."""
        old = self._partner(name="Antes", email="doble@example.com", active=False)
        new = self._partner(name="Ahora", email="doble@example.com")
        self._partner(name="Otro", email="doble@example.com")
        listed = self.env["mailing.contact"].create({"name": "Doble", "email": "doble@example.com"})
        self.assertEqual(self._actions(self._mailing(listed)).partner_id, new)
        self.assertTrue(old)

    def test_reactions(self):
        """Opening, clicking twice, replying: each is a response to what was sent."""
        self.contact.email = "pilar@example.com"
        mailing = self._mailing(self.contact)
        self.gateway_mail_trace_open(mailing.sudo(), self.contact)
        code = self.env["link.tracker.code"].search([("link_id.mass_mailing_id", "=", mailing.id)], limit=1).code
        trace = mailing.sudo().mailing_trace_ids
        for address in ("192.0.2.1", "192.0.2.2"):
            self.env["link.tracker.click"].add_click(code, ip=address, mailing_trace_id=trace.id)
        self.gateway_mail_trace_reply(mailing.sudo(), self.contact)
        reactions = self._reactions(mailing)
        self.assertEqual(sorted(reactions.mapped("kind")), ["click", "click", "open", "reply"])
        self.assertEqual(set(reactions.mapped("volume")), {1})
        self.assertEqual(reactions.partner_id, self.contact)
        self.assertEqual(reactions.campaign_id, self.campaign)
        self.assertEqual(reactions.company_id, self.company_a)
        self.assertEqual(self._actions(mailing).state, "delivered")
        self.assertFalse(self._audit())

    def test_bounce(self):
        """What came back was not delivered, and says so."""
        mailing = self._mailing(self.contact)
        self.gateway_mail_trace_bounce(mailing.sudo(), self.contact)
        self.assertEqual(self._actions(mailing).state, "failed")
        self.assertEqual(self._reactions(mailing).mapped("kind"), ["bounce"])

    def test_refused_is_cancelled(self):
        """Who refused e-mail gets none, and the file says that it was withheld."""
        self.env["mail.blacklist"]._add("pilar@example.com")
        mailing = self._mailing(self.contact)
        self.assertEqual(self._actions(mailing).state, "cancelled")

    def test_test_mail_is_nothing(self):
        """A mailing sent to oneself for a look is no marketing."""
        mailing = self._mailing(self.customer)
        trace = self.env["mailing.trace"].create(
            {
                "model": "res.partner",
                "res_id": self.contact.id,
                "mass_mailing_id": mailing.id,
                "is_test_trace": True,
                "email": "pilar@example.com",
            }
        )
        self.assertNotIn(trace.id, self._actions(mailing).mapped("source_id"))

    def test_merge_and_changed_address(self):
        """What was sent stays with the person: after a merge, and with a new address."""
        listed = self.env["mailing.contact"].create({"name": "Alguien", "email": "olid@example.com"})
        mailing = self._mailing(listed)
        self._reactions(mailing)
        self.customer.email = "nuevo@example.com"
        self._partner(name="Impostor", email="olid@example.com")
        self.assertFalse(self._audit())
        self.assertEqual(self._actions(mailing).partner_id, self.customer)
        target = self._partner(name="Talleres Olid SL", email="sl@example.com")
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.customer + target).ids, target)
        self.assertEqual(self._actions(mailing).partner_id, target)
        self.assertEqual(mailing.sudo().mailing_trace_ids.customer_partner_id, target)
        self.assertFalse(self._audit())

    def test_deleted(self):
        """A deleted mailing takes its entries along; nobody is undeletable for a mailing."""
        mailing = self._mailing(self.contact)
        self.gateway_mail_trace_open(mailing.sudo(), self.contact)
        self.assertTrue(self._reactions(mailing))
        action = self._actions(mailing)
        mailing.sudo().unlink()
        self.assertFalse(self.Action.search([("id", "=", action.id)]))
        self.assertFalse(self.Reaction.search([("partner_id", "=", self.contact.id)]))
        self._mailing(self.contact)
        self.contact.unlink()
        self.assertFalse(self.contact.exists())

    def test_companies(self):
        """The sender's company; a user sees no entry of another one."""
        self.mailer.company_id = self.company_b
        mailing = self._mailing(self.contact)
        self.assertEqual(self._actions(mailing).company_id, self.company_b)
        seen = self._as(self.user_marketing, self.Action, self.company_a).search([("partner_id", "=", self.contact.id)])
        self.assertFalse(seen)

    def test_nobody_changes_it(self):
        """Marketing reads and does not write what a mailing brought; Sales can't open it."""
        mailing = self._mailing(self.contact)
        action = self._actions(mailing)
        with self.assertRaises(AccessError):
            self._as(self.user_marketing, action).write({"state": "failed"})
        opened = self._as(self.mailer, action).action_open_document()
        self.assertEqual((opened["res_model"], opened["res_id"]), ("mailing.mailing", mailing.id))
        with self.assertRaises(UserError):
            self._as(self.user_sales_all, action).action_open_document()

    def test_backfill(self):
        """Mailings from before the installation come in, with their responses."""
        mailing = self._mailing(self.customer + self.contact)
        self.gateway_mail_trace_open(mailing.sudo(), self.contact)
        self.assertEqual(len(self._reactions(mailing)), 1)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_customer_marketing_reaction WHERE feed = 'mass_mailing'")
        self.env.cr.execute("DELETE FROM crm_customer_marketing_action WHERE feed = 'mass_mailing'")
        self.env.cr.execute("UPDATE mailing_trace SET customer_partner_id = NULL")
        self.env.invalidate_all()
        states = self.env["crm.customer.feed.state"].search([("name", "=like", "crm.customer.feed.mailing%")])
        states._backfill()
        self.assertEqual(len(self._actions(mailing)), 2)
        self.assertEqual(self._reactions(mailing).partner_id, self.contact)

    def test_big_mailing_is_few_statements(self):
        """Traces of a thousand recipients cost as many queries as those of ten."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}", "email": f"p{number}@example.com"} for number in range(200)]
        )

        def cost(records):
            self.env["mailing.trace"].create(
                [{"model": "res.partner", "res_id": record.id, "email": record.email} for record in records]
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env.cr.precommit.run()
            return self.env.cr.sql_log_count - before

        cost(partners[:1])
        few = cost(partners[:10])
        self.assertEqual(cost(partners), few)

    def test_date_of_what_waits(self):
        """What is in the queue is planned; sending gives it its date."""
        trace = self.env["mailing.trace"].create(
            {"model": "res.partner", "res_id": self.contact.id, "email": "pilar@example.com"}
        )
        action = self.Action.search([("source_ref", "=", f"mailing.trace,{trace.id}")])
        self.assertEqual(action.state, "planned")
        later = fields.Datetime.now() + timedelta(hours=3)
        trace.write({"trace_status": "sent", "sent_datetime": later})
        self.assertEqual(self.Action.search([("id", "=", action.id)]).state, "sent")
        self.assertEqual(action.date, later.replace(microsecond=0))
