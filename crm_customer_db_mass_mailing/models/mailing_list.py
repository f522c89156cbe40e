from odoo import api, fields, models
from odoo.tools import SQL


class MailingList(models.Model):
    """A mailing list that follows a segment.

    Addresses of members are added, those of former members taken out. What somebody chose
    stays: whoever has left the list stays out of it, whatever the segment says, and addresses
    that were put on it by hand are left alone.
    """

    _inherit = "mailing.list"

    customer_segment_id = fields.Many2one(
        "crm.customer.segment",
        string="Follows the segment",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Members of the segment are put on the list, and taken off it when they leave the segment.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lists = super().create(vals_list)
        lists._customer_follow()
        return lists

    def write(self, vals):
        res = super().write(vals)
        if vals.get("customer_segment_id"):
            self._customer_follow()
        return res

    def _customer_follow(self):
        """Fill lists that were just told to follow a segment.

        :raise AccessError: when the user may not see the segment
        """
        following = self.filtered("customer_segment_id")
        following.customer_segment_id.check_access("read")
        following.sudo()._customer_sync()

    def _customer_sync(self, partner_ids=None):
        """Make lists what their segments say, in a few statements per list.

        :param partner_ids: ids of the customers among whom something changed, None for all
        """
        self.env.flush_all()
        for mailing_list in self.filtered("customer_segment_id"):
            mailing_list._customer_sync_one(partner_ids)
        self.env["mailing.contact"].invalidate_model(flush=False)
        self.env["mailing.subscription"].invalidate_model(flush=False)
        self.invalidate_model(flush=False)

    def _customer_sync_one(self, partner_ids):
        segment = self.customer_segment_id
        partners = self.env["res.partner"].with_company(segment.company_id)
        partners._customer_flush_refusals()
        of_these = SQL("TRUE")
        if partner_ids is not None:
            of_these = SQL("partner.commercial_partner_id = ANY(%s)", list(partner_ids))
        # one row per address: the first contact that has it
        audience = SQL(
            """
            SELECT DISTINCT ON (partner.email_normalized) partner.id, partner.name, partner.email,
                   partner.email_normalized, partner.country_id, company.name AS company_name
              FROM crm_customer_segment_member member
              JOIN res_partner partner ON partner.id = member.partner_id
              JOIN res_partner company ON company.id = partner.commercial_partner_id
             WHERE member.segment_id = %(segment)s AND member.left_on IS NULL AND partner.active
               AND partner.email_normalized IS NOT NULL AND %(of_these)s
               AND partner.id NOT IN (%(refused)s)
             ORDER BY partner.email_normalized, partner.id
            """,
            segment=segment.id,
            of_these=of_these,
            refused=partners._customer_refused_ids_sql("email"),
        )
        values = {"audience": audience, "list": self.id, "uid": self.env.uid, "of_these": of_these}
        # an address that changed changes on the list, with what its owner chose
        self.env.cr.execute(
            SQL(
                """
                UPDATE mailing_contact contact
                   SET name = audience.name, email = audience.email, email_normalized = audience.email_normalized
                  FROM (%(audience)s) audience
                 WHERE contact.id = (SELECT MIN(own.id) FROM mailing_contact own
                                      WHERE own.customer_partner_id = audience.id)
                   AND (contact.name, contact.email, contact.email_normalized) IS DISTINCT FROM
                       (audience.name, audience.email, audience.email_normalized)
                   AND (contact.email_normalized = audience.email_normalized OR NOT EXISTS (
                        SELECT FROM mailing_contact other WHERE other.email_normalized = audience.email_normalized))
                """,
                **values,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mailing_contact (name, email, email_normalized, company_name, country_id,
                                             customer_partner_id, create_uid, create_date, write_uid, write_date)
                SELECT name, email, email_normalized, company_name, country_id, id, %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(audience)s) audience
                 WHERE NOT EXISTS (SELECT FROM mailing_contact contact
                                    WHERE contact.email_normalized = audience.email_normalized)
                """,
                **values,
            )
        )
        # whoever left the list, under whatever contact of the same address, is on it already
        self.env.cr.execute(
            SQL(
                """
                WITH chosen AS (
                    SELECT DISTINCT ON (audience.id) audience.id AS partner_id, contact.id
                      FROM (%(audience)s) audience
                      JOIN mailing_contact contact ON contact.email_normalized = audience.email_normalized
                     WHERE NOT EXISTS (
                        SELECT FROM mailing_subscription known
                          JOIN mailing_contact whose ON whose.id = known.contact_id
                         WHERE known.list_id = %(list)s AND whose.email_normalized = audience.email_normalized)
                     ORDER BY audience.id, contact.customer_partner_id = audience.id DESC NULLS LAST, contact.id),
                linked AS (
                    UPDATE mailing_contact contact SET customer_partner_id = chosen.partner_id
                      FROM chosen WHERE contact.id = chosen.id AND contact.customer_partner_id IS NULL)
                INSERT INTO mailing_subscription (contact_id, list_id, opt_out, create_uid, create_date, write_uid,
                                                  write_date)
                SELECT id, %(list)s, FALSE, %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM chosen
                """,
                **values,
            )
        )
        # a refusal is a row of the list and stays
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM mailing_subscription sub
                 USING mailing_contact contact, res_partner partner
                 WHERE sub.list_id = %(list)s AND NOT COALESCE(sub.opt_out, FALSE)
                   AND contact.id = sub.contact_id AND partner.id = contact.customer_partner_id AND %(of_these)s
                   AND (contact.email_normalized IS NULL
                        OR contact.email_normalized NOT IN (SELECT email_normalized FROM (%(audience)s) audience)
                        OR EXISTS (SELECT FROM mailing_subscription refused
                                     JOIN mailing_contact other ON other.id = refused.contact_id
                                    WHERE refused.list_id = %(list)s AND refused.opt_out
                                      AND other.email_normalized = contact.email_normalized))
                """,
                **values,
            )
        )
