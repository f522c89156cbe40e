import json

from odoo import Command, fields, models
from odoo.tools import SQL

from .crm_customer_import_contact_target import CONTACTS
from .crm_customer_import_contact_trace import FOLLOWING, STAMPS
from .crm_customer_import_contact_write import REFUSED


class CrmCustomerImport(models.Model):
    """Taking back customers, contacts and sites that an import has made or changed."""

    _inherit = "crm.customer.import"

    def _take_back(self):
        """Extended: contacts that nobody has changed or used since are as before; refusals stay."""
        if self.kind != CONTACTS:
            return super()._take_back()
        rows = self.env["crm.customer.import.row"].sudo().search([("import_id", "=", self.id), ("is_done", "=", True)])
        traces = [row.before for row in rows if row.before]
        made = self._last_written(traces)
        self.env["crm.customer.consent"].sudo().browse(
            [id_ for trace in traces for id_ in trace.get("consents", ())]
        ).exists()._erase()
        kept = self._used_contacts(made)
        kept |= self._delete_contacts([id_ for id_ in made if id_ not in kept])
        for trace in reversed(traces):
            kept |= self._restore_links(trace.get("links", {})) - made.keys()
        self.env.flush_all()
        kept |= self._restore_changed(traces, made)
        self.env.invalidate_all(flush=False)
        rows.filtered(lambda row: row.fact_id in kept or row.partner_id.id in kept).is_kept = True
        changed = {int(id_) for trace in traces for id_ in trace.get("changed", {}).get("res_partner", {})}
        self.env["crm.customer.metrics.queue"].sudo()._mark([*changed])
        return None

    # ----------------------------------------------------------------------- what was made

    def _last_written(self, traces):
        """When the import last wrote the contacts that it has made: dict of an id and the time as a text.

        A later row may have found the customer whom an earlier one had made.
        """
        made = {int(id_): written for trace in traces for id_, written in trace.get("made", {}).items()}
        for trace in traces:
            for id_, change in trace.get("changed", {}).get("res_partner", {}).items():
                written = change["new"].get("write_date", "")[:19].replace("T", " ")
                if int(id_) in made:
                    made[int(id_)] = max(made[int(id_)], written)
        return made

    def _used_contacts(self, made):
        """Contacts that were changed since, or that anything refers to which people or documents bring.

        :param made: dict id of a contact and when the import last wrote it
        :return: set of ids, with the customers above them
        """
        partners = self.env["res.partner"].sudo().with_context(active_test=False).browse(made).exists()
        kept = {one.id for one in partners if fields.Datetime.to_string(one.write_date) != made[one.id]}
        for table, column in self._referring():
            others = SQL("AND id <> ALL(%s)", partners.ids) if table == "res_partner" else SQL()
            found = SQL(
                "SELECT DISTINCT %(column)s FROM %(table)s WHERE %(column)s = ANY(%(ids)s) %(others)s",
                column=SQL.identifier(column),
                table=SQL.identifier(table),
                ids=partners.ids,
                others=others,
            )
            kept.update(id_ for (id_,) in self.env.execute_query(found))
        kept |= self._mentioned(partners)
        above = partners.filtered(lambda one: one.id in kept).parent_id
        return kept | {*above.ids}

    def _referring(self):
        """Tables and columns by which something refers to a contact that is not the work of the machine.

        What no user may create (figures, the history of addresses) follows from the contact, what
        is transient is gone soon, and lists of a contact's own go with it.
        """
        machine = self._machine_tables() | {"crm_customer_segment_member"}
        for model in self.env.values():
            for field in model._fields.values():
                if field.type == "many2many" and field.store and (model._transient or model._name == CONTACTS):
                    machine.add(field.relation)
        found = self.env["base.partner.merge.automatic.wizard"]._get_fk_on("res_partner")
        return [(table, column) for table, column in found if table not in machine]

    def _mentioned(self, partners):
        """Contacts with a message, an activity or a file of their own."""
        found = set()
        for name, model_field in (
            ("mail.message", "model"),
            ("mail.activity", "res_model"),
            ("ir.attachment", "res_model"),
        ):
            model = self.env[name].sudo().with_context(active_test=False)
            groups = model._read_group([(model_field, "=", CONTACTS), ("res_id", "in", partners.ids)], ["res_id"])
            found.update(id_ for (id_,) in groups)
        return found

    def _delete_contacts(self, ids):
        """Delete contacts; those that the database or an app keeps are found by halves.

        :return: set of ids of those that stay
        """
        partners = self.env["res.partner"].sudo().browse(ids).exists()
        if not partners:
            return set()
        try:
            with self.env.cr.savepoint():
                partners.unlink()
        except REFUSED:
            if len(partners) == 1:
                return {*partners.ids}
            middle = len(partners) // 2
            return self._delete_contacts(partners[:middle].ids) | self._delete_contacts(partners[middle:].ids)
        return set()

    # -------------------------------------------------------------------- what was changed

    def _restore_links(self, links):
        """Put back what a contact was linked to.

        :return: set of ids of contacts whose links are others by now
        """
        kept = set()
        for name, changes in links.items():
            for id_, change in changes.items():
                partner = self.env["res.partner"].sudo().browse(int(id_)).exists()
                if sorted(partner[name].ids) != change["new"]:
                    kept.add(int(id_))
                else:
                    # what was deleted since is not put back
                    old = partner[name].browse(change["old"]).exists()
                    partner.write({name: [Command.set(old.ids)]})
        return kept

    def _restore_changed(self, traces, made):
        """Put back rows that are as the import left them, with what followed from them.

        :param made: dict of which the keys are ids of contacts that the import has made: they are not put back
        :return: set of ids of contacts that were changed since
        """
        changes = self._whole(traces, made)
        kept = {id_ for table, id_, _old, _new in changes if table == "res_partner"} - self._unchanged(changes)
        good = [trace for trace in traces if not kept & self._changed_ids(trace)]
        changes = self._whole(good, made)
        for table in FOLLOWING:
            self._delete_added(table, [id_ for trace in good for id_ in trace.get("added", {}).get(table, ())])
            self._put_back(table, [change for change in changes if change[0] == table])
        return kept

    def _changed_ids(self, trace):
        """Contacts that a trace has changes of: set of ids."""
        return {*map(int, trace.get("changed", {}).get("res_partner", {}))}

    def _whole(self, traces, made):
        """One change of each row from what several customers of the file have made of it, one after the other.

        :return: list of (table, id, old, new), without contacts that the import has made
        """
        changes = [change for trace in traces for change in self._flat(trace)]
        found = {}
        for table, id_, old, new in sorted(changes, key=lambda change: change[3].get("write_date") or ""):
            if table != "res_partner" or id_ not in made:
                first, last = found.get((table, id_), ({}, {}))
                found[table, id_] = ({**old, **first}, {**last, **new})
        return [(*key, *values) for key, values in found.items()]

    def _flat(self, trace):
        """Changes of a trace as (table, id, old, new)."""
        for table, changes in trace.get("changed", {}).items():
            for id_, change in changes.items():
                yield table, int(id_), change["old"], change["new"]

    def _unchanged(self, changes):
        """Ids of contacts whose columns still are what the import made of them."""
        wanted = [
            {"id": id_, "new": {name: value for name, value in new.items() if name not in STAMPS}}
            for table, id_, _old, new in changes
            if table == "res_partner"
        ]
        return {
            id_
            for (id_,) in self.env.execute_query(
                SQL(
                    "SELECT partner.id FROM res_partner partner"
                    " JOIN jsonb_to_recordset(%s::jsonb) wanted (id int, new jsonb) ON wanted.id = partner.id"
                    " WHERE to_jsonb(partner) @> wanted.new",
                    json.dumps(wanted),
                )
            )
        }

    def _delete_added(self, table, ids):
        if ids:
            self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(table), ids))

    def _put_back(self, table, changes):
        """Write the old values of columns, whatever they follow from; a record that was deleted since is none."""
        if not changes:
            return
        columns = sorted({name for _table, _id, old, _new in changes for name in old})
        gone = self._gone(table, columns, changes)
        values = [
            {"id": id_, "old": {name: None if (name, value) in gone else value for name, value in old.items()}}
            for _table, id_, old, _new in changes
        ]
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s own SET (%(names)s) = ROW(%(values)s)
                  FROM jsonb_to_recordset(%(changes)s::jsonb) change (id int, old jsonb),
                       %(table)s present, LATERAL jsonb_populate_record(present, change.old) past
                 WHERE own.id = change.id AND present.id = change.id
                """,
                table=SQL.identifier(table),
                names=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(SQL.identifier("past", name) for name in columns),
                changes=json.dumps(values),
            )
        )

    def _gone(self, table, columns, changes):
        """Old values that name records which are no longer there.

        :return: set of (column, id)
        """
        [model] = [model for model in self.env.values() if model._table == table and not model._abstract]
        gone = set()
        for name in columns:
            field = model._fields.get(name)
            if field is not None and field.type == "many2one":
                ids = {old[name] for _table, _id, old, _new in changes if old.get(name)}
                there = self.env[field.comodel_name].sudo().browse(ids).exists()
                gone.update((name, id_) for id_ in ids - {*there.ids})
        return gone
