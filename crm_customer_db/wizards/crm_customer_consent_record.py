from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.crm_customer_consent import CHANNELS, GIVING_GROUPS, LEGAL_BASES, PURPOSES, STATES


class CrmCustomerConsentRecord(models.TransientModel):
    """The dialog in which a refusal or consent is recorded, for one contact or several.

    Whoever hears a refusal can record it; who may record a consent is decided by the
    ledger, and the dialog only doesn't offer it to others.
    """

    _name = "crm.customer.consent.record"
    _description = "Record a Consent or Refusal"

    partner_ids = fields.Many2many("res.partner", string="Contacts", required=True)
    state = fields.Selection(STATES, string="The customer has", required=True, default="refused")
    may_give = fields.Boolean(compute="_compute_may_give")
    channel = fields.Selection(CHANNELS, required=True)
    purpose = fields.Selection(PURPOSES, required=True, default="marketing")
    legal_basis = fields.Selection(LEGAL_BASES, default="consent")
    date = fields.Datetime(required=True, default=lambda self: fields.Datetime.now())
    company_id = fields.Many2one(
        "res.company",
        string="Said to",
        domain=lambda self: [("id", "in", self.env.companies.ids)],
        help="Empty: to all our companies. A refusal of e-mails, calls or SMS always holds for all.",
    )
    proof = fields.Text(
        help="How it can be shown: the form and where it is kept, the recording, the ticket, the link that was followed."
    )
    wording = fields.Text(help="The words the customer was shown or told, or used.")
    present = fields.Text(string="Now", compute="_compute_present")

    @api.depends_context("uid")
    def _compute_may_give(self):
        self.may_give = self.env.user.has_groups(GIVING_GROUPS)

    @api.depends("partner_ids")
    def _compute_present(self):
        for dialog in self:
            partner = dialog.partner_ids._origin
            dialog.present = len(partner) == 1 and (partner._customer_refusal_words() or self.env._("Nothing refused."))

    def action_record(self):
        """Add the entries to the ledger, as the user.

        :return: action that closes the dialog and says what holds now
        """
        self.ensure_one()
        partners = self.partner_ids
        if not partners:
            raise UserError(self.env._("Say whose consent or refusal this is: the contact is missing."))
        partners.check_access("read")
        values = {
            "state": self.state,
            "channel": self.channel,
            "purpose": self.purpose,
            "legal_basis": self.state == "given" and self.legal_basis,
            "date": self.date,
            "company_id": self.company_id.id,
            "proof": self.proof,
            "wording": self.wording,
        }
        self.env["crm.customer.consent"].create([dict(values, partner_id=partner.id) for partner in partners])
        self._touch(partners)
        message, level = self._result(partners)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": level, "next": {"type": "ir.actions.act_window_close"}},
        }

    def _touch(self, partners):
        """Let open pages of these contacts see that something is new about them."""
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET write_date = %s, write_uid = %s WHERE id = ANY(%s)",
                self.env.cr.now(),
                self.env.uid,
                partners.ids,
            )
        )
        partners.invalidate_recordset(["write_date", "write_uid"], flush=False)

    def _result(self, partners):
        """What to tell the user: that it is recorded, and where a refusal still stands.

        :return: tuple of sentence and kind of notification
        """
        channels = [self.channel] if self.channel != "all" else [key for key, _label in CHANNELS if key != "all"]
        refused = partners._customer_refused_channels()
        if self.state == "given" and self.purpose == "marketing":
            held = partners.filtered(lambda partner: refused.get(partner.id, set()).intersection(channels))
            if held:
                return (
                    self.env._(
                        "Recorded, but a refusal still stands for %s: it is of a later date, or another "
                        "contact with the same address or number refuses.",
                        ", ".join(held[:5].mapped("display_name")),
                    ),
                    "warning",
                )
        if len(partners) == 1:
            words = partners._customer_refusal_words() or self.env._("Nothing refused.")
            return self.env._("Recorded. Now: %s", words), "success"
        return self.env._("Recorded for %s contacts.", len(partners)), "success"
