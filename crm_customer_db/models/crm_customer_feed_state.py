import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.feed_sql import FeedSQL
from .crm_customer_feed import SLICE

_logger = logging.getLogger(__name__)

# Documents that are compared by one statement.
AUDIT_SLICE = 20_000
# Documents that differ are listed up to this number; all are mended.
LISTED = 1_000


class CrmCustomerFeedState(models.Model):
    """How far a feed has come with the documents that were there before it.

    Documents that change are copied at once, without this model: a row that every
    confirmation writes to would make users wait for one another.
    """

    _name = "crm.customer.feed.state"
    _description = "Connected App"
    _order = "sequence, name, id"

    name = fields.Char(string="Technical name", required=True, readonly=True)
    label = fields.Char(string="Taken from", compute="_compute_label")
    kind = fields.Char(string="What", compute="_compute_label")
    sequence = fields.Integer(readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Company of what names none",
        help="Whose an entry is where neither its document nor anybody in it has a company.",
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("running", "In progress"), ("done", "Complete")],
        string="History",
        required=True,
        default="waiting",
        readonly=True,
        help="Whether the documents from before the installation are in the customer file.",
    )
    position = fields.Integer(readonly=True, help="Documents above this number have been brought in.")
    total = fields.Integer(string="Documents", readonly=True)
    done = fields.Integer(string="Brought in", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    due_date = fields.Date(readonly=True, help="The day whose due dates have been looked at.")
    audit_position = fields.Integer(readonly=True)
    audit_date = fields.Datetime(string="Last compared", readonly=True)
    drift_count = fields.Integer(string="Differences", readonly=True)
    drift_ids = fields.Json(readonly=True)
    mended_count = fields.Integer(
        string="Repaired",
        readonly=True,
        help="Documents whose entries the last comparison had to write anew.",
    )

    _name_uniq = models.UniqueIndex("(name)", "This app is connected already.")

    # ------------------------------------------------------------------- display

    @api.depends("name")
    def _compute_label(self):
        for state in self:
            feed = state._feed()
            state.label = feed._description if feed is not None else state.name
            state.kind = self.env["ir.model"]._get(feed._fact).name if feed is not None else False

    @api.depends("state", "total", "done")
    def _compute_progress(self):
        for state in self:
            state.progress = 100.0 if state.state == "done" else min(99.0, 100.0 * state.done / (state.total or 1))

    def _feed(self):
        """The feed of this row, or None where its addon is gone."""
        self.ensure_one()
        names = self.env["crm.customer.feed"]._feed_names()
        return self.env[self.name].sudo() if self.name in names else None

    # ------------------------------------------------------------------ enrolment

    @api.model
    def _enrol(self, feed):
        """Plan the documents that a newly installed feed finds.

        By SQL, because this runs while the registry is being loaded.

        :param feed: record of a feed model
        """
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_customer_feed_state
                       (name, sequence, state, position, total, done, audit_position,
                        drift_count, mended_count, create_uid, create_date, write_uid, write_date)
                SELECT %(name)s, %(sequence)s, 'waiting', 0, 0, 0, 0, 0, 0, %(uid)s, %(now)s, %(uid)s, %(now)s
                 WHERE NOT EXISTS (SELECT FROM crm_customer_feed_state WHERE name = %(name)s)
                """,
                name=feed._name,
                sequence=feed._sequence,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        if self.env.cr.rowcount:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO ir_cron_trigger (cron_id, call_at, create_uid, create_date, write_uid, write_date)"
                    " SELECT res_id, %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s FROM ir_model_data"
                    " WHERE module = 'crm_customer_db' AND name = 'ir_cron_feed_backfill'",
                    uid=self.env.uid,
                    now=self.env.cr.now(),
                )
            )

    @api.model
    def _retire(self, feeds):
        """Keep what feeds have copied, under a name that no feed has.

        Ids of documents start anew when an app is installed again, so the copies must
        not be taken for copies of the new ones.

        :param feeds: list of feeds whose addons are being uninstalled
        """
        for feed in feeds:
            fact = feed.env[feed._fact]
            fact.flush_model()
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET feed = %s WHERE feed = %s AND source_model = %s",
                    SQL.identifier(fact._table),
                    f"{feed._feed}~{fields.Datetime.now():%Y%m%d%H%M%S}",
                    feed._feed,
                    feed._document,
                )
            )
            fact.invalidate_model(flush=False)
            self.search([("name", "=", feed._name)]).unlink()

    # ------------------------------------------------------------------- backfill

    def _backfill(self, seconds=None):
        """Bring in the documents from before the installation, newest first.

        In slices; each is complete in itself, so the work may stop between any two and
        go on where it stopped.

        :param seconds: stop after this time (float), None for no limit
        :return: whether everything is in (bool)
        """
        end = fields.Datetime.now() + timedelta(seconds=seconds) if seconds is not None else None
        for state in self:
            while state.state != "done":
                state._backfill_slice()
                if end and fields.Datetime.now() >= end:
                    break
        return all(state.state == "done" for state in self)

    def _backfill_slice(self):
        """Bring in the next documents.

        :return: how many documents were looked at (int)
        """
        self.ensure_one()
        feed = self._feed()
        if feed is None:
            self.state = "done"
            return 0
        document = self.env[feed._document]
        table = SQL.identifier(document._table)
        document.flush_model()
        if self.state == "waiting":
            [(total, last)] = self.env.execute_query(SQL("SELECT count(*), COALESCE(MAX(id), 0) FROM %s", table))
            self.write({"state": "running", "total": total, "done": 0, "position": last + 1})
        rows = self.env.execute_query(
            SQL("SELECT id FROM %s WHERE id < %s ORDER BY id DESC LIMIT %s", table, self.position, SLICE)
        )
        ids = [document_id for (document_id,) in rows]
        if ids:
            feed._complete_history(ids)
            self._adopt(feed, ids)
            feed._sync(ids)
            self.write({"position": ids[-1], "done": self.done + len(ids)})
        if len(ids) < SLICE:
            self.write({"state": "done", "position": 0, "done": self.total})
        return len(ids)

    def _adopt(self, feed, ids):
        """Take back what an earlier installation of the feed has left of documents."""
        fact = SQL.identifier(self.env[feed._fact]._table)
        retired = f"{feed._feed.replace('_', chr(92) + '_')}~%"
        [(any_retired,)] = self.env.execute_query(
            SQL("SELECT EXISTS (SELECT FROM %s WHERE feed LIKE %s)", fact, retired)
        )
        if any_retired:
            feed._flush_watched()
            query = feed._query(ids, fields.Date.today())
            self.env.cr.execute(FeedSQL(feed, query).adopt(retired))

    # ---------------------------------------------------------------------- audit

    def _audit(self, mend=False):
        """Compare what was copied with the documents.

        :param mend: whether to write anew what differs
        :return: dict of name of the feed and list of ids of documents that differ
        """
        found = {}
        for state in self:
            state.write({"audit_position": 0, "drift_count": 0, "drift_ids": [], "mended_count": 0})
            found[state.name] = []
            while True:
                drift, more = state._audit_slice(mend)
                found[state.name] += drift
                if not more:
                    break
        return found

    def _audit_slice(self, mend):
        """Compare the next documents.

        :return: (ids of documents that differ, whether there are more documents)
        """
        self.ensure_one()
        feed = self._feed()
        if feed is None:
            return [], False
        feed._flush_watched()
        document = SQL.identifier(self.env[feed._document]._table)
        first = self.audit_position + 1
        rows = self.env.execute_query(
            SQL("SELECT id FROM %s WHERE id >= %s ORDER BY id LIMIT %s", document, first, AUDIT_SLICE)
        )
        ids = [document_id for (document_id,) in rows]
        more = len(ids) == AUDIT_SLICE
        last = ids[-1] if more else 2**31 - 1  # copies of deleted documents lie anywhere
        query = feed._query(ids, fields.Date.today())
        drift = [
            document_id
            for (document_id,) in self.env.execute_query(FeedSQL(feed, query).drift(first, last))
            if self.state == "done" or document_id >= self.position
        ]
        if mend:
            feed._sync(drift)
        self.write(
            {
                "audit_position": last if more else 0,
                "audit_date": fields.Datetime.now(),
                "drift_count": 0 if mend else self.drift_count + len(drift),
                "drift_ids": [] if mend else ((self.drift_ids or []) + drift)[:LISTED],
                "mended_count": self.mended_count + (len(drift) if mend else 0),
            }
        )
        if drift:
            _logger.info("%s: %s documents differed (%s)", self.name, len(drift), "mended" if mend else "not mended")
        return drift, more

    # -------------------------------------------------------------------- buttons

    def action_audit(self):
        self.check_access("write")
        self.sudo()._audit()

    def action_mend(self):
        self.check_access("write")
        self.sudo()._audit(mend=True)

    def action_backfill(self):
        """Bring everything in again, in the background."""
        self.check_access("write")
        self.sudo().write({"state": "waiting", "position": 0, "done": 0})
        self.env.ref("crm_customer_db.ir_cron_feed_backfill").sudo()._trigger()

    # ----------------------------------------------------------------------- jobs

    @api.model
    def _cron_backfill(self):
        """Bring in history, in slices that are committed one by one."""
        waiting = self.search([("state", "!=", "done")])
        for state in waiting:
            while state.state != "done":
                state._backfill_slice()
                left = max(state.total - state.done, 1) if state.state != "done" else 0
                others = len(waiting.filtered(lambda other: other.state != "done"))
                if not self.env["ir.cron"]._commit_progress(1, remaining=left // SLICE + others):
                    return

    def _sync_due(self, as_of):
        """Copy anew what has changed because a day has passed.

        :param as_of: date that stands for today
        """
        for state in self:
            feed = state._feed()
            due = feed._due(as_of) if feed is not None else None
            if due is not None:
                feed._flush_watched()
                feed._sync([document for (document,) in self.env.execute_query(due)], as_of)
            state.due_date = as_of

    @api.model
    def _cron_daily(self):
        """Move what the date alone moves, then compare everything and mend it."""
        today = fields.Date.today()
        for state in self.search(["|", ("due_date", "=", False), ("due_date", "!=", today)]):
            state._sync_due(today)
            if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                return
        started = fields.Datetime.now() - timedelta(hours=20)
        for state in self.search(
            ["|", ("audit_date", "=", False), "|", ("audit_date", "<", started), ("audit_position", ">", 0)]
        ):
            if not state.audit_position:
                state.write({"drift_count": 0, "drift_ids": [], "mended_count": 0})
            more = True
            while more:
                _drift, more = state._audit_slice(mend=True)
                if not self.env["ir.cron"]._commit_progress(1, remaining=int(more)):
                    return
