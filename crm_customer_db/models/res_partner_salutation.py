from odoo import api, fields, models

from ..tools import salutation


class ResPartner(models.Model):
    """How a customer is addressed on an envelope and in a letter."""

    _inherit = "res.partner"

    customer_formality = fields.Selection(
        [("formal", "Formal (usted)"), ("informal", "Informal (tú)")],
        string="Form of address",
        help="Empty: formal.",
    )
    customer_salutation = fields.Char(
        string="Salutation",
        compute="_compute_customer_salutation",
        inverse="_inverse_customer_salutation",
        help="How a letter or e-mail begins. Follows from title, gender, name and "
        "language as long as nothing is typed; empty it to go back.",
    )
    customer_salutation_typed = fields.Char(string="Salutation, as typed")
    customer_address_form = fields.Char(
        string="Name on the envelope",
        compute="_compute_customer_salutation",
        inverse="_inverse_customer_address_form",
        help="Follows from title, gender and name as long as nothing is typed; empty it to go back.",
    )
    customer_address_form_typed = fields.Char(string="Name on the envelope, as typed")

    @api.depends(
        "name",
        "lang",
        "customer_kind",
        "type",
        "customer_title_id",
        "customer_formality",
        "gender",
        "customer_salutation_typed",
        "customer_address_form_typed",
    )
    # Readers without the personal group get the neutral words, so the cache must tell
    # users apart.
    @api.depends_context("uid", "lang")
    def _compute_customer_salutation(self):
        for partner in self:
            opening, envelope = partner._derived_customer_salutation()
            partner.customer_salutation = partner.customer_salutation_typed or opening
            partner.customer_address_form = partner.customer_address_form_typed or envelope

    def _derived_customer_salutation(self):
        """Opening of a letter and name on the envelope, as long as nothing is typed.

        :return: tuple of two str, in the customer's language
        """
        self.ensure_one()
        lang = self.lang or self.env.lang or "en_US"
        title = self.customer_title_id.sudo().with_context(lang=lang)
        words = {
            "title": {
                "name": title.name,
                "abbreviation": title.abbreviation,
                "name_feminine": title.name_feminine,
                "abbreviation_feminine": title.abbreviation_feminine,
            }
            if title
            else None,
            "gender": self._customer_gender_for_reader(),
            "name": self.name or "",
            "lang": lang,
            # An address of a company (a plant, a store) is no person either
            "is_company": self.customer_kind == "company" or self.type != "contact",
        }
        return (
            salutation.salutation(formality=self.customer_formality or "formal", **words),
            salutation.address_form(**words),
        )

    def _customer_gender_for_reader(self):
        """The gender, or False for a reader who may not know it."""
        field = self._fields["gender"]
        allowed = self.env["res.partner"]._has_field_access(field, "read")
        return self.gender if allowed else False

    def _inverse_customer_salutation(self):
        for partner in self:
            typed = (partner.customer_salutation or "").strip()
            derived, _envelope = partner._derived_customer_salutation()
            partner.customer_salutation_typed = typed if typed != derived else False
        # Odoo leaves what other users have read in this transaction as it was.
        self.invalidate_recordset(["customer_salutation"], flush=False)

    def _inverse_customer_address_form(self):
        for partner in self:
            typed = (partner.customer_address_form or "").strip()
            _opening, derived = partner._derived_customer_salutation()
            partner.customer_address_form_typed = typed if typed != derived else False
        self.invalidate_recordset(["customer_address_form"], flush=False)
