"""``dev i18n``: export the translatable strings with Odoo's own exporter and merge them."""

from . import addons, database, paths, postgres, shell
from .odoo import Odoo
from .template import Template


def i18n(check=False, demo=False):
    """Write every addon's .pot and .po, or check that they are up to date and that Spanish is complete.

    Demo addons are only in databases with demo data, which take minutes to make, and the others must not
    export demo records: so one or the other.
    """
    chosen = [addon for addon in addons.discover() if addon.is_demo == demo]
    if not chosen:
        return 0
    with postgres.use() as server:
        odoo = Odoo(server)
        name = database.passing("i18n")
        Template(odoo, demo).copy_to(name)
        try:
            pairs = [f"{addon.name}={addon.path}" for addon in chosen]
            return shell.run_inside(odoo, name, paths.INSIDE / "i18n.py", "check" if check else "write", *pairs)
        finally:
            database.drop(server, name)
