from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ..tools.access import answers
from ..tools.kind import customer_kind

KINDS = [
    ("company", "Business"),
    ("self_employed", "Self-employed"),
    ("consumer", "Consumer"),
    ("contact", "Contact of a company"),
]

# What customers with a login may know of their own record: Odoo lets a portal user read
# his contact and his company's, and what we think of them (priority, origin, "not a
# customer"…) stands there too. What the portal shows, its controllers read for him.
PORTAL_FIELDS = frozenset({"customer_trade_name"})

# Set by the machine only: neither a form nor a remote call writes them.
MACHINE_FIELDS = frozenset(
    {
        "customer_address_date",
        "customer_profile_confirmed_on",
        "customer_profile_confirmed_by",
    }
)

# Odoo's merge must not write these.
MERGED_BY_US = MACHINE_FIELDS | {
    "customer_origin_id",
    "customer_territory_id",
    "customer_territory_manual",
}

KIND_SLICE = 5000


class ResPartner(models.Model):
    _inherit = "res.partner"
    _rec_names_search = [
        "complete_name",
        "email",
        "ref",
        "vat",
        "company_registry",
        "customer_trade_name",
    ]

    # === Who ===
    customer_kind = fields.Selection(
        KINDS,
        string="Kind of customer",
        compute="_compute_customer_kind",
        inverse="_inverse_customer_kind",
        store=True,
        readonly=False,
        help="Follows from whether this is a company, has a company above it and a tax "
        "number. Choose another one where that is wrong.",
    )
    customer_kind_typed = fields.Selection(KINDS, string="Kind of customer, as chosen", copy=False)
    customer_trade_name = fields.Char(
        string="Trade name",
        index="trigram",
        help="The name customers know, where it differs from the legal name that stands on documents.",
    )
    customer_title_id = fields.Many2one(
        "crm.customer.title",
        string="Title",
        index="btree_not_null",
        ondelete="restrict",
    )

    # === How we work with the customer ===
    customer_division_id = fields.Many2one(
        "crm.customer.division",
        string="Internal division",
        company_dependent=True,
        ondelete="restrict",
        check_company=True,
        help="The part of our company that looks after this customer.",
    )
    customer_territory_id = fields.Many2one(
        "crm.customer.territory",
        string="Territory",
        company_dependent=True,
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="Follows from the address by the rules of the territories, unless it was chosen by hand.",
    )
    customer_territory_manual = fields.Boolean(
        string="Territory chosen by hand",
        company_dependent=True,
        copy=False,
    )
    customer_priority = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")],
        string="Priority code",
        index="btree_not_null",
        help="A is served first. Typed by you; nothing overwrites it.",
    )
    customer_origin_id = fields.Many2one(
        "crm.customer.origin",
        string="Origin code",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="Where this name came from. The first origin is kept for good; what came "
        "later stands on requests and purchases.",
    )
    customer_site = fields.Selection(
        [
            ("headquarters", "Headquarters"),
            ("branch", "Branch"),
            ("plant", "Plant"),
            ("warehouse", "Warehouse"),
            ("shop", "Shop"),
            ("office", "Office"),
        ],
        string="Kind of site",
    )

    # === Contacts ===
    customer_is_key_contact = fields.Boolean(
        string="Key contact", help="Shown on the page of the company, with role and phone."
    )
    customer_contact_role_ids = fields.Many2many(
        "crm.customer.contact.role",
        "crm_customer_contact_role_partner_rel",
        "partner_id",
        "role_id",
        string="Roles in the purchase",
    )

    # === Data entry policy ===
    customer_profile_confirmed_on = fields.Date(string="Profile confirmed on", readonly=True, copy=False)
    customer_profile_confirmed_by = fields.Many2one(
        "res.users",
        string="Profile confirmed by",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )

    def _auto_init(self):
        # Without the column Odoo would compute the kind of every contact in Python
        # while it installs; a scheduled action fills it in slices instead.
        if not column_exists(self.env.cr, "res_partner", "customer_kind"):
            create_column(self.env.cr, "res_partner", "customer_kind", "varchar")
        return super()._auto_init()

    @api.depends("is_company", "parent_id", "vat", "country_id.code", "customer_kind_typed")
    def _compute_customer_kind(self):
        for partner in self:
            partner.customer_kind = partner.customer_kind_typed or partner._derived_customer_kind()

    def _inverse_customer_kind(self):
        for partner in self:
            kind = partner.customer_kind
            derived = partner._derived_customer_kind()
            partner.customer_kind_typed = kind if kind != derived else False
            if not kind:
                partner.customer_kind = derived

    def _derived_customer_kind(self):
        self.ensure_one()
        return customer_kind(self.is_company, bool(self.parent_id), self.vat, self.country_id.code)

    @api.model
    def _cron_fill_customer_kind(self):
        """Give contacts that were there before the installation their kind, in slices."""
        remaining = True
        while remaining:
            missing = self.sudo().with_context(active_test=False, prefetch_fields=False)
            slice_ids = [
                row[0]
                for row in self.env.execute_query(
                    SQL(
                        "SELECT id FROM res_partner WHERE customer_kind IS NULL ORDER BY id LIMIT %s",
                        KIND_SLICE + 1,
                    )
                )
            ]
            remaining = len(slice_ids) > KIND_SLICE
            missing = missing.browse(slice_ids[:KIND_SLICE])
            missing.fetch(["is_company", "parent_id", "vat", "country_id", "customer_kind_typed"])
            # Protected as in a recomputation, or each value would be a write of its own
            with self.env.protecting([self._fields["customer_kind"]], missing):
                missing._compute_customer_kind()
            missing.flush_recordset(["customer_kind"])
            missing.invalidate_recordset()
            if not self.env["ir.cron"]._commit_progress(len(missing), remaining=int(remaining)):
                break

    @api.model
    def _has_field_access(self, field, operation):
        # Asked over a thousand times for one form.
        known = answers(self.env) if operation == "read" else None
        answer = None if known is None else known.get(field)
        if answer is None:
            closed = self._customer_is_closed_field(field, operation)
            answer = not closed and super()._has_field_access(field, operation)
            if known is not None:
                known[field] = answer
        return answer

    @api.model
    def _customer_is_closed_field(self, field, operation):
        """Whether a field is closed to the user for one of our two reasons.

        Fields set by the machine are never written, and a customer with a login knows
        little of what is kept on him.
        """
        # The prefix keeps it cheap for the others.
        if self.env.su or not field.name.startswith("customer_"):
            return False
        if operation == "write" and field.name in MACHINE_FIELDS:
            return True
        # By package: Odoo's own customer_rank has the prefix too. Asked by group, which
        # is remembered: reading ``share`` would fetch the user.
        return (
            field.name not in PORTAL_FIELDS
            and not self.env.user._is_internal()
            and bool(field._modules[:1])
            and field._modules[0].startswith("crm_customer_db")
        )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Extended: a merge leaves to us what it would write as the merging user.

        Machine fields nobody may write, the first origin, and territories: writing one
        is choosing it by hand.
        """
        found = super().fields_get(allfields, attributes)
        if self.env.context.get("customer_merging"):
            for name in MERGED_BY_US:
                found.pop(name, None)
        return found

    @api.model
    def _customer_merged_fields(self):
        """Names of our plain fields, of which a merge keeps the first that is filled."""
        return {
            name
            for name, field in self._fields.items()
            if (name.startswith("customer_") or name in ("gender", "birthdate_date"))
            and field.store
            and not field.compute
            and not field.company_dependent
            and field.type not in ("one2many", "many2many")
        }

    @api.model
    def _commercial_fields(self):
        return super()._commercial_fields() + [
            "customer_division_id",
            "customer_priority",
            "customer_origin_id",
        ]

    # === Writing ===

    def write(self, vals):
        moves = not {"parent_id", "is_company"}.isdisjoint(vals)
        left = self.sudo().commercial_partner_id.ids if moves else []
        vals = self._customer_note_manual_territory(vals)
        kept = self._customer_keeping_origin(vals)
        result = super(ResPartner, self - kept).write(dict(vals))
        if kept:
            rest = {name: value for name, value in vals.items() if name != "customer_origin_id"}
            result = super(ResPartner, kept).write(rest)
        if moves:
            self.env["crm.customer.fact"].sudo()._resync_commercial_partner(self.ids)
            self.env["crm.customer.metrics.queue"].sudo()._mark([*left, *self.ids])
        if not vals.get("customer_territory_manual", True):
            self.env["crm.customer.territory"].sudo()._assign(self.ids)
        return result

    def _customer_note_manual_territory(self, vals):
        """A territory that is written is one chosen by hand, unless it is said not to be.

        Emptying it is the way back to the rules.
        """
        if "customer_territory_id" in vals and "customer_territory_manual" not in vals:
            return dict(vals, customer_territory_manual=bool(vals["customer_territory_id"]))
        return vals

    def _customer_keeping_origin(self, vals):
        """The contacts of ``self`` whose origin a write of ``vals`` must leave: the first is kept for good.

        Mass edits and imports so fill the origin where it is missing, and an empty
        column empties nothing.
        """
        if "customer_origin_id" not in vals or self._customer_may_correct_origin():
            return self.browse()
        return self.filtered(
            lambda partner: partner.customer_origin_id and partner.customer_origin_id.id != vals["customer_origin_id"]
        )

    def _customer_may_correct_origin(self):
        # Whoever calls from outside can put anything into the context.
        return self.env.context.get("customer_origin_correction") and (
            self.env.su or self.env.user.has_group("crm_customer_db.group_customer_manager")
        )

    def _commercial_sync_from_company(self):
        # On a contact the origin is that of its company, not a first one of its own
        correcting = self.with_context(customer_origin_correction=True)
        return super(ResPartner, correcting)._commercial_sync_from_company()

    def _commercial_sync_to_descendants(self, fields_to_sync=None):
        correcting = self.with_context(customer_origin_correction=True)
        return super(ResPartner, correcting)._commercial_sync_to_descendants(fields_to_sync)

    def _convert_fields_to_values(self, field_names):
        # An import copies a company's fields to its contacts as the importing user,
        # who may not read all of them.
        return super(ResPartner, self.sudo())._convert_fields_to_values(field_names)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._customer_note_manual_territory(vals) for vals in vals_list])

    @api.onchange("customer_origin_id")
    def _onchange_customer_origin_id(self):
        first = self._origin.customer_origin_id
        if not first or self.customer_origin_id == first:
            return None
        self.customer_origin_id = first
        return {
            "warning": {
                "title": self.env._("The first origin is kept"),
                "message": self.env._(
                    "%(customer)s came by “%(origin)s”, and that is kept for good. "
                    "A customer manager can correct a wrong entry with "
                    "“Correct the origin”.",
                    customer=self.name,
                    origin=first.display_name,
                ),
            }
        }

    def action_customer_clear_origin(self):
        """Take a wrongly typed origin out, so that the right one can be entered."""
        if not self.env.user.has_group("crm_customer_db.group_customer_manager"):
            raise UserError(self.env._("Only a customer manager can correct the origin of a customer."))
        for partner in self.filtered("customer_origin_id"):
            partner.message_post(
                body=self.env._(
                    "Origin “%s” taken out to be corrected.",
                    partner.customer_origin_id.display_name,
                )
            )
        self.with_context(customer_origin_correction=True).customer_origin_id = False

    # === Small actions of the page ===

    def action_customer_territory_automatic(self):
        """Back to automatic: drop the choice made by hand and apply the rules."""
        self.write({"customer_territory_manual": False})

    @api.onchange("customer_territory_id")
    def _onchange_customer_territory_id(self):
        # A form sends the lock along with a new contact, so it must say the same.
        self.customer_territory_manual = bool(self.customer_territory_id)

    def action_customer_confirm_profile(self):
        """Note that the profile was checked with the customer today."""
        self.check_access("write")
        self.sudo().write(
            {
                "customer_profile_confirmed_on": fields.Date.context_today(self),
                "customer_profile_confirmed_by": self.env.uid,
            }
        )

    @api.onchange("ref")
    def _onchange_ref_duplicate(self):
        twin = self._customer_same_ref()
        if not twin:
            return None
        return {
            "warning": {
                "title": self.env._("Customer number in use"),
                "message": self.env._(
                    "%(number)s is also the number of %(customer)s.",
                    number=self.ref,
                    customer=twin.display_name,
                ),
            }
        }

    def _customer_same_ref(self):
        """Another commercial entity with the same customer number, if any."""
        self.ensure_one()
        if not self.ref:
            return self.browse()
        return self.search(
            [
                ("ref", "=", self.ref),
                ("id", "!=", self._origin.id),
                "!",
                ("id", "child_of", self._origin.commercial_partner_id.ids),
            ],
            limit=1,
        )
