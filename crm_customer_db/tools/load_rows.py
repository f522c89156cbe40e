"""Rows of a load on their way into PostgreSQL: what a cell may be, and COPY's text.

Free of the ORM. A slice of rows is looked at column by column with functions that run
in C; only a slice with something unusual in it is taken apart cell by cell. So clean
rows cost about two microseconds each, and every bad cell still gets its own report.

>>> columns = [Column("quantity", "quantity", None, "number")]
>>> encode_slice(columns, [(1,), ("2.5",), (None,)], 1)
Slice(numbers=[1, 2, 3], values=[(1, '2.5', None)], errors=[])
>>> encode_slice(columns, [("1.234,56",), (3,)], 8)
Slice(numbers=[8, 9], values=[(None, '3')], errors=[(8, 'quantity', 'number', '1.234,56')])
"""

import csv
import io
import re
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import NamedTuple

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.A)
_INTEGER = re.compile(r"[+-]?\d{1,10}", re.A)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", re.A)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.A)
_MOMENT_LONG = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?", re.A)
_INT4 = 2**31
_NOTHING = type(None)
_NUMBERS = {int, float, Decimal, _NOTHING}
# Longest part of a bad value that a message shows.
_SHOWN = 80


class Column(NamedTuple):
    """One column of the rows.

    :param spec: the name the caller uses, ``product_id`` or ``product_id/default_code``
    :param field: the field it fills
    :param key: the field by which the record is found, or None: by id
    :param kind: int, number, text, moment, day or bool; a moment fills two columns of
        the staging table, the second one for cells that are only a date
    """

    spec: str
    field: str
    key: str | None
    kind: str


class Slice(NamedTuple):
    """Rows ready for COPY: their numbers, their values column by column, and what was
    wrong, as (row number, column, code, shown value). A bad cell is empty in
    ``values``; a row of the wrong width is not in it."""

    numbers: list
    values: list
    errors: list


class BadCell(ValueError):
    """A cell that can't be read; ``args[0]`` is the code of the message."""


def as_tuples(rows, columns):
    """Rows in the order of the columns, whatever form they came in.

    :param rows: iterable of sequences, or of dicts
    :param columns: list of column names
    :raise ValueError: when a dict has a key that is no column, which would otherwise be
        dropped in silence
    """
    known = set(columns)
    for row in rows:
        if isinstance(row, dict):
            if not known.issuperset(row):
                raise ValueError(f"no such column: {sorted(set(row) - known)}")
            yield tuple(map(row.get, columns))
        else:
            yield row


def encode_slice(columns, rows, first):
    """Check the cells of some rows.

    :param columns: list of ``Column``
    :param rows: list of sequences
    :param first: number of the first row
    :return: ``Slice``
    """
    numbers = list(range(first, first + len(rows)))
    width = len(columns)
    if all(isinstance(row, (tuple, list)) for row in rows) and {*map(len, rows)} == {width}:
        plain = [_plain(column.kind, cells) for column, cells in zip(columns, zip(*rows, strict=True), strict=True)]
        if None not in plain:
            return Slice(numbers, [cells for part in plain for cells in part], [])
    return encode_carefully(columns, rows, first)


def encode_carefully(columns, rows, first):
    """``encode_slice`` cell by cell, for rows of which some are bad."""
    numbers, kept, errors = [], [], []
    for number, row in enumerate(rows, first):
        if not isinstance(row, (tuple, list)) or len(row) != len(columns):
            errors.append((number, "", "width", ""))
            continue
        cells = []
        for column, value in zip(columns, row, strict=True):
            try:
                cells += read_cell(column.kind, value)
            except BadCell as error:
                errors.append((number, column.spec, error.args[0], show(value)))
                cells += _empty(column.kind)
        numbers.append(number)
        kept.append(cells)
    width = sum(len(_empty(column.kind)) for column in columns)
    values = list(zip(*kept, strict=True)) if kept else [()] * width
    return Slice(numbers, values, errors)


def show(value):
    """A bad value as a message may quote it: short, printable, storable.

    >>> show("a" + chr(0) + "b")
    'a?b'
    """
    text = value if isinstance(value, str) else repr(value)
    return "".join(char if char.isprintable() else "?" for char in text[:_SHOWN])


def copy_text(numbers, values):
    """The slice as COPY … (FORMAT csv) reads it; an empty cell is NULL.

    :return: bytes, or None when a text holds what PostgreSQL can't store (a NUL
        character, half of a surrogate pair)
    """
    text = _csv(zip(numbers, *values, strict=True))
    if "\0" in text:
        return None
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


def error_text(errors):
    """The errors of a slice as COPY reads them.

    :param errors: list of (row number, spec, code, shown value)
    :return: bytes
    """
    return _csv(errors).encode()


def _csv(rows):
    buffer = io.StringIO()
    # CRLF makes the writer quote both characters wherever they stand in a text
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


# ------------------------------------------------------------------ whole columns


