import logging
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..tools.feed_sql import REQUIRED, FeedSQL

_logger = logging.getLogger(__name__)

# Ids of documents that changed in this transaction, in ``cr.precommit.data``:
# feed → model → set of ids.
PENDING = "crm_customer_db.pending"
# Ids of records that were made in this transaction and are in no copy yet: model → set of ids.
FRESH = "crm_customer_db.fresh"
# Names of feeds that are being uninstalled, kept with what is done after the commit:
# a savepoint runs, and forgets, what is done before it.
RETIRED = "crm_customer_db.retired"
# Documents that go through one statement.
SLICE = 5_000


class Watch(NamedTuple):
    """What changes of one model a feed listens to.

    :param fields: names of the fields whose change matters
    :param path: dotted path of many2one columns from the model to the document
    """

    fields: tuple
    path: str = "id"


class SyncResult(NamedTuple):
    """How many facts a sync has changed."""

    inserted: int
    updated: int
    deleted: int


class CrmCustomerFeed(models.AbstractModel):
    """How the rows of one app become facts of one kind.

    A feed is an abstract model that inherits this one. It says with one SQL query what
    the facts of some documents are, and which changes matter; everything else is done
    here, the same way for every feed. ``docs/feeds.md`` walks through a complete one.

    Facts are copied within the transaction that changes the document, before it is
    committed and before anybody searches facts, so users and tests see them at once. A
    mistake in a feed never keeps a user from his work: it is logged, and the nightly
    comparison repairs what is missing.
    """

    _name = "crm.customer.feed"
    _description = "Customer Feed"

    # Value of ``feed`` on its facts. Several feeds may share it: an app is one source.
    _feed = None
    # Model of the facts it writes.
    _fact = None
    # Model whose records are the documents: ``source_model`` of its facts.
    _document = None
    # Columns of its query, names of fields of the fact: at least partner_id, company_id,
    # source_ref, source_id and one of date (UTC) and day.
    _fact_columns = ()
    # Columns that are set on insert and never again; or, as a dict, {column: another column
    # with whose value it changes, or None}.
    _frozen = ()
    # Which fields to flush before the query is asked, {model: names}, beside those watched;
    # those of apps that are not installed are passed over.
    _depends = {}
    # Which changes matter, {model: Watch}. These models inherit crm.customer.feed.source.
    _watch = {}
    # Feeds run in this order; one that refers to facts of another comes after it.
    _sequence = 10
    # Models of apps that the addon does not depend on: without them the feed rests.
    _needs = ()
    # Whether facts go when their contact is deleted, because their document does not
    # keep Odoo from deleting the contact (see ``_fact_loose_feeds``).
    _loose = False

    # ------------------------------------------------------------------ contract

    @api.model
    def _query(self, ids=None, as_of=None):
        """The facts of documents, as one SQL query.

        :param ids: ids of documents, None for all
        :param as_of: date that stands for today
        :return: ``SQL`` with the columns named in ``_fact_columns``
        """
        raise NotImplementedError(self._name)

    @api.model
    def _exclude(self):
        """Conditions under which rows of the query belong to another feed.

        Addons that bring the same business from a more telling document add theirs.

        :return: list of ``SQL`` over the tables of ``_query``
        """
        return []

    @api.model
    def _due(self, as_of):
        """Documents whose facts change because a day has passed.

        :param as_of: date that stands for today
        :return: ``SQL`` query of ids of documents, or None
        """
        return

    @api.model
    def _complete_history(self, ids):
        """Fill in what documents from before the installation do not say by themselves.

        Runs once per slice of the backfill, before the documents are copied; not when
        they change later.

        :param ids: ids of documents
        """

    @api.model
    def _relevant(self, records):
        """Which new records are worth looking at, as far as it is known without a query.

        :param records: records of a watched model that were just created
        :return: those of them that may matter
        """
        return records

    @api.model
    def _documents_sql(self, model, ids):
        """Query of the documents that watched records belong to.

        :param model: name of a watched model
        :param ids: ids of its records
        :return: ``SQL`` query of ids of documents
        """
        path = self._watch[model].path.split(".") if model in self._watch else ["id"]
        tables, field = [SQL("%s t0", SQL.identifier(self.env[model]._table))], None
        for step, name in enumerate(path[:-1]):
            field = self.env[field.comodel_name if field else model]._fields[name]
            tables.append(
                SQL(
                    "%s %s ON %s = %s",
                    SQL.identifier(self.env[field.comodel_name]._table),
                    SQL.identifier(f"t{step + 1}"),
                    SQL.identifier(f"t{step + 1}", "id"),
                    SQL.identifier(f"t{step}", name),
                )
            )
        column = SQL.identifier(f"t{len(path) - 1}", path[-1])
        return SQL(
            "SELECT DISTINCT %s FROM %s WHERE t0.id = ANY(%s) AND %s IS NOT NULL",
            column,
            SQL(" JOIN ").join(tables),
            list(ids),
            column,
        )

    @api.model
    def _open(self, fact):
        """Action that shows the document of a fact to the user.

        :param fact: one record of the feed's fact model
        :return: action dict
        """
        return {
            "type": "ir.actions.act_window",
            "res_model": fact.source_model,
            "res_id": fact.source_id,
            "views": [(False, "form")],
        }

    @api.model
    def _openable(self, source_ids):
        """Documents that the user may open, without a query per document.

        :param source_ids: ids of documents, as facts name them
        :return: set of ids
        """
        documents = self.env[self._document].browse(source_ids).with_context(active_test=False)
        if not documents.has_access("read"):
            return set()
        return set(documents.exists()._filtered_access("read").ids)

    # --------------------------------------------------------- words for a query

    @api.model
    def _only(self, column, ids):
        """Condition that keeps a query to some documents.

        :param column: str such as ``"o.id"``, or ``SQL``
        :param ids: ids of documents, None for all
        """
        if ids is None:
            return SQL("TRUE")
        column = column if isinstance(column, SQL) else SQL.identifier(*column.split("."))
        return SQL("%s = ANY(%s)", column, list(ids))

    @api.model
    def _not_excluded(self):
        """Condition that leaves out what ``_exclude`` names."""
        return SQL(" AND ").join(SQL("NOT (%s)", condition) for condition in self._exclude()) or SQL("TRUE")

    @api.model
    def _has(self, model, field=None):
        """Whether an app brings a model, or a stored field of it.

        :param model: name of a model
        :param field: name of a field
        """
        if model not in self.env:
            return False
        found = self.env[model]._fields.get(field) if field else True
        return found is True or bool(found and found.store)

    @api.model
    def _optional(self, model, field, alias):
        """A column that exists only where some app is installed.

        :param model: name of the model
        :param field: name of the field
        :param alias: alias of the model's table in the query
        :return: ``SQL``: the column, or NULL
        """
        return SQL.identifier(alias, field) if self._has(model, field) else SQL("NULL")

    @api.model
    def _fallback_company(self):
        """Company of documents that name none, and nobody who has one."""
        state = self.env["crm.customer.feed.state"].sudo().search([("name", "=", self._name)], limit=1)
        return state.company_id or self.env["res.company"].sudo().search([], order="id", limit=1)

    # -------------------------------------------------------------------- engine

    @api.model
    def _feeds(self):
        """All feeds of this database, in the order in which they run.

        :return: list of empty records in superuser mode
        """
        return [self.env[name].sudo() for name in self._feed_names()]

    @api.model
    def _feeds_of(self, modules):
        """The feeds that need one of some addons.

        :param modules: set of technical names
        :return: list of empty records in superuser mode
        """
        found = []
        for feed in self._feeds():
            needed = {type(self.env[need])._original_module for need in feed._needs}
            needed |= {"crm_customer_db", type(feed)._original_module}
            if not needed.isdisjoint(modules):
                found.append(feed)
        return found

    @api.model
    @tools.ormcache()
    def _feed_names(self):
        base = self.pool["crm.customer.feed"]
        feeds = [
            model
            for model in self.pool.values()
            if issubclass(model, base) and model._fact and all(need in self.pool for need in model._needs)
        ]
        return tuple(feed._name for feed in sorted(feeds, key=lambda feed: (feed._sequence, feed._name)))

    def _register_hook(self):
        """Refuse a feed that could not work, when the registry is loaded."""
        super()._register_hook()
        if not self._fact or self._name not in self._feed_names():
            return
        missing = set(REQUIRED).difference(self._fact_columns)
        if missing or not {"date", "day"}.intersection(self._fact_columns):
            raise ValueError(f"{self._name}: _fact_columns lacks {', '.join(sorted(missing)) or 'date or day'}")
        unknown = set(self._fact_columns).union(self._frozen).difference(self.env[self._fact]._fields)
        if unknown:
            raise ValueError(f"{self._name}: {self._fact} has no {', '.join(sorted(unknown))}")
        source = self.pool["crm.customer.feed.source"]
        for name in self._watch:
            if not issubclass(self.pool[name], source):
                raise ValueError(f"{self._name}: {name} must inherit crm.customer.feed.source")
        if self._needs:
            # the app may have come after the addon of the feed
            self.env["crm.customer.feed.state"]._enrol(self)

    @api.private
    def init(self):
        """Let a feed that is installed bring in the documents that are there already."""
        res = super().init()
        if self._fact and not self._needs:
            self.env["crm.customer.feed.state"]._enrol(self)
        return res

    @api.model
    def _flush_watched(self):
        """Write to the database what the query reads."""
        for model, watch in self._watch.items():
            self.env[model].flush_model([name for name in watch.fields if self._is_column(model, name)])
        for model, names in self._depends.items():
            if model in self.env:
                self.env[model].flush_model([name for name in names if name in self.env[model]._fields])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env[self._fact].flush_model()

    @api.model
    def _is_column(self, model, name):
        field = self.env[model]._fields.get(name)
        return bool(field and field.store)

    @api.model
    def _sync(self, ids, as_of=None):
        """Make the facts of documents what the query says.

        Idempotent, and set-based whatever the number of documents. Runs in the
        transaction of the caller.

        :param ids: ids of documents; those that are gone lose their facts
        :param as_of: date that stands for today, by default today
        :return: ``SyncResult``
        """
        ids = sorted(set(ids))
        if not ids:
            return SyncResult(0, 0, 0)
        feed = self.sudo()
        feed._flush_watched()
        self.env.cr.precommit.data.pop(FRESH, None)
        total = SyncResult(0, 0, 0)
        for start in range(0, len(ids), SLICE):
            part = ids[start : start + SLICE]
            query = feed._query(part, as_of or fields.Date.today())
            [counts] = feed.env.execute_query(FeedSQL(feed, query).sync(part))
            total = SyncResult(*map(sum, zip(total, counts, strict=True)))
            if any(counts):
                feed.env[self._fact]._fact_orders_changed(
                    SQL(
                        "feed = %s AND source_model = %s AND source_id = ANY(%s)",
                        self._feed,
                        self._document,
                        part,
                    )
                )
        if any(total):
            feed.env[self._fact].invalidate_model(flush=False)
        return total

    @api.model
    def _sync_pending(self, fact=None):
        """Copy what has changed in this transaction.

        Called before a commit, a savepoint, and a search on facts.

        :param fact: name of the fact model that is about to be read, None for all
        """
        cr = self.env.cr
        if cr.readonly:
            return
        if fact is not None:
            transaction = self.env.transaction
            if not (PENDING in cr.precommit.data or transaction.field_dirty or transaction.tocompute):
                return
            # what is not yet in the database has not told anybody yet
            for feed in self._feeds():
                if fact in (feed._fact, "all"):
                    feed._flush_watched()
        pending = cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        concerned = [(feed, pending[feed._name]) for feed in self._feeds() if feed._name in pending]
        try:
            # one savepoint for all, as long as nothing goes wrong
            with cr.savepoint(flush=False):
                for feed, changed in concerned:
                    feed._sync_records(changed)
        except psycopg2.OperationalError:
            raise  # a concurrent change: Odoo tries the whole request again
        except Exception:  # the one that can't is left out, and named in the log
            for feed, changed in concerned:
                feed._sync_changed(changed)

    @api.model
    def _sync_if_told(self, names):
        """Copy what has changed before rows of some feeds are read, if one of these was told of anything.

        What only others were told of waits until the commit.

        :param names: names of feed models
        """
        for name in names:
            self.env[name]._flush_watched()
        if not set(names).isdisjoint(self.env.cr.precommit.data.get(PENDING, ())):
            self._sync_pending()

    @api.model
    def _sync_records(self, changed):
        """Sync the documents of watched records.

        :param changed: dict of model name and set of ids
        """
        self._flush_watched()
        self._sync(self._documents(changed))

    @api.model
    def _sync_changed(self, changed):
        """Sync the documents of watched records, and let nobody else suffer if that fails.

        :param changed: dict of model name and set of ids
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self._sync_records(changed)
        except psycopg2.OperationalError:
            raise  # a concurrent change: Odoo tries the whole request again
        except Exception:
            # The document matters more than its copy; the nightly comparison mends it.
            _logger.exception("%s could not copy %s", self._name, changed)
            self.env[self._fact].invalidate_model(flush=False)

    @api.model
    def _documents(self, changed):
        """Documents of watched records, by one query for all whom the cache does not know.

        :param changed: dict of model name and set of ids
        :return: set of ids
        """
        documents, queries = set(), []
        for model, ids in changed.items():
            known, unknown = self._documents_known(model, ids)
            documents |= known
            if unknown:
                queries.append(SQL("(%s)", self._documents_sql(model, unknown)))
        if queries:
            documents |= {document for (document,) in self.env.execute_query(SQL(" UNION ").join(queries))}
        return documents

    @api.model
    def _documents_known(self, model, ids):
        """Documents of watched records, as far as no query is needed.

        :param model: name of a watched model
        :param ids: ids of its records
        :return: (set of ids of documents, set of ids of records whose document is not known)
        """
        path = self._watch[model].path if model in self._watch else "id"
        by_path = type(self)._documents_sql is type(self.env["crm.customer.feed"])._documents_sql
        if path == "id" and (by_path or model == self._document):
            return set(ids), set()
        known = {record: record for record in ids}
        for name in path.split("."):
            field = self.env[model]._fields.get(name)
            if name == "id" or field is None:
                return set(), set(ids)
            cache, model = field._get_cache(self.env), field.comodel_name
            known = {record: cache[value] for record, value in known.items() if cache.get(value)}
        return set(known.values()), set(ids) - set(known)

    @api.model
    def _mark(self, model, ids):
        """Remember records that changed; they are looked at before the commit.

        :param model: name of a watched model, or of the document
        :param ids: ids of its records
        """
        cr = self.env.cr
        if self._name in cr.postcommit.data.get(RETIRED, ()):
            return
        pending = cr.precommit.data.get(PENDING)
        if pending is None:
            pending = cr.precommit.data[PENDING] = {}
            cr.precommit.add(self.env(su=True)["crm.customer.feed"]._sync_pending)
        pending.setdefault(self._name, {}).setdefault(model, set()).update(ids)
