"""Rows of a text file with separators. Free of the ORM.

Every record is parsed on its own, so that one with a quotation mark that is never closed
costs that record, and not all that follow.

>>> list(read('a;"b\\n1"\\n"c;2\\nd;3\\n', "semicolon"))
[(1, ['a', 'b\\n1'], None), (3, [], 'quote'), (4, ['d', '3'], None)]
"""

import csv
import itertools
from collections import Counter

SEPARATORS = {"semicolon": ";", "comma": ",", "tab": "\t", "bar": "|"}
# How many lines one record may have.
MOST_LINES = 200
# Longest cell that is looked at; a text field has a shorter limit of its own.
MOST_LETTERS = 1_000_000
_SAMPLE = 200
# Stands for a character that the parser of older versions of Python refuses.
_NUL = "\ufffe"


def detect(text):
    """The separator: the one by which most records have the same number of cells, above one.

    :param text: str
    :return: one of ``SEPARATORS``

    >>> detect("a;b;c\\n1,5;2,5;3\\n"), detect("a,b\\n1,2\\n"), detect("name\\nAna\\n")
    ('semicolon', 'comma', 'semicolon')
    """
    best, chosen = (0, 0), "semicolon"
    head = text[: _SAMPLE * 1000]
    for separator in SEPARATORS:
        widths = Counter(
            len(cells) for _line, cells, fault in itertools.islice(read(head, separator), _SAMPLE) if not fault
        )
        width, count = max(widths.items(), key=lambda pair: (pair[0] > 1, pair[1]), default=(0, 0))
        if width > 1 and (count, width) > best:
            best, chosen = (count, width), separator
    return chosen


def read(text, separator):
    """Records of a text; lines without anything in them are none.

    :param text: str
    :param separator: one of ``SEPARATORS``
    :return: iterator of (number of the first line, list of cells, None or what is wrong: quote, cell)
    """
    lines = _lines(text)
    has_nul = "\0" in text
    mark = SEPARATORS[separator]
    pending = []
    number = 0
    while True:
        line = pending.pop(0) if pending else next(lines, None)
        if line is None:
            return
        number += 1
        if not line.strip():
            continue
        first = number
        if has_nul:
            line = line.replace("\0", _NUL)
        cells, fault, used = _record(line, mark, pending, lines)
        number += used
        if any(cells) or fault:
            if has_nul:
                cells = [cell.replace(_NUL, "\0") for cell in cells]
            yield first, cells, fault


def _lines(text):
    """Lines without their ends: LF, CR LF or CR, and no others, as a form feed may be in a cell."""
    start, size = 0, len(text)
    while start < size:
        end = text.find("\n", start)
        end = size if end < 0 else end
        line = text[start:end]
        if line.endswith("\r"):
            line = line[:-1]
        if "\r" in line:
            yield from line.split("\r")
        else:
            yield line
        start = end + 1


def _record(line, separator, pending, lines):
    """Cells of the record that begins with a line, and of those after it that belong to it.

    :param pending: list of lines that were read ahead; what is not used stays there
    :return: (cells, fault, number of further lines used)
    """
    if '"' not in line:
        return line.split(separator), None if len(line) < MOST_LETTERS else "cell", 0
    parts, taken = [line], 0
    while True:
        try:
            [cells] = csv.reader(["\n".join(parts)], delimiter=separator, strict=True)
        except csv.Error as error:
            if "unexpected end" not in str(error):
                return [], "cell" if "limit" in str(error) else "quote", 0
        else:
            del pending[:taken]
            return cells, None, taken
        # only a line with a quotation mark can end the cell
        while True:
            if taken == len(pending):
                more = None if taken == MOST_LINES else next(lines, None)
                if more is None:
                    return [], "quote", 0
                pending.append(more)
            parts.append(pending[taken])
            taken += 1
            if '"' in parts[-1]:
                break
