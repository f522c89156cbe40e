# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import random

from markupsafe import Markup

from odoo.tests import tagged

from .mail_common import MailCommon

FEEDS = ("crm.customer.feed.mail", "crm.customer.feed.mail.activity")
KINDS = {"phonecall": "call", "visit": "visit"}


@tagged("crm_customer_db_random")
class TestFeedMailRandom(MailCommon):
    """Whatever is done to mails and calls, what was copied is what they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.pilar + cls.juan + cls.other
        for number in range(4):
            cls.people += cls._person(name=f"P{number}", email=f"p{number}@example.com")
        cls.threads = cls.firm + cls.people
        cls.there_before = cls.Interaction.search([]).ids
        cls.writers = cls.user_sales_all + cls.user_manager
        cls.messages = cls.env["mail.message"]
        cls.activities = cls.env["mail.activity"]

    # -- what is done -------------------------------------------------------------------

    def _do_receive(self, rng):
        author = rng.choice(self.people.exists() + self.env["res.partner"] + self.user_employee.partner_id)
        self.messages += self._received(rng.choice(self.threads.exists()), author=author)

    def _do_send(self, rng):
        to = self.env["res.partner"].browse(rng.sample(self.people.exists().ids, rng.randint(0, 2)))
        subtype = rng.choice(["mail.mt_comment", "mail.mt_comment", "mail.mt_note"])
        record = rng.choice(self.threads.exists())
        self.messages += self._sent(record, to=to, user=rng.choice(self.writers), subtype_xmlid=subtype)

    def _do_follow(self, rng):
        rng.choice(self.threads.exists()).message_subscribe(partner_ids=rng.choice(self.people.exists()).ids)

    def _do_edit(self, rng):
        messages = self.messages.exists()
        if messages:
            message = rng.choice(messages).sudo()
            message.write(
                rng.choice(
                    [
                        {"subject": f"S{rng.random()}"},
                        {"body": Markup("<p>%s</p>") % rng.random()},
                        {"body": False},
                        {"record_company_id": rng.choice([self.company_a.id, self.company_b.id, False])},
                        {"is_internal": rng.random() < 0.5},
                        {"author_id": rng.choice(self.people.exists()).id},
                    ]
                )
            )

    def _do_delete(self, rng):
        messages = self.messages.exists()
        if messages:
            rng.choice(messages).unlink()

    def _do_request(self, rng):
        mails = self.Interaction.search([("kind", "=", "email"), ("direction", "=", "in"), ("feed", "=", "mail")])
        if mails and rng.random() < 0.3:
            rng.choice(mails).action_make_request()

    def _do_call(self, rng):
        record = rng.choice(self.threads.exists() + self.user_sales_own.partner_id)
        kind = rng.choice(["mail.mail_activity_data_call", "mail.mail_activity_data_todo"])
        kind = rng.choice([kind, "crm_customer_db.mail_activity_type_visit"])
        user = rng.choice(self.writers)
        self.activities += record.activity_schedule(kind, user_id=user.id)

    def _do_finish(self, rng):
        activities = self.activities.exists()
        if activities:
            activity = rng.choice(activities)
            if not activity.active:
                activity.active = True
            elif rng.random() < 0.8:
                activity.action_feedback(feedback="ok")
            else:
                activity.unlink()

    def _do_move(self, rng):
        person = rng.choice(self.people.exists() - self.other)
        person.parent_id = rng.choice(self.firm + self.other + self.env["res.partner"])

    def _do_merge(self, rng):
        people = self.people.exists().filtered(lambda person: not person.is_company)
        if len(people) > 3 and rng.random() < 0.3:
            two = self.env["res.partner"].browse(rng.sample(people.ids, 2))
            # Odoo can't merge two who were notified of one message
            if not (self._notified(two[0]) & self._notified(two[1])):
                self.env["base.partner.merge.automatic.wizard"]._merge(two.ids, two[0])

    def _notified(self, partner):
        return self.env["mail.notification"].search([("res_partner_id", "=", partner.id)]).mail_message_id

    # -- what must come out -------------------------------------------------------------

    def _expected_mails(self):
        """Rows worked out message by message, with the eyes of the ORM."""
        taken = set(self.Interaction.search([("feed", "=", "manual")]).mapped("source_ref"))
        ours = self.env["res.users"].search([("share", "=", False)]).partner_id
        ours += self.env["res.company"].search([]).partner_id
        rows = set()
        for message in self.messages.exists():
            author = message.author_id
            if message.is_internal or message.subtype_id.internal:
                continue
            if message.message_type == "comment" and not message.body and not message.attachment_ids:
                continue
            company = message.record_company_id
            if message.message_type == "email" and author not in ours:
                partner = author or self.env["res.partner"].browse(message.res_id).exists()
                fallback = partner.company_id or self.env["res.company"].search([], order="id", limit=1)
                ref = f"mail.message,{message.id}"
                if partner and partner.commercial_partner_id not in ours and ref not in taken:
                    rows.add((ref, partner, "in", company or fallback))
            if author.user_ids.filtered(lambda user: not user.share):
                customers = self.env["res.partner"]
                for notification in message.notification_ids.sorted("id"):
                    partner = notification.res_partner_id
                    customer = partner.commercial_partner_id
                    mail = notification.notification_type == "email"
                    if mail and partner not in ours and customer not in ours and customer not in customers:
                        customers += customer
                        ref = f"mail.notification,{notification.id}"
                        rows.add((ref, partner, "out", company or author.user_ids.company_id))
        return rows

    def _expected_calls(self):
        rows = set()
        for activity in self.activities.exists():
            kind = KINDS.get(activity.activity_type_id.category)
            partner = self.env["res.partner"].browse(activity.res_id)
            if kind and not activity.active and not partner.user_ids:
                rows.add((f"mail.activity,{activity.id}", partner, kind, activity.customer_company_id))
        return rows

    def test_random(self):
        """A hundred and fifty things in a row, looked at after each."""
        steps = [self._do_receive, self._do_send, self._do_send, self._do_follow, self._do_edit, self._do_edit]
        steps += [self._do_delete, self._do_request, self._do_call, self._do_finish, self._do_finish, self._do_move]
        steps += [self._do_merge]
        rng = random.Random(20260504)
        for number in range(150):
            step = rng.choice(steps)
            step(rng)
            self._check(f"step {number}: {step.__name__}")
        self.assertGreater(len(self._expected_mails()) + len(self._expected_calls()), 20)

    def _check(self, when):
        of_mail = self.Interaction.search([("feed", "=", "mail"), ("id", "not in", self.there_before)])
        mails = of_mail.filtered(lambda row: row.source_model == "mail.message")
        got = {(row.source_ref, row.partner_id, row.direction, row.company_id) for row in mails}
        self.assertEqual(got, self._expected_mails(), when)
        got = {(row.source_ref, row.partner_id, row.kind, row.company_id) for row in of_mail - mails}
        self.assertEqual(got, self._expected_calls(), when)
        for row in of_mail:
            self.assertEqual(row.commercial_partner_id, row.partner_id.commercial_partner_id)
        for feed in FEEDS:
            self._assert_no_drift(feed)
