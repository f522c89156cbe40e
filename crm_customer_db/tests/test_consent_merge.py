# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from itertools import product

from .test_consent import ConsentCommon


class TestConsentMerge(ConsentCommon):
    """A merge keeps every entry, and a refusal on either side holds."""

    def merge(self, keep, *sources, user=None):
        keep = self._as(user or self.user_manager, keep)
        self._as(user or self.user_manager, self.env["base.partner.merge.automatic.wizard"])._merge(
            [keep.id, *(source.id for source in sources)], keep
        )
        self.env.invalidate_all()
        return keep.sudo()

    def test_refusal_holds(self):
        """Whichever of the two refused, and whatever the other said later."""
        said = (None, ("refused", "2026-01-01"), ("refused", "2026-03-01"), ("given", "2026-02-01"))
        for mine, theirs in product(said, said):
            with self.subTest(keep=mine, source=theirs), self.env.cr.savepoint() as savepoint:
                keep, source = self._person(email="x@x.es"), self._person(email="x@x.es")
                for partner, word in ((keep, mine), (source, theirs)):
                    if word:
                        self._say(partner, "post", word[0], date=word[1])
                entries = (keep + source).customer_consent_ids
                kept = self.merge(keep, source)
                refused = "refused" in {word[0] for word in (mine, theirs) if word}
                self.assertEqual(self._refused(kept), {"post"} if refused else set())
                self.assertLessEqual(entries, kept.customer_consent_ids, "every entry is kept")
                added = kept.customer_consent_ids - entries
                self.assertLessEqual(len(added), 1)
                if added:
                    self.assertEqual((added.source, added.state, added.channel), ("merge", "refused", "post"))
                    self.assertIn("Ana", added.proof)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_nothing_is_added_for_nothing(self):
        """Where the refusal stands anyway, no entry is added."""
        keep, source = self._person(email="x@x.es"), self._person(email="x@x.es")
        self._say(keep, "all", date="2026-01-01")
        self._say(source, "email", date="2026-01-02")
        self._say(source, "sms", "given", date="2025-01-02")
        self.assertEqual(len(self.merge(keep, source).customer_consent_ids), 3)

    def test_three_contacts(self):
        """Refusals of several channels and purposes by several contacts come together."""
        keep, one, two = (self._person(email="x@x.es", name=f"P{number}") for number in range(3))
        self._say(one, "post", date="2026-01-01")
        self._say(two, "visit", purpose="all", date="2026-01-01")
        self._say(keep, "all", "given", date="2026-02-01")
        self._say(keep, "all", "given", purpose="profiling", date="2026-02-01")
        kept = self.merge(keep, one, two)
        self.assertEqual(self._refused(kept), {"post", "visits"})
        added = kept.customer_consent_ids.filtered(lambda entry: entry.source == "merge")
        self.assertEqual(
            {(entry.channel, entry.purpose) for entry in added},
            {("post", "marketing"), ("visit", "marketing"), ("visit", "profiling")},
        )

    def test_companies_apart(self):
        """A refusal to one company stays one to that company."""
        keep, source = self._person(email="x@x.es"), self._person(email="x@x.es")
        self._say(source, "post", company_id=self.company_b.id, date="2026-01-01")
        self._say(keep, "post", "given", date="2026-02-01")
        kept = self.merge(keep, source)
        self.assertEqual(self._refused(kept, self.company_b), {"post"})
        self.assertEqual(self._refused(kept, self.company_a), set())

    def test_blacklists(self):
        """Both addresses stay on the lists, and so does the one that is left."""
        admin = self.env.ref("base.user_admin")
        keep = self._person(name="Keep", email="keep@x.es", phone="+34600000001")
        source = self._person(name="Source", email="source@x.es", phone="+34600000002")
        self._say(source, "email", date="2026-01-01")
        self._say(source, "sms", date="2026-01-01")
        self._say(keep, "all", "given", date="2026-02-01")
        kept = self.merge(keep, source, user=admin)
        self.assertEqual(self._refused(kept), {"email", "sms"})
        listed = self.env["mail.blacklist"].search([]).mapped("email")
        self.assertLessEqual({"keep@x.es", "source@x.es"}, set(listed))
        numbers = {entry.number: entry.customer_refused for entry in self.env["phone.blacklist"].search([])}
        self.assertEqual(numbers, {"+34600000001": "sms", "+34600000002": "sms"})

    def test_held_by_the_list_only(self):
        """A refusal that only the blacklist knew comes along to the other address."""
        admin = self.env.ref("base.user_admin")
        self.env["mail.blacklist"]._add("listed@x.es")
        keep = self._person(name="Keep", email="keep@x.es")
        source = self._person(name="Source", email="listed@x.es")
        self.assertFalse(source.customer_consent_ids)
        kept = self.merge(keep, source, user=admin)
        self.assertEqual(self._refused(kept), {"email"})
        self.assertEqual(kept.customer_consent_ids.source, "merge")

    def test_address_from_the_source(self):
        """A contact that gets its address by the merge is on the list with it."""
        admin = self.env.ref("base.user_admin")
        keep = self._person(name="Keep", email=False)
        self._say(keep, "email", date="2026-01-01")
        source = self._person(name="Source", email="fresh@x.es")
        kept = self.merge(keep, source, user=admin)
        self.assertEqual(kept.email, "fresh@x.es")
        self.assertTrue(self.env["mail.blacklist"].search([("email", "=", "fresh@x.es")]))
        self.assertEqual(self._refused(kept), {"email"})

    def test_merged_by_a_salesperson(self):
        """Who may record no consent loses none by merging."""
        keep, source = self._person(email="x@x.es"), self._person(email="x@x.es")
        self._say(source, "post", date="2026-01-01")
        self._say(keep, "post", "given", date="2026-02-01")
        kept = self.merge(keep, source, user=self.user_sales_own)
        self.assertEqual(self._refused(kept), {"post"})
        self.assertEqual(len(kept.customer_consent_ids), 3)
