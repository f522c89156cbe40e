# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest.mock import patch

from odoo import Command, fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import freeze_time
from odoo.tools import SQL, mute_logger

from .common import AccountFeedCommon

MODELS = ("payment.return.reason", "payment.return", "payment.return.line")
FEED = "crm.customer.feed.account.payment.return"


def stand_ins():
    """The models of OCA's account_payment_return, as far as they are read."""

    class PaymentReturnReason(models.Model):
        _module = "crm_customer_db_account"
        _name = "payment.return.reason"
        _inherit = ["base"]
        _description = "Reason"

        code = fields.Char()
        name = fields.Char()

    class PaymentReturn(models.Model):
        _module = "crm_customer_db_account"
        _name = "payment.return"
        _inherit = ["base"]
        _description = "Return"

        name = fields.Char()
        company_id = fields.Many2one("res.company")
        date = fields.Date()
        journal_id = fields.Many2one("account.journal")
        move_id = fields.Many2one("account.move")
        state = fields.Selection(
            [("draft", "Draft"), ("imported", "Imported"), ("done", "Done"), ("cancelled", "Cancelled")],
            default="draft",
        )
        line_ids = fields.One2many("payment.return.line", "return_id")

    class PaymentReturnLine(models.Model):
        _module = "crm_customer_db_account"
        _name = "payment.return.line"
        _inherit = ["base"]
        _description = "Line"

        return_id = fields.Many2one("payment.return", ondelete="cascade")
        reason_id = fields.Many2one("payment.return.reason")
        reason_additional_information = fields.Char()
        move_line_ids = fields.Many2many("account.move.line")
        partner_id = fields.Many2one("res.partner")
        amount = fields.Float()

    return PaymentReturnReason, PaymentReturn, PaymentReturnLine


