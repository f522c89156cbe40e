"""Which rows of a database have to do with some contacts: found in the database, not listed."""

from odoo.tools import SQL

from .row_changes import columns_of

# Deletions of these take rows of other tables with them, so those are looked at as well: what a
# merge drops because of a unique key, or with the contact that goes.
FRAIL_MODELS = ("ir.attachment", "mail.activity", "mail.followers")
# Who wrote a row is nothing that a merge changes, but for contacts that have a user.
WRITTEN_BY = ("create_uid", "write_uid")


class PartnerRows:
    """The tables that refer to contacts, and the conditions that give the rows.

    Foreign keys of contacts and of their bank accounts, relations without an id, columns of a
    model's name and an id, references, and columns with a value for each company.

    :param env: superuser's environment
    :param partner_ids: list of ids of ``res.partner``
    """

    def __init__(self, env, partner_ids):
        self.env = env
        self.partner_ids = list(partner_ids)
        self.passing = self._passing_tables()
        self.parts = {}
        self.frail = ["res.partner.bank"]
        banks = self._ids("res_partner_bank", SQL("partner_id = ANY(%s)", self.partner_ids))
        self._add_root("res.partner", self.partner_ids)
        self._add_root("res.partner.bank", banks)
        self._add_own()
        self._add_references()
        self._add_companies()

    def add_frail(self):
        """Add the rows that would go together with those that a merge may delete."""
        for name in (*FRAIL_MODELS, *self._models_with_keys()):
            model = self.env[name]
            self.frail.append(name)
            if model._table in self.parts:
                self._add_root(name, self._ids(model._table, self.condition(model._table)), children_only=True)

    @property
    def tables(self):
        """Names of the tables, the contacts first."""
        return list(self.parts)

    def condition(self, table):
        """Condition on a row of a table.

        :return: ``SQL`` over unqualified columns
        """
        return SQL("(%s)", SQL(" OR ").join(self.parts[table]))

    def filled(self):
        """Those of the tables that have such rows."""
        queries = [
            SQL("SELECT %s WHERE EXISTS (SELECT FROM %s WHERE %s)", name, SQL.identifier(name), self.condition(name))
            for name in self.parts
        ]
        found = {name for (name,) in self.env.execute_query(SQL(" UNION ALL ").join(queries))}
        return [name for name in self.parts if name in found]

    def count(self, skipped=(), above=None):
        """Number of rows in each table.

        :param skipped: names of tables that are not looked at
        :param above: dict of name of a table → highest id that doesn't count; None counts all
        :return: dict of name of a table → number, where there are any
        """
        known = columns_of(self.env, self.parts)
        own = "res_partner"
        queries = [
            SQL(
                "SELECT %s, COUNT(*) FROM %s WHERE id > %s AND %s",
                table,
                SQL.identifier(table),
                (above or {}).get(table, 0),
                SQL("id <> ALL(%s) AND %s", self.partner_ids, self.condition(table))
                if table == own
                else self.condition(table),
            )
            for table in self.parts
            if "id" in known[table] and table not in skipped
        ]
        return {table: count for table, count in self.env.execute_query(SQL(" UNION ALL ").join(queries)) if count}

    # --------------------------------------------------------------------- finding

    def _ids(self, table, condition):
        rows = self.env.execute_query(SQL("SELECT id FROM %s WHERE %s", SQL.identifier(table), condition))
        return [row_id for (row_id,) in rows]

    def _passing_tables(self):
        """Tables of wizards: nobody misses their rows."""
        tables = set()
        for model in self.env.values():
            for field in model._fields.values():
                if field.type == "many2many" and field.store and field.relation:
                    other = self.env.get(field.comodel_name)
                    if model._transient or (other is not None and other._transient):
                        tables.add(field.relation)
            if model._transient:
                tables.add(model._table)
        return tables

    def _add(self, table, part):
        if table not in self.passing:
            self.parts.setdefault(table, []).append(part)

    def _add_root(self, model_name, ids, children_only=False):
        """Add the rows of some ids of a model, and those that refer to them by foreign key."""
        if not ids:
            return
        table = self.env[model_name]._table
        if not children_only:
            self._add(table, SQL("id = ANY(%s)", ids))
        for child, column in sorted(self.env["base.partner.merge.automatic.wizard"]._get_fk_on(table)):
            if column not in WRITTEN_BY:
                self._add(child, SQL("%s = ANY(%s)", SQL.identifier(column), ids))
        if not children_only:
            self._add_polymorphic(model_name, ids)

    def _add_polymorphic(self, model_name, ids):
        """Add the rows that name a model and an id in two columns."""
        for model in self.env.values():
            if model._abstract or not model._auto:
                continue
            for field in model._fields.values():
                if field.type != "many2one_reference" or not field.store:
                    continue
                kind = model._fields.get(field.model_field)
                if kind is not None and kind.store and kind.column_type:
                    self._add(
                        model._table,
                        SQL(
                            "%s = %s AND %s = ANY(%s)",
                            SQL.identifier(kind.name),
                            model_name,
                            SQL.identifier(field.name),
                            ids,
                        ),
                    )

    def _add_own(self):
        """Add the companies that a contact's user may work in: Odoo's merge adds one."""
        users = self._ids("res_users", SQL("partner_id = ANY(%s)", self.partner_ids))
        if users:
            field = self.env["res.users"]._fields["company_ids"]
            self._add(field.relation, SQL("%s = ANY(%s)", SQL.identifier(field.column1), users))

    def _add_references(self):
        named = [f"res.partner,{partner_id}" for partner_id in self.partner_ids]
        for model in self.env.values():
            if model._abstract or not model._auto:
                continue
            for field in model._fields.values():
                if field.type == "reference" and field.store:
                    self._add(model._table, SQL("%s = ANY(%s)", SQL.identifier(field.name), named))

    def _add_companies(self):
        """Add columns with a contact for each company, and what stands for those without."""
        ids = [str(partner_id) for partner_id in self.partner_ids]
        for field in self.env.registry.many2one_company_dependents["res.partner"]:
            self._add(
                self.env[field.model_name]._table,
                SQL(
                    "%(field)s IS NOT NULL AND EXISTS"
                    " (SELECT FROM jsonb_each_text(%(field)s) own (company, value) WHERE own.value = ANY(%(ids)s))",
                    field=SQL.identifier(field.name),
                    ids=ids,
                ),
            )
        self._add(
            "ir_default",
            SQL(
                "json_value = ANY(%s) AND field_id IN"
                " (SELECT id FROM ir_model_fields WHERE relation = 'res.partner' AND company_dependent)",
                ids,
            ),
        )

    def _models_with_keys(self):
        """Models whose rows a merge deletes when they can't be moved: a key or a check names the contact."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT own.conrelid::regclass::text FROM pg_constraint own
                 CROSS JOIN LATERAL unnest(own.conkey) AS part (attnum)
                  JOIN pg_constraint link ON link.conrelid = own.conrelid AND link.contype = 'f'
                   AND link.conkey[1] = part.attnum AND link.confrelid = 'res_partner'::regclass
                 WHERE own.contype IN ('c', 'u')
                """
            )
        )
        tables = {name for (name,) in rows}
        return [
            model._name
            for model in self.env.values()
            if model._table in tables
            and model._auto
            and not model._abstract
            and model._name not in (*FRAIL_MODELS, "res.partner.bank")
        ]
