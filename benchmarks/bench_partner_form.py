"""Opening a contact with the customer page against opening it without."""

from client import read_specification
from harness import Measure


def run(bench):
    """``web_read`` of the contact form as the client asks it, with and without our page.

    Without means the same database and user with our extensions of the form switched
    off. The caches of records are cold, those of the registry warm, as for a user who
    goes from one customer to the next.
    """
    bench.loaded()
    env = bench.env(user=bench.manager)
    views = _our_views(bench.env)
    sides = {}
    for name, active in (("with", True), ("without", False)):
        views.active = active
        view = env["res.partner"].get_view(env.ref("base.view_partner_form").id, "form")
        sides[name] = read_specification(env, "res.partner", view["arch"])
    views.active = True
    partners = bench.partners[:: max(1, len(bench.partners) // 50)][:50]

    def opening(specification):
        def open_each():
            for partner_id in partners:
                env.invalidate_all()
                env["res.partner"].browse(partner_id).web_read(specification)

        return open_each

    with_page, without = opening(sides["with"]), opening(sides["without"])
    ours, reference = (seconds / len(partners) for seconds in bench.alternate(with_page, without))
    yield Measure(
        f"Opening a contact, {len(sides['with'])} fields against {len(sides['without'])}",
        ours,
        reference,
        1.15,
        "ms",
    )
    yield Measure(
        "Queries to open a contact",
        bench.queries(with_page) / len(partners),
        bench.queries(without) / len(partners),
        2,
        "queries",
        absolute=True,
    )


def _our_views(env):
    """Extensions of the contact form that this repository's addons make."""
    data = env["ir.model.data"].search([("model", "=", "ir.ui.view"), ("module", "=like", "crm_customer_db%")])
    return (
        env["ir.ui.view"]
        .browse(data.mapped("res_id"))
        .filtered(lambda view: view.model == "res.partner" and view.type == "form" and view.inherit_id)
    )
