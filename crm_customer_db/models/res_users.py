from odoo import api, models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _has_field_access(self, field, operation):
        """Extended: a user's fields that are his contact's are accessed as there.

        Reading the user would fail otherwise where it should leave the field out.
        """
        inherited = field.inherited_field
        if inherited and inherited._modules[:1] and not self.env.su:
            partner = self.env["res.partner"]
            if inherited._modules[0].startswith("crm_customer_db") and not partner._has_field_access(
                inherited, operation
            ):
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def _read_group_groupby(self, alias, groupby_spec, query):
        # As in res.partner, whose fields users have.
        field = self._fields.get(groupby_spec.split(":")[0])
        if field and field.type == "many2many":
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)
