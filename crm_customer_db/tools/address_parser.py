# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find street name, house number, floor and door inside an address line.

Nothing is ever rewritten here: a parse is a list of *spans* of the text as it was
typed, so composing it back is the identity by construction. The grammar reads a
number, then a tail of chunks between commas; a chunk is understood as a whole or
left alone as a whole.

All matching is anchored at a position with bounded repetitions, on lines of at most
``MAX_LENGTH`` characters (a longer text is no address and stays whole in the name),
so the time is bounded whatever the input.
"""

import itertools
import re
from dataclasses import dataclass

from .address_grammar import fold, grammar
from .address_words import COUNTRY_LANGUAGES, LEXICONS, NUMBER_FIRST, PO_BOX

PARTS = ("name", "number", "floor", "door")
MAX_LENGTH = 250
MAX_NUMBERS = 8

_HARD = re.compile(r"[,;\n\r|()]|\s[-–—](?=\s)|·")
_SOFT = re.compile(r"[\s.\-–—/:]*")
_EDGE = " \t\n\r,;.:-–—/|()·"
_DATE_BEFORE = re.compile(
    r"\d(?:er)?\s(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\s$"
)
_ROAD_BEFORE = re.compile(
    r"^(?:carretera|carr|ctra|crta|ruta|autopista|autovia)\b(?:.*\b(?:nacional|fed|federal|comarcal|provincial|estatal))?$"
)
_NUMBER_CORE = re.compile(r"\d{1,5}")


@dataclass(frozen=True)
class Span:
    """A part found in a line: ``text[start:end]`` is its value,
    ``text[outer_start:outer_end]`` includes its label and quotes.

    ``line`` is 0 for street, 1 for street2; ``part`` one of :data:`PARTS`, or
    ``extra`` for a block, staircase, building: recognised, but no part of ours.
    """

    part: str
    line: int
    start: int
    end: int
    outer_start: int
    outer_end: int


_PO_BOX = re.compile(rf"(?:{PO_BOX})")
_WORD = re.compile(r"[^\W\d_]{1,40}/?")


def detect_language(text, country_code):
    """The language the words of ``text`` belong to, of those used in the country;
    of all when the country is not known. None when nothing tells.
    """
    folded = fold(text[:MAX_LENGTH])
    country = (country_code or "").upper()
    languages = COUNTRY_LANGUAGES.get(country)
    if languages and len(languages) == 1:
        return languages[0]
    candidates = languages or tuple(LEXICONS)
    scores = dict.fromkeys(candidates, 0)
    for match in _WORD.finditer(folded):
        for language in candidates:
            rules = grammar(language)
            if rules.seen.fullmatch(match.group()) or rules.street_suffix.fullmatch(match.group()):
                scores[language] += 1
    if "es" in scores and re.search(r"\d\.?[ºª]|\bs/n|\bc/|\d\s+de\s", folded):
        scores["es"] += 1
    if not languages and folded.lstrip()[:1].isdigit():
        scores = {"en": scores.pop("en"), **scores}  # of equals, the one that writes so
    best = max(scores, key=lambda language: scores[language])
    if scores[best]:
        return best
    return languages[0] if languages else None


class LineParser:
    """Parses one line; ``found`` says which parts the other line already has."""

    def __init__(self, text, line, rules):
        self.text = text
        self.folded = fold(text)
        self.line = line
        self.rules = rules

    # -- small helpers -----------------------------------------------------

    def _span(self, part, match, group="v"):
        return Span(part, self.line, *match.span(group), *match.span())

    def _trim(self, start, end):
        """``start``/``end`` moved inwards past separators."""
        while start < end and self.text[start] in _EDGE:
            start += 1
        while end > start and self.text[end - 1] in " \t\n\r,;:-–—/|(·":
            end -= 1
        if self.text[end : end + 1] == ")" and "(" in self.text[start:end]:
            end += 1
        return start, end

    def _plain(self, part, start, end):
        return Span(part, self.line, start, end, start, end)

    def chunks(self, pos):
        """(start, end) of the texts between hard separators from ``pos`` on."""
        for match in _HARD.finditer(self.folded, pos):
            yield pos, match.start()
            pos = match.end()
        yield pos, len(self.folded)

    # -- components --------------------------------------------------------

    def components(self, start, end, have, weak):
        """The chunk as a list of spans, or None if it can't be read whole.

        :param have: parts found before, not changed here
        :param weak: a house number was seen, so bare numbers and letters count
        """
        found, have = [], set(have)
        pos = first = _SOFT.match(self.folded, start, end).end()
        while pos < end:
            span = self._component(pos, end, have, weak)
            if span is None and pos == first:
                span = self._odd_component(pos, end, have, weak)
            if span is None:
                return None
            found.append(span)
            have.add(span.part)
            pos = _SOFT.match(self.folded, span.outer_end, end).end()
        return found

    def _first(self, pos, end, part, *patterns):
        for pattern in patterns:
            match = pattern.match(self.folded, pos, end)
            if match and match.end("v") > match.start("v"):
                return self._span(part, match)
        return None

    def _component(self, pos, end, have, weak):
        """The floor, door or block that begins at ``pos``."""
        rules, tries = self.rules, []
        no_floor, no_door = "floor" not in have, "door" not in have
        if self.folded[pos].isdigit():
            tries.append(("extra", rules.extra))
        if no_floor:
            tries.append(("floor", *rules.floors))
        if no_door:
            tries.append(("door", rules.door_labelled, rules.door_unit))
        tries += [("extra", rules.extra), ("cross", rules.cross)]
        if no_floor and no_door and weak and rules.lexicon.bare_floor:
            tries.append(("floor", rules.floor_bare))
        if no_door and not no_floor:
            tries.append(("door", rules.door_word, rules.door_token))
        elif no_door and weak:
            tries.append(("door", rules.door_word))
        found = (self._first(pos, end, *attempt) for attempt in tries)
        return next(filter(None, found), None)

    def _odd_component(self, pos, end, have, weak):
        """What is only taken at the beginning of a chunk: ``, B`` and labels with a
        text of any kind, ``, puerta trasera``; not where a name may begin (*Pl. Mayor*,
        *Puerta del Sol*)."""
        rules, span = self.rules, None
        if weak and "door" not in have:
            span = self._first(pos, end, "door", rules.door_letter)
        if not span and have & {"name", "number"}:
            if "floor" not in have:
                span = self._first(pos, end, "floor", rules.floor_raw)
            if not span and "door" not in have:
                span = self._first(pos, end, "door", rules.door_raw)
        return span

    def tail(self, pos, strict_first, lenient=False):
        """Spans after the number. None when it can't be a number's tail.

        :param strict_first: what stands before the first comma must be understood
        :param lenient: the number had its label; keep it whatever follows
        """
        spans, have = [], {"name", "number"}
        for index, (start, end) in enumerate(self.chunks(pos)):
            found = self.components(start, end, have, weak=True)
            if found is None:
                if index == 0 and strict_first and not lenient:
                    return None
                if not lenient and self._is_street(start, end):
                    return None
                continue
            spans += found
            have.update(span.part for span in found)
        return spans

    def _is_street(self, start, end):
        start = _SOFT.match(self.folded, start, end).end()
        chunk = self.folded[start:end]
        if not self.rules.street.match(chunk):
            return False
        return any(char.isdigit() for char in chunk) or bool(self.rules.number_word.search(chunk))

    # -- the two orders ----------------------------------------------------

    def number_at(self, pos, ranges):
        """Matches of a house number at ``pos``, longest first."""
        for pattern in self.rules.numbers:
            match = pattern.match(self.folded, pos)
            if not match:
                continue
            second = re.search(r"\d+", match.group("range"))
            if second and not ranges and "-" in match.group("range"):
                first = int(_NUMBER_CORE.match(match.group()).group())
                if int(second.group()) < first:
                    continue
            yield match

    def _label_before(self, pos):
        """Is the number at ``pos`` that of a unit, block or floor, not of the house?"""
        window = (self.folded, max(0, pos - 60), pos)
        if self.rules.floor_word_before.search(*window):
            return True
        before = self.rules.label_before.search(*window)
        if not before:
            return False
        word = (before.group("before") or "").rstrip(".")
        return not (word in self.rules.articles or self.rules.street.fullmatch(word))

    def _with_number(self, outer_start, start, end, outer_end, **how):
        name = self._trim(0, outer_start)
        spans = self.tail(outer_end, **how)
        if spans is None or not name[1] > name[0]:
            return None
        number = Span("number", self.line, start, end, outer_start, outer_end)
        return [self._plain("name", *name), number, *spans]

    def number_last(self, restricted):
        text, rules = self.folded, self.rules
        labelled = [(m.start(), m.end()) for m in rules.number_label.finditer(text)]
        worded = [(m.start(), m) for m in rules.number_word.finditer(text)]
        options = sorted(labelled + worded, key=lambda option: option[0])
        for start, option in options[:MAX_NUMBERS]:
            if not text[:start].strip(_EDGE) or self._label_before(start):
                continue
            is_label = isinstance(option, int)
            match = next(self.number_at(option, ranges=True), None) if is_label else option
            if match:
                spans = self._with_number(start, *match.span(), match.end(), strict_first=True, lenient=True)
                if spans:
                    return spans
        for core in list(_NUMBER_CORE.finditer(text))[:MAX_NUMBERS]:
            start = core.start()
            if not self._can_start_number(start, restricted):
                continue
            for match in self.number_at(start, ranges=not self.rules.lexicon.bare_floor):
                spans = self._with_number(start, *match.span(), match.end(), strict_first=True)
                if spans:
                    return spans
        for match in rules.lot.finditer(text):
            spans = self._with_number(match.start(), *match.span(), match.end(), strict_first=True)
            if spans:
                return spans
        return None

    def _can_start_number(self, start, restricted):
        """May the digits at ``start`` be a house number, for what stands before them?"""
        text, rules = self.folded, self.rules
        before = text[:start].rstrip(_EDGE)
        if not any(char.isalpha() for char in before) or not self._is_free(start):
            return False
        not_a_house = (
            rules.street_only.match(text[:start].lstrip()),  # "Calle 31"
            _ROAD_BEFORE.search(before),  # "Ctra. Nacional 340", "Ruta 8"
            rules.cross_before.search(text[:start]),  # "Calle 60 x 57 y 59"
            _DATE_BEFORE.search(text[max(0, start - 20) : start]),  # "rue du 8 Mai 1945"
            re.search(r"(?:^|\s)(?:de|del|d')\s+$", text[max(0, start - 12) : start]),  # "Avenida de 1812"
        )
        if any(not_a_house):
            return False
        floors = (pattern.match(text, start) for pattern in rules.floors)
        if any(floor and not floor.group("v").isdigit() for floor in floors):
            return False
        if restricted and not rules.street_end.search(before):
            return False
        return not self._label_before(start)

    def _is_free(self, start):
        """Not the digits of *N-340*, *1.234* or *A2*."""
        text, previous = self.folded, self.folded[start - 1]
        if previous in "-–/":
            word = re.search(r"[^\W\d_]{1,40}$", text[max(0, start - 41) : start - 1])
            return bool(word) and len(word.group()) >= 4
        if previous in ",.":
            return not text[start - 2].isdigit()
        return previous.isspace() or previous in ";:()"

    def number_first(self, restricted):
        text, _rules = self.folded, self.rules
        before, have = [], set()
        for index, (chunk, end) in enumerate(self.chunks(0)):
            if index > 3:
                break
            start = _SOFT.match(text, chunk, end).end()
            found = self.components(start, end, have, weak=False)
            if not found:
                spans = self._number_chunk(start, restricted, before, have)
                if spans:
                    return spans
            if found is None and index == 0 and not restricted:
                # "Flat 2 12 High Street", "Apt 4B 12 High Street"
                unit = self._component(start, end, have, weak=False)
                if unit and unit.part in ("door", "floor") and unit.outer_end < end:
                    after = _SOFT.match(text, unit.outer_end, end).end()
                    spans = self._number_chunk(after, restricted, [unit], {unit.part})
                    if spans:
                        return spans
            before += found or []
            have.update(span.part for span in found or [])
        return None

    def _number_chunk(self, start, restricted, before, have):
        """``12 bis, rue de la Paix, 3e étage`` from its number on."""
        text, rules = self.folded, self.rules
        label = rules.number_label.match(text, start)
        outer = start
        start = label.end() if label else start
        for match in self.number_at(start, ranges=True):
            pos = match.end()
            while pos < len(text) and text[pos] in " \t,":
                pos += 1
            if pos == match.end() or pos >= len(text) or not text[pos].isalnum():
                continue
            if restricted and not (rules.street.match(text, pos) or rules.street_suffix.match(text, pos)):
                continue
            end = next(self.chunks(pos))[1]
            if not any(char.isalpha() for char in text[pos:end]):
                continue
            name_end, spans = self._name_and_units(pos, end, have)
            if name_end == pos:
                continue
            have = have | {span.part for span in spans}
            for chunk_start, chunk_end in self.chunks(end + 1):
                found = self.components(chunk_start, chunk_end, have, weak=False)
                spans += found or []
                have.update(span.part for span in found or [])
            name = self._plain("name", *self._trim(pos, name_end))
            number = Span("number", self.line, *match.span(), outer, match.end())
            return [*before, number, name, *spans]
        return None

    def _name_and_units(self, pos, end, have):
        """Where the name ends in a chunk that may go on with ``Apt 4B``."""
        text = self.folded
        for match in re.compile(r"\s[^\W_#]|\s#").finditer(text, pos, end):
            start = match.start() + 1
            found = self.components(start, end, have, weak=False)
            if found and any(
                span.part in ("floor", "door")
                and (span.start > span.outer_start or any(map(str.isdigit, text[span.start : span.end])))
                for span in found
            ):
                return match.start(), found
        return end, []

    def without_number(self):
        """No house number after a name: floor and door are still found, in chunks of
        their own or behind a label, and so is a number that stands at the beginning."""
        lone = self._trim(0, len(self.folded))
        spans = self._leading_number(*lone)
        if spans:
            return spans
        spans, have, name, open_name, extras_only = [], set(), None, True, False
        for start, end in self.chunks(0):
            found = self.components(start, end, have | {"name"} if name else have, weak=False) or []
            here = {span.part for span in found} & {"floor", "door"}
            if here and not (start == 0 and self._is_lone_word(found, lone[0], end)):
                if name is None and not spans and found[0].part == "extra":
                    blocks = list(itertools.takewhile(lambda span: span.part == "extra", found))
                    name, found = (start, blocks[-1].outer_end), found[len(blocks) :]
                spans += found
                have |= here
                open_name = name is None
            elif found and (spans if name is None else open_name and not extras_only):
                spans += found
                open_name = name is None
            elif open_name and self.text[start:end].strip(_EDGE):
                extras_only = bool(found) if name is None else extras_only
                name_end, units = (end, []) if name else self._name_and_units(start, end, have)
                name = (name[0] if name else start, name_end)
                spans += units
                have.update(span.part for span in units)
                open_name = not units
        name = self._trim(*name) if name else (0, 0)
        if name[1] > name[0]:
            spans.insert(0, self._plain("name", *name))
        return spans

    def _leading_number(self, start, end):
        """A text that is a number alone, or a number with floor and door: ``12, 3º B``."""
        label = self.rules.number_label.match(self.folded, start)
        first = label.end() if label else start
        match = self.rules.number_word.match(self.folded, first)
        match = match or next(self.number_at(first, ranges=False), None)
        if not match:
            return None
        spans = self.tail(match.end(), strict_first=True)
        if spans is None or (match.end() < end and not any(span.part in ("floor", "door") for span in spans)):
            return None
        return [Span("number", self.line, *match.span(), start, match.end()), *spans]

    def _is_lone_word(self, found, start, end):
        """*Principal*, *Bajo*, *Studio* alone at the beginning is the name of a street."""
        text = self.folded[start:end].rstrip()
        return len(found) == 1 and found[0].start == start and found[0].end >= start + len(text) and text.isalpha()


def parse_street(text, rules, number_first, generic):
    """Spans of a ``street`` line."""
    parser = LineParser(text, 0, rules)
    stripped = parser.folded.lstrip()
    if len(text) > MAX_LENGTH or _PO_BOX.match(stripped):
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        return [Span("name", 0, start, end, start, end)] if end > start else []
    english = rules.language in ("en", "fr")
    orders = [
        lambda: parser.number_first(restricted=not english),
        lambda: parser.number_last(restricted=rules.language == "en" and not generic),
    ]
    for order in orders if number_first else orders[::-1]:
        spans = order()
        if spans:
            return spans
    return parser.without_number()


def parse_street2(text, rules, have):
    """Spans of floor and door in ``street2``: only if all of it is understood and the
    street has not already said it."""
    if len(text) > MAX_LENGTH:
        return []
    parser = LineParser(text, 1, rules)
    known = set(have) - {"name", "number"}
    spans, seen = [], set()
    stripped = text.strip(_EDGE)
    if stripped.isdigit() or (len(stripped) == 1 and "floor" not in known):
        return []  # may be anything
    for start, end in parser.chunks(0):
        # "B" is a door only after a floor, which may stand in the street; but a
        # line with a floor of its own is another place when the street has one
        found = parser.components(start, end, seen, weak=True)
        alone = {span.part for span in found or []} & {"floor", "door"}
        if found is None or (alone == {"floor"} and "floor" in known):
            found = parser.components(start, end, seen | known, weak=True)
        if found is None:
            return []
        spans += found
        seen |= {span.part for span in found}
    if not seen & {"floor", "door"} or "cross" in seen or seen & known:
        return []
    return spans


def language_and_order(street, street2, country_code):
    """(language, number_first, generic) for a text of a country."""
    country = (country_code or "").upper()
    language = detect_language(f"{street or ''}, {street2 or ''}", country)
    generic = language is None or (language == "en" and country not in COUNTRY_LANGUAGES)
    if country in NUMBER_FIRST:
        first = language in (None, "en", "fr")
    elif country:
        first = False
    else:
        first = language in (None, "en", "fr")
    return language or "en", first, bool(generic)
