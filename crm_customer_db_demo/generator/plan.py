"""What happens in two years: who orders what when, how it is delivered, invoiced, paid.

Plain Python on day numbers, so that it can be read and checked without a database. The
rest of the generator does with Odoo's own methods what is planned here.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from . import catalogue

DAYS = 730
MAIN, SERVICE = "main", "service"
# Average days between two orders of each rhythm (lowest, highest of a customer).
GAPS = {
    "champion": (25, 38), "loyal": (85, 125), "regular": (260, 400), "seasonal": (56, 85), "new": (34, 60), "lapsed": (95, 140),
    "slow": (105, 150), "refunder": (85, 120), "counter": (450, 1000), "household": (55, 80),
}  # fmt: skip
# How much is bought in a month: trade is brisk in spring and autumn…
MONTHS = [0.95, 1.0, 1.1, 1.05, 1.1, 1.1, 0.95, 0.8, 1.1, 1.15, 1.1, 0.9]
# …and stands still in August and at Christmas, when orders are not placed at all.
AUGUST_SHUT = 0.6
HOLIDAYS = {(1, 1), (1, 6), (8, 15), (10, 12), (12, 6), (12, 8), (12, 24), (12, 25), (12, 26), (12, 31)}
LINES = {"champion": (2, 5), "loyal": (1, 5), "counter": (1, 2), "household": (1, 3)}
RETURN_RATE = {"refunder": 0.32, "household": 0.1}
QUOTES = {"prospect": 1.3, "champion": 1.5, "loyal": 0.6, "regular": 0.3, "lapsed": 0.5, "new": 0.6}
SERVICE_BUYS = {"SER": 4, "NEU": 3, "EPI": 2, "ROD": 2}


@dataclass
class Line:
    """An article of an order."""

    code: str
    quantity: int
    discount: float


@dataclass
class Order:
    """An order with everything that follows from it, as dates (None: not yet)."""

    customer: object
    firm: str
    day: date
    minute: int
    lines: list
    promised: date = None
    site: int = None
    # A quotation stays draft or sent, gets too old (expired) or is lost; an order is kept or cancelled.
    fate: str = "sale"
    delivered: date = None
    partial: dict = field(default_factory=dict)  # index of line → quantity delivered first
    backorder: date = None
    returned: date = None
    return_line: int = 0
    return_share: float = 1.0
    invoiced: date = None
    correction: str = ""  # "", "error" (reversed and invoiced anew)
    paid: list = field(default_factory=list)  # (date, share of the invoice)
    record: object = None

    @property
    def ordered(self):
        """Whether the customer said yes at some time."""
        return self.fate in ("sale", "cancelled")


class Plan:
    """Draws the orders of all customers, from ``DAYS`` ago until ``today``."""

    def __init__(self, rng, today):
        self.rng = rng
        self.today = today
        self.start = today - timedelta(days=DAYS)
        self.articles = catalogue.by_category()

    def orders(self, customers):
        found = []
        for customer in customers:
            found += self.of_customer(customer, MAIN)
            if customer.both_companies and customer.kind == "company":
                found += self.of_customer(customer, SERVICE)
        found.sort(key=lambda order: (order.day, order.minute))
        return found

    def of_customer(self, customer, firm):
        days = self.days(customer, firm)
        orders = [self.order(customer, firm, day) for day in days]
        for order in orders:
            self.follow(order)
        if customer.payer == "defaulter":
            for order in orders[-3:]:
                order.paid = []
        return orders + [self.quotation(customer, firm) for _i in range(self.quotes(customer, firm))]

    # === When ===

    def days(self, customer, firm):
        """The days on which a customer orders, ascending."""
        rng, rhythm = self.rng, customer.rhythm
        if rhythm in ("prospect", "silent"):
            return []
        if rhythm == "one_off":
            return [self.workday(self.start + timedelta(days=rng.randint(5, DAYS - 20)))] if firm == MAIN else []
        gap = rng.uniform(*GAPS[rhythm]) * (2.2 if firm == SERVICE else 1)
        first = self.start + timedelta(days=rng.uniform(0, gap))
        last = self.today
        if rhythm == "new":
            first = self.today - timedelta(days=rng.randint(14, 110))
        elif rhythm == "lapsed":
            last = self.today - timedelta(days=rng.randint(170, 430))
        elif rhythm == "loyal" and rng.random() < 0.25:
            # Customers gained on the way.
            first += timedelta(days=rng.randint(120, 400))
        days, day = [], first
        while day <= last:
            in_season = not customer.season or rhythm != "seasonal" or day.month in customer.season
            shut = (day.month == 8 and rng.random() < AUGUST_SHUT) or (day.month, day.day) in HOLIDAYS
            if in_season and not shut:
                days.append(self.workday(day))
            day += timedelta(days=max(2.0, gap / MONTHS[day.month - 1] * rng.uniform(0.55, 1.5)))
        if customer.kind == "consumer":
            # Private persons come to the counter at the end of the week.
            days = [day + timedelta(days=4 - day.weekday()) for day in days]
        return [day for day in dict.fromkeys(days) if day <= self.today]

    def workday(self, day):
        """The day itself, or the Monday after a weekend."""
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day

    def after(self, day, low, high):
        return self.workday(day + timedelta(days=self.rng.randint(low, high)))

    # === What ===

    def order(self, customer, firm, day):
        rng = self.rng
        low, high = LINES.get(customer.rhythm, (1, 4))
        buys = SERVICE_BUYS if firm == SERVICE else customer.buys
        lines = [self.line(customer, buys) for _i in range(rng.randint(low, high))]
        lines = list({line.code: line for line in lines}.values())
        if firm == MAIN and rng.random() < 0.05:
            lines.append(Line(catalogue.URGENT, 1, 0.0))
        site = rng.randrange(len(customer.sites)) if customer.each_site and rng.random() < 0.6 else None
        return Order(customer, firm, day, rng.randint(8 * 60, 18 * 60), lines, site=site)

    def line(self, customer, buys):
        rng = self.rng
        # One line in eight is something the customer hardly ever buys.
        if rng.random() < 0.125:
            category = rng.choice([key for key in self.articles if key != "SER"])
        else:
            category = rng.choices(list(buys), list(buys.values()))[0]
        rows = self.articles[category]
        code, _name, price, _weight, (low, high) = rng.choices(rows, [row[3] for row in rows])[0]
        quantity = low + (high - low) * rng.random() ** 2 * min(1.0, customer.size)
        if customer.kind == "company" and price < 100:
            quantity *= 0.8 + customer.size
        quantity = round(quantity)
        return Line(code, max(1, quantity), customer.discount if category != "SER" else 0.0)

    def quotes(self, customer, firm):
        """How many quotations stay quotations."""
        expected = QUOTES.get(customer.rhythm, 0.1) if firm == MAIN else 0.15
        whole = int(expected)
        return whole + (self.rng.random() < expected - whole)

    def quotation(self, customer, firm):
        """An offer that is open, too old, or was lost."""
        rng = self.rng
        fate = rng.choices(["draft", "sent", "expired", "lost"], [15, 30, 30, 25])[0]
        if fate in ("draft", "sent"):
            day = self.today - timedelta(days=rng.randint(0, 20))
        else:
            day = self.today - timedelta(days=rng.randint(45, 500))
        day = day if day.weekday() < 5 else day - timedelta(days=2)
        order = self.order(customer, firm, day)
        order.fate = fate
        return order

    # === What follows ===

    def follow(self, order):
        """Delivery, return, invoice and payments of an order."""
        rng, customer = self.rng, order.customer
        if rng.random() < 0.015:
            order.fate = "cancelled"
            return
        if customer.kind == "consumer":
            order.promised = order.delivered = order.invoiced = order.day
            self.give_back(order)
            order.paid = [(order.day, 1.0)]
            return
        order.promised = self.after(order.day, 2, 6)
        self.deliver(order)
        self.give_back(order)
        ready = order.backorder or order.delivered
        order.invoiced = self.invoice_day(customer, order.delivered, ready)
        if order.invoiced:
            order.paid = self.payments(customer, order.invoiced)
            if rng.random() < 0.007:
                order.correction = "error"

    def deliver(self, order):
        rng = self.rng
        late = 0.22 if order.customer.rhythm == "refunder" or order.firm == SERVICE else 0.12
        if rng.random() < late:
            day = self.after(order.promised, 1, 11)
            # What is late and recent waits for goods that have not come in.
            if day > self.today - timedelta(days=16):
                return
        else:
            day = max(order.day + timedelta(days=1), order.promised - timedelta(days=rng.randint(0, 2)))
            day = self.workday(day)
        if day > self.today:
            return
        order.delivered = day
        if rng.random() < 0.07:
            goods = [i for i, line in enumerate(order.lines) if line.quantity > 1 and not line.code.startswith("SER")]
            for index in goods[:2]:
                order.partial[index] = order.lines[index].quantity // 2
            if order.partial:
                day = self.after(day, 4, 18)
                order.backorder = day if day <= self.today else None

    def give_back(self, order):
        rng = self.rng
        rate = RETURN_RATE.get(order.customer.rhythm, 0.025)
        goods = [i for i, line in enumerate(order.lines) if not line.code.startswith("SER") and i not in order.partial]
        if not order.delivered or not goods or rng.random() > rate:
            return
        day = self.after(order.delivered, 3, 20)
        if day <= self.today:
            order.returned = day
            order.return_line = rng.choice(goods)
            order.return_share = rng.choice([0.25, 0.5, 1.0, 1.0])

    def invoice_day(self, customer, delivered, ready):
        """The last day of the month, for most also the 15th; None when that is to come."""
        if not delivered:
            return None
        ready = ready or delivered
        day = (ready.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        if not customer.monthly and ready.day <= 15:
            day = ready.replace(day=15)
        return day if day <= self.today else None

    def payments(self, customer, invoiced):
        """Days and shares of the payments that have arrived by today."""
        rng = self.rng
        due = invoiced + timedelta(days=customer.term)
        payer = customer.payer
        if payer == "slow":
            first = due + timedelta(days=rng.randint(20, 95))
            if rng.random() < 0.22:
                share = rng.choice([0.3, 0.4, 0.5, 0.6])
                second = first + timedelta(days=rng.randint(20, 60))
                parts = [(first, share), (second, 1.0)]
            else:
                parts = [(first, 1.0)]
        elif payer == "prompt":
            parts = [(due + timedelta(days=rng.randint(-6, 2)), 1.0)]
        else:
            late = rng.random() < 0.12
            parts = [(due + timedelta(days=rng.randint(15, 45) if late else rng.randint(-3, 10)), 1.0)]
        parts = [(max(self.paying_day(day), invoiced), share) for day, share in parts]
        return [(day, share) for day, share in parts if day <= self.today]

    def paying_day(self, day):
        """Firms pay on fixed days of the month: the next 10th or 25th."""
        for fixed in (10, 25):
            if day.day <= fixed:
                return day.replace(day=fixed)
        return (day.replace(day=28) + timedelta(days=8)).replace(day=10)
