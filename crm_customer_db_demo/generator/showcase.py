"""One customer of each kind, written by hand: what screens and pictures show.

They have everything the customer file can hold: an industrial company with three
sites and five contacts, a self-employed person, and a person with a household.
"""

from datetime import date

from .customers import Customer

INDUSTRIAL = "showcase_industrial"
SELF_EMPLOYED = "showcase_self_employed"
HOUSEHOLD = "showcase_household"

DOMAIN = "talleresmecanicosdelebro.example.com"


def customers(people):
    """The three customers.

    :param people: ``People``, for customer and tax numbers
    :return: list of Customer
    """
    return [_industrial(people), _self_employed(people), _household(people)]


def _industrial(people):
    customer = Customer(
        people.next_number(),
        "company",
        "champion",
        {"ABR": 4, "LUB": 3, "HMA": 3, "EPI": 3, "FIJ": 2, "NEU": 1},
        {
            "name": "Talleres Mecánicos del Ebro, S.A.",
            "is_company": True,
            "vat": people.tax_number("A"),
            "customer_trade_name": "Tamebro",
            "customer_nace_id": "25_53",
            "industry_id": "C",
            "street": "Pol. Ind. Malpica, C/ F, nave 7",
            "zip": "50016",
            "city": "Zaragoza",
            "state_id": "Z",
            "phone": "+34 976 01 47 10",
            "email": f"compras@{DOMAIN}",
            "website": f"https://www.{DOMAIN}",
            "customer_site": "headquarters",
            "customer_address_type": "registered_office",
            "customer_division_id": "IND",
            "customer_priority": "a",
            "customer_origin_id": "FER",
            "customer_headcount": 184,
            "customer_headcount_year": people.year,
            "customer_turnover": 24600000.0,
            "customer_turnover_year": people.year - 1,
            "customer_buying_organisation": "head_office",
            "customer_buying_procedure_ids": ["framework", "quotations"],
            "customer_credit_level": "a",
            "customer_credit_level_source": "insurer",
            "credit_days": 210,
            "comment": "<p>Acuerdo marco anual de abrasivos y taladrinas. Entregas en planta antes de las 14:00.</p>",
        },
        term=60,
        payer="normal",
        monthly=True,
        discount=15.0,
        size=2.6,
        both_companies=True,
        each_site=True,
        windows=[("0123", 8.5, 10.5), ("4", 9.0, 12.0)],
        showcase=INDUSTRIAL,
    )
    customer.sites = [
        _site(
            "Planta de Figueruelas",
            "delivery",
            "plant",
            96,
            "Pol. Ind. Entrerríos, parcela 12",
            "50639",
            "Figueruelas",
            "Z",
            "+34 976 02 47 20",
        ),
        _site(
            "Planta de Tudela",
            "delivery",
            "plant",
            41,
            "Pol. Ind. Las Labradas, Vial 2, nave 14",
            "31500",
            "Tudela",
            "NA",
            "+34 948 01 47 30",
        ),
        _site(
            "Almacén de La Puebla de Alfindén",
            "delivery",
            "warehouse",
            9,
            "Pol. Ind. La Noria, C/ D, 18",
            "50171",
            "La Puebla de Alfindén",
            "Z",
            "+34 976 01 47 40",
        ),
    ]
    customer.contacts = [
        _contact(
            "Pilar Lahoz Aznar",
            "female",
            "Jefa de compras",
            "pilar.lahoz",
            "+34 617 00 47 11",
            True,
            ["buys", "decides"],
            "",
            [("0123", 8.5, 10.0)],
        ),
        _contact(
            "Ernesto Villanueva Gil",
            "male",
            "Gerente",
            "ernesto.villanueva",
            "+34 627 00 47 12",
            True,
            ["decides"],
            "don",
            [],
        ),
        _contact(
            "Nuria Escartín Buil",
            "female",
            "Jefa de taller",
            "nuria.escartin",
            "+34 637 00 47 13",
            False,
            ["uses", "influences"],
            "engineer",
            [("01234", 12.0, 13.5)],
        ),
        _contact(
            "Javier Plou Mainar",
            "male",
            "Jefe de mantenimiento",
            "javier.plou",
            "+34 647 00 47 14",
            False,
            ["technical", "uses"],
            "",
            [],
        ),
        _contact(
            "Teresa Fleta Romeo",
            "female",
            "Administración",
            "teresa.fleta",
            "+34 657 00 47 15",
            False,
            ["pays"],
            "",
            [],
        ),
    ]
    return customer


