# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import scoring

SCORING = settings(deadline=None, derandomize=True, database=None, max_examples=300)
VALUES = st.lists(st.integers(-50, 50) | st.sampled_from([1, 1, 1, 2]), min_size=1, max_size=60)
CUTS = st.lists(st.integers(0, 40), min_size=4, max_size=4).map(sorted).map(tuple)


@tagged("post_install", "-at_install", "crm_customer_db")
class TestScoring(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(scoring).failed, 0)

    @SCORING
    @given(VALUES)
    def test_scores(self, values):
        """Equal values have equal scores, higher ones never lower, and no level is more than its share too high."""
        cuts = scoring.cut_points(values)
        scores = {value: scoring.score(value, cuts) for value in values}
        ordered = [scores[value] for value in sorted(values)]
        self.assertEqual(ordered, sorted(ordered))
        for level in range(1, 6):
            above = sum(score > level for score in ordered)
            self.assertLessEqual(5 * above, (5 - level) * len(ordered), "no more than a fifth per level above")

    @SCORING
    @given(VALUES)
    def test_levels_in_use(self, values):
        cuts = scoring.cut_points(values)
        scores = {scoring.score(value, cuts) for value in values}
        self.assertEqual(scoring.levels_in_use(cuts, max(values)), len(scores))

    @SCORING
    @given(st.permutations(list(range(12)) + [3, 3, 3]))
    def test_order_does_not_matter(self, values):
        self.assertEqual(scoring.cut_points(values), scoring.cut_points(sorted(values)))

    def test_grid(self):
        """The first rule that holds, for each of the 125 combinations."""
        rules = [("top", ((4, 5), (4, 5), (4, 5))), ("mid", ((2, 5), (3, 5), (3, 5)))]
        found = scoring.grid(rules)
        self.assertEqual(len(found), 125)
        for r in range(1, 6):
            for f in range(1, 6):
                for m in range(1, 6):
                    expected = "top" if min(r, f, m) > 3 else "mid" if r > 1 and f > 2 and m > 2 else None
                    self.assertEqual(found[scoring.position(r, f, m)], expected)

    def test_thresholds(self):
        self.assertEqual(scoring.thresholds("0 1,5;2 ; 3"), (0.0, 1.5, 2.0, 3.0))
        for wrong in ("", "1;2;3", "1;2;3;3", "4;3;2;1", "a;b;c;d", "1;2;3;nan", "1;2;3;inf", "-2;1;2;3", None):
            with self.subTest(text=wrong), self.assertRaises(ValueError):
                scoring.thresholds(wrong)

    @SCORING
    @given(CUTS, CUTS, st.integers(0, 45), st.integers(0, 45), st.integers(0, 9))
    def test_next_class(self, counts, amounts, count, money, present):
        """The amount said is enough by a cent, and a cent less is not."""
        classes = [124 - place for place in range(125)]
        days, today = (date(2026, 1, 1),) * 4, date(2026, 6, 1)
        cuts = (days, counts, tuple(map(float, amounts)))
        present = 10 * present

        def rank(amount):
            place = scoring.position(5, scoring.score(count + 1, counts), scoring.score(money + amount, cuts[2]))
            return classes[place]

        found = scoring.next_class(present, count, float(money), today, cuts, classes)
        if found is None:
            self.assertGreaterEqual(rank(1000), present)
            return
        expected, amount = found
        self.assertEqual(rank(amount + 0.01), expected)
        self.assertLess(expected, present)
        if amount:
            self.assertGreaterEqual(rank(amount - 0.01), present)
