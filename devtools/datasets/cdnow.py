"""CDNOW: what 2,357 customers of a web shop bought in 1997 and 1998 (in the PyPI package ``lifetimes``).

The classic sample for models of repeat buying: one customer in ten of those who first bought in the first
quarter of 1997, every purchase until June 1998. A line of the file is a visit: customer in the whole data set,
customer in the sample, day, number of CDs, dollars. Eight purchases cost nothing and stay in.

A customer is a contact ``CDNOW-<number in the sample>`` of the company *CDNOW (US)*; a purchase has only a day,
so it stands at noon. The package is old and no longer maintained: it is unpacked and the one file read.
"""

import collections

PACKAGE = "lifetimes"
VERSION = "0.11.3"
SHA256 = "261e3dc89977c2b60767ca6728aaa29d429de0c814635070a749c36555895da8"

FEED = "cdnow"
COLUMNS = (
    "partner_id",
    "date",
    "order_ref",
    "source_ref",
    "categ_id",
    "quantity",
    "amount",
    "channel_id",
    "method",
)


def load(env, folder, options):
    """Bring customers and purchases in; a second time changes nothing.

    :param env: environment of a superuser
    :param folder: the unpacked wheel
    :return: dict of numbers
    """
    from .. import dataset_records as common

    rows = list(read(folder / "lifetimes" / "datasets" / "CDNOW_sample.txt"))
    # the shop was in Pennsylvania
    env = common.company_env(env, "CDNOW (US)", "base.us", "USD", "America/New_York")
    customers = {row[0] for row in rows}
    partners = common.ensure(
        env["res.partner"],
        "ref",
        [
            {
                "name": f"CDNOW customer {number}",
                "ref": f"CDNOW-{number}",
                "customer_kind": "consumer",
                "country_id": env.ref("base.us").id,
                "company_id": env.company.id,
            }
            for number in sorted(customers)
        ],
    )
    result = env["crm.customer.purchase"]._load_facts(_lines(env, rows, partners), FEED, env.company, columns=COLUMNS)
    return common.summary(result, customers=len(customers))


def read(path):
    """The lines of the file.

    :return: iterator of (customer, day as ISO text, nth of the customer that day, CDs, dollars)
    """
    seen = collections.Counter()
    with open(path, encoding="ascii") as handle:
        for line in handle:
            _master, customer, day, quantity, dollars = line.split()
            seen[customer, day] += 1
            iso = f"{day[:4]}-{day[4:6]}-{day[6:]}"
            yield customer, iso, seen[customer, day], int(quantity), dollars


def _lines(env, rows, partners):
    """The rows as the loader takes them; the nth purchase of a customer's day names it."""
    Category = env["product.category"]
    music = Category.search([("name", "=", "CDs"), ("parent_id", "=", False)], limit=1)
    music = music or Category.create({"name": "CDs"})
    channel = env.ref("crm_customer_db.channel_own_web", raise_if_not_found=False)
    for customer, day, nth, quantity, dollars in rows:
        reference = f"{customer}-{day.replace('-', '')}-{nth}"
        yield (
            partners[f"CDNOW-{customer}"],
            day,
            f"CDNOW-{reference}",
            reference,
            music.id,
            quantity,
            dollars,
            channel.id if channel else None,
            "web",
        )
