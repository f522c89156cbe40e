from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CrmCustomerCreditApprovalWizard(models.TransientModel):
    """Why a document is to go over the credit limit, or why it may not."""

    _name = "crm.customer.credit.approval.wizard"
    _description = "Ask for or decide on Credit"

    mode = fields.Selection(
        [("ask", "Ask for approval"), ("approve", "Approve"), ("refuse", "Refuse")], required=True, readonly=True
    )
    document_model = fields.Char(required=True, readonly=True)
    document_id = fields.Many2oneReference("Record", model_field="document_model", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        string="Up to",
        required=True,
        help="Amount of this document, with tax, in the company's currency: more when something may be added to it.",
    )
    reason = fields.Char(required=True)

    @api.constrains("document_model", "amount", "reason")
    def _check_values(self):
        for wizard in self:
            if "customer_credit_approval" not in self.env.get(wizard.document_model, self)._fields:
                raise ValidationError(self.env._("Only orders and invoices may go over a credit limit."))
            if not wizard.reason.strip():
                raise ValidationError(self.env._("Say why."))
            if not 0 < wizard.amount < 1e15:
                raise ValidationError(self.env._("The amount must be above zero."))

    def action_confirm(self):
        """Ask, or decide.

        :raise UserError: when the document is gone
        """
        self.ensure_one()
        document = self.env[self.document_model].browse(self.document_id).exists()
        if not document:
            raise UserError(self.env._("The document does not exist any more."))
        document.check_access("read")
        approvals = self.env["crm.customer.credit.approval"]
        reason = self.reason.strip()
        if self.mode == "ask":
            approvals._ask(document, self.amount, reason)
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        document._customer_credit_may_decide()
        asked = approvals._of(document, ["asked"])[:1]
        if not asked:
            # an accountant needs not be asked
            asked = approvals._ask(document, self.amount, reason)
        asked.sudo(False)._decide(document, "approved" if self.mode == "approve" else "refused", reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
