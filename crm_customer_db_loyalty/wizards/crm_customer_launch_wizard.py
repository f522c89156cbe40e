from odoo import api, fields, models

from ..models.crm_customer_strategy import CARDS


class CrmCustomerLaunchWizard(models.TransientModel):
    """Counts who gets a card."""

    _inherit = "crm.customer.launch.wizard"

    loyalty_program_id = fields.Many2one(
        "loyalty.program", string="Loyalty program", check_company=True, domain=[("program_type", "in", CARDS)]
    )

    @api.depends("loyalty_program_id")
    def _compute_counts(self):
        return super()._compute_counts()

    def _launch_values(self):
        """Extended: the program."""
        values = super()._launch_values()
        if self.kind == "loyalty":
            values["loyalty_program_id"] = self.loyalty_program_id.id
        return values
