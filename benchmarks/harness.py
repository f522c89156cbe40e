"""Data, clocks and the web client's habits, for all benchmarks."""

import csv
import random
import statistics
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from odoo.tools import SQL
from odoo.tools.misc import file_path  # noqa: F401  (fails early outside Odoo)

COLUMNS = (
    "partner_id",
    "date",
    "order_ref",
    "source_ref",
    "source_model",
    "source_id",
    "product_id",
    "quantity",
    "amount",
    "amount_currency",
    "currency_id",
    "amount_invoiced",
    "margin",
    "place_id",
    "channel_id",
    "method",
    "payment_form",
    "promotion",
    "user_id",
)
# From how many lines on the table is filled by the database itself: a file of them would take longer than the benchmark.
FILLED_FROM = 1_000_000
# seconds after which no further repetition is needed, and how many there are at most
LONG_ENOUGH, MOST_REPETITIONS = 6, 40
METHODS = ("in_person", "phone", "email", "web", "edi")
PAYMENTS = ("cash", "card", "transfer", "direct_debit")
# Amount of a line, log-normal as in the file.
AMOUNT = SQL("round(exp(3 + sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))::numeric, 2)")


class Measure(NamedTuple):
    """One comparison.

    :param what: what is compared
    :param ours: seconds (or a count)
    :param reference: the same unit
    :param goal: highest allowed quotient, or, with ``absolute``, difference
    :param unit: s, ms or queries
    """

    what: str
    ours: float
    reference: float
    goal: float
    unit: str = "s"
    absolute: bool = False

    @property
    def figure(self):
        if self.absolute:
            return self.ours - self.reference
        return self.ours / self.reference

    @property
    def reached(self):
        return self.figure <= self.goal

    def line(self):
        """The measure as one line of text."""
        figure = f"+{self.figure:g}" if self.absolute else f"{self.figure:{'.2f' if self.figure >= 0.05 else '.2g'}}×"
        goal = f"+{self.goal:g}" if self.absolute else f"{self.goal:g}×"
        factor = 1000 if self.unit == "ms" else 1
        number = ".0f" if self.absolute else ".4g"
        return (
            f"{self.what}: {figure} ({self.ours * factor:{number}} against"
            f" {self.reference * factor:{number}} {self.unit}; goal at most {goal})"
            f"{'' if self.reached else '  MISSED'}"
        )


