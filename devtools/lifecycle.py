"""``dev lifecycle``: uninstall every addon, look for leftovers, install them again, with a clean log."""

import subprocess

from . import database, logcheck, paths, postgres, proc
from .odoo import Odoo
from .template import Template


def lifecycle():
    """Return 0 when nothing is left behind and the addons can be installed again."""
    name = database.passing("life")
    with postgres.use() as server:
        odoo = Odoo(server)
        template = Template(odoo, demo=False)
        template.copy_to(name)
        names = [addon.name for addon in template.addons]
        log = paths.LOGS / f"{name}.log"
        try:
            proc.say(f"uninstalling {', '.join(names)}…")
            script = odoo.script("shell.py", odoo.conf, name, paths.INSIDE / "lifecycle.py", *names)
            failed = subprocess.run(script, env=dict(odoo.env, DEV_SHELL_LOG=str(log))).returncode
            if not failed:
                proc.say("installing them again…")
                command = odoo.command(
                    "-d",
                    name,
                    "-i",
                    ",".join(names),
                    "--stop-after-init",
                    "--no-http",
                    "--max-cron-threads=0",
                    f"--logfile={log}",
                )
                proc.run(command, what="Installing the addons again", env=odoo.env, log=f"{name}.out")
            found = logcheck.complaints(log)
            if found:
                proc.say(
                    f"uninstalling and installing again logged {len(found)} warnings or errors:\n{logcheck.show(found)}"
                )
            if not failed and not found:
                print("uninstalled without leftovers, installed again without a warning")
            return 1 if failed or found else 0
        finally:
            database.drop(server, name)
