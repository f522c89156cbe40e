from odoo import api, models, tools
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch


class CrmCustomerFeedAccountReturn(models.AbstractModel):
    """A payment that the bank took back is unpaid until everything it had settled is paid again.

    source_ref ``crm.customer.payment.return,ID``: one row per return, with what the bank
    took back. It ends on the day on which the last of its invoices is settled again, by
    money or by a credit note. An invoice that was cancelled, or deleted as a draft, needs
    no payment any more, so it keeps nothing open.
    """

    _name = "crm.customer.feed.account.return"
    _inherit = "crm.customer.feed.account"
    _description = "Payments returned by the bank"
    _feed = "account"
    _fact = "crm.customer.fulfilment"
    _document = "crm.customer.payment.return"
    _sequence = 14
    _fact_columns = (
        *("partner_id", "company_id", "day", "source_ref", "source_id", "order_ref", "kind", "reason"),
        *("reason_text", "note", "user_id", "ordered_on", "promised_on", "currency_id"),
        *("amount_currency", "amount", "state", "solved_on"),
    )
    _watch = {
        "crm.customer.payment.return": Watch(
            (
                *("payment_id", "company_id", "date", "state", "currency_id", "amount", "amount_company"),
                *("file_reason", "file_note"),
            )
        ),
        "crm.customer.payment.return.line": Watch(("return_id", "move_id", "line_id"), path="return_id"),
        "account.payment": Watch(("partner_id",)),
        "account.move": Watch(("name", "state", "payment_state", "invoice_user_id", "invoice_date")),
        "account.move.line": Watch(("date_maturity", "reconciled")),
        "account.partial.reconcile": Watch(("debit_move_id", "max_date")),
    }

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT payment.partner_id, back.company_id, back.date AS day,
                   'crm.customer.payment.return,' || back.id AS source_ref, back.id AS source_id,
                   due.order_ref, 'unpaid' AS kind, 'returned' AS reason,
                   back.file_reason AS reason_text, back.file_note AS note, due.user_id,
                   due.ordered_on, due.promised_on, back.currency_id,
                   back.amount AS amount_currency, back.amount_company AS amount,
                   CASE WHEN COALESCE(due.open, FALSE) THEN 'open' ELSE 'solved' END AS state,
                   CASE WHEN COALESCE(due.open, FALSE) THEN NULL
                        ELSE GREATEST(back.date, due.paid_on) END AS solved_on
              FROM crm_customer_payment_return back
              JOIN account_payment payment ON payment.id = back.payment_id
             CROSS JOIN LATERAL (%(due)s) due
             WHERE back.state = 'done' AND payment.partner_id IS NOT NULL AND %(only)s
            """,
            due=self._due_again(),
            only=self._only("back.id", ids),
        )

    @api.model
    def _due_again(self):
        """What the return ``back`` made due again, in one row.

        An instalment is found by its line, or, where Odoo has made new ones after a reset
        to draft, by its invoice as a whole.
        """
        return SQL(
            """
            SELECT STRING_AGG(DISTINCT move.name, ', ') AS order_ref,
                   MIN(move.invoice_date) AS ordered_on,
                   MIN(COALESCE(line.date_maturity, move.invoice_date_due)) AS promised_on,
                   (ARRAY_AGG(move.invoice_user_id ORDER BY move.id))[1] AS user_id,
                   MAX(paid.paid_on) AS paid_on,
                   BOOL_OR(CASE WHEN line.id IS NOT NULL THEN line.reconciled IS NOT TRUE
                                ELSE move.payment_state NOT IN ('paid', 'in_payment', 'reversed') END
                          ) FILTER (WHERE move.state = 'posted') AS open
              FROM crm_customer_payment_return_line due_line
              JOIN account_move move ON move.id = due_line.move_id
              LEFT JOIN account_move_line line ON line.id = due_line.line_id
              LEFT JOIN LATERAL (
                   SELECT MAX(part.max_date) AS paid_on
                     FROM account_partial_reconcile part
                     JOIN account_move_line settled ON settled.id = part.debit_move_id
                    WHERE settled.move_id = move.id AND (line.id IS NULL OR settled.id = line.id)
                 ) paid ON move.state = 'posted'
             WHERE due_line.return_id = back.id
            """
        )

    @api.model
    def _documents_sql(self, model, ids):
        ids = list(ids)
        if model == self._document:
            return SQL("SELECT UNNEST(%s)", ids)
        if model == "crm.customer.payment.return.line":
            return SQL("SELECT return_id FROM crm_customer_payment_return_line WHERE id = ANY(%s)", ids)
        if model == "account.payment":
            return SQL("SELECT id FROM crm_customer_payment_return WHERE payment_id = ANY(%s)", ids)
        if model == "account.move":
            return SQL("SELECT return_id FROM crm_customer_payment_return_line WHERE move_id = ANY(%s)", ids)
        if model == "account.move.line":
            moves = SQL("SELECT move_id FROM account_move_line WHERE id = ANY(%s)", ids)
        else:
            moves = SQL(
                "SELECT line.move_id FROM account_partial_reconcile part"
                " JOIN account_move_line line ON line.id = part.debit_move_id WHERE part.id = ANY(%s)",
                ids,
            )
        return SQL("SELECT return_id FROM crm_customer_payment_return_line WHERE move_id IN (%s)", moves)

    # --------------------------------------------- nothing is asked without a return

    @api.model
    def _relevant(self, records):
        return super()._relevant(records) if self._about_returns(records) else records.browse()

    @api.model
    def _relevant_changes(self, records, names=()):
        return super()._relevant_changes(records, names) if self._about_returns(records) else records.browse()

    @api.model
    def _about_returns(self, records):
        return records._name.startswith(self._document) or self._any_return()

    @api.model
    @tools.ormcache()
    def _any_return(self):
        return bool(self.env["crm.customer.payment.return"].sudo().search_count([], limit=1))

    @api.model
    def _first_return(self):
        """From now on payments and invoices may be about a return."""
        self.env.registry.clear_cache()