@freeze_time("2026-06-01 10:00:00")
class TestPaymentReturn(AccountFeedCommon):
    """Returns of OCA's account_payment_return: with the module where it is installed, else with stand-ins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.real = "payment.return" in cls.env
        if not cls.real:
            cls._stand_in()
        cls.feed = cls.env[FEED]
        cls.feed._register_hook()
        cls.env.registry.clear_all_caches()

    @classmethod
    def _stand_in(cls):
        registry = cls.env.registry
        definitions = stand_ins()
        of_module = models.MetaModel._module_to_models__["crm_customer_db_account"]
        of_module[:] = [model for model in of_module if model.__module__ != __name__]
        for definition in definitions:
            add_to_registry(registry, definition)
        cls.addClassCleanup(cls._forget)
        cls._set_up_registry()
        registry.init_models(cls.env.cr, MODELS, {"module": "crm_customer_db_account"})
        cls.env.cr.execute("CREATE TABLE test_origin (partial_id int, line_id int)")
        links = type(cls.env[FEED])._links

        def with_test_table(feed, model, name, alias, mine, others):
            if model != "account.partial.reconcile":
                return links(feed, model, name, alias, mine, others)
            return SQL("test_origin AS %s (%s, %s)", *map(SQL.identifier, (alias, mine, others)))

        cls.startClassPatcher(patch.object(type(cls.env[FEED]), "_links", with_test_table))

    @classmethod
    def _set_up_registry(cls):
        with mute_logger("odoo.registry"):
            cls.env.registry._setup_models__(cls.env.cr, [])
        cls.env.registry.clear_all_caches()

    @classmethod
    def _forget(cls):
        registry = cls.env.registry
        for name in MODELS:
            for parent in registry.models[name]._inherit_module:
                registry.models[parent]._inherit_children.discard(name)
            del registry.models[name]
        cls._set_up_registry()

    # ------------------------------------------------------------------- its way

    def _receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")

    def _oca_return(self, payment, day, **vals):
        """A return of one payment, confirmed."""
        paid = self._receivable(payment.move_id)
        back = self.env["payment.return"].create(
            {
                "name": "R1",
                "company_id": self.company_a.id,
                "journal_id": self._journal("bank").id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": self.customer.id,
                            "amount": sum(paid.mapped("credit")),
                            "move_line_ids": [Command.set(paid.ids)],
                            "reason_id": self.env["payment.return.reason"].create({"code": "AM04", "name": "Funds"}).id,
                            **vals,
                        }
                    )
                ],
            }
        )
        if self.real:
            back.action_confirm()
        else:
            self._confirm(back, paid)
        return back

    def _confirm(self, back, paid):
        again = paid.matched_debit_ids.debit_move_id
        amount, outstanding = sum(paid.mapped("credit")), (paid.move_id.line_ids - paid).account_id[:1]
        entry = self.env["account.move"].create(
            {
                "journal_id": back.journal_id.id,
                "date": back.date,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance, "partner_id": self.customer.id})
                    for account, balance in ((paid.account_id, amount), (outstanding, -amount))
                ],
            }
        )
        entry._post()
        paid.remove_move_reconcile()
        (paid + self._receivable(entry)).reconcile()
        for part in paid.matched_debit_ids:
            for line in again:
                self.env.cr.execute("INSERT INTO test_origin VALUES (%s, %s)", [part.id, line.id])
        back.write({"state": "done", "move_id": entry.id})

    def _cancel(self, back):
        if self.real:
            back.action_cancel()
            return
        entry = back.move_id
        self.env.cr.execute("DELETE FROM test_origin RETURNING line_id")
        again = self.env["account.move.line"].browse([line for (line,) in self.env.cr.fetchall()])
        self._receivable(entry).remove_move_reconcile()
        (again + back.line_ids.move_line_ids).reconcile()
        entry.button_draft()
        back.write({"state": "cancelled", "move_id": False})
        entry.with_context(force_delete=True).unlink()

    def _row(self, back):
        return self.Fulfilment.search([("source_model", "=", "payment.return"), ("source_id", "=", back.id)])

    # ---------------------------------------------------------------------- tests

    def test_returned(self):
        """A row at once, with the code of the bank, open until the invoice is paid again."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        back = self._oca_return(payment, "2026-04-08", reason_additional_information="no cover")
        self.assertEqual(invoice.payment_state, "not_paid")
        row = self._row(back)
        self.assertEqual((row.kind, row.reason, row.state, row.amount), ("unpaid", "returned", "open", 100))
        self.assertEqual((str(row.day), str(row.promised_on)), ("2026-04-08", "2026-03-31"))
        self.assertEqual((row.order_ref, row.reason_text), (invoice.name, "AM04: no cover"))
        self.assertEqual((row.commercial_partner_id, row.user_id), (self.customer, self.user_accountant))
        self.assertEqual(row.source_ref, f"payment.return.line,{back.line_ids.id}")
        self.assertFalse(self._overdue(invoice), "it had been paid in time")
        self._pay(invoice, "2026-04-20")
        self.assertEqual((self._row(back).state, str(self._row(back).solved_on)), ("solved", "2026-04-20"))
        self.assert_in_step()

    def test_cancelled(self):
        """A return that is cancelled has never been."""
        invoice = self._invoice(100)
        back = self._oca_return(self._pay(invoice, "2026-03-31"), "2026-04-08")
        self.assertTrue(self._row(back))
        self._cancel(back)
        self.assertFalse(self._row(back))
        self.assert_in_step()

    def test_not_twice(self):
        """A payment that our own button took back is not counted again."""
        invoice = self._invoice(100)
        payment = self._pay(invoice, "2026-03-31")
        self._bring_back(payment, "2026-04-08", way="entry")
        back = self._oca_return(self._pay(self._invoice(50), "2026-03-31"), "2026-04-08")
        back.line_ids.move_line_ids = [Command.set(self._receivable(payment.move_id).ids)]
        self.feed._sync(back.ids)
        self.assertFalse(self._row(back))
        self.assertEqual(len(self._returned(payment)), 1)

    def test_history(self):
        """Returns from before come in as well, and the app is among the connected ones."""
        back = self._oca_return(self._pay(self._invoice(100), "2026-03-31"), "2026-04-08")
        self.assertTrue(self._row(back))
        self.env.cr.execute("DELETE FROM crm_customer_fulfilment WHERE source_model = 'payment.return'")
        self.env.invalidate_all()
        state = self.env["crm.customer.feed.state"].search([("name", "=", FEED)])
        self.assertEqual(len(state), 1)
        state._backfill()
        self.assertEqual(self._row(back).amount, 100)

    def test_app_uninstalled(self):
        """What came from it stays under another name when the app goes."""
        back = self._oca_return(self._pay(self._invoice(100), "2026-03-31"), "2026-04-08")
        self.assertEqual(self._row(back).feed, "account")
        module = self.env.registry["payment.return"]._original_module
        with patch.object(type(self.env["crm.customer.feed"]), "_feeds", lambda feeds: [self.feed.sudo()]):
            self.env["crm.customer.feed.state"]._retire(self.env["crm.customer.feed"]._feeds_of({module}))
        self.env.invalidate_all()
        self.assertIn("account~", self._row(back).feed)


class TestWithoutPaymentReturn(AccountFeedCommon):
    def test_rests(self):
        """Without that module its feed rests and is not among the connected apps."""
        if "payment.return" in self.env:
            self.skipTest("account_payment_return is installed")
        self.assertNotIn(FEED, self.env["crm.customer.feed"]._feed_names())
        state = self.env["crm.customer.feed.state"].create({"name": FEED, "state": "waiting"})
        self.assertIsNone(state._feed())
        state._backfill()
        self.assertEqual(state._audit(), {FEED: []})
        self.env[FEED]._register_hook()
        self.assertEqual(self.env["crm.customer.feed.state"].search_count([("name", "=", FEED)]), 1)
