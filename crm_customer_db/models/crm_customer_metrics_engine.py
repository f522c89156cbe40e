import logging
import time
from contextlib import ExitStack
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL, ormcache
from odoo.tools.sql import table_columns, table_exists

from ..tools.bulk import aside, without_indexes
from ..tools.metrics_sql import MetricsSQL

_logger = logging.getLogger(__name__)

# Customers that go through one statement, and entries of the queue that are taken at once.
SLICE = 2_000
# From how many rows on indexes are made after an empty table is filled.
MANY = 20_000
TAKEN = 10_000
# Parameter with the day for which figures stand; only the nightly pass moves it.
AS_OF = "crm_customer_db.metrics_as_of"
# How long a queue a screen looks through before it takes for granted that its customer is in it.
LOOKED_AT = 200
# Workers who write figures do so one after the other (two-number keys are ours alone).
LOCK = (1_668_508_013, 1)


class MetricsResult(NamedTuple):
    """How many rows of figures were changed."""

    inserted: int
    updated: int
    deleted: int


class CrmCustomerMetrics(models.Model):
    """How figures are kept right: after each change, every night, and from nothing."""

    _inherit = "crm.customer.metrics"

    @api.private
    def init(self):
        """Work out the figures of facts that were there before."""
        res = super().init()
        [(known,)] = self.env.execute_query(SQL("SELECT EXISTS (SELECT FROM crm_customer_metrics)"))
        if not known:
            self._mark_everybody()
        return res

    def _auto_init(self):
        """Work out figures that an update or another addon brings in; until then they would say 0."""
        before = set(table_columns(self.env.cr, self._table))
        res = super()._auto_init()
        if before and set(table_columns(self.env.cr, self._table)) - before:
            self._mark_everybody()
        return res

    @api.model
    def _mark_everybody(self):
        """Have the figures of all customers with facts worked out. Addons add those with other figures."""
        for model in self.env["crm.customer.fact"]._fact_models():
            if table_exists(self.env.cr, model._table):
                self.env["crm.customer.metrics.queue"]._mark_query(
                    SQL("SELECT commercial_partner_id FROM %s", SQL.identifier(model._table))
                )

    # ----------------------------------------------------------------------- day

    @api.model
    def _as_of(self):
        """The day for which figures stand.

        :return: date
        """
        stored = self.env["ir.config_parameter"].sudo().get_param(AS_OF)
        return fields.Date.to_date(stored) if stored else self._today()

    @api.model
    def _today(self):
        """The latest day that has begun for any of the companies.

        One day for all, so that figures of several companies may be compared: what was
        sold this morning in Madrid counts at once, whatever the date in Los Angeles.
        """
        return max(fields.Date.context_today(self.with_context(tz=name)) for name in self._zones())

    @api.model
    @ormcache()
    def _zones(self):
        """Time zones of all companies: asked with every screen that shows a figure.

        :return: tuple of names
        """
        zone = self.env["crm.customer.fact"]._fact_zone
        return tuple({zone(company) for company in self.env["res.company"].sudo().search([])})

    # ------------------------------------------------------------------- refresh

    @api.model
    def _refresh(self, partner_ids, as_of=None, size=SLICE):
        """Make the figures of customers what the sources say. Writes only what differs.

        :param partner_ids: ids of ``res.partner``; who is no customer loses his row
        :param as_of: date that stands for today
        :param size: how many customers go through one statement
        :return: ``MetricsResult``
        """
        partner_ids = sorted(set(partner_ids))
        as_of = as_of or self._as_of()
        metrics = self.sudo()
        metrics._metrics_flush()
        total = MetricsResult(0, 0, 0)
        for start in range(0, len(partner_ids), size):
            part = partner_ids[start : start + size]
            [counts] = self.env.execute_query(MetricsSQL(metrics, part, as_of).sync())
            total = MetricsResult(*map(sum, zip(total, counts, strict=True)))
        if any(total):
            self.invalidate_model(flush=False)
        return total

    @api.model
    def _forget(self, partner_ids):
        """Drop the figures of customers who are about to become part of another one.

        :param partner_ids: ids of ``res.partner``
        """
        self.env.cr.execute(
            SQL("DELETE FROM crm_customer_metrics WHERE commercial_partner_id = ANY(%s)", list(partner_ids))
        )
        self.invalidate_model(flush=False)

    @api.model
    def _live(self, partner_ids, as_of=None, names=None, keys=()):
        """Figures as they are at this moment, without keeping them.

        :param partner_ids: ids of customers
        :param as_of: date that stands for today, by default today itself
        :param names: names of the sources to ask, None for all; figures of the others stay empty
        :param keys: list of (customer id, company id) that get a row even without any figure
        :return: list of dicts of column and value
        """
        metrics = self.sudo()
        metrics._metrics_flush(names)
        self.env.cr.execute(MetricsSQL(metrics, partner_ids, as_of or self._today(), names, keys).rows())
        return self.env.cr.dictfetchall()

    @api.model
    def _current(self, partner_ids, names=None):
        """Figures as they are at this moment, for a screen: those that are kept, as long as they are today's.

        One short query in place of working them out, unless something waits on the queue.

        :param partner_ids: ids of customers
        :param names: names of the sources that matter, None for all
        :return: as ``_live``
        """
        self.sudo()._metrics_flush(names)
        if self.env["ir.config_parameter"].sudo().get_param(AS_OF) != fields.Date.to_string(self._today()):
            return self._live(partner_ids, names=names)
        self.env.cr.execute(
            SQL(
                """
                SELECT metrics.*, queue.waits
                  FROM (SELECT COUNT(*) > %(most)s OR COALESCE(BOOL_OR(
                                   waiting.partner_id = ANY(%(ids)s) OR partner.commercial_partner_id = ANY(%(ids)s)
                               ), FALSE) AS waits
                          FROM (SELECT partner_id FROM crm_customer_metrics_queue LIMIT %(most)s + 1) waiting
                          LEFT JOIN res_partner partner ON partner.id = waiting.partner_id) queue
                  LEFT JOIN crm_customer_metrics metrics
                    ON metrics.commercial_partner_id = ANY(%(ids)s) AND NOT queue.waits
                """,
                ids=list(partner_ids),
                most=LOOKED_AT,
            )
        )
        rows = self.env.cr.dictfetchall()
        if rows[0]["waits"]:
            return self._live(partner_ids, names=names)
        return [row for row in rows if row["id"]]

    # --------------------------------------------------------------------- queue

    @api.model
    def _drain(self, as_of=None):
        """Work out anew the figures of all customers on the queue, in this transaction.

        :param as_of: date that stands for today
        :return: number of customers (int)
        """
        count, taken = 0, 1
        while taken:
            taken, done = self._drain_slice(as_of)
            count += done
        return count

    @api.model
    def _drain_slice(self, as_of=None):
        """Work out anew the figures of the first customers on the queue.

        :return: (entries taken, customers worked out), both 0 while another worker does it
        """
        self.env.flush_all()
        self.env["crm.customer.feed"]._sync_pending()
        [(mine,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", *LOCK))
        if not mine:
            return 0, 0
        taken, partner_ids, is_written = self.env["crm.customer.metrics.queue"]._take(TAKEN)
        result = self._refresh(partner_ids, as_of)
        if is_written or result.inserted or result.deleted:
            self._written()
        self._refreshed(partner_ids, as_of or self._as_of())
        return taken, len(partner_ids)

    @api.model
    def _written(self):
        """Called after figures were worked out because something was written. Others extend it."""

    @api.model
    def _refreshed(self, partner_ids, as_of):
        """Called after the figures of some customers were worked out. Others extend it.

        :param partner_ids: ids of ``res.partner``
        :param as_of: date that stands for today
        """

    @api.model
    def _cron_drain(self):
        """Keep figures current: a slice per transaction, whatever happens in between."""
        tries = 0
        while True:
            try:
                taken, _done = self._drain_slice()
            except psycopg2.OperationalError as error:
                # somebody else has written the same rows: the entries are still there
                tries += 1
                if tries > 5:
                    raise
                _logger.info("figures are worked out again after: %s", error)
                self.env.cr.rollback()
                time.sleep(0.1 * 2**tries)
                continue
            if not taken and self._without_edges():
                # the first customers: they need not wait for the night
                self._refresh_edges()
            if not taken or not self.env["ir.cron"]._commit_progress(taken, remaining=self._waiting()):
                return

    @api.model
    def _waiting(self):
        [(count,)] = self.env.execute_query(SQL("SELECT count(*) FROM crm_customer_metrics_queue"))
        return count

    # --------------------------------------------------------------------- night

    @api.model
    def _move_to(self, as_of):
        """Let figures stand for another day: whoever that changes goes on the queue.

        :param as_of: date
        """
        since, is_known = self._as_of(), bool(self.env["ir.config_parameter"].sudo().get_param(AS_OF))
        if since == as_of and is_known:
            return
        if as_of < since:
            # backwards: any figure may change
            due = [SQL("SELECT id FROM res_partner WHERE id = commercial_partner_id")]
        else:
            due = self._metrics_due(since, as_of)
        # all rows are looked at when nothing says for which day they stand
        moving = self._metrics_moving(since, as_of) if is_known and as_of > since else None
        self.sudo()._metrics_flush()
        if due:
            self.env["crm.customer.metrics.queue"]._mark_query(SQL(" UNION ").join(due), by_day=True)
        self.env["ir.config_parameter"].sudo().set_param(AS_OF, fields.Date.to_string(as_of))
        self.sudo()._restate(as_of, moving)
        self.sudo()._moved_to(as_of)

    @api.model
    def _moved_to(self, as_of):
        """Called after figures came to stand for another day. Others extend it.

        :param as_of: date that stands for today
        """

    @api.model
    def _cron_nightly(self):
        """Move what the date alone moves."""
        self._move_to(self._today())
        if self.env["ir.cron"]._commit_progress(1, remaining=0):
            self._cron_drain()
        self._refresh_edges()

    # ------------------------------------------------------------------- rebuild

    @api.model
    def _rebuild(self, as_of=None, edges=True):
        """Work out all figures of all customers from the facts and documents.

        :param as_of: date that stands for today; figures stand for it from now on
        :param edges: whether it is also worked out where scores begin
        :return: ``MetricsResult``
        """
        as_of = as_of or self._today()
        self.env["ir.config_parameter"].sudo().set_param(AS_OF, fields.Date.to_string(as_of))
        metrics = self.sudo()
        metrics._metrics_flush()
        with MetricsSQL(metrics, None, as_of).staged() as everybody:
            runs = None
            if edges:
                # before anything is written, so that each row is written once
                runs = metrics._make_runs(as_of, everybody)
                everybody.relayer()
            total = metrics._write_everybody(everybody, as_of, runs)
        self.invalidate_model(flush=False)
        return total

    @api.model
    def _write_everybody(self, everybody, as_of, runs):
        """Make the table what is staged: fill it, or write what differs.

        :param everybody: ``MetricsSQL``
        :param as_of: date that stands for today
        :param runs: ``crm.customer.score.run`` records that are new, or None
        :return: ``MetricsResult``
        """
        cr = self.env.cr
        [(known,)] = self.env.execute_query(SQL("SELECT EXISTS (SELECT FROM crm_customer_metrics)"))
        is_bulk = not known and everybody.count >= MANY
        beside = None
        with ExitStack() as stack:
            if is_bulk:
                stack.enter_context(without_indexes(cr, *self._metrics_tables()))
                beside = stack.enter_context(aside(cr, self._table))
            if known:
                [counts] = self.env.execute_query(everybody.sync())
                total = MetricsResult(*counts)
            else:
                cr.execute(everybody.fill())
                total = MetricsResult(cr.rowcount, 0, 0)
                # of what plans rest on: all columns would take as long as writing them
                cr.execute(
                    "ANALYZE crm_customer_metrics (commercial_partner_id, company_id, lifecycle, value_class_id)"
                )
            if runs is not None:
                total = total._replace(updated=total.updated + self._edges_moved(as_of, runs))
            self._everybody_written(as_of, beside)
        return total

    @api.model
    def _metrics_tables(self):
        """Names of the tables that are empty where there are no figures. Addons append theirs."""
        return [self._table]

    @api.model
    def _everybody_written(self, as_of, beside=None):
        """What follows from everybody's figures. Addons extend it.

        :param as_of: date that stands for today
        :param beside: ``Aside`` in which the figures stand until they are copied, if they do
        """
