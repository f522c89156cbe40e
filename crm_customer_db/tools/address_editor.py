# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways of writing parts into an address: the candidates among which ``replace`` chooses.

Works on the pieces of a parsed address (see ``ParsedAddress.pieces``): a part is
exchanged, inserted or taken out among pieces that are never changed themselves, so no
character of another part can be lost. Separators and labels may be added so that the
result is read back as it was meant.
"""

import itertools
import re

from .address_grammar import fold, grammar
from .address_parser import PARTS, language_and_order
from .address_words import COUNTRY_CONVENTION, COUNTRY_LANGUAGES, DISTRICTS, LANGUAGE_CONVENTION

_SEPARATORS = " \t\n\r,;.:-–—/|·"
# numbers that carry their own word: s/n, km 4,2, Mz 4 Lt 12
_SELF_NUMBER = re.compile(r"s\s?/|s\.\s?n|sn$|s-n|sin\s|k|p\.?\s?k|mz|m[za]|lt|lote|parc")


class Editor:
    """Makes the candidate texts of a replacement, the most usual one first."""

    def __init__(self, parsed, country_code, expected):
        self.parsed = parsed
        self.expected = expected
        country = (country_code or "").upper()
        language, self.first, _generic = language_and_order(
            parsed.street or " ".join(filter(None, [expected["name"]])),
            parsed.street2,
            country_code,
        )
        self.rules = grammar(language)
        self.convention = LANGUAGE_CONVENTION[language]
        # a country's habit holds for its own language: not for a rue in New York
        if COUNTRY_LANGUAGES.get(country, ("",))[0] == language:
            self.convention = COUNTRY_CONVENTION.get(country, self.convention)
        self.number = self.convention.number
        if not self.first and self.number[0].startswith("{"):
            self.number = (" {}", ", {}")
        elif self.first and not self.number[0].startswith("{"):
            self.first = False

    def candidates(self, wanted):
        """Texts ``(street, street2)``: first only the wanted parts vary, then parts
        that stay get their label too, so that they are still read as what they are."""
        units = ("number", "door", "floor")
        relabels = [c for size in range(4) for c in itertools.combinations(units, size)]
        seen = set()
        for relabel in relabels:
            if any(part in wanted or not self.expected[part] for part in relabel):
                continue
            options = [[(part, variant) for variant in range(3)] for part in PARTS if part in wanted and part != "name"]
            for choice in itertools.product(*options):
                lines = self._build(wanted, dict(choice), relabel)
                if lines not in seen:
                    seen.add(lines)
                    yield lines

    def _build(self, wanted, choice, relabel):
        lines = [self.parsed.pieces(0), self.parsed.pieces(1)]
        for part in PARTS:
            if part in relabel:
                self._relabel(lines, part)
            if part not in wanted:
                continue
            place = _find(lines, part)
            if not wanted[part]:
                if place:
                    _remove(lines[place[0]], part, choice.get(part))
            elif place:
                self._in_place(lines[place[0]], part, wanted[part], choice.get(part, 0))
            else:
                self._insert(lines, part, wanted[part], choice.get(part, 0))
        return tuple("".join(text for _role, text in line) for line in lines)

    # -- a part that is there ----------------------------------------------

    def _in_place(self, line, part, value, variant):
        index = _index(line, part)
        # "piso 3" -> "bajo", "Int. 4" -> "local 4", "nº 3" -> "s/n": not the label
        says_itself = self._says_itself(part, value) == "self"
        drop = says_itself or (part == "number" and _SELF_NUMBER.match(fold(value)))
        if drop and variant == 0:
            line[:] = [(role, value if role == part else text) for role, text in line if role != f"{part}:label"]
            return
        line[index] = (part, value)
        if variant == 0:
            return
        line[:] = [piece for piece in line if piece[0] != f"{part}:label"]
        index = _index(line, part)
        if variant == 2 or not says_itself:
            line[index:index] = [(f"{part}:label", self._label(part))]
        _space_around(line, part)
        if variant == 2:
            _comma_before(line, part)

    def _relabel(self, lines, part):
        place = _find(lines, part)
        if place and _index(lines[place[0]], f"{part}:label") is None:
            line = lines[place[0]]
            line[place[1] : place[1]] = [(f"{part}:label", self._label(part))]
            _space_around(line, part)

    def _label(self, part):
        template = {
            "number": self.number[-1],
            "floor": self.convention.floor,
            "door": self.convention.door,
        }[part]
        return template.split("{}")[0].lstrip(" ,")

    def _says_itself(self, part, value):
        """``self`` for *bajo*, *local 4*; ``ordinal`` for *3º*; else ``""``."""
        if part not in ("floor", "door"):
            return ""
        folded = fold(value)
        if part == "door":
            unit = self.rules.door_unit.fullmatch(folded)
            return "self" if unit and unit.group("v") == folded else ""
        if re.match(rf"\d{{1,3}}(?:{self.rules.lexicon.ordinal})$", folded):
            return "ordinal"
        for pattern in self.rules.floors:
            match = pattern.fullmatch(folded)
            if match and match.group("v") == folded:
                return "self"
        return ""

    # -- a part that is not there yet --------------------------------------

    def _insert(self, lines, part, value, variant):
        if part == "name":
            self._insert_name(lines[0], value)
        elif part == "number":
            self._insert_number(lines[0], value, variant)
        else:
            self._insert_unit(lines, part, value, variant)

    def _insert_name(self, line, value):
        number = _index(line, "number")
        if self.first and number is not None:
            line[number + 1 : number + 1] = [(None, " "), ("name", value)]
            _space_around(line, "name")
        else:
            at = _after_leading(line) if self.first else 0
            gap = " " if not self.first and number is not None else ", "
            rest = line[at:]
            if rest and rest[0][0] is None and rest[0][1].strip(_SEPARATORS) == "":
                gap = ""
            line[at:at] = [("name", value), (None, gap)] if rest else [("name", value)]

    def _insert_number(self, line, value, variant):
        template = self.number[min(variant, len(self.number) - 1)]
        if _SELF_NUMBER.match(fold(value)) and template.startswith(" "):
            template = (", {}", " {}", ", {}")[variant]
            if value.lower().startswith("s"):
                template = (" {}", ", {}", " {}")[variant]
        name = _index(line, "name")
        before, after = template.split("{}")
        if self.first:
            at = _after_leading(line) if name is None else name
            line[at:at] = [("number", value), (None, after if line[at:] else "")]
        elif name is None:
            rest = ", " if line else ""
            line[0:0] = [("number:label", before.lstrip(" ,")), ("number", value), (None, rest)]
        else:
            gap = before[: len(before) - len(before.lstrip(" ,"))]
            line[name + 1 : name + 1] = [
                (None, gap),
                ("number:label", before[len(gap) :]),
                ("number", value),
            ]

    def _insert_unit(self, lines, part, value, variant):
        """Floor or door: beside the other one where that is written, else after the
        house (and its block and staircase), or before it where the country does so."""
        other = _find(lines, "door" if part == "floor" else "floor")
        floor = lines[other[0]][other[1]][1] if other and part == "door" else ""
        before, after = self._templates(part, value, floor)[variant].split("{}")
        if other:
            line = lines[other[0]]
            at, before, after = self._beside(line, part, before, after)
        else:
            line = lines[0]
            at = 0 if self.convention.before else _end_of_house(line)
            if not line:
                after = after.rstrip(" ,")
        if at == 0:
            before = before.lstrip(" ,")
        gap = before[: len(before) - len(before.lstrip(" ,"))]
        tail = after[len(after.rstrip(" ,")) :]
        new = [
            (None, gap),
            (f"{part}:label", before[len(gap) :]),
            (part, value),
            (f"{part}:label", after[: len(after) - len(tail)]),
            (None, tail),
        ]
        if at < len(line) and not tail and line[at][1][:1].isalnum():
            new.append((None, ", " if at == 0 else " "))
        line[at:at] = [piece for piece in new if piece[1]]

    def _templates(self, part, value, floor):
        """Three ways of writing a floor or door, the usual one first."""
        conv, kind = self.convention, self._says_itself(part, value)
        plain, own = (conv.floor, conv.floor_self) if part == "floor" else (conv.door, conv.door_self)
        if kind == "ordinal":
            return conv.floor_ordinal, own, plain
        if kind:
            return own, plain, plain
        if part == "door" and conv.door_near:
            word = self._is_door_word(value)
            # "3º B", "3º 2", but not "piso 3 2"
            letter = self.rules.lexicon.bare_floor and not (value.isdigit() and floor.isdigit())
            if floor and (word or letter):
                return conv.door_near, ", {}", plain
            if word:
                return own, ", {}", plain
        return plain, own, plain

    def _beside(self, line, part, before, after):
        """Where a floor goes when there is a door, and the other way round."""
        if part == "door":
            at = _end_of(line, "floor")
            if self.convention.before:
                at = _start_of(line, "floor")
            return at, before, after
        if self.convention.before:
            return _end_of(line, "door"), ", " + before, after.rstrip(" ,")
        if "," in before:
            _comma_before(line, "door")
        door = line[_index(line, "door")][1]
        near = (
            not before.strip(" ,")
            and _index(line, "door:label") is None
            and self.convention.door_near
            and not self._says_itself("door", door)
        )
        return _start_of(line, "door"), before.lstrip(" ,"), after + (" " if near else ", ")

    def _is_door_word(self, value):
        folded = fold(value)
        match = self.rules.door_word.match(folded)
        return bool(match and match.end() == len(folded))


def _index(line, role):
    return next((i for i, piece in enumerate(line) if piece[0] == role), None)


def _find(lines, part):
    for number, line in enumerate(lines):
        index = _index(line, part)
        if index is not None:
            return number, index
    return None


def _start_of(line, part):
    """Index of the part or of its opening label."""
    return next(i for i, piece in enumerate(line) if piece[0] in (part, f"{part}:label"))


def _end_of(line, part):
    """Index after the part and its closing label."""
    at = _index(line, part) + 1
    while at < len(line) and line[at][0] == f"{part}:label":
        at += 1
    return at


def _after_leading(line):
    """Index after the floor and door that open an English line, and their comma."""
    at = 0
    for index, (role, text) in enumerate(line):
        if role is None and text.strip(_SEPARATORS) == "":
            at = index + 1
        elif not role or role.split(":")[0] not in ("floor", "door"):
            break
    return at


def _end_of_house(line):
    """Index after the number and the blocks and staircases that follow it, or after
    the name, or the end of the line."""
    at = 0
    for index, (role, text) in enumerate(line):
        if role in ("name", "number", "extra") and (role != "extra" or at):
            if role == "extra" and re.match(r"[^\W\d_]*", fold(text)).group() in DISTRICTS:
                break
            at = index + 1
        elif role is None and text.strip(_SEPARATORS) and at:
            break
    while at < len(line) and line[at][0] == "number:label":
        at += 1
    return at or len(line)


def _remove(line, part, comma=False):
    """Take a part out with its label and one of the separators beside it: the weaker
    of the two, so ``12, 3º B`` without its floor is ``12, B``.

    :param comma: put a comma where the part was, when there was none
    """
    roles = (part, f"{part}:label")
    at = next(i for i, piece in enumerate(line) if piece[0] in roles)
    line[:] = [piece for piece in line if piece[0] not in roles]
    left = line[at - 1][1] if at and line[at - 1][0] is None else ""
    right = line[at][1] if at < len(line) and line[at][0] is None else ""
    left_body = left.rstrip(_SEPARATORS)
    if left_body and left[len(left_body) :].startswith("."):
        left_body += "."  # of an abbreviation
    right_body = right.lstrip(_SEPARATORS)
    left_gap, right_gap = left[len(left_body) :], right[: len(right) - len(right_body)]
    is_first = not left_body and not line[: at - 1 if left else at]
    is_last = not right_body and not line[at + 1 if right else at :]

    def weight(gap):
        return (bool(set(gap) & set(",;\n")), bool(gap.strip()), bool(gap))

    gap = "" if is_first or is_last else max(left_gap, right_gap, key=weight) or " "
    if comma and gap and "," not in gap:
        gap = ", "
    start, end = at - bool(left), at + bool(right)
    line[start:end] = [piece for piece in ((None, left_body), (None, gap), (None, right_body)) if piece[1]]


def _space_around(line, part):
    """Put a space where a part (with its label) touches a letter or digit."""
    roles = (part, f"{part}:label")
    mine = [i for i, piece in enumerate(line) if piece[0] in roles]
    first, last = mine[0], mine[-1]
    if last + 1 < len(line) and line[last + 1][1][:1].isalnum():
        line.insert(last + 1, (None, " "))
    if first and line[first - 1][1][-1:].isalnum():
        line.insert(first, (None, " "))


def _comma_before(line, part):
    """Make the blank before a part (with its label) a comma."""
    first = next(i for i, piece in enumerate(line) if piece[0] in (part, f"{part}:label"))
    if first > 1 and line[first - 1][0] is None and not line[first - 1][1].strip():
        line[first - 1] = (None, "," + line[first - 1][1])
