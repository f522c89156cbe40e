"""Spanish tax numbers that are right and that nobody has.

The check digits follow Real Decreto 1065/2007; python-stdnum, which Odoo needs itself,
computes them. Company numbers begin with the province digits 00, which are not given
out, and personal numbers with 99, far above those issued: no real firm or person can
have one.
"""

from stdnum.es import cif, dni


def company_number(letter, serial):
    """Tax number of a legal person.

    :param letter: legal form, A (S.A.), B (S.L.), F (cooperative), P (town council)…
    :param serial: int below 100 000, unique per letter
    :return: str with the prefix ES

    >>> company_number("A", 12)
    'ESA00000125'
    >>> company_number("P", 12)
    'ESP0000012E'
    """
    body = f"{letter}{serial:07d}"
    digit, character = cif.calc_check_digits(body)
    # Public bodies end in a letter, companies in a digit.
    return f"ES{body}{character if letter in 'PQS' else digit}"


def person_number(serial):
    """Tax number (NIF) of a natural person.

    :param serial: int below 1 000 000, unique
    :return: str with the prefix ES

    >>> person_number(7)
    'ES99000007A'
    """
    body = f"99{serial:06d}"
    return f"ES{body}{dni.calc_check_digit(body)}"
