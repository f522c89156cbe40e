# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from markupsafe import Markup

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .mail_common import MailCommon

FEED = "crm.customer.feed.mail"


class TestFeedMail(MailCommon):
    """Mails in the chatter are interactions, once per customer."""

    # -- which ones ---------------------------------------------------------------------

    def test_received(self):
        """A mail from a contact, as the gateway files it: whose, when, and what about."""
        mail = self._received(subject="Presupuesto", date=datetime(2026, 3, 31, 22, 30))
        row = self._rows(mail)
        self.assertRecordValues(
            row,
            [
                {
                    "kind": "email",
                    "direction": "in",
                    "state": False,
                    "subject": "Presupuesto",
                    "partner_id": self.pilar.id,
                    "commercial_partner_id": self.firm.id,
                    "user_id": False,
                    "company_id": self.company_a.id,
                    "date": datetime(2026, 3, 31, 22, 30),
                    "feed": "mail",
                    "source_ref": f"mail.message,{mail.id}",
                    "note": False,
                }
            ],
        )
        self.assertEqual(str(row.day), "2026-04-01", "the day is the one in Madrid")

    def test_sent(self):
        """A message that a person writes to a contact: from whom, to whom."""
        mail = self._sent(subject="Su pedido")
        self.assertRecordValues(
            self._rows(mail),
            [
                {
                    "kind": "email",
                    "direction": "out",
                    "state": False,
                    "subject": "Su pedido",
                    "partner_id": self.pilar.id,
                    "commercial_partner_id": self.firm.id,
                    "user_id": self.user_sales_all.id,
                    "company_id": self.company_a.id,
                }
            ],
        )

    def test_one_row_per_customer(self):
        """Two contacts of a firm are one customer, the firm and another one are two."""
        mail = self._sent(to=self.juan + self.pilar + self.other + self.user_sales_own.partner_id)
        rows = self._rows(mail)
        self.assertEqual(set(rows.commercial_partner_id), {self.firm, self.other})
        self.assertEqual(len(rows), 2)

    def test_followers_get_it(self):
        """A customer who follows the document gets what people write there."""
        self.firm.message_subscribe(partner_ids=self.other.ids)
        self.assertEqual(self._rows(self._sent(to=self.env["res.partner"])).partner_id, self.other)

    def test_employee_answers_by_mail(self):
        """One of our people who answers from his mail programme writes to the customer all the same."""
        self.firm.message_subscribe(partner_ids=self.pilar.ids)
        mail = self._received(author=self.user_sales_all.partner_id)
        self.assertRecordValues(
            self._rows(mail), [{"direction": "out", "partner_id": self.pilar.id, "user_id": self.user_sales_all.id}]
        )

    def test_not_copied(self):
        """Notes, notifications, what programs write, and talk among ourselves stay out."""
        everybody = (self.pilar + self.other).ids
        as_user = self._as(self.user_sales_all, self.firm)
        messages = as_user.message_post(body="n", message_type="comment", subtype_xmlid="mail.mt_note")
        messages += as_user.message_post(body="n", message_type="comment", partner_ids=everybody)
        for message_type in ("notification", "auto_comment", "out_of_office"):
            messages += as_user.message_post(
                body="n", message_type=message_type, subtype_xmlid="mail.mt_comment", partner_ids=everybody
            )
        messages += as_user.message_notify(body="n", partner_ids=everybody)
        messages += self._sent(to=self.user_sales_own.partner_id)
        messages += self._sent(user=self.env.ref("base.user_root"))
        messages += self._received(author=self.user_sales_own.partner_id)
        self.assertEqual(len(messages), 9)
        self.assertFalse(self._rows(messages))

    def test_mailing_and_template(self):
        """A mailing to many, and a mail that a program sends from a template, are nobody's letter."""
        mail = self.env["mail.mail"].create(
            {
                "model": "res.partner",
                "res_id": self.firm.id,
                "recipient_ids": [Command.set(self.pilar.ids)],
                "body_html": "<p>Oferta</p>",
                "subject": "Oferta",
                "author_id": self.user_sales_all.partner_id.id,
                "is_notification": True,
            }
        )
        self.assertEqual(mail.message_type, "email_outgoing")
        self.assertFalse(self._rows(mail.mail_message_id))

    def test_written_to_several_from_a_list(self):
        """Who chooses customers in a list and writes to them has written to each of them."""
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.user_sales_all)
            .with_context(allowed_company_ids=self.company_a.ids)
            .create(
                {
                    "composition_mode": "mass_mail",
                    "model": "res.partner",
                    "res_ids": repr((self.firm + self.other).ids),
                    "subject": "Vacaciones",
                    "body": "<p>Cerramos en agosto</p>",
                }
            )
        )
        composer.action_send_mail()
        rows = self.Interaction.search([("subject", "=", "Vacaciones")])
        self.assertEqual(set(rows.commercial_partner_id), {self.firm, self.other})
        self.assertEqual(set(rows.mapped("direction")), {"out"})
        self.assertEqual(rows.user_id, self.user_sales_all)

    def test_unknown_sender(self):
        """A mail from an address that nobody has is the customer's whose document it is."""
        mail = self._received(author=self.env["res.partner"], email_from="nuevo@olid.example.com")
        self.assertRecordValues(self._rows(mail), [{"direction": "in", "partner_id": self.firm.id}])

    def test_private_documents(self):
        """What is written on channels and on our own people's documents is nobody's business."""
        channel = self.env["discuss.channel"].create({"name": "C", "channel_type": "channel"})
        self.assertFalse(self._rows(self._received(channel)))
        feed = self.env[FEED]
        for model in ("hr.applicant", "hr.leave", "discuss.channel", "mail.group", "res.users"):
            mail = self._received()
            self.assertTrue(self._rows(mail))
            self.env.cr.execute("UPDATE mail_message SET model = %s WHERE id = %s", [model, mail.id])
            mail.invalidate_recordset()
            feed._sync(mail.ids)
            self.assertFalse(self._rows(mail), model)

    def test_our_own_companies(self):
        """A contact of our own company is no customer; nor is who worked here until yesterday."""
        ours = self._person(name="Central", parent_id=self.company_b.partner_id.id, email="c@example.com")
        self.assertFalse(self._rows(self._received(author=ours)))
        mail = self._sent(user=self.user_sales_own)
        self.assertTrue(self._rows(mail))
        reply = self._received(author=self.user_sales_own.partner_id)
        self.user_sales_own.active = False
        self.env[FEED]._sync((mail + reply).ids)
        self.assertEqual(self._rows(mail).direction, "out", "what he wrote stays what he wrote")
        self.assertFalse(self._rows(reply), "and he does not become a customer")

    def test_portal_user(self):
        """A customer with a login is a customer."""
        new_test_user(self.env, "cdb_mail_portal", groups="base.group_portal", partner_id=self.pilar.id)
        self.assertEqual(self._rows(self._received()).partner_id, self.pilar)
        self.assertEqual(self._rows(self._sent()).partner_id, self.pilar)

    # -- what they say ------------------------------------------------------------------

    def test_subject(self):
        """The subject, else document and first words; never the body."""
        long = "Necesitamos 40 cubiertas 315/80 R22,5 para la flota de Olid antes de que empiece la vendimia, gracias"
        cases = [
            ({"subject": "Re: S1"}, "Re: S1"),
            ({"body": Markup("<p>Uno &amp;&nbsp;dos</p><div>tres &lt;4&gt;</div>")}, "Uno & dos tres <4>"),
            ({"body": Markup("<p>%s</p>") % long}, long[:79].rstrip() + "…"),
            ({"subject": " ", "body": Markup("<p>a</p>\n\n<p>b</p>")}, "a b"),
            ({"body": Markup("<p>%s") % ("<b>x</b>" * 3)}, "<b>x</b><b>x</b><b>x</b>"),
        ]
        for vals, subject in cases:
            with self.subTest(**vals):
                self.assertEqual(self._rows(self._received(**vals)).subject, subject)
        self.assertEqual(self._rows(self._sent()).subject, "Buenos días", "the name of the contact says nothing")

    def test_subject_of_a_document(self):
        """On a document, its name stands before the first words."""
        request = self.Interaction.create({"partner_id": self.firm.id, "subject": "Cubiertas"})
        self.assertEqual(self._rows(self._sent(request)).subject, "Cubiertas: Buenos días")

    def test_edited_and_deleted_in_the_chatter(self):
        """Whoever corrects his message corrects the row; who empties it takes it away."""
        mail = self._sent()
        self.assertEqual(self._rows(mail).subject, "Buenos días")
        thread = self._as(self.user_sales_all, self.firm).sudo()  # as the controller does
        thread._message_update_content(mail.sudo(), body="Buenas tardes")
        self.assertEqual(self._rows(mail).subject, "Buenas tardes")
        thread._message_update_content(mail.sudo(), body="")
        self.assertFalse(self._rows(mail))

    def test_only_a_picture(self):
        """A message without words has something to say when there is a picture or a file."""
        picture = self._sent(body=Markup('<p><img src="/web/image/1"/></p>'))
        self.assertEqual(len(self._rows(picture)), 1)
        attachment = self._sent(body="", attachments=[("a.txt", b"a")])
        self.assertEqual(len(self._rows(attachment)), 1)

    def test_deleted(self):
        """A deleted message takes its row along, with its document as well."""
        mail, other = self._received(), self._received(self.other, author=self.other)
        self.assertTrue(self._rows(mail) and self._rows(other))
        ids = (mail + other).ids
        mail.unlink()
        self.other.message_ids.unlink()
        self.assertFalse(self.Interaction.search([("source_model", "=", "mail.message"), ("source_id", "in", ids)]))

    # -- which company, whose -----------------------------------------------------------

    def test_company(self):
        """The message's company, else the author's, else the contact's, else the one that is set."""
        mail = self._sent()
        mail.record_company_id = self.company_b
        self.assertEqual(self._rows(mail).company_id, self.company_b)
        mail.record_company_id = False
        self.user_sales_all.company_id = self.company_a
        self.assertEqual(self._rows(mail).company_id, self.company_a)
        received = self._received()
        received.record_company_id = False
        self.env[FEED]._sync(received.ids)
        self.assertEqual(self._rows(received).company_id, self.env["res.company"].search([], order="id", limit=1))
        self._state(FEED).company_id = self.company_b
        self.env[FEED]._sync(received.ids)
        self.assertEqual(self._rows(received).company_id, self.company_b)
        self.pilar.company_id = self.company_a
        self.env[FEED]._sync(received.ids)
        self.assertEqual(self._rows(received).company_id, self.company_a)

    def test_two_companies(self):
        """Nobody sees the mails of a company that is not at hand."""
        mail = self._as(self.user_sales_all, self.firm, self.company_b).message_post(
            body="B", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.pilar.ids
        )
        row = self._rows(mail)
        self.assertEqual(row.company_id, self.company_b)
        seen = self._as(self.user_sales_all, self.Interaction, self.company_a)
        self.assertFalse(seen.search([("id", "=", row.id)]))
        seen = self._as(self.user_sales_all, self.Interaction, self.company_b)
        self.assertEqual(seen.search([("id", "=", row.id)]).id, row.id)

    def test_own_documents(self):
        """A salesperson with own documents sees the mails of his own and unassigned customers only."""
        row = self._rows(self._received())
        seen = self._as(self.user_sales_own, self.Interaction)
        self.assertTrue(seen.search([("id", "=", row.id)]))
        self.firm.user_id = self.user_sales_all
        self.assertFalse(seen.search([("id", "=", row.id)]))

    def test_re_parented_and_merged(self):
        """Mails go with their contact to another firm, and to the contact it is merged into."""
        received, sent = self._received(), self._sent()
        self._rows(received + sent)
        self.pilar.parent_id = self.other
        self.assertEqual(self._rows(received + sent).commercial_partner_id, self.other)
        twin = self._person(name="Pilar", email="pilar@olid.example.com", parent_id=self.other.id)
        ids = self._rows(received + sent).ids
        self.env["base.partner.merge.automatic.wizard"]._merge([twin.id, self.pilar.id], twin)
        rows = self._rows(received + sent)
        self.assertEqual(rows.ids, ids)
        self.assertEqual(rows.partner_id, twin)
        self._assert_no_drift(FEED)

    def test_deleted_contact(self):
        """Having had mails makes no contact undeletable; they go with him."""
        gone = self._person(name="Eva", email="eva@example.com")
        mail, sent = self._received(gone, author=gone), self._sent(to=gone)
        ids = self._rows(mail + sent).ids
        self.assertEqual(len(ids), 2)
        gone.unlink()
        self.assertFalse(self.Interaction.browse(ids).exists())
        self._assert_no_drift(FEED)

    def test_archived_contact(self):
        """An archived contact keeps its history."""
        mail = self._received()
        self.pilar.active = False
        self.assertTrue(self._rows(mail))
        self._assert_no_drift(FEED)

    # -- opening ------------------------------------------------------------------------

    def test_opens_what_it_stands_on(self):
        """The document of a mail is what it was written on, if the user may see that."""
        request = self.Interaction.create({"partner_id": self.firm.id, "subject": "Cubiertas"})
        row = self._rows(self._received(request))
        action = self._as(self.user_sales_all, row).action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.customer.interaction", request.id))
        request.company_id = self.company_b
        with self.assertRaises(UserError):
            self._as(self.user_sales_all, row, self.company_a).action_open_document()
        with self.assertRaises(AccessError):
            self._as(self.user_employee, row).action_open_document()

    def test_openable_costs_a_query_per_model(self):
        """Twenty rows of a page are asked about together."""
        request = self.Interaction.create({"partner_id": self.firm.id})
        few = self._received() + self._received(request)
        many = few
        for _number in range(10):
            many += self._received() + self._received(request)
        self.env.flush_all()
        feed = self.env[FEED].with_user(self.user_sales_all)

        def cost(messages):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(feed._openable(messages.ids), set(messages.ids))
            return self.env.cr.sql_log_count - before

        cost(few)
        self.assertEqual(cost(few), cost(many))

    # -- history ------------------------------------------------------------------------

    def test_backfill(self):
        """Mails from before the installation are brought in, those that an import has no notifications of too."""
        received, sent = self._received(), self._sent(to=self.pilar + self.other)
        imported = self.env["mail.message"].create(
            {
                "model": "res.partner",
                "res_id": self.firm.id,
                "message_type": "comment",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "author_id": self.user_sales_all.partner_id.id,
                "partner_ids": [Command.set((self.pilar + self.juan + self.other).ids)],
                "body": "<p>Antes</p>",
            }
        )
        before = {
            (row.partner_id, row.direction, row.source_ref, row.subject)
            for row in self._rows(received + sent + imported)
        }
        self.assertEqual(len(before), 5)
        self.env.cr.execute("DELETE FROM crm_customer_interaction")
        self.env.invalidate_all()
        state = self._state(FEED)
        state.action_backfill()
        self.assertTrue(state._backfill())
        after = {
            (row.partner_id, row.direction, row.source_ref, row.subject)
            for row in self._rows(received + sent + imported)
        }
        self.assertEqual(after, before)

    def test_planned_for_later(self):
        """A message that is to be sent tomorrow has reached nobody yet."""
        mail = self._sent(scheduled_date="2099-01-01 10:00:00")
        self.assertFalse(self._rows(mail))
        self.env["mail.message.schedule"].search([("mail_message_id", "=", mail.id)]).force_send()
        self.assertEqual(self._rows(mail).partner_id, self.pilar)

    def test_audit(self):
        """Rows that were changed by SQL are found and mended."""
        received, sent = self._received(), self._sent()
        rows = self._rows(received + sent)
        rows.flush_recordset()
        self.env.cr.execute(
            "UPDATE crm_customer_interaction SET direction = 'out' WHERE source_ref = %s",
            [f"mail.message,{received.id}"],
        )
        self.env.cr.execute("DELETE FROM crm_customer_interaction WHERE source_id = %s", [sent.id])
        self.env.invalidate_all()
        state = self._state(FEED)
        state.state = "done"
        self.assertEqual(state._audit(), {FEED: sorted((received + sent).ids)})
        state._audit(mend=True)
        self.assertEqual(self._rows(received).direction, "in")
        self.assertTrue(self._rows(sent))
