# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A customer with a past, for the tests of the timeline."""

from datetime import datetime

from odoo.tools import SQL

from .common import CustomerDbCommon

NOTE = "mail.mt_note"


class TimelineCommon(CustomerDbCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Timeline = cls.env["crm.customer.timeline"]
        cls.firm = cls._partner(name="Ferretería El Puente")
        cls.berta = cls._person(name="Berta Gil", parent_id=cls.firm.id)

    @classmethod
    def _fact(cls, model, date="2026-03-01 10:00:00", **vals):
        """A fact of a model (without its prefix), by default of the firm in company A."""
        vals = {"partner_id": cls.firm.id, "company_id": cls.company_a.id, "date": date, **vals}
        return cls.env[f"crm.customer.{model}"].create(vals)

    @classmethod
    def _order(cls, ref, amounts, **vals):
        """The lines of an order without a document."""
        lines = [cls._fact("purchase", order_ref=ref, amount_currency=amount, **vals) for amount in amounts]
        return cls.env["crm.customer.purchase"].union(*lines)

    @classmethod
    def _note(cls, partner, body, date):
        """A log note that a person wrote on a contact at some time."""
        author = cls.user_sales_all.partner_id.id
        note = partner.message_post(body=body, message_type="comment", subtype_xmlid=NOTE, author_id=author)
        note.date = date
        return note

    @classmethod
    def _insert(cls, model, count, partner, **columns):
        """Many facts by SQL, one a minute before the one before, the last one yesterday.

        :param columns: name and SQL expression over ``i``, the number of the fact
        """
        table = cls.env[f"crm.customer.{model}"]._table
        columns = {
            "partner_id": str(partner.id),
            "commercial_partner_id": str(partner.commercial_partner_id.id),
            "company_id": str(cls.company_a.id),
            "company_currency_id": str(cls.euro.id),
            "date": "moment",
            "day": "moment::date",
            "feed": "'bulk'",
            **columns,
        }
        cls.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM (SELECT i, date_trunc('minute', now() AT TIME ZONE 'UTC')"
                " - i * interval '1 minute' - interval '1 day' AS moment FROM generate_series(0, %s) i) many",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(map(SQL, columns.values())),
                count - 1,
            )
        )

    def _pages(self, partner, user=None, filters=None, companies=()):
        """All pages of a customer, as a user sees them.

        :return: list of lists of rows
        """
        customer = self._as(user or self.user_sales_all, partner, *companies)
        pages, before = [], None
        while before is not False:
            page = customer.customer_timeline_page(before, filters)
            pages.append(page["rows"])
            before = page["before"]
            self.assertLess(len(pages), 100, "the pages come to an end")
        return pages

    def _rows(self, *args, **kwargs):
        return [row for page in self._pages(*args, **kwargs) for row in page]

    def _keys(self, *args, **kwargs):
        return [row["key"] for row in self._rows(*args, **kwargs)]

    def _first(self, partner, user=None, *companies):
        """The first page of a customer, as a user sees it."""
        return self._as(user or self.user_sales_all, partner, *companies).customer_timeline_page()

    @staticmethod
    def _moment(text):
        return datetime.fromisoformat(text)
