import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ..tools.partner_rows import PartnerRows

# What is one thing to whoever reads it: the first field stands for all.
TOGETHER = {
    "street": ("street", "street2", "zip", "city", "state_id", "country_id"),
    "customer_headcount": ("customer_headcount", "customer_headcount_year"),
    "customer_turnover": ("customer_turnover", "customer_turnover_currency_id", "customer_turnover_year"),
    "customer_household_income": ("customer_household_income", "customer_income_currency_id"),
    "customer_credit_level": (
        "customer_credit_level",
        "customer_credit_level_source",
        "customer_credit_level_expiry",
    ),
}
# What is not for anybody to choose: the first origin is kept for good, territories follow
# from the address, and a company from where things happened.
NOT_CHOSEN = {
    "active",
    "company_id",
    "customer_origin_id",
    "customer_territory_id",
    "customer_territory_manual",
    "parent_id",
    "type",
}
# Of what Odoo works out from other fields, what people usually type.
COMPUTED_CHOSEN = {"user_id"}
CHOSEN_TYPES = ("boolean", "char", "date", "float", "html", "integer", "many2one", "monetary", "selection", "text")


class CrmCustomerMerge(models.TransientModel):
    """Two or three contacts side by side, before they become one."""

    _name = "crm.customer.merge"
    _description = "Compare and Merge Contacts"

    first_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    second_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade")
    third_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    about_1 = fields.Char(compute="_compute_about")
    about_2 = fields.Char(compute="_compute_about")
    about_3 = fields.Char(compute="_compute_about")
    partner_ids = fields.Many2many("res.partner", string="Contacts", compute="_compute_partner_ids")
    keep_id = fields.Many2one(
        "res.partner",
        string="Contact that stays",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', partner_ids)]",
        help="The others are merged into it.",
    )
    line_ids = fields.One2many("crm.customer.merge.line", "merge_id", string="What differs")
    moves = fields.Text(string="What moves", compute="_compute_words")
    warnings = fields.Text(compute="_compute_words")
    obstacle = fields.Text(compute="_compute_words")
    has_pair = fields.Boolean(compute="_compute_has_pair")

    # --------------------------------------------------------------------- opening

    @api.model
    def _open(self, contacts):
        """Put contacts side by side.

        :param contacts: ``res.partner``, two or three
        :return: action
        :raise UserError: when they are more or fewer
        """
        self.env["crm.customer.duplicate"]._check_manager()
        contacts = contacts.exists()
        if not 2 <= len(contacts) <= 3:
            raise UserError(self.env._("Choose two or three contacts: no more are merged at once."))
        self._check_contacts(contacts)
        contacts = self._in_order(contacts)
        places = dict(zip(("first_id", "second_id", "third_id"), contacts.ids, strict=False))
        merge = self.create({**places, "keep_id": contacts[0].id})
        merge._make_lines()
        return {
            "name": self.env._("Compare and Merge"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": merge.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _check_contacts(self, contacts):
        """Refuse contacts that the user may not read and change, in companies he isn't in.

        :raise AccessError: naming what is missing
        """
        contacts.check_access("read")
        contacts.check_access("write")
        if contacts.company_id - self.env.companies:
            raise AccessError(self.env._("A contact belongs to a company that you aren't working in."))

    @api.model
    def _in_order(self, contacts):
        """Contacts, the one that had best stay first: it must, has a login, more entries, or was there before."""
        counts = dict.fromkeys(contacts.ids, 0)
        for model in self.env["crm.customer.fact"].sudo()._fact_models():
            for contact, count in model._read_group([("partner_id", "in", contacts.ids)], ["partner_id"], ["__count"]):
                counts[contact.id] += count
        users = contacts.sudo().with_context(active_test=False).filtered("user_ids")
        return contacts.sorted(
            lambda contact: (
                bool(self._why_not(contacts, contact)),
                contact.id not in users.ids,
                -counts[contact.id],
                contact.create_date,
                contact.id,
            )
        )

    @api.depends("first_id", "second_id", "third_id")
    def _compute_partner_ids(self):
        for merge in self:
            merge.partner_ids = merge.first_id | merge.second_id | merge.third_id

    @api.depends("first_id", "second_id", "third_id")
    def _compute_about(self):
        for merge in self:
            for number, contact in enumerate((merge.first_id, merge.second_id, merge.third_id), start=1):
                words = [
                    contact.city,
                    contact.user_id.name,
                    contact and self.env._("since %s", format_date(self.env, contact.create_date)),
                    not contact.active and contact and self.env._("archived"),
                ]
                merge[f"about_{number}"] = " · ".join(filter(None, words))

    @api.depends("first_id", "second_id", "third_id")
    def _compute_has_pair(self):
        for merge in self:
            merge.has_pair = bool(merge._pairs())

    def _pairs(self):
        """The proposals that these contacts are one."""
        ids = self.partner_ids.ids
        return self.env["crm.customer.duplicate"].search(
            [("partner_id", "in", ids), ("other_id", "in", ids), ("state", "=", "open")]
        )

    # ----------------------------------------------------------------------- lines

    @api.model
    def _chosen_names(self):
        """Fields that can be chosen: those of the contact's form that the user may write.

        :return: list of names
        """
        Partner = self.env["res.partner"]
        view = Partner.get_view(self.env.ref("base.view_partner_form").id, "form")
        together = {name for names in TOGETHER.values() for name in names[1:]}
        unwanted = NOT_CHOSEN | together | set(self.env["base.partner.merge.automatic.wizard"]._get_summable_fields())
        found = []
        for name in view["models"][Partner._name]:
            field = Partner._fields[name]
            if (
                field.type in CHOSEN_TYPES
                and (field.store or field.company_dependent)
                and not field.readonly
                and not field.related
                and (not field.compute or name in COMPUTED_CHOSEN or name.startswith("customer_"))
                and name not in unwanted
                and Partner._has_field_access(field, "read")
                and Partner._has_field_access(field, "write")
            ):
                found.append(name)
        return sorted(found, key=lambda name: (name != "name", name not in TOGETHER and name != "vat", name))

    def _make_lines(self):
        """Write a line for each field in which the contacts differ."""
        contacts = (self.first_id, self.second_id, self.third_id)
        owner = self._owner()
        lines = []
        for name in self._chosen_names():
            values = [self._value(contact, name) for contact in contacts if contact]
            if all(value == values[0] for value in values):
                continue
            lines.append(
                {
                    "merge_id": self.id,
                    "name": name,
                    "label": self._label(name),
                    "has_third": bool(self.third_id),
                    "is_fixed": bool(owner) and name == "email",
                    "choice": self._proposed(name),
                    **{
                        f"value_{number}": self._shown(contact, name)
                        for number, contact in enumerate(contacts, start=1)
                        if contact
                    },
                }
            )
        self.env["crm.customer.merge.line"].create(lines)

    def _proposed(self, name):
        """Whose value of a field stays: that of the contact that stays, or the first there is."""
        owner = self._owner()
        contacts = [self.first_id, self.second_id, self.third_id]
        place = {contact.id: str(number) for number, contact in enumerate(contacts, start=1) if contact}
        if owner and name == "email":
            return place[owner.id]
        filled = [contact for contact in (self.keep_id, *contacts) if contact and any(self._value(contact, name))]
        return place[(filled or [self.keep_id])[0].id]

    def _value(self, contact, name):
        """What a contact says in a field, with those that belong to it."""
        return tuple(contact[part] or False for part in TOGETHER.get(name, (name,)))

    def _label(self, name):
        if name == "street":
            return self.env._("Address")
        return self.env["res.partner"]._fields[name]._description_string(self.env)

    def _shown(self, contact, name):
        """What a contact says in a field, as text."""
        words = []
        for part in TOGETHER.get(name, (name,)):
            field, value = contact._fields[part], contact[part]
            if field.type == "boolean":
                words.append(self.env._("Yes") if value else self.env._("No"))
            elif value:
                if field.type == "selection":
                    value = dict(field._description_selection(self.env)).get(value, value)
                elif field.type == "many2one":
                    value = value.display_name
                elif field.type == "date":
                    value = format_date(self.env, value)
                elif field.type == "html":
                    value = value.striptags()
                words.append(str(value))
        return ", ".join(words)

    @api.onchange("keep_id")
    def _onchange_keep_id(self):
        for line in self.line_ids:
            line.choice = self._proposed(line.name)

    # ----------------------------------------------------------------------- words

    def _owner(self):
        """The contact that somebody logs in with, if any."""
        return self.partner_ids.filtered(lambda contact: contact.sudo().with_context(active_test=False).user_ids)[:1]

    @api.model
    def _why_not(self, contacts, keep):
        """Why contacts can't be merged into one of them, in a sentence; '' if they can."""
        known = contacts.sudo().with_context(active_test=False)
        ours = known.filtered(lambda contact: contact._customer_is_ours())
        if ours:
            return self.env._("“%s” is one of our own people or companies.", ours[0].display_name)
        if len(known.user_ids) > 1:
            return self.env._("More than one of them has a login.")
        if any(known & self._above(contact) for contact in known):
            return self.env._("One of them belongs to another one of them.")
        try:
            self.env["base.partner.merge.automatic.wizard"].sudo()._customer_refuse_merge(known - keep, keep.sudo())
        except UserError as error:
            return str(error)
        return ""

    @api.model
    def _above(self, contact):
        """The contacts that a contact belongs to."""
        above = contact.browse()
        while contact.parent_id and contact.parent_id not in above:
            contact = contact.parent_id
            above += contact
        return above

    @api.depends("keep_id", "first_id", "second_id", "third_id")
    def _compute_words(self):
        for merge in self:
            contacts, keep = merge.partner_ids, merge.keep_id
            merge.obstacle = merge._why_not(contacts, keep) if keep else False
            merge.warnings = "\n".join(merge._warnings())
            merge.moves = merge._moves(contacts - keep)

    def _warnings(self):
        """What to think of before, in sentences."""
        contacts = self.partner_ids
        sentences = []
        if len(set(filter(None, map(self._plain_vat, contacts)))) > 1:
            sentences.append(self.env._("They have different VAT numbers: by law they are probably two."))
        if len(set(contacts.mapped("is_company"))) > 1:
            sentences.append(self.env._("One is a company and one is a person."))
        if len({contact.company_id for contact in contacts}) > 1:
            sentences.append(
                self.env._("They are not of the same company: the contact that stays will be shared by all.")
            )
        owner = self._owner()
        if owner:
            sentences.append(
                self.env._(
                    "“%(contact)s” has a login for the portal. It stays, with its e-mail address, and will see the "
                    "documents of all of them.",
                    contact=owner.display_name,
                )
            )
        if self.env["crm.customer.consent"].search_count(
            [("partner_id", "in", contacts.ids), ("state", "=", "refused")], limit=1
        ):
            sentences.append(self.env._("What one of them has refused stays refused."))
        return sentences

    @api.model
    def _plain_vat(self, contact):
        """The VAT number of a contact without punctuation and country, '' for none."""
        plain = re.sub(r"[^A-Z0-9]", "", (contact.vat or "").upper())
        code = contact.country_id.code or plain[:2]
        return plain.removeprefix("EL" if code == "GR" else code) if any(map(str.isdigit, plain)) else ""

    def _moves(self, gone):
        """What the contacts that go have, in words."""
        if not gone:
            return ""
        changes = self.env["crm.customer.merge.change"]
        skipped = changes._computed_tables() | changes._passing_tables()
        rows = PartnerRows(self.env(su=True), gone.ids)
        return self.env["crm.customer.merge.log"].sudo()._in_words(rows.count(skipped), most=12) or self.env._(
            "Nothing"
        )

    # --------------------------------------------------------------------- merging

    def action_merge(self):
        """Merge the others into the contact that stays.

        :raise UserError: with what is in the way
        """
        self.ensure_one()
        self.env["crm.customer.duplicate"]._check_manager()
        contacts, keep = self.partner_ids.exists(), self.keep_id.exists()
        if len(contacts) < 2 or keep not in contacts:
            raise UserError(self.env._("Choose which of the contacts stays."))
        self._check_contacts(contacts)
        obstacle = self._why_not(contacts, keep)
        if obstacle:
            raise UserError(obstacle)
        self.env["crm.customer.merge.log"]._merge_contacts(contacts, keep, self._chosen_values())
        return keep.action_customer_open_file()

    def _chosen_values(self):
        """What the contact that stays will say, as far as Odoo's merge wouldn't have it so.

        :return: dict for ``write``
        :raise UserError: for the e-mail of another contact than the one with the login
        """
        keep, owner = self.keep_id, self._owner()
        contacts = {"1": self.first_id, "2": self.second_id, "3": self.third_id}
        allowed = set(self._chosen_names())
        values = {}
        for line in self.line_ids:
            contact = contacts[line.choice]
            if not contact or line.name not in allowed:
                raise UserError(self.env._("Choose what stays of “%s”.", line.label or line.name))
            if owner and line.name == "email" and contact != owner:
                raise UserError(
                    self.env._(
                        "“%s” has a login: who gets another e-mail address for it could take it over, so the address "
                        "stays.",
                        owner.display_name,
                    )
                )
            for name in TOGETHER.get(line.name, (line.name,)):
                if contact != keep or not keep[name]:
                    values[name] = keep._fields[name].convert_to_write(contact[name], contact)
        if owner and (owner != keep or not owner.email):
            # whatever lines were sent, and where Odoo would fill the gap
            values["email"] = owner.email
        return values

    def action_different(self):
        """They are not the same: don't propose them again."""
        self._pairs()._decide("different")
        return {"type": "ir.actions.client", "tag": "soft_reload"}
