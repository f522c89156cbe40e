# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What holds according to a ledger: Python and PostgreSQL must say the same."""

import doctest
import io
from datetime import datetime, timedelta

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged
from odoo.tools import SQL, email_normalize

from ..models.crm_customer_consent_state import ANYWHERE
from ..tools import consent, exclusion_list
from ..tools.consent import CHANNELS, PURPOSES, Entry
from ..tools.exclusion_list import ListError
from .common import CustomerDbCommon

PROFILE = settings(deadline=None, derandomize=True, database=None, max_examples=150)
START = datetime(2026, 1, 1)
FIRM_A, FIRM_B = 1, 2
ENTRIES = st.lists(
    st.builds(
        lambda day, channel, purpose, refused, lifts, company: Entry(
            START + timedelta(days=day), 0, channel, purpose, refused, lifts and not refused, company
        ),
        day=st.integers(0, 4),
        channel=st.sampled_from([*CHANNELS, "all"]),
        purpose=st.sampled_from([*PURPOSES, "all"]),
        refused=st.booleans(),
        lifts=st.booleans(),
        company=st.sampled_from([None, FIRM_A, FIRM_B]),
    ),
    max_size=9,
).map(lambda entries: [entry._replace(number=number) for number, entry in enumerate(entries, 1)])


