import math

from odoo import api, models
from odoo.exceptions import ValidationError

# Beyond fifteen digits a float, and with it every screen, loses cents.
MAX_AMOUNT = 1e15


# The range of PostgreSQL's integer.
MAX_INTEGER = 2**31 - 1


def refuse_what_is_no_number(model, vals_list):
    """Say in a sentence that NaN, infinity and endless numbers can't be stored.

    They come from spreadsheets and JSON, and Odoo's rounding or the database end on
    them with an error that names neither the field nor the value.

    :param model: recordset of the model that is written
    :param vals_list: list of dicts for ``create`` or ``write``
    :raise ValidationError: with the label of the field
    """
    for vals in vals_list:
        for name, value in vals.items():
            field = model._fields.get(name)
            if field is None or not isinstance(value, int | float):
                continue
            too_long = field.type == "integer" and abs(value) > MAX_INTEGER
            if too_long or (isinstance(value, float) and not math.isfinite(value)):
                raise ValidationError(
                    model.env._(
                        "“%(field)s” can't be %(value)s.",
                        field=field._description_string(model.env),
                        value=value,
                    )
                )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        refuse_what_is_no_number(self, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        refuse_what_is_no_number(self, [vals])
        return super().write(vals)
