import hashlib
from collections.abc import Iterable

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from ..tools import conditions

# Figures that may be at stake; each names its own sum on the board.
STAKES = ("amount_12m", "amount_at_risk", "net_value_12m", "service_cost_12m")
MOST_DAYS = 365


class CrmCustomerStrategy(models.Model):
    """What to do with customers who are such: a rule over figures and profile, and one suggested action.

    Customers may stand in several; the first by sequence is the main one. Who stands in
    which is kept by the machine (``crm_customer_metrics_strategy``), so the board counts
    and sums what its lists show.
    """

    _name = "crm.customer.strategy"
    _inherit = ["crm.customer.catalogue", "crm.customer.condition"]
    _description = "Strategy"
    _order = "sequence, id"
    _check_company_auto = True
    _rule_model = "crm.customer.metrics"

    code = fields.Char(copy=False, help="Stays the same in all languages, for imports and reports.")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade", help="Empty: a strategy of all companies."
    )
    color = fields.Integer()
    note = fields.Text(string="What it is for", translate=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        company_dependent=True,
        domain=[("share", "=", False)],
        help="Answers for it in this company, and gets the activities of customers without a salesperson.",
    )
    stake_field = fields.Selection(
        selection="_selection_stake_field",
        string="At stake",
        default="amount_12m",
        help="Which figure of the customers is summed on the board.",
    )
    launch_kind = fields.Selection(
        selection="_selection_launch_kind", string="Suggested action", default="activity", required=True
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type", string="Activity", domain=[("res_model", "in", (False, "res.partner"))]
    )
    activity_summary = fields.Char(string="What to do", translate=True, help="The next step that salespeople read.")
    activity_days = fields.Integer(string="Days to do it", default=7)
    pricelist_id = fields.Many2one("product.pricelist", check_company=True)
    rule_rights = fields.Char(
        string="Rights of the author",
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="What the author might see when all were asked.",
    )
    month_ids = fields.One2many("crm.customer.strategy.month", "strategy_id", string="Months")
    launch_ids = fields.One2many("crm.customer.launch", "strategy_id", string="Launches")

    currency_id = fields.Many2one("res.currency", compute="_compute_board")
    customer_count = fields.Integer(string="Customers", compute="_compute_board")
    stake = fields.Monetary(string="Amount at stake", compute="_compute_board")
    stake_words = fields.Char(string="Of what", compute="_compute_board")
    trend_count = fields.Integer(string="Customers more than a month ago", compute="_compute_board")
    trend_words = fields.Char(string="Trend", compute="_compute_board")
    last_launch_words = fields.Char(string="Last action", compute="_compute_last_launch_words")
    may_launch = fields.Boolean(compute="_compute_may_launch")
    launch_words = fields.Char(string="What the button makes", compute="_compute_launch_words")

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Two strategies of a company can't have the same code.",
    )

    # ----------------------------------------------------------------------- settings

    @api.model
    def _selection_stake_field(self):
        figures = self.env["crm.customer.metrics"]._fields
        return [(name, figures[name]._description_string(self.env)) for name in STAKES]

    @api.model
    def _selection_launch_kind(self):
        """What can be launched. Addons append theirs, with a method ``_launch_<kind>`` on ``crm.customer.launch``."""
        return [
            ("activity", self.env._("An activity for each salesperson's customers")),
            ("segment", self.env._("A segment")),
            ("pricelist", self.env._("A price list")),
        ]

    @api.constrains("activity_days")
    def _check_activity_days(self):
        for strategy in self:
            if not 0 <= strategy.activity_days <= MOST_DAYS:
                raise ValidationError(self.env._("An activity is due within a year: 0 to %s days.", MOST_DAYS))

    @api.constrains("launch_kind", "pricelist_id")
    def _check_pricelist(self):
        for strategy in self:
            if strategy.launch_kind == "pricelist" and not strategy.pricelist_id:
                raise ValidationError(self.env._("Choose the price list that “%s” gives.", strategy.name))

    @api.model_create_multi
    def create(self, vals_list):
        strategies = super().create(vals_list)
        strategies._strategies_changed()
        return strategies

    def write(self, vals):
        if not {"rule_domain", "active", "company_id"}.isdisjoint(vals):
            self._refuse_taking_over()
        res = super().write(vals)
        if not {"rule_domain", "active", "sequence", "company_id"}.isdisjoint(vals):
            self._strategies_changed()
        return res

    def _refuse_taking_over(self):
        """Keep a strategy of all companies from finding nobody any more in those that the user may not enter.

        :raise UserError: naming the strategy
        """
        self.check_access("write")
        if self.env.su:
            return
        everywhere = self.env["res.company"].sudo().search([("active", "=", True)])
        for strategy in self.sudo().filtered(lambda strategy: not strategy.company_id):
            author = strategy.rule_user_id
            reach = everywhere if author._is_superuser() else author.company_ids
            if reach - self.env.user.company_ids:
                raise UserError(
                    self.env._(
                        "“%s” is a strategy of companies that you may not enter, too: make a copy of it for yours.",
                        strategy.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_strategies_changed(self):
        """Let the customers go before their strategy does, so that another one becomes the main one."""
        self.action_archive()

    def web_resequence(self, specification, field_name="sequence", offset=0):
        """Extended: a card that is dragged moves many, which changes the main strategies once."""
        res = super(CrmCustomerStrategy, self.with_context(strategies_resequenced=True)).web_resequence(
            specification, field_name, offset
        )
        self.check_access("write")
        self._strategies_changed()
        return res

    def _strategies_changed(self):
        """See at once who stands where, as whoever edits a rule looks at the count."""
        if self.env.context.get("strategies_resequenced"):
            return
        metrics = self.env["crm.customer.metrics"].sudo()
        metrics._assign_strategies(metrics._as_of())

    # ---------------------------------------------------------------------------- rule

    def _rule_raw(self):
        """Extended: a rule about strategies would swing with each pass."""
        parsed = super()._rule_raw()
        if any("strategy" in condition.field_expr for condition in parsed.iter_conditions()):
            raise ValueError(self.env._("a strategy can't rest on strategies"))
        return parsed

    def _rule_moves(self):
        """Whether whom the rule finds may change without the figures changing: by the day, or by the profile."""
        self.ensure_one()
        figures = self.env[self._rule_model]._fields
        try:
            parsed = self._rule_raw()
        except ValueError:
            return True
        for condition in parsed.iter_conditions():
            name, _dot, further = condition.field_expr.partition(".")
            values = [condition.value] if isinstance(condition.value, str) else condition.value
            moves = isinstance(values, Iterable) and any(map(conditions.is_relative, values))
            if name not in figures or not figures[name].store or moves:
                return True
            if (further or "any" in condition.operator) and name != "value_class_id":
                return True
        return False

    def _record_rules(self):
        """What decides which figures anybody sees: (number of record rules, when one was changed last)."""
        rules = self.env["ir.rule"].sudo()
        [found] = rules._read_group([("model_id.model", "=", self._rule_model)], [], ["__count", "write_date:max"])
        return found

    def _rule_rights(self, rules):
        """What decides whom the author of the rule may see.

        :param rules: what ``_record_rules`` gives, asked once for many
        :return: str, the same as long as nothing of it changes
        """
        self.ensure_one()
        author = self.sudo().rule_user_id
        if not author or author._is_superuser():
            return str(author.id)
        parts = (
            author.active,
            sorted(author.company_ids.ids),
            sorted(author.all_group_ids.ids),
            rules,
        )
        return hashlib.sha256(repr((author.id, *parts)).encode()).hexdigest()

    def _rule_rights_moved(self):
        """Those whose author may see more or less than when everybody was last looked at."""
        rules = self._record_rules()
        return self.filtered(lambda strategy: strategy.sudo().rule_rights != strategy._rule_rights(rules))

    def _keep_rule_rights(self):
        """Note what the authors may see, after everybody was looked at."""
        rules = self._record_rules()
        for strategy in self.sudo()._rule_rights_moved():
            strategy.rule_rights = strategy._rule_rights(rules)

    def _reasons(self, row):
        """What of a customer the rule rests on, in words: the figures and facts of the profile that it asks for.

        What the reader may not see of the profile is not named.

        :param row: ``crm.customer.metrics`` record
        :return: str
        """
        self.ensure_one()
        try:
            parsed = self.sudo()._rule_parsed(row._as_of())
        except ValueError:
            return ""
        words = []
        for condition in parsed.iter_conditions():
            text = self._reason_of(row, condition)
            if text and text not in words:
                words.append(text)
        return ", ".join(words)

    def _reason_of(self, row, condition):
        """One condition, where it holds: what it looks at and what the customer has there."""
        record, field = row, None
        names = condition.field_expr.split(".")
        for position, name in enumerate(names):
            field = record._fields.get(name)
            if not field or not record._has_field_access(field, "read"):
                return ""
            if field.type == "many2one" and names[position + 1 : position + 2] not in (["code"], ["name"], []):
                record = record[name]
                continue
            break
        if not row.sudo().filtered_domain(Domain(condition)):
            return ""
        value = record[field.name]
        label = field._description_string(self.env)
        if field.type == "boolean":
            return label if value else ""
        if field.type == "selection":
            value = dict(field._description_selection(self.env)).get(value, "")
        elif field.type == "monetary":
            value = format_amount(self.env, value, record[field.get_currency_field(record)] or row.currency_id)
        elif field.type == "date":
            value = format_date(self.env, value)
        elif field.type == "many2one":
            value = value.display_name if value.has_access("read") else ""
        elif field.relational:
            # what it holds may be seen by others only
            return label
        elif field.type == "float":
            value = f"{value:g}"
        return f"{label} {value}"

    # -------------------------------------------------------------------------- board

    def _customers_domain(self):
        """Figures of the customers that a card counts, in the company one works in."""
        return Domain("strategy_ids", "in", self.ids) & Domain("company_id", "=", self.env.company.id)

    @api.depends("stake_field")
    @api.depends_context("company", "uid", "lang")
    def _compute_board(self):
        """Counts and sums of what one may see: one query for each figure that is at stake."""
        company = self.env.company
        figures = self._board_figures()
        before = self._board_month()
        labels = dict(self._fields["stake_field"]._description_selection(self.env))
        for strategy in self:
            count, stake = figures.get(strategy.id, (0, 0.0))
            strategy.currency_id = company.currency_id
            strategy.customer_count = count
            strategy.stake = stake
            strategy.stake_words = labels.get(strategy.stake_field) or self.env._("nothing sold yet")
            strategy.trend_count, strategy.trend_words = 0, self.env._("no month to compare with yet")
            if not strategy._stake_known():
                strategy.stake_words = self.env._("not costed: say in the settings what serving a customer costs")
            if strategy.id in before:
                month, past, past_stake = before[strategy.id]
                strategy.trend_count = count - past
                strategy.trend_words = self.env._(
                    "%(count)s customers and %(amount)s, compared with %(day)s",
                    count=f"{count - past:+d}",
                    amount=_signed(self.env, stake - past_stake, company.currency_id),
                    day=format_date(self.env, month),
                )

    def _stake_known(self):
        """Whether the company has said what the figure at stake rests on."""
        rates, _margin = self.env["res.company"]._customer_service().get(self.env.company.id, ({}, 0))
        return bool(rates) or self.stake_field not in ("service_cost_12m", "net_value_12m")

    def _board_figures(self):
        """Strategy id → (customers, amount at stake)."""
        metrics = self.env["crm.customer.metrics"]
        figures = {}
        for stake, strategies in self.grouped("stake_field").items():
            aggregates = ["__count", *([f"{stake}:sum"] if stake else [])]
            for strategy, count, *amounts in metrics._read_group(
                strategies._customers_domain(), ["strategy_ids"], aggregates
            ):
                if strategy in strategies:
                    figures[strategy.id] = (count, amounts[0] if amounts else 0.0)
        return figures

    def _board_month(self):
        """Strategy id → (last day kept, customers, amount at stake) as the latest month ended."""
        months = self.env["crm.customer.strategy.month"]
        domain = Domain("company_id", "=", self.env.company.id) & Domain("month", "<", self._this_month())
        # what strategies there were is no secret; whom they found is
        latest = months.sudo().search(domain, order="month desc", limit=1)
        domain &= Domain("month", "=", latest.month) & Domain("strategy_id", "in", self.ids)
        there_were = months.sudo()._read_group(domain, ["strategy_id"])
        rows = months._read_group(domain, ["strategy_id"], ["customer_count:sum", "stake:sum"])
        nobody = {strategy.id: (latest.as_of, 0, 0.0) for (strategy,) in there_were}
        return nobody | {strategy.id: (latest.as_of, *values) for strategy, *values in rows}

    @api.model
    def _this_month(self):
        return self.env["crm.customer.metrics"]._as_of().replace(day=1)

    @api.depends("launch_ids")
    @api.depends_context("company", "uid", "lang")
    def _compute_last_launch_words(self):
        launches = self.env["crm.customer.launch"]._read_group(
            [("strategy_id", "in", self.ids), ("company_id", "=", self.env.company.id)], ["strategy_id"], ["id:max"]
        )
        latest = {strategy.id: self.env["crm.customer.launch"].browse(launch_id) for strategy, launch_id in launches}
        for strategy in self:
            launch = latest.get(strategy.id)
            strategy.last_launch_words = (
                self.env._(
                    "%(user)s on %(day)s: %(count)s customers",
                    user=launch.user_id.sudo().name,
                    day=format_date(self.env, launch.day),
                    count=launch.customer_count,
                )
                if launch
                else False
            )

    @api.depends("launch_kind")
    @api.depends_context("uid")
    def _compute_may_launch(self):
        for strategy in self:
            strategy.may_launch = self.env["crm.customer.launch"]._may_launch(strategy.launch_kind)

    @api.depends("launch_kind", "activity_type_id", "pricelist_id", "customer_count")
    @api.depends_context("company", "uid", "lang")
    def _compute_launch_words(self):
        for strategy in self:
            strategy.launch_words = strategy._launch_words()

    def _launch_words(self):
        """What the button makes, in a few words. Addons extend it for their kinds."""
        self.ensure_one()
        if self.launch_kind == "activity":
            return self.env._(
                "Plan %(count)s × %(activity)s",
                count=self.customer_count,
                activity=self.activity_type_id.name or self.env._("activity"),
            )
        if self.launch_kind == "segment":
            return self.env._("Put them on a list")
        if self.launch_kind == "pricelist":
            return self.env._("Give them the price list %s", self.pricelist_id.name)
        return dict(self._fields["launch_kind"]._description_selection(self.env)).get(self.launch_kind, "")

    # ------------------------------------------------------------------------ buttons

    @api.readonly
    def action_open_customers(self):
        """Show the customers that the card counts."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_metrics_action")
        return {
            **action,
            "display_name": self.name,
            "domain": list(self._customers_domain()),
            "context": {"search_default_group_class": 0},
        }

    @api.readonly
    def action_open_months(self):
        """Show what the trend compares with."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_customer_db.crm_customer_strategy_month_action")
        return {**action, "domain": [("strategy_id", "=", self.id), ("company_id", "=", self.env.company.id)]}

    def action_launch(self):
        """Count first, then make what the strategy suggests."""
        self.ensure_one()
        self.check_access("read")
        return self.env["crm.customer.launch.wizard"]._open(
            {
                "strategy_id": self.id,
                "kind": self.launch_kind,
                "activity_type_id": self.activity_type_id.id,
                "summary": self.activity_summary,
                "date_deadline": fields.Date.context_today(self) + relativedelta(days=self.activity_days),
                "user_id": self.user_id.id,
                "pricelist_id": self.pricelist_id.id,
            }
        )

    def _launch_customers(self):
        """Figures of the customers an action is for, as far as one may see them."""
        return self.env["crm.customer.metrics"].search(self._customers_domain())


def _signed(env, amount, currency):
    words = format_amount(env, abs(amount), currency, trailing_zeroes=False)
    return f"+{words}" if amount >= 0 else f"−{words}"
