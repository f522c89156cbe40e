from odoo import fields, models


class CrmCustomerTitle(models.Model):
    """Titles that go before a name: D./D.ª, Dr./Dra., Ing., Prof."""

    _name = "crm.customer.title"
    _inherit = "crm.customer.catalogue"
    _description = "Title"

    name = fields.Char(string="Title", help="The title for a man, or for everybody.")
    abbreviation = fields.Char(translate=True, help="What stands before the name on an envelope: Dr.")
    name_feminine = fields.Char(
        string="Title (feminine)",
        translate=True,
        help="The title for a woman, where the language has one: Doctora.",
    )
    abbreviation_feminine = fields.Char(
        string="Abbreviation (feminine)",
        translate=True,
        help="What stands before the name of a woman on an envelope: Dra.",
    )
