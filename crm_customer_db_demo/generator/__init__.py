"""Suministros Ebro: who it is, what it sells, and what happened in two years.

``generate`` makes the whole firm. First everything is planned in plain Python from one
seed, then each concern writes its part with Odoo's own methods, in the order in which
things happen in a firm. A further app (a till, tickets) is one more module that plans nothing but reads ``Ebro``.
"""

import gc
import logging
import random
import time
from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tools import SQL

from .campaigns import Campaigns
from .clock import MADRID, utc
from .credit import Credit
from .customers import People
from .deliveries import Deliveries
from .dialogue import Dialogue
from .firm import Firm
from .invoices import Invoices
from .owned import Owned
from .payments import Payments
from .people import Writer
from .plan import Plan
from .products import Shelves
from .sales import Sales
from .showcase import customers as showcase_customers
from .twins import Twins

_logger = logging.getLogger(__name__)

SEED = 19
# Months whose end is kept for the report from class to class.
MONTHS_KEPT = 12
# What the controller of the firm says that serving a customer costs, in euros.
SERVICE_COSTS = {
    "customer_cost_visit": 60.0,
    "customer_cost_call": 4.0,
    "customer_cost_mail": 1.5,
    "customer_cost_delivery": 8.0,
    "customer_cost_return": 15.0,
    "customer_cost_complaint": 25.0,
}
# Tables that most of what is written goes into.
WRITTEN = (
    "account_full_reconcile",
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
    "crm_customer_credit_snapshot",
    "crm_customer_fulfilment",
    "crm_customer_purchase",
    "res_partner",
    "sale_order",
    "sale_order_line",
    "stock_move",
    "stock_move_line",
    "stock_picking",
)
# First letters of the codes of what is not used up.
TOOLS = ("HEL", "SOL", "NEU")
# Nobody is told about what happened long ago: no mail, no followers, no log of each value.
CONTEXT = {
    "lang": "es_ES",
    "tz": "Europe/Madrid",
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "no_reset_password": True,
}


class Ebro:
    """What there is while the firm is made: handed from one step to the next."""

    def __init__(self, env, now=None):
        self.env = env(context=dict(env.context, **CONTEXT))
        self.now = now or fields.Datetime.now()
        self.today = utc_day(self.now)
        self.rng = random.Random(SEED)
        self.steps = []

    def step(self, name, work, *arguments):
        start = time.process_time()
        work(*arguments)
        self.env.flush_all()
        self.env.invalidate_all()
        self.steps.append((name, time.process_time() - start))
        _logger.info("Suministros Ebro: %s (%.1f s)", name, self.steps[-1][1])

    def generate(self):
        people = People(self.rng, self.today.year)
        self.customers = [
            *showcase_customers(people),
            *people.companies(),
            *people.self_employed(),
            *people.consumers(),
        ]
        plan = Plan(self.rng, self.today)
        self.orders = orders = plan.orders(self.customers)

        self.firm = Firm(self.env)
        self.step("the firm", self.firm.build)
        self.people = Writer(self.firm, self.rng, self.today)
        self.step("customers", self.people.make, self.customers)
        self.shelves = Shelves(self.firm)
        self.step("articles", self.shelves.make)
        self.step("stock", self.shelves.stock, orders, utc(plan.start - timedelta(days=3), 8 * 60))

        deliveries = Deliveries(self.firm, self.rng, self.now)
        deliveries.reserve_later(True)
        self.step("orders", Sales(self.firm, self.people, self.shelves, self.rng, self.now).make, orders)
        self.step("deliveries", deliveries.make, orders)
        self.step("reservations", deliveries.reserve_later, False)

        self._count_rows()
        invoices = Invoices(self.firm, self.shelves, self.today)
        returned = [order for order in orders if order.fate == "sale" and order.returned]
        # What comes back before the invoice is not invoiced; what comes back later is credited.
        later = [order for order in returned if order.invoiced and order.returned >= order.invoiced]
        self.step("early returns", deliveries.take_back, [order for order in returned if order not in later])
        self.step("invoices", invoices.make, orders)
        self.step("late returns", deliveries.take_back, later)
        self.step("credit notes", invoices.credit, later)
        self.step("rebates", invoices.rebates, self.customers, self.people)

        self._count_rows()
        payments = Payments(self.firm)
        self.step("payments", payments.make, invoices.payments)
        consumers = [self.people.records[c.number].id for c in self.customers if c.kind == "consumer"]
        self.step("refunds", payments.refund, self.env["res.partner"].browse(consumers))
        slow = [self.people.records[c.number].id for c in self.customers if c.payer in ("slow", "defaulter")]
        self.step("returned payments", payments.come_back, self.env["res.partner"].browse(slow), self.today)
        self._count_rows()
        self.credit()
        self.relations(orders)
        # else the lists are empty until the first minute of a running server
        self.step("figures", self._figures)

    def _count_rows(self):
        """Tell PostgreSQL what there is: nobody counts the rows of a transaction that goes on, and plans get slow."""
        self.env.flush_all()
        self.env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(map(SQL.identifier, WRITTEN))))

    def _figures(self):
        """Figures of everybody, and where their scores begin."""
        metrics = self.env["crm.customer.metrics"]
        self.firm.main.write(SERVICE_COSTS)
        metrics._drain()
        for months in range(MONTHS_KEPT, 0, -1):
            ended = self.today.replace(day=1) - relativedelta(months=months - 1, days=1)
            metrics._rebuild(ended)
            metrics._keep_month(ended)
        metrics._rebuild(self.today)

    def credit(self):
        """What the accountant does, and how customers stood when they bought."""
        credit = Credit(self.firm, self.people, self.rng, self.now, self.today)
        self.step("credit limits", credit.limits, self.customers)
        self.step("notes in course", credit.notes)
        self.step("credit at the sale", credit.situations)
        self.step("dunning calls", credit.calls)

    def relations(self, orders):
        """What has passed between the firm and its customers beside goods and money."""
        dialogue = Dialogue(self.firm, self.people, self.rng, self.now, self.today)
        self.step("opportunities", dialogue.leads, self.customers)
        self.step("calls, visits and requests", dialogue.contacts, self.customers)
        self.step("mails", dialogue.mails, self.customers)
        self.step("complaints", dialogue.complaints, orders)
        campaigns = Campaigns(self.firm, self.people, self.rng, self.now, self.today)
        self.step("mailings", campaigns.make, self.customers)
        self.step("survey", campaigns.ask, self.customers)
        owned = Owned(self.firm, self.people, self.rng, self.now, self.today)
        tools = [product for code, product in sorted(self.shelves.products.items()) if code.startswith(TOOLS)]
        self.step("products they own", owned.make, self.customers, tools)
        twins = Twins(self.firm, self.people, self.rng, self.now, self.today)
        self.step("entered twice", twins.make, self.customers)


def utc_day(now):
    """The day it is in Zaragoza."""
    return pytz.utc.localize(now).astimezone(MADRID).date()


def generate(env):
    """Make Suministros Ebro in this database.

    :param env: of the superuser
    :return: the ``Ebro`` with everything that was made
    """
    ebro = Ebro(env)
    # What is loaded already need not be looked at each time memory is collected.
    gc.collect()
    gc.freeze()
    try:
        ebro.generate()
    finally:
        gc.unfreeze()
    return ebro
