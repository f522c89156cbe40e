# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lists of people who want no advertising: reading the file and its values, without Odoo.

Services such as *Lista Robinson*, and firms among themselves, hand over either plain
phone numbers and e-mail addresses or only their fingerprints (hashes). To be found by a
fingerprint a contact must be written exactly as the list wrote him, letter by letter:
:func:`postal_key` and ``docs/consents.md`` say how.
"""

import csv
import hashlib
import io
import re
import unicodedata

HASHES = {"md5": 32, "sha256": 64, "sha512": 128}
# What a spreadsheet or an operating system writes at the beginning of a text.
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DELIMITERS = (";", "\t", ",", "|")
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_SPANISH_PHONE = re.compile(r"(\+34|0034)?([6-9]\d{8})")
_PHONE_NOISE = re.compile(r"[\s./()\\-]")


class ListError(ValueError):
    """The file can't be read at all.

    :param code: what is wrong: ``empty``, ``old_excel``, ``excel``, ``quotes``, ``column``
    :param detail: line number or names of the columns, for the sentence
    """

    def __init__(self, code, detail=""):
        super().__init__(code)
        self.code = code
        self.detail = detail


# Letters of the Latin alphabets that Unicode does not take apart into a plain one and its
# accent. The two strings and KEPT go into SQL as well, so that both sides agree.
WHOLE_LETTERS, PLAIN_LETTERS = "ßæÆøØœŒđĐłŁðÐþÞı", "saaoooodd" + "llddtti"
KEPT = "abcdefghijklmnopqrstuvwxyz0123456789"
_TABLE = str.maketrans(WHOLE_LETTERS, PLAIN_LETTERS)
_DROPPED = re.compile(f"[^{KEPT.upper()}{KEPT}]")


def plain_text(text):
    """Small letters without accents, and digits; nothing else.

    >>> plain_text("Núñez, José María")
    'nunezjosemaria'
    """
    whole = unicodedata.normalize("NFKD", text or "").translate(_TABLE)
    return _DROPPED.sub("", whole).lower()


def postal_key(name, street, zip_code):
    """The text whose fingerprint stands in a postal list; "" where a part is missing.

    >>> postal_key("Ana García", "C/ Mayor, 5", "50001")
    'anagarcia|cmayor5|50001'
    >>> postal_key("Ana García", "", "50001")
    ''
    """
    parts = [plain_text(name), plain_text(street), plain_text(zip_code)]
    return "|".join(parts) if all(parts) else ""


def fingerprint(text, algorithm):
    """Hash of a text as hexadecimal digits.

    :param algorithm: one of ``HASHES``
    """
    return hashlib.new(algorithm, text.encode()).hexdigest()


# --------------------------------------------------------------------------- the values


def hash_reader(algorithm):
    """Function that reads a fingerprint: the digits in small letters, or None."""
    digits = re.compile(f"[0-9a-f]{{{HASHES[algorithm]}}}")

    def read(value):
        value = value.strip().lower()
        return value if digits.fullmatch(value) else None

    return read


def email_reader(normalize):
    """Function that reads an e-mail address as Odoo compares it, or None.

    :param normalize: Odoo's function, for what is not a plain address
    """

    def read(value):
        plain = value.strip().lower()
        return plain if _EMAIL.fullmatch(plain) else (normalize(value) or None)

    return read


def phone_reader(normalize, country_code):
    """Function that reads a phone number in the form +34600100200, or None.

    Odoo's own function takes a tenth of a millisecond, so Spanish numbers, which are
    nearly all of a list, go past it.

    :param normalize: Odoo's function
    :param country_code: of numbers without a prefix
    """

    def read(value):
        plain = _PHONE_NOISE.sub("", value)
        spanish = _SPANISH_PHONE.fullmatch(plain)
        if spanish and (spanish[1] or country_code == "ES"):
            return f"+34{spanish[2]}"
        return (normalize(plain) or None) if any(map(str.isdigit, plain)) else None

    return read


# ----------------------------------------------------------------------------- the file


def read_values(data, read, column=""):
    """The values of one column of a file, line by line.

    The first line may hold headings. Empty lines are passed over.

    :param data: content of a text, CSV or XLSX file, bytes
    :param read: function: text → value, or None where it can't be read
    :param column: heading or number (from 1) of the column, "" for the first one
    :return: iterator of (line number, text, value or None)
    :raise ListError: when the file can't be read
    """
    index = None
    for line, cells in _rows(data):
        if not any(cells):
            continue
        if index is None:
            index, is_heading = _column_index(cells, column, read)
            if is_heading:
                continue
        text = cells[index] if index < len(cells) else ""
        yield line, text, read(text) if text else None
    if index is None:
        raise ListError("empty")


def _column_index(cells, column, read):
    """Which cell of a row is meant, and whether the first row holds headings.

    :return: tuple of index and bool
    """
    wanted = column.strip().casefold()
    if not wanted or wanted.isdecimal():
        index = int(wanted or 1) - 1
        if not 0 <= index < len(cells):
            raise ListError("column", ", ".join(cells))
        return index, read(cells[index]) is None
    headings = [cell.casefold() for cell in cells]
    if wanted not in headings:
        raise ListError("column", ", ".join(cells))
    return headings.index(wanted), True


def _rows(data):
    """Rows of a file as (line number, list of stripped texts)."""
    if data[:4] == b"PK\x03\x04":
        yield from _excel_rows(data)
    elif data[:4] == b"\xd0\xcf\x11\xe0":
        raise ListError("old_excel")
    else:
        yield from _text_rows(data)


def _excel_rows(data):
    import openpyxl  # slow to import, and only needed here

    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    except Exception as error:  # whatever a broken archive makes of it
        raise ListError("excel") from error
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        yield number, [_cell_text(value) for value in row]


def _cell_text(value):
    """A cell as it looks: numbers without the decimals that Excel adds."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _text_rows(data):
    encoding = _encoding(data)
    delimiter = _delimiter(data[:65536].decode(encoding, errors="replace"))
    if not delimiter:
        for number, text in enumerate(_text_stream(data, encoding), 1):
            yield number, [text.strip().strip('"').strip()]
        return
    rows = csv.reader(_text_stream(data, encoding, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in rows:
            yield rows.line_num, [text.strip() for text in row]
    except csv.Error as error:
        raise ListError("quotes", rows.line_num) from error


def _text_stream(data, encoding, errors="replace", newline=None):
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors=errors, newline=newline)


def _encoding(data):
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    stream = _text_stream(data, "utf-8", errors="strict")
    try:
        while stream.read(1 << 16):
            pass
    except UnicodeDecodeError:
        return "cp1252"  # what Excel writes in Western Europe
    return "utf-8"


def _delimiter(sample):
    """The sign between the columns: the one that most of the first lines have.

    >>> _delimiter("mail;name\\na@x.es;Ana, Madrid")
    ';'
    >>> _delimiter("a@x.es")
    ''

    :return: str, "" for a file of one column
    """
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    found = {delimiter: sum(delimiter in line for line in lines) for delimiter in _DELIMITERS}
    delimiter = max(found, key=found.get)
    return delimiter if found[delimiter] * 2 > len(lines) else ""
