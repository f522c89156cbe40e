from odoo import api, models
from odoo.tools import SQL


class CrmCustomerFeed(models.AbstractModel):
    """Words for the queries of feeds whose documents may be about anybody, in no company."""

    _inherit = "crm.customer.feed"

    @api.model
    def _is_customer(self, alias):
        """Condition that a contact can be a customer: none of our own people and companies.

        Whoever has left the company is still one of us in what he wrote while he was here.

        :param alias: alias of ``res_partner`` in the query
        """
        outsiders = SQL(" UNION ALL ").join(self.env["res.partner"]._customer_outsiders())
        return SQL(
            "NOT EXISTS (SELECT FROM (%s) AS ours (id) WHERE ours.id IN (%s, %s))",
            outsiders,
            SQL.identifier(alias, "id"),
            SQL.identifier(alias, "commercial_partner_id"),
        )

    @api.model
    def _fallback_company_sql(self):
        """Company of documents that name none: ``_fallback_company`` without a query of its own."""
        return SQL(
            "COALESCE((SELECT company_id FROM crm_customer_feed_state WHERE name = %s),"
            " (SELECT MIN(id) FROM res_company))",
            self._name,
        )

    @api.model
    def _customer_documents(self):
        """Documents of customers that people write mails on and plan calls for.

        Addons that connect an app add its documents.

        :return: dict of model name and the names of its columns: contact, company, name
            of the document
        """
        return {"res.partner": ("id", "company_id", "complete_name")}

    @api.model
    def _customer_document(self, column, model, res_id):
        """What the document of a message or an activity says.

        :param column: ``partner``, ``company`` or ``name``
        :param model: ``SQL`` of the name of its model
        :param res_id: ``SQL`` of its id
        :return: ``SQL`` of the value, NULL where the document is none of a customer
        """
        position = ("partner", "company", "name").index(column)
        cases = [
            SQL(
                "WHEN %s THEN (SELECT doc.%s FROM %s doc WHERE doc.id = %s)",
                name,
                SQL.identifier(columns[position]),
                SQL.identifier(self.env[name]._table),
                res_id,
            )
            for name, columns in self._customer_documents().items()
        ]
        return SQL("CASE %s %s END", model, SQL(" ").join(cases))
