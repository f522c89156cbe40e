"""Confirming an order of a hundred lines with the feeds against the same without them."""

from unittest.mock import patch

from harness import Measure

LINES, MANY = 100, 50


def run(bench):
    """Orders are made beforehand; each is confirmed and committed, as by a click of the button."""
    env = bench.env
    product = env["product.product"].create({"name": "Bench part", "type": "consu", "list_price": 10})
    customer = env["res.partner"].create({"name": "Bench buyer"})
    source = type(env["crm.customer.feed.source"])

    def orders(lines, count=1):
        records = env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 1})] * lines,
                }
                for _number in range(count)
            ]
        )
        env.cr.commit()
        env.invalidate_all()
        return records

    def confirm(records):
        # one customer and one product, as when the clerk has the order before him
        records.action_confirm()
        env.cr.commit()

    watchers = source._customer_watchers

    def confirm_fed(records, feeds=()):
        """The same while only some feeds hear of anything."""

        def heard(model):
            return tuple(watcher for watcher in watchers(model) if watcher[0] in feeds)

        with patch.object(source, "_customer_watchers", heard):
            confirm(records)

    waiting = {}
    ours, reference = bench.alternate(
        lambda: confirm(waiting.pop("order")),
        lambda: confirm_fed(waiting.pop("order")),
        prepare=lambda: waiting.update(order=orders(LINES)),
    )
    yield Measure(f"Confirming an order of {LINES} lines, with the feeds against without", ours, reference, 1.1, "ms")
    ledger = type(env["crm.customer.credit.snapshot"])

    def confirm_unkept(records):
        with patch.object(ledger, "_situations", lambda self, documents: {}):
            confirm(records)

    ours, reference = bench.alternate(
        lambda: confirm(waiting.pop("order")),
        lambda: confirm_unkept(waiting.pop("order")),
        prepare=lambda: waiting.update(order=orders(LINES)),
    )
    yield Measure("The same with the credit situation kept against without", ours, reference, 1.1, "ms")
    # each feed may cost five; the delivery of the order is one of its own
    feeds = {feed._name: feed for feed in env["crm.customer.feed"]._feeds()}
    selling = [name for name, feed in feeds.items() if feed._document == "sale.order"]
    for what, shape in (("it", (LINES, 1)), (f"{MANY} orders at once", (2, MANY))):
        waiting["orders"] = orders(*shape)
        without = bench.queries(lambda: confirm_fed(waiting["orders"]))
        for whom, names, goal in (("order", selling, 5), ("order and its delivery", list(feeds), 10)):
            waiting["orders"] = orders(*shape)
            counted = bench.queries(lambda names=names: confirm_fed(waiting["orders"], names))
            yield Measure(
                f"Queries of confirming {what}, copying the {whom}", counted, without, goal, "queries", absolute=True
            )
    if not env["crm.customer.purchase"].search_count([("partner_id", "=", customer.id)], limit=1):
        raise ValueError("the feeds copied nothing")
