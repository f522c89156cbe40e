# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several users and workers at the same moment, each with a connection and commits of his own."""

import os
import subprocess
import sys
from contextlib import contextmanager

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import config


def start(code, *arguments):
    """A process of its own on the database of the tests, as a server's worker is one.

    :param code: str, the program; it finds the name of the database, the ``arguments`` and Odoo's options in ``sys.argv``
    :return: ``subprocess.Popen`` with what it prints
    """
    names = ("db_host", "db_port", "db_user", "db_password")
    options = [f"--{name}={config[name]}" for name in names if config[name]]
    options += [f"--data-dir={config['data_dir']}", f"--addons-path={','.join(map(str, config['addons_path']))}"]
    source = os.path.dirname(os.path.dirname(odoo.release.__file__))
    return subprocess.Popen(
        [sys.executable, "-c", code, get_db_name(), *map(str, arguments), *options],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([source, *filter(None, sys.path)])},
    )


class WorkersCase(BaseCase):
    """What is committed here is deleted again by ``_clean``; nothing of it is seen by other tests."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.made = {}
        self.addCleanup(self._clean)
        with self._session() as env:
            firms = env["res.partner"].create([{"name": f"Firma {number}", "is_company": True} for number in range(3)])
            env["crm.customer.metrics"]._drain()
            env.cr.commit()
            self.firm_ids = firms.ids
        self.made["res.partner"] = list(self.firm_ids)

    @contextmanager
    def _session(self):
        """The environment of somebody with a connection of his own; what he does not commit is gone."""
        with db_connect(get_db_name()).cursor() as cr:
            try:
                yield api.Environment(cr, SUPERUSER_ID, {})
            finally:
                cr.rollback()

    def _buy(self, env, number, amount):
        purchase = env["crm.customer.purchase"].create(
            {
                "partner_id": self.firm_ids[number],
                "company_id": env.ref("base.main_company").id,
                "amount": amount,
                "date": "2026-03-01 10:00:00",
            }
        )
        env.flush_all()
        return purchase

    def _bought(self, number, amount):
        """A purchase that everybody sees."""
        with self._session() as env:
            self._buy(env, number, amount)
            env.cr.commit()

    def _totals(self):
        """What the figures of the firms say now: list of amounts, None without a row."""
        with self._session() as env:
            rows = dict(
                env["crm.customer.metrics"]._read_group(
                    [("commercial_partner_id", "in", self.firm_ids)], ["commercial_partner_id"], ["amount_total:sum"]
                )
            )
            totals = {partner.id: amount for partner, amount in rows.items()}
            return [totals.get(firm) for firm in self.firm_ids]

    def _waiting(self):
        """How many of the firms are on the queue."""
        with self._session() as env:
            entries = env["crm.customer.metrics.queue"].search([("partner_id", "in", self.firm_ids)])
            return len(set(entries.mapped("partner_id")))

    def assert_like_rebuilt(self):
        """Once the queue is worked off, working out everything finds nothing to change."""
        with self._session() as env:
            env["crm.customer.metrics"]._cron_drain()
            self.assertFalse(any(env["crm.customer.metrics"]._refresh(self.firm_ids)))

    def _clean(self):
        with self._session() as env:
            env.cr.execute("DELETE FROM crm_customer_purchase WHERE partner_id = ANY(%s)", [self.firm_ids])
            for model, ids in self.made.items():
                env[model].browse(ids).exists().unlink()
            env["crm.customer.metrics"]._drain()
            env.cr.commit()
