# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests of mails, calls and visits share."""

from markupsafe import Markup

from .common import CustomerDbCommon


class MailCommon(CustomerDbCommon):
    """A firm with two contacts, another customer, and somebody who writes to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Interaction = cls.env["crm.customer.interaction"]
        cls.firm = cls._partner(name="Transportes Olid", email="info@olid.example.com")
        cls.pilar = cls._person(name="Pilar", parent_id=cls.firm.id, email="pilar@olid.example.com")
        cls.juan = cls._person(name="Juan", parent_id=cls.firm.id, email="juan@olid.example.com")
        cls.other = cls._partner(name="Otra", email="otra@example.com")
        cls.user_sales_all.partner_id.email = "ventas@example.com"

    def _received(self, record=None, author=None, **vals):
        """A mail that came in through the gateway."""
        author = self.pilar if author is None else author
        vals = {"body": Markup("<p>Hola</p>"), "author_id": author.id, **vals}
        return (record or self.firm).message_post(message_type="email", subtype_xmlid="mail.mt_comment", **vals)

    def _sent(self, record=None, to=None, user=None, **vals):
        """A message that a salesperson writes in the chatter."""
        record = self._as(user or self.user_sales_all, record or self.firm)
        to = self.pilar if to is None else to
        vals = {"body": Markup("<p>Buenos días</p>"), "subtype_xmlid": "mail.mt_comment", **vals}
        return record.message_post(message_type="comment", partner_ids=to.ids, **vals)

    def _rows(self, document):
        """What was copied from a document."""
        return self.Interaction.search(
            [("source_model", "=", document._name), ("source_id", "in", document.ids)], order="id"
        )

    def _state(self, feed):
        return self.env["crm.customer.feed.state"].search([("name", "=", feed)])

    def _assert_no_drift(self, feed):
        """A comparison with the documents finds nothing."""
        self.Interaction.search([], limit=1)
        state = self._state(feed)
        state.state = "done"
        self.assertEqual(state._audit(), {feed: []})
