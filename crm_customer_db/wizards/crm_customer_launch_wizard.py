from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmCustomerLaunchWizard(models.TransientModel):
    """Counts what an action would make, then makes it."""

    _name = "crm.customer.launch.wizard"
    _description = "Launch an Action"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    strategy_id = fields.Many2one("crm.customer.strategy", ondelete="cascade")
    segment_id = fields.Many2one("crm.customer.segment", ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Only for", help="Empty: for all customers of the strategy.")
    kind = fields.Selection(selection="_selection_kind", string="Action", required=True, default="activity")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity",
        domain=[("res_model", "in", (False, "res.partner"))],
        default=lambda self: self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False),
    )
    summary = fields.Char(string="What to do")
    date_deadline = fields.Date(string="Due")
    user_id = fields.Many2one(
        "res.users",
        string="For customers without a salesperson",
        domain=[("share", "=", False)],
        default=lambda self: self.env.user,
    )
    pricelist_id = fields.Many2one("product.pricelist", check_company=True)
    customer_count = fields.Integer(string="Customers", compute="_compute_counts")
    left_out_count = fields.Integer(string="Left out", compute="_compute_counts")
    preview = fields.Text(string="What will happen", compute="_compute_counts")

    @api.model
    def _selection_kind(self):
        return self.env["crm.customer.strategy"]._selection_launch_kind()

    @api.model
    def _open(self, values):
        """Open the dialog.

        :param values: dict of defaults
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Launch an Action"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items() if value},
        }

    def _source(self):
        """What the customers come from: a record with ``_launch_customers``."""
        self.ensure_one()
        return self.strategy_id or self.segment_id

    def _rows(self):
        """Figures of the customers, as far as the user may see them."""
        source = self._source()
        if not source or self.company_id not in self.env.companies:
            return self.env["crm.customer.metrics"]
        # the company that the dialog was opened in, whatever the one at hand is now
        source = source.with_company(self.company_id)
        rows = source._launch_customers().filtered(
            lambda row: row.company_id == self.company_id and row.commercial_partner_id.active
        )
        if self.partner_id:
            return rows.filtered(lambda row: row.commercial_partner_id == self.partner_id.commercial_partner_id)
        return rows

    @api.depends("strategy_id", "segment_id", "partner_id", "kind", "user_id")
    def _compute_counts(self):
        Launch = self.env["crm.customer.launch"]
        for wizard in self:
            rows = wizard._rows()
            rested = Launch._rested(rows, wizard._launch_values())
            wizard.customer_count = len(rested)
            wizard.left_out_count = len(rows) - len(rested)
            wizard.preview = "\n".join(wizard._preview(rested))

    def _preview(self, rested):
        """What launching makes, in sentences."""
        if self.kind == "activity":
            people = self.env["crm.customer.launch"]._salespeople(rested, self.user_id or self.env.user)
            yield self.env._(
                "%(count)s activities for %(people)s people, one for each customer.",
                count=len(rested),
                people=len(people),
            )
            for user, count in people.most_common(5):
                yield f"{user.sudo().name}: {count}"
        else:
            yield self.env._("%s customers.", len(rested))
        if self.left_out_count:
            yield self.env["crm.customer.launch"]._left_out_words(self.kind, self.left_out_count)

    def action_launch(self):
        """Make it."""
        self.ensure_one()
        source = self._source()
        if not source:
            raise UserError(self.env._("Say for which customers."))
        if self.kind == "activity" and not self.activity_type_id:
            raise UserError(self.env._("Choose the activity that is to be made."))
        today = fields.Date.context_today(self)
        if self.kind == "activity" and (self.date_deadline or today) < today:
            raise UserError(self.env._("The activities would be late at once: choose a day from today on."))
        if self.kind == "activity" and not self.env["crm.customer.launch"]._may_be_asked(self.user_id, self.company_id):
            raise UserError(self.env._("Choose somebody of this company for the customers without a salesperson."))
        launch = self.env["crm.customer.launch"]._launch(self._rows(), self._launch_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": launch._name,
            "res_id": launch.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _launch_values(self):
        today = fields.Date.context_today(self)
        values = {
            "name": self.summary or self._source().display_name,
            "company_id": self.company_id.id,
            "day": today,
            "kind": self.kind,
            "strategy_id": self.strategy_id.id,
            "segment_id": self.segment_id.id,
        }
        if self.kind == "activity":
            values |= {
                "activity_type_id": self.activity_type_id.id,
                "date_deadline": self.date_deadline or today,
                "summary": self.summary,
                "fallback_user_id": self.user_id.id,
            }
        elif self.kind == "pricelist":
            values["pricelist_id"] = self.pricelist_id.id
        return values
