from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

# A private person's credit is no business of sales.
CREDIT_READERS = "crm_customer_db.group_credit_figures,crm_customer_db.group_customer_manager"


class CrmCustomerPurchase(models.Model):
    """One purchased line: what, how much, for how much, where and how.

    *Rights.* Everybody of the customer file reads the purchases of the customers he may
    see. Only the manager types one in or corrects it, because a purchase counts in every
    figure; nobody changes one that a document or an import has brought.
    """

    _name = "crm.customer.purchase"
    _inherit = "crm.customer.fact"
    _description = "Purchase"
    _rec_names_search = ["order_ref", "product_id"]

    _fact_kind = 2
    _fact_money = {"amount": "amount_currency"}

    order_ref = fields.Char(string="Order", index="btree_not_null", help="Number of the order, basket or receipt.")
    product_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Product type",
        ondelete="restrict",
        index="btree_not_null",
        help="The product's category when it was bought.",
    )
    quantity = fields.Float(digits="Product Unit", help="Negative for goods taken back.")
    currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the document",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self._default_currency_id(),
    )
    amount_currency = fields.Monetary(
        string="Ordered in the document's currency (excl. VAT)",
        currency_field="currency_id",
        aggregator=None,
        help="Net of discounts, without taxes, in the currency of the document.",
    )
    amount = fields.Monetary(
        string="Ordered (excl. VAT)",
        currency_field="company_currency_id",
        required=True,
        default=0.0,
        help="What was ordered, net of discounts and credit notes, without taxes, in the "
        "company's currency at the rate of the document's date.",
    )
    amount_invoiced = fields.Monetary(
        string="Invoiced (excl. VAT)",
        currency_field="company_currency_id",
        help="What posted invoices say of it, net of credit notes, without taxes.",
    )
    margin = fields.Monetary(
        currency_field="company_currency_id",
        help="Ordered less the cost of the goods, in the company's currency.",
    )
    promotion = fields.Char(help="Code of the promotion, coupon or special price used.")
    offer_ref = fields.Char(
        string="Offer",
        help="The quotation template, price list or campaign offer this was bought from, "
        "where a quotation was sent before.",
    )
    quotation_date = fields.Date(string="Offer made on", help="When the quotation was sent.")
    place_id = fields.Many2one(
        "crm.customer.place",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Shop, till, branch or web site.",
    )
    method = fields.Selection(
        [
            ("in_person", "In person"),
            ("phone", "By phone"),
            ("email", "By e-mail"),
            ("post", "By post"),
            ("web", "On the web"),
            ("edi", "Electronically (EDI)"),
            ("standing_order", "Standing order"),
            ("subscription", "Subscription"),
        ],
        string="How ordered",
    )
    payment_form = fields.Selection(
        [
            ("cash", "Cash"),
            ("card", "Card"),
            ("transfer", "Bank transfer"),
            ("direct_debit", "Direct debit"),
            ("bill", "Bill of exchange"),
            ("cheque", "Cheque"),
            ("confirming", "Confirming"),
            ("financed", "Financed"),
            ("other", "Other"),
        ],
        string="Payment method",
    )
    credit_status = fields.Selection(
        [("green", "OK"), ("amber", "Watch"), ("red", "Stop"), ("none", "No data")],
        string="Credit situation",
        groups=CREDIT_READERS,
        help="The customer's credit situation as it stood at the sale.",
    )
    credit_grade = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D"), ("e", "E")],
        string="Payment record",
        groups=CREDIT_READERS,
        help="The customer's payment record as it stood at the sale, A being the best.",
    )

    # The timeline shows an order as one event: its head.
    is_head = fields.Boolean(
        string="First line of its order",
        readonly=True,
        copy=False,
    )
    order_amount = fields.Monetary(
        string="Ordered with the whole order (excl. VAT)",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="What was ordered in all lines of the order; stands on its first line only, so that it adds up.",
    )

    _id_kind = models.Constraint("CHECK (mod(id, 8) = 2)", "The number of a purchase must be one of its kind.")
    # NaN sorts above every number in PostgreSQL, so the upper bound keeps it out too.
    _finite = models.Constraint(
        "CHECK (quantity > -1e15 AND quantity < 1e15"
        " AND amount > -1e15 AND amount < 1e15"
        " AND amount_currency > -1e15 AND amount_currency < 1e15"
        " AND amount_invoiced > -1e15 AND amount_invoiced < 1e15"
        " AND margin > -1e15 AND margin < 1e15)",
        "Quantities and amounts must be numbers below 1,000,000,000,000,000.",
    )

    # Orders of a customer, newest first.
    _head_idx = models.Index("(commercial_partner_id, date DESC, id DESC) WHERE is_head")

    @api.depends("order_ref", "product_id", "date")
    def _compute_display_name(self):
        for purchase in self:
            words = [purchase.order_ref, purchase.sudo().product_id.display_name]
            purchase.display_name = " · ".join(word for word in words if word) or (
                fields.Date.to_string(purchase.day) or self.env._("New purchase")
            )

    @api.model
    def _default_currency_id(self):
        return self.env.company.currency_id

    @api.model
    def _fact_machine_columns(self):
        return super()._fact_machine_columns() | {"is_head", "order_amount"}

    @api.model
    def _fact_complete(self, vals):
        vals = super()._fact_complete(vals)
        product = self.env["product.product"].sudo().browse(vals.get("product_id"))
        if product and not vals.get("categ_id"):
            vals["categ_id"] = product.categ_id.id
        place = self.env["crm.customer.place"].sudo().browse(vals.get("place_id"))
        if place and not vals.get("channel_id"):
            vals["channel_id"] = place.channel_id.id
        return vals

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id:
            self.categ_id = self.product_id.categ_id

    @api.onchange("place_id")
    def _onchange_place_id(self):
        if self.place_id.channel_id:
            self.channel_id = self.place_id.channel_id

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id:
            customer = self.partner_id.commercial_partner_id
            self.user_id = self.user_id or self.partner_id.user_id or customer.user_id

    @api.onchange("company_id", "currency_id", "date", "amount_currency")
    def _onchange_money(self):
        return self._fact_preview_money()

    @api.constrains("quotation_date", "date")
    def _check_quotation_date(self):
        for purchase in self:
            if purchase.quotation_date and purchase.quotation_date > purchase.day:
                raise ValidationError(self.env._("An offer can't have been made after it was accepted."))

    @api.model
    def _load_fallbacks(self, value):
        product, place = value("product_id"), value("place_id")
        return {
            **super()._load_fallbacks(value),
            "categ_id": SQL(
                "(SELECT t.categ_id FROM product_product p JOIN product_template t"
                " ON t.id = p.product_tmpl_id WHERE p.id = %s)",
                product,
            ),
            "channel_id": SQL("(SELECT channel_id FROM crm_customer_place WHERE id = %s)", place),
        }

    @api.model
    def _fact_count_words(self, count, kind=None):
        if count == 1:
            return self.env._("1 purchase")
        return self.env._("%s purchases", count)
