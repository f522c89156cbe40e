"""SQL that brings what a feed's query says into its fact table, and finds where they differ.

Knows columns and types, but neither Odoo's apps nor what a fact means.
"""

from odoo.tools import SQL

# What every query of a feed must say, besides a moment.
REQUIRED = ("partner_id", "company_id", "source_ref", "source_id")
# Texts describe; everything else decides whether a document is still what was copied.
DESCRIPTIVE = ("char", "text")
MAX_CHAR = 500


class FeedSQL:
    """The statements of one feed.

    :param feed: record of a feed model, in superuser mode
    :param query: SQL of the rows of these documents
    """

    def __init__(self, feed, query):
        self.feed = feed
        self.fact = feed.env[feed._fact]
        self.table = SQL.identifier(self.fact._table)
        self.query = query
        self.values = self._values()
        # frozen column → the column with which it thaws, or None
        self.frozen = dict(feed._frozen) if isinstance(feed._frozen, dict) else dict.fromkeys(feed._frozen)

    # ------------------------------------------------------------------- source

    def _values(self):
        """Columns of the fact table and the SQL of each, over the rows ``said``.

        :return: dict of field name and SQL
        """
        said = {name: self._said(name) for name in self.feed._fact_columns}
        zone = SQL("COALESCE(company.customer_tz, 'UTC')")
        if "date" in said:
            moment = SQL("date_trunc('second', %s)", said["date"])
        else:
            moment = SQL("(%s + time '12:00') AT TIME ZONE %s AT TIME ZONE 'UTC'", said["day"], zone)
        day = said.get("day", SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", moment, zone))
        values = {
            **said,
            "commercial_partner_id": SQL("partner.commercial_partner_id"),
            "company_currency_id": SQL("company.currency_id"),
            "date": moment,
            "day": day,
            "feed": SQL("%s::varchar", self.feed._feed),
            "source_model": SQL("%s::varchar", self.feed._document),
        }
        self._complete_money(values)
        for name, value in self._defaults(values).items():
            values[name] = SQL("%s::%s", value, self._type(name))
        return values

    def _complete_money(self, values):
        """A query that says an amount in the company's currency only means just that."""
        for amount, foreign in self.fact._fact_money.items():
            if amount in values and foreign not in values:
                values[foreign] = values[amount]
        if self.fact._fact_money and "currency_id" not in values:
            values["currency_id"] = SQL("company.currency_id")

    def _defaults(self, values):
        """Defaults of required columns that the query does not have."""
        missing = [
            name
            for name, field in self.fact._fields.items()
            if field.store and field.column_type and field.required and name not in values
        ]
        return self.fact.default_get(missing) if missing else {}

    def _type(self, name):
        return SQL(self.fact._fields[name].column_type[1])

    def _said(self, name):
        column = SQL("said.%s", SQL.identifier(name))
        if self.fact._fields[name].type == "char":
            column = SQL("NULLIF(LEFT(BTRIM(%s::text), %s), '')", column, MAX_CHAR)
        return SQL("%s::%s", column, self._type(name))

    def _source(self):
        """Common table expression ``src`` with all columns, typed as in the fact table."""
        return SQL(
            """
            said AS (%(query)s),
            src AS MATERIALIZED (
                SELECT %(values)s
                  FROM said
                  JOIN res_partner partner ON partner.id = said.partner_id
                  JOIN res_company company ON company.id = said.company_id
            )""",
            query=self.query,
            values=SQL(", ").join(SQL("%s AS %s", value, SQL.identifier(name)) for name, value in self.values.items()),
        )

    def _same(self):
        return SQL(
            "f.feed = %s AND f.company_id = src.company_id AND f.source_ref = src.source_ref",
            self.feed._feed,
        )

    def _of_documents(self, scope):
        """Condition on facts ``f`` to come from documents of this feed."""
        return SQL("f.feed = %s AND f.source_model = %s AND %s", self.feed._feed, self.feed._document, scope)

    # --------------------------------------------------------------------- write

    def sync(self, ids):
        """Statement that makes the facts of documents what the query says.

        One statement, so one look at the database: rows that differ are updated, rows
        that are missing inserted (found by an anti-join: an upsert would burn an id for
        every row that is there already), rows the query no longer returns deleted.

        :param ids: ids of documents
        :return: SQL giving one row: numbers of rows inserted, updated, deleted
        """
        columns = list(self.values)
        changing = [
            name
            for name in columns
            if name not in self.frozen and name not in ("feed", "company_id", "source_ref", "source_model")
        ]
        new = SQL(", ").join(SQL.identifier("src", name) for name in changing)
        old = SQL(", ").join(SQL.identifier("f", name) for name in changing)
        cr, uid = self.feed.env.cr, self.feed.env.uid
        return SQL(
            """
            WITH %(source)s,
            updated AS (
                UPDATE %(table)s f
                   SET %(set)s, write_uid = %(uid)s, write_date = %(now)s
                  FROM src
                 WHERE %(same)s AND (%(old)s) IS DISTINCT FROM (%(new)s)
             RETURNING f.id),
            inserted AS (
                INSERT INTO %(table)s (%(columns)s, create_uid, create_date, write_uid, write_date)
                SELECT %(all)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM src
                 WHERE NOT EXISTS (SELECT FROM %(table)s f WHERE %(same)s)
                 ORDER BY src.date, src.source_ref
                ON CONFLICT (feed, source_ref, company_id) WHERE source_ref IS NOT NULL DO NOTHING
             RETURNING id),
            deleted AS (
                DELETE FROM %(table)s f
                 WHERE %(documents)s AND NOT EXISTS (SELECT FROM src WHERE %(same)s)
             RETURNING f.id)
            SELECT (SELECT count(*) FROM inserted), (SELECT count(*) FROM updated),
                   (SELECT count(*) FROM deleted)
            """,
            source=self._source(),
            table=self.table,
            set=self._set(changing),
            uid=uid,
            now=cr.now(),
            same=self._same(),
            old=old,
            new=new,
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            all=SQL(", ").join(SQL.identifier("src", name) for name in columns),
            documents=self._of_documents(SQL("f.source_id = ANY(%s)", list(ids))),
        )

    def _set(self, changing):
        """What an update sets: all that changes, and what is frozen where it thaws."""
        assignments = [SQL("%s = %s", SQL.identifier(name), SQL.identifier("src", name)) for name in changing]
        for name, thaws_with in self.frozen.items():
            if thaws_with:
                assignments.append(
                    SQL(
                        "%(name)s = CASE WHEN %(old)s IS DISTINCT FROM %(new)s THEN %(value)s ELSE %(kept)s END",
                        name=SQL.identifier(name),
                        old=SQL.identifier("f", thaws_with),
                        new=SQL.identifier("src", thaws_with),
                        value=SQL.identifier("src", name),
                        kept=SQL.identifier("f", name),
                    )
                )
        return SQL(", ").join(assignments)

    def adopt(self, retired):
        """Statement that takes back rows kept from an earlier installation of the feed.

        Ids start anew when an app is installed again, so a row must also be about the
        same contact and moment.

        :param retired: pattern (LIKE) of the names such rows go by
        """
        return SQL(
            """
            WITH %(source)s
            UPDATE %(table)s f SET feed = %(feed)s FROM src
             WHERE f.feed LIKE %(retired)s AND f.company_id = src.company_id
               AND f.source_ref = src.source_ref AND f.partner_id = src.partner_id
               AND f.date = src.date AND f.source_model = src.source_model
               AND NOT EXISTS (SELECT FROM %(table)s own
                                WHERE own.feed = %(feed)s AND own.company_id = src.company_id
                                  AND own.source_ref = src.source_ref)
            """,
            source=self._source(),
            table=self.table,
            feed=self.feed._feed,
            retired=retired,
        )

    # --------------------------------------------------------------------- audit

    def drift(self, first, last):
        """Query of the documents whose facts are not what the query says.

        Counts, and everything but descriptions, row by row; a fact of a document that
        is gone counts too.

        :param first: lowest id of the documents the feed's query was asked for
        :param last: highest id
        :return: SQL giving ids of documents
        """
        compared = [
            name
            for name in self.values
            if name not in self.frozen
            and name not in ("feed", "source_model")
            and self.fact._fields[name].type not in DESCRIPTIVE
        ]
        return SQL(
            """
            WITH %(source)s,
            facts AS (
                SELECT f.* FROM %(table)s f WHERE %(documents)s
            )
            SELECT DISTINCT COALESCE(src.source_id, f.source_id)
              FROM src
              FULL JOIN facts f ON f.company_id = src.company_id AND f.source_ref = src.source_ref
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
             ORDER BY 1
            """,
            source=self._source(),
            table=self.table,
            documents=self._of_documents(SQL("f.source_id BETWEEN %s AND %s", first, last)),
            old=SQL(", ").join(SQL.identifier("f", name) for name in compared),
            new=SQL(", ").join(SQL.identifier("src", name) for name in compared),
        )
