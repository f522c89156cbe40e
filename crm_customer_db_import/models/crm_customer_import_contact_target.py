from odoo import api, models

from .crm_customer_import_target import EXAMPLES, KEYS, SYNONYMS, Target

# The kind of rows that are customers, with their contacts and sites.
CONTACTS = "res.partner"
# Fields of the customer that the columns which find him are written to.
IDENTITY = {
    "customer_ref": "ref",
    "customer_vat": "vat",
    "customer_email": "email",
    "customer_phone": "phone",
    "customer_name": "name",
    "customer_zip": "zip",
}
# Odoo's own fields of a customer, in the order of the template; ours come after them.
FIELDS = ("street", "street2", "city", "state_id", "country_id", "website", "lang", "user_id", "category_id") + (
    "industry_id",
    "company_registry",
    "comment",
)
CONTACT_FIELDS = ("name", "function", "email", "phone", "customer_title_id", "customer_is_key_contact") + (
    "customer_contact_role_ids",
    "lang",
    "birthdate_date",
    "comment",
)
SITE_FIELDS = (
    "name",
    "type",
    "street",
    "street2",
    "zip",
    "city",
    "state_id",
    "country_id",
    "email",
    "phone",
    "comment",
)
# Whether a kind of advertising is wanted; and a column that only refuses.
CONSENTS = ("email", "phone", "sms", "post", "visit")
REFUSAL = "consent:refused"
# Ours that are no column: what is typed has a field of its own, and contacts have theirs.
LEFT_OUT = {"customer_territory_manual", "customer_is_key_contact", "customer_contact_role_ids", "customer_rank"}
TYPES = (
    dict.fromkeys(("char", "text", "html", "many2one", "many2many"), "text")
    | dict.fromkeys(("float", "monetary"), "number")
    | {"selection": "choice", "date": "day", "boolean": "boolean", "integer": "integer"}
)

KEYS |= {
    "res.country": "code",
    "res.country.state": "code",
    "res.partner.category": "name",
    "res.partner.industry": "name",
    "crm.customer.asset": "code",
    "crm.customer.buying.procedure": "code",
    "crm.customer.contact.role": "code",
    "crm.customer.division": "code",
    "crm.customer.nace": "code",
    "crm.customer.profession": "code",
    "crm.customer.territory": "code",
    "crm.customer.title": "code",
}
SYNONYMS |= {
    "partner:street": ("direccion", "domicilio", "calle", "address"),
    "partner:city": ("poblacion", "localidad", "municipio", "ciudad", "town"),
    "partner:state_id": ("provincia", "province"),
    "partner:country_id": ("pais", "country"),
    "partner:website": ("web", "pagina web", "sitio web"),
    "partner:user_id": ("comercial", "vendedor", "representante", "salesperson"),
    "partner:comment": ("observaciones", "notas", "notes"),
    "partner:category_id": ("etiquetas", "tags"),
    "partner:customer_trade_name": ("nombre comercial", "trade name"),
    "contact:name": ("contacto", "persona de contacto", "persona contacto", "nombre contacto", "contact person"),
    "contact:function": ("cargo", "puesto", "job position"),
    "contact:email": ("email contacto", "correo contacto", "contact email"),
    "contact:phone": ("telefono contacto", "movil contacto", "contact phone"),
    "site:name": ("sede", "delegacion", "centro", "sucursal", "branch"),
    "site:street": ("direccion sede", "direccion delegacion"),
    "site:zip": ("cp sede", "cp delegacion"),
    "site:city": ("poblacion sede", "poblacion delegacion"),
    REFUSAL: ("no publicidad", "lista robinson", "opt out"),
}
# What is clear in a list of customers only.
OWN_SYNONYMS = {
    "customer_ref": ("codigo", "code", "clave", "clave empresa", "company key", "cuenta", "cuenta contable", "account"),
    "customer_name": ("empresa", "nombre fiscal", "company", "company name"),
}
EXAMPLES |= {
    "partner:street": "Calle Mayor, 12, 2º B",
    "partner:city": "Zaragoza",
    "partner:state_id": "Zaragoza",
    "partner:country_id": "ES",
    "partner:website": "www.example.com",
    "contact:name": "Ana Ejemplo Gil",
    "contact:function": "Compras",
    "contact:email": "ana@example.com",
    "contact:phone": "+34 600 12 34 56",
    "site:name": "Almacén Norte",
    "site:street": "Polígono Malpica, calle E, 7",
    "site:zip": "50016",
    "site:city": "Zaragoza",
    "site:country_id": "ES",
}


