"""Towns, streets and industrial estates, and addresses as Spaniards write them."""

from dataclasses import dataclass

# town, postal codes, province (suffix of Odoo's state code), dialling code, weight, estates
TOWNS = [
    ("Zaragoza", "50001 50002 50003 50004 50005 50006 50007 50008 50009 50010 50012 50013 50015 50017 50018", "Z", "976", 40, []),
    ("Zaragoza", "50014 50016 50011 50197", "Z", "976", 26, ["Malpica", "Cogullada", "San Valero", "Molino del Pilar", "El Portazgo", "PLA-ZA"]),
    ("Cuarte de Huerva", "50410", "Z", "976", 10, ["San Miguel", "Río Huerva"]),
    ("Utebo", "50180", "Z", "976", 9, ["El Águila", "Utebo"]),
    ("La Puebla de Alfindén", "50171", "Z", "976", 11, ["Malpica-Alfindén", "La Noria", "Royales Bajos"]),
    ("Villanueva de Gállego", "50830", "Z", "976", 8, ["San Miguel", "Sarda Alta"]),
    ("Zuera", "50800", "Z", "976", 4, ["El Campillo", "Los Llanos"]),
    ("Figueruelas", "50639", "Z", "976", 5, ["Entrerríos", "El Castillo"]),
    ("Pedrola", "50690", "Z", "976", 4, ["El Pradillo"]),
    ("Ejea de los Caballeros", "50600", "Z", "976", 5, ["Valdeferrín"]),
    ("Tarazona", "50500", "Z", "976", 5, ["Tarazona", "Cunchillos"]),
    ("Calatayud", "50300", "Z", "976", 6, ["La Charluca", "Mediavega"]),
    ("La Almunia de Doña Godina", "50100", "Z", "976", 4, ["La Cuesta"]),
    ("Cariñena", "50400", "Z", "976", 4, ["Entreviñas"]),
    ("Caspe", "50700", "Z", "976", 3, ["El Portal", "Cabezo Mancebo"]),
    ("Huesca", "22001 22002 22003 22004 22005 22006", "HU", "974", 12, ["Sepes", "Monzú", "Martínez de Velasco"]),
    ("Monzón", "22400", "HU", "974", 7, ["Paúles", "La Armentera"]),
    ("Barbastro", "22300", "HU", "974", 6, ["Valle del Cinca"]),
    ("Binéfar", "22500", "HU", "974", 4, ["El Sosal"]),
    ("Fraga", "22520", "HU", "974", 4, ["Litera-Fraga"]),
    ("Sabiñánigo", "22600", "HU", "974", 4, ["Llano de Aurín", "Pardinilla"]),
    ("Jaca", "22700", "HU", "974", 3, ["Llano de la Victoria"]),
    ("Teruel", "44001 44002 44003", "TE", "978", 6, ["La Paz", "Platea"]),
    ("Alcañiz", "44600", "TE", "978", 5, ["Las Horcas", "Fomento"]),
    ("Andorra", "44500", "TE", "978", 2, ["La Umbría"]),
    ("Lleida", "25001 25002 25003 25005 25006 25007 25008", "L", "973", 9, ["El Segre", "Camí dels Frares"]),
    ("Mollerussa", "25230", "L", "973", 3, ["Pla d'Urgell"]),
    ("Tàrrega", "25300", "L", "973", 3, ["Riambau"]),
    ("Pamplona", "31001 31002 31003 31004 31006 31008 31011", "NA", "948", 8, []),
    ("Noáin", "31110", "NA", "948", 4, ["Talluntxe", "Noáin-Esquíroz"]),
    ("Tudela", "31500", "NA", "948", 7, ["Las Labradas", "Municipal"]),
    ("Corella", "31591", "NA", "948", 2, ["Ombatillo"]),
    ("Logroño", "26001 26002 26003 26004 26005 26006 26007 26009", "LO", "941", 9, ["Cantabria", "La Portalada", "San Lázaro"]),
    ("Calahorra", "26500", "LO", "941", 5, ["Tejerías", "El Recuenco"]),
    ("Alfaro", "26540", "LO", "941", 2, ["La Senda"]),
    ("Arnedo", "26580", "LO", "941", 3, ["El Campillo", "Renocal"]),
    ("Haro", "26200", "LO", "941", 3, ["Fuenteciega"]),
    ("Soria", "42001 42002 42003 42004 42005", "SO", "975", 4, ["Las Casas"]),
    ("Barcelona", "08001 08009 08013 08018 08025 08030 08037", "B", "93", 4, []),
    ("Sabadell", "08201 08203 08205", "B", "93", 3, ["Can Roqueta", "Gràcia"]),
    ("Igualada", "08700", "B", "93", 2, ["Les Comes"]),
    ("Tarragona", "43001 43003 43005 43006", "T", "977", 3, ["Francolí", "Riu Clar"]),
    ("Reus", "43201 43202 43204 43206", "T", "977", 3, ["Agro-Reus"]),
    ("Tortosa", "43500", "T", "977", 2, ["Baix Ebre"]),
    ("Castelló de la Plana", "12001 12002 12003 12005 12006", "CS", "964", 3, ["Ciudad del Transporte", "Los Cipreses"]),
    ("Onda", "12200", "CS", "964", 3, ["El Colador"]),
    ("València", "46001 46005 46007 46010 46015 46020 46023", "V", "96", 4, []),
    ("Paterna", "46980", "V", "96", 4, ["Fuente del Jarro"]),
    ("Vitoria-Gasteiz", "01001 01003 01008 01013 01015", "VI", "945", 3, ["Jundiz", "Betoño"]),
    ("Madrid", "28001 28010 28015 28020 28028 28035 28045", "M", "91", 3, []),
    ("Torrejón de Ardoz", "28850", "M", "91", 2, ["Las Monjas"]),
]  # fmt: skip

