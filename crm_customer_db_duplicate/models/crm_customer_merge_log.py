from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.partner_rows import PartnerRows
from ..tools.row_changes import RowChanges, columns_of

# Days for which a merge can be undone. What it has changed holds personal data of contacts
# that are gone, so it isn't kept for ever.
UNDO_DAYS = 90
# How many kinds of things that happened since a sentence lists.
MOST_NAMED = 6
# Marks the attachments that keep the files of contacts that are gone.
KEPT_FILE = "kept_file"


class CrmCustomerMergeLog(models.Model):
    """A merge of contacts, and the way back.

    Before a merge the rows that have to do with the contacts are kept aside, afterwards only
    the difference is written down (``crm.customer.merge.change``). Contacts are plain numbers
    here, so that a further merge moves nothing: the later one is undone first.
    """

    _name = "crm.customer.merge.log"
    _description = "Merge of Contacts"
    _order = "id desc"
    _rec_name = "kept_name"
    _rec_names_search = ["kept_name", "gone_names"]

    kept_id = fields.Integer(string="Number of the contact that stayed", required=True, readonly=True, index=True)
    gone_ids = fields.Json(required=True, readonly=True)
    kept_name = fields.Char(string="Contact that stayed", readonly=True)
    gone_names = fields.Char(string="Merged into it", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", compute="_compute_partner_id", compute_sudo=False)
    company_ids = fields.Many2many(
        "res.company", string="Companies", readonly=True, help="Of the contacts, if they were not shared."
    )
    state = fields.Selection(
        [("merged", "Merged"), ("undone", "Undone"), ("final", "For good")],
        required=True,
        readonly=True,
        default="merged",
        help="A merge can be undone for 90 days, as long as nothing was built on it.",
    )
    undone_on = fields.Datetime(readonly=True)
    undone_by = fields.Many2one("res.users", readonly=True, ondelete="set null", index="btree_not_null")
    change_ids = fields.One2many("crm.customer.merge.change", "log_id", groups=fields.NO_ACCESS)
    last_ids = fields.Json(
        groups=fields.NO_ACCESS, help="Highest id of each table after the merge: what is above came later."
    )
    incomplete = fields.Char(
        groups=fields.NO_ACCESS, help="Tables that lost rows together with others that nobody kept."
    )

    @api.depends("kept_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partner_id(self):
        contacts = self.env["res.partner"].browse(self.mapped("kept_id")).exists()._filtered_access("read")
        known = {contact.id: contact for contact in contacts}
        for log in self:
            log.partner_id = known.get(log.kept_id, contacts.browse())

    def action_open_contact(self):
        """Open the contact that stayed."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("“%s” isn't there any more.", self.kept_name))
        return self.partner_id.action_customer_open_file()

    # --------------------------------------------------------------------- merging

    @api.model
    def _merge_contacts(self, contacts, keep, values):
        """Merge contacts so that it can be undone. The caller has checked who may.

        :param contacts: ``res.partner``, all of them
        :param keep: the one of them that stays
        :param values: dict of what the one that stays is to have afterwards
        :return: the new record
        """
        superuser = self.sudo()
        gone = contacts - keep
        log_values = {
            "kept_id": keep.id,
            "kept_name": keep.sudo().display_name,
            "gone_ids": gone.ids,
            "gone_names": ", ".join(gone.sudo().mapped("display_name")),
            "company_ids": contacts.sudo().company_id.ids,
        }
        self._settle()
        # what follows from a new address or owner is written for those below, too
        family = superuser.env["res.partner"].with_context(active_test=False).search([("id", "child_of", contacts.ids)])
        rows = PartnerRows(superuser.env, (contacts | family).ids)
        rows.add_frail()
        changes = RowChanges(superuser.env, rows)
        changes.keep()
        if len({contact.company_id for contact in contacts.sudo()}) > 1:
            # what happened in each of their companies will be one contact's, so all of them must know it
            contacts.sudo().company_id = False
        wizard = superuser.env["base.partner.merge.automatic.wizard"]
        wizard.with_context(customer_merge_kept=True)._merge(contacts.ids, keep.sudo(), extra_checks=False)
        superuser.env.invalidate_all()
        if values:
            keep.write(values)
        self._settle()
        log = superuser.create(log_values)
        superuser.env.flush_all()
        changes.compare(log.id)
        log._keep_files()
        log._note_incomplete(rows)
        log.last_ids = self._highest_ids(rows.tables)
        return log.sudo(self.env.su)

    @api.model
    def _settle(self):
        """Have everything done that waits for the end of the transaction, so that it isn't done later."""
        self.env["crm.customer.feed"].sudo()._sync_pending("all")
        self.env.cr.flush()
        self.env["crm.customer.feed"].sudo()._sync_pending("all")
        self.env.flush_all()

    @api.model
    def _highest_ids(self, tables):
        """The highest id in each of some tables.

        :return: dict of name of a table → id
        """
        known = columns_of(self.env, tables)
        queries = [
            SQL("SELECT %s, MAX(id) FROM %s", table, SQL.identifier(table)) for table in tables if "id" in known[table]
        ]
        return {table: last or 0 for table, last in self.env.execute_query(SQL(" UNION ALL ").join(queries))}

    def _keep_files(self):
        """Keep the files of attachments that went with a contact: Odoo deletes those that nothing refers to."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO ir_attachment (name, type, res_model, res_id, res_field, store_fname, checksum, file_size,
                                           mimetype, company_id, create_uid, write_uid, create_date, write_date)
                SELECT was.name, was.type, %(model)s, %(log)s, %(field)s, was.store_fname, was.checksum, was.file_size,
                       was.mimetype, was.company_id, was.create_uid, was.write_uid, was.create_date, was.write_date
                  FROM crm_customer_merge_change change
                 CROSS JOIN LATERAL jsonb_populate_recordset(NULL::ir_attachment, change.old) was
                 WHERE change.log_id = %(log)s AND change.table_name = 'ir_attachment' AND change.action = 'deleted'
                   AND was.store_fname IS NOT NULL
                """,
                model=self._name,
                log=self.id,
                field=KEPT_FILE,
            )
        )

    def _note_incomplete(self, rows):
        """Note tables that lost rows on which others hang that were not kept.

        :param rows: ``PartnerRows`` of the merge
        """
        loose = self.env["crm.customer.merge.change"]._computed_tables()
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT change.table_name, own.conrelid::regclass::text
                  FROM crm_customer_merge_change change
                  JOIN pg_constraint own ON own.contype = 'f' AND own.confdeltype IN ('c', 'n')
                   AND own.confrelid = change.table_name::regclass
                 WHERE change.log_id = %s AND change.action = 'deleted' AND change.table_name <> 'res_partner'
                """,
                self.id,
            )
        )
        frail = {self.env[name]._table for name in rows.frail}
        lost = {table for table, _other in found if table not in frail and table not in loose}
        self.incomplete = ", ".join(sorted(lost)) or False

    # ---------------------------------------------------------------------- undoing

    def action_undo(self):
        """Take merged contacts apart again.

        :raise UserError: when something was built on the merge
        """
        self.ensure_one()
        self.env["crm.customer.duplicate"]._check_manager()
        self.check_access("read")
        contact = self.env["res.partner"].browse(self.kept_id).exists()
        contact.check_access("write")
        log = self.sudo()
        log.lock_for_update()
        log._settle()
        obstacles = log._obstacles()
        if obstacles:
            raise UserError("\n".join([self.env._("This merge can't be undone.") + " " + obstacles[0], *obstacles[1:]]))
        self.env["crm.customer.merge.change"].sudo()._put_back(log)
        log._after_undo()
        return contact.action_customer_open_file()

    def _after_undo(self):
        """What follows from contacts that are there again."""
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()
        self.write({"state": "undone", "undone_on": fields.Datetime.now(), "undone_by": self.env.uid})
        self._forget()
        ids = [self.kept_id, *self.gone_ids]
        facts = self.env["crm.customer.fact"]
        facts._resync_commercial_partner(ids)
        whose = SQL("partner_id = ANY(%(ids)s) OR commercial_partner_id = ANY(%(ids)s)", ids=ids)
        for model in facts._fact_models():
            model._fact_orders_changed(whose)
        self.env["crm.customer.metrics.queue"]._mark(ids)

    def _forget(self):
        """Drop what a merge has changed, with the files that were kept for it."""
        if self:
            self.env.cr.execute(SQL("DELETE FROM crm_customer_merge_change WHERE log_id = ANY(%s)", self.ids))
            self.invalidate_model(["change_ids"], flush=False)
            self.env["ir.attachment"].search(
                [("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", KEPT_FILE)]
            ).unlink()

    def _obstacles(self):
        """Why a merge can't be undone.

        :return: list of sentences, empty if it can
        """
        if self.state != "merged":
            return [
                self.env._("It has been undone already.")
                if self.state == "undone"
                else self.env._("That is possible for %s days only.", UNDO_DAYS)
            ]
        if not self.env["res.partner"].browse(self.kept_id).exists():
            later = self._later_merge()
            if later:
                return [self.env._("“%s” was merged again since: undo that first.", self.kept_name)]
            return [self.env._("“%s” isn't there any more.", self.kept_name)]
        if self._later_merge():
            return [self.env._("“%s” was merged again since: undo that first.", self.kept_name)]
        if self.incomplete:
            return [self.env._("It has deleted things that can't be brought back (%s).", self.incomplete)]
        if self._locked_since():
            return [self.env._("Entries that it has moved were locked for good since.")]
        sentences = []
        come = self._come_since()
        if come:
            sentences.append(
                self.env._("Since then “%(contact)s” has got: %(what)s.", contact=self.kept_name, what=come)
            )
        touched = self._touched_since()
        if touched:
            sentences.append(self.env._("Since then these were changed: %s.", touched))
        return sentences

    def _later_merge(self):
        """Whether a later merge has the contact of this one in it."""
        later = self.search([("id", ">", self.id), ("state", "in", ("merged", "final"))])
        return later.filtered(lambda log: self.kept_id in (log.kept_id, *log.gone_ids))

    def _locked_since(self):
        """Whether entries that were moved have a hash now: it names the contact that stayed."""
        if "account.move.line" not in self.env:
            return False
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT FROM crm_customer_merge_change change
                     CROSS JOIN LATERAL jsonb_array_elements_text(change.row_ids) AS part (id)
                      JOIN account_move_line line ON line.id = part.id::int
                      JOIN account_move move ON move.id = line.move_id
                     WHERE change.log_id = %s AND change.table_name = 'account_move_line' AND change.action = 'changed'
                       AND change.old ? 'partner_id' AND move.inalterable_hash IS NOT NULL
                     LIMIT 1
                    """,
                    self.id,
                )
            )
        )

    def _come_since(self):
        """What the contact that stayed has got since, in words; '' for nothing."""
        changes = self.env["crm.customer.merge.change"]
        skipped = changes._computed_tables() | changes._passing_tables()
        return self._in_words(PartnerRows(self.env, [self.kept_id]).count(skipped, self.last_ids))

    def _touched_since(self):
        """What of the merge was changed since, in words; '' for nothing."""
        touched = self.env["crm.customer.merge.change"]._count_touched(self)
        contacts = touched.pop("res_partner", None)
        words = [self._in_words({table: count for table, (count, _names) in touched.items()})]
        if contacts:
            fields_of = self.env["res.partner"]._fields
            labels = [fields_of[name]._description_string(self.env) for name in contacts[1] if name in fields_of]
            words.insert(0, ", ".join(sorted(labels)) or self.env._("the contact"))
        return "; ".join(filter(None, words))

    def _in_words(self, counts, most=MOST_NAMED):
        """Numbers of rows of tables as things of the trade.

        :param counts: dict of name of a table → number
        :param most: how many kinds are named
        """
        models_of = {model._table: name for name, model in self.env.items() if model._auto and not model._abstract}
        words = [
            self.env._(
                "%(count)s × %(what)s",
                count=count,
                what=self.env["ir.model"]._get(models_of[table]).name if table in models_of else table,
            )
            for table, count in counts.items()
        ]
        return ", ".join(words[:most]) + ("…" if len(words) > most else "")

    @api.autovacuum
    def _gc_changes(self):
        """Make old merges final, and forget what they have changed."""
        limit = fields.Datetime.now() - timedelta(days=UNDO_DAYS)
        old = self.search([("state", "=", "merged"), ("create_date", "<", limit)], limit=1000)
        old._forget()
        old.state = "final"
