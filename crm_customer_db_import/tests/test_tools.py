# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import csv
import doctest
import io
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import cell_format, customer_key, formula, known_entries, text_coding, text_table

EXAMPLES = settings(deadline=None, derandomize=True, database=None, max_examples=300)
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufffe"), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12)
WORDS = [
    "Peña",
    "MUÑOZ",
    "Güell",
    "ÁVILA",
    "Íñigo",
    "CAMIÓN",
    "1ª",
    "nº 5",
    "3 €",
    "«así»",
    "S.L.",
    "x",
    "\n",
    ";",
    '"',
]
SPANISH = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


@tagged("post_install", "-at_install", "crm_customer_db")
class TestTools(BaseCase):
    def test_doctests(self):
        for module in (cell_format, customer_key, formula, known_entries, text_coding, text_table):
            self.assertEqual(doctest.testmod(module).failed, 0, module)

    @EXAMPLES
    @given(TABLES, st.sampled_from(list(text_table.SEPARATORS)))
    def test_written_and_read(self, table, separator):
        """What a program writes as CSV is read as it was, whatever is in the cells."""
        buffer = io.StringIO()
        csv.writer(
            buffer, delimiter=text_table.SEPARATORS[separator], lineterminator="\n", quoting=csv.QUOTE_ALL
        ).writerows(table)
        found = list(text_table.read(buffer.getvalue(), separator))
        self.assertEqual([cells for _line, cells, _fault in found], [row for row in table if any(row)])
        self.assertFalse([fault for _line, _cells, fault in found if fault])

    @EXAMPLES
    @given(st.binary(max_size=200))
    def test_any_bytes(self, data):
        """Whatever the bytes: rows, or one sentence; and no line is read twice."""
        try:
            text = text_coding.decode(data, text_coding.detect(data))
        except text_coding.CodingError as error:
            self.assertGreaterEqual(error.line, 1)
            return
        lines = [line for line, _cells, _fault in text_table.read(text, text_table.detect(text))]
        self.assertEqual(lines, sorted(set(lines)))

    @EXAMPLES
    @given(SPANISH)
    def test_codings(self, text):
        """Spanish is read as it was written, in each of the codings that tell themselves."""
        for coding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
            data = text.encode(coding)
            found = text_coding.detect(data)
            self.assertEqual(text_coding.decode(data, found), text, coding)

    def test_unclosed_quote(self):
        """A quotation mark that is never closed costs its line, and none after it."""
        rows = [f"{number};{'x' if number != 5 else chr(34) + 'x'};z" for number in range(1000)]
        found = list(text_table.read("\n".join(rows), "semicolon"))
        self.assertEqual(len(found), 1000)
        self.assertEqual([line for line, _cells, fault in found if fault], [6])

    def test_mixed(self):
        """Lines of two codings are no text: never mojibake."""
        for data in ("Peña\n".encode() + "Muñoz\n".encode("cp1252"), "Muñoz\n".encode("cp1252") + "Peña\n".encode()):
            with self.assertRaises(text_coding.CodingError) as caught:
                text_coding.detect(data)
            self.assertEqual((caught.exception.code, caught.exception.line), ("mixed", 2))

    @EXAMPLES
    @given(st.decimals(-(10**12), 10**12, places=2), st.sampled_from(list(cell_format.MARKS)))
    def test_numbers(self, number, mark):
        """A number is read as it was written, in both ways, with and without groups."""
        for text in (f"{number:.2f}", f"{number:,.2f}"):
            if mark == "comma":
                text = text.translate(str.maketrans(",.", ".,"))
            self.assertEqual(float(cell_format.read_number(text, mark)), float(number))

    def test_no_numbers(self):
        for text in ("nan", "inf", "1e400", "1_000", "١٢", "12a", "1,2,3", "--1", "", "-", "1.23.456", "$1", "=1+1"):
            with self.subTest(text=text):
                self.assertIsNone(cell_format.read_number(text, "comma"))

    @EXAMPLES
    @given(
        st.dates(date(1930, 1, 1), date(2027, 12, 31)), st.sampled_from(list(cell_format.DAYS)), st.sampled_from("/.-")
    )
    def test_days(self, day, shape, sign):
        """A day is read as it was written, in every shape; two digits of a year are the last hundred years."""
        codes = {"dd": f"{day:%d}", "mm": f"{day:%m}", "yy": f"{day:%y}", "yyyy": f"{day:%Y}"}
        text = f"{day:%Y%m%d}" if shape == "yyyymmdd" else sign.join(codes[part] for part in shape.split("_"))
        found = cell_format.read_day(text, shape, 2027)
        expected = day
        if shape.endswith("_yy") and day.year <= 1927:
            expected = day.replace(year=day.year + 100)
        self.assertEqual(found, expected.isoformat())

    def test_no_days(self):
        for text in ("30/02/2024", "2024-01-01junk", "1/1", "32/1/2024", "0/0/0", "1/2/24 25:00", "hoy", "1/13/2024"):
            with self.subTest(text=text):
                self.assertIsNone(cell_format.read_day(text, "dd_mm_yyyy"))
