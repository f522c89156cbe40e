# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Words that addresses are made of, by language, and how each country writes them.

Only data: the engine is in :mod:`.address`. All words are lower case and without
accents, because the engine compares them with a folded copy of the text. A final
full stop is always optional and need not be listed.

Four kinds of words stand beside a number or letter:

* *floor* and *door* labels only repeat the name of the box (piso, puerta, floor,
  étage, Int., Apt): they stay **outside** the part, whose value is ``3`` or ``B``;
* *unit* words say something (local, oficina, nave, Suite): they are **inside** the
  door, whose value is ``local 4``;
* *extra* words (bloque, escalera, portal, edificio) belong to no part.

Sources: the street types and abbreviations of the Spanish INE and Catastro
("abreviaturas de tipos de vía", planta and puerta codes), Correos' "Normas de
direccionamiento", UPU S42 country sheets, USPS Publication 28 appendix C2.
"""

from dataclasses import dataclass, field


def _words(text):
    return frozenset(text.split())


@dataclass(frozen=True)
class Lexicon:
    """The words of one language; every field is a space-separated list
    (``_`` stands for a space inside an entry)."""

    street: str = ""
    street_suffix: str = ""  # word endings: ...strasse
    number_label: str = ""
    number_word: str = ""  # regex alternatives that are a number by themselves
    number_suffix: str = ""
    floor_label: str = ""
    floor_after: str = ""  # label after an ordinal: "3a planta", "3rd floor"
    floor_word: str = ""
    floor_word_number: str = ""  # words that may carry a number: sotano 2
    ordinal: str = "(?!)"  # regex: what follows the digits of an ordinal
    door_label: str = ""
    door_word: str = ""
    unit: str = ""
    lot: str = ""  # take the place of the number where there is none
    extra: str = ""
    cross: str = ""  # cross streets: everything up to the comma
    floor_regex: str = "(?!)"  # further floors, whole: "3. OG"
    bare_ordinal: bool = False  # "3º" alone is a floor; else "3rd" needs its "floor"
    bare_floor: bool = False  # "12, 3 B" is floor and door
    seen: str = field(default="", repr=False)  # further words that betray it


LEXICONS = {
    # Castilian, with Catalan, Galician and Basque as they stand in Spanish files
    "es": Lexicon(
        street=(
            "calle c c/ cl cll cale avenida avda avd av avgda avinguda plaza pza plza plz"
            " plaça placa praza paseo pso pº ps passeig pg pasaje pje psje passatge ptge"
            " carretera ctra crta carrer cr carrera cra kra ronda rda rambla rbla travesia trva"
            " trav travessera camino cno cami cm glorieta gta urbanizacion urb poligono pol"
            " pgno pol_ind poligono_industrial rua r/ praca callejon cjon cuesta bulevar blvd"
            " boulevard calzada calz autovia autopista via gran_via barrio bº kalea kale"
            " etorbidea costanilla alameda corredera prolongacion prol privada priv cerrada"
            " circuito diagonal transversal tv dg jiron jr parque_empresarial"
            " parque_tecnologico diseminado partida pda lugar aldea"
        ),
        number_label=("no_ext num_ext nº_ext numero_exterior numero num nº nro no n ext # núm"),
        number_word=(
            r"s\s?/\s?n(?:[ºo]|um|ro)?|s\.\s?n\.|s-n|sn|sin\snumero"
            r"|(?:km|kms|k\.m|p\.\s?k|pk|p\.\s?km|punto\skilometrico|kilometro)\.?\s?"
            r"\d{1,4}(?:[.,+']\d{1,3})?"
        ),
        number_suffix="bis ter quater dpdo dupdo dup dupl duplicado tpdo triplicado",
        floor_label="piso planta plta pta_planta pl pla pso nivel niv pis solairua andar p",
        floor_after="piso planta plta pis andar solairua",
        floor_word=(
            "planta_baja pta_baja plta_baja pl_baja planta_baixa piso_bajo bajos bajo bjo bj baixos baixo bxs"
            " entresuelo entresol entreplanta entrepiso entlo entpl entl ent etlo"
            " planta_principal principal pral ppal prpal prl sobreatico sobreatic s/atico"
            " atico atic atc buhardilla altillo azotea mezzanine mezanine"
            " p.b pb p.baja penthouse ph beheko behea primero primer segundo tercero tercer"
            " cuarto quinto sexto septimo octavo noveno decimo primera segunda tercera"
            " cuarta quinta sexta septima"
        ),
        floor_word_number="semisotano sotano ssotano subsuelo sot",
        ordinal=(
            r"\.?\s?[ºª]|(?:er|ero|ro|ra|do|da|to|ta|mo|ma|vo|va|no|na|o)(?![^\W_])\.?"
            r"|(?<=1)r(?![^\W_])|(?<=3)r(?![^\W_])|(?<=2)n(?![^\W_])|(?<=4)t(?![^\W_])"
        ),
        door_label=(
            "puerta pta p.ta ptas pt letra dpto depto dto departamento apto apartamento apart"
            " apt interior int no_int num_int nº_int vivienda viv atea"
        ),
        door_word=(
            "izquierda izqda izqd izda izq iz derecha drcha dcha dcho dch der dta dr dreta"
            " esquerra esquerda esq ezkerra ezker ezk eskuina eskuma esk centro ctro cntro"
            " centre cto central exterior ext interior int frente contrafrente fondo"
        ),
        unit=(
            "local loc lc oficina ofic ofna of nave naves despacho desp consultorio modulo"
            " mod stand bodega garaje trastero tienda loft estudio suite habitacion hab"
            " puesto casa chalet bungalow cochera taller caseta"
        ),
        lot="parcela parc solar lote lt mz mza manzana sm smz villa casa chalet",
        extra=(
            "bloque bloq blq bque blque bl portal ptal port escalera escal esc es edificio edif"
            " ed torre fase urbanizacion urb manzana mz mza parcela parc solar lote lt"
            " sector conjunto residencial residencia complejo centro_comercial c.c barrio"
            " barriada bda bº colonia col fraccionamiento fracc entrada acceso cuerpo ala"
            " nucleo zona bq poligono pol_ind"
        ),
        cross="x por entre e/ esq esquina casi",
        bare_ordinal=True,
        bare_floor=True,
        seen="de del la las los el y san santa",
    ),
    "pt": Lexicon(
        street=(
            "rua r r/ avenida av avª praca pca pc travessa tv largo lg estrada est rodovia"
            " rod alameda al beco quinta calcada bairro urbanizacao zona_industrial"
        ),
        number_label="numero num nº no n #",
        number_word=r"s\s?/\s?n[ºo]?|s\.\s?n\.|sem\snumero|km\.?\s?\d{1,4}(?:[.,+]\d{1,3})?",
        number_suffix="bis ter",
        floor_label="andar piso",
        floor_after="andar piso",
        floor_word="res_do_chao res-do-chao r/c rc cave sub-cave subcave terreo cobertura sobreloja sotao",
        ordinal=r"\.?\s?[ºª]|[oa](?![^\W_])",
        door_label="apartamento apto apt ap porta pta letra fracao",
        door_word="esquerdo esqdo esq eto direito dto drt dir frente fte frt centro ctr",
        unit="sala sl loja lj conjunto conj cj escritorio armazem galpao pavilhao casa",
        lot="lote quadra qd lt",
        extra="bloco bl edificio edf ed torre lote lt quadra qd escada entrada fase predio",
        cross="esquina",
        bare_ordinal=True,
        bare_floor=True,
        seen="do da dos das",
    ),
    "it": Lexicon(
        street="via viale v.le piazza p.za piazzale p.le corso c.so largo vicolo strada"
        " str contrada c.da localita loc borgo lungomare lungarno galleria salita",
        number_label="numero nr n nº civ",
        number_word=r"s\.?\s?n\.?\s?c\.?|s/n|km\.?\s?\d{1,4}(?:[.,+]\d{1,3})?",
        number_suffix="bis ter quater",
        floor_label="piano p",
        floor_after="piano p",
        floor_word="piano_terra p.t pt piano_rialzato seminterrato attico ammezzato",
        ordinal=r"\.?\s?[ºª]",
        bare_ordinal=True,
        door_label="interno int porta appartamento app",
        door_word="sinistra sx destra dx",
        unit="ufficio negozio capannone",
        extra="scala sc edificio ed palazzina pal torre lotto isolato",
        cross="angolo ang",
        seen="della del dei delle",
    ),
    "en": Lexicon(
        street=(
            "street st road rd avenue ave av lane ln drive dr court ct boulevard blvd"
            " square sq terrace ter place pl crescent cres close mews gardens gdns way"
            " parkway pkwy highway hwy circle cir trail quay row walk grove hill broadway"
        ),
        number_label="no nr",
        number_suffix="bis 1/2 1/4 3/4",
        floor_label="floor fl level lvl",
        floor_after="floor flr fl level",
        floor_word=(
            "ground_floor first_floor second_floor third_floor fourth_floor fifth_floor"
            " top_floor upper_floor lower_ground_floor lower_ground upper_ground basement"
            " mezzanine penthouse attic"
        ),
        ordinal=r"(?:st|nd|rd|th)(?![^\W_])",
        door_label="apartment apt flat door m lok kv",
        unit="suite ste unit office room rm studio shop warehouse hangar bay dept lot # shed",
        lot="lot",
        extra="building bldg block blk tower wing entrance staircase stair phase",
    ),
    "de": Lexicon(
        street="strasse straße str allee platz pl gasse ring weg damm chaussee ufer am an"
        " im in auf zum zur unter markt",
        street_suffix="strasse straße str gasse allee platz weg ring damm ufer",
        number_label="nr",
        number_word=r"o\.?\s?nr\.?",
        floor_label="etage stock stockwerk og geschoss",
        floor_after="etage stock stockwerk",
        floor_word=(
            "erdgeschoss dachgeschoss hochparterre souterrain parterre keller"
            r" eg dg hp ug"
        ),
        ordinal=r"\.",
        floor_regex=r"\d{1,2}\.?\s?(?:og|ug|obergeschoss|untergeschoss|ogl|ogr)(?![^\W_])",
        door_label="wohnung whg wohn tur tuer top",
        door_word="links li rechts re mitte mi vorne hinten",
        unit="buro zimmer zi raum halle laden",
        extra="haus gebaude geb block aufgang treppe stiege eingang hinterhaus hh",
        seen="des der dem",
    ),
    "fr": Lexicon(
        street=(
            "rue r avenue av ave boulevard bd bld boul place pl chemin ch che chem allee"
            " all allees impasse imp route rte quai cours square sq passage faubourg fbg"
            " cite residence lotissement hameau sentier ruelle villa esplanade rond-point"
            " chaussee zone_industrielle zi za zac"
        ),
        number_label="numero no nº n",
        number_word=r"km\.?\s?\d{1,4}(?:[.,+]\d{1,3})?",
        number_suffix="bis ter quater",
        floor_label="etage niveau",
        floor_after="etage niveau",
        floor_word="rez-de-chaussee rez_de_chaussee rdc rez sous-sol entresol rez-de-jardin",
        ordinal=r"(?:er|ere|eme|ieme|e|nd|nde)(?![^\W_])",
        door_label="porte pte appartement appt app apt boite bte bus",
        door_word="gauche gche droite dte face",
        unit="bureau local studio chambre",
        extra="batiment bat immeuble imm escalier esc hall residence res entree tour bloc",
        seen="de la du des",
    ),
    "nl": Lexicon(
        street="straat laan weg plein gracht kade singel steeg dreef",
        street_suffix="straat laan weg plein gracht kade singel steeg dreef",
        number_label="nr",
        number_suffix="bis hs huis",
        floor_label="verdieping etage",
        floor_after="verdieping etage",
        floor_word="begane_grond kelder",
        ordinal=r"(?:e|de|ste)(?![^\W_])",
        door_label="appartement app bus",
        unit="kamer unit",
        extra="gebouw blok toren",
    ),
}

# Extras that are no part of the building: a floor is never written after them.
DISTRICTS = _words(
    "col colonia fracc fraccionamiento barrio barriada bda bº bairro urb urbanizacion zona sector poligono pol"
    " residencial residencia residence res conjunto complejo nucleo"
)

# Whole addresses that are a box at the post office; never split.
PO_BOX = (
    r"apartado|apdo|apto\.?\s?(?:de\s)?correos|ap\.?\s?(?:de\s)?correos|a\.\s?p\.\s?\d"
    r"|casilla|p\.?\s?o\.?\s?box|post\s?office\sbox|gpo\sbox|private\sbag|locked\sbag"
    r"|postfach|b\.?\s?p\.?\s?\d|boite\spostale|caixa\spostal|casella\spostale|postbus"
    r"|skr\.\s?poczt|lista\sde\scorreos|poste\srestante"
)

# ISO 3166 code -> languages to look for, the first is what an unclear text is read as.
COUNTRY_LANGUAGES = dict.fromkeys(
    _words("ES MX AR CO CL PE VE EC GT CU BO DO HN PY SV NI CR PA UY GQ AD"),
    ("es",),
)
COUNTRY_LANGUAGES.update(dict.fromkeys(["GB", "IE", "AU", "NZ", "ZA", "SG", "IN", "MT"], ("en",)))
COUNTRY_LANGUAGES.update(
    US=("en", "es"),
    PR=("es", "en"),
    CA=("en", "fr"),
    PT=("pt",),
    BR=("pt",),
    AO=("pt",),
    MZ=("pt",),
    IT=("it",),
    SM=("it",),
    DE=("de",),
    AT=("de",),
    LI=("de",),
    CH=("de", "fr", "it"),
    FR=("fr",),
    MC=("fr",),
    LU=("fr", "de"),
    BE=("fr", "nl", "de"),
    NL=("nl",),
    MA=("fr", "es"),
)
NUMBER_FIRST = _words("US CA GB IE AU NZ ZA SG IN MT FR MC LU MA TN DZ SN CI PH MY HK TH LK KE NG")


@dataclass(frozen=True)
class Convention:
    """How a country inserts a part that was not there; ``{}`` is the value.

    ``*_self`` is for values that say themselves what they are (*3º*, *bajo*,
    *local 4*, *Suite 200*), ``door_near`` for a door written right after the floor.
    ``floor_ordinal`` is for *3rd*, *3e*. With ``before`` the door goes in front of
    the house number.
    """

    number: tuple = (" {}", ", {}", " nº {}")
    floor: str = ", piso {}"
    floor_self: str = ", {}"
    floor_ordinal: str = ", {}"
    door: str = ", puerta {}"
    door_self: str = ", {}"
    door_near: str = ""
    before: bool = False


_LATIN = Convention(floor=", Piso {}", floor_ordinal=", Piso {}", door=", Dpto. {}")
_ENGLISH = Convention(number=("{} ", "{}, "), floor=", Floor {}", floor_ordinal=", {} Floor", door=", Apt {}")
_BRITISH = Convention(
    number=("{} ", "{}, "),
    floor="Floor {}, ",
    floor_self="{}, ",
    floor_ordinal="{} Floor, ",
    door="Flat {}, ",
    door_self="{}, ",
    before=True,
)
LANGUAGE_CONVENTION = {
    "es": Convention(door_near=" {}"),
    "pt": Convention(floor=", andar {}", door=", apto. {}", door_near=" {}"),
    "it": Convention(
        number=(" {}", ", {}", " n. {}"),
        floor=", piano {}",
        floor_ordinal=", {} piano",
        door=", int. {}",
    ),
    "en": _ENGLISH,
    "de": Convention(
        number=(" {}", ", {}", " Nr. {}"),
        floor=", Etage {}",
        floor_ordinal=", {} Etage",
        door=", Whg. {}",
        door_near=" {}",
    ),
    "fr": Convention(
        number=("{} ", "{}, "),
        floor=", étage {}",
        floor_ordinal=", {} étage",
        door=", porte {}",
    ),
    "nl": Convention(
        number=(" {}", ", {}", " nr. {}"),
        floor=", etage {}",
        floor_ordinal=", {} verdieping",
        door=", app. {}",
    ),
}
COUNTRY_CONVENTION = dict.fromkeys(["AR", "UY", "PY", "PE", "EC", "BO", "VE", "CR", "PA", "DO", "CU"], _LATIN)
COUNTRY_CONVENTION.update(dict.fromkeys(["GB", "IE", "AU", "NZ", "ZA"], _BRITISH))
COUNTRY_CONVENTION.update(
    MX=Convention(
        number=(" {}", ", {}", " No. {}"),
        floor=" Piso {}",
        floor_ordinal=" Piso {}",
        door=" Int. {}",
    ),
    CO=Convention(
        number=(" # {}", " No. {}"),
        floor=", Piso {}",
        floor_ordinal=", Piso {}",
        door=", Apto. {}",
    ),
    CL=Convention(floor=", Piso {}", floor_ordinal=", Piso {}", door=", Depto. {}"),
    BR=Convention(
        number=(", {}", " {}", " nº {}"),
        floor=", andar {}",
        floor_ordinal=", {} andar",
        door=", apto. {}",
    ),
    BE=Convention(
        number=(" {}", ", {}", " nº {}"),
        floor=", étage {}",
        floor_ordinal=", {} étage",
        door=", bte {}",
    ),
)
