from odoo import fields, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Extended: what must be decided while the sources still have their rows."""
        self._customer_refuse_merge(src_partners, dst_partner)
        self._customer_close_addresses(src_partners)
        self._customer_keep_manual_territory(src_partners, dst_partner)
        self.env["crm.customer.metrics"]._forget(src_partners.ids)
        self.env["crm.customer.metrics.history"].sudo()._merge_months(src_partners.ids, dst_partner)
        self._customer_keep_stage(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        """Extended: the facts follow to the customer the merged contact belongs to.

        Odoo moves both foreign keys to the destination, which is wrong for the customer
        where the destination is a contact of a company, and contacts below the sources
        now stand below the destination without their customer having been worked out.
        """
        origin = self._customer_oldest_origin(src_partners | dst_partner)
        res = super()._update_values(src_partners, dst_partner.with_context(customer_merging=True))
        self._customer_merge_profile(src_partners, dst_partner, origin)
        facts = self.env["crm.customer.fact"]
        facts._resync_commercial_partner(dst_partner.ids)
        customer = dst_partner.commercial_partner_id
        if customer != dst_partner:
            # only now it is known whether he is a contact: Odoo makes him a company where a source is one
            self.env["crm.customer.metrics.history"].sudo()._merge_months(dst_partner.ids, customer)
        # lines of one document that two of the contacts had are one order now
        moved = SQL("partner_id = %s OR commercial_partner_id = %s", dst_partner.id, dst_partner.id)
        for model in facts._fact_models():
            model._fact_orders_changed(moved)
        self.env["crm.customer.metrics.queue"]._mark(dst_partner.ids)
        return res

    def _customer_refuse_merge(self, src_partners, dst_partner):
        """Refuse a merge that would break what is final. A package extends it with what it knows of.

        Called before anything is changed; a screen may ask the same before anybody presses a button.

        :param src_partners: ``res.partner`` that would go
        :param dst_partner: ``res.partner`` that would stay
        :raise UserError: with the reason
        """

    def _customer_close_addresses(self, src_partners):
        """The addresses of merged contacts become past ones of the one that stays."""
        self.env["crm.customer.address"].sudo().search(
            [("partner_id", "in", src_partners.ids), ("valid_to", "=", False)]
        ).write({"valid_to": fields.Datetime.now()})

    def _customer_keep_stage(self, src_partners, dst_partner):
        """What was set by hand for the contact that stays holds, not what was set for the others."""
        locks = self.env["crm.customer.stage.lock"].sudo()
        mine = locks.search([("partner_id", "=", dst_partner.id)])
        locks.search([("partner_id", "in", src_partners.ids), ("company_id", "in", mine.company_id.ids)]).active = False

    def _customer_keep_manual_territory(self, src_partners, dst_partner):
        """A territory chosen by hand wins over one that followed from an address.

        Odoo merges company by company and field by field, which would put the lock of
        one contact on the territory of the other.
        """
        src_partners.flush_recordset(["customer_territory_manual"])
        locks = SQL(
            "SELECT DISTINCT company::int FROM res_partner,"
            " jsonb_each_text(customer_territory_manual) AS locks (company, locked)"
            " WHERE id = ANY(%s) AND locked::bool",
            src_partners.ids,
        )
        for (company_id,) in self.env.execute_query(locks):
            company = self.env["res.company"].browse(company_id)
            mine = dst_partner.sudo().with_company(company)
            chosen = src_partners.sudo().with_company(company).filtered("customer_territory_manual")
            if chosen and not mine.customer_territory_manual:
                mine.write(
                    {
                        "customer_territory_id": chosen[-1].customer_territory_id.id,
                        "customer_territory_manual": True,
                    }
                )

    def _customer_oldest_origin(self, partners):
        """The origin of the contact that was there first: it is kept for good."""
        return (
            partners.sudo()
            .filtered("customer_origin_id")
            .sorted(lambda partner: (partner.create_date, partner.id))[:1]
            .customer_origin_id
        )

    def _customer_merge_profile(self, src_partners, dst_partner, origin):
        """What Odoo's merge can't: it sees with the eyes of the user who merges.

        Values behind a group are filled in where the destination has none, whether or
        not that user may read them.
        """
        target = dst_partner.sudo()
        values = {}
        for name, field in target._fields.items():
            if field.groups and name in target._customer_merged_fields():
                for source in src_partners.sudo():
                    if source[name] and not target[name]:
                        values[name] = field.convert_to_write(source[name], source)
        if origin and origin != target.customer_origin_id:
            values["customer_origin_id"] = origin.id
        if values:
            target.with_context(customer_origin_correction=True).write(values)
        self.env["crm.customer.territory"].sudo()._assign(target.ids)
