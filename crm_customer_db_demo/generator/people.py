"""Writes the customers of ``customers`` and ``showcase`` into Odoo's contacts."""

from datetime import timedelta

from odoo import Command

from .industries import INDUSTRY_XMLIDS

ROLE = "crm_customer_db.contact_role_%s"
MARKS = {"prospect": "prospect", "silent": "prospect"}


class Writer:
    """Turns the words of a customer into records."""

    def __init__(self, firm, today):
        self.firm = firm
        self.env = firm.in_company(firm.main)
        self.today = today
        self.records = {}
        self.sites = {}

    def write(self, customers):
        """Create all contacts; afterwards ``records`` and ``sites`` know them by number."""
        Partner = self.env["res.partner"]
        for customer, partner in zip(customers, Partner.create([self._customer(c) for c in customers]), strict=True):
            self.records[customer.number] = partner
        self._children(customers)
        self._assign_salespeople()
        self._in_service_company(customers)
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

    # === What follows from the territory ===

    def _assign_salespeople(self):
        """Customers belong to the salesperson of their territory; a few to nobody."""
        customers = self.env["res.partner"].browse([partner.id for partner in self.records.values()])
        by_user = {}
        for partner in customers:
            # Every ninth name of a bought list waits for somebody to take it.
            if partner.customer_mark == "prospect" and partner.id % 9 == 0:
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
            some = service.browse([partner.id for partner in partners if partner.id % 2 == index])
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
