from odoo import api, fields, models
from odoo.tools import SQL

# Every function behind our triggers starts with this.
FUNCTION = "crm_customer_metrics_mark_"
BODY = """
    CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO crm_customer_metrics_queue (partner_id) SELECT DISTINCT %(customer)s
              FROM new_rows changed %(joins)s;
        ELSIF TG_OP = 'DELETE' THEN
            INSERT INTO crm_customer_metrics_queue (partner_id) SELECT DISTINCT %(customer)s
              FROM old_rows changed %(joins)s;
        ELSE
            INSERT INTO crm_customer_metrics_queue (partner_id) SELECT DISTINCT %(customer)s
              FROM (SELECT before.* FROM old_rows before JOIN new_rows after ON after.id = before.id WHERE %(differs)s
                     UNION ALL
                    SELECT after.* FROM old_rows before JOIN new_rows after ON after.id = before.id WHERE %(differs)s
                   ) changed %(joins)s;
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
    by_day = fields.Boolean(string="By the day alone", help="Nothing was written about him: days have passed.")

    @api.model
    def _watch_table(self, table, customer=None, joins=None, columns=None, events=tuple(EVENTS)):
        """Mark the customers of whatever is written to a table, once per statement.

        Called when the table is made or updated. It asks Odoo nothing and holds whoever
        writes: the ORM, the merge of contacts, bulk loading.

        :param table: name of the table
        :param customer: ``SQL`` of the id of the customer or a contact of his, over ``changed`` (a row of the
            table) and what is joined; by default its column ``commercial_partner_id``
        :param joins: ``SQL`` that joins what the customer is found in
        :param columns: names of the columns whose change matters, None for all
        :param events: what is watched for, of INSERT, UPDATE and DELETE
        """
        customer = customer or SQL("changed.commercial_partner_id")
        function = SQL.identifier(f"{FUNCTION}{table}")
        self.env.cr.execute(
            SQL(
                BODY,
                function=function,
                customer=customer,
                joins=SQL("%s WHERE %s IS NOT NULL", joins or SQL(""), customer),
                differs=self._differs(columns),
            )
        )
        known = {
            name
            for (name,) in self.env.execute_query(
                SQL("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass", table)
            )
        }
        for event in events:
            rows = EVENTS[event]
            name = f"crm_customer_metrics_{event.lower()}"
            if name not in known:
                self.env.cr.execute(
                    SQL(
                        "CREATE TRIGGER %s AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION %s()",
                        SQL.identifier(name),
                        SQL(event),
                        SQL.identifier(table),
                        SQL(rows),
                        function,
                    )
                )

    @api.model
    def _differs(self, columns):
        """Condition that a row ``after`` differs from ``before`` in what matters."""
        if columns is None:
            return SQL("TRUE")
        of = {alias: SQL(", ").join(SQL.identifier(alias, name) for name in columns) for alias in ("before", "after")}
        return SQL("(%s) IS DISTINCT FROM (%s)", of["before"], of["after"])

    @api.model
    def _unwatch(self, tables=None):
        """Take triggers away, with the functions behind them.

        :param tables: names of tables, None for all
        """
        pattern = FUNCTION.replace("_", chr(92) + "_") + "%"
        rows = self.env.execute_query(SQL("SELECT DISTINCT proname FROM pg_proc WHERE proname LIKE %s", pattern))
        for (name,) in rows:
            if tables is None or name.removeprefix(FUNCTION) in tables:
                self.env.cr.execute(SQL("DROP FUNCTION %s() CASCADE", SQL.identifier(name)))

    @api.model
    def _mark(self, partner_ids):
        """Have the figures of customers worked out anew.

        :param partner_ids: ids of ``res.partner``; contacts of customers count as them
        """
        if partner_ids:
            self._mark_query(SQL("SELECT unnest(%s)", list(partner_ids)))

    @api.model
    def _mark_query(self, query, by_day=False):
        """The same for the customers that a query names.

        :param query: ``SQL`` of one column of ids of customers
        :param by_day: whether their figures change because days have passed, and for nothing that was written
        """
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_customer_metrics_queue (partner_id, by_day)"
                " SELECT DISTINCT marked.id, %s FROM (%s) AS marked (id) WHERE marked.id IS NOT NULL",
                by_day,
                query,
            )
        )

    @api.model
    def _take(self, limit):
        """Take entries off the queue, passing over what another worker is taking.

        :param limit: highest number of entries
        :return: (number of entries, list of ids of customers, whether something was written about any)
        """
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_customer_metrics_queue WHERE id = ANY(ARRAY(
                    SELECT id FROM crm_customer_metrics_queue ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
                RETURNING partner_id, by_day
                """,
                limit,
            )
        )
        ids = {partner_id for partner_id, _by_day in rows}
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        customers = self.env.execute_query(
            SQL("SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s)", list(ids))
        )
        concerned = sorted(ids.union(customer_id for (customer_id,) in customers if customer_id))
        return len(rows), concerned, not all(by_day for _partner_id, by_day in rows)
