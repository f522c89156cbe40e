from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL, Query

from ..tools.access import remembered_access

# x2many fields of the form, whose rows are read together; one of them is Odoo's.
PAGE_LINKS = (
    "category_id",
    "customer_asset_ids",
    "customer_buying_procedure_ids",
    "customer_call_window_ids",
    "customer_contact_role_ids",
)
# What these columns hold is the same in JSON and in Odoo's cache.
PLAIN_TYPES = ("boolean", "char", "float", "integer", "many2one", "selection", "text")


class ResPartner(models.Model):
    """Reading the form with the page: one query more, whatever is filled in.

    Odoo reads a many2many in one query for its links and one for its records, and a
    many2one in one query for its name: over twenty for this page. Here one query brings
    all links and all entries of catalogues, in all languages.
    """

    _inherit = "res.partner"

    @api.readonly
    def web_read(self, specification):
        # For one form each field is asked three or four times whether it may be read.
        with remembered_access():
            return super().web_read(specification)

    def _fetch_query(self, query, fields):
        """Extended: the page's rows in other tables come in one or two queries.

        These are the fields that Odoo is about to read: access to them was checked, and
        ``query`` has the access rules of contacts. Who asks for a single one of them, as
        a list does, is served by Odoo alone.
        """
        names = self._customer_page_links()
        others = [field for field in fields if not field.column_type]
        if sum(field.name in names for field in others) < 2:
            return super()._fetch_query(query, fields)
        fetched = super()._fetch_query(query, [field for field in fields if field.column_type])
        if fetched:
            fetched._customer_prefetch_page(fields)
            for field in others:
                if field.name not in names or any(field._cache_missing_ids(fetched)):
                    field.read(fetched)
        return fetched

    @api.model
    def _customer_page_links(self):
        """Names of the x2many fields that are read together with the page.

        Packages add their own: many2many and one2many fields. Many2one fields to
        catalogues take part by themselves.
        """
        return PAGE_LINKS

    def _customer_prefetch_page(self, fields):
        """Read the tags, call windows and catalogue entries of the page into the cache.

        What is in the cache already stays, and Odoo itself reads what is missing, so
        this changes what is read when, never what is answered.

        :param fields: those being fetched; their columns are in the cache
        """
        links = [field for field in fields if self._customer_is_link(field)]
        arms = [self._customer_links_sql(field) for field in links]
        for model_name, ids in self._customer_entries(fields).items():
            arms.append(self._customer_entries_sql(model_name, ids))
        linked = {field.name: defaultdict(list) for field in links}
        rows, positions = defaultdict(dict), defaultdict(dict)
        for name, contact_id, position, row_id, row in self._customer_execute(arms):
            if contact_id:
                linked[name][contact_id].append(row_id)
                name = self._fields[name].comodel_name
            if row:
                rows[name][row_id] = row
                positions[name][row_id] = position
        tags = defaultdict(set)
        for field in links:
            if field.type == "many2many":
                tags[field.comodel_name].update(*linked[field.name].values())
        arms = [self._customer_entries_sql(name, ids, ordered=True) for name, ids in tags.items() if ids]
        for name, _contact_id, position, row_id, row in self._customer_execute(arms):
            rows[name][row_id] = row
            positions[name][row_id] = position
        for field in links:
            rank, ids = positions[field.comodel_name].get, linked[field.name]
            field._insert_cache(self, [tuple(sorted(ids.get(id_, ()), key=rank)) for id_ in self._ids])
        for model_name, entries in rows.items():
            self._customer_cache_rows(model_name, entries)

    def _customer_is_link(self, field):
        """Whether Odoo would read this field as ``_customer_links_sql`` does."""
        if field.name not in self._customer_page_links() or not self.env[field.comodel_name].has_access("read"):
            return False
        if field.type == "one2many":
            return True
        # A domain of the field, or somebody's rule on the entries, is applied by Odoo.
        return not field.domain and (
            self.env.su or self.env["ir.rule"]._compute_domain(field.comodel_name, "read").is_true()
        )

    def _customer_entries(self, fields):
        """Catalogue entries that the columns in the cache point to.

        :return: dict model name → set of ids
        """
        entries = defaultdict(set)
        for field in fields:
            if field.type == "many2one" and self._customer_is_catalogue(field):
                ids = field._get_cache(self.env)
                found = {ids[id_] for id_ in self._ids if ids.get(id_)}
                if found:
                    entries[field.comodel_name] |= found
        return entries

    def _customer_is_catalogue(self, field):
        return field.name.startswith("customer_") and (
            field.comodel_name == "res.currency"
            or "crm.customer.catalogue" in self.env[field.comodel_name]._inherit_module
        )

    def _customer_execute(self, arms):
        return self.env.execute_query(SQL(" UNION ALL ").join(arms)) if arms else ()

    def _customer_links_sql(self, field):
        """Query giving what one x2many field points to.

        :return: SQL of columns field, contact, position, id, row as JSON; position and
            row of tags are NULL
        """
        if field.type == "many2many":
            return SQL(
                "SELECT %s::varchar, %s, NULL::bigint, %s, NULL::jsonb FROM %s WHERE %s = ANY(%s)",
                field.name,
                SQL.identifier(field.column1),
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                list(self._ids),
            )
        comodel = self.env[field.comodel_name].with_context(active_test=False)
        comodel.flush_model()
        # For one contact; Odoo's own order may begin with the contact's name.
        terms = [term for term in comodel._order.split(",") if term.split()[0] != field.inverse_name]
        rows = comodel._search([(field.inverse_name, "in", self._ids)])
        return SQL(
            "SELECT %s::varchar, %s, row_number() OVER (ORDER BY %s), %s, to_jsonb(%s) FROM %s WHERE %s",
            field.name,
            SQL.identifier(comodel._table, field.inverse_name),
            self._customer_order_sql(comodel, ",".join(terms)),
            SQL.identifier(comodel._table, "id"),
            SQL.identifier(comodel._table),
            rows.from_clause,
            rows.where_clause or SQL("TRUE"),
        )

    def _customer_entries_sql(self, model_name, ids, ordered=False):
        """Query giving entries of a catalogue.

        Past their access rules: what a form shows of an entry is its name, which Odoo
        shows of every entry that stands on a readable record.

        :param model_name: of the entries
        :param ids: of the entries
        :param ordered: whether their position in the order of the model is needed
        :return: SQL of the columns of ``_customer_links_sql``; the contact is NULL
        """
        model = self.env[model_name]
        model.flush_model()
        position = SQL("NULL::bigint")
        if ordered:
            position = SQL("row_number() OVER (ORDER BY %s)", self._customer_order_sql(model, model._order))
        return SQL(
            "SELECT %s::varchar, NULL::integer, %s, id, to_jsonb(%s) FROM %s WHERE id = ANY(%s)",
            model_name,
            position,
            SQL.identifier(model._table),
            SQL.identifier(model._table),
            list(ids),
        )

    def _customer_order_sql(self, model, order):
        return model._order_to_sql(order, Query(self.env, model._table, model._table_sql))

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
