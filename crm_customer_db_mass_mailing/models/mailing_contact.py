from odoo import fields, models


class MailingContact(models.Model):
    """The contact of the customer file for whom an address stands on a mailing list."""

    _inherit = "mailing.contact"

    customer_partner_id = fields.Many2one(
        "res.partner",
        string="Contact of the customer file",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Filled in by a list that follows a segment. Templates reach language and salutation through it.",
    )
