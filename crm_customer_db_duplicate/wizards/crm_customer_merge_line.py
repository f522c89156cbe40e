from odoo import fields, models

PLACES = [("1", "First"), ("2", "Second"), ("3", "Third")]


class CrmCustomerMergeLine(models.TransientModel):
    """A field in which contacts differ: what each of them says, and which of it stays."""

    _name = "crm.customer.merge.line"
    _description = "Field in Which Contacts Differ"

    merge_id = fields.Many2one("crm.customer.merge", required=True, ondelete="cascade")
    name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", readonly=True)
    value_1 = fields.Char(string="First", readonly=True)
    value_2 = fields.Char(string="Second", readonly=True)
    value_3 = fields.Char(string="Third", readonly=True)
    has_third = fields.Boolean(readonly=True)
    choice = fields.Selection(PLACES, string="Stays", required=True)
    choices = fields.Json(compute="_compute_choices")
    is_fixed = fields.Boolean(readonly=True, help="It belongs to a login, and stays with it.")

    def _compute_choices(self):
        for line in self:
            line.choices = [key for key, _label in PLACES[: 3 if line.has_third else 2]]
