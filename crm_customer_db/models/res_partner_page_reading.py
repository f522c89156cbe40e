from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, Query

# Tag fields of the page whose rows are read together, in one statement.
PAGE_TAGS = (
    "customer_asset_ids",
    "customer_contact_role_ids",
    "customer_buying_procedure_ids",
)
# What these columns hold is the same in JSON and in Odoo's cache.
PLAIN_TYPES = ("boolean", "char", "float", "integer", "many2one", "selection", "text")


class ResPartner(models.Model):
    """Reading the form with the page: two queries more, whatever is filled in.

    Odoo reads a many2many in one query for its links and one for its records, and a
    many2one in one query for its name: over twenty for this page. Here one query brings
    all links and one all entries of catalogues, in all languages.
    """

    _inherit = "res.partner"

    @api.readonly
    def web_read(self, specification):
        if "customer_kind" in specification and self.ids:
            self._customer_prefetch_page(specification)
        return super().web_read(specification)

    def _customer_prefetch_page(self, specification):
        """Read the tags, call windows and catalogue entries of the page into the cache.

        What is in the cache already stays, and Odoo itself reads what is missing, so
        this changes what is read when, never what is answered.

        :param specification: what ``web_read`` was asked for
        """
        # The columns first, with those that computed fields need, in one statement with
        # the access rules, as Odoo fetches them. The ids of catalogue entries are among
        # them.
        fields = [self._fields[name] for name in specification if name in self._fields]
        needed = {
            self._fields[name]
            for field in fields
            for name in self.pool.field_depends.get(field, ())
            if name in self._fields  # not the path of a dependency
        }.difference(fields)
        self.fetch(
            [
                field.name
                for field in (*fields, *needed)
                if field.store and field.column_type and (field not in needed or self._has_field_access(field, "read"))
            ]
        )
        entries = self._customer_prefetch_links(
            [
                name
                for name in (*PAGE_TAGS, "customer_call_window_ids")
                if name in specification and self._has_field_access(self._fields[name], "read")
            ]
        )
        for field in fields:
            if (
                field.type == "many2one"
                and field.store
                and field.name.startswith("customer_")
                and self._customer_is_catalogue(field.comodel_name)
            ):
                entries[field.comodel_name].update(self[field.name].ids)
        self._customer_prefetch_entries(entries)

    def _customer_is_catalogue(self, model_name):
        return model_name == "res.currency" or "crm.customer.catalogue" in self.env[model_name]._inherit_module

    def _customer_prefetch_links(self, names):
        """Fill the cache of x2many fields with one query.

        :param names: names of fields in ``PAGE_TAGS``, and the call windows
        :return: defaultdict model name → set of ids that were found
        """
        entries = defaultdict(set)
        if not names:
            return entries
        self.env["crm.customer.call.window"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "%s ORDER BY 1, 2, 3",
                SQL(" UNION ALL ").join(self._customer_links_sql(name) for name in names),
            )
        )
        links = {name: defaultdict(list) for name in names}
        windows = {}
        for name, partner_id, _position, target_id, window in rows:
            links[name][partner_id].append(target_id)
            if name in PAGE_TAGS:
                entries[self._fields[name].comodel_name].add(target_id)
            else:
                windows[target_id] = window
        for name, found in links.items():
            self._fields[name]._insert_cache(self, [tuple(found[partner_id]) for partner_id in self._ids])
        self._customer_cache_rows("crm.customer.call.window", windows)
        return entries

    def _customer_links_sql(self, name):
        """Query giving the links of one x2many field, in the order Odoo gives them.

        :return: SQL of columns field, contact, position, id, row as JSON or NULL
        """
        field = self._fields[name]
        comodel = self.env[field.comodel_name]
        query = Query(self.env, comodel._table, comodel._table_sql)
        if field.type == "one2many":
            # for one contact; Odoo's own order begins with the contact's name
            return SQL(
                "SELECT %(name)s::varchar, partner_id,"
                " row_number() OVER (ORDER BY weekday, hour_from, id), id,"
                " to_jsonb(%(table)s) FROM %(table)s WHERE partner_id = ANY(%(ids)s)",
                name=name,
                table=SQL.identifier(comodel._table),
                ids=list(self.ids),
            )
        return SQL(
            "SELECT %(name)s::varchar, %(contact)s, row_number() OVER (ORDER BY %(order)s),"
            " %(entry)s, NULL::jsonb FROM %(relation)s JOIN %(table)s"
            " ON %(id)s = %(entry)s WHERE %(contact)s = ANY(%(ids)s)",
            name=name,
            contact=SQL.identifier(field.relation, field.column1),
            entry=SQL.identifier(field.relation, field.column2),
            relation=SQL.identifier(field.relation),
            order=comodel._order_to_sql(comodel._order, query),
            table=SQL.identifier(comodel._table),
            id=SQL.identifier(comodel._table, "id"),
            ids=list(self.ids),
        )

    def _customer_prefetch_entries(self, entries):
        """Fill the cache with the rows of catalogue entries, with one query.

        Past their access rules: what a form shows of an entry is its name, which Odoo
        shows of every entry that stands on a readable record.

        :param entries: model name → ids
        """
        arms = []
        for model_name, ids in entries.items():
            if ids:
                model = self.env[model_name]
                model.flush_model()
                arms.append(
                    SQL(
                        "SELECT %(name)s::varchar, id, to_jsonb(%(table)s) FROM %(table)s WHERE id = ANY(%(ids)s)",
                        name=model_name,
                        table=SQL.identifier(model._table),
                        ids=list(ids),
                    )
                )
        if not arms:
            return
        found = defaultdict(dict)
        for model_name, entry_id, row in self.env.execute_query(SQL(" UNION ALL ").join(arms)):
            found[model_name][entry_id] = row
        for model_name, rows in found.items():
            self._customer_cache_rows(model_name, rows)

    def _customer_cache_rows(self, model_name, rows):
        """Put rows that were read by SQL into the cache.

        :param model_name: of the rows
        :param rows: id → row as ``to_jsonb`` gives it
        """
        model = self.env[model_name]
        records = model.browse(rows)
        for name, field in model._fields.items():
            if not field.column_type or not field.store or field.type not in PLAIN_TYPES:
                continue
            if field.company_dependent or field.translate not in (False, True):
                continue
            values = [row.get(name) for row in rows.values()]
            if field.translate:
                # a dict of languages, of which Odoo takes what the reader needs
                field._insert_cache(records.with_context(prefetch_langs=True), values)
            else:
                field._insert_cache(
                    records,
                    [field.convert_to_cache(value, model, validate=False) for value in values],
                )
