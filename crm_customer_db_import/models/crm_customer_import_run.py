import json

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .crm_customer_import_target import CLOSED, CUSTOMER

# Up to so many rows are worked on at once while the user waits.
AT_ONCE = 20_000
FEED = "import"
# How often what somebody else has written at the same time is tried again.
MOST_TRIES = 5


class CrmCustomerImport(models.Model):
    """Trying rows and importing them, slice by slice."""

    _inherit = "crm.customer.import"

    # Rows that go through one transaction.
    _slice_size = 20_000

    # -------------------------------------------------------------------------- buttons

    def action_try(self):
        """See what would become of each row. Nothing is imported."""
        self._demand("draft", "checked")
        self._demand_columns()
        count = self._stage()
        if not count:
            raise UserError(self.env._("The file has no rows below its names of columns."))
        self._enter("trying")
        self._go_on(count)

    def _go_on(self, count):
        """Do what is to be done with so many rows: at once, or in the background."""
        if count > self._most_at_once():
            self.env.ref("crm_customer_db_import.ir_cron_import").sudo()._trigger()
        else:
            while self._next_slice():
                pass

    def _most_at_once(self):
        """How many rows are worked on while the user waits (int)."""
        return AT_ONCE

    def _next_slice(self):
        """Try or import the next rows, in this transaction.

        :return: number of rows that were taken (int), 0 when there are no more
        """
        self.ensure_one()
        return {"trying": self._try_next, "running": self._import_next}.get(self.state, lambda: 0)()

    def _try_next(self):
        rows = self._next_rows(SQL("outcome IS NULL"))
        if not rows:
            self._enter("checked")
            return 0
        self._try_slice(rows)
        return len(rows)

    def _demand_columns(self):
        """Check that it is said what a row needs, and nothing twice.

        :raise UserError: when it is not
        """
        targets = [column.target for column in self.column_ids if column.target]
        labels = self._targets(self.kind)
        if not {*CUSTOMER}.intersection(targets):
            raise UserError(self.env._("Say which column names the customer: a reference, a VAT number or a name."))
        if twice := next((target for target in targets if targets.count(target) > 1), None):
            raise UserError(self.env._("Two columns are “%s”: leave one of them out.", labels[twice].label))
        named = {target.name: target.label for target in labels.values()}
        given = {labels[target].name.partition("/")[0] for target in targets if target in labels}
        for names in self._needed():
            if given.isdisjoint(names):
                raise UserError(self.env._("Say which column is “%s”: each row needs it.", named[names[0]]))

    def _needed(self):
        """Columns that each row needs: lists of names of which one is enough."""
        model = self._model()
        money = [*model._fact_money_required().items()]
        closed = {*CLOSED, *model._fact_machine_columns(), "date", *(name for pair in money for name in pair)}
        required = [name for name, field in model._fields.items() if field.required and field.store]
        required = [name for name in required if name not in closed]
        defaults = model.default_get(required)
        return [["date"], *map(list, money), *([name] for name in required if name not in defaults)]

    def action_import(self):
        """Import what is new and what differs. Large files go on in the background."""
        self._demand("checked", "stopped")
        if not self.new_count + self.updated_count:
            raise UserError(self.env._("There is nothing to import: no row is new or different."))
        self._create_decided()
        self._enter("running")
        self._go_on(self.waiting_count)

    def _create_decided(self):
        """Make the customers that rows were decided to be of, each once for all of its rows."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, line, cells, fault FROM crm_customer_import_row WHERE import_id = %s AND decision = 'new'"
                " AND partner_id IS NULL AND outcome IN ('new', 'updated') AND NOT is_done ORDER BY line",
                self.id,
            )
        )
        if not rows:
            return
        made = self._create_customers(self._convert(rows).keys)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_import_row kept SET partner_id = made.partner_id, is_new_customer = TRUE"
                " FROM unnest(%s, %s) made (id, partner_id) WHERE kept.id = made.id",
                list(made),
                list(made.values()),
            )
        )
        self.env["crm.customer.import.row"].invalidate_model(flush=False)

    def action_stop(self):
        """Stop after the slice that is being imported. What is imported stays; the rest can go on later."""
        self._demand("trying", "running")
        self._enter("draft" if self.state == "trying" else "stopped")

    def action_create_unknown(self):
        """Rows of which no similar customer is known are of new customers."""
        self._demand("checked", "stopped", "done")
        waiting = self.env["crm.customer.import.row"].search([("import_id", "=", self.id), ("outcome", "=", "resolve")])
        rows = waiting.filtered(lambda row: not row.candidate_ids)
        if not rows:
            raise UserError(self.env._("Each row that waits has a similar customer: look at them one by one."))
        rows._decide("new")

    # ---------------------------------------------------------------------------- trying

    def _next_rows(self, outcome):
        """The next rows that are not imported, after those that were taken since this state was entered.

        :param outcome: ``SQL`` condition on their outcome
        :return: list of (id, line, cells, fault, partner id, decision, ref)
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, line, cells, fault, partner_id, decision, ref FROM crm_customer_import_row"
                " WHERE import_id = %s AND line > %s AND %s AND NOT is_done ORDER BY line LIMIT %s",
                self.id,
                self.at_line,
                outcome,
                self._slice_size,
            )
        )
        if rows:
            self.sudo().at_line = rows[-1][1]
        return rows

    def _try_rows(self, rows):
        """Try some rows again, after it was decided whose they are.

        :param rows: ``crm.customer.import.row`` records
        """
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                "SELECT id, line, cells, fault, partner_id, decision, ref FROM crm_customer_import_row"
                " WHERE id = ANY(%s) AND NOT is_done ORDER BY line",
                list(rows.ids),
            )
        )
        self._try_slice(found)
        if self.state == "done" and self.waiting_count:
            self._enter("stopped")

    def _try_slice(self, rows):
        """Work out what would become of some rows, and keep it with them.

        :param rows: as ``_next_rows`` gives
        """
        converted = self._convert([row[:4] for row in rows])
        outcomes = {}
        partners, new = self._find_customers(rows, converted, outcomes)
        # customers are made when rows are imported; until then somebody stands in for them
        partners |= dict.fromkeys(new, self.company_id.partner_id.id)
        good = [row for row in rows if row[0] in partners and row[0] not in converted.faults]
        numbers = {number: row[0] for number, row in enumerate(good, 1)}
        if good:
            found, errors = self._model()._try_facts(
                self._loader_rows(good, partners, converted),
                FEED,
                self.company_id,
                columns=["partner_id", "source_ref", *converted.columns],
            )
            for number, outcome in found.items():
                outcomes[numbers[number]] = outcome
            self._note_errors(errors, numbers, converted.faults)
        for row_id, *_row in rows:
            if row_id in converted.faults:
                outcomes[row_id] = "rejected"
        for row_id in new:
            del partners[row_id]
        words = {row_id: " · ".join(own.values())[:400] for row_id, own in converted.keys.items()}
        self._keep_outcomes(rows, outcomes, partners, converted.faults, words)

    def _find_customers(self, rows, converted, outcomes):
        """Whose rows they are.

        :param outcomes: dict that gets the outcome of rows that are of nobody
        :return: (dict id of the row → id of the customer, set of ids of rows of new customers)
        """
        partners, unknown, new = {}, {}, set()
        for row_id, _line, _cells, _fault, partner_id, decision, _ref in rows:
            if row_id in converted.faults:
                continue
            own = converted.keys[row_id]
            if decision == "skip":
                outcomes[row_id] = "skipped"
            elif partner_id:
                partners[row_id] = partner_id
            elif not own:
                converted.faults[row_id] = [("", self.env._("The row does not say which customer it is of."))]
            elif decision == "new":
                new.add(row_id)
            else:
                unknown[row_id] = own
        if unknown:
            sure, doubtful = self._match(unknown)
            partners.update(sure)
            for row_id in unknown.keys() - sure.keys():
                outcomes[row_id] = ("resolve", doubtful.get(row_id))
        return partners, new

    def _loader_rows(self, rows, partners, converted):
        for row_id, _line, _cells, _fault, _partner, _decision, ref in rows:
            yield (partners[row_id], ref, *converted.values[row_id])

    def _note_errors(self, errors, numbers, faults):
        """Errors of the loader as faults of rows, by the names that columns have in the file."""
        targets = self._targets(self.kind)
        headers = {targets[column.target].name: column.header for column in self.column_ids if column.target in targets}
        for error in errors:
            header = headers.get(error.column, error.column)
            faults.setdefault(numbers[error.row], []).append((header, error.message))

    def _keep_outcomes(self, rows, outcomes, partners, faults, words=None):
        """Write what was found out to the rows, in one statement.

        :param words: dict id of a row → what it says of its customer, kept for those that wait
        """
        values = []
        for row_id, *_row in rows:
            outcome = outcomes.get(row_id, "rejected")
            candidates = None
            if isinstance(outcome, tuple):
                outcome, candidates = outcome
            values.append(
                {
                    "id": row_id,
                    "outcome": outcome,
                    "partner_id": partners.get(row_id),
                    "candidate_ids": candidates,
                    "customer_key": words.get(row_id) if words and outcome == "resolve" else None,
                    "reasons": self._reasons(row_id, outcome, candidates, faults),
                }
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_import_row kept
                   SET outcome = found.outcome, partner_id = found.partner_id, reasons = found.reasons,
                       candidate_ids = COALESCE(NULLIF(found.candidate_ids, 'null'), kept.candidate_ids),
                       customer_key = COALESCE(found.customer_key, kept.customer_key)
                  FROM jsonb_to_recordset(%s::jsonb)
                       found (id int, outcome varchar, partner_id int, candidate_ids jsonb, reasons jsonb,
                              customer_key varchar)
                 WHERE kept.id = found.id
                """,
                json.dumps(values),
            )
        )
        self.env["crm.customer.import.row"].invalidate_model(flush=False)
        self.invalidate_recordset()

    def _reasons(self, row_id, outcome, candidates, faults):
        """Why a row is rejected or waits: list of (header, sentence), or None."""
        if outcome != "resolve":
            return faults.get(row_id)
        if candidates:
            return [("", self.env._("There are similar customers: is it one of them?"))]
        return [("", self.env._("Nobody like that is known."))]

    # ------------------------------------------------------------------------- importing

    def _import_next(self):
        rows = self._next_rows(SQL("outcome IN ('new', 'updated')"))
        if not rows:
            self._enter("done", imported_on=fields.Datetime.now())
            return 0
        model = self._model()
        converted = self._convert([row[:4] for row in rows])
        partners = {row[0]: row[4] for row in rows if row[4]}
        good = [row for row in rows if row[0] in partners and row[0] not in converted.faults]
        numbers = {number: row[0] for number, row in enumerate(good, 1)}
        self._keep_before(model, good)
        result = model._load_facts(
            self._loader_rows(good, partners, converted),
            FEED,
            self.company_id,
            columns=["partner_id", "source_ref", *converted.columns],
            max_errors=None,
        )
        self._note_errors(result.errors, numbers, converted.faults)
        for row in rows:
            if row[0] not in partners:
                # the customer was deleted since
                converted.faults.setdefault(row[0], []).append(("", self.env._("The customer is no longer there.")))
        if converted.faults:
            refused = [row for row in rows if row[0] in converted.faults]
            self._keep_outcomes(refused, {}, partners, converted.faults)
        self._keep_after(model, [row for row in rows if row[0] not in converted.faults])
        return len(rows)

    def _keep_before(self, model, rows):
        """Keep entries that are about to be updated, as they are."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_import_row kept SET before = to_jsonb(fact)
                  FROM %(table)s fact
                 WHERE kept.id = ANY(%(ids)s) AND fact.feed = %(feed)s AND fact.source_ref = kept.ref
                   AND fact.company_id = kept.company_id
                """,
                table=SQL.identifier(model._table),
                ids=[row[0] for row in rows],
                feed=FEED,
            )
        )

    def _keep_after(self, model, rows):
        """Keep which entries rows have become, and what they are."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_import_row kept
                   SET is_done = TRUE, fact_id = fact.id, after = %(after)s,
                       outcome = CASE WHEN before IS NULL THEN 'new' ELSE 'updated' END
                  FROM %(table)s fact
                 WHERE kept.id = ANY(%(ids)s) AND fact.feed = %(feed)s AND fact.source_ref = kept.ref
                   AND fact.company_id = kept.company_id
                """,
                table=SQL.identifier(model._table),
                after=self._state_sql(),
                ids=[row[0] for row in rows],
                feed=FEED,
            )
        )
        self.env["crm.customer.import.row"].invalidate_model(flush=False)
        self.invalidate_recordset()

    def _state_sql(self):
        """What tells whether an entry ``fact`` was changed: when it was written, and for whom, which a merge changes."""
        return SQL("fact.write_date || ' ' || fact.partner_id")

    @api.model
    def _cron_import(self):
        """Go on with imports that wait: a slice per transaction, until somebody stops them."""
        tries = 0
        while batch := self.search([("state", "in", ("trying", "running"))], order="id", limit=1):
            user = batch.write_uid
            batch = batch.with_user(user).with_context(lang=user.lang).with_company(batch.company_id)
            try:
                taken = batch._next_slice()
            except psycopg2.OperationalError:
                # somebody else has written the same rows: they are still there
                tries += 1
                if tries > MOST_TRIES:
                    raise
                self.env.cr.rollback()
                continue
            if not self.env["ir.cron"]._commit_progress(taken, remaining=1):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)
