from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_customer_fact import FACT_ID_STEP

# Columns of the view and their types in the database: two arms that differ in a type
# keep PostgreSQL from taking the newest rows of each table by its index.
COLUMNS = {
    "id": "integer",
    "date": "timestamp",
    "kind": "varchar",
    "subject": "varchar",
    "amount": "numeric",
    "head": "boolean",
    "channel_id": "integer",
    "campaign_id": "integer",
    "user_id": "integer",
    "partner_id": "integer",
    "commercial_partner_id": "integer",
    "company_id": "integer",
    "source_model": "varchar",
    "source_id": "integer",
    "company_currency_id": "integer",
    "fact_model": "varchar",
    "feed": "varchar",
    "state": "varchar",
    "due": "date",
    "is_personal": "boolean",
}
# What is not the column of the same name: expressions over the columns of one row.
EXPRESSIONS = {
    "crm.customer.interaction": {"due": "COALESCE(deadline, expires_on)"},
    "crm.customer.purchase": {
        "kind": "'purchase'::varchar",
        "subject": "order_ref",
        "amount": "order_amount",
        "head": "is_head",
    },
    "crm.customer.marketing.action": {
        "kind": "'marketing'::varchar",
        "subject": "COALESCE(subject, marketing_code)",
    },
    # What answers something we sent is a badge on it, not an event of its own.
    "crm.customer.marketing.reaction": {"subject": "order_ref", "head": "action_id IS NULL"},
    "crm.customer.fulfilment": {
        "subject": "COALESCE(subject, order_ref)",
        "due": "COALESCE(promised_on, deadline)",
    },
    "crm.customer.survey.answer": {
        "kind": "'survey'::varchar",
        "subject": "survey",
        "head": "is_head",
    },
}
_COMMON = [
    "date",
    "channel_id",
    "campaign_id",
    "user_id",
    "partner_id",
    "commercial_partner_id",
    "company_id",
    "company_currency_id",
    "source_model",
    "source_id",
    "feed",
]


class CrmCustomerTimeline(models.Model):
    """What happened with a customer, one row per event.

    A view over the six tables of facts. An order is one event, that of its first line
    (``head``); so is a set of survey answers; what a customer did about something we
    sent belongs to the row of what we sent. Rows that are no event of their own are in
    the view with ``head`` false.

    *Shape.* Each arm of the view selects from one table and does nothing else: no join,
    condition or grouping, and equal types in all arms. So the newest twenty rows of one
    customer are the newest twenty of six indexes, whatever else is in the tables. Ids
    are those of the facts, which are unique over all six (``id % 8`` is the table).

    *Rights.* The rules of the six models are repeated on this one, because a view knows
    nothing of them; a kind that a user may not read at all is left out here, and
    ``_page`` asks each model again for the rows it shows.
    """

    _name = "crm.customer.timeline"
    _description = "Timeline"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "subject"
    _depends = {
        "crm.customer.interaction": [*_COMMON, "kind", "subject", "amount", "state", "deadline", "expires_on"],
        "crm.customer.purchase": [*_COMMON, "order_ref", "order_amount", "is_head"],
        "crm.customer.marketing.action": [*_COMMON, "subject", "marketing_code", "state"],
        "crm.customer.marketing.reaction": [*_COMMON, "kind", "order_ref", "amount", "action_id"],
        "crm.customer.fulfilment": [
            *_COMMON,
            "kind",
            "subject",
            "order_ref",
            "amount",
            "state",
            "promised_on",
            "deadline",
        ],
        "crm.customer.survey.answer": [*_COMMON, "survey", "is_personal"],
    }

    date = fields.Datetime(readonly=True)
    kind = fields.Selection(lambda self: self._selection_kind(), readonly=True)
    subject = fields.Char(readonly=True)
    amount = fields.Monetary(currency_field="company_currency_id", readonly=True)
    head = fields.Boolean(string="Event of its own", readonly=True)
    channel_id = fields.Many2one("crm.customer.channel", readonly=True)
    campaign_id = fields.Many2one("utm.campaign", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    source_model = fields.Char(string="Document type", readonly=True)
    source_id = fields.Many2oneReference(string="Document", model_field="source_model", readonly=True)
    fact_model = fields.Char(string="Kind of entry", readonly=True)
    feed = fields.Char(string="Entered by", readonly=True)
    state = fields.Char(string="Status", readonly=True)
    due = fields.Date(string="Promised or to be done by", readonly=True)
    is_personal = fields.Boolean(string="Personal", readonly=True)

    @api.model
    def _selection_kind(self):
        """Kinds of all six tables; one name stands for the same thing everywhere."""
        kinds = {}
        for model in self._fact_models():
            if "kind" not in EXPRESSIONS[model._name]:
                for value, label in model._fields["kind"]._description_selection(self.env):
                    kinds.setdefault(value, label)
        kinds.update(
            purchase=self.env._("Purchase"),
            marketing=self.env._("Marketing sent"),
            survey=self.env._("Survey"),
        )
        return list(kinds.items())

    @api.model
    def _fact_models(self):
        """Models of the six tables, in the order of their kinds.

        :return: list of empty recordsets
        """
        return [model for model in self.env["crm.customer.fact"]._fact_models() if model._name in EXPRESSIONS]

    # ------------------------------------------------------------------ database

    @api.private
    def init(self):
        """Make the view anew, at every installation and update."""
        res = super().init()
        tools.drop_view_if_exists(self.env.cr, self._table)
        arms = [self._timeline_arm(model) for model in self._fact_models()]
        view = SQL("CREATE VIEW %s AS %s", SQL.identifier(self._table), SQL(" UNION ALL ").join(arms))
        self.env.cr.execute(view)
        return res

    @api.model
    def _timeline_arm(self, model):
        """What one table brings to the view.

        :param model: empty recordset of a fact model
        :return: ``SQL``: SELECT … FROM the table, and nothing else
        """
        columns = [SQL("%s AS %s", self._timeline_column(model, name), SQL.identifier(name)) for name in COLUMNS]
        return SQL("SELECT %s FROM %s", SQL(", ").join(columns), SQL.identifier(model._table))

    @api.model
    def _timeline_column(self, model, name):
        expression = EXPRESSIONS[model._name].get(name)
        if expression:
            return SQL(expression)
        if name == "fact_model":
            return SQL(f"'{model._name}'::varchar")
        field = model._fields.get(name)
        if field and field.store:
            return SQL.identifier(name)
        if name == "head":
            return SQL("TRUE")
        if name == "is_personal":
            return SQL("FALSE")
        return SQL(f"NULL::{COLUMNS[name]}")

    # -------------------------------------------------------------------- rights

    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Extended: who searches sees what the same transaction has just done, and no
        kind of entry that he may not read."""
        self.env["crm.customer.feed"]._sync_pending("all")
        if not bypass_access:
            domain = Domain(domain) & self._domain_readable()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _unreadable(self):
        """Fact models that the user may not read at all."""
        return [model for model in self._fact_models() if not model.has_access("read")]

    @api.model
    def _domain_readable(self):
        unreadable = [model._name for model in self._unreadable()]
        return Domain("fact_model", "not in", unreadable) if unreadable else Domain.TRUE

    def _check_access(self, operation):
        """Extended, for who reads by id what he would not find by searching."""
        refused = super()._check_access(operation)
        if refused or self.env.su:
            return refused
        kinds = {model._fact_kind for model in self._unreadable()}
        hidden = self.filtered(lambda event: event.id % FACT_ID_STEP in kinds) if kinds else self.browse()
        if hidden:
            return hidden, lambda: AccessError(self.env._("You may not see this part of what has happened."))
        return None
