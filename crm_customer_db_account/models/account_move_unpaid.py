from odoo import api, fields, models
from odoo.tools import format_date

# What keeps a customer from paying, while it is open.
REASONS = ("return", "exchange", "complaint")


class AccountMove(models.Model):
    """Why an overdue invoice may be unpaid: what is open of its order."""

    _inherit = "account.move"

    customer_unpaid_why = fields.Char(
        string="Why it may be unpaid",
        compute="_compute_customer_unpaid_why",
        groups="crm_customer_db.group_customer_user",
        help="An open return, exchange or complaint of what is invoiced here.",
    )

    @api.depends("state", "payment_state", "partner_id", "line_ids.date_maturity", "line_ids.amount_residual")
    @api.depends_context("uid", "lang")
    def _compute_customer_unpaid_why(self):
        for invoice, incidents in self._customer_open_incidents().items():
            invoice.customer_unpaid_why = " · ".join(invoice._customer_unpaid_words(incidents)) or False

    def _customer_unpaid_words(self, incidents):
        """Reasons, the most telling first.

        :param incidents: open ``crm.customer.fulfilment`` records of the invoice
        :return: list of texts
        """
        self.ensure_one()
        kinds = dict(self.env["crm.customer.fulfilment"]._fields["kind"]._description_selection(self.env))
        words = []
        for incident in incidents:
            what = incident.reason_text or incident.subject or incident.order_ref
            words.append(f"{kinds[incident.kind]} {format_date(self.env, incident.day)}: {what}")
        return words

    def _customer_order_refs(self):
        """Numbers under which returns and complaints may know what is invoiced here.

        :return: set of texts
        """
        self.ensure_one()
        origins = (self.invoice_origin or "").split(",")
        return {self.name, *(origin.strip() for origin in origins)} - {False, "", "/"}

    def _customer_is_overdue(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        return (
            self.state == "posted"
            and self.move_type in ("out_invoice", "out_receipt")
            and any(
                line.display_type == "payment_term"
                and line.date_maturity
                and line.date_maturity < today
                and line.amount_residual > 0
                for line in self.line_ids
            )
        )

    def _customer_open_incidents(self):
        """Open returns, exchanges and complaints of what overdue invoices are for, as far as the user may see them.

        :return: dict of invoice and records of ``crm.customer.fulfilment``, latest first
        """
        nothing = self.env["crm.customer.fulfilment"]
        found = dict.fromkeys(self, nothing)
        refs = {invoice: invoice._customer_order_refs() for invoice in self if invoice._customer_is_overdue()}
        if not refs:
            return found
        incidents = nothing.search_fetch(
            [
                ("commercial_partner_id", "in", [invoice.commercial_partner_id.id for invoice in refs]),
                ("order_ref", "in", list(set().union(*refs.values()))),
                ("kind", "in", REASONS),
                ("state", "=", "open"),
            ],
            ["commercial_partner_id", "company_id", "order_ref", "kind", "day", "subject", "reason_text"],
            order="date desc, id desc",
        )
        for invoice, names in refs.items():
            found[invoice] = incidents.filtered(
                lambda incident, invoice=invoice, names=names: (
                    incident.commercial_partner_id == invoice.commercial_partner_id
                    and incident.company_id == invoice.company_id
                    and incident.order_ref in names
                )
            )
        return found

    @api.readonly
    def action_customer_unpaid_why(self):
        """Show what is open of what is invoiced here, and what is unpaid of it."""
        self.ensure_one()
        self.check_access("read")
        incidents = self._customer_open_incidents()[self]
        incidents += incidents.search(
            [
                ("source_model", "=", self._name),
                ("source_id", "=", self.id),
                ("kind", "=", "unpaid"),
                ("state", "=", "open"),
            ]
        )
        action = incidents._get_records_action(name=self.env._("Open for %s", self.name))
        return {**action, "context": {"create": False}}
