# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .common import SaleFeedCommon


class TestQuotations(SaleFeedCommon):
    """A quotation that was sent is an interaction, whatever becomes of it."""

    def _sent(self, *lines, on="2026-03-01 09:00:00", **vals):
        order = self._order(*lines, confirm=False, **vals)
        with freeze_time(on):
            order.action_quotation_sent()
        return order

    def test_sent_and_accepted(self):
        order = self._order(self._line(quantity=10), confirm=False, validity_date="2099-03-31")
        self.assertFalse(self._quotation(order), "not sent yet")
        with freeze_time("2026-03-01 09:00:07"):
            order.action_quotation_sent()
        found = self._quotation(order)
        self.assertEqual((found.kind, found.direction, found.state), ("quotation", "out", "open"))
        self.assertEqual((found.subject, found.source_ref), (order.name, f"sale.order,{order.id}"))
        self.assertEqual((found.partner_id, found.commercial_partner_id), (self.buyer, self.customer))
        self.assertEqual((str(found.date), str(found.expires_on)), ("2026-03-01 09:00:07", "2099-03-31"))
        self.assertEqual((found.amount, found.amount_currency, found.currency_id), (100, 100, self.euro))
        self.assertEqual((found.user_id, found.company_id), (self.user_sales_all, self.company_a))
        order.order_line.price_unit = 11
        self.assertEqual(self._quotation(order).amount, 110)
        order.action_confirm()
        self.assertEqual((self._quotation(order), found.state), (found, "accepted"))
        self.assert_no_drift()

    def test_by_mail(self):
        """Sent by the button *Send*, whose wizard marks it as sent."""
        order = self._order(confirm=False)
        action = order.action_quotation_send()
        composer = self._sales(self.env["mail.compose.message"]).with_context(**action["context"]).create({})
        composer._action_send_mail()
        self.assertEqual(order.state, "sent")
        self.assertEqual(self._quotation(order).state, "open")
        self.assertTrue(order.customer_sent_on)

    def test_not_sent(self):
        """What was confirmed without having been sent was no quotation."""
        order = self._order()
        self.assertFalse(self._quotation(order))
        order._action_cancel()
        self.assertFalse(self._quotation(order))

    def test_refused(self):
        order = self._sent()
        order._action_cancel()
        self.assertEqual(self._quotation(order).state, "refused")
        order.action_draft()
        self.assertEqual(self._quotation(order).state, "open")

    def test_first_time_counts(self):
        """Sent a second time, it stays the quotation of the first."""
        order = self._sent()
        order.action_draft()
        with freeze_time("2026-03-09 09:00:00"):
            order.action_quotation_sent()
        self.assertEqual(str(self._quotation(order).date), "2026-03-01 09:00:00")
        self.assertFalse(order.copy().customer_sent_on)

    def test_several_at_once(self):
        """Marked as sent together: each keeps its own first time."""
        first = self._sent()
        first.action_draft()
        second = self._order(confirm=False)
        with freeze_time("2026-03-09 09:00:00"):
            (first + second).action_quotation_sent()
        self.assertEqual(
            [str(self._quotation(order).date) for order in (first, second)],
            ["2026-03-01 09:00:00", "2026-03-09 09:00:00"],
        )

    def test_imported_as_sent(self):
        """What comes into Odoo as sent was sent on its date."""
        order = self._order(confirm=False, state="sent", date_order="2026-01-15 08:00:00")
        self.assertEqual(str(self._quotation(order).date), "2026-01-15 08:00:00")

    def test_expired(self):
        """A quotation expires when its date has passed, by the nightly job, and may be prolonged."""
        order = self._sent(validity_date="2099-03-31")
        other = self._sent(validity_date=False)
        feed = self.env["crm.customer.feed.sale.quotation"]
        found = self._quotation(order)
        due = self.env.execute_query(feed._due(date(2099, 3, 31)))
        self.assertNotIn((order.id,), due)
        due = self.env.execute_query(feed._due(date(2099, 4, 1)))
        self.assertIn((order.id,), due)
        self.assertNotIn((other.id,), due)
        feed._sync([order.id, other.id], date(2099, 4, 1))
        self.assertEqual((found.state, self._quotation(other).state), ("expired", "open"))
        self.assertNotIn((order.id,), self.env.execute_query(feed._due(date(2099, 4, 1))))
        order.validity_date = "2099-12-31"
        self.assertEqual(self._quotation(order).state, "open")
        order.validity_date = "2026-03-15"
        self.assertEqual(self._quotation(order).state, "expired")
        order.action_confirm()
        self.assertEqual(self._quotation(order).state, "accepted")

    def test_other_currency(self):
        pricelist = self.env["product.pricelist"].create({"name": "Dollars", "currency_id": self.dollar.id})
        order = self._sent(pricelist_id=pricelist.id)
        found = self._quotation(order)
        self.assertEqual((found.amount_currency, found.currency_id, found.amount), (100, self.dollar, 80))

    def test_history(self):
        """Quotations from before the installation: Odoo's log of changes says when they were
        sent, in whatever language it was written."""
        self.env["res.lang"]._activate_lang("es_ES")
        choice = self.env["ir.model.fields.selection"].search(
            [("field_id.model", "=", "sale.order"), ("field_id.name", "=", "state"), ("value", "=", "sent")]
        )
        choice.with_context(lang="es_ES").name = "Presupuesto enviado"
        orders = [self._order(confirm=False, date_order="2026-01-01 08:00:00") for _number in range(4)]
        confirmed, spanish, unlogged, draft = orders
        tracked = {"tracking_disable": False, "mail_notrack": False}
        for order, lang in ((confirmed, "en_US"), (spanish, "es_ES")):
            order = order.with_context(**tracked, lang=lang)
            order.flush_recordset()
            self.env.cr.precommit.run()
            order.action_quotation_sent()
            self.env.flush_all()
            self.env.cr.precommit.run()
        unlogged.action_quotation_sent()
        confirmed.action_confirm()
        self.env.flush_all()
        words = self.env["mail.tracking.value"].search([("mail_message_id.res_id", "in", [o.id for o in orders])])
        self.assertLessEqual({"Quotation Sent", "Presupuesto enviado"}, set(words.mapped("new_value_char")))
        for order, moment in ((confirmed, "2026-01-05 10:00:00"), (spanish, "2026-01-06 10:00:00")):
            order.sudo().message_ids.write({"date": moment})
        self.env.flush_all()
        ids = [order.id for order in orders]
        self.env.cr.execute("UPDATE sale_order SET customer_sent_on = NULL WHERE id = ANY(%s)", [ids])
        self.env.cr.execute("DELETE FROM crm_customer_interaction WHERE feed = 'sale'")
        self.env.cr.execute("DELETE FROM crm_customer_purchase WHERE feed = 'sale'")
        self.env.invalidate_all()
        state = self._sale_state("quotation")
        state.action_backfill()
        state._backfill()
        self.assertEqual(
            [str(self._quotation(order).date or "") for order in orders],
            ["2026-01-05 10:00:00", "2026-01-06 10:00:00", "2026-01-01 08:00:00", ""],
        )
        self._sale_state()._backfill()
        self.assertEqual(str(self._row(confirmed).quotation_date), "2026-01-05")
        self.assert_no_drift()
        self.assertFalse(draft.customer_sent_on)

    def test_deleted_contact(self):
        """The order keeps Odoo from deleting the contact, and so do its rows."""
        order = self._sent(partner_id=self._person(name="Luis").id)
        self._quotation(order)
        with self.assertRaises(UserError):
            order.partner_id.unlink()

    def test_user_without_rights_on_quotations(self):
        """Who may not read orders sees that a quotation was sent, and not the quotation."""
        order = self._sent()
        found = self._as(self.user_customer, self._quotation(order))
        self.assertEqual((found.subject, found.amount), (order.name, 100))
        with self.assertRaisesRegex(UserError, "not the document itself"):
            found.action_open_document()
        mine = self._as(self.user_sales_all, self._quotation(order))
        self.assertEqual(mine.action_open_document()["res_id"], order.id)
        self.customer.user_id = self.user_sales_all
        self.assertFalse(self._as(self.user_sales_own, self.Interaction).search([("id", "=", found.id)]))
        self.assertFalse(
            self._as(self.user_sales_all, self.Interaction, self.company_b).search([("id", "=", found.id)])
        )

    def test_without_other_apps(self):
        """Both feeds work without the apps whose fields they would read."""
        order = self._sent()
        order.action_confirm()
        before = self._row(order).read(["amount", "quotation_date"]), self._quotation(order).read(["amount", "state"])
        feed = self.env["crm.customer.feed.sale"]
        present = type(feed)._has

        def has(self, model, field=None):
            optional = {"reward_id", "purchase_price", "website_id", "sale_order_template_id"}
            return field not in optional and present(self, model, field)

        self.patch(self.env.registry["crm.customer.feed.sale"], "_has", has)
        for name in ("purchase", "quotation"):
            self.env[f"crm.customer.feed.sale.{name}"]._sync(order.ids)
        after = self._row(order).read(["amount", "quotation_date"]), self._quotation(order).read(["amount", "state"])
        self.assertEqual(after, before)
