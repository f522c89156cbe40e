# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures of customers in plain Python, from lines of purchases: no SQL, nothing of the engine.

Written from the definitions that users are told, so that a figure of the engine is held against what it is
said to be and not against another way to write the same query.
"""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

# Design §6, first match wins: the table that customers of ours know by heart.
CLASSES = (
    ("champions", (4, 5), (4, 5), (4, 5)),
    ("loyal", (2, 5), (3, 5), (3, 5)),
    ("potential_loyal", (3, 5), (1, 3), (1, 3)),
    ("recent", (4, 5), (1, 1), (1, 1)),
    ("promising", (3, 4), (1, 1), (1, 1)),
    ("attention", (2, 3), (2, 3), (2, 3)),
    ("cooling", (2, 3), (1, 2), (1, 2)),
    ("slipping", (1, 2), (2, 5), (2, 5)),
    ("cant_lose", (1, 1), (4, 5), (4, 5)),
    ("asleep", (1, 2), (1, 2), (1, 2)),
    ("others", (1, 5), (1, 5), (1, 5)),
)
CENT = Decimal("0.01")


class Line(NamedTuple):
    """A line of a purchase.

    :param order: what tells the order, among those of its customer
    :param invoiced: amount invoiced of it
    """

    customer: object
    order: object
    day: date
    amount: Decimal
    invoiced: Decimal = Decimal()


def rounded(amount):
    """An amount in cents, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def rhythm(days):
    """Half of the gaps between the days are shorter: None under three days.

    >>> rhythm([date(2026, 1, 1), date(2026, 1, 3), date(2026, 1, 8)])
    3.5
    """
    days = sorted(set(days))
    return median((later - earlier).days for earlier, later in pairwise(days)) if len(days) >= 3 else None


def stage(days, as_of, usual=60, new=60):
    """Stage of who bought on these days, and the day it began.

    >>> stage([date(2026, 1, 1)], date(2026, 3, 2))
    ('new', datetime.date(2026, 1, 1))
    >>> stage([date(2026, 1, 1)], date(2026, 4, 10))
    ('at_risk', datetime.date(2026, 4, 2))
    """
    days = sorted(set(days))
    own = rhythm(days)
    if own is None and as_of <= days[0] + timedelta(days=new):
        return "new", days[0]
    gap = usual if own is None else own

    def on(day):
        silence = (day - days[-1]).days
        return next(
            (name for name, times in (("active", 1.5), ("at_risk", 3), ("dormant", 6)) if silence <= times * gap),
            "former",
        )

    found = on(as_of)
    if found != "active":
        # he entered it on the first day of his silence on which it is so, but for the time he was new
        since = days[-1]
        while on(since) != found:
            since += timedelta(days=1)
    elif own is None:
        since = days[-1]
    else:
        # active from the third day on, and again after each silence that was longer than usual
        since = max([days[2], *(later for earlier, later in pairwise(days) if (later - earlier).days > 1.5 * gap)])
    if own is None:
        since = max(since, days[0] + timedelta(days=new + 1))
    return found, since


def cut_points(values):
    """The values below or at which a fifth, two, three and four fifths of all lie."""
    ordered = sorted(values)
    return [
        next(value for index, value in enumerate(ordered, 1) if 5 * index >= part * len(ordered))
        for part in range(1, 5)
    ]


def figures(lines, as_of, months=12, scored=lambda customer: True):
    """All figures of all customers of one company.

    :param lines: iterable of ``Line``
    :param as_of: date that stands for today; what comes later is not looked at
    :param months: window of the scores
    :param scored: which customers are compared with each other
    :return: dict customer → dict of names as in ``crm.customer.metrics``, with the code of the class
    """
    by_customer = defaultdict(list)
    for line in lines:
        if line.day <= as_of:
            by_customer[line.customer].append(line)
    found = {customer: _figures(own, as_of, months) for customer, own in by_customer.items()}
    _score(found, [customer for customer in found if found[customer]["last_purchase_date"] and scored(customer)])
    return found


def _figures(lines, as_of, months):
    year, window = as_of - relativedelta(months=12), as_of - relativedelta(months=months)
    orders = defaultdict(list)
    for line in lines:
        orders[line.order].append(line)
    # an order is of the day of its first line; one of which nothing is left does not count
    counted = {
        order: (min(line.day for line in own), sum(line.amount for line in own))
        for order, own in orders.items()
        if sum(line.amount for line in own) > 0
    }
    days = sorted({day for day, _amount in counted.values()})

    def since(day, name="amount"):
        return sum((getattr(line, name) for line in lines if day is None or line.day > day), Decimal())

    row = {
        "purchase_count": len(counted),
        "purchase_count_window": sum(day > window for day, _amount in counted.values()),
        "amount_total": since(None),
        "amount_12m": since(year),
        "invoiced_12m": since(year, "invoiced"),
        "amount_window": since(window),
        "first_purchase_date": days[0] if days else None,
        "last_purchase_date": days[-1] if days else None,
        "average_order": sum((amount for _day, amount in counted.values()), Decimal()) / max(len(counted), 1),
        "amount_at_risk": since(days[-1] - relativedelta(months=12)) if days else Decimal(),
        "median_gap_days": 0.0,
        "gap_days": 60.0,
        "next_purchase_due": None,
        "silence_days": (as_of - days[-1]).days if days else 0,
        "is_late": False,
    }
    if days:
        row["lifecycle"], row["lifecycle_since"] = stage(days, as_of)
    own = rhythm(days)
    if own is not None:
        # half a day more is a day
        due = days[-1] + timedelta(days=int(own + 0.5))
        row.update(median_gap_days=float(own), gap_days=float(own), next_purchase_due=due, is_late=due < as_of)
    return row


def _score(found, customers):
    names = ("last_purchase_date", "purchase_count_window", "amount_window")
    cuts = {name: cut_points([found[customer][name] for customer in customers]) for name in names if customers}
    for row in found.values():
        row.update(recency_score=0, frequency_score=0, monetary_score=0, rfm_score=0.0, value_class=None)
    for customer in customers:
        row = found[customer]
        scores = [1 + sum(row[name] > cut for cut in cuts[name]) for name in names]
        row["recency_score"], row["frequency_score"], row["monetary_score"] = scores
        row["rfm_score"] = float(rounded(Decimal(sum(scores)) / 3))
        row["value_class"] = next(
            code
            for code, *ranges in CLASSES
            if all(low <= score <= high for score, (low, high) in zip(scores, ranges, strict=True))
        )


def differences(rows, expected, cents=Decimal("0.005")):
    """Where records of figures are not what was worked out.

    :param rows: ``crm.customer.metrics`` records of one company
    :param expected: what ``figures`` gives, by id of customer
    :param cents: how far amounts may be apart
    :return: list of sentences, one per figure that differs
    """
    found = []
    by_customer = {row.commercial_partner_id.id: row for row in rows}
    if missing := set(expected) - set(by_customer):
        found.append(f"no figures for {len(missing)} customers: {sorted(missing)[:5]}")
    for customer, values in expected.items():
        row = by_customer.get(customer)
        for name, value in values.items() if row else ():
            shown = row.value_class_id.code or None if name == "value_class" else row[name]
            if isinstance(value, Decimal):
                same = abs(Decimal(str(shown)) - value) <= cents
            elif isinstance(value, float):
                same = abs(shown - value) < 1e-6
            else:
                same = (shown or None) == (value or None)
            if not same:
                found.append(f"customer {customer}: {name} is {shown}, expected {value}")
    return found
