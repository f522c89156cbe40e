from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

# Kinds are told apart by ``id % 8``; see ``_fact_kind``.
FACT_ID_STEP = 8
# Longest reference or name a fact keeps. Several of these columns lead an index, and
# PostgreSQL refuses an index entry of more than a third of a page.
MAX_CHAR = 500
# Beyond fifteen digits a float, and with it every screen, loses cents.
MAX_NUMBER = 1e15
FIRST_DATE = datetime(1900, 1, 1)


class CrmCustomerFact(models.AbstractModel):
    """One thing that happened between a customer and the company.

    Six concrete models stand on this one. Nearly all of their rows are copied from the
    documents of Odoo's apps by SQL, so what is needed for analysis is in plain columns
    that the database alone can fill: no stored compute, no related field.

    *Whose row it is.* Rows whose ``feed`` is ``manual`` were typed in and may be
    corrected by the people whose access rights say so. All others were written by a
    feed or an import: a global record rule lets nobody change them, and only code that
    runs as superuser gets past it. The columns in ``_fact_machine_columns`` are derived
    by this class for everybody; a user who sends one of them is refused.

    *Money* is kept twice, in the document's currency and in the company's
    (``_fact_money``). Superuser code may pass both and is believed, because feeds take
    what the document says; whatever a person types is converted at the rate of the day,
    and without such a rate it is refused.
    """

    _name = "crm.customer.fact"
    _description = "Customer Fact"
    _order = "date desc, id desc"
    _rec_names_search = ["partner_id"]
    _check_company_auto = True

    # Number of the kind, 1 to 7: ids of one table are this modulo FACT_ID_STEP, so that
    # an id is unique over all of them and tells its table.
    _fact_kind = None
    # {amount in company currency: amount in the currency of ``currency_id``}
    _fact_money = {}

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        ondelete="restrict",
        check_company=True,
        help="The person or address this was done with.",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The company or person behind the contact, to whom the figures belong.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="restrict",
        default=lambda self: self._default_company_id(),
    )
    company_currency_id = fields.Many2one(
        "res.currency",
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date = fields.Datetime(required=True, default=lambda self: fields.Datetime.now(), copy=False)
    day = fields.Date(
        required=True,
        readonly=True,
        copy=False,
        help="The date in the time zone of the company. Months and years are counted by it.",
    )
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="restrict", index="btree_not_null")
    origin_id = fields.Many2one(
        "crm.customer.origin",
        string="Origin code",
        ondelete="restrict",
        index="btree_not_null",
        help="Where the business came from.",
    )
    campaign_id = fields.Many2one("utm.campaign", ondelete="restrict", index="btree_not_null")
    channel_id = fields.Many2one(
        "crm.customer.channel",
        ondelete="restrict",
        index="btree_not_null",
        help="The commercial route: own shop, own web, marketplace, sales force…",
    )
    feed = fields.Char(
        string="Entered by",
        required=True,
        readonly=True,
        copy=False,
        default="manual",
        help="“manual” was typed in by a user; other entries come from a document of "
        "Odoo or from an import and can't be changed here.",
    )
    source_ref = fields.Char(
        string="Source reference",
        readonly=True,
        copy=False,
        help="What the entry is called where it comes from; unique there.",
    )
    source_model = fields.Char(string="Document type", readonly=True, copy=False)
    source_id = fields.Many2oneReference(
        string="Document",
        model_field="source_model",
        readonly=True,
        copy=False,
    )
    note = fields.Text()
    is_recent = fields.Boolean(
        string="In the last 12 months",
        compute="_compute_is_recent",
        search="_search_is_recent",
        help="In the twelve months that end with the last entry of the companies at hand.",
    )

    # What has been loaded already. Never with the customer in it: when two contacts are
    # merged, Odoo deletes the rows that a unique key keeps it from moving.
    _source_uniq = models.UniqueIndex(
        "(feed, source_ref, company_id) WHERE source_ref IS NOT NULL",
        "This entry of the source has already been loaded.",
    )
    # Timeline and page of one customer; they also lead both foreign keys.
    _commercial_date_idx = models.Index("(commercial_partner_id, date DESC, id DESC)")
    _partner_date_idx = models.Index("(partner_id, date DESC, id DESC)")
    # The list as it opens.
    _date_idx = models.Index("(date DESC, id DESC)")
    # All rows of one document, for its feed.
    _feed_source_idx = models.Index("(feed, source_id)")
    # Reports by company and period; leads the foreign key.
    _company_day_idx = models.Index("(company_id, day)")
    # Only leads the foreign key: one value in most databases, so small.
    _company_currency_idx = models.Index("(company_currency_id)")

    # ------------------------------------------------------------------ database

    @api.private
    def init(self):
        """Let the ids of this table be those of its kind (see ``_fact_kind``).

        Runs at every installation and update and changes nothing the second time. On a
        table that already has rows the next id lies above them.
        """
        res = super().init()
        if self._abstract or not self._auto:
            return res
        if self._fact_kind not in range(1, FACT_ID_STEP):
            raise ValueError(f"{self._name}: _fact_kind must be 1 to {FACT_ID_STEP - 1}")
        self.env["crm.customer.metrics.queue"]._watch_table(self._table)
        sequence = f"{self._table}_id_seq"
        [(start, step)] = self.env.execute_query(
            SQL(
                "SELECT start_value, increment_by FROM pg_sequences"
                " WHERE schemaname = current_schema AND sequencename = %s",
                sequence,
            )
        )
        if (start, step) == (self._fact_kind, FACT_ID_STEP):
            return res
        [(last,)] = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(self._table)))
        following = last + 1 + (self._fact_kind - last - 1) % FACT_ID_STEP
        self.env.cr.execute(
            SQL(
                "ALTER SEQUENCE %s INCREMENT BY %s START WITH %s RESTART WITH %s",
                SQL.identifier(sequence),
                FACT_ID_STEP,
                self._fact_kind,
                following,
            )
        )
        return res

    @api.model
    def _fact_models(self):
        """The concrete fact models of this database, in the order of their kinds.

        :return: list of empty recordsets
        """
        names = self.pool.descendants(["crm.customer.fact"], "_inherit")
        concrete = [self.env[name] for name in names if not self.env[name]._abstract]
        return sorted(concrete, key=lambda model: model._fact_kind)

    # --------------------------------------------------------- values of a record

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.model
    def _fact_machine_columns(self):
        """Columns that this class derives and no user may send.

        :return: set of field names
        """
        return {
            "commercial_partner_id",
            "company_currency_id",
            "day",
            "feed",
            "source_ref",
            "source_model",
            "source_id",
        }

    @api.model
    def _fact_rule_columns(self):
        """Columns by which record rules tell who may write an entry.

        :return: set of field names
        """
        return {"company_id", "partner_id"}

    @api.model
    def _refuse_machine_columns(self, vals_list):
        """Refuse what only the system may say.

        ``readonly`` keeps a column out of the screens but not out of an RPC call or an
        import, so it is enforced here. Saying again what is true anyway is no harm:
        exports of one's own entries are loaded back like that.

        :raise AccessError: when a user sent a column of ``_fact_machine_columns``
        """
        if self.env.su:
            return
        machine = self._fact_machine_columns()
        for vals in vals_list:
            for name in machine.intersection(vals):
                if vals[name] and (name, vals[name]) != ("feed", "manual"):
                    raise AccessError(
                        self.env._(
                            "“%(field)s” is filled in by the system and can't be set.",
                            field=self._fields[name]._description_string(self.env),
                        )
                    )

    @api.model
    def _refuse_impossible_numbers(self, vals_list):
        """Refuse what is no number, or one no screen can show to the cent.

        JSON as Python reads it knows NaN and Infinity, and where rounding does not
        stumble over them first, one such value makes every list with it unreadable.

        :raise ValidationError: for such a value
        """
        for vals in vals_list:
            for name, value in vals.items():
                field = self._fields.get(name)
                if field is None or field.type not in ("float", "monetary"):
                    continue
                if isinstance(value, (int, float)) and not -MAX_NUMBER < value < MAX_NUMBER:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” must be a number with fewer than 16 digits.",
                            field=field._description_string(self.env),
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_machine_columns(vals_list)
        self._refuse_impossible_numbers(vals_list)
        return super().create([self._fact_complete(vals) for vals in vals_list])

    def write(self, vals):
        self._refuse_machine_columns([vals])
        self._refuse_impossible_numbers([vals])
        if "date" in vals:
            vals = {**vals, "date": self._fact_moment(vals["date"])}
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in self._fact_machine_columns()}
        res = super().write(vals)
        for fact in self:
            derived = fact._fact_derive_write(vals)
            if derived:
                super(CrmCustomerFact, fact).write(derived)
        if not self._fact_rule_columns().isdisjoint(vals):
            # Odoo asks the rules before a write only, and so would let an entry be
            # moved to a company or a salesperson's customer that is out of bounds.
            self.check_access("write")
        return res

    @api.model
    def _fact_complete(self, vals):
        """Values of a new record with the columns of the machine filled in.

        :param vals: dict for ``create``
        :return: a new dict
        """
        wanted = ["partner_id", "company_id", "date", "currency_id", *self._fact_money]
        wanted += self._fact_money.values()
        missing = [name for name in wanted if name in self._fields and name not in vals]
        vals = {**self.default_get(missing), **vals}
        if not self.env.su:
            # also against default_feed and the like in the context of a call
            vals.update(feed="manual", source_ref=False, source_model=False, source_id=False)
        company = self.env["res.company"].sudo().browse(vals.get("company_id"))
        partner = self.env["res.partner"].sudo().browse(vals.get("partner_id"))
        vals["date"] = self._fact_moment(vals.get("date"))
        vals["commercial_partner_id"] = partner.commercial_partner_id.id
        vals["company_currency_id"] = company.currency_id.id
        vals["day"] = vals["date"] and self._fact_day(vals["date"], company)
        vals.update(self._fact_money_of(vals, company))
        return vals

    def _fact_derive_write(self, vals):
        """Machine columns of one record that no longer fit after ``write(vals)``.

        :return: dict, empty where everything fits
        """
        self.ensure_one()
        derived = {}
        company = self.sudo().company_id
        if "partner_id" in vals:
            commercial = self.sudo().partner_id.commercial_partner_id
            derived["commercial_partner_id"] = commercial.id
        if "company_id" in vals:
            derived["company_currency_id"] = company.currency_id.id
        if not {"date", "company_id"}.isdisjoint(vals):
            derived["day"] = self.date and self._fact_day(self.date, company)
        derived.update(self._fact_money_written(vals, company))
        if self.env.su:
            derived = {name: derived[name] for name in derived if name not in vals}
        return {
            name: value
            for name, value in derived.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    @api.model
    def _fact_moment(self, value):
        """A date and time in whole seconds, as facts are compared and paged by it."""
        try:
            moment = fields.Datetime.to_datetime(value)
        except ValueError as error:
            raise ValidationError(self.env._("“%s” is not a date and time.", value)) from error
        return moment and moment.replace(microsecond=0)

    @api.model
    def _fact_zone(self, company):
        """Name of the time zone in which the days of a company are counted."""
        return company.sudo().customer_tz or "UTC"

    @api.model
    def _fact_day(self, moment, company):
        """The date of a moment where the company is.

        :param moment: naive datetime in UTC
        :param company: ``res.company`` record
        :return: date
        """
        zone = pytz.timezone(self._fact_zone(company))
        return pytz.utc.localize(moment).astimezone(zone).date()

    @api.model
    def _fact_noon(self, day, company):
        """The moment for which something stands of which only the date is known.

        :param day: date where the company is
        :return: naive datetime in UTC
        """
        zone = pytz.timezone(self._fact_zone(company))
        noon = zone.localize(datetime.combine(day, time(12)))
        return noon.astimezone(pytz.utc).replace(tzinfo=None)

    def _fact_last_date(self):
        """Latest moment this fact can have: it has happened, or is just happening."""
        return fields.Datetime.now() + timedelta(days=1)

    @api.constrains("date")
    def _check_date(self):
        for fact in self:
            # an empty one is refused by the column
            if fact.date and not FIRST_DATE <= fact.date <= fact._fact_last_date():
                raise ValidationError(
                    self.env._(
                        "%(date)s can't be the date of something that has happened: it "
                        "must lie between 1900 and today.",
                        date=fields.Date.to_string(fact.date.date()),
                    )
                )

    @api.constrains(lambda self: self._fact_char_columns())
    def _check_length(self):
        for name in self._fact_char_columns():
            for fact in self:
                if fact[name] and len(fact[name]) > MAX_CHAR:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” can have %(limit)s characters at most.",
                            field=self._fields[name]._description_string(self.env),
                            limit=MAX_CHAR,
                        )
                    )

    @api.model
    def _fact_char_columns(self):
        """Names of the stored one-line texts."""
        return [name for name, field in self._fields.items() if field.type == "char" and field.store]

    @api.model
    def _fact_day_sql(self, moment, company):
        """SQL twin of ``_fact_day``."""
        zone = self._fact_zone(company)
        return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", moment, zone)

    @api.model
    def _fact_noon_sql(self, day, company):
        """SQL twin of ``_fact_noon``."""
        zone = self._fact_zone(company)
        return SQL("(%s + time '12:00') AT TIME ZONE %s AT TIME ZONE 'UTC'", day, zone)
