"""What makes two rows of a file rows of the same customer. Free of the ORM."""

import re
import unicodedata

# How names of companies end in some countries: without a tax number nothing else tells.
_LEGAL_FORM = re.compile(
    r"[\s,]("
    r"s\.? ?[al]\.?|s\.? ?l\.? ?[ul]\.?|s\.? ?l\.? ?n\.? ?e\.?|s\.? ?a\.? ?[ul]\.?|s\.? ?coop\.?.*|s\.? ?c\.? ?p?\.?"
    r"|c\.? ?b\.?|a\.? ?i\.? ?e\.?|ltd\.?|limited|inc\.?|llc|gmbh|ag|b\.?v\.?|s\.?a\.?r\.?l\.?|s\.?a\.?s\.?"
    r"|s\.?p\.?a\.?|s\.?r\.?l\.?|lda\.?"
    r")$",
    re.IGNORECASE,
)


def normalised(text):
    """Letters and digits of a header, a word or a name, in any script, without accents.

    >>> normalised(" Nº de Pedido: "), normalised("Адрес_клиента")
    ('no de pedido', 'адрес клиента')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", plain).strip()


def compact(text):
    """A tax number without what people write between its characters.

    >>> compact("es b-1234567.4")
    'ESB12345674'
    """
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def has_legal_form(name):
    """Whether a name ends as those of companies do.

    >>> [has_legal_form(name) for name in ("Talleres Ejemplo, S.L.", "Ana Sala", "Bar Pilar SL", "Hnos. Gil, C.B.")]
    [True, False, True, True]
    """
    return bool(_LEGAL_FORM.search(name.strip()))


def similarity(one, other):
    """How much two names have in common, as PostgreSQL's ``similarity`` tells it.

    >>> [round(similarity("Ana Gil", other), 2) for other in ("ANA GIL", "Ana Gil Mur", "Luis Gil")]
    [1.0, 0.67, 0.31]
    """
    trigrams = []
    for name in (one, other):
        padded = [f"  {word} " for word in normalised(name).split()]
        trigrams.append({word[place : place + 3] for word in padded for place in range(len(word) - 2)})
    whole = trigrams[0] | trigrams[1]
    return len(trigrams[0] & trigrams[1]) / len(whole) if whole else 0.0


def customer_key(own, is_shared, digest):
    """By what rows of a file belong to one customer.

    A reference or a tax number does by itself; an e-mail address or a phone number together
    with the name. A name and a zip code are enough only in a file where a customer has
    several rows, as father and son share both.

    :param own: dict of ``customer_ref``, ``customer_vat``, ``customer_email``, ``customer_phone``,
        ``customer_name`` and ``customer_zip``, each a text; what is missing is not in it
    :param is_shared: whether several rows of the file may be of one customer
    :param digest: str that tells rows apart that say different things
    :return: str, or None when the row does not say who the customer is

    >>> customer_key({"customer_vat": "B-1", "customer_name": "A"}, False, "x")
    'v:B1'
    >>> customer_key({"customer_phone": "976 12 34-56", "customer_name": "Bar X"}, False, "x")
    'p:976123456|bar x'
    >>> customer_key({"customer_name": "Ana", "customer_zip": "50001"}, False, "x")
    'l:x'
    """
    name = normalised(own.get("customer_name", ""))
    if own.get("customer_ref"):
        return f"r:{own['customer_ref']}"
    if own.get("customer_vat") and compact(own["customer_vat"]):
        return f"v:{compact(own['customer_vat'])}"
    if own.get("customer_email"):
        return f"e:{own['customer_email'].lower()}|{name}"
    if own.get("customer_phone"):
        return f"p:{re.sub('[^0-9]', '', own['customer_phone'])}|{name}"
    if not name:
        return None
    return f"n:{name}|{own.get('customer_zip', '')}" if is_shared else f"l:{digest}"
