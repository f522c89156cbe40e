from odoo import api, models

# Names under which anybody finds a contact; what a customer is called is no secret.
PORTAL_FIELDS = frozenset({"customer_trade_name"})


class ResPartner(models.Model):
    """What customers with a login may know of their own record.

    Odoo lets a portal user read his own contact and his company's. What we think of
    them (priority, origin, "not a customer"…) stands in the same record, so no field of
    the customer file is his to read; what the portal shows, its controllers read for
    him.
    """

    _inherit = "res.partner"

    @api.model
    def _has_field_access(self, field, operation):
        if (
            field.name not in PORTAL_FIELDS
            and field._modules
            and field._modules[0].startswith("crm_customer_db")
            and not self.env.su
            and self.env.user.share
        ):
            return False
        return super()._has_field_access(field, operation)
