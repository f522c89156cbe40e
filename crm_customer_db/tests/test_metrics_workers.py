# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import signal
import threading
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.crm_customer_db.models import crm_customer_metrics_engine

from .worker_common import WorkersCase, start

# A worker that has done its slice, and is killed before it can commit.
WORKER = """
import sys, time
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

config.parse_config(sys.argv[2:], setup_logging=False)
with Registry(sys.argv[1]).cursor() as cr:
    print("done", *api.Environment(cr, SUPERUSER_ID, {})["crm.customer.metrics"]._drain_slice(), flush=True)
    time.sleep(600)
"""


@tagged("post_install", "-at_install")
class TestMetricsWorkers(WorkersCase):
    """Whatever workers and users do at the same moment, figures end as a rebuild has them."""

    def test_two_users_one_customer(self):
        """Both write for one customer before either commits; neither waits, neither fails."""
        with self._session() as one, self._session() as two:
            one.cr.execute("SET LOCAL lock_timeout = '2s'")
            two.cr.execute("SET LOCAL lock_timeout = '2s'")
            self._buy(one, 0, 10)
            self._buy(two, 0, 5)
            two.cr.commit()
            one.cr.commit()
        self.assertEqual(self._waiting(), 1)
        self.assert_like_rebuilt()
        self.assertEqual(self._totals(), [15, None, None])
        self.assertEqual(self._waiting(), 0)

    def test_user_while_a_worker_is_at_it(self):
        """What is written while the figures are worked out is worked out next."""
        self._bought(0, 10)
        with self._session() as worker:
            worker["crm.customer.metrics"]._drain_slice()
            with self._session() as user:
                user.cr.execute("SET LOCAL lock_timeout = '2s'")
                self._buy(user, 0, 5)
                user.cr.commit()
            worker.cr.commit()
        self.assertEqual(self._totals(), [10, None, None])
        self.assertEqual(self._waiting(), 1)
        self.assert_like_rebuilt()
        self.assertEqual(self._totals(), [15, None, None])

    def test_two_workers(self):
        """The second leaves the work to the first, and takes up what that has left."""
        self._bought(0, 10)
        with self._session() as one, self._session() as two:
            self.assertGreaterEqual(one["crm.customer.metrics"]._drain_slice()[1], 1)
            self.assertEqual(two["crm.customer.metrics"]._drain_slice(), (0, 0))
            one.cr.rollback()
            two.cr.rollback()
            self.assertGreaterEqual(two["crm.customer.metrics"]._drain_slice()[1], 1)
            two.cr.commit()
        self.assertEqual(self._totals(), [10, None, None])
        self.assertEqual(self._waiting(), 0)

    def test_killed(self):
        """A worker that is killed in the middle has changed nothing; the next one does its work."""
        self._bought(0, 10)
        worker = start(WORKER)
        try:
            said = worker.stdout.readline().split()
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            worker.stdout.close()
        self.assertEqual(said[:1], ["done"])
        self.assertGreaterEqual(int(said[2]), 1)
        self.assertEqual(self._totals(), [None, None, None])
        self.assertEqual(self._waiting(), 1)
        self.assert_like_rebuilt()
        self.assertEqual(self._totals(), [10, None, None])

    def test_customer_moves_meanwhile(self):
        """A customer who becomes a contact of another one while both are worked out."""
        self._bought(0, 10)
        self._bought(1, 7)
        with self._session() as worker, self._session() as user:
            worker["crm.customer.metrics"]._drain_slice()
            user["res.partner"].browse(self.firm_ids[0]).write({"is_company": False, "parent_id": self.firm_ids[1]})
            user.cr.commit()
            worker.cr.commit()
        self.assert_like_rebuilt()
        self.assertEqual(self._totals(), [None, 17, None])

    def test_merged_meanwhile(self):
        """Two customers become one while a worker wants to write their rows: it tries again."""
        with self._session() as user:
            self._buy(user, 0, 10)
            self._buy(user, 1, 7)
            user["crm.customer.metrics"]._drain()
            user.cr.commit()
            self._buy(user, 1, 1)
            user.cr.commit()
        failures = []

        def work():
            with self._session() as worker:
                # the worker's view is of the moment before the merge is committed
                worker.cr.execute("SELECT 1 FROM crm_customer_metrics LIMIT 1")
                begun.set()
                worker["crm.customer.metrics"]._cron_drain()

        real = crm_customer_metrics_engine.time.sleep
        begun = threading.Event()
        with (
            mute_logger("odoo.sql_db"),
            self._session() as user,
            patch.object(
                crm_customer_metrics_engine.time, "sleep", lambda seconds: failures.append(seconds) or real(seconds)
            ),
        ):
            merge = user["base.partner.merge.automatic.wizard"]
            merge._merge(self.firm_ids[:2], user["res.partner"].browse(self.firm_ids[0]))
            user.flush_all()
            worker = threading.Thread(target=work)
            worker.start()
            begun.wait(10)
            real(0.5)
            user.cr.commit()
            worker.join(60)
            self.assertFalse(worker.is_alive())
        self.assertTrue(failures, "the worker met the merge, and tried again")
        self.assert_like_rebuilt()
        self.assertEqual(self._totals(), [18, None, None])

    def test_gives_up(self):
        """What fails again and again is raised, and its entries stay."""
        self._bought(0, 10)
        metrics = self.registry["crm.customer.metrics"]
        with (
            self._session() as worker,
            patch.object(metrics, "_drain_slice", side_effect=SerializationFailure("again")) as tried,
            patch.object(crm_customer_metrics_engine.time, "sleep"),
            self.assertRaises(SerializationFailure),
        ):
            worker["crm.customer.metrics"]._cron_drain()
        self.assertEqual(tried.call_count, 6)
        self.assertEqual(self._waiting(), 1)
