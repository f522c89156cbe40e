from odoo import api, models
from odoo.tools import SQL

from ..tools import payment_form


class CrmCustomerFeed(models.AbstractModel):
    """What several apps say of payments in the same way."""

    _inherit = "crm.customer.feed"

    @api.model
    def _payment_form_sql(self, method_line):
        """How is paid with a payment method of a journal, for the query of a feed.

        What the accountant has said of it comes first, then what its code means, then the
        journal: money that is entered by hand is cash in a cash journal, a card in one of
        cards and a transfer in that of a bank.

        :param method_line: ``SQL`` of the id of an ``account.payment.method.line``
        :return: ``SQL`` of a value of ``payment_form``, NULL where nothing is known
        """
        return SQL(
            """
            (SELECT COALESCE(
                        method_line.customer_payment_form,
                        %(by_code)s,
                        CASE WHEN method.code = 'manual'
                             THEN CASE journal.type WHEN 'cash' THEN 'cash'
                                                    WHEN 'credit' THEN 'card'
                                                    WHEN 'bank' THEN 'transfer' END
                        END)
               FROM account_payment_method_line method_line
               JOIN account_payment_method method ON method.id = method_line.payment_method_id
               LEFT JOIN account_journal journal ON journal.id = method_line.journal_id
              WHERE method_line.id = %(method_line)s)
            """,
            by_code=payment_form.of_code(SQL("method.code")),
            method_line=method_line,
        )
