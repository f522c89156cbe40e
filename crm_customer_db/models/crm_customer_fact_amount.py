from odoo import api, fields, models


class CrmCustomerFactAmount(models.AbstractModel):
    """A fact that may have an amount of money, in the document's and the company's currency.

    Unlike a purchase, which always has one: a letter is worth nothing, a quotation is.
    """

    _name = "crm.customer.fact.amount"
    _inherit = "crm.customer.fact"
    _description = "Customer Fact with an Amount"

    _fact_money = {"amount": "amount_currency"}

    currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the document",
        ondelete="restrict",
        index="btree_not_null",
        default=lambda self: self._default_currency_id(),
    )
    amount_currency = fields.Monetary(
        string="Amount in the document's currency",
        currency_field="currency_id",
        aggregator=None,
    )
    amount = fields.Monetary(currency_field="company_currency_id")

    @api.model
    def _default_currency_id(self):
        return self.env.company.currency_id

    @api.onchange("company_id", "currency_id", "date", "amount_currency")
    def _onchange_money(self):
        return self._fact_preview_money()
