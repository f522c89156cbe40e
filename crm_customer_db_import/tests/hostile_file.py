# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A till's file with a little of everything that goes wrong in files, and what has to become of each row.

    python hostile_file.py 100000 > till.csv

writes one with the headers of the Spanish template, in cp1252, of customers ``C1`` to ``C500``.
"""

import random
import sys

HEADER = (
    "Referencia del cliente",
    "Fecha",
    "Pedido en la moneda del documento (sin IVA)",
    "Referencia de la fila",
    "N.º de pedido",
    "Moneda del documento",
)
CUSTOMERS = 500
# Share of the rows that has each kind of damage.
SHARE = 0.01
# Name of the damage → (what is changed: place of the cell → its text, outcome, a part of the reason).
DAMAGE = {
    "NUL": ({4: "P\0"}, "rejected", "NUL"),
    "too few cells": (None, "rejected", "cells"),
    "too many cells": (None, "rejected", "cells"),
    "open quote": ({4: '"P1'}, "rejected", "quotation mark"),
    "first year": ({1: "01/01/0001"}, "rejected", "day"),
    "last year": ({1: "31/12/9999"}, "rejected", "1900"),
    "no such day": ({1: "30/02/2024"}, "rejected", "day"),
    "day and junk": ({1: "01/01/2024junk"}, "rejected", "day"),
    "no day": ({1: ""}, "rejected", ""),
    "nan": ({2: "nan"}, "rejected", "number"),
    "inf": ({2: "inf"}, "rejected", "number"),
    "too large": ({2: "1e400"}, "rejected", "number"),
    "underscore": ({2: "1_000"}, "rejected", "number"),
    "other mark": ({2: "1,234.56"}, "rejected", "number"),
    "no amount": ({2: ""}, "rejected", ""),
    "reference twice": (None, "rejected", "already"),
    "nobody": ({0: ""}, "rejected", "which customer"),
    "unknown customer": ({0: "X-nobody"}, "resolve", ""),
    "no such currency": ({5: "XXY"}, "rejected", ""),
    "no rate": ({5: "CHF"}, "rejected", ""),
    "too long": ({4: "P" * 600}, "rejected", "500"),
    # not damage, though others stumble over it
    "formula": ({4: "=1+1"}, "new", ""),
    "refund": ({2: "-12,50"}, "new", ""),
    "nothing paid": ({2: "0"}, "new", ""),
    "quoted line break": ({4: '"P\n1;2"'}, "new", ""),
    "accents": ({4: "Peñíscola €"}, "new", ""),
}


def rows(count, seed=7):
    """Rows of a file, in the order of their lines.

    :param count: number of rows (int)
    :param seed: int
    :return: iterator of (name of the damage or None, text of the row without its end)
    """
    chance = random.Random(seed)
    kinds = [*DAMAGE]
    for number in range(count):
        day = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{chance.randint(2021, 2025)}"
        amount = f"{chance.randint(1, 999)},{chance.randint(0, 99):02}"
        cells = [f"C{chance.randint(1, CUSTOMERS)}", day, amount, f"T{number}", f"P{number // 3}", "EUR"]
        place = chance.random() / SHARE
        kind = kinds[int(place)] if place < len(kinds) and number else None
        if kind == "too few cells":
            cells = cells[:3]
        elif kind == "too many cells":
            cells += ["", "more"]
        elif kind == "reference twice":
            cells[3] = "T0"
        elif kind:
            for column, text in DAMAGE[kind][0].items():
                cells[column] = text
        yield kind, ";".join(cells)


def text(count, header=HEADER, seed=7):
    """The whole file.

    :return: str
    """
    return "\r\n".join([";".join(header), *(row for _kind, row in rows(count, seed))]) + "\r\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(text(int(sys.argv[1])).encode("cp1252"))
