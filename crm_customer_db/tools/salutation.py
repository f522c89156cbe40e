# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How to address a person: on the envelope, and in the first line of a letter.

Decisions, so that a letter is never wrong about a person:

* **Gender is never guessed from a name.** When it is not known, no word that has a
  gender is used: Spanish opens *Buenos días, Ana García:*, and titles that differ by
  gender (Dr./Dra., D./D.ª, Mr/Ms) are left out, while *Ing.* or English *Dr* stay.
  Only a title that exists in one gender alone (a catalogue entry *Sra.* or *Mrs*)
  speaks for itself: somebody chose it for this person.
* **A full name is split only when it is safe** (:func:`split_name`); else the full name
  is used, which is never wrong: *Estimado Dr. Juan de la Cruz:*.
* *D./D.ª* goes with the first name (RAE, Diccionario panhispánico de dudas, «don»),
  every other title with the surname.
* Spanish openings end in a colon (RAE, Ortografía 2010), English ones in a comma.
  *Usted* is *Estimado…/Estimada…*, *tú* is *Hola, Ana:*.
* Companies: *Estimados señores:* is the norm of Spanish commercial letters. English
  *Dear Acme team,* instead of *Dear Sirs*, which is out of use.
* Other languages: the name alone, *Ana García,*: no word can be in the wrong language.
"""

import re
import unicodedata
from typing import NamedTuple

MALE, FEMALE = "male", "female"


def _words(text):
    return frozenset(text.split())


class Title(NamedTuple):
    """A title in the language of the letter; an empty feminine is looked up for the
    usual ones, and otherwise the title is the same for everybody (*Ing.*)."""

    name: str = ""
    abbreviation: str = ""
    name_feminine: str = ""
    abbreviation_feminine: str = ""


# masculine -> feminine, compared without accents, case and full stops
_FEMININE = {
    "es": {
        "D.": "D.ª",
        "Don": "Doña",
        "Sr.": "Sra.",
        "Señor": "Señora",
        "Dr.": "Dra.",
        "Doctor": "Doctora",
        "Prof.": "Prof.ª",
        "Profesor": "Profesora",
        "Lcdo.": "Lcda.",
        "Ldo.": "Lda.",
        "Licenciado": "Licenciada",
        "Ingeniero": "Ingeniera",
        "Arquitecto": "Arquitecta",
        "Abogado": "Abogada",
        "Excmo. Sr.": "Excma. Sra.",
        "Ilmo. Sr.": "Ilma. Sra.",
    },
    "en": {"Mr": "Ms", "Mister": "Ms", "Sir": "Dame"},
}
# no masculine: whoever has it is a woman
_ONLY_FEMININE = {
    "es": "D.ª Dª Dña. Doña Sra. Señora Srta. Señorita Dra. Doctora Prof.ª Profesora Lcda."
    " Lda. Licenciada Ingeniera Arquitecta Abogada",
    "en": "Ms Mrs Miss Madam Dame Lady",
}
_WITH_FIRST_NAME = "D. Don D.ª Dª Dña. Doña Sor Fray Sir Dame"
# second given names that make "José Luis Pérez" and "José Pérez López" alike
_SECOND_GIVEN = _words(
    "alberto alejandro alfonso alfredo ana andres angel angeles antonia antonio asuncion beatriz "
    "belen carlos carmen cristina cruz daniel david diego dolores eduardo elena emilio enrique "
    "esperanza esther eugenia felix fernando fernanda francisco gabriel guillermo ignacio inmaculada "
    "isabel jaime javier jesus joaquin jorge jose juan julian julio laura lourdes luis luisa luz "
    "manuel manuela mar margarita maria mario marta mercedes miguel montserrat nieves pablo paloma "
    "patricia paz pedro pilar rafael ramon raquel ricardo roberto rocio rosa rosario salvador "
    "santiago sebastian sofia soledad teresa tomas vicente victor victoria"
)
_PARTICLES = _words("de del la las los el y e i da das do dos di van von der den ter le du san santa mc bin ibn al ben")
_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "phd", "md"])


def _plain(text):
    decomposed = unicodedata.normalize("NFD", text.replace("ª", "a").replace("º", "o"))
    return re.sub(r"[^a-z]", "", "".join(c for c in decomposed.casefold() if c.isascii()))


_GIVEN_TITLES = frozenset(map(_plain, _WITH_FIRST_NAME.split()))


def _language(lang):
    return (lang or "")[:2].lower()


def _clean(text):
    return " ".join((text or "").split())


def split_name(name):
    """``(first name, surnames)`` of a full name, ``("", "")`` when it is not sure.

    Sure are: a comma (*Pérez López, Juan*); two or three words the second of which is
    no usual second given name (*Ana García*, *Juan Pérez López*); four words the
    second of which is one and the third is not (*Ana María García López*). Never
    split: names with particles (*de, van…*), initials, suffixes, other lengths.

    >>> split_name("Ana García"), split_name("José Luis Pérez"), split_name("Pérez, Juan")
    (('Ana', 'García'), ('', ''), ('Juan', 'Pérez'))
    """
    name = _clean(name)
    if name.count(",") == 1:
        last, first = (part.strip() for part in name.split(","))
        return (first, last) if first and last and _plain(first) not in _SUFFIXES else ("", "")
    words = name.split()
    plain = [_plain(word) for word in words]
    unsure = any("." in word or "," in word or any(c.isdigit() for c in word) for word in words)
    if unsure or any(len(word) < 2 or word in _PARTICLES | _SUFFIXES for word in plain):
        return "", ""
    second = len(plain) > 1 and plain[1] in _SECOND_GIVEN
    if len(words) in (2, 3) and not second:
        return words[0], " ".join(words[1:])
    if len(words) == 4 and second and plain[2] not in _SECOND_GIVEN:
        return " ".join(words[:2]), " ".join(words[2:])
    return "", ""


def _display_name(name):
    """*Pérez López, Juan* as it is spoken."""
    first, last = split_name(name) if "," in (name or "") else ("", "")
    return f"{first} {last}" if first else _clean(name)


def _title(title, gender, language):
    """``(text, gender, with_first_name)``: the title to use, which may be none, and the
    gender, which a title of one gender only may tell."""
    if not title:
        return "", gender, False
    if isinstance(title, dict):
        title = Title(**{key: title.get(key) or "" for key in Title._fields})
    masculine = _clean(title.abbreviation or title.name)
    given = _clean(title.abbreviation_feminine or title.name_feminine)
    key = _plain(masculine)
    usual = {_plain(m): f for m, f in _FEMININE.get(language, {}).items()}
    only_feminine = key in map(_plain, _ONLY_FEMININE.get(language, "").split())
    if only_feminine and (not given or _plain(given) == key):
        if gender == MALE:  # the catalogue entry was meant for the other gender
            masculine = next((m for m, f in _FEMININE[language].items() if _plain(f) == key), "")
            text, told = masculine, gender
        else:
            text, told = masculine, gender or FEMALE
    else:
        feminine = given or usual.get(key, masculine)
        differs = feminine != masculine
        told = gender
        if gender == FEMALE:
            text = feminine
        elif gender == MALE or not differs:
            text = masculine
        else:
            text = ""
    return text, told, _plain(text) in _GIVEN_TITLES


def _without_title(name, *titles):
    """A name somebody typed with its title: *Dr. Juan Pérez* → *Juan Pérez*."""
    first, _space, rest = name.partition(" ")
    known = {_plain(title) for title in titles if title}
    return rest if rest and _plain(first) in known else name


def _texts(title):
    if isinstance(title, dict):
        return [title.get(key) or "" for key in Title._fields]
    return list(title or ())


def address_form(name, *, title=None, gender=False, lang="es_ES", first_name="", last_name="", is_company=False):
    """Form of address for an address block: *D.ª Ana García*, *Dr. Juan Pérez*.

    :param name: full name, one string (``res.partner.name``)
    :param title: :class:`Title`, a dict with its keys, or None
    :param gender: ``'male'``, ``'female'``, ``'other'`` or False when not known (also
        what to pass for readers who may not see it)
    :param lang: language code such as ``es_MX``; es and en have rules of their own
    :param first_name: given name if the caller knows it; used with ``last_name``
    :param is_company: a company has its name and no title
    :return: str, ``""`` without a name

    >>> address_form("Ana García", title=Title("Don", "D."), gender="female")
    'D.ª Ana García'
    >>> address_form("Ana García", title=Title("Don", "D."))
    'Ana García'
    """
    language = _language(lang)
    if is_company:
        return _clean(name)
    first, last = _clean(first_name), _clean(last_name)
    full = f"{first} {last}" if first and last else _display_name(name)
    if language not in ("es", "en"):
        return full
    text = _title(title, gender, language)[0]
    if text:
        full = _without_title(full, text, *_texts(title))
    return f"{text} {full}".strip() if full else ""


def salutation(
    name,
    *,
    title=None,
    gender=False,
    lang="es_ES",
    formality="formal",
    first_name="",
    last_name="",
    is_company=False,
):
    """The opening of a letter: *Estimada D.ª Ana:*, *Dear Dr Pérez,*.

    :param formality: ``'formal'`` (usted) or ``'informal'`` (tú); the other parameters
        are those of :func:`address_form`
    :return: str ending in a colon (Spanish) or a comma
    :raise ValueError: another formality

    >>> salutation("Juan Pérez", title=Title("Doctor", "Dr."), gender="male")
    'Estimado Dr. Pérez:'
    >>> salutation("Ana García")
    'Buenos días, Ana García:'
    >>> salutation("Ana García", formality="informal")
    'Hola, Ana:'
    >>> salutation("Juan Pérez", title=Title("Doctor", "Dr"), lang="en_GB")
    'Dear Dr Pérez,'
    """
    if formality not in ("formal", "informal"):
        raise ValueError("The form of address is either formal or informal.")
    language = _language(lang)
    formal = formality == "formal"
    if is_company or not _clean(name or first_name):
        return _impersonal(_clean(name), language, formal, is_company)
    first, last = _clean(first_name), _clean(last_name)
    full = f"{first} {last}" if first and last else _display_name(name or first)
    text, told, with_first = _title(title, gender, language)
    if text:
        full = _without_title(full, text, *_texts(title))
    if not (first and last):
        first, last = split_name(name if "," in (name or "") else full)
    if language == "es":
        if not formal:
            return f"Hola, {first or full}:"
        who = f"{text} {(first if with_first else last) or full}" if text else full
        opening = {MALE: "Estimado", FEMALE: "Estimada"}.get(told, "Buenos días,")
        return f"{opening} {who}:"
    if language == "en":
        if not formal:
            return f"Dear {first or full},"
        who = f"{text} {(first if with_first else last) or full}" if text else full
        return f"Dear {who},"
    return f"{full if formal or not first else first},"


def _impersonal(name, language, formal, is_company):
    if language == "es":
        if formal:
            return "Estimados señores:" if is_company else "Buenos días:"
        return f"Hola, equipo de {name}:" if name else "Hola:"
    if language == "en":
        greeting = "Dear" if formal else "Hello"
        if name:
            return f"{greeting} {name} team,"
        return "Dear Sir or Madam," if formal else "Hello,"
    return f"{name}," if name else ""
