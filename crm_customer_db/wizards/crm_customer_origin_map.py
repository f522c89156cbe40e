from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CrmCustomerOriginMap(models.TransientModel):
    """Says which origin some sources and media stand for."""

    _name = "crm.customer.origin.map"
    _description = "Which Origin Is This?"

    source_ids = fields.Many2many("utm.source", string="Sources", readonly=True)
    medium_ids = fields.Many2many("utm.medium", string="Media", readonly=True)
    all_have_source = fields.Boolean(readonly=True)
    all_have_medium = fields.Boolean(readonly=True)
    origin_id = fields.Many2one("crm.customer.origin", string="Origin code", required=True)
    is_mapped = fields.Boolean(compute="_compute_is_mapped")
    by = fields.Selection(
        [
            ("source", "The source, whatever the medium"),
            ("medium", "The medium, whatever the source"),
            ("both", "The source together with the medium"),
        ],
        string="What decides",
        compute="_compute_by",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="An origin code that stands for something already goes on deciding by the same.",
    )

    @api.depends("origin_id.source_ids", "origin_id.medium_ids")
    def _compute_is_mapped(self):
        for wizard in self:
            wizard.is_mapped = wizard.origin_id.source_ids or wizard.origin_id.medium_ids

    @api.depends("origin_id", "all_have_source")
    def _compute_by(self):
        for wizard in self:
            sources, media = bool(wizard.origin_id.source_ids), bool(wizard.origin_id.medium_ids)
            if sources or media:
                wizard.by = "both" if sources and media else "source" if sources else "medium"
            else:
                wizard.by = "source" if wizard.all_have_source else "medium"

    def action_apply(self):
        """Add the sources and media to the origin; the documents follow.

        :raise UserError: when a document has not what is to decide
        """
        self.ensure_one()
        if self.is_mapped:
            # Whoever calls this by RPC may have chosen another way: a medium added to an
            # origin of sources would take from it what it stands for.
            self._compute_by()
        if self.by in ("source", "both") and not self.all_have_source:
            raise UserError(self.env._("Some of these documents have no source: let the medium decide."))
        if self.by in ("medium", "both") and not self.all_have_medium:
            raise UserError(self.env._("Some of these documents have no medium: let the source decide."))
        values = {}
        if self.by in ("source", "both"):
            values["source_ids"] = [Command.link(source.id) for source in self.source_ids]
        if self.by in ("medium", "both"):
            values["medium_ids"] = [Command.link(medium.id) for medium in self.medium_ids]
        self.origin_id.write(values)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