def _plain(kind, cells):
    """The cells as they can go to COPY, or None when some need a closer look.

    :return: list of one column of cells, or of two for moments
    """
    types = {*map(type, cells)}
    if bool in types and kind != "bool":
        # False is Odoo's word for empty; True is not a value here
        if any(cell is True for cell in cells):
            return None
        cells = tuple(None if cell is False else cell for cell in cells)
        types = {*map(type, cells)}
    return _PLAIN[kind](cells, types)


def _texts_match(cells, types, pattern, others):
    """Whether all texts look like ``pattern`` and everything else is of ``others``."""
    if not types - {str} <= others:
        return False
    if str not in types:
        return True
    texts = [cell for cell in cells if type(cell) is str and cell]
    return all(map(pattern.fullmatch, texts))


def _plain_text(cells, types):
    return [cells] if types <= {str, int, _NOTHING} else None


def _plain_number(cells, types):
    return [cells] if _texts_match(cells, types, _NUMBER, _NUMBERS) else None


def _plain_int(cells, types):
    return [cells] if _texts_match(cells, types, _INTEGER, {int, _NOTHING}) else None


def _plain_day(cells, types):
    return [cells] if _texts_match(cells, types, _DAY, {date, _NOTHING}) else None


def _plain_moment(cells, types):
    empty = (None,) * len(cells)
    if _texts_match(cells, types, _MOMENT, {datetime, _NOTHING}):
        aware = datetime in types and any(type(cell) is datetime and cell.tzinfo is not None for cell in cells)
        return None if aware else [cells, empty]
    if _texts_match(cells, types, _DAY, {date, _NOTHING}):
        return [empty, cells]
    return None


def _plain_bool(cells, types):
    return [cells] if types <= {bool, _NOTHING} else None


_PLAIN = {
    "text": _plain_text,
    "number": _plain_number,
    "int": _plain_int,
    "day": _plain_day,
    "moment": _plain_moment,
    "bool": _plain_bool,
}


# ------------------------------------------------------------------ single cells


def _empty(kind):
    return [None, None] if kind == "moment" else [None]


def read_cell(kind, value):
    """One cell as COPY takes it.

    >>> read_cell("int", " 12")
    ['12']
    >>> read_cell("moment", "2024-03-31T10:00:00+02:00")
    ['2024-03-31 08:00:00', None]
    >>> read_cell("moment", "2024-03-31")
    [None, '2024-03-31']

    :return: list of str or None, as many as the kind has staging columns
    :raise BadCell: when it is nothing of this kind
    """
    if value is None or value == "" or (value is False and kind != "bool"):
        return _empty(kind)
    if kind != "moment":
        return [_READ[kind](value)]
    if isinstance(value, str):
        value = value.strip()
    only_day = (
        _DAY.fullmatch(value) if isinstance(value, str) else isinstance(value, date) and not isinstance(value, datetime)
    )
    return [None, _read_day(value)] if only_day else [_read_moment(value), None]


def _read_text(value):
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise BadCell("value")
    text = str(value)
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise BadCell("text")
    return text


def _read_number(value):
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise BadCell("number")
    if isinstance(value, str):
        value = value.strip()
        if not _NUMBER.fullmatch(value):
            raise BadCell("number")
    number = Decimal(value)
    if not number.is_finite() or (number and not -40 <= number.adjusted() <= 40):
        raise BadCell("range")
    return str(value)


def _read_int(value):
    text = str(value).strip()
    if isinstance(value, (bool, float)) or not _INTEGER.fullmatch(text):
        raise BadCell("integer")
    if not -_INT4 <= int(text) < _INT4:
        raise BadCell("range")
    return text


def _read_day(value):
    if isinstance(value, datetime):
        raise BadCell("day")
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
        raise BadCell("day")
    try:
        return date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise BadCell("day") from None


def _read_moment(value):
    if isinstance(value, str):
        value = _parse_moment(value)
    if not isinstance(value, datetime):
        raise BadCell("date")
    if value.tzinfo is not None:
        try:
            value = value.astimezone(timezone.utc)  # noqa: UP017  (Odoo 19 runs on Python 3.10 too)
            value = value.replace(tzinfo=None)
        except OverflowError:
            raise BadCell("date") from None
    return value.isoformat(sep=" ", timespec="seconds")


def _parse_moment(text):
    if not _MOMENT_LONG.fullmatch(text):
        raise BadCell("date")
    if text.endswith("Z"):
        text = text[:-1] + "+00:00"
    elif re.search(r"[+-]\d{4}$", text[10:]):
        text = f"{text[:-2]}:{text[-2:]}"
    # Python 3.10 reads fractions of three or six digits only, and facts have none
    text = re.sub(r"\.\d+", "", text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise BadCell("date") from None


def _read_bool(value):
    words = {"true": True, "1": True, "false": False, "0": False}
    found = words.get(str(value).strip().lower())
    if found is None:
        raise BadCell("bool")
    return str(found)


_READ = {
    "text": _read_text,
    "number": _read_number,
    "int": _read_int,
    "day": _read_day,
    "bool": _read_bool,
}
