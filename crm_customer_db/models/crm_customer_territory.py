from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerTerritory(models.Model):
    """A sales territory: a code, a place in the tree, a salesperson, and rules.

    A contact belongs to the territory with the longest postal code prefix that fits its
    address, else to that of its state, else to that of its country. What a person chose
    by hand (``customer_territory_manual``) stays.
    """

    _name = "crm.customer.territory"
    _inherit = "crm.customer.catalogue"
    _description = "Sales Territory"
    _parent_store = True
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    code = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self._default_company(),
        help="Empty: a territory of all companies.",
    )
    parent_id = fields.Many2one(
        "crm.customer.territory",
        string="Part of",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("crm.customer.territory", "parent_id", string="Parts")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        index="btree_not_null",
        domain="[('share', '=', False)]",
        check_company=True,
    )
    rule_ids = fields.One2many("crm.customer.territory.rule", "territory_id", string="Rules", copy=False)
    customer_count = fields.Integer(string="Customers", compute="_compute_customer_count")

    _code_company_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Two territories of a company can't have the same code.",
    )

    def _default_company(self):
        return self.env.company

    def _display_name_of(self, code, name):
        return f"{code} {name}" if code else name or ""

    @api.depends_context("company")
    def _compute_customer_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(self._customer_domain(), ["customer_territory_id"], ["__count"])
        )
        for territory in self:
            territory.customer_count = counts.get(territory, 0)

    def _customer_domain(self):
        """The customers counted on a territory, and opened by the count."""
        return Domain("customer_territory_id", "in", self.ids) & Domain("customer_in_file", "=", True)

    @api.constrains("company_id", "active")
    def _check_rules_in_company(self):
        self.rule_ids._check_conflict()

    def action_open_customers(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("crm_customer_db.res_partner_action_customers")
        return dict(action, domain=list(self._customer_domain()), context={})

    def action_assign_salesperson(self):
        """Give the territory's customers without a salesperson to the territory's."""
        self.ensure_one()
        if not self.user_id:
            raise UserError(self.env._("Choose the salesperson of %s first.", self.display_name))
        customers = self.env["res.partner"].search(self._customer_domain() & Domain("user_id", "=", False))
        customers.write({"user_id": self.user_id.id})
        return self._notify(
            self.env._(
                "%(count)s customers now belong to %(user)s.",
                count=len(customers),
                user=self.user_id.name,
            )
        )

    def action_apply_rules(self):
        """Assign every contact without a manual territory anew, by the present rules."""
        if not self.env.user.has_group("crm_customer_db.group_customer_manager"):
            raise UserError(self.env._("Only a customer manager can assign the territories anew."))
        changed = self.sudo()._assign()
        return self._notify(self.env._("%s contacts changed territory.", changed))

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _assign(self, partner_ids=None):
        """Put contacts into the territories of all companies, by the rules.

        One statement, whatever the number of contacts. Contacts whose territory was
        chosen by hand in a company keep it there; contacts in no territory lose an
        automatic one.

        :param partner_ids: ids of ``res.partner``, or None for everybody
        :return: number of contacts that changed territory in some company
        """
        Partner = self.env["res.partner"]
        if partner_ids is not None and not partner_ids:
            return 0
        rules = self.env["crm.customer.territory.rule"].sudo()
        if partner_ids is not None and not rules.search_count([], limit=1):
            return 0
        Partner.flush_model()
        self.flush_model()
        self.env["crm.customer.territory.rule"].flush_model()
        changed = self.env.execute_query(self._assign_sql(partner_ids))
        if changed:
            partners = Partner.browse(partner_id for (partner_id,) in changed)
            partners.invalidate_recordset(["customer_territory_id"], flush=False)
        return len(changed)

    @api.model
    def _assign_sql(self, partner_ids):
        """UPDATE of the territory of contacts, one JSON key per company.

        ``customer_territory_id`` is company-dependent, so the column is a JSON object
        whose keys are company ids. ``found`` has one row per contact and company with
        its best rule: the longest, then that of a branch before its parent's before a
        shared one. An address without a country is taken to be in the country of the
        company that asks; a contact without any address is in no territory.
        """
        return SQL(
            """
            WITH found AS (
                SELECT partner.id,
                       company.id::text AS company_key,
                       best.territory_id
                  FROM res_partner partner
            CROSS JOIN res_company company
                  JOIN res_partner home ON home.id = company.partner_id
     LEFT JOIN LATERAL (
                    SELECT rule.territory_id
                      FROM crm_customer_territory_rule rule
                      JOIN crm_customer_territory territory
                        ON territory.id = rule.territory_id
                 LEFT JOIN res_company owner ON owner.id = territory.company_id
                     WHERE territory.active
                       AND (territory.company_id IS NULL
                            OR '/' || company.parent_path
                               LIKE '%%/' || territory.company_id || '/%%')
                       AND rule.country_id = CASE
                            WHEN partner.country_id IS NOT NULL
                            THEN partner.country_id
                            WHEN partner.state_id IS NOT NULL
                                 OR concat(partner.street, partner.street2,
                                           partner.zip, partner.city) <> ''
                            THEN home.country_id END
                       AND (rule.zip_prefix IS NULL
                            OR starts_with(
                                upper(regexp_replace(partner.zip, '[\\s-]', '', 'g')),
                                rule.zip_prefix))
                       AND (rule.state_id IS NULL OR rule.state_id = partner.state_id)
                  ORDER BY length(rule.zip_prefix) DESC NULLS LAST,
                           rule.state_id IS NULL,
                           length(owner.parent_path) DESC NULLS LAST,
                           rule.id
                     LIMIT 1
                ) best ON TRUE
                 WHERE %(who)s
                   AND NOT COALESCE(
                        (partner.customer_territory_manual ->> company.id::text)::bool,
                        FALSE)
            ),
            wanted AS (
                SELECT found.id,
                       (COALESCE(max(partner.customer_territory_id::text)::jsonb, '{}')
                        - array_agg(found.company_key))
                       || COALESCE(
                            jsonb_object_agg(found.company_key, found.territory_id)
                            FILTER (WHERE found.territory_id IS NOT NULL), '{}')
                       AS territories
                  FROM found
                  JOIN res_partner partner ON partner.id = found.id
              GROUP BY found.id
            )
            UPDATE res_partner partner
               SET customer_territory_id = NULLIF(wanted.territories, '{}')
              FROM wanted
             WHERE wanted.id = partner.id
               AND COALESCE(partner.customer_territory_id, '{}') <> wanted.territories
         RETURNING partner.id
            """,
            who=SQL("TRUE") if partner_ids is None else SQL("partner.id = ANY(%s)", list(partner_ids)),
        )
