from odoo import fields, models
from odoo.tools import SQL

# Media that fit into an id beside a source.
MEDIA = 100_000


class CrmCustomerOriginPair(models.Model):
    """A source with a medium that documents have and no origin stands for.

    What the manager has still to map: purchases and requests of these documents have no
    origin until then. Of the companies at hand.
    """

    _name = "crm.customer.origin.pair"
    _description = "Unclassified Source"
    _auto = False
    _order = "document_count desc, last_date desc, id"

    source_id = fields.Many2one("utm.source", readonly=True)
    medium_id = fields.Many2one("utm.medium", readonly=True)
    document_count = fields.Integer(
        string="Documents",
        readonly=True,
        help="Orders, invoices, opportunities… that came by this source and medium.",
    )
    last_date = fields.Datetime(string="Last seen on", readonly=True)

    @property
    def _table_query(self):
        documents = {}
        for feed in self.env["crm.customer.feed"]._feeds():
            query = feed._origin_documents()
            if query is not None and feed._document not in documents:
                feed._flush_watched()
                documents[feed._document] = SQL(
                    "SELECT source_id, medium_id, company_id, date::timestamp FROM (%s) document", query
                )
        self.env["crm.customer.origin"].flush_model(["active", "source_ids", "medium_ids"])
        return SQL(
            """
            SELECT COALESCE(source_id, 0)::bigint * %(media)s + COALESCE(medium_id, 0) AS id,
                   source_id, medium_id, document_count, last_date
              FROM (SELECT source_id, medium_id, COUNT(*) AS document_count, MAX(date) AS last_date
                      FROM (%(documents)s) document
                     WHERE company_id = ANY(%(companies)s) AND COALESCE(source_id, medium_id) IS NOT NULL
                     GROUP BY source_id, medium_id) pair
             WHERE %(origin)s IS NULL
            """,
            media=MEDIA,
            documents=SQL(" UNION ALL ").join(documents.values())
            or SQL(
                "SELECT NULL::int AS source_id, NULL::int AS medium_id, NULL::int AS company_id, NULL::timestamp AS date"
            ),
            companies=self.env.companies.ids,
            origin=self.env["crm.customer.feed"]._origin_sql(SQL("pair.source_id"), SQL("pair.medium_id")),
        )

    def action_map(self):
        """Ask which origin these sources stand for."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which origin is this?"),
            "res_model": "crm.customer.origin.map",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_source_ids": self.source_id.ids,
                "default_medium_ids": self.medium_id.ids,
                "default_all_have_source": all(pair.source_id for pair in self),
                "default_all_have_medium": all(pair.medium_id for pair in self),
            },
        }
