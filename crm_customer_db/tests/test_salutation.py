# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tests import Form

from .common import CustomerDbCommon


class TestSalutation(CustomerDbCommon):
    """How a letter begins: right in both languages, never wrong about a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("es_ES")
        cls.doctor = cls.env["crm.customer.title"].create(
            {
                "name": "Doctor",
                "abbreviation": "Dr.",
                "name_feminine": "Doctor",
                "abbreviation_feminine": "Dr.",
            }
        )
        cls.doctor.with_context(lang="es_ES").write(
            {
                "name": "Doctor",
                "abbreviation": "Dr.",
                "name_feminine": "Doctora",
                "abbreviation_feminine": "Dra.",
            }
        )

    def words(self, partner, user=None):
        """Salutation and envelope as a user reads them, by default one with the group."""
        partner = self._as(user or self.user_personal, partner)
        return partner.customer_salutation, partner.customer_address_form

    def test_spanish_and_english(self):
        """Title, gender, name and language decide, in the customer's language."""
        for vals, expected in (
            ({"lang": "es_ES", "gender": "female"}, "Estimada Ana García:"),
            ({"lang": "es_ES", "gender": "male", "name": "Luis Gil"}, "Estimado Luis Gil:"),
            ({"lang": "es_ES"}, "Buenos días, Ana García:"),
            ({"lang": "es_ES", "gender": "other"}, "Buenos días, Ana García:"),
            (
                {"lang": "es_ES", "gender": "female", "customer_title_id": self.doctor.id},
                "Estimada Dra. García:",
            ),
            (
                {"lang": "es_ES", "gender": "male", "customer_title_id": self.doctor.id},
                "Estimado Dr. García:",
            ),
            ({"lang": "es_ES", "customer_title_id": self.doctor.id}, "Buenos días, Ana García:"),
            ({"lang": "es_ES", "customer_formality": "informal"}, "Hola, Ana:"),
            ({"lang": "en_US"}, "Dear Ana García,"),
            ({"lang": "en_US", "customer_formality": "informal"}, "Dear Ana,"),
            (
                {"lang": "es_ES", "name": "Metales Ebro", "is_company": True},
                "Estimados señores:",
            ),
        ):
            with self.subTest(vals=vals):
                self.assertEqual(self.words(self._person(**vals))[0], expected)

    def test_follows(self):
        """The words follow each of what they are made of, at once."""
        partner = self._person(lang="es_ES")
        seen = self._as(self.user_personal, partner)
        seen.gender = "female"
        self.assertEqual(seen.customer_salutation, "Estimada Ana García:")
        seen.customer_title_id = self.doctor
        self.assertEqual(seen.customer_salutation, "Estimada Dra. García:")
        seen.customer_formality = "informal"
        self.assertEqual(seen.customer_salutation, "Hola, Ana:")
        seen.write({"lang": "en_US", "name": "Eva Sanz"})
        self.assertEqual(seen.customer_salutation, "Dear Eva,")

    def test_neutral_for_other_readers(self):
        """Who may not know the gender reads neutral words, also right after one who may."""
        partner = self._person(lang="es_ES", gender="female", customer_title_id=self.doctor.id)
        for _turn in range(2):
            self.assertEqual(self.words(partner)[0], "Estimada Dra. García:")
            for user in (self.user_customer, self.user_sales_own, self.user_data_entry):
                with self.subTest(user=user.login):
                    opening, envelope = self.words(partner, user)
                    self.assertEqual(opening, "Buenos días, Ana García:")
                    self.assertNotIn("Dra", envelope)

    def test_typed_stays(self):
        """What was typed stays whatever changes; emptied, the derived words come back."""
        partner = self._person(lang="es_ES")
        seen = self._as(self.user_sales_own, partner)
        seen.customer_salutation = "Querida Anita:"
        seen.customer_address_form = "Anita"
        seen.write({"lang": "en_US", "name": "Eva Sanz", "customer_formality": "informal"})
        self.assertEqual(self.words(partner), ("Querida Anita:", "Anita"))
        seen.write({"customer_salutation": False, "customer_address_form": "  "})
        self.assertEqual(self.words(partner)[0], "Dear Eva,")
        self.assertIn("Eva Sanz", self.words(partner)[1])

    def test_derived_typed_again(self):
        """Typing just what was derived is no override: it keeps following."""
        partner = self._as(self.user_personal, self._person(lang="es_ES"))
        partner.customer_salutation = "Buenos días, Ana García:"
        partner.gender = "female"
        self.assertEqual(partner.customer_salutation, "Estimada Ana García:")

    def test_neutral_words_saved_by_a_reader(self):
        """One who reads neutral words and writes them back freezes them for nobody."""
        partner = self._person(lang="es_ES", gender="female")
        reader = self._as(self.user_sales_own, partner)
        reader.customer_salutation = reader.customer_salutation
        self.assertEqual(self.words(partner)[0], "Estimada Ana García:")

    def test_form_of_a_new_contact(self):
        """A form sends all it shows; what was not typed in it is not taken for typed."""
        company = self._partner(lang="es_ES")
        for user, parent in (
            (self.user_personal, False),
            (self.user_sales_own, False),
            (self.user_sales_own, company),
            (self.user_personal, company),
        ):
            with self.subTest(user=user.login, parent=bool(parent)):
                with Form(self._as(user, self.env["res.partner"]), "base.view_partner_form") as form:
                    form.name = "Ana García"
                    form.lang = "es_ES"
                    if parent:
                        form.parent_id = parent
                partner = self.env["res.partner"].browse(form.save().id)
                self.assertFalse(partner.customer_salutation_typed)
                self.assertFalse(partner.customer_address_form_typed)
                partner.gender = "female"
                self.assertEqual(self.words(partner)[0], "Estimada Ana García:")

    def test_typed_in_the_form(self):
        """An opening typed in the form is kept, for everybody who reads it."""
        partner = self._person(lang="es_ES", gender="female")
        with Form(self._as(self.user_personal, partner), "base.view_partner_form") as form:
            form.customer_salutation = "Mi estimada Ana:"
        for user in (self.user_personal, self.user_customer):
            self.assertEqual(self.words(partner, user)[0], "Mi estimada Ana:")

    def test_reader_with_the_group_per_record(self):
        """The words of many contacts read together are each one's own."""
        partners = self._person(lang="es_ES", gender="female") + self._person(
            name="Luis Gil", lang="es_ES", gender="male"
        )
        seen = self._as(self.user_personal, partners)
        self.assertEqual(seen.mapped("customer_salutation"), ["Estimada Ana García:", "Estimado Luis Gil:"])
