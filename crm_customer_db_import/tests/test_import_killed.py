# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A server that is killed in the middle of an import loses no row and doubles none."""

import base64
import random
import signal
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name

from odoo.addons.crm_customer_db.tests.worker_common import start

# What the scheduled action does, in a process of its own that says what it has got to, and then waits to be killed.
WORKER = """
import sys, time
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

def say(word):
    print(word, flush=True)
    moments.append(word)
    if len(moments) == int(sys.argv[3]):
        time.sleep(600)

moments = []
config.parse_config(sys.argv[4:], setup_logging=False)
with Registry(sys.argv[1]).cursor() as cr:
    batch = api.Environment(cr, SUPERUSER_ID, {})["crm.customer.import"].browse(int(sys.argv[2]))
    type(batch)._slice_size = type(batch)._contact_slice_size = 20
    while batch._next_slice():
        say("written")
        cr.commit()
        say("committed")
"""
ROWS = 120


@tagged("post_install", "-at_install")
class TestImportKilled(BaseCase):
    """What is committed here is deleted again."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.batch_ids = []
        self.addCleanup(self._clean)
        self.random = random.Random(19)

    @contextmanager
    def _session(self):
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            yield env
            env.cr.commit()

    def _batch(self, kind, lines):
        with self._session() as env:
            batch = env["crm.customer.import"].create(
                {
                    "file": base64.b64encode("\n".join(lines).encode()),
                    "file_name": "killed.csv",
                    "kind": kind,
                    "source": "Killed",
                }
            )
            self.batch_ids.append(batch.id)
            batch.action_try()
            self.assertEqual(batch.new_count, ROWS)
            batch._enter("running")
        return self.batch_ids[-1]

    def _kill_in_the_middle(self, batch_id, moments):
        """Let a process go on with the import, and kill it once it has said so many words."""
        with start(WORKER, batch_id, moments) as worker:
            said = [worker.stdout.readline() for _moment in range(moments)]
            worker.send_signal(signal.SIGKILL)
        self.assertTrue(all(said), "it was at work when it was killed")

    def _done(self, batch_id):
        with self._session() as env:
            return env["crm.customer.import.row"].search_count([("import_id", "=", batch_id), ("is_done", "=", True)])

    def _finish(self, batch_id):
        with self._session() as env:
            batch = env["crm.customer.import"].browse(batch_id)
            while batch._next_slice():
                env.cr.commit()
            self.assertEqual((batch.state, batch.new_count, batch.waiting_count), ("done", ROWS, 0))

    def test_customers_and_purchases(self):
        """Killed before a commit, right after one, and again: in the end each row is there once."""
        customers = ["Código;Empresa;Contacto", *(f"K{number};Empresa {number};Ana {number}" for number in range(ROWS))]
        batch_id = self._batch("res.partner", customers)
        self._kill_in_the_middle(batch_id, 3)
        self.assertEqual(self._done(batch_id), 20, "what was not committed is not there")
        self._kill_in_the_middle(batch_id, 2 * self.random.randint(1, 3))
        self._finish(batch_id)
        with self._session() as env:
            made = env["res.partner"].search([("ref", "like", "K%"), ("name", "like", "Empresa %")])
            self.assertEqual((len(made), len(made.child_ids)), (ROWS, ROWS))

        lines = ["Cód. cliente;Fecha;Importe;reference"]
        lines += [f"K{number};03/02/2025;{number},25;L{number}" for number in range(ROWS)]
        batch_id = self._batch("crm.customer.purchase", lines)
        self._kill_in_the_middle(batch_id, 2 * self.random.randint(1, 3) + 1)
        done = self._done(batch_id)
        self.assertTrue(0 < done < ROWS)
        self.assertEqual(self._bought(), done, "rows say what is there")
        self._kill_in_the_middle(batch_id, 2)
        self._finish(batch_id)
        self.assertEqual(self._bought(), ROWS)
        with self._session() as env:
            groups = env["crm.customer.purchase"]._read_group(
                [("source_ref", "like", "killed:%")], [], ["amount:sum", "partner_id:count_distinct"]
            )
        self.assertEqual(groups, [(sum(number + 0.25 for number in range(ROWS)), ROWS)])

    def _bought(self):
        with self._session() as env:
            return env["crm.customer.purchase"].search_count([("source_ref", "like", "killed:%")])

    def _clean(self):
        """Taking back is the way out: it leaves nothing."""
        with self._session() as env:
            for batch in env["crm.customer.import"].browse(self.batch_ids).sorted("id", reverse=True):
                if batch.state != "done":
                    batch._enter("stopped")
                batch.action_revert()
            env["crm.customer.import"].browse(self.batch_ids).unlink()
            env["crm.customer.metrics"]._drain()
            left = env["res.partner"].search_count([("ref", "like", "K%"), ("name", "like", "Empresa %")])
            env.cr.commit()
        self.assertFalse(left or self._bought())
