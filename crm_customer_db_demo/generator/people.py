"""Writes the customers of ``customers`` and ``showcase`` into Odoo's contacts."""

from datetime import timedelta

from odoo import Command

from . import places
from .clock import utc
from .industries import INDUSTRY_XMLIDS

ROLE = "crm_customer_db.contact_role_%s"
CALLS = [
    "Llamar por el pedido de reposición", "Revisar el acuerdo marco", "Presentar la nueva tarifa", "Preguntar por la oferta enviada",
    "Concertar una visita", "Aclarar la última devolución", "Ofrecer la revisión anual de arneses",
]  # fmt: skip
MARKS = {"prospect": "prospect", "silent": "prospect"}


class Writer:
    """Turns the words of a customer into records."""

    def __init__(self, firm, rng, today):
        self.firm = firm
        self.rng = rng
        self.env = firm.in_company(firm.main)
        self.today = today
        self.records = {}
        self.sites = {}

    def make(self, customers):
        """Create all contacts; afterwards ``records`` and ``sites`` know them by number."""
        Partner = self.env["res.partner"]
        for customer, partner in zip(customers, Partner.create([self._customer(c) for c in customers]), strict=True):
            self.records[customer.number] = partner
        self._children(customers)
        self._date_addresses(customers)
        self._move_house(customers)
        self._assign_salespeople()
        self._in_service_company(customers)
        self._confirm_profiles(customers)
        self._plan_calls(customers)
        self._excluded()
        self._showcases(customers)

    def _ref(self, xmlid):
        return self.env.ref(xmlid).id

    # === Words to records ===

    def _customer(self, customer):
        values = self._relations(customer.values)
        values.update(
            ref=customer.number,
            lang="es_ES",
            country_id=self.firm.spain.id,
            customer_mark=MARKS.get(customer.rhythm, "customer"),
            property_payment_term_id=self.firm.terms[customer.term].id,
            customer_call_window_ids=self._windows(customer.windows),
        )
        if customer.kind == "self_employed" and not values.get("is_company"):
            # The number of a trader is the person's own, so nothing else tells them apart.
            values["customer_kind"] = "self_employed"
        if customer.assets:
            values["customer_asset_ids"] = [
                Command.set([self._ref(f"crm_customer_db.asset_{asset}") for asset in customer.assets])
            ]
        return values

    def _relations(self, words):
        values = dict(words)
        links = {
            "state_id": lambda code: self._ref(f"base.state_es_{code.lower()}"),
            "customer_nace_id": lambda code: self._ref(f"crm_customer_db.nace_r21_{code}"),
            "customer_profession_id": lambda code: self._ref(f"crm_customer_db.profession_isco08_{code}"),
            "customer_title_id": lambda key: self._ref(f"crm_customer_db.title_{key}"),
            "industry_id": lambda letter: self._ref(f"base.res_partner_industry_{INDUSTRY_XMLIDS.get(letter, letter)}"),
            "customer_division_id": lambda code: self.firm.divisions[code].id,
            "customer_origin_id": lambda code: self.firm.origins[code].id,
        }
        for name, link in links.items():
            if name in values:
                values[name] = link(values[name]) if values[name] else False
        lists = {
            "customer_contact_role_ids": ROLE,
            "customer_buying_procedure_ids": "crm_customer_db.buying_procedure_%s",
        }
        for name, xmlid in lists.items():
            if name in values:
                values[name] = [Command.set([self._ref(xmlid % key) for key in values[name]])]
        if "customer_turnover" in values:
            values["customer_turnover_currency_id"] = self.firm.main.currency_id.id
        if "customer_household_income" in values:
            values["customer_income_currency_id"] = self.firm.main.currency_id.id
        days = values.pop("credit_days", None)
        if days is not None:
            values["customer_credit_level_expiry"] = self.today + timedelta(days=days)
        return values

    def _windows(self, windows):
        return [
            Command.create({"weekday": day, "hour_from": start, "hour_to": end})
            for days, start, end in windows
            for day in days
        ]

    def _children(self, customers):
        """Sites with addresses of their own, and the people who work for a company."""
        Partner = self.env["res.partner"]
        rows, places = [], []
        for customer in customers:
            parent = self.records[customer.number].id
            for site in customer.sites:
                rows.append(dict(self._relations(site), parent_id=parent, country_id=self.firm.spain.id, lang="es_ES"))
                places.append(customer.number)
            for contact in customer.contacts:
                words = dict(contact)
                windows = self._windows(words.pop("windows"))
                rows.append(
                    dict(
                        self._relations(words),
                        parent_id=parent,
                        type="contact",
                        lang="es_ES",
                        customer_call_window_ids=windows,
                    )
                )
                places.append(None)
        for number, partner in zip(places, Partner.create(rows), strict=True):
            if number:
                self.sites.setdefault(number, []).append(partner)

    # === The past of an address ===

    def _date_addresses(self, customers):
        """Addresses are as old as they are said to be, not of the minute they were written."""
        everybody = self.env["res.partner"].browse([partner.id for partner in self.records.values()])
        everybody |= everybody.child_ids
        since = {
            self.records[customer.number]: customer.values["customer_residence_since"]
            for customer in customers
            if customer.values.get("customer_residence_since")
        }
        # Few different days, because each is a write of its own.
        days = [self.today - timedelta(days=self.rng.randint(760, 5400)) for _i in range(40)]
        rows = self.env["crm.customer.address"].search([("partner_id", "in", everybody.ids)])
        of_partner = rows.grouped("partner_id")
        dated = everybody.filtered("customer_address_date").grouped(lambda one: since.get(one) or self.rng.choice(days))
        for day, partners in dated.items():
            moment = utc(day, 10 * 60)
            partners.customer_address_date = moment
            rows.concat(*(of_partner[one] for one in partners if one in of_partner)).valid_from = moment

    def _move_house(self, customers):
        """A dozen firms have moved within the two years, and mail came back from two."""
        firms = [
            c
            for c in customers
            if c.kind == "company" and not c.sites and not c.showcase and c.rhythm in ("loyal", "regular")
        ]
        History = self.env["crm.customer.address"]
        for index, customer in enumerate(self.rng.sample(firms, 14)):
            partner = self.records[customer.number]
            place = places.industrial_address(self.rng)
            if index < 2:
                present = History.search([("partner_id", "=", partner.id), ("valid_to", "=", False)])
                present.returned_mail = True
                continue
            partner.write(
                {
                    "street": place.street,
                    "street2": place.street2 or False,
                    "zip": place.zip,
                    "city": place.city,
                    "state_id": self._ref(f"base.state_es_{place.province.lower()}"),
                }
            )
            moment = utc(self.today - timedelta(days=self.rng.randint(60, 600)), 11 * 60)
            # People who work there moved with their firm.
            moved = History.search([("partner_id", "in", (partner | partner.child_ids).ids)])
            moved.filtered("valid_to").valid_to = moment
            present = moved.filtered(lambda row: not row.valid_to)
            present.valid_from = present.partner_id.customer_address_date = moment

    # === What people do with the file ===

    def _confirm_profiles(self, customers):
        """Rosa checked a third of the profiles with the customers, on a dozen days."""
        days = [self.today - timedelta(days=self.rng.randint(5, 400)) for _i in range(12)]
        checked = dict.fromkeys(days, self.env["res.partner"])
        for customer in customers:
            if customer.showcase or self.rng.random() < 0.33:
                checked[self.rng.choice(days)] |= self.records[customer.number]
        for day, partners in checked.items():
            partners.write(
                {"customer_profile_confirmed_on": day, "customer_profile_confirmed_by": self.firm.users["rosa"].id}
            )

    def _plan_calls(self, customers):
        """Calls that salespeople have planned, some of them late."""
        buyers = [c for c in customers if c.rhythm in ("champion", "loyal", "lapsed", "prospect")]
        for customer in [c for c in buyers if c.showcase] + self.rng.sample(buyers, 32):
            partner = self.records[customer.number]
            day = self.today + timedelta(days=self.rng.randint(-9, 20))
            # Nobody is told by mail about a call planned for him.
            partner.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_call",
                day if day.weekday() < 5 else day + timedelta(days=2),
                summary=self.rng.choice(CALLS),
                user_id=(partner.user_id or self.firm.users["jorge"]).id,
            )

    # === What follows from the territory ===

    def _assign_salespeople(self):
        """Customers belong to the salesperson of their territory; a few to nobody."""
        customers = self.env["res.partner"].browse([partner.id for partner in self.records.values()])
        by_user = {}
        for partner in customers:
            # Every ninth name of a bought list waits for somebody to take it.
            if partner.customer_mark == "prospect" and int(partner.ref[1:]) % 9 == 0:
                continue
            by_user.setdefault(partner.customer_territory_id.user_id, []).append(partner.id)
        for user, ids in by_user.items():
            customers.browse(ids).write({"user_id": user.id})

    def _in_service_company(self, customers):
        """Division and payment term as the second company sees them."""
        partners = [
            self.records[customer.number]
            for customer in customers
            if customer.both_companies and customer.kind == "company"
        ]
        service = self.firm.in_company(self.firm.service)["res.partner"]
        for index, code in enumerate(("TAL", "INS")):
            some = service.browse([partner.id for partner in partners if int(partner.ref[1:]) % 2 == index])
            some.write(
                {
                    "customer_division_id": self.firm.divisions[code].id,
                    "property_payment_term_id": self.firm.terms[30].id,
                }
            )

    def _excluded(self):
        """A competitor and a carrier stand among the contacts but are no customers."""
        self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "country_id": self.firm.spain.id,
                    "city": "Zaragoza",
                    "zip": "50014",
                    "customer_mark": "excluded",
                    "lang": "es_ES",
                }
                for name in ("Ferretería Industrial Moncayo Norte, S.L.", "Portes Rápidos Valdespartera, S.L.")
            ]
        )

    def _showcases(self, customers):
        """External ids, so that tours and pictures find the customers made for them."""
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"crm_customer_db_demo.{customer.showcase}",
                    "record": self.records[customer.number],
                    "noupdate": True,
                }
                for customer in customers
                if customer.showcase
            ]
        )
