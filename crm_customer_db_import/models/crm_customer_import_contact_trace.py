import json

from odoo import fields, models
from odoo.tools import SQL

# Tables of which rows follow from what is written to a contact, with the column that names it.
FOLLOWING = {"res_partner": "id", "crm_customer_address": "partner_id"}
# What changes with every write, and tells nothing.
STAMPS = ("write_date", "write_uid")


class CrmCustomerImport(models.Model):
    """What an import of customers has changed, kept with the first row of each customer that has any.

    ``before`` of that row is a dict: ``made`` (id of a contact → when it was last written),
    ``changed`` (table → id → ``old`` and ``new`` values of the columns that differ), ``added``
    (table → ids), ``links`` (many2many field → id → ``old`` and ``new`` ids) and ``consents``
    (ids of consents; refusals are never taken back).
    """

    _inherit = "crm.customer.import"

    def _write_traced(self, customers, faults):
        """Make and change customers as ``_write_customers`` does, and keep what becomes other with their rows."""
        partners = self._contacts().browse([own.partner.id for own in customers.values() if own.partner])
        links = self._links(partners)
        self._trace_rows(partners)
        results, notes = self._write_customers(customers, faults)
        self.env.flush_all()
        traces = self._traced(partners)
        for name, old, new in self._changed_links(partners, links):
            for partner_id in old:
                if old[partner_id] != new[partner_id]:
                    own = traces.setdefault(partner_id, {}).setdefault("links", {}).setdefault(name, {})
                    own[partner_id] = {"old": old[partner_id], "new": new[partner_id]}
        self._keep_traces(customers, results, traces)
        self.env.cr.execute("DROP TABLE crm_customer_import_trace")
        return results, notes

    def _trace_rows(self, partners):
        """Keep what contacts and all below them are, in a temporary table."""
        self.env.flush_all()
        queries = [
            SQL(
                "SELECT %s AS name, own.id, %s AS owner, to_jsonb(own) AS row FROM %s own"
                " JOIN res_partner partner ON partner.id = %s WHERE %s",
                table,
                self._owner_sql(partners),
                SQL.identifier(table),
                SQL.identifier("own", column),
                self._below_sql(partners),
            )
            for table, column in FOLLOWING.items()
        ]
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE crm_customer_import_trace ON COMMIT DROP AS %s",
                SQL(" UNION ALL ").join(queries),
            )
        )

    def _below_sql(self, partners):
        return SQL("(partner.id = ANY(%(ids)s) OR partner.commercial_partner_id = ANY(%(ids)s))", ids=partners.ids)

    def _owner_sql(self, partners):
        return SQL(
            "CASE WHEN partner.id = ANY(%s) THEN partner.id ELSE partner.commercial_partner_id END", partners.ids
        )

    def _traced(self, partners):
        """What is other than it was: dict id of a customer → dict of ``changed`` and ``added``."""
        traces = {}
        for table, column in FOLLOWING.items():
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT %(owner)s, own.id, trace.id IS NULL, difference.old, difference.new
                      FROM %(table)s own
                      JOIN res_partner partner ON partner.id = %(column)s
                      LEFT JOIN crm_customer_import_trace trace ON trace.id = own.id AND trace.name = %(name)s,
                           LATERAL (SELECT jsonb_object_agg(key, trace.row -> key) AS old, jsonb_object_agg(key, value) AS new
                                      FROM jsonb_each(to_jsonb(own))
                                     WHERE trace.row -> key IS DISTINCT FROM value) difference
                     WHERE %(below)s AND difference.new IS NOT NULL
                    """,
                    owner=self._owner_sql(partners),
                    table=SQL.identifier(table),
                    name=table,
                    column=SQL.identifier("own", column),
                    below=self._below_sql(partners),
                )
            )
            for owner, id_, is_added, old, new in rows:
                trace = traces.setdefault(owner, {})
                if not is_added:
                    trace.setdefault("changed", {}).setdefault(table, {})[id_] = {"old": old, "new": new}
                elif table != "res_partner":
                    trace.setdefault("added", {}).setdefault(table, []).append(id_)
        return traces

    def _links(self, partners):
        """What many2many columns of the file are for some contacts and those below: dict field → id → ids."""
        # a column that somebody with more rights has chosen is none for this user, who may not even read it
        targets = self._targets(self.kind)
        specs = [column.target.partition(":") for column in self.column_ids if column.target in targets]
        names = {name for _part, _colon, name in specs if name in self.env["res.partner"]._fields}
        whole = partners | self._contacts().search([("parent_id", "in", partners.ids)]) if names else partners
        return {
            name: {partner.id: sorted(partner[name].ids) for partner in whole}
            for name in names
            if self.env["res.partner"]._fields[name].type == "many2many"
        }

    def _changed_links(self, partners, links):
        now = self._links(partners)
        for name, old in links.items():
            yield name, old, now[name]

    def _keep_traces(self, customers, results, traces):
        """Write to the first row of each customer what has become other."""
        values = []
        consents = self._imported_consents(
            [one.partner.id for one in customers.values() if one.partner and one.consents]
        )
        for customer in customers.values():
            done = [row_id for row_id in customer.rows if row_id in results and results[row_id].outcome != "unchanged"]
            if not done:
                continue
            # two customers of the file may have been found to be one
            trace = traces.pop(customer.partner.id, {})
            made = [id_ for row_id in customer.rows for id_ in results[row_id].made]
            records = self.env["res.partner"].browse(made)
            trace["made"] = {record.id: fields.Datetime.to_string(record.write_date) for record in records}
            if customer.consents:
                trace["consents"] = consents.get(customer.partner.id, [])
            values.append({"id": done[0], "before": trace})
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_import_row kept SET before = found.before"
                " FROM jsonb_to_recordset(%s::jsonb) found (id int, before jsonb) WHERE kept.id = found.id",
                json.dumps(values),
            )
        )

    def _imported_consents(self, partner_ids):
        """Consents that files brought in this very transaction.

        :param partner_ids: ids of the customers who were asked
        :return: dict id of a customer → ids of consents
        """
        domain = [
            ("partner_id", "in", partner_ids),
            ("state", "=", "given"),
            ("source", "=", "import"),
            ("create_date", ">=", self.env.cr.now()),
        ]
        found = self.env["crm.customer.consent"].sudo().search(domain) if partner_ids else []
        consents = {}
        for entry in found:
            consents.setdefault(entry.partner_id.id, []).append(entry.id)
        return consents
