# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo.exceptions import UserError

from ..models.crm_customer_feed import PENDING
from .mail_common import MailCommon

FEED = "crm.customer.feed.mail"


class TestFeedDeferred(MailCommon):
    """Mails are copied after the commit: filing one costs its own transaction nothing."""

    def _pending(self):
        return self.env.cr.postcommit.data.get(PENDING, {}).get(FEED, {}).get("mail.message", set())

    def test_costs_nothing(self):
        """Not one query more, neither when a message is filed nor before the commit."""

        def cost(feed):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            with patch.object(type(self.env[FEED]), "_mark", feed):
                self._sent(body="x")
                self.env.cr.flush()
            return self.env.cr.sql_log_count - before

        ours = type(self.env[FEED])._mark
        cost(ours)
        self.assertEqual(cost(ours), cost(lambda *args: None))
        self.assertTrue(self._pending())

    def test_search_copies_first(self):
        """Who searches in the same transaction finds it, and the second search has nothing left to do."""
        mail = self._sent().sudo()
        self.assertTrue(self._rows(mail))
        before = self.env.cr.sql_log_count
        self._rows(mail)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        mail.subject = "Otra cosa"
        self.assertEqual(self._rows(mail).subject, "Otra cosa")

    def test_after_the_commit(self):
        """What the commit runs copies what nobody has searched for."""
        mail = self._received()
        self.env.flush_all()
        count = "SELECT count(*) FROM crm_customer_interaction WHERE source_model = 'mail.message' AND source_id = %s"
        self.env.cr.execute(count, [mail.id])
        self.assertEqual(self.env.cr.fetchone(), (0,))
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        self.env.cr.execute(count, [mail.id])
        self.assertEqual(self.env.cr.fetchone(), (1,))
        self.assertFalse(self._pending())

    def test_rolled_back(self):
        """What is undone has never happened, and what was there before still has."""
        mail = self._sent().sudo()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            mail.subject = "No"
            self.assertEqual(self._rows(mail).subject, "No")
            raise UserError("no")  # pylint: disable=translation-required
        self.assertEqual(self._rows(mail).subject, "Buenos días")

    def test_found_and_rolled_back(self):
        """A row that was copied for a search that is undone is there for the next one."""
        mail = self._sent().sudo()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.assertTrue(self._rows(mail))
            raise UserError("no")  # pylint: disable=translation-required
        self.assertTrue(self._rows(mail))

    def test_mistakes_reach_nobody(self):
        """The commit is done; an error in the copy is only logged."""
        self._received()
        feed = type(self.env["crm.customer.feed"])
        with (
            self.enter_registry_test_mode(),
            patch.object(feed, "_feeds", side_effect=KeyError("x")),
            self.assertLogs("odoo.addons.crm_customer_db.models.crm_customer_feed_deferred", "ERROR"),
        ):
            self.env.cr.postcommit.run()
