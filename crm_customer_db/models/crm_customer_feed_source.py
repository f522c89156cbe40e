from odoo import api, models, tools

from .crm_customer_feed import FRESH


class CrmCustomerFeedSource(models.AbstractModel):
    """A model of an app whose changes feeds listen to.

    Nothing is computed when something changes: ids are collected, and one statement per
    feed runs before the commit. So a thousand confirmations in a loop cost one.
    """

    _name = "crm.customer.feed.source"
    _description = "Source of Customer Data"

    @api.model
    @tools.ormcache("self._name")
    def _customer_watchers(self):
        """The feeds that listen to this model.

        :return: tuple of (name of the feed, frozenset of fields, first field of the path)
        """
        watchers = []
        for feed in self.env["crm.customer.feed"]._feeds():
            watch = feed._watch.get(self._name)
            if watch:
                watchers.append((feed._name, frozenset(watch.fields), watch.path.partition(".")[0]))
        return tuple(watchers)

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for name, _fields, path in self._customer_watchers():
            feed = self.env[name]
            if path != "id" and not feed._deferred:
                self.env.cr.precommit.data.setdefault(FRESH, {}).setdefault(self._name, set()).update(records._ids)
            relevant = feed._relevant(records)
            if relevant:
                feed._mark(self._name, relevant._ids)
        return records

    def write(self, vals):
        """Extended for many2many fields, which never reach ``_write_multi``."""
        res = super().write(vals)
        for name, watched, _path in self._customer_watchers():
            if any(field in watched and self._fields[field].type in ("many2many", "one2many") for field in vals):
                relevant = self.env[name]._relevant_changes(self, frozenset(vals))
                if relevant:
                    self.env[name]._mark(self._name, relevant._ids)
        return res

    def _write_multi(self, vals_list):
        """Extended: stored computes come this way only, never through ``write``."""
        watchers = self._customer_watchers()
        if watchers and self:
            written = set().union(*vals_list)
            for name, watched, path in watchers:
                if written.isdisjoint(watched):
                    continue
                feed = self.env[name].sudo()
                relevant = feed._relevant_changes(self, written)
                if not relevant:
                    continue
                if path != "id" and path in written:
                    # the document it leaves has changed as well, if it was ever copied with it
                    fresh = () if feed._deferred else self.env.cr.precommit.data.get(FRESH, {}).get(self._name, ())
                    moved = [record_id for record_id in relevant._ids if record_id not in fresh]
                    rows = self.env.execute_query(feed._documents_sql(self._name, moved)) if moved else ()
                    feed._mark(feed._document, [document for (document,) in rows])
                feed._mark(self._name, relevant._ids)
        return super()._write_multi(vals_list)

    def unlink(self):
        """Extended: afterwards nobody could tell whose the records were."""
        leaving = []
        if self:
            for name, _fields, _path in self._customer_watchers():
                feed = self.env[name].sudo()
                relevant = feed._relevant_changes(self, frozenset())
                if not relevant:
                    continue
                if self._name == feed._document:
                    leaving.append((feed, relevant.ids))
                else:
                    feed._flush_watched()
                    rows = self.env.execute_query(feed._documents_sql(self._name, relevant._ids))
                    leaving.append((feed, [document for (document,) in rows]))
        res = super().unlink()
        for feed, documents in leaving:
            feed._mark(feed._document, documents)
        return res
