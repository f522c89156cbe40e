from odoo import api, fields, models
from odoo.exceptions import ValidationError

SOURCES = [
    ("salesperson", "Salesperson"),
    ("survey", "Survey"),
    ("purchase", "Purchase"),
    ("import", "Import"),
    ("other", "Other"),
]


class CrmCustomerOwnedProduct(models.Model):
    """Something that a customer has and uses, ours or a competitor's, as somebody found out.

    A product of the catalogue gives the entry its name, which stays when the product goes;
    what is not in the catalogue is written in words.
    """

    _name = "crm.customer.owned.product"
    _description = "Product a Customer Owns"
    _order = "partner_id, name, id"
    _rec_names_search = ["name", "brand"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Our product",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Where it is in our catalogue.",
    )
    name = fields.Char(
        string="Product",
        compute="_compute_name",
        store=True,
        readonly=False,
        index="trigram",
        help="In words, as the customer calls it; that of our catalogue where one is chosen.",
    )
    brand = fields.Char(index="btree_not_null")
    is_competitor = fields.Boolean(string="Competitor's", help="Made or sold by somebody else.")
    quantity = fields.Float(default=1.0, digits="Product Unit")
    since = fields.Date(help="Since when the customer has it, if that is known.")
    source = fields.Selection(SOURCES, default="salesperson", help="How we know.")
    note = fields.Char()
    active = fields.Boolean(default=True, help="Archive what the customer no longer has.")

    @api.depends("partner_id", "product_id")
    def _compute_company_id(self):
        for entry in self:
            entry.company_id = entry.company_id or entry.partner_id.company_id or entry.product_id.company_id

    @api.depends("product_id")
    def _compute_name(self):
        for entry in self:
            if entry.product_id:
                entry.name = entry.product_id.display_name
            elif not entry.name:
                entry.name = False

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.product_id:
            self.is_competitor = False

    # In Python and not as a CHECK: see traps of merging contacts.
    @api.constrains("product_id", "name")
    def _check_name(self):
        for entry in self:
            if not entry.product_id and not (entry.name or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say what %s owns: choose one of our products, or write its name.",
                        entry.partner_id.display_name or "",
                    )
                )

    @api.constrains("quantity")
    def _check_quantity(self):
        for entry in self:
            if not 0 < entry.quantity <= 1e9:
                raise ValidationError(
                    self.env._(
                        "%(customer)s can't own %(quantity)s of “%(product)s”.",
                        customer=entry.partner_id.display_name or "",
                        quantity=entry.quantity,
                        product=entry.name or "",
                    )
                )

    @api.constrains("since")
    def _check_since(self):
        for entry in self:
            if entry.since and entry.since > fields.Date.context_today(entry):
                raise ValidationError(
                    self.env._("“%s” is owned since a day that has not come yet.", entry.name or ""),
                )
