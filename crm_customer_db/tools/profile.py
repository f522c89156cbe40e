# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ages, bands and levels: from a number to the key of a selection and back to a range.

Nothing here reads the clock: the day is always a parameter.

**Born on 29 February.** In a common year the age is attained on 28 February. Spanish
law counts terms in years *from date to date*, and where the month has no such day "se
entenderá que el plazo expira el último del mes" (Código Civil, art. 5.1); the day of
birth itself counts whole (art. 240, before 2021 art. 315). It is also what PostgreSQL
(``date + interval '18 years'``) and dateutil's ``relativedelta`` give. The United
Kingdom holds the other view (1 March); for a customer file one rule is worth more
than each country's.
"""

import calendar
import itertools
import math
from datetime import date, timedelta

AGE_BANDS = {
    "under_25": (0, 24),
    "25_34": (25, 34),
    "35_44": (35, 44),
    "45_54": (45, 54),
    "55_64": (55, 64),
    "65_over": (65, None),
}
HEADCOUNT_BANDS = {
    "1_9": (1, 9),
    "10_49": (10, 49),
    "50_249": (50, 249),
    "250_over": (250, None),
}
INCOME_LEVELS = ("low", "lower_middle", "middle", "upper_middle", "high")
#: (date_from, date_to) that no date lies in
EMPTY_RANGE = (date.max, date.min)


def _anniversary(since, year):
    if since.month == 2 and since.day == 29 and not calendar.isleap(year):
        return date(year, 2, 28)
    return since.replace(year=year)


def full_years(since, day):
    """Full years from ``since`` to ``day``.

    :param since: date, or None/False
    :param day: date
    :return: int ≥ 0; None without ``since`` or when it lies after ``day``

    >>> full_years(date(2000, 2, 29), date(2018, 2, 27))
    17
    >>> full_years(date(2000, 2, 29), date(2018, 2, 28))
    18
    >>> full_years(date(2000, 2, 29), date(2020, 2, 28))
    19
    """
    if not since or since > day:
        return None
    return day.year - since.year - (day < _anniversary(since, day.year))


def _latest_since(years, day):
    """The last date from which ``years`` full years have passed on ``day``, or None."""
    year = day.year - years
    if year < date.min.year:
        return None
    if day.month == 2 and day.day >= 28:
        last = calendar.monthrange(year, 2)[1]
        if day.day == 29 or not calendar.isleap(day.year):
            return date(year, 2, last)
    return day.replace(year=year)


def since_range_for_years(min_years, max_years, day):
    """The dates from which at least ``min_years`` and at most ``max_years`` full years
    have passed: the exact inverse of :func:`full_years`.

    :param min_years: int or None for no lower bound
    :param max_years: int or None for no upper bound
    :param day: date
    :return: ``(date_from, date_to)``, both inclusive; ``date_from`` is None when the
        range is open; :data:`EMPTY_RANGE` when no date fits. ``date_to`` is never after
        ``day``: dates in the future have no years, so they are in no range.

    >>> since_range_for_years(18, 18, date(2018, 2, 28)) == (date(1999, 3, 1), date(2000, 2, 29))
    True
    """
    low = max(min_years or 0, 0)
    date_to = _latest_since(low, day)
    if date_to is None or (max_years is not None and max_years < low):
        return EMPTY_RANGE
    date_from = None
    if max_years is not None:
        before = _latest_since(max_years + 1, day)
        date_from = before and before + timedelta(days=1)
    return date_from, date_to


def years_bounds(operator, value):
    """``(min, max)`` full years that a search operator asks for.

    :param operator: one of ``= < <= > >=``; a ``!=`` is the complement of ``=`` *plus*
        those without a date, which only the caller can express
    :param value: number of years, fractions allowed (older than 30.5 is 31 and up)
    :return: ``(min, max)``, None for open; ``(0, -1)`` when nothing can match
    :raise ValueError: another operator

    >>> years_bounds(">", 30.5), years_bounds("<", 25), years_bounds("=", 40)
    ((31, None), (None, 24), (40, 40))
    """
    if operator == "=":
        return (int(value), int(value)) if value == int(value) and value >= 0 else (0, -1)
    if operator == ">=":
        return math.ceil(value), None
    if operator == ">":
        return math.floor(value) + 1, None
    if operator == "<=":
        return None, math.floor(value)
    if operator == "<":
        return None, math.ceil(value) - 1
    raise ValueError(f"Years can't be compared with the operator {operator!r}.")


def age_on(birth, day):
    """Age in full years on a day; None without birth date or before the birth.

    >>> age_on(date(1980, 11, 24), date(2026, 11, 23))
    45
    """
    return full_years(birth, day)


def birth_range_for_age(min_age, max_age, day):
    """Birth dates of those whose age on ``day`` is between two ages, both included.

    Same arguments and result as :func:`since_range_for_years`; for every birth date,
    being in the range and having such an age are the same thing.
    """
    return since_range_for_years(min_age, max_age, day)


def _band(number, bands, lowest):
    if number is None or number is False or number < lowest:
        return None
    return next(key for key, (_low, high) in bands.items() if high is None or number <= high)


def age_band(age):
    """Key of the age band; None for no age (0 is an age).

    >>> age_band(24), age_band(25), age_band(65), age_band(None)
    ('under_25', '25_34', '65_over', None)
    """
    return _band(age, AGE_BANDS, 0)


def band_range(band):
    """``(min_age, max_age)`` of an age band, None for open.

    :raise KeyError: no such band

    >>> band_range("65_over")
    (65, None)
    """
    return AGE_BANDS[band]


def headcount_band(number):
    """Key of the headcount band (size classes of Recommendation 2003/361/EC, by staff
    alone); None for 0, which in Odoo also means "not known".

    >>> headcount_band(9), headcount_band(250), headcount_band(0)
    ('1_9', '250_over', None)
    """
    return _band(number, HEADCOUNT_BANDS, 1)


def headcount_band_range(band):
    """``(min, max)`` persons of a headcount band, None for open; KeyError if unknown."""
    return HEADCOUNT_BANDS[band]


def check_thresholds(thresholds):
    """Four ascending positive amounts.

    :raise ValueError: with a sentence for the user
    """
    values = list(thresholds or ())
    if len(values) != len(INCOME_LEVELS) - 1:
        raise ValueError("Give four income thresholds, one between each level and the next.")
    if any(value is None or value is False or not value > 0 for value in values):
        raise ValueError("Each income threshold must be more than zero.")
    if any(low >= high for low, high in itertools.pairwise(values)):
        raise ValueError("Each income threshold must be higher than the one before it.")
    return values


def income_level(amount, thresholds):
    """Level of a yearly household income.

    :param amount: income in the currency of the thresholds; None, False and 0 mean
        that it is not known (a Monetary of Odoo can't tell 0 from empty)
    :param thresholds: four amounts; who earns exactly a threshold is above it
    :return: one of :data:`INCOME_LEVELS`, or None
    :raise ValueError: bad thresholds, or a negative income

    >>> income_level(30_000, (15_000, 25_000, 40_000, 70_000))
    'middle'
    """
    values = check_thresholds(thresholds)
    if not amount:
        return None
    if amount < 0:
        raise ValueError("The household income can't be negative.")
    return INCOME_LEVELS[sum(amount >= value for value in values)]
