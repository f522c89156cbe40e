# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest

from hypothesis import example, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import codes

CODES = settings(deadline=None, derandomize=True, database=None, max_examples=400)
TEXTS = st.text() | st.text("aábcç ¿?0-_ß", max_size=90) | st.none() | st.just(False)
LENGTHS = st.integers(8, codes.MAX_LENGTH)


@tagged("post_install", "-at_install", "crm_customer_db")
class TestCodes(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(codes).failed, 0)

    @given(TEXTS, LENGTHS)
    @example("İ", 8)
    @example("ﬃ Ⅷ ½", 40)
    @CODES
    def test_slug_is_a_code(self, text, length):
        """Whatever the text, what remains is a code, or nothing."""
        code = codes.slug(text, length)
        self.assertLessEqual(len(code), length)
        self.assertTrue(code == "" or codes.is_code(code), code)
        self.assertEqual(code, code.lower())
        self.assertFalse(code.startswith("_") or code.endswith("_"))
        self.assertEqual(codes.slug(code, length), code, "a code is its own code")

    @given(st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789_ "), max_size=codes.PROPOSED_LENGTH))
    @CODES
    def test_nothing_is_lost(self, text):
        """Letters and digits of a short plain text are all there."""
        self.assertEqual(codes.slug(text).replace("_", ""), text.replace("_", "").replace(" ", ""))

    @given(st.lists(TEXTS, max_size=40), LENGTHS)
    @CODES
    def test_proposals_differ(self, texts, length):
        """As many texts, as many codes, also where only case or accents tell texts apart."""
        taken = set()
        for text in texts:
            code = codes.propose(text, taken, "q", length)
            self.assertTrue(codes.is_code(code))
            self.assertLessEqual(len(code), length)
            taken.add(code.upper())
        self.assertEqual(len({code.lower() for code in taken}), len(texts))

    @given(TEXTS)
    @CODES
    def test_free_code_is_the_slug(self, text):
        """Nothing is added where nothing is taken."""
        self.assertEqual(codes.propose(text, set(), "q"), codes.slug(text) or "q1")
