"""What the accountant does: limits, notes that are still in course, calls about what is overdue.

And the situation of each customer as it was when he bought: two years are made in one
hour, and the ledger would say of every sale how its customer stands today.
"""

from collections import defaultdict
from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.crm_customer_db_account.models.crm_customer_credit_snapshot import KEPT
from odoo.addons.crm_customer_db_account.models.crm_customer_metrics import CREDIT_SOURCES

from .part import Part

# Every so manieth customer company has a limit: of what it bought in a year, this share.
LIMITED_EVERY, LIMIT_SHARE = 5, 0.15
NOTES, CALLS = 8, 6


class Credit(Part):
    """Credit of the main company's customers."""

    def limits(self, customers):
        """Limits for some of the companies; some of them are over it."""
        self.firm.main.account_use_credit_limit = True
        firms = [self.people.records[customer.number] for customer in customers if customer.kind == "company"]
        bought = dict(
            self.env["account.move"]._read_group(
                [
                    ("company_id", "=", self.firm.main.id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("invoice_date", ">", self.today - timedelta(days=365)),
                ],
                ["commercial_partner_id"],
                ["amount_total_signed:sum"],
            )
        )
        for firm in firms[::LIMITED_EVERY]:
            firm = self.env["res.partner"].browse(firm.id)
            firm.credit_limit = max(1000, round(bought.get(firm, 0) * LIMIT_SHARE, -2))

    def notes(self):
        """Some customers have sent a promissory note: the invoice is paid, the money is not there."""
        journal = self._notes_journal()
        invoices = self.env["account.move"].search(
            [
                ("company_id", "=", self.firm.main.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "=", "not_paid"),
                ("invoice_date_due", ">", self.today),
                ("commercial_partner_id.is_company", "=", True),
            ],
            order="invoice_date desc, id",
            limit=NOTES,
        )
        for invoice in invoices:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create(
                {
                    "journal_id": journal.id,
                    "payment_date": max(invoice.invoice_date, self.today - timedelta(days=6)),
                }
            ).action_create_payments()

    def _notes_journal(self):
        held = self.env["account.account"].create(
            {
                "code": "431090",
                "name": "Efectos comerciales en cartera",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        journal = self.env["account.journal"].create(
            {"name": "Pagarés", "code": "PAG", "type": "bank", "company_id": self.firm.main.id}
        )
        journal.inbound_payment_method_line_ids.payment_account_id = held
        return journal

    def calls(self):
        """Carmen has called some of those who are overdue: promises, one of them broken, and a dispute."""
        carmen = self.env(user=self.firm.users["carmen"])
        invoices = carmen["account.move"].search(
            [
                ("company_id", "=", self.firm.main.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "=", "not_paid"),
                ("invoice_date_due", "<", self.today - timedelta(days=20)),
                ("commercial_partner_id.is_company", "=", True),
            ],
            order="invoice_date_due desc, id",
            limit=CALLS,
        )
        for number, invoice in enumerate(invoices):
            values = {"promised_on": self.workday(self.today + timedelta(days=2 + number)), "outcome": "promised"}
            if number == 0:
                values = {"outcome": "disputed", "reason": "Faltaban dos cajas en la entrega"}
            elif number < 3:
                values.update(
                    date=self.now - timedelta(days=15 - number), promised_on=self.today - timedelta(days=5 + number)
                )
            elif number == 3:
                values = {"outcome": "unreached", "note": "No contestan; volver a llamar por la tarde."}
            action = invoice.action_customer_dunning()
            carmen[action["res_model"]].with_context(**action["context"]).create(values).action_confirm()

    # ------------------------------------------------------------- as it stood at the sale

    def situations(self):
        """Put into the ledger, and into the purchases, how each customer stood the day before he bought.

        What was ordered and not yet invoiced on a past day is nowhere dated, and is left out.
        """
        self.env.flush_all()
        metrics = self.env["crm.customer.metrics"]
        for day, sales in sorted(self._sales().items()):
            keys = sorted({(customer_id, root_id) for _line, _moment, customer_id, root_id in sales})
            rows = {
                (row["commercial_partner_id"], row["company_id"]): row
                for row in metrics._live(
                    [customer_id for customer_id, _root in keys],
                    as_of=day - timedelta(days=1),
                    names=CREDIT_SOURCES,
                    keys=keys,
                )
            }
            self._rewrite((line, moment, rows[customer_id, root_id]) for line, moment, customer_id, root_id in sales)
        self._tell_purchases()
        self.env.invalidate_all()

    def _sales(self):
        """Lines of the ledger by day.

        :return: dict of date and list of (id of the line, moment, customer id, root company id)
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kept.id, COALESCE(sold.date_order, move.invoice_date) AS moment, kept.commercial_partner_id,
                       split_part(company.parent_path, '/', 1)::integer
                  FROM crm_customer_credit_snapshot kept
                  JOIN res_company company ON company.id = kept.company_id
                  LEFT JOIN sale_order sold ON kept.document_model = 'sale.order' AND sold.id = kept.document_id
                  LEFT JOIN account_move move ON kept.document_model = 'account.move' AND move.id = kept.document_id
                 WHERE kept.company_id = ANY(%s) AND COALESCE(sold.date_order, move.invoice_date) IS NOT NULL
                """,
                self.firm.companies.ids,
            )
        )
        days = defaultdict(list)
        for line, moment, customer_id, root_id in rows:
            days[moment.date()].append((line, moment, customer_id, root_id))
        return days

    def _rewrite(self, lines):
        """The ledger can't be changed by anybody; this firm's past has never happened."""
        columns = SQL(", ").join(map(SQL.identifier, KEPT))
        values = [
            SQL("(%s, %s::timestamp, %s)", line, moment, SQL(", ").join(SQL("%s", row[name]) for name in KEPT))
            for line, moment, row in lines
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_credit_snapshot kept
                   SET date = told.date, %(settings)s,
                       over_limit = told.credit_limit::numeric > 0
                           AND told.credit_exposure::numeric + kept.amount > told.credit_limit::numeric
                  FROM (VALUES %(values)s) AS told (id, date, %(columns)s)
                 WHERE kept.id = told.id
                """,
                settings=SQL(", ").join(SQL("%s = told.%s", *[SQL.identifier(name)] * 2) for name in KEPT),
                values=SQL(", ").join(values),
                columns=columns,
            )
        )

    def _tell_purchases(self):
        """What was copied already is copied once more; the rest follows with the transaction."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_purchase bought
                   SET credit_status = kept.credit_status, credit_grade = kept.credit_grade
                  FROM (SELECT DISTINCT ON (document_model, document_id) document_model, document_id, credit_status,
                               credit_grade
                          FROM crm_customer_credit_snapshot
                         WHERE company_id = ANY(%s)
                         ORDER BY document_model, document_id, id DESC) kept
                 WHERE bought.source_model = kept.document_model AND bought.source_id = kept.document_id
                   AND bought.credit_status IS NOT NULL
                """,
                self.firm.companies.ids,
            )
        )
