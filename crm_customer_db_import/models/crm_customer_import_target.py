from typing import NamedTuple

from odoo import api, models

from ..tools.customer_key import normalised

# Columns that say who the customer is, in the order of how far they can be trusted.
CUSTOMER = ("customer_ref", "customer_vat", "customer_email", "customer_phone", "customer_name", "customer_zip")
# By what a record is named in a file.
KEYS = {
    "crm.customer.channel": "name",
    "crm.customer.origin": "code",
    "crm.customer.place": "code",
    "product.category": "complete_name",
    "product.product": "default_code",
    "res.currency": "name",
    "res.users": "login",
    "utm.campaign": "title",
}
# What columns are called in files of others, in normalised words.
SYNONYMS = {
    "customer_ref": ("cod cliente", "codigo cliente", "codigo de cliente", "n cliente", "no cliente", "customer no"),
    "customer_vat": ("nif", "cif", "dni", "nif cif", "vat", "vat no", "tax id"),
    "customer_email": ("email", "e mail", "correo", "correo electronico"),
    "customer_phone": ("telefono", "tel", "tfno", "movil", "phone"),
    "customer_name": ("cliente", "nombre", "nombre cliente", "razon social", "customer", "name"),
    "customer_zip": ("cp", "c p", "codigo postal", "zip"),
    "reference": ("referencia", "no linea", "id linea", "line id"),
    "date": ("fecha", "fecha y hora", "dia", "day"),
    "amount": ("importe", "importe neto", "base imponible", "neto", "net amount"),
    "order_ref": ("pedido", "no pedido", "ticket", "no ticket", "albaran", "factura", "no factura", "order no")
    + ("referencia del pedido", "referencia pedido"),
    "currency_id/name": ("divisa", "moneda", "currency"),
    "quantity": ("cantidad", "unidades", "uds", "units"),
}
# What only the machine, or only a document of Odoo, may say.
CLOSED = {"partner_id", "company_id", "source_model", "source_id", "source_ref", "display_name", "id"}
EXAMPLES = {
    "customer_ref": "C-0042",
    "customer_vat": "ESB12345674",
    "customer_email": "ana@example.com",
    "customer_phone": "+34 976 12 34 56",
    "customer_name": "Talleres Ejemplo, S.L.",
    "customer_zip": "50001",
    "reference": "T-2026-000123",
    "res.currency": "EUR",
    "res.users": "ana@example.com",
}


# Of what only some kinds have; empty where a value would not go with the rest of the example.
FIELD_EXAMPLES = {
    "answer_code": "B",
    "marketing_code": "SPRING-A",
    "order_ref": "P-0815",
    "promotion": "SUMMER10",
    "question_code": "Q3",
    "reason": "",
    "solved_on": "",
    "subject": "Compressor, 50 l",
    "survey": "Satisfaction 2025",
}


class Target(NamedTuple):
    """Where the values of a column go.

    :param name: a name of ``CUSTOMER``, ``reference``, or the column as the loader of facts names it
    :param label: what users call it
    :param type: text, number, integer, day, moment, boolean or choice
    :param hint: how a value is written
    :param choices: dict of normalised words and what they stand for
    :param example: str for the template
    """

    name: str
    label: str
    type: str
    hint: str = ""
    choices: dict | None = None
    example: str = ""


