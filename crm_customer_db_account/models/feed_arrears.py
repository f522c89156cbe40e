from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

# What can fall due: a credit note is owed by us.
CLAIMS = ("out_invoice", "out_receipt")


class CrmCustomerFeedAccountArrears(models.AbstractModel):
    """What a customer had not paid when the days of grace were over.

    source_ref ``account.move.line,ID``: one row per instalment, because each has its own
    due date. It stands on the first day after the grace, with what was still owed on that
    day, and ends on the day on which all of it was settled, whether by money or by a
    credit note (which ``reason_text`` then names). What was settled in time, by whatever,
    was never overdue. As payments are dated, a row is the same whether it is written on
    the day or years later, from history.

    Money that the bank took back later had arrived: until then nothing was overdue, and
    from then on the return itself is what is unpaid (see ``feed_return.py``).

    Amounts are worked out in the currency of the invoice; in that of the company they
    stand at the rate of the invoice, exchange differences being none of the customer's.
    """

    _name = "crm.customer.feed.account.arrears"
    _inherit = "crm.customer.feed.account"
    _description = "Overdue invoices"
    _feed = "account"
    _fact = "crm.customer.fulfilment"
    _document = "account.move"
    _sequence = 12
    _fact_columns = (
        *("partner_id", "company_id", "day", "source_ref", "source_id", "order_ref", "kind", "reason"),
        *("reason_text", "user_id", "ordered_on", "promised_on", "currency_id", "amount_currency"),
        *("amount", "state", "solved_on"),
    )
    _watch = {
        "account.move": Watch(
            (
                *("name", "state", "move_type", "partner_id", "company_id", "invoice_date", "invoice_user_id"),
                *("customer_disputed_on", "customer_dispute_reason"),
            )
        ),
        "account.move.line": Watch(
            ("move_id", "display_type", "currency_id", "amount_currency", "balance", "date_maturity"),
            path="move_id",
        ),
        "account.partial.reconcile": Watch(
            ("debit_move_id", "credit_move_id", "debit_amount_currency", "max_date"),
            path="debit_move_id.move_id",
        ),
        "crm.customer.payment.return.line": Watch(
            ("line_id", "state", "amount_currency", "paid_on"), path="line_id.move_id"
        ),
    }
    _depends = {"account.move": ["payment_state"], "res.company": ["customer_unpaid_grace_days"]}

    @api.model
    def _query(self, ids=None, as_of=None):
        return SQL(
            """
            SELECT move.partner_id, move.company_id,
                   line.date_maturity + company.customer_unpaid_grace_days + 1 AS day,
                   'account.move.line,' || line.id AS source_ref, move.id AS source_id,
                   move.name AS order_ref, 'unpaid' AS kind,
                   CASE WHEN move.customer_disputed_on IS NULL THEN 'overdue' ELSE 'disputed' END AS reason,
                   COALESCE(move.customer_dispute_reason, paid.credit_notes) AS reason_text, move.invoice_user_id AS user_id,
                   move.invoice_date AS ordered_on, line.date_maturity AS promised_on,
                   line.currency_id, line.amount_currency - paid.in_time AS amount_currency,
                   line.balance * (line.amount_currency - paid.in_time) / line.amount_currency AS amount,
                   CASE WHEN paid.last_on IS NULL THEN 'open' ELSE 'solved' END AS state,
                   paid.last_on AS solved_on
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'payment_term'
              JOIN res_company company ON company.id = move.company_id
             CROSS JOIN LATERAL (
                   SELECT COALESCE(SUM(amount) FILTER (WHERE in_time), 0) AS in_time,
                          MIN(paid_on) FILTER (WHERE so_far >= line.amount_currency) AS last_on,
                          STRING_AGG(DISTINCT credit_note, ', ') FILTER (WHERE NOT in_time) AS credit_notes
                     FROM (SELECT settled.*, SUM(amount) OVER (ORDER BY paid_on) AS so_far,
                                  paid_on <= line.date_maturity + company.customer_unpaid_grace_days AS in_time
                             FROM (%(settlements)s) settled) settled
                 ) paid
             WHERE move.move_type IN %(claims)s AND move.state = 'posted' AND move.partner_id IS NOT NULL
               AND COALESCE(move.payment_state, '') <> 'invoicing_legacy'
               AND line.balance > 0 AND line.amount_currency > paid.in_time
               AND line.date_maturity + company.customer_unpaid_grace_days < %(today)s
               AND %(only)s AND %(not_excluded)s
            """,
            settlements=SQL(" UNION ALL ").join(self._settlements()),
            claims=CLAIMS,
            today=as_of,
            only=self._only("move.id", ids),
            not_excluded=self._not_excluded(),
        )

    @api.model
    def _settlements(self):
        """What has settled an instalment ``line``, even if only until the bank took it back.

        Other ways in which payments come back add theirs.

        :return: list of ``SQL`` queries of paid_on (date), amount (in the currency of the
            invoice) and credit_note (its number, NULL for anything else)
        """
        settlements = [
            SQL(
                """
                SELECT part.max_date AS paid_on, part.debit_amount_currency AS amount,
                       CASE WHEN other.move_type = 'out_refund' THEN other.name END AS credit_note
                  FROM account_partial_reconcile part
                  JOIN account_move_line other_line ON other_line.id = part.credit_move_id
                  JOIN account_move other ON other.id = other_line.move_id
                 WHERE part.debit_move_id = line.id
                """
            ),
            SQL(
                """
                SELECT back.paid_on, back.amount_currency, NULL
                  FROM crm_customer_payment_return_line back
                 WHERE back.line_id = line.id AND back.state = 'done'
                """
            ),
        ]
        returns = self.env["crm.customer.feed.account.payment.return"]
        if returns._name in self._feed_names():
            # which part of the payment was for this instalment is not kept: all of it, as a rule
            settlements.append(
                SQL(
                    """
                    SELECT paid.date, line.amount_currency, NULL
                      FROM %s
                      JOIN account_partial_reconcile part ON part.id = origin.part_id
                      JOIN account_move_line paid ON paid.id = part.credit_move_id
                     WHERE origin.line_id = line.id
                    """,
                    returns._links(
                        "account.partial.reconcile", "origin_returned_move_ids", "origin", "part_id", "line_id"
                    ),
                )
            )
        return settlements

    @api.model
    def _due(self, as_of):
        return SQL(
            """
            SELECT DISTINCT line.move_id
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_company company ON company.id = move.company_id
             WHERE line.display_type = 'payment_term' AND line.reconciled IS NOT TRUE AND line.balance > 0
               AND line.date_maturity + company.customer_unpaid_grace_days < %(today)s
               AND line.date_maturity < %(today)s
               AND move.move_type IN %(claims)s AND move.state = 'posted'
               AND NOT EXISTS (
                   SELECT FROM crm_customer_fulfilment known
                    WHERE known.feed = %(feed)s AND known.source_ref = 'account.move.line,' || line.id
                      AND known.company_id = move.company_id)
            """,
            today=as_of,
            claims=CLAIMS,
            feed=self._feed,
        )

    @api.model
    def _relevant_changes(self, records, names=()):
        """Extended: nothing is overdue before it is due, so nothing can have been written of it."""
        records = super()._relevant_changes(records, names)
        if records._name == "account.partial.reconcile":
            return self._maybe_due(records, "debit_move_id")
        if records._name == "account.move.line" and "date_maturity" not in names:
            return self._maybe_due(records)
        return records

    @api.model
    def _relevant(self, records):
        records = super()._relevant(records)
        if records._name == "account.partial.reconcile":
            return self._maybe_due(records, "debit_move_id")
        return records

    @api.model
    def _maybe_due(self, records, path=None):
        """Records without those whose instalment is known to be due today at the earliest."""
        due_dates = self.env["account.move.line"]._fields["date_maturity"]._get_cache(self.env)
        line_of = records._fields[path]._get_cache(self.env) if path else {}
        today = fields.Date.today()

        def known_as_not_due(record_id):
            due_date = due_dates.get(line_of.get(record_id) if path else record_id)
            return bool(due_date) and due_date >= today

        return records.browse([record_id for record_id in records._ids if not known_as_not_due(record_id)])
