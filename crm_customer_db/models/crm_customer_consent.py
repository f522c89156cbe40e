from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..tools import consent

CHANNELS = [
    ("post", "Post"),
    ("phone", "Phone calls"),
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("visit", "Visits"),
    ("all", "Every channel"),
]
PURPOSES = [
    ("marketing", "Advertising"),
    ("profiling", "Profiling"),
    ("sharing", "Passing data on to others"),
    ("all", "Every purpose"),
]
STATES = [("refused", "Refused"), ("given", "Given")]
LEGAL_BASES = [
    ("consent", "Consent (GDPR art. 6.1.a)"),
    ("contract", "Contract (GDPR art. 6.1.b)"),
    ("legitimate_interest", "Legitimate interest (GDPR art. 6.1.f)"),
    ("soft_opt_in", "Own customer, similar products (LSSI art. 21.2)"),
]
SOURCES = [
    ("manual", "Recorded by hand"),
    ("unsubscribe", "Unsubscribed by the customer"),
    ("portal", "Customer portal"),
    ("blacklist", "Blacklist"),
    ("exclusion_list", "Exclusion list"),
    ("import", "Import"),
    ("merge", "Merged contacts"),
]
# Who may record a consent; a refusal is recorded by everybody who reads the ledger.
GIVING_GROUPS = "crm_customer_db.group_data_protection,crm_customer_db.group_customer_marketing"
FIRST_DATE = datetime(1900, 1, 1)
# Clocks of servers and browsers differ a little.
CLOCK_SKEW = timedelta(minutes=1)


