"""``dev build``: a wheel of every addon, as whool makes them for the package index."""

import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from . import addons, odoo_source, paths, proc, python_env
from .errors import DevError

DIST = paths.ROOT / "dist"
PYPROJECT = """\
[build-system]
requires = ["whool"]
build-backend = "whool.buildapi"
"""


def build(check=False):
    """Build the wheels into ``dist/``; with ``check`` install each beside Odoo and look whether Odoo finds it."""
    python = python_env.lint_python()
    found = addons.discover()
    wheels = []
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir(parents=True)
    for addon in found:
        if ensure_pyproject(addon):
            proc.say(f"{addon.name} had no pyproject.toml and got one: add it to git")
        with tempfile.TemporaryDirectory(dir=paths.STATE) as folder:
            # A copy without what doesn't belong into a package. Whool must not see the repository around it:
            # it would take the list of files and the version from git instead of from the folder and its manifest.
            source = Path(folder) / addon.name
            shutil.copytree(addon.path, source, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "*.swp"))
            proc.run(
                [python, "-m", "build", "--wheel", "--no-isolation", "--outdir", DIST, source],
                what=f"Building {addon.name}",
                env=dict(os.environ, GIT_CEILING_DIRECTORIES=folder),
                log=f"build-{addon.name}.log",
            )
        wheel = next(DIST.glob(f"odoo_addon_{addon.name}-*.whl"))
        _check_content(addon, wheel)
        wheels.append(wheel)
        print(os.path.relpath(wheel))
    if check:
        _check_install(found, wheels)
    return 0


def ensure_pyproject(addon):
    """Give an addon the ``pyproject.toml`` that all have; true when it had none."""
    path = addon.path / "pyproject.toml"
    if path.is_file():
        return False
    path.write_text(PYPROJECT)
    return True


def _check_content(addon, wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for required in ("__manifest__.py", *addon.manifest.get("data", ()), *addon.manifest.get("demo", ())):
        if f"odoo/addons/{addon.name}/{required}" not in names:
            raise DevError(f"The wheel of {addon.name} lacks {required}: is the file there, and is it in git?")


def _check_install(found, wheels):
    source = odoo_source.locate()
    python = python_env.python()
    with tempfile.TemporaryDirectory(dir=paths.STATE) as target:
        proc.run(
            [
                python_env.lint_python(),
                "-m",
                "pip",
                "install",
                "--disable-pip-version-check",
                "--no-deps",
                "--no-index",
                "--target",
                target,
                *wheels,
            ],
            what="Installing the wheels",
            log="build-install.log",
        )
        # As in a real installation: Odoo on Python's path, the wheels beside it, no addons path.
        env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(source.home), target]))
        code = (
            "import sys, odoo.init\n"
            "from odoo.tools import config\n"
            "from odoo.modules.module import Manifest, initialize_sys_path\n"
            "config.parse_config([]); initialize_sys_path()\n"
            "missing = [name for name in sys.argv[1:] if not Manifest.for_addon(name)]\n"
            "sys.exit(f'Odoo does not find {missing}' if missing else 0)\n"
        )
        names = [addon.name for addon in found]
        done = subprocess.run([str(python), "-c", code, *names], env=env, cwd=target, capture_output=True, text=True)
        if done.returncode:
            raise DevError(f"The wheels install, but: {done.stderr.strip().splitlines()[-1]}")
    print(f"installed beside Odoo and found: {', '.join(names)}")
