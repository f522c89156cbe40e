"""Who the customers are, before anything is written to Odoo.

Everything here is plain Python drawn from one seeded ``random.Random``: the same seed
gives the same customers, whatever the day.
"""

from dataclasses import dataclass, field

from . import fiscal, names, places
from .industries import INDUSTRIES, PLACES, VILLAGES
from .trades import TRADES, household

# How a customer buys. Count among the 299 companies beside the showcase.
COMPANY_RHYTHMS = {
    "champion": 7, "loyal": 22, "regular": 58, "seasonal": 14, "new": 22, "lapsed": 28, "one_off": 42, "slow": 14,
    "refunder": 8, "prospect": 50, "silent": 34,
}  # fmt: skip
SELF_EMPLOYED_RHYTHMS = {"loyal": 8, "regular": 20, "new": 9, "lapsed": 12, "one_off": 32, "prospect": 8, "silent": 20}
CONSUMER_RHYTHMS = {"counter": 50, "silent": 39}

# Sites beside the head office: kind, Odoo's type of the address, name.
SITE_KINDS = [
    ("plant", "delivery", "Planta de {town}"),
    ("warehouse", "delivery", "Almacén de {town}"),
    ("branch", "other", "Delegación de {town}"),
]
# function for a man, for a woman, roles in the purchase, title
FUNCTIONS = [
    ("Jefe de compras", "Jefa de compras", ["buys", "decides"], ""),
    ("Gerente", "Gerente", ["decides"], "don"),
    ("Administración", "Administración", ["pays"], ""),
    ("Jefe de taller", "Jefa de taller", ["uses", "influences"], ""),
    ("Jefe de mantenimiento", "Jefa de mantenimiento", ["technical", "uses"], "engineer"),
    ("Responsable de almacén", "Responsable de almacén", ["uses"], ""),
    ("Director técnico", "Directora técnica", ["technical", "influences"], "engineer"),
    ("Técnico de prevención", "Técnica de prevención", ["influences"], "graduate"),
]
CALL_WINDOWS = [
    [("0123", 8.0, 10.0)], [("01234", 9.0, 13.5)], [("01234", 12.0, 14.0)], [("0123", 16.0, 18.0)],
    [("024", 8.5, 11.0), ("13", 15.5, 17.5)], [("4", 9.0, 12.0)],
]  # fmt: skip


@dataclass
class Customer:
    """A commercial partner to be, with its sites and people.

    ``values`` holds fields of ``res.partner`` where relations are still words; the
    people of a company and its sites are dicts of the same shape.
    """

    number: str
    kind: str
    rhythm: str
    buys: dict
    values: dict
    sites: list = field(default_factory=list)
    contacts: list = field(default_factory=list)
    season: tuple = ()
    size: float = 1.0
    term: int = 30
    payer: str = "normal"
    monthly: bool = False
    discount: float = 0.0
    both_companies: bool = False
    each_site: bool = False
    assets: list = field(default_factory=list)
    windows: list = field(default_factory=list)
    showcase: str = ""


