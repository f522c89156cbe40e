"""The kinds of firms that buy from an industrial supplier, and what they buy.

One row per economic activity: how many of 300 customers, how their names are made
({s} a surname, {t} a second one, {p} a place, {village} a made-up one), size, months in which they buy more and
what they buy (keys of the categories of ``products``).
"""

from dataclasses import dataclass, field

PLACES = [
    "del Ebro", "del Gállego", "Cinco Villas", "del Jalón", "Moncayo", "del Cinca", "Monegros", "Pirineos", "Valdejalón",
    "del Huerva", "Ribera Alta", "de Aragón", "Bajo Aragón", "Matarraña", "del Jiloca", "Somontano", "La Litera", "Ribagorza",
    "del Segre", "de Navarra", "Riojana", "del Cidacos", "del Maestrazgo", "Campo de Cariñena", "Campo de Borja",
]  # fmt: skip

# Town councils are real everywhere, so these towns are not on any map.
VILLAGES = ["Valdebarca", "Torrebarcina", "Puebla de Arnal", "Villafría del Gállego", "Sotorribas de Ebro", "Almunén"]


@dataclass
class Industry:
    """One kind of customers."""

    key: str
    nace: str
    section: str
    count: int
    names: list
    headcount: tuple
    turnover_per_head: int
    buys: dict
    industrial: bool = True
    season: tuple = ()
    letter: str = ""
    divisions: str = "IND"
    buying: list = field(default_factory=lambda: ["head_office"])


