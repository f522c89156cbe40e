import re
from collections import Counter

from odoo.tests import TransactionCase, tagged

REV_2 = "NACE Rev. 2"
REV_21 = "NACE Rev. 2.1"

# Entries per level of the European list, and the classes that only the Spanish list has.
EXPECTED = {
    REV_2: {"prefix": "nace_r2_", "levels": [21, 88, 272, 615], "national": ("cnae_2009_", 25)},
    REV_21: {"prefix": "nace_r21_", "levels": [22, 87, 287, 651], "national": ("cnae_2025_", 25)},
}
LEVELS = [r"[A-V]", r"\d\d", r"\d\d\.\d", r"\d\d\.\d\d"]

# CNAE splits these classes of NACE into its own; RD 475/2007 counts 629 classes, RD 10/2025 664.
SPLIT_BY_CNAE = {
    REV_2: "10.20 10.41 10.51 35.11 41.20 59.11 59.13 85.42 87.30 88.10 91.01",
    REV_21: "10.20 10.41 10.51 23.61 25.11 41.00 59.11 59.13 66.12 85.40 87.30 88.10",
}
CNAE_CLASSES = {REV_2: 629, REV_21: 664}

CATALOGUES = {
    "crm.customer.nace": ["name"],
    "crm.customer.profession": ["name"],
    "crm.customer.title": [
        "name",
        "abbreviation",
        "name_feminine",
        "abbreviation_feminine",
    ],
    "crm.customer.contact.role": ["name"],
    "crm.customer.asset": ["name"],
    "crm.customer.channel": ["name"],
    "crm.customer.buying.procedure": ["name"],
}
CODES = {
    "crm.customer.contact.role": "decides influences uses buys pays technical",
    "crm.customer.channel": "own_shop own_web marketplace sales_force telesales distributor post",
    "crm.customer.buying.procedure": "direct quotations tender framework marketplace",
}
# Words that a title shares in both languages.
SAME_IN_SPANISH = {"Don", "D.", "Doña", "D.ª", "Doctor", "Dr.", "Prof.", "Lic."}


