from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang

from .crm_customer_metrics import CREDIT_SOURCES, STATUSES
from .crm_customer_metrics_sql import ROOT

FIGURES = "crm_customer_db.group_credit_figures"


class CrmCustomerCreditLine(models.AbstractModel):
    """The credit situation of the customer, in one line on a document of his.

    One document that is being looked at is worked out at this moment; a list shows what is
    kept. Whoever may not see figures gets words.
    """

    _name = "crm.customer.credit.line"
    _description = "Credit Situation on Documents"

    customer_credit_status = fields.Selection(
        STATUSES,
        string="Credit situation",
        compute="_compute_customer_credit",
        search="_search_customer_credit_status",
        compute_sudo=True,
        groups="crm_customer_db.group_customer_user",
    )
    customer_credit_words = fields.Char(
        string="Credit situation in words",
        compute="_compute_customer_credit",
        compute_sudo=True,
        groups="crm_customer_db.group_customer_user",
    )

    @api.depends_context("uid", "lang")
    def _compute_customer_credit(self):
        rows = self._customer_credit_rows()
        figures = self.env.user.has_group(FIGURES)
        for record in self:
            customer = record._customer_credit_partner()
            root = record._customer_credit_company()
            row = rows.get((customer.id, root.id))
            shown = bool(row) and row["credit_status"] != "none"
            if shown and not figures and not customer.is_company:
                # a private person's credit is between him and the accountants
                shown = root.customer_credit_consumers
            record.customer_credit_status = row["credit_status"] if shown else "none"
            tell = self._customer_credit_words if figures else self._customer_credit_watch
            record.customer_credit_words = tell(row, root) if shown else False

    def _customer_credit_partner(self):
        """The customer whose credit matters to this document."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id._origin

    def _customer_credit_company(self):
        """The company whose figures matter to this document."""
        self.ensure_one()
        return (self.company_id or self.env.company).root_id

    def _customer_credit_amount(self):
        """What this document adds to the exposure, with tax, in the company's currency."""
        self.ensure_one()
        return 0.0

    def _customer_credit_user(self):
        """Who sells with this document."""
        self.ensure_one()
        return self.user_id

    @api.model
    def _customer_credit_key_sql(self, alias):
        """The same two in SQL.

        :param alias: alias of the table of these documents
        :return: (``SQL`` of the id of the customer, ``SQL`` of the id of the root company)
        """
        root = SQL(
            "(SELECT %s FROM res_company company WHERE company.id = %s)", ROOT, SQL.identifier(alias, "company_id")
        )
        return SQL.identifier(alias, "commercial_partner_id"), root

    @api.model
    def _customer_credit_status_sql(self, alias):
        """The situation that is kept for the customer of a document, as this user may know it.

        :param alias: alias of the table of these documents
        """
        customer, root = self._customer_credit_key_sql(alias)
        known = SQL("TRUE")
        if not self.env.user.has_group(FIGURES):
            known = SQL("(partner.is_company OR company.customer_credit_consumers)")
        return SQL(
            "COALESCE((SELECT CASE WHEN %s THEN metrics.credit_status END FROM crm_customer_metrics metrics"
            " JOIN res_partner partner ON partner.id = metrics.commercial_partner_id"
            " JOIN res_company company ON company.id = metrics.company_id"
            " WHERE metrics.commercial_partner_id = %s AND metrics.company_id = %s), 'none')",
            known,
            customer,
            root,
            to_flush=self.env["res.company"]._fields["customer_credit_consumers"],
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Extended: documents may be grouped and sorted by the situation of their customer."""
        if field_expr != "customer_credit_status":
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return self._customer_credit_status_sql(alias)

    @api.model
    def _search_customer_credit_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_field_access(self._fields["customer_credit_status"], "read")
        wanted = [status or "none" for status in value]
        if "none" in wanted:
            rest = [status for status, _label in STATUSES if status not in wanted]
            return ~Domain(self._search_customer_credit_status("in", rest)) if rest else Domain.TRUE
        table = SQL.identifier(self._table)
        return Domain(
            "id",
            "in",
            SQL("(SELECT id FROM %s WHERE %s = ANY(%s))", table, self._customer_credit_status_sql(self._table), wanted),
        )

    def _customer_credit_rows(self):
        """Figures of the customers of these documents, by one query.

        :return: dict of (customer id, root company id) and dict of figures
        """
        ids = list({record._customer_credit_partner().id for record in self} - {False})
        if not ids:
            return {}
        if len(ids) == 1:
            found = self.env["crm.customer.metrics"]._current(ids, names=CREDIT_SOURCES)
        else:
            self.env.cr.execute(SQL("SELECT * FROM crm_customer_metrics WHERE commercial_partner_id = ANY(%s)", ids))
            found = self.env.cr.dictfetchall()
        return {(row["commercial_partner_id"], row["company_id"]): row for row in found}

    @api.model
    def _customer_credit_words(self, row, company):
        """The situation with figures.

        :param row: dict of figures
        :param company: ``res.company`` whose currency they are in
        """

        def money(amount):
            return formatLang(self.env, amount, currency_obj=company.currency_id)

        words = []
        if row["credit_overdue"] > 0:
            words.append(
                self.env._(
                    "%(amount)s overdue, up to %(days)s days",
                    amount=money(row["credit_overdue"]),
                    days=row["credit_overdue_days"],
                )
            )
        if row["credit_returned"] > 0:
            words.append(self.env._("%s returned by the bank", money(row["credit_returned"])))
        if row["credit_limit"] > 0:
            words.append(self.env._("%s %% of the limit used", formatLang(self.env, row["credit_used"], digits=0)))
        elif row["credit_exposure"] > 0:
            words.append(self.env._("exposure %s", money(row["credit_exposure"])))
        if row["credit_settled_count"]:
            late = round(row["credit_days_late"])
            count = row["credit_settled_count"]
            if late > 0:
                words.append(
                    self.env._("pays %(days)s days late on average, %(count)s invoices", days=late, count=count)
                )
            else:
                words.append(self.env._("pays on time, %s invoices", count))
        return ", ".join(words) or self.env._("nothing open")

    @api.model
    def _customer_credit_watch(self, row, company):
        """The situation without figures.

        :param row: dict of figures
        :param company: ``res.company`` with the thresholds
        """
        if row["credit_status"] == "green":
            return self.env._("No objection.")
        words = []
        if row["credit_returned"] > 0:
            words.append(self.env._("a payment came back from the bank"))
        if row["credit_overdue"] > 0:
            words.append(self.env._("has overdue items"))
        if row["credit_limit"] > 0 and row["credit_available"] < 0:
            words.append(self.env._("is over the credit limit"))
        elif row["credit_limit"] > 0 and row["credit_used"] >= company.customer_credit_amber_share:
            words.append(self.env._("is close to the credit limit"))
        if row["credit_grade"] in ("c", "d", "e"):
            words.append(self.env._("pays late"))
        what = ", ".join(words) or self.env._("ask Accounting")
        # the colour and its word stand beside it
        return f"{what[:1].upper()}{what[1:]}."

    def action_customer_credit_items(self):
        """Show what the customer of a document owes, by due date."""
        self.ensure_one()
        self.check_access("read")
        return self.env["crm.customer.metrics"]._credit_open_items(self._customer_credit_partner())
