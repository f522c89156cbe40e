from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCustomerOrigin(models.Model):
    """Where a name came from: a fair, a bought list, a recommendation, a web form.

    Odoo makes a ``utm.source`` for every mailing, so sources say nothing when one
    groups customers by them; an origin gathers the sources and media that are one
    origin for the company.
    """

    _name = "crm.customer.origin"
    _inherit = "crm.customer.catalogue"
    _description = "Origin Code"

    code = fields.Char(required=True)
    source_ids = fields.Many2many(
        "utm.source",
        "crm_customer_origin_utm_source_rel",
        string="Sources",
        help="Documents with one of these sources have this origin.",
    )
    medium_ids = fields.Many2many(
        "utm.medium",
        "crm_customer_origin_utm_medium_rel",
        string="Media",
        help="Empty: whatever the medium. With sources, both must fit.",
    )
    market = fields.Selection(
        [("consumer", "Consumer"), ("industrial", "Industrial")],
        help="With which market's usual cost per name the names of this origin are compared.",
    )

    _code_uniq = models.UniqueIndex("(code)", "Two origins can't have the same code.")

    def _display_name_of(self, code, name):
        return f"{code} {name}" if code else name or ""

    @api.constrains("source_ids", "medium_ids")
    def _check_mapping(self):
        mapped = self.sudo().search(["|", ("source_ids", "!=", False), ("medium_ids", "!=", False)])
        for origin in self:
            for other in mapped - origin:
                if origin._maps_the_same(other):
                    raise ValidationError(
                        self.env._(
                            "“%(origin)s” and “%(other)s” would both claim the same "
                            "source and medium. Take them out of one of the two.",
                            origin=origin.display_name,
                            other=other.display_name,
                        )
                    )

    def _maps_the_same(self, other):
        """Whether one document could have both origins at the same precision.

        A pair of source and medium is more precise than a source alone and that more
        than a medium alone, so only equals can be in each other's way.
        """
        self.ensure_one()
        if bool(self.source_ids) != bool(other.source_ids) or bool(self.medium_ids) != bool(other.medium_ids):
            return False
        if not self.source_ids and not self.medium_ids:
            return False
        return (not self.source_ids or bool(self.source_ids & other.source_ids)) and (
            not self.medium_ids or bool(self.medium_ids & other.medium_ids)
        )

    @api.model_create_multi
    def create(self, vals_list):
        origins = super().create(vals_list)
        origins._documents_changed(origins.source_ids, origins.medium_ids)
        return origins

    def write(self, vals):
        if {"source_ids", "medium_ids", "active"}.isdisjoint(vals):
            return super().write(vals)
        sources, media = self.source_ids, self.medium_ids
        res = super().write(vals)
        self._documents_changed(sources | self.source_ids, media | self.medium_ids)
        return res

    @api.model
    def _documents_changed(self, sources, media):
        """Documents with these sources or media may have another origin now.

        :param sources: ``utm.source`` records
        :param media: ``utm.medium`` records
        """
        if sources or media:
            self.env["crm.customer.feed"]._origin_changed(sources.ids, media.ids)

    @api.model
    def _from_utm(self, source, medium):
        """The origin of a document with this source and medium.

        :param source: ``utm.source`` record or empty
        :param medium: ``utm.medium`` record or empty
        :return: ``crm.customer.origin`` record, empty where none is mapped
        """
        precise = self.search([("source_ids", "in", source.ids), ("medium_ids", "in", medium.ids)], limit=1)
        by_source = precise or self.search([("source_ids", "in", source.ids), ("medium_ids", "=", False)], limit=1)
        return by_source or self.search([("source_ids", "=", False), ("medium_ids", "in", medium.ids)], limit=1)
