from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _customer_refuse_merge(self, src_partners, dst_partner):
        """Extended: a locked entry names its customer, so that customer must stay.

        Odoo moves entries by SQL, past its own check, and the chain of hashes would be
        broken for good (the check that it has, ``res.partner._merge_method``, is not
        called by this wizard).

        :raise UserError: when one of the merged contacts has such entries
        """
        locked = self._customer_with_locked_entries(src_partners)
        if locked:
            raise UserError(
                self.env._(
                    "“%(contact)s” is named in entries that are locked for good, so it can't be merged into "
                    "another contact. Merge the others into it, or archive it.",
                    contact=locked.display_name,
                )
            )
        return super()._customer_refuse_merge(src_partners, dst_partner)

    def _customer_with_locked_entries(self, partners):
        """The first of some contacts that stands in an entry with a hash, or none."""
        partners = partners.sudo()
        self.env["account.move"].flush_model(["inalterable_hash"])
        self.env["account.move.line"].flush_model(["partner_id", "move_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT line.partner_id FROM account_move_line line JOIN account_move move ON move.id = line.move_id"
                " WHERE line.partner_id = ANY(%s) AND move.inalterable_hash IS NOT NULL LIMIT 1",
                partners.ids,
            )
        )
        return partners.browse([partner_id for (partner_id,) in rows])