class CrmCustomerImport(models.Model):
    """Columns of a file of customers: the customer, one contact and one site per row."""

    _inherit = "crm.customer.import"

    @api.model
    def _selection_kind(self):
        """Extended: customers come first, as what happened is theirs."""
        label = self.env._("Customers, contacts and sites")
        return [(CONTACTS, label), *super()._selection_kind()]

    @api.model
    def _targets(self, kind):
        """Extended: of customers, all that this user may write."""
        if kind != CONTACTS:
            return super()._targets(kind)
        found = {
            name: target._replace(hint=self._identity_hint(name)) for name, target in self._customer_targets().items()
        }
        own = [name for name in self.env["res.partner"]._fields if self._is_customer_column(name)]
        for part, names in (("partner", [*FIELDS, *own]), ("contact", CONTACT_FIELDS), ("site", SITE_FIELDS)):
            for name in names:
                target = self._contact_target(part, name)
                if target:
                    found[target.name] = target
        return {**found, **self._consent_targets()}

    @api.model
    def _headers(self, kind):
        """Extended: what needs no explanation in a list of customers."""
        found = super()._headers(kind)
        if kind == CONTACTS:
            for name, synonyms in OWN_SYNONYMS.items():
                for words in synonyms:
                    found.setdefault(words, name)
        return found

    @api.model
    def _identity_hint(self, name):
        if name == "customer_ref":
            return self.env._("Rows with the same one are of one customer. Enough to find him by itself.")
        return self._customer_targets()[name].hint

    @api.model
    def _is_customer_column(self, name):
        """Whether one of our fields of a customer can be in a file."""
        field = self.env["res.partner"]._fields[name]
        return (
            (name.startswith("customer_") or name in ("gender", "birthdate_date"))
            and name not in LEFT_OUT
            and not name.endswith("_typed")
            and not field.readonly
            and bool(field.inverse or not field.compute)
        )

    @api.model
    def _contact_target(self, part, name):
        """The column of one field; None where this user may not write it."""
        partners = self.env["res.partner"]
        field = partners._fields.get(name)
        if field is None or field.type not in TYPES or not partners._has_field_access(field, "write"):
            return None
        if field.relational and field.comodel_name not in KEYS:
            return None
        spec = f"{part}:{name}"
        target = self._field_target(spec, field, TYPES[field.type])
        if field.relational:
            several = self.env._("By name or code; several with commas between them.")
            target = target._replace(hint=several if field.type == "many2many" else self.env._("By name or code."))
        if spec == "site:type":
            # a site that were a person would not be found among the sites again
            choices = {word: key for word, key in target.choices.items() if key != "contact"}
            shown = [label for key, label in field._description_selection(self.env) if key != "contact"]
            target = target._replace(choices=choices, hint=self.env._("One of: %s", ", ".join(shown)))
        # only columns that are in every list get an example, or the template would set everything
        return target._replace(label=self._part_label(part, name, target.label), example=EXAMPLES.get(spec, ""))

    @api.model
    def _part_label(self, part, name, label):
        if part == "contact":
            return self.env._("Contact") if name == "name" else self.env._("Contact: %s", label)
        if part == "site":
            return self.env._("Site") if name == "name" else self.env._("Site: %s", label)
        return label

    @api.model
    def _consent_targets(self):
        """Columns that say who wants advertising: a refusal in them is kept, whatever else they say."""
        hint = self.env._("Yes is a consent, no a refusal. Who has refused before has refused.")
        channels = dict(self.env["crm.customer.consent"]._fields["channel"]._description_selection(self.env))
        found = {}
        for channel in CONSENTS:
            name = f"consent:{channel}"
            label = self.env._("Advertising: %s", channels[channel])
            found[name] = Target(name, label, "boolean", hint)
        label = self.env._("Refuses advertising")
        found[REFUSAL] = Target(REFUSAL, label, "boolean", self.env._("Yes is a refusal; no says nothing."))
        return found
