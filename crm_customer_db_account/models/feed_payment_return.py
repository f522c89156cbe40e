from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch


class CrmCustomerFeedAccountPaymentReturn(models.AbstractModel):
    """Returns of payments that are kept with OCA's ``account_payment_return``.

    source_ref ``payment.return.line,ID``; the document is the ``payment.return`` with all
    payments that one file of the bank brought back. Reads what that module says of its
    returns: the payments (``move_line_ids``) and, on the matching of payment and return,
    the instalments that are due again (``origin_returned_move_ids``). A payment that was
    taken back with our own button is left out.

    That module's models do not tell anybody that they change, but whenever a return is
    confirmed or cancelled, its journal entry does.
    """

    _name = "crm.customer.feed.account.payment.return"
    _inherit = "crm.customer.feed"
    _description = "Payment returns"
    _feed = "account"
    _fact = "crm.customer.fulfilment"
    _document = "payment.return"
    _needs = ("payment.return", "payment.return.line")
    _sequence = 16
    _fact_columns = (
        *("partner_id", "company_id", "day", "source_ref", "source_id", "order_ref", "kind", "reason"),
        *("reason_text", "user_id", "ordered_on", "promised_on", "amount", "state", "solved_on"),
    )
    _watch = {
        "account.move": Watch(("name", "state", "payment_state", "returned_payment", "invoice_user_id")),
        "account.move.line": Watch(("date_maturity", "reconciled")),
        "account.partial.reconcile": Watch(("debit_move_id", "credit_move_id", "max_date", "origin_returned_move_ids")),
    }
    _depends = {
        "payment.return": ["company_id", "date", "move_id", "state"],
        "payment.return.line": ["amount", "partner_id", "reason_additional_information", "reason_id", "return_id"],
        "payment.return.reason": ["code"],
        "crm.customer.payment.return": ["payment_id", "state"],
    }

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT COALESCE(line.partner_id, due.partner_id) AS partner_id, back.company_id,
                   COALESCE(back.date, booked.date) AS day,
                   'payment.return.line,' || line.id AS source_ref, back.id AS source_id,
                   due.order_ref, 'unpaid' AS kind, 'returned' AS reason,
                   CONCAT_WS(': ', NULLIF(why.code, ''), NULLIF(line.reason_additional_information, ''))
                       AS reason_text,
                   due.user_id, due.ordered_on, due.promised_on, line.amount,
                   CASE WHEN COALESCE(due.open, FALSE) THEN 'open' ELSE 'solved' END AS state,
                   CASE WHEN COALESCE(due.open, FALSE) THEN NULL
                        ELSE GREATEST(COALESCE(back.date, booked.date), due.paid_on) END AS solved_on
              FROM payment_return back
              JOIN payment_return_line line ON line.return_id = back.id
              JOIN account_move booked ON booked.id = back.move_id
              LEFT JOIN payment_return_reason why ON why.id = line.reason_id
             CROSS JOIN LATERAL (%(due)s) due
             WHERE back.state = 'done' AND due.paid AND NOT due.ours AND %(only)s
            """,
            due=self._due_again(),
            only=self._only("back.id", ids),
        )

    @api.model
    def _due_again(self):
        """What the line ``line`` of the return ``back`` made due again, in one row."""
        return SQL(
            """
            SELECT COUNT(*) > 0 AS paid, MIN(paid_line.partner_id) AS partner_id,
                   STRING_AGG(DISTINCT move.name, ', ') AS order_ref,
                   MIN(move.invoice_date) AS ordered_on, MIN(again.date_maturity) AS promised_on,
                   (ARRAY_AGG(move.invoice_user_id ORDER BY move.id))[1] AS user_id,
                   MAX((SELECT MAX(settled.max_date) FROM account_partial_reconcile settled
                         WHERE settled.debit_move_id = again.id)) AS paid_on,
                   BOOL_OR(again.reconciled IS NOT TRUE) FILTER (WHERE move.state = 'posted') AS open,
                   BOOL_OR(EXISTS (
                       SELECT FROM account_payment payment
                         JOIN crm_customer_payment_return ours ON ours.payment_id = payment.id
                        WHERE payment.move_id = paid_line.move_id AND ours.state = 'done')) AS ours
              FROM %(paid)s
              JOIN account_move_line paid_line ON paid_line.id = paid.line_id
              LEFT JOIN account_partial_reconcile part ON part.credit_move_id = paid_line.id
               AND part.debit_move_id IN (SELECT id FROM account_move_line WHERE move_id = back.move_id)
              LEFT JOIN %(origin)s ON origin.part_id = part.id
              LEFT JOIN account_move_line again ON again.id = origin.line_id
              LEFT JOIN account_move move ON move.id = again.move_id
             WHERE paid.return_line_id = line.id
            """,
            paid=self._links("payment.return.line", "move_line_ids", "paid", "return_line_id", "line_id"),
            origin=self._links("account.partial.reconcile", "origin_returned_move_ids", "origin", "part_id", "line_id"),
        )

    @api.model
    def _links(self, model, name, alias, mine, others):
        """The table of a many2many field of that module, by names of ours.

        :param model: name of a model
        :param name: name of its field
        :param alias: alias of the table
        :param mine: alias of the column of the model's own records
        :param others: alias of the column of the others
        :return: ``SQL`` for FROM
        """
        field = self.env[model]._fields[name]
        return SQL(
            "%s AS %s (%s, %s)",
            SQL(
                "(SELECT %s, %s FROM %s)",
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
            ),
            SQL.identifier(alias),
            SQL.identifier(mine),
            SQL.identifier(others),
        )

    @api.model
    def _documents_sql(self, model, ids):
        ids = list(ids)
        if model == self._document:
            return SQL("SELECT UNNEST(%s)", ids)
        lines = {
            "account.move": SQL("SELECT id FROM account_move_line WHERE move_id = ANY(%s)", ids),
            "account.move.line": SQL("SELECT UNNEST(%s)", ids),
            "account.partial.reconcile": SQL(
                "SELECT UNNEST(ARRAY[debit_move_id, credit_move_id]) FROM account_partial_reconcile WHERE id = ANY(%s)",
                ids,
            ),
        }[model]
        return SQL(
            """
            SELECT back.id FROM payment_return back
              JOIN account_move_line booked ON booked.move_id = back.move_id
             WHERE booked.id IN (%(lines)s)
             UNION
            SELECT line.return_id FROM payment_return_line line
              JOIN %(paid)s ON paid.return_line_id = line.id
             WHERE paid.line_id IN (%(lines)s)
             UNION
            SELECT back.id FROM payment_return back
              JOIN account_move_line booked ON booked.move_id = back.move_id
              JOIN account_partial_reconcile part ON part.debit_move_id = booked.id
              JOIN %(origin)s ON origin.part_id = part.id
             WHERE origin.line_id IN (%(lines)s)
            """,
            lines=lines,
            paid=self._links("payment.return.line", "move_line_ids", "paid", "return_line_id", "line_id"),
            origin=self._links("account.partial.reconcile", "origin_returned_move_ids", "origin", "part_id", "line_id"),
        )
