from odoo import api, fields, models
from odoo.tools import SQL

ALIKE = "lifecycle_rule IN ('lead', 'prospect') OR resembles_best"


class CrmCustomerMetrics(models.Model):
    """Prospects who resemble the best customers: who shares activity, size and territory with one of them.

    Companies only: of persons there would be age and income to compare, which nobody has
    given for that purpose (GDPR, art. 5.1.b).
    """

    _inherit = "crm.customer.metrics"

    resembles_best = fields.Boolean(
        string="Resembles the best",
        help="Has not bought yet, and shares activity, size and territory with a customer of the best value class.",
    )

    # Those who may begin or cease to resemble somebody; found again by this very condition.
    _alike_idx = models.Index(f"(company_id) WHERE {ALIKE}")

    @api.model
    def _metrics_partner_columns(self):
        """Extended: what is compared."""
        return [
            *super()._metrics_partner_columns(),
            "customer_nace_id",
            "customer_headcount_band",
            "customer_territory_id",
        ]

    @api.model
    def _metrics_flush(self, names=None):
        res = super()._metrics_flush(names)
        self.env["res.partner"].flush_model(
            ["customer_nace_id", "customer_headcount_band", "customer_territory_id", "is_company"]
        )
        return res

    @api.model
    def _metrics_layers(self, as_of):
        similar = SQL(
            "COALESCE(base.lifecycle_rule IN ('lead', 'prospect'), FALSE) AND %s",
            self._resembles_sql(SQL.identifier("base")),
        )
        return [*super()._metrics_layers(as_of), {"resembles_best": similar}]

    @api.model
    def _profile_sql(self, company):
        """What of a contact ``partner`` and its activity ``nace`` is compared: activity, size, territory.

        :param company: ``SQL`` of the id of the company whose territory counts
        """
        return (
            SQL("(nace.version || ' ' || left(nace.code, 2))"),
            SQL("partner.customer_headcount_band"),
            SQL("(partner.customer_territory_id ->> (%s)::text)::integer", company),
        )

    @api.model
    def _resembles_sql(self, row):
        activity, band, territory = self._profile_sql(SQL("%s.company_id", row))
        return SQL(
            "EXISTS (SELECT FROM res_partner partner JOIN crm_customer_nace nace ON nace.id = partner.customer_nace_id"
            " JOIN crm_customer_best_profile best ON best.company_id = %(row)s.company_id AND best.activity = %(activity)s"
            " AND best.headcount_band = %(band)s AND best.territory_id = %(territory)s"
            " WHERE partner.id = %(row)s.commercial_partner_id AND partner.is_company)",
            row=row,
            activity=activity,
            band=band,
            territory=territory,
        )

    @api.model
    def _edges_moved(self, as_of, runs):
        """Extended: what the best customers are is worked out by the classes of this run."""
        return super()._edges_moved(as_of, runs) + self._refresh_best_profiles(as_of)

    @api.model
    def _refresh_best_profiles(self, as_of):
        """Keep what companies of the best class are, and mark the prospects who are alike.

        :param as_of: date that stands for today
        :return: number of customers whose mark changed (int)
        """
        self._metrics_flush(())
        activity, band, territory = self._profile_sql(SQL("metrics.company_id"))
        best = {
            company_id: ids[0]
            for company_id in self.env["res.company"]._customer_scoring()
            if (ids := self.env["crm.customer.value.class"]._ranks(company_id)[0])
        }
        self.env.cr.execute("DELETE FROM crm_customer_best_profile")
        for_company = SQL(" OR ").join(
            SQL("(metrics.company_id = %s AND metrics.value_class_id = %s)", *pair) for pair in best.items()
        )
        if best:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO crm_customer_best_profile
                           (company_id, activity, headcount_band, territory_id, customer_count)
                    SELECT * FROM (
                        SELECT metrics.company_id, %(activity)s AS activity, %(band)s AS band,
                               %(territory)s AS territory, COUNT(*)
                          FROM crm_customer_metrics metrics
                          JOIN res_partner partner ON partner.id = metrics.commercial_partner_id AND partner.is_company
                          JOIN crm_customer_nace nace ON nace.id = partner.customer_nace_id
                         WHERE (%(best)s) AND partner.customer_headcount_band IS NOT NULL
                         GROUP BY 1, 2, 3, 4) profile
                     WHERE EXISTS (SELECT FROM crm_customer_territory known WHERE known.id = profile.territory)
                    """,
                    activity=activity,
                    band=band,
                    territory=territory,
                    best=for_company,
                )
            )
        self.env["crm.customer.best.profile"].invalidate_model(flush=False)
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_metrics metrics SET resembles_best = NOT COALESCE(resembles_best, FALSE)"
                " WHERE (%s) AND COALESCE(resembles_best, FALSE) IS DISTINCT FROM"
                " (lifecycle_rule IN ('lead', 'prospect') AND %s)",
                SQL(ALIKE),
                self._resembles_sql(SQL.identifier("metrics")),
            )
        )
        changed = self.env.cr.rowcount
        if changed:
            self.invalidate_model(flush=False)
            if not self.env.context.get("customer_rebuilding"):
                self._assign_strategies(as_of, SQL(ALIKE))
        return changed
