"""What is said between the firm and its customers: enquiries, opportunities, calls, visits, mails, complaints."""

from datetime import timedelta

from odoo.tools import SQL

from .clock import chunks, utc
from .part import Part

BATCH = 400
OPPORTUNITIES = [
    "Suministro anual de EPI", "Estanterías para el almacén nuevo", "Contrato de mantenimiento de compresores",
    "Equipamiento de un taller", "Cambio de proveedor de abrasivos", "Instalación neumática de la línea 2",
]  # fmt: skip
REQUESTS = [
    "Pide tarifa de tornillería inoxidable", "Pregunta por el plazo de un rodamiento especial",
    "Necesita ficha técnica y de seguridad", "Quiere abrir una segunda dirección de entrega",
    "Pide duplicado de una factura", "Pregunta si servimos los sábados",
]  # fmt: skip
CALLS = [
    "Repaso del pedido en curso", "Oferta de abrasivos comentada", "No estaba el responsable, llamar el lunes",
    "Pregunta por la última factura", "Interesado en las llaves dinamométricas",
]  # fmt: skip
VISITS = ["Visita de cortesía", "Recuento de consumos en planta", "Demostración de herramienta", "Revisión del acuerdo anual"]  # fmt: skip
MAILS = [
    ("Pedido para el jueves", "Buenos días, ¿podrían entregarnos el jueves antes de las 12? Gracias."),
    ("Consulta de precio", "Hola, ¿nos pasáis precio para 200 unidades? Un saludo."),
    ("Certificado de calidad", "Necesitamos el certificado 3.1 del último suministro, por favor."),
]
COMPLAINTS = [
    ("damaged", "Llegó un bulto golpeado"), ("wrong", "Referencia equivocada"), ("late", "Entrega fuera de plazo"),
    ("quality", "El material no da la dureza"), ("invoice", "Precio distinto del ofertado"),
]  # fmt: skip
# How many entries a salesperson writes about a customer in two years.
CONTACTS = {"champion": 9, "loyal": 5, "regular": 2, "lapsed": 3, "new": 2, "prospect": 1, "seasonal": 2, "slow": 3}


