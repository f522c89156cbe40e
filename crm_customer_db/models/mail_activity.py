from odoo import fields, models


class MailActivity(models.Model):
    """Calls and visits that are done belong to the history of the customer.

    Odoo notes the day on which an activity was done; the history needs the time, who
    called whom, and in which company.
    """

    _name = "mail.activity"
    _inherit = ["mail.activity", "crm.customer.feed.source"]

    customer_done_on = fields.Datetime(string="Done at", copy=False)
    customer_direction = fields.Selection(
        [("in", "From the customer"), ("out", "To the customer")],
        string="Direction",
        copy=False,
        help="Empty: to the customer.",
    )
    customer_company_id = fields.Many2one("res.company", string="Done in company", copy=False, ondelete="set null")

    def write(self, vals):
        if not vals.get("active", True):
            fresh = self.filtered(lambda activity: activity.active and not activity.customer_done_on)
            if fresh:
                done = {"customer_done_on": fields.Datetime.now(), **vals}
                if self.env.user._is_internal():
                    done.setdefault("customer_company_id", self.env.company.id)
                super(MailActivity, fresh).write(done)
            return super(MailActivity, self - fresh).write(vals) if self != fresh else True
        if vals.get("active"):
            vals = {"customer_done_on": False, **vals}
        return super().write(vals)
