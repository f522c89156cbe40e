from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_customer_import import OUTCOMES

# What a row in doubt may become.
DECISIONS = [("this", "This customer"), ("new", "A new customer"), ("skip", "Skip it")]


class CrmCustomerImportRow(models.Model):
    """A row of a file: what it said, what became of it, and why.

    Nobody but the import writes them, except what is decided about a row in doubt.
    """

    _name = "crm.customer.import.row"
    _description = "Row of an Import"
    _log_access = False
    _order = "import_id, line, id"
    _rec_name = "line"

    import_id = fields.Many2one("crm.customer.import", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    line = fields.Integer(required=True, readonly=True)
    lead_line = fields.Integer(
        help="Of customers: the first line of the same one, as those are worked on together.", readonly=True
    )
    customer_key = fields.Char(
        string="Customer in the file", readonly=True, help="What the file says of the customer, as rows are compared by it."
    )
    cells = fields.Json(readonly=True)
    fault = fields.Char(help="What is wrong with the line as such.", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    is_done = fields.Boolean(string="Imported", readonly=True)
    is_kept = fields.Boolean(
        string="Kept", readonly=True, help="It was changed or used after the import, so taking that back left it."
    )
    partner_id = fields.Many2one("res.partner", string="Customer", ondelete="set null", index="btree_not_null")
    is_new_customer = fields.Boolean(string="Made the customer", readonly=True)
    candidate_ids = fields.Json(readonly=True)
    candidates = fields.Many2many("res.partner", string="Similar customers", compute="_compute_candidates")
    decision = fields.Selection(DECISIONS)
    reasons = fields.Json(readonly=True)
    reason_words = fields.Text(string="Why", compute="_compute_words")
    cell_words = fields.Text(string="In the file", compute="_compute_words")
    ref = fields.Char(string="Reference", readonly=True)
    fact_id = fields.Integer(string="Entry", readonly=True)
    # With the values of fields that not everybody who imports may read.
    before = fields.Json(readonly=True, help="What there was before the row was imported.", groups="base.group_system")
    after = fields.Char(
        readonly=True, help="What tells whether the entry was changed since.", groups="base.group_system"
    )

    # Neither what becomes of a row nor whether it is imported is in an index: each row is written
    # three times, and what is in one has to be written there each time.
    _line_idx = models.Index("(import_id, line)")
    _lead_idx = models.Index("(import_id, lead_line, line) WHERE lead_line IS NOT NULL")
    _key_idx = models.Index("(customer_key) WHERE customer_key IS NOT NULL")

    def init(self):
        """Extended: rows find room for what becomes of them on the page where they are."""
        self.env.cr.execute("ALTER TABLE crm_customer_import_row SET (fillfactor = 50)")

    @api.depends("cells", "reasons")
    def _compute_words(self):
        for batch, rows in self.grouped("import_id").items():
            headers = batch.column_ids.mapped("header")
            for row in rows:
                pairs = zip(headers, row.cells or [], strict=False)
                row.cell_words = " · ".join(f"{header}: {cell}" for header, cell in pairs if cell)
                row.reason_words = "\n".join(
                    f"{column}: {words}" if column else words for column, words in row.reasons or []
                )

    @api.depends("candidate_ids")
    def _compute_candidates(self):
        known = self.env["res.partner"].browse({id_ for row in self for id_ in row.candidate_ids or []})
        known = known.exists()._filtered_access("read")
        for row in self:
            row.candidates = known.filtered(lambda partner, row=row: partner.id in (row.candidate_ids or []))

    # ------------------------------------------------------------------------ deciding

    def _has_field_access(self, field, operation):
        """Extended: users decide about a row, and write nothing else of it."""
        if operation == "write" and not self.env.su and field.name not in ("partner_id", "decision"):
            return False
        return super()._has_field_access(field, operation)

    def write(self, vals):
        if not self.env.su and {"partner_id", "decision"}.intersection(vals):
            for row in self:
                if row.outcome not in ("resolve", "skipped") or row.is_done:
                    raise UserError(self.env._("Line %s is not in doubt.", row.line))
            if vals.get("partner_id"):
                vals = {"decision": "this", **vals}
        return super().write(vals)

    def _decide(self, decision):
        """Decide about rows in doubt and all others that say the same of their customer, and try them again.

        :param decision: one of ``DECISIONS``
        :raise UserError: where it is not said which customer it is
        """
        self.check_access("write")
        chosen = {}
        if decision == "this":
            for row in self:
                partner = row.partner_id or row.candidates
                if len(partner) != 1:
                    raise UserError(self.env._("Choose the customer of line %s.", row.line))
                if chosen.setdefault((row.import_id, row.customer_key or row.id), partner) != partner:
                    raise UserError(self.env._("Line %s is of the same customer as another one.", row.line))
        rows = self | self._same_customers()
        rows.decision = decision
        if decision == "new":
            # one that was chosen before is not who it is
            rows.partner_id = False
        for partner, own in rows.grouped(lambda row: chosen.get((row.import_id, row.customer_key or row.id))).items():
            if partner:
                own.partner_id = partner
        for batch, own in rows.grouped("import_id").items():
            batch._try_rows(own)

    def _same_customers(self):
        """Rows that wait and say the same of their customer as these."""
        waiting = self.browse()
        for batch, rows in self.grouped("import_id").items():
            keys = [key for key in rows.mapped("customer_key") if key]
            domain = [("import_id", "=", batch.id), ("customer_key", "in", keys), ("outcome", "in", ("resolve", "skipped"))]
            waiting |= self.search([*domain, ("is_done", "=", False)])
        return waiting

    def action_this(self):
        """They are of the customer that is chosen, or of the only similar one."""
        self._decide("this")

    def action_new(self):
        """They are of new customers."""
        self._decide("new")

    def action_skip(self):
        """They are not wanted."""
        self._decide("skip")

    @api.readonly
    def action_open_entry(self):
        """Show what the row has become."""
        self.ensure_one()
        self.check_access("read")
        if not self.fact_id:
            raise UserError(self.env._("Line %s has not been imported.", self.line))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.import_id.kind,
            "res_id": self.fact_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
