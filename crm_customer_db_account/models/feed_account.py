from odoo import api, models

# Moves that are sales: out of a journal entry or a vendor bill comes nothing.
SALES = ("out_invoice", "out_refund", "out_receipt")
# Where the entry of a watched record stands, for those that have a path to it.
PATHS = {
    "account.move": (),
    "account.move.line": ("move_id",),
    "account.partial.reconcile": ("debit_move_id", "move_id"),
}


class CrmCustomerFeedAccount(models.AbstractModel):
    """What reads customer invoices: most entries that are written are none.

    Nothing is asked here, as every payment and every bank transaction passes: what is
    not in the cache is taken for a customer invoice, and the query decides.
    """

    _name = "crm.customer.feed.account"
    _inherit = "crm.customer.feed"
    _description = "Customer Invoices in the Customer File"

    @api.model
    def _relevant(self, records):
        """Extended: entries are drafts when they are created."""
        return self._posted_sales(super()._relevant(records))

    @api.model
    def _relevant_changes(self, records, names=()):
        """Extended: a draft is nobody's business, becoming one is."""
        records = super()._relevant_changes(records, names)
        if records._name == "account.move" and "state" in names:
            return self._sales(records)
        return self._posted_sales(records)

    @api.model
    def _sales(self, records):
        """Records without those that are known not to belong to a customer's invoice."""
        return self._known_as(records, "move_type", SALES)

    @api.model
    def _posted_sales(self, records):
        """Records without those that are known not to belong to a posted customer invoice."""
        return self._known_as(self._sales(records), "state", ("posted",))

    @api.model
    def _known_as(self, records, name, values):
        """Records without those whose entry is known to have another value.

        :param records: records of any model
        :param name: name of a field of ``account.move``
        :param values: values to keep
        """
        path = PATHS.get(records._name)
        if path is None:
            return records
        caches, model = [], records._name
        for step in (*path, name):
            field = self.env[model]._fields[step]
            caches.append(field._get_cache(self.env))
            model = field.comodel_name
        kept = []
        for record_id in records._ids:
            value = record_id
            for cache in caches:
                value = cache.get(value)
                if value is None:
                    break
            if value is None or value in values:
                kept.append(record_id)
        return records.browse(kept)
