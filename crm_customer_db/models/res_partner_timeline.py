from odoo import api, models


class ResPartner(models.Model):
    """The timeline on the page of a customer."""

    _inherit = "res.partner"

    @api.readonly
    def customer_timeline_page(self, before=None, filters=None):
        """Twenty events of this customer, newest first.

        :param before: what the page before gave as ``before``
        :param filters: see ``crm.customer.timeline._page``
        :return: dict of ``crm.customer.timeline._page``
        """
        self.ensure_one()
        return self.env["crm.customer.timeline"]._page(self, before, filters)

    @api.readonly
    def customer_timeline_upcoming(self, filters=None):
        """All that lies ahead, where the page shows the next few things only.

        :param filters: see ``crm.customer.timeline._page``
        :return: dict with ``upcoming`` and ``more_upcoming``
        """
        self.ensure_one()
        return self.env["crm.customer.timeline"]._all_upcoming(self, filters)

    @api.readonly
    def customer_timeline_filters(self):
        """What the timeline of this customer can be narrowed to.

        :return: dict of field name and list of dicts with ``id`` and ``name``
        """
        self.ensure_one()
        return self.env["crm.customer.timeline"]._choices(self)