INDUSTRIES = [
    Industry("machining", "25_53", "C", 24, ["Mecanizados {s}", "Mecanizados {p}", "Talleres {s}", "Torneados {s} y {t}", "CNC {p}"], (4, 90), 105, {"ABR": 4, "HMA": 3, "LUB": 3, "FIJ": 2, "EPI": 2, "SOL": 1}),
    Industry("structures", "25_11", "C", 18, ["Estructuras Metálicas {s}", "Estructuras {p}", "Calderería {s}", "Cerrajería Industrial {s}"], (6, 120), 120, {"SOL": 4, "ABR": 3, "FIJ": 3, "EPI": 3, "HEL": 1, "ALM": 1}, divisions="CON"),
    Industry("metal_joinery", "25_12", "C", 10, ["Carpintería Metálica {s}", "Aluminios {s}", "Aluminios {p}"], (2, 30), 95, {"FIJ": 4, "HEL": 2, "ABR": 2, "EPI": 1}, divisions="CON"),
    Industry("fasteners", "25_94", "C", 3, ["Decoletajes {p}", "Tornillería {s}"], (15, 80), 130, {"LUB": 4, "ABR": 3, "EPI": 2, "HMA": 1}),
    Industry("coating", "25_51", "C", 6, ["Recubrimientos {p}", "Galvanizados {s}", "Pintura Industrial {s}"], (8, 60), 90, {"EPI": 5, "ABR": 2, "LIM": 2, "NEU": 1}),
    Industry("vehicle_parts", "29_32", "C", 12, ["Componentes {p} Automoción", "Automoción {p}", "Sistemas de Automoción {s}"], (60, 520), 190, {"EPI": 4, "NEU": 3, "ROD": 3, "HMA": 2, "LUB": 2, "LIM": 2}, buying=["head_office", "purchasing_group"]),
    Industry("bodies", "29_20", "C", 5, ["Carrocerías {s}", "Remolques {p}"], (12, 90), 125, {"SOL": 3, "FIJ": 3, "ABR": 2, "NEU": 2, "EPI": 1}),
    Industry("farm_machines", "28_30", "C", 8, ["Maquinaria Agrícola {s}", "Aperos {s}", "Industrias Agrícolas {p}"], (8, 110), 140, {"ROD": 4, "FIJ": 3, "SOL": 3, "NEU": 2, "LUB": 1}, season=(1, 2, 3, 9)),
    Industry("lifting", "28_22", "C", 5, ["Elevación {p}", "Grúas y Elevadores {s}"], (10, 140), 150, {"ROD": 3, "FIJ": 3, "ELE": 3, "ALM": 1, "EPI": 1}),
    Industry("food_machines", "28_93", "C", 6, ["Maquinaria Alimentaria {p}", "Inoxidables {s}"], (8, 70), 140, {"NEU": 4, "FIJ": 3, "ROD": 2, "SOL": 2}),
    Industry("meat", "10_13", "C", 9, ["Cárnicas {s}", "Embutidos {p}", "Jamones {s}"], (20, 380), 260, {"LIM": 5, "EPI": 4, "ROD": 2, "NEU": 1}, buying=["head_office", "each_site"]),
    Industry("vegetables", "10_39", "C", 8, ["Conservas {s}", "Vegetales {p}", "Congelados {p}"], (25, 260), 210, {"LIM": 4, "EPI": 3, "ROD": 3, "NEU": 2, "ALM": 1}, season=(6, 7, 8, 9)),
    Industry("feed", "10_91", "C", 5, ["Piensos {p}", "Piensos {s}"], (10, 90), 420, {"ROD": 5, "LUB": 3, "EPI": 2, "ELE": 1}),
    Industry("wine", "11_02", "C", 11, ["Bodegas {s}", "Bodegas {p}", "Viñedos {s}"], (4, 70), 180, {"LIM": 4, "NEU": 3, "FIJ": 1, "EPI": 1, "JAR": 1}, season=(8, 9, 10), divisions="AGR"),
    Industry("oil", "10_41", "C", 4, ["Almazara {s}", "Aceites {p}"], (3, 30), 250, {"LIM": 3, "ROD": 3, "NEU": 2}, season=(10, 11, 12), divisions="AGR"),
    Industry("wood", "16_24", "C", 6, ["Palets {p}", "Embalajes de Madera {s}"], (8, 60), 110, {"FIJ": 5, "HEL": 2, "NEU": 3, "EPI": 1}),
    Industry("furniture", "31_00", "C", 7, ["Muebles {s}", "Carpintería {s}", "Mobiliario {p}"], (3, 60), 80, {"ABR": 3, "FIJ": 3, "HEL": 3, "HMA": 1}),
    Industry("packaging", "22_22", "C", 6, ["Plásticos {s}", "Envases {p}", "Inyectados {s}"], (18, 170), 170, {"NEU": 4, "ROD": 2, "LUB": 2, "EPI": 2, "ALM": 1}),
    Industry("paper", "17_21", "C", 4, ["Cartonajes {s}", "Embalajes {p}"], (30, 240), 200, {"ROD": 4, "NEU": 3, "LUB": 2, "EPI": 2}),
    Industry("concrete", "23_61", "C", 6, ["Prefabricados {s}", "Hormigones {p}", "Prefabricados {p}"], (12, 90), 150, {"EPI": 4, "ROD": 3, "ABR": 2, "LUB": 2}, divisions="CON"),
    Industry("ceramics", "23_31", "C", 4, ["Azulejos {p}", "Cerámicas {s}"], (40, 280), 160, {"ROD": 4, "NEU": 3, "EPI": 2, "ELE": 1}),
    Industry("repair_machines", "33_12", "C", 14, ["Reparaciones Industriales {s}", "Mantenimiento Industrial {p}", "Montajes {s}", "Hidráulica {s}"], (2, 60), 85, {"ROD": 4, "NEU": 4, "HMA": 3, "LUB": 2, "EPI": 2}, divisions="MAN"),
    Industry("install_machines", "33_20", "C", 8, ["Montajes Industriales {s}", "Instalaciones {p}"], (6, 90), 90, {"FIJ": 3, "HEL": 3, "SOL": 2, "EPI": 3, "ALM": 1}, divisions="MAN"),
    Industry("building", "41_00", "F", 12, ["Construcciones {s}", "Construcciones {s} y {t}", "Obras {p}"], (4, 120), 140, {"EPI": 4, "FIJ": 3, "HEL": 3, "HMA": 2, "ABR": 1}, industrial=False, divisions="CON"),
    Industry("electrical", "43_21", "F", 10, ["Electricidad {s}", "Instalaciones Eléctricas {s}", "Electro {p}"], (2, 45), 90, {"ELE": 5, "HMA": 3, "FIJ": 2, "EPI": 1}, industrial=False, divisions="CON"),
    Industry("plumbing", "43_22", "F", 8, ["Fontanería {s}", "Clima {p}", "Saneamientos {s}"], (2, 30), 90, {"FIJ": 3, "HMA": 3, "SOL": 2, "EPI": 1, "LIM": 1}, industrial=False, divisions="CON"),
    Industry("painting", "43_34", "F", 4, ["Pinturas {s}", "Decoraciones {s}"], (2, 18), 65, {"ABR": 4, "EPI": 3, "LIM": 2}, industrial=False, divisions="CON"),
    Industry("garage", "95_31", "T", 13, ["Talleres {s}", "Auto {p}", "Automóviles {s}", "Neumáticos {s}"], (2, 25), 85, {"LUB": 4, "HMA": 3, "EPI": 2, "LIM": 2, "NEU": 1}, divisions="MAN"),
    Industry("hardware_shop", "47_52", "G", 9, ["Ferretería {s}", "Suministros {s}", "Bricolaje {p}"], (2, 15), 140, {"FIJ": 4, "HMA": 4, "HEL": 2, "EPI": 2, "JAR": 2, "ABR": 1}, industrial=False, divisions="MAN"),
    Industry("farm_wholesale", "46_61", "G", 5, ["Agrorecambios {s}", "Recambios Agrícolas {p}"], (3, 20), 220, {"ROD": 5, "LUB": 3, "FIJ": 2, "JAR": 1}, season=(2, 3, 4), divisions="AGR"),
    Industry("haulage", "49_41", "H", 8, ["Transportes {s}", "Transportes {p}", "Logística {s}"], (4, 140), 120, {"LUB": 4, "ALM": 3, "EPI": 2, "LIM": 1}, divisions="MAN"),
    Industry("warehouse", "52_10", "H", 5, ["Almacenes {p}", "Logística {p}"], (15, 240), 95, {"ALM": 5, "EPI": 3, "LIM": 2, "ELE": 1}, divisions="MAN", buying=["each_site"]),
    Industry("farm", "01_11", "A", 7, ["Agropecuaria {s}", "Explotaciones {p}", "Agrícola {s}"], (2, 15), 110, {"LUB": 3, "ROD": 3, "JAR": 4, "EPI": 2, "HMA": 1}, season=(2, 3, 4, 6, 9), letter="V", divisions="AGR"),
    Industry("coop", "01_63", "A", 5, ["Cooperativa {p}", "Cooperativa Frutícola {p}"], (12, 150), 300, {"LIM": 3, "ROD": 3, "ALM": 2, "EPI": 3, "JAR": 2}, season=(6, 7, 8, 9), letter="F", divisions="AGR", buying=["purchasing_group"]),
    Industry("cleaning", "81_21", "O", 6, ["Limpiezas {s}", "Servicios Integrales {p}"], (10, 320), 28, {"LIM": 8, "EPI": 3}, industrial=False, divisions="MAN"),
    Industry("gardening", "81_30", "O", 4, ["Jardinería {s}", "Viveros {p}"], (2, 25), 60, {"JAR": 6, "EPI": 2, "HEL": 2}, industrial=False, season=(3, 4, 5, 10), divisions="AGR"),
    Industry("hotel", "55_10", "I", 3, ["Hotel {p}", "Hoteles {s}"], (12, 90), 75, {"LIM": 6, "ELE": 2, "HMA": 1}, industrial=False, season=(5, 6, 12), divisions="MAN"),
    Industry("engineering", "71_12", "N", 4, ["Ingeniería {s}", "Proyectos {p}"], (3, 60), 80, {"ELE": 3, "NEU": 2, "EPI": 1}, industrial=False),
    Industry("waste", "38_11", "E", 3, ["Reciclajes {p}", "Gestión de Residuos {s}"], (10, 120), 140, {"EPI": 4, "LUB": 3, "ROD": 2, "LIM": 2}, divisions="MAN"),
    Industry("council", "84_11", "P", 4, ["Ayuntamiento de {village}"], (12, 200), 0, {"JAR": 3, "LIM": 3, "ELE": 3, "EPI": 2, "FIJ": 1}, industrial=False, letter="P", divisions="MAN", buying=["head_office"]),
]  # fmt: skip

# res.partner.industry follows NACE Rev. 2, whose letters after J differ.
INDUSTRY_XMLIDS = {"N": "M", "O": "N", "P": "O", "T": "S"}
