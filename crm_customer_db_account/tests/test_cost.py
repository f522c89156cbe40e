# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, warmup

from .common import AccountFeedCommon


@freeze_time("2026-06-01 10:00:00")
class TestCost(AccountFeedCommon):
    """What invoicing costs because of us."""

    def _queries(self, call, thing, ours):
        """Number of queries until the commit, with our copies or without."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        mixin = self.env.registry["crm.customer.feed.source"]
        nothing = patch.object(mixin, "_customer_watchers", lambda records: ())
        if not ours:
            nothing.start()
            self.addCleanup(nothing.stop)
        before = self.env.cr.sql_log_count
        call(thing)
        self.env.flush_all()
        self.env.cr.precommit.run()
        count = self.env.cr.sql_log_count - before
        if not ours:
            nothing.stop()
        return count

    def _compare(self, call, make, limit):
        """The difference between the two is within a limit.

        Each other app that reads invoices, or messages on them, may ask once whose they are.

        :param call: function of what ``make`` has made
        """
        limit += sum(
            not feed._feed.startswith("account") and not {"account.move", "mail.message"}.isdisjoint(feed._watch)
            for feed in self.env["crm.customer.feed"]._feeds()
        )
        self._queries(call, make(), True)  # caches
        alone, together = (self._queries(call, make(), ours) for ours in (False, True))
        self.assertLessEqual(together - alone, limit)
        return together - alone

    def _draft(self, **vals):
        return self._invoice(*[10.0 + number for number in range(100)], post=False, **vals)

    @warmup
    def test_post_invoice_of_100_lines(self):
        """At most five queries more: the savepoint, a statement per kind, the heads of orders."""
        extra = self._compare(lambda invoice: invoice.action_post(), self._draft, 5)
        self.assertGreater(extra, 2, "something was copied")

    def test_drafts_cost_nothing(self):
        """A draft is nobody's business: making, changing and deleting it costs not one query."""
        self._compare(lambda _nothing: self._invoice(10, 20, post=False), lambda: None, 0)
        self._compare(lambda invoice: invoice.invoice_line_ids.write({"price_unit": 5}), self._draft, 0)
        self._compare(lambda invoice: invoice.unlink(), self._draft, 0)

    def test_bills_and_entries_cost_nothing(self):
        """What is no customer's invoice costs not one query."""
        bill = {"move_type": "in_invoice"}
        self._compare(lambda invoice: invoice.action_post(), lambda: self._invoice(10, post=False, **bill), 0)
        self._compare(
            lambda payment: payment.action_post(),
            lambda: self._mine(self.env["account.payment"]).create(
                {"partner_id": self.customer.id, "amount": 5, "journal_id": self._journal("bank").id}
            ),
            0,
        )

    def test_payment_of_what_is_not_due(self):
        """Paying in time costs nothing, paying late a savepoint and a statement."""
        day = fields.Date.to_date("2026-05-30")
        in_time = {"invoice_date": day, "invoice_date_due": "2026-06-30"}
        self._compare(lambda invoice: self._pay(invoice, day), lambda: self._invoice(10, **in_time), 0)
        self._compare(lambda invoice: self._pay(invoice, day), lambda: self._invoice(10), 3)

    def test_many_invoices_are_one_statement(self):
        """Fifty invoices that are posted in a loop cost as much of ours as two."""

        def post(invoices):
            for invoice in invoices:
                invoice.action_post()

        def make(count):
            return lambda: [self._invoice(10, 20, post=False) for _number in range(count)]

        self.assertLessEqual(self._compare(post, make(20), 5), self._compare(post, make(2), 5))
