"""``dev shell`` and ``dev psql``, and scripts that run inside Odoo for other commands."""

import subprocess

from . import database, postgres
from .odoo import Odoo


def shell(name):
    """Run Python from standard input with ``env``; the exit status is 1 on an exception."""
    with postgres.use() as server:
        database.need(server, name)
        return run_inside(Odoo(server), name)


def run_inside(odoo, name, script=None, *arguments):
    """Run a Python file (or standard input) with ``env`` and ``sys.argv``; commits when it ends well."""
    command = odoo.script("shell.py", odoo.conf, name, *([script, *arguments] if script else []))
    return subprocess.run(command, env=odoo.env).returncode


def psql(name, arguments):
    """Open psql on a database, or run it with the given arguments."""
    with postgres.use() as server:
        if name != "postgres":
            database.need(server, name)
        command = [server.binaries / "psql", "-d", name, *arguments]
        return subprocess.run([str(part) for part in command], env=server.env).returncode
