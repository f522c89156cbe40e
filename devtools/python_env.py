"""The virtual environments in ``.dev``: one for Odoo and the tests, one for the linters and the builder."""

import hashlib
import os
import shutil
import subprocess
import sys

from . import locks, paths, proc
from .errors import DevError

REQUIREMENTS = paths.ROOT / "devtools" / "requirements.txt"
REQUIREMENTS_LINT = paths.ROOT / "devtools" / "requirements-lint.txt"


def python(venv=paths.VENV, requirements=REQUIREMENTS):
    """Return the Python of a virtual environment that has exactly the pinned requirements."""
    binary = venv / "bin" / "python"
    wanted = _wanted(venv, requirements)
    stamp = venv / ".complete"
    if not _is(stamp, wanted):
        with locks.exclusive(venv.name, "it is installing Python packages"):
            if not _is(stamp, wanted):
                _build(venv, requirements, stamp)
                stamp.write_text(wanted)
    return binary


def lint_python():
    """The Python of the linters, of the wheel builder and of Node.js."""
    return python(paths.VENV_LINT, REQUIREMENTS_LINT)


def install_into(folder, requirements):
    """Put packages into a folder of their own, without what they depend on.

    :param folder: path; only missing or other packages are fetched
    :param requirements: list of str with pinned versions
    """
    stamp = folder / ".complete"
    wanted = "\n".join(requirements)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    python()
    uv = shutil.which("uv")
    installer = [uv, "pip", "install"] if uv else [*_pip(paths.VENV), "--disable-pip-version-check", "install"]
    proc.run(
        [*installer, "--no-deps", "--target", folder, *requirements],
        what="Installing what the benchmarks compare with",
        hint="Is the package index reachable? Run the same command again, it starts over.",
        log="bench_addons.log",
    )
    stamp.write_text(wanted)


def _wanted(venv, requirements):
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    return f"{sys.version_info[0]}.{sys.version_info[1]} {digest} {venv}\n"


def _is(stamp, wanted):
    return stamp.is_file() and stamp.read_text() == wanted and os.access(stamp.parent / "bin" / "python", os.X_OK)


def _build(venv, requirements, stamp):
    proc.say(f"installing Python packages into {venv.relative_to(venv.parent.parent)} (only when they changed)…")
    if stamp.is_file():
        stamp.unlink()
    else:
        # A half-finished earlier attempt: start over rather than guess what is in it.
        shutil.rmtree(venv, ignore_errors=True)
    uv = shutil.which("uv")
    hint = "Is the package index reachable? Run the same command again, it starts over."
    log = f"{venv.name}.log"
    if uv:
        proc.run(
            [uv, "venv", "--allow-existing", "--python", sys.executable, venv],
            what="Creating a virtual environment",
            log=log,
        )
        installer = [uv, "pip", "install", "--python", venv / "bin" / "python"]
    else:
        installer = [*_pip(venv), "--disable-pip-version-check", "install"]
    proc.run([*installer, "-r", requirements], what="Installing the Python packages", hint=hint, log=log)


def _pip(venv):
    """A pip for ``venv``, also where Debian's python3-venv is not installed but pip is."""
    if (venv / "bin" / "pip").exists():
        return [venv / "bin" / "python", "-m", "pip"]
    log = f"{venv.name}.log"
    if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True).returncode == 0:
        proc.run([sys.executable, "-m", "venv", venv], what="Creating a virtual environment", log=log)
        return [venv / "bin" / "python", "-m", "pip"]
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode:
        raise DevError(
            "This Python can't make virtual environments: install the package python3-venv, or uv, and run it again."
        )
    proc.run([sys.executable, "-m", "venv", "--without-pip", venv], what="Creating a virtual environment", log=log)
    return [sys.executable, "-m", "pip", "--python", venv / "bin" / "python"]
