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
        self.env["crm.customer.feed.state"].flush_model(["company_id", "name"])
        return SQL(
            "COALESCE((SELECT company_id FROM crm_customer_feed_state WHERE name = %s),"
            " (SELECT MIN(id) FROM res_company))",
            self._name,
        )

    @api.model
    def _per_customer_sql(self, partners):
        """Documents with one row per customer, which depend on who is whose contact.

        :param partners: ``SQL`` query of ids of contacts that now belong to another customer
        :return: ``SQL`` query of ids of documents, or None for feeds that have none
        """
        return

    @api.model
    def _customers_moved(self, partner_ids):
        """Look anew at documents with one row per customer.

        :param partner_ids: ids of contacts; those below them are included
        """
        family = SQL(
            """
            WITH RECURSIVE family AS (
                SELECT id FROM res_partner WHERE id = ANY(%s)
                UNION
                SELECT child.id FROM res_partner child JOIN family ON child.parent_id = family.id)
            SELECT id FROM family
            """,
            list(partner_ids),
        )
        for feed in self._feeds():
            query = feed._per_customer_sql(family)
            if query is not None:
                feed._flush_watched()
                documents = [document for (document,) in self.env.execute_query(query)]
                if documents:
                    feed._mark(feed._document, documents)

    @api.model
    def _customer_documents(self):
        """Documents of customers that people write mails on and plan calls for.

        Addons that connect an app add its documents.

        :return: dict of model name and the names of its columns: contact, company, name
            of the document
        """
        return {
            "res.partner": ("id", "company_id", "complete_name"),
            "crm.customer.interaction": ("partner_id", "company_id", "subject"),
            "crm.customer.fulfilment": ("partner_id", "company_id", "subject"),
        }

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
