from odoo import api, models
from odoo.tools import SQL

from .crm_customer_feed import SLICE


class CrmCustomerFeed(models.AbstractModel):
    """Where business came from: sources and media of documents, and the origins they stand for."""

    _inherit = "crm.customer.feed"

    @api.model
    def _origin_sql(self, source, medium):
        """The origin of a document, for the query of a feed.

        Says what ``crm.customer.origin._from_utm`` says: an origin that names source and
        medium comes before one that names the source, and that before one that names the
        medium.

        :param source: ``SQL`` of the id of its ``utm.source``
        :param medium: ``SQL`` of the id of its ``utm.medium``
        :return: ``SQL`` of the id of the ``crm.customer.origin``, NULL where none is mapped
        """
        return SQL(
            """
            (SELECT mapped.id
               FROM crm_customer_origin mapped
               LEFT JOIN crm_customer_origin_utm_source_rel by_source
                 ON by_source.crm_customer_origin_id = mapped.id
               LEFT JOIN crm_customer_origin_utm_medium_rel by_medium
                 ON by_medium.crm_customer_origin_id = mapped.id
              WHERE mapped.active
                AND COALESCE(by_source.utm_source_id, by_medium.utm_medium_id) IS NOT NULL
                AND (by_source.utm_source_id IS NULL OR by_source.utm_source_id = %(source)s)
                AND (by_medium.utm_medium_id IS NULL OR by_medium.utm_medium_id = %(medium)s)
              ORDER BY by_source.utm_source_id IS NULL, by_medium.utm_medium_id IS NULL,
                    mapped.sequence, mapped.code, mapped.id
              LIMIT 1)
            """,
            source=source,
            medium=medium,
        )

    @api.model
    def _origin_documents(self):
        """Documents with the source and medium that ``_query`` looks up with ``_origin_sql``.

        What has no origin yet is listed from it, and what a change of an origin concerns
        is found by it.

        :return: ``SQL`` query of the columns id, source_id, medium_id, company_id and
            date, or None for feeds that look up no origin
        """
        return

    @api.model
    def _origin_changed(self, source_ids, medium_ids):
        """Look up anew the origin of documents; of many, in the background.

        :param source_ids: ids of ``utm.source``
        :param medium_ids: ids of ``utm.medium``
        """
        States = self.env["crm.customer.feed.state"].sudo()
        for feed in self._feeds():
            query = feed._origin_documents()
            if query is None:
                continue
            feed._flush_watched()
            concerned = self.env.execute_query(
                SQL(
                    "SELECT id FROM (%s) document WHERE source_id = ANY(%s) OR medium_id = ANY(%s) LIMIT %s",
                    query,
                    list(source_ids),
                    list(medium_ids),
                    SLICE + 1,
                )
            )
            if len(concerned) > SLICE:
                States.search([("name", "=", feed._name)]).action_backfill()
            elif concerned:
                feed._mark(feed._document, [document for (document,) in concerned])
