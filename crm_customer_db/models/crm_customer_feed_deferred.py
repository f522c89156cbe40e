import logging

import psycopg2

from odoo import api, models

from .crm_customer_feed import PENDING, RETIRED

_logger = logging.getLogger(__name__)

# Documents of deferred feeds that this transaction has copied already, in
# ``cr.precommit.data``, which a rollback to a savepoint empties.
SEEN = "crm_customer_db.seen"
TRIES = 3


class CrmCustomerFeed(models.AbstractModel):
    """What feeds cost that listen to what every app makes by the dozen: messages, activities.

    Filing a message must not cost the transaction that files it a single query. What a
    deferred feed is told is copied right after the commit, in a transaction of its own.
    Who searches facts earlier, in the same transaction, has it copied before his search,
    so users and tests see the same as with other feeds.
    """

    _inherit = "crm.customer.feed"

    # Whether to copy after the commit instead of before it.
    _deferred = False

    @api.model
    def _relevant_changes(self, records, names):
        """Which records are worth looking at after a change, as far as it is known without a query.

        Unlike ``_relevant`` it must leave in whatever facts may have been copied from before.

        :param records: records of a watched model that change or are about to be deleted
        :param names: names of the fields that change, none of records that are deleted
        :return: those of them that may matter
        """
        return records

    @api.model
    def _mark(self, model, ids):
        if not self._deferred:
            return super()._mark(model, ids)
        cr = self.env.cr
        if self._name in cr.postcommit.data.get(RETIRED, ()):
            return None
        pending = cr.postcommit.data.get(PENDING)
        if pending is None:
            pending = cr.postcommit.data[PENDING] = {}
            cr.postcommit.add(self.env(su=True)["crm.customer.feed"]._sync_committed)
        pending.setdefault(self._name, {}).setdefault(model, set()).update(ids)
        seen = cr.precommit.data.get(SEEN)
        if seen:
            seen.get(self._name, {}).get(model, set()).difference_update(ids)
        return None

    @api.model
    def _sync_pending(self, fact=None):
        res = super()._sync_pending(fact)
        if fact is not None and PENDING in self.env.cr.postcommit.data and not self.env.cr.readonly:
            self._sync_early(fact)
        return res

    @api.model
    def _sync_early(self, fact):
        """Copy before a search what would be copied after the commit.

        What is pending stays so: should this be rolled back to a savepoint that was set
        without flushing, the commit makes it right.

        :param fact: name of the fact model that is about to be read, ``all`` for all
        """
        cr = self.env.cr
        pending = cr.postcommit.data[PENDING]
        seen = cr.precommit.data.setdefault(SEEN, {})
        for feed in self._feeds():
            if feed._name not in pending or fact not in (feed._fact, "all"):
                continue
            known = seen.setdefault(feed._name, {})
            fresh = {model: ids - known.get(model, set()) for model, ids in pending[feed._name].items()}
            fresh = {model: ids for model, ids in fresh.items() if ids}
            for model, ids in fresh.items():
                known.setdefault(model, set()).update(ids)
            if fresh:
                feed._sync_changed(fresh)

    @api.model
    def _sync_committed(self):
        """Copy what the transaction that has just been committed has changed.

        The user's work is safe already, so nothing here may reach him as an error.
        """
        pending = self.env.cr.postcommit.data.pop(PENDING, None)
        if not pending:
            return
        try:
            for attempt in range(1, TRIES + 1):
                try:
                    with self.pool.cursor() as cr:
                        for feed in self.env(cr=cr, context={})["crm.customer.feed"]._feeds():
                            if feed._name in pending:
                                feed._sync_changed(pending[feed._name])
                    return
                except psycopg2.OperationalError:
                    if attempt == TRIES:
                        raise
        except Exception:
            # the nightly comparison mends it
            _logger.exception("could not copy %s", pending)
