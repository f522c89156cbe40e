"""Make the bundles that every first page needs, so that fresh databases don't each spend seconds on them.

Run by ``devtools.template`` inside ``shell.py`` on a template database; bundles that a database does not have
(no website, no point of sale) are left out.
"""

BUNDLES = (
    "web.assets_web",
    "web.assets_backend_lazy",
    "web.assets_frontend",
    "web.assets_frontend_minimal",
    "web.assets_frontend_lazy",
    "web.assets_tests",
    "web_tour.interactive",
    "web_tour.automatic",
)

qweb = env["ir.qweb"]  # noqa: F821  (shell.py defines env)
for name in BUNDLES:
    with env.cr.savepoint():  # noqa: F821
        qweb._get_asset_bundle(name, css=False, js=True).js()
        qweb._get_asset_bundle(name, css=True, js=False).css()
