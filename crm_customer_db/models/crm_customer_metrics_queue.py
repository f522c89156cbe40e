from odoo import api, fields, models
from odoo.tools import SQL

MARK = """
    CREATE OR REPLACE FUNCTION crm_customer_metrics_mark() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO crm_customer_metrics_queue (partner_id)
            SELECT DISTINCT commercial_partner_id FROM new_rows;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO crm_customer_metrics_queue (partner_id)
            SELECT DISTINCT commercial_partner_id FROM old_rows;
        ELSE
            INSERT INTO crm_customer_metrics_queue (partner_id)
            SELECT commercial_partner_id FROM old_rows UNION SELECT commercial_partner_id FROM new_rows;
        END IF;
        RETURN NULL;
    END $$
"""
EVENTS = {
    "INSERT": "NEW TABLE AS new_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
}


class CrmCustomerMetricsQueue(models.Model):
    """Customers whose figures are to be worked out anew.

    Rows are only ever added and taken away: nothing is unique, nothing is updated and no
    foreign key is checked, so two users who work for one customer at the same moment
    never collide here. Triggers fill it for whatever is written to the facts, in bulk or
    by merging contacts; documents that are no facts are marked with ``_mark``.
    """

    _name = "crm.customer.metrics.queue"
    _description = "Customers With Changed Figures"
    _log_access = False

    partner_id = fields.Integer(string="Customer", required=True)

    @api.model
    def _watch_table(self, table):
        """Mark the customers of whatever is written to a table of facts, once per statement.

        Called when the table is made or updated; a trigger that is there stays.

        :param table: name of a table with a column ``commercial_partner_id``
        """
        self.env.cr.execute(MARK)
        known = {
            name
            for (name,) in self.env.execute_query(
                SQL("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", table)
            )
        }
        for event, rows in EVENTS.items():
            name = f"crm_customer_metrics_{event.lower()}"
            if name not in known:
                self.env.cr.execute(
                    SQL(
                        "CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s"
                        " FOR EACH STATEMENT EXECUTE FUNCTION crm_customer_metrics_mark()",
                        SQL.identifier(name),
                        SQL(event),
                        SQL.identifier(table),
                        SQL(rows),
                    )
                )

    @api.model
    def _mark(self, partner_ids):
        """Have the figures of customers worked out anew.

        :param partner_ids: ids of ``res.partner``; contacts of customers count as them
        """
        if partner_ids:
            self.env["res.partner"].flush_model(["commercial_partner_id"])
            self._mark_query(
                SQL(
                    "SELECT id FROM res_partner WHERE id = ANY(%s) UNION"
                    " SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s)",
                    list(partner_ids),
                    list(partner_ids),
                )
            )

    @api.model
    def _mark_query(self, query):
        """The same for the customers that a query names.

        :param query: ``SQL`` of one column of ids of customers
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_customer_metrics_queue (partner_id)"
                " SELECT DISTINCT marked.id FROM (%s) AS marked (id) WHERE marked.id IS NOT NULL",
                query,
            )
        )

    @api.model
    def _take(self, limit):
        """Take entries off the queue, passing over what another worker is taking.

        :param limit: highest number of entries
        :return: (number of entries, list of ids of customers)
        """
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_customer_metrics_queue WHERE id = ANY(ARRAY(
                    SELECT id FROM crm_customer_metrics_queue ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
                RETURNING partner_id
                """,
                limit,
            )
        )
        return len(rows), sorted({partner_id for (partner_id,) in rows})
