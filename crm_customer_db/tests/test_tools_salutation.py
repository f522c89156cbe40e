# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import salutation
from ..tools.salutation import Title, address_form, split_name
from ..tools.salutation import salutation as opening

PROFILE = settings(deadline=None, derandomize=True, database=None, max_examples=200)
DON = Title("Don", "D.", "Doña", "D.ª")
SENOR = Title("Señor", "Sr.", "Señora", "Sra.")
DOCTOR = Title("Doctor", "Dr.", "Doctora", "Dra.")
INGENIERO = Title("Ingeniería", "Ing.")
LICENCIADO = Title("Licenciado", "Lic.", "Licenciada", "Lic.")
PROFESOR = Title("Profesor", "Prof.")
SENORA = Title("Señora", "Sra.")
EN_DOCTOR = Title("Doctor", "Dr")
EN_MR = Title("Mister", "Mr", "", "Ms")
EN_MRS = Title("Mrs", "Mrs")
TITLES = [None, DON, SENOR, DOCTOR, INGENIERO, LICENCIADO, PROFESOR, SENORA, EN_DOCTOR, EN_MR, EN_MRS]


@tagged("post_install", "-at_install", "crm_customer_db")
class TestSalutationTools(BaseCase):
    def test_doctests(self):
        self.assertEqual(doctest.testmod(salutation).failed, 0)

    def test_spanish(self):
        cases = [
            # name, title, gender, address form, letter
            ("Ana García", DON, "female", "D.ª Ana García", "Estimada D.ª Ana:"),
            ("Juan Pérez", DON, "male", "D. Juan Pérez", "Estimado D. Juan:"),
            ("Juan Pérez", DOCTOR, "male", "Dr. Juan Pérez", "Estimado Dr. Pérez:"),
            ("Ana García", DOCTOR, "female", "Dra. Ana García", "Estimada Dra. García:"),
            ("Ana García López", SENOR, "female", "Sra. Ana García López", "Estimada Sra. García López:"),
            ("Ana García", PROFESOR, "female", "Prof.ª Ana García", "Estimada Prof.ª García:"),
            ("Ana García", LICENCIADO, "female", "Lic. Ana García", "Estimada Lic. García:"),
            ("Ana García", None, "female", "Ana García", "Estimada Ana García:"),
            ("Juan Pérez", None, "male", "Juan Pérez", "Estimado Juan Pérez:"),
            # the surname can't be told: the full name
            ("José Luis Pérez", DOCTOR, "male", "Dr. José Luis Pérez", "Estimado Dr. José Luis Pérez:"),
            ("Juan de la Cruz", DOCTOR, "male", "Dr. Juan de la Cruz", "Estimado Dr. Juan de la Cruz:"),
            ("Ana María García López", DON, "female", "D.ª Ana María García López", "Estimada D.ª Ana María:"),
            ("Pérez López, Juan", DOCTOR, "male", "Dr. Juan Pérez López", "Estimado Dr. Pérez López:"),
            ("Pérez", DOCTOR, "male", "Dr. Pérez", "Estimado Dr. Pérez:"),
            # the gender is not known: no word that has one
            ("Ana García", None, False, "Ana García", "Buenos días, Ana García:"),
            ("Ana García", None, "other", "Ana García", "Buenos días, Ana García:"),
            ("Ana García", DON, False, "Ana García", "Buenos días, Ana García:"),
            ("Ana García", DOCTOR, "other", "Ana García", "Buenos días, Ana García:"),
            ("Ana García", INGENIERO, False, "Ing. Ana García", "Buenos días, Ing. García:"),
            ("Ana García", LICENCIADO, False, "Lic. Ana García", "Buenos días, Lic. García:"),
            # a title of one gender only was chosen for this person
            ("Ana García", SENORA, False, "Sra. Ana García", "Estimada Sra. García:"),
            ("Ana García", SENORA, "other", "Sra. Ana García", "Buenos días, Sra. García:"),
            ("Juan Pérez", SENORA, "male", "Sr. Juan Pérez", "Estimado Sr. Pérez:"),
            # typed in the name already
            ("Dr. Juan Pérez", DOCTOR, "male", "Dr. Juan Pérez", "Estimado Dr. Pérez:"),
            ("D. Juan Pérez", DON, "male", "D. Juan Pérez", "Estimado D. Juan:"),
        ]
        for name, title, gender, form, letter in cases:
            with self.subTest(name=name, title=title, gender=gender):
                self.assertEqual(address_form(name, title=title, gender=gender), form)
                self.assertEqual(opening(name, title=title, gender=gender), letter)

    def test_english(self):
        cases = [
            ("Juan Pérez", EN_DOCTOR, "male", "Dr Juan Pérez", "Dear Dr Pérez,"),
            ("Ana García", EN_DOCTOR, False, "Dr Ana García", "Dear Dr García,"),
            ("Ana García", EN_MR, "female", "Ms Ana García", "Dear Ms García,"),
            ("Juan Pérez", EN_MR, "male", "Mr Juan Pérez", "Dear Mr Pérez,"),
            ("Ana García", EN_MR, False, "Ana García", "Dear Ana García,"),
            ("Ana García", EN_MRS, False, "Mrs Ana García", "Dear Mrs García,"),
            ("Ana García", None, "female", "Ana García", "Dear Ana García,"),
            ("Mary Ann de Souza", EN_DOCTOR, "female", "Dr Mary Ann de Souza", "Dear Dr Mary Ann de Souza,"),
        ]
        for name, title, gender, form, letter in cases:
            with self.subTest(name=name, title=title, gender=gender):
                how = {"title": title, "gender": gender, "lang": "en_GB"}
                self.assertEqual(address_form(name, **how), form)
                self.assertEqual(opening(name, **how), letter)

    def test_informal(self):
        self.assertEqual(opening("Ana García", gender="female", formality="informal"), "Hola, Ana:")
        self.assertEqual(opening("Ana García", title=DOCTOR, formality="informal"), "Hola, Ana:")
        self.assertEqual(opening("José Luis Pérez", formality="informal"), "Hola, José Luis Pérez:")
        self.assertEqual(opening("Ana García", lang="en_US", formality="informal"), "Dear Ana,")
        self.assertEqual(opening("Ana García", lang="fr_FR", formality="informal"), "Ana,")
        with self.assertRaisesRegex(ValueError, "formal or informal"):
            opening("Ana", formality="cool")

    def test_companies_and_empty_names(self):
        acme = {"name": "Suministros Ebro", "is_company": True, "title": DON, "gender": "male"}
        self.assertEqual(address_form(**acme), "Suministros Ebro")
        self.assertEqual(opening(**acme), "Estimados señores:")
        self.assertEqual(opening(**acme, formality="informal"), "Hola, equipo de Suministros Ebro:")
        self.assertEqual(opening(**acme, lang="en_US"), "Dear Suministros Ebro team,")
        self.assertEqual(opening(**acme, lang="de_DE"), "Suministros Ebro,")
        for nothing in ("", None, False, "  "):
            self.assertEqual(address_form(nothing, title=DOCTOR, gender="male"), "")
            self.assertEqual(opening(nothing), "Buenos días:")
            self.assertEqual(opening(nothing, lang="en_US"), "Dear Sir or Madam,")
            self.assertEqual(opening(nothing, lang=False), "")

    def test_other_languages_have_the_name_alone(self):
        self.assertEqual(opening("Ana García", title=DOCTOR, gender="female", lang="fr_FR"), "Ana García,")
        self.assertEqual(address_form("Ana García", title=DOCTOR, gender="female", lang=False), "Ana García")

    def test_known_first_and_last_name(self):
        how = {"first_name": "José Luis", "last_name": "de la Cruz", "gender": "male"}
        name = "José Luis de la Cruz"
        self.assertEqual(opening(name, title=DOCTOR, **how), "Estimado Dr. de la Cruz:")
        self.assertEqual(opening(name, title=DON, **how), "Estimado D. José Luis:")
        self.assertEqual(opening(name, formality="informal", **how), "Hola, José Luis:")
        self.assertEqual(opening(None, first_name="Ana", formality="informal"), "Hola, Ana:")

    def test_title_as_dict(self):
        self.assertEqual(opening("Ana García", title=DON._asdict(), gender="female"), "Estimada D.ª Ana:")
        self.assertEqual(opening("Ana García", title={"name": "Doña"}), "Estimada Doña Ana:")

    def test_split_name(self):
        self.assertEqual(split_name("Juan Pérez López"), ("Juan", "Pérez López"))
        self.assertEqual(split_name("Ana María García López"), ("Ana María", "García López"))
        for unsure in (
            "",
            None,
            "Ana",
            "José Luis",
            "María José Pérez",
            "Juan de Dios",
            "J. Pérez",
            "John Smith Jr.",
            "Smith, Jr.",
            "A, B, C",
            "Ana García y Juan Pérez",
            "Vincent van Gogh",
            "Luis R2 Pérez",
        ):
            self.assertEqual(split_name(unsure), ("", ""), unsure)

    @PROFILE
    @given(st.text(max_size=30), st.sampled_from(TITLES), st.sampled_from(["es_ES", "en_US", "fr_FR", False]))
    def test_unknown_gender_shows_none(self, name, title, lang):
        """Whatever the name and the pair of titles, no gendered opening; no crash."""
        letter = opening(name, title=title, lang=lang)
        if title not in (SENORA, EN_MRS):
            self.assertFalse(letter.startswith(("Estimado ", "Estimada ")))
        if letter:
            self.assertIn(letter[-1], ":,")

    @PROFILE
    @given(st.text(max_size=30), st.sampled_from(TITLES), st.sampled_from(["male", "female", "other", False]))
    def test_name_is_kept(self, name, title, gender):
        form = address_form(name, title=title, gender=gender)
        for word in name.split()[1:] if "," not in name else ():
            self.assertIn(word, form)
