from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.bulk import as_a_whole
from ..tools.quality_sql import ProfileSQL
from .res_partner import KINDS


class CrmCustomerQualityUse(models.Model):
    """How many customers have a field of the profile filled in, as counted in the last night.

    Kept, so that a profile does not become less complete in the middle of a day because
    somebody was the first to fill a field. Nobody writes it but the night.
    """

    _name = "crm.customer.quality.use"
    _description = "Use of a Field of the Profile"
    _log_access = False
    _order = "company_id, customer_kind, field_name"
    _rec_name = "field_name"

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    customer_kind = fields.Selection(KINDS, string="Kind of customer", required=True)
    field_name = fields.Char(string="Field", required=True)
    customer_count = fields.Integer(string="Customers")
    filled_count = fields.Integer(string="Filled in")
    as_of = fields.Date(string="As of", required=True)

    @api.model
    def _unused(self, company_id, kind):
        """Names of fields that nobody of this kind has filled in. What was not looked at yet is none of them."""
        domain = [("company_id", "=", company_id), ("customer_kind", "=", kind), ("filled_count", "=", 0)]
        return set(self.sudo().search(domain).mapped("field_name"))

    @api.model
    def _count(self, as_of):
        """Count anew who has what, in one pass over the customers.

        :param as_of: date that stands for today
        :return: whether a field is used now that was not, or the other way round
        """
        rules = self.env["crm.customer.quality.rule"]
        names = sorted(set(rules.sudo().search([("active", "=", True)]).mapped("field_name")))
        found = {
            (company_id, kind, name): (count, filled[index])
            for company_id, kind, count, *filled in self._counted(names)
            for index, name in enumerate(names)
            if any(name == ruled for ruled, _weight, _id in rules._of(company_id, kind))
        }
        entries = self.sudo().search([("id", ">", 0)])
        known = {
            (entry.company_id.id, entry.customer_kind, entry.field_name): (entry.customer_count, entry.filled_count)
            for entry in entries
        }
        if found == known:
            return False
        entries.unlink()
        self.sudo().create(
            [
                {
                    "company_id": company_id,
                    "customer_kind": kind,
                    "field_name": name,
                    "customer_count": count,
                    "filled_count": filled,
                    "as_of": as_of,
                }
                for (company_id, kind, name), (count, filled) in sorted(found.items())
            ]
        )
        self.flush_model()
        unused = [{key for key, (_count, filled) in side.items() if not filled} for side in (known, found)]
        return unused[0] != unused[1]

    @api.model
    def _counted(self, names):
        """Rows of company, kind, number of customers, and how many of them have each of some fields."""
        if not names:
            return []
        self.env["crm.customer.metrics"].sudo()._metrics_flush(["quality"])
        profile = ProfileSQL(self.env["res.partner"], names)
        company = SQL("metrics.company_id")
        with as_a_whole(self.env.cr, in_few_groups=True):
            return self.env.execute_query(
                SQL(
                    """
                    SELECT metrics.company_id, partner.customer_kind, COUNT(*), %(filled)s
                      FROM crm_customer_metrics metrics
                      JOIN res_partner partner ON partner.commercial_partner_id = metrics.commercial_partner_id
                           %(linked)s
                     WHERE partner.active AND partner.customer_kind IS NOT NULL
                       AND (partner.id = partner.commercial_partner_id OR partner.customer_kind = 'contact')
                     GROUP BY metrics.company_id, partner.customer_kind
                    """,
                    filled=SQL(", ").join(
                        SQL("COUNT(*) FILTER (WHERE %s)", profile.filled(name, company)) for name in names
                    ),
                    linked=profile.join(),
                )
            )
