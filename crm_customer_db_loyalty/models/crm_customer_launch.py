from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_customer_strategy import CARDS


class CrmCustomerLaunch(models.Model):
    """Cards for customers who have none."""

    _inherit = "crm.customer.launch"

    loyalty_program_id = fields.Many2one(
        "loyalty.program", string="Loyalty program", ondelete="set null", index="btree_not_null"
    )

    @api.model
    def _rested(self, rows, values):
        """Extended: who has a card of the program, himself or one of his contacts, needs no other."""
        if values["kind"] != "loyalty":
            return super()._rested(rows, values)
        # whatever the user may see of cards
        cards = self.env["loyalty.card"].sudo()
        held = cards._read_group(
            [
                ("program_id", "=", values.get("loyalty_program_id")),
                ("partner_id.commercial_partner_id", "in", rows.commercial_partner_id.ids),
            ],
            ["partner_id"],
        )
        holders = {partner.commercial_partner_id.id for (partner,) in held}
        return rows.filtered(lambda row: row.commercial_partner_id.id not in holders)

    @api.model
    def _left_out_words(self, kind, count):
        """Extended: they have a card."""
        if kind == "loyalty":
            return self.env._("%s are left out: they have a card of this program.", count)
        return super()._left_out_words(kind, count)

    @api.model
    def _launch(self, rows, values):
        """Extended: of a program of this company, or of all.

        :raise UserError: when there is no such program
        """
        if values["kind"] == "loyalty":
            program = self.env["loyalty.program"].sudo().browse(values.get("loyalty_program_id")).exists()
            if program.program_type not in CARDS or not program.active:
                raise UserError(self.env._("Choose the loyalty program whose card they get."))
            if program.company_id.id not in (False, values["company_id"]):
                raise UserError(self.env._("The loyalty program %s belongs to another company.", program.name))
        return super()._launch(rows, values)

    def _launch_loyalty(self, customers, extra):
        """A card for each of them, without points and without a mail: the salesperson hands it over."""
        self.ensure_one()
        cards = self.env["loyalty.card"].sudo().with_context(loyalty_no_mail=True, action_no_send_mail=True)
        cards.create([{"program_id": self.loyalty_program_id.id, "partner_id": customer.id} for customer in customers])
