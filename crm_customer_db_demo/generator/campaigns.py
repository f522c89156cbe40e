"""What Suministros Ebro sends out, what customers do about it, and what they answer when asked."""

from datetime import timedelta

from odoo import Command
from odoo.tools import SQL, email_normalize

from .clock import chunks, utc
from .part import Part

BATCH = 500
# days ago, campaign, subject, kinds of customers, share that opens, share of these that clicks
MAILINGS = [
    (640, "Catálogo de otoño", "Nuevo catálogo de otoño, con 400 referencias más", ("company", "self_employed"), 0.34, 0.20),
    (410, "Protección laboral", "Guantes y calzado de seguridad: cambio de normativa", ("company",), 0.41, 0.26),
    (255, "Semana del taller", "Semana del taller: rodamientos y lubricantes, 12 %", ("company", "self_employed"), 0.38, 0.31),
    (120, "Jardín y piscina", "Todo para el jardín antes del verano", ("consumer", "self_employed"), 0.45, 0.24),
    (45, "Herramienta de mano", "Herramienta de mano: segunda unidad a mitad de precio", ("company", "self_employed", "consumer"), 0.36, 0.22),
    (9, "Inventario", "Liquidación antes de inventario", ("company", "self_employed"), 0.29, 0.18),
]  # fmt: skip
BODY = "<p>Buenos días:</p><p>{subject}.</p><p>Un saludo,<br/>Suministros Ebro</p>"
BOUNCES = 0.02
LEAVES = 0.006
# Days after delivery on which a survey is answered, and what is said about the service.
SATISFACTION = [("excellent", "Excelente", 30), ("good", "Bueno", 48), ("fair", "Regular", 16), ("poor", "Malo", 6)]
REASONS = [("price", "Precio", 3), ("stock", "Disponibilidad", 5), ("advice", "Asesoramiento", 3), ("delivery", "Plazo de entrega", 4)]  # fmt: skip
WISHES = [
    "Que avisen antes cuando falta género.",
    "Más surtido de abrasivos.",
    "Un pedido mínimo más bajo para portes pagados.",
    "Facturas por correo en el día.",
    "Nada, muy contentos con Marta.",
]


