import logging
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import table_exists

from .crm_customer_metrics_queue import FUNCTION

_logger = logging.getLogger(__name__)

# Cron that looks for the members of all segments anew.
CRON = "crm_customer_db.ir_cron_segment_refresh"
MOST_TRIES = 5
# Columns of a contact that no condition is about, and that change for no reason of his.
NOISE = ("write_date", "write_uid", "calendar_last_notif_ack", "signup_type")
# As in the queue, for whatever changes on a contact, as long as there is a condition.
BODY = """
    CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NOT EXISTS (SELECT FROM crm_customer_segment WHERE active AND kind = 'rule') THEN
            RETURN NULL;
        END IF;
        IF TG_OP = 'INSERT' THEN
            INSERT INTO crm_customer_metrics_queue (partner_id) SELECT id FROM new_rows;
        ELSE
            INSERT INTO crm_customer_metrics_queue (partner_id)
            SELECT after.id FROM old_rows before JOIN new_rows after ON after.id = before.id
             WHERE to_jsonb(before) - %(noise)s IS DISTINCT FROM to_jsonb(after) - %(noise)s;
        END IF;
        RETURN NULL;
    END $$
"""
EVENTS = {"INSERT": "NEW TABLE AS new_rows", "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows"}


class CrmCustomerSegment(models.Model):
    """How the members of segments are kept current.

    Whose figures or profile changed is checked right after the figures were worked out
    (``crm_customer_metrics_segments``), everybody every night and when a condition is edited.
    One statement per segment adds who came and closes the row of who went; who is in it
    and belongs there is not touched, so doing it again changes nothing.
    """

    _inherit = "crm.customer.segment"

    @api.private
    def init(self):
        """Listen to whatever changes on a contact, as long as there are segments by condition."""
        res = super().init()
        function = SQL.identifier(f"{FUNCTION}segment_res_partner")
        self.env.cr.execute(SQL(BODY, function=function, noise=SQL("%s::text[]", list(NOISE))))
        known = self.env.execute_query(
            SQL("SELECT tgname FROM pg_trigger WHERE tgrelid = 'res_partner'::regclass AND NOT tgisinternal")
        )
        for event, rows in EVENTS.items():
            name = f"crm_customer_segment_{event.lower()}"
            if (name,) not in known:
                self.env.cr.execute(
                    SQL(
                        "CREATE TRIGGER %s AFTER %s ON res_partner REFERENCING %s"
                        " FOR EACH STATEMENT EXECUTE FUNCTION %s()",
                        SQL.identifier(name),
                        SQL(event),
                        SQL(rows),
                        function,
                    )
                )
        # tables of tags are made with the contact, in whatever order
        self.pool.post_init(self._watch_tags)
        return res

    @api.model
    def _watch_tags(self):
        """Listen to the tags of contacts and to our own lists on them."""
        queue = self.env["crm.customer.metrics.queue"]
        for name, field in self.env["res.partner"]._fields.items():
            ours = name == "category_id" or name.startswith("customer_")
            if field.type == "many2many" and field.store and ours and table_exists(self.env.cr, field.relation):
                customer = SQL("changed.%s", SQL.identifier(field.column1))
                queue._watch_table(field.relation, customer, events=("INSERT", "DELETE"))

    def _refresh(self, as_of=None, partner_ids=None):
        """Make the members those that the conditions find. Writes only who came and who went.

        A condition that can't be used any more (its author has left, a field is gone) keeps
        its members, but for archived contacts; so does a list kept by hand.

        :param as_of: date that stands for today
        :param partner_ids: ids of customers (commercial partners) to whom it is confined, None for all
        :return: number of rows that were written
        """
        as_of = as_of or self.env["crm.customer.metrics"]._as_of()
        segments = self.sudo().filtered("active")
        if not segments:
            return 0
        self.env.flush_all()
        self.env["crm.customer.feed"]._sync_pending("all")
        segments._lock()
        total = 0
        # conditions about segments are answered from the members there are: after the others
        for segment in segments.sorted(lambda each: ("customer_segment_ids" in (each.rule_domain or ""), each.id)):
            changed = segment._rule_guarded(partial(segment._refresh_one, as_of, partner_ids), as_of)
            total += changed
            values = {"refreshed_on": fields.Datetime.now()} if changed or partner_ids is None else {}
            if partner_ids is None:
                values["refreshed_as_of"] = as_of
            if values:
                segment.write(values)
            if changed:
                segment._members_changed(partner_ids)
        return total

    def _lock(self):
        """Let nobody else refresh these segments; who waited and finds them changed starts again.

        There is no unique key that would keep two from adding one member twice.
        """
        self.env.cr.execute(
            SQL("SELECT id FROM crm_customer_segment WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids)
        )

    def _refresh_one(self, as_of, partner_ids):
        """The same for one segment, in one statement.

        :return: number of rows that were written
        """
        found = self._found_sql(as_of, partner_ids)
        confined = SQL("")
        if partner_ids is not None:
            confined = SQL(
                "AND member.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))",
                list(partner_ids),
            )
        [(came, back, gone)] = self.env.execute_query(
            SQL(
                """
                WITH present AS MATERIALIZED (
                    SELECT member.id, member.partner_id FROM crm_customer_segment_member member
                     WHERE member.segment_id = %(segment)s AND member.left_on IS NULL %(confined)s),
                found AS MATERIALIZED (%(found)s),
                fresh AS MATERIALIZED (
                    SELECT found.id FROM found
                     WHERE NOT EXISTS (SELECT FROM present WHERE present.partner_id = found.id)),
                gone AS (
                    UPDATE crm_customer_segment_member member
                       SET left_on = GREATEST(member.entered_on, %(as_of)s)
                      FROM present
                     WHERE member.id = present.id
                       AND NOT EXISTS (SELECT FROM found WHERE found.id = present.partner_id)
                    RETURNING member.id),
                back AS (
                    UPDATE crm_customer_segment_member member SET left_on = NULL
                      FROM (SELECT DISTINCT ON (earlier.partner_id) earlier.id
                              FROM crm_customer_segment_member earlier
                              JOIN fresh ON fresh.id = earlier.partner_id
                             WHERE earlier.segment_id = %(segment)s AND earlier.left_on = %(as_of)s
                             ORDER BY earlier.partner_id, earlier.id DESC) latest
                     WHERE member.id = latest.id
                    RETURNING member.partner_id),
                came AS (
                    INSERT INTO crm_customer_segment_member
                           (segment_id, company_id, partner_id, commercial_partner_id, entered_on)
                    SELECT %(segment)s, %(company)s, partner.id, partner.commercial_partner_id, %(as_of)s
                      FROM fresh JOIN res_partner partner ON partner.id = fresh.id
                     WHERE NOT EXISTS (SELECT FROM back WHERE back.partner_id = partner.id)
                    RETURNING id)
                SELECT (SELECT COUNT(*) FROM came), (SELECT COUNT(*) FROM back), (SELECT COUNT(*) FROM gone)
                """,
                segment=self.id,
                company=self.company_id.id,
                found=found,
                confined=confined,
                as_of=as_of,
            )
        )
        if came or back or gone:
            self.env["crm.customer.segment.member"].invalidate_model(flush=False)
            self.env["res.partner"].invalidate_model(
                ["customer_segment_ids", "customer_segment_member_ids"], flush=False
            )
            self.env["crm.customer.metrics"].invalidate_model(["segment_ids"], flush=False)
            self.invalidate_model(["member_ids", "member_count", "customer_count", "amount_12m"], flush=False)
            self.invalidate_model(["entered_recently", "left_recently"], flush=False)
        return came + back + gone

    def _found_sql(self, as_of, partner_ids):
        """Query of the ids of the contacts that belong into this segment."""
        query = None
        if self.kind == "rule":
            within = Domain.TRUE if partner_ids is None else Domain("commercial_partner_id", "in", list(partner_ids))
            query = self._rule_query(self.company_id, as_of, within)
        if query is None:
            return SQL(
                "SELECT present.partner_id AS id FROM present JOIN res_partner partner"
                " ON partner.id = present.partner_id AND partner.active"
            )
        partner = SQL.identifier(query.table)
        query.add_where(SQL("%s.active", partner))
        query.add_where(self._scope_sql(partner))
        return query.select(SQL("%s.id AS id", partner))

    def _scope_sql(self, partner):
        """Condition that a contact is one of those who are looked for, in the customer file of the company.

        :param partner: ``SQL`` of the alias of contacts
        """
        partners = self.env["res.partner"].with_context(allowed_company_ids=self.company_id.ids)
        if self.scope == "customer":
            whom = SQL("%(partner)s.id = %(partner)s.commercial_partner_id", partner=partner)
        else:
            whom = SQL(
                "(%(partner)s.id = %(partner)s.commercial_partner_id OR %(partner)s.type = 'contact')", partner=partner
            )
        return SQL(
            "%s AND EXISTS (SELECT FROM res_partner customer WHERE customer.id = %s.commercial_partner_id AND %s)",
            whom,
            partner,
            partners._customer_filed_sql(SQL.identifier("customer")),
        )

    def _members_changed(self, partner_ids=None):
        """Called after members of these segments came or went. Addons extend it.

        :param partner_ids: ids of the customers among whom the change was, None for all
        """

    # ------------------------------------------------------------------------- when

    @api.model
    def _refresh_customers(self, partner_ids, as_of):
        """Look at some customers in all segments by condition.

        :param partner_ids: ids of commercial partners
        :param as_of: date that stands for today
        """
        if partner_ids:
            self.sudo().search([("kind", "=", "rule")])._refresh(as_of, partner_ids)

    @api.model
    def _all_stale(self):
        """Have all segments looked at by the scheduled action: the day or the scores have moved."""
        self.env.cr.execute(SQL("UPDATE crm_customer_segment SET refreshed_as_of = NULL WHERE active"))
        if self.env.cr.rowcount:
            self.sudo().invalidate_model(["refreshed_as_of"], flush=False)
            cron = self.env.ref(CRON, raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()

    @api.model
    def _cron_refresh(self):
        """Look for the members of all segments that were not looked at for the day: one per transaction."""
        as_of = self.env["crm.customer.metrics"]._as_of()
        due = Domain("refreshed_as_of", "=", False) | Domain("refreshed_as_of", "<", as_of)
        segments = self.sudo().search(due)
        segments = segments.sorted(lambda each: ("customer_segment_ids" in (each.rule_domain or ""), each.id))
        tries, remaining = 0, len(segments)
        for segment in segments:
            while True:
                try:
                    segment._refresh(as_of)
                    break
                except psycopg2.OperationalError as error:
                    tries += 1
                    if tries > MOST_TRIES:
                        raise
                    _logger.info("a segment is looked at again after: %s", error)
                    self.env.cr.rollback()
            remaining -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return
