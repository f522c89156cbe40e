from odoo import api, models
from odoo.exceptions import UserError


class CrmCustomerFact(models.AbstractModel):
    """What ties facts to the documents they were copied from."""

    _inherit = "crm.customer.fact"

    def _search(self, domain, *args, **kwargs):
        """Extended: who searches sees what the same transaction has just done."""
        self.env["crm.customer.feed"]._sync_pending(self._name)
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _resync_commercial_partner(self, partner_ids):
        res = super()._resync_commercial_partner(partner_ids)
        if partner_ids:
            self.env["crm.customer.feed"]._customers_moved(partner_ids)
        return res

    @api.model
    def _fact_loose_feeds(self):
        loose = [feed._feed for feed in self.env["crm.customer.feed"]._feeds() if feed._loose]
        return [*super()._fact_loose_feeds(), *dict.fromkeys(loose)]

    @api.model
    def _fact_orders_changed(self, condition):
        """Work out anew what rows of one order say of the order as a whole.

        :param condition: ``SQL`` on columns of the table: rows whose orders have changed
        """

    def _fact_feed(self):
        """The feed that has written a fact, None for what was typed in or imported.

        What somebody has taken over from a feed (a mail that became a request) still has
        its document.
        """
        self.ensure_one()
        for feed in self.env["crm.customer.feed"]._feeds():
            if (feed._fact, feed._document) == (self._name, self.source_model) and self.feed in (feed._feed, "manual"):
                return feed.with_user(self.env.user).sudo(self.env.su)
        return None

    @api.readonly
    def action_open_document(self):
        """Show the document behind an entry, if the user may see it.

        :raise UserError: when there is none, or not for this user
        """
        self.ensure_one()
        self.check_access("read")
        feed = self._fact_feed()
        if feed is None or not self.source_id:
            raise UserError(self.env._("There is no document behind this entry."))
        if self.source_id not in feed._openable([self.source_id]):
            raise UserError(
                self.env._(
                    "You may see that this happened, but not the document itself. Ask somebody who works with “%s”.",
                    self.env["ir.model"].sudo()._get(self.source_model).name,
                )
            )
        return feed._open(self)
