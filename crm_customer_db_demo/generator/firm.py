"""The firm itself: two companies with their books, people, territories and lists."""

import gc

from odoo import Command

from . import fiscal

MAIN_NAME = "Suministros Ebro, S.L."
SERVICE_NAME = "Ebro Servicios Técnicos, S.L."

# Odoo lets only these people write contacts, whatever they may sell.
CONTACTS = "base.group_partner_manager"
# login: name, job, groups, companies
LOGINS = {
    "marta": ("Marta Gimeno Lahoz", "Comercial", ["sales_team.group_sale_salesman", CONTACTS], "main"),
    "jorge": ("Jorge Blasco Pardo", "Comercial sénior", ["sales_team.group_sale_salesman_all_leads", CONTACTS], "both"),
    "lucia": ("Lucía Ferrer Andreu", "Comercial", ["sales_team.group_sale_salesman", CONTACTS], "both"),
    "carmen": (
        "Carmen Salas Monreal",
        "Contable",
        [
            "account.group_account_invoice",
            "crm_customer_db.group_customer_user",
            "crm_customer_db.group_credit_figures",
        ],
        "both",
    ),
    "pablo": (
        "Pablo Ríos Tena",
        "Responsable de marketing",
        [
            "crm_customer_db.group_customer_marketing",
            "mass_mailing.group_mass_mailing_user",
            "survey.group_survey_user",
        ],
        "both",
    ),
    "elena": ("Elena Arnal Usón", "Responsable de clientes", ["sales_team.group_sale_manager", CONTACTS], "both"),
    "rosa": ("Rosa Vela Cuartero", "Grabación de datos", ["crm_customer_db.group_customer_data_entry"], "both"),
}

# code, name, parent code, salesperson, postal code prefixes; the country rule takes the rest
TERRITORIES = [
    ("NE", "Nordeste", None, "jorge", []),
    ("NE-Z", "Zaragoza", "NE", "marta", ["50"]),
    ("NE-ZC", "Zaragoza capital", "NE-Z", "marta", ["500"]),
    ("NE-HL", "Huesca-Lérida", "NE", "jorge", ["22", "25"]),
    ("NE-NR", "Navarra-Rioja", "NE", "jorge", ["31", "26", "42", "01"]),
    ("ES", "Este", None, "lucia", []),
    ("ES-TE", "Teruel", "ES", "marta", ["44"]),
    ("ES-LV", "Levante", "ES", "lucia", ["12", "46", "03"]),
    ("ES-CT", "Cataluña", "ES", "lucia", ["08", "43", "17"]),
    ("RE", "Resto de España", None, "lucia", ["country"]),
]
SERVICE_TERRITORIES = [
    ("ST-N", "Servicio norte", None, "jorge", ["22", "25", "31", "26", "42", "01"]),
    ("ST-S", "Servicio sur", None, "lucia", ["country"]),
]
DIVISIONS = [
    ("IND", "Industria"),
    ("CON", "Construcción e instaladores"),
    ("AGR", "Agro y alimentación"),
    ("MAN", "Mantenimiento y servicios"),
]
SERVICE_DIVISIONS = [("TAL", "Taller"), ("INS", "Inspecciones")]
# code, name, market, source, medium
ORIGINS = [
    ("VIS", "Visita comercial", "industrial", "Visita comercial", None),
    ("FER", "Feria de maquinaria de Zaragoza", "industrial", "Feria de maquinaria", None),
    ("FAG", "Feria agrícola de Lérida", "industrial", "Feria agrícola", None),
    ("REC", "Recomendación de un cliente", "industrial", "Recomendación", None),
    ("WEB", "Formulario de la página web", None, None, "utm.utm_medium_website"),
    ("LIS", "Lista de empresas comprada", "industrial", "Lista comprada", None),
    ("MOS", "Mostrador", "consumer", "Mostrador", None),
]


