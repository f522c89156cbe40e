# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest
from datetime import date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import load_rows
from ..tools.load_rows import Column
from .common import CustomerDbCommon

PROFILE = settings(deadline=None, derandomize=True, database=None, max_examples=300)
SLOW = settings(
    PROFILE,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
    # each example is a dozen statements: explaining a failure would take minutes
    phases=[Phase.explicit, Phase.generate],
    print_blob=True,
)
TEXTS = st.text(max_size=30)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXTS,
    st.dates(),
    st.datetimes(),
    st.decimals(),
    st.binary(max_size=5),
    st.lists(st.integers(), max_size=2),
)
KINDS = ("int", "number", "text", "moment", "day", "bool")


@tagged("post_install", "-at_install", "crm_customer_db")
class TestLoaderRows(BaseCase):
    """Cells on their way into the staging table."""

    def test_doctests(self):
        self.assertEqual(doctest.testmod(load_rows).failed, 0)

    @PROFILE
    @given(kind=st.sampled_from(KINDS), cells=st.lists(ANYTHING, min_size=1, max_size=6))
    def test_fast_way_accepts_what_the_careful_way_accepts(self, kind, cells):
        """No cell gets past the column-wise look that the cell-wise one would refuse.

        Numbers are the exception that SQL catches: not-a-number and infinity are of the
        right type and fall to the check of the range.
        """
        columns = [Column("x", "x", None, kind)]
        part = load_rows.encode_slice(columns, [(cell,) for cell in cells], 1)
        for number, _spec, _code, _value in part.errors:
            with self.assertRaises(load_rows.BadCell):
                load_rows.read_cell(kind, cells[number - 1])
        if part.errors or load_rows.copy_text(part.numbers, part.values) is None:
            return
        for cell in cells:
            try:
                load_rows.read_cell(kind, cell)
            except load_rows.BadCell as error:
                # what is left to SQL: ranges, and calendar dates as text
                self.assertTrue(error.args[0] == "range" or isinstance(cell, str), (kind, cell, error))

    @PROFILE
    @given(value=ANYTHING)
    def test_show_can_be_stored_and_read(self, value):
        shown = load_rows.show(value)
        self.assertLessEqual(len(shown), 80)
        self.assertTrue(shown.isprintable())
        shown.encode()

    @PROFILE
    @given(kind=st.sampled_from(KINDS), value=ANYTHING)
    def test_no_cell_breaks_the_reader(self, kind, value):
        """Whatever is sent is a value or a fault with a code."""
        try:
            cells = load_rows.read_cell(kind, value)
        except load_rows.BadCell as error:
            self.assertTrue(error.args[0].isidentifier())
        else:
            self.assertTrue(all(cell is None or isinstance(cell, str) for cell in cells))


class TestLoaderRoundTrip(CustomerDbCommon):
    """What comes out of the table is what went in, whatever it was."""

    def setUp(self):
        super().setUp()
        self.Purchase = self.env["crm.customer.purchase"]
        self.customer = self._partner(name="Cliente")

    def execute_example(self, function):
        """Each example of hypothesis starts from the same rows."""
        savepoint = self.env.cr.savepoint()
        try:
            return function()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    @SLOW
    @given(
        rows=st.lists(
            st.tuples(
                # pytz knows the zones from December 1901 on, PostgreSQL longer
                st.datetimes(datetime(1902, 1, 1), datetime(2026, 1, 1)) | st.dates(date(1902, 1, 1), date(2026, 1, 1)),
                st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60),
                st.decimals(-(10**12), 10**12, places=4) | st.integers(-(10**12), 10**12),
            ),
            min_size=1,
            max_size=12,
        )
    )
    def test_round_trip(self, rows):
        given = [(self.customer.id, when, f"r{n}", note, amount) for n, (when, note, amount) in enumerate(rows)]
        columns = ["partner_id", "date", "source_ref", "note", "amount"]
        result = self.Purchase._load_facts(given, "hyp", self.company_a, columns=columns)
        self.assertEqual(result[:4], (len(rows), 0, 0, 0), result.errors)
        again = self.Purchase._load_facts(given, "hyp", self.company_a, columns=columns)
        self.assertEqual(again[:4], (0, 0, len(rows), 0))
        self.env.cr.execute(
            "SELECT date, day, COALESCE(note, ''), amount::text FROM crm_customer_purchase"
            " WHERE feed = 'hyp' ORDER BY id"
        )
        for (when, note, amount), got in zip(rows, self.env.cr.fetchall(), strict=True):
            self.assertEqual(got[2], note)
            self.assertEqual(Decimal(got[3]), Decimal(amount))
            if isinstance(when, datetime):
                self.assertEqual(got[0], when.replace(microsecond=0))
                self.assertEqual(got[1], self.Purchase._fact_day(got[0], self.company_a))
            else:
                self.assertEqual(got[1], when)
                self.assertEqual(got[0], self.Purchase._fact_noon(when, self.company_a))
