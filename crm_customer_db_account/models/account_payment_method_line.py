from odoo import api, fields, models


class AccountPaymentMethodLine(models.Model):
    _inherit = "account.payment.method.line"

    customer_payment_form = fields.Selection(
        selection=lambda self: self._selection_customer_payment_form(),
        string="In the customer file",
        help="What customers pay with, as purchases say it. Empty: what Odoo's method means. "
        "Purchases that are there already follow during the night.",
    )

    @api.model
    def _selection_customer_payment_form(self):
        return self.env["crm.customer.purchase"]._fields["payment_form"]._description_selection(self.env)
