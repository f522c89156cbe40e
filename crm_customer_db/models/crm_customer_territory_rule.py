from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmCustomerTerritoryRule(models.Model):
    """Which addresses belong to a territory: a postal code prefix, a state or a country."""

    _name = "crm.customer.territory.rule"
    _description = "Territory Rule"
    _order = "territory_id, country_id, state_id, zip_prefix, id"
    _rec_name = "zip_prefix"

    territory_id = fields.Many2one("crm.customer.territory", required=True, index=True, ondelete="cascade")
    country_id = fields.Many2one(
        "res.country",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_country_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    state_id = fields.Many2one(
        "res.country.state",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('country_id', '=?', country_id)]",
    )
    zip_prefix = fields.Char(
        string="Postal code begins with",
        help="28, 280 or 28001: the longest prefix that fits wins.",
    )

    @api.depends("state_id")
    def _compute_country_id(self):
        for rule in self:
            rule.country_id = (
                rule.state_id.country_id
                or rule.country_id
                or rule.territory_id.company_id.country_id
                or self.env.company.country_id
            )

    @api.depends("zip_prefix", "state_id", "country_id")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule._words()

    def _words(self):
        self.ensure_one()
        if self.zip_prefix:
            return f"{self.zip_prefix}… ({self.country_id.code})"
        if self.state_id:
            return f"{self.state_id.name} ({self.country_id.code})"
        return self.country_id.name or ""

    @api.model
    def _clean_prefix(self, vals):
        if "zip_prefix" in vals:
            compact = (vals["zip_prefix"] or "").replace(" ", "").replace("-", "")
            vals = dict(vals, zip_prefix=compact.upper() or False)
        return vals

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_prefix(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_prefix(vals))

    @api.constrains("zip_prefix", "state_id", "country_id", "territory_id")
    def _check_conflict(self):
        # The rules of an archived territory are looked at when it comes back.
        for rule in self.filtered("territory_id.active"):
            if rule.zip_prefix and rule.state_id:
                raise ValidationError(
                    self.env._(
                        "A rule of %(territory)s has the postal code %(zip)s and the "
                        "state %(state)s: keep one of them, a postal code needs no state.",
                        territory=rule.territory_id.display_name,
                        zip=rule.zip_prefix,
                        state=rule.state_id.name,
                    )
                )
            twin = rule._twin()
            if twin:
                raise ValidationError(
                    self.env._(
                        "%(rule)s belongs to two territories: %(one)s and %(other)s. "
                        "Take it out of one, or make it longer in one.",
                        rule=rule._words(),
                        one=rule.territory_id.display_name,
                        other=twin.territory_id.display_name,
                    )
                )

    def _twin(self):
        """The rule of equal precision that claims the same addresses, if any."""
        self.ensure_one()
        company = self.territory_id.company_id
        return self.sudo().search(
            [
                ("id", "!=", self.id),
                ("country_id", "=", self.country_id.id),
                ("state_id", "=", self.state_id.id),
                ("zip_prefix", "=", self.zip_prefix),
                ("territory_id.company_id", "=", company.id),
                ("territory_id.active", "=", True),
            ],
            limit=1,
        )
