"""The addons of this repository, and what they need from Odoo."""

import ast
import hashlib
import os
from pathlib import Path

from . import paths
from .errors import DevError

# What is not loaded by an installation: changing it does not make a template database stale.
# (JavaScript and templates under static/src are read from the folders when a page asks for them.)
NOT_INSTALLED = ("tests", "readme", "static/src", "static/tests", "__pycache__")
NOT_INSTALLED_FILES = ("README.md", "README.rst", "pyproject.toml")
NOT_INSTALLED_SUFFIXES = (".pot", ".pyc", ".swp", "~")
# Apps that ours do not depend on but read from where they are installed: the tests need them.
OPTIONAL_APPS = ("loyalty", "mass_mailing_sms", "sale_management")


class Addon:
    """One addon: its folder and its manifest."""

    def __init__(self, path):
        self.path = path
        self.name = path.name
        try:
            self.manifest = ast.literal_eval((path / "__manifest__.py").read_text(encoding="utf-8"))
        except (OSError, SyntaxError, ValueError) as error:
            raise DevError(f"{path.name}/__manifest__.py can't be read ({error}): correct it and run again.") from error
        self.depends = list(self.manifest.get("depends") or ["base"])
        self.is_demo = self.name.endswith("_demo")

    def digest(self):
        """A hash of everything that an installation or an update reads."""
        digest = hashlib.sha256()
        for file in sorted(self.path.rglob("*")):
            relative = file.relative_to(self.path).as_posix()
            if not file.is_file() or file.name in NOT_INSTALLED_FILES or relative.endswith(NOT_INSTALLED_SUFFIXES):
                continue
            if any(relative.startswith(f"{folder}/") or f"/{folder}/" in relative for folder in NOT_INSTALLED):
                continue
            digest.update(relative.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


def folders():
    """The folders that hold addons: the repository, or those that DEV_ADDONS lists instead."""
    value = os.environ.get("DEV_ADDONS")
    if not value:
        return [paths.ROOT]
    return [Path(part).expanduser().absolute() for part in value.split(os.pathsep) if part]


def discover(demo=True):
    """Every installable addon; those named ``*_demo`` only when ``demo`` is true."""
    found = []
    for folder in folders():
        for manifest in sorted(folder.glob("*/__manifest__.py")):
            addon = Addon(manifest.parent)
            if addon.manifest.get("installable", True) and (demo or not addon.is_demo):
                found.append(addon)
    if not found:
        raise DevError(
            f"There is no addon in {', '.join(map(str, folders()))}: a folder with a __manifest__.py is one."
        )
    return found


def odoo_apps(addons, source):
    """The addons of Odoo that ours depend on directly; Odoo itself finds the rest.

    A dependency that exists nowhere is named here, because Odoo would silently not install the addon.
    """
    own = {addon.name for addon in addons}
    apps = set()
    for addon in addons:
        for name in addon.depends:
            if name in own:
                continue
            if not source.has_addon(name):
                raise DevError(
                    f"{addon.name} depends on {name}, which is neither in this repository nor in Odoo: "
                    f"correct its __manifest__.py or add the addon."
                )
            apps.add(name)
    apps.update(name for name in OPTIONAL_APPS if source.has_addon(name))
    return sorted(apps)
