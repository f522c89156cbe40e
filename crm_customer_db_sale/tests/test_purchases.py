# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest import SkipTest

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time

from .common import SaleFeedCommon


class TestPurchases(SaleFeedCommon):
    """What of a sales order is a purchase, and what the purchase says."""

    def test_what_a_row_says(self):
        """Every column that the order tells."""
        campaign = self.env["utm.campaign"].create({"title": "Autumn"})
        with freeze_time("2026-03-31 22:30:15"):
            order = self._order(self._line(self.other_part, quantity=4), campaign_id=campaign.id)
        row = self._row(order)
        self.assertEqual((row.partner_id, row.commercial_partner_id), (self.buyer, self.customer))
        self.assertEqual((row.order_ref, row.source_ref), (order.name, f"sale.order.line,{order.order_line.id}"))
        self.assertEqual((row.source_model, row.source_id), ("sale.order", order.id))
        self.assertEqual((row.product_id, row.categ_id, row.quantity), (self.other_part, self.category, 4))
        self.assertEqual((row.amount, row.amount_currency, row.amount_invoiced), (100, 100, 0))
        self.assertEqual((row.company_id, row.company_currency_id), (self.company_a, self.euro))
        self.assertEqual(str(row.date), "2026-03-31 22:30:15")
        self.assertEqual(str(row.day), "2026-04-01", "the day is the one in Madrid")
        self.assertEqual((row.user_id, row.campaign_id), (self.user_sales_all, campaign))
        self.assertEqual((row.is_head, row.order_amount), (True, 100))
        self.assertFalse(row.method or row.payment_form or row.promotion or row.offer_ref or row.quotation_date)
        self.assertFalse(row.place_id or row.channel_id or row.origin_id or row.credit_grade)
        self.assertEqual(row.credit_status, "none")

    def test_lines_that_are_none(self):
        """Sections and notes are no purchases; services, discounts and free lines are."""
        order = self._order(
            {"display_type": "line_section", "name": "Parts"},
            self._line(quantity=10, discount=20),
            self._line(self.other_part, quantity=1, price_unit=0),
            {"display_type": "line_note", "name": "By Friday"},
            self._line(self.service, quantity=2),
            self._line(self.service, price_unit=-8),
        )
        self.assertEqual(self._rows(order).mapped("amount"), [80, 0, 80, -8])
        self.assertEqual(self._rows(order).mapped("is_head").count(True), 1)
        self.assert_no_drift()

    def test_discount_wizard(self):
        """A fixed discount of the whole order is a line of it."""
        order = self._order(confirm=False)
        self._sales(self.env["sale.order.discount"]).with_context(active_id=order.id).create(
            {"sale_order_id": order.id, "discount_type": "amount", "discount_amount": 12.5}
        ).with_user(self.user_manager).sudo().action_apply_discount()
        order.action_confirm()
        self.assertEqual(sorted(self._rows(order).mapped("amount")), [-12.5, 100])

    def test_combo(self):
        """The items of a combination are bought; the line that holds them costs nothing itself."""
        combo = self.env["product.combo"].create(
            {
                "name": "Kit",
                "combo_item_ids": [
                    Command.create({"product_id": self.part.id}),
                    Command.create({"product_id": self.other_part.id}),
                ],
            }
        )
        kit = self._product(name="Kit", type="combo", list_price=30, combo_ids=[Command.link(combo.id)])
        order = self._order(self._line(kit, price_unit=0), confirm=False)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.other_part.id,
                    "combo_item_id": combo.combo_item_ids[1].id,
                    "linked_line_id": order.order_line.id,
                    "price_unit": 30,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        order.action_confirm()
        rows = self._rows(order)
        self.assertEqual(rows.product_id, kit + self.other_part)
        self.assertEqual(rows.mapped("amount"), order.order_line.mapped("price_subtotal"))
        self.assertEqual(sum(rows.mapped("amount")), order.amount_untaxed)

    def test_unit(self):
        """Quantities are in the unit of the product, as in Odoo's sales analysis."""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order(self._line(quantity=2, product_uom_id=dozen.id, price_unit=100))
        self.assertEqual((self._row(order).quantity, self._row(order).amount), (24, 200))
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids.quantity = 1
        invoice.action_post()
        self._credit(invoice, quantity=0.5)
        self.assertEqual((self._row(order).quantity, self._row(order).amount), (18, 150))

    def test_changed_after_confirmation(self):
        """Price, quantity and lines of a confirmed order change; rows keep their identity."""
        order = self._order()
        row = self._row(order)
        order.order_line.price_unit = 12
        self.assertEqual((self._row(order), row.amount), (row, 120))
        order.order_line = [Command.create(self._line(self.service))]
        self.assertEqual(self._amounts(order), (160, 0))
        order.order_line[1].product_uom_qty = 0
        self.assertEqual(self._amounts(order), (120, 0))
        with self.assertRaises(UserError):
            order.order_line[1].unlink()
        self.assert_no_drift()

    def test_product_type_of_the_day(self):
        """The product type stays what it was when it was bought, until another product is."""
        order = self._order(self._line(self.service, quantity=10))
        self._row(order)
        later = self.env["product.category"].create({"name": "Later"})
        (self.service + self.product).categ_id = later
        order.order_line.product_uom_qty = 11
        self.assertEqual((self._row(order).quantity, self._row(order).categ_id), (11, self.category))
        self.assert_no_drift()
        order.order_line.product_id = self.product
        self.assertEqual((self._row(order).product_id, self._row(order).categ_id), (self.product, later))

    def test_customer(self):
        """An order that goes to another customer takes its purchases along."""
        order = self._order()
        other = self._partner(name="Otra")
        order.partner_id = other
        self.assertEqual(self._row(order).commercial_partner_id, other)
        other.active = False
        self.assertEqual(self._row(order).commercial_partner_id, other)
        self.buyer.parent_id = other
        self._order()
        self.assertEqual(len(self.Purchase.search([("commercial_partner_id", "=", other.id)])), 2)
        self.assert_no_drift()

    def test_merged_customer(self):
        twin = self._partner(name="Talleres Olid", email="olid@example.com")
        self.customer.email = "olid@example.com"
        order = self._order(partner_id=twin.id)
        self._rows(order)
        merge = self.env["base.partner.merge.automatic.wizard"].create({})
        merge._merge((self.customer + twin).ids, self.customer)
        self.assertEqual(self._row(order).commercial_partner_id, self.customer)
        self.assert_no_drift()

    def test_companies_and_branches(self):
        """An order belongs to its company, the branch's to the branch."""
        branch = self.env["res.company"].create(
            {"name": "Suministros A Norte", "parent_id": self.company_a.id, "country_id": self.spain.id}
        )
        self.user_sales_all.company_ids += branch
        here, there = self._order(), self._order(company=self.company_b)
        north = self._order(company=branch)
        for order, company in ((here, self.company_a), (there, self.company_b), (north, branch)):
            self.assertEqual(self._rows(order).company_id, company)
        mine = self._as(self.user_sales_all, self.Purchase, self.company_b)
        self.assertEqual(mine.search([("feed", "=", "sale")]).mapped("source_id"), there.ids)

    def test_deleted(self):
        """A deleted order has no purchases and no quotation."""
        order = self._order(confirm=False)
        order.action_quotation_sent()
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(self._quotation(order).state, "refused")
        gone = order.id
        order.with_user(self.user_manager).sudo().unlink()
        for model in (self.Purchase, self.Interaction):
            self.assertFalse(model.search([("feed", "=", "sale"), ("source_id", "=", gone)]))

    def test_place_and_channel(self):
        """They are those of the sales team; a place of another company is none."""
        channel, route = self.env["crm.customer.channel"].create([{"name": "Counter"}, {"name": "Van"}])
        place = self.env["crm.customer.place"].create({"name": "Shop", "channel_id": channel.id})
        team = self.env["crm.team"].create({"name": "Shop", "customer_place_id": place.id})
        order = self._order(team_id=team.id)
        self.assertEqual((self._row(order).place_id, self._row(order).channel_id), (place, channel))
        team.customer_channel_id = route
        order.team_id = False
        self.assertFalse(self._row(order).place_id)
        order.team_id = team
        self.assertEqual((self._row(order).place_id, self._row(order).channel_id), (place, route))
        place.company_id = self.company_b
        other = self._order(team_id=team.id)
        self.assertEqual((self._row(other).place_id.id, self._row(other).channel_id), (False, route))

    def test_offer(self):
        """What was offered, and when, counts only where a quotation was sent before."""
        pricelist = self.env["product.pricelist"].create({"name": "Workshops", "currency_id": self.euro.id})
        unsent = self._order(pricelist_id=pricelist.id)
        self.assertFalse(self._row(unsent).offer_ref or self._row(unsent).quotation_date)
        order = self._order(pricelist_id=pricelist.id, confirm=False)
        with freeze_time("2026-02-28 23:30:00"):
            order.action_quotation_sent()
        with freeze_time("2026-03-05 10:00:00"):
            order.action_confirm()
        self.assertEqual(
            (self._row(order).offer_ref, str(self._row(order).quotation_date)), ("Workshops", "2026-03-01")
        )
        order.campaign_id = self.env["utm.campaign"].create({"title": "Spring"})
        self.assertEqual(self._row(order).offer_ref, "Spring")

    def test_payment_form(self):
        """That of the preferred method; what was paid online is surer."""
        bank = self._journal("bank")
        method = bank.inbound_payment_method_line_ids[:1]
        order = self._order(preferred_payment_method_line_id=method.id)
        self.assertEqual(self._row(order).payment_form, "transfer")
        provider = self.env["payment.provider"].create({"name": "Cards", "company_id": self.company_a.id})
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": "card of the order",
                "amount": 100,
                "currency_id": self.euro.id,
                "partner_id": self.buyer.id,
                "sale_order_ids": [Command.link(order.id)],
            }
        )
        self.assertEqual(self._row(order).payment_form, "transfer")
        transaction.state = "pending"
        self.assertEqual(self._row(order).payment_form, "card")
        transaction.state = "cancel"
        self.assertEqual(self._row(order).payment_form, "transfer")
        self.assert_no_drift()

    def test_by_a_user_without_rights(self):
        """Who confirms needs no right on purchases."""
        order = self._order(confirm=False)
        self.user_sales_all.group_ids -= self.env.ref("crm_customer_db.group_customer_user")
        order.action_confirm()
        self.assertEqual(self._amounts(order), (100, 0))

    def test_margin(self):
        """Ordered less the cost of the goods; what comes back costs nothing any more."""
        if "purchase_price" not in self.env["sale.order.line"]._fields:
            order = self._order()
            self.assertEqual(self._row(order).margin, 0)
            self.skipTest("sale_margin is not installed")
        order = self._order(self._line(quantity=10, purchase_price=6))
        self.assertEqual(self._row(order).margin, 40)
        invoice = self._bill(order)
        allowance = self._credit(invoice, price=0.5)
        self.assertEqual(self._row(order).margin, 35)
        allowance.button_draft()
        self._credit(invoice, quantity=2)
        self.assertEqual(self._row(order).margin, 32)

    def test_web_orders(self):
        """What is ordered on a web site is ordered there and was no quotation of ours."""
        if "website_id" not in self.env["sale.order"]._fields:
            self.skipTest("website_sale is not installed")
        order = self._order(confirm=False, website_id=self.env["website"].search([], limit=1).id)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(self._row(order).method, "web")
        self.assertEqual(self._row(order).channel_id.code, "own_web")
        self.assertFalse(self._row(order).quotation_date or self._quotation(order))

    def test_template(self):
        """The template of a quotation is what was offered."""
        if "sale_order_template_id" not in self.env["sale.order"]._fields:
            self.skipTest("sale_management is not installed")
        template = self.env["sale.order.template"].create({"name": "Yearly service"})
        order = self._order(confirm=False)
        order.sale_order_template_id = template
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(self._row(order).offer_ref, "Yearly service")


