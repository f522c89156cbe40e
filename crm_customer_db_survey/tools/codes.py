"""Codes for questions and answers, proposed from their texts. Knows nothing of Odoo."""

import re
import unicodedata

# Short enough for the head of a column, long enough to be understood.
PROPOSED_LENGTH = 40
MAX_LENGTH = 60
_CODE = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_LENGTH}}}")
# Letters that do not fall apart into a plain one and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
)


def is_code(text):
    """Whether a text can be a code: letters without accents, digits, hyphens and underscores.

    >>> is_code("Q1-a"), is_code("año"), is_code("a b"), is_code(""), is_code(None)
    (True, False, False, False, False)
    """
    return bool(text and _CODE.fullmatch(text))


def slug(text, length=PROPOSED_LENGTH):
    """What remains of a text as a code; '' where nothing does.

    Cut between words where that leaves at least half of the length.

    :param text: str, number, None or False
    :param length: longest code wanted, at least 1

    >>> slug("¿Cuántos niños viven en casa?")
    'cuantos_ninos_viven_en_casa'
    >>> slug("Would you recommend us to a friend or to a colleague?")
    'would_you_recommend_us_to_a_friend_or_to'
    >>> slug("Straße"), slug("1 – 9"), slug("你好"), slug(None), slug(0)
    ('strasse', '1_9', '', '', '0')
    """
    text = "" if text is None or text is False else str(text)
    folded = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    code = re.sub(r"[^a-z0-9]+", "_", "".join(c for c in folded if not unicodedata.combining(c))).strip("_")
    if len(code) > length:
        whole, _gap, _rest = code[: length + 1].rpartition("_")
        code = whole if len(whole) * 2 >= length else code[:length]
    return code.strip("_")


def propose(text, taken, fallback, length=PROPOSED_LENGTH):
    """A code for a text that nobody has yet, also not in other letters.

    :param text: str, None or False
    :param taken: collection of codes
    :param fallback: what the code begins with where the text leaves nothing
    :param length: longest code wanted

    >>> propose("Sí", set(), "a"), propose("Si", {"SI"}, "a"), propose("!", {"a1"}, "a")
    ('si', 'si_2', 'a2')
    """
    taken = {code.lower() for code in taken}
    code = slug(text, length)
    if code and code not in taken:
        return code
    number = 2 if code else 1
    while True:
        suffix = f"_{number}" if code else str(number)
        proposed = f"{(code or fallback)[: length - len(suffix)]}{suffix}"
        if proposed not in taken:
            return proposed
        number += 1