class Campaigns(Part):
    """Mailings with what came of them, and the yearly survey."""

    # === Mailings ===

    def make(self, customers):
        """Mailings as they stand after they were sent, with a trace for each recipient."""
        gone = set()
        for days, campaign, subject, kinds, opening, clicking in MAILINGS:
            audience = [c for c in customers if c.kind in kinds and c.number not in gone and c.values.get("email")]
            sent = utc(self.workday(self.today - timedelta(days=days)), 10 * 60)
            mailing = self._mailing(campaign, subject, sent)
            traces = [self._trace(mailing, customer, sent, opening, clicking) for customer in audience]
            for part in chunks(traces, BATCH):
                self.env["mailing.trace"].create(part)
            gone |= self._leave(mailing, audience, sent)
            self.firm.forget()

    def _mailing(self, campaign, subject, sent):
        body = BODY.format(subject=subject)
        return self.env["mailing.mailing"].create(
            {
                "name": campaign,
                "subject": subject,
                "mailing_type": "mail",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": "[('customer_mark', '!=', 'excluded')]",
                "campaign_id": self.env["utm.campaign"].create({"name": campaign}).id,
                "user_id": self.firm.users["pablo"].id,
                "body_arch": body,
                "body_html": body,
                "state": "done",
                "sent_date": sent,
                "calendar_date": sent,
            }
        )

    def _trace(self, mailing, customer, sent, opening, clicking):
        rng = self.rng
        partner = self.people.records[customer.number]
        values = {
            "trace_type": "mail",
            "mass_mailing_id": mailing.id,
            "model": "res.partner",
            "res_id": partner.id,
            "email": customer.values["email"],
            "sent_datetime": sent,
            "trace_status": "sent",
        }
        if rng.random() < BOUNCES:
            return {**values, "trace_status": "bounce", "failure_type": "mail_bounce"}
        # A good customer looks closer at what comes.
        keen = 1.5 if customer.rhythm in ("champion", "loyal") else 0.8
        if rng.random() < opening * keen:
            opened = sent + timedelta(minutes=rng.randint(3, 2900))
            values.update(trace_status="open", open_datetime=opened)
            if rng.random() < clicking:
                values["links_click_datetime"] = opened + timedelta(minutes=rng.randint(1, 20))
            if rng.random() < 0.02:
                values.update(trace_status="reply", reply_datetime=opened + timedelta(minutes=rng.randint(5, 600)))
        return {name: min(value, self.now) if name.endswith("datetime") else value for name, value in values.items()}

    def _leave(self, mailing, audience, sent):
        """Some follow the link at the foot of the mail, and Odoo asks them why.

        :return: set of the numbers of the customers who get no mail from now on
        """
        leaving = {
            email_normalize(customer.values["email"]): (
                customer,
                min(sent + timedelta(hours=self.rng.randint(1, 40)), self.now),
            )
            for customer in audience
            if not customer.showcase and self.rng.random() < LEAVES
        }
        self.env["res.partner"]._customer_consent_log(
            [
                {
                    "partner_id": self.people.records[customer.number].id,
                    "company_id": self.firm.main.id,
                    "channel": "email",
                    "state": "refused",
                    "source": "unsubscribe",
                    "date": moment,
                    "proof": mailing.subject,
                }
                for customer, moment in leaving.values()
            ]
        )
        reasons = self.env["mailing.subscription.optout"].search([])
        listed = self.env["mail.blacklist"].search([("email", "in", list(leaving))])
        for entry in listed:
            entry.opt_out_reason_id = self.rng.choice(reasons)
        self.env.flush_all()
        for entry in listed:
            # Odoo dates it to this moment, like somebody who follows the link.
            moment = leaving[entry.email][1]
            self.env.cr.execute(SQL("UPDATE mail_blacklist SET create_date = %s WHERE id = %s", moment, entry.id))
        self.env.invalidate_all()
        return {customer.number for customer, _moment in leaving.values()}

    # === The survey ===

    def ask(self, customers):
        """The survey of this year, with the answers of one customer in four."""
        year = (self.today - timedelta(days=60)).year
        survey = self._survey(year)
        service, reason, score, wish = survey.question_ids
        buyers = [c for c in customers if c.rhythm not in ("prospect", "silent")]
        asked = [c for c in buyers if c.showcase] + self.rng.sample(
            [c for c in buyers if not c.showcase], len(buyers) // 4
        )
        answers = []
        for customer in asked:
            said = self._draw(SATISFACTION)
            best = {"excellent": 9, "good": 8, "fair": 6, "poor": 3}[said]
            lines = [
                self._choice(service, said),
                self._choice(reason, self._draw(REASONS)),
                {
                    "question_id": score.id,
                    "answer_type": "scale",
                    "value_scale": max(0, min(10, best + self.rng.randint(-2, 1))),
                },
            ]
            if self.rng.random() < 0.3:
                words = self.rng.choice(WISHES)
                lines.append({"question_id": wish.id, "answer_type": "text_box", "value_text_box": words})
            ended = utc(self.today - timedelta(days=self.rng.randint(20, 55)), self.rng.randint(9 * 60, 20 * 60))
            answers.append(
                {
                    "survey_id": survey.id,
                    "partner_id": self.people.records[customer.number].id,
                    "email": customer.values.get("email"),
                    "state": "done",
                    "start_datetime": ended - timedelta(minutes=self.rng.randint(2, 9)),
                    "end_datetime": ended,
                    "user_input_line_ids": [Command.create(line) for line in lines],
                }
            )
        self.env["survey.user_input"].create(answers)

    def _survey(self, year):
        def question(title, code, kind, choices=()):
            answers = [
                Command.create({"value": words, "code": key, "sequence": number})
                for number, (key, words, _weight) in enumerate(choices)
            ]
            return Command.create(
                {"title": title, "code": code, "question_type": kind, "suggested_answer_ids": answers}
            )

        return self.env["survey.survey"].create(
            {
                "title": f"Satisfacción de clientes {year}",
                "user_id": self.firm.users["pablo"].id,
                "access_mode": "token",
                # About our service, not about the person: salespeople read it before a call.
                "customer_personal": False,
                "question_and_page_ids": [
                    question("¿Qué le parece nuestro servicio?", "service", "simple_choice", SATISFACTION),
                    question("¿Qué pesa más cuando elige proveedor?", "reason", "simple_choice", REASONS),
                    question("¿Nos recomendaría? De 0 a 10", "nps", "scale"),
                    question("¿Qué podemos mejorar?", "wish", "text_box"),
                ],
            }
        )

    def _choice(self, question, code):
        answer = question.suggested_answer_ids.filtered(lambda choice: choice.code == code)
        return {"question_id": question.id, "answer_type": "suggestion", "suggested_answer_id": answer.id}

    def _draw(self, choices):
        return self.rng.choices([row[0] for row in choices], [row[2] for row in choices])[0]
