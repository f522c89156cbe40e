"""The timeline of a customer with a hundred thousand entries against one with ten."""

from harness import Measure

from odoo.tools import SQL

FEW, MANY = 10, 100_000
# Of ten entries: model, how many, and its columns as SQL over ``i``.
SHARES = (
    (
        "purchase",
        5,
        {
            "order_ref": "'T' || i / 5",
            "currency_id": "%(currency)s",
            "amount": "10",
            "amount_currency": "10",
            "is_head": "i %% 5 = 0",
            "order_amount": "CASE WHEN i %% 5 = 0 THEN 50 END",
            "categ_id": "%(category)s",
        },
    ),
    ("interaction", 2, {"kind": "'call'", "direction": "'out'", "subject": "'Call ' || i"}),
    ("marketing.action", 1, {"medium": "'email'", "state": "'sent'", "subject": "'News ' || i"}),
    ("fulfilment", 1, {"kind": "'shipment'", "state": "'solved'", "subject": "'OUT/' || i"}),
    ("survey.answer", 1, {"survey": "'NPS'", "question_code": "'q'", "is_head": "TRUE"}),
)


def run(bench):
    """The first page as a salesperson with own documents opens it, caches of records cold."""
    bench.loaded()
    env = bench.env
    few, many = _customers(env)
    seller = env["res.users"].create(
        {
            "name": "Bench seller",
            "login": "bench_seller",
            "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
        }
    )
    env.cr.commit()

    def opening(partner, filters=None):
        customer = partner.with_user(seller)

        def first_page():
            customer.env.invalidate_all()
            return customer.customer_timeline_page(None, filters)

        return first_page

    for rows, partner in ((FEW - 4, few), (20, many)):
        if len(opening(partner)()["rows"]) != rows:
            raise ValueError("the first page does not have the rows it should have")
    for words, filters in (("First page", None), ("First page of requests only", {"kinds": ["requests"]})):
        ours, reference = bench.alternate(opening(many, filters), opening(few, filters))
        yield Measure(f"{words} of the timeline, {MANY} entries against {FEW}", ours, reference, 2, "ms")
    yield Measure(
        "Queries of the first page",
        bench.queries(opening(many)),
        bench.queries(opening(few)),
        0,
        "queries",
        absolute=True,
    )


def _customers(env):
    """Two customers, with few and with many entries of all kinds."""
    partners = env["res.partner"].create([{"name": "Few entries"}, {"name": "Many entries"}])
    env.flush_all()
    for partner, count in zip(partners, (FEW, MANY), strict=True):
        for model, share, columns in SHARES:
            _insert(env, f"crm.customer.{model}", count * share // FEW, partner, columns)
    for model, _share, _columns in SHARES:
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(env[f"crm.customer.{model}"]._table)))
    return partners


def _insert(env, model, count, partner, columns):
    """Entries a few minutes apart, the last one yesterday."""
    company = env.company
    values = {"currency": company.currency_id.id, "category": env["product.category"].search([], limit=1).id}
    columns = {
        "partner_id": str(partner.id),
        "commercial_partner_id": str(partner.id),
        "company_id": str(company.id),
        "company_currency_id": str(company.currency_id.id),
        "date": "moment",
        "day": "moment::date",
        "feed": "'bench'",
        **{name: expression % values for name, expression in columns.items()},
    }
    env.cr.execute(
        f"INSERT INTO {env[model]._table} ({', '.join(columns)}) SELECT {', '.join(columns.values())}"
        " FROM (SELECT i, date_trunc('minute', now() AT TIME ZONE 'UTC') - interval '1 day'"
        f" - i * interval '7 minutes' AS moment FROM generate_series(0, {count - 1}) i) entries"
    )