class Firm:
    """Creates the companies and keeps what the rest of the generator asks for."""

    def __init__(self, env):
        self.env = env
        self.spain = env.ref("base.es")
        self.main = self.service = env["res.company"]
        self.users = {}
        self.terms = {}
        self.divisions = {}
        self.origins = {}
        self.reduced_tax = {}

    def build(self):
        self._language()
        self.main = self._company(MAIN_NAME, 21, {
            "street": "Pol. Ind. Cogullada, C/ Tomás Edison, nave 12", "zip": "50014", "city": "Zaragoza",
            "state_id": self.env.ref("base.state_es_z").id, "phone": "+34 976 00 21 00", "email": "info@suministrosebro.example.com",
            "website": "https://www.suministrosebro.example.com",
        })  # fmt: skip
        self.service = self._company(SERVICE_NAME, 34, {
            "street": "Pol. Ind. Sepes, C/ Fresno, 8", "zip": "22006", "city": "Huesca",
            "state_id": self.env.ref("base.state_es_hu").id, "phone": "+34 974 00 34 00", "email": "taller@ebroservicios.example.com",
            "website": "https://www.ebroservicios.example.com",
        })  # fmt: skip
        self._administrators()
        self._payment_terms()
        self._people()
        self._team()
        self._territories(self.main, TERRITORIES)
        self._territories(self.service, SERVICE_TERRITORIES)
        self._catalogues()

    @property
    def companies(self):
        return self.main + self.service

    def in_company(self, company):
        """An environment of one company alone, so that defaults are its own."""
        return self.env(context=dict(self.env.context, allowed_company_ids=company.ids))

    def forget(self):
        """Write what is pending and drop what is cached, between two batches.

        Odoo looks through all living environments for every change of context, and those
        of a batch refer to themselves: without collecting them everything gets slower.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        gc.collect()

    def _language(self):
        if not self.env["res.lang"]._get_data(code="es_ES"):
            spanish = self.env["res.lang"].with_context(active_test=False).search([("code", "=", "es_ES")])
            self.env["base.language.install"].create({"lang_ids": [Command.set(spanish.ids)]}).lang_install()

    def _company(self, name, serial, values):
        # A new company of a country makes Odoo install that country's addons on the spot
        # (electronic invoicing and more), which an installation must not; the context
        # says that its chart is about to be loaded anyway.
        Company = self.env["res.company"].with_context(chart_template_load=True)
        # Nor may a made-up firm be looked up in Odoo's directory of companies.
        offline = {"iap_enrich_auto_done": True} if "iap_enrich_auto_done" in Company._fields else {}
        company = Company.create(
            {
                **offline,
                "name": name,
                "vat": fiscal.company_number("B", serial * 1000 + 418),
                "country_id": self.spain.id,
                "currency_id": self.env.ref("base.EUR").id,
                "customer_tz": "Europe/Madrid",
                "customer_call_hour_from": 8.0,
                "customer_call_hour_to": 18.0,
                **values,
            }
        )
        company = self.env["res.company"].browse(company.id)
        company.partner_id.write({"lang": "es_ES", "tz": "Europe/Madrid"})
        # Not try_loading(): that warns during an installation, because addons that come
        # later could bring more of a chart. Those of the Spanish chart are dependencies.
        self.env["account.chart.template"]._load("es_pymes", company, install_demo=False)
        env = self.in_company(company)
        self._sequences(env, company)
        self._bank(env, company)
        env["stock.warehouse"].create(
            {
                "name": f"Almacén {company.city}",
                "code": "EBRO" if company.name == MAIN_NAME else "EST",
                "company_id": company.id,
                "partner_id": company.partner_id.id,
            }
        )
        self.reduced_tax[company] = env["account.chart.template"].ref("account_tax_template_s_iva10b")
        # Goods are invoiced when they are delivered; nothing is sent by itself.
        for setting in ("stock_move_email_validation", "stock_sms_confirmation", "stock_move_sms_validation"):
            if setting in company._fields:
                company[setting] = False
        return company

    def _sequences(self, env, company):
        """Orders are numbered by year, each company for itself: P25-0001, S25-0001."""
        letter = "P" if company.name == MAIN_NAME else "S"
        env["ir.sequence"].create(
            {
                "name": f"Pedidos de {company.name}",
                "code": "sale.order",
                "company_id": company.id,
                "prefix": f"{letter}%(range_y)s-",
                "padding": 4,
                "use_date_range": True,
            }
        )

    def _bank(self, env, company):
        journal = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
        journal.name = "Caja Rural del Ebro"
        # Without bank statements to match, a payment is money in the bank at once.
        lines = journal.inbound_payment_method_line_ids + journal.outbound_payment_method_line_ids
        lines.payment_account_id = journal.default_account_id

    def _administrators(self):
        """The administrator sees this firm first; OdooBot, who makes the documents, may."""
        for user in self.env.ref("base.user_admin") + self.env.ref("base.user_root"):
            user.write({"company_ids": [Command.link(company.id) for company in self.companies]})
        self.env.ref("base.user_admin").company_id = self.main

    def _payment_terms(self):
        self.terms[0] = self.env.ref("account.account_payment_term_immediate")
        self.terms[30] = self.env.ref("account.account_payment_term_30days")
        self.terms[60] = self.env["account.payment.term"].create(
            {
                "name": "60 días",
                "note": "Forma de pago: transferencia a 60 días fecha factura",
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 60})],
            }
        )

    def _people(self):
        Users = self.env["res.users"].with_context(no_reset_password=True, active_test=False)
        for login, (name, job, groups, where) in LOGINS.items():
            companies = self.main if where == "main" else self.companies
            found = [self.env.ref(group, raise_if_not_found=False) for group in groups]
            # A database that has such a login already keeps it.
            taken = Users.search_count([("login", "=", login)], limit=1)
            user = Users.create(
                {
                    "name": name,
                    "login": f"{login}.ebro" if taken else login,
                    "password": login,
                    "email": f"{login}@suministrosebro.example.com",
                    "lang": "es_ES",
                    "tz": "Europe/Madrid",
                    "company_id": self.main.id,
                    "company_ids": [Command.set(companies.ids)],
                    "group_ids": [
                        Command.set([self.env.ref("base.group_user").id, *[group.id for group in found if group]])
                    ],
                }
            )
            user.partner_id.function = job
            self.users[login] = user

    def _team(self):
        members = [self.users[login].id for login in ("marta", "jorge", "lucia")]
        self.team = self.env["crm.team"].create(
            {
                "name": "Ventas Suministros Ebro",
                "company_id": False,
                "user_id": self.users["elena"].id,
                "member_ids": [Command.set(members)],
            }
        )
        # Discounts stand on the lines, so they must be seen there.
        self.env.ref("base.group_user")._apply_group(self.env.ref("sale.group_discount_per_so_line"))

    def _territories(self, company, rows):
        Territory = self.in_company(company)["crm.customer.territory"]
        known = {}
        for sequence, (code, name, parent, login, prefixes) in enumerate(rows, 1):
            rules = [
                {"country_id": self.spain.id, "zip_prefix": False if prefix == "country" else prefix}
                for prefix in prefixes
            ]
            known[code] = Territory.create(
                {
                    "code": code,
                    "name": name,
                    "sequence": sequence * 10,
                    "company_id": company.id,
                    "parent_id": known[parent].id if parent else False,
                    "user_id": self.users[login].id,
                    "rule_ids": [Command.create(rule) for rule in rules],
                }
            )

    def _catalogues(self):
        for company, rows in ((self.main, DIVISIONS), (self.service, SERVICE_DIVISIONS)):
            for code, name in rows:
                self.divisions[code] = self.env["crm.customer.division"].create(
                    {"code": code, "name": name, "company_id": company.id}
                )
        for sequence, (code, name, market, source, medium) in enumerate(ORIGINS, 1):
            self.origins[code] = self.env["crm.customer.origin"].create(
                {
                    "code": code,
                    "name": name,
                    "sequence": sequence * 10,
                    "market": market,
                    "source_ids": [Command.link(self._source(source).id)] if source else [],
                    "medium_ids": [Command.link(self.env.ref(medium).id)] if medium else [],
                }
            )

    def _source(self, name):
        Source = self.env["utm.source"]
        return Source.search([("name", "=", name)], limit=1) or Source.create({"name": name})
