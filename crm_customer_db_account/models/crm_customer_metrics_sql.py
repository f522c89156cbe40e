from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.tools.metrics_sql import among

# The company whose figures a branch adds to, of a table ``company``.
ROOT = SQL("split_part(company.parent_path, '/', 1)::integer")


class CrmCustomerMetrics(models.Model):
    """The queries behind the credit figures, by customer and root company.

    For today they read what Odoo keeps (``amount_residual``); for a past day they take
    back what was settled later. What nothing dates, a draft or a payment without an entry,
    belongs to today only.
    """

    _inherit = "crm.customer.metrics"

    @api.model
    def _credit_is_past(self, as_of):
        return as_of < fields.Date.today() and as_of < self._today()

    @api.model
    def _credit_nothing(self, column):
        """Query without rows."""
        return SQL(
            "SELECT NULL::integer AS commercial_partner_id, NULL::integer AS company_id, NULL::numeric AS %s"
            " WHERE FALSE",
            SQL.identifier(column),
        )

    @api.model
    def _credit_lines_sql(self, partners, as_of, accounts):
        """Journal items that were open on a day.

        :param accounts: ``SQL`` condition on ``line`` and ``account``
        :return: ``SQL`` query of id, commercial_partner_id, company_id, move_id, due, watch_days and amount
        """
        amount = SQL("line.amount_residual")
        still = SQL("line.reconciled IS NOT TRUE")
        later = SQL("")
        if self._credit_is_past(as_of):
            later = SQL(
                """
                LEFT JOIN LATERAL (
                    SELECT COALESCE(SUM(part.amount) FILTER (WHERE part.debit_move_id = line.id), 0)
                           - COALESCE(SUM(part.amount) FILTER (WHERE part.credit_move_id = line.id), 0) AS amount
                      FROM account_partial_reconcile part
                     WHERE (part.debit_move_id = line.id OR part.credit_move_id = line.id) AND part.max_date > %s
                ) later ON TRUE
                """,
                as_of,
            )
            amount = SQL("(line.amount_residual + later.amount)")
            still = SQL("line.date <= %s AND line.amount_residual + later.amount <> 0", as_of)
        return SQL(
            """
            SELECT line.id, customer.commercial_partner_id, %(root)s AS company_id, line.move_id,
                   COALESCE(line.date_maturity, line.date) AS due, root.customer_credit_amber_days AS watch_days,
                   %(amount)s AS amount
              FROM res_partner customer
              JOIN account_move_line line ON line.partner_id = customer.id AND line.parent_state = 'posted'
              JOIN account_account account ON account.id = line.account_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_company root ON root.id = %(root)s
              %(later)s
             WHERE %(among)s AND %(still)s AND %(accounts)s
            """,
            root=ROOT,
            amount=amount,
            later=later,
            among=among(SQL("customer.commercial_partner_id"), partners),
            still=still,
            accounts=accounts,
        )

    @api.model
    def _credit_items_sql(self, partners, as_of):
        """Open items on receivable accounts, and how much of each a payment in course covers.

        A payment without an entry of its own leaves its invoices open in the books; it
        covers them by due date.

        :return: ``SQL`` query of commercial_partner_id, company_id, due, watch_days, amount, covered
        """
        lines = self._credit_lines_sql(partners, as_of, SQL("account.account_type = 'asset_receivable'"))
        if self._credit_is_past(as_of):
            return SQL("SELECT item.*, 0 AS covered FROM (%s) item", lines)
        return SQL(
            """
            WITH item AS MATERIALIZED (%(lines)s),
            announced AS MATERIALIZED (
                SELECT customer.commercial_partner_id, %(root)s AS company_id,
                       SUM(payment.amount_company_currency_signed) AS amount
                  FROM res_partner customer
                  JOIN account_payment payment ON payment.partner_id = customer.id AND payment.state = 'in_process'
                  JOIN res_company company ON company.id = payment.company_id
                 WHERE %(among)s AND payment.move_id IS NULL
                   AND payment.partner_type = 'customer' AND payment.payment_type = 'inbound'
                 GROUP BY 1, 2),
            covered AS (
                SELECT item.id, GREATEST(0, LEAST(item.amount, announced.amount - COALESCE(SUM(item.amount) OVER (
                           PARTITION BY item.commercial_partner_id, item.company_id ORDER BY item.due, item.id
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))) AS amount
                  FROM item
                  JOIN announced USING (commercial_partner_id, company_id)
                 WHERE item.amount > 0
                   AND EXISTS (SELECT FROM account_move__account_payment link
                                 JOIN account_payment payment ON payment.id = link.payment_id
                                WHERE link.invoice_id = item.move_id AND payment.state = 'in_process'
                                  AND payment.move_id IS NULL))
            SELECT item.*, COALESCE(covered.amount, 0) AS covered FROM item LEFT JOIN covered ON covered.id = item.id
            """,
            lines=lines,
            root=ROOT,
            among=among(SQL("customer.commercial_partner_id"), partners),
        )

    @api.model
    def _credit_open_sql(self, partners, as_of):
        def overdue(first, last=None):
            until = SQL("AND %s - due <= %s", as_of, last) if last else SQL("")
            return SQL("SUM(amount - covered) FILTER (WHERE amount > 0 AND %s - due >= %s %s)", as_of, first, until)

        return SQL(
            """
            SELECT commercial_partner_id, company_id,
                   SUM(amount - covered) FILTER (WHERE amount > 0 AND due >= %(as_of)s) AS credit_not_due,
                   %(overdue)s AS credit_overdue, %(to_30)s AS credit_overdue_30, %(to_60)s AS credit_overdue_60,
                   %(to_90)s AS credit_overdue_90, %(old)s AS credit_overdue_old,
                   MAX(%(as_of)s - due) FILTER (WHERE amount > covered AND due < %(as_of)s) AS credit_overdue_days,
                   SUM(amount - covered) FILTER (WHERE amount > 0 AND %(as_of)s - due > watch_days)
                       AS credit_overdue_watch,
                   -SUM(amount) FILTER (WHERE amount < 0) AS credit_on_account
              FROM (%(items)s) item
             GROUP BY commercial_partner_id, company_id
            """,
            items=self._credit_items_sql(partners, as_of),
            as_of=SQL("%s::date", as_of),
            overdue=overdue(1),
            to_30=overdue(1, 30),
            to_60=overdue(31, 60),
            to_90=overdue(61, 90),
            old=overdue(91),
        )

    @api.model
    def _credit_course_sql(self, partners, as_of):
        """What was registered and is not in the bank: on outstanding accounts, and without an entry.

        Where nobody matches payments with the bank, they arrive after a number of days.
        """
        outstanding = SQL(
            """
            EXISTS (SELECT FROM account_payment payment JOIN account_journal journal ON journal.id = payment.journal_id
                     WHERE payment.move_id = line.move_id AND payment.partner_type = 'customer'
                       AND payment.outstanding_account_id = line.account_id
                       AND payment.outstanding_account_id IS DISTINCT FROM journal.default_account_id
                       AND (root.customer_credit_course_days = 0
                            OR payment.date + root.customer_credit_course_days >= %s))
            """,
            as_of,
        )
        return SQL(
            """
            SELECT commercial_partner_id, company_id, SUM(amount) AS credit_in_course
              FROM (SELECT commercial_partner_id, company_id, amount FROM (%s) booked
                    UNION ALL
                    SELECT commercial_partner_id, company_id, covered FROM (%s) item WHERE covered > 0) course
             GROUP BY commercial_partner_id, company_id
            """,
            self._credit_lines_sql(partners, as_of, outstanding),
            self._credit_items_sql(partners, as_of),
        )

    @api.model
    def _credit_draft_sql(self, partners, as_of):
        if self._credit_is_past(as_of):
            return self._credit_nothing("credit_draft")
        return SQL(
            """
            SELECT customer.commercial_partner_id, %s AS company_id, SUM(move.amount_total_signed) AS credit_draft
              FROM res_partner customer
              JOIN account_move move ON move.commercial_partner_id = customer.id
              JOIN res_company company ON company.id = move.company_id
             WHERE %s AND customer.commercial_partner_id = customer.id AND move.state = 'draft'
               AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt') AND move.id <> ALL(%s)
             GROUP BY 1, 2
            """,
            ROOT,
            among(SQL("customer.id"), partners),
            # drafts that are being posted: what they add is not there yet
            list(self.env.context.get("customer_credit_without", ())),
        )

    @api.model
    def _credit_ordered_sql(self, partners, as_of):
        """What is confirmed and not invoiced. The addon of Sales says what.

        :return: ``SQL`` query of commercial_partner_id, company_id (root) and credit_to_invoice
        """
        return self._credit_nothing("credit_to_invoice")

    @api.model
    def _credit_returned_sql(self, partners, as_of):
        return SQL(
            """
            SELECT unpaid.commercial_partner_id, %s AS company_id, SUM(unpaid.amount) AS credit_returned
              FROM crm_customer_fulfilment unpaid
              JOIN res_company company ON company.id = unpaid.company_id
             WHERE %s AND unpaid.kind = 'unpaid' AND unpaid.reason = 'returned'
               AND unpaid.day <= %s AND (unpaid.state = 'open' OR unpaid.solved_on > %s)
             GROUP BY 1, 2
            """,
            ROOT,
            among(SQL("unpaid.commercial_partner_id"), partners),
            as_of,
            as_of,
        )

    @api.model
    def _credit_record_sql(self, partners, as_of):
        """How late invoices were settled in twelve months, weighted by what was paid when.

        Credit notes pay nothing, and exchange differences are none of the customer's.
        """
        return SQL(
            """
            SELECT commercial_partner_id, company_id, COUNT(DISTINCT move_id) AS credit_settled_count,
                   ROUND(SUM(weighted) / NULLIF(SUM(paid), 0), 1) AS credit_days_late
              FROM (SELECT customer.commercial_partner_id, %(root)s AS company_id, line.id, line.move_id,
                           MAX(part.max_date) AS settled_on, SUM(part.amount) AS paid,
                           SUM(part.amount * (part.max_date - COALESCE(line.date_maturity, line.date))) AS weighted,
                           SUM(line.balance) / COUNT(*) AS balance
                      FROM res_partner customer
                      JOIN account_move_line line ON line.partner_id = customer.id AND line.reconciled
                           AND line.display_type = 'payment_term' AND line.balance > 0 AND line.parent_state = 'posted'
                      JOIN account_move move ON move.id = line.move_id AND move.move_type IN ('out_invoice', 'out_receipt')
                      JOIN res_company company ON company.id = line.company_id
                      JOIN account_partial_reconcile part ON part.debit_move_id = line.id
                      JOIN account_move_line other ON other.id = part.credit_move_id
                      JOIN account_move paid_by ON paid_by.id = other.move_id AND paid_by.move_type <> 'out_refund'
                           AND paid_by.journal_id IS DISTINCT FROM company.currency_exchange_journal_id
                     WHERE %(among)s
                     GROUP BY customer.commercial_partner_id, company.parent_path, line.id, line.move_id) settled
             WHERE settled_on <= %(as_of)s AND settled_on > %(as_of)s::date - INTERVAL '12 months'
             GROUP BY commercial_partner_id, company_id
            """,
            root=ROOT,
            among=among(SQL("customer.commercial_partner_id"), partners),
            as_of=as_of,
        )

    @api.model
    def _credit_invoiced_sql(self, partners, as_of):
        return SQL(
            """
            SELECT move.commercial_partner_id, %s AS company_id, MAX(move.invoice_date) AS credit_last_invoice_date
              FROM account_move move
              JOIN res_company company ON company.id = move.company_id
             WHERE %s AND move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt') AND move.invoice_date <= %s
             GROUP BY 1, 2
            """,
            ROOT,
            among(SQL("move.commercial_partner_id"), partners),
            as_of,
        )

    @api.model
    def _credit_level_sql(self, partners, as_of):
        """The level that was typed or imported, while it is in force, and whom Odoo calls a bad debtor."""
        return SQL(
            """
            SELECT customer.id AS commercial_partner_id, company.id AS company_id,
                   CASE WHEN COALESCE((customer.customer_credit_level_expiry ->> company.id::text)::date, %(as_of)s)
                             >= %(as_of)s
                        THEN customer.customer_credit_level ->> company.id::text END AS credit_level_typed,
                   customer.trust ->> company.id::text = 'bad' AS credit_is_bad
              FROM res_partner customer
             CROSS JOIN res_company company
             WHERE %(among)s AND (customer.customer_credit_level IS NOT NULL OR customer.trust IS NOT NULL)
               AND (customer.customer_credit_level ->> company.id::text IS NOT NULL
                    OR customer.trust ->> company.id::text = 'bad')
            """,
            among=among(SQL("customer.id"), partners),
            as_of=SQL("%s::date", as_of),
        )

    @api.model
    def _credit_limit_sql(self, partners):
        """Odoo's limit, where the company uses limits: the customer's own, else the company's."""
        companies = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        field = self.env["res.partner"]._fields["credit_limit"]
        partner = self.env["res.partner"].sudo()
        usual = [
            SQL(
                "(%s, %s::numeric)",
                company.id,
                field.get_company_dependent_fallback(partner.with_company(company)) or 0,
            )
            for company in companies
            if company.account_use_credit_limit
        ]
        if not usual:
            return self._credit_nothing("credit_limit")
        return SQL(
            """
            SELECT customer.id AS commercial_partner_id, usual.company_id,
                   ROUND(COALESCE((customer.credit_limit ->> usual.company_id::text)::numeric, usual.amount), 2)
                       AS credit_limit
              FROM res_partner customer, (VALUES %s) AS usual (company_id, amount)
             WHERE %s AND customer.commercial_partner_id = customer.id
               AND COALESCE((customer.credit_limit ->> usual.company_id::text)::numeric, usual.amount) > 0
            """,
            SQL(", ").join(usual),
            among(SQL("customer.id"), partners),
        )
