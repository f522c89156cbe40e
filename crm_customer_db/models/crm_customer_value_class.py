from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..tools import scoring

RANGES = (("recency_from", "recency_to"), ("frequency_from", "frequency_to"), ("monetary_from", "monetary_to"))


class CrmCustomerValueClass(models.Model):
    """What a customer is worth in a word: a rule over his three scores, the first that holds.

    Entries of a company come before those of all companies with the same place.
    """

    _name = "crm.customer.value.class"
    _inherit = "crm.customer.catalogue"
    _description = "Value Class"
    _order = "sequence, id"
    _check_company_auto = True

    code = fields.Char(help="Stays the same in all languages, for imports and reports.")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", ondelete="cascade", help="Empty: a class of all companies."
    )
    color = fields.Integer()
    note = fields.Text(string="What to do", translate=True)
    recency_from = fields.Integer(string="Recency from", default=1, required=True)
    recency_to = fields.Integer(string="Recency to", default=5, required=True)
    frequency_from = fields.Integer(string="Frequency from", default=1, required=True)
    frequency_to = fields.Integer(string="Frequency to", default=5, required=True)
    monetary_from = fields.Integer(string="Amount from", default=1, required=True)
    monetary_to = fields.Integer(string="Amount to", default=5, required=True)

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "Two value classes of a company can't have the same code.",
    )

    @api.constrains(*(name for pair in RANGES for name in pair))
    def _check_ranges(self):
        for entry in self:
            for low, high in RANGES:
                if not 1 <= entry[low] <= entry[high] <= scoring.LEVELS:
                    raise ValidationError(
                        self.env._(
                            "The scores of “%(entry)s” go from 1 to 5, and “from” is never higher than “to”.",
                            entry=entry.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        self._classes_changed()
        return entries

    def write(self, vals):
        res = super().write(vals)
        # strategies may ask for the code
        if not {"active", "code", "sequence", "company_id", *(name for pair in RANGES for name in pair)}.isdisjoint(
            vals
        ):
            self._classes_changed()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_classes_changed(self):
        """Have the customers classed by what is left."""
        self._classes_changed()

    @api.model
    def _classes_changed(self):
        """Have all customers classed anew, by the queue."""
        self.env.registry.clear_cache()
        self.env["crm.customer.metrics"].sudo()._mark_scored()

    def _ranges(self):
        """Lowest and highest score of each of the three."""
        self.ensure_one()
        return tuple((self[low], self[high]) for low, high in RANGES)

    @api.model
    @ormcache("company_id")
    def _ranks(self, company_id):
        """The class of each combination of scores in one company.

        :return: (tuple of ids of classes, best first; tuple of 125 ids or None)
        """
        entries = self.sudo().search([("company_id", "in", (company_id, False))])
        rules = [(entry.id, entry._ranges()) for entry in entries]
        return tuple(entries.ids), tuple(scoring.grid(rules))
