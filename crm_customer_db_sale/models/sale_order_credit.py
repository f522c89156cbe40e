from odoo import api, models


class SaleOrder(models.Model):
    """An order keeps how its customer stood when it was confirmed, and may not take him over his limit unasked."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._customer_credit_check_raised({})
        return orders

    def write(self, vals):
        approval = self.env["crm.customer.credit.approval"]
        if vals.get("state") != "sale":
            before = self._customer_credit_before() if {"partner_id", "partner_invoice_id"} & vals.keys() else None
            res = super().write(vals)
            if before is not None:
                self._customer_credit_check_raised(before)
            return res
        confirmed = self.filtered(lambda order: order.state != "sale")
        snapshot = self.env["crm.customer.credit.snapshot"]
        situations = snapshot._situations(confirmed)
        approval._check(confirmed, situations)
        res = super().write(vals)
        snapshot._keep(confirmed, situations)
        approval._use(confirmed)
        return res

    def _validate_order(self):
        """Extended: a customer who signs is not told about his credit; the order waits for the accountant."""
        held = self.browse()
        if not self.env.user._is_internal():
            held = self._customer_credit_hold()
        return super(SaleOrder, self - held)._validate_order()

    def _customer_credit_hold(self):
        """Ask for approval of those of these orders that need one.

        :return: these orders
        """
        approval = self.env["crm.customer.credit.approval"]
        held = approval._missing(approval._over(self, self.env["crm.customer.credit.snapshot"]._situations(self)))
        for order in held.sudo():
            approval._ask(order, order._customer_credit_amount(), self.env._("Accepted online by the customer."))
        return held

    @api.depends("partner_id", "partner_invoice_id", "company_id", "state", "amount_total")
    def _compute_customer_credit_approval(self):
        return super()._compute_customer_credit_approval()

    def _customer_credit_waits(self):
        return self.state in ("draft", "sent")

    def _customer_credit_may_grow(self):
        """Extended: confirmed orders can be changed."""
        return self.state == "sale" and not self.locked

    def _customer_credit_amount(self):
        """Extended: with tax, at the rate of the order."""
        return self.company_id.currency_id.round(self.amount_total / (self.currency_rate or 1.0))

    def _customer_credit_added(self):
        """Extended: what was paid in advance, online, will not be owed."""
        return super()._customer_credit_added() - self.sudo().amount_paid / (self.currency_rate or 1.0)

    # -------------------------------------------------------- confirmed, and then more

    def _customer_credit_before(self):
        """What confirmed orders are about, to be compared after a change; nothing where no approval is asked for.

        :return: dict of id and (customer, amount)
        """
        return {
            order.id: (order._customer_credit_partner(), order._customer_credit_amount())
            for order in self
            if order.state == "sale" and order._customer_credit_company().sudo().customer_credit_approval
        }

    def _customer_credit_check_raised(self, before):
        """Let no confirmed order grow over the limit without approval.

        :param before: what ``_customer_credit_before`` has said
        :raise UserError: says what to do about it
        """
        raised = self.browse()
        for order_id, (customer, amount) in self._customer_credit_before().items():
            was, had = before.get(order_id, (None, 0.0))
            if customer != was or amount > had:
                raised += self.browse(order_id)
        if not raised:
            return
        approval = self.env["crm.customer.credit.approval"]
        situations = self.env["crm.customer.credit.snapshot"]._situations(raised)
        over = raised.filtered(
            lambda order: (
                order.id in situations
                and situations[order.id]["credit_limit"]
                # by now the order is part of it
                and situations[order.id]["credit_exposure"] > situations[order.id]["credit_limit"]
            )
        )
        approval._refuse_missing(over)
        approval._use(over)