class TestLastState(CustomerDbCommon):
    """The last state of random ledgers: by a loop over the entries, and by SQL over all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._partner()
        cls.other = cls._partner()
        cls.companies = {None: None, FIRM_A: cls.company_a.id, FIRM_B: cls.company_b.id}
        cls.consents = cls.env["crm.customer.consent"]

    def _store(self, partner, entries):
        for entry in entries:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO crm_customer_consent"
                    " (partner_id, date, channel, purpose, state, lifts_refusal, company_id, source)"
                    " VALUES (%s, %s, %s, %s, %s, %s, %s, 'manual')",
                    partner.id,
                    entry.date,
                    entry.channel,
                    entry.purpose,
                    "refused" if entry.refused else "given",
                    entry.lifts,
                    self.companies[entry.company],
                )
            )

    def _refused(self, **asked):
        sql = self.consents._refusals_sql(partner=SQL("%s", self.partner.id), **asked)
        return bool(self.env.execute_query(SQL("SELECT EXISTS (%s)", sql))[0][0])

    def test_doctests(self):
        self.assertEqual(doctest.testmod(consent).failed, 0)

    def test_sql_says_the_same(self):
        """Refused or not: for every channel, purpose, company and day."""

        @PROFILE
        @given(ENTRIES, ENTRIES)
        def check(entries, of_another):
            with self.env.cr.savepoint() as savepoint:
                self._store(self.partner, entries)
                self._store(self.other, of_another)
                for channel in CHANNELS:
                    for purpose in PURPOSES:
                        for firm, company in self.companies.items():
                            state = consent.last_state(entries, channel, purpose, firm)
                            self.assertEqual(
                                self._refused(channel=channel, purpose=purpose, company=company),
                                state == "refused",
                                (entries, channel, purpose, firm),
                            )
                    day = START + timedelta(days=2)
                    self.assertEqual(
                        self._refused(channel=channel, company=None, as_of=day),
                        consent.last_state(entries, channel, as_of=day) == "refused",
                        (entries, channel, day),
                    )
                savepoint.rollback()

        check()

    def test_anywhere(self):
        """An address stays on a blacklist while any company of the group is refused."""

        @PROFILE
        @given(ENTRIES)
        def check(entries):
            with self.env.cr.savepoint() as savepoint:
                self._store(self.partner, entries)
                for channel in ("email", "sms"):
                    found = self._refused(channel=channel, company=ANYWHERE)
                    by_company = [
                        consent.last_state(entries, channel, company=firm) == "refused" for firm in self.companies
                    ]
                    self.assertEqual(found, any(by_company), (entries, channel))
                savepoint.rollback()

        check()

    def test_all_contacts_at_once(self):
        """The query for searches finds whom the query for one contact finds."""

        @settings(PROFILE, max_examples=40)
        @given(ENTRIES, ENTRIES)
        def check(entries, of_another):
            with self.env.cr.savepoint() as savepoint:
                self._store(self.partner, entries)
                self._store(self.other, of_another)
                rows = self.env.execute_query(self.consents._refusals_sql("email", company=self.company_a.id))
                expected = {
                    partner.id
                    for partner, ledger in ((self.partner, entries), (self.other, of_another))
                    if consent.last_state(ledger, "email", company=FIRM_A) == "refused"
                }
                self.assertEqual({row[0] for row in rows}, expected)
                savepoint.rollback()

        check()

    def test_postal_key_in_sql(self):
        """A contact is written the same way, with the same fingerprint, on both sides."""
        wizard = self.env["crm.customer.exclusion.list"]
        texts = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00"), max_size=12)
        letters = st.text("aZñÑçß ÆØı|º-1", max_size=8)

        @settings(PROFILE, max_examples=400)
        @given(st.tuples(*[texts | letters] * 3))
        def check(parts):
            key = exclusion_list.postal_key(*parts)
            columns = [SQL("%s::text", part) for part in parts]
            [(found,)] = self.env.execute_query(SQL("SELECT %s", wizard._postal_key_sql(*columns)))
            self.assertEqual(found or "", key, parts)
            for algorithm in exclusion_list.HASHES:
                hashing = wizard.new({"hashing": algorithm})
                [(found,)] = self.env.execute_query(SQL("SELECT %s", hashing._hash_sql(SQL("%s::text", parts[0]))))
                self.assertEqual(found, exclusion_list.fingerprint(parts[0], algorithm))

        check()


@tagged("post_install", "-at_install", "crm_customer_db")
class TestExclusionListTools(BaseCase):
    """Reading lists: whatever program wrote them, each line with its number."""

    def values_of(self, data, column="", read=None):
        read = read or exclusion_list.email_reader(lambda text: email_normalize(text) or None)
        return list(exclusion_list.read_values(data, read, column))

    def test_doctests(self):
        self.assertEqual(doctest.testmod(exclusion_list).failed, 0)

    def test_text_files(self):
        """Endings, marks, encodings, quotes and empty lines of all kinds."""
        wanted = [(1, "ana@x.es", "ana@x.es"), (3, "Bea@X.es", "bea@x.es"), (4, "nobody", None)]
        for ending in ("\n", "\r\n"):
            text = ending.join(["ana@x.es", "", "Bea@X.es", "nobody"])
            for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
                with self.subTest(ending=ending, encoding=encoding):
                    self.assertEqual(self.values_of(text.encode(encoding)), wanted)
        self.assertEqual(self.values_of(b'"ana@x.es"\n'), [(1, "ana@x.es", "ana@x.es")])
        self.assertEqual(self.values_of("ñ@x.es\nana@x.es".encode("cp1252"))[1], (2, "ana@x.es", "ana@x.es"))

    def test_headings_and_columns(self):
        """The column is found by heading or number; headings are no unreadable line."""
        for sign in ";,\t|":
            data = sign.join(["Nombre", "Correo"]) + "\n" + sign.join(["Ana", "ana@x.es"]) + "\nBea\n"
            for column in ("correo", " CORREO ", "2"):
                with self.subTest(sign=sign, column=column):
                    self.assertEqual(self.values_of((data + sign).encode(), column)[0], (2, "ana@x.es", "ana@x.es"))
        # a short line has nothing in the column
        self.assertEqual(self.values_of(b"a;b\nAna;ana@x.es\nBea;\n", "2")[1], (3, "", None))
        with self.assertRaises(ListError) as caught:
            self.values_of(b"Nombre;Correo\nAna;ana@x.es\n", "Mail")
        self.assertEqual((caught.exception.code, caught.exception.detail), ("column", "Nombre, Correo"))
        with self.assertRaises(ListError):
            self.values_of(b"ana@x.es\n", "2")

    def test_excel(self):
        """Numbers of a spreadsheet are read as they look."""
        book = openpyxl.Workbook()
        for row in (["Teléfono"], [600100200], [600100201.0], [None], ["+34 600 100 202"], ["x"]):
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)
        read = exclusion_list.phone_reader(lambda number: None, "ES")
        self.assertEqual(
            [(line, value) for line, _text, value in self.values_of(file.getvalue(), read=read)],
            [(2, "+34600100200"), (3, "+34600100201"), (5, "+34600100202"), (6, None)],
        )

    def test_no_list(self):
        """What is no list is said to be none."""
        for data, code in (
            (b"", "empty"),
            (b"\n\n", "empty"),
            (b"PK\x03\x04rubbish", "excel"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
            (b'a;b\n"' + b"x;y\n" * 40000, "quotes"),
        ):
            with self.subTest(code=code), self.assertRaises(ListError) as caught:
                self.values_of(data)
            self.assertEqual(caught.exception.code, code)

    def test_phones(self):
        """Spanish numbers are read here, all others by Odoo's function."""
        asked = []
        spain = exclusion_list.phone_reader(asked.append, "ES")
        for text in ("600100200", "600 100 200", "+34 600-100-200", "0034600100200", "(600) 100.200"):
            self.assertEqual(spain(text), "+34600100200", text)
        self.assertFalse(asked)
        self.assertIsNone(spain("+351 912 345 678"))
        self.assertIsNone(exclusion_list.phone_reader(asked.append, "PT")("600100200"))
        self.assertEqual(asked, ["+351912345678", "600100200"])
        self.assertIsNone(spain("Ana"))
        self.assertEqual(len(asked), 2, "words are not tried")

    def test_fingerprints(self):
        """Only digits of the right number are a fingerprint, in whichever case."""
        for algorithm, length in exclusion_list.HASHES.items():
            read = exclusion_list.hash_reader(algorithm)
            digest = exclusion_list.fingerprint("ana@x.es", algorithm)
            self.assertEqual(len(digest), length)
            self.assertEqual(read(f" {digest.upper()} "), digest)
            for wrong in (digest[:-1], digest + "0", "g" + digest[1:], ""):
                self.assertIsNone(read(wrong))

    def test_whatever_is_in_the_file(self):
        """Every line that is not empty comes out once, under its number."""

        @PROFILE
        @given(st.lists(st.text("ab1@. ñ;,\t|'", max_size=12), max_size=8))
        def check(lines):
            if not any(line.strip(" ;,\t|'\"") for line in lines):
                return
            found = self.values_of("\n".join(lines).encode())
            numbers = [line for line, _text, _value in found]
            self.assertEqual(numbers, sorted(set(numbers)))
            self.assertLessEqual(len(numbers), len(lines))
            for number, text, _value in found:
                self.assertIn(text, lines[number - 1])

        check()
