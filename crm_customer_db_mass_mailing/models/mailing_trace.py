from odoo import api, fields, models
from odoo.tools import SQL


class MailingTrace(models.Model):
    """Who a trace went to, kept for good.

    A trace points at a record of any model without a foreign key, and for most of them
    only the address tells the contact. Addresses change, contacts are merged; so the
    contact is found once, when the trace is new, and merging moves it like any other.
    """

    _name = "mailing.trace"
    _inherit = ["mailing.trace", "crm.customer.feed.source"]

    customer_partner_id = fields.Many2one(
        "res.partner",
        string="Customer contact",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The contact this was sent to.",
    )

    # Odoo looks traces up by record but has no index for it; so do we, for unsubscribing.
    _customer_record_idx = models.Index("(model, res_id)")

    @api.model
    def _customer_resolve(self, ids):
        """Find the contacts of traces that have none yet, in one statement.

        Of a contact itself, of a record with a contact (a lead, an order), else the
        contact with the same address; the oldest one that is not archived if several
        have it.

        :param ids: ids of traces
        """
        self.flush_model(["model", "res_id", "email"])
        self.env["res.partner"].flush_model(["email_normalized", "phone_sanitized", "active"])
        self.env.cr.execute(
            SQL(
                """
                WITH found AS (
                    SELECT t.id, COALESCE(CASE t.model %(by_record)s END, %(by_address)s) AS partner_id
                      FROM mailing_trace t
                     WHERE t.id = ANY(%(ids)s) AND t.customer_partner_id IS NULL AND NOT COALESCE(t.is_test_trace, FALSE)
                )
                UPDATE mailing_trace t SET customer_partner_id = found.partner_id
                  FROM found
                 WHERE t.id = found.id AND found.partner_id IS NOT NULL
                """,
                ids=list(ids),
                by_record=SQL(" ").join(
                    SQL("WHEN %s THEN (%s)", name, query) for name, query in self._customer_by_record().items()
                ),
                by_address=self._customer_by_address(),
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_model(["customer_partner_id"], flush=False)

    @api.model
    def _customer_by_record(self):
        """How the contact follows from the record, for every model mailings can go to.

        :return: dict of model name and ``SQL`` query of the contact of ``t.res_id``
        """
        queries = {"res.partner": SQL("SELECT id FROM res_partner WHERE id = t.res_id")}
        for name, model in self.pool.items():
            field = model._fields.get("partner_id")
            if not (getattr(model, "_mailing_enabled", False) and field and field.store and not model._abstract):
                continue
            if field.comodel_name == "res.partner" and field.column_type:
                self.env[name].flush_model(["partner_id"])
                queries[name] = SQL("SELECT partner_id FROM %s WHERE id = t.res_id", SQL.identifier(model._table))
        return queries

    @api.model
    def _customer_by_address(self):
        """The contact with the address a trace was sent to, where the record tells none."""
        conditions = [SQL("t.trace_type = 'mail' AND p.email_normalized = t.email")]
        if "sms_number" in self._fields:
            conditions.append(SQL("t.trace_type = 'sms' AND p.phone_sanitized = t.sms_number"))
        arms = [
            SQL(
                "(SELECT p.id FROM res_partner p WHERE %s AND t.model <> 'res.partner'"
                " ORDER BY p.active DESC, p.id LIMIT 1)",
                condition,
            )
            for condition in conditions
        ]
        return SQL(", ").join(arms)
