from odoo import api, fields, models

ADDRESS_COLUMNS = ("street", "street2", "zip", "city", "state_id", "country_id")


class CrmCustomerAddress(models.Model):
    """The addresses a contact has had; the row without an end is the present one.

    Rows are written by the contact when its address really changes. The only thing a
    person may set is that mail came back.
    """

    _name = "crm.customer.address"
    _description = "Address History"
    _order = "partner_id, valid_from desc, id desc"
    _rec_name = "street"

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade", readonly=True)
    street = fields.Char(readonly=True)
    street2 = fields.Char(readonly=True)
    zip = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    state_id = fields.Many2one("res.country.state", readonly=True, ondelete="restrict")
    country_id = fields.Many2one("res.country", readonly=True, ondelete="restrict")
    valid_from = fields.Datetime(readonly=True, help="Empty: it was so before the history began.")
    valid_to = fields.Datetime(readonly=True, help="Empty: this is the present address.")
    returned_mail = fields.Boolean(help="Mail sent there came back: check the address before writing again.")

    _present = models.Index("(partner_id) WHERE valid_to IS NULL")

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name != "returned_mail" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    @api.depends(*ADDRESS_COLUMNS)
    def _compute_display_name(self):
        for address in self:
            parts = (
                address.street,
                address.street2,
                " ".join(filter(None, (address.zip, address.city))),
                address.country_id.name,
            )
            address.display_name = ", ".join(filter(None, parts))
