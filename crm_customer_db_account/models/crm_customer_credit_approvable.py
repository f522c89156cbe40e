from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .crm_customer_credit_approval import ACCOUNTANTS


class CrmCustomerCreditApprovable(models.AbstractModel):
    """A document with which something is sold, and that may need leave to go over the limit.

    Companies switch that on in their settings; where it is off, nothing is asked.
    """

    _name = "crm.customer.credit.approvable"
    _inherit = "crm.customer.credit.line"
    _description = "Documents that may need Credit Approval"

    customer_credit_approval = fields.Selection(
        [
            ("needed", "Over the credit limit: needs an approval"),
            ("asked", "Approval asked"),
            ("approved", "Approved"),
            ("refused", "Approval refused"),
            ("done", "Confirmed: needs an approval before more is added"),
        ],
        string="Credit approval",
        compute="_compute_customer_credit_approval",
        compute_sudo=True,
        groups="crm_customer_db.group_customer_user",
    )

    def _compute_customer_credit_approval(self):
        """What a document that is over the limit waits for."""
        Approval = self.env["crm.customer.credit.approval"]
        self.customer_credit_approval = False
        asking = self.filtered(lambda document: document._customer_credit_company().customer_credit_approval)
        waiting = asking.filtered(lambda document: document._customer_credit_waits())
        growing = (asking - waiting).filtered(lambda document: document._customer_credit_may_grow())
        if not waiting + growing:
            return
        situations = self.env["crm.customer.credit.snapshot"]._situations(waiting + growing)
        for document in waiting + growing:
            # each for itself: a list is no order in which they are confirmed
            if document in waiting and not Approval._over(document, situations):
                continue
            if not situations.get(document.id, {}).get("credit_limit"):
                continue
            latest = Approval._of(document, ["asked", "approved", "refused"])[:1]
            state = latest.state or ("done" if document in growing else "needed")
            if document in waiting and state == "approved" and not latest._covers(document):
                state = "needed"
            document.customer_credit_approval = state

    def _customer_credit_waits(self):
        """Whether this document is still to be confirmed."""
        raise NotImplementedError(self._name)

    def _customer_credit_may_grow(self):
        """Whether this document is confirmed, and something may be added to it still."""
        self.ensure_one()
        return False

    def _customer_credit_added(self):
        """What the customer will owe by this document, in the company's currency."""
        self.ensure_one()
        return self._customer_credit_amount()

    def _customer_credit_refusal(self):
        """Why these documents can't be confirmed, and what to do: without figures, as salespeople read it."""
        customers = self.env["res.partner"].union(*(document._customer_credit_partner() for document in self))
        return self.env._(
            "%(documents)s would put %(customers)s over the credit limit. Press “Ask for approval” there and say why,"
            " or let it be paid in advance.",
            documents=", ".join(self.mapped("display_name")),
            customers=", ".join(customers.mapped("display_name")),
        )

    def _customer_credit_dialog(self, mode, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.customer.credit.approval.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_mode": mode,
                "default_document_model": self._name,
                "default_document_id": self.id,
                "default_amount": self._customer_credit_amount(),
                "default_company_id": self.company_id.id,
            },
        }

    def action_customer_credit_ask(self):
        """Ask for leave to go over the limit.

        :raise UserError: where no approval is asked for
        """
        self.check_access("write")
        if not self._customer_credit_company().sudo().customer_credit_approval:
            raise UserError(self.env._("Nobody has to approve what goes over the credit limit in this company."))
        return self._customer_credit_dialog("ask", self.env._("Ask for approval"))

    def action_customer_credit_approve(self):
        """Let this document go over the limit.

        :raise AccessError: when the user is no accountant
        """
        self._customer_credit_may_decide()
        return self._customer_credit_dialog("approve", self.env._("Approve"))

    def action_customer_credit_refuse(self):
        """Do not let this document go over the limit.

        :raise AccessError: when the user is no accountant
        """
        self._customer_credit_may_decide()
        return self._customer_credit_dialog("refuse", self.env._("Refuse"))

    def _customer_credit_may_decide(self):
        self.check_access("read")
        if not self.env.user.has_group(ACCOUNTANTS):
            raise AccessError(self.env._("Only who invoices may decide on credit."))
