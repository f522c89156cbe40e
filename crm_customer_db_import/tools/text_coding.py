"""Which letters the bytes of a file stand for. Free of the ORM.

Nothing is guessed from letter statistics: a file is what its mark says, or UTF-8 where it
is well-formed UTF-8, or the Windows code page of Western Europe. Text of which one part is
UTF-8 and another is not has no coding, and says so.
"""

import codecs
import re

# As users know them, in the order of the list they choose from.
CODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows (Western Europe, cp1252)",
    "iso8859-15": "ISO 8859-15",
    "cp850": "MS-DOS (cp850)",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What is one letter or sign of Western Europe in UTF-8, and would be two or three in a code page: “Ã±”, “â‚¬”.
_UTF8_LETTER = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2[\x80-\x82][\x80-\xbf]")
_UNUSED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


class CodingError(ValueError):
    """Bytes that no coding fits.

    :param code: mixed, unknown or coding
    :param line: number of the first line that is at fault, the first being 1
    """

    def __init__(self, code, line):
        super().__init__(code, line)
        self.code = code
        self.line = line


def detect(data):
    """The coding of a text.

    :param data: bytes
    :return: one of ``CODINGS``
    :raise CodingError: when there is none

    >>> detect("Peña".encode()), detect("Peña".encode("cp1252")), detect("Peña".encode("utf-16"))
    ('utf-8', 'cp1252', 'utf-16')
    """
    for mark, coding in _MARKS:
        if data.startswith(mark):
            return coding
    if _is_utf16(data):
        return "utf-16"
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    else:
        return "utf-8"
    if letter := _UTF8_LETTER.search(data):
        raise CodingError("mixed", max(line, data.count(b"\n", 0, letter.start()) + 1))
    if unused := _UNUSED_1252.search(data):
        raise CodingError("unknown", data.count(b"\n", 0, unused.start()) + 1)
    return "cp1252"


def _is_utf16(data):
    """Whether every second byte of what is mostly ASCII is empty, as it is without a mark."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2:
        return False
    empty = [sample[start::2].count(0) / len(sample[start::2]) for start in (0, 1)]
    return max(empty) > 0.8 and min(empty) < 0.05


def decode(data, coding):
    """The text.

    :param data: bytes
    :param coding: one of ``CODINGS``
    :return: str without a mark
    :raise CodingError: when the bytes are not of this coding

    >>> decode(codecs.BOM_UTF8 + b"a", "utf-8"), decode(b"a" + bytes(1), "utf-16")
    ('a', 'a')
    """
    name = coding
    if coding == "utf-8":
        name = "utf-8-sig"
    elif coding == "utf-16" and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise CodingError("coding", data.count(b"\n", 0, error.start) + 1) from None
