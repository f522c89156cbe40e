"""Where everything is: the repository, and ``.dev/`` beside it that may be deleted at any time."""

import hashlib
import os
import tempfile
from pathlib import Path

from .errors import DevError

ROOT = Path(__file__).resolve().parent.parent
DEV = Path(os.environ.get("DEV_HOME") or ROOT / ".dev").absolute()

VENV = DEV / "venv"
VENV_LINT = DEV / "venv-lint"
NODE = DEV / "node"
ODOO = DEV / "odoo"
PGDATA = DEV / "postgres"
DATA = DEV / "data"
LOGS = DEV / "logs"
STATE = DEV / "state"
DATASETS = DEV / "datasets"
INSIDE = ROOT / "devtools" / "inside"


def prepare():
    """Create ``.dev`` and refuse the few folder names that Odoo itself can't live with."""
    for path in (ROOT, DEV):
        for sign in ",:\n":
            if sign in str(path):
                raise DevError(
                    f"Odoo separates its folders with commas and Python with colons, so the folder {path} "
                    f"can't be used: move the repository to a folder without {sign!r} in its name."
                )
    for folder in (DEV, DATA, LOGS, STATE):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DevError(
                f"Can't create {folder} ({error.strerror}): make the folder writable or set DEV_HOME to one that is."
            ) from error
    # Tools that walk the tree (prettier, pytest, git) leave it alone whatever their configuration says.
    ignore = DEV / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")


def socket_folder():
    """The folder of the PostgreSQL socket: short, because a Unix socket path has at most 107 bytes.

    It is derived from the place of ``.dev``, so that every command of one clone finds the same server
    and two clones never share one.
    """
    digest = hashlib.sha256(str(DEV).encode()).hexdigest()[:12]
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    parent = Path(runtime) if runtime and len(runtime) < 60 and os.access(runtime, os.W_OK) else None
    if parent is None or os.geteuid() == 0:
        # As root the server runs as somebody else, who can't enter root's private runtime folder.
        parent = Path("/tmp") if os.access("/tmp", os.W_OK) else Path(tempfile.gettempdir())
    return parent / f"crmdb-{os.geteuid()}-{digest}"
