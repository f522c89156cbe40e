# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Customers with something in every table, and what a database looks like as a whole."""

from odoo import Command
from odoo.tools import SQL

from odoo.addons.crm_customer_db.tests.common import CustomerDbCommon

from ..tools.partner_rows import PartnerRows

# What a merge and its undoing may leave behind.
LEFT = ("crm_customer_merge_log", "crm_customer_merge_change", "crm_customer_metrics_queue")


class MergeCommon(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Log = cls.env["crm.customer.merge.log"]
        cls.Facts = cls.env["crm.customer.fact"]

    def _full(self, number, **vals):
        """A customer of whom something is in each table: facts, consents, history, tags, files, followers."""
        partner = self._partner(
            name=f"Ficha {number}",
            email=f"ficha{number}@example.com",
            phone=f"+3491234567{number}",
            customer_mark="customer",
            street=f"Mayor {number}",
            zip="50001",
            city="Zaragoza",
            category_id=[Command.create({"name": f"Tag {number}"})],
            **vals,
        )
        partner.street = f"Mayor {number} bis"
        companies = self.company_a + self.company_b
        for index, company in enumerate(companies):
            self.env["crm.customer.purchase"].create(
                [
                    {
                        "partner_id": partner.id,
                        "company_id": company.id,
                        "amount": 10 * line,
                        "order_ref": f"O{line % 2}",
                        "date": f"2026-0{line}-0{number} 10:00:00",
                    }
                    for line in range(1, 4 + index)
                ]
            )
        self.env["crm.customer.interaction"].create({"partner_id": partner.id, "company_id": self.company_a.id})
        self.env["crm.customer.consent"].create(
            {
                "partner_id": partner.id,
                "channel": "post" if number % 2 else "visit",
                "state": "refused" if number % 2 else "given",
                "proof": "form",
            }
        )
        self.env["res.partner.bank"].create({"partner_id": partner.id, "acc_number": f"ES{number}"})
        self.env["res.partner.bank"].create({"partner_id": partner.id, "acc_number": "ES000111"})
        contact = self._person(name=f"Pilar {number}", parent_id=partner.id)
        self.env["crm.customer.interaction"].create({"partner_id": contact.id, "company_id": self.company_a.id})
        partner.message_subscribe([self.user_manager.partner_id.id])
        partner.message_post(body=f"Note {number}")
        partner.activity_schedule("mail.mail_activity_data_todo", user_id=self.user_manager.id)
        self.env["ir.attachment"].create(
            {"name": f"a{number}.txt", "raw": b"a", "res_model": "res.partner", "res_id": partner.id}
        )
        partner.image_1920 = PIXELS[number % 2]
        partner.with_company(self.company_b).customer_credit_level = "abc"[number % 3]
        return partner

    def _state(self):
        """Number of rows and checksum of every table that refers to contacts, and some more."""
        self.env.flush_all()
        self.env["crm.customer.feed"]._sync_pending("all")
        self.env.flush_all()
        partner_id = self.env.user.partner_id.id
        tables = PartnerRows(self.env, [partner_id, self.user_manager.partner_id.id]).tables
        tables += ["mail_tracking_value", "mail_followers_mail_message_subtype_rel", "mail_blacklist"]
        tables = sorted(set(tables).difference(LEFT))
        queries = [
            SQL(
                "SELECT %s, COUNT(*), md5(COALESCE(string_agg(r::text, '|' ORDER BY r::text), '')) FROM %s r",
                table,
                SQL.identifier(table),
            )
            for table in tables
        ]
        return {table: rest for table, *rest in self.env.execute_query(SQL(" UNION ALL ").join(queries))}

    def _rows(self, table):
        """Rows of a table as text, to see what differs."""
        self.env.flush_all()
        return {row for (row,) in self.env.execute_query(SQL("SELECT r::text FROM %s r", SQL.identifier(table)))}

    def _merge(self, keep, *others, user=None, values=None):
        contacts = self.env["res.partner"].union(keep, *others)
        log = self._as(user or self.user_manager, self.Log, self.company_a, self.company_b)
        log = log._merge_contacts(contacts.with_env(log.env), keep.with_env(log.env), values or {})
        self.env.invalidate_all()
        return log


# Two pictures of a single pixel.
PIXELS = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
)