class People:
    """Draws the customers; keeps names, numbers and mailboxes unique."""

    def __init__(self, rng, year):
        self.rng = rng
        self.year = year
        self.taken = set()
        self.serial = 0
        self.number = 0

    def next_number(self):
        self.number += 1
        return f"C{self.number:04d}"

    def tax_number(self, letter=None):
        # Steps of several hundred, so that neighbours in a list don't look counted.
        self.serial += self.rng.randint(3, 170)
        return fiscal.company_number(letter, self.serial) if letter else fiscal.person_number(self.serial)

    def unique(self, make):
        """The first result of ``make`` that no customer has yet."""
        for _attempt in range(200):
            text = make()
            if text not in self.taken:
                self.taken.add(text)
                return text
        raise ValueError("The lists of names are too short for this many customers.")

    def person(self):
        found = {}

        def make():
            found["name"], found["gender"] = names.person(self.rng)
            return found["name"]

        return self.unique(make), found["gender"]

    # === Companies ===

    def companies(self):
        rhythms = [rhythm for rhythm, count in COMPANY_RHYTHMS.items() for _i in range(count)]
        self.rng.shuffle(rhythms)
        kinds = [industry for industry in INDUSTRIES for _i in range(industry.count)]
        return [self.company(industry, rhythm) for industry, rhythm in zip(kinds, rhythms, strict=True)]

    def company(self, industry, rhythm):
        """A company of one activity."""
        rng = self.rng
        row = places.town(rng, industrial=industry.industrial)
        base = self.unique(lambda: self._company_name(industry))
        letter = industry.letter or rng.choices("AB", [22, 78])[0]
        low, high = industry.headcount
        # Most firms are small: the third power pulls towards the lower end.
        share = rng.random() ** 3
        headcount = max(1, round(low + (high - low) * share))
        if rhythm in ("champion", "seasonal"):
            headcount = max(headcount, round(low + (high - low) * 0.35))
        place = places.industrial_address(rng, row) if industry.industrial else places.town_address(rng, row=row)
        name = base + self._legal_form(letter)
        domain = f"{names.slug(base)}.example.{rng.choice(['com', 'es'])}"
        values = {
            "name": name,
            "is_company": True,
            "vat": self.tax_number(letter),
            "customer_trade_name": self._trade_name(base),
            "customer_nace_id": industry.nace,
            "industry_id": industry.section,
            "email": f"{rng.choice(['info', 'compras', 'administracion', 'pedidos'])}@{domain}",
            "website": f"https://www.{domain}" if rng.random() < 0.7 else False,
            "customer_site": "headquarters",
            "customer_address_type": "registered_office" if rng.random() < 0.6 else "work",
            "customer_division_id": industry.divisions,
            "customer_priority": self._priority(rhythm),
            "customer_origin_id": self._origin(rhythm, industry),
            "customer_buying_organisation": rng.choice(industry.buying),
            "customer_buying_procedure_ids": self._procedures(industry, headcount),
            **self._size(industry, headcount),
            **self._where(place),
        }
        if industry.letter == "P":
            values["city"] = base.removeprefix("Ayuntamiento de ")
        if rhythm not in ("prospect", "silent", "new") and rng.random() < 0.35:
            values.update(self._credit(rhythm))
        customer = Customer(self.next_number(), "company", rhythm, industry.buys, values, season=industry.season)
        customer.size = min(3.0, 0.6 + headcount / 60)
        self._habits(customer)
        self._add_sites(customer, headcount, row)
        self._add_contacts(customer, domain, min(4, 1 + headcount // 18))
        if rng.random() < 0.2:
            customer.windows = rng.choice(CALL_WINDOWS)
        return customer

    def _company_name(self, industry):
        pattern = self.rng.choice(industry.names)
        surnames = self.rng.sample(names.SURNAMES, 2)
        name = pattern.format(
            s=surnames[0], t=surnames[1], p=self.rng.choice(PLACES), village=self.rng.choice(VILLAGES)
        )
        if "{s}" in pattern and "{t}" not in pattern and self.rng.random() < 0.16:
            name += self.rng.choice([" e Hijos", " Hermanos", f" {surnames[1]}"])
        return name

    def _legal_form(self, letter):
        if letter == "B":
            return self.rng.choices([", S.L.", ", S.L.U."], [88, 12])[0]
        return {"A": ", S.A.", "F": ", S.Coop.", "V": ", S.A.T."}.get(letter, "")

    def _trade_name(self, base):
        words = [
            word for word in base.split() if word[0].isupper() and len(word) > 3 and word not in ("Hijos", "Hermanos")
        ]
        if len(words) < 2 or self.rng.random() > 0.3:
            return False
        kind = self.rng.random()
        if kind < 0.5:
            return "".join(word[:3] for word in words[:2]).capitalize() + self.rng.choice(["sa", "tec", "nor", ""])
        return f"{words[-1]} {self.rng.choice(['Industrial', 'Group', 'Soluciones', '1987', 'Profesional'])}"

    def _priority(self, rhythm):
        weights = {"champion": (9, 1, 0, 0), "loyal": (3, 6, 1, 0), "prospect": (0, 2, 5, 3), "silent": (0, 0, 3, 7)}
        letter = self.rng.choices(["a", "b", "c", "d"], weights.get(rhythm, (1, 4, 4, 1)))[0]
        return letter if self.rng.random() < 0.85 else False

    def _origin(self, rhythm, industry):
        if rhythm in ("prospect", "silent"):
            codes, weights = ["LIS", "FER", "WEB", "FAG"], [5, 3, 2, 1]
        elif industry.divisions == "AGR":
            codes, weights = ["FAG", "VIS", "REC", "WEB"], [4, 3, 2, 1]
        else:
            codes, weights = ["VIS", "REC", "FER", "WEB", "LIS"], [4, 3, 2, 2, 1]
        return self.rng.choices(codes, weights)[0] if self.rng.random() < 0.92 else False

    def _procedures(self, industry, headcount):
        if industry.letter == "P":
            return ["tender", "quotations"]
        if headcount > 120:
            return ["framework", "quotations"] if self.rng.random() < 0.6 else ["quotations"]
        return ["quotations"] if self.rng.random() < 0.35 else ["direct"]

    def _size(self, industry, headcount):
        """Headcount and turnover, or only the band, or nothing known."""
        rng = self.rng
        known = rng.random()
        if known > 0.93:
            return {}
        if known > 0.80:
            bands = [(9, "1_9"), (49, "10_49"), (249, "50_249")]
            return {"customer_headcount_band": next((key for top, key in bands if headcount <= top), "250_over")}
        values = {"customer_headcount": headcount, "customer_headcount_year": self.year - rng.randint(0, 1)}
        if industry.turnover_per_head and rng.random() < 0.85:
            turnover = headcount * industry.turnover_per_head * rng.uniform(0.7, 1.4) * 1000
            values["customer_turnover"] = round(turnover, -4)
            values["customer_turnover_year"] = self.year - 1
        return values

    def _credit(self, rhythm):
        levels = {"slow": "cde", "refunder": "bcd", "lapsed": "bcd", "champion": "ab"}.get(rhythm, "abbc")
        return {
            "customer_credit_level": self.rng.choice(levels),
            "customer_credit_level_source": self.rng.choice(["insurer", "insurer", "bureau", "own"]),
            "credit_days": self.rng.randint(-40, 330),
        }

    def _where(self, place, phone=True):
        values = {
            "street": place.street,
            "street2": place.street2 or False,
            "zip": place.zip,
            "city": place.city,
            "state_id": place.province,
        }
        if phone:
            values["phone"] = places.phone(self.rng, place)
        return values

    def _habits(self, customer):
        """When a customer pays and how it is invoiced."""
        rng = self.rng
        customer.term = rng.choices([0, 30, 60], [8, 62, 30])[0]
        customer.monthly = rng.random() < 0.4
        customer.payer = {"slow": "slow", "champion": "prompt"}.get(customer.rhythm) or rng.choices(
            ["prompt", "normal", "slow", "defaulter"], [42, 46, 8, 4]
        )[0]
        customer.discount = {"champion": 15.0, "loyal": 10.0}.get(customer.rhythm) or rng.choice([0.0, 0.0, 5.0, 8.0])
        customer.both_companies = rng.random() < 0.22

    def _add_sites(self, customer, headcount, row):
        rng = self.rng
        if headcount < 50 or rng.random() > 0.55:
            return
        rest = headcount
        for _i in range(rng.randint(2, 5)):
            site, address_type, pattern = rng.choice(SITE_KINDS)
            other = rng.choice([row, places.town(rng, industrial=True), places.town(rng, industrial=True)])
            place = places.industrial_address(rng, other)
            name = pattern.format(town=place.city)
            if name in [known["name"] for known in customer.sites]:
                continue
            people = min(rest, rng.randint(5, max(6, headcount // 3)))
            rest -= people
            customer.sites.append(
                {
                    "name": name,
                    "type": address_type,
                    "customer_site": site,
                    "customer_headcount": people,
                    **self._where(place),
                }
            )
        customer.each_site = len(customer.sites) > 1

    def _add_contacts(self, customer, domain, count):
        rng = self.rng
        first = rng.choice([0, 1])
        order = [first, *rng.sample([i for i in range(len(FUNCTIONS)) if i != first], count - 1)]
        for position, index in enumerate(order):
            customer.contacts.append(self.contact(domain, FUNCTIONS[index], key=position == 0 or rng.random() < 0.15))

    def contact(self, domain, function, key):
        """Somebody who works for a company."""
        rng = self.rng
        male, female, roles, title = function
        name, gender = self.person()
        return {
            "name": name,
            "function": male if gender == "male" else female,
            "gender": gender,
            "email": f"{names.mailbox(name)}@{domain}",
            "phone": places.mobile(rng) if rng.random() < 0.8 else False,
            "customer_is_key_contact": key,
            "customer_contact_role_ids": roles,
            "customer_title_id": title if title and rng.random() < 0.7 else "",
            "customer_formality": rng.choice(["informal", "formal", False]),
            "windows": rng.choice(CALL_WINDOWS) if rng.random() < 0.2 else [],
        }

    # === Persons ===

    def self_employed(self):
        rhythms = [rhythm for rhythm, count in SELF_EMPLOYED_RHYTHMS.items() for _i in range(count)]
        self.rng.shuffle(rhythms)
        return [self.tradesman(self.rng.choice(TRADES), rhythm) for rhythm in rhythms]

    def tradesman(self, trade, rhythm):
        """A self-employed person with trade and household."""
        rng = self.rng
        name, gender = self.person()
        place = places.town_address(rng, flat=rng.random() < 0.4)
        values = {
            "name": name,
            # Half of them are kept as persons, half as firms; the tax number says what they are.
            "is_company": rng.random() < 0.5,
            "vat": self.tax_number(),
            "customer_trade_name": f"{trade.sign} {name.split()[-2]}" if rng.random() < 0.6 else False,
            "customer_nace_id": trade.nace,
            "customer_profession_id": trade.profession,
            "customer_employment": "self_employed",
            "email": f"{names.mailbox(name)}@example.es",
            "customer_division_id": "CON" if trade.nace.startswith("43") else "MAN",
            "customer_origin_id": rng.choice(["MOS", "MOS", "REC", "WEB", "VIS"]),
            "customer_priority": rng.choice(["b", "c", "c", "d", False]),
            "customer_address_type": rng.choice(["work", "home", "tax"]),
            "customer_headcount": rng.choice([1, 1, 1, 2, 3]),
            "gender": gender,
            **self._where(place, phone=False),
            "phone": places.mobile(rng),
        }
        customer = Customer(self.next_number(), "self_employed", rhythm, trade.buys, values, size=0.55)
        values.update(household(rng, self.year, working=True))
        self._habits(customer)
        customer.assets = rng.sample(["car", "business_premises", "garage", "land"], rng.randint(0, 2))
        if rng.random() < 0.3:
            customer.windows = rng.choice(CALL_WINDOWS)
        return customer

    def consumers(self):
        rhythms = [rhythm for rhythm, count in CONSUMER_RHYTHMS.items() for _i in range(count)]
        self.rng.shuffle(rhythms)
        return [self.consumer(rhythm) for rhythm in rhythms]

    def consumer(self, rhythm):
        """A private person who buys at the counter."""
        rng = self.rng
        name, gender = self.person()
        place = places.town_address(rng, flat=True)
        values = {
            "name": name,
            "is_company": False,
            "customer_kind": "consumer",
            # Spaniards have a tax number whether they trade or not; some give it for the invoice.
            "vat": self.tax_number() if rng.random() < 0.45 else False,
            "email": f"{names.mailbox(name)}{rng.randint(1, 99)}@example.com" if rng.random() < 0.8 else False,
            "customer_origin_id": rng.choice(["MOS", "MOS", "MOS", "WEB", "LIS"]),
            "customer_address_type": "home",
            "gender": gender if rng.random() < 0.85 else False,
            **self._where(place, phone=False),
            "phone": places.mobile(rng) if rng.random() < 0.85 else False,
        }
        customer = Customer(
            self.next_number(), "consumer", rhythm, {"JAR": 4, "HMA": 3, "HEL": 2, "LIM": 1, "ELE": 1}, values
        )
        customer.size, customer.term, customer.payer = 0.25, 0, "prompt"
        values.update(household(rng, self.year, working=False))
        customer.assets = rng.sample(
            ["second_home", "car", "motorcycle", "garage", "land", "motor_home"], rng.randint(0, 3)
        )
        return customer
