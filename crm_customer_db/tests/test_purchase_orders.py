# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from odoo.exceptions import AccessError
from odoo.tools import SQL

from .common import CustomerDbCommon

COLUMNS = ["partner_id", "date", "source_ref", "amount", "order_ref", "source_model", "source_id"]


class TestPurchaseOrders(CustomerDbCommon):
    """Each order has one head, its first line, which knows what the order amounts to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Purchase = cls.env["crm.customer.purchase"]
        cls.firm = cls._partner(name="Firma")
        cls.other = cls._partner(name="Otra")
        cls.contact = cls._person(name="Contacto", parent_id=cls.firm.id)

    def _buy(self, amount, order_ref=None, partner=None, date="2024-05-05 10:00:00", **vals):
        partner = partner or self.firm
        return self.Purchase.create(
            {"partner_id": partner.id, "amount": amount, "order_ref": order_ref, "date": date, **vals}
        )

    def _load(self, *rows, feed="test", columns=tuple(COLUMNS), company=None):
        return self.Purchase._load_facts(rows, feed, company or self.company_a, columns=columns)

    def _heads(self, lines):
        """What the lines say in the database: head and amount of each."""
        lines.flush_recordset()
        lines.invalidate_recordset()
        return [(line.is_head, line.order_amount) for line in lines]

    def assert_orders(self):
        """Every order of the database is as plain Python works it out."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, date, amount, is_head, order_amount, feed, company_id, commercial_partner_id,"
            " source_model, source_id, order_ref FROM crm_customer_purchase"
        )
        orders = {}
        for line in self.env.cr.dictfetchall():
            key = (line["feed"], line["company_id"], line["commercial_partner_id"])
            if line["source_model"] and line["source_id"]:
                key += ("document", line["source_model"], line["source_id"])
            elif line["order_ref"]:
                key += ("order", line["order_ref"])
            else:
                key += ("line", line["id"])
            orders.setdefault(key, []).append(line)
        self.assertTrue(orders)
        for key, lines in orders.items():
            lines.sort(key=lambda line: (line["date"], line["id"]))
            heads = [line["id"] for line in lines if line["is_head"]]
            self.assertEqual(heads, [lines[0]["id"]], key)
            self.assertEqual(lines[0]["order_amount"], sum(line["amount"] for line in lines), key)
            self.assertFalse([line for line in lines[1:] if line["order_amount"] is not None], key)

    # -- by hand -----------------------------------------------------------------------

    def test_lines_of_one_number(self):
        """Lines of one customer with one order number are one order, entered together or not."""
        lines = self._buy(10, "A1") + self._buy(5, "A1", self.contact) + self._buy(1, "A2")
        self.assertEqual(self._heads(lines), [(True, 15), (False, 0), (True, 1)])

    def test_without_number(self):
        """A line without a number is an order of its own."""
        lines = self._buy(10) + self._buy(5)
        self.assertEqual(self._heads(lines), [(True, 10), (True, 5)])

    def test_same_number_elsewhere(self):
        """Two customers, companies or sources may use one number."""
        lines = self._buy(1, "A1") + self._buy(2, "A1", self.other)
        lines += self._buy(4, "A1", company_id=self.company_b.id)
        lines += self._buy(8, "A1", feed="sale")
        self.assertEqual(self._heads(lines), [(True, 1), (True, 2), (True, 4), (True, 8)])

    def test_document_before_number(self):
        """Where there is a document, it decides, not the number."""
        document = {"feed": "sale", "source_model": "res.partner"}
        lines = self._buy(1, "A1", source_id=7, **document) + self._buy(2, "A2", source_id=7, **document)
        lines += self._buy(4, "A1", source_id=8, **document)
        self.assertEqual(self._heads(lines), [(True, 3), (False, 0), (True, 4)])

    def test_first_in_time(self):
        """The line with the first date stands for the order, though it was entered later."""
        later = self._buy(10, "A1")
        earlier = self._buy(5, "A1", date="2024-05-04 10:00:00")
        self.assertEqual(self._heads(later + earlier), [(False, 0), (True, 15)])
        earlier.date = "2024-05-06 10:00:00"
        self.assertEqual(self._heads(later + earlier), [(True, 15), (False, 0)])

    def test_corrected_by_hand(self):
        """An amount, a number, a customer that is corrected: both orders are right."""
        manager = self._as(self.user_manager, self.Purchase)
        lines = (self._buy(10, "A1") + self._buy(5, "A1") + self._buy(1, "A2")).with_env(manager.env)
        lines[1].amount = 7
        self.assertEqual(self._heads(lines), [(True, 17), (False, 0), (True, 1)])
        lines[0].order_ref = "A2"
        self.assertEqual(self._heads(lines), [(True, 11), (True, 7), (False, 0)])
        lines[2].partner_id = self.other
        self.assertEqual(self._heads(lines), [(True, 10), (True, 7), (True, 1)])

    def test_deleted_by_hand(self):
        """The next line becomes the head."""
        lines = self._buy(10, "A1") + self._buy(5, "A1")
        self._as(self.user_manager, lines[0]).unlink()
        self.assertEqual(self._heads(lines[1]), [(True, 5)])

    def test_copy_is_an_order_line(self):
        line = self._buy(10, "A1")
        self.assertEqual(self._heads(line + line.copy({"date": line.date})), [(True, 20), (False, 0)])

    def test_batch(self):
        """A thousand lines take as many statements about orders as one."""
        vals = {"partner_id": self.firm.id, "amount": 1.0, "order_ref": "B"}
        counts = []
        for number in (10, 200):
            lines = self.Purchase.create([dict(vals) for _i in range(number)])
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            lines._fact_orders_changed(SQL("id = ANY(%s)", lines.ids))
            lines.unlink()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_nothing_is_written_twice(self):
        """Rows that are right already stay untouched."""
        self._buy(10, "A1")
        self.env.flush_all()
        self.Purchase._fact_orders_changed(SQL("TRUE"))
        self.assertEqual(self.env.cr.rowcount, 0)

    # -- customers that move -----------------------------------------------------------

    def test_reparenting_splits_and_joins(self):
        """A contact who changes firms takes his lines; what is left is an order too."""
        lines = self._buy(10, "A1", self.contact) + self._buy(5, "A1") + self._buy(1, "A1", self.other)
        self.assertEqual(self._heads(lines), [(True, 15), (False, 0), (True, 1)])
        self.contact.parent_id = self.other
        self.assertEqual(self._heads(lines), [(True, 11), (True, 5), (False, 0)])

    def test_merge_joins(self):
        """Lines of one document that two merged contacts had are one order."""
        document = {"feed": "sale", "source_model": "res.partner", "source_id": 7}
        lines = self._buy(10, partner=self.other, **document) + self._buy(5, **document)
        below = self._person(name="Debajo", parent_id=self.other.id)
        lines += self._buy(3, partner=below, **document)
        self.assertEqual(self._heads(lines), [(True, 13), (True, 5), (False, 0)])
        wizard = self._as(self.user_manager, self.env["base.partner.merge.automatic.wizard"])
        wizard._merge([self.firm.id, self.other.id], self._as(self.user_manager, self.firm))
        self.assertEqual(self._heads(lines), [(True, 18), (False, 0), (False, 0)])

    # -- loaded ------------------------------------------------------------------------

    def test_loaded(self):
        """A load knows its orders, in whatever order its rows come."""
        self._load(
            (self.firm.id, "2024-01-02", "1", 10, "A1", None, None),
            (self.firm.id, "2024-01-01", "2", 5, "A1", None, None),
            (self.contact.id, "2024-01-02", "3", 1, "A1", "res.partner", 7),
            (self.firm.id, "2024-01-02", "4", 2, None, "res.partner", 7),
            (self.firm.id, "2024-01-02", "5", 4, None, None, None),
            (self.firm.id, "2024-01-02", "6", 8, None, None, None),
            (self.other.id, "2024-01-02", "7", 16, "A1", None, None),
        )
        lines = self.Purchase.search([("feed", "=", "test")], order="source_ref")
        said = [(False, 0), (True, 15), (True, 3), (False, 0), (True, 4), (True, 8), (True, 16)]
        self.assertEqual(self._heads(lines), said)
        self.assert_orders()

    def test_loaded_without_orders(self):
        """Rows that name no order are orders of their own."""
        columns = ["partner_id", "date", "source_ref", "amount"]
        self._load((self.firm.id, "2024-01-02", "1", 10), (self.firm.id, "2024-01-02", "2", 5), columns=columns)
        self.assert_orders()

    def test_loaded_later(self):
        """Rows that join, leave or change orders of an earlier load."""
        self._load(
            (self.firm.id, "2024-01-02", "1", 10, "A1", None, None),
            (self.firm.id, "2024-01-02", "2", 5, "A1", None, None),
            (self.firm.id, "2024-01-02", "3", 1, "A2", None, None),
        )
        self.assert_orders()
        self._load((self.firm.id, "2024-01-01", "4", 2, "A1", None, None))
        self.assert_orders()
        result = self._load(
            (self.firm.id, "2024-01-02", "1", 10, "A2", None, None),
            (self.firm.id, "2024-01-02", "2", 50, "A1", None, None),
            (self.other.id, "2024-01-01", "4", 2, "A1", None, None),
        )
        self.assertEqual(result.updated, 3)
        self.assert_orders()
        columns = ["source_ref", "partner_id", "date", "amount"]
        self._load(("3", self.firm.id, "2023-01-01", 100), columns=columns)
        self.assert_orders()

    def test_refused_rows_do_not_count(self):
        """A row that was refused is neither a head nor in a sum."""
        result = self._load(
            (self.firm.id, "2024-01-01", "1", "mucho", "A1", None, None),
            (self.firm.id, "2024-01-02", "2", 5, "A1", None, None),
        )
        self.assertEqual((result.inserted, result.rejected), (1, 1))
        self.assert_orders()

    def test_feed_says_what_it_changed(self):
        """Whoever writes rows by SQL calls one method for their documents."""
        self._load(
            *((self.firm.id, "2024-01-02", str(i), i + 1, None, "res.partner", i // 3) for i in range(3, 12)),
            feed="sale",
        )
        self.assert_orders()
        self.env.cr.execute("DELETE FROM crm_customer_purchase WHERE feed = 'sale' AND source_ref = '3'")
        self.env.cr.execute("UPDATE crm_customer_purchase SET amount = 99 WHERE feed = 'sale' AND source_ref = '7'")
        self.env.invalidate_all()
        with self.assertRaises(AssertionError):
            self.assert_orders()
        self.Purchase._fact_orders_changed(
            SQL("feed = %s AND source_model = %s AND source_id = ANY(%s)", "sale", "res.partner", [1, 2])
        )
        self.assert_orders()

    def test_update_fills_what_was_there(self):
        """Purchases from before this was known get their heads when the package is updated."""
        self._buy(10, "A1"), self._buy(5, "A1")
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_customer_purchase SET is_head = NULL, order_amount = NULL")
        self.env.invalidate_all()
        self.Purchase.init()
        self.assert_orders()

    def test_at_random(self):
        """Whatever is done in whatever order, orders are what they should be."""
        chance = random.Random(2026)
        partners = [self.firm, self.other, self.contact]
        for _step in range(60):
            lines = self.Purchase.search([("feed", "=", "manual"), ("partner_id", "in", [p.id for p in partners])])
            line = lines and lines[chance.randrange(len(lines))]
            action = chance.choice(["buy", "buy", "load", "load", "number", "customer", "delete", "move"])
            if action == "buy" or not line:
                self._buy(chance.randrange(9), chance.choice(["A", "B", None]), chance.choice(partners))
            elif action == "load":
                self._load(
                    *(
                        (
                            chance.choice(partners).id,
                            f"2024-01-0{chance.randrange(1, 9)}",
                            str(reference),
                            chance.randrange(9),
                            chance.choice(["A", "B", None]),
                            *chance.choice([("res.partner", 1), ("res.partner", 2), (None, None)]),
                        )
                        for reference in chance.sample(range(12), 4)
                    )
                )
            elif action == "number":
                line.order_ref = chance.choice(["A", "B", False])
            elif action == "customer":
                line.partner_id = chance.choice(partners)
            elif action == "delete":
                lines[:2].unlink()
            else:
                self.contact.parent_id = chance.choice([self.firm, self.other])
            self.assert_orders()

    def test_users_do_not_say_it(self):
        """Neither column can be written by RPC."""
        line = self._as(self.user_manager, self._buy(10, "A1"))
        for vals in ({"is_head": True}, {"order_amount": 5.0}):
            with self.assertRaisesRegex(AccessError, "filled in by the system"):
                line.write(vals)
        self.assertEqual(self._heads(line), [(True, 10)])
