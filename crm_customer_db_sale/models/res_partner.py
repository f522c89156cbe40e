from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

# Delivery states of an order of which something is still to be delivered.
UNDELIVERED = ("pending", "started", "partial")


class ResPartner(models.Model):
    """What is open between a customer and Sales: quotations and orders to deliver."""

    _inherit = "res.partner"

    # === Who is a customer ===

    @api.model
    def _customer_file_sources(self):
        self.env["sale.order"].flush_model(["partner_id", "company_id", "state", "validity_date"])
        return [
            *super()._customer_file_sources(),
            SQL(
                "SELECT quoted.commercial_partner_id FROM sale_order o JOIN res_partner quoted ON quoted.id = o.partner_id"
                " WHERE o.company_id = ANY(%s) AND %s",
                self.env.companies.ids,
                self._customer_open_quotation_sql(),
            ),
        ]

    @api.depends("sale_order_ids.state", "sale_order_ids.validity_date")
    def _compute_customer_in_file(self):
        return super()._compute_customer_in_file()

    # === What is open ===

    @api.model
    def _customer_open_quotation_domain(self):
        """Quotations that the customer may still accept, and those being written.

        Not the baskets of a web site.
        """
        today = fields.Date.context_today(self)
        domain = Domain("state", "in", ("draft", "sent")) & (
            Domain("validity_date", "=", False) | Domain("validity_date", ">=", today)
        )
        if "website_id" in self.env["sale.order"]._fields:
            domain &= Domain("website_id", "=", False)
        return domain

    @api.model
    def _customer_open_quotation_sql(self):
        """The same as a condition on ``sale_order o``."""
        web = "website_id" in self.env["sale.order"]._fields
        return SQL(
            "o.state IN ('draft', 'sent') AND (o.validity_date IS NULL OR o.validity_date >= %s) AND %s",
            fields.Date.context_today(self),
            SQL("o.website_id IS NULL") if web else SQL("TRUE"),
        )

    @api.model
    def _customer_to_deliver_domain(self):
        """Confirmed orders of which something is still to be delivered.

        Nobody knows without Inventory, so there are none then.
        """
        if "delivery_status" not in self.env["sale.order"]._fields:
            return Domain.FALSE
        return Domain("state", "=", "sale") & Domain("delivery_status", "in", UNDELIVERED)

    def _customer_orders_domain(self):
        return Domain("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id)

    def _customer_slot_open(self):
        lines = []
        if self.env["sale.order"].has_access("read"):
            for company, quotations, amount, to_deliver, late in self._customer_open_orders():
                firm = company.name if len(self.env.companies) > 1 else ""
                if quotations:
                    lines.append(self._customer_quotations_line(company, quotations, amount, firm))
                if to_deliver:
                    lines.append(self._customer_deliveries_line(to_deliver, late, firm))
            if self.customer_in_file and self.env["sale.order"].has_access("create"):
                lines.append(
                    {
                        "text": "",
                        "level": "info",
                        "method": "action_customer_new_quotation",
                        "label": self.env._("New quotation"),
                    }
                )
        return lines + super()._customer_slot_open()

    def _customer_quotations_line(self, company, count, amount, firm):
        """The line of open quotations.

        :param firm: name of the company, '' where there is only one
        """
        words = self.env._("open quotation") if count == 1 else self.env._("open quotations")
        total = self.env._("%(amount)s (excl. VAT)", amount=format_amount(self.env, amount, company.currency_id))
        return {
            "value": str(count),
            "text": ", ".join(filter(None, [words, total, firm])),
            "level": "info",
            "method": "action_customer_open_quotations",
            "label": self.env._("Show"),
        }

    def _customer_deliveries_line(self, count, late, firm):
        """The line of orders to deliver.

        :param late: how many of them should have been delivered
        :param firm: name of the company, '' where there is only one
        """
        words = self.env._("order to deliver") if count == 1 else self.env._("orders to deliver")
        return {
            "value": str(count),
            "text": ", ".join(filter(None, [words, late and self.env._("%s late", late), firm])),
            "level": "danger" if late else "info",
            "method": "action_customer_open_deliveries",
            "label": self.env._("Show"),
        }

    def _customer_open_orders(self):
        """What is open with Sales, as far as the user may see the orders: one query.

        :return: list of tuples: ``res.company``, number of quotations, their amount in
            its currency, number of orders to deliver, how many of them are late
        """
        Order = self.env["sale.order"]
        deliver = self._customer_to_deliver_domain()
        query = Order._search(
            self._customer_orders_domain() & (self._customer_open_quotation_domain() | deliver), order="id"
        )
        late = SQL("sale_order.id IN (%s)", Order._customer_late_sql())
        Order.flush_model(["amount_untaxed", "company_id", "currency_rate", "state"])
        query.order = None
        query.groupby = SQL("sale_order.company_id")
        rows = self.env.execute_query(
            query.select(
                SQL("sale_order.company_id"),
                SQL("COUNT(*) FILTER (WHERE sale_order.state <> 'sale')"),
                SQL(
                    "COALESCE(SUM(sale_order.amount_untaxed / COALESCE(NULLIF(sale_order.currency_rate, 0), 1))"
                    " FILTER (WHERE sale_order.state <> 'sale'), 0)"
                ),
                SQL("COUNT(*) FILTER (WHERE sale_order.state = 'sale')"),
                SQL("COUNT(*) FILTER (WHERE %s)", late),
            )
        )
        companies = {company.id: company for company in self.env.companies}
        return [(companies[company], *figures) for company, *figures in sorted(rows)]

    # === Buttons ===

    def action_customer_open_quotations(self):
        """Show the open quotations that the page counts."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sale.action_quotations")
        return dict(
            action,
            domain=list(self._customer_orders_domain() & self._customer_open_quotation_domain()),
            context={"default_partner_id": self.id},
        )

    def action_customer_open_deliveries(self):
        """Show the orders to deliver that the page counts."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sale.action_orders")
        return dict(
            action,
            domain=list(self._customer_orders_domain() & self._customer_to_deliver_domain()),
            context={"create": False},
        )

    def action_customer_new_quotation(self):
        """Begin a quotation for this customer.

        :raise AccessError: for those who may not write one
        """
        self.ensure_one()
        if not self.env["sale.order"].has_access("create"):
            raise AccessError(self.env._("Only salespeople can write a quotation."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New quotation"),
            "res_model": "sale.order",
            "views": [(False, "form")],
            "context": {"default_partner_id": self.id},
        }