class CrmCustomerConsent(models.Model):
    """What customers said about being contacted: a ledger to which lines are only added.

    *Append-only.* No role changes or deletes a line, and neither does code: ``write`` and
    ``unlink`` refuse even the superuser. The one way out is ``_erase``, for the erasure
    that the data protection custodian decides on.

    *What holds today* is read from the lines (``tools/consent.py``): a refusal stands until
    the customer consents later. So an import, a merge or a line with an older date can
    never turn a refusal into a consent.

    *To whom.* A line without a company speaks to every company of the group. A company's
    branches are one with it. Odoo's blacklists know no company, so a refusal of e-mails,
    calls or SMS to one company holds for all of them.

    *Deleting a contact.* Lines survive without their contact, with the address they were
    about, and only the custodian reads them. The refused address stays on Odoo's
    blacklists. A contact who refused post or visits can't be deleted, because no blacklist
    would remember it: see ``res.partner``.
    """

    _name = "crm.customer.consent"
    _description = "Consent"
    _order = "date desc, id desc"
    _rec_names_search = ["partner_id"]

    # Not required in the database: the line outlives a contact that is deleted.
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="set null")
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id", string="Customer")
    company_id = fields.Many2one(
        "res.company",
        ondelete="restrict",
        index="btree_not_null",
        help="The company this was said to. Empty: all of them.",
    )
    purpose = fields.Selection(PURPOSES, required=True, default="marketing")
    channel = fields.Selection(CHANNELS, required=True)
    state = fields.Selection(STATES, string="Status", required=True, default="refused")
    legal_basis = fields.Selection(
        LEGAL_BASES,
        help="What allows the contact. Only a consent ends an earlier refusal: interests of "
        "our own and sales of similar things do not stand against it.",
    )
    date = fields.Datetime(required=True, default=lambda self: fields.Datetime.now(), copy=False)
    source = fields.Selection(SOURCES, required=True, default="manual", readonly=True, copy=False)
    proof = fields.Text(
        help="How it can be shown: the form and where it is kept, the recording, the ticket, the link that was followed."
    )
    wording = fields.Text(help="The words the customer was shown or told, or used.")
    address = fields.Char(
        string="Address at the time",
        readonly=True,
        copy=False,
        help="The e-mail address, number or postal address that the contact had then.",
    )
    lifts_refusal = fields.Boolean(
        string="Ends earlier refusals",
        readonly=True,
        copy=False,
        help="A consent of the customer's own. What was imported, and what rests on another "
        "legal basis, leaves earlier refusals standing.",
    )

    # What holds for one contact; leads the foreign key.
    _partner_date_idx = models.Index("(partner_id, date DESC, id DESC)")
    # The list as it opens.
    _date_idx = models.Index("(date DESC, id DESC)")
    # Who refused, for searches over all contacts.
    _refused_idx = models.Index("(partner_id) WHERE state = 'refused'")

    @api.depends("channel", "state", "partner_id")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        for entry in self:
            words = [entry.sudo().partner_id.display_name, channels.get(entry.channel), states.get(entry.state)]
            entry.display_name = " · ".join(filter(None, words))

    # ------------------------------------------------------------------ adding lines

    @api.model
    def load(self, fields, data):
        # Not only Odoo's import screen: a remote call to load() is one as well.
        return super(CrmCustomerConsent, self.with_context(customer_consent_import=True)).load(fields, data)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._complete_values(vals) for vals in vals_list]
        self._refuse_what_users_may_not(vals_list)
        entries = super().create(vals_list)
        entries._note_addresses()
        if not self.env.su and not self.env.context.get("customer_consent_import"):
            entries._refuse_consents_without_effect()
        entries._follow_in_blacklists()
        return entries

    @api.model
    def _complete_values(self, vals):
        """Values of a new line as they will be stored.

        :param vals: dict for ``create``
        :return: a new dict
        :raise ValidationError: when the line could not be true
        """
        wanted = ("partner_id", "company_id", "purpose", "state", "source", "date", "legal_basis")
        vals = {**self.default_get([name for name in wanted if name not in vals]), **vals}
        if not vals.get("partner_id"):
            raise ValidationError(self.env._("Say whose consent or refusal this is: the contact is missing."))
        if self.env.context.get("customer_consent_import"):
            vals["source"] = "import"
        given = vals.get("state") == "given"
        if given and vals.get("purpose") == "all":
            raise ValidationError(
                self.env._("A consent names its purpose. Only a refusal can be for every purpose at once.")
            )
        vals["legal_basis"] = (vals.get("legal_basis") or "consent") if given else False
        vals["date"] = self._checked_date(vals.get("date"))
        # a company and its branches are one to the customer
        vals["company_id"] = self.env["res.company"].sudo().browse(vals.get("company_id")).root_id.id
        vals["lifts_refusal"] = consent.lifts_refusal(vals.get("state"), vals["legal_basis"], vals.get("source"))
        vals.pop("address", None)
        return vals

    @api.model
    def _checked_date(self, value):
        """The date of a line in whole seconds.

        :raise ValidationError: for what is no date, or none at which it can have been said
        """
        try:
            moment = fields.Datetime.to_datetime(value or fields.Datetime.now())
        except (TypeError, ValueError) as error:
            raise ValidationError(self.env._("“%s” is not a date and time.", value)) from error
        now = fields.Datetime.now()
        if moment.tzinfo or not FIRST_DATE <= moment <= now + CLOCK_SKEW:
            raise ValidationError(
                self.env._(
                    "%(date)s can't be the date of a consent or refusal: it must lie between 1900 and now.",
                    date=fields.Datetime.to_string(moment),
                )
            )
        # never ahead of what is recorded next
        return min(moment, now).replace(microsecond=0)

    @api.model
    def _refuse_what_users_may_not(self, vals_list):
        """Check rights that no access rule knows: who may record a consent, and from where.

        :raise AccessError: for a consent recorded by somebody who may only record refusals,
            or a source that only the system may name
        :raise ValidationError: for a consent that nobody could prove
        """
        if self.env.su:
            return
        may_give = self.env.user.has_groups(GIVING_GROUPS)
        for vals in vals_list:
            if vals["source"] not in ("manual", "import"):
                raise AccessError(self.env._("Where an entry comes from is filled in by the system and can't be set."))
            if vals.get("state") != "given":
                continue
            if not may_give:
                raise AccessError(
                    self.env._(
                        "A consent is recorded by marketing or by the data protection custodian. "
                        "You can record a refusal."
                    )
                )
            if vals["legal_basis"] == "consent" and not (vals.get("proof") or "").strip():
                raise ValidationError(
                    self.env._("A consent needs a proof: say where the form, recording or message is kept.")
                )

    def _refuse_consents_without_effect(self):
        """Tell whoever records by hand that an earlier refusal would stand.

        :raise ValidationError: naming the contact
        """
        weak = self.filtered(lambda entry: entry.state == "given" and not entry.lifts_refusal)
        without_effect = weak and self.env.execute_query(
            SQL(
                "SELECT entry.id FROM crm_customer_consent entry"
                " CROSS JOIN unnest(%s::varchar[]) AS asked (channel)"
                " WHERE entry.id = ANY(%s) AND entry.channel IN (asked.channel, 'all') AND EXISTS (%s) LIMIT 1",
                list(consent.CHANNELS),
                weak.ids,
                self._refusals_sql(
                    SQL("asked.channel"),
                    SQL("entry.purpose"),
                    SQL("entry.company_id"),
                    SQL("entry.partner_id"),
                    SQL("entry.date"),
                ),
            )
        )
        if without_effect:
            entry = self.browse(without_effect[0])
            bases = dict(self._fields["legal_basis"]._description_selection(self.env))
            raise ValidationError(
                self.env._(
                    "%(contact)s has refused this. Only the customer's own consent changes that, not “%(basis)s”.",
                    contact=entry.partner_id.display_name,
                    basis=bases[entry.legal_basis],
                )
            )

    # ---------------------------------------------------------------- nothing else

    def write(self, vals):  # pylint: disable=method-required-super
        """Refused for everybody.

        :raise AccessError: always
        """
        raise AccessError(
            self.env._("What was recorded stays as it is. Record what the customer says now in a new entry.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Consents and refusals are never deleted: they are the proof of what was said."))

    @api.private
    def _erase(self):
        """Delete lines for good: the hook of an erasure that the custodian has decided on.

        The only way in which a line disappears. It is for superuser code that has checked
        the retention period and writes down what it does; blacklists keep the addresses
        that were refused.

        :raise AccessError: unless called as superuser
        """
        if not self.env.su:
            raise AccessError(
                self.env._("Consents and refusals are never deleted: they are the proof of what was said.")
            )
        if self:
            self.env.cr.execute(SQL("DELETE FROM crm_customer_consent WHERE id = ANY(%s)", self.ids))
            self.env.invalidate_all(flush=False)
