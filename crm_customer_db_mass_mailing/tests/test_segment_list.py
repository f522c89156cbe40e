# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .common import MailingFeedCommon


class TestSegmentList(MailingFeedCommon):
    """A mailing list that follows a segment, and never turns a refusal round."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two, cls.none, cls.twin = (
            cls._partner(name=name, email=email, city="Lugo", customer_mark="customer")
            for name, email in (
                ("One", "one@example.com"),
                ("Two", "two@example.com"),
                ("None", False),
                ("Twin", "One@example.com"),
            )
        )
        cls.segment = cls._as(cls, cls.mailer, cls.env["crm.customer.segment"]).create(
            {"name": "Lugo", "rule_domain": "[('city', '=', 'Lugo')]"}
        )
        cls.list = cls.env["mailing.list"].browse(cls.segment.action_make_mailing_list()["res_id"])

    def _emails(self, opt_out=False):
        self.env.flush_all()
        self.env.invalidate_all()
        subscriptions = self.list.subscription_ids.filtered(lambda sub: bool(sub.opt_out) == opt_out)
        return sorted(subscriptions.contact_id.mapped("email_normalized"))

    def _drain(self):
        self.env["crm.customer.metrics"]._drain()

    def test_follows(self):
        """An address once, whoever has it; members who come and go; who has no address is counted."""
        self.assertEqual(self._emails(), ["one@example.com", "two@example.com"])
        self.assertEqual(self.list.contact_ids.customer_partner_id.sorted("id"), self.one + self.two)
        self.assertEqual(self.segment.without_email_count, 1)
        action = self.segment.action_open_without_email()
        self.assertEqual(self.env["res.partner"].search(action["domain"]), self.none)
        self.two.city = "Vigo"
        self.none.email = "none@example.com"
        self.one.email = "uno@example.com"
        self._drain()
        self.assertEqual(self._emails(), ["none@example.com", "one@example.com", "uno@example.com"])
        byhand = self.env["mailing.contact"].create(
            {"email": "hand@example.com", "subscription_ids": [(0, 0, {"list_id": self.list.id})]}
        )
        self.segment.sudo()._refresh()
        self.assertIn(byhand.email_normalized, self._emails())

    def test_refusals_stay(self):
        """Who left the list stays out: as a member, after leaving and entering, under another contact."""
        left = self.list.subscription_ids.filtered(lambda sub: sub.contact_id.customer_partner_id == self.one)
        left.opt_out = True
        for city in ("Vigo", "Lugo"):
            self.one.city = self.twin.city = city
            self._drain()
            self.segment.sudo()._refresh()
            self.assertEqual(self._emails(opt_out=True), ["one@example.com"])
            self.assertNotIn("one@example.com", self._emails())
        self.env["mail.blacklist"]._add("two@example.com")
        self.two.city = "Vigo"
        self._drain()
        self.two.city = "Lugo"
        self._drain()
        self.assertFalse(self._emails())
        self.assertTrue(self.env["mail.blacklist"].search_count([("email", "=", "two@example.com")]))

    def test_mailing_to_members(self):
        """A mailing to contacts may name the segment in its condition."""
        mailing = (
            self.env["mailing.mailing"]
            .with_user(self.mailer)
            .with_context(allowed_company_ids=self.company_a.ids)
            .create(
                {
                    "subject": "S",
                    "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "mailing_domain": [("customer_segment_ids", "in", self.segment.ids)],
                }
            )
        )
        self.assertEqual(sorted(mailing._get_recipients()), sorted((self.one + self.two + self.none + self.twin).ids))
