from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools.cell_format import DAYS
from ..tools.text_coding import CODINGS

STATES = [
    ("draft", "File"),
    ("trying", "Being tried"),
    ("checked", "Tried"),
    ("running", "Being imported"),
    ("stopped", "Stopped"),
    ("done", "Imported"),
    ("reverted", "Taken back"),
]
SEPARATOR_NAMES = [("semicolon", "; (semicolon)"), ("comma", ", (comma)"), ("tab", "Tab"), ("bar", "| (bar)")]
OUTCOMES = [
    ("new", "New"),
    ("updated", "Updated"),
    ("unchanged", "Unchanged"),
    ("resolve", "To resolve"),
    ("rejected", "Rejected"),
    ("skipped", "Skipped"),
]


# What is imported, and how it is written: what nobody changes afterwards, and what is found in the file.
WHAT = {"file", "kind", "source", "company_id"}
HOW = ("coding", "separator", "decimal_mark", "day_shape")
MACHINE = {"state", "at_line", "imported_on", "reverted_on"}


class CrmCustomerImport(models.Model):
    """A file of things that happened with customers, on its way into the customer file.

    The file is read into rows (``crm.customer.import.row``), tried, and imported slice by
    slice: one transaction each, so that a stop or a crash loses nothing and doubles nothing.
    What it brought can be taken back.

    What a row is called, and by which it is known again, is the name of the source and a
    reference from the file, or else everything that the row says.
    """

    _name = "crm.customer.import"
    _description = "Import of Customer Data"
    _order = "id desc"
    _rec_name = "file_name"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, readonly=True)
    kind = fields.Selection(
        "_selection_kind", string="What the rows are", required=True, default="crm.customer.purchase"
    )
    source = fields.Char(
        required=True,
        default=lambda self: self.env._("Old system"),
        help="Where the file comes from. Columns are remembered for it, and its rows are known again by it.",
    )
    file = fields.Binary(attachment=True, required=True)
    file_name = fields.Char(string="File name", required=True)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False)
    is_workbook = fields.Boolean(compute="_compute_is_workbook")
    coding = fields.Selection(
        [*CODINGS.items()], string="Characters", help="Which letters the bytes of the file stand for."
    )
    separator = fields.Selection(SEPARATOR_NAMES, help="What stands between two cells.")
    decimal_mark = fields.Selection([("comma", "1.234,56"), ("point", "1,234.56")], string="Numbers are written")
    day_shape = fields.Selection([*DAYS.items()], string="Days are written")
    at_line = fields.Integer(readonly=True, copy=False, help="Up to where trying or importing has got.")
    column_ids = fields.One2many("crm.customer.import.column", "import_id", string="Columns")
    row_ids = fields.One2many("crm.customer.import.row", "import_id", string="All rows")
    row_count = fields.Integer(string="Rows", compute="_compute_counts")
    new_count = fields.Integer(string="New", compute="_compute_counts")
    updated_count = fields.Integer(string="Updated", compute="_compute_counts")
    unchanged_count = fields.Integer(string="Unchanged", compute="_compute_counts")
    resolve_count = fields.Integer(string="To resolve", compute="_compute_counts")
    rejected_count = fields.Integer(string="Rejected", compute="_compute_counts")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_counts")
    waiting_count = fields.Integer(string="Still to be imported", compute="_compute_counts")
    kept_count = fields.Integer(string="Kept", compute="_compute_counts")
    progress = fields.Float(string="Progress (%)", compute="_compute_counts")
    imported_on = fields.Datetime(readonly=True, copy=False)
    reverted_on = fields.Datetime(string="Taken back on", readonly=True, copy=False)

    @api.model
    def _selection_kind(self):
        return [
            (model._name, self.env["ir.model"]._get(model._name).sudo().name)
            for model in self.env["crm.customer.fact"]._fact_models()
        ]

    @api.depends("file_name")
    def _compute_is_workbook(self):
        for batch in self:
            batch.is_workbook = (batch.file_name or "").lower().endswith(".xlsx")

    @api.depends("row_ids.outcome", "row_ids.is_done", "state")
    def _compute_counts(self):
        rows = self.env["crm.customer.import.row"]
        groups = rows._read_group(
            [("import_id", "in", self.ids)], ["import_id", "outcome", "is_done", "is_kept"], ["__count"]
        )
        names = ("row", "waiting", "untried", "kept", *dict(OUTCOMES))
        counts = {batch.id: dict.fromkeys(names, 0) for batch in self}
        for batch, outcome, is_done, is_kept, count in groups:
            own = counts[batch.id]
            own["row"] += count
            own[outcome or "untried"] += count
            if outcome in ("new", "updated") and not is_done:
                own["waiting"] += count
            if is_kept:
                own["kept"] += count
        for batch in self:
            own = counts.get(batch.id) or dict.fromkeys(names, 0)
            for name in names:
                if name != "untried":
                    batch[f"{name}_count"] = own[name]
            if batch.state == "trying":
                whole, left = own["row"], own["untried"]
            else:
                whole, left = own["new"] + own["updated"], own["waiting"]
            batch.progress = 100 * (whole - left) / whole if whole else 0.0

    # ------------------------------------------------------------------------ writing

    @api.model_create_multi
    def create(self, vals_list):
        """Extended: a file is looked at as soon as it is there."""
        batches = super().create(vals_list)
        for batch in batches:
            batch._read_file()
        return batches

    def write(self, vals):
        """Extended: what is changed has to be tried again, and another file to be read."""
        if WHAT.intersection(vals):
            for batch in self:
                if batch.state not in ("draft", "checked"):
                    raise UserError(self.env._("“%s” was imported already: begin another import.", batch.display_name))
        if "file" in vals:
            vals = {**dict.fromkeys(HOW), "column_ids": [Command.clear()], **vals}
        res = super().write(vals)
        for batch in self:
            if batch.state == "checked" and {"column_ids", *WHAT, *HOW}.intersection(vals):
                batch._enter("draft")
            if {"file", "kind"}.intersection(vals):
                batch._read_file()
            elif {"coding", "separator"}.intersection(vals) and batch.column_ids:
                batch._read_columns()
        return res

    def _has_field_access(self, field, operation):
        """Extended: what became of an import is for nobody to say."""
        if operation == "write" and not self.env.su and field.name in MACHINE:
            return False
        return super()._has_field_access(field, operation)

    def _enter(self, state, **vals):
        """Let imports be in another state.

        :param state: one of ``STATES``
        """
        self.sudo().write({"state": state, "at_line": 0, **vals})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_imported(self):
        for batch in self:
            if batch.state in ("running", "stopped", "done"):
                raise UserError(
                    self.env._(
                        "“%s” has brought rows into the customer file. Take it back before you delete it.",
                        batch.display_name,
                    )
                )

    def _model(self):
        """The model that the rows go into.

        :raise UserError: when it is none of the facts
        """
        self.ensure_one()
        if self.kind not in dict(self._selection_kind()):
            raise UserError(self.env._("There is nothing to import into."))
        return self.env[self.kind].sudo()

    def _demand(self, *states):
        """Check that this may be done now, and by this user.

        :param states: those in which it may
        :raise UserError: when it is in another one
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in states:
            wanted = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._("“%(name)s” is in the state “%(state)s”.", name=self.display_name, state=wanted[self.state])
            )

    # ------------------------------------------------------------------------ buttons

    def action_open_rows(self):
        """Show the rows of one outcome; the context says which (``outcome``)."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db_import.crm_customer_import_row_action")
        domain = [("import_id", "=", self.id)]
        outcome = self.env.context.get("outcome")
        if outcome in dict(OUTCOMES):
            domain.append(("outcome", "=", outcome))
        elif outcome == "kept":
            domain.append(("is_kept", "=", True))
        return {**action, "domain": domain, "context": {}}

    def action_export_rejected(self):
        """Download the rejected rows, as they were in the file, with the reasons."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/crm_customer_db_import/rejected/{self.id}",
        }

    def action_template(self):
        """Download a file with the columns of this kind and a filled example."""
        self.ensure_one()
        suffix = "csv" if self.env.context.get("template") == "csv" else "xlsx"
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/crm_customer_db_import/template/{self.kind}.{suffix}",
        }
