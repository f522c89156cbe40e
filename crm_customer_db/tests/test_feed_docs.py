# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.orm.model_classes import add_to_registry
from odoo.tools import mute_logger

from .common import CustomerDbCommon

PAGE = Path(__file__).parents[2] / "docs" / "feeds.md"
MODELS = ("workshop.job", "workshop.job.line")


def workshop():
    """The app the page connects: its two models."""

    class WorkshopJob(models.Model):
        _module = "crm_customer_db"
        _name = "workshop.job"
        _inherit = ["base"]
        _description = "Job"

        name = fields.Char()
        state = fields.Selection([("open", "Open"), ("finished", "Finished")], default="open")
        finished_on = fields.Datetime()
        partner_id = fields.Many2one("res.partner")
        company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
        line_ids = fields.One2many("workshop.job.line", "job_id")

    class WorkshopJobLine(models.Model):
        _module = "crm_customer_db"
        _name = "workshop.job.line"
        _inherit = ["base"]
        _description = "Line of a Job"

        job_id = fields.Many2one("workshop.job", ondelete="cascade")
        hours = fields.Float()
        price = fields.Float()

    return WorkshopJob, WorkshopJobLine


class TestFeedDocs(CustomerDbCommon):
    """The feed that docs/feeds.md prints, run as it is printed: the contract of feeds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not PAGE.exists():
            raise SkipTest("docs/feeds.md is in the repository, not in the addon")
        printed = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)
        names = {"__name__": "odoo.addons.crm_customer_db.tests.workshop"}
        registry = cls.env.registry
        before = set(registry.models)
        exec(compile(printed, str(PAGE), "exec"), names)
        definitions = workshop()
        # The metaclass has put them on the list of what every new registry of the addon gets.
        of_module = models.MetaModel._module_to_models__["crm_customer_db"]
        of_module[:] = [model for model in of_module if model.__module__ not in (names["__name__"], __name__)]
        for definition in definitions:
            add_to_registry(registry, definition)
        for name in ("WorkshopJob", "WorkshopJobLine", "WorkshopFeed"):
            add_to_registry(registry, names[name])
        cls.addClassCleanup(cls._forget, before)
        cls._set_up_registry()
        registry.init_models(cls.env.cr, [*MODELS, "crm.customer.feed.workshop"], {"module": "crm_customer_db"})
        cls.feed = cls.env["crm.customer.feed.workshop"]
        cls.feed._register_hook()
        cls.customer = cls._partner(name="Transportes Olid")
        cls.contact = cls._person(name="Pilar", parent_id=cls.customer.id)
        cls.Purchase = cls.env["crm.customer.purchase"]

    @classmethod
    def _set_up_registry(cls):
        with mute_logger("odoo.registry"):
            cls.env.registry._setup_models__(cls.env.cr, [])
        cls.env.registry.clear_all_caches()

    @classmethod
    def _forget(cls, before):
        registry = cls.env.registry
        for name in set(registry.models) - before:
            for parent in registry.models[name]._inherit_module:
                registry.models[parent]._inherit_children.discard(name)
            del registry.models[name]
        cls._set_up_registry()

    def _job(self, **vals):
        return self.env["workshop.job"].create(
            {
                "name": "J1",
                "partner_id": self.contact.id,
                "company_id": self.company_a.id,
                "finished_on": "2026-03-31 22:30:00",
                "state": "finished",
                "line_ids": [(0, 0, {"hours": 2, "price": 40}), (0, 0, {"hours": 1, "price": 15.5})],
                **vals,
            }
        )

    def _rows(self, job):
        return self.Purchase.search([("feed", "=", "workshop"), ("source_id", "=", job.id)], order="amount DESC")

    def _sum(self, job):
        return sum(self._rows(job).mapped("amount"))

    def _state(self):
        return self.env["crm.customer.feed.state"].search([("name", "=", self.feed._name)])

    def test_page_is_about_forty_lines(self):
        """What a third party copies is no longer than promised."""
        printed = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)
        lines = [line for line in printed.splitlines() if line.strip()]
        self.assertLess(len(lines), 50)

    def test_copied_at_once(self):
        """Everything the query says, and everything the core derives from it."""
        first, second = self._rows(self._job())
        self.assertEqual((first.amount, first.quantity, first.order_ref), (80, 2, "J1"))
        self.assertEqual(second.amount, 15.5)
        self.assertEqual(first.partner_id, self.contact)
        self.assertEqual(first.commercial_partner_id, self.customer)
        self.assertEqual(first.company_currency_id, self.euro)
        self.assertEqual((first.currency_id, first.amount_currency), (self.euro, 80))
        self.assertEqual(str(first.day), "2026-04-01", "the day is the one in Madrid")
        self.assertEqual((first.source_model, first.source_id), ("workshop.job", first.source_id))
        self.assertEqual(first.is_head + second.is_head, 1)
        self.assertEqual((first + second).filtered("is_head").order_amount, 95.5)

    def test_not_yet_finished(self):
        """An open job is no purchase; finishing makes it one, reopening takes it back."""
        job = self._job(state="open")
        self.assertFalse(self._rows(job))
        job.state = "finished"
        self.assertEqual(self._sum(job), 95.5)
        job.state = "open"
        self.assertFalse(self._rows(job))

    def test_changes(self):
        """Whatever of a job changes, its rows follow, and keep their identity."""
        job = self._job()
        ids = set(self._rows(job).ids)
        job.line_ids[0].price = 50
        self.assertEqual(self._sum(job), 115.5)
        self.assertEqual(set(self._rows(job).ids), ids)
        job.partner_id = other = self._partner(name="Otra")
        self.assertEqual(self._rows(job).commercial_partner_id, other)
        job.company_id = self.company_b
        self.assertEqual(self._rows(job).company_id, self.company_b)
        self.assertEqual(self._sum(job), 115.5)

    def test_line_moved_and_deleted(self):
        """A line that goes to another job leaves the first; one that is deleted is gone."""
        job, other = self._job(), self._job(name="J2")
        self.assertEqual((self._sum(job), self._sum(other)), (95.5, 95.5))
        job.line_ids[0].job_id = other
        self.assertEqual((self._sum(job), self._sum(other)), (15.5, 175.5))
        job.line_ids.unlink()
        self.assertEqual((self._sum(job), self._sum(other)), (0, 175.5))
        gone = other.id
        other.unlink()
        self.assertFalse(self.Purchase.search([("feed", "=", "workshop"), ("source_id", "=", gone)]))

    def test_rolled_back(self):
        """What is undone has never happened."""
        job = self._job()
        self.assertEqual(self._sum(job), 95.5)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            job.line_ids.price = 1
            self.assertEqual(self._sum(job), 3)
            raise UserError("no")  # pylint: disable=translation-required
        self.assertEqual(self._sum(job), 95.5)

    def test_loop_is_one_statement(self):
        """A hundred jobs in a loop cost as many queries before the commit as one."""

        def cost(count):
            for number in range(count):
                self._job(name=f"J{number}")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env.cr.precommit.run()
            return self.env.cr.sql_log_count - before

        cost(1)
        one = cost(1)
        self.assertEqual(cost(100), one)
        self.assertLessEqual(one, 4)

    def test_backfill_is_resumable(self):
        """History comes in slices, and the second time changes nothing."""
        jobs = self.env["workshop.job"]
        for number in range(5):
            jobs += self._job(name=f"J{number}")
        self._rows(jobs[0])
        self.env.cr.execute("DELETE FROM crm_customer_purchase WHERE feed = 'workshop'")
        self.env.invalidate_all()
        state = self._state()
        self.assertEqual(state.state, "waiting")
        slices = 0
        with self._slices_of(2):
            while state.state != "done":
                state._backfill_slice()
                slices += 1
        self.assertEqual(slices, 3)
        self.assertEqual((state.total, state.done, state.progress), (5, 5, 100))
        self.assertEqual([self._sum(job) for job in jobs], [95.5] * 5)
        ids = self.Purchase.search([("feed", "=", "workshop")]).ids
        state.action_backfill()
        self.assertTrue(state._backfill())
        self.assertEqual(self.Purchase.search([("feed", "=", "workshop")]).ids, ids)

    def _slices_of(self, size):
        return patch("odoo.addons.crm_customer_db.models.crm_customer_feed_state.SLICE", size)

    def test_audit(self):
        """Whatever was changed by SQL is found, named and mended; texts are not compared."""
        job, other, third = self._job(), self._job(name="J2"), self._job(name="J3")
        state = self._state()
        state._backfill()
        self.assertEqual(state._audit(), {self.feed._name: []})
        (self._rows(job) + self._rows(other) + self._rows(third)).flush_recordset()
        cr = self.env.cr
        cr.execute("UPDATE crm_customer_purchase SET amount = 1 WHERE id = %s", [self._rows(job)[0].id])
        cr.execute("DELETE FROM crm_customer_purchase WHERE id = %s", [self._rows(other)[1].id])
        cr.execute("UPDATE crm_customer_purchase SET note = 'x' WHERE source_id = %s", [third.id])
        cr.execute("UPDATE workshop_job SET state = 'finished', name = 'J9' WHERE id = %s", [third.id])
        self.env.invalidate_all()
        self.assertEqual(state._audit(), {self.feed._name: [job.id, other.id]})
        self.assertEqual((state.drift_count, state.drift_ids), (2, [job.id, other.id]))
        state.action_mend()
        self.assertEqual((state.drift_count, state.mended_count), (0, 2))
        self.assertEqual([self._sum(one) for one in (job, other)], [95.5, 95.5])

    def test_audit_of_deleted_documents(self):
        """Rows whose document was deleted by SQL are found, wherever its number lies."""
        job = self._job()
        self._rows(job)
        self.env.cr.execute("DELETE FROM workshop_job WHERE id = %s", [job.id])
        self.env.invalidate_all()
        state = self._state()
        state._backfill()
        state.action_mend()
        self.assertFalse(self.Purchase.search([("feed", "=", "workshop")]))

    def test_uninstalled_and_installed_again(self):
        """Rows stay under another name, and are taken back if they are the same."""
        job = self._job()
        ids = self._rows(job).ids
        State = self.env["crm.customer.feed.state"]
        State._retire([self.feed.sudo()])
        self.assertFalse(self._state())
        rows = self.Purchase.browse(ids)
        self.assertTrue(all(feed.startswith("workshop~") for feed in rows.mapped("feed")))
        State._enrol(self.feed)
        self._state()._backfill()
        self.assertEqual(self._rows(job).ids, sorted(ids, key=lambda i: -self.Purchase.browse(i).amount))

    def test_frozen_until(self):
        """What a row was given first stays, until the column with which it thaws changes."""
        with patch.object(type(self.feed), "_frozen", {"order_ref": "partner_id", "quantity": None}):
            job = self._job()
            self._rows(job)
            job.name = "J2"
            job.line_ids[0].hours = 3
            row = self._rows(job)[0]
            self.assertEqual((row.amount, row.quantity, row.order_ref), (120, 2, "J1"))
            job.partner_id = self.customer
            row = self._rows(job)[0]
            self.assertEqual((row.quantity, row.order_ref), (2, "J2"))

    def test_history_is_completed(self):
        """A feed is asked once for what old documents do not say, slice by slice, before they are copied."""
        jobs = [self._job(name=f"J{number}").id for number in range(3)]
        asked = []
        with (
            self._slices_of(2),
            patch.object(type(self.feed), "_complete_history", lambda feed, ids: asked.append(ids)),
        ):
            self._state()._backfill()
        self.assertEqual(asked, [[jobs[2], jobs[1]], [jobs[0]]])

    def test_user_without_rights(self):
        """Finishing a job needs no right on purchases, and nobody can change what was copied."""
        job = self._job(state="open")
        with patch.object(type(job), "check_access", lambda *a: None):
            mine = job.with_user(self.user_employee)
            mine.state = "finished"
            mine.flush_recordset()
        self.env(user=self.user_employee)["crm.customer.feed"]._sync_pending()
        self.assertEqual(self._sum(job), 95.5)
        with self.assertRaises(AccessError):
            self._as(self.user_manager, self._rows(job)).write({"amount": 1})

    @mute_logger("odoo.addons.crm_customer_db.models.crm_customer_feed")
    def test_broken_query_does_not_stop_work(self):
        """A mistake of a feed is logged; the job is finished all the same, and mended later."""
        job = self._job(state="open")
        with patch.object(type(self.feed), "_query", lambda *a, **k: (_ for _ in ()).throw(KeyError("x"))):
            job.state = "finished"
            self.assertFalse(self._rows(job))
        self.assertEqual(job.state, "finished")
        state = self._state()
        state._backfill()
        self.assertEqual(self._sum(job), 95.5)

    def test_one_savepoint_for_all_feeds(self):
        """Feeds share a savepoint; when one of them fails, each has its own, and none loses its rows."""
        job, feed = self._job(), type(self.feed)
        self.assertEqual(self._sum(job), 95.5)
        both = [self.feed.sudo(), self.feed.sudo()]
        with patch.object(feed, "_feeds", lambda *a: both):
            self.feed._mark("workshop.job", job.ids)
            before = self.env.cr.sql_log_count
            self.feed._sync_pending()
            once = self.env.cr.sql_log_count - before
        with patch.object(feed, "_feeds", lambda *a: both[:1]):
            self.feed._mark("workshop.job", job.ids)
            before = self.env.cr.sql_log_count
            self.feed._sync_pending()
            self.assertEqual(once - (self.env.cr.sql_log_count - before), 1, "nothing but the second statement")
        job.line_ids[0].price = 50
        self.env.flush_all()
        sync, failures = feed._sync_records, [KeyError("the other one")]

        def fail_once(records, changed):
            if failures:
                raise failures.pop()
            return sync(records, changed)

        with patch.object(feed, "_sync_records", fail_once):
            self.assertEqual(self._sum(job), 115.5)
        self.assertFalse(failures)

    def test_rests_without_the_app_it_needs(self):
        """A feed whose app is not installed is not asked, and its row in the list does no harm."""
        state = self._state()
        self.assertTrue(state._feed() is not None)
        with patch.object(type(self.feed), "_needs", ("no.such.app",)):
            self.env.registry.clear_all_caches()
            self.assertNotIn(self.feed._name, self.feed._feed_names())
            self.assertIsNone(state._feed())
            job = self._job()
            self.assertFalse(self._rows(job))
            self.assertTrue(state._backfill())
            self.assertEqual(state._audit(), {self.feed._name: []})
        self.env.registry.clear_all_caches()
        job.name = "J2"
        self.assertEqual(self._sum(job), 95.5)
