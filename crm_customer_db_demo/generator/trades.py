"""Trades of the self-employed, and what is known of a person's household."""

from dataclasses import dataclass
from datetime import date


@dataclass
class Trade:
    """A trade: ISCO group, activity, words on the sign, what it buys."""

    profession: str
    nace: str
    sign: str
    buys: dict


TRADES = [
    Trade("71", "43_22", "Fontanería", {"FIJ": 3, "HMA": 3, "SOL": 2, "LIM": 1}),
    Trade("71", "43_34", "Pinturas", {"ABR": 4, "EPI": 2, "LIM": 2}),
    Trade("71", "43_91", "Reformas", {"FIJ": 3, "HEL": 3, "EPI": 2, "HMA": 2}),
    Trade("71", "43_32", "Carpintería", {"FIJ": 3, "HEL": 2, "ABR": 3}),
    Trade("72", "33_12", "Reparaciones", {"ROD": 3, "NEU": 3, "HMA": 2, "LUB": 2}),
    Trade("72", "25_53", "Mecanizados", {"ABR": 4, "LUB": 2, "HMA": 2}),
    Trade("72", "25_12", "Cerrajería", {"SOL": 3, "ABR": 3, "FIJ": 2}),
    Trade("72", "95_31", "Taller", {"LUB": 4, "HMA": 3, "EPI": 1}),
    Trade("74", "43_21", "Electricidad", {"ELE": 5, "HMA": 2, "FIJ": 1}),
    Trade("61", "01_11", "Explotación", {"JAR": 3, "LUB": 3, "ROD": 2}),
    Trade("61", "81_30", "Jardinería", {"JAR": 6, "EPI": 1, "HEL": 1}),
    Trade("83", "49_41", "Transportes", {"LUB": 4, "ALM": 3, "EPI": 1}),
    Trade("52", "47_52", "Ferretería", {"FIJ": 4, "HMA": 3, "HEL": 2, "JAR": 1}),
]
# Professions (ISCO-08, two digits) of those who work for others, by weight.
EMPLOYED = [
    ("41", 4),
    ("52", 4),
    ("23", 3),
    ("22", 2),
    ("33", 3),
    ("51", 3),
    ("72", 3),
    ("83", 3),
    ("24", 2),
    ("91", 2),
    ("13", 1),
]
AGE_BANDS = [(25, "under_25"), (35, "25_34"), (45, "35_44"), (55, "45_54"), (65, "55_64")]


def household(rng, year, working):
    """Personal data of somebody, as complete as a firm would know them.

    Four in ten gave no birth date and no income: of them only bands are known.

    :param rng: ``random.Random``
    :param year: the present year
    :param working: whether the employment is known already
    :return: dict of fields of ``res.partner``
    """
    age = rng.randint(24, 66) if working else rng.randint(21, 84)
    bands_only = rng.random() < 0.4
    values = {
        "customer_marital_status": _marital_status(rng, age),
        "customer_children": rng.choices([0, 1, 2, 3, 4], [30, 25, 32, 10, 3])[0] if age > 27 else 0,
        "customer_education": rng.choices(
            ["primary", "lower_secondary", "upper_secondary", "vocational", "bachelor", "master", "doctorate"],
            [8, 18, 16, 30, 18, 8, 2],
        )[0],
        "customer_home_tenure": rng.choices(["owner", "tenant", "family"], [70, 22, 8] if age > 34 else [25, 45, 30])[
            0
        ],
    }
    if bands_only:
        values["customer_age_band"] = next((key for top, key in AGE_BANDS if age < top), "65_over")
        values["customer_income_level"] = rng.choices(
            ["low", "lower_middle", "middle", "upper_middle", "high"], [15, 30, 32, 16, 7]
        )[0]
    else:
        values["birthdate_date"] = date(year - age, rng.randint(1, 12), rng.randint(1, 28))
        values["customer_residence_since"] = date(
            year - rng.randint(1, max(2, min(age - 18, 35))), rng.randint(1, 12), 1
        )
        if rng.random() < 0.75:
            values["customer_household_income"] = round(rng.lognormvariate(10.35, 0.45), -2)
    if not working:
        values.update(_employment(rng, age))
    return values


def _marital_status(rng, age):
    if age < 30:
        return rng.choices(["single", "partnership", "married"], [75, 15, 10])[0]
    if age > 70:
        return rng.choices(["married", "widowed", "divorced"], [62, 30, 8])[0]
    return rng.choices(
        ["married", "single", "partnership", "divorced", "separated", "widowed"], [55, 18, 10, 11, 4, 2]
    )[0]


def _employment(rng, age):
    if age >= 66:
        return {"customer_employment": "retired"}
    if age < 25:
        return {"customer_employment": rng.choice(["student", "employed"])}
    employment = rng.choices(["employed", "civil_servant", "unemployed", "homemaker"], [68, 16, 9, 7])[0]
    values = {"customer_employment": employment}
    if employment in ("employed", "civil_servant"):
        codes, weights = zip(*EMPLOYED, strict=True)
        values["customer_profession_id"] = rng.choices(codes, weights)[0]
    return values
