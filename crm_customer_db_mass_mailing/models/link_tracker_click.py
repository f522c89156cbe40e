from odoo import models


class LinkTrackerClick(models.Model):
    _name = "link.tracker.click"
    _inherit = ["link.tracker.click", "crm.customer.feed.source"]
