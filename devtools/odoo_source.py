"""Odoo 19 itself: an existing one (``ODOO_HOME``), or Debian's package unpacked into ``.dev/odoo``.

Debian's suite sid has the package ``odoo-19``. It is fetched with a private source list and private state
folders, so that nothing of the machine changes and no root is needed. The mirror is the one that the
machine's own apt is configured with; no address stands in this repository.
"""

import os
import re
import shutil
from pathlib import Path

from . import locks, paths, proc
from .errors import DevError

SERIES = (19, 0)
FROM_SID = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
# Odoo 19 wants Font Awesome 4.7, sid has 7: these two come from the machine's own suite.
FROM_OWN_SUITE = ("fonts-font-awesome", "fonts-inconsolata")
PACKAGE = Path("usr/lib/python3/dist-packages")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
RECIPE = "1"
WAY_OUT = "Set ODOO_HOME to the folder of an Odoo 19 that you already have (the one that contains odoo/release.py)."


class OdooSource:
    """One Odoo: the folder for Python's path, its addons folders and a string that changes with its code."""

    def __init__(self, home, identity):
        self.home = home
        self.identity = identity
        # A git checkout keeps the apps in addons/ and only base in odoo/addons; Debian puts all in odoo/addons.
        self.addons_paths = [path for path in (home / "addons", home / "odoo" / "addons") if path.is_dir()]

    def has_addon(self, name):
        """Is ``name`` one of Odoo's own addons?"""
        return any((path / name / "__manifest__.py").is_file() for path in self.addons_paths)


def locate():
    """Return the :class:`OdooSource` to use, fetching Debian's when there is none."""
    home = os.environ.get("ODOO_HOME")
    if home:
        return _existing(Path(home).expanduser().absolute())
    stamp = paths.ODOO / ".complete"
    if not stamp.is_file() or not stamp.read_text().startswith(f"recipe {RECIPE}\n"):
        with locks.exclusive("odoo", "it is fetching Odoo"):
            if not stamp.is_file() or not stamp.read_text().startswith(f"recipe {RECIPE}\n"):
                _fetch()
    return OdooSource(paths.ODOO / PACKAGE, stamp.read_text())


def _existing(home):
    for candidate in (home, home.parent, home / PACKAGE):
        release = candidate / "odoo" / "release.py"
        if release.is_file():
            break
    else:
        raise DevError(f"ODOO_HOME={home} has no odoo/release.py: point it at the folder of an Odoo 19 or unset it.")
    text = release.read_text()
    found = re.search(r"^version_info = \((?:'saas~)?(\d+)'?, *(\d+)", text, re.MULTILINE)
    series = tuple(int(part) for part in found.groups()) if found else None
    if series != SERIES:
        shown = ".".join(map(str, series)) if series else "an unknown version"
        raise DevError(
            f"ODOO_HOME={home} is Odoo {shown}, these addons need 19.0: point it at an Odoo 19.0 or unset it."
        )
    head = candidate / ".git" / "HEAD"
    commit = ""
    if head.is_file():
        commit = head.read_text().strip()
        if commit.startswith("ref: ") and (candidate / ".git" / commit[5:]).is_file():
            commit = (candidate / ".git" / commit[5:]).read_text().strip()
    return OdooSource(candidate, f"{candidate}\n{release.stat().st_mtime_ns}\n{commit}")


def _mirror():
    """The Debian main archive of this machine's own apt configuration."""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise DevError(f"This machine has no apt-get, so Debian's Odoo can't be fetched. {WAY_OUT}")
    lines = proc.output(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(LABEL)|$(ORIGIN)|$(COMPONENT)|$(CREATED_BY)"],
        what="Asking apt for its mirror",
        hint=WAY_OUT,
    ).splitlines()
    found = []
    for line in lines:
        uri, label, origin, component, created_by = line.split("|")
        if created_by == "Packages" and component == "main" and (label, origin) == ("Debian", "Debian"):
            found.append(uri)
    if not found:
        # Before the first `apt-get update` apt knows the addresses but not yet who signs them.
        for line in lines:
            uri = line.split("|")[0]
            if re.search(r"/debian/?$", uri):
                found.append(uri)
    if not found:
        raise DevError(f"This machine's apt has no Debian archive configured (Ubuntu doesn't have Odoo 19). {WAY_OUT}")
    return found[0]


def _signed_by():
    return f" [signed-by={KEYRING}]" if Path(KEYRING).is_file() else ""


def _apt(work, lists, arguments, **keywords):
    folder = work / lists
    options = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Debug::NoLocking": "1",
        "Acquire::Languages": "none",
        # As root apt would drop to a user who can't write into our folder.
        "APT::Sandbox::User": "root",
        "Acquire::Retries": "3",
    }
    command = ["apt-get", "-y"]
    for key, value in options.items():
        # The values of options are not split by apt, so a space in the folder's name is safe here.
        command += ["-o", f"{key}={value}"]
    return proc.run(command + list(arguments), log="apt.log", hint=WAY_OUT, **keywords)


def _own_suite():
    codename = ""
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            codename = line.split("=", 1)[1].strip('"')
    # Font Awesome 4.7 left Debian after trixie.
    return codename if codename in ("bookworm", "trixie") else "bookworm"


def _fetch():
    mirror = _mirror()
    work = paths.DEV / "odoo.part"
    shutil.rmtree(work, ignore_errors=True)
    tree = work / "tree"
    tree.mkdir(parents=True)
    proc.say("fetching Odoo 19 from Debian (about 150 MB, only the first time)…")
    versions = []
    for lists, suite, names in (("sid", "sid", FROM_SID), ("own", _own_suite(), FROM_OWN_SUITE)):
        folder = work / lists
        for sub in ("lists/partial", "cache/archives/partial", "debs"):
            (folder / sub).mkdir(parents=True)
        (folder / "sources.list").write_text(f"deb{_signed_by()} {mirror} {suite} main\n")
        _apt(work, lists, ["update"], what=f"Reading the package list of Debian {suite}")
        _apt(work, lists, ["download", *names], what="Fetching Odoo 19 from Debian", cwd=folder / "debs")
        for deb in sorted((folder / "debs").glob("*.deb")):
            proc.run(["dpkg", "-x", deb, tree], what=f"Unpacking {deb.name}", log="dpkg.log", hint=WAY_OUT)
            versions.append(deb.name)
    addons = tree / PACKAGE / "odoo" / "addons"
    # Debian left this file out for its licence. Without any file of that name every page logs a console
    # error, and Odoo fails every tour for it; the feature (blurring one's camera background) is not used here.
    missing = addons / "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
    if not missing.exists():
        missing.parent.mkdir(parents=True, exist_ok=True)
        missing.write_text("")
    dangling = [path for path in tree.rglob("*") if path.is_symlink() and not path.exists()]
    if dangling:
        raise DevError(f"Debian's Odoo package misses a file that it links to ({dangling[0].name}). {WAY_OUT}")
    (tree / ".complete").write_text(f"recipe {RECIPE}\n" + "\n".join(versions) + "\n")
    shutil.rmtree(paths.ODOO, ignore_errors=True)
    os.replace(tree, paths.ODOO)
    shutil.rmtree(work, ignore_errors=True)
