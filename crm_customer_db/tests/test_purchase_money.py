# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import datetime

from odoo.exceptions import ValidationError
from odoo.tests import Form

from .common import CustomerDbCommon


class TestPurchaseMoney(CustomerDbCommon):
    """Amounts in two currencies: typed ones are converted, or refused, never guessed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.env.ref("base.USD")
        cls.dollar.active = True
        cls.pound = cls.env.ref("base.GBP")
        cls.pound.active = True
        cls.env["res.currency.rate"].search([]).unlink()
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.dollar.id,
                    "company_id": cls.company_a.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in (("2024-01-10", 1.25), ("2024-02-10", 1.0))
            ]
        )
        cls.customer = cls._partner(name="Cliente")
        cls.Purchase = cls._as(cls, cls.user_manager, cls.env["crm.customer.purchase"])

    def _buy(self, **vals):
        return self.Purchase.create({"partner_id": self.customer.id, "date": "2024-01-15 12:00:00", **vals})

    def test_own_currency(self):
        """An amount without a currency is one of the company's."""
        for vals in ({"amount": 12.34}, {"amount_currency": 12.34}):
            purchase = self._buy(**vals)
            self.assertEqual((purchase.amount, purchase.amount_currency), (12.34, 12.34))
            self.assertEqual(purchase.currency_id, self.euro)
            self.assertEqual(purchase.company_currency_id, self.euro)

    def test_rate_of_the_day(self):
        purchase = self._buy(currency_id=self.dollar.id, amount_currency=100)
        self.assertEqual(purchase.amount, 80)
        self.assertEqual(purchase.amount_currency, 100)
        self.assertEqual(purchase.company_currency_id, self.euro)

    def test_rounded_as_the_companys_currency(self):
        purchase = self._buy(currency_id=self.dollar.id, amount_currency=100.01)
        self.assertEqual(purchase.amount, 80.01)

    def test_rate_of_the_day_in_the_companys_zone(self):
        """Half past eleven in the evening in UTC is the next day in Madrid."""
        purchase = self._buy(currency_id=self.dollar.id, amount_currency=100, date="2024-02-09 23:30:00")
        self.assertEqual(purchase.amount, 100)

    def test_no_rate_yet(self):
        """Odoo would take the next later one; here it is a sentence."""
        with self.assertRaisesRegex(ValidationError, "no rate between USD and EUR.*2024-01-09"):
            self._buy(currency_id=self.dollar.id, amount_currency=100, date="2024-01-09 12:00:00")

    def test_no_rate_at_all(self):
        """Odoo would take 1."""
        with self.assertRaisesRegex(ValidationError, "GBP"):
            self._buy(currency_id=self.pound.id, amount_currency=100)

    def test_rate_of_another_company_does_not_count(self):
        Purchase = self._as(self.user_manager, self.env["crm.customer.purchase"], self.company_b)
        with self.assertRaises(ValidationError):
            Purchase.create(
                {
                    "partner_id": self.customer.id,
                    "currency_id": self.dollar.id,
                    "amount_currency": 1,
                    "date": "2024-01-15 12:00:00",
                }
            )

    def test_own_rate_before_the_common_one(self):
        self.env["res.currency.rate"].create(
            {"currency_id": self.dollar.id, "name": "2024-01-14", "rate": 4.0, "company_id": False}
        )
        self.assertEqual(self._buy(currency_id=self.dollar.id, amount_currency=100).amount, 80)

    def test_company_whose_currency_is_quoted(self):
        """The company's own currency has rates: they count on their days as well."""
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.euro.id,
                "company_id": self.company_a.id,
                "name": "2024-01-12",
                "rate": 0.5,
            }
        )
        self.assertEqual(self._buy(currency_id=self.dollar.id, amount_currency=100).amount, 40)
        with self.assertRaises(ValidationError):
            self._buy(currency_id=self.dollar.id, amount_currency=100, date="2024-01-11 12:00:00")

    def test_correction_is_converted_anew(self):
        """A new amount, currency or date moves the amount in the company's currency."""
        purchase = self._buy(amount_currency=100)
        purchase.write({"currency_id": self.dollar.id})
        self.assertEqual(purchase.amount, 80)
        purchase.write({"amount_currency": 50})
        self.assertEqual(purchase.amount, 40)
        purchase.write({"date": "2024-02-15 12:00:00"})
        self.assertEqual(purchase.amount, 50)
        with self.assertRaises(ValidationError):
            purchase.write({"date": "2024-01-01 12:00:00"})

    def test_amount_of_a_foreign_document_is_not_typed(self):
        """The company's amount follows from the document's, not the other way round."""
        purchase = self._buy(currency_id=self.dollar.id, amount_currency=100)
        with self.assertRaises(ValidationError):
            purchase.write({"amount": 5})
        own = self._buy(amount=5)
        own.write({"amount": 6})
        self.assertEqual((own.amount, own.amount_currency), (6, 6))

    def test_user_can_not_choose_the_rate(self):
        """Both amounts by RPC: the document's counts."""
        purchase = self._buy(currency_id=self.dollar.id, amount_currency=100, amount=1)
        self.assertEqual(purchase.amount, 80)

    def test_feed_says_both(self):
        """A document knows its own rate."""
        purchase = self.env["crm.customer.purchase"].create(
            {
                "partner_id": self.customer.id,
                "date": "2020-01-01 12:00:00",
                "currency_id": self.pound.id,
                "amount_currency": 100,
                "amount": 117,
                "feed": "sale",
            }
        )
        self.assertEqual((purchase.amount, purchase.amount_currency), (117, 100))
        purchase.write({"amount": 118, "amount_currency": 101})
        self.assertEqual((purchase.amount, purchase.amount_currency), (118, 101))

    def test_form(self):
        """What the manager sees while typing is what is saved; a missing rate warns."""
        self.user_manager.group_ids += self.env.ref("base.group_multi_currency")
        with Form(self.Purchase) as form:
            form.partner_id = self.customer
            form.date = "2024-01-15 12:00:00"
            form.amount_currency = 10
            form.currency_id = self.dollar
            self.assertEqual(form.amount, 8)
        self.assertEqual(form.record.amount, 8)
        self.assertEqual(form.record.feed, "manual")

    def test_type_and_channel_follow(self):
        """The product type comes from the product and the channel from the place."""
        category = self.env["product.category"].create({"name": "Tornillos"})
        product = self.env["product.product"].create({"name": "T8", "categ_id": category.id})
        channel = self.env["crm.customer.channel"].create({"name": "Mostrador", "code": "most"})
        place = self.env["crm.customer.place"].create({"name": "T1", "channel_id": channel.id})
        purchase = self._buy(product_id=product.id, place_id=place.id, amount=1)
        self.assertEqual((purchase.categ_id, purchase.channel_id), (category, channel))

    def test_seconds_are_whole(self):
        purchase = self._buy(amount=1, date=datetime(2024, 1, 15, 12, 0, 0, 999999))
        self.assertEqual(purchase.date.microsecond, 0)

    def test_days_across_the_change_of_clocks(self):
        """23:30 in UTC in winter, 22:30 in summer are after midnight in Madrid."""
        for moment, day in (
            ("2024-03-30 22:59:59", "2024-03-30"),
            ("2024-03-30 23:00:00", "2024-03-31"),
            ("2024-03-31 21:59:59", "2024-03-31"),
            ("2024-03-31 22:00:00", "2024-04-01"),
            ("2024-10-26 22:00:00", "2024-10-27"),
            ("2024-10-27 22:59:59", "2024-10-27"),
            ("2024-10-27 23:00:00", "2024-10-28"),
            ("2024-02-28 23:30:00", "2024-02-29"),
        ):
            with self.subTest(moment=moment):
                self.assertEqual(str(self._buy(amount=1, date=moment).day), day)
