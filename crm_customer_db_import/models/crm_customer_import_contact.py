import contextlib
import json

from odoo import fields, models
from odoo.tools import SQL

from .crm_customer_import_contact_target import CONTACTS
from .crm_customer_import_match import SURE

# Contacts go through Odoo's own create and write, which take their time.
CONTACTS_AT_ONCE = 300


class CrmCustomerImport(models.Model):
    """Trying and importing customers with their contacts and sites.

    They go through Odoo's own ``create`` and ``write`` as the user who imports: his rights,
    every check and everything that other apps do with a contact hold. Trying does the same
    and takes it back, so that what it says is what will happen.
    """

    _inherit = "crm.customer.import"

    # Rows that go through one transaction, not counting others of the same customers.
    _contact_slice_size = 250

    def _most_at_once(self):
        """Extended: contacts take longer than what happened with them."""
        return CONTACTS_AT_ONCE if self.kind == CONTACTS else super()._most_at_once()

    def _demand_columns(self):
        """Extended: of a customer nothing is needed but what tells who it is."""
        if self.kind == CONTACTS:
            self.env["res.partner"].check_access("create")
            self.env["res.partner"].check_access("write")
        return super()._demand_columns()

    def _needed(self):
        return [] if self.kind == CONTACTS else super()._needed()

    def _create_decided(self):
        """Extended: customers are made slice by slice, with all that is said of them."""
        return None if self.kind == CONTACTS else super()._create_decided()

    def _next_customers(self, outcome, others=None):
        """The next rows, with all others of the same customers.

        :param outcome: ``SQL`` condition on their outcome
        :param others: ``SQL`` condition on the outcome of others of the same customers; the same by default
        :return: list of (id, line, cells, fault, partner id, decision, ref, key of the customer)
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT id, line, cells, fault, partner_id, decision, ref, customer_key
                  FROM crm_customer_import_row
                 WHERE import_id = %(id)s AND NOT is_done AND %(others)s AND lead_line IN (
                           SELECT lead_line FROM crm_customer_import_row
                            WHERE import_id = %(id)s AND NOT is_done AND %(outcome)s
                            ORDER BY lead_line, line LIMIT %(limit)s)
                 ORDER BY lead_line, line
                """,
                id=self.id,
                outcome=outcome,
                others=others or outcome,
                limit=self._contact_slice_size,
            )
        )

    # ---------------------------------------------------------------------------- trying

    def _try_next(self):
        """Extended: rows of one customer are tried together."""
        if self.kind != CONTACTS:
            return super()._try_next()
        rows = self._next_customers(SQL("outcome IS NULL"))
        if not rows:
            self._enter("checked")
            return 0
        self._try_customers(rows)
        return len(rows)

    def _try_slice(self, rows):
        """Extended: what was decided of some rows is tried with the key of their customer."""
        if self.kind != CONTACTS:
            return super()._try_slice(rows)
        keys = dict(
            self.env.execute_query(
                SQL("SELECT id, customer_key FROM crm_customer_import_row WHERE id = ANY(%s)", [row[0] for row in rows])
            )
        )
        return self._try_customers([(*row, keys[row[0]]) for row in rows])

    def _try_customers(self, rows):
        """Work out what would become of some rows, and keep it with them."""
        converted = self._convert([row[:4] for row in rows])
        customers = self._read_customers(rows, converted)
        outcomes = {}
        self._find_partners(rows, customers, outcomes, converted.faults)
        known = {
            row_id: customer.partner.id
            for customer in customers.values()
            if customer.partner
            for row_id in customer.rows
        }
        with contextlib.closing(self.env.cr.savepoint()) as savepoint:
            results, notes = self._write_customers(customers, converted.faults)
            savepoint.rollback()
        outcomes.update({row_id: result.outcome for row_id, result in results.items()})
        self._keep_outcomes(rows, outcomes, known, converted.faults | notes)

    def _find_partners(self, rows, customers, outcomes, faults):
        """Who the customers are, and which of their rows wait or are left out.

        :param customers: dict of a key and ``Customer``; those that wait or are skipped are taken out
        :param outcomes: dict that gets the outcome of rows that wait or are skipped
        """
        said = {row[0]: (row[4], row[5]) for row in rows}
        unknown, chosen = {}, {}
        for key, customer in customers.items():
            decisions = {said[row_id][1] for row_id in customer.rows}
            partner_id = next((said[row_id][0] for row_id in customer.rows if said[row_id][0]), None)
            if "skip" in decisions:
                outcomes |= dict.fromkeys(customer.rows, "skipped")
            elif partner_id:
                chosen[key] = partner_id
            elif "new" not in decisions:
                unknown[customer.rows[0]] = key
        if unknown:
            # a reference and a number say themselves who it is
            chosen |= self._remembered_partners({key for key in unknown.values() if key[:1] not in "rv"})
            asked = {row_id: customers[key].own for row_id, key in unknown.items() if key not in chosen}
            sure, doubtful = self._match(asked)
            sure |= self._match_archived({id_: own for id_, own in asked.items() if id_ not in (sure | doubtful)})
            chosen |= {unknown[row_id]: partner_id for row_id, partner_id in sure.items()}
            # where a number is that of several, it was decided before which of them is meant
            decided = self._remembered_partners({unknown[row_id] for row_id in doubtful})
            for row_id, candidates in doubtful.items():
                if decided.get(unknown[row_id]) in candidates:
                    chosen[unknown[row_id]] = decided[unknown[row_id]]
                    continue
                outcomes |= dict.fromkeys(customers[unknown[row_id]].rows, ("resolve", candidates))
        for key in [key for key, customer in customers.items() if customer.rows[0] in outcomes]:
            del customers[key]
        self._take_partners(customers, chosen, faults)
        self._join_same(customers)

    def _take_partners(self, customers, chosen, faults):
        """Let customers be who they were found to be, if this user may change them."""
        partners = self.env["res.partner"].browse({*chosen.values()}).exists()
        known = partners.grouped("id")
        mine = partners._filtered_access("write")
        for key, partner_id in chosen.items():
            customer = customers.get(key)
            if not customer:
                continue
            partner = known.get(partner_id)
            if partner and partner not in mine:
                words = self.env._("This is a customer that you may not change.")
                faults.update({row_id: [("", words)] for row_id in customer.rows})
                del customers[key]
            else:
                # one that was deleted since is made anew
                customer.partner = partner

    def _join_same(self, customers):
        """Let rows that name one customer in two ways, by reference and by number, be those of one.

        Each by itself would make the same contact, and fill what the other has filled.

        :param customers: dict of a key and ``Customer``; of those that are one, the first stays
        """
        firsts = {}
        for key, customer in [*customers.items()]:
            own = customer.own
            name = customer.partner.id if customer.partner else self._plain("vat", own.get("customer_vat", ""))
            if not name:
                continue
            first = firsts.setdefault(name, customer)
            references = {one.own["customer_ref"] for one in (first, customer) if one.own.get("customer_ref")}
            if first is customer or (not customer.partner and len(references) > 1):
                # branches may share a number
                continue
            self._lead_together(first, customer)
            self._join(first, customer)
            del customers[key]

    def _lead_together(self, first, other):
        """From now on the rows of two customers who are one go through the same transaction."""
        self.env.cr.execute(
            SQL(
                "UPDATE crm_customer_import_row own SET lead_line = lead.lead_line"
                " FROM crm_customer_import_row lead WHERE lead.id = %s AND own.id = ANY(%s)",
                first.rows[0],
                other.rows,
            )
        )

    def _remembered_partners(self, keys):
        """Whom earlier imports of this source have made or changed for these customers.

        :param keys: set of keys
        :return: dict of a key and the id of a partner
        """
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (row.customer_key) row.customer_key, row.partner_id
                      FROM crm_customer_import_row row
                      JOIN crm_customer_import batch ON batch.id = row.import_id
                     WHERE row.customer_key = ANY(%s) AND row.is_done AND row.partner_id IS NOT NULL
                       AND batch.kind = %s AND batch.source = %s AND batch.company_id = %s
                     ORDER BY row.customer_key, row.id DESC
                    """,
                    list(keys),
                    CONTACTS,
                    self.source,
                    self.company_id.id,
                )
            )
        )

    def _match_among(self):
        """Extended: customers are found among contacts that belong to none."""
        mine = super()._match_among()
        if self.kind != CONTACTS:
            return mine
        if self.env.context.get("customer_import_archived"):
            mine = SQL(
                "NOT partner.active AND (partner.company_id IS NULL OR partner.company_id = %s)", self.company_id.id
            )
        return SQL("%s AND partner.parent_id IS NULL", mine)

    def _match_archived(self, keys):
        """Who of those whom nobody active is like is archived: another one would be a duplicate.

        :param keys: as ``_match`` takes
        :return: dict id of the row → id of the customer
        """
        return self.with_context(customer_import_archived=True)._match(keys)[0] if keys else {}

    def _match_unless(self, strength):
        """Extended: who has another reference or another number is somebody else, and an address alone finds nobody."""
        if self.kind != CONTACTS or strength < SURE:
            return super()._match_unless(strength)
        if strength == SURE + 1:
            return SQL("FALSE")
        return SQL(
            "(key.ref IS NULL OR COALESCE(partner.ref, '') IN ('', key.ref))"
            " AND (key.vat IS NULL OR COALESCE(partner.vat, '') = '' OR right(partner.vat, 8) = right(key.vat, 8))"
        )

    # ------------------------------------------------------------------------- importing

    def _import_next(self):
        """Extended: customers are made and changed as they were tried."""
        if self.kind != CONTACTS:
            return super()._import_next()
        # a row that changes nothing by itself may say what others of the customer don't: that he refuses, an address
        rows = self._next_customers(
            SQL("outcome IN ('new', 'updated')"), others=SQL("outcome IN ('new', 'updated', 'unchanged')")
        )
        if not rows:
            self._enter("done", imported_on=fields.Datetime.now())
            return 0
        converted = self._convert([row[:4] for row in rows])
        customers = self._read_customers(rows, converted)
        outcomes = {}
        self._find_partners(rows, customers, outcomes, converted.faults)
        results, notes = self._write_traced(customers, converted.faults)
        refused = [row for row in rows if row[0] not in results]
        self._keep_outcomes(refused, outcomes, {}, converted.faults)
        self._keep_done(results, notes)
        return len(rows)

    def _keep_done(self, results, notes):
        """Write to the rows what they have become."""
        values = [
            {
                "id": row_id,
                "outcome": result.outcome,
                "partner_id": result.partner_id,
                "fact_id": result.record_id,
                "is_new": result.is_new_customer,
                "reasons": notes.get(row_id),
            }
            for row_id, result in results.items()
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_import_row kept
                   SET is_done = found.outcome <> 'unchanged', outcome = found.outcome, partner_id = found.partner_id,
                       fact_id = found.fact_id, is_new_customer = found.is_new, reasons = found.reasons
                  FROM jsonb_to_recordset(%s::jsonb)
                       found (id int, outcome varchar, partner_id int, fact_id int, is_new bool, reasons jsonb)
                 WHERE kept.id = found.id
                """,
                json.dumps(values),
            )
        )
        self.env["crm.customer.import.row"].invalidate_model(flush=False)
        self.invalidate_recordset()
