from odoo import api, fields, models
from odoo.tools import SQL

STAGES = [
    ("lead", "Lead"),
    ("prospect", "Prospect"),
    ("new", "New"),
    ("active", "Active"),
    ("at_risk", "At risk"),
    ("dormant", "Dormant"),
    ("former", "Former"),
]


class CrmCustomerStageLock(models.Model):
    """A stage that somebody has set by hand, and why. Archive it to go back to the rule."""

    _name = "crm.customer.stage.lock"
    _description = "Stage Set by Hand"
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    lifecycle = fields.Selection(STAGES, string="Stage", required=True)
    reason = fields.Char(required=True, help="Shown to whoever asks why the customer is in this stage.")
    until = fields.Date(help="The last day on which it holds. Empty: until it is archived.")
    active = fields.Boolean(default=True)

    @api.private
    def init(self):
        """Have the stage of the customer worked out when it is set or taken back."""
        res = super().init()
        self.env["crm.customer.metrics.queue"]._watch_table("crm_customer_stage_lock", SQL("changed.partner_id"))
        return res
