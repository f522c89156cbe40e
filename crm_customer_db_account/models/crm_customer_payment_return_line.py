from odoo import fields, models


class CrmCustomerPaymentReturnLine(models.Model):
    """What a returned payment had settled, and when: it is due again."""

    _name = "crm.customer.payment.return.line"
    _inherit = "crm.customer.feed.source"
    _description = "Due again after a returned payment"

    return_id = fields.Many2one("crm.customer.payment.return", required=True, ondelete="cascade", index=True)
    state = fields.Selection(related="return_id.state", store=True)
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, ondelete="set null", index="btree_not_null"
    )
    # Odoo may make a new one when an invoice is reset to draft and changed.
    line_id = fields.Many2one(
        "account.move.line", string="Instalment", readonly=True, ondelete="set null", index="btree_not_null"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True, ondelete="restrict")
    amount_currency = fields.Monetary(
        string="Amount", readonly=True, help="What the payment had settled of it, in the currency of the invoice."
    )
    paid_on = fields.Date(
        string="Had been paid on", readonly=True, help="When it was settled by the payment that was returned."
    )
