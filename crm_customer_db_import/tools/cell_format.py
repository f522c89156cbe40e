"""How numbers and days are written in a file. Free of the ORM.

What is written is found in what all cells of a column have in common, and shown before
anything is imported. Where it could be one or the other, a company's own habit decides.
"""

import re
from datetime import date, datetime
from decimal import Decimal

# Ways of writing a day, as users know them. The first that fits wins over those after it.
DAYS = {
    "yyyy_mm_dd": "2026-12-31",
    "dd_mm_yyyy": "31/12/2026",
    "dd_mm_yy": "31/12/26",
    "mm_dd_yyyy": "12/31/2026",
    "mm_dd_yy": "12/31/26",
    "yyyymmdd": "20261231",
}
MARKS = {"comma": ",", "point": "."}
_DAY_SHAPE = re.compile(r"(\d{1,4})([./\- ]?)(\d{1,2})\2(\d{1,4})", re.ASCII)
_CLOCK = re.compile(r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,6})?)?)?", re.ASCII)
_NUMBER = {
    "comma": re.compile(r"([+-]?)(\d+|\d{1,3}(?:[. ']\d{3})+)?(?:,(\d*))?(-?)", re.ASCII),
    "point": re.compile(r"([+-]?)(\d+|\d{1,3}(?:[, ']\d{3})+)?(?:\.(\d*))?(-?)", re.ASCII),
}
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2212": "-"})


def read_number(text, mark):
    """A number as a program writes it.

    :param text: str
    :param mark: decimal mark, one of ``MARKS``
    :return: str of an optional sign, digits and an optional decimal point; None where it is no such number

    >>> read_number("1.234,56", "comma"), read_number("1,234.56", "point"), read_number("12,5-", "comma")
    ('1234.56', '1234.56', '-12.5')
    >>> [read_number(text, "point") for text in ("1,5", "nan", "1_000", "١٢")]
    [None, None, None, None]
    """
    text = text.translate(_BLANKS).strip().removesuffix("€").removeprefix("€").strip()
    found = _NUMBER[mark].fullmatch(text)
    if not found:
        return None
    sign, whole, part, after = found.groups()
    if not (whole or part) or (sign and after):
        return None
    digits = re.sub(r"\D", "", whole or "0")
    return f"{'-' if '-' in sign + after else ''}{digits}{'.' + part if part else ''}"


def mark_of(texts, usual="comma"):
    """The decimal mark of a column.

    :param texts: iterable of str
    :param usual: mark that decides where both are possible
    :return: one of ``MARKS``

    >>> mark_of(["1.234", "12,5"]), mark_of(["1.234"]), mark_of(["1,234.5", "7"])
    ('comma', 'comma', 'point')
    """
    texts = [text for text in texts if text.strip()]
    fits = {mark: sum(read_number(text, mark) is not None for text in texts) for mark in MARKS}
    return max(MARKS, key=lambda mark: (fits[mark], mark == usual))


def read_day(text, shape, latest=None):
    """A day, with or without a time, as a program writes it.

    :param text: str; points, hyphens and blanks between its parts count like slashes
    :param shape: one of ``DAYS``
    :param latest: last year that two digits may stand for; by default the next year
    :return: str ``YYYY-MM-DD``, or with the time ``YYYY-MM-DD HH:MM:SS``; None where it is none

    >>> read_day("31.12.26", "dd_mm_yy"), read_day("1/2/2024 9:05", "dd_mm_yyyy"), read_day("30/02/2024", "dd_mm_yyyy")
    ('2026-12-31', '2024-02-01 09:05:00', None)
    """
    text = text.strip()
    shaped = _DAY_SHAPE.match(text)
    if not shaped:
        return None
    clock = _CLOCK.fullmatch(text[shaped.end() :])
    if not clock:
        return None
    first, sign, second, third = shaped.groups()
    compact = shape == "yyyymmdd"
    if (sign == "") != compact or (compact and len(first + second + third) != 8):
        return None
    order = ("yyyy", "mm", "dd") if compact else shape.split("_")
    parts = dict(zip(order, (first, second, third), strict=True))
    year = parts.get("yyyy") or parts["yy"]
    if len(year) != (4 if "yyyy" in parts else 2) or max(len(parts["dd"]), len(parts["mm"])) > 2:
        return None
    number = int(year)
    if "yy" in parts:
        latest = latest or date.today().year + 1
        number += latest // 100 * 100
        number -= 100 if number > latest else 0
    hour, minute, second = (int(part or 0) for part in clock.groups())
    try:
        moment = datetime(number, int(parts["mm"]), int(parts["dd"]), hour, minute, second)
    except ValueError:
        return None
    return moment.isoformat(sep=" ") if clock.group(1) else moment.date().isoformat()


def shape_of(texts, month_first=False):
    """How the days of a column are written.

    :param texts: iterable of str
    :param month_first: whether the month comes first where both are possible
    :return: one of ``DAYS``: the one that reads most of them

    >>> shape_of(["13/01/2024", "02/01/2024"]), shape_of(["01/13/24"]), shape_of(["01/02/24"]), shape_of(["20240102"])
    ('dd_mm_yyyy', 'mm_dd_yy', 'dd_mm_yy', 'yyyymmdd')
    """
    texts = [text for text in texts if text.strip()]
    fits = {shape: sum(read_day(text, shape) is not None for text in texts) for shape in DAYS}
    return max(DAYS, key=lambda shape: (fits[shape], shape.startswith("mm") == month_first))


def plain(value):
    """A cell of a workbook as a text, or the number or day that it is.

    :param value: what openpyxl gives
    :return: str, ``Decimal``, ``date`` or ``datetime``

    >>> plain(None), plain(3.0), plain(True), plain(datetime(2026, 1, 2)), plain(0.1)
    ('', Decimal('3'), 'true', datetime.date(2026, 1, 2), Decimal('0.1'))
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        number = Decimal(repr(value))
        return number.quantize(Decimal(1)) if number.is_finite() and number == number.to_integral() else number
    if isinstance(value, datetime):
        return value.date() if value.time() == value.min.time() else value.replace(microsecond=0)
    return value if isinstance(value, date) else str(value)
