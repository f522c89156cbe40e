"""Credit situation at size, against OCA's ``account_financial_risk`` on the same documents.

``./dev bench`` installs that addon into a database of its own for this file. There are
five open invoices to a customer: ``--customers 100000`` makes 500 000 open items.
"""

from client import read_specification
from harness import Measure

from odoo import fields
from odoo.tests import Form
from odoo.tools import SQL

NEEDS = ("account_financial_risk",)
ITEMS, LIMIT, PAGE = 5, 200.0, 80
OVER = [("credit_limit", ">", 0), ("credit_available", "<", 0)]


def run(bench):
    """The list *over the limit*, what a payment costs, and the form of an invoice."""
    env = bench.env
    _generate(bench)
    accountant = env["res.users"].create(
        {
            "name": "Bench accountant",
            "login": "bench_accountant",
            "group_ids": [
                (4, env.ref("account.group_account_invoice").id),
                (4, env.ref("crm_customer_db.group_customer_manager").id),
            ],
        }
    )
    env["crm.customer.metrics"]._rebuild()
    # what was generated waits on the queue; the night has come since
    env.cr.execute("DELETE FROM crm_customer_metrics_queue")
    env.cr.commit()
    env.cr.execute("ANALYZE")
    mine = bench.env(user=accountant)
    yield from _over_the_limit(bench, mine)
    yield from _invoice_form(bench, mine)
    yield from _one_payment(bench)


def _over_the_limit(bench, mine):
    """A page of the list in each, with the number of all: what the client asks."""
    metrics, partners = mine["crm.customer.metrics"], mine["res.partner"]
    ours_fields = {"commercial_partner_id": {"fields": {"display_name": {}}}, "credit_exposure": {}, "credit_limit": {}}
    theirs_fields = {"display_name": {}, "risk_total": {}, "credit_limit": {}}

    def ours():
        mine.invalidate_all()
        return metrics.web_search_read(
            OVER, ours_fields, limit=PAGE, count_limit=10**6, order="credit_overdue desc, id"
        )

    def theirs():
        mine.invalidate_all()
        return partners.web_search_read([("risk_exception", "=", True)], theirs_fields, limit=PAGE, count_limit=10**6)

    found, reference_found = ours()["length"], theirs()["length"]
    if not found or found != reference_found:
        raise ValueError(f"{found} customers over the limit, {reference_found} by account_financial_risk")
    (seconds,) = bench.alternate(ours)
    (reference,) = bench.once(theirs)
    yield Measure(
        f"The list over the limit, {found} of {bench.customers} customers, against account_financial_risk",
        seconds,
        reference,
        1 / 200,
        "ms",
    )