STREETS = [
    "C/ Mayor", "C/ San Miguel", "C/ San Pablo", "C/ del Coso", "C/ Alfonso I", "C/ Miguel Servet", "C/ Ramón y Cajal",
    "C/ Joaquín Costa", "C/ Goya", "C/ Cervantes", "C/ Doctor Cerrada", "C/ Baltasar Gracián", "C/ de la Paz",
    "C/ Santa Isabel", "C/ Nueva", "C/ La Fuente", "C/ Eras Altas", "C/ del Horno", "C/ Bodegas", "C/ Molino",
    "Avda. de Navarra", "Avda. de Madrid", "Avda. de la Constitución", "Avda. Cesáreo Alierta", "Avda. Compromiso de Caspe",
    "Avda. del Pirineo", "Avda. de la Estación", "Avda. Juan Carlos I", "Pº de la Independencia", "Pº de Sagasta",
    "Pº de la Constitución", "Pº de los Plátanos", "Pza. de España", "Pza. de San Francisco", "Pza. del Mercado",
    "Camino de las Torres", "Camino de la Huerta", "Ronda de Montearagón", "Ronda Norte", "Vía Universitas",
    "Travesía del Carmen", "Travesía de la Iglesia", "Gran Vía", "Urb. El Zorongo, C/ Los Olmos",
]  # fmt: skip

ROADS = [
    "Ctra. N-II",
    "Ctra. N-232",
    "Ctra. de Logroño",
    "Ctra. de Huesca",
    "Ctra. de Castellón",
    "Ctra. N-330",
    "Ctra. de Madrid",
    "Ctra. A-222",
    "Ctra. N-240",
]
ESTATE_STREETS = [
    "C/ A",
    "C/ B",
    "C/ C",
    "C/ D",
    "C/ E",
    "C/ F",
    "C/ Letonia",
    "C/ Río Gállego",
    "C/ Los Sauces",
    "C/ Alfarería",
    "C/ Tenerías",
    "Avda. Central",
    "Vial 2",
    "Vial 4",
]
FLOORS = [
    "1º A",
    "1º B",
    "1º izda",
    "1º dcha",
    "2º A",
    "2º B",
    "2º dcha",
    "3º B",
    "3º C",
    "4º A",
    "4º izda",
    "5º D",
    "6º C",
    "entlo. 2ª",
    "pral. dcha",
    "ático A",
    "bajo B",
]


