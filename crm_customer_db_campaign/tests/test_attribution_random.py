# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Attribution of random purchases and touches, held against plain Python."""

import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo.tools import SQL

from odoo.addons.crm_customer_db.models.crm_customer_campaign_report import RESPONSES

from .common import CampaignCommon

START = datetime(2024, 1, 1)
KINDS = (*RESPONSES, "bounce", "unsubscribe", "complaint")
SIX = Decimal("0.000001")
PURCHASE, ATTRIBUTION = "crm_customer_purchase", "crm_customer_attribution"
MONEY = ("amount", "amount_invoiced", "margin")


class TestAttributionRandom(CampaignCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaigns = cls.env["utm.campaign"].create([{"title": f"Random {number}"} for number in range(4)])
        cls.partners = [cls._partner(name=f"Random {number}") for number in range(5)]

    def _moment(self, rng):
        # few enough for many at the same second
        return START + timedelta(hours=6 * rng.randrange(800))

    def _make(self, rng):
        """Purchases and touches of some customers in two companies."""
        companies = self.company_a, self.company_b
        self.env["crm.customer.marketing.action"].create(
            [
                {
                    "partner_id": rng.choice(self.partners).id,
                    "company_id": rng.choice(companies).id,
                    "campaign_id": rng.choice([*self.campaigns.ids, False]),
                    "date": self._moment(rng),
                    "medium": rng.choice(["email", "letter"]),
                    "state": rng.choice(["sent", "delivered", "sent", "failed", "cancelled", "planned"]),
                    "is_control": rng.random() < 0.15,
                }
                for _each in range(90)
            ]
        )
        self.env["crm.customer.marketing.reaction"].create(
            [
                {
                    "partner_id": rng.choice(self.partners).id,
                    "company_id": rng.choice(companies).id,
                    "campaign_id": rng.choice([*self.campaigns.ids, False]),
                    "date": self._moment(rng),
                    "kind": rng.choice(KINDS),
                }
                for _each in range(60)
            ]
        )
        self.env["crm.customer.purchase"].create(
            [
                {
                    "partner_id": rng.choice(self.partners).id,
                    "company_id": rng.choice(companies).id,
                    "campaign_id": rng.choice([*self.campaigns.ids, *[False] * 20]),
                    "date": self._moment(rng),
                    "order_ref": rng.choice([False, *(f"S{number}" for number in range(15))]),
                    "amount": round(rng.uniform(-300, 900), 2),
                    "amount_invoiced": rng.choice([0.0, round(rng.uniform(-300, 900), 2)]),
                    "margin": round(rng.uniform(-50, 200), 2),
                }
                for _each in range(120)
            ]
        )
        self.env.flush_all()

    def _rows(self, table):
        """All rows of a table, with money as it stands in the database and not as floats."""
        exact = [f"{name}::text" for name in ("weight", *MONEY) if name != "weight" or table == ATTRIBUTION]
        exact = exact if table in (ATTRIBUTION, PURCHASE) else []
        self.env.cr.execute(
            SQL("SELECT * %s FROM %s ORDER BY 1", SQL("".join(f", {each}" for each in exact)), SQL(table))
        )
        rows = self.env.cr.dictfetchall()
        for row in rows:
            for name in exact:
                name = name.partition("::")[0]
                row[name] = None if row[name] is None else Decimal(row[name])
        return rows

    # ------------------------------------------------------------ the same in Python

    def _touches(self):
        """Who was touched when, for what: dict of (company, customer) → sorted list."""
        actions = self._rows("crm_customer_marketing_action")
        reactions = self._rows("crm_customer_marketing_reaction")
        found = [
            (row, row["medium"]) for row in actions if row["state"] in ("sent", "delivered") and not row["is_control"]
        ] + [(row, None) for row in reactions if row["kind"] in RESPONSES]
        touches = {}
        for row, medium in found:
            if not row["campaign_id"]:
                continue
            key = row["company_id"], row["commercial_partner_id"]
            touches.setdefault(key, []).append((row["date"], row["id"], row["campaign_id"], medium))
        return {key: sorted(rows) for key, rows in touches.items()}

    def _expected(self, model, days):
        """Dict of (purchase, campaign, medium) → (weight, amount)."""
        purchases = sorted(self._rows(PURCHASE), key=lambda row: (row["date"], row["id"]))
        touches, expected = self._touches(), {}
        for row in purchases:
            moment, campaign = row["date"], row["campaign_id"]
            if row["order_ref"] and min(row["amount"], row["amount_invoiced"] or 0) < 0:
                bought = [
                    other
                    for other in purchases
                    if other["amount"] > 0
                    and all(other[name] == row[name] for name in ("order_ref", "company_id", "commercial_partner_id"))
                ]
                if bought and bought[0]["date"] <= moment:
                    moment, campaign = bought[0]["date"], campaign or bought[0]["campaign_id"]
            since = moment - timedelta(days=days)
            mine = touches.get((row["company_id"], row["commercial_partner_id"]), [])
            mine = [touch for touch in mine if since <= touch[0] <= moment]
            if campaign:
                shares = {(campaign, None): Decimal(1)}
            elif not mine:
                shares = {(None, None): Decimal(1)}
            elif model == "linear":
                shares = self._equal_shares(Counter(touch[2:] for touch in mine))
            else:
                shares = {mine[0 if model == "first" else -1][2:]: Decimal(1)}
            for (campaign_id, medium), weight in shares.items():
                expected[row["id"], campaign_id, medium] = weight, row["amount"] * weight
        return expected

    def _equal_shares(self, counts):
        total = Decimal(counts.total())
        shares = {key: (number / total).quantize(SIX, ROUND_HALF_UP) for key, number in counts.items()}
        # media sort as in the database: what has none comes last
        first = min(counts, key=lambda key: (-counts[key], key[0], key[1] is None, key[1] or ""))
        shares[first] += 1 - sum(shares.values())
        return shares

    def test_against_python(self):
        """For every model and window: the same rows as one purchase after the other, and sums to the last digit."""
        rng = random.Random(7)
        for _round in range(4):
            self._make(rng)
            for model in ("last", "first", "linear"):
                days = rng.choice([1, 10, 45, 400])
                with self.subTest(model=model, days=days):
                    for company in (self.company_a, self.company_b):
                        self._model(model, days, company)
                    self._attribute(self.env["res.partner"].union(*self.partners))
                    rows = self._rows(ATTRIBUTION)
                    found = {
                        (row["purchase_id"], row["campaign_id"], row["medium"]): (row["weight"], row["amount"])
                        for row in rows
                    }
                    self.assertEqual(len(found), len(rows))
                    self.assertEqual(found, self._expected(model, days))
                    self._check_sums()

    def _check_sums(self):
        for name in MONEY:
            sums = {ATTRIBUTION: Counter(), PURCHASE: Counter()}
            for table, found in sums.items():
                for row in self._rows(table):
                    found[row["company_id"]] += row[name] or 0
            self.assertEqual(sums[ATTRIBUTION], sums[PURCHASE])
        self.env.cr.execute("SELECT DISTINCT SUM(weight) FROM crm_customer_attribution GROUP BY purchase_id")
        self.assertEqual(self.env.cr.fetchall(), [(1,)])

    def test_by_months_is_the_same(self):
        """Attributing month by month gives what attributing customer by customer does."""
        self._make(random.Random(11))
        for model in ("last", "first", "linear"):
            with self.subTest(model=model):
                self._model(model, 45)
                self._attribute(self.env["res.partner"].union(*self.partners))
                for year, month in ((2024, number) for number in range(1, 8)):
                    first = datetime(year, month, 1).date()
                    end = datetime(year, month + 1, 1).date()
                    changed = self.Attribution._attribute_period(self.company_a + self.company_b, first, end)
                    self.assertEqual(changed, 0, (model, first))