class Bench:
    """The database of a run and what is common to its benchmarks."""

    def __init__(self, env, options):
        self.env = env
        self.customers = options.customers
        self.lines = options.lines
        self.repetitions = options.repetitions
        self.folder = tempfile.TemporaryDirectory(prefix="crm_bench_")
        self.rows_file = f"{self.folder.name}/rows.csv"

    # ------------------------------------------------------------------- clocks

    def alternate(self, *sides, prepare=None):
        """Median times of functions that take turns, after one warm-up of each.

        Short ones take more turns, so that a busy machine does not decide.

        :param sides: functions
        :param prepare: called before each of them, not measured
        :return: list of seconds
        """
        times = [[] for _side in sides]
        for repetition in range(MOST_REPETITIONS + 1):
            if repetition > self.repetitions and sum(map(sum, times)) > LONG_ENOUGH:
                break
            for side, taken in zip(sides, times, strict=True):
                if prepare:
                    prepare()
                start = time.perf_counter()
                side()
                if repetition:
                    taken.append(time.perf_counter() - start)
        return [statistics.median(taken) for taken in times]

    def once(self, *sides):
        """Times of functions that take too long to be repeated.

        :param sides: functions
        :return: list of seconds
        """
        times = []
        for side in sides:
            start = time.perf_counter()
            side()
            times.append(time.perf_counter() - start)
        return times

    def queries(self, function):
        """Number of queries a function makes."""
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    # --------------------------------------------------------------------- data

    def generate(self):
        """Customers, catalogues, a manager and a file of purchased lines.

        Everything follows from one seed, so two runs measure the same.
        """
        env = self.env
        # a currency that the company does not have to convert from
        env.company.customer_tz = "Europe/Madrid"
        self.manager = env["res.users"].create(
            {
                "name": "Bench manager",
                "login": "bench_manager",
                "group_ids": [
                    (4, env.ref("crm_customer_db.group_customer_manager").id),
                    (4, env.ref("sales_team.group_sale_manager").id),
                ],
            }
        )
        self._generate_customers()
        self._generate_catalogues()
        env.cr.commit()

    def _generate_customers(self):
        """Copies of one contact made by the ORM, so that no column is forgotten."""
        env = self.env
        model = env["res.partner"].create({"name": "Bench customer", "is_company": True})
        env.flush_all()
        special = {"id", "name", "complete_name", "commercial_partner_id", "ref"}
        others = [
            name for name, field in model._fields.items() if field.store and field.column_type and name not in special
        ]
        others = SQL(", ").join(map(SQL.identifier, others))
        env.cr.execute(
            SQL(
                """
                INSERT INTO res_partner (id, name, complete_name, ref, commercial_partner_id, %s)
                SELECT n.id, 'Customer ' || n.i, 'Customer ' || n.i, 'B' || n.i, n.id, %s
                  FROM (SELECT nextval('res_partner_id_seq')::int AS id, i
                          FROM generate_series(1, %s) i) n,
                       res_partner WHERE res_partner.id = %s
                """,
                others,
                others,
                self.customers,
                model.id,
            )
        )
        env.cr.execute("SELECT id FROM res_partner WHERE ref LIKE 'B%' ORDER BY id")
        self.partners = [partner_id for (partner_id,) in env.cr.fetchall()]
        env.cr.execute("ANALYZE res_partner")

    def _generate_catalogues(self):
        env = self.env
        top = env["product.category"].create([{"name": f"Range {i}"} for i in range(8)])
        categories = env["product.category"].create(
            [{"name": f"Type {i}", "parent_id": top[i % 8].id} for i in range(60)]
        )
        products = env["product.product"].create(
            [{"name": f"Product {i}", "categ_id": categories[i % 60].id} for i in range(600)]
        )
        channels = env["crm.customer.channel"].search([], limit=4) or (
            env["crm.customer.channel"].create([{"name": f"Channel {i}"} for i in range(4)])
        )
        places = env["crm.customer.place"].create(
            [{"name": f"Shop {i}", "code": f"B{i}", "channel_id": channels[i % len(channels)].id} for i in range(20)]
        )
        self.products, self.places, self.channels = products.ids, places.ids, channels.ids

    def _generate_rows(self):
        """A file of lines, three to an order, orders spread over two years."""
        chance = random.Random(20260101)
        currency, user = self.env.company.currency_id.id, self.manager.id
        now = datetime.now().replace(microsecond=0)
        with open(self.rows_file, "w", newline="") as handle:
            writer = csv.writer(handle)
            for line in range(self.lines):
                if line % 3 == 0:
                    order = line // 3
                    age = timedelta(seconds=chance.randrange(730 * 86400))
                    head = (chance.choice(self.partners), now - age)
                amount = round(chance.lognormvariate(3, 1), 2)
                writer.writerow(
                    (
                        *head,
                        f"S{order:08}",
                        f"sale.order.line,{line}",
                        "sale.order",
                        order,
                        chance.choice(self.products),
                        chance.randrange(1, 12),
                        amount,
                        amount,
                        currency,
                        amount,
                        round(amount * 0.3, 2),
                        chance.choice(self.places),
                        chance.choice(self.channels),
                        chance.choice(METHODS),
                        chance.choice(PAYMENTS),
                        f"P{line % 40}" if line % 5 == 0 else "",
                        user,
                    )
                )

    def rows(self):
        """The lines as an import reads them."""
        if not Path(self.rows_file).exists():
            self._generate_rows()
        with open(self.rows_file, newline="") as handle:
            yield from csv.reader(handle)

    def load(self):
        """Load the lines.

        :return: ``LoadResult``
        """
        return self.env["crm.customer.purchase"]._load_facts(self.rows(), "bench", self.env.company, columns=COLUMNS)

    def loaded(self):
        """Have the lines in the table, with statistics."""
        self.env.cr.execute("SELECT count(*) FROM crm_customer_purchase")
        if self.env.cr.fetchone()[0] != self.lines:
            self.empty()
            if self.lines < FILLED_FROM:
                self.load()
            else:
                self.fill()
            self.env.cr.commit()
        self.env.cr.execute("ANALYZE crm_customer_purchase")

    def fill(self):
        """Lines of the same kind as those of the file, made by the database.

        Three to an order, orders in no order of customers or days, as they would come in.
        """
        cr = self.env.cr
        cr.execute("SELECT setseed(0.2026)")
        with self._bare("crm_customer_purchase"):
            cr.execute(
                SQL(
                    """
                    INSERT INTO crm_customer_purchase (
                           partner_id, commercial_partner_id, company_id, company_currency_id, currency_id, user_id,
                           feed, source_ref, source_model, source_id, order_ref, date, day,
                           is_head, order_amount, quantity, amount, amount_currency, amount_invoiced, margin,
                           product_id, categ_id, place_id, channel_id, method, payment_form, promotion,
                           create_uid, write_uid, create_date, write_date)
                    SELECT %(partners)s, %(partners)s, company.id, company.currency_id, company.currency_id, %(user)s,
                           'bench', 'sale.order.line,' || line, 'sale.order', number, 'S' || lpad(number::text, 8, '0'),
                           date, (date AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Madrid')::date,
                           CASE WHEN line %% 3 = 0 THEN TRUE ELSE FALSE END,
                           CASE WHEN line %% 3 = 0 THEN total END,
                           1 + floor(random() * 11), amount, amount, amount, ROUND(amount * 0.3, 2),
                           product.id, template.categ_id, place.id, place.channel_id,
                           (%(methods)s)[1 + floor(random() * %(method_count)s)::int],
                           (%(payments)s)[1 + floor(random() * %(payment_count)s)::int],
                           CASE WHEN line %% 5 = 0 THEN 'P' || line %% 40 END,
                           1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                      FROM (SELECT number, floor(random() * %(customers)s)::int AS customer,
                                   date_trunc('second', now() AT TIME ZONE 'UTC')
                                   - random() * INTERVAL '730 days' AS moment,
                                   %(amounts)s AS amounts
                              FROM generate_series(0, (%(lines)s - 1) / 3) number OFFSET 0) drawn
                     CROSS JOIN LATERAL (SELECT date_trunc('second', moment) AS date,
                                                (SELECT SUM(a) FROM unnest(amounts) WITH ORDINALITY parts (a, nth)
                                                  WHERE number * 3 + nth - 1 < %(lines)s) AS total) heading
                     CROSS JOIN LATERAL (SELECT number * 3 + nth - 1 AS line, amount, random() AS chance, random() AS shop
                                           FROM unnest(amounts) WITH ORDINALITY parts (amount, nth) OFFSET 0) part
                      JOIN res_company company ON company.id = %(company)s
                      JOIN product_product product
                        ON product.id = (%(products)s)[1 + floor(chance * %(product_count)s)::int]
                      JOIN product_template template ON template.id = product.product_tmpl_id
                      JOIN crm_customer_place place
                        ON place.id = (%(places)s)[1 + floor(shop * %(place_count)s)::int]
                     WHERE line < %(lines)s
                    """,
                    partners=SQL("%s + customer", self.partners[0]),
                    amounts=SQL("ARRAY[%s]", SQL(", ").join([AMOUNT] * 3)),
                    user=self.manager.id,
                    methods=list(METHODS),
                    method_count=len(METHODS),
                    payments=list(PAYMENTS),
                    payment_count=len(PAYMENTS),
                    customers=self.customers,
                    lines=self.lines,
                    company=self.env.company.id,
                    products=self.products,
                    product_count=len(self.products),
                    places=self.places,
                    place_count=len(self.places),
                )
            )
            if cr.rowcount != self.lines:
                raise ValueError("not the lines that were asked for")

    @contextmanager
    def _bare(self, table):
        """Take triggers, foreign keys and indexes off a table, and put them back when it is full."""
        cr = self.env.cr
        cr.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
            " AND contype IN ('f', 'p') ORDER BY contype DESC",
            [table],
        )
        constraints = cr.fetchall()
        cr.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = %s::regclass AND NOT indisprimary",
            [table],
        )
        indexes = cr.fetchall()
        table = SQL.identifier(table)
        cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", table))
        for name, _definition in constraints:
            cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", table, SQL.identifier(name)))
        for name, _definition in indexes:
            cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
        yield
        for name, definition in constraints:
            cr.execute(SQL("ALTER TABLE %s ADD CONSTRAINT %s %s", table, SQL.identifier(name), SQL(definition)))
        for _name, definition in indexes:
            cr.execute(SQL(definition))
        cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", table))

    def empty(self):
        """Empty the table of purchases, indexes and all."""
        self.env.cr.execute("TRUNCATE crm_customer_purchase CASCADE")
        self.env.cr.commit()