@dataclass
class Place:
    """An address and how to phone there."""

    street: str
    street2: str
    zip: str
    city: str
    province: str
    dial: str


def town(rng, industrial=False):
    """One row of ``TOWNS``, by weight; with an estate if it is for industry."""
    rows = [row for row in TOWNS if row[5]] if industrial else TOWNS
    return rng.choices(rows, [row[4] for row in rows])[0]


def industrial_address(rng, row=None):
    """An address on an industrial estate or a main road.

    :param rng: ``random.Random``
    :param row: of ``TOWNS``, or None for any
    :return: Place
    """
    city, zips, province, dial, _weight, estates = row or town(rng, industrial=True)
    kind, street2 = rng.random(), ""
    if not estates or kind < 0.15:
        street = f"{rng.choice(ROADS)}, km {rng.randint(1, 340)},{rng.randint(1, 9)}"
    elif kind < 0.50:
        street = f"Pol. Ind. {rng.choice(estates)}, nave {rng.randint(1, 96)}"
    elif kind < 0.65:
        street = f"Pol. Ind. {rng.choice(estates)}, parcela {rng.randint(1, 140)}"
    elif kind < 0.85:
        street = f"Pol. Ind. {rng.choice(estates)}, {rng.choice(ESTATE_STREETS)}, {rng.randint(1, 60)}"
    else:
        street = f"{rng.choice(ESTATE_STREETS)}, nave {rng.randint(1, 40)}"
        street2 = f"Pol. Ind. {rng.choice(estates)}"
    return Place(street, street2, rng.choice(zips.split()), city, province, dial)


def town_address(rng, flat=False, row=None):
    """An address in a street; a flat has floor and door, in one line or in the second.

    :param rng: ``random.Random``
    :param flat: whether somebody lives there
    :param row: of ``TOWNS``, or None for any
    :return: Place
    """
    city, zips, province, dial, _weight, _estates = row or town(rng)
    street, street2, kind = rng.choice(STREETS), "", rng.random()
    number = rng.randint(1, 180)
    if kind < 0.06:
        street = f"{street}, s/n"
    elif flat and kind < 0.50:
        street, street2 = f"{street}, {number}", rng.choice(FLOORS)
    elif flat and kind < 0.85:
        street = f"{street}, {number}, {rng.choice(FLOORS)}"
    elif flat and kind < 0.92:
        street = f"{street}, {number}, bloque {rng.randint(1, 5)}, esc. {rng.choice('ABC')}, {rng.choice(FLOORS)}"
    elif kind > 0.97:
        street, street2 = f"{street} {number} bis", ""
    else:
        street = f"{street}, {number}" + (", bajo" if not flat and kind > 0.75 else "")
    return Place(street, street2, rng.choice(zips.split()), city, province, dial)


def phone(rng, place):
    """A landline of the place. A zero after the dialling code: no subscriber has one."""
    rest = "".join(rng.choices("0123456789", k=8 - len(place.dial)))
    digits = f"{place.dial}0{rest}"
    return f"+34 {digits[:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"


def mobile(rng):
    """A mobile number, with a zero in the block that operators do not hand out."""
    digits = f"6{rng.choice('0123456789')}{rng.choice('0123456789')}00" + "".join(rng.choices("0123456789", k=4))
    return f"+34 {digits[:3]} {digits[3:5]} {digits[5:7]} {digits[7:]}"
