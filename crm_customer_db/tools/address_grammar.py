# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The patterns of house numbers, floors and doors, compiled from the words of a language.

Every pattern is matched at a position of the *folded* text and repeats at most a fixed
number of times; group ``v`` is the value, what is around it in the match is the label.
"""

import re
import unicodedata
from functools import cache, lru_cache

from .address_words import LEXICONS

_END = r"(?![^\W_])"  # no letter or digit follows
_START = r"(?<![^\W_])"
_CATALAN_ORDINAL = re.compile(r"(?<=\d)[èéÈÉ](?![^\W_])")  # 5è, 6è
_QUOTE = "[\"'“”«»´`]?"


@lru_cache(maxsize=4096)
def _fold_char(char):
    if char == "°":
        return "º"
    base = unicodedata.normalize("NFD", char)[0].lower()
    return base if len(base) == 1 else char


def fold(text):
    """Lower case without accents, character by character: indexes stay valid.

    >>> fold("Nº 3° Ático")
    'nº 3º atico'
    """
    text = _CATALAN_ORDINAL.sub("º", text)
    return "".join(map(_fold_char, text))


def _alternatives(words):
    def escape(word):
        return "".join(
            r"\.?\s?" if char == "." else r"\.?\s{1,2}" if char == "_" else re.escape(char) for char in fold(word)
        )

    entries = sorted(set(words.split()), key=len, reverse=True)
    return "|".join(map(escape, entries)) or "(?!)"


class Grammar:
    """The compiled patterns of one language."""

    def __init__(self, language):
        self.language = language
        self.lexicon = lex = LEXICONS[language]
        alt = _alternatives
        no_letter = r"(?![^\W\d_])"
        number_of = r"(?:n[ºo]?\.?\s?(?=\d))?"
        suffixes = alt(lex.number_suffix)
        self.street = re.compile(rf"(?:{alt(lex.street)}){no_letter}")
        alone = "gran_via diagonal alameda rambla rbla ronda broadway poligono pol_ind"
        # "Calle 31" is a name, "Platz 5" and "Gran Vía 22" have a number
        typed = set() if language in ("de", "nl") else set(lex.street.split())
        typed = " ".join(typed - set(alone.split()))
        self.street_only = re.compile(rf"(?:(?:{alt(typed)}){no_letter}[\s./]*){{1,2}}$")
        self.street_end = re.compile(rf"\S\s+(?:{alt(lex.street)})\.?$")
        self.street_suffix = re.compile(rf"[^\W\d_]{{3,40}}(?:{alt(lex.street_suffix)}){_END}")
        word_suffix = rf"(?:\s?(?:{suffixes}){_END}\.?)"
        not_cross = r"(?![xye](?:/|\s+\d))"
        spaced = rf"\s{not_cross}[a-z]{_END}(?!['’])"
        if language == "en":  # "123 N 1st St"
            spaced += r"(?=\s*(?:$|[,;]))"
        letter = rf"(?:(?:[-/]|\s-)?[a-z]{_END}(?!/)|{spaced})"
        span_of = rf"(?P<range>\s?[-–/]\s?\d{{1,5}}[a-z]?{_END}(?!\.?[ºª])(?:/\d{{1,4}}{_END}){{0,2}}|\s[ye&]\s\d{{1,5}}{_END})"
        tail = rf"(?:{letter})?{word_suffix}?"
        ok = rf"{_END}(?![.,]\d{{3}}(?!\d)|\s?[ºª]|\s+(?:de|del|d['’]){_END})"
        self.numbers = [
            re.compile(rf"(?:\d{{1,5}}[a-z]?{span_of}{tail}){ok}"),
            re.compile(rf"(?:(?:\d{{1,3}}\.\d{{3}}(?!\d)|\d{{1,5}})(?P<range>){tail}){ok}"),
            re.compile(rf"(?:\d{{1,5}}(?P<range>)){ok}"),
        ]
        self.number_label = re.compile(rf"{_START}(?:{alt(lex.number_label)})[.:]?\s{{0,2}}(?=\d)")
        self.number_word = re.compile(rf"{_START}(?:{lex.number_word or '(?!)'}){_END}\.?")
        lot_item = rf"(?:{alt(lex.lot)}){no_letter}\.?\s?{number_of}(?:\d{{1,4}}(?:-?[a-z]|-\d{{1,4}})?|[a-z]){_END}"
        self.lot = re.compile(rf"{_START}{lot_item}(?:[\s,]{{1,3}}{lot_item}){{0,3}}")
        ordinal = rf"\d{{1,3}}(?:{lex.ordinal})"
        floor_words = rf"(?:{alt(lex.floor_word)}){_END}\.?"
        floor_word_number = rf"(?:{alt(lex.floor_word_number)}){no_letter}\.?(?:\s?-?\d{{1,2}}{_END})?"
        label = rf"(?:{alt(lex.floor_label)}){no_letter}[.:]?\s{{0,2}}{number_of}"
        bare = rf"-?\d{{1,3}}(?=[a-z]?{_END})"
        self.floors = [
            rf"(?P<v>{ordinal}|\d{{1,3}}|(?:{alt(lex.floor_word)}))\s{{0,2}}(?:{alt(lex.floor_after)}){_END}\.?(?!\s?\d)",
            rf"(?P<v>{lex.floor_regex})\.?",
            rf"(?P<v>{floor_word_number}|{floor_words})",
            rf"{label}(?P<v>{ordinal}|{bare}|[a-z]{_END}|{floor_words})",
        ]
        if lex.bare_ordinal:
            self.floors.append(rf"(?P<v>{ordinal})(?!\s?(?:fase|sector){_END})")
        self.floors = [re.compile(pattern) for pattern in self.floors]
        self.floor_bare = re.compile(r"(?P<v>\d{1,2})(?![\d.,]*\d)(?!\s?[ºª])")
        self.floor_raw = re.compile(rf"{label}(?P<v>[^\s].*)")
        words = rf"(?:{alt(lex.door_word)}){_END}\.?"
        token = (
            rf"(?:\d{{1,5}}(?:\.?[ºª])?(?:\s?-?(?![xye][\s/]\s?\d)[a-z])?{_END}"
            rf"|(?![xye][\s/]\s?\d)[a-z](?:[\s-]?\d{{1,4}})?{_END})"
        )
        door_label = rf"(?:{alt(lex.door_label)}){no_letter}[.:]?\s{{0,2}}{number_of}"
        unit_value = rf"(?:\d{{1,5}}(?:\s?[-/]\s?\d{{1,5}}|\s?-?(?![xye]\s\d|e/)[a-z]|\sy\s\d{{1,4}})?|[a-z](?:-?\d{{1,4}})?){_END}"
        self.door_labelled = re.compile(
            rf"{door_label}{_QUOTE}(?P<v>{token}|{words}(?:[\s-]{{1,3}}(?:{token}|{words}))?){_QUOTE}"
        )
        self.door_unit = re.compile(
            rf"(?P<v>(?:{alt(lex.unit)})(?:{no_letter}\.?\s{{0,2}}(?:{number_of}{unit_value}|{words})|{_END}\.?))"
        )
        raw = " ".join(set(lex.door_label.split()) - set(lex.door_word.split()))
        self.door_raw = re.compile(rf"(?:{alt(raw)}){no_letter}[.:]?\s{{1,2}}(?P<v>[^\s].*)")
        self.door_word = re.compile(rf"{_QUOTE}(?P<v>{words}(?:[\s-]{{1,3}}(?:{words}|{token}))?){_QUOTE}")
        self.door_letter = re.compile(rf"{_QUOTE}(?P<v>[a-z]{_END}(?:[\s-]{words})?){_QUOTE}")
        self.door_token = re.compile(rf"{_QUOTE}(?P<v>{token}(?:[\s-](?:{words}|(?![xy]\s)[a-z]{_END}))?){_QUOTE}")
        extra = rf"(?:{alt(lex.extra)}){no_letter}[.:]?\s{{0,2}}"
        self.extra = re.compile(
            rf"(?P<v>\d{{1,2}}[ºª]\s?(?:esc|escalera|fase|bloque|portal){_END}\.?"
            rf"|{extra}(?:n[ºo]?\.?\s?(?=\d))?(?:\d{{1,5}}[ºª]?[a-z]?{_END}|[a-z](?:-?\d{{1,3}})?{_END}|[ivx]{{1,5}}{_END}|{words})"
            rf"|{extra}[^\W_].*)"
        )
        self.cross = re.compile(rf"(?P<v>(?:{alt(lex.cross)})\.?\s{{1,2}}[^\W_].*)")
        self.cross_before = re.compile(rf"\s(?:{alt(lex.cross)})\.?\s{{0,2}}\d")
        labels = " ".join(
            (lex.floor_label, lex.door_label, lex.unit, lex.extra, lex.lot, lex.cross, "km kms pk apdo apartado box")
        )
        articles = "de del la las los el do da dos das the y i e"
        self.label_before = re.compile(rf"(?:(?P<before>[^\s,]{{1,30}})\s+)?{_START}(?:{alt(labels)})[.:]?\s*$")
        self.floor_word_before = re.compile(rf",\s*(?:{floor_words}|{floor_word_number})\s*$")
        self.articles = frozenset(articles.split())
        self.seen = re.compile(
            rf"(?:{alt(' '.join(w for w in f'{lex.street} {lex.seen} {lex.floor_label} {lex.door_label} {lex.unit} {lex.extra} {lex.floor_word}'.split() if len(w) > 2 or w in ('c/', 'st', 'rd') or w in lex.seen.split()))}){_END}"
        )


@cache
def grammar(language):
    return Grammar(language)
