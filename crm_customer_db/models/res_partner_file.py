from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    """Who is a customer: one definition, used by every menu, count and rate."""

    _inherit = "res.partner"

    customer_mark = fields.Selection(
        [
            ("customer", "Customer"),
            ("prospect", "Prospect"),
            ("excluded", "Not a customer"),
        ],
        string="Marked as",
        index="btree_not_null",
        copy=False,
        help="Puts a contact into the customer file, or keeps it out, whatever happened.",
    )
    customer_in_file = fields.Boolean(
        string="In the customer file",
        compute="_compute_customer_in_file",
        search="_search_customer_in_file",
        help="A customer or prospect: bought something, has an open lead or quotation, "
        "or was marked by hand. Never our own people and companies.",
    )

    @api.model
    def _customer_file_sources(self):
        """Queries giving ids of commercial partners that something happened with.

        A package adds its own (open leads, open quotations). Each has one column.

        :return: list of SQL
        """
        return [
            SQL(
                "SELECT commercial_partner_id FROM %s WHERE company_id = ANY(%s)",
                SQL.identifier(model._table),
                self.env.companies.ids,
            )
            for model in self.env["crm.customer.fact"]._fact_models()
        ]

    @api.model
    def _customer_outsiders(self):
        """Queries giving ids of contacts that can never be customers.

        Internal users and our own companies; a package adds the till's anonymous
        customer.

        :return: list of SQL
        """
        return [
            SQL("SELECT partner_id FROM res_users WHERE share IS NOT TRUE"),
            SQL("SELECT partner_id FROM res_company"),
        ]

    @api.model
    def _customer_file_sql(self):
        """Query giving the ids of the contacts in the customer file."""
        # what the same transaction has just done counts
        self.env["crm.customer.feed"]._sync_pending("all")
        sources = SQL(" UNION ALL ").join(self._customer_file_sources())
        outsiders = SQL(" UNION ALL ").join(self._customer_outsiders())
        return SQL(
            """
            SELECT partner.id
              FROM res_partner partner
             WHERE partner.commercial_partner_id = partner.id
               AND (partner.customer_mark IN ('customer', 'prospect')
                    OR (partner.customer_mark IS NULL
                        AND partner.id IN (%(sources)s)))
               AND partner.id NOT IN (%(outsiders)s)
            """,
            sources=sources,
            outsiders=outsiders,
        )

    @api.model
    def _customer_filed_sql(self, partner):
        """The same as a condition on one commercial partner, for statements about few of them.

        :param partner: ``SQL`` of the alias of a row of contacts
        """
        self.env["crm.customer.feed"]._sync_pending("all")
        sources = SQL(" UNION ALL ").join(self._customer_file_sources())
        outsiders = SQL(" UNION ALL ").join(self._customer_outsiders())
        return SQL(
            "(%(partner)s.customer_mark IN ('customer', 'prospect') OR (%(partner)s.customer_mark IS NULL"
            " AND EXISTS (SELECT FROM (%(sources)s) AS filed (id) WHERE filed.id = %(partner)s.id)))"
            " AND NOT EXISTS (SELECT FROM (%(outsiders)s) AS ours (id) WHERE ours.id = %(partner)s.id)",
            partner=partner,
            sources=sources,
            outsiders=outsiders,
        )

    @api.depends("customer_mark", "is_company", "parent_id", "customer_purchase_ids")
    @api.depends_context("allowed_company_ids")
    def _compute_customer_in_file(self):
        self.flush_recordset(["customer_mark", "commercial_partner_id"])
        inside = {
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT id FROM (%s) AS file WHERE id = ANY(%s)",
                    self._customer_file_sql(),
                    self._origin.ids,
                )
            )
        }
        for partner in self:
            partner.customer_in_file = partner._origin.id in inside

    @api.model
    def _search_customer_in_file(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["customer_mark", "commercial_partner_id"])
        inside = Domain("id", "in", self._customer_file_sql())
        return Domain.OR(inside if wanted else ~inside for wanted in set(map(bool, value)))

    def _customer_outside_reason(self):
        """Why this contact is not in the customer file, in a sentence; '' if it is."""
        self.ensure_one()
        partner = self.sudo()
        if partner.customer_in_file:
            return ""
        if partner.commercial_partner_id != partner:
            return self.env._(
                "A contact of %s: the customer file is kept there.",
                partner.commercial_partner_id.display_name,
            )
        if partner._customer_is_ours():
            return self.env._("One of our own people or companies, so never a customer.")
        if partner.customer_mark == "excluded":
            return self.env._("Marked as “Not a customer”.")
        return self.env._("No purchase, request or offer yet, and not marked as a customer.")

    def _customer_is_ours(self):
        """Whether this is one of those that can never be customers."""
        self.ensure_one()
        outsiders = SQL(" UNION ALL ").join(self._customer_outsiders())
        return bool(
            self.env.execute_query(SQL("SELECT FROM (%s) AS ours (id) WHERE id = %s", outsiders, self._origin.id))
        )

    def action_customer_add_to_file(self):
        """The button *Add to the customer file*: a prospect until something is bought.

        :raise UserError: for our own people and companies
        """
        outside = self.commercial_partner_id.filtered(lambda partner: not partner.customer_in_file)
        ours = outside.filtered(lambda partner: partner._customer_is_ours())
        if ours:
            raise UserError(
                self.env._(
                    "%s: our own people and companies are never customers.",
                    ", ".join(ours.mapped("display_name")),
                )
            )
        outside.write({"customer_mark": "prospect"})
