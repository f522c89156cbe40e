import logging

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class CrmCustomerImport(models.Model):
    """Taking back what an import has brought."""

    _inherit = "crm.customer.import"

    def action_revert(self):
        """Take back all entries that are as the import left them: new ones go, updated ones are as before.

        What was changed or used since stays, and is listed.
        """
        self._demand("stopped", "done")
        self.env.flush_all()
        self._take_back()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_import_row SET is_done = is_kept, fact_id = CASE WHEN is_kept THEN fact_id END"
                " WHERE import_id = %s AND is_done",
                self.id,
            )
        )
        self.env.invalidate_all(flush=False)
        self._enter("reverted", reverted_on=fields.Datetime.now())

    def _take_back(self):
        """Take back what the rows have brought; mark those that stay (``is_kept``)."""
        model = self._model()
        self._mark_kept(model)
        self._delete_new(model)
        self._restore_updated(model)
        self._delete_customers()

    def _mark_kept(self, model):
        """Entries that were changed or merged since, and those that something else refers to."""
        used = [
            SQL(
                "EXISTS (SELECT FROM %s other WHERE other.%s = kept.fact_id)",
                SQL.identifier(table),
                SQL.identifier(column),
            )
            for table, column in self._references(model)
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_import_row kept SET is_kept = TRUE
                 WHERE import_id = %(id)s AND is_done AND (%(used)s OR EXISTS (
                           SELECT FROM %(table)s fact WHERE fact.id = kept.fact_id
                              AND %(state)s IS DISTINCT FROM kept.after))
                """,
                id=self.id,
                used=SQL(" OR ").join([SQL("FALSE"), *used]),
                table=SQL.identifier(model._table),
                state=self._state_sql(),
            )
        )

    def _references(self, model):
        """Tables and columns that refer to entries; what the machine works out from them goes with them."""
        found = self.env.execute_query(
            SQL(
                "SELECT other.relname, attribute.attname, confdeltype IN ('c', 'n') FROM pg_constraint"
                " JOIN pg_class other ON other.oid = conrelid"
                " JOIN pg_attribute attribute ON attrelid = conrelid AND attnum = conkey[1]"
                " WHERE contype = 'f' AND confrelid = %s::regclass",
                model._table,
            )
        )
        machine = self._machine_tables()
        return [(table, column) for table, column, gives_way in found if not gives_way or table not in machine]

    def _machine_tables(self):
        """Tables of which no user may create a row, and those of dialogs: set of names."""
        access = self.env["ir.model.access"].sudo().search([("perm_create", "=", True)])
        by_users = set(access.mapped("model_id.model"))
        return {
            model._table
            for model in self.env.values()
            if model._transient or (model._auto and not model._abstract and model._name not in by_users)
        }

    def _own(self, outcome):
        """Rows ``kept`` that are to be taken back."""
        return SQL("kept.import_id = %s AND kept.is_done AND NOT kept.is_kept AND kept.outcome = %s", self.id, outcome)

    def _delete_new(self, model):
        [(ids,)] = self.env.execute_query(
            SQL("SELECT ARRAY_AGG(fact_id) FROM crm_customer_import_row kept WHERE %s", self._own("new"))
        )
        if ids:
            model.browse(ids).exists()._import_taken_back()

    def _delete_customers(self):
        """Customers that the import has made go, too, unless something else was done with them since."""
        [(ids,)] = self.env.execute_query(
            SQL(
                "SELECT ARRAY_AGG(DISTINCT partner_id) FROM crm_customer_import_row kept"
                " WHERE import_id = %s AND is_new_customer AND partner_id IS NOT NULL AND NOT EXISTS ("
                "SELECT FROM crm_customer_import_row other WHERE other.import_id = kept.import_id"
                " AND other.partner_id = kept.partner_id AND other.is_kept)",
                self.id,
            )
        )
        partners = self.env["res.partner"].browse(ids or []).exists()
        used = partners.filtered(lambda partner: partner.child_ids or partner.user_ids)
        for model in self.env["crm.customer.fact"].sudo()._fact_models():
            used |= model.search([("partner_id", "in", (partners - used).ids)]).partner_id.sudo(False)
        # whatever else refers to one keeps it: the database knows
        for partner in partners - used:
            try:
                with self.env.cr.savepoint():
                    partner.sudo().unlink()
            except (psycopg2.IntegrityError, UserError, ValidationError):
                _logger.info("a customer that was made by an import is in use: %s", partner.id)

    def _restore_updated(self, model):
        columns = [
            name
            for name, field in model._fields.items()
            if field.store and field.column_type and name not in ("id", "feed", "source_ref", "company_id")
        ]
        names = SQL(", ").join(map(SQL.identifier, columns))
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s fact SET (%(names)s) = ROW(%(before)s)
                  FROM crm_customer_import_row kept,
                       LATERAL jsonb_populate_record(NULL::%(table)s, kept.before) past
                 WHERE fact.id = kept.fact_id AND %(own)s
                """,
                table=SQL.identifier(model._table),
                names=names,
                before=SQL(", ").join(SQL.identifier("past", name) for name in columns),
                own=self._own("updated"),
            )
        )


class CrmCustomerFact(models.AbstractModel):
    """What an import has brought can be taken back."""

    _inherit = "crm.customer.fact"

    def _import_taken_back(self):
        """Delete entries that an import is taken back for, and have orders they were part of put right."""
        self.unlink()
