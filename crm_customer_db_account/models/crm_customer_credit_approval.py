from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

ACCOUNTANTS = "account.group_account_invoice"
ACTIVITY = "crm_customer_db_account.mail_activity_type_credit_approval"


class CrmCustomerCreditApproval(models.Model):
    """Leave for one document to go over the credit limit: who asked why, who decided why.

    Written by the buttons of the documents, never by hand. An approval is for one
    document, its customer and an amount, and is used up when the document is confirmed:
    what is cancelled and confirmed once more has to be approved once more.
    """

    _name = "crm.customer.credit.approval"
    # The activity is here: an accountant may not be able to open the order.
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Credit Approval"
    _order = "asked_on desc, id desc"
    _rec_name = "document_name"

    document_model = fields.Char(string="Kind of document", required=True, readonly=True)
    document_id = fields.Many2oneReference("Record", model_field="document_model", required=True, readonly=True)
    document_name = fields.Char(string="Document", readonly=True)
    # not required in the database: the log outlives what it is about
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null", index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict", index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(string="Up to", readonly=True, help="With tax, in the company's currency.")
    credit_limit = fields.Monetary(string="Credit limit", readonly=True)
    credit_exposure = fields.Monetary(string="Exposure", readonly=True, help="Without this document, when asked.")
    asked_by_id = fields.Many2one("res.users", string="Asked by", readonly=True, ondelete="set null")
    asked_on = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    asked_reason = fields.Char(string="Why", readonly=True)
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True, ondelete="set null")
    decided_on = fields.Datetime(readonly=True)
    decided_reason = fields.Char(string="Answer", readonly=True)
    used_on = fields.Datetime(readonly=True, help="When the document was confirmed with it.")
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("used", "Used"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="asked",
    )

    _document_idx = models.Index("(document_model, document_id, id DESC)")
    _open_idx = models.Index("(company_id, id DESC) WHERE state = 'asked'")

    @api.ondelete(at_uninstall=False)
    def _unlink_refused(self):
        """Refused for everybody.

        :raise AccessError: always
        """
        raise AccessError(self.env._("What was asked and decided stays as it was."))

    # -------------------------------------------------------------------- checking

    @api.model
    def _of(self, documents, states=("asked", "approved", "refused", "used")):
        """Approvals of documents, whoever asks; the latest first.

        :param documents: records of one model
        """
        return self.sudo().search(
            Domain("document_model", "=", documents._name)
            & Domain("document_id", "in", documents._origin.ids)
            & Domain("state", "in", states),
            order="id desc",
        )

    @api.model
    def _over(self, documents, situations):
        """Those of documents with which their customer is over his limit, where that needs an approval.

        Documents of one customer are added up in their order.

        :param documents: records of a model with ``crm.customer.credit.approvable``
        :param situations: what ``crm.customer.credit.snapshot._situations`` says of them
        """
        so_far = defaultdict(float)
        over = documents.browse()
        for document in documents:
            row = situations.get(document.id)
            root = document._customer_credit_company().sudo()
            if not row or not row["credit_limit"] or not root.customer_credit_approval:
                continue
            added = document._customer_credit_added()
            key = row["commercial_partner_id"], row["company_id"]
            so_far[key] += added
            exposure = float(row["credit_exposure"]) + so_far[key]
            if added > 0 and root.currency_id.compare_amounts(exposure, float(row["credit_limit"])) > 0:
                over += document
        return over

    @api.model
    def _missing(self, documents):
        """Those of documents that are over the limit and have no approval that covers them."""
        approved = self._of(documents, ["approved"]) if documents else self
        return documents.filtered(lambda document: not any(approval._covers(document) for approval in approved))

    def _covers(self, document):
        """Whether a document may be confirmed with this approval."""
        self.ensure_one()
        return (
            self.state == "approved"
            and (self.document_model, self.document_id) == (document._name, document._origin.id)
            and self.commercial_partner_id == document._customer_credit_partner()
            and self.company_id == document.company_id
            and self.currency_id.compare_amounts(document._customer_credit_amount(), self.amount) <= 0
        )

    @api.model
    def _check(self, documents, situations):
        """Let nothing go over the limit without approval.

        :raise UserError: says what to do about it
        """
        self._take_turns(documents, situations)
        self._refuse_missing(self._over(documents, situations))

    @api.model
    def _take_turns(self, documents, situations):
        """Let two users who sell to one customer at the same moment come one after the other.

        Neither sees what the other has not committed, and together they may be over the
        limit. Both write to the customer's row of figures, without changing them: PostgreSQL
        refuses the second, and Odoo does his request once more, with the first one's sale
        before him. Where no approval is asked for, or without a limit, nobody waits.
        """
        keys = {
            (row["commercial_partner_id"], row["company_id"], row["currency_id"])
            for document in documents
            if (row := situations.get(document.id)) and row["credit_limit"]
            if document._customer_credit_company().sudo().customer_credit_approval
        }
        for key in sorted(keys):
            # who buys for the first time has no row; the sale puts him on the queue, which fills it
            self.env.cr.execute(
                SQL(
                    "INSERT INTO crm_customer_metrics AS figures"
                    " (commercial_partner_id, company_id, currency_id, computed_as_of) VALUES (%s, %s, %s, CURRENT_DATE)"
                    " ON CONFLICT (commercial_partner_id, company_id) DO UPDATE SET company_id = figures.company_id",
                    *key,
                )
            )

    @api.model
    def _refuse_missing(self, over):
        """Let none of these documents pass that has no approval.

        :param over: documents that are over the limit
        :raise UserError: says what to do about it
        """
        missing = self._missing(over)
        if missing:
            raise UserError(missing._customer_credit_refusal())

    @api.model
    def _use(self, documents):
        """Use up the approvals of documents that are confirmed."""
        if any(document._customer_credit_company().sudo().customer_credit_approval for document in documents):
            used = self._of(documents, ["approved", "asked"])
            used.write({"state": "used", "used_on": fields.Datetime.now()})
            used.activity_unlink([ACTIVITY])

    # ---------------------------------------------------------------------- deciding

    @api.model
    def _ask(self, document, amount, reason):
        """Ask an accountant for leave to go over the limit.

        :param document: record that the user may write
        :param amount: up to which amount, in the company's currency
        :param reason: str
        :return: the record, as superuser
        """
        document.check_access("write")
        situation = self.env["crm.customer.credit.snapshot"]._situations(document).get(document.id, {})
        before = self._of(document, ["asked"])
        before.write({"state": "refused", "decided_reason": self.env._("Asked once more.")})
        before.activity_unlink([ACTIVITY])
        approval = self.sudo().create(
            {
                "document_model": document._name,
                "document_id": document.id,
                "document_name": document.display_name,
                "commercial_partner_id": document._customer_credit_partner().id,
                "company_id": document.company_id.id,
                "amount": amount,
                "credit_limit": situation.get("credit_limit"),
                "credit_exposure": situation.get("credit_exposure"),
                "asked_by_id": self.env.user.id,
                "asked_reason": reason,
            }
        )
        approver = document._customer_credit_company().sudo().customer_credit_approver_id
        approval.activity_schedule(
            ACTIVITY, user_id=approver.id or self.env.user.id, summary=approval.document_name, note=reason
        )
        document._message_log(body=self.env._("Approval asked to go over the credit limit: %s", reason))
        return approval

    def _decide(self, document, state, reason):
        """Approve or refuse what was asked.

        :param document: the record that was asked for
        :param state: ``approved`` or ``refused``
        :param reason: str
        :raise AccessError: when the user is no accountant
        :raise UserError: when it has been decided already
        """
        self.ensure_one()
        if not self.env.user.has_group(ACCOUNTANTS):
            raise AccessError(self.env._("Only who invoices may decide on credit."))
        document.check_access("read")
        if self.state != "asked":
            raise UserError(self.env._("This has been decided already."))
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.user.id,
                "decided_on": fields.Datetime.now(),
                "decided_reason": reason,
            }
        )
        words = {
            "approved": self.env._("The credit limit may be exceeded: %s", reason),
            "refused": self.env._("The credit limit may not be exceeded: %s", reason),
        }[state]
        self.sudo().activity_feedback([ACTIVITY], feedback=reason)
        document.sudo().message_post(
            body=words,
            author_id=self.env.user.partner_id.id,
            partner_ids=(self.asked_by_id.partner_id - self.env.user.partner_id).ids,
            subtype_xmlid="mail.mt_note",
        )

    def _document(self):
        """What it was asked for.

        :raise UserError: when that is gone
        """
        self.ensure_one()
        document = self.env[self.document_model].browse(self.document_id).exists()
        if not document:
            raise UserError(self.env._("%s does not exist any more.", self.document_name))
        return document

    def action_open_document(self):
        """Open what it was asked for."""
        self.check_access("read")
        return self._document()._get_records_action()

    def action_approve(self):
        """Let the document go over the limit."""
        self.check_access("read")
        return self._document().action_customer_credit_approve()

    def action_refuse(self):
        """Do not let the document go over the limit."""
        self.check_access("read")
        return self._document().action_customer_credit_refuse()
