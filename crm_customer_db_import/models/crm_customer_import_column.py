from odoo import api, fields, models


class CrmCustomerImportColumn(models.Model):
    """What one column of a file means."""

    _name = "crm.customer.import.column"
    _description = "Column of an Import"
    _log_access = False
    _order = "import_id, sequence, id"
    _rec_name = "header"

    import_id = fields.Many2one("crm.customer.import", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="import_id.company_id", store=True)
    kind = fields.Selection(related="import_id.kind")
    sequence = fields.Integer(string="Place", readonly=True)
    header = fields.Char(string="In the file", readonly=True)
    samples = fields.Char(string="For example", readonly=True)
    target = fields.Selection(
        "_selection_target", string="Is", help="Where its values go. Empty: the column is left out."
    )
    is_overwriting = fields.Boolean(
        string="Overwrite", help="Values that are there are replaced, too. Otherwise only what is empty is filled."
    )
    target_names = fields.Json(compute="_compute_target_help")
    target_help = fields.Char(string="How it is written", compute="_compute_target_help")

    def write(self, vals):
        """Extended: what was imported was what it was."""
        for batch in self.import_id:
            batch._demand("draft", "checked")
        res = super().write(vals)
        self.import_id.filtered(lambda batch: batch.state == "checked")._enter("draft")
        return res

    @api.model
    def _selection_target(self):
        """What columns of any kind may be: which of them, the view tells by the kind."""
        imports = self.env["crm.customer.import"]
        found = {}
        for kind, _label in imports._selection_kind():
            for name, target in imports._targets(kind).items():
                found.setdefault(name, target.label)
        return list(found.items())

    @api.depends("target", "kind")
    @api.depends_context("lang")
    def _compute_target_help(self):
        for kind, columns in self.grouped("kind").items():
            targets = self.env["crm.customer.import"]._targets(kind) if kind else {}
            for column in columns:
                column.target_names = list(targets)
                column.target_help = targets[column.target].hint if column.target in targets else False
