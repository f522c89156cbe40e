from odoo import fields, models


class CrmCustomerAnswerWizard(models.TransientModel):
    """When and how requests were answered."""

    _name = "crm.customer.answer.wizard"
    _description = "Answer Requests"

    interaction_ids = fields.Many2many("crm.customer.interaction", string="Requests", required=True)
    answered_on = fields.Datetime(string="Answered on", required=True, default=lambda self: fields.Datetime.now())
    note = fields.Text(string="What was answered")

    def action_confirm(self):
        """Note the answer.

        :raise AccessError: when the user may not answer the requests
        :raise UserError: when none of them is open any more
        """
        self.ensure_one()
        self.interaction_ids._answer(self.answered_on, self.note)
        return {"type": "ir.actions.act_window_close"}