class Dialogue(Part):
    """Entries of the salespeople, and documents of *CRM* and of the chatter."""

    def _moment(self, oldest, newest=1):
        """A moment of a working day, between so many days ago."""
        day = self.today - timedelta(days=self.rng.randint(newest, oldest))
        return utc(self.workday(day), self.rng.randint(8 * 60, 18 * 60))

    def _who(self, customer):
        """The contact of a company that one talks to, else the customer himself; and his salesperson."""
        partner = self.people.records[customer.number]
        talkers = partner.child_ids.filtered("customer_contact_role_ids")
        return self.rng.choice(talkers) if talkers else partner, partner.user_id or self.firm.users["jorge"]

    # === CRM ===

    def leads(self, customers):
        """Opportunities: most are lost or won by now, some are open."""
        likely = [c for c in customers if c.rhythm in ("prospect", "champion", "loyal") and c.kind == "company"]
        env = self.env["crm.lead"]
        chosen = [c for c in likely if c.showcase] + self.rng.sample([c for c in likely if not c.showcase], 44)
        dated = {}
        for customer in chosen:
            contact, user = self._who(customer)
            name = self.rng.choice(OPPORTUNITIES)
            origin = contact.commercial_partner_id.customer_origin_id
            lead = env.create(
                {
                    "type": "opportunity",
                    "name": name,
                    "partner_id": contact.id,
                    "user_id": user.id,
                    "team_id": self.firm.team.id,
                    "company_id": self.firm.main.id,
                    "expected_revenue": self.rng.randint(4, 90) * 250,
                    "source_id": origin.source_ids[:1].id,
                    "medium_id": origin.medium_ids[:1].id,
                }
            )
            dated[lead] = self._moment(420)
        self._date_leads(dated)
        for lead, moment in dated.items():
            age = (self.now - moment).days
            end = self.rng.choices(["won", "lost", "open"], [30, 30, 40 if age < 90 else 4])[0]
            if end == "open":
                continue
            lead.action_set_won() if end == "won" else lead.action_set_lost()
            lead.date_closed = min(moment + timedelta(days=self.rng.randint(6, 60)), self.now)

    def _date_leads(self, dated):
        """Odoo dates a lead to the moment it is made."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead SET create_date = made.moment, date_open = made.moment"
                " FROM (VALUES %s) AS made (id, moment) WHERE crm_lead.id = made.id",
                SQL(", ").join(SQL("(%s, %s)", lead.id, moment) for lead, moment in dated.items()),
            )
        )
        self.env.invalidate_all()

    # === Entries of the salespeople ===

    def contacts(self, customers):
        """Calls, visits and requests, as somebody logs them on the customer's page."""
        talked = [c for c in customers if c.kind != "consumer" or c.showcase]
        entries = [self._contact(customer) for customer in talked for _number in range(self._how_many(customer))]
        asking = self.rng.sample([c for c in customers if c.rhythm in CONTACTS], 70)
        entries += [self._request(customer) for customer in asking]
        for part in chunks(sorted(entries, key=lambda vals: vals["date"]), BATCH):
            self.env["crm.customer.interaction"].create(part)
            self.firm.forget()

    def _how_many(self, customer):
        return self.rng.randint(0, CONTACTS.get(customer.rhythm, 0)) + (3 if customer.showcase else 0)

    def _entry(self, customer, **values):
        contact, user = self._who(customer)
        return {"partner_id": contact.id, "company_id": self.firm.main.id, "user_id": user.id, **values}

    def _contact(self, customer):
        visit = self.rng.random() < 0.3
        return self._entry(
            customer,
            kind="visit" if visit else "call",
            direction="out" if visit or self.rng.random() < 0.6 else "in",
            date=self._moment(700),
            subject=self.rng.choice(VISITS if visit else CALLS),
        )

    def _request(self, customer):
        waiting = self.rng.random() < 0.15
        asked = self._moment(6, 0) if waiting else self._moment(600, 8)
        values = {"kind": "request", "date": min(asked, self.now), "subject": self.rng.choice(REQUESTS)}
        if not waiting:
            answered = values["date"] + timedelta(hours=self.rng.randint(1, 60))
            values.update(state="answered", answered_on=answered)
        return self._entry(customer, **values)

    # === Mails ===

    def mails(self, customers):
        """What customers wrote to the firm, in the chatter of their contacts."""
        regular = [c for c in customers if c.rhythm in ("champion", "loyal", "regular") and c.kind == "company"]
        chosen = [c for c in customers if c.showcase] * 3 + self.rng.sample(regular, 50)
        values = []
        for customer in chosen:
            contact, _user = self._who(customer)
            subject, words = self.rng.choice(MAILS)
            values.append(
                {
                    "model": "res.partner",
                    "res_id": contact.id,
                    "message_type": "email",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "author_id": contact.id,
                    "email_from": contact.email_formatted or contact.name,
                    "record_company_id": self.firm.main.id,
                    "subject": subject,
                    "body": f"<p>{words}</p>",
                    "date": self._moment(400),
                }
            )
        self.env["mail.message"].create(values)

    # === Complaints ===

    def complaints(self, orders):
        """One delivery in fifty is complained about; nearly all of it is solved."""
        entries = []
        for order in orders:
            late = order.delivered and order.promised and order.delivered > order.promised
            if not order.delivered or order.firm != "main" or self.rng.random() > (0.08 if late else 0.02):
                continue
            day = order.delivered + timedelta(days=self.rng.randint(1, 6))
            if day > self.today:
                continue
            code, words = COMPLAINTS[2] if late else self.rng.choice(COMPLAINTS)
            solved = day + timedelta(days=self.rng.randint(0, 12))
            entry = self._entry(
                order.customer,
                kind="complaint",
                date=min(utc(day, self.rng.randint(9 * 60, 18 * 60)), self.now),
                subject=words,
                order_ref=order.record.name,
                amount_currency=order.record.amount_untaxed if code == "quality" else 0,
            )
            if solved < self.today:
                entry.update(state="solved", solved_on=solved)
            entries.append(entry)
        self.env["crm.customer.fulfilment"].create(sorted(entries, key=lambda vals: vals["date"]))
