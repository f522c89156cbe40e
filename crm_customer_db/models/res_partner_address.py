from contextlib import contextmanager

from odoo import api, fields, models

from ..tools import address
from .crm_customer_address import ADDRESS_COLUMNS

PART_FIELDS = {
    "customer_street_name": "name",
    "customer_street_number": "number",
    "customer_floor": "floor",
    "customer_door": "door",
}

# A write of none of these can't change an address of ``self``; parents and children
# that follow are caught where Odoo writes them.
ADDRESS_TRIGGERS = frozenset(ADDRESS_COLUMNS) | frozenset(PART_FIELDS)

# What the parts are read from.
PARSED_FIELDS = frozenset({"street", "street2", "country_id"})

_WATCHED = "crm_customer_db.watched_addresses"


class ResPartner(models.Model):
    """The address in parts, its history, and what follows from a real change.

    ``street`` and ``street2`` are the truth and what documents print. The parts are a
    view on them, so the two can never disagree.
    """

    _inherit = "res.partner"

    customer_street_name = fields.Char(
        string="Street name",
        compute="_compute_customer_street_parts",
        inverse="_inverse_customer_street_parts",
        help="What could not be split into number, floor and door stays here whole.",
    )
    customer_street_number = fields.Char(
        string="Number",
        compute="_compute_customer_street_parts",
        inverse="_inverse_customer_street_parts",
    )
    customer_floor = fields.Char(
        string="Floor",
        compute="_compute_customer_street_parts",
        inverse="_inverse_customer_street_parts",
    )
    customer_door = fields.Char(
        string="Door",
        compute="_compute_customer_street_parts",
        inverse="_inverse_customer_street_parts",
    )
    customer_address_type = fields.Selection(
        [
            ("home", "Home"),
            ("work", "Work"),
            ("second_home", "Second home"),
            ("registered_office", "Registered office"),
            ("tax", "Tax address"),
            ("po_box", "P.O. box"),
            ("other", "Other"),
        ],
        string="Kind of address",
    )
    customer_address_date = fields.Datetime(
        string="Last address change",
        readonly=True,
        index="btree_not_null",
        copy=False,
        help="When the address last really changed; saving the same address again, or "
        "only its spaces or capitals, does not count.",
    )
    customer_address_ids = fields.One2many(
        "crm.customer.address", "partner_id", string="Address history", readonly=True
    )

    # === Parts ===

    @api.depends("street", "street2", "country_id.code")
    def _compute_customer_street_parts(self):
        for partner in self:
            parsed = address.parse(partner.street, partner.street2, partner.country_id.code)
            for field_name, part in PART_FIELDS.items():
                partner[field_name] = getattr(parsed, part) or False

    def _inverse_customer_street_parts(self):
        # All parts are read before the first write: it invalidates them.
        for partner, parts in [(p, p._customer_street_parts()) for p in self]:
            partner._customer_write_street_parts(parts)

    def _customer_street_parts(self):
        self.ensure_one()
        return {part: self[name] or "" for name, part in PART_FIELDS.items()}

    def _customer_write_street_parts(self, parts):
        """Put parts into ``street`` and ``street2``, leaving every other character.

        :param parts: some of ``name``, ``number``, ``floor``, ``door`` to their text
        """
        self.ensure_one()
        parsed = address.parse(self.street, self.street2, self.country_id.code)
        changed = {part: text for part, text in parts.items() if (text or "") != (getattr(parsed, part) or "")}
        if not changed:
            return
        street, street2 = address.replace(self.street, self.street2, self.country_id.code, **changed)
        self.update({"street": street or False, "street2": street2 or False})

    @api.onchange(*PART_FIELDS)
    def _onchange_customer_street_parts(self):
        self._customer_write_street_parts(self._customer_street_parts())

    # === What follows from a change ===

    @contextmanager
    def _customer_watch_addresses(self):
        """Compare the addresses before and after everything that happens inside.

        Writes nest (a part writes its street, a child its parent, a parent its
        children, an import everything): the outermost watch compares for all of them,
        so that one save is one change, and a thousand rows are a few queries.

        :return: dict of partner id → address values before; what is put into it
            while the watch lasts is compared as well
        """
        cache = self.env.cr.cache
        outermost = _WATCHED not in cache
        before = cache.setdefault(_WATCHED, {})
        for partner in self.browse(self.ids):
            if partner.id not in before:
                before[partner.id] = partner._customer_address_values()
        try:
            yield before
        finally:
            if outermost:
                del cache[_WATCHED]
        if outermost and before:
            self.browse(before).exists()._customer_after_addresses(before)

    def _customer_address_values(self):
        self.ensure_one()
        return {
            name: self[name].id if self._fields[name].relational else self[name] or False for name in ADDRESS_COLUMNS
        }

    def _customer_after_addresses(self, before):
        """Record what really changed since ``before``.

        :param before: partner id → address values
        """
        moved = self.browse(
            partner.id
            for partner in self
            if address.is_real_change(before[partner.id], partner._customer_address_values())
        )
        moved.sudo()._customer_address_changed(before)

    def _customer_address_changed(self, before):
        """Date, history and territory of contacts whose address really changed.

        Extended by packages that keep something by address.

        :param before: partner id → address values before the change
        """
        if not self:
            return
        now = fields.Datetime.now()
        History = self.env["crm.customer.address"]
        present = History.search([("partner_id", "in", self.ids), ("valid_to", "=", False)])
        present.write({"valid_to": now})
        recorded = present.partner_id
        rows = []
        for partner in self:
            old = before.get(partner.id)
            if old and any(old.values()) and partner not in recorded:
                rows.append(
                    dict(
                        old,
                        partner_id=partner.id,
                        valid_from=partner.customer_address_date,
                        valid_to=now,
                    )
                )
            new = partner._customer_address_values()
            if any(new.values()):
                rows.append(dict(new, partner_id=partner.id, valid_from=now))
        History.create(rows)
        self.with_context(tracking_disable=True).write({"customer_address_date": now})
        self.env["crm.customer.territory"]._assign(self.ids)

    def write(self, vals):
        if ADDRESS_TRIGGERS.isdisjoint(vals):
            return super().write(vals)
        with self._customer_watch_addresses():
            if PART_FIELDS.keys().isdisjoint(vals) or PARSED_FIELDS.isdisjoint(vals):
                return super().write(vals)
            # The lines first: Odoo would read the parts that are not written from the
            # lines as they were, and put them over the new ones.
            lines, parts = self._customer_split_parts(vals)
            return super().write(lines) and (not parts or super().write(parts))

    @api.model
    def _customer_split_parts(self, vals):
        """Part the values of a write or create into parts of the street and the rest.

        Parts that are empty beside a line that is not are dropped: a file with both
        columns, of which one is filled, must not empty the line.

        :return: (values without parts, values of parts)
        """
        parts = {name: vals[name] for name in PART_FIELDS if name in vals and (vals[name] or not vals.get("street"))}
        return {name: value for name, value in vals.items() if name not in PART_FIELDS}, parts

    @api.model
    def _customer_compose_street(self, vals):
        """Values to create a contact with, the parts put into the lines."""
        if PART_FIELDS.keys().isdisjoint(vals):
            return vals
        lines, parts = self._customer_split_parts(vals)
        parts = {PART_FIELDS[name]: text for name, text in parts.items() if text}
        if parts:
            country = self.env["res.country"].browse(
                vals.get("country_id") or self.env.context.get("default_country_id")
            )
            lines["street"], lines["street2"] = address.replace(
                vals.get("street"), vals.get("street2"), country.code, **parts
            )
        return lines

    def _update_address(self, vals):
        # Odoo writes addresses of parents and children past every extension of write()
        with self._customer_watch_addresses():
            return super()._update_address(vals)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._customer_compose_street(vals) for vals in vals_list]
        with self.browse()._customer_watch_addresses() as before:
            partners = super().create(vals_list)
            # Whatever a new contact was given on the way is its first address
            nothing = dict.fromkeys(ADDRESS_COLUMNS, False)
            before.update(dict.fromkeys(partners.ids, nothing))
        return partners

    def _load_records(self, data_list, update=False):
        # An import is one change for all its rows
        with self.browse()._customer_watch_addresses():
            return super()._load_records(data_list, update)

    @api.onchange("street", "zip", "city")
    def _onchange_customer_residence(self):
        """A private person who moves lives there since today, unless one knows better."""
        if not self.env.user.has_group("crm_customer_db.group_personal_data"):
            return
        before = self._origin
        if (
            before.customer_residence_since
            and self.customer_residence_since == before.customer_residence_since
            and before.city
            and (self.zip != before.zip or self.city != before.city)
        ):
            self.customer_residence_since = fields.Date.context_today(self)

    def action_customer_address_history(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_db.crm_customer_address_action")
        return dict(
            action,
            domain=[("partner_id", "=", self.id)],
            context={"search_default_partner_id": self.id},
        )
