"""Days that a stored condition means, without the ORM."""

import re
from datetime import date, timedelta  # noqa: F401  (the examples need the first)

from dateutil.relativedelta import relativedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = {"d": "days", "w": "weeks", "m": "months", "y": "years"}
_RELATIVE = re.compile(r"(?:(?:today|now)(?:\s+|$))?(?:[=+-]\S+\s*)*")
_OFFSET = re.compile(r"([=+-])(\d+)([dwmy])|([=+-])([a-z_]+)")


def is_relative(value):
    """Whether a value of a condition is a day that moves, as Odoo writes it ("today -7d").

    >>> [is_relative(value) for value in ("today", "-3m", "now -1d =monday", "2026-01-01", "", "tomorrow", 5)]
    [True, True, True, False, False, False, False]
    """
    return isinstance(value, str) and bool(value.strip()) and bool(_RELATIVE.fullmatch(value.strip()))


def relative_day(text, as_of):
    """The day that a relative date means, counted from a given one.

    The grammar is Odoo's (``odoo.tools.date_utils.parse_date``) as far as days go, which
    reads the clock; a week begins on Monday.

    :param text: "today -7d", "-3m", "today =1d", "today =monday -1w"…
    :param as_of: date that stands for today
    :return: date
    :raise ValueError: when it is anything else

    >>> relative_day("today -1y", date(2026, 2, 28)), relative_day("=1d -1d", date(2026, 3, 31))
    (datetime.date(2025, 2, 28), datetime.date(2026, 2, 28))
    >>> relative_day("today =monday", date(2026, 6, 18)), relative_day("+sunday", date(2026, 6, 18))
    (datetime.date(2026, 6, 15), datetime.date(2026, 6, 21))
    """
    if not is_relative(text):
        raise ValueError(text)
    day = as_of
    for word in text.split():
        if word in ("today", "now"):
            continue
        found = _OFFSET.fullmatch(word)
        if not found:
            raise ValueError(text)
        sign, number, unit, named_sign, name = found.groups()
        try:
            day = _weekday(day, named_sign, name) if name else _moved(day, sign, int(number), unit)
        except OverflowError:
            raise ValueError(text) from None
    return day


def _moved(day, sign, number, unit):
    if sign == "=":
        if unit == "w":
            raise ValueError(unit)
        return day + relativedelta(**{UNITS[unit].removesuffix("s"): number})
    return day + relativedelta(**{UNITS[unit]: number if sign == "+" else -number})


def _weekday(day, sign, name):
    wanted = 0 if name == "week_start" else WEEKDAYS.index(name)
    days = wanted - day.weekday()
    if sign == "+" and days < 0:
        days += 7
    elif sign == "-" and days > 0:
        days -= 7
    return day + timedelta(days=days)
