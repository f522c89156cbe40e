from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

# What serving a customer takes → the kinds of interactions and of deliveries & incidents that are counted.
SERVICES = {
    "customer_cost_visit": ("interaction", ("visit", "meeting")),
    "customer_cost_call": ("interaction", ("call",)),
    "customer_cost_mail": ("interaction", ("email", "letter")),
    "customer_cost_delivery": ("fulfilment", ("shipment", "exchange")),
    "customer_cost_return": ("fulfilment", ("return",)),
    "customer_cost_complaint": ("fulfilment", ("complaint",)),
}
MOST = 1e6
# Portal users and colleagues without the customer file read their company, too.
USERS = "crm_customer_db.group_customer_user"


class ResCompany(models.Model):
    """What it costs to serve a customer, and what one earns where documents don't say so."""

    _inherit = "res.company"

    customer_cost_visit = fields.Monetary(
        string="A visit", groups=USERS, help="Travel and time of one visit or meeting. 0: not costed."
    )
    customer_cost_call = fields.Monetary(
        string="A call", groups=USERS, help="Time of one call, whoever has called. 0: not costed."
    )
    customer_cost_mail = fields.Monetary(
        string="An e-mail or letter",
        groups=USERS,
        help="Written to or by one customer; mailings have a cost of their own.",
    )
    customer_cost_delivery = fields.Monetary(
        string="A delivery", groups=USERS, help="Picking, packing and carriage of one delivery or exchange."
    )
    customer_cost_return = fields.Monetary(
        string="A return", groups=USERS, help="Carriage, check and putting away of one return."
    )
    customer_cost_complaint = fields.Monetary(
        string="A complaint", groups=USERS, help="Time and goodwill of one complaint."
    )
    customer_usual_margin = fields.Float(
        string="Usual margin (%)",
        groups=USERS,
        help="Of what is ordered, for customers whose documents say nothing about the margin. 0: not known.",
    )

    @api.constrains(*SERVICES, "customer_usual_margin")
    def _check_customer_service(self):
        for company in self:
            if not all(0 <= company[name] <= MOST for name in SERVICES):
                raise ValidationError(self.env._("What it costs to serve a customer is between 0 and a million."))
            if not 0 <= company.customer_usual_margin <= 100:
                raise ValidationError(self.env._("The usual margin is a percentage between 0 and 100."))

    def write(self, vals):
        res = super().write(vals)
        if not {*SERVICES, "customer_usual_margin"}.isdisjoint(vals):
            self.env.registry.clear_cache()
            self.env["crm.customer.metrics"].sudo()._mark_scored(self.ids)
        return res

    @api.model
    @ormcache()
    def _customer_service(self):
        """Rates that figures are worked out by.

        :return: dict company id → (dict name of a rate → amount above 0, usual margin in percent)
        """
        companies = self.sudo().search([("active", "in", (True, False))])
        return {
            company.id: (
                {name: company[name] for name in SERVICES if company[name] > 0},
                company.customer_usual_margin,
            )
            for company in companies
        }