class CrmCustomerImport(models.Model):
    """What a column of a file may be."""

    _inherit = "crm.customer.import"

    @api.model
    def _targets(self, kind):
        """What columns of one kind of rows may be.

        :param kind: name of a fact model
        :return: dict of what a column keeps and ``Target``, in the order of the template: what several kinds
            have is told apart by the number of the kind, as it is called otherwise in each
        """
        model = self.env[kind].sudo()
        types = dict.fromkeys(("char", "text", "many2one"), "text") | dict.fromkeys(("float", "monetary"), "number")
        types |= {"selection": "choice", "date": "day", "datetime": "moment"}
        types |= {name: name for name in ("boolean", "integer")}
        closed = (model._fact_machine_columns() | CLOSED) - {"day"}
        found = {**self._customer_targets(), "reference": self._reference_target()}
        for name, field in model._fields.items():
            if not field.store or field.type not in types or (name in closed) or name in models.MAGIC_COLUMNS:
                continue
            if name == "day" or field.compute or (field.readonly and name != "date"):
                continue
            spec = name
            if field.type == "many2one":
                if field.comodel_name not in KEYS:
                    continue
                spec = f"{name}/{KEYS[field.comodel_name]}"
            found[f"{model._fact_kind}:{spec}"] = self._field_target(spec, field, types[field.type])
        return found

    @api.model
    def _customer_targets(self):
        labels = {
            "customer_ref": self.env._("Customer reference"),
            "customer_vat": self.env._("Customer VAT"),
            "customer_email": self.env._("Customer e-mail"),
            "customer_phone": self.env._("Customer phone"),
            "customer_name": self.env._("Customer name"),
            "customer_zip": self.env._("Customer zip code"),
        }
        hints = {
            "customer_ref": self.env._("Enough to find the customer by itself."),
            "customer_vat": self.env._("Enough to find the customer by itself."),
            "customer_email": self.env._("Finds the customer together with a similar name."),
            "customer_name": self.env._("With an e-mail address or a phone number it finds the customer."),
            "customer_phone": self.env._("Finds the customer together with a similar name."),
            "customer_zip": self.env._("With the name it proposes a customer."),
        }
        return {
            name: Target(name, label, "text", hints.get(name, ""), None, EXAMPLES[name])
            for name, label in labels.items()
        }

    @api.model
    def _reference_target(self):
        return Target(
            "reference",
            self.env._("Reference of the row"),
            "text",
            self.env._("By which the row is known again. Without it, by everything that it says."),
            None,
            EXAMPLES["reference"],
        )

    @api.model
    def _field_target(self, spec, field, kind):
        label = field._description_string(self.env)
        if field.type == "many2one":
            key = self.env[field.comodel_name]._fields[KEYS[field.comodel_name]]._description_string(self.env)
            example = EXAMPLES.get(field.comodel_name, "")
            return Target(spec, label, kind, self.env._("By its %s.", key), None, example)
        if field.type == "selection":
            choices, shown = self._choices(field)
            example = FIELD_EXAMPLES.get(field.name, shown[0])
            return Target(spec, label, kind, self.env._("One of: %s", ", ".join(shown)), choices, example)
        hints = {
            "day": self.env._("A day."),
            "moment": self.env._("A day, or a day and a time."),
            "number": self.env._("A number."),
            "integer": self.env._("A whole number."),
            "boolean": self.env._("Yes or no."),
        }
        examples = {"number": "123,45", "integer": "1", "day": "31/12/2025", "moment": "31/12/2025", "boolean": ""}
        example = FIELD_EXAMPLES.get(field.name, examples.get(kind, ""))
        return Target(spec, label, kind, hints.get(kind, ""), None, example)

    @api.model
    def _choices(self, field):
        """What a choice may be called: by its key, or by its name in any language that is installed.

        :return: (dict of normalised word and key, list of names in the user's language)
        """
        words = {}
        for code, _name in self.env["res.lang"].get_installed():
            for key, name in field._description_selection(self.with_context(lang=code).env):
                words.setdefault(normalised(name), key)
        for key in field.get_values(self.env):
            words[normalised(key)] = key
        return words, [name for _key, name in field._description_selection(self.env)]

    @api.model
    def _headers(self, kind):
        """Headers by which a column is known.

        :return: dict of normalised header and name of a target
        """
        found = {}
        for code, _name in self.env["res.lang"].get_installed():
            for name, target in self.with_context(lang=code)._targets(kind).items():
                found.setdefault(normalised(target.label), name)
        for key, target in self._targets(kind).items():
            for words in (target.name, target.name.partition("/")[0], *SYNONYMS.get(target.name, ())):
                found.setdefault(normalised(words), key)
        return found
