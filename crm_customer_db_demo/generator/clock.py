"""Days and hours of Zaragoza as Odoo keeps them: naive datetimes in UTC."""

from datetime import datetime, timedelta

import pytz

MADRID = pytz.timezone("Europe/Madrid")


def utc(day, minute):
    """A minute of a local day.

    :param day: date
    :param minute: since midnight
    :return: naive datetime

    >>> from datetime import date
    >>> utc(date(2026, 7, 1), 9 * 60)
    datetime.datetime(2026, 7, 1, 7, 0)
    >>> utc(date(2026, 1, 1), 9 * 60)
    datetime.datetime(2026, 1, 1, 8, 0)
    """
    local = MADRID.localize(datetime(day.year, day.month, day.day) + timedelta(minutes=minute))
    return local.astimezone(pytz.utc).replace(tzinfo=None)


def chunks(items, size):
    """Slices of a list: documents are made in batches, so that caches stay small."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
