"""``dev stop`` and ``dev reset``."""

import os
import shutil

from . import database, paths, postgres, proc, server
from .errors import DevError


def stop():
    """Stop the web servers and the PostgreSQL of this clone."""
    count = server.stop_all()
    if count:
        print(f"stopped {count} web server{'s' if count > 1 else ''}")
    print(postgres.stop() if not os.environ.get("PGHOST") else "the PostgreSQL at PGHOST is not ours and stays up")
    return 0


def reset(everything=False):
    """Delete the databases of this clone; with ``everything`` also all that was fetched."""
    stop()
    if os.environ.get("PGHOST"):
        _drop_templates()
    if (paths.PGDATA / "postmaster.pid").exists():
        raise DevError("Another dev command uses PostgreSQL: end it (`./dev stop`), then reset again.")
    folders = [paths.PGDATA, paths.DATA, paths.LOGS]
    if everything:
        folders = [paths.DEV]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    print(
        "deleted .dev"
        if everything
        else "deleted the databases and logs of this clone; Odoo and the packages stay (--all deletes them, too)"
    )
    return 0


def _drop_templates():
    with postgres.use() as existing:
        for name in database.names(existing, "tpl_"):
            if (existing.filestore / name).is_dir():
                database.drop(existing, name)
                proc.say(f"dropped {name}")
    proc.say("other databases on the server at PGHOST are left alone")
