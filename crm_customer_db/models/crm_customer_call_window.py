from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_duration

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class CrmCustomerCallWindow(models.Model):
    """When a customer likes to be called, in the customer's own time."""

    _name = "crm.customer.call.window"
    _description = "Best Time to Call"
    _order = "partner_id, weekday, hour_from"
    _rec_names_search = ["weekday"]

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    weekday = fields.Selection(WEEKDAYS, string="Day", required=True, default="0")
    hour_from = fields.Float(string="From", required=True, default=9.0, digits=(4, 2))
    hour_to = fields.Float(string="To", required=True, default=14.0, digits=(4, 2))

    @api.depends("weekday", "hour_from", "hour_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        days = dict(self._fields["weekday"]._description_selection(self.env))
        for window in self:
            window.display_name = (
                f"{days.get(window.weekday, '')} {format_duration(window.hour_from)}–{format_duration(window.hour_to)}"
            )

    # In Python and not as a CHECK: a constraint on a table with a partner column makes
    # Odoo's merge delete rows it can't move (traps, reliability 1).
    @api.constrains("hour_from", "hour_to")
    def _check_hours(self):
        for window in self:
            if not 0 <= window.hour_from < window.hour_to <= 24:
                raise ValidationError(
                    self.env._(
                        "A time to call goes from an earlier to a later hour of one "
                        "day: %(start)s to %(end)s does not.",
                        start=format_duration(window.hour_from),
                        end=format_duration(window.hour_to),
                    )
                )
