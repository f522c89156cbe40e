# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import itertools

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import SQL

from .common import CustomerDbCommon


class TestOriginMapping(CustomerDbCommon):
    """Which origin a source and medium stand for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sources = cls.env["utm.source"].create([{"name": f"Origin source {i}"} for i in range(3)])
        cls.media = cls.env["utm.medium"].create([{"name": f"Origin medium {i}"} for i in range(3)])
        cls.feed = cls.env["crm.customer.feed"]

    @classmethod
    def _origin(cls, code, sources=(), media=(), **vals):
        return cls.env["crm.customer.origin"].create(
            {
                "code": code,
                "name": code,
                "source_ids": [Command.set([cls.sources[i].id for i in sources])],
                "medium_ids": [Command.set([cls.media[i].id for i in media])],
                **vals,
            }
        )

    def _by_sql(self, source, medium):
        self.env.flush_all()
        found = self.feed._origin_sql(SQL("%s", source.id or None), SQL("%s", medium.id or None))
        [(origin_id,)] = self.env.execute_query(SQL("SELECT %s", found))
        return self.env["crm.customer.origin"].browse(origin_id or [])

    def test_most_precise_first(self):
        """Source with medium before source alone before medium alone; archived ones are none."""
        pair = self._origin("PAIR", [0], [0, 1])
        source = self._origin("SOURCE", [0, 1])
        medium = self._origin("MEDIUM", [], [1, 2])
        self._origin("GONE", [2], [2], active=False)
        expected = {(0, 0): pair, (0, 1): pair, (0, 2): source, (1, 1): source, (2, 1): medium, (2, 2): medium}
        for (i, j), origin in expected.items():
            self.assertEqual(self._by_sql(self.sources[i], self.media[j]), origin, (i, j))
        self.assertFalse(self._by_sql(self.sources[2], self.media[0]))

    def test_same_as_for_one_document(self):
        """What a feed looks up for thousands is what is looked up for one."""
        self._origin("PAIR", [0], [0])
        self._origin("SOURCE", [0, 1])
        self._origin("MEDIUM", [], [1])
        none = self.env["utm.source"], self.env["utm.medium"]
        for source, medium in itertools.product((*self.sources, none[0]), (*self.media, none[1])):
            self.assertEqual(
                self._by_sql(source, medium),
                self.env["crm.customer.origin"]._from_utm(source, medium),
                (source, medium),
            )

    def _map(self, sources, media, **vals):
        """The wizard as the list of unclassified sources opens it, by the manager."""
        return (
            self.env["crm.customer.origin.map"]
            .with_user(self.user_manager)
            .with_context(
                default_source_ids=[self.sources[i].id for i in sources],
                default_medium_ids=[self.media[i].id for i in media],
                default_all_have_source=bool(sources),
                default_all_have_medium=bool(media),
            )
            .create(vals)
        )

    def test_choose_origin(self):
        """A new origin takes the sources, or the media where there is no source; one that
        is mapped goes on as it is."""
        new, other = self._origin("NEW"), self._origin("OTHER")
        self._map([0, 1], [0], origin_id=new.id).action_apply()
        self.assertEqual((new.source_ids, new.medium_ids), (self.sources[:2], self.media[:0]))
        self._map([], [0], origin_id=other.id).action_apply()
        self.assertEqual((other.source_ids, other.medium_ids), (self.sources[:0], self.media[0]))
        wizard = self._map([2], [1], origin_id=other.id)
        self.assertEqual((wizard.by, wizard.is_mapped), ("medium", True))
        wizard.by = "both"
        wizard.action_apply()
        self.assertEqual((other.source_ids, other.medium_ids), (self.sources[:0], self.media[:2]))
        pair = self._origin("PAIR", [2], [1])
        self._map([2], [2], origin_id=pair.id).action_apply()
        self.assertEqual((pair.source_ids, pair.medium_ids), (self.sources[2], self.media[1:]))

    def test_choose_origin_refused(self):
        """What a document has not can't decide, and no two origins stand for the same."""
        by_source = self._origin("SOURCE", [0])
        with self.assertRaisesRegex(UserError, "have no source"):
            self._map([], [0], origin_id=by_source.id).action_apply()
        with self.assertRaisesRegex(UserError, "have no medium"):
            self._map([1], [], origin_id=self._origin("MEDIUM", [], [1]).id).action_apply()
        with self.assert_refused("SOURCE"):
            self._map([0], [], origin_id=self._origin("SECOND").id).action_apply()
