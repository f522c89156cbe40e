"""``dev i18n``: export the translatable strings with Odoo's own exporter and merge them."""

from . import addons, database, paths, postgres, shell
from .odoo import Odoo
from .template import Template


def i18n(check=False):
    """Write every addon's .pot and .po, or check that they are up to date and that Spanish is complete."""
    failed = 0
    with postgres.use() as server:
        odoo = Odoo(server)
        every = addons.discover()
        for demo in (False, True):
            # Demo addons are only in databases with demo data; the others must not export demo records.
            chosen = [addon for addon in every if addon.is_demo == demo]
            if not chosen:
                continue
            name = database.passing("i18n")
            Template(odoo, demo).copy_to(name)
            try:
                pairs = [f"{addon.name}={addon.path}" for addon in chosen]
                failed |= shell.run_inside(odoo, name, paths.INSIDE / "i18n.py", "check" if check else "write", *pairs)
            finally:
                database.drop(server, name)
    return failed
