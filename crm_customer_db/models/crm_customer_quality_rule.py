from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools.quality_sql import ELEMENTS
from .res_partner import KINDS

MOST_WEIGHT = 1000
# Fields of a rule that decide how complete a profile is.
DECIDING = {"active", "company_id", "customer_kind", "field_name", "sequence", "weight"}


class CrmCustomerQualityRule(models.Model):
    """What belongs to a complete profile, how much it weighs, and the question that brings it.

    For one field of one kind of customer the most special rule counts: that of the company
    before that of all companies, that of the kind before that of every kind. A weight of 0
    takes the field out.
    """

    _name = "crm.customer.quality.rule"
    _description = "Data Quality Rule"
    _order = "customer_kind, weight desc, sequence, id"
    _rec_name = "field_name"

    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: a rule of all companies.")
    customer_kind = fields.Selection(KINDS, string="Kind of customer", help="Empty: every kind.")
    field_name = fields.Selection("_selection_field_name", string="Field", required=True)
    weight = fields.Integer(
        required=True, default=5, help="How much of the profile it is, compared with the others. 0: it does not count."
    )
    question = fields.Char(
        translate=True, help="Asked on the page of a customer where it is missing. Empty: it counts, but nobody asks."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    use_words = fields.Char(string="In use", compute="_compute_use_words")

    _rule_uniq = models.UniqueIndex(
        "(field_name, COALESCE(customer_kind, ''), COALESCE(company_id, 0)) WHERE active",
        "There is a rule for this field, kind of customer and company already.",
    )

    @api.model
    def _selection_field_name(self):
        known = self.env["res.partner"]._fields
        return [(name, known[name]._description_string(self.env)) for name in ELEMENTS]

    @api.depends("field_name", "customer_kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._selection_field_name())
        kinds = dict(self._fields["customer_kind"]._description_selection(self.env))
        for rule in self:
            words = [names.get(rule.field_name, ""), kinds.get(rule.customer_kind)]
            rule.display_name = " · ".join(filter(None, words))

    @api.depends("field_name", "customer_kind", "weight")
    @api.depends_context("company", "lang")
    def _compute_use_words(self):
        uses = self.env["crm.customer.quality.use"].sudo().search([("company_id", "=", self.env.company.id)])
        for rule in self:
            looked = uses.filtered(
                lambda use, rule=rule: (
                    use.field_name == rule.field_name and rule.customer_kind in (False, use.customer_kind)
                )
            )
            filled, count = sum(looked.mapped("filled_count")), sum(looked.mapped("customer_count"))
            if not looked:
                rule.use_words = self.env._("looked at in the night")
            elif not filled:
                rule.use_words = self.env._("nobody of %s: does not count", count)
            else:
                rule.use_words = self.env._("%(filled)s of %(count)s", filled=filled, count=count)

    @api.constrains("weight")
    def _check_weight(self):
        for rule in self:
            if not 0 <= rule.weight <= MOST_WEIGHT:
                raise ValidationError(
                    self.env._(
                        "The weight of “%(field)s” must be between 0 and %(most)s.",
                        field=rule.display_name,
                        most=MOST_WEIGHT,
                    )
                )

    # --------------------------------------------------------------------- changing

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._rules_changed()
        return rules

    def write(self, vals):
        res = super().write(vals)
        if not DECIDING.isdisjoint(vals):
            # a rule that takes the place of this one finds it gone
            self.flush_recordset()
            self._rules_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_rules_changed(self):
        """Have profiles measured by what is left."""
        self._rules_changed()

    @api.model
    def _rules_changed(self):
        """Have all profiles measured anew, by the queue."""
        self.env.registry.clear_cache()
        self.env["crm.customer.metrics"].sudo()._mark_scored()

    # ---------------------------------------------------------------------- asking

    @api.model
    @ormcache("company_id", "kind")
    def _of(self, company_id, kind):
        """The rules for one kind of customer of one company, the heaviest first.

        :return: tuple of (name of the field, weight, id of the rule), one of each field
        """
        # whoever asks: the page looks at archived contacts, too
        rules = self.sudo().with_context(active_test=True)
        rules = rules.search([("company_id", "in", (company_id, False)), ("customer_kind", "in", (kind, False))])
        special = {}
        for rule in rules.sorted(lambda rule: (bool(rule.company_id), bool(rule.customer_kind))):
            special[rule.field_name] = rule
        chosen = sorted(special.values(), key=lambda rule: (-rule.weight, rule.sequence, rule.id))
        return tuple((rule.field_name, rule.weight, rule.id) for rule in chosen if rule.weight)

    @api.model
    @ormcache("company_id", "kind")
    def _counting(self, company_id, kind):
        """Those that count: a field that nobody uses weighs nothing. As ``_of``."""
        unused = self.env["crm.customer.quality.use"]._unused(company_id, kind)
        return tuple(rule for rule in self._of(company_id, kind) if rule[0] not in unused)

    @api.model
    @ormcache()
    def _plans(self):
        """What counts in each company for each kind.

        :return: dict (company id, kind) → tuple of (name of the field, weight)
        """
        companies = self.env["res.company"].sudo().search([("active", "in", (True, False))])
        return {
            (company_id, kind): tuple((name, weight) for name, weight, _id in self._counting(company_id, kind))
            for company_id in companies.ids
            for kind, _label in KINDS
        }