def _site(name, address_type, site, headcount, street, zip_code, city, province, phone):
    return {
        "name": name, "type": address_type, "customer_site": site, "customer_headcount": headcount,
        "street": street, "street2": False, "zip": zip_code, "city": city, "state_id": province, "phone": phone,
    }  # fmt: skip


def _contact(name, gender, function, mailbox, phone, key, roles, title, windows):
    return {
        "name": name, "gender": gender, "function": function, "email": f"{mailbox}@{DOMAIN}", "phone": phone,
        "customer_is_key_contact": key, "customer_contact_role_ids": roles, "customer_title_id": title,
        "customer_formality": "informal" if key else "formal", "windows": windows,
    }  # fmt: skip


def _self_employed(people):
    return Customer(
        people.next_number(),
        "self_employed",
        "loyal",
        {"FIJ": 3, "HMA": 3, "SOL": 2, "LIM": 1, "HEL": 1},
        {
            "name": "Ángel Lacasa Royo",
            "is_company": True,
            "vat": people.tax_number(),
            "customer_trade_name": "Fontanería Lacasa",
            "customer_nace_id": "43_22",
            "customer_profession_id": "71",
            "customer_employment": "self_employed",
            "street": "C/ San Blas, 41, bajo",
            "zip": "50003",
            "city": "Zaragoza",
            "state_id": "Z",
            "phone": "+34 656 00 21 43",
            "email": "fontanerialacasa@example.es",
            "customer_site": "shop",
            "customer_address_type": "work",
            "customer_division_id": "CON",
            "customer_priority": "b",
            "customer_origin_id": "REC",
            "customer_headcount": 2,
            "customer_headcount_year": people.year,
            "customer_buying_procedure_ids": ["direct"],
            "gender": "male",
            "customer_title_id": "don",
            "customer_formality": "informal",
            "birthdate_date": date(people.year - 46, 3, 8),
            "customer_marital_status": "married",
            "customer_children": 2,
            "customer_education": "vocational",
            "customer_home_tenure": "owner",
            "customer_household_income": 34200.0,
            "customer_residence_since": date(people.year - 12, 9, 1),
        },
        size=0.9,
        term=30,
        payer="normal",
        assets=["business_premises", "car"],
        windows=[("01234", 7.5, 8.5), ("01234", 15.0, 16.0)],
        showcase=SELF_EMPLOYED,
    )


def _household(people):
    return Customer(
        people.next_number(),
        "consumer",
        "household",
        {"JAR": 5, "HMA": 3, "HEL": 2, "ELE": 1},
        {
            "name": "Carmen Ballarín Oliván",
            "is_company": False,
            "customer_kind": "consumer",
            "vat": people.tax_number(),
            "street": "Avda. Cesáreo Alierta, 58",
            "street2": "3º B",
            "zip": "50008",
            "city": "Zaragoza",
            "state_id": "Z",
            "phone": "+34 667 00 85 12",
            "email": "carmen.ballarin@example.com",
            "customer_address_type": "home",
            "customer_origin_id": "WEB",
            "gender": "female",
            "customer_title_id": "don",
            "customer_formality": "formal",
            "birthdate_date": date(people.year - 52, 10, 21),
            "customer_marital_status": "married",
            "customer_children": 3,
            "customer_education": "bachelor",
            "customer_home_tenure": "owner",
            "customer_household_income": 47800.0,
            "customer_residence_since": date(people.year - 17, 6, 1),
            "customer_profession_id": "23",
            "customer_employment": "civil_servant",
        },
        size=0.5,
        term=0,
        payer="prompt",
        assets=["second_home", "car", "land"],
        windows=[("0123", 17.0, 20.0)],
        showcase=HOUSEHOLD,
    )
