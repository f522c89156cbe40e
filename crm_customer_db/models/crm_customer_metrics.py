from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomerMetrics(models.Model):
    """The figures of a customer in one company.

    Rows are written by SQL only (``crm_customer_metrics_engine``) and read by everybody
    who may see the customer. They stand in a table of their own because confirming,
    posting and paying must never write on the contact: two users who work for one
    customer at the same moment would make each other wait, or fail.

    An addon brings further figures with fields and two methods, ``_metrics_sources`` and,
    for what follows from other figures, ``_metrics_layers``; see ``docs/metrics.md``.
    """

    _name = "crm.customer.metrics"
    _inherit = ["crm.customer.metrics.profile"]
    _description = "Customer Figures"
    _log_access = False
    _rec_name = "commercial_partner_id"
    _order = "amount_12m desc, id"

    commercial_partner_id = fields.Many2one("res.partner", string="Customer", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True)
    computed_as_of = fields.Date(
        string="As of",
        required=True,
        help="The day for which these figures were worked out when they last changed.",
    )
    first_purchase_date = fields.Date(string="First purchase")
    last_purchase_date = fields.Date(string="Last purchase")
    purchase_count = fields.Integer(string="Purchases", help="Orders, not lines; credit notes do not count.")
    amount_total = fields.Monetary(string="Purchased ever (excl. VAT)", help="Ordered, less credit notes.")
    amount_12m = fields.Monetary(
        string="Purchased in 12 months (excl. VAT)", help="Ordered in the last twelve months, less credit notes."
    )
    invoiced_12m = fields.Monetary(
        string="Invoiced in 12 months (excl. VAT)", help="Invoiced of what was purchased in the last twelve months."
    )
    margin_12m = fields.Monetary(string="Margin in 12 months", help="Of what was ordered, where the margin is known.")
    margin_unknown_12m = fields.Monetary(
        string="Ordered in 12 months, margin not known", help="Lines without a margin, or with one of 0."
    )
    average_order = fields.Monetary(
        string="Average purchase (excl. VAT)", aggregator="avg", help="Of all orders, less credit notes."
    )
    median_gap_days = fields.Float(
        string="Days between purchases",
        digits=(16, 1),
        aggregator="avg",
        help="Half of the gaps between two days with a purchase are shorter. From three such days.",
    )
    next_purchase_due = fields.Date(
        string="Next purchase due", help="The last purchase and the usual number of days after it."
    )
    returns_12m = fields.Integer(string="Returns in 12 months")
    complaints_open = fields.Integer(string="Open complaints")
    unpaid_open = fields.Integer(string="Open unpaid items")
    marketing_cost_12m = fields.Monetary(string="Marketing cost in 12 months")

    # What a merge of contacts would double is dropped before (``_forget``).
    _customer_uniq = models.UniqueIndex(
        "(commercial_partner_id, company_id)", "A customer has one row of figures per company."
    )
    _amount_idx = models.Index("(company_id, amount_12m DESC, id)")
    _last_idx = models.Index("(company_id, last_purchase_date)")
    # Who is late to reorder, and the list that begins with them.
    _due_idx = models.Index("(company_id, next_purchase_due, id)")

    # --------------------------------------------------------------------- contract

    @api.model
    def _metrics_sources(self, partners, as_of):
        """The queries that give figures. Addons append theirs.

        :param partners: ``SQL`` of an array of ids of commercial partners
        :param as_of: date that stands for today
        :return: list of ``MetricsSource``
        """
        return []

    @api.model
    def _metrics_layers(self, as_of):
        """Figures that follow from other figures.

        :param as_of: date that stands for today
        :return: list of dicts of column and ``SQL`` over the columns of the layers before
            it, of the sources, and ``commercial_partner_id``, ``company_id``, ``currency_id``
        """
        return []

    @api.model
    def _metrics_restated(self):
        """Names of columns that follow from kept figures, the day and settings. Addons append theirs.

        They are worked out for everybody at once when the day or the edges of scores move.
        """
        return []

    @api.model
    def _metrics_moving(self, since, as_of):
        """Conditions on ``base``, rows that are kept: whose restated columns the day may move. Addons append theirs.

        :param since: date for which figures were worked out last
        :param as_of: later date for which they are to be
        :return: list of ``SQL``
        """
        return []

    @api.model
    def _metrics_customer_sql(self):
        """Condition on ``partner``, a row of contacts, that it may be a customer today."""
        outsiders = SQL(" UNION ALL ").join(self.env["res.partner"]._customer_outsiders())
        return SQL(
            "partner.active AND partner.customer_mark IS DISTINCT FROM 'excluded' AND partner.id NOT IN (%s)", outsiders
        )

    @api.model
    def _metrics_due(self, since, as_of):
        """Customers whose figures change because days have passed. Addons append theirs.

        :param since: date for which figures were worked out last
        :param as_of: date for which they are to be
        :return: list of ``SQL`` queries of ids of customers
        """
        return []

    @api.model
    def _metrics_flush(self, names=None):
        """Write to the database what the queries read. Addons extend it.

        :param names: names of the sources that are asked, None for all
        """
        self.env["res.partner"].flush_model(["commercial_partner_id"])

    # ----------------------------------------------------------------------- rights

    def _has_field_access(self, field, operation):
        """Extended: nobody but the engine writes, whatever his rights."""
        return super()._has_field_access(field, operation) and (operation == "read" or self.env.su)

    # ---------------------------------------------------------------------- buttons

    @api.readonly
    def action_open_customer(self):
        """Show the customer."""
        self.ensure_one()
        self.check_access("read")
        return self.commercial_partner_id.action_customer_open_file()

    @api.readonly
    def action_open_purchases(self):
        """Show the rows that the amounts add up."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_purchase_action")
        return {
            **action,
            "domain": [
                ("commercial_partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }

    def _metrics_window(self, as_of):
        """Days of the last twelve months, as a condition on a column ``day``.

        :param as_of: date that stands for today
        """
        return SQL("(day > %s AND day <= %s)", as_of - relativedelta(months=12), as_of)
