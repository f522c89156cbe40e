# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest
import itertools
import time

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import address, address_parser
from .address_examples import examples

PROFILE = settings(deadline=None, derandomize=True, database=None, max_examples=150)
COUNTRIES = st.sampled_from(
    ["ES", "MX", "AR", "CO", "US", "GB", "DE", "FR", "BE", "PT", "BR", "IT", "NL", "PL"] + [None]
)
# words that mean something to the grammar, glued at random
TOKENS = (
    *(", ", ",", " - ", "-", "/", ".", "'", '"', " ", "  ", "\n", "12", "3", "3º", "2ª", "B", "bis", "s/n"),
    *("km 4,2", "nº", "#", "piso", "planta", "puerta", "pta.", "Int.", "Apt", "Flat", "bajo", "ático", "izda"),
    *("local 4", "nave 7", "bloque 3", "esc. B", "3. OG", "3rd Floor", "x 20 y 22", "Apdo. 123", "Mz 4 Lt 12"),
    *("Calle Mayor", "C/", "Avenida", "9 de Julio", "rue", "High Street", "Hauptstraße", "edificio Sol"),
)
ADDRESSISH = st.lists(st.sampled_from(TOKENS), max_size=12).map(" ".join) | st.lists(
    st.sampled_from(TOKENS), max_size=12
).map("".join)
LINES = st.none() | st.just(False) | st.text(max_size=60) | ADDRESSISH

NAMES = {
    "ES": "Calle Mayor|C/ 2 de Mayo|Avenida 9 de Julio|Gran Vía|Calle 31|Rúa do Vilar",
    "AR": "Av. Corrientes|Rivadavia|Av. 9 de Julio",
    "MX": "Av. Juárez|Calle 5 de Mayo|Calle 60",
    "CO": "Calle 26|Carrera 7",
    "GB": "High Street|Station Rd",
    "US": "Main St|5th Ave|Pennsylvania Ave NW",
    "DE": "Hauptstraße|Straße des 17. Juni|Am Markt",
    "FR": "rue de la Paix|boulevard Haussmann",
    "IT": "Via Roma",
    "PT": "Rua Augusta",
    "BR": "Avenida Paulista",
    None: "Calle Mayor",
}
NUMBERS = {"ES": "12|14 bis|s/n|20-B|12-14|22 dpdo.|km 4,2", "CO": "13-19|71-21"}
FLOORS = {
    "ES": "3º|3|bajo|ático|entlo.|sótano 2|1ª",
    "AR": "3|3°|PB",
    "GB": "3|3rd|Ground Floor",
    "US": "3|3rd|Basement",
    "DE": "3. OG|EG|3|3.",
    "FR": "3e|3|RDC",
}
DOORS = {
    "ES": "B|izda|2ª|dcha.|local 4|2|nave 7|12",
    "GB": "2|2B|Unit 5|Suite 3",
    "US": "4B|Suite 200|B",
    "DE": "links|5",
}


@st.composite
def wanted_parts(draw, country=None):
    """A country and four parts in its manner; all but the name may be empty."""
    country = country or draw(st.sampled_from(list(NAMES)))

    def one_of(table, default):
        return draw(st.sampled_from([*table.get(country, default).split("|"), ""]))

    parts = {
        "name": draw(st.sampled_from(NAMES[country].split("|"))),
        "number": one_of(NUMBERS, "12"),
        "floor": one_of(FLOORS, "3"),
        "door": one_of(DOORS, "4"),
    }
    return country, parts


def is_subsequence(short, long):
    remaining = iter(long)
    return all(char in remaining for char in short)


