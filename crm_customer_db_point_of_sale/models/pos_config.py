from odoo import api, fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    customer_place_id = fields.Many2one(
        "crm.customer.place",
        string="Place of purchase",
        check_company=True,
        copy=False,
        index="btree_not_null",
        help="Where a purchase at this till is made, in the customer file; its commercial route "
        "follows. Several tills of a shop may share one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        configs = super().create(vals_list)
        configs.sudo()._customer_make_places()
        return configs

    def _customer_make_places(self):
        """Give tills that have none a place of their own: a shop of the company."""
        channel = self.env.ref("crm_customer_db.channel_own_shop", raise_if_not_found=False)
        without = self.filtered(lambda config: not config.customer_place_id)
        places = self.env["crm.customer.place"].create(
            [
                {
                    "name": config.name,
                    "code": f"TPV-{config.id}",
                    "company_id": config.company_id.id,
                    "channel_id": channel.id if channel else False,
                }
                for config in without
            ]
        )
        for config, place in zip(without, places, strict=True):
            config.customer_place_id = place
