from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

MANAGER = "crm_customer_db.group_customer_manager"


class CrmCustomerDuplicate(models.Model):
    """Two contacts that may be one, and what speaks for it.

    The search writes pairs, the smaller id first; people decide that two are not the same,
    which holds for ever. Nobody has a right to write: buttons check who presses them.

    No key is unique here, as a merge of contacts would delete what it can't move.
    """

    _name = "crm.customer.duplicate"
    _description = "Possible Duplicate"
    _log_access = False
    _order = "score desc, id"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id", "other_id"]

    partner_id = fields.Many2one(
        "res.partner", string="Contact", required=True, readonly=True, ondelete="cascade", index=True
    )
    other_id = fields.Many2one(
        "res.partner", string="Other contact", required=True, readonly=True, ondelete="cascade", index=True
    )
    score = fields.Integer(
        string="Likelihood",
        readonly=True,
        aggregator="avg",
        help="From 0 to 100: how much speaks for one and the same.",
    )
    same_vat = fields.Boolean(string="Same VAT number", readonly=True)
    same_email = fields.Boolean(string="Same e-mail", readonly=True)
    same_phone = fields.Boolean(string="Same phone", readonly=True)
    same_zip = fields.Boolean(string="Same postal code", readonly=True)
    similar_name = fields.Float(
        string="Likeness of the names",
        readonly=True,
        aggregator=None,
        help="From 0 to 1: the groups of three letters that both names have.",
    )
    other_vat = fields.Boolean(string="Different VAT numbers", readonly=True)
    reasons = fields.Char(string="What speaks for it", compute="_compute_reasons")
    state = fields.Selection(
        [("open", "To be looked at"), ("different", "Not the same")], required=True, readonly=True, default="open"
    )
    found_on = fields.Datetime(readonly=True)
    decided_on = fields.Datetime(readonly=True)
    decided_by = fields.Many2one("res.users", readonly=True, ondelete="set null", index="btree_not_null")

    # The list as it opens.
    _open_idx = models.Index("(score DESC, id) WHERE state = 'open'")

    @api.depends("same_vat", "same_email", "same_phone", "same_zip", "similar_name", "other_vat")
    def _compute_reasons(self):
        for pair in self:
            words = [
                pair.same_vat and self.env._("same VAT number"),
                pair.same_email and self.env._("same e-mail"),
                pair.same_phone and self.env._("same phone"),
                pair._name_words(),
                pair.same_zip and self.env._("same postal code"),
                pair.other_vat and self.env._("but different VAT numbers"),
            ]
            pair.reasons = ", ".join(filter(None, words))

    def _name_words(self):
        """What is to be said of the two names, '' for nothing."""
        if self.similar_name >= 0.995:
            return self.env._("same name")
        if self.similar_name >= 0.65:
            return self.env._("similar name")
        return ""

    @api.depends("partner_id", "other_id")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = f"{pair.partner_id.display_name} · {pair.other_id.display_name}"

    # -------------------------------------------------------------------- deciding

    @api.model
    def _check_manager(self):
        """Refuse everybody but managers of the customer file.

        :raise AccessError: for others
        """
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a customer manager decides about duplicates."))

    def _decide(self, state):
        """Write a decision about pairs, who has made it and when.

        :param state: value of ``state``
        """
        self._check_manager()
        self.check_access("read")
        for contacts in (self.partner_id, self.other_id):
            contacts.check_access("write")
        decided = state != "open"
        self.sudo().write(
            {
                "state": state,
                "decided_on": decided and fields.Datetime.now(),
                "decided_by": decided and self.env.uid,
            }
        )

    def action_different(self):
        """They are not the same, and will never be proposed again."""
        self._decide("different")

    def action_reopen(self):
        """It was decided by mistake."""
        self._decide("open")

    def action_scan(self):
        """The button *Look for duplicates now*: say what was found."""
        self._check_manager()
        found = self.sudo()._scan()
        found["open"] = self.search_count([("state", "=", "open")])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._scan_words(found),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_look(self):
        """Open a pair: side by side for who may merge, one of the two for everybody else."""
        self.ensure_one()
        if self.env.user.has_group(MANAGER):
            return self.action_compare()
        return self.partner_id.action_customer_open_file()

    def action_compare(self):
        """Put the contacts of some pairs side by side."""
        return self.env["crm.customer.merge"]._open(self._contacts())

    @api.model
    def _scan_words(self, found):
        """What a search has found, in sentences.

        :param found: what ``_scan`` returns
        """
        words = [
            self.env._(
                "%(new)s new, %(gone)s no longer there, %(open)s in all.",
                new=found["new"],
                gone=found["gone"],
                open=found["open"],
            )
        ]
        if found["crowded"]:
            words.append(
                self.env._(
                    "These are shared by more than %(limit)s contacts and say nothing: %(values)s.",
                    limit=found["limit"],
                    values=", ".join(found["crowded"][:5]) + ("…" if len(found["crowded"]) > 5 else ""),
                )
            )
        return " ".join(words)

    def _contacts(self):
        """The contacts of some pairs.

        :raise UserError: when they are too many to be one
        """
        contacts = (self.partner_id | self.other_id).sorted("id")
        if not 2 <= len(contacts) <= 3:
            raise UserError(self.env._("Choose pairs of two or three contacts in all: no more are merged at once."))
        return contacts

    @api.model
    def _settle_pairs(self, contact):
        """After a merge: the smaller id first again, and of two equal pairs the decided or likelier one.

        :param contact: ``res.partner`` that others were merged into
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_customer_duplicate SET partner_id = other_id, other_id = partner_id
                 WHERE (partner_id = %(contact)s OR other_id = %(contact)s) AND partner_id > other_id
                """,
                contact=contact.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_customer_duplicate worse USING crm_customer_duplicate better
                 WHERE (worse.partner_id = %(contact)s OR worse.other_id = %(contact)s)
                   AND better.partner_id = worse.partner_id AND better.other_id = worse.other_id
                   AND (better.state, -better.score, better.id) < (worse.state, -worse.score, worse.id)
                """,
                contact=contact.id,
            )
        )
        self.invalidate_model(flush=False)