@tagged("post_install", "-at_install", "crm_customer_db")
class TestAddressTools(BaseCase):
    def test_doctests(self):
        for module in (address, address_parser):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_examples(self):
        """Written-out addresses of many countries, part by part."""
        count = 0
        for country, street, street2, expected in examples():
            parsed = address.parse(street, street2, country)
            with self.subTest(country=country, street=street, street2=street2):
                self.assertEqual(parsed.parts, expected)
                self.assertEqual(parsed.compose(), (street, street2))
                again = address.replace(street, street2, country, **expected)
                self.assertEqual(again, (street, street2))
            count += 1
        self.assertGreaterEqual(count, 70)

    def test_replace_in_place(self):
        """Everything but the part keeps its place and its punctuation."""
        cases = [
            ("ES", "Calle Mayor, 12, 3º B", None, {"number": "14"}, "Calle Mayor, 14, 3º B"),
            ("ES", "Calle Mayor 12 3º B", None, {"floor": "4º"}, "Calle Mayor 12 4º B"),
            ("ES", "Calle Mayor 12, 3-B", None, {"door": "C"}, "Calle Mayor 12, 3-C"),
            ("ES", "C/Mayor,12,3ºB", None, {"floor": "bajo"}, "C/Mayor,12,bajo B"),
            ("ES", "C/ Mayor nº 12", None, {"number": "s/n"}, "C/ Mayor s/n"),
            ("ES", "C/ Mayor nº 12", None, {"number": "14"}, "C/ Mayor nº 14"),
            ("ES", "C/ Mayor s/n", None, {"number": "3"}, "C/ Mayor 3"),
            ("ES", "C/ Sol 12, planta 3, puerta 2", None, {"floor": "4"}, "C/ Sol 12, planta 4, puerta 2"),
            ("ES", "C/ Sol 12, piso 3", None, {"floor": "ático"}, "C/ Sol 12, ático"),
            ("ES", "C/ Sol 12, pta. 2", None, {"door": "local 4"}, "C/ Sol 12, local 4"),
            (
                "ES",
                "C/ Sol 5, bloque 3, esc. B, 4º izda",
                None,
                {"door": "dcha"},
                "C/ Sol 5, bloque 3, esc. B, 4º dcha",
            ),
            ("ES", "Avenida 9 de Julio 1234", None, {"name": "Calle 2 de Mayo"}, "Calle 2 de Mayo 1234"),
            ("MX", "C. 31 nº 412 x 20 y 22", None, {"number": "414"}, "C. 31 nº 414 x 20 y 22"),
            ("AR", 'Av. Corrientes 1234 Piso 3° "B"', None, {"door": "C"}, 'Av. Corrientes 1234 Piso 3° "C"'),
            ("GB", "Flat 2, 12 High Street", None, {"door": "3", "number": "14"}, "Flat 3, 14 High Street"),
            (
                "FR",
                "12 bis, rue de la Paix, 3e étage, porte B",
                None,
                {"floor": "2e"},
                "12 bis, rue de la Paix, 2e étage, porte B",
            ),
            ("DE", "Hauptstr. 12a, 3. OG links", None, {"number": "14"}, "Hauptstr. 14, 3. OG links"),
        ]
        for country, street, street2, parts, expected in cases:
            with self.subTest(street=street, parts=parts):
                self.assertEqual(address.replace(street, street2, country, **parts), (expected, street2))

    def test_insert(self):
        """A part that was not there is written as the country writes it."""
        whole = {"name": "Calle Mayor", "number": "12", "floor": "3º", "door": "B"}
        cases = [
            ("ES", None, whole, "Calle Mayor 12, 3º B"),
            ("ES", "Calle Mayor 12", {"floor": "3"}, "Calle Mayor 12, piso 3"),
            ("ES", "Calle Mayor 12", {"door": "B"}, "Calle Mayor 12, puerta B"),
            ("ES", "Calle Mayor 12, B", {"floor": "3º"}, "Calle Mayor 12, 3º B"),
            ("ES", "Calle Mayor 12", {"floor": "bajo", "door": "local 4"}, "Calle Mayor 12, bajo, local 4"),
            ("ES", "Calle Mayor", {"number": "s/n"}, "Calle Mayor s/n"),
            ("ES", "Ctra. N-II", {"number": "km 4,2"}, "Ctra. N-II, km 4,2"),
            ("ES", "Calle Mayor, 3º B", {"number": "12"}, "Calle Mayor 12, 3º B"),
            (
                "ES",
                "C/ Sol 5, bloque 3, esc. B",
                {"floor": "4º", "door": "izda"},
                "C/ Sol 5, bloque 3, esc. B, 4º izda",
            ),
            ("ES", "Calle Mayor 12, frente al bar", {"floor": "3º"}, "Calle Mayor 12, 3º, frente al bar"),
            ("ES", "Calle Sol 3, 2º", {"name": "Avda. Juan 23", "number": "12"}, "Avda. Juan 23 nº 12, 2º"),
            ("ES", "Calle Mayor 12, Urb. Los Pinos", {"floor": "3º"}, "Calle Mayor 12, 3º, Urb. Los Pinos"),
            ("MX", "Av. Juárez 123, Col. Centro", {"door": "4"}, "Av. Juárez 123 Int. 4, Col. Centro"),
            ("GB", "High Street", {"number": "12"}, "12 High Street"),
            ("GB", "12 High Street", {"door": "2"}, "Flat 2, 12 High Street"),
            ("US", "123 Main St", {"door": "4B"}, "123 Main St, Apt 4B"),
            ("US", "123 Main St", {"door": "Suite 200"}, "123 Main St, Suite 200"),
            ("DE", "Hauptstraße", {"number": "12", "floor": "3. OG", "door": "links"}, "Hauptstraße 12, 3. OG links"),
            ("FR", "rue de la Paix", {"number": "12 bis", "floor": "3e"}, "12 bis rue de la Paix, 3e étage"),
            ("MX", "Av. Juárez", {"number": "123", "door": "4"}, "Av. Juárez 123 Int. 4"),
            (
                "AR",
                "Av. Corrientes",
                {"number": "1234", "floor": "3", "door": "B"},
                "Av. Corrientes 1234, Piso 3, Dpto. B",
            ),
            ("CO", "Calle 26", {"number": "13-19", "door": "301"}, "Calle 26 # 13-19, Apto. 301"),
        ]
        for country, street, parts, expected in cases:
            with self.subTest(street=street, parts=parts):
                self.assertEqual(address.replace(street, None, country, **parts)[0], expected)

    def test_remove(self):
        """A part goes with its label and with the separator that belonged to it."""
        cases = [
            ("ES", "Calle Mayor 12, 3º B", {"floor": ""}, "Calle Mayor 12, B"),
            ("ES", "Calle Mayor 12, 3º B", {"door": False}, "Calle Mayor 12, 3º"),
            ("ES", "Calle Mayor 12, 3º B", {"floor": "", "door": ""}, "Calle Mayor 12"),
            ("ES", "Calle Mayor, 12, 3º B", {"number": ""}, "Calle Mayor, 3º B"),
            ("ES", "Calle Mayor nº 12", {"number": ""}, "Calle Mayor"),
            ("ES", "Calle Mayor 12", {"name": ""}, "12"),
            ("ES", "C/ Sol 12, piso 3, pta. 2", {"floor": ""}, "C/ Sol 12, pta. 2"),
            ("ES", "C/ Sol 12-3º-B", {"floor": ""}, "C/ Sol 12, B"),
            ("ES", "C/ Sol 5, esc. B, 4º izda", {"floor": "", "door": ""}, "C/ Sol 5, esc. B"),
            ("AR", 'Rivadavia 1234 3° "B"', {"door": ""}, "Rivadavia 1234 3°"),
            ("GB", "Flat 2, 12 High Street", {"door": ""}, "12 High Street"),
            ("US", "123 Main St Apt 4B", {"door": ""}, "123 Main St"),
            ("FR", "12 bis, rue de la Paix, 3e étage", {"floor": ""}, "12 bis, rue de la Paix"),
        ]
        for country, street, parts, expected in cases:
            with self.subTest(street=street, parts=parts):
                self.assertEqual(address.replace(street, None, country, **parts)[0], expected)

    def test_street2(self):
        """Floor and door stay in the line they stand in; other second lines are left."""
        change = address.replace
        self.assertEqual(change("Calle Mayor 12", "3º B", "ES", floor="4º"), ("Calle Mayor 12", "4º B"))
        self.assertEqual(change("Calle Mayor 12", "3º", "ES", door="B"), ("Calle Mayor 12", "3º B"))
        self.assertEqual(change("Calle Mayor 12", "3º B", "ES", floor="", door=""), ("Calle Mayor 12", ""))
        self.assertEqual(change("Calle Mayor 12", "c/o Ana", "ES", floor="3º"), ("Calle Mayor 12, 3º", "c/o Ana"))
        self.assertEqual(change("Calle Mayor 12", False, "ES", number="14"), ("Calle Mayor 14", False))
        self.assertEqual(change(None, None, "ES"), (None, None))
        self.assertEqual(change(False, "", "ES", name="", floor=False), (False, ""))
        with self.assertRaisesRegex(TypeError, "Unknown address part: stairs"):
            change("Calle Mayor 12", None, "ES", stairs="B")

    def test_unrecognisable_is_written_all_the_same(self):
        street, _street2 = address.replace("Calle Mayor 12", None, "ES", floor="junto a la azotea, arriba")
        self.assertIn("junto a la azotea, arriba", street)
        self.assertTrue(street.startswith("Calle Mayor 12"))

    def test_time(self):
        """Long and repetitive texts are parsed at once."""
        started = time.monotonic()
        for token in TOKENS:
            for size in (250, 10_000):
                text = ((token or " ") + " ") * size
                for country in ("ES", "US", None):
                    parsed = address.parse(text[:size], text[:size], country)
                    self.assertEqual(parsed.compose(), (text[:size], text[:size]))
                    address.replace(text[:size], None, country, floor="3º", door="B")
        self.assertLess(time.monotonic() - started, 30)

    def test_is_real_change(self):
        real = address.is_real_change
        self.assertFalse(real({"street": "Calle Mayor 12"}, {"street": " calle  MAYOR 12 "}))
        self.assertFalse(real({"street": "C/Mayor 12,3º"}, {"street": "C/ Mayor 12, 3º"}))
        self.assertFalse(real({"street2": False}, {"street2": ""}))
        self.assertFalse(real({}, {"street2": None}))
        self.assertFalse(real({"state_id": (5, "Madrid")}, {"state_id": 5}))
        self.assertFalse(real({"street": "Calle Mayor 12", "zip": "28001"}, {}))
        self.assertFalse(real({"city": "Ma\u0301laga"}, {"city": "M\u00e1laga"}))
        self.assertTrue(real({"street": "Calle 1 23"}, {"street": "Calle 12 3"}))
        self.assertTrue(real({"street": "Calle 12 3"}, {"street": "Calle 123"}))
        self.assertTrue(real({"zip": "28001"}, {"zip": "28002"}))
        self.assertTrue(real({"state_id": 5}, {"state_id": False}))

    @PROFILE
    @given(LINES, LINES, COUNTRIES)
    def test_compose_is_identity(self, street, street2, country):
        parsed = address.parse(street, street2, country)
        self.assertEqual(parsed.compose(), (street, street2))
        spans = sorted((s.line, s.outer_start, s.outer_end) for s in parsed.spans)
        for before, after in itertools.pairwise(spans):
            self.assertTrue(before[0] < after[0] or before[2] <= after[1])
        names = [span.part for span in parsed.spans if span.part in address.PARTS]
        self.assertEqual(len(names), len(set(names)))

    @PROFILE
    @given(LINES, LINES, COUNTRIES)
    def test_replace_with_own_parts_is_identity(self, street, street2, country):
        parts = address.parse(street, street2, country).parts
        self.assertEqual(address.replace(street, street2, country, **parts), (street, street2))

    @PROFILE
    @given(
        LINES,
        LINES,
        COUNTRIES,
        st.sampled_from(address.PARTS),
        st.sampled_from(["", "7", "4º", "Plaza Nueva", "bajo", "C", "local 9", "a, b"]),
    )
    def test_replace_keeps_everything_else(self, street, street2, country, part, value):
        """All characters but those of the part and its label are still there, in order."""
        parsed = address.parse(street, street2, country)
        result = address.replace(street, street2, country, **{part: value})
        for index in (0, 1):
            kept = "".join(text for role, text in parsed.pieces(index) if not role or role.split(":")[0] != part)
            kept = "".join(char for char in kept if char.isalnum())
            self.assertTrue(is_subsequence(kept, result[index] or ""))
        whole = "\n".join(line or "" for line in result)
        for other, text in parsed.parts.items():
            if other != part:
                self.assertIn(text, whole)
        self.assertIn(value, whole)

    @PROFILE
    @given(wanted_parts())
    def test_written_from_nothing_reads_back(self, wanted):
        country, parts = wanted
        lines = address.replace(None, None, country, **parts)
        self.assertEqual(address.parse(*lines, country).parts, parts)

    @PROFILE
    @given(st.data())
    def test_edited_reads_back(self, data):
        country, start = data.draw(wanted_parts())
        lines = address.replace(None, None, country, **start)
        if country:
            _country, goal = data.draw(wanted_parts(country))
        else:
            goal = {"name": "Plaza Nueva", "number": "7", "floor": "4º", "door": ""}
        chosen = data.draw(st.sets(st.sampled_from(address.PARTS)))
        change = {part: goal[part] for part in chosen}
        assume(address.parse(*lines, country).parts == start)
        lines = address.replace(*lines, country, **change)
        self.assertEqual(address.parse(*lines, country).parts, {**start, **change})
