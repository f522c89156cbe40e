from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .crm_customer_metrics import CREDIT_SOURCES, GRADES, STATUSES

# Figures of the customer that a sale keeps.
KEPT = (
    "credit_limit",
    "credit_exposure",
    "credit_overdue",
    "credit_overdue_days",
    "credit_days_late",
    "credit_status",
    "credit_grade",
)


class CrmCustomerCreditSnapshot(models.Model):
    """How the customer stood when something was sold to him: a ledger to which lines are only added.

    A line is written in the transaction that confirms an order, or posts an invoice of
    what was not ordered, with the figures of the moment before. No role changes or deletes
    it, and neither does code. An order that is cancelled and confirmed once more is sold
    once more and has a second line; the last one counts.
    """

    _name = "crm.customer.credit.snapshot"
    _description = "Credit Situation at the Sale"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "document_name"

    date = fields.Datetime(required=True, readonly=True)
    # not required in the database: the line outlives what it is about
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict", index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True, ondelete="set null")
    document_model = fields.Char(string="Kind of document", required=True, readonly=True)
    document_id = fields.Many2oneReference("Record", model_field="document_model", required=True, readonly=True)
    document_name = fields.Char(string="Document", readonly=True)
    amount = fields.Monetary(string="Sold (incl. VAT)", readonly=True)
    credit_limit = fields.Monetary(string="Credit limit", readonly=True, help="0: there was none.")
    credit_exposure = fields.Monetary(string="Exposure", readonly=True, help="Before this sale.")
    credit_overdue = fields.Monetary(string="Overdue", readonly=True)
    credit_overdue_days = fields.Integer(string="Days overdue", readonly=True, aggregator="max")
    credit_days_late = fields.Float(
        string="Days late on average", readonly=True, digits=(16, 1), aggregator="avg", help="Of settled invoices."
    )
    credit_status = fields.Selection(STATUSES, string="Credit situation", readonly=True)
    credit_grade = fields.Selection(GRADES, string="Payment record", readonly=True)
    over_limit = fields.Boolean(
        string="Over the limit with it", readonly=True, help="With this sale the customer was over his limit."
    )

    _document_idx = models.Index("(document_model, document_id, id DESC)")
    _date_idx = models.Index("(company_id, date DESC, id DESC)")

    def write(self, vals):  # pylint: disable=method-required-super
        """Refused for everybody.

        :raise AccessError: always
        """
        raise AccessError(self.env._("What was known at a sale stays as it was."))

    @api.ondelete(at_uninstall=False)
    def _unlink_refused(self):
        """Refused for everybody.

        :raise AccessError: always
        """
        raise AccessError(self.env._("What was known at a sale stays as it was."))

    # ---------------------------------------------------------------------- keeping

    @api.model
    def _situations(self, documents):
        """How the customers of documents stand at this moment, without these documents.

        :param documents: records of a model with ``crm.customer.credit.line``, not yet sold
        :return: dict of id of a document and dict of figures
        """
        keys = {
            document.id: (document._customer_credit_partner().id, document._customer_credit_company().id)
            for document in documents
        }
        asked = {key for key in keys.values() if all(key)}
        if not asked:
            return {}
        metrics = self.env["crm.customer.metrics"].with_context(
            customer_credit_without=documents.ids if documents._name == "account.move" else ()
        )
        rows = {
            (row["commercial_partner_id"], row["company_id"]): row
            for row in metrics._live([customer for customer, _root in asked], names=CREDIT_SOURCES, keys=sorted(asked))
        }
        return {document_id: rows[key] for document_id, key in keys.items() if key in rows}

    @api.model
    def _keep(self, documents, situations):
        """Write down what was known when documents were sold.

        :param documents: records that are sold by now
        :param situations: what ``_situations`` has said of them before
        """
        now = fields.Datetime.now()
        values = []
        for document in documents:
            row = situations.get(document.id)
            if not row:
                continue
            company = document.company_id
            amount = document._customer_credit_amount()
            limit, exposure = row["credit_limit"], float(row["credit_exposure"]) + amount
            values.append(
                {
                    "date": now,
                    "commercial_partner_id": row["commercial_partner_id"],
                    "company_id": company.id,
                    "currency_id": row["currency_id"],
                    "user_id": document._customer_credit_user().id,
                    "document_model": document._name,
                    "document_id": document.id,
                    "document_name": document.name,
                    "amount": amount,
                    "over_limit": bool(limit) and company.currency_id.compare_amounts(exposure, float(limit)) > 0,
                    **{name: row[name] for name in KEPT},
                }
            )
        self.sudo().create(values)

    # ---------------------------------------------------------------------- reading

    @api.model
    def _last_sql(self, model, document):
        """Lateral join of the line that counts for a document, as ``sold``.

        :param model: name of the model of documents
        :param document: ``SQL`` of the id of the document
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT credit_status, credit_grade FROM crm_customer_credit_snapshot kept
                 WHERE kept.document_model = %s AND kept.document_id = %s ORDER BY kept.id DESC LIMIT 1) sold ON TRUE
            """,
            model,
            document,
        )
