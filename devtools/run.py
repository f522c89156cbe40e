"""``dev run``: everything started, and one address to open."""

import os
import signal

from . import database, postgres, proc
from .datasets import base as datasets
from .errors import DevError
from .load import load_into
from .odoo import Odoo
from .server import OdooServer, check_port
from .template import Template

DATABASE = "customers"
PORT = 8069
# The public data that a newcomer finds in the database: few enough for a short first start.
FIRST_DATA = ("completejourney", ["--households", "100"])
APP = "crm_customer_db"
DEMO_FIRM = "crm_customer_db_demo"


def run(name, port):
    """Serve a database until Ctrl-C, making it the first time and updating it when addons changed."""
    database.check_name(name)
    check_port(port)
    with postgres.use() as server:
        odoo = Odoo(server)
        template = Template(odoo, demo=True)
        if database.exists(server, name):
            update(template, name)
        else:
            _make(template, name)
        web = OdooServer(odoo, name, port)
        try:
            proc.say("starting Odoo…")
            web.start()
            _welcome(web, template)
            code = web.wait()
            proc.say(f"Odoo was stopped (exit {code})")
            return 0 if code in (0, -signal.SIGTERM) else 1
        except KeyboardInterrupt:
            proc.say("stopping…")
            return 0
        finally:
            # A second Ctrl-C must not leave half of it running.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            web.stop()


def _make(template, name):
    template.copy_to(name)
    dataset, arguments = FIRST_DATA
    if dataset in datasets.names():
        try:
            failed = load_into(template.odoo, dataset, name, arguments)
        except DevError as error:
            proc.say(str(error))
            failed = True
        if failed:
            proc.say(f"the public data are not in the database: `./dev load {dataset} -d {name}` tries again")


def update(template, name):
    """Bring a database up to the code of the addons, when it is older, and say so."""
    changed, new = template.outdated(name)
    if not changed and not new:
        return
    proc.say(f"the database {name} is older than the code: updating {', '.join(changed + new)}…")
    template.upgrade(name, changed, new)


def _welcome(web, template):
    names = {addon.name for addon in template.addons}
    where = "open Customer Database among the apps" if APP in names else "choose an app from the menu at the top left"
    print(f"\n    {web.url}/odoo\n    login admin, password admin; {where} to see the customers.", flush=True)
    if DEMO_FIRM in names:
        # Customers open on one's own, and those of the demo firm belong to its people.
        print("    As a salesperson of the demo firm with customers of her own: marta, password marta.", flush=True)
    if FIRST_DATA[0] in datasets.names():
        print("    Purchases of real households: choose the company Complete Journey at the top right.", flush=True)
    print(flush=True)
    print(f"    Database {web.name}, log {os.path.relpath(web.log)}. Ctrl-C stops everything.\n", flush=True)
