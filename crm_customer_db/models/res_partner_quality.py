from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.quality_sql import KEY_CONTACT, ProfileSQL, columns_of
from .res_partner_value import USERS

ADDRESS_STATES = [
    ("returned", "Mail came back"),
    ("never", "Never checked"),
    ("stale", "Not checked for long"),
    ("fresh", "Checked"),
]


class ResPartner(models.Model):
    """How good what we know of a contact is: complete, confirmed, reachable."""

    _inherit = "res.partner"

    customer_completeness = fields.Integer(
        string="Profile complete (%)",
        compute="_compute_customer_completeness",
        search="_search_customer_completeness",
        groups=USERS,
        help="By the data quality rules, in the company you work in.",
    )
    customer_profile_is_stale = fields.Boolean(
        string="Profile not confirmed for long",
        compute="_compute_customer_profile_is_stale",
        search="_search_customer_profile_is_stale",
        help="Nobody has confirmed it in the months that the settings give, or ever.",
    )
    customer_address_state = fields.Selection(
        ADDRESS_STATES,
        string="State of the address",
        compute="_compute_customer_address_state",
        search="_search_customer_address_state",
        help="Checked: it was entered, changed or confirmed in the months that the settings give.",
    )

    # The slot of key contacts, and who has one.
    _customer_key_contact_idx = models.Index("(commercial_partner_id) WHERE customer_is_key_contact")

    # ----------------------------------------------------------------- completeness

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_completeness(self):
        rows = self._customer_figures()
        for partner in self:
            row = rows.get(partner.commercial_partner_id.id)
            partner.customer_completeness = row.completeness if row else 0

    @api.model
    def _search_customer_completeness(self, operator, value):
        if operator not in ("in", "<", ">", "<=", ">="):
            return NotImplemented
        return self._search_customer_figures([("completeness", operator, value)])

    def _customer_missing(self, company):
        """What is missing of profiles, as far as the user may know of it.

        :param company: ``res.company`` whose rules count
        :return: dict partner id → dict name of the field → its label, the heaviest first
        """
        rules = self.env["crm.customer.quality.rule"]
        kinds = {partner.id: partner.customer_kind for partner in self.sudo()}
        names = {
            kind: [name for name, _weight, _id in rules._counting(company.id, kind) if self._customer_may_know(name)]
            for kind in set(kinds.values())
        }
        asked = sorted({name for known in names.values() for name in known})
        filled = self._customer_filled(asked, company)
        labels = {name: self._fields[name]._description_string(self.env) for name in asked}
        return {
            id_: {name: labels[name] for name in names[kind] if name not in filled[id_]} for id_, kind in kinds.items()
        }

    @api.model
    def _customer_may_know(self, name):
        """Whether the user may read whether a part of the profile is filled in."""
        return all(self._has_field_access(self._fields[column], "read") for column in (name, *columns_of(name)))

    def _customer_filled(self, names, company):
        """Which parts of their profiles are filled in, in one query.

        :param names: list of names of fields
        :param company: ``res.company`` that asks
        :return: dict partner id → set of names
        """
        if not names or not self.ids:
            return {id_: set() for id_ in self.ids}
        self.env["crm.customer.metrics"].sudo()._metrics_flush(["quality"])
        profile = ProfileSQL(self, names, SQL("%s", list(self.ids)))
        conditions = [SQL("COALESCE(%s, FALSE)", profile.filled(name, SQL("%s", company.id))) for name in names]
        rows = self.env.execute_query(
            SQL(
                "SELECT partner.id, %s FROM res_partner partner %s WHERE partner.id = ANY(%s)",
                SQL(", ").join(conditions),
                profile.join(),
                list(self.ids),
            )
        )
        return {id_: {name for name, has in zip(names, values, strict=True) if has} for id_, *values in rows}

    # -------------------------------------------------------------- what becomes old

    @api.depends("customer_profile_confirmed_on")
    @api.depends_context("company")
    def _compute_customer_profile_is_stale(self):
        since = self.env.company._customer_stale_before()
        for partner in self:
            confirmed = partner.customer_profile_confirmed_on
            partner.customer_profile_is_stale = not confirmed or confirmed < since

    @api.model
    def _search_customer_profile_is_stale(self, operator, value):
        if operator != "in":
            return NotImplemented
        since = self.env.company._customer_stale_before()
        fresh = Domain("customer_profile_confirmed_on", ">=", since)
        return Domain.OR(~fresh if wanted else fresh for wanted in set(map(bool, value)))

    @api.depends("street", "zip", "city", "customer_address_date", "customer_profile_confirmed_on")
    @api.depends_context("company")
    def _compute_customer_address_state(self):
        since = self.env.company._customer_stale_before()
        returned = (
            self.env["crm.customer.address"]
            .sudo()
            ._read_group(
                [("partner_id", "in", self._origin.ids), ("valid_to", "=", False), ("returned_mail", "=", True)],
                ["partner_id"],
            )
        )
        returned_ids = {partner.id for (partner,) in returned}
        for partner in self:
            changed = partner.customer_address_date
            days = [day for day in (changed and changed.date(), partner.customer_profile_confirmed_on) if day]
            if partner._origin.id in returned_ids:
                state = "returned"
            elif not (partner.street or partner.zip or partner.city):
                state = False
            elif not days:
                state = "never"
            else:
                state = "fresh" if max(days) >= since else "stale"
            partner.customer_address_state = state

    @api.model
    def _search_customer_address_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        since = self.env.company._customer_stale_before()
        returned = Domain("customer_address_ids", "any", [("valid_to", "=", False), ("returned_mail", "=", True)])
        present = Domain.OR(Domain(name, "!=", False) for name in ("street", "zip", "city"))
        dated = Domain("customer_address_date", "!=", False) | Domain("customer_profile_confirmed_on", "!=", False)
        checked = Domain("customer_address_date", ">=", since) | Domain("customer_profile_confirmed_on", ">=", since)
        states = {
            "returned": returned,
            False: ~returned & ~present,
            "never": ~returned & present & ~dated,
            "stale": ~returned & present & dated & ~checked,
            "fresh": ~returned & present & checked,
        }
        return Domain.OR(states[state or False] for state in set(value) if (state or False) in states)

    # ---------------------------------------------------------------------- queueing

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        # the trigger on contacts hears of changes; whose contact a new one is stands later than he does
        new = partners.filtered(
            lambda partner: partner[KEY_CONTACT] or partner.customer_mark in ("customer", "prospect")
        )
        self.env["crm.customer.metrics.queue"].sudo()._mark(new.ids)
        return partners

    def unlink(self):
        """Extended: a customer without the key contact he had has a less complete profile."""
        left = self.sudo().filtered(KEY_CONTACT).commercial_partner_id - self
        left_ids = left.ids
        res = super().unlink()
        self.env["crm.customer.metrics.queue"].sudo()._mark(left_ids)
        return res
