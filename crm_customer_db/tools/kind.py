"""Who a contact is, decided in one place.

Odoo 19.1 drops the choice between person and company from the contact form; whatever
replaces it has to be taught here and nowhere else.
"""

import re

# A Spanish natural person's number: NIF (8 digits and a letter), NIE (X, Y, Z) or the
# K, L and M numbers of minors and non-residents (Real Decreto 1065/2007, arts. 19-20).
_SPANISH_PERSON = re.compile(r"^(ES)?(\d{8}[A-Z]|[XYZ]\d{7}[A-Z]|[KLM]\d{7}[0-9A-Z])$")


def is_spanish_person_vat(vat, country_code=None):
    """Whether a tax number is that of a natural person in Spain.

    :param vat: str or falsy, with or without the prefix ES
    :param country_code: ISO code of the contact's country, or None
    :return: bool

    >>> is_spanish_person_vat("12345678Z", "ES")
    True
    >>> is_spanish_person_vat("ESB58378431")
    False
    >>> is_spanish_person_vat("12345678Z", "MX")
    False
    """
    compact = re.sub(r"[\s.-]", "", vat or "").upper()
    if country_code not in (None, False, "ES") and not compact.startswith("ES"):
        return False
    if country_code in (None, False) and not compact.startswith("ES"):
        return False
    return bool(_SPANISH_PERSON.match(compact))


def customer_kind(is_company, has_parent, vat=None, country_code=None):
    """The kind of customer that a contact is as long as nobody says otherwise.

    :param is_company: Odoo's flag
    :param has_parent: whether the contact belongs to another one
    :param vat: tax number or falsy; ``/`` is Odoo's "not subject to tax"
    :param country_code: ISO code or None
    :return: ``company``, ``self_employed``, ``consumer`` or ``contact``

    >>> customer_kind(True, False, "ESB58378431", "ES")
    'company'
    >>> customer_kind(True, False, "ES12345678Z", "ES")
    'self_employed'
    >>> customer_kind(False, False)
    'consumer'
    >>> customer_kind(False, True, "ESB58378431", "ES")
    'contact'
    """
    if is_company:
        person = not has_parent and is_spanish_person_vat(vat, country_code)
        return "self_employed" if person else "company"
    if has_parent:
        return "contact"
    return "self_employed" if vat and len(vat.strip()) > 1 else "consumer"