def _one_payment(bench):
    """One customer pays: what the minute's refresh takes, with all customers and with a twentieth of them."""
    env = bench.env
    metrics = env["crm.customer.metrics"]
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
    customers = iter(bench.partners)

    def pay():
        invoice = env["account.move"].search(
            [("commercial_partner_id", "=", next(customers)), ("payment_state", "=", "not_paid")], limit=1
        )
        env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids).create(
            {"journal_id": bank.id}
        )._create_payments()
        env.cr.commit()
        env.invalidate_all()

    def refresh():
        metrics._drain()
        env.cr.commit()

    (all_of_them,) = bench.alternate(refresh, prepare=pay)
    some = bench.partners[: len(bench.partners) // 20]
    # the same tables with a twentieth of the customers
    env.cr.execute(SQL("DELETE FROM crm_customer_metrics WHERE NOT commercial_partner_id = ANY(%s)", some))
    env.cr.execute(
        SQL(
            "DELETE FROM account_move_line line USING account_move move WHERE move.id = line.move_id"
            " AND move.ref LIKE 'BENCH%%' AND NOT line.partner_id = ANY(%s)",
            some,
        )
    )
    env.cr.execute(SQL("DELETE FROM crm_customer_metrics_queue"))
    env.cr.execute("ANALYZE account_move_line, crm_customer_metrics")
    env.cr.commit()
    (few_of_them,) = bench.alternate(refresh, prepare=pay)
    yield Measure(
        f"Refreshing after one payment, {bench.customers} customers against {len(some)}",
        all_of_them,
        few_of_them,
        1.25,
        "ms",
    )


def _invoice_form(bench, mine):
    """``web_read`` of the form of an invoice with our extensions of it and without."""
    env = bench.env
    views = env["ir.ui.view"].browse(
        env["ir.model.data"]
        .search([("model", "=", "ir.ui.view"), ("module", "=like", "crm_customer_db%")])
        .mapped("res_id")
    )
    views = views.filtered(lambda view: view.model == "account.move" and view.type == "form" and view.inherit_id)
    rival = env["ir.ui.view"].browse(
        env["ir.model.data"].search([("model", "=", "ir.ui.view"), ("module", "=", NEEDS[0])]).mapped("res_id")
    )
    rival.active = False
    sides = []
    for active in (True, False):
        views.active = active
        view = mine["account.move"].get_view(mine.ref("account.view_move_form").id, "form")
        sides.append(read_specification(mine, "account.move", view["arch"]))
    views.active = rival.active = True
    invoices = mine["account.move"].search([("ref", "=like", "BENCH%")], limit=30)

    def opening(specification):
        def open_each():
            for invoice in invoices:
                mine.invalidate_all()
                mine["account.move"].browse(invoice.id).web_read(specification)

        return open_each

    ours, without = map(opening, sides)
    seconds, reference = (taken / len(invoices) for taken in bench.alternate(ours, without))
    yield Measure("Opening an invoice with the credit line against without", seconds, reference, 1.15, "ms")
    yield Measure(
        "Queries to open an invoice",
        bench.queries(ours) / len(invoices),
        bench.queries(without) / len(invoices),
        2,
        "queries",
        absolute=True,
    )


# --------------------------------------------------------------------------- data


def _generate(bench):
    """Copies of one posted invoice, five to a customer, some of them overdue; a third of the customers have a limit."""
    env = bench.env
    company = env.company
    company.account_use_credit_limit = True
    form = Form(env["account.move"].with_context(default_move_type="out_invoice"))
    form.partner_id = env["res.partner"].browse(bench.partners[0])
    form.invoice_date = fields.Date.today()
    with form.invoice_line_ids.new() as line:
        line.product_id = env["product.product"].browse(bench.products[0])
        line.price_unit = 50
        line.tax_ids.clear()
    model = form.save()
    model.ref = "BENCH"
    model.action_post()
    env.flush_all()
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE bench_customer AS SELECT id, row_number() OVER () AS n FROM unnest(%s) id",
            bench.partners,
        )
    )
    env.cr.execute(
        SQL(
            """
            CREATE TEMP TABLE bench_move AS
            SELECT nextval('account_move_id_seq')::int AS id, customer.id AS partner_id, customer.n * %s + i AS number,
                   CURRENT_DATE - (customer.n %% 90)::int - i * 20 AS day, 20 + (customer.n + i * 7) %% 61 AS amount
              FROM bench_customer customer CROSS JOIN generate_series(1, %s) i
            """,
            ITEMS + 1,
            ITEMS,
        )
    )
    _copy(
        env,
        "account.move",
        SQL("source.id = %s", model.id),
        {
            "id": "copy.id",
            "name": "'BENCH/' || copy.number",
            "sequence_prefix": "'BENCH/'",
            "sequence_number": "copy.number",
            "payment_reference": "'BENCH/' || copy.number",
            "access_token": "NULL",
            "partner_id": "copy.partner_id",
            "commercial_partner_id": "copy.partner_id",
            "partner_shipping_id": "copy.partner_id",
            "date": "copy.day",
            "invoice_date": "copy.day",
            "invoice_date_due": "copy.day + 30",
            **dict.fromkeys(_amounts(env["account.move"]), "copy.amount"),
        },
    )
    for kind, sign in (("product", "-"), ("payment_term", "")):
        signed = f"{sign}copy.amount"
        _copy(
            env,
            "account.move.line",
            SQL("source.move_id = %s AND source.display_type = %s", model.id, kind),
            {
                "id": "nextval('account_move_line_id_seq')",
                "move_id": "copy.id",
                "move_name": "'BENCH/' || copy.number",
                "partner_id": "copy.partner_id",
                "date": "copy.day",
                "invoice_date": "copy.day",
                "date_maturity": "NULL" if sign else "copy.day + 30",
                "balance": signed,
                "amount_currency": signed,
                "debit": "0" if sign else "copy.amount",
                "credit": "copy.amount" if sign else "0",
                "price_unit": "copy.amount" if sign else "0",
                "price_subtotal": "copy.amount" if sign else "0",
                "price_total": "copy.amount" if sign else "0",
                "amount_residual": "0" if sign else "copy.amount",
                "amount_residual_currency": "0" if sign else "copy.amount",
            },
        )
    env.cr.execute(
        SQL(
            "UPDATE res_partner SET credit_limit = jsonb_build_object(%s::text, %s::numeric), customer_rank = 1"
            " FROM bench_customer customer WHERE customer.id = res_partner.id AND customer.n %% 3 = 0",
            str(company.id),
            LIMIT,
        )
    )
    env.cr.execute("UPDATE res_partner SET customer_rank = 1 FROM bench_customer c WHERE c.id = res_partner.id")
    env.cr.commit()
    env.invalidate_all()
    # the rival counts what is told to be part of the risk
    flags = [name for name in env["res.partner"]._fields if name.startswith("risk_") and name.endswith("_include")]
    env.cr.execute(
        SQL(
            "UPDATE res_partner SET %s FROM bench_customer customer WHERE customer.id = res_partner.id",
            SQL(", ").join(
                SQL("%s = TRUE", SQL.identifier(name)) for name in flags if env["res.partner"]._fields[name].store
            ),
        )
    )
    env.cr.execute("ANALYZE")
    env.cr.commit()


def _amounts(model):
    """Columns of an invoice that are its total."""
    names = ("amount_untaxed", "amount_total", "amount_residual")
    shapes = ("{}", "{}_signed", "{}_in_currency_signed")
    wanted = {shape.format(name) for name in names for shape in shapes} | {"amount_untaxed_in_currency_signed"}
    return sorted(name for name in wanted if name in model._fields and model._fields[name].store)


def _copy(env, model_name, which, values):
    """Copy one record for each row of ``bench_move``.

    :param model_name: str
    :param which: ``SQL`` condition on ``source``, the table of the model
    :param values: dict of column and SQL expression over ``copy``, a row of ``bench_move``
    """
    model = env[model_name]
    env.cr.execute(
        SQL(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = ''",
            model._table,
        )
    )
    columns = [name for (name,) in env.cr.fetchall()]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM bench_move copy, %s source WHERE %s",
            SQL.identifier(model._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(
                SQL(values[name]) if name in values else SQL.identifier("source", name)  # pylint: disable=sql-injection
                for name in columns
            ),
            SQL.identifier(model._table),
            which,
        )
    )