@tagged("post_install", "-at_install", "crm_customer_db")
class TestCatalogueData(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US", active_test=False))
        cls.env["res.lang"]._activate_lang("es_ES")
        # overwrite: what an administrator changed by hand is not what is tested here
        cls.env["ir.module.module"]._load_module_terms(["crm_customer_db"], ["es_ES"], overwrite=True)
        cls.env.invalidate_all()

    def _shipped(self, model, prefix=""):
        """{external id without the module: record} of what the addon ships."""
        data = (
            self.env["ir.model.data"]
            .sudo()
            .search(
                [
                    ("module", "=", "crm_customer_db"),
                    ("model", "=", model),
                    ("name", "=like", prefix.replace("_", r"\_") + "%"),
                ]
            )
        )
        records = self.env[model].browse(data.mapped("res_id"))
        return dict(zip(data.mapped("name"), records, strict=True))

    def _activities(self, version):
        """Shipped activities of one edition: those of NACE, and those of CNAE only."""
        expected = EXPECTED[version]
        return (
            self._shipped("crm.customer.nace", expected["prefix"]),
            self._shipped("crm.customer.nace", expected["national"][0]),
        )

    def test_nace_counts_per_level(self):
        """Both editions are whole, level by level, as their regulations count them."""
        for version, expected in EXPECTED.items():
            european, national = self._activities(version)
            found = Counter()
            for activity in european.values():
                self.assertEqual(activity.version, version)
                found.update(level for level, form in enumerate(LEVELS) if re.fullmatch(form, activity.code))
            self.assertEqual([found[level] for level in range(4)], expected["levels"], version)
            self.assertEqual(len(national), expected["national"][1], version)
            self.assertEqual({activity.version for activity in national.values()}, {version})

    def test_cnae_is_whole(self):
        """What is left without the classes that CNAE splits is CNAE, class by class."""
        for version, split in SPLIT_BY_CNAE.items():
            european, national = self._activities(version)
            classes = {a.code for a in european.values() if re.fullmatch(LEVELS[3], a.code)}
            own = {activity.code for activity in national.values()}
            self.assertFalse(classes & own, version)
            self.assertTrue(set(split.split()) < classes, version)
            self.assertEqual(len(classes - set(split.split()) | own), CNAE_CLASSES[version])

    def test_nace_tree(self):
        """Every entry hangs under the one its code says; only sections have no parent."""
        for version in EXPECTED:
            european, national = self._activities(version)
            children = Counter()
            for xmlid, activity in (european | national).items():
                parent = activity.parent_id
                children[parent.id] += 1
                with self.subTest(version=version, xmlid=xmlid):
                    self.assertTrue(xmlid.endswith(f"_{activity.code.replace('.', '_')}"))
                    if activity.code.isalpha():
                        self.assertFalse(parent)
                        continue
                    self.assertEqual(parent.version, version)
                    if len(activity.code) == 2:
                        self.assertTrue(parent.code.isalpha())
                    else:
                        above = {4: activity.code[:2], 5: activity.code[:4]}[len(activity.code)]
                        self.assertEqual(parent.code, above)
            for activity in european.values():
                if not re.fullmatch(LEVELS[3], activity.code):
                    self.assertTrue(children[activity.id], f"{activity.code} has no parts")

    def test_codes_are_unique(self):
        for version in EXPECTED:
            codes = Counter(activity.code for part in self._activities(version) for activity in part.values())
            self.assertFalse([code for code, n in codes.items() if n > 1], version)
        for model in ("crm.customer.profession", *CODES):
            codes = Counter(record.code for record in self._shipped(model).values())
            self.assertFalse([code for code, n in codes.items() if n > 1], model)

    def test_successors(self):
        """Every class of the older edition leads to classes of the newer one."""
        european, national = self._activities(REV_2)
        for activity in (european | national).values():
            successors = activity.successor_ids
            if not re.fullmatch(LEVELS[3], activity.code):
                self.assertFalse(successors, activity.code)
                continue
            self.assertTrue(successors, activity.code)
            for successor in successors:
                self.assertEqual(successor.version, REV_21)
                self.assertRegex(successor.code, LEVELS[3])
        for part in self._activities(REV_21):
            for activity in part.values():
                self.assertFalse(activity.successor_ids, activity.code)

        def newer(code):
            return sorted(european[f"nace_r2_{code}"].successor_ids.mapped("code"))

        self.assertEqual(newer("01_12"), ["01.12"])  # unchanged
        self.assertEqual(newer("62_01"), ["62.10"])  # a new number
        self.assertEqual(newer("43_91"), ["43.41"])  # 43.91 means something else now
        self.assertEqual(newer("01_19"), ["01.13", "01.19"])  # split
        self.assertEqual(national["cnae_2009_10_43"].successor_ids.mapped("code"), ["10.43"])

    def test_known_names(self):
        """A few names, letter by letter, in both languages."""
        for xmlid, english, spanish in (
            (
                "nace_r2_01_11",
                "Growing of cereals (except rice), leguminous crops and oil seeds",
                "Cultivo de cereales (excepto arroz), leguminosas y semillas oleaginosas",
            ),
            (
                "nace_r2_O",
                "Public administration and defence; compulsory social security",
                "Administración Pública y defensa; Seguridad Social obligatoria",
            ),
            (
                "nace_r21_60_39",
                "Other content distribution activities",
                "Otras actividades de distribución de contenidos",
            ),
            ("cnae_2009_10_43", "Manufacture of olive oil", "Fabricación de aceite de oliva"),
            ("profession_isco08_82", "Assemblers", "Ensambladores"),
        ):
            record = self.env.ref(f"crm_customer_db.{xmlid}")
            self.assertEqual(record.name, english)
            self.assertEqual(record.with_context(lang="es_ES").name, spanish)

    def test_professions(self):
        """ISCO-08 has 43 sub-major groups of two digits."""
        professions = self._shipped("crm.customer.profession")
        self.assertEqual(len(professions), 43)
        for xmlid, profession in professions.items():
            self.assertRegex(profession.code, r"^\d\d$")
            self.assertEqual(xmlid, f"profession_isco08_{profession.code}")
        groups = Counter(profession.code[0] for profession in professions.values())
        self.assertEqual([groups[str(major)] for major in range(10)], [3, 4, 6, 5, 4, 4, 3, 5, 3, 6])

    def test_codes_others_rely_on(self):
        for model, codes in CODES.items():
            found = {record.code for record in self._shipped(model).values()}
            self.assertEqual(found, set(codes.split()), model)

    def test_texts(self):
        """No damaged letters, stray spaces or quotes, in either language."""
        for model, names in CATALOGUES.items():
            records = self._shipped(model)
            self.assertTrue(records, model)
            for lang in ("en_US", "es_ES"):
                for xmlid, record in records.items():
                    for name in names:
                        text = record.with_context(lang=lang)[name]
                        with self.subTest(xmlid=xmlid, field=name, lang=lang):
                            self.assertTrue(text)
                            self.assertEqual(text, " ".join(text.split()))
                            self.assertFalse(text.isupper() and len(text) > 4)
                            self.assertTrue(text[0].isupper())
                            # "Ã" stands where UTF-8 was read as Latin-1
                            self.assertNotRegex(text, r"[Ã\u0080-\u009f\ufffd?\"«»“”‘’´`]")
                            self.assertNotRegex(text, r"\s[,;.)]|\(\s|,,|;;")
                            self.assertEqual(text.count("("), text.count(")"))
                            if lang == "es_ES":
                                self.assertNotIn("'", text)

    def test_spanish_is_there(self):
        """Whoever reads Spanish reads Spanish."""
        for model, names in CATALOGUES.items():
            for xmlid, record in self._shipped(model).items():
                for name in names:
                    english = record[name]
                    spanish = record.with_context(lang="es_ES")[name]
                    if model == "crm.customer.title" and english in SAME_IN_SPANISH:
                        continue
                    self.assertNotEqual(english, spanish, f"{xmlid},{name}")
