from odoo import api, models
from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_feed import Watch

# Orders are watched for being deleted only: what they had invoiced is a purchase of its own then.
ORDERS = {"sale.order": Watch(()), "sale.order.line": Watch(("invoice_lines",))}


class CrmCustomerFeedAccountInvoice(models.AbstractModel):
    _inherit = "crm.customer.feed.account.invoice"

    @property
    def _watch(self):
        watch = super()._watch
        line = watch["account.move.line"]
        return {**watch, **ORDERS, "account.move.line": line._replace(fields=(*line.fields, "sale_line_ids"))}

    @api.model
    def _exclude(self):
        """Extended: what invoices a sales order is the order's, down payments included."""
        return [
            *super()._exclude(),
            SQL("EXISTS (SELECT FROM sale_order_line_invoice_rel sold WHERE sold.invoice_line_id = line.id)"),
        ]

    @api.model
    def _relevant(self, records):
        if records._name in ORDERS:
            return records.browse()  # nothing is invoiced yet
        return super()._relevant(records)

    @api.model
    def _documents_sql(self, model, ids):
        if model not in ORDERS:
            return super()._documents_sql(model, ids)
        return SQL(
            """
            SELECT DISTINCT moved.move_id
              FROM sale_order_line sold
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = sold.id
              JOIN account_move_line moved ON moved.id = link.invoice_line_id
             WHERE %s
            """,
            self._only("sold.order_id" if model == "sale.order" else "sold.id", ids),
        )
