from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmCustomerFact(models.AbstractModel):
    """What happens to facts when their customer is moved, merged or deleted."""

    _inherit = "crm.customer.fact"

    @api.model
    def _resync_commercial_partner(self, partner_ids):
        """Make the facts of contacts, and their places in segments, follow them to another customer.

        To be called after ``parent_id`` or ``is_company`` of contacts has changed and
        after a merge. One statement per fact model, however many rows there are, and
        only rows that differ are written.

        :param partner_ids: ids of ``res.partner``; those below them are included
        """
        partner_ids = tuple(partner_ids)
        if not partner_ids:
            return
        self.env["res.partner"].flush_model(["parent_id", "commercial_partner_id"])
        family = SQL(
            """
            WITH RECURSIVE family AS (
                SELECT id, commercial_partner_id FROM res_partner WHERE id IN %s
                UNION
                SELECT child.id, child.commercial_partner_id
                  FROM res_partner child JOIN family ON child.parent_id = family.id
            )""",
            partner_ids,
        )
        family_ids = SQL("%s SELECT id FROM family", family)
        for model in self._fact_models():
            model.flush_model(["partner_id", "commercial_partner_id"])
            self.env.cr.execute(
                SQL(
                    """
                    %(family)s
                    UPDATE %(table)s fact
                       SET commercial_partner_id = family.commercial_partner_id
                      FROM family
                     WHERE fact.partner_id = family.id
                       AND fact.commercial_partner_id <> family.commercial_partner_id
                    """,
                    family=family,
                    table=SQL.identifier(model._table),
                )
            )
            if self.env.cr.rowcount:
                model.invalidate_model(["commercial_partner_id"], flush=False)
                model._fact_orders_changed(SQL("partner_id IN (%s)", family_ids))
        self.env["crm.customer.segment.member"].sudo()._resync_commercial_partner(family_ids)

    @api.model
    def _fact_orders_changed(self, condition):
        """Make right what is known of whole orders, after rows were changed by SQL.

        Facts that belong to no order have nothing to do. Rows that are gone are noticed
        through those that are left of their orders, so the condition must cover them.

        :param condition: ``SQL`` over columns of this table, unqualified
        """

    @api.model
    def _resync_day(self, companies):
        """Count the days of companies anew after their time zone has changed.

        :param companies: ``res.company`` records
        """
        for model in self._fact_models():
            model.flush_model(["date", "day", "company_id"])
            for company in companies:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET day = %s WHERE company_id = %s AND day <> %s",
                        SQL.identifier(model._table),
                        model._fact_day_sql(SQL("date"), company),
                        company.id,
                        model._fact_day_sql(SQL("date"), company),
                    )
                )
            model.invalidate_model(["day"], flush=False)

    @api.model
    def _fact_loose_feeds(self):
        """Feeds whose facts go when the contact goes.

        Their documents (a mail, a mailing, a survey, an activity) do not keep Odoo from
        deleting a contact, so what was copied from them must not either: a portal
        invitation makes nobody undeletable. Feed addons add theirs.

        :return: list of ``feed`` values
        """
        return []

    @api.model
    def _fact_count_by(self):
        """Name of the column by whose value facts are counted apart, or None."""
        return

    @api.model
    def _fact_count_words(self, count, kind=None):
        """A number of facts of this kind in words, for a sentence.

        :param count: int, above 0
        :param kind: value of the column ``_fact_count_by``
        """
        return self.env._("%(count)s × %(kind)s", count=count, kind=self._description)

    @api.model
    def _fact_let_go(self, partners):
        """Prepare the facts of contacts for their deletion.

        :param partners: ``res.partner`` records about to be deleted
        :return: dict of partner id and list of words, for those that must stay
        """
        kept = {}
        for model in self._fact_models():
            facts = model.sudo().with_context(active_test=False)
            of_them = Domain("partner_id", "in", partners.ids) | Domain("commercial_partner_id", "in", partners.ids)
            loose = of_them & Domain("feed", "in", model._fact_loose_feeds())
            facts.search(loose).unlink()
            by = model._fact_count_by()
            for column in ("partner_id", "commercial_partner_id"):
                groups = facts._read_group(
                    Domain(column, "in", partners.ids), [column, by] if by else [column], ["__count"]
                )
                for partner, *kind, count in groups:
                    words = model._fact_count_words(count, *kind)
                    kept.setdefault(partner.id, {})[model._name, *kind] = words
        return {partner_id: list(words.values()) for partner_id, words in kept.items()}
