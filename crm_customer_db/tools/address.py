# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Street name, number, floor and door as a *view* on ``street`` and ``street2``.

The two lines are the stored truth and what documents print. :func:`parse` finds where
the four parts stand in them, :func:`replace` writes parts back in place; every other
character stays where it is.

What the parts are:

* ``name``: everything before the number, and whatever can't be split.
* ``number``: ``12``, ``14 bis``, ``12-14``, ``20-B``, ``s/n``, ``km 4,2``,
  ``Mz 4 Lt 12``. A label that only says "number" (*nº*, *No.*, *#*) stays outside.
* ``floor``: ``3º``, ``bajo``, ``entlo.``, ``sótano 2``, ``3. OG``; without *piso*,
  *planta*, *floor*, *étage*.
* ``door``: ``B``, ``2ª``, ``izda``; without *puerta*, *Int.*, *Dpto.*, *Apt*; but
  ``local 4``, ``oficina 12``, ``nave 7``, ``Suite 200`` with their word, which
  says something.
* Block, staircase, portal, building, cross streets, district: no part; they stay in
  the text, and in its place.

>>> parse("Calle Mayor, 12, 3º B", None, "ES").parts
{'name': 'Calle Mayor', 'number': '12', 'floor': '3º', 'door': 'B'}
>>> parse("C/ Mayor 5", "bloque 3, esc. B, 4º izda", "ES").parts
{'name': 'C/ Mayor', 'number': '5', 'floor': '4º', 'door': 'izda'}
>>> replace("Calle Mayor, 12, 3º B", None, "ES", number="14", door="")
('Calle Mayor, 14, 3º', None)
>>> replace("Calle Mayor", False, "ES", number="12", floor="3º", door="B")
('Calle Mayor 12, 3º B', False)
>>> replace("High Street", "", "GB", number="12", door="2")
('Flat 2, 12 High Street', '')
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .address_editor import Editor
from .address_grammar import grammar
from .address_parser import PARTS, Span, language_and_order, parse_street, parse_street2

__all__ = ["PARTS", "ParsedAddress", "Span", "is_real_change", "parse", "replace"]


@dataclass(frozen=True)
class ParsedAddress:
    """Two address lines and where the parts stand in them.

    :param street: the first line as it was given (may be None or False)
    :param street2: the second line as it was given
    :param spans: the :class:`Span` s found, in no particular order
    :param language: the language the words were read in, e.g. ``"es"``
    """

    street: str | None
    street2: str | None
    spans: tuple
    language: str

    def _line(self, index):
        return (self.street2 if index else self.street) or ""

    def span(self, part):
        """The :class:`Span` of a part, or None."""
        return next((span for span in self.spans if span.part == part), None)

    def get(self, part):
        """The text of a part, ``""`` when there is none."""
        span = self.span(part)
        return self._line(span.line)[span.start : span.end] if span else ""

    @property
    def parts(self):
        """``{"name": …, "number": …, "floor": …, "door": …}``, missing ones ``""``."""
        return {part: self.get(part) for part in PARTS}

    name = property(lambda self: self.get("name"))
    number = property(lambda self: self.get("number"))
    floor = property(lambda self: self.get("floor"))
    door = property(lambda self: self.get("door"))

    def pieces(self, index):
        """A line cut into ``(role, text)``: parts, their labels (``floor:label``),
        ``extra`` and, with role None, what stands between them."""
        line, pos, result = self._line(index), 0, []

        def add(role, end):
            nonlocal pos
            if end > pos:
                result.append((role, line[pos:end]))
                pos = end

        spans = [span for span in self.spans if span.line == index]
        for span in sorted(spans, key=lambda span: span.outer_start):
            label = None if span.part in ("extra", "cross") else f"{span.part}:label"
            add(None, span.outer_start)
            add(label, span.start)
            add(span.part, span.end)
            add(label, span.outer_end)
        add(None, len(line))
        return result

    def compose(self):
        """``(street, street2)`` put together again from the pieces: what was parsed."""
        return tuple(
            "".join(text for _role, text in self.pieces(index)) if line else line
            for index, line in enumerate((self.street, self.street2))
        )


@lru_cache(maxsize=2048)
def _spans(street, street2, country_code):
    language, first, generic = language_and_order(street, street2, country_code)
    rules = grammar(language)
    spans = parse_street(street, rules, first, generic) if street.strip() else []
    if street2.strip():
        spans = spans + parse_street2(street2, rules, {span.part for span in spans})
    return tuple(spans), language


def parse(street, street2=None, country_code=None):
    """Find the parts of an address.

    :param street: first line, str or None/False
    :param street2: second line; floor and door are read there only when the whole
        line is floor, door, block, staircase…; else the line belongs to no part
    :param country_code: ISO 3166 alpha-2 code, or None: Spanish habits when Spanish
        words are seen (likewise for the other languages), else number first, then last
    :return: :class:`ParsedAddress`; never raises for str, None, False

    >>> parse("1600 Pennsylvania Ave NW, Suite 200", None, "US").parts
    {'name': 'Pennsylvania Ave NW', 'number': '1600', 'floor': '', 'door': 'Suite 200'}
    """
    spans, language = _spans(street or "", street2 or "", country_code or None)
    return ParsedAddress(street, street2, spans, language)


def replace(street, street2=None, country_code=None, **parts):
    """Write parts into an address, leaving every other character in its place.

    A part that is there is replaced where it stands; one that is not is inserted the
    way the country writes it; a falsy value takes the part out together with its
    label and one separator. Among the ways of writing a part, the first that is read
    back as asked for is taken; text that can't be recognised is written all the same.

    :param parts: any of ``name``, ``number``, ``floor``, ``door``
    :return: ``(street, street2)``; a line nothing was written to comes back as given
    :raise TypeError: another keyword

    >>> replace("Calle Mayor 12, 3º B", "c/o Ana", "ES", floor="bajo")
    ('Calle Mayor 12, bajo B', 'c/o Ana')
    >>> replace("Av. Juárez", None, "MX", number="123", door="4")
    ('Av. Juárez 123 Int. 4', None)
    >>> replace("Av. Corrientes", None, "AR", number="1234", floor="3", door="B")
    ('Av. Corrientes 1234, Piso 3, Dpto. B', None)
    """
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise TypeError(f"Unknown address part: {', '.join(sorted(unknown))}")
    parsed = parse(street, street2, country_code)
    current = parsed.parts
    wanted = {part: " ".join(str(value or "").split()) for part, value in parts.items()}
    wanted = {part: value for part, value in wanted.items() if value != current[part] and parts[part] != current[part]}
    if not wanted:
        return street, street2
    expected = {**current, **wanted}
    best, best_score = None, -1
    for lines in Editor(parsed, country_code, expected).candidates(wanted):
        got = parse(*lines, country_code).parts
        score = sum(got[part] == expected[part] for part in PARTS)
        if score > best_score:
            best, best_score = lines, score
        if score == len(PARTS):
            break
    return tuple(old if (old or "") == new else new for old, new in zip((street, street2), best, strict=True))


# -- has the address really changed? -------------------------------------------


def _comparable(value):
    if value is None or value is False or value == "":
        return ""
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return value[0]  # (id, display name) of a many2one
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value).casefold()
    text = " ".join(text.split())
    return re.sub(r"\s*([^\w\s])\s*", r"\1", text)


def is_real_change(old, new):
    """Did the customer move, or was the same address only saved again?

    No real change: the same values, False instead of an empty text, other upper and
    lower case, other spacing (also around punctuation). Every other difference is
    one, a corrected accent or street number included: what documents print differs
    in substance, and the old text may stand on documents already sent.

    :param old: field name -> value before (str, number, many2one id or pair)
    :param new: field name -> value after; fields missing here were not written
    :return: bool

    >>> is_real_change({"street": "Calle Mayor 12,3º B"}, {"street": "CALLE MAYOR  12, 3º B"})
    False
    >>> is_real_change({"street": "Calle Mayor 12"}, {"street": "Calle Mayor 14"})
    True
    >>> is_real_change({"street": False, "zip": "28001"}, {"street": ""})
    False
    """
    return any(_comparable(old.get(key)) != _comparable(new[key]) for key in new)
