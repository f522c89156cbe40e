from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomerOrderBridge(models.Model):
    """From what was ordered to what is still to be invoiced, one row per order.

    Adds up what the purchases of the order say, straight from order and invoices, so
    that it also shows what the customer file would have to show.
    """

    _name = "crm.customer.order.bridge"
    _description = "From Order to Invoice"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_id"
    _depends = {
        "account.move": ["move_type", "state"],
        "account.move.line": [
            "amount_currency",
            "balance",
            "currency_id",
            "parent_state",
            "product_uom_id",
            "quantity",
        ],
        "res.partner": ["commercial_partner_id"],
        "sale.order": [
            "company_id",
            "currency_id",
            "currency_rate",
            "date_order",
            "partner_id",
            "state",
            "team_id",
            "user_id",
        ],
        "sale.order.line": [
            "display_type",
            "invoice_lines",
            "is_downpayment",
            "order_id",
            "price_subtotal",
            "product_uom_id",
            "product_uom_qty",
        ],
    }

    order_id = fields.Many2one("sale.order", readonly=True)
    date = fields.Datetime(string="Order date", readonly=True)
    state = fields.Selection(
        selection=lambda self: self.env["sale.order"]._fields["state"]._description_selection(self.env),
        string="Status",
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales team", readonly=True)
    ordered = fields.Monetary(
        string="Ordered (excl. VAT)",
        readonly=True,
        help="What the order says, without taxes; nothing once it is cancelled.",
    )
    credited = fields.Monetary(
        string="Credited (excl. VAT)",
        readonly=True,
        help="What credit notes take from the order. One that only corrects an invoice takes nothing from it.",
    )
    invoiced = fields.Monetary(
        string="Invoiced (excl. VAT)",
        readonly=True,
        help="Posted invoices less posted credit notes, without taxes and without down payments.",
    )
    to_invoice = fields.Monetary(
        string="Still to invoice (excl. VAT)",
        readonly=True,
        help="Ordered less credited less invoiced. Below zero: more was invoiced than ordered.",
    )
    down_payment = fields.Monetary(
        string="Down payments open (excl. VAT)",
        readonly=True,
        help="Down payments invoiced that no invoice has deducted yet.",
    )

    @property
    def _table_query(self):
        feed = self.env["crm.customer.feed.sale.purchase"].sudo()
        return SQL(
            """
            WITH ord AS (
                SELECT o.id, o.state, o.currency_id, o.date_order, o.partner_id, o.company_id, o.user_id, o.team_id,
                       CASE COALESCE(o.currency_rate, 0) WHEN 0 THEN 1.0 ELSE o.currency_rate END AS rate
                  FROM sale_order o
                 WHERE o.company_id = ANY(%(companies)s) AND %(counts)s
            ),
            line AS (%(lines)s)
            SELECT ord.id, ord.id AS order_id, ord.date_order AS date, ord.state, ord.partner_id,
                   partner.commercial_partner_id, ord.company_id, company.currency_id, ord.user_id, ord.team_id,
                   COALESCE(total.ordered, 0) AS ordered, COALESCE(total.credited, 0) AS credited,
                   COALESCE(total.invoiced, 0) AS invoiced,
                   COALESCE(total.ordered - total.credited - total.invoiced, 0) AS to_invoice,
                   COALESCE(down.amount, 0) AS down_payment
              FROM ord
              JOIN res_partner partner ON partner.id = ord.partner_id
              JOIN res_company company ON company.id = ord.company_id
              LEFT JOIN (SELECT line.order_id, SUM(line.ordered / ord.rate) AS ordered,
                                SUM(line.credited / ord.rate) AS credited, SUM(line.invoiced_net) AS invoiced
                           FROM line JOIN ord ON ord.id = line.order_id
                          GROUP BY line.order_id) total ON total.order_id = ord.id
              LEFT JOIN (%(down_payments)s) down ON down.order_id = ord.id
            """,
            companies=self.env.companies.ids,
            counts=feed._counts_sql(),
            lines=feed._lines_sql(),
            down_payments=self._down_payments_sql(),
        )

    @api.model
    def _down_payments_sql(self):
        """What posted invoices say of the down payments of orders."""
        return SQL(
            """
            SELECT l.order_id, -SUM(moved.balance) AS amount
              FROM sale_order_line l
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = l.id
              JOIN account_move_line moved ON moved.id = link.invoice_line_id AND moved.parent_state = 'posted'
             WHERE l.is_downpayment AND l.display_type IS NULL
             GROUP BY l.order_id
            """
        )

    @api.readonly
    def action_open_order(self):
        """Show the order of a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