class TestPromotions(SaleFeedCommon):
    """Codes of promotions and coupons on the lines of the orders that used them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "reward_id" not in cls.env["sale.order.line"]._fields:
            raise SkipTest("sale_loyalty is not installed")

    def _program(self, **vals):
        return self.env["loyalty.program"].create(
            {
                "name": "Spring sale",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 10, "discount_applicability": "order"})
                ],
                **vals,
            }
        )

    def _apply(self, order, code=None):
        order = order.sudo()
        if code:
            status = order._try_apply_code(code)
            self.assertNotIn("error", status)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards:
                order._apply_program_reward(reward, coupon)

    def test_code(self):
        """All lines of an order say the code that was typed in."""
        self._program(
            name="Members",
            program_type="promo_code",
            trigger="with_code",
            rule_ids=[Command.create({"mode": "with_code", "code": "MEMBER10"})],
        )
        order = self._order(confirm=False)
        self._apply(order, "MEMBER10")
        order.action_confirm()
        self.assertEqual(sorted(self._rows(order).mapped("amount")), [-10, 100])
        self.assertEqual(set(self._rows(order).mapped("promotion")), {"MEMBER10"})

    def test_coupon(self):
        """A coupon is told by its own code."""
        program = self._program(
            name="Coupons",
            program_type="coupons",
            trigger="with_code",
            rule_ids=[Command.clear()],
            reward_ids=[
                Command.create(
                    {"reward_type": "discount", "discount": 20, "discount_applicability": "order", "required_points": 1}
                )
            ],
        )
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": 1, "code": "C-77"})
        order = self._order(confirm=False)
        self._apply(order, "C-77")
        order.action_confirm()
        self.assertEqual(sorted(self._rows(order).mapped("amount")), [-20, 100])
        self.assertEqual(set(self._rows(order).mapped("promotion")), {card.code})

    def test_without_code(self):
        """A promotion that comes by itself goes by its name."""
        self._program()
        order = self._order(confirm=False)
        self._apply(order)
        order.action_confirm()
        self.assertEqual(set(self._rows(order).mapped("promotion")), {"Spring sale"})
        plain = self._order()
        self.assertFalse(self._row(plain).promotion)
